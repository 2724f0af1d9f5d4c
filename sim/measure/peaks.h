/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * The largest of the values since any of some places in their row, in no more
 * memory than there are such places. Values have ascending numbers. Not
 * thread-safe; amortised O(1) per value, O(log) per question.
 */
typedef struct {
  GArray *peaks;       /**< of GsPeak: values fall, numbers rise */
  uint64_t asked_from; /**< the latest number that may be asked for */
} GsPeaks;

typedef struct {
  uint64_t number, value;
} GsPeak;

void gs_peaks_init(GsPeaks *peaks);
void gs_peaks_clear(GsPeaks *peaks);
/** From now on the largest since `number`, the next one, may be asked for. */
void gs_peaks_begin(GsPeaks *peaks, uint64_t number);
void gs_peaks_put(GsPeaks *peaks, uint64_t number, uint64_t value);
/** The largest value since `number`, of which it was said that it may be asked for; 0: none. */
uint64_t gs_peaks_since(const GsPeaks *peaks, uint64_t number);
/** Nothing of the past is asked for any more. */
void gs_peaks_forget(GsPeaks *peaks);

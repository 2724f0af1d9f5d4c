/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * How many nodes were out of sync over time: a step function in bounded
 * memory. Not thread-safe.
 */

/** Most points; an even finer function loses resolution in time instead. */
#define GS_SYNC_SERIES_MAX 4096u

/** From t_ns[i] on, out[i] nodes are out of sync. Times ascend, neighbours differ. */
typedef struct {
  uint32_t count;
  int64_t *t_ns;
  uint32_t *out;
} GsSyncSeries;

/** A series that grows. */
typedef struct {
  GsSyncSeries series;
  int64_t step_ns; /**< resolution: at the end of each step the series is exact */
} GsSyncRecorder;

void gs_sync_recorder_init(GsSyncRecorder *recorder);
void gs_sync_recorder_clear(GsSyncRecorder *recorder);
/**
 * From `t_ns` on it is `out`. Times must not descend; of several at one moment
 * the last counts. The first point keeps its time. When there is no room, steps
 * become twice as long until there is, and of each the last value stays: it
 * depends on nothing but what was put. Amortised O(1).
 */
void gs_sync_recorder_put(GsSyncRecorder *recorder, int64_t t_ns, uint32_t out);

/** A copy, to be cleared by the caller. O(count). */
GsSyncSeries gs_sync_series_copy(const GsSyncSeries *series);
void gs_sync_series_clear(GsSyncSeries *series);

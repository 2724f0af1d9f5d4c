/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/forecast/theory.h"
#include "sim/measure/results.h"
#include "sim/study/metric.h"
#include "sim/topology/facts.h"

/**
 * What one run of a study says, and its form as one line of JSON. A sample read
 * back is the same sample, and gives the same line: a study that goes on where
 * it was interrupted ends with the same bytes.
 */

/** Most steps of the course of a run that are kept. */
#define GS_SAMPLE_STEPS_MAX 64u

/** From `t_s` after the first disturbance on, `out` nodes are out of sync. */
typedef struct {
  double t_s;
  uint32_t out;
} GsSampleStep;

typedef struct {
  uint32_t repetition;
  uint64_t seed;
  char *problem; /**< why it could not be run; then there is nothing else. NULL: it was run */
  bool converged;
  double metrics[GS_METRICS]; /**< NaN: there is none */
  double facts[GS_FACTS];     /**< NaN: not known */
  /** What theory says; NaN: nothing. */
  double messages, hops_low, hops_high, low_s, high_s;
  uint32_t step_count;
  GsSampleStep steps[GS_SAMPLE_STEPS_MAX];
  char digest[33];
} GsSample;

void gs_sample_clear(GsSample *sample);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsSample, gs_sample_clear)

/** Of a run that was done. `sample` is new or cleared. */
void gs_sample_take(GsSample *sample, uint32_t repetition, const GsResults *results,
                    const GsTheory *theory, const GsGraphFacts *facts);
/** Of one that could not be. */
void gs_sample_fail(GsSample *sample, uint32_t repetition, uint64_t seed, const char *problem);

/** Appends the line, with its end. */
void gs_sample_write(const GsSample *sample, GString *out);
/** False when it is no whole line of that form. */
bool gs_sample_read(GsSample *sample, const char *line, gsize length);

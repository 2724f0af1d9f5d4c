/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "sim/study/outcome.h"

/** Findings of runs that are made up, so that what must come out is known. Everything asserts that
 * it worked. */

#define GS_MADE_NONE ((double)NAN)

/** The convergence time in ms of a run; NaN: it ends out of sync; INFINITY: it could not be made.
 */
typedef double (*GsMadeTime)(uint32_t cell, uint32_t repetition);

/** What is not as usual of the runs; all 0 otherwise. */
typedef struct {
  uint32_t undrawn;     /**< nothing is drawn in so many of the first cells */
  const uint32_t *runs; /**< of each cell; NULL: the sweep's repetitions */
  bool bounds;          /**< theory says … */
  double low_ms, high_ms;
  uint32_t hops; /**< of each run; 0: as usual */
} GsMadeRuns;

/** Axes are pairs of a path and values with commas between. */
GsSweep *gs_made_sweep(const char *const axes[][2], guint count, uint32_t repeat);
/** The same without making its cells, so that more can be said of it. */
GsSweep *gs_made_sweep_begun(const char *const axes[][2], guint count, uint32_t repeat);
GsFindings *gs_made_findings(const GsSweep *sweep, GsMadeTime time);
GsFindings *gs_made_findings_of(const GsSweep *sweep, GsMadeTime time, const GsMadeRuns *unusual);

const GsOutcome *gs_made_outcome(const GsFindings *findings, uint32_t cell);
/** On the convergence time: of an axis, in a cell or over all. */
const GsEffect *gs_made_effect(const GsFindings *findings, guint axis, uint32_t cell);
/** Whether a sentence says it; logs all if none does. */
bool gs_made_said(const GsFindings *findings, const char *what);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * What many runs say together. Pure, and the same for the same values in any
 * order, so that results do not depend on which run ended first; may be called
 * from several threads. Switches GSL's error handler, which is the process's
 * and would abort, off.
 */

/** Of all intervals: how often they hold the truth. */
#define GS_CONFIDENCE 0.95

/**
 * What a list of values says. Interval of the mean: ± Student's t quantile
 * (n − 1 degrees of freedom) × sd/√n. Percentiles by linear interpolation
 * (Hyndman and Fan's type 7, R's default).
 */
typedef struct {
  uint32_t n;
  double mean, sd, ci_low, ci_high; /**< sd (of a sample) and the interval are NaN for n < 2 */
  double min, p5, p25, median, p75, p95, max;
} GsSummary;

/** Sorts `values`. n >= 1, all finite. O(n log n). */
void gs_summary_of(double *values, uint32_t n, GsSummary *summary);

/** Puts the mean where it is known to be more exactly, and the interval around it. */
void gs_summary_center(GsSummary *summary, double mean);

/**
 * The interval as wide as it must be where a study ended at one of `looks` looks
 * at such intervals: each is one of 1 − (1 − GS_CONFIDENCE)/looks, so that all
 * together hold with GS_CONFIDENCE (looks.h). 1: as it is.
 */
void gs_summary_at_look(GsSummary *summary, uint32_t looks);

/**
 * Half the width of the interval relative to the mean: 0 where `enough` values or
 * more are all equal, infinite where it is not known (n < 2, fewer that are equal,
 * or a mean of 0 with spread).
 */
double gs_summary_precision(const GsSummary *summary, uint32_t enough);

/** y ~ coefficient · n^exponent, by least squares on logarithms. */
typedef struct {
  uint32_t n; /**< points */
  double exponent;
  double low, high; /**< the exponent's 95 % interval; NaN for fewer than 3 points */
  double coefficient;
} GsGrowth;

/** False when there are fewer than 2 different n, or an n or y that is not > 0 and finite. */
bool gs_growth_fit(const double *n, const double *y, uint32_t count, GsGrowth *growth);

/**
 * Spearman's rank correlation, −1 to 1; equal values share the mean of their
 * ranks. False when either side is constant or count < 3. All finite.
 */
bool gs_rank_correlation(const double *x, const double *y, uint32_t count, double *rho);

/**
 * Ranks of values that were worked out in floating point, such as means of facts
 * of graphs: equal where they differ by rounding only (a part of 1e-12). Writes
 * 0, 1, 2, … in the order of the values. All finite. O(n log n).
 */
void gs_levels(const double *values, uint32_t count, double *levels);

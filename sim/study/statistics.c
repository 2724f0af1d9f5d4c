/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/statistics.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/** What two values may differ by and be the same, as a part of the larger. */
#define ROUNDING 1e-12

typedef struct {
  double x, y;
} Point;

/** How many standard errors an interval reaches to each side. */
static double reach(uint32_t degrees) {
  return gsl_cdf_tdist_Pinv((1 + GS_CONFIDENCE) / 2, degrees);
}

/** Never beyond the two values around it, also when rounded. */
static double percentile(const double *sorted, uint32_t n, double part) {
  double at = part * (n - 1);
  uint32_t below = MIN((uint32_t)at, n - 1), above = MIN(below + 1, n - 1);
  double value = sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  return MIN(value, sorted[above]);
}

void gs_summary_of(double *values, uint32_t n, GsSummary *summary) {
  g_assert(n > 0);
  gsl_set_error_handler_off();
  for (uint32_t i = 0; i < n; i++) {
    g_assert(isfinite(values[i]));
    values[i] += 0.0; /* −0 and 0 are equal, and sort in no particular order: make both 0 */
  }
  gsl_sort(values, 1, n);
  *summary = (GsSummary){
      .n = n,
      .mean = gsl_stats_mean(values, 1, n),
      .sd = NAN,
      .ci_low = NAN,
      .ci_high = NAN,
      .min = values[0],
      .p5 = percentile(values, n, 0.05),
      .p25 = percentile(values, n, 0.25),
      .median = percentile(values, n, 0.5),
      .p75 = percentile(values, n, 0.75),
      .p95 = percentile(values, n, 0.95),
      .max = values[n - 1],
  };
  if (n < 2)
    return;
  summary->sd = gsl_stats_sd_m(values, 1, n, summary->mean);
  double half = reach(n - 1) * summary->sd / sqrt(n);
  summary->ci_low = summary->mean - half;
  summary->ci_high = summary->mean + half;
}

void gs_summary_at_look(GsSummary *summary, uint32_t looks) {
  if (summary->n < 2)
    return;
  double half = gsl_cdf_tdist_Pinv(1 - (1 - GS_CONFIDENCE) / (2.0 * looks), summary->n - 1) *
                summary->sd / sqrt(summary->n);
  summary->ci_low = summary->mean - half;
  summary->ci_high = summary->mean + half;
}

double gs_summary_precision(const GsSummary *summary, uint32_t enough) {
  if (summary->n < 2 || (summary->min == summary->max && summary->n < enough))
    return INFINITY;
  if (summary->min == summary->max)
    return 0;
  if (summary->mean == 0)
    return INFINITY;
  return (summary->ci_high - summary->ci_low) / 2 / fabs(summary->mean);
}

static int compare_points(const void *a, const void *b) {
  const Point *left = a, *right = b;
  if (left->x != right->x)
    return left->x < right->x ? -1 : 1;
  return (left->y > right->y) - (left->y < right->y);
}

/** In an order that does not depend on the one they came in. */
static Point *sorted_points(const double *x, const double *y, uint32_t count) {
  Point *points = g_new(Point, MAX(count, 1));
  for (uint32_t i = 0; i < count; i++)
    points[i] = (Point){x[i], y[i]};
  qsort(points, count, sizeof *points, compare_points);
  return points;
}

static bool is_usable(double value) {
  return isfinite(value) && value > 0;
}

bool gs_growth_fit(const double *n, const double *y, uint32_t count, GsGrowth *growth) {
  gsl_set_error_handler_off();
  for (uint32_t i = 0; i < count; i++)
    if (!is_usable(n[i]) || !is_usable(y[i]))
      return false;
  g_autofree Point *points = sorted_points(n, y, count);
  for (uint32_t i = 0; i < count; i++)
    points[i] = (Point){log(points[i].x), log(points[i].y)};
  if (count < 2 || points[0].x == points[count - 1].x)
    return false;
  double intercept, slope, variances[2], covariance, squares;
  gsl_fit_linear(&points[0].x, 2, &points[0].y, 2, count, &intercept, &slope, &variances[0],
                 &covariance, &variances[1], &squares);
  *growth = (GsGrowth){
      .n = count, .exponent = slope, .low = NAN, .high = NAN, .coefficient = exp(intercept)};
  if (count > 2) {
    double half = reach(count - 2) * sqrt(variances[1]);
    growth->low = slope - half;
    growth->high = slope + half;
  }
  return true;
}

bool gs_rank_correlation(const double *x, const double *y, uint32_t count, double *rho) {
  gsl_set_error_handler_off();
  bool x_varies = false, y_varies = false;
  for (uint32_t i = 0; i < count; i++) {
    x_varies |= x[i] != x[0];
    y_varies |= y[i] != y[0];
  }
  if (count < 3 || !x_varies || !y_varies)
    return false;
  g_autofree Point *points = sorted_points(x, y, count);
  g_autofree double *work = g_new(double, 2 * (gsize)count);
  *rho = gsl_stats_spearman(&points[0].x, 2, &points[0].y, 2, count, work);
  return true;
}

void gs_levels(const double *values, uint32_t count, double *levels) {
  g_autofree gsize *order = g_new(gsize, MAX(count, 1));
  if (count > 0)
    gsl_sort_index(order, values, 1, count);
  double level = 0;
  for (uint32_t i = 0; i < count; i++) {
    double value = values[order[i]], before = i > 0 ? values[order[i - 1]] : value;
    if (value - before > ROUNDING * MAX(fabs(value), fabs(before)))
      level++;
    levels[order[i]] = level;
  }
}

void gs_summary_center(GsSummary *summary, double mean) {
  /* In this order: where all values are equal both ends are the mean to the last bit. */
  summary->ci_low = mean - (summary->mean - summary->ci_low);
  summary->ci_high = mean + (summary->ci_high - summary->mean);
  summary->mean = mean;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/base/random.h"

/** A distribution that a scenario names, for durations (in nanoseconds) and for energies. */
typedef enum {
  GS_DISTRIBUTION_CONSTANT,    /**< always a */
  GS_DISTRIBUTION_UNIFORM,     /**< evenly from a to b (whole numbers: both included) */
  GS_DISTRIBUTION_EXPONENTIAL, /**< mean a */
  GS_DISTRIBUTION_LOGNORMAL,   /**< median a, sigma (of the logarithm) b */
  GS_DISTRIBUTION_NORMAL,      /**< mean a, standard deviation b; energies only */
} GsDistributionKind;

typedef struct {
  GsDistributionKind kind;
  double a, b;
} GsDistribution;

static inline GsDistribution gs_distribution_constant(double a) {
  return (GsDistribution){.kind = GS_DISTRIBUTION_CONSTANT, .a = a};
}

/**
 * One draw, rounded to a whole number and kept within [low, high]. The same
 * `at` always gives the same value. Pure. About 50 ns.
 */
int64_t gs_distribution_draw(const GsDistribution *distribution, GsDraw at, int64_t low,
                             int64_t high);

/** What gs_distribution_draw gives for `at` and the counts after it; faster where the distribution
 * is exponential. */
void gs_distribution_draw_next(const GsDistribution *distribution, const GsDraw *at, int64_t low,
                               int64_t high, int64_t values[GS_DRAWS]);

/** The smallest value that a draw can give, at least 0; bounds the conservative window. */
int64_t gs_distribution_floor(const GsDistribution *distribution);
/** No draw within [0, high] gives a larger value. */
int64_t gs_distribution_ceiling(const GsDistribution *distribution, int64_t high);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/distribution.h"

#include <math.h>

/*
 * Logarithm and exponential from operations that IEEE 754 rounds in one way
 * only: a C library picks its own by the processor, and draws must be the same
 * on all of them. A few units in the last place are good enough here.
 */

#define LN2_HIGH 0x1.62e42feep-1 /* ln 2 in 32 bits: products with exponents are exact */
#define LN2_LOW 0x1.a39ef35793c76p-33

static double portable_log(double x) {
  int exponent;
  double m = frexp(x, &exponent);
  if (m < M_SQRT1_2) {
    m *= 2;
    exponent--;
  }
  /* Here ln m = 2 artanh s, with |s| < 0.172. */
  double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
  for (int k = 25; k >= 1; k -= 2)
    sum = sum * s2 + 1.0 / k;
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}

static double portable_exp(double x) {
  double exponent = floor(x / M_LN2 + 0.5);
  double r = x - exponent * LN2_HIGH - exponent * LN2_LOW, sum = 1;
  for (int k = 16; k >= 1; k--)
    sum = sum * r / k + 1;
  return ldexp(sum, (int)exponent);
}

/** Normal with mean 0 and variance 1: Marsaglia's polar method. */
static double standard_normal(GsDraw at) {
  GsRandomTries tries = gs_random_tries(at);
  double x, y, square;
  do {
    x = 2 * gs_random_tries_unit(&tries) - 1;
    y = 2 * gs_random_tries_unit(&tries) - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  return x * sqrt(-2 * portable_log(square) / square);
}

static double uniform(const GsDistribution *distribution, GsDraw at) {
  double low = round(distribution->a), high = round(distribution->b);
  if (!(high > low))
    return low;
  uint64_t span = (uint64_t)((int64_t)high - (int64_t)low) + 1;
  return low + (double)gs_random_below(at, span);
}

int64_t gs_distribution_draw(const GsDistribution *distribution, GsDraw at, int64_t low,
                             int64_t high) {
  double value = distribution->a;
  switch (distribution->kind) {
  case GS_DISTRIBUTION_CONSTANT:
    break;
  case GS_DISTRIBUTION_UNIFORM:
    value = uniform(distribution, at);
    break;
  case GS_DISTRIBUTION_EXPONENTIAL:
    value *= -portable_log(gs_random_unit(at));
    break;
  case GS_DISTRIBUTION_LOGNORMAL:
    value *= portable_exp(distribution->b * standard_normal(at));
    break;
  case GS_DISTRIBUTION_NORMAL:
    value += distribution->b * standard_normal(at);
    break;
  }
  value = round(value);
  if (!(value > (double)low))
    return low;
  return value >= (double)high ? high : (int64_t)value;
}

int64_t gs_distribution_floor(const GsDistribution *distribution) {
  double least = 0;
  if (distribution->kind == GS_DISTRIBUTION_CONSTANT ||
      distribution->kind == GS_DISTRIBUTION_UNIFORM)
    least = round(distribution->a);
  return least > 0 ? (int64_t)least : 0;
}

/** The least that gs_random_unit gives is 2^-53, and the most that -ln of that is. */
#define EXPONENTIAL_MOST 37
/** Of the polar method: x√(-2 ln q / q) with x² ≤ q, where q is at least 2^-103. */
#define NORMAL_MOST 12
/** Of e; what is larger is more than any number of ours. */
#define EXPONENT_MOST 700

int64_t gs_distribution_ceiling(const GsDistribution *distribution, int64_t high) {
  double most = distribution->a;
  switch (distribution->kind) {
  case GS_DISTRIBUTION_CONSTANT:
    break;
  case GS_DISTRIBUTION_UNIFORM:
    most = fmax(distribution->a, distribution->b);
    break;
  case GS_DISTRIBUTION_EXPONENTIAL:
    most *= EXPONENTIAL_MOST;
    break;
  case GS_DISTRIBUTION_LOGNORMAL:
    most *= portable_exp(fmin(distribution->b * NORMAL_MOST, EXPONENT_MOST));
    break;
  case GS_DISTRIBUTION_NORMAL:
    most += distribution->b * NORMAL_MOST;
    break;
  }
  most = round(most);
  if (!(most > 0))
    return 0;
  return most >= (double)high ? high : (int64_t)most;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/distribution.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/*
 * Logarithm and exponential from operations that IEEE 754 rounds in one way
 * only: a C library picks its own by the processor, and draws must be the same
 * on all of them. A few units in the last place are good enough here.
 */

#define LN2_HIGH 0x1.62e42feep-1 /* ln 2 in 32 bits: products with exponents are exact */
#define LN2_LOW 0x1.a39ef35793c76p-33

/** 1 / m in 512ths for the middle of each 64th of [1, 2), and minus the logarithm of that. */
static const struct {
  double inverse, log;
} log_table[64] = {
    {508 / 512.0, 0x1.010157588de71p-7}, {500 / 512.0, 0x1.8492528c8cabfp-6},
    {493 / 512.0, 0x1.35c8bfaa1306bp-5}, {485 / 512.0, 0x1.bbcebfc68f420p-5},
    {478 / 512.0, 0x1.1973bd1465567p-4}, {471 / 512.0, 0x1.55e10050e0384p-4},
    {465 / 512.0, 0x1.8a6477a91dc29p-4}, {458 / 512.0, 0x1.c885801bc4b23p-4},
    {452 / 512.0, 0x1.fe89139dbd566p-4}, {446 / 512.0, 0x1.1aa2b7e23f72ap-3},
    {440 / 512.0, 0x1.365fcb0159016p-3}, {434 / 512.0, 0x1.527e5e4a1b58dp-3},
    {428 / 512.0, 0x1.6f0128b756abcp-3}, {423 / 512.0, 0x1.871213750e994p-3},
    {417 / 512.0, 0x1.a454082e6ab05p-3}, {412 / 512.0, 0x1.bd087383bd8adp-3},
    {407 / 512.0, 0x1.d60a17f903515p-3}, {402 / 512.0, 0x1.ef5ade4dcffe6p-3},
    {397 / 512.0, 0x1.047e60cde83b8p-2}, {392 / 512.0, 0x1.1178e8227e47cp-2},
    {388 / 512.0, 0x1.1bf99635a6b95p-2}, {383 / 512.0, 0x1.2941afb186b7cp-2},
    {379 / 512.0, 0x1.3401e12aecba1p-2}, {374 / 512.0, 0x1.419b423d5e8c7p-2},
    {370 / 512.0, 0x1.4c9e09e172c3cp-2}, {366 / 512.0, 0x1.57bf753c8d1fbp-2},
    {362 / 512.0, 0x1.630030b3aac49p-2}, {358 / 512.0, 0x1.6e60ee6af1972p-2},
    {354 / 512.0, 0x1.79e26687cfb3ep-2}, {350 / 512.0, 0x1.85855776dcbfbp-2},
    {347 / 512.0, 0x1.8e55f9b349b83p-2}, {343 / 512.0, 0x1.9a355c33bd6bap-2},
    {340 / 512.0, 0x1.a33440224fa79p-2}, {336 / 512.0, 0x1.af5295248cdd0p-2},
    {333 / 512.0, 0x1.b881aa659bc93p-2}, {329 / 512.0, 0x1.c4e19b84723c2p-2},
    {326 / 512.0, 0x1.ce42f18064743p-2}, {323 / 512.0, 0x1.d7ba7ad9e7da0p-2},
    {320 / 512.0, 0x1.e148a1a2726cep-2}, {317 / 512.0, 0x1.eaedd2eac990cp-2},
    {314 / 512.0, 0x1.f4aa7ee03192dp-2}, {311 / 512.0, 0x1.fe7f18eb03d3ep-2},
    {308 / 512.0, 0x1.04360be7603adp-1}, {305 / 512.0, 0x1.0938fae5d8e9bp-1},
    {302 / 512.0, 0x1.0e4898611cce1p-1}, {299 / 512.0, 0x1.1365252bf0865p-1},
    {297 / 512.0, 0x1.16d4d38c119fap-1}, {294 / 512.0, 0x1.1c07849ae6007p-1},
    {291 / 512.0, 0x1.2147dba47a394p-1}, {289 / 512.0, 0x1.24cfce6f80d9ap-1},
    {286 / 512.0, 0x1.2a2786d0ec107p-1}, {284 / 512.0, 0x1.2dbf557b0df43p-1},
    {281 / 512.0, 0x1.332f4314ad796p-1}, {279 / 512.0, 0x1.36d77e9d34fd7p-1},
    {277 / 512.0, 0x1.3a86767257111p-1}, {274 / 512.0, 0x1.4019c2125ca93p-1},
    {272 / 512.0, 0x1.43d9ff2f923c5p-1}, {270 / 512.0, 0x1.47a1527e8a2d3p-1},
    {267 / 512.0, 0x1.4d59d43fdaba2p-1}, {265 / 512.0, 0x1.513356667fc57p-1},
    {263 / 512.0, 0x1.55144fdbcbd62p-1}, {261 / 512.0, 0x1.58fcddce004c4p-1},
    {259 / 512.0, 0x1.5ced1e17c35c5p-1}, {257 / 512.0, 0x1.60e52f45788e3p-1},
};

/**
 * x = 2^exponent · m, with m in [1, 2); ln m = ln(m · inverse) − ln inverse, where
 * the first is a short series since it is within 1/120 of 0.
 */
static inline double portable_log(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (int)(bits >> 52) - 1023; /* x is positive and no subnormal number */
  uint32_t place = bits >> 46 & 63;
  bits = (bits & (UINT64_MAX >> 12)) | UINT64_C(1023) << 52;
  double m;
  memcpy(&m, &bits, sizeof m);
  double r = m * log_table[place].inverse - 1, r2 = r * r;
  double high = 1.0 / 5 + r * (-1.0 / 6) + r2 * (1.0 / 7), low = 1.0 / 3 + r * (-1.0 / 4);
  double series = r - 0.5 * r2 + r2 * r * (low + r2 * high);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + (log_table[place].log + series));
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

/** Halves are rounded away from 0. */
static inline int64_t rounded(double value, int64_t low, int64_t high) {
  if (!(value > (double)low))
    return low;
  if (value >= (double)high)
    return high;
  int64_t whole = (int64_t)value;
  double rest = value - (double)whole;
  return whole + (rest >= 0.5) - (rest <= -0.5);
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
  return rounded(value, low, high);
}

/** The least that gs_random_unit gives is 2^-53, and the most that -ln of that is. */
#define EXPONENTIAL_MOST 37

/* ---- Several exponential draws at once ---- */

typedef double Two __attribute__((vector_size(16)));
typedef uint64_t TwoWords __attribute__((vector_size(16)));

/** 2^52: numbers below it are the fraction of one that is so much larger. */
#define MORE 0x1p52
#define FRACTION (UINT64_MAX >> 12)

/** portable_log of two, operation by operation, so that it is the same to the last bit. */
static inline Two logs_of(const double x[2]) {
  TwoWords bits;
  memcpy(&bits, x, sizeof bits);
  Two exponent = (Two)(bits >> 52 | (TwoWords)((Two){} + MORE)) - (MORE + 1023);
  uint32_t first = bits[0] >> 46 & 63, second = bits[1] >> 46 & 63;
  Two inverse = {log_table[first].inverse, log_table[second].inverse};
  Two log = {log_table[first].log, log_table[second].log};
  Two m = (Two)((bits & FRACTION) | UINT64_C(1023) << 52);
  Two r = m * inverse - 1, r2 = r * r;
  Two high = 1.0 / 5 + r * (-1.0 / 6) + r2 * (1.0 / 7), low = 1.0 / 3 + r * (-1.0 / 4);
  Two series = r - 0.5 * r2 + r2 * r * (low + r2 * high);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + (log + series));
}

/** `rounded` of two that are below 2^51 and no less than -0.5. */
static inline void round_both(Two value, int64_t low, int64_t high, int64_t values[2]) {
  Two sum = value + MORE, rest = value - (sum - MORE); /* halves to even numbers */
  TwoWords whole = ((TwoWords)sum & FRACTION) - (TwoWords)(rest == 0.5);
  for (int i = 0; i < 2; i++) {
    int64_t one = (int64_t)whole[i];
    one = one > low ? one : low;
    values[i] = one < high ? one : high;
  }
}

static void exponentials(double mean, const GsDraw *at, int64_t low, int64_t high,
                         int64_t values[GS_DRAWS]) {
  double units[GS_DRAWS];
  gs_random_units(at, units);
  for (int i = 0; i < GS_DRAWS; i += 2)
    round_both(mean * -logs_of(units + i), low, high, values + i);
}

void gs_distribution_draw_next(const GsDistribution *distribution, const GsDraw *at, int64_t low,
                               int64_t high, int64_t values[GS_DRAWS]) {
  bool is_small = distribution->a >= 0 && distribution->a < 0x1p51 / EXPONENTIAL_MOST;
  if (distribution->kind == GS_DISTRIBUTION_EXPONENTIAL && is_small) {
    exponentials(distribution->a, at, low, high, values);
    return;
  }
  GsDraw next = *at;
  for (int i = 0; i < GS_DRAWS; i++, next.count++)
    values[i] = gs_distribution_draw(distribution, next, low, high);
}

int64_t gs_distribution_floor(const GsDistribution *distribution) {
  double least = 0;
  if (distribution->kind == GS_DISTRIBUTION_CONSTANT ||
      distribution->kind == GS_DISTRIBUTION_UNIFORM)
    least = round(distribution->a);
  return least > 0 ? (int64_t)least : 0;
}

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

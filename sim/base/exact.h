/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/**
 * Means of whole numbers (ns, messages, bytes) that are compared without
 * rounding: 10.2 ms is 10.2 ms however its runs add up. Pure.
 */

typedef struct {
  __int128 sum;   /**< of ticks */
  uint32_t count; /**< of values; 0: there is no mean */
} GsExactMean;

/**
 * Adds a value of so many ticks per unit (1e9 for seconds that were counted in
 * ns): the whole number of ticks that is nearest. Exact for up to 2^51 ticks, 26
 * days of ns; beyond that values are as near as a double is, and equal ones stay
 * equal.
 */
void gs_exact_add(GsExactMean *mean, double value, double ticks_per_unit);
/** −1, 0 or 1 by value. Both have one. Of sums from 2^94 ticks on as near as a double. */
int gs_exact_compare(const GsExactMean *a, const GsExactMean *b);
/** The mean in units, rounded once; NaN where there is none. */
double gs_exact_value(const GsExactMean *mean, double ticks_per_unit);

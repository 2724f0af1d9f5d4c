/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/exact.h"

#include <glib.h>
#include <math.h>

void gs_exact_add(GsExactMean *mean, double value, double ticks_per_unit) {
  mean->sum += (__int128)roundl((long double)value * (long double)ticks_per_unit);
  mean->count++;
}

int gs_exact_compare(const GsExactMean *a, const GsExactMean *b) {
  g_assert(a->count > 0 && b->count > 0);
  __int128 left, right;
  if (__builtin_mul_overflow(a->sum, b->count, &left) ||
      __builtin_mul_overflow(b->sum, a->count, &right)) {
    long double x = (long double)a->sum / a->count, y = (long double)b->sum / b->count;
    return (x > y) - (x < y);
  }
  return (left > right) - (left < right);
}

double gs_exact_value(const GsExactMean *mean, double ticks_per_unit) {
  if (mean->count == 0)
    return (double)NAN;
  return (double)((long double)mean->sum /
                  ((long double)mean->count * (long double)ticks_per_unit));
}

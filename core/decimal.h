/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** Whole numbers in decimal. All pure, O(digits) at most. */

/** Digits of a number without a sign. */
static inline uint32_t gs_decimal_digits(uint64_t size) {
  /* The least number of one digit, of two, … */
  static const uint64_t least[] = {0ULL,
                                   10ULL,
                                   100ULL,
                                   1000ULL,
                                   10000ULL,
                                   100000ULL,
                                   1000000ULL,
                                   10000000ULL,
                                   100000000ULL,
                                   1000000000ULL,
                                   10000000000ULL,
                                   100000000000ULL,
                                   1000000000000ULL,
                                   10000000000000ULL,
                                   100000000000000ULL,
                                   1000000000000000ULL,
                                   10000000000000000ULL,
                                   100000000000000000ULL,
                                   1000000000000000000ULL,
                                   10000000000000000000ULL};
  uint32_t bits = 64 - (uint32_t)__builtin_clzll(size | 1);
  uint32_t digits = bits * 1233 >> 12; /* log10(2); that many or one more */
  return digits + (size >= least[digits]);
}

/** Characters of an integer, with its sign. */
static inline uint32_t gs_decimal_bytes(int64_t value) {
  return gs_decimal_digits(value < 0 ? -(uint64_t)value : (uint64_t)value) + (value < 0);
}

/** Most that gs_decimal_put() puts. */
#define GS_DECIMAL_DIGITS_MAX 20

/** Puts the digits, without an end; returns where they end. */
static inline char *gs_decimal_put(char *at, uint64_t value) {
  char *end = at + gs_decimal_digits(value);
  for (at = end; value >= 10; value /= 10)
    *--at = (char)('0' + value % 10);
  *--at = (char)('0' + value);
  return end;
}

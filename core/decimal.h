/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** Characters of an integer in decimal, with its sign. O(1), pure. */
static inline uint32_t gs_decimal_bytes(int64_t value) {
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
  uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
  uint32_t bits = 64 - (uint32_t)__builtin_clzll(size | 1);
  uint32_t digits = bits * 1233 >> 12; /* log10(2); that many or one more */
  return digits + (size >= least[digits]) + (value < 0);
}

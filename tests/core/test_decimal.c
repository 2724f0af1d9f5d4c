/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/decimal.h"

static void check(uint64_t value) {
  char wanted[32], put[32] = {0};
  int length = snprintf(wanted, sizeof wanted, "%" PRIu64, value);
  cr_assert_eq(gs_decimal_put(put, value) - put, length, "%s", wanted);
  cr_assert_str_eq(put, wanted);
  cr_assert_eq(gs_decimal_digits(value), (uint32_t)length, "%s", wanted);
  length = snprintf(wanted, sizeof wanted, "%" PRId64, (int64_t)value);
  cr_assert_eq(gs_decimal_bytes((int64_t)value), (uint32_t)length, "%s", wanted);
}

Test(decimal, numbers_are_as_printf_has_them) {
  for (uint64_t value = 0; value < 2000; value++)
    check(value);
  uint64_t ten = 1;
  for (int digits = 1; digits <= GS_DECIMAL_DIGITS_MAX; digits++, ten *= 10)
    for (uint64_t by = 0; by < 3; by++)
      check(ten - by), check(ten + by), check(0 - ten + by);
  for (int bit = 0; bit < 64; bit++)
    check(UINT64_C(1) << bit), check((UINT64_C(1) << bit) - 1);
  check(UINT64_MAX);
}

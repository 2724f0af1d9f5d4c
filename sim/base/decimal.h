/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** What stands where a number may stand. */
typedef enum {
  GS_DECIMAL_NONE,      /**< nothing */
  GS_DECIMAL_NUMBER,    /**< a number that is kept to its last digit */
  GS_DECIMAL_NO_NUMBER, /**< something else: words, infinity, more digits than are kept */
} GsDecimalState;

/** A decimal number as it is written, without rounding: digits × 10^exponent. */
typedef struct {
  int64_t digits; /**< no trailing zeros; 0 of zero */
  int16_t exponent;
  uint8_t state; /**< GsDecimalState; all zeros: GS_DECIMAL_NONE */
} GsDecimal;

/**
 * Reads "12", "-0.5", "2.17e1"; blanks around it are skipped, nothing but blanks is
 * GS_DECIMAL_NONE. `point` is '.' or ','. Never fails: what is no number has that state.
 */
GsDecimal gs_decimal_parse(const char *text, gsize length, char point);

/** The exact sum; GS_DECIMAL_NO_NUMBER where it does not fit. Nothing and a number is the number.
 */
GsDecimal gs_decimal_add(GsDecimal one, GsDecimal other);

/** The exact product; GS_DECIMAL_NO_NUMBER where it does not fit, or one is no number. */
GsDecimal gs_decimal_multiply(GsDecimal one, GsDecimal other);

/** The number × 10^power as a whole number; false where it is none, or does not fit. */
bool gs_decimal_whole(GsDecimal number, int power, int64_t *whole);

/** The number as people write it: "0.5", "-12"; "" of nothing. Free with g_free. */
char *gs_decimal_text(GsDecimal number);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/decimal.h"

/** Exponents beyond these are no energies, and no sums of them. */
#define EXPONENT_MOST 64

static const GsDecimal no_number = {.state = GS_DECIMAL_NO_NUMBER};

/** Without zeros at its end. */
static GsDecimal tidy(int64_t digits, int64_t exponent) {
  if (digits == 0)
    return (GsDecimal){.state = GS_DECIMAL_NUMBER};
  for (; digits % 10 == 0; exponent++)
    digits /= 10;
  if (exponent > EXPONENT_MOST || exponent < -EXPONENT_MOST)
    return no_number;
  return (GsDecimal){.digits = digits, .exponent = (int16_t)exponent, .state = GS_DECIMAL_NUMBER};
}

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && g_ascii_isspace(*at))
    at++;
  return at;
}

typedef struct {
  int64_t digits;
  int64_t exponent;
  gint64 zeros; /**< read and not yet a part of the digits: they may be the last */
  bool any, fits;
} Mantissa;

static void take_digit(Mantissa *mantissa, int digit, bool behind_point) {
  mantissa->any = true;
  mantissa->exponent -= behind_point;
  if (digit == 0) {
    mantissa->zeros++;
    return;
  }
  for (; mantissa->zeros > 0 && mantissa->digits != 0 && mantissa->fits; mantissa->zeros--)
    mantissa->fits = !__builtin_mul_overflow(mantissa->digits, 10, &mantissa->digits);
  mantissa->zeros = 0;
  mantissa->fits = mantissa->fits &&
                   !__builtin_mul_overflow(mantissa->digits, 10, &mantissa->digits) &&
                   !__builtin_add_overflow(mantissa->digits, digit, &mantissa->digits);
}

/** The exponent behind an e; false: none can be read. */
static bool read_exponent(const char **at, const char *end, int64_t *exponent) {
  bool negative = *at < end && **at == '-';
  if (*at < end && (**at == '-' || **at == '+'))
    (*at)++;
  int64_t value = 0;
  const char *start = *at;
  for (; *at < end && g_ascii_isdigit(**at); (*at)++)
    value = MIN(value * 10 + (**at - '0'), 1000000);
  *exponent += negative ? -value : value;
  return *at > start;
}

GsDecimal gs_decimal_parse(const char *text, gsize length, char point) {
  const char *end = text + length, *at = skip_blanks(text, end);
  if (at == end)
    return (GsDecimal){.state = GS_DECIMAL_NONE};
  bool negative = *at == '-';
  if (*at == '-' || *at == '+')
    at++;
  Mantissa mantissa = {.fits = true};
  for (; at < end && g_ascii_isdigit(*at); at++)
    take_digit(&mantissa, *at - '0', false);
  if (at < end && *at == point)
    for (at++; at < end && g_ascii_isdigit(*at); at++)
      take_digit(&mantissa, *at - '0', true);
  int64_t exponent = mantissa.exponent + mantissa.zeros;
  if (!mantissa.any)
    return no_number;
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (!read_exponent(&at, end, &exponent))
      return no_number;
  }
  if (skip_blanks(at, end) < end || !mantissa.fits)
    return no_number;
  return tidy(negative ? -mantissa.digits : mantissa.digits, exponent);
}

/** The digits as they are with a lower exponent. */
static bool lowered(GsDecimal number, int exponent, int64_t *digits) {
  *digits = number.digits;
  for (int at = number.exponent; number.digits != 0 && at > exponent; at--)
    if (__builtin_mul_overflow(*digits, 10, digits))
      return false;
  return true;
}

GsDecimal gs_decimal_add(GsDecimal one, GsDecimal other) {
  if (one.state == GS_DECIMAL_NONE || other.state == GS_DECIMAL_NO_NUMBER)
    return other;
  if (other.state == GS_DECIMAL_NONE || one.state == GS_DECIMAL_NO_NUMBER)
    return one;
  if (one.digits == 0 || other.digits == 0)
    return one.digits == 0 ? other : one;
  int exponent = MIN(one.exponent, other.exponent);
  int64_t a, b, sum;
  if (!lowered(one, exponent, &a) || !lowered(other, exponent, &b) ||
      __builtin_add_overflow(a, b, &sum))
    return no_number;
  return tidy(sum, exponent);
}

GsDecimal gs_decimal_multiply(GsDecimal one, GsDecimal other) {
  int64_t digits;
  if (one.state != GS_DECIMAL_NUMBER || other.state != GS_DECIMAL_NUMBER ||
      __builtin_mul_overflow(one.digits, other.digits, &digits))
    return no_number;
  return tidy(digits, (int64_t)one.exponent + other.exponent);
}

bool gs_decimal_whole(GsDecimal number, int power, int64_t *whole) {
  if (number.state != GS_DECIMAL_NUMBER || (number.digits != 0 && number.exponent + power < 0))
    return false;
  return lowered(number, -power, whole);
}

char *gs_decimal_text(GsDecimal number) {
  if (number.state != GS_DECIMAL_NUMBER)
    return g_strdup("");
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number.digits);
  GString *text = g_string_new(digits);
  for (int i = 0; i < number.exponent; i++)
    g_string_append_c(text, '0');
  if (number.exponent < 0) {
    gsize sign = number.digits < 0, behind = (gsize)-number.exponent;
    while (text->len - sign <= behind)
      g_string_insert_c(text, (gssize)sign, '0');
    g_string_insert_c(text, (gssize)(text->len - behind), '.');
  }
  return g_string_free(text, FALSE);
}

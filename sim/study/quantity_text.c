/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/quantity_text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/scenario/scenario.h"

/** Of what is no whole number. */
#define DIGITS 12
/** More are not the same in every double. */
#define DIGITS_MOST 15

/** To four digits where it is no whole number. */
static char *number_text(double value) {
  if (fabs(value) >= 1000 || value == floor(value)) /* a whole one, or large enough to be */
    return gs_text_count((uint64_t)llround(value));
  return g_strdup_printf("%.*f", fabs(value) >= 100 ? 1 : fabs(value) >= 10 ? 2 : 3, value);
}

char *gs_quantity_text(double value, const char *unit) {
  if (!isfinite(value))
    return g_strdup("\u2013");
  if (g_str_equal(unit, "s"))
    return gs_text_span(llround(value * (double)GS_SECOND_NS));
  if (g_str_equal(unit, "B"))
    return gs_text_bytes((uint64_t)llround(value));
  if (g_str_equal(unit, "share"))
    return g_strdup_printf("%.2f %%", 100 * value);
  g_autofree char *number = number_text(value);
  return *unit ? g_strdup_printf("%s %s", number, unit) : g_steal_pointer(&number);
}

char *gs_difference_text(double value, const char *unit) {
  g_autofree char *size = gs_quantity_text(fabs(value), unit);
  g_autofree char *none = gs_quantity_text(0, unit);
  gsize zeros = strspn(size, "0.");
  bool nothing = zeros > 0 && (size[zeros] == '\0' || size[zeros] == ' ');
  if (nothing)
    return g_steal_pointer(&none);
  return g_strconcat(value > 0 ? "+" : value < 0 ? "\u2212" : "", size, NULL);
}

double gs_quantity_digits(double value, const char *unit) {
  if (!isfinite(value) || value == rint(value))
    return value;
  int digits = DIGITS;
  bool time = g_str_has_suffix(unit, "s");
  for (double above = 1000; time && fabs(value) >= above && digits < DIGITS_MOST; above *= 10)
    digits++;
  char format[8], text[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf(format, sizeof format, "%%.%dg", digits);
  return g_ascii_strtod(g_ascii_formatd(text, sizeof text, format, value), NULL);
}

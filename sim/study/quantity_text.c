/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/quantity_text.h"

#include <math.h>

#include "sim/report/text.h"
#include "sim/scenario/scenario.h"

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
  g_autofree char *number = number_text(value);
  return *unit ? g_strdup_printf("%s %s", number, unit) : g_steal_pointer(&number);
}

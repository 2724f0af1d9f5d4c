/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/duration.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/base/quote.h"
#include "sim/base/time.h"

typedef struct {
  const char *name;
  int64_t ns;
} Unit;

static const Unit units[] = {
    {"d", 86400 * GS_SECOND_NS},
    {"h", 3600 * GS_SECOND_NS},
    {"min", 60 * GS_SECOND_NS},
    {"s", GS_SECOND_NS},
    {"ms", GS_MILLISECOND_NS},
    {"us", GS_MICROSECOND_NS},
    {"ns", 1},
};

static bool fail(GError **error, const char *text, const char *what) {
  g_autofree char *quoted = gs_quote(text);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s %s", quoted, what);
  return false;
}

static const char too_long[] = "is too long; a duration is at most 100 years (36525d)";
static const char negative[] = "is negative; a duration is 0 or more";

static const Unit *find_unit(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(units[i].name, name) == 0)
      return &units[i];
  return NULL;
}

/** 0.DIGITS of `unit`, to the nearest, halves up. */
static int64_t fraction(const char *digits, gsize count, int64_t unit) {
  /* From the last digit to the first, in halves: nested floors lose nothing. */
  int64_t halves = 0;
  for (gsize i = count; i > 0; i--)
    halves = ((digits[i - 1] - '0') * 2 * unit + halves) / 10;
  return (halves + 1) / 2;
}

bool gs_duration_parse(const char *text, int64_t *ns, GError **error) {
  if (text[0] == '-')
    return fail(error, text, negative);
  const char *whole = text;
  gsize whole_count = strspn(whole, "0123456789");
  const char *rest = whole + whole_count, *digits = rest;
  gsize digit_count = 0;
  if (rest[0] == '.') {
    digits = rest + 1;
    digit_count = strspn(digits, "0123456789");
    rest = digits + digit_count;
  }
  if (whole_count == 0 || (digits != whole + whole_count && digit_count == 0))
    return fail(error, text, "is not a duration; write a number and a unit, such as \"1.5s\"");
  const Unit *unit = find_unit(rest);
  if (!unit)
    return fail(error, text,
                rest[0] ? "has an unknown unit; use ns, us, ms, s, min, h or d"
                        : "has no unit; use ns, us, ms, s, min, h or d");
  int64_t value = 0;
  for (gsize i = 0; i < whole_count; i++) {
    value = value * 10 + (whole[i] - '0');
    if (value > GS_TIME_MAX_NS / unit->ns)
      return fail(error, text, too_long);
  }
  value = value * unit->ns + fraction(digits, digit_count, unit->ns);
  if (value > GS_TIME_MAX_NS)
    return fail(error, text, too_long);
  *ns = value;
  return true;
}

bool gs_duration_from_seconds(double seconds, int64_t *ns, GError **error) {
  g_autofree char *text = gs_format_number(seconds);
  const char *what = NULL;
  if (isnan(seconds))
    what = "is not a duration; write a number of seconds";
  else if (seconds < 0)
    what = negative;
  else if (seconds > (double)(GS_TIME_MAX_NS / GS_SECOND_NS))
    what = too_long;
  if (what) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s %s", text, what);
    return false;
  }
  /* Apart, since the product of the whole would be rounded twice. */
  double whole = floor(seconds);
  *ns = (int64_t)whole * GS_SECOND_NS + (int64_t)round((seconds - whole) * 1e9);
  return true;
}

char *gs_duration_format(int64_t ns) {
  if (ns == GS_TIME_NEVER)
    return g_strdup("never");
  if (ns == 0)
    return g_strdup("0s");
  uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
  for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
    uint64_t unit = (uint64_t)units[i].ns, whole = size / unit, part = size % unit;
    /* Minutes, hours and days have no decimal fractions that anybody thinks in. */
    if (whole == 0 || (part != 0 && unit > (uint64_t)GS_SECOND_NS))
      continue;
    GString *out = g_string_new(ns < 0 ? "-" : NULL);
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, whole);
    if (part > 0)
      g_string_append_c(out, '.');
    for (; part > 0; part %= unit) {
      unit /= 10;
      g_string_append_c(out, (char)('0' + part / unit));
    }
    g_string_append(out, units[i].name);
    return g_string_free(out, FALSE);
  }
  g_assert_not_reached();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/read_util.h"

#include <math.h>
#include <string.h>

#include "core/name.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"

/** A place costs a walk through the document, so there must not be a million of them. */
#define WARNINGS_MAX 20

void gs_reader_warn(GsReader *reader, const GsJson *value, const char *kind, uint32_t count,
                    const char *format, ...) {
  if (reader->scenario->warnings->len == WARNINGS_MAX) {
    reader->warnings_left_out++;
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autoptr(GError) placed = NULL;
  gs_json_fail(reader->doc, value, &placed, GS_ERROR_INPUT, "%s", text);
  g_autofree char *after = g_strconcat(": ", text, NULL);
  char *place = g_strdup(placed->message);
  if (g_str_has_suffix(place, after))
    place[strlen(place) - strlen(after)] = '\0';
  g_ptr_array_add(reader->scenario->warnings, gs_warning_new(kind, place, text, count));
}

void gs_reader_finish_warnings(GsReader *reader) {
  guint more = reader->warnings_left_out;
  if (more > 0)
    g_ptr_array_add(reader->scenario->warnings,
                    gs_warning_new("more", g_strdup(reader->scenario->source),
                                   g_strdup_printf("%u more warning%s", more, more == 1 ? "" : "s"),
                                   more));
}

static char *found_number(const GsJson *value) {
  int64_t exact;
  char *text = gs_format_number(gs_json_number(value));
  if (fabs(gs_json_number(value)) < (double)GS_JSON_EXACT_MAX || gs_json_integer(value, &exact))
    return text;
  /* Beyond 2^53 it need not be what stands in the file. */
  char *rounded = g_strconcat("about ", text, NULL);
  g_free(text);
  return rounded;
}

static char *found(const GsJson *value) {
  switch (gs_json_type(value)) {
  case GS_JSON_STRING:
    return gs_quote(gs_json_string(value));
  case GS_JSON_NUMBER:
    return found_number(value);
  case GS_JSON_BOOL:
    return g_strdup(gs_json_bool(value) ? "true" : "false");
  case GS_JSON_NULL:
    return g_strdup("null");
  case GS_JSON_ARRAY:
  case GS_JSON_OBJECT:
    break;
  }
  return g_strdup(gs_json_type_name(gs_json_type(value)));
}

bool gs_reader_fail_found(GsReader *reader, const GsJson *value, const char *must_be) {
  g_autofree char *what = found(value);
  return gs_reader_fail(reader, value, "found %s; must be %s", what, must_be);
}

bool gs_read_allowed(GsReader *reader, const GsJson *object, const char *const *allowed) {
  for (const GsJson *member = gs_json_first(object); member; member = gs_json_next(member)) {
    const char *key = gs_json_key(member);
    if (g_strv_contains(allowed, key))
      continue;
    g_autofree char *quoted = gs_quote(key);
    const char *nearest = gs_nearest_word(key, allowed);
    if (nearest)
      return gs_reader_fail(reader, member, "unknown member %s; did you mean \"%s\"?", quoted,
                            nearest);
    g_autofree char *list = gs_quote_words(allowed, ", ");
    return gs_reader_fail(reader, member, "unknown member %s; allowed: %s", quoted, list);
  }
  return true;
}

const GsJson *gs_read_only(GsReader *reader, const GsJson *object, const char *const *allowed) {
  if (!gs_read_allowed(reader, object, allowed))
    return NULL;
  guint count = gs_json_count(object);
  if (count == 1)
    return gs_json_first(object);
  g_autofree char *list = gs_quote_words(allowed, " or ");
  gs_reader_fail(reader, object, "found %u members; must be exactly one of %s", count, list);
  return NULL;
}

bool gs_read_object(GsReader *reader, const GsJson *value, const char *const *allowed) {
  if (gs_json_type(value) != GS_JSON_OBJECT)
    return gs_reader_fail_found(reader, value, "an object");
  return gs_read_allowed(reader, value, allowed);
}

bool gs_read_array(GsReader *reader, const GsJson *value, guint least) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_ARRAY)
    return gs_reader_fail_found(reader, value, "an array");
  if (least > 0 && gs_json_count(value) == 0)
    return gs_reader_fail(reader, value, "found an empty array; must have at least one element");
  return true;
}

bool gs_reader_fail_missing(GsReader *reader, const GsJson *object, const char *key,
                            const char *who) {
  return gs_reader_fail(reader, object, "\"%s\" is missing; %s needs it", key, who);
}

bool gs_read_bool(GsReader *reader, const GsJson *value, bool *out) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_BOOL)
    return gs_reader_fail_found(reader, value, "true or false");
  *out = gs_json_bool(value);
  return true;
}

bool gs_read_string(GsReader *reader, const GsJson *value, char **out) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_STRING)
    return gs_reader_fail_found(reader, value, "a string");
  g_free(*out);
  *out = g_strdup(gs_json_string(value));
  return true;
}

bool gs_read_label(GsReader *reader, const GsJson *value, char **out) {
  if (!value)
    return true;
  if (!gs_read_string(reader, value, out))
    return false;
  const char *problem = gs_name_problem(*out);
  if (!problem)
    return true;
  g_autofree char *quoted = gs_quote(*out);
  return gs_reader_fail(reader, value, "%s %s; must be " GS_NAME_FORM, quoted, problem);
}

bool gs_read_integer(GsReader *reader, const GsJson *value, int64_t low, int64_t high,
                     int64_t *out) {
  if (!value)
    return true;
  int64_t integer;
  if (!gs_json_integer(value, &integer) || integer < low || integer > high) {
    g_autofree char *must_be =
        g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, low, high);
    return gs_reader_fail_found(reader, value, must_be);
  }
  *out = integer;
  return true;
}

/** Units of which a smaller one is a thousandth. */
static const char *smaller_unit(const char *unit) {
  static const char *const units[][2] = {
      {"kW", "W"},    {"MW", "kW"},   {"GW", "MW"},   {"TW", "GW"}, {"kWh", "Wh"},
      {"MWh", "kWh"}, {"GWh", "MWh"}, {"TWh", "GWh"}, {"W", "mW"},  {"Wh", "mWh"}};
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(unit, units[i][0]) == 0)
      return units[i][1];
  return NULL;
}

/** What to do about an energy with decimals; free with g_free. */
static char *whole_energy_advice(const GsReader *reader, double number, int64_t high) {
  const char *unit = reader->scenario->unit, *smaller = smaller_unit(unit);
  double thousand = round(number * 1000);
  /* Whole but for the rounding of decimals. */
  bool whole = fabs(thousand) >= 1 && fabs(thousand) <= (double)high &&
               fabs(number * 1000 - thousand) < 1e-9 * fabs(thousand);
  if (smaller && whole)
    return g_strdup_printf("write %.0f with \"unit\": \"%s\", and all energies so", thousand,
                           smaller);
  g_autofree char *quoted = gs_quote(unit);
  return g_strdup_printf("take a unit that is smaller than %s", quoted);
}

bool gs_read_energy_number(GsReader *reader, const GsJson *value, int64_t low, int64_t high,
                           int64_t *out) {
  double number = value && gs_json_type(value) == GS_JSON_NUMBER ? gs_json_number(value) : 0;
  if (number == floor(number) || number < (double)low || number > (double)high)
    return gs_read_integer(reader, value, low, high, out);
  g_autofree char *advice = whole_energy_advice(reader, number, high);
  g_autofree char *must_be = g_strdup_printf(
      "a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "; %s", low, high, advice);
  return gs_reader_fail_found(reader, value, must_be);
}

bool gs_read_count(GsReader *reader, const GsJson *value, uint32_t low, uint32_t high,
                   uint32_t *out) {
  int64_t integer = *out;
  if (!gs_read_integer(reader, value, low, high, &integer))
    return false;
  *out = (uint32_t)integer;
  return true;
}

bool gs_read_number(GsReader *reader, const GsJson *value, double low, double high, double *out) {
  if (!value)
    return true;
  double number = gs_json_type(value) == GS_JSON_NUMBER ? gs_json_number(value) : (double)NAN;
  if (!(number >= low && number <= high)) {
    g_autofree char *first = gs_format_number(low), *last = gs_format_number(high);
    g_autofree char *must_be = g_strdup_printf("a number from %s to %s", first, last);
    return gs_reader_fail_found(reader, value, must_be);
  }
  *out = number;
  return true;
}

bool gs_read_duration(GsReader *reader, const GsJson *value, int64_t *ns) {
  if (!value)
    return true;
  g_autoptr(GError) problem = NULL;
  bool good;
  switch (gs_json_type(value)) {
  case GS_JSON_STRING:
    good = gs_duration_parse(gs_json_string(value), ns, &problem);
    break;
  case GS_JSON_NUMBER:
    good = gs_duration_from_seconds(gs_json_number(value), ns, &problem);
    break;
  default:
    return gs_reader_fail_found(reader, value,
                                "a duration such as \"1.5s\", or a number of seconds");
  }
  return good || gs_reader_fail(reader, value, "%s", problem->message);
}

bool gs_read_period(GsReader *reader, const GsJson *value, int64_t *ns) {
  if (!gs_read_duration(reader, value, ns))
    return false;
  if (value && *ns == 0)
    return gs_reader_fail_found(reader, value, "a duration of at least 1ns");
  return true;
}

bool gs_read_choice(GsReader *reader, const GsJson *value, const char *const *words, guint *index) {
  if (!value)
    return true;
  const char *text = gs_json_type(value) == GS_JSON_STRING ? gs_json_string(value) : NULL;
  for (guint i = 0; text && words[i]; i++)
    if (strcmp(words[i], text) == 0) {
      *index = i;
      return true;
    }
  g_autofree char *list = gs_quote_words(words, " or ");
  const char *nearest = text ? gs_nearest_word(text, words) : NULL;
  if (!nearest)
    return gs_reader_fail_found(reader, value, list);
  g_autofree char *quoted = gs_quote(text);
  return gs_reader_fail(reader, value, "found %s; did you mean \"%s\"?", quoted, nearest);
}

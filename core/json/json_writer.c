/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json_writer.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/limits.h"

typedef struct {
  bool is_object, has_items, compact;
} Level;

struct GsJsonWriter {
  GString *out;
  guint indent, depth;
  bool has_root, has_key, compact_next;
  Level levels[GS_JSON_DEPTH_MAX];
};

GsJsonWriter *gs_json_writer_new(GString *out, guint indent) {
  GsJsonWriter *writer = g_new(GsJsonWriter, 1);
  writer->out = out;
  writer->indent = indent;
  writer->depth = 0;
  writer->has_root = writer->has_key = writer->compact_next = false;
  return writer;
}

void gs_json_writer_free(GsJsonWriter *writer) {
  if (!writer)
    return;
  g_assert(writer->depth == 0);
  g_free(writer);
}

static void new_line(GsJsonWriter *writer, guint depth) {
  gsize spaces = (gsize)depth * writer->indent;
  g_string_append_c(writer->out, '\n');
  gsize old = writer->out->len;
  g_string_set_size(writer->out, old + spaces);
  memset(writer->out->str + old, ' ', spaces);
}

/** What stands between an item (an element, or a member's key) and what is before it. */
static void begin_item(GsJsonWriter *writer, Level *level) {
  bool spread = writer->indent && !level->compact;
  if (level->has_items)
    g_string_append_len(writer->out, ", ", spread ? 1 : 2);
  if (spread)
    new_line(writer, writer->depth);
  level->has_items = true;
}

static void begin_value(GsJsonWriter *writer) {
  if (writer->depth == 0) {
    g_assert(!writer->has_root);
    writer->has_root = true;
    return;
  }
  Level *level = &writer->levels[writer->depth - 1];
  if (level->is_object) {
    g_assert(writer->has_key);
    writer->has_key = false;
  } else {
    begin_item(writer, level);
  }
}

static void begin_container(GsJsonWriter *writer, bool is_object) {
  begin_value(writer);
  g_assert(writer->depth < GS_JSON_DEPTH_MAX);
  bool inside_compact = writer->depth && writer->levels[writer->depth - 1].compact;
  writer->levels[writer->depth++] =
      (Level){.is_object = is_object, .compact = inside_compact || writer->compact_next};
  writer->compact_next = false;
  g_string_append_c(writer->out, is_object ? '{' : '[');
}

static void end_container(GsJsonWriter *writer, bool is_object) {
  g_assert(writer->depth && !writer->has_key);
  const Level *level = &writer->levels[--writer->depth];
  g_assert(level->is_object == is_object);
  if (writer->indent && !level->compact && level->has_items)
    new_line(writer, writer->depth);
  g_string_append_c(writer->out, is_object ? '}' : ']');
}

void gs_json_begin_object(GsJsonWriter *writer) {
  begin_container(writer, true);
}

void gs_json_end_object(GsJsonWriter *writer) {
  end_container(writer, true);
}

void gs_json_begin_array(GsJsonWriter *writer) {
  begin_container(writer, false);
}

void gs_json_end_array(GsJsonWriter *writer) {
  end_container(writer, false);
}

void gs_json_compact_next(GsJsonWriter *writer) {
  writer->compact_next = true;
}

/** Valid UTF-8, escaped as far as JSON demands it. */
static void append_escaped(GString *out, const char *text, gsize length) {
  static const char shorts[] = "btn.fr";
  const char *plain = text, *end = text + length;
  for (const char *at = text; at < end; at++) {
    guchar c = (guchar)*at;
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    g_string_append_len(out, plain, at - plain);
    plain = at + 1;
    if (c == '"' || c == '\\')
      g_string_append_printf(out, "\\%c", c);
    else if (c >= '\b' && c <= '\r' && c != '\v')
      g_string_append_printf(out, "\\%c", shorts[c - '\b']);
    else
      g_string_append_printf(out, "\\u%04x", c);
  }
  g_string_append_len(out, plain, end - plain);
}

static void append_string(GString *out, const char *text) {
  g_string_append_c(out, '"');
  const char *bad;
  while (!g_utf8_validate(text, -1, &bad)) {
    append_escaped(out, text, (gsize)(bad - text));
    g_string_append(out, "\xEF\xBF\xBD");
    text = bad + 1;
  }
  append_escaped(out, text, (gsize)(bad - text));
  g_string_append_c(out, '"');
}

void gs_json_write_key(GsJsonWriter *writer, const char *key) {
  g_assert(writer->depth && writer->levels[writer->depth - 1].is_object && !writer->has_key);
  begin_item(writer, &writer->levels[writer->depth - 1]);
  append_string(writer->out, key);
  g_string_append_len(writer->out, ": ", 2);
  writer->has_key = true;
}

static void append_scalar(GsJsonWriter *writer, const char *text, gsize length) {
  begin_value(writer);
  writer->compact_next = false;
  g_string_append_len(writer->out, text, (gssize)length);
}

void gs_json_write_string(GsJsonWriter *writer, const char *text) {
  append_scalar(writer, "null", text ? 0 : 4);
  if (text)
    append_string(writer->out, text);
}

void gs_json_write_int(GsJsonWriter *writer, int64_t value) {
  char text[24];
  char *at = text + sizeof text, *end = at;
  bool as_string = !gs_json_is_exact(value);
  uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  if (as_string)
    *--at = '"';
  do
    *--at = (char)('0' + size % 10);
  while (size /= 10);
  if (value < 0)
    *--at = '-';
  if (as_string)
    *--at = '"';
  append_scalar(writer, at, (gsize)(end - at));
}

/** "1e+300" and "1e-05" as "1e300" and "1e-5". */
static gsize shorten_exponent(char *text) {
  char *at = strchr(text, 'e');
  if (!at)
    return strlen(text);
  char *from = ++at;
  if (*from == '-')
    at++;
  from += strspn(from, "+-0");
  gsize length = strlen(from);
  memmove(at, from, length + 1);
  return (gsize)(at - text) + length;
}

gsize gs_json_double_text(char text[GS_JSON_DOUBLE_BYTES], double value) {
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
  char format[8];
  g_assert(isfinite(value));
  /* Subnormal numbers have fewer digits to begin with. */
  for (int digits = 1; fabs(value) < DBL_MIN && digits < 15; digits++) {
    g_snprintf(format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd(text, GS_JSON_DOUBLE_BYTES, format, value);
    if (g_ascii_strtod(text, NULL) == value)
      return shorten_exponent(text);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(text, GS_JSON_DOUBLE_BYTES, formats[i], value);
    if (g_ascii_strtod(text, NULL) == value)
      break;
  }
  return shorten_exponent(text);
}

void gs_json_write_double(GsJsonWriter *writer, double value) {
  char text[GS_JSON_DOUBLE_BYTES];
  if (!isfinite(value))
    gs_json_write_null(writer);
  else if (fabs(value) < 1e15 && value == (double)(int64_t)value && !(value == 0 && signbit(value)))
    gs_json_write_int(writer, (int64_t)value);
  else
    append_scalar(writer, text, gs_json_double_text(text, value));
}

void gs_json_write_bool(GsJsonWriter *writer, bool value) {
  append_scalar(writer, value ? "true" : "false", value ? 4 : 5);
}

void gs_json_write_null(GsJsonWriter *writer) {
  append_scalar(writer, "null", 4);
}

void gs_json_member_string(GsJsonWriter *writer, const char *key, const char *value) {
  gs_json_write_key(writer, key);
  gs_json_write_string(writer, value);
}

void gs_json_member_int(GsJsonWriter *writer, const char *key, int64_t value) {
  gs_json_write_key(writer, key);
  gs_json_write_int(writer, value);
}

void gs_json_member_double(GsJsonWriter *writer, const char *key, double value) {
  gs_json_write_key(writer, key);
  gs_json_write_double(writer, value);
}

void gs_json_member_bool(GsJsonWriter *writer, const char *key, bool value) {
  gs_json_write_key(writer, key);
  gs_json_write_bool(writer, value);
}

static void write_children(GsJsonWriter *writer, const GsJson *container) {
  for (const GsJson *child = gs_json_first(container); child; child = gs_json_next(child)) {
    if (gs_json_key(child))
      gs_json_write_key(writer, gs_json_key(child));
    gs_json_write_value(writer, child);
  }
}

/** As deep as the document, which has a limit. */
void gs_json_write_value(GsJsonWriter *writer, const GsJson *value) {
  int64_t integer;
  switch (gs_json_type(value)) {
  case GS_JSON_OBJECT:
    gs_json_begin_object(writer);
    write_children(writer, value);
    gs_json_end_object(writer);
    break;
  case GS_JSON_ARRAY:
    gs_json_compact_next(writer);
    gs_json_begin_array(writer);
    write_children(writer, value);
    gs_json_end_array(writer);
    break;
  case GS_JSON_STRING:
    gs_json_write_string(writer, gs_json_string(value));
    break;
  case GS_JSON_NUMBER:
    if (gs_json_integer(value, &integer))
      gs_json_write_int(writer, integer);
    else
      gs_json_write_double(writer, gs_json_number(value));
    break;
  case GS_JSON_BOOL:
    gs_json_write_bool(writer, gs_json_bool(value));
    break;
  case GS_JSON_NULL:
    gs_json_write_null(writer);
    break;
  }
}

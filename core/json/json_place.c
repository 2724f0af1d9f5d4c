/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json_place.h"

#include <string.h>

#include "core/error.h"
#include "core/json/json.h"

/** Longest message, in bytes: it may quote keys and strings of any length. */
#define MESSAGE_BYTES_MAX 1000

/** Where the byte at `offset` stands. O(offset). */
static GsJsonPlace place_at(const GsJsonText *text, gsize offset) {
  GsJsonPlace place = {1, 1};
  const char *at = text->bytes, *end = text->bytes + offset;
  const char *newline;
  while (at < end && (newline = memchr(at, '\n', (gsize)(end - at)))) {
    place.line++;
    at = newline + 1;
  }
  for (; at < end; at++)
    place.column += ((guchar)*at & 0xC0) != 0x80;
  return place;
}

char *gs_json_place_text(const GsJsonText *text, gsize offset) {
  GsJsonPlace place = place_at(text, offset);
  if (!text->source)
    return g_strdup_printf("line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT, place.line,
                           place.column);
  return g_strdup_printf("%s:%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT, text->source, place.line,
                         place.column);
}

const char *gs_json_skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
    at++;
  return at;
}

const char *gs_json_skip_string(const char *at) {
  for (at++; *at != '"'; at++)
    at += *at == '\\';
  return at + 1;
}

const char *gs_json_skip_colon(const char *at, const char *end) {
  return gs_json_skip_space(gs_json_skip_space(at, end) + 1, end);
}

static bool in_number(char c) {
  return g_ascii_isdigit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

const char *gs_json_skip_value(const char *at, const char *end, uint64_t *numbers) {
  gsize open = 0;
  do {
    if (*at == '"') {
      at = gs_json_skip_string(at);
    } else if (g_ascii_isdigit(*at) || *at == '-') {
      ++*numbers;
      while (at < end && in_number(*at))
        at++;
    } else if (g_ascii_isalpha(*at)) {
      while (at < end && g_ascii_isalpha(*at))
        at++;
    } else {
      open += *at == '[' || *at == '{';
      open -= *at == ']' || *at == '}';
      at++;
    }
  } while (open);
  return at;
}

gsize gs_json_find_offset(const GsJsonText *text, const guint *ordinals, guint depth, bool key) {
  const char *end = text->bytes + text->length;
  const char *at = gs_json_skip_space(text->bytes, end);
  uint64_t numbers = 0;
  for (guint level = 0; level < depth; level++) {
    bool in_object = *at++ == '{';
    for (guint child = 0;; child++) {
      at = gs_json_skip_space(at, end);
      const char *start = at;
      if (in_object)
        at = gs_json_skip_colon(gs_json_skip_string(at), end);
      if (child == ordinals[level]) {
        if (key && level == depth - 1)
          at = start;
        break;
      }
      at = gs_json_skip_space(gs_json_skip_value(at, end, &numbers), end) + 1;
    }
  }
  return (gsize)(at - text->bytes);
}

char *gs_json_element_place(const char *text, gsize length, guint member, guint element) {
  const GsJsonText whole = {.bytes = text, .length = length};
  const guint ordinals[] = {member, element};
  guint depth = element == G_MAXUINT ? 1 : 2;
  return gs_json_place_text(&whole, gs_json_find_offset(&whole, ordinals, depth, false));
}

bool gs_json_fail_at(const GsJsonText *text, gsize offset, GError **error, int code,
                     const char *format, ...) {
  if (!error)
    return false;
  g_autofree char *place = gs_json_place_text(text, offset);
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *message = g_strconcat(place, ": ", what, NULL);
  gs_json_set_error(error, code, message);
  return false;
}

void gs_json_set_error(GError **error, int code, const char *message) {
  g_autofree char *valid = g_utf8_make_valid(message, -1);
  g_autoptr(GString) line = g_string_new(NULL);
  const char *at = valid;
  for (; *at && line->len < MESSAGE_BYTES_MAX; at += g_utf8_skip[(guchar)*at]) {
    gunichar c = g_utf8_get_char(at);
    GUnicodeType type = g_unichar_type(c);
    /* Format characters could reverse or hide the rest of the line. */
    if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
        type == G_UNICODE_PARAGRAPH_SEPARATOR)
      g_string_append_printf(line, "U+%04X", c);
    else
      g_string_append_unichar(line, c);
  }
  if (*at)
    g_string_append(line, "…");
  g_set_error_literal(error, GS_ERROR, code, line->str);
}

char *gs_json_describe_char(const char *at, const char *end) {
  if (at == end)
    return g_strdup("the end of the document");
  gunichar c = g_utf8_get_char(at);
  if (!g_unichar_isprint(c))
    return g_strdup_printf("U+%04X", c);
  char text[8] = {0};
  g_unichar_to_utf8(c, text);
  return c == '\'' ? g_strdup("\"'\"") : g_strdup_printf("'%s'", text);
}

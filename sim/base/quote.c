/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/quote.h"

#include <math.h>
#include <stdlib.h>

#include "core/json/json_writer.h"

#define QUOTED_CHARACTERS_MAX 60

char *gs_quote(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  GString *out = g_string_new("\"");
  guint count = 0;
  for (char *at = valid; *at; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    if (count++ == QUOTED_CHARACTERS_MAX) {
      g_string_append(out, "…");
      break;
    }
    if (character == '"' || character == '\\')
      g_string_append_printf(out, "\\%c", (char)character);
    else if (g_unichar_iscntrl(character))
      g_string_append_printf(out, "\\u%04x", character);
    else
      g_string_append_unichar(out, character);
  }
  g_string_append_c(out, '"');
  return g_string_free(out, FALSE);
}

char *gs_format_number(double number) {
  char text[GS_JSON_DOUBLE_BYTES];
  if (!isfinite(number))
    return g_strdup(isnan(number) ? "nan" : number > 0 ? "inf" : "-inf");
  gs_json_double_text(text, number);
  return g_strdup(text);
}

char *gs_quote_words(const char *const *words, const char *last_separator) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; words[i]; i++) {
    if (i > 0)
      g_string_append(out, words[i + 1] ? ", " : last_separator);
    g_string_append_printf(out, "\"%s\"", words[i]);
  }
  return g_string_free(out, FALSE);
}

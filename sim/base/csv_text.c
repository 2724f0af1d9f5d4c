/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/csv_text.h"

#include <string.h>

static void append_quoted(GString *out, const char *before, const char *text) {
  g_string_append_printf(out, "\"%s", before);
  for (; *text; text++) {
    if (*text == '"')
      g_string_append_c(out, '"');
    g_string_append_c(out, *text);
  }
  g_string_append_c(out, '"');
}

void gs_csv_append(GString *out, const char *text) {
  if (strpbrk(text, ",\"\r\n"))
    append_quoted(out, "", text);
  else
    g_string_append(out, text);
}

/** Also what would be taken for one that was made harmless. */
bool gs_csv_is_formula(const char *text) {
  char *end;
  g_ascii_strtod(text, &end);
  bool number = end != text && !*end && !g_ascii_isspace(*text);
  return *text && strchr("=+-@\t\r\n'", *text) && !number;
}

void gs_csv_append_foreign(GString *out, const char *text) {
  if (gs_csv_is_formula(text))
    append_quoted(out, "'", text);
  else
    gs_csv_append(out, text);
}

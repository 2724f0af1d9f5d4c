/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/dot_text.h"

#include <string.h>

#include "sim/import/entity.h"

/** What begins with &; gives the bytes that were read. */
static gsize append_entity(GString *out, const char *text, gsize length, guint *unknown) {
  gunichar character;
  gsize read = gs_entity(text, text + length, &character);
  if (character)
    g_string_append_unichar(out, character);
  else
    g_string_append_len(out, text, (gssize)MAX(read, 1));
  *unknown += read > 0 && !character;
  return MAX(read, 1);
}

/** One byte, escape or entity; gives the bytes that were read. */
static gsize append_one(GString *out, const char *text, gsize length, guint *unknown) {
  if (*text == '&')
    return append_entity(out, text, length, unknown);
  if (*text != '\\' || length == 1) {
    g_string_append_c(out, *text);
    return 1;
  }
  g_string_append_c(out, strchr("nlr", text[1]) ? ' ' : text[1]);
  return 2;
}

void gs_dot_append_label(GString *out, const char *text, gsize length, const char *node,
                         const char *graph, guint *unknown) {
  for (gsize at = 0; at < length && out->len <= GS_DOT_LABEL_BYTES_MAX;) {
    char letter = text[at] == '\\' && at + 1 < length ? text[at + 1] : '\0';
    const char *name = letter == 'N' ? node : letter == 'G' ? graph : NULL;
    if (!name) {
      at += append_one(out, text + at, length - at, unknown);
      continue;
    }
    gsize rest = strlen(name);
    while (rest > 0 && out->len <= GS_DOT_LABEL_BYTES_MAX) {
      gsize read = append_one(out, name, rest, unknown);
      name += read;
      rest -= read;
    }
    at += 2;
  }
}

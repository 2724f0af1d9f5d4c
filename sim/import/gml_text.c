/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/entity.h"
#include "sim/import/gml_scan.h"

char *gs_gml_unquote(const GsGmlToken *token, GsOccurrences *unknown) {
  const char *at = token->text, *end = at + token->length, *mark;
  if (token->kind != GS_GML_TEXT || !memchr(at, '&', token->length))
    return g_strndup(at, token->length);
  GString *out = g_string_sized_new(token->length);
  while ((mark = memchr(at, '&', (gsize)(end - at)))) {
    gunichar character;
    gsize length = gs_entity(mark, end, &character);
    g_string_append_len(out, at, mark - at);
    if (character)
      g_string_append_unichar(out, character);
    else
      g_string_append_len(out, mark, (gssize)MAX(length, 1));
    if (length && !character)
      gs_occurs(unknown, token->line);
    at = mark + MAX(length, 1);
  }
  g_string_append_len(out, at, end - at);
  return g_string_free(out, FALSE);
}

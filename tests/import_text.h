/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

#include "sim/import/import.h"

/** The graph of a text as if it were in a file of that name. */
static inline GsGraph *import_bytes(const char *name, GsGraphFormat format, const char *text,
                                    gsize length, GError **error) {
  g_autoptr(GBytes) content = g_bytes_new(text, length);
  return gs_import_graph(&(GsImport){.path = name, .format = format, .content = content}, error);
}

static inline GsGraph *import_text(const char *name, GsGraphFormat format, const char *text,
                                   GError **error) {
  return import_bytes(name, format, text, strlen(text), error);
}

/** All notes, "kind count: text" a line. Free with g_free. */
static inline char *notes_of(const GsGraph *graph) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; graph->notes && i < graph->notes->len; i++) {
    const GsGraphNote *note = graph->notes->pdata[i];
    g_string_append_printf(out, "%s %u: %s\n", note->kind, note->count, note->text);
  }
  return g_string_free(out, FALSE);
}

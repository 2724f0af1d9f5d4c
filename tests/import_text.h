/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#include "core/error.h"
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

/** "A|B|C: 0-1 1-2" of names and links. Free with g_free. */
static inline char *links_shown(const GsGraph *graph) {
  g_autofree char *labels = g_strjoinv("|", graph->labels);
  GString *out = g_string_new(labels);
  g_string_append_c(out, ':');
  for (uint32_t i = 0; i < graph->links; i++)
    g_string_append_printf(out, " %u-%u", graph->edges[i].a, graph->edges[i].b);
  return g_string_free(out, FALSE);
}

/** "A 1.5/0.2, B /3; 0-1" of names with production and consumption, and links. Free with g_free. */
static inline char *energies_shown(const GsGraph *graph) {
  GString *text = g_string_new(NULL);
  for (uint32_t i = 0; i < graph->nodes; i++) {
    g_autofree char *made = graph->production ? gs_decimal_text(graph->production[i]) : NULL;
    g_autofree char *used = graph->consumption ? gs_decimal_text(graph->consumption[i]) : NULL;
    g_string_append_printf(text, "%s%s %s/%s", i ? ", " : "", graph->labels[i], made ? made : "",
                           used ? used : "");
  }
  g_string_append_c(text, ';');
  for (uint32_t i = 0; i < graph->links; i++)
    g_string_append_printf(text, " %u-%u", graph->edges[i].a, graph->edges[i].b);
  return g_string_free(text, FALSE);
}

/** What is read of the file with its notes in lines behind it, or the message. Free with g_free. */
static inline char *what_is_read(const char *name, const char *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = import_text(name, GS_GRAPH_AUTO, text, &error);
  if (!graph)
    return g_strdup(error->message);
  g_autofree char *grid = links_shown(graph);
  g_autofree char *notes = notes_of(graph);
  return g_strconcat(grid, *notes ? "\n" : "", g_strchomp(notes), NULL);
}

/** The graph of a text that must be one. */
static inline GsGraph *import_good(const char *name, const char *text) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = import_text(name, GS_GRAPH_AUTO, text, &error);
  cr_assert(graph, "%s\n%s", text, error ? error->message : "no error");
  return graph;
}

/** That a text is refused with this message. */
static inline void assert_import_fails(const char *name, GsGraphFormat format, const char *text,
                                       GsError code, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = import_text(name, format, text, &error);
  cr_assert_null(graph, "%s was read", text);
  cr_expect_str_eq(error->message, message, "%s\n%s", error->message, message);
  cr_expect(g_error_matches(error, GS_ERROR, (gint)code));
}

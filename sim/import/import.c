/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/import.h"

#include <stdarg.h>
#include <string.h>

#include "core/error.h"
#include "core/json/utf8.h"
#include "sim/import/readers.h"
#include "sim/import/unpack.h"

/** Most bytes of a text from a file that a message shows. */
#define SHOWN_BYTES_MAX 60

static const GsGraphReader readers[GS_GRAPH_FORMATS] = {
    [GS_GRAPH_GRAPHML] = gs_read_graphml,
    [GS_GRAPH_GML] = gs_read_gml,
    [GS_GRAPH_TABLE] = gs_read_table,
    [GS_GRAPH_MATRIX_MARKET] = gs_read_matrix_market,
    [GS_GRAPH_NODE_LINK] = gs_read_node_link,
    [GS_GRAPH_PAJEK] = gs_read_pajek,
    [GS_GRAPH_MATPOWER] = gs_read_matpower,
    [GS_GRAPH_ADJACENCY] = gs_read_table,
    [GS_GRAPH_DOT] = gs_read_dot,
};

bool gs_read_wrong(const GsDraft *draft, guint64 line, GError **error, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *message = g_strdup_vprintf(format, list);
  va_end(list);
  if (line > 0)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s:%" G_GUINT64_FORMAT ": %s",
                gs_draft_source(draft), line, message);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: %s", gs_draft_source(draft), message);
  return false;
}

char *gs_shown(const char *text, gsize length) {
  g_autofree char *start = g_strndup(text, MIN(length, 2 * SHOWN_BYTES_MAX));
  g_autofree char *valid = g_utf8_make_valid(start, -1);
  int shown = gs_utf8_bytes_up_to(valid, SHOWN_BYTES_MAX);
  for (char *at = valid; *at; at++)
    if (g_ascii_iscntrl(*at))
      *at = ' ';
  return g_strdup_printf("\"%.*s%s\"", shown, valid, valid[shown] ? "\u2026" : "");
}

/** What the file is; false: it is not read, or content and name speak of different things. */
static bool find_format(const GsImport *import, const char *text, gsize length,
                        GsGraphFormat *format, GError **error) {
  GsForm form = gs_form_of_text(text, length);
  if (form.how) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is %s: %s", import->path, form.what,
                form.how);
    return false;
  }
  bool told = import->format != GS_GRAPH_AUTO;
  GsGraphFormat named = told ? import->format : gs_form_of_name(import->path);
  *format =
      named == GS_GRAPH_AUTO || form.format == GS_GRAPH_AUTO ? MAX(named, form.format) : named;
  if (*format == GS_GRAPH_AUTO) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is empty; must be a graph file",
                import->path);
    return false;
  }
  /* A table is what has no mark of anything else; these may begin with anything. */
  bool marked =
      form.format != GS_GRAPH_TABLE ||
      (named != GS_GRAPH_GML && named != GS_GRAPH_MATPOWER && named != GS_GRAPH_ADJACENCY);
  if (form.format == GS_GRAPH_AUTO || form.format == *format || !marked)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: %s says %s, its content is %s; %s",
              import->path, told ? "\"format\"" : "its name", gs_graph_format_title(named),
              form.what, told ? "one of them is wrong" : "rename it, or say its \"format\"");
  return false;
}

bool gs_read_check_text(const char *path, const char *text, gsize length, GError **error) {
  const char *wrong = NULL;
  if (g_utf8_validate_len(text, length, &wrong))
    return true;
  guint64 line = 1;
  for (const char *at = text; at < wrong; at++)
    line += *at == '\n';
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s:%" G_GUINT64_FORMAT ": found %s; must be text in UTF-8", path, line,
              *wrong ? "bytes that are no UTF-8" : "a NUL byte");
  return false;
}

/** Columns, and a table of nodes beside it, are a thing of tables. */
static bool check_beside(const GsImport *import, GsGraphFormat format, GError **error) {
  const GsImportColumns *columns = &import->columns;
  bool has_columns = columns->from || columns->latency;
  if (format == GS_GRAPH_TABLE || format == GS_GRAPH_ADJACENCY ||
      !(import->nodes_content || has_columns))
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: is %s, and \"%s\" is of a table of links; must be one, or without", import->path,
              gs_graph_format_title(format), has_columns ? "columns" : "nodes");
  return false;
}

static GsGraph *import_text(const GsImport *import, GError **error) {
  gsize length;
  const char *text = g_bytes_get_data(import->content, &length);
  GsGraphFormat format;
  if (!find_format(import, text ? text : "", length, &format, error))
    return NULL;
  /* XML says in which encoding it is. */
  if (format != GS_GRAPH_GRAPHML &&
      !gs_read_check_text(import->path, text ? text : "", length, error))
    return NULL;
  if (!check_beside(import, format, error))
    return NULL;
  g_autoptr(GsDraft) draft = gs_draft_new(import->path);
  if (!readers[format](draft, import, text ? text : "", length, error))
    return NULL;
  return gs_draft_finish(draft, error);
}

/** "links.csv.gz": "links.csv". */
static char *unpacked_name(const char *path) {
  bool ends = g_str_has_suffix(path, ".gz");
  return g_strndup(path, strlen(path) - (ends ? strlen(".gz") : 0));
}

/** The same of what is packed in it. */
static GsGraph *import_packed(const GsImport *import, GError **error) {
  g_autoptr(GBytes) content = gs_unpack(import->content, import->path, GS_GRAPH_BYTES_MAX, error);
  if (!content)
    return NULL;
  g_autofree char *path = unpacked_name(import->path);
  GsImport unpacked = *import;
  unpacked.path = path;
  unpacked.content = content;
  return import_text(&unpacked, error);
}

GsGraph *gs_import_graph(const GsImport *import, GError **error) {
  gsize length;
  const void *content = g_bytes_get_data(import->content, &length);
  return gs_is_packed(content, length) ? import_packed(import, error) : import_text(import, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/quote.h"
#include "sim/import/import.h"
#include "sim/scenario/read_parts.h"

GBytes *gs_read_input(GsReader *reader, const GsJson *value, const char *member, const char *path) {
  if (reader->limits->no_files) {
    gs_reader_fail(reader, value, "graph files may not be read here");
    return NULL;
  }
  g_autoptr(GError) problem = NULL;
  char fingerprint[GS_FINGERPRINT_DIGITS + 1];
  GBytes *content =
      gs_input_files_read(reader->limits->files, path, GS_GRAPH_BYTES_MAX, fingerprint, &problem);
  if (!content) {
    gs_json_fail(reader->doc, value, reader->error, problem->code, "%s", problem->message);
    return NULL;
  }
  GsInputFile *input = g_new0(GsInputFile, 1);
  gsize bytes = g_bytes_get_size(content);
  bool kept = reader->limits->files || bytes <= GS_INPUT_KEPT_BYTES_MAX;
  *input = (GsInputFile){.member = member,
                         .named = g_strdup(gs_json_string(value)),
                         .path = g_strdup(path),
                         .bytes = bytes,
                         .content = kept ? g_bytes_ref(content) : NULL};
  memcpy(input->fingerprint, fingerprint, sizeof fingerprint);
  g_ptr_array_add(reader->scenario->inputs, input);
  return content;
}

/** What is told of a file, and owned by this. */
typedef struct {
  GsImport import;
  char *path, *nodes_path;
  char *columns[6];
} Asked;

static void clear(Asked *asked) {
  g_clear_pointer(&asked->import.content, g_bytes_unref);
  g_clear_pointer(&asked->import.nodes_content, g_bytes_unref);
  g_free(asked->path);
  g_free(asked->nodes_path);
  for (guint i = 0; i < G_N_ELEMENTS(asked->columns); i++)
    g_free(asked->columns[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, clear)

/** Columns of a table of links, or of one of nodes. */
static bool read_columns(GsReader *reader, const GsJson *value, bool of_nodes, Asked *asked) {
  static const char *const of_links_members[] = {"from", "to", "latency", NULL};
  static const char *const of_nodes_members[] = {"id", "production", "consumption", NULL};
  const char *const *members = of_nodes ? of_nodes_members : of_links_members;
  GsImportColumns *columns = &asked->import.columns;
  const char **of_links[] = {&columns->from, &columns->to, &columns->latency};
  const char **of_table[] = {&columns->id, &columns->production, &columns->consumption};
  if (!value)
    return true;
  if (!gs_read_object(reader, value, members))
    return false;
  for (guint i = 0; members[i]; i++) {
    char **owned = &asked->columns[i + (of_nodes ? 3 : 0)];
    if (!gs_read_label(reader, gs_json_member(value, members[i]), owned))
      return false;
    *(of_nodes ? of_table : of_links)[i] = *owned;
  }
  if (!of_nodes && (columns->from == NULL) != (columns->to == NULL))
    return gs_reader_fail_missing(reader, value, columns->from ? "to" : "from",
                                  "\"columns\" with one end of a link");
  return true;
}

/** A table of nodes beside a table of links. */
static bool read_nodes(GsReader *reader, const GsJson *value, Asked *asked) {
  static const char *const members[] = {"file", "columns", NULL};
  if (!value)
    return true;
  if (!gs_read_object(reader, value, members))
    return false;
  const GsJson *file = gs_json_member(value, "file");
  g_autofree char *name = NULL;
  if (!file)
    return gs_reader_fail_missing(reader, value, "file", "a table of nodes");
  if (!gs_read_string(reader, file, &name) ||
      !read_columns(reader, gs_json_member(value, "columns"), true, asked))
    return false;
  asked->nodes_path = gs_input_path(reader->scenario->source, name);
  asked->import.nodes_path = asked->nodes_path;
  asked->import.nodes_content =
      gs_read_input(reader, file, "topology.nodes.file", asked->nodes_path);
  return asked->import.nodes_content != NULL;
}

static bool read_format(GsReader *reader, const GsJson *value, GsGraphFormat *format) {
  const char *formats[GS_GRAPH_FORMATS] = {NULL};
  for (GsGraphFormat i = GS_GRAPH_AUTO + 1; i < GS_GRAPH_FORMATS; i++)
    formats[i - 1] = gs_graph_format_name(i);
  guint index = 0;
  if (!gs_read_choice(reader, value, formats, &index))
    return false;
  *format = value ? (GsGraphFormat)(index + 1) : GS_GRAPH_AUTO;
  return true;
}

GsGraph *gs_read_imported(GsReader *reader, const GsJson *value, const char *name, GsGraph *graph,
                          const GError *problem) {
  reader->scenario->topology = g_strdup(name);
  reader->scenario->topology_kind = GS_TOPOLOGY_FILE;
  if (!graph)
    gs_json_fail(reader->doc, value, reader->error, problem->code, "%s", problem->message);
  return graph;
}

/** The unit of what is in the file, where it does not say it itself. */
static bool take_unit(GsReader *reader, const GsJson *value, GsGraph *graph) {
  g_autofree char *unit = NULL;
  if (!gs_read_label(reader, value, &unit))
    return false;
  if (!unit || g_strcmp0(graph->unit, unit) == 0)
    return true;
  if (graph->unit) {
    g_autofree char *quoted = gs_quote(unit);
    return gs_reader_fail(reader, value, "found %s; the file says that it is in %s", quoted,
                          graph->unit);
  }
  graph->unit = g_steal_pointer(&unit);
  return true;
}

GsGraph *gs_read_graph_file(GsReader *reader, const GsJson *value) {
  const GsJson *file = gs_json_member(value, "file");
  g_auto(Asked) asked = {.path = NULL};
  GsImport *import = &asked.import;
  g_autofree char *name = NULL;
  if (!gs_read_string(reader, file, &name) ||
      !read_format(reader, gs_json_member(value, "format"), &import->format) ||
      !read_columns(reader, gs_json_member(value, "columns"), false, &asked))
    return NULL;
  asked.path = gs_input_path(reader->scenario->source, name);
  import->path = asked.path;
  import->content = gs_read_input(reader, file, "topology.file", asked.path);
  if (!import->content || !read_nodes(reader, gs_json_member(value, "nodes"), &asked))
    return NULL;
  g_autoptr(GError) problem = NULL;
  g_autoptr(GsGraph) graph = gs_import_graph(import, &problem);
  if (graph && !take_unit(reader, gs_json_member(value, "unit"), graph))
    return NULL;
  g_autofree char *shown = g_strdup_printf("graph file %s", asked.path);
  return gs_read_imported(reader, value, shown, g_steal_pointer(&graph), problem);
}

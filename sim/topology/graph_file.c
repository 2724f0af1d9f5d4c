/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/graph_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/topology/edge_list.h"
#include "sim/topology/graph.h"
#include "sim/topology/graph_attributes.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/labels.h"

static const struct {
  const char *ending;
  GsGraphFormat format;
} endings[] = {
    {".graphml", GS_GRAPH_GRAPHML}, {".xml", GS_GRAPH_GRAPHML},    {".gml", GS_GRAPH_GML},
    {".edges", GS_GRAPH_EDGES},     {".edgelist", GS_GRAPH_EDGES}, {".txt", GS_GRAPH_EDGES},
    {".csv", GS_GRAPH_EDGES},       {".tsv", GS_GRAPH_EDGES},
};

static bool find_format(const GsTopologySpec *spec, GsGraphFormat *format, GError **error) {
  *format = spec->format;
  if (*format != GS_GRAPH_AUTO)
    return true;
  g_autofree char *lower = g_ascii_strdown(spec->file, -1);
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i].ending)) {
      *format = endings[i].format;
      return true;
    }
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: the format cannot be told from the name; must end in .graphml or .xml, .gml, or "
              "for lists of links .edges, .edgelist, .txt, .csv or .tsv; or say the format",
              spec->file);
  return false;
}

/** Opens a regular file without waiting for anything (a FIFO would block). */
static FILE *open_file(const char *path, guint64 *size, GError **error) {
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  struct stat facts;
  if (fd < 0 || fstat(fd, &facts) != 0) {
    int code =
        errno == ENOENT || errno == ENOTDIR || errno == EACCES ? GS_ERROR_INPUT : GS_ERROR_SYSTEM;
    g_set_error(error, GS_ERROR, code, "%s: cannot be read: %s", path, g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return NULL;
  }
  *size = (guint64)facts.st_size;
  FILE *file = NULL;
  if (!S_ISREG(facts.st_mode))
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is %s; must be a regular file", path,
                S_ISDIR(facts.st_mode) ? "a folder" : "no regular file");
  else if (*size > GS_GRAPH_BYTES_MAX)
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
                "%s: %" G_GUINT64_FORMAT " bytes; at most %" G_GUINT64_FORMAT " are allowed", path,
                *size, GS_GRAPH_BYTES_MAX);
  else if (!(file = fdopen(fd, "r")))
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be read: %s", path,
                g_strerror(errno));
  if (!file)
    close(fd);
  return file;
}

/** All of the file. */
static GBytes *read_content(const char *path, GError **error) {
  guint64 size = 0;
  FILE *file = open_file(path, &size, error);
  if (!file)
    return NULL;
  char *text = g_try_malloc(size + 1);
  gsize length = text ? fread(text, 1, size, file) : 0;
  bool good = text && !ferror(file);
  if (!good)
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: %s%s", path,
                text ? "cannot be read: " : "not enough memory", text ? g_strerror(errno) : "");
  fclose(file);
  if (good)
    return g_bytes_new_take(text, length);
  g_free(text);
  return NULL;
}

static GsGraph *read_igraph(FILE *file, const char *path, GsGraphFormat format, GError **error) {
  bool graphml = format == GS_GRAPH_GRAPHML;
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, 0, error))
    return NULL;
  igraph_t read;
  GsGraph *graph = NULL;
  GsEdge *edges = NULL;
  uint32_t nodes = 0, links = 0;
  g_autofree char *what =
      g_strdup_printf("%s: is no %s that can be read", path, graphml ? "GraphML" : "GML");
  igraph_error_t result =
      graphml ? igraph_read_graph_graphml(&read, file, 0) : igraph_read_graph_gml(&read, file);
  if (gs_igraph_check(result, GS_ERROR_INPUT, what, error)) {
    if (gs_igraph_take_edges(&read, path, &nodes, &edges, &links, error)) {
      graph = gs_graph_new(nodes, edges, links);
      gs_graph_attributes_take(&read, graph);
    }
    igraph_destroy(&read);
  }
  gs_igraph_leave(&guard);
  return graph;
}

static GsGraph *read_graph(GBytes *content, const char *path, GsGraphFormat format,
                           GError **error) {
  gsize length;
  const char *text = g_bytes_get_data(content, &length);
  if (format == GS_GRAPH_EDGES)
    return gs_edge_list_read(text ? text : "", length, path, error);
  /* Opened for reading, it is not written to. */
  FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");
  if (!file) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be read: %s", path,
                g_strerror(errno));
    return NULL;
  }
  GsGraph *graph = read_igraph(file, path, format, error);
  fclose(file);
  if (graph && !graph->places && format == GS_GRAPH_GML)
    graph->places = gs_places_of_gml(text, length, graph->nodes);
  return graph;
}

GsGraph *gs_graph_file_read(const GsTopologySpec *spec, GError **error) {
  GsGraphFormat format;
  if (!find_format(spec, &format, error))
    return NULL;
  g_autoptr(GBytes) content =
      spec->content ? g_bytes_ref(spec->content) : read_content(spec->file, error);
  g_autoptr(GsGraph) graph = content ? read_graph(content, spec->file, format, error) : NULL;
  if (!graph)
    return NULL;
  if (graph->nodes == 0) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: has no nodes; must have at least one",
                spec->file);
    return NULL;
  }
  if (graph->labels)
    gs_labels_tidy(graph->labels, graph->nodes);
  return g_steal_pointer(&graph);
}

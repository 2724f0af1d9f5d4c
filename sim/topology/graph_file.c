/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/graph_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/topology/edge_list.h"
#include "sim/topology/graph.h"
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

/** Whether nodes have the attribute, and whether as text. */
static bool has_attribute(const igraph_t *read, const char *name, bool *is_text) {
  igraph_strvector_t names, ignored_names;
  igraph_vector_int_t types, ignored_types;
  bool found = false;
  if (igraph_strvector_init(&names, 0) != IGRAPH_SUCCESS)
    return false;
  igraph_strvector_init(&ignored_names, 0);
  igraph_vector_int_init(&types, 0);
  igraph_vector_int_init(&ignored_types, 0);
  if (igraph_cattribute_list(read, &ignored_names, &ignored_types, &names, &types, NULL, NULL) ==
      IGRAPH_SUCCESS)
    for (igraph_integer_t i = 0; i < igraph_strvector_size(&names); i++)
      if (strcmp(igraph_strvector_get(&names, i), name) == 0) {
        igraph_integer_t type = VECTOR(types)[i];
        *is_text = type == IGRAPH_ATTRIBUTE_STRING;
        found = *is_text || type == IGRAPH_ATTRIBUTE_NUMERIC;
      }
  igraph_strvector_destroy(&names);
  igraph_strvector_destroy(&ignored_names);
  igraph_vector_int_destroy(&types);
  igraph_vector_int_destroy(&ignored_types);
  return found;
}

static char **take_attribute(const igraph_t *read, const char *name, bool is_text) {
  igraph_integer_t nodes = igraph_vcount(read);
  char **labels = g_new0(char *, (gsize)nodes + 1);
  for (igraph_integer_t i = 0; i < nodes; i++) {
    double number = is_text ? 0 : igraph_cattribute_VAN(read, name, i);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    labels[i] =
        is_text ? g_strdup(igraph_cattribute_VAS(read, name, i))
                : g_strdup(isnan(number) ? ""
                                         : g_ascii_formatd(digits, sizeof digits, "%.15g", number));
  }
  return labels;
}

static bool all_numbers(char *const *labels) {
  for (; *labels; labels++)
    if (!**labels || strspn(*labels, "0123456789") != strlen(*labels))
      return false;
  return true;
}

/** What the file calls its nodes, not tidied, or NULL. */
static char **take_labels(const igraph_t *read) {
  static const char *const places[] = {"label", "name"};
  bool is_text;
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    if (has_attribute(read, places[i], &is_text))
      return take_attribute(read, places[i], is_text);
  /* Ids that only count say less than our own numbers do. */
  if (!has_attribute(read, "id", &is_text) || !is_text)
    return NULL;
  g_auto(GStrv) ids = take_attribute(read, "id", true);
  return all_numbers(ids) ? NULL : g_steal_pointer(&ids);
}

/** The attribute of that name, however it is written; free with g_free. NULL: none. */
static char *find_attribute(const igraph_t *read, const char *name) {
  igraph_strvector_t names, ignored_names;
  igraph_vector_int_t types, ignored_types;
  char *found = NULL;
  if (igraph_strvector_init(&names, 0) != IGRAPH_SUCCESS)
    return NULL;
  igraph_strvector_init(&ignored_names, 0);
  igraph_vector_int_init(&types, 0);
  igraph_vector_int_init(&ignored_types, 0);
  if (igraph_cattribute_list(read, &ignored_names, &ignored_types, &names, &types, NULL, NULL) ==
      IGRAPH_SUCCESS)
    for (igraph_integer_t i = 0; i < igraph_strvector_size(&names) && !found; i++)
      if (g_ascii_strcasecmp(igraph_strvector_get(&names, i), name) == 0)
        found = g_strdup(igraph_strvector_get(&names, i));
  igraph_strvector_destroy(&names);
  igraph_strvector_destroy(&ignored_names);
  igraph_vector_int_destroy(&types);
  igraph_vector_int_destroy(&ignored_types);
  return found;
}

static double *take_numbers(const igraph_t *read, const char *name) {
  uint32_t nodes = (uint32_t)igraph_vcount(read);
  bool is_text = false;
  double *numbers = g_new(double, MAX(nodes, 1));
  has_attribute(read, name, &is_text);
  for (uint32_t i = 0; i < nodes; i++) {
    const char *text = is_text ? igraph_cattribute_VAS(read, name, i) : NULL;
    char *end = NULL;
    numbers[i] = is_text ? g_ascii_strtod(text, &end) : igraph_cattribute_VAN(read, name, i);
    if (is_text && (end == text || *end != '\0'))
      numbers[i] = (double)NAN;
  }
  return numbers;
}

/** Where the file says that its nodes are; NULL: it does not. */
static GsPlaces *take_places(const igraph_t *read) {
  static const struct {
    GsPlacesKind kind;
    const char *x, *y;
  } pairs[] = {{GS_PLACES_ON_EARTH, "longitude", "latitude"},
               {GS_PLACES_ON_EARTH, "lon", "lat"},
               {GS_PLACES_ON_EARTH, "lng", "lat"},
               {GS_PLACES_ON_EARTH, "long", "lat"},
               {GS_PLACES_UPWARD, "x", "y"}};
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autofree char *x = find_attribute(read, pairs[i].x), *y = find_attribute(read, pairs[i].y);
    if (x && y)
      return gs_places_new(pairs[i].kind, (uint32_t)igraph_vcount(read), take_numbers(read, x),
                           take_numbers(read, y), x, y);
  }
  return NULL;
}

static GsGraph *read_igraph(FILE *file, const char *path, GsGraphFormat format, GError **error) {
  bool graphml = format == GS_GRAPH_GRAPHML;
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, 0, error))
    return NULL;
  igraph_t read;
  g_auto(GStrv) labels = NULL;
  g_autoptr(GsPlaces) places = NULL;
  GsEdge *edges = NULL;
  uint32_t nodes = 0, links = 0;
  g_autofree char *what =
      g_strdup_printf("%s: is no %s that can be read", path, graphml ? "GraphML" : "GML");
  igraph_error_t result =
      graphml ? igraph_read_graph_graphml(&read, file, 0) : igraph_read_graph_gml(&read, file);
  bool good = gs_igraph_check(result, GS_ERROR_INPUT, what, error);
  if (good) {
    good = gs_igraph_take_edges(&read, path, &nodes, &edges, &links, error);
    if (good) {
      labels = take_labels(&read);
      places = take_places(&read);
    }
    igraph_destroy(&read);
  }
  gs_igraph_leave(&guard);
  if (!good)
    return NULL;
  GsGraph *graph = gs_graph_new(nodes, edges, links);
  graph->labels = g_steal_pointer(&labels);
  graph->places = g_steal_pointer(&places);
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

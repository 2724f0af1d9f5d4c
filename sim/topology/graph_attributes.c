/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/graph_attributes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *name;
  bool is_text, is_number; /**< neither: yes or no */
  bool used;
} Attribute;

static void attribute_clear(gpointer data) {
  g_free(((Attribute *)data)->name);
}

/** What an attribute is said of. */
typedef enum { OF_GRAPH, OF_NODES, OF_LINKS } Of;

/** What the file says of the graph as a whole, of each node, or of each link. */
static GArray *list_attributes(const igraph_t *read, Of of) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(Attribute));
  g_array_set_clear_func(list, attribute_clear);
  igraph_strvector_t names;
  igraph_vector_int_t types;
  if (igraph_strvector_init(&names, 0) != IGRAPH_SUCCESS)
    return list;
  igraph_vector_int_init(&types, 0);
  igraph_error_t result =
      igraph_cattribute_list(read, of == OF_GRAPH ? &names : NULL, of == OF_GRAPH ? &types : NULL,
                             of == OF_NODES ? &names : NULL, of == OF_NODES ? &types : NULL,
                             of == OF_LINKS ? &names : NULL, of == OF_LINKS ? &types : NULL);
  for (igraph_integer_t i = 0; result == IGRAPH_SUCCESS && i < igraph_strvector_size(&names); i++) {
    Attribute one = {.name = g_strdup(igraph_strvector_get(&names, i)),
                     .is_text = VECTOR(types)[i] == IGRAPH_ATTRIBUTE_STRING,
                     .is_number = VECTOR(types)[i] == IGRAPH_ATTRIBUTE_NUMERIC};
    /* By its id a node or link is found; that is no more that is said of it. */
    one.used = of != OF_GRAPH && g_str_equal(one.name, "id");
    g_array_append_val(list, one);
  }
  igraph_strvector_destroy(&names);
  igraph_vector_int_destroy(&types);
  return list;
}

/** The attribute of that name, `exact` or however it is written, with values to read; or NULL. */
static Attribute *find_attribute(GArray *list, const char *name, bool exact) {
  for (guint i = 0; i < list->len; i++) {
    Attribute *one = &g_array_index(list, Attribute, i);
    bool same = exact ? g_str_equal(one->name, name) : g_ascii_strcasecmp(one->name, name) == 0;
    if (same && (one->is_text || one->is_number))
      return one;
  }
  return NULL;
}

/** Of a number, with all its digits; empty where there is none. */
static char *text_of_number(double number) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup(isnan(number) ? "" : g_ascii_formatd(digits, sizeof digits, "%.15g", number));
}

static char **take_texts(const igraph_t *read, Attribute *from) {
  igraph_integer_t nodes = igraph_vcount(read);
  char **texts = g_new0(char *, (gsize)nodes + 1);
  from->used = true;
  for (igraph_integer_t i = 0; i < nodes; i++)
    texts[i] = from->is_text ? g_strdup(igraph_cattribute_VAS(read, from->name, i))
                             : text_of_number(igraph_cattribute_VAN(read, from->name, i));
  return texts;
}

/** NaN where there is none; infinite where what there is is no number. */
static double *take_numbers(const igraph_t *read, Attribute *from) {
  uint32_t nodes = (uint32_t)igraph_vcount(read);
  double *numbers = g_new(double, MAX(nodes, 1));
  from->used = true;
  for (uint32_t i = 0; i < nodes; i++) {
    const char *text = from->is_text ? igraph_cattribute_VAS(read, from->name, i) : NULL;
    char *end = NULL;
    if (!text) {
      numbers[i] = igraph_cattribute_VAN(read, from->name, i);
    } else if (!*text) {
      numbers[i] = (double)NAN;
    } else {
      numbers[i] = g_ascii_strtod(text, &end);
      if (end == text || *end != '\0' || isnan(numbers[i]))
        numbers[i] = (double)INFINITY;
    }
  }
  return numbers;
}

static bool all_numbers(char *const *labels) {
  for (; *labels; labels++)
    if (!**labels || strspn(*labels, "0123456789") != strlen(*labels))
      return false;
  return true;
}

/** What the file calls its nodes, not tidied, or NULL. */
static char **take_labels(const igraph_t *read, GArray *list) {
  static const char *const names[] = {"label", "name"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    Attribute *found = find_attribute(list, names[i], true);
    if (found)
      return take_texts(read, found);
  }
  /* Ids that only count say less than our own numbers do. */
  Attribute *id = find_attribute(list, "id", true);
  if (!id || !id->is_text)
    return NULL;
  g_auto(GStrv) ids = take_texts(read, id);
  return all_numbers(ids) ? NULL : g_steal_pointer(&ids);
}

/** Where the file says that its nodes are; NULL: it does not. */
static GsPlaces *take_places(const igraph_t *read, GArray *list) {
  static const struct {
    GsPlacesKind kind;
    const char *x, *y;
  } pairs[] = {{GS_PLACES_ON_EARTH, "longitude", "latitude"},
               {GS_PLACES_ON_EARTH, "lon", "lat"},
               {GS_PLACES_ON_EARTH, "lng", "lat"},
               {GS_PLACES_ON_EARTH, "long", "lat"},
               {GS_PLACES_UPWARD, "x", "y"}};
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    Attribute *x = find_attribute(list, pairs[i].x, false);
    Attribute *y = find_attribute(list, pairs[i].y, false);
    if (x && y)
      return gs_places_new(pairs[i].kind, (uint32_t)igraph_vcount(read), take_numbers(read, x),
                           take_numbers(read, y), x->name, y->name);
  }
  return NULL;
}

/** What the file calls the graph, or NULL. */
static char *take_name(const igraph_t *read, GArray *list) {
  Attribute *found = find_attribute(list, "name", false);
  if (!found || !found->is_text)
    return NULL;
  found->used = true;
  return g_strdup(igraph_cattribute_GAS(read, found->name));
}

static double *take_energies(const igraph_t *read, GArray *list, const char *name) {
  Attribute *found = find_attribute(list, name, false);
  return found ? take_numbers(read, found) : NULL;
}

static int compare_edges(const void *one, const void *other) {
  const GsEdge *a = one, *b = other;
  return a->a != b->a ? (a->a > b->a) - (a->a < b->a) : (a->b > b->b) - (a->b < b->b);
}

/** Where the graph has that link of the file; false: it is a loop, which it has not. */
static bool find_edge(const GsGraph *graph, const igraph_t *read, igraph_integer_t link,
                      gsize *index) {
  uint32_t from = (uint32_t)IGRAPH_FROM(read, link), to = (uint32_t)IGRAPH_TO(read, link);
  GsEdge edge = {.a = MIN(from, to), .b = MAX(from, to)};
  const GsEdge *found =
      bsearch(&edge, graph->edges, graph->links, sizeof *graph->edges, compare_edges);
  if (found)
    *index = (gsize)(found - graph->edges);
  return found != NULL;
}

static void take_latencies(const igraph_t *read, GArray *list, GsGraph *graph) {
  Attribute *from = find_attribute(list, "latency", false);
  if (!from)
    return;
  from->used = true;
  graph->latencies = g_ptr_array_new_full(graph->links, g_free);
  g_ptr_array_set_size(graph->latencies, (gint)graph->links);
  for (igraph_integer_t i = 0; i < igraph_ecount(read); i++) {
    g_autofree char *text = from->is_text
                                ? g_strdup(igraph_cattribute_EAS(read, from->name, i))
                                : text_of_number(igraph_cattribute_EAN(read, from->name, i));
    gsize index;
    if (!*text || !find_edge(graph, read, i, &index))
      continue;
    char **kept = (char **)&graph->latencies->pdata[index];
    if (!*kept)
      *kept = g_steal_pointer(&text);
    else if (!g_str_equal(*kept, text))
      graph->latencies_dropped++;
  }
}

/** The names of those that nothing was made of, or NULL. */
static char **take_unused(const GArray *list) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < list->len; i++) {
    const Attribute *one = &g_array_index(list, Attribute, i);
    if (!one->used)
      g_ptr_array_add(names, g_strdup(one->name));
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_steal(names, NULL);
}

void gs_graph_attributes_take(const igraph_t *read, GsGraph *graph) {
  g_autoptr(GArray) of_graph = list_attributes(read, OF_GRAPH);
  g_autoptr(GArray) of_nodes = list_attributes(read, OF_NODES);
  g_autoptr(GArray) of_links = list_attributes(read, OF_LINKS);
  graph->name = take_name(read, of_graph);
  graph->labels = take_labels(read, of_nodes);
  graph->places = take_places(read, of_nodes);
  graph->production = take_energies(read, of_nodes, "production");
  graph->consumption = take_energies(read, of_nodes, "consumption");
  take_latencies(read, of_links, graph);
  graph->directed = igraph_is_directed(read);
  graph->unused_of_graph = take_unused(of_graph);
  graph->unused_of_nodes = take_unused(of_nodes);
  graph->unused_of_links = take_unused(of_links);
}

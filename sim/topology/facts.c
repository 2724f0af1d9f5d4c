/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/facts.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/topology/adjacency.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/spectrum.h"

/** Nodes up to which a row of bits for each is a small table. */
#define CLUSTER_SMALL_MAX 2048

/** What a walk from every node of a graph finds. */
typedef struct {
  const GsAdjacency *adjacency;
  uint32_t *component, *sizes; /**< of each node; of each component */
  uint32_t components;
  uint32_t *eccentricity;
  uint64_t pairs, distances; /**< ordered pairs with a way between them, and the sum over them */
} Walk;

static void walk_from(Walk *walk, uint32_t from, uint32_t *distance, uint32_t *queue) {
  uint32_t size = walk->sizes[walk->component[from]];
  gs_adjacency_search(walk->adjacency, from, size, distance, queue);
  walk->eccentricity[from] = distance[queue[size - 1]];
  for (uint32_t i = 0; i < size; i++) {
    walk->distances += distance[queue[i]];
    distance[queue[i]] = UINT32_MAX;
  }
  walk->pairs += size - 1;
}

static void walk_from_all(Walk *walk) {
  uint32_t nodes = walk->adjacency->nodes;
  g_autofree uint32_t *distance = g_new(uint32_t, MAX(nodes, 1));
  g_autofree uint32_t *queue = g_new(uint32_t, MAX(nodes, 1));
  memset(distance, 0xff, nodes * sizeof *distance);
  for (uint32_t i = 0; i < nodes; i++)
    walk_from(walk, i, distance, queue);
}

static bool too_large(const GsGraph *graph) {
  return (uint64_t)graph->nodes * graph->links > GS_FACTS_DISTANCES_MAX;
}

static void count_degrees(const GsAdjacency *adjacency, GsGraphFacts *facts) {
  facts->degree_min = facts->nodes > 0 ? UINT32_MAX : 0;
  for (uint32_t i = 0; i < facts->nodes; i++) {
    uint32_t degree = gs_adjacency_degree(adjacency, i);
    facts->degree_min = MIN(facts->degree_min, degree);
    facts->degree_max = MAX(facts->degree_max, degree);
  }
  facts->degree_mean = facts->nodes > 0 ? 2.0 * facts->links / facts->nodes : 0;
}

/** Of the largest component; `largest` is its number. */
static void measure(Walk *walk, uint32_t largest, GsGraphFacts *facts) {
  walk_from_all(walk);
  facts->radius = UINT32_MAX;
  for (uint32_t i = 0; i < facts->nodes; i++)
    if (walk->component[i] == largest) {
      facts->radius = MIN(facts->radius, walk->eccentricity[i]);
      facts->diameter = MAX(facts->diameter, walk->eccentricity[i]);
    }
  facts->mean_distance = walk->pairs > 0 ? (double)walk->distances / (double)walk->pairs : NAN;
  facts->distances_known = true;
}

/** Each triangle is seen from each of its links: a row of bits per node tells common neighbours. */
static double cluster_small(const GsGraph *graph, const GsAdjacency *adjacency) {
  gsize words = (graph->nodes + 63) / 64;
  g_autofree uint64_t *rows = g_new0(uint64_t, graph->nodes * words);
  double triples = 0, closed = 0;
  for (uint32_t i = 0; i < graph->nodes; i++) {
    double degree = gs_adjacency_degree(adjacency, i);
    triples += degree * (degree - 1) / 2;
    for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++) {
      uint32_t neighbour = adjacency->neighbours[k];
      rows[i * words + neighbour / 64] |= UINT64_C(1) << (neighbour % 64);
    }
  }
  for (uint32_t i = 0; i < graph->links; i++) {
    const uint64_t *a = rows + graph->edges[i].a * words, *b = rows + graph->edges[i].b * words;
    int common = 0;
    for (gsize k = 0; k < words; k++)
      common += __builtin_popcountll(a[k] & b[k]);
    closed += common;
  }
  return triples > 0 ? closed / triples : 0;
}

static igraph_error_t cluster_large(const GsGraph *graph, double *clustering) {
  igraph_t made;
  igraph_error_t result = gs_igraph_make(&made, graph->nodes, graph->edges, graph->links);
  if (result != IGRAPH_SUCCESS)
    return result;
  result = igraph_transitivity_undirected(&made, clustering, IGRAPH_TRANSITIVITY_ZERO);
  igraph_destroy(&made);
  return result;
}

static igraph_error_t cluster(const GsGraph *graph, const GsAdjacency *adjacency,
                              double *clustering) {
  if (graph->nodes > CLUSTER_SMALL_MAX)
    return cluster_large(graph, clustering);
  *clustering = cluster_small(graph, adjacency);
  return IGRAPH_SUCCESS;
}

/** What igraph works out. */
static bool ask_igraph(const GsGraph *graph, const GsAdjacency *adjacency, GsGraphFacts *facts,
                       GError **error) {
  bool complete = graph->nodes > 2 && facts->degree_min == graph->nodes - 1;
  bool no_cycle = graph->links + facts->components == graph->nodes;
  facts->clustering = complete ? 1 : 0;
  facts->algebraic_connectivity = graph->nodes > 1 ? 0 : NAN;
  bool connected = facts->components == 1 && graph->nodes > 1;
  if ((complete || no_cycle) && !connected)
    return true;
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, 0, error))
    return false;
  igraph_error_t result =
      complete || no_cycle ? IGRAPH_SUCCESS : cluster(graph, adjacency, &facts->clustering);
  if (result == IGRAPH_SUCCESS && connected)
    result = gs_spectrum_connectivity(adjacency, &facts->algebraic_connectivity);
  bool good = gs_igraph_check(result, GS_ERROR_SYSTEM, "facts of the graph", error);
  gs_igraph_leave(&guard);
  return good;
}

bool gs_graph_facts(const GsGraph *graph, GsGraphFacts *facts, GError **error) {
  *facts = (GsGraphFacts){.nodes = graph->nodes, .links = graph->links, .mean_distance = NAN};
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
  g_autofree uint32_t *component = g_new(uint32_t, MAX(graph->nodes, 1));
  g_autofree uint32_t *eccentricity = g_new(uint32_t, MAX(graph->nodes, 1));
  g_autofree uint32_t *sizes = NULL;
  facts->components = gs_adjacency_components(adjacency, component, &sizes);
  uint32_t largest = 0;
  for (uint32_t i = 1; i < facts->components; i++)
    if (sizes[i] > sizes[largest])
      largest = i;
  facts->largest = facts->nodes > 0 ? sizes[largest] : 0;
  count_degrees(adjacency, facts);
  Walk walk = {adjacency, component, sizes, facts->components, eccentricity, 0, 0};
  if (!too_large(graph) && facts->nodes > 0)
    measure(&walk, largest, facts);
  return ask_igraph(graph, adjacency, facts, error);
}

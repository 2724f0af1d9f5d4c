/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/generate.h"

#include <math.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/topology/draws.h"
#include "sim/topology/fixed.h"
#include "sim/topology/graph.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/preferential.h"
#include "sim/topology/regular.h"
#include "sim/topology/small_world.h"

static bool refuse(const GsTopologySpec *spec, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static bool refuse(const GsTopologySpec *spec, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, GS_ERROR, GS_ERROR_IMPOSSIBLE, "%s: %s", gs_topology_kind_names[spec->kind],
              what);
  return false;
}

static double pairs(const GsTopologySpec *spec) {
  return (double)spec->nodes * ((double)spec->nodes - 1) / 2;
}

static bool check_probability(const GsTopologySpec *spec, GError **error) {
  if (spec->p >= 0 && spec->p <= 1)
    return true;
  return refuse(spec, error, "p is %g; must be from 0 to 1", spec->p);
}

/** The end of a noun after its number. */
static const char *s(uint32_t count) {
  return count == 1 ? "" : "s";
}

static bool check_lattice(const GsTopologySpec *spec, GError **error) {
  if (spec->rows < 1 || spec->columns < 1)
    return refuse(spec, error, "%u row%s and %u column%s; there must be at least 1 of each",
                  spec->rows, s(spec->rows), spec->columns, s(spec->columns));
  uint64_t nodes = (uint64_t)spec->rows * spec->columns;
  if (spec->nodes != 0 && spec->nodes != nodes)
    return refuse(spec, error, "%u node%s; %u row%s of %u column%s make %" G_GUINT64_FORMAT,
                  spec->nodes, s(spec->nodes), spec->rows, s(spec->rows), spec->columns,
                  s(spec->columns), nodes);
  return gs_graph_check_size("lattice", (double)nodes, 0, error);
}

static bool check_degree(const GsTopologySpec *spec, GError **error) {
  uint32_t n = spec->nodes, k = spec->k;
  if (k >= n)
    return refuse(spec, error, "k is %u with %u node%s; k must be smaller than the number of nodes",
                  k, n, s(n));
  if (spec->kind == GS_TOPOLOGY_WATTS_STROGATZ && (k < 2 || k % 2 != 0))
    return refuse(spec, error, "k is %u; must be even and at least 2", k);
  if (spec->kind == GS_TOPOLOGY_RANDOM_REGULAR && (uint64_t)n * k % 2 != 0)
    return refuse(spec, error, "%u node%s and k %u; nodes \u00d7 k must be even", n, s(n), k);
  return true;
}

/** Whether such a graph exists. */
static bool check_possible(const GsTopologySpec *spec, GError **error) {
  if (spec->kind == GS_TOPOLOGY_LATTICE)
    return check_lattice(spec, error);
  if (spec->nodes < 1)
    return refuse(spec, error, "0 nodes; there must be at least 1");
  switch (spec->kind) {
  case GS_TOPOLOGY_TREE:
    return spec->arity >= 1 || refuse(spec, error, "arity is 0; must be at least 1");
  case GS_TOPOLOGY_ERDOS_RENYI:
    if (spec->links == 0)
      return check_probability(spec, error);
    return spec->links <= pairs(spec) ||
           refuse(spec, error, "%u link%s; %u node%s can have at most %.0f", spec->links,
                  s(spec->links), spec->nodes, s(spec->nodes), pairs(spec));
  case GS_TOPOLOGY_BARABASI_ALBERT:
    if (spec->m < 1)
      return refuse(spec, error, "m is 0; must be at least 1");
    return spec->m < spec->nodes ||
           refuse(spec, error, "m is %u with %u node%s; m must be smaller than the number of nodes",
                  spec->m, spec->nodes, s(spec->nodes));
  case GS_TOPOLOGY_WATTS_STROGATZ:
    return check_degree(spec, error) && check_probability(spec, error);
  case GS_TOPOLOGY_RANDOM_REGULAR:
    return check_degree(spec, error);
  case GS_TOPOLOGY_GEOMETRIC:
    return (spec->radius >= 0 && isfinite(spec->radius)) ||
           refuse(spec, error, "radius is %g; must be at least 0", spec->radius);
  default:
    return true;
  }
}

/** How many links there will be, about: before it takes memory and minutes. */
static double expected_links(const GsTopologySpec *spec) {
  double nodes = spec->nodes;
  switch (spec->kind) {
  case GS_TOPOLOGY_LATTICE:
    return 2 * (double)spec->rows * spec->columns;
  case GS_TOPOLOGY_COMPLETE:
    return pairs(spec);
  case GS_TOPOLOGY_ERDOS_RENYI:
    return spec->links ? spec->links : pairs(spec) * spec->p;
  case GS_TOPOLOGY_BARABASI_ALBERT:
    return nodes * spec->m;
  case GS_TOPOLOGY_WATTS_STROGATZ:
  case GS_TOPOLOGY_RANDOM_REGULAR:
    return nodes * spec->k / 2;
  case GS_TOPOLOGY_GEOMETRIC:
    return pairs(spec) * MIN(1, G_PI * spec->radius * spec->radius);
  default:
    return nodes;
  }
}

static igraph_error_t make(igraph_t *graph, const GsTopologySpec *spec) {
  igraph_integer_t n = spec->nodes;
  switch (spec->kind) {
  case GS_TOPOLOGY_ERDOS_RENYI:
    if (spec->links)
      return igraph_erdos_renyi_game_gnm(graph, n, spec->links, IGRAPH_UNDIRECTED, false);
    return igraph_erdos_renyi_game_gnp(graph, n, spec->p, IGRAPH_UNDIRECTED, false);
  case GS_TOPOLOGY_GEOMETRIC:
    return igraph_grg_game(graph, n, spec->radius, false, NULL, NULL);
  default:
    break;
  }
  g_assert_not_reached();
}

static bool make_by_igraph(const GsTopologySpec *spec, GsEdge **edges, uint32_t *links,
                           GError **error) {
  const char *name = gs_topology_kind_names[spec->kind];
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, spec->seed, error))
    return false;
  igraph_t made;
  uint32_t nodes;
  bool good = gs_igraph_check(make(&made, spec), GS_ERROR_SYSTEM, name, error);
  if (good) {
    good = gs_igraph_take_edges(&made, name, &nodes, edges, links, error);
    igraph_destroy(&made);
  }
  gs_igraph_leave(&guard);
  return good;
}

/** igraph numbers geometric graphs from left to right; ids are to say nothing about the place. */
static void shuffle_nodes(const GsTopologySpec *spec, GsEdge *edges, uint32_t links) {
  GsDraws draws = gs_draws(spec->seed, spec->kind);
  g_autofree uint32_t *number = g_new(uint32_t, spec->nodes);
  for (uint32_t i = 0; i < spec->nodes; i++) {
    uint32_t with = gs_draws_below(&draws, i + 1);
    number[i] = number[with];
    number[with] = i;
  }
  for (uint32_t i = 0; i < links; i++)
    edges[i] = (GsEdge){number[edges[i].a], number[edges[i].b]};
}

static bool make_edges(const GsTopologySpec *spec, GsEdge **edges, uint32_t *links,
                       GError **error) {
  switch (spec->kind) {
  case GS_TOPOLOGY_WATTS_STROGATZ:
    *links = spec->nodes * spec->k / 2;
    *edges = gs_small_world(spec->nodes, spec->k, spec->p, spec->seed);
    return true;
  case GS_TOPOLOGY_RANDOM_REGULAR:
    *links = spec->nodes * spec->k / 2;
    *edges = gs_regular(spec->nodes, spec->k, spec->seed);
    return true;
  case GS_TOPOLOGY_BARABASI_ALBERT:
    *edges = gs_preferential(spec->nodes, spec->m, spec->seed, links, error);
    return *edges != NULL;
  case GS_TOPOLOGY_ERDOS_RENYI:
  case GS_TOPOLOGY_GEOMETRIC:
    return make_by_igraph(spec, edges, links, error);
  default:
    *edges = gs_fixed_family(spec, links);
    return true;
  }
}

GsGraph *gs_generate(const GsTopologySpec *spec, GError **error) {
  bool lattice = spec->kind == GS_TOPOLOGY_LATTICE;
  GsEdge *edges = NULL;
  uint32_t nodes = lattice ? spec->rows * spec->columns : spec->nodes, links = 0;
  if (!check_possible(spec, error) ||
      !gs_graph_check_size(gs_topology_kind_names[spec->kind], spec->nodes, expected_links(spec),
                           error))
    return NULL;
  if (!make_edges(spec, &edges, &links, error))
    return NULL;
  if (spec->kind == GS_TOPOLOGY_GEOMETRIC)
    shuffle_nodes(spec, edges, links);
  GsGraph *graph = gs_graph_new(nodes, edges, links);
  /* Rings and lattices of one or two go through the same nodes again; that is no one's fault. */
  graph->loops_dropped = graph->parallel_dropped = 0;
  return graph;
}

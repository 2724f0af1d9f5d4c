/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/topology/adjacency.h"
#include "sim/topology/draws.h"
#include "sim/topology/graph.h"
#include "sim/topology/layout.h"
#include "sim/topology/layout_levels.h"
#include "sim/topology/layout_tree.h"

static GsGraph *make(const GsTopologySpec *spec) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = gs_topology_make(spec, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

/** The number that each node gets in `mix`. */
static uint32_t *mixed_numbers(uint32_t nodes) {
  uint32_t *number = g_new(uint32_t, nodes);
  GsDraws draws = gs_draws(7, 7);
  for (uint32_t i = 0; i < nodes; i++) {
    uint32_t k = gs_draws_below(&draws, i + 1);
    number[i] = number[k];
    number[k] = i;
  }
  return number;
}

/** The same graph as a file might list it: its nodes in no order. */
static GsGraph *mix(const GsGraph *graph) {
  g_autofree uint32_t *number = mixed_numbers(graph->nodes);
  GsEdge *edges = g_new(GsEdge, graph->links);
  for (uint32_t i = 0; i < graph->links; i++)
    edges[i] = (GsEdge){number[graph->edges[i].a], number[graph->edges[i].b]};
  return gs_graph_new(graph->nodes, edges, graph->links);
}

static GsPoint *lay_out(const GsGraph *graph) {
  g_autoptr(GError) error = NULL;
  GsPoint *points = g_new0(GsPoint, graph->nodes);
  cr_assert(gs_graph_layout(graph, GS_TOPOLOGY_FILE, 0, points, &error), "%s",
            error ? error->message : "no error");
  return points;
}

static double between(GsPoint a, GsPoint b) {
  return hypot(a.x - b.x, a.y - b.y);
}

/**
 * How far distances in the picture are from those along links, at the scale
 * where that is least: the mean of ((drawn - links) / links)², from 40 nodes to all.
 */
static double stress(const GsGraph *graph, const GsPoint *points) {
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
  uint32_t n = graph->nodes;
  g_autofree uint32_t *distance = g_new(uint32_t, n), *queue = g_new(uint32_t, n);
  double sum = 0, squares = 0, count = 0;
  for (uint32_t k = 0; k < 40; k++) {
    uint32_t from = k * (n / 40);
    memset(distance, 0xff, n * sizeof *distance);
    uint32_t found = gs_adjacency_search(adjacency, from, n, distance, queue);
    for (uint32_t i = 1; i < found; i++) {
      double ratio = between(points[queue[i]], points[from]) / distance[queue[i]];
      sum += ratio;
      squares += ratio * ratio;
      count++;
    }
  }
  return 1 - sum * sum / squares / count;
}

/** Mean length of links, as a share of the mean distance of nodes. */
static double links_length(const GsGraph *graph, const GsPoint *points) {
  double linked = 0, any = 0;
  for (uint32_t i = 0; i < graph->links; i++)
    linked += between(points[graph->edges[i].a], points[graph->edges[i].b]) / graph->links;
  GsDraws draws = gs_draws(8, 8);
  for (uint32_t i = 0; i < 2000; i++)
    any += between(points[gs_draws_below(&draws, graph->nodes)],
                   points[gs_draws_below(&draws, graph->nodes)]) /
           2000;
  return linked / any;
}

static int by_x(gconstpointer a, gconstpointer b) {
  const GsPoint *one = a, *other = b;
  return one->x < other->x ? -1 : one->x > other->x;
}

/** No two nodes nearer than this share of what each would have in a full square. */
static void assert_apart(const GsPoint *points, uint32_t count, double share) {
  g_autofree GsPoint *sorted = g_memdup2(points, count * sizeof *points);
  double least = share / sqrt(count);
  qsort(sorted, count, sizeof *sorted, by_x);
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = i + 1; k < count && sorted[k].x - sorted[i].x < least; k++)
      cr_assert(between(sorted[i], sorted[k]) >= least, "%g, %g and %g, %g", sorted[i].x,
                sorted[i].y, sorted[k].x, sorted[k].y);
}

Test(layout_levels, draws_a_long_ring_as_a_loop) {
  enum { NODES = 1500 };
  g_autoptr(GsGraph) listed = make(&(GsTopologySpec){.kind = GS_TOPOLOGY_RING, .nodes = NODES});
  g_autoptr(GsGraph) graph = mix(listed);
  g_autofree uint32_t *number = mixed_numbers(NODES);
  g_autofree GsPoint *points = lay_out(graph);
  GsPoint middle = {0, 0};
  for (uint32_t i = 0; i < NODES; i++) {
    middle.x += points[i].x / NODES;
    middle.y += points[i].y / NODES;
  }
  double turned = 0, forth = 0;
  for (uint32_t i = 0; i < NODES; i++) {
    GsPoint a = points[number[i]], b = points[number[(i + 1) % NODES]];
    double angle = remainder(
        atan2(b.y - middle.y, b.x - middle.x) - atan2(a.y - middle.y, a.x - middle.x), 2 * G_PI);
    turned += angle;
    forth += fabs(angle);
  }
  cr_assert_float_eq(fabs(turned), 2 * G_PI, 1e-6, "goes round once: %g", turned);
  cr_assert(forth < 2.05 * G_PI, "hardly goes back: %g", forth);
  cr_assert(stress(graph, points) < 0.05, "%g", stress(graph, points));
  assert_apart(points, NODES, 0.005);
}

/** Whether the links a–b and c–d cross. */
static bool cross(GsPoint a, GsPoint b, GsPoint c, GsPoint d) {
  double u = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  double v = (b.x - a.x) * (d.y - a.y) - (b.y - a.y) * (d.x - a.x);
  double w = (d.x - c.x) * (a.y - c.y) - (d.y - c.y) * (a.x - c.x);
  double x = (d.x - c.x) * (b.y - c.y) - (d.y - c.y) * (b.x - c.x);
  return u * v < 0 && w * x < 0;
}

Test(layout_levels, draws_a_lattice_as_a_net_without_folds) {
  g_autoptr(GsGraph) listed =
      make(&(GsTopologySpec){.kind = GS_TOPOLOGY_LATTICE, .rows = 30, .columns = 40});
  g_autoptr(GsGraph) graph = mix(listed);
  g_autofree GsPoint *points = lay_out(graph);
  uint32_t crossings = 0;
  for (uint32_t i = 0; i < graph->links; i++)
    for (uint32_t k = 0; k < i; k++) {
      GsEdge a = graph->edges[i], b = graph->edges[k];
      crossings += cross(points[a.a], points[a.b], points[b.a], points[b.b]);
    }
  cr_assert(crossings < graph->links / 50, "%u", crossings);
  cr_assert(links_length(graph, points) < 0.06, "%g", links_length(graph, points));
  cr_assert(stress(graph, points) < 0.05, "%g", stress(graph, points));
  assert_apart(points, graph->nodes, 0.05);
}

Test(layout_levels, shows_the_arms_of_a_large_tree_and_the_same_each_time) {
  g_autoptr(GsGraph) listed =
      make(&(GsTopologySpec){.kind = GS_TOPOLOGY_TREE, .nodes = 1500, .arity = 2});
  g_autoptr(GsGraph) graph = mix(listed);
  g_autofree GsPoint *points = lay_out(graph), *again = lay_out(graph);
  cr_assert_arr_eq(points, again, graph->nodes * sizeof *points);
  cr_assert(links_length(graph, points) < 0.05, "%g", links_length(graph, points));
  assert_apart(points, graph->nodes, 0.005);
}

Test(layout_levels, bears_a_node_that_all_others_are_linked_to) {
  enum { NODES = 1200, HUB = 700 };
  GsEdge *edges = g_new(GsEdge, NODES - 1);
  for (uint32_t i = 0; i + 1 < NODES; i++)
    edges[i] = (GsEdge){HUB, i + (i >= HUB)};
  g_autoptr(GsGraph) graph = gs_graph_new(NODES, edges, NODES - 1);
  g_autofree GsPoint *points = lay_out(graph);
  cr_assert(between(points[HUB], (GsPoint){0.5, 0.5}) < 0.1);
  assert_apart(points, NODES, 0.05);
}

Test(layout_levels, keeps_large_and_small_islands_apart) {
  enum { LARGE = GS_LAYOUT_FORCES_MAX + 1, NODES = LARGE + 300 + 3 + 1 };
  static const uint32_t ends[] = {0, LARGE, LARGE + 300, LARGE + 303, NODES};
  GsEdge *edges = g_new(GsEdge, NODES);
  uint32_t links = 0;
  for (guint island = 0; island < 3; island++) /* rings, and one alone */
    for (uint32_t i = ends[island]; i < ends[island + 1]; i++)
      edges[links++] = (GsEdge){i, i + 1 < ends[island + 1] ? i + 1 : ends[island]};
  g_autoptr(GsGraph) graph = gs_graph_new(NODES, edges, links);
  g_autofree GsPoint *points = lay_out(graph);
  GsPoint least[4], most[4];
  for (guint island = 0; island < 4; island++) {
    least[island] = most[island] = points[ends[island]];
    for (uint32_t i = ends[island]; i < ends[island + 1]; i++) {
      least[island] =
          (GsPoint){fmin(least[island].x, points[i].x), fmin(least[island].y, points[i].y)};
      most[island] =
          (GsPoint){fmax(most[island].x, points[i].x), fmax(most[island].y, points[i].y)};
    }
    for (guint other = 0; other < island; other++)
      cr_assert(least[island].x > most[other].x || most[island].x < least[other].x ||
                    least[island].y > most[other].y || most[island].y < least[other].y,
                "%u and %u", other, island);
  }
}

Test(layout_levels, lays_out_the_smallest_graphs_too) {
  for (uint32_t n = 1; n <= 40; n++) {
    GsEdge *edges = g_new(GsEdge, n);
    for (uint32_t i = 0; i + 1 < n; i++)
      edges[i] = (GsEdge){i, i + 1};
    g_autoptr(GsGraph) graph = gs_graph_new(n, edges, n - 1);
    g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
    g_autofree GsPoint *points = g_new0(GsPoint, n);
    gs_layout_levels(adjacency, points);
    for (uint32_t i = 0; i < n; i++)
      for (uint32_t k = 0; k <= i; k++)
        cr_assert(k == i ? isfinite(points[i].x + points[i].y)
                         : between(points[i], points[k]) > 0.1,
                  "%u nodes: %u and %u", n, k, i);
  }
}

Test(layout_levels, pushes_as_if_each_pair_were_reckoned) {
  enum { COUNT = 500 };
  GsPoint points[COUNT], forces[COUNT];
  double masses[COUNT], wrong = 0, all = 0;
  GsDraws draws = gs_draws(1, 2);
  for (guint i = 0; i < COUNT; i++) { /* a crowd, and some far away */
    double side = i % 10 == 0 ? 1000 : 1;
    points[i] = (GsPoint){side * gs_draws_unit(&draws), side * gs_draws_unit(&draws)};
    masses[i] = 1 + i % 7;
  }
  g_autoptr(GsLayoutTree) tree = gs_layout_tree_new(COUNT);
  gs_layout_tree_repel(tree, points, masses, COUNT, forces);
  for (guint i = 0; i < COUNT; i++) {
    GsPoint exact = {0, 0};
    for (guint k = 0; k < COUNT; k++) {
      double x = points[i].x - points[k].x, y = points[i].y - points[k].y;
      double square = x * x + y * y;
      exact.x += k == i ? 0 : masses[k] * x / square;
      exact.y += k == i ? 0 : masses[k] * y / square;
    }
    wrong += between(exact, forces[i]);
    all += hypot(exact.x, exact.y);
  }
  cr_assert(wrong < 0.05 * all, "%g of %g", wrong, all);
}

Test(layout_levels, pushes_nodes_at_one_place_apart) {
  enum { COUNT = 20 };
  GsPoint points[COUNT] = {{0, 0}}, forces[COUNT];
  double masses[COUNT];
  for (guint i = 0; i < COUNT; i++)
    masses[i] = 1;
  g_autoptr(GsLayoutTree) tree = gs_layout_tree_new(COUNT);
  gs_layout_tree_repel(tree, points, masses, COUNT, forces);
  for (guint i = 0; i < COUNT; i++)
    for (guint k = 0; k < i; k++)
      cr_assert(forces[i].x != forces[k].x && isfinite(forces[i].x));
}

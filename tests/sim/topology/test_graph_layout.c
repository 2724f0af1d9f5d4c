/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/topology/graph.h"
#include "sim/topology/layout.h"

static GsGraph *make(const GsTopologySpec *spec) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = gs_topology_make(spec, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

static GsPoint *lay_out(const GsGraph *graph, GsTopologyKind kind, uint32_t columns) {
  g_autoptr(GError) error = NULL;
  GsPoint *points = g_new0(GsPoint, MAX(graph->nodes, 1));
  cr_assert(gs_graph_layout(graph, kind, columns, points, &error), "%s",
            error ? error->message : "no error");
  return points;
}

static double between(GsPoint a, GsPoint b) {
  return hypot(a.x - b.x, a.y - b.y);
}

/** In the unit square, filling it in one direction at least, and no node on another. */
static void assert_fills(const GsPoint *points, uint32_t count, const char *what) {
  double left = 1, right = 0, top = 1, bottom = 0;
  for (uint32_t i = 0; i < count; i++) {
    cr_assert(points[i].x >= 0 && points[i].x <= 1 && points[i].y >= 0 && points[i].y <= 1,
              "%s: %u at %g, %g", what, i, points[i].x, points[i].y);
    left = fmin(left, points[i].x);
    right = fmax(right, points[i].x);
    top = fmin(top, points[i].y);
    bottom = fmax(bottom, points[i].y);
    for (uint32_t k = 0; k < i; k++)
      cr_assert(between(points[i], points[k]) > 0.05 / count, "%s: %u and %u", what, k, i);
  }
  if (count > 1)
    cr_assert_float_eq(fmax(right - left, bottom - top), 1, 1e-9, "%s", what);
}

Test(graph_layout, fills_the_square_the_same_way_each_time_for_every_family) {
  static const uint32_t sizes[] = {1, 2, 3, 5, 9, 16, 40, 150, 400};
  for (guint kind = 0; kind < GS_TOPOLOGY_FILE; kind++)
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
      GsTopologySpec spec = {.kind = (GsTopologyKind)kind, .nodes = sizes[i], .seed = 3};
      spec.arity = 2;
      spec.p = kind == GS_TOPOLOGY_ERDOS_RENYI ? 2.5 / sizes[i] : 0.1;
      spec.p = fmin(spec.p, 1);
      spec.m = 2;
      spec.k = 4;
      spec.radius = 1.0 / sqrt(sizes[i]);
      if (sizes[i] <= 5 && kind >= GS_TOPOLOGY_BARABASI_ALBERT)
        continue;
      if (kind == GS_TOPOLOGY_LATTICE) {
        spec.rows = 3;
        spec.columns = sizes[i];
        spec.nodes = 0;
      }
      g_autoptr(GsGraph) graph = make(&spec);
      g_autofree char *what = gs_topology_describe(&spec);
      g_autofree GsPoint *points = lay_out(graph, spec.kind, spec.columns);
      g_autofree GsPoint *again = lay_out(graph, spec.kind, spec.columns);
      assert_fills(points, graph->nodes, what);
      cr_assert_arr_eq(points, again, graph->nodes * sizeof *points, "%s", what);
      g_autofree GsPoint *general = lay_out(graph, GS_TOPOLOGY_FILE, 0);
      assert_fills(general, graph->nodes, what);
    }
}

Test(graph_layout, gives_known_families_their_picture) {
  g_autoptr(GsGraph) ring = make(&(GsTopologySpec){.kind = GS_TOPOLOGY_RING, .nodes = 60});
  g_autofree GsPoint *points = lay_out(ring, GS_TOPOLOGY_RING, 0);
  for (uint32_t i = 0; i < ring->nodes; i++)
    cr_assert_float_eq(between(points[i], (GsPoint){0.5, 0.5}), 0.5, 1e-9);
  g_autoptr(GsGraph) star = make(&(GsTopologySpec){.kind = GS_TOPOLOGY_STAR, .nodes = 13});
  g_autofree GsPoint *rays = lay_out(star, GS_TOPOLOGY_STAR, 0);
  cr_assert_float_eq(between(rays[0], (GsPoint){0.5, 0.5}), 0, 1e-9);
  g_autoptr(GsGraph) grid =
      make(&(GsTopologySpec){.kind = GS_TOPOLOGY_LATTICE, .rows = 3, .columns = 5});
  g_autofree GsPoint *cells = lay_out(grid, GS_TOPOLOGY_LATTICE, 5);
  for (uint32_t i = 0; i < grid->links; i++)
    cr_assert_float_eq(between(cells[grid->edges[i].a], cells[grid->edges[i].b]), 0.25, 1e-9);
  g_autoptr(GsGraph) line = make(&(GsTopologySpec){.kind = GS_TOPOLOGY_LINE, .nodes = 50});
  g_autofree GsPoint *path = lay_out(line, GS_TOPOLOGY_LINE, 0);
  for (uint32_t i = 0; i < line->links; i++)
    cr_assert(between(path[i], path[i + 1]) < 0.3);
}

Test(graph_layout, puts_islands_side_by_side) {
  /* Three triangles, a pair and two alone. */
  static const GsEdge links[] = {{0, 3}, {3, 6}, {0, 6}, {1, 4}, {4, 7},
                                 {1, 7}, {2, 5}, {5, 8}, {2, 8}, {9, 10}};
  g_autoptr(GsGraph) graph = gs_graph_new(13, g_memdup2(links, sizeof links), G_N_ELEMENTS(links));
  g_autofree GsPoint *points = lay_out(graph, GS_TOPOLOGY_FILE, 0);
  assert_fills(points, graph->nodes, "islands");
  double longest = 0;
  for (guint i = 0; i < G_N_ELEMENTS(links); i++)
    longest = fmax(longest, between(points[links[i].a], points[links[i].b]));
  for (uint32_t i = 0; i < 13; i++)
    for (uint32_t k = 0; k < i; k++) {
      bool together = (i < 9 && k < 9 && i % 3 == k % 3) || (i == 10 && k == 9);
      cr_assert(together || between(points[i], points[k]) > longest, "%u and %u", k, i);
    }
}

/** Whether the links a–b and c–d cross. */
static bool cross(GsPoint a, GsPoint b, GsPoint c, GsPoint d) {
  double u = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  double v = (b.x - a.x) * (d.y - a.y) - (b.y - a.y) * (d.x - a.x);
  double w = (d.x - c.x) * (a.y - c.y) - (d.y - c.y) * (a.x - c.x);
  double x = (d.x - c.x) * (b.y - c.y) - (d.y - c.y) * (b.x - c.x);
  return u * v < 0 && w * x < 0;
}

Test(graph_layout, does_not_cross_the_links_of_a_ring_whatever_its_nodes_are_called) {
  for (uint32_t n = 4; n <= 12; n++) {
    GsEdge *edges = g_new(GsEdge, n);
    for (uint32_t i = 0; i < n; i++) /* 0, then the even ones, then the odd ones */
      edges[i] = (GsEdge){i * 2 % n + (i * 2 / n) % 2 * (n % 2 == 0),
                          (i + 1) % n * 2 % n + ((i + 1) % n * 2 / n) % 2 * (n % 2 == 0)};
    g_autoptr(GsGraph) graph = gs_graph_new(n, edges, n);
    g_autofree GsPoint *at = g_new(GsPoint, n);
    cr_assert(gs_graph_layout(graph, GS_TOPOLOGY_FILE, 0, at, NULL));
    for (uint32_t i = 0; i < graph->links; i++)
      for (uint32_t j = 0; j < i; j++) {
        GsEdge a = graph->edges[i], b = graph->edges[j];
        cr_expect_not(cross(at[a.a], at[a.b], at[b.a], at[b.b]), "%u nodes", n);
      }
  }
}

Test(graph_layout, brings_linked_nodes_together) {
  g_autoptr(GsGraph) graph = make(
      &(GsTopologySpec){.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 800, .radius = 0.07, .seed = 5});
  g_autofree GsPoint *points = lay_out(graph, GS_TOPOLOGY_GEOMETRIC, 0);
  double linked = 0, any = 0;
  for (uint32_t i = 0; i < graph->links; i++)
    linked += between(points[graph->edges[i].a], points[graph->edges[i].b]) / graph->links;
  for (uint32_t i = 0; i + 1 < graph->nodes; i++)
    any += between(points[i], points[i + 1]) / (graph->nodes - 1);
  cr_assert(linked < any / 5, "%g of %g", linked, any);
}

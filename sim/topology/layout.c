/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/layout.h"

#include <math.h>

#include "core/error.h"
#include "sim/topology/adjacency.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/layout_forces.h"
#include "sim/topology/layout_places.h"

/** Up to here a line is a gentle curve. */
#define CURVE_MAX 8
/** Up to so many levels a tree hangs from its root; above, the root is in the middle. */
#define LEVELS_MAX 4

static void fit(GsPoint *points, uint32_t count) {
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  for (uint32_t i = 0; i < count; i++) {
    left = fmin(left, points[i].x);
    right = fmax(right, points[i].x);
    top = fmin(top, points[i].y);
    bottom = fmax(bottom, points[i].y);
  }
  double width = right - left, height = bottom - top, side = fmax(width, height);
  for (uint32_t i = 0; i < count; i++) {
    double x = side > 0 ? 0.5 + (points[i].x - (left + right) / 2) / side : 0.5;
    double y = side > 0 ? 0.5 + (points[i].y - (top + bottom) / 2) / side : 0.5;
    points[i] = (GsPoint){CLAMP(x, 0, 1), CLAMP(y, 0, 1)};
  }
}

/** Evenly on a circle, from the top and clockwise. */
static void place_circle(GsPoint *points, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    double angle = 2 * G_PI * i / count;
    points[i] = (GsPoint){sin(angle), -cos(angle)};
  }
}

/** Rows to and fro, twice as far from each other as nodes are. */
static void place_line(GsPoint *points, uint32_t count) {
  if (count <= CURVE_MAX) {
    for (uint32_t i = 0; i < count; i++) {
      double along = count > 1 ? (double)i / (count - 1) : 0;
      points[i] = (GsPoint){along, -0.15 * sin(2 * G_PI * along)};
    }
    return;
  }
  uint32_t columns = (uint32_t)ceil(sqrt(2.0 * count));
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = i / columns, column = i % columns;
    points[i] = (GsPoint){row % 2 ? columns - 1 - column : column, 2.0 * row};
  }
}

static void place_grid(GsPoint *points, uint32_t count, uint32_t columns) {
  for (uint32_t i = 0; i < count; i++)
    points[i] = (GsPoint){i % columns, i / columns};
}

static void place_star(GsPoint *points, uint32_t count) {
  points[0] = (GsPoint){0, 0};
  place_circle(points + 1, count - 1);
}

/** Links from the first node to the farthest. */
static uint32_t depth_of(const GsAdjacency *adjacency) {
  g_autofree uint32_t *distance = g_new(uint32_t, adjacency->nodes);
  g_autofree uint32_t *queue = g_new(uint32_t, adjacency->nodes);
  for (uint32_t i = 0; i < adjacency->nodes; i++)
    distance[i] = UINT32_MAX;
  uint32_t found = gs_adjacency_search(adjacency, 0, adjacency->nodes, distance, queue);
  return distance[queue[found - 1]];
}

static igraph_error_t place_tree_igraph(const GsGraph *graph, bool hangs, GsPoint *points) {
  igraph_t made;
  igraph_matrix_t places;
  igraph_vector_int_t roots = {0};
  igraph_integer_t root[] = {0};
  igraph_vector_int_view(&roots, root, 1);
  igraph_error_t result = gs_igraph_make(&made, graph->nodes, graph->edges, graph->links);
  if (result != IGRAPH_SUCCESS)
    return result;
  result = igraph_matrix_init(&places, 0, 0);
  if (result == IGRAPH_SUCCESS) {
    result = (hangs ? igraph_layout_reingold_tilford : igraph_layout_reingold_tilford_circular)(
        &made, &places, IGRAPH_ALL, &roots, NULL);
    for (uint32_t i = 0; i < graph->nodes && result == IGRAPH_SUCCESS; i++)
      points[i] = (GsPoint){MATRIX(places, i, 0), MATRIX(places, i, 1)};
    igraph_matrix_destroy(&places);
  }
  igraph_destroy(&made);
  return result;
}

static bool place_tree(const GsGraph *graph, const GsAdjacency *adjacency, GsPoint *points,
                       GError **error) {
  uint32_t depth = depth_of(adjacency);
  if (depth + 1 == graph->nodes) {
    place_line(points, graph->nodes);
    return true;
  }
  bool hangs = depth < LEVELS_MAX;
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, 1, error))
    return false;
  bool good = gs_igraph_check(place_tree_igraph(graph, hangs, points), GS_ERROR_SYSTEM,
                              "layout of the graph", error);
  gs_igraph_leave(&guard);
  if (!hangs || !good)
    return good;
  /* As high as it is wide. */
  double left = INFINITY, right = -INFINITY;
  for (uint32_t i = 0; i < graph->nodes; i++) {
    left = fmin(left, points[i].x);
    right = fmax(right, points[i].x);
  }
  for (uint32_t i = 0; i < graph->nodes; i++)
    points[i].x *= right > left ? 1.4 * depth / (right - left) : 1;
  return true;
}

/** Whether it was a matter of drawing what the kind is known for. */
static bool place_known(const GsGraph *graph, GsTopologyKind kind, uint32_t columns,
                        GsPoint *points) {
  switch (kind) {
  case GS_TOPOLOGY_LINE:
    place_line(points, graph->nodes);
    return true;
  case GS_TOPOLOGY_RING:
  case GS_TOPOLOGY_COMPLETE:
  case GS_TOPOLOGY_WATTS_STROGATZ:
    place_circle(points, graph->nodes);
    return true;
  case GS_TOPOLOGY_STAR:
    place_star(points, graph->nodes);
    return true;
  case GS_TOPOLOGY_LATTICE:
    if (columns > 0)
      place_grid(points, graph->nodes, columns);
    return columns > 0;
  default:
    return false;
  }
}

bool gs_graph_layout(const GsGraph *graph, GsTopologyKind kind, uint32_t columns, GsPoint *points,
                     GError **error) {
  if (graph->nodes == 0)
    return true;
  if (graph->places && gs_places_usable(graph->places)) {
    g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
    gs_layout_places(graph, adjacency, points);
  } else if (!place_known(graph, kind, columns, points)) {
    if (kind != GS_TOPOLOGY_TREE && graph->links > GS_LAYOUT_FORCES_LINKS_MAX) {
      place_grid(points, graph->nodes, (uint32_t)ceil(sqrt(graph->nodes)));
    } else {
      g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
      if (!(kind == GS_TOPOLOGY_TREE ? place_tree : gs_layout_forces)(graph, adjacency, points,
                                                                      error))
        return false;
    }
  }
  fit(points, graph->nodes);
  return true;
}

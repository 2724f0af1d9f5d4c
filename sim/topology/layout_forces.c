/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/layout_forces.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/layout_levels.h"

/** Room between islands, where nodes that are linked are about 1 apart. */
#define GAP 1.5
/** Nodes whose distances to all others the start is made from. */
#define PIVOTS 12
#define ROUNDS 300

/** One island, with its nodes numbered from 0. */
typedef struct {
  uint32_t nodes, links;
  uint32_t *members; /**< borrowed: their numbers in the whole graph */
  GsEdge *edges;     /**< borrowed */
  double width, height;
} Island;

/** Distances to far-away nodes, centred; one row per pivot. */
static uint32_t measure_pivots(const GsAdjacency *island, double *rows) {
  uint32_t n = island->nodes, pivots = MIN(PIVOTS, n), pivot = 0;
  g_autofree uint32_t *distance = g_new(uint32_t, n), *queue = g_new(uint32_t, n);
  g_autofree uint32_t *nearest = g_new(uint32_t, n);
  memset(nearest, 0xff, n * sizeof *nearest);
  for (uint32_t p = 0; p < pivots; p++) {
    memset(distance, 0xff, n * sizeof *distance);
    gs_adjacency_search(island, pivot, n, distance, queue);
    double mean = 0;
    for (uint32_t i = 0; i < n; i++) {
      mean += distance[i];
      nearest[i] = MIN(nearest[i], distance[i]);
    }
    for (uint32_t i = 0; i < n; i++)
      rows[(gsize)p * n + i] = distance[i] - mean / n;
    for (uint32_t i = 0; i < n; i++)
      if (nearest[i] > nearest[pivot])
        pivot = i;
  }
  return pivots;
}

/** The direction in which the rows differ most, orthogonal to `other` (may be NULL), by powers. */
static void main_direction(double products[PIVOTS][PIVOTS], uint32_t pivots, const double *other,
                           double *direction) {
  for (uint32_t p = 0; p < pivots; p++)
    direction[p] = 1 + p * (other ? -0.3 : 0.1);
  for (guint round = 0; round < 100; round++) {
    double next[PIVOTS], length = 0, share = 0;
    for (uint32_t p = 0; p < pivots; p++) {
      next[p] = 0;
      for (uint32_t q = 0; q < pivots; q++)
        next[p] += products[p][q] * direction[q];
    }
    for (uint32_t p = 0; other && p < pivots; p++)
      share += next[p] * other[p];
    for (uint32_t p = 0; p < pivots; p++) {
      next[p] -= other ? share * other[p] : 0;
      length += next[p] * next[p];
    }
    length = sqrt(length);
    if (length < 1e-9)
      return;
    for (uint32_t p = 0; p < pivots; p++)
      direction[p] = next[p] / length;
  }
}

void gs_layout_start(const GsAdjacency *island, GsPoint *points) {
  uint32_t n = island->nodes;
  g_autofree double *rows = g_new(double, (gsize)n *PIVOTS);
  uint32_t pivots = measure_pivots(island, rows);
  double products[PIVOTS][PIVOTS], first[PIVOTS] = {0}, second[PIVOTS] = {0};
  for (uint32_t p = 0; p < pivots; p++)
    for (uint32_t q = 0; q < pivots; q++) {
      products[p][q] = 0;
      for (uint32_t i = 0; i < n; i++)
        products[p][q] += rows[(gsize)p * n + i] * rows[(gsize)q * n + i];
    }
  main_direction(products, pivots, NULL, first);
  main_direction(products, pivots, first, second);
  for (uint32_t i = 0; i < n; i++) {
    points[i] = (GsPoint){0, 0};
    for (uint32_t p = 0; p < pivots; p++) {
      points[i].x += first[p] * rows[(gsize)p * n + i];
      points[i].y += second[p] * rows[(gsize)p * n + i];
    }
  }
}

/** Puts the start into `places`, scaled so that nodes are about 1 apart, and none on another. */
static igraph_error_t start(const Island *island, igraph_matrix_t *places) {
  GsGraph graph = {.nodes = island->nodes, .links = island->links, .edges = island->edges};
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(&graph);
  g_autofree GsPoint *points = g_new(GsPoint, island->nodes);
  gs_layout_start(adjacency, points);
  double most = 1e-9, side = sqrt(island->nodes);
  for (uint32_t i = 0; i < island->nodes; i++)
    most = fmax(most, fmax(fabs(points[i].x), fabs(points[i].y)));
  igraph_error_t result = igraph_matrix_resize(places, island->nodes, 2);
  if (result != IGRAPH_SUCCESS)
    return result;
  for (uint32_t i = 0; i < island->nodes; i++) {
    MATRIX(*places, i, 0) =
        points[i].x / most * side / 2 + igraph_rng_get_unif(igraph_rng_default(), -0.5, 0.5);
    MATRIX(*places, i, 1) =
        points[i].y / most * side / 2 + igraph_rng_get_unif(igraph_rng_default(), -0.5, 0.5);
  }
  return result;
}

/**
 * A circle in the order of a walk along links, depth first: springs from there
 * seldom leave links crossed that need not be, and never those of a ring.
 */
static igraph_error_t start_on_circle(const Island *island, igraph_matrix_t *places) {
  GsGraph graph = {.nodes = island->nodes, .links = island->links, .edges = island->edges};
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(&graph);
  igraph_error_t result = igraph_matrix_resize(places, island->nodes, 2);
  if (result != IGRAPH_SUCCESS)
    return result;
  g_autofree uint32_t *stack = g_new(uint32_t, 1 + 2 * (gsize)island->links);
  g_autofree bool *seen = g_new0(bool, island->nodes);
  double step = 2 * G_PI / island->nodes, radius = 1 / step;
  uint32_t height = 1, placed = 0;
  stack[0] = 0;
  while (height > 0) {
    uint32_t node = stack[--height];
    if (seen[node])
      continue;
    seen[node] = true;
    MATRIX(*places, node, 0) = radius * cos(step * placed);
    MATRIX(*places, node, 1) = radius * sin(step * placed);
    placed++;
    for (uint32_t i = adjacency->starts[node + 1]; i-- > adjacency->starts[node];)
      if (!seen[adjacency->neighbours[i]])
        stack[height++] = adjacency->neighbours[i];
  }
  return result;
}

static igraph_error_t place(const Island *island, igraph_matrix_t *places) {
  igraph_t made;
  igraph_error_t result = gs_igraph_make(&made, island->nodes, island->edges, island->links);
  if (result != IGRAPH_SUCCESS)
    return result;
  igraph_integer_t n = island->nodes;
  if (n <= GS_LAYOUT_SPRINGS_MAX) {
    result = start_on_circle(island, places);
    if (result == IGRAPH_SUCCESS)
      result = igraph_layout_kamada_kawai(&made, places, true, 50 * n, 0, (double)n, NULL, NULL,
                                          NULL, NULL, NULL);
  } else {
    result = start(island, places);
    if (result == IGRAPH_SUCCESS)
      result =
          igraph_layout_fruchterman_reingold(&made, places, true, ROUNDS, sqrt((double)n) / 10,
                                             IGRAPH_LAYOUT_AUTOGRID, NULL, NULL, NULL, NULL, NULL);
  }
  igraph_destroy(&made);
  return result;
}

/** Moves the island to the corner and scales it so that its links are 1 long in the mean. */
static void settle(Island *island, GsPoint *points) {
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY, length = 0;
  for (uint32_t i = 0; i < island->links; i++) {
    const GsPoint *a = &points[island->members[island->edges[i].a]];
    const GsPoint *b = &points[island->members[island->edges[i].b]];
    length += hypot(a->x - b->x, a->y - b->y);
  }
  for (uint32_t i = 0; i < island->nodes; i++) {
    const GsPoint *point = &points[island->members[i]];
    left = fmin(left, point->x);
    right = fmax(right, point->x);
    top = fmin(top, point->y);
    bottom = fmax(bottom, point->y);
  }
  /* Long links across must not make dense islands tiny. */
  double side = fmax(right - left, bottom - top), scale = length > 0 ? island->links / length : 1;
  if (side > 0)
    scale = fmax(scale, 0.8 * sqrt(island->nodes) / side);
  for (uint32_t i = 0; i < island->nodes; i++) {
    GsPoint *point = &points[island->members[i]];
    *point = (GsPoint){(point->x - left) * scale, (point->y - top) * scale};
  }
  island->width = (right - left) * scale;
  island->height = (bottom - top) * scale;
}

/** Up to GS_LAYOUT_FORCES_MAX nodes; inside the guard. */
static igraph_error_t lay_out_few(Island *island, GsPoint *points) {
  if (island->nodes <= 2) {
    for (uint32_t i = 0; i < island->nodes; i++)
      points[island->members[i]] = (GsPoint){i, 0};
    island->width = island->nodes - 1;
    return IGRAPH_SUCCESS;
  }
  igraph_matrix_t places;
  igraph_error_t result = igraph_matrix_init(&places, 0, 0);
  if (result != IGRAPH_SUCCESS)
    return result;
  result = place(island, &places);
  for (uint32_t i = 0; i < island->nodes && result == IGRAPH_SUCCESS; i++)
    points[island->members[i]] = (GsPoint){MATRIX(places, i, 0), MATRIX(places, i, 1)};
  igraph_matrix_destroy(&places);
  if (result == IGRAPH_SUCCESS)
    settle(island, points);
  return result;
}

static void lay_out_many(Island *island, GsPoint *points) {
  GsGraph graph = {.nodes = island->nodes, .links = island->links, .edges = island->edges};
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(&graph);
  g_autofree GsPoint *places = g_new(GsPoint, island->nodes);
  gs_layout_levels(adjacency, places);
  for (uint32_t i = 0; i < island->nodes; i++)
    points[island->members[i]] = places[i];
  settle(island, points);
}

static int by_height(gconstpointer a, gconstpointer b) {
  const Island *one = *(const Island *const *)a, *other = *(const Island *const *)b;
  if (one->height != other->height)
    return one->height > other->height ? -1 : 1;
  if (one->nodes != other->nodes)
    return one->nodes > other->nodes ? -1 : 1;
  return one < other ? -1 : one > other; /* all in one array */
}

/** Side by side in rows of about the width that makes a square. */
static void pack(Island *islands, uint32_t count, GsPoint *points) {
  g_autofree Island **order = g_new(Island *, count);
  double area = 0, widest = 0;
  for (uint32_t i = 0; i < count; i++) {
    order[i] = &islands[i];
    area += (islands[i].width + GAP) * (islands[i].height + GAP);
    widest = fmax(widest, islands[i].width + GAP);
  }
  qsort(order, count, sizeof *order, by_height);
  double wide = fmax(widest, sqrt(area) * 1.05), x = 0, y = 0, row = 0;
  for (uint32_t i = 0; i < count; i++) {
    const Island *island = order[i];
    if (x > 0 && x + island->width + GAP > wide) {
      y += row + GAP;
      x = row = 0;
    }
    row = fmax(row, island->height);
    for (uint32_t k = 0; k < island->nodes; k++) {
      points[island->members[k]].x += x;
      points[island->members[k]].y += y;
    }
    x += island->width + GAP;
  }
}

/** Sorts nodes and links by island. */
static Island *split(const GsGraph *graph, const uint32_t *component, const uint32_t *sizes,
                     uint32_t count, uint32_t *members, GsEdge *edges) {
  Island *islands = g_new0(Island, count);
  g_autofree uint32_t *number = g_new(uint32_t, graph->nodes);
  for (uint32_t i = 0; i < graph->links; i++)
    islands[component[graph->edges[i].a]].links++;
  for (uint32_t i = 0; i < count; i++) {
    islands[i].members = members;
    islands[i].edges = edges;
    members += sizes[i];
    edges += islands[i].links;
    islands[i].links = 0;
  }
  for (uint32_t i = 0; i < graph->nodes; i++) {
    Island *island = &islands[component[i]];
    number[i] = island->nodes;
    island->members[island->nodes++] = i;
  }
  for (uint32_t i = 0; i < graph->links; i++) {
    Island *island = &islands[component[graph->edges[i].a]];
    island->edges[island->links++] = (GsEdge){number[graph->edges[i].a], number[graph->edges[i].b]};
  }
  return islands;
}

bool gs_layout_forces(const GsGraph *graph, const GsAdjacency *adjacency, GsPoint *points,
                      GError **error) {
  g_autofree uint32_t *component = g_new(uint32_t, graph->nodes), *sizes = NULL;
  uint32_t count = gs_adjacency_components(adjacency, component, &sizes);
  g_autofree uint32_t *members = g_new(uint32_t, graph->nodes);
  g_autofree GsEdge *edges = g_new(GsEdge, MAX(graph->links, 1));
  g_autofree Island *islands = split(graph, component, sizes, count, members, edges);
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, 1, error))
    return false;
  igraph_error_t result = IGRAPH_SUCCESS;
  for (uint32_t i = 0; i < count && result == IGRAPH_SUCCESS; i++)
    if (islands[i].nodes <= GS_LAYOUT_FORCES_MAX)
      result = lay_out_few(&islands[i], points);
  bool good = gs_igraph_check(result, GS_ERROR_SYSTEM, "layout of the graph", error);
  gs_igraph_leave(&guard);
  if (!good)
    return false;
  /* Without igraph, and so without keeping others waiting. */
  for (uint32_t i = 0; i < count; i++)
    if (islands[i].nodes > GS_LAYOUT_FORCES_MAX)
      lay_out_many(&islands[i], points);
  pack(islands, count, points);
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/layout_places.h"

#include <math.h>
#include <stdlib.h>

/** Rounds in which nodes without a place come to the middle of their siblings. */
#define ROUNDS 50
/** Steps around the circle after which no two of many points are near each other. */
#define GOLDEN_ANGLE 2.399963229728653

typedef struct {
  double left, right, top, bottom;
} Box;

static Box box_of(const GsPoint *points, const bool *placed, uint32_t count) {
  Box box = {INFINITY, -INFINITY, INFINITY, -INFINITY};
  for (uint32_t i = 0; i < count; i++)
    if (placed[i]) {
      box.left = fmin(box.left, points[i].x);
      box.right = fmax(box.right, points[i].x);
      box.top = fmin(box.top, points[i].y);
      box.bottom = fmax(box.bottom, points[i].y);
    }
  return box;
}

/** About how far nodes are from each other. */
static double step_of(Box box, uint32_t count) {
  double side = fmax(box.right - box.left, box.bottom - box.top);
  return side / sqrt(count + 4.0);
}

static int by_value(gconstpointer a, gconstpointer b) {
  double one = *(const double *)a, other = *(const double *)b;
  return one < other ? -1 : one > other;
}

/** Longitudes that follow each other: the map is cut in the middle of the Pacific, not of a grid
 * that lies on both sides of 180°. */
static double west_of(const GsPlaces *places) {
  g_autofree double *sorted = g_new(double, places->nodes);
  uint32_t count = 0;
  for (uint32_t i = 0; i < places->nodes; i++)
    if (!isnan(places->x[i]))
      sorted[count++] = places->x[i] - 360 * floor((places->x[i] + 180) / 360);
  qsort(sorted, count, sizeof *sorted, by_value);
  double west = sorted[0], widest = sorted[0] + 360 - sorted[count - 1];
  for (uint32_t i = 1; i < count; i++)
    if (sorted[i] - sorted[i - 1] > widest) {
      widest = sorted[i] - sorted[i - 1];
      west = sorted[i];
    }
  return west;
}

static void project(const GsPlaces *places, GsPoint *points, bool *placed) {
  bool earth = places->kind == GS_PLACES_ON_EARTH;
  double up = places->kind == GS_PLACES_DOWNWARD ? 1 : -1, west = earth ? west_of(places) : 0;
  double least = INFINITY, most = -INFINITY;
  for (uint32_t i = 0; i < places->nodes; i++) {
    placed[i] = !isnan(places->x[i]);
    double x = places->x[i] - west;
    points[i] = (GsPoint){earth ? x - 360 * floor(x / 360) : x, up * places->y[i]};
    least = placed[i] ? fmin(least, points[i].y) : least;
    most = placed[i] ? fmax(most, points[i].y) : most;
  }
  for (uint32_t i = 0; earth && i < places->nodes; i++)
    points[i].x *= fmax(cos((least + most) / 360 * G_PI), 0.01);
}

/** Nodes without a place that links lead to from those with one: where their siblings are. */
static void place_near(const GsAdjacency *adjacency, double step, GsPoint *points, bool *placed) {
  uint32_t count = adjacency->nodes, found = 0, head = 0;
  g_autofree bool *given = g_memdup2(placed, count * sizeof *placed);
  g_autofree uint32_t *queue = g_new(uint32_t, count);
  for (uint32_t i = 0; i < count; i++)
    if (placed[i])
      queue[found++] = i;
  for (; head < found; head++)
    for (uint32_t n = adjacency->starts[queue[head]]; n < adjacency->starts[queue[head] + 1]; n++) {
      uint32_t node = adjacency->neighbours[n];
      if (placed[node])
        continue;
      placed[node] = true;
      points[node] = points[queue[head]];
      queue[found++] = node;
    }
  for (uint32_t round = 0; round < ROUNDS; round++)
    for (uint32_t at = 0; at < found; at++) {
      uint32_t node = queue[at], degree = gs_adjacency_degree(adjacency, node);
      GsPoint sum = {0, 0};
      if (given[node])
        continue;
      for (uint32_t n = adjacency->starts[node]; n < adjacency->starts[node + 1]; n++) {
        sum.x += points[adjacency->neighbours[n]].x / degree;
        sum.y += points[adjacency->neighbours[n]].y / degree;
      }
      points[node] = sum;
    }
  /* Not on a sibling, nor on each other. */
  for (uint32_t at = 0; at < found; at++)
    if (!given[queue[at]]) {
      points[queue[at]].x += step * cos(GOLDEN_ANGLE * at);
      points[queue[at]].y += step * sin(GOLDEN_ANGLE * at);
    }
}

/** The others, in rows below. */
static void place_below(Box box, double step, uint32_t count, GsPoint *points, bool *placed) {
  uint32_t columns = MAX((uint32_t)((box.right - box.left) / step), 1), at = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!placed[i]) {
      points[i] =
          (GsPoint){box.left + step * (at % columns), box.bottom + step * (2 + at / columns)};
      placed[i] = true;
      at++;
    }
}

typedef struct {
  GsPoint point;
  uint32_t node;
} Placed;

static int by_point(gconstpointer a, gconstpointer b) {
  const Placed *one = a, *other = b;
  if (one->point.x != other->point.x)
    return one->point.x < other->point.x ? -1 : 1;
  if (one->point.y != other->point.y)
    return one->point.y < other->point.y ? -1 : 1;
  return one->node < other->node ? -1 : one->node > other->node;
}

/** Nodes at one place become a flower around it. */
static void move_apart(uint32_t count, double step, GsPoint *points) {
  g_autofree Placed *sorted = g_new(Placed, count);
  for (uint32_t i = 0; i < count; i++)
    sorted[i] = (Placed){points[i], i};
  qsort(sorted, count, sizeof *sorted, by_point);
  for (uint32_t i = 0, first = 0; i < count; i++) {
    if (sorted[i].point.x != sorted[first].point.x || sorted[i].point.y != sorted[first].point.y)
      first = i;
    double far = 0.4 * step * sqrt(i - first), angle = GOLDEN_ANGLE * (i - first);
    points[sorted[i].node].x += far * cos(angle);
    points[sorted[i].node].y += far * sin(angle);
  }
}

void gs_layout_places(const GsGraph *graph, const GsAdjacency *adjacency, GsPoint *points) {
  g_autofree bool *placed = g_new(bool, graph->nodes);
  project(graph->places, points, placed);
  Box box = box_of(points, placed, graph->nodes);
  double step = step_of(box, graph->nodes);
  place_near(adjacency, step, points, placed);
  place_below(box_of(points, placed, graph->nodes), step, graph->nodes, points, placed);
  move_apart(graph->nodes, step, points);
}

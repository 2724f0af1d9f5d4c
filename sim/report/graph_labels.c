/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_labels.h"

#include <math.h>
#include <stdbool.h>

/** Room between a node and its name. */
#define GAP 3.0
/** Covering a node or a name is as bad as this, per square unit; crossing a link as bad as that. */
#define COVERED 1.0
#define CROSSED 25.0

/** The best come first: of equally good places it is the first. */
static const struct {
  int right, down; /**< -1, 0 or 1 */
} sides[] = {{0, -1}, {0, 1}, {1, 0}, {-1, 0}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}};

static GsLabelPlace place_at(GsPoint node, double radius, double width, double height, guint side) {
  int right = sides[side].right, down = sides[side].down;
  double far = right && down ? radius * 0.7 : radius;
  GsLabelPlace place = {.width = width, .height = height};
  place.anchor = right > 0 ? GS_LABEL_START : right < 0 ? GS_LABEL_END : GS_LABEL_MIDDLE;
  place.left = right > 0   ? node.x + far + GAP
               : right < 0 ? node.x - far - GAP - width
                           : node.x - width / 2;
  place.top = down > 0   ? node.y + far + GAP - (right ? height / 3 : 0)
              : down < 0 ? node.y - far - GAP - height + (right ? height / 3 : 0)
                         : node.y - height / 2;
  return place;
}

static double overlap(double left, double right, double low, double high) {
  return fmax(fmin(right, high) - fmax(left, low), 0);
}

static double covered(const GsLabelPlace *a, double left, double top, double width, double height) {
  return overlap(a->left, a->left + a->width, left, left + width) *
         overlap(a->top, a->top + a->height, top, top + height);
}

/** Whether the line passes the box (Liang and Barsky 1984). */
static bool crosses(const GsLabelPlace *box, GsPoint from, GsPoint to) {
  double first = 0, last = 1, dx = to.x - from.x, dy = to.y - from.y;
  const double steps[] = {-dx, dx, -dy, dy};
  const double rooms[] = {from.x - box->left, box->left + box->width - from.x, from.y - box->top,
                          box->top + box->height - from.y};
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    double share = steps[i] != 0 ? rooms[i] / steps[i] : 0;
    if (steps[i] < 0)
      first = fmax(first, share);
    else if (steps[i] > 0)
      last = fmin(last, share);
    else if (rooms[i] < 0)
      return false;
  }
  return first < last;
}

static double badness(const GsGraph *graph, const GsPoint *points, double radius,
                      const GsLabelPlace *places, uint32_t node, const GsLabelPlace *place) {
  double bad = 0;
  for (uint32_t i = 0; i < graph->nodes; i++) {
    if (i != node)
      bad += COVERED *
             covered(place, points[i].x - radius, points[i].y - radius, 2 * radius, 2 * radius);
    if (i < node && places[i].width > 0)
      bad += 2 * COVERED *
             covered(place, places[i].left, places[i].top, places[i].width, places[i].height);
  }
  for (uint32_t i = 0; i < graph->links; i++)
    bad += crosses(place, points[graph->edges[i].a], points[graph->edges[i].b]) ? CROSSED : 0;
  return bad;
}

void gs_labels_place(const GsGraph *graph, const GsPoint *points, double radius,
                     const double *widths, double height, GsLabelPlace *places) {
  for (uint32_t i = 0; i < graph->nodes; i++) {
    double least = INFINITY;
    places[i] = (GsLabelPlace){.width = 0};
    for (guint side = 0; widths[i] > 0 && side < G_N_ELEMENTS(sides); side++) {
      GsLabelPlace place = place_at(points[i], radius, widths[i], height, side);
      double bad = badness(graph, points, radius, places, i, &place);
      if (bad < least) {
        least = bad;
        places[i] = place;
      }
    }
  }
}

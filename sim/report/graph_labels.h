/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/topology/layout.h"

/** Where a name goes: its box, and the side of it that is fixed. */
typedef struct {
  double left, top, width, height;
  enum { GS_LABEL_START, GS_LABEL_MIDDLE, GS_LABEL_END } anchor;
} GsLabelPlace;

/**
 * Puts a name beside each node of a drawing, above, below, at a side or at a
 * corner of it, where it covers least of nodes, of names that are placed already
 * and of links. `points` are in units of the drawing, `radius` is that of nodes;
 * names of width 0 are left out (they stand inside of their node). The same
 * input gives the same places. O(names × (nodes + links)).
 */
void gs_labels_place(const GsGraph *graph, const GsPoint *points, double radius,
                     const double *widths, double height, GsLabelPlace *places);

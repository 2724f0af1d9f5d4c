/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/** Up to here islands are laid out by Kamada and Kawai's springs, above by Fruchterman and
 * Reingold's forces. */
#define GS_LAYOUT_SPRINGS_MAX 100
/** Up to here, and above by Hu's springs and charges on ever larger graphs: all at once, forces
 * make a cloud of thousands of nodes, and take six times as long for a thousand. */
#define GS_LAYOUT_FORCES_MAX 300
/** Above so many links nodes are put on a grid in the order of their numbers: forces would take
 * long, and a picture of so many lines shows nothing. */
#define GS_LAYOUT_FORCES_LINKS_MAX 200000

typedef struct {
  double x, y; /**< to the right, and down */
} GsPoint;

/**
 * Where to draw the nodes: points in the unit square that fill it in at least
 * one direction, not distorted (a single node is in the middle). Where a graph
 * file says where its nodes are (graph->places), they are there. What else has a
 * picture that people expect gets it: lines as a winding path, rings, complete
 * and Watts–Strogatz graphs on a circle, stars around their hub, trees from
 * their root, lattices as a grid of `columns` columns (0: not known). All others
 * by forces, one island at a time, side by side, so that linked nodes are near
 * each other and loops, arms and meshes of thousands of nodes are seen. Always
 * the same for the same graph. `points` has room for all nodes. Errors:
 * GS_ERROR_SYSTEM (memory). Thread-safe, though one thread at a time is in igraph.
 * 5,000 nodes of few links take about half a second, 50,000 about five seconds.
 */
bool gs_graph_layout(const GsGraph *graph, GsTopologyKind kind, uint32_t columns, GsPoint *points,
                     GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/adjacency.h"
#include "sim/topology/layout.h"

/**
 * Lays out by forces: each island by itself, at a size that suits its nodes,
 * then all of them side by side in rows, the largest first. Errors:
 * GS_ERROR_SYSTEM (memory). Enters igraph's guard by itself, for islands of up to
 * GS_LAYOUT_FORCES_MAX nodes.
 */
bool gs_layout_forces(const GsGraph *graph, const GsAdjacency *adjacency, GsPoint *points,
                      GError **error);
/** Where to start: distances to a few nodes far from each other, as seen from the two sides that
 * show most of them. Of one island. */
void gs_layout_start(const GsAdjacency *island, GsPoint *points);

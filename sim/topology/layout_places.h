/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/adjacency.h"
#include "sim/topology/layout.h"

/**
 * Puts nodes where graph->places says, to the right and down, not fitted yet. A
 * map of degrees is as wide as it is in its middle latitude, and cut where the
 * longitudes leave most room. A node without a place comes near its siblings,
 * islands without any into rows below all others; nodes at the same place are
 * moved apart by little. O((nodes + links) log nodes).
 */
void gs_layout_places(const GsGraph *graph, const GsAdjacency *adjacency, GsPoint *points);

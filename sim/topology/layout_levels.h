/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/adjacency.h"
#include "sim/topology/layout.h"

/**
 * Lays out one island by springs along its links and charges on its nodes (Hu,
 * "Efficient, High-Quality Force-Directed Graph Drawing", 2005): the graph is
 * made smaller by joining neighbours, again and again; the smallest is laid out
 * first, and each larger one starts from the one before, so that the shape of
 * the whole is right before the details are. No two nodes are at the same place.
 * The same island gives the same points. At least one node; they must all be
 * linked with each other by some way, and be at most GS_LAYOUT_TREE_MAX.
 * O(links + nodes log nodes).
 */
void gs_layout_levels(const GsAdjacency *island, GsPoint *points);

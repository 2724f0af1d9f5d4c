/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/** The neighbours of each node of a graph, all in one array. */
typedef struct {
  uint32_t nodes;
  uint32_t *starts;     /**< nodes + 1 of them: those of i are at starts[i] up to starts[i + 1] */
  uint32_t *neighbours; /**< each link twice */
} GsAdjacency;

/** Neighbours in increasing order. O(nodes + links). */
GsAdjacency *gs_adjacency_new(const GsGraph *graph);
/** Of links in any order, which decides about that of the neighbours. O(nodes + links). */
GsAdjacency *gs_adjacency_of(uint32_t nodes, const GsEdge *edges, uint32_t links);
void gs_adjacency_free(GsAdjacency *adjacency);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsAdjacency, gs_adjacency_free)

static inline uint32_t gs_adjacency_degree(const GsAdjacency *adjacency, uint32_t node) {
  return adjacency->starts[node + 1] - adjacency->starts[node];
}

/**
 * Breadth-first search. `distance` has room for all nodes, is UINT32_MAX where
 * a node is to be found and is filled in for those that are; `queue` has room
 * for all nodes and holds them in the order in which they were found. Stops
 * when `most` were found, which saves most of the work in dense graphs. Returns
 * how many.
 */
uint32_t gs_adjacency_search(const GsAdjacency *adjacency, uint32_t from, uint32_t most,
                             uint32_t *distance, uint32_t *queue);
/**
 * Numbers the components in the order of their first nodes: component of each
 * node, and in `*sizes` the nodes of each (free with g_free). Returns how many.
 */
uint32_t gs_adjacency_components(const GsAdjacency *adjacency, uint32_t *component,
                                 uint32_t **sizes);

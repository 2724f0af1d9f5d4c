/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/topology.h"

/**
 * The graph of Barabási and Albert (Science 286, 1999): nodes come one by one,
 * and each makes links to `m` different ones of those before it, drawn with
 * probabilities as their degrees; to all of them, while they are no more than
 * m. Random numbers and rules are igraph's, and so are the graphs, link by link
 * (igraph_barabasi_game with IGRAPH_BARABASI_PSUMTREE), in a third of the time
 * and a sixth of the memory. 1 ≤ m < nodes, the sum of all degrees below 2^32.
 * Returns the links (free with g_free) in the order of their newer nodes; NULL
 * with an error (GS_ERROR_SYSTEM). O(links · log nodes). Thread-safe.
 */
GsEdge *gs_preferential(uint32_t nodes, uint32_t m, uint64_t seed, uint32_t *links, GError **error);

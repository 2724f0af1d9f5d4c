/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/topology.h"

/**
 * The small world of Watts and Strogatz (Nature 393, 1998): a ring in which each
 * node has a link to each of its k/2 next ones clockwise. Lap by lap, the
 * nearest first, each of these links is moved once with probability p: the node
 * that has it keeps its end, the other end goes to a node drawn evenly from those
 * that it is not linked to. So every node keeps at least k/2 links, and there are
 * nodes × k/2. Where a node is linked to all others the link stays. `k` is even
 * and below `nodes`. Returns the links (free with g_free), in no order to rely
 * on. O(links), times nodes / 64 up to 8,192 nodes. Thread-safe.
 */
GsEdge *gs_small_world(uint32_t nodes, uint32_t k, double p, uint64_t seed);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/saturating.h"

/**
 * What the protocol costs in messages on an island of N nodes and E links, whose
 * links are all there from the start, and whatever latencies are: the closed
 * forms of docs/PROTOCOL.md, What it costs. They stand here and nowhere else.
 * UINT64_MAX: more than can be counted.
 */

/** The Ask and the Response with which a link is made. */
#define GS_COST_HANDSHAKE 2u

/** One flood: 2E − N + 1 Tells. Also the Asks of a wave. */
static inline uint64_t gs_cost_flood(uint64_t nodes, uint64_t links) {
  return 2 * links - nodes + 1;
}

/** One wave: as many Asks, and a Response to each. */
static inline uint64_t gs_cost_wave(uint64_t nodes, uint64_t links) {
  return 2 * gs_cost_flood(nodes, links);
}

/** A flood, and the wave that each node starts. */
static inline uint64_t gs_cost_sync(uint64_t nodes, uint64_t links) {
  return gs_saturating_multiply(gs_cost_flood(nodes, links), 1 + 2 * nodes);
}

/** The waves of all nodes. */
static inline uint64_t gs_cost_waves_of_all(uint64_t nodes, uint64_t links) {
  return gs_saturating_multiply(gs_cost_wave(nodes, links), nodes);
}

/** A link that is made while nothing else is under way; counted with it. */
static inline uint64_t gs_cost_new_link(uint64_t nodes, uint64_t links) {
  return gs_saturating_add(gs_cost_sync(nodes, links), GS_COST_HANDSHAKE);
}

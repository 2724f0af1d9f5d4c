/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"
#include "sim/topology/topology.h"

/**
 * What can be said of a run without running it: docs/PROTOCOL.md. Pure, takes
 * no lock; may be called from several threads.
 */

/** "There is no upper bound." */
#define GS_THEORY_NO_HOPS UINT32_MAX

/** Hops are not worked out where the island's nodes × the grid's nodes and links are more: it would
 * take seconds. */
#define GS_THEORY_WORK_MAX ((uint64_t)1 << 28)

typedef struct {
  uint64_t messages; /**< between nodes, that the whole schedule leads to; UINT64_MAX: too many */
  /**
   * Every run has exactly so many: each reason to sync starts a wave, all links are there from the
   * start, no message of a link overtakes another, and no `until` ends the run.
   */
  bool messages_known;
  /**
   * The schedule is one UpdateEnergy of one node, without pace and handshakes, and the grid comes
   * into sync. Only then do the following mean anything; if `until` does not come before.
   */
  bool hops_known;
  /**
   * Links that messages cross one after the other until all nodes are in sync. When node u is told,
   * each node v of its island starts a wave after d(u, v) hops, which is back after twice the hops
   * from v to the farthest node, and two more at most (none in a tree): at least and at most the
   * largest such sum. 0 where the truth does not change.
   */
  uint32_t hops_low, hops_high;
  /**
   * Until then. On a uniform network, where all messages take equally long, hops × latency. On
   * others an Ask may come first by a detour, so that a chain may be of any length: at least
   * hops_low times the least that a message can take; GS_THEORY_NO_HOPS and −1 for no upper bound.
   * GS_TIME_NEVER: too long to be counted.
   */
  int64_t time_low_ns, time_high_ns;
} GsTheory;

/** O(nodes × links) of the island where hops are worked out; a complete one O(nodes²). */
void gs_theory_of(const GsScenario *scenario, GsTheory *theory);

/**
 * The exponent x of messages ~ nodes^x of one update, for large grids of the
 * family with all other parameters fixed: 2 where links grow as nodes do, 3 of
 * the complete graph. False where it depends on parameters that one would
 * change with the nodes (erdos-renyi, geometric), and of files.
 */
bool gs_theory_growth_limit(GsTopologyKind kind, double *limit);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/run/run.h"

/**
 * What a run will need in memory, worked out before it starts. Pure: the same
 * scenario gives the same estimate.
 *
 * The pools' part is what waves, nets and messages hold at the worst moment, as
 * wave_load.h has it for the island that the largest disturbance of the schedule
 * is in. It is between 0.9 times and twice what the run's pools will hold
 * (GsResults.memory_bytes) where disturbances come one at a time and messages
 * take about the same time each. Of disturbances that overlap it counts what
 * overlaps for sure: those that are told before an earlier one can be over, were
 * every message to take the least time that the network allows. A run with
 * jitter, or at a pace, may need more, and so may one whose messages may be lost or doubled, since
 * waves stay open then. Links that the schedule makes count as
 * made from the start.
 */

/** What a run is asked to do beside the scenario, as in GsRunOptions. */
typedef struct {
  GsRunnerKind runner;
  uint32_t workers; /**< 0: the cores */
  bool tracing;     /**< there are sinks */
  /** It is run again to find who was last in sync (sim/run/last_search.h), if it has up to so many
   * messages; 0: it is not. */
  uint64_t searched_max;
} GsMemoryPlan;

typedef struct {
  uint64_t pool_bytes;   /**< waves, nets and messages: what GsResults.memory_bytes measures */
  uint64_t rest_bytes;   /**< nodes, links, measurement, results */
  uint64_t thread_bytes; /**< stacks and mailboxes of one thread per node, and sorters */
  uint64_t stack_bytes;  /**< of stacks beside that, reserved and not used; not in the sums */
  uint64_t trace_bytes;  /**< records of the busiest moment; chains of messages */
  uint64_t bytes;        /**< of all; the sums stay at UINT64_MAX */
  /* The same in all, if it were done otherwise. */
  uint64_t coalesced_bytes;   /**< with "sync": "coalesce" */
  uint64_t single_wave_bytes; /**< with one UpdateNet instead of each disturbance */
  bool dense;                 /**< messages count for more than waves */
  bool waves_of_all;          /**< a disturbance makes every node start a wave */
} GsMemoryNeed;

/** About a tenth of a second for large grids; O(nodes + links + occurrences) for small ones. */
void gs_memory_need(const GsScenario *scenario, const GsMemoryPlan *plan, GsMemoryNeed *need);

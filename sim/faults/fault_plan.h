/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/**
 * All that goes wrong in a scenario, known before it is run: which nodes are down,
 * paused or slow, and which links are cut or degraded, at any moment. A pure
 * function of scenario and seed. Immutable, so that all lanes read it without locks.
 *
 * A fault lasts from its moment (included) to its end (excluded): that of its `for`,
 * or a restart, resume or heal before. Of overlapping faults of one kind all must
 * have ended; of several that slow down or degrade, the largest counts.
 */
typedef struct GsFaultPlan GsFaultPlan;

/** NULL: nothing goes wrong. The scenario is borrowed and must live longer. O(nodes and links of
 * all occurrences of faults, × log). */
GsFaultPlan *gs_fault_plan_new(const GsScenario *scenario);
/** NULL is fine. */
void gs_fault_plan_free(GsFaultPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsFaultPlan, gs_fault_plan_free)

/** What holds on a link in one direction from a moment on. */
typedef struct {
  bool is_cut;
  double loss;        /**< −1: the link's own */
  int64_t latency_ns; /**< −1: the link's own */
  int64_t until_ns;   /**< until then; GS_TIME_NEVER: for good */
} GsLinkFault;
/** Cuts and degrading alone: whether its ends are up is asked for of the nodes. O(log). */
GsLinkFault gs_fault_plan_link(const GsFaultPlan *plan, uint32_t from, uint32_t to, int64_t at_ns);

/** How a node is from a moment on. */
typedef struct {
  bool is_down;       /**< crashed, or gone for good */
  bool is_gone;       /**< for good */
  GsKeeps keeps;      /**< down: what it has when it is back */
  int64_t resumes_ns; /**< paused until then (GS_TIME_NEVER: for good); 0: it is not */
  double slow_by;     /**< what it sends takes so many times as long; 1: it is not slow */
  int64_t until_ns;   /**< until then; GS_TIME_NEVER: for good */
} GsNodeFault;
/** O(log). */
GsNodeFault gs_fault_plan_node(const GsFaultPlan *plan, uint32_t node, int64_t at_ns);

/** Whether a link works in both directions, between nodes that are up. NULL: nothing goes wrong.
 * O(log). */
bool gs_fault_plan_works(const GsFaultPlan *plan, uint32_t a, uint32_t b, int64_t at_ns);

/** What there is of it in a plan. */
typedef struct {
  bool may_lose;            /**< crashes, leaving, cuts, partitions, loss */
  bool may_delay;           /**< pauses, slow nodes, latencies */
  int64_t least_latency_ns; /**< that a degraded link has; GS_TIME_NEVER: none says one */
  bool changes_islands;     /**< crashes, leaving, cuts, partitions */
} GsFaultKinds;
GsFaultKinds gs_fault_plan_kinds(const GsFaultPlan *plan);

/** A stretch of time in which something of a fault holds. */
typedef struct {
  uint32_t fault; /**< which one, in the order in which they begin */
  uint32_t node;  /**< UINT32_MAX: it is of links */
  const GsScheduleEntry *entry;
  int64_t begin_ns, end_ns; /**< end excluded; GS_TIME_NEVER: for good */
} GsFaultStretch;
/** All of them, of GsFaultStretch: of nodes, then of links; each in the order in which they begin.
 * Free with g_array_unref. O(nodes and links of all faults). */
GArray *gs_fault_plan_stretches(const GsFaultPlan *plan);

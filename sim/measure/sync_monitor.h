/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/faults/fault_plan.h"
#include "sim/measure/sync_series.h"
#include "sim/scenario/scenario.h"

/**
 * Knows the truth that no node knows: which nodes are connected through live
 * links (known on both sides), the true net of each island, and how many nodes
 * have another gridnet than that. Also when each disturbance was over.
 *
 * Told of changes in order of time; all that happens at one moment counts
 * together. Not thread-safe.
 */
typedef struct GsSyncMonitor GsSyncMonitor;

/** Start links are live at once unless the scenario makes them by handshakes. */
GsSyncMonitor *gs_sync_monitor_new(const GsScenario *scenario);
void gs_sync_monitor_free(GsSyncMonitor *monitor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsSyncMonitor, gs_sync_monitor_free)

/** The true net of a node's island. Almost O(1). */
int64_t gs_sync_monitor_true_net(GsSyncMonitor *monitor, uint32_t node);
/**
 * Whether a node's island goes on in foreign nodes. Then its true net is not
 * known, and its nodes are in sync when they agree.
 */
bool gs_sync_monitor_is_open(GsSyncMonitor *monitor, uint32_t node);
/** Whether the node's gridnet is right as far as is known here. Almost O(1). */
bool gs_sync_monitor_in_sync(GsSyncMonitor *monitor, uint32_t node);
/** A number that the nodes of an island share. Almost O(1). */
uint32_t gs_sync_monitor_island(GsSyncMonitor *monitor, uint32_t node);
/** Nodes and links of a node's island. */
void gs_sync_monitor_island_size(GsSyncMonitor *monitor, uint32_t node, uint64_t *nodes,
                                 uint64_t *links);

/** What a node starts with, otherwise its own net. Before anything else is told or asked. */
void gs_sync_monitor_set_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet);

/** A disturbance begins; its number is the `cause` of what it leads to. When it is over:
 * sim/measure/convergence.h. */
void gs_sync_monitor_disturb(GsSyncMonitor *monitor, int64_t now_ns, uint32_t cause);
void gs_sync_monitor_gridnet(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             int64_t gridnet);
void gs_sync_monitor_energy(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node, int64_t net,
                            uint32_t cause);
/** `node` has added `sibling` (from the number of nodes on: a foreign one); the link is live when
 * both have. */
void gs_sync_monitor_sibling(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             uint32_t sibling, uint32_t cause);
/**
 * Islands may be others from `now_ns` on: what links and nodes are up is as the plan
 * has it (borrowed). Before all else that is told of this moment but disturbances.
 * A node that is down is in no island, adds nothing and is not out of sync; one that
 * is back counts as one that was. Islands that were parted are treated as those that
 * join: see gs_sync_monitor_node_in_sync_since_ns. O(nodes + links).
 */
void gs_sync_monitor_change_islands(GsSyncMonitor *monitor, int64_t now_ns,
                                    const GsFaultPlan *faults);
/** A node is back and knows its siblings no more. Before gs_sync_monitor_change_islands. O(links).
 */
void gs_sync_monitor_forget_siblings(GsSyncMonitor *monitor, uint32_t node);
bool gs_sync_monitor_is_down(GsSyncMonitor *monitor, uint32_t node);
/** Nothing more happens before `now_ns`: what happened before it is judged. */
void gs_sync_monitor_settle(GsSyncMonitor *monitor, int64_t now_ns);

uint64_t gs_sync_monitor_links(const GsSyncMonitor *monitor);
uint32_t gs_sync_monitor_islands(const GsSyncMonitor *monitor);
uint32_t gs_sync_monitor_out_of_sync(GsSyncMonitor *monitor);
/** Links that one side alone has: the other started again without its siblings, or has not heard
 * yet. O(1). */
uint32_t gs_sync_monitor_half_links(const GsSyncMonitor *monitor);
/**
 * Since when a node has had the right gridnet without a break (0: from the
 * start); -1: it has not. What changes the truth of an island, also only that
 * of one of two which join, is a break for all of it, unless all its nodes are in
 * sync at the end of the moment as they were before: so a node without siblings
 * has no break when its own energy changes. Of islands that join so, the later
 * break counts for both. What is undone at the same moment is none. After settle.
 * Almost O(1).
 */
int64_t gs_sync_monitor_node_in_sync_since_ns(GsSyncMonitor *monitor, uint32_t node);
/** How many nodes were out of sync at the end of each moment; borrowed. After settle. */
const GsSyncSeries *gs_sync_monitor_series(const GsSyncMonitor *monitor);
/**
 * Nodes out of sync × nanoseconds from time 0 to `end_ns`, but at least to the
 * last thing that was told; at most UINT64_MAX. Exact.
 */
uint64_t gs_sync_monitor_out_of_sync_node_ns(GsSyncMonitor *monitor, int64_t end_ns);
/** The largest difference of a gridnet from the true net at the end of a moment; error 0: none. */
typedef struct {
  uint64_t error;
  uint32_t node;
  int64_t at_ns; /**< the first moment with it */
} GsWorstError;

typedef struct {
  GsWorstError worst;
  unsigned __int128 error_node_ns; /**< |gridnet − true net| × nanoseconds, over all nodes */
  uint64_t up_node_ns;             /**< nodes that are up × nanoseconds; at most UINT64_MAX */
} GsSyncErrors;
/** How wrong nodes were, up to `end_ns`; exact. Not of islands that go on in foreign nodes, whose
 * truth is not known. After settle. O(1). */
GsSyncErrors gs_sync_monitor_errors(GsSyncMonitor *monitor, int64_t end_ns);
/** A time in which a node's gridnet was wrong at the end of every moment. */
typedef struct {
  int64_t from_ns, for_ns; /**< for_ns 0: there is none */
} GsWrongSpan;
/** The longest of a node up to `end_ns`, of several the first. A node that goes down is wrong no
 * more, and one that is back is so anew; of islands as gs_sync_monitor_errors. After settle. O(1).
 */
GsWrongSpan gs_sync_monitor_longest_wrong(const GsSyncMonitor *monitor, uint32_t node,
                                          int64_t end_ns);
/** Sums over time from 0 on, exact: what holds between two moments is their difference. */
typedef struct {
  unsigned __int128 out_of_sync_node_ns, error_node_ns, up_node_ns;
} GsSyncSums;
/** Up to `end_ns`, but at least to the last thing that was told. After settle. O(1). */
GsSyncSums gs_sync_monitor_sums(GsSyncMonitor *monitor, int64_t end_ns);
/** By how much a node's gridnet is wrong now; 0 where it is down, or its truth is not known. Almost
 * O(1). */
uint64_t gs_sync_monitor_error(GsSyncMonitor *monitor, uint32_t node);
/** The largest error at the end of any moment since this was last asked, of nodes whose gridnet or
 * truth changed at it; 0: none. After settle. O(1). */
uint64_t gs_sync_monitor_take_peak(GsSyncMonitor *monitor);
/** The most nodes that were out of sync at the end of a moment at which a disturbance was not over,
 * and the largest sum of their errors. After settle. */
void gs_sync_monitor_wrong(const GsSyncMonitor *monitor, uint32_t cause, uint64_t *nodes,
                           uint64_t *by);
/** Since when all nodes are in sync; -1: they are not. After settle. */
int64_t gs_sync_monitor_in_sync_since_ns(const GsSyncMonitor *monitor);
/** When disturbance `cause` was over for good (absolute time), or -1. After settle. */
int64_t gs_sync_monitor_over_ns(const GsSyncMonitor *monitor, uint32_t cause);

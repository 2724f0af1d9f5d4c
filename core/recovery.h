/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/node.h"

/**
 * What a node does about faults (docs/PROTOCOL.md, Recovery): time comes in with
 * what it is handed (GsEffects.now_ns), deadlines go out as the one moment at which
 * it wants to be woken. A node without recovery has no deadlines and costs
 * nothing.
 *
 * All that a node does on its own, and not because a message came in, carries
 * GS_CAUSE_RECOVERY, so that what disturbances cost stays exact.
 */

/** Must outlive the nodes that have them; all in ns. */
struct GsRecoveryRules {
  int64_t limit_ns;  /**< that an answer may take; 0: from the round trips seen */
  int64_t resync_ns; /**< period of looking again whether its gridnet holds; 0: never */
};

/** What `"recovery": "standard"` and processes on the wire have. */
extern const GsRecoveryRules gs_recovery_standard;
/** Range of what a scenario or an option may say. */
#define GS_RECOVERY_LIMIT_NS_MIN INT64_C(1000000)
#define GS_RECOVERY_RESYNC_NS_MIN INT64_C(100000000)

/** What a node that crashed has when it is back. */
typedef enum {
  GS_KEEPS_ALL,     /**< its energies and its siblings */
  GS_KEEPS_ENERGY,  /**< its energies, and where its siblings are: it asks them anew */
  GS_KEEPS_NOTHING, /**< only where its siblings are */
} GsKeeps;

/** Earliest moment at which it wants to be woken; INT64_MAX: none. O(1). */
int64_t gs_node_wake_ns(const GsNode *node);
/** Whether one of its deadlines is of something that is under way: an answer, a try; a resync
 * alone, which only looks again, is no reason to go on with a run. O(1). */
bool gs_node_is_waiting(const GsNode *node);
/** Handles all deadlines up to effects->now_ns and appends what follows; with effects->rests it
 * does not look again. */
void gs_node_wake(GsNode *node, GsEffects *effects);
/** Begins its deadlines at `now_ns`; before the first message, when all start siblings are there.
 */
void gs_node_start_recovery(GsNode *node, int64_t now_ns);

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
/**
 * It crashes: its waves and floods, its deadlines and what it thinks of its siblings are gone.
 * Nothing is sent; it is handed nothing until it is started again. Also without recovery.
 */
void gs_node_crash(GsNode *node, GsPool *pool);
/**
 * It is back after a crash, with a new id space, which nobody had before, since what
 * it sent in the old one must not be taken for new. It starts a wave and a flood
 * (GS_KEEPS_ALL) or asks all addresses that it has to be its siblings; all that
 * follows carries `cause`. Its energies become 0 with GS_KEEPS_NOTHING, of which a
 * note tells (GS_NOTE_ENERGY) where that changes its net. Also without recovery.
 */
void gs_node_start_again(GsNode *node, GsKeeps keeps, uint64_t id_space, uint32_t cause,
                         GsEffects *effects);
/**
 * The transport gave up on a message that this node had sent (`to` says to whom);
 * takes its nets. The sibling is suspected at once, and nobody waits for its answer.
 * Without recovery that is noted, and nothing else happens.
 */
void gs_node_undelivered(GsNode *node, GsMessage *message, GsEffects *effects);
/** Whether nobody waits for the sibling of a slot. O(1). */
bool gs_node_suspects(const GsNode *node, uint32_t slot);
/** Begins its deadlines at `now_ns`; before the first message, when all start siblings are there.
 */
void gs_node_start_recovery(GsNode *node, int64_t now_ns);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/message.h"

/**
 * Which node was the last to come into sync after a disturbance, and the chain of messages that
 * it waited for: going back from what changed there to the message that was handled then, the
 * message whose handling led to that one, and so on to what was told.
 */

/** Of a longer chain the first and the last half of so many messages are kept. */
#define GS_CHAIN_KEPT 400u

typedef enum {
  GS_LAST_FOUND,
  GS_LAST_NONE,        /**< no disturbance was followed by all nodes in sync for good */
  GS_LAST_TOO_MANY,    /**< not looked for: the run has more messages than that is done for */
  GS_LAST_INTERRUPTED, /**< not looked for, or not to the end */
  GS_LAST_FAILED,      /**< the second run could not be done: `error` says why */
} GsLastState;

/** What happened at that node at that moment. */
typedef enum {
  GS_LAST_NOTHING, /**< all nodes were in sync all along */
  GS_LAST_GRIDNET, /**< it got the right gridnet */
  /* No gridnet had to change any more, but what is right did: */
  GS_LAST_ENERGY,  /**< it got its new energy */
  GS_LAST_SIBLING, /**< it got its new sibling */
  GS_LAST_TRUTH,   /**< at no node: what is right became what all had, as where a cut link heals */
} GsLastChange;

typedef struct {
  uint32_t from, to; /**< nodes */
  GsEnvelopeType env;
  GsMessageType type;
  GsMasterId wave; /**< or flood; count 0: none */
  int64_t sent_ns, handled_ns;
} GsChainLink;

typedef struct {
  GsLastState state;
  uint64_t messages_max; /**< GS_LAST_TOO_MANY: so many it would have been done for */
  char *error;
  /* Where it is found: */
  uint32_t disturbance; /**< that took longest; of several the last */
  GsLastChange change;  /**< GS_LAST_NOTHING: what follows is 0 */
  int64_t at_ns;
  uint32_t
      turn; /**< GS_LAST_TRUTH: the disturbance that it became so with, and what follows is 0 */
  uint32_t node;      /**< of several at that moment that with the lowest id */
  uint32_t told_node; /**< where the chain begins */
  int64_t told_ns;
  uint32_t told_cause; /**< the disturbance that was told there; perhaps none that is kept */
  uint64_t length;     /**< messages of the chain */
  uint32_t link_count; /**< of those that are kept */
  GsChainLink *links;  /**< in order */
} GsLastInSync;

/** NULL is fine. */
void gs_last_in_sync_free(GsLastInSync *last);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsLastInSync, gs_last_in_sync_free)

/** Which message of the chain a link is, counted from 1. */
static inline uint64_t gs_chain_hop(const GsLastInSync *last, uint32_t link) {
  return link < GS_CHAIN_KEPT / 2 ? link + 1 : last->length - last->link_count + link + 1;
}

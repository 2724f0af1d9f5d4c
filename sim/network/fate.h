/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/network/link.h"
#include "sim/network/loss.h"

/** What becomes of a message where it may not simply arrive (GsNetwork.may_fail). */
typedef struct {
  bool is_lost;          /**< for good: none of its tries arrives */
  bool is_pinned;        /**< the scenario names it */
  GsLossReason lost_by;  /**< if it is lost: why its last try is */
  uint32_t retries;      /**< tries after the first */
  int64_t due_ns;        /**< when it arrives; GS_TIME_NEVER: it is lost */
  int64_t double_due_ns; /**< when its double does; GS_TIME_NEVER: it has none */
  int64_t told_ns; /**< when its sender is told that it was not delivered; GS_TIME_NEVER: never */
} GsFate;

/**
 * What becomes of a message that `from` sends to `to` at `now_ns`, with all its tries; counts it.
 * As gs_link_due_ns, which does the same where nothing can fail: what it draws besides, it draws by
 * counter, so the jitter of a message is the same whatever becomes of others. Where more than one
 * try is made, the sender is told of the failure of the last. No moment is before
 * now + network->lookahead_ns. In FIFO networks doubles keep their places, too.
 */
GsFate gs_link_fate(const GsNetwork *network, GsSenderLinks *set, uint32_t from, uint32_t to,
                    uint32_t guess, int64_t now_ns);

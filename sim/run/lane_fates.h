/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/lane.h"

/** How a lane sends where messages may be lost or doubled (GsNetwork.may_fail). */

/**
 * Uniform networks, where messages are at most lost: whether this one arrives. Counts it if it does
 * not; its nets are given back then.
 */
bool gs_lane_arrives(GsLane *lane, uint32_t actor, uint32_t to, uint32_t via, GsNets *nets,
                     GsLossReason *lost_by);
/** The nets that a message carries, or NULL. */
GsNets *gs_lane_nets_of(const GsMessage *message);
/** Keeps of letters (none of which stands for a whole message) those that arrive; how many. */
uint32_t gs_lane_keep_arriving(GsLane *lane, uint32_t actor, uint32_t to, uint32_t via,
                               GsLetter *letters, uint32_t count);

/** Other networks: puts a message into the wheel as often as it arrives, and with it what its
 * sender is told of it; traces it. */
void gs_lane_send_fated(GsLane *lane, uint32_t actor, const GsMessage *message, uint32_t hops,
                        int64_t now_ns);
/** Whether a letter tells its receiver that a message of its own was not delivered. */
static inline bool gs_letter_is_report(GsEndpoint from, GsEndpoint to) {
  return from == to;
}
/** Lets the node handle such a letter; its effects are left to send. Returns the hops of the
 * message. */
uint32_t gs_lane_take_report(GsLane *lane, uint32_t actor, const GsLetter *letter, int64_t now_ns);

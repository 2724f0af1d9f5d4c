/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/carrier.h"

/** What carriers share that give each message a moment of its own. */

void gs_timed_collect(GsLane *lane, const GsLog *logs, uint32_t stride);
int64_t gs_timed_next_ns(GsLane *lane);
int64_t gs_timed_window_end_ns(const GsSimulation *sim, int64_t moment);
int64_t gs_timed_free_ns(const GsSimulation *sim);
void gs_timed_mark_sent(GsLane *lane, const GsMessage *message, int64_t now_ns);
/** Sends a message, with these hops. */
void gs_timed_send(GsLane *lane, uint32_t actor, const GsMessage *message, uint32_t hops,
                   int64_t now_ns);
/** Gives back what an actor's mail of the window took. */
void gs_timed_give_back(GsLane *lane, GsMessage *first);

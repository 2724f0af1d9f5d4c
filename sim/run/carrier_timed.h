/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/carrier.h"

/** What carriers share that give each message a moment of its own. */

void gs_timed_collect(GsLane *lane, const GsExchange *exchange);
int64_t gs_timed_next_ns(GsLane *lane);
int64_t gs_timed_window_end_ns(const GsSimulation *sim, int64_t moment);
int64_t gs_timed_free_ns(const GsSimulation *sim);
void gs_timed_mark_sent(GsLane *lane, const GsMessage *message, int64_t now_ns);
/** Sends a message, with these hops. */
void gs_timed_send(GsLane *lane, uint32_t actor, const GsMessage *message, uint32_t hops,
                   int64_t now_ns);
void gs_timed_take_mail(GsMail *mail);

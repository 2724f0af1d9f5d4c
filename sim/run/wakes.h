/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/recovery.h"
#include "sim/run/simulation.h"

/**
 * When actors want to be woken although no mail is due: ticks of paced ones, and
 * deadlines of nodes with recovery (core/recovery.h). A lane's heap has one entry
 * per actor, at its wake or before it: a wake that moves to a later moment is put
 * right when the entry comes up. The lane's own, or the coordinator's between
 * windows.
 */

/** When an actor's node wants to be woken, which it is not while it is paused. */
static inline int64_t gs_wakes_of_node(const GsActor *actor) {
  int64_t wake = gs_node_wake_ns(&actor->node);
  return G_UNLIKELY(actor->resumes_ns) ? MAX(wake, actor->resumes_ns) : wake;
}
/** An actor has handled its mail: plans its next wake. Costs a look at the node without recovery.
 */
void gs_wakes_plan(GsLane *lane, uint32_t actor);
/** Activates who has a wake before the window's end. */
void gs_wakes_collect(GsLane *lane);
/** Moment of the earliest wake; INT64_MAX: none. Amortised O(log actors). */
int64_t gs_wakes_next_ns(GsLane *lane);
/** Has an actor's node handle its deadlines at `now_ns`; the effects are left to send. */
void gs_wakes_handle(GsLane *lane, uint32_t actor, int64_t now_ns);

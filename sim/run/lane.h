/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/effects.h"
#include "sim/network/loss.h"
#include "sim/run/bundle.h"
#include "sim/run/dealer.h"
#include "sim/run/mail.h"
#include "sim/run/trace_buffer.h"

/**
 * A lane: some of the actors, and all that is needed to run them while other
 * lanes run theirs (memory, mail on its way, counters). It is a thing, not a
 * thread: in the pool a worker drives it, with one thread per node whoever has
 * the mail of one of its actors.
 */

typedef struct GsSimulation GsSimulation;

/** From here on actors lie in no near cache. */
#define GS_MANY_ACTORS 512u

/** Envelope of what tells a node that it is back after a crash: its master is the new id space and
 * what it keeps (GsKeeps). */
#define GS_ENV_START GS_ENVELOPE_TYPES

/** Messages of a kind that were sent one after the other at one moment. */
typedef struct {
  int64_t time_ns;
  uint32_t kind, count;
} GsSentMark;

/** What a lane's actors did because of one disturbance. */
typedef struct {
  uint64_t sent[GS_MESSAGE_KINDS];
  uint64_t varying_bytes; /**< of what was sent, as gs_wire_varying_bytes has them */
  uint32_t hops;          /**< longest chain that ended in a change of a gridnet */
} GsCauseTally;

struct GsLane {
  GsSimulation *sim;
  uint32_t index;
  GsPool pool;
  GsEffects effects;
  GsOutbox outbox;        /**< uniform network */
  uint32_t letters_cause; /**< uniform network: of the letters that `effects` counts */
  GsLog *out;             /**< per receiving lane */
  uint64_t *active; /**< bit per actor of the simulation: one of the lane's has something to do */
  uint32_t cursor;  /**< no bits are set in the words before */
  uint32_t active_count;
  GsWheel *wheels; /**< per receiving lane: letters that it has sent; NULL: bundles */
  GsMailsComing coming;
  GsDealer dealer;   /**< letters that are due here in the bucket that is open */
  GsEventHeap wakes; /**< see sim/run/wakes.h */
  uint32_t waiting;  /**< actors whose nodes have a deadline of something that is under way */

  GsCauseTally *causes; /**< per cause, but for GS_CAUSE_RECOVERY: see gs_lane_tally */
  uint32_t causes_room;
  GsCauseTally recovery;
  GsNetworkFaults faults;
  uint64_t reports; /**< that senders were told of messages which were not delivered */
  uint64_t sent, delivered, superseded, largest_mailbox;
  uint64_t drops[GS_DROP_REASONS];
  /** As GsResults has them. */
  uint64_t suspected, suspected_rightly, suspected_wrongly;
  uint64_t trusted_again, waves_limited, told_undelivered;
  int64_t last_event_ns; /**< latest moment at which a message was handled */
  GArray *observations;  /**< of GsObservation */
  GArray *waves;         /**< of GsWaveSeen, while waves are checked, otherwise NULL */
  GArray *counted;       /**< of GsCountedNet: what these counted; the same */
  guint counted_taken;   /**< so many of them are those of `waves` */
  GsTraceBuffer *trace;  /**< `records` while there is a trace, otherwise NULL */
  GsTraceBuffer records;
  uint64_t kinds[GS_MESSAGE_KINDS]; /**< sent in this window, while that is asked for */
  GArray *marks;                    /**< of GsSentMark; the same where a window is no moment */
  GArray *outbound; /**< of GsMessage: what leaves the process, on the wall clock only */
};

void gs_lane_init(GsLane *lane, GsSimulation *sim, uint32_t index);
void gs_lane_clear(GsLane *lane);
/** Whether what happens from now on is recorded. */
static inline void gs_lane_set_trace(GsLane *lane, bool wanted) {
  lane->trace = wanted ? &lane->records : NULL;
}
/** What counts what a cause leads to. */
static inline GsCauseTally *gs_lane_tally(GsLane *lane, uint32_t cause) {
  return G_LIKELY(cause != GS_CAUSE_RECOVERY) ? &lane->causes[cause] : &lane->recovery;
}
/** Makes room for counting up to `causes` causes. */
void gs_lane_reserve_causes(GsLane *lane, uint32_t causes);

/** Marks an actor as having something to do in this window. */
void gs_lane_activate(GsLane *lane, uint32_t actor);
/** Puts a delivery at the end of an actor's list of this window. */
void gs_lane_deliver(GsLane *lane, uint32_t actor, GsMessage *message);
#define GS_NO_ACTOR UINT32_MAX
/** The next actor with something to do, in order, or GS_NO_ACTOR; the caller takes its mail. */
uint32_t gs_lane_next_active(GsLane *lane);
/** Asks for the memory of an actor, so that it is there when it is looked at. */
void gs_lane_ask_for_actor(const GsSimulation *sim, uint32_t actor);
/** Has all active actors handle their mail. */
void gs_lane_run_all(GsLane *lane);

/** The hops of what is sent while a message is handled. */
static inline uint32_t gs_lane_hops_after(const GsMessage *message) {
  return MIN(message->hops + 1u, GS_HOPS_MAX);
}

/** Has an actor's node handle a message at a moment; its effects are left to send. */
void gs_lane_handle(GsLane *lane, uint32_t actor, GsMessage *message, int64_t now_ns);
/** The same of what it is told, which may be a report (gs_is_report). */
void gs_lane_handle_told(GsLane *lane, uint32_t actor, GsMessage *told, int64_t now_ns);

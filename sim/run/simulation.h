/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node.h"
#include "core/recovery.h"
#include "sim/faults/fault_plan.h"
#include "sim/measure/results.h"
#include "sim/network/link.h"
#include "sim/run/lane.h"
#include "sim/run/live.h"
#include "sim/run/pace.h"
#include "sim/run/run.h"

/**
 * One simulation: its actors, and the lanes that work on them window by window.
 * Inside a window [now, window_end) nothing that is sent can still arrive, so
 * lanes share nothing but what they only read. Between windows one thread, the
 * coordinator, has everything to itself.
 */

/** Most lanes of a simulation, whatever the number of cores. */
#define GS_LANES_MAX 64u

/** See run.h; arenas per lane, since lanes work at the same time. */
struct GsRunMemory {
  GsArenas *lanes[GS_LANES_MAX];
};

typedef struct GsCarrier GsCarrier;

/** What siblings sent to an actor and is due now, in their order. */
typedef union {
  struct {
    GsBundle *first, *last; /**< uniform network */
  };
  GsStretch stretch; /**< elsewhere: where the lane's letters of the open bucket are its */
} GsInbox;

typedef struct {
  GsNode node;
  uint64_t digest;
  uint32_t id_bytes;       /**< of its id in decimal */
  GsMessage *first, *last; /**< what it is told in this window, by the schedule or from outside */
  GsSenderLinks links;     /**< unless the network is uniform */
  GsPace *pace;            /**< NULL: messages are handled as they arrive */
  int64_t wake_ns;         /**< of its entry in the lane's wakes; INT64_MAX: it has none */
  bool waits;              /**< is counted by the lane as waiting */
  int64_t resumes_ns;      /**< paused until then; 0: it is not */
  uint32_t starts;         /**< how often it was back after a crash */
  GsKeeps keeps;           /**< down: what it has when it is back */
  bool is_down;
  GsTally *tally; /**< of an exposed node, borrowed; otherwise NULL */
} GsActor;

struct GsSimulation {
  const GsScenario *scenario;
  const GsFaultPlan *faults; /**< what goes wrong, the network's; NULL: nothing */
  GsNetwork network;
  const GsCarrier *carrier; /**< how mail travels */
  GsWheelTime wheel_time;   /**< unless it travels in bundles */
  GsActor *actors;
  GsInbox *inboxes; /**< per actor; apart, since delivering touches nothing else of it */
  uint32_t actor_count;
  GsDirectory directory;     /**< of the actors */
  GsSibling *start_siblings; /**< of all actors, in one block */
  uint32_t lane_count;
  GsLane *lanes;     /**< NULL after the end */
  uint16_t *lane_of; /**< per actor */
  int64_t now_ns;    /**< start of the window, and the time in it where that is a moment */
  int64_t window_end_ns;
  bool tracing;        /**< records are made */
  bool counting;       /**< somebody wants to know how much is sent when */
  bool wakes;          /**< actors may want to be woken (sim/run/wakes.h) */
  bool rests;          /**< nodes need not look again whether their gridnets hold */
  bool watched;        /**< messages are looked at as they are sent: `counting` or `live` */
  const GsLive *live;  /**< NULL: virtual time, nothing outside */
  GsRunMemory *memory; /**< NULL: none is kept */
};

/**
 * Makes actors, start links and lanes; `gridnet` gives each node's start value,
 * `live` is NULL in virtual time, `memory` where none is kept. Nothing runs yet.
 */
void gs_simulation_init(GsSimulation *sim, const GsScenario *scenario, uint32_t lanes,
                        const int64_t *gridnet, bool tracing, const GsLive *live,
                        GsRunMemory *memory);
/** Nothing runs any more: gives back what waves and messages took. Nodes can still be read. */
void gs_simulation_end(GsSimulation *sim);
void gs_simulation_clear(GsSimulation *sim);

/** What the lanes counted, all together; until the end. */
typedef struct {
  uint64_t delivered, superseded;
  GsNetworkFaults faults;
  uint64_t largest_mailbox; /**< of any actor, in messages */
  uint64_t held_bytes;      /**< by the pools */
  uint64_t drops[GS_DROP_REASONS];
  /** As GsResults has them. */
  uint64_t suspected, suspected_rightly, suspected_wrongly;
  uint64_t trusted_again, waves_limited, told_undelivered;
  GsCauseTally sent;     /**< because of all causes */
  GsCauseTally recovery; /**< of it, what nodes sent on their own */
} GsLaneTotals;
/** O(lanes × causes). */
GsLaneTotals gs_simulation_totals(const GsSimulation *sim);
/** What all lanes did because of one disturbance; until the end. O(lanes). */
GsCauseTally gs_simulation_cause(const GsSimulation *sim, uint32_t cause);

/** Name of an actor or a foreign node. */
const char *gs_simulation_name(const GsSimulation *sim, GsEndpoint endpoint);

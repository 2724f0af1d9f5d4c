/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/exchange.h"
#include "sim/run/simulation.h"

/**
 * How mail travels between actors: a value, chosen once per run by what the
 * network is like. Whatever it is, each actor handles its mail in the order of
 * time, then sender, then the sender's counter.
 */
typedef struct GsCarrier GsCarrier;
struct GsCarrier {
  const char *name;
  /** Each message has a moment of its own: mail waits in wheels (wheel.h), not in bundles. */
  bool by_wheel;
  /** Under way it can be held up as a whole: a run that is behind the clock stays with it. */
  bool may_be_late;
  /** The lane takes in what is handed over to it, and activates whoever has something to do. */
  void (*collect)(GsLane *lane, const GsExchange *exchange);
  /** Moment of the earliest thing that waits in the lane; INT64_MAX: none. */
  int64_t (*next_ns)(GsLane *lane);
  /** Makes it the mail of its actor in this window; the actor's inbox is empty after that. */
  void (*take_mail)(GsMail *mail);
  /** Asks for what handling a mail will need, in GS_FETCH_STEPS with some time between them; NULL:
   * that takes care of itself. */
  void (*fetch)(const GsMail *mail, uint32_t step);
  /** Has the actor handle it, and sends what follows from it. */
  void (*handle_mail)(const GsMail *mail);
  /** Where a window that begins at `moment` ends, when nothing else ends it before. */
  int64_t (*window_end_ns)(const GsSimulation *sim, int64_t moment);
  /** On the wall clock: from when on another window may begin after the one that just ran. */
  int64_t (*free_ns)(const GsSimulation *sim);
  /** For those who want to know how much was sent when. */
  void (*mark_sent)(GsLane *lane, const GsMessage *message, int64_t now_ns);
};

/** All links are alike and there is no pace: a window is one moment, mail comes in bundles. */
extern const GsCarrier gs_carrier_moments;
/** Each message has a moment of its own. */
extern const GsCarrier gs_carrier_timed;
/** The same, and actors look at their mail when their tickers tick (pace.h). */
extern const GsCarrier gs_carrier_paced;

/** How wide the buckets of time are in which mail waits: as a window where that is not much less
 * than what messages take. */
int64_t gs_carrier_bucket_ns(const GsNetwork *network);
/** The one for a network at the pace of its scenario. */
const GsCarrier *gs_carrier_for(const GsNetwork *network);

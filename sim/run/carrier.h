/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/lane.h"
#include "sim/run/simulation.h"

/**
 * How mail travels between actors: a value, chosen once per run by what the
 * network is like. Whatever it is, each actor handles its mail in the order of
 * time, then sender, then the sender's counter.
 */
typedef struct GsCarrier GsCarrier;
struct GsCarrier {
  const char *name;
  /** Mail waits in the exchange until it is due, all of a window together; otherwise lanes take it
   * in at once and keep it. */
  bool waits_in_exchange;
  /** Under way it can be held up as a whole: a run that is behind the clock stays with it. */
  bool may_be_late;
  /**
   * The lane takes in what is handed over to it (logs[w * stride] is from lane w; NULL: nothing
   * is), and lets its actors have what is due in this window. Memory of the logs stays with the
   * senders, who get it back after the window.
   */
  void (*collect)(GsLane *lane, const GsLog *logs, uint32_t stride);
  /** Moment of the earliest thing that waits in the lane; INT64_MAX: none. */
  int64_t (*next_ns)(GsLane *lane);
  /** Lets one active actor handle what is its in this window, and sends what follows from it. */
  void (*run_actor)(GsLane *lane, uint32_t actor);
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

/** The one for a network at the pace of its scenario. */
const GsCarrier *gs_carrier_for(const GsNetwork *network);

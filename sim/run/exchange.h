/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/simulation.h"

/**
 * Mail on its way between lanes: what they have sent goes in after a window,
 * what is due in the next comes out. Lanes see of each other no more than this.
 * The coordinator's, between windows; within one, lanes read what is handed over
 * to them.
 *
 * Bundles of a window are one batch, and all due at the same moment. Letters that
 * each have a moment of their own wait in the wheels of their senders' lanes
 * until their bucket is opened, and stay in the memory that they were written to
 * until all of that bucket is handled.
 */

/** What all lanes sent each other in a window: [writer × lanes + reader]. */
typedef struct {
  int64_t due_ns;
  uint64_t count;
  GsLog *logs;
} GsBatch;

typedef struct {
  GsSimulation *sim;
  GQueue batches;      /**< of GsBatch, in the order of windows */
  GPtrArray *spare;    /**< of GsBatch, empty */
  GsBatch *delivering; /**< handed over in the window that runs */

  GsLetterList *handed; /**< [writer × lanes + reader]: in the window that runs; NULL: bundles */
  GsLetterList *kept;   /**< earlier in this bucket */
  uint64_t handed_count;
  uint64_t sent; /**< until the last window */
} GsExchange;

void gs_exchange_init(GsExchange *exchange, GsSimulation *sim);
void gs_exchange_clear(GsExchange *exchange);
/** Moment of the earliest message that is not handed over; INT64_MAX: none. */
int64_t gs_exchange_next_ns(const GsExchange *exchange);
/** Begins a window: decides what is handed over in it; returns about how many messages lanes will
 * handle. */
uint64_t gs_exchange_open(GsExchange *exchange, int64_t moment);
/** What was sent to a lane and is handed over in this window: [w * stride] is from lane w, where
 * the stride is the number of lanes; NULL: nothing. */
const GsLog *gs_exchange_bundles(const GsExchange *exchange, const GsLane *lane);
const GsLetterList *gs_exchange_letters(const GsExchange *exchange, const GsLane *lane);
/** Ends it: gives memory that nobody reads any more back to those who sent it, and takes in what
 * the lanes have sent meanwhile. */
void gs_exchange_close(GsExchange *exchange);
/** All bundles that are under way arrive so much later. */
void gs_exchange_delay(GsExchange *exchange, int64_t by_ns);

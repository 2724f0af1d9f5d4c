/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/simulation.h"

/**
 * Mail on its way between lanes: what they have sent goes in after a window,
 * what is handed over in the next comes out. Lanes see of each other no more
 * than this. The coordinator's, between windows; within one, lanes read what is
 * handed over to them.
 */

/** What all lanes sent each other in a window: [writer × lanes + reader]. */
typedef struct {
  int64_t due_ns; /**< earliest */
  uint64_t count;
  GsLog *logs;
} GsBatch;

typedef struct {
  GsSimulation *sim;
  GQueue batches;      /**< of GsBatch, in the order of windows */
  GPtrArray *spare;    /**< of GsBatch, empty */
  GsBatch *delivering; /**< handed over in the window that runs */
} GsExchange;

void gs_exchange_init(GsExchange *exchange, GsSimulation *sim);
void gs_exchange_clear(GsExchange *exchange);
/** Moment of the earliest message that is not handed over; INT64_MAX: none. O(1). */
int64_t gs_exchange_next_ns(const GsExchange *exchange);
/** Begins a window: decides what is handed over in it; returns how many messages. */
uint64_t gs_exchange_open(GsExchange *exchange, int64_t moment);
/** What was sent to that lane and is handed over in this window; any lane at any time in it. */
void gs_exchange_collect(const GsExchange *exchange, GsLane *lane);
/** Ends it: gives the memory of what was handed over back to those who sent it, and takes in what
 * the lanes have sent meanwhile. */
void gs_exchange_close(GsExchange *exchange);
/** All that is under way arrives so much later. */
void gs_exchange_delay(GsExchange *exchange, int64_t by_ns);

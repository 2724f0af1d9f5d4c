/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/run/lane.h"
#include "sim/scenario/scenario.h"

/**
 * The pace of the original (docs/PROTOCOL.md, Two options of gridsim): two tickers
 * that start together at a moment of the node's own; one looks into the inbox and
 * handles at most one message, the other into the outbox and sends at most one.
 * At the same moment an arrival comes first, then the inbox, then the outbox.
 */
typedef struct {
  int64_t start_ns, receive_every_ns, send_every_ns;
  int64_t next_receive_ns, next_send_ns; /**< earliest tick that is not used up */
  int64_t wake_ns;                       /**< next tick that has something to do; INT64_MAX: none */
  GQueue inbox, outbox;                  /**< of GsMessage, each a block of the lane's pool */
} GsPace;

/** The moment at which the tickers started is drawn from a while before time begins. */
GsPace *gs_pace_new(const GsScenario *scenario, uint32_t actor);
void gs_pace_free(GsPace *pace);
/** What waits at a node that crashed is gone. */
void gs_pace_crash(GsLane *lane, GsPace *pace);
/** Runs an actor at its pace to the end of the window; its mail of it may be none. */
void gs_pace_run(const GsMail *mail);

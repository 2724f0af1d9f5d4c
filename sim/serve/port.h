/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/run/live.h"
#include "sim/scenario/scenario.h"
#include "sim/serve/asked.h"
#include "sim/serve/strangers.h"

/**
 * An exposed node as people and foreign nodes see it: where it listens, what
 * was accepted for it, and a view of its state that may be read while it runs.
 */

/** A sibling in the view. */
typedef struct {
  int64_t id;
  char *name;
  GsEndpoint endpoint;
  bool is_suspected;
} GsPortSibling;

/** How the node stood after some window, all at one moment. */
typedef struct {
  int64_t now_ns;
  int64_t production, consumption, gridnet;
  bool in_sync;
  uint32_t open_waves;
  GArray *siblings; /**< of GsPortSibling */
  GsTally tally;
} GsPortView;

typedef struct {
  uint32_t actor;
  int64_t id;
  const char *name;    /**< the scenario's */
  const char *address; /**< as it listens; owned by the server */
  GsTally tally;       /**< written by the actor's lane */

  pthread_mutex_t mutex;  /**< of everything below */
  uint64_t accepted;      /**< messages answered with 200 */
  uint64_t refused_full;  /**< answered with 503: the mailbox was full */
  uint64_t refused_id;    /**< answered with 409, or 503 meanwhile: the id is another node's */
  uint64_t refused_peers; /**< answered with 503: they named one foreign node too many */
  uint64_t forbidden;     /**< answered with 403 */
  uint64_t lost;          /**< accepted and dropped before the node; none is */
  GsStrangers strangers;
  GsAsked asked;
  GsPortView view;
} GsPort;

void gs_port_init(GsPort *port, uint32_t actor, const GsScenarioNode *node);
void gs_port_clear(GsPort *port);

/** Accepted and not handled yet, as far as the view knows. The caller holds the mutex. */
uint64_t gs_port_waiting(const GsPort *port);
/**
 * Takes the node's state into the view, between windows. Returns whether what
 * people see of its state (energy, gridnet, siblings) has changed.
 */
bool gs_port_refresh(GsPort *port, const GsRunView *run);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/http/allow.h"
#include "sim/http/server.h"
#include "sim/measure/served.h"
#include "sim/run/run.h"
#include "sim/serve/calls.h"

/**
 * Runs a scenario on the wall clock with some of its nodes exposed over HTTP:
 * people tell them things with curl, and foreign nodes are their siblings.
 */

/** Where a node is exposed. */
typedef struct {
  uint32_t node;
  char *address; /**< "host:port"; port 0: a free one */
} GsExposure;

/** Nodes to expose, in the scenario's order, each once. */
typedef struct {
  GArray *list; /**< of GsExposure */
} GsExposures;

void gs_exposures_clear(GsExposures *exposures);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsExposures, gs_exposures_clear)
/**
 * Puts together what the scenario (`http` of a node) and the user say: each of
 * `expose` (may be NULL) is NAME or NAME=HOST:PORT, without an address the
 * scenario's, or a free port of 127.0.0.1; `expose_all` (or NULL) is HOST:PORT
 * for the first node that `expose` does not name, the next port for the next, and
 * so on, whatever the scenario says. GS_ERROR_INPUT for unknown names, bad addresses, ports beyond
 * 65535, and when nothing is exposed.
 */
bool gs_exposures_read(GsExposures *exposures, const GsScenario *scenario, char **expose,
                       const char *expose_all, GError **error);

typedef struct {
  const GsExposures *exposures;
  bool listen_any;               /**< addresses beyond loopback are allowed */
  const GsHttpAllow *allow;      /**< who may be called */
  const char *const *host_names; /**< as gs_http_server_allow_hosts; NULL: none */
  bool wire;                     /**< exposed nodes speak HTTP to each other too */
  const char *token;             /**< that requests must carry; NULL: none */
  /** Addresses that the first exposed node asks to be its siblings as it begins; NULL: none. */
  const char *const *siblings;
  uint32_t mailbox_max;       /**< 0: the default */
  const GsHttpLimits *limits; /**< NULL: the defaults */
  GsRunOptions run;           /**< without `live`, `progress` */
  GsServeCalls calls;         /**< what whoever serves is asked and told */
} GsServeOptions;

/**
 * Serves until it is interrupted, or the scenario's `until` has come; then
 * accepts nothing more and handles what was accepted, for GS_DRAIN_NS at most.
 * Errors (GS_ERROR_INPUT, GS_ERROR_LIMIT, GS_ERROR_SYSTEM) come before anything is answered.
 * The report is filled on success. Ends with all its threads joined.
 */
GsResults *gs_serve(const GsScenario *scenario, const GsServeOptions *options,
                    GsServeReport *report, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/http/allow.h"
#include "sim/http/server.h"
#include "sim/run/run.h"

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

/** One exposed node, for who shows it. */
typedef struct {
  uint32_t node;
  char *address;          /**< as it listens; owned by the array */
  uint64_t accepted;      /**< messages answered with 200 */
  uint64_t handled;       /**< of those, by the node */
  uint64_t lost;          /**< of those, dropped before the node */
  uint64_t left;          /**< of those, not handled before the end */
  uint64_t refused;       /**< messages answered with 503 since the mailbox was full */
  uint64_t refused_id;    /**< answered with 409, or 503 meanwhile: the id is another node's */
  uint64_t refused_peers; /**< answered with 503: they named one foreign node too many */
  uint64_t asks_failed;   /**< Asks of the node to be a sibling that failed */
  uint64_t forbidden;     /**< messages answered with 403 */
} GsServed;

/** What became of the traffic; nothing accepted is missing: accepted = handled + lost + left. */
typedef struct {
  GArray *served;       /**< of GsServed, by exposure */
  uint64_t sent;        /**< messages handed to foreign nodes' queues */
  uint64_t delivered;   /**< of those, answered with 2xx */
  uint64_t undelivered; /**< of those, not */
  uint64_t unsent;      /**< messages to foreign nodes that found their queue full, or no address */
} GsServeReport;
void gs_serve_report_clear(GsServeReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsServeReport, gs_serve_report_clear)

typedef struct {
  const GsExposures *exposures;
  bool listen_any;               /**< addresses beyond loopback are allowed */
  const GsHttpAllow *allow;      /**< who may be called */
  const char *const *host_names; /**< as gs_http_server_allow_hosts; NULL: none */
  bool wire;                     /**< exposed nodes speak HTTP to each other too */
  const char *token;             /**< that requests must carry; NULL: none */
  uint32_t mailbox_max;          /**< 0: the default */
  const GsHttpLimits *limits;    /**< NULL: the defaults */
  GsRunOptions run;              /**< without `live`, `progress` */
  /** Whether to end; asked about ten times a second. */
  bool (*interrupted)(void *data);
  /** It listens now: `served` has the addresses. */
  void (*started)(const GArray *served, void *data);
  /** Told of what a node handles and sends to foreign ones, as it is on the wire; may be NULL. */
  void (*receiving)(const GString *envelope, void *data); /**< in a scenario of one node only */
  void (*sending)(const GString *envelope, void *data);
  /** Told of what whoever serves should know, one line; on any thread. May be NULL. */
  void (*warns)(const char *line, void *data);
  void *data;
} GsServeOptions;

/**
 * Serves until it is interrupted, or the scenario's `until` has come; then
 * accepts nothing more and handles what was accepted, for GS_DRAIN_NS at most.
 * Errors (GS_ERROR_INPUT, GS_ERROR_SYSTEM) come before anything is answered.
 * The report is filled on success. Ends with all its threads joined.
 */
GsResults *gs_serve(const GsScenario *scenario, const GsServeOptions *options,
                    GsServeReport *report, GError **error);

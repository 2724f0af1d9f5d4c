/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/wire/wire.h"
#include "sim/http/allow.h"
#include "sim/http/client.h"
#include "sim/run/live.h"
#include "sim/scenario/scenario.h"
#include "sim/serve/calls.h"
#include "sim/serve/foreign.h"
#include "sim/serve/port.h"

/**
 * Between HTTP and the run: server threads post envelopes here, the
 * coordinator takes them as messages; what nodes send to foreign ones becomes
 * envelopes for the client. The only place that knows both forms.
 */
typedef struct GsGateway GsGateway;

/** Messages accepted for one node and not handled yet, by default; more are answered with 503. */
#define GS_HTTP_MAILBOX_MAX 20000u
/** The same for all nodes together, in bytes of the bodies. */
#define GS_HTTP_MAILBOX_BYTES_MAX ((uint64_t)256 << 20)

typedef enum {
  GS_POST_ACCEPTED,
  GS_POST_FULL,       /**< the node's mailbox, or the memory for all of them */
  GS_POST_CLOSED,     /**< the run is ending */
  GS_POST_ID_TAKEN,   /**< an AddSibling's id is that of another node */
  GS_POST_ID_ASKED,   /**< it was; whether that node is still there is being found out */
  GS_POST_PEERS_FULL, /**< an AddSibling names one foreign node too many */
} GsPostResult;

/** Told what happens, for those who read it over HTTP; on the coordinator's thread. */
typedef struct {
  /** Whether anybody wants to know in the windows to come. */
  bool (*listens)(void *data);
  /** What was handled and sent; only after listens() said so. */
  void (*happened)(const GsRunView *view, const GsTraceRecord *records, guint count, void *data);
  /** A node's state changed. */
  void (*state_changed)(GsPort *port, void *data);
  void *data;
} GsGatewayEvents;

typedef struct {
  bool wire;                 /**< exposed nodes speak HTTP to each other too */
  uint32_t mailbox_max;      /**< per node */
  const GsServeCalls *calls; /**< borrowed; whoever serves */
  /** Called once, when the run has begun; false ends it. May be NULL. */
  bool (*opening)(void *data);
  /** Called once, when the run begins to end: nothing more will be accepted. May be NULL. */
  void (*closing)(void *data);
  void *data;             /**< of these two */
  GsGatewayEvents events; /**< zeros: nobody reads */
} GsGatewayOptions;

/** Ports are borrowed; their addresses are known by now. */
GsGateway *gs_gateway_new(const GsScenario *scenario, GsPort *ports, guint port_count,
                          const GsGatewayOptions *options);
void gs_gateway_free(GsGateway *gateway);
/** Where messages to foreign nodes go; before the run. Without one they are counted and lost. */
void gs_gateway_set_client(GsGateway *gateway, GsHttpClient *client);
/** Has a node ask whoever is at an address to be its sibling when the run begins; before the run.
 */
void gs_gateway_ask(GsGateway *gateway, GsPort *port, const char *address);
/** The port of a node; NULL: it is not exposed. O(1). */
GsPort *gs_gateway_port(const GsGateway *gateway, uint32_t node);
/** What a run is connected to. */
const GsLive *gs_gateway_live(GsGateway *gateway);

/**
 * Puts an envelope into a node's mailbox. Takes what the envelope holds if it
 * is accepted. `bytes`: of its body. `why` gets the reason for an AddSibling that is
 * refused, in words. Thread-safe; never waits for the run.
 */
GsPostResult gs_gateway_post(GsGateway *gateway, GsPort *port, GsWireEnvelope *envelope,
                             gsize bytes, GString *why);
/** To be called by the client's GsHttpDone with what it was told; whoever sent what did not arrive
 * is told so. */
void gs_gateway_outcome(GsGateway *gateway, GsHttpPeer *peer, GsHttpOutcome outcome, void *about);
/** Has the coordinator look again soon, for example whether anybody listens. Thread-safe. */
void gs_gateway_wake(GsGateway *gateway);

/** A foreign node as far as HTTP is concerned. */
typedef struct {
  bool known; /**< false: an own node, reached in memory */
  char address[300];
  GsHttpPeerStats stats;
} GsGatewayPeer;
/** Foreign nodes that are known, of GS_FOREIGN_MAX. Thread-safe. */
guint gs_gateway_peer_count(GsGateway *gateway);
/** How it stands with a sibling's endpoint. Thread-safe. */
void gs_gateway_peer(GsGateway *gateway, GsEndpoint endpoint, GsGatewayPeer *out);

typedef struct {
  uint64_t sent;          /**< envelopes handed to the client */
  uint64_t queue_full;    /**< dropped: the peer's queue was full */
  uint64_t forgotten_ask; /**< answers to Asks too old to be remembered */
  uint64_t no_address;    /**< from a node that has no address of its own */
} GsGatewayCounts;
/** What was lost on the way between the two worlds. Thread-safe. */
void gs_gateway_counts(GsGateway *gateway, GsGatewayCounts *out);

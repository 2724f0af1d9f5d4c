/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/serve/gateway.h"
#include "sim/serve/wire_ids.h"

/** What the gateway's files share; nobody else's business. */

typedef struct {
  GsPort *port;
  GsWireEnvelope envelope;
  gsize bytes;
  GsEndpoint sibling;       /**< of an AddSibling: who is at its address */
  const char *sibling_name; /**< what a foreign one is called */
} GsPosted;

/** What the client is given with a message, until that has its outcome. */
typedef struct {
  GsPort *port;      /**< of who sent it */
  GsMessage message; /**< without its nets */
} GsSent;

/** Somebody whom a node is to ask to be its sibling. */
typedef struct {
  GsPort *port;
  char *address;
} GsToAsk;

struct GsGateway {
  GsPort *ports;
  guint port_count;
  GsPort **port_of; /**< per actor, NULL: not exposed */
  const GsScenarioNode *nodes;
  uint32_t node_count;
  GsIndexTable by_id; /**< of the nodes */
  GsGatewayOptions options;
  GsLive live;
  GsHttpClient *client;

  /* The coordinator's own. */
  GsWireIds *ids;
  GsHttpPeer **own_http; /**< per actor: an exposed node as somebody to send to */
  GArray *taken;         /**< of GsPosted */
  GArray *to_ask;        /**< of GsToAsk */
  GQueue unhandled;      /**< of GString: what was received, while `receiving` wants to know */
  GQueue *held;          /**< per port: sizes of the bodies received and not handled, in order */
  uint64_t *released;    /**< per port: messages handled whose bodies do not count any more */
  double began_s, looked_s;
  bool ending;

  pthread_mutex_t mutex; /**< of the next ones */
  pthread_cond_t come;
  GArray *posted;      /**< of GsPosted */
  GArray *reports;     /**< of GsMessage: what did not get where it was sent, without nets */
  uint64_t held_bytes; /**< of the bodies accepted and not handled */
  bool woken, closed;
  bool listening; /**< the coordinator waits for mail, and nobody has woken it yet */

  pthread_mutex_t peers_mutex; /**< of the next ones; taken before `mutex` and a port's */
  GsForeignNodes *foreign;
  GsGatewayCounts counts;
};

/** Which ids are of own nodes; free with gs_index_table_clear(&gateway->by_id). */
void gs_gateway_know_ids(GsGateway *gateway, const GsScenario *scenario);
/** Who stands for a foreign node at the client; NULL: nobody. The mutex of foreign nodes is held.
 */
GsHttpPeer *gs_gateway_http(GsGateway *gateway, GsForeignNode *entry);
/** GsForeignForget. */
bool gs_gateway_forget_http(GsHttpPeer *http, void *data);
/** The endpoint that an AddSibling names; else `why` there is none. The mutex of foreign nodes is
 * held. */
GsPostResult gs_gateway_meet(GsGateway *gateway, const GsWireEnvelope *envelope, GsEndpoint *met,
                             GString *why);
/** Keeps what an AddSibling that was accepted says. The mutex of foreign nodes is held. */
void gs_gateway_hear(GsGateway *gateway, GsPort *port, const GsPosted *posted);
/** An Ask to be a sibling has its outcome; `error` if it failed. Nothing is held. */
void gs_gateway_asked(GsGateway *gateway, GsPort *port, const char *address, const char *error);
/** Whether it is an Ask to be a sibling. */
static inline bool gs_gateway_is_ask(const GsMessage *message) {
  return message->type == GS_ADD_SIBLING && message->env == GS_ASK;
}
/** Tells the nodes whom to ask, as mail. The mutex of foreign nodes is held. */
void gs_gateway_tell_to_ask(GsGateway *gateway, GArray *mail);
/** Has the node that sent a message told that it was not delivered. Thread-safe. */
void gs_gateway_report(GsGateway *gateway, const GsMessage *message);
/** Whether an AddSibling may have its id; else `why`. The mutex of foreign nodes is held. */
GsPostResult gs_gateway_claim(GsGateway *gateway, const GsPort *port,
                              const GsWireEnvelope *envelope, GString *why);
/** Counts, shows and says that it may not. Nothing is held. */
void gs_gateway_refuse(GsGateway *gateway, GsPort *port, const GsWireEnvelope *envelope,
                       GsPostResult result, const GString *why);

/** GsLive.receive and GsLive.send. */
void gs_gateway_receive(const GsRunView *view, GArray *mail, void *data);
void gs_gateway_send(const GsRunView *view, const GsMessage *message, void *data);

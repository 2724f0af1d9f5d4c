/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "sim/base/clock.h"
#include "sim/serve/gateway_parts.h"

/*
 * Whose an id is. An AddSibling claims one for an address; where another node has
 * it, sums would count one of the two and both would say that they are in sync. So
 * it is decided as the message comes in, before it is accepted.
 */

/** That somebody answered at the address of an id is taken to hold so long. */
#define ANSWER_HOLDS_S 5.0

static bool has_id(const void *nodes, uint32_t index, const void *key) {
  return ((const GsScenarioNode *)nodes)[index].id == *(const int64_t *)key;
}

void gs_gateway_know_ids(GsGateway *gateway, const GsScenario *scenario) {
  gateway->nodes = scenario->nodes;
  gs_index_table_init(&gateway->by_id, scenario->node_count);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    gs_index_table_add(&gateway->by_id, gs_index_hash_number((uint64_t)scenario->nodes[i].id), i);
}

static bool find_own(const GsGateway *gateway, int64_t id, uint32_t *actor) {
  return gs_index_table_find(&gateway->by_id, gs_index_hash_number((uint64_t)id), has_id,
                             gateway->nodes, &id, actor);
}

GsHttpPeer *gs_gateway_http(GsGateway *gateway, GsForeignNode *entry) {
  if (!entry->http && gateway->client)
    entry->http = gs_http_client_peer(gateway->client, entry->address, NULL);
  return entry->http;
}

/** The one who has an id of an own node is never asked: that node is here. */
static GsPostResult refuse_own(const GsGateway *gateway, const GsPort *port, uint32_t actor,
                               const GsWireEnvelope *envelope, GString *why) {
  const GsPort *own = gateway->port_of[actor];
  g_string_printf(why, "siblingId %" PRId64 " is the id of %s %s", envelope->sibling_id,
                  own == port ? "this node," : "node", gateway->nodes[actor].name);
  if (own)
    g_string_append_printf(why, " at %s", own->address);
  g_string_append_printf(why,
                         "%s; each node of a grid needs an id of its own: give the one at %s "
                         "another",
                         own == port ? "" : ", which is served here", envelope->sibling_address);
  return GS_POST_ID_TAKEN;
}

static GsPostResult refuse_foreign(const GsForeignNode *holder, const GsWireEnvelope *envelope,
                                   GsPostResult result, GString *why) {
  g_string_printf(why, "siblingId %" PRId64 " is the id of %s at %s", envelope->sibling_id,
                  holder->name ? holder->name : "a node", holder->address);
  if (result == GS_POST_ID_ASKED)
    g_string_append(why, "; whether anybody is still there is being asked: try again in a second");
  else
    g_string_append_printf(why,
                           ", where somebody answers; each node of a grid needs an id of its own: "
                           "give the one at %s another, or end the one that has it",
                           envelope->sibling_address);
  return result;
}

/** Whether the foreign node that has the id is gone, so that it may have moved. */
static GsPostResult judge(GsGateway *gateway, GsForeignNode *holder, const char *claimant) {
  GsHttpPeer *http = gs_gateway_http(gateway, holder);
  if (!http)
    return GS_POST_ID_TAKEN;
  GsHttpPeerStats stats;
  gs_http_client_peer_stats(gateway->client, http, &stats);
  if (stats.silent)
    return GS_POST_ACCEPTED;
  double now = gs_clock_s();
  if (g_strcmp0(holder->claimant, claimant) == 0 && holder->claimed_s > 0) {
    if (stats.probing)
      return GS_POST_ID_ASKED;
    if (stats.probed_s >= holder->claimed_s && now - stats.probed_s < ANSWER_HOLDS_S)
      return GS_POST_ID_TAKEN;
  }
  g_free(holder->claimant);
  holder->claimant = g_strdup(claimant);
  holder->claimed_s = now;
  return gs_http_client_probe(gateway->client, http) ? GS_POST_ID_ASKED : GS_POST_ID_TAKEN;
}

GsPostResult gs_gateway_claim(GsGateway *gateway, const GsPort *port,
                              const GsWireEnvelope *envelope, GString *why) {
  GsEndpoint at = gs_foreign_find_address(gateway->foreign, envelope->sibling_address);
  uint32_t actor;
  if (at < gateway->node_count)
    return GS_POST_ACCEPTED;
  if (find_own(gateway, envelope->sibling_id, &actor))
    return refuse_own(gateway, port, actor, envelope, why);
  GsEndpoint endpoint = gs_foreign_find_id(gateway->foreign, envelope->sibling_id);
  if (endpoint == GS_ENDPOINT_NONE || endpoint == at)
    return GS_POST_ACCEPTED;
  GsForeignNode *holder = gs_foreign_entry(gateway->foreign, endpoint);
  g_autofree char *claimant = gs_foreign_canonical(envelope->sibling_address);
  GsPostResult result = judge(gateway, holder, claimant);
  return result == GS_POST_ACCEPTED ? result : refuse_foreign(holder, envelope, result, why);
}

void gs_gateway_refuse(GsGateway *gateway, GsPort *port, const GsWireEnvelope *envelope,
                       GsPostResult result, const GString *why) {
  pthread_mutex_lock(&port->mutex);
  bool full = result == GS_POST_PEERS_FULL;
  port->refused_id += !full;
  port->refused_peers += full;
  GsStrangers *strangers = &port->strangers;
  bool is_new = result != GS_POST_ID_ASKED &&
                gs_strangers_refuse(strangers, envelope->sibling_id, envelope->sibling_name,
                                    envelope->sibling_address, why->str);
  bool say = full ? port->refused_peers == 1
                  : is_new && strangers->warned < GS_STRANGERS_WARNED && ++strangers->warned;
  bool last = full || strangers->warned == GS_STRANGERS_WARNED;
  pthread_mutex_unlock(&port->mutex);
  const GsServeCalls *calls = gateway->options.calls;
  if (!say || !calls->warns)
    return;
  g_autofree char *line =
      g_strdup_printf("node %s refused a sibling: %s%s", port->name, why->str,
                      last ? " (further ones are only counted, in /state and /metrics)" : "");
  calls->warns(line, calls->data);
}

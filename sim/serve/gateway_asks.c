/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/gateway_parts.h"

/*
 * Who own nodes were told to add. The node asks there, once for each Tell; until that Ask has
 * its outcome, the place is kept. Who says who it is may become a sibling. Others are shown,
 * and make room for new ones (foreign.h).
 */

bool gs_gateway_forget_http(GsHttpPeer *http, void *data) {
  const GsGateway *gateway = data;
  return gs_http_client_forget(gateway->client, http);
}

GsPostResult gs_gateway_meet(GsGateway *gateway, const GsWireEnvelope *envelope, GsEndpoint *met,
                             GString *why) {
  *met = gs_foreign_endpoint(gateway->foreign, envelope->sibling_address);
  if (*met != GS_ENDPOINT_NONE)
    return GS_POST_ACCEPTED;
  g_string_printf(why,
                  "%u foreign nodes are known here, which is the limit, and none of them makes "
                  "room for %s: they are siblings, or are being asked; try again later",
                  GS_FOREIGN_MAX, envelope->sibling_address);
  return GS_POST_PEERS_FULL;
}

void gs_gateway_hear(GsGateway *gateway, GsPort *port, const GsPosted *posted) {
  const GsWireEnvelope *envelope = &posted->envelope;
  if (posted->sibling < gateway->node_count)
    return;
  GsForeignNode *entry = gs_foreign_entry(gateway->foreign, posted->sibling);
  bool tell = envelope->env == GS_TELL;
  if (tell)
    gs_foreign_hear(gateway->foreign, posted->sibling, envelope->sibling_name);
  else
    gs_foreign_learn(gateway->foreign, posted->sibling, envelope->sibling_id,
                     envelope->sibling_name);
  entry->asks += tell;
  pthread_mutex_lock(&port->mutex);
  if (tell)
    gs_asked_tell(&port->asked, envelope->sibling_id, envelope->sibling_name, entry->address);
  else
    gs_asked_forget(&port->asked, entry->address);
  pthread_mutex_unlock(&port->mutex);
}

/** That an Ask came to nothing. */
static void note_failure(GsGateway *gateway, GsPort *port, const char *address, const char *error) {
  const char *name;
  pthread_mutex_lock(&port->mutex);
  bool say = gs_asked_fail(&port->asked, address, error, &name);
  bool last = port->asked.warned == GS_ASKED_WARNED;
  g_autofree char *line =
      !say ? NULL
           : g_strdup_printf("node %s was told to add %s%s%s and could not: %s%s", port->name,
                             name ? name : "", name ? " at " : "", address, error,
                             last ? " (further ones are only counted, in /metrics)" : "");
  pthread_mutex_unlock(&port->mutex);
  const GsServeCalls *calls = gateway->options.calls;
  if (say && calls->warns)
    calls->warns(line, calls->data);
}

void gs_gateway_asked(GsGateway *gateway, GsPort *port, const char *address, const char *error) {
  pthread_mutex_lock(&gateway->peers_mutex);
  GsEndpoint at = gs_foreign_find_address(gateway->foreign, address);
  if (at >= gateway->node_count && at != GS_ENDPOINT_NONE) {
    GsForeignNode *entry = gs_foreign_entry(gateway->foreign, at);
    entry->asks -= entry->asks > 0;
  }
  pthread_mutex_unlock(&gateway->peers_mutex);
  if (error)
    note_failure(gateway, port, address, error);
}

void gs_gateway_outcome(GsGateway *gateway, GsHttpPeer *peer, GsHttpOutcome outcome, void *about) {
  if (!about)
    return;
  GsHttpPeerStats stats;
  gs_http_client_peer_stats(gateway->client, peer, &stats);
  bool fails = outcome != GS_HTTP_DELIVERED && outcome != GS_HTTP_ABANDONED;
  gs_gateway_asked(gateway, about, gs_http_peer_address(peer), fails ? stats.last_error : NULL);
}

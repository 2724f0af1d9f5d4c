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

void gs_gateway_ask(GsGateway *gateway, GsPort *port, const char *address) {
  GsToAsk ask = {port, g_strdup(address)};
  g_array_append_val(gateway->to_ask, ask);
  gateway->woken = true;
}

/** What it is called and its id are not known before it answers. */
static void tell_to_ask(GsGateway *gateway, const GsToAsk *ask, GArray *mail) {
  GsPort *port = ask->port;
  GsEndpoint there = gs_foreign_endpoint(gateway->foreign, ask->address);
  GsOutsideMail tell = {
      .message = {.from = GS_ENDPOINT_NONE,
                  .to = port->actor,
                  .slot = GS_SLOT_UNKNOWN,
                  .env = GS_TELL,
                  .type = GS_ADD_SIBLING,
                  .to_add = there,
                  .sibling = {.id = -1, .name = gs_foreign_name(gateway->foreign, there)}},
      .what = g_strdup_printf("%s asks %s to be its sibling", port->name, ask->address)};
  g_array_append_val(mail, tell);
  if (there < gateway->node_count)
    return;
  GsForeignNode *entry = gs_foreign_entry(gateway->foreign, there);
  entry->asks++;
  pthread_mutex_lock(&port->mutex);
  gs_asked_tell(&port->asked, -1, NULL, entry->address);
  pthread_mutex_unlock(&port->mutex);
}

void gs_gateway_tell_to_ask(GsGateway *gateway, GArray *mail) {
  for (guint i = 0; i < gateway->to_ask->len; i++)
    tell_to_ask(gateway, &g_array_index(gateway->to_ask, GsToAsk, i), mail);
  g_array_set_size(gateway->to_ask, 0);
}

void gs_gateway_report(GsGateway *gateway, const GsMessage *message) {
  GsMessage report = *message;
  if (gs_message_kind(message) == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET))
    report.nets = NULL;
  pthread_mutex_lock(&gateway->mutex);
  g_array_append_val(gateway->reports, report);
  gateway->woken = true;
  pthread_cond_signal(&gateway->come);
  pthread_mutex_unlock(&gateway->mutex);
}

void gs_gateway_outcome(GsGateway *gateway, GsHttpPeer *peer, GsHttpOutcome outcome, void *about) {
  g_autofree GsSent *sent = about;
  bool fails = outcome != GS_HTTP_DELIVERED && outcome != GS_HTTP_ABANDONED;
  if (gs_gateway_is_ask(&sent->message)) {
    GsHttpPeerStats stats;
    gs_http_client_peer_stats(gateway->client, peer, &stats);
    gs_gateway_asked(gateway, sent->port, gs_http_peer_address(peer),
                     fails ? stats.last_error : NULL);
  }
  if (fails)
    gs_gateway_report(gateway, &sent->message);
}

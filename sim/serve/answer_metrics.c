/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "sim/serve/answers.h"

/** A label's value: backslash, quote and newline are escaped. */
static char *escaped(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *at = text; *at; at++) {
    if (*at == '\\' || *at == '"')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *at == '\n' ? ' ' : *at);
  }
  return g_string_free(out, FALSE);
}

static void head(GString *out, const char *name, const char *type, const char *help) {
  g_string_append_printf(out, "# HELP gridsim_%s %s\n# TYPE gridsim_%s %s\n", name, help, name,
                         type);
}

static void one(GString *out, const char *node, const char *name, const char *type,
                const char *help, int64_t value) {
  head(out, name, type, help);
  g_string_append_printf(out, "gridsim_%s{node=\"%s\"} %" PRId64 "\n", name, node, value);
}

static void direction(GString *out, const char *node, const char *name,
                      const uint64_t counts[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES]) {
  for (int env = 0; env < GS_ENVELOPE_TYPES; env++) {
    for (int type = 0; type < GS_MESSAGE_TYPES; type++) {
      if (counts[env][type] || env == GS_TELL)
        g_string_append_printf(
            out,
            "gridsim_messages_total{node=\"%s\",direction=\"%s\",envelope=\"%s\",type=\"%s\"} "
            "%" PRIu64 "\n",
            node, name, gs_envelope_type_name((GsEnvelopeType)env),
            gs_message_type_name((GsMessageType)type), counts[env][type]);
    }
  }
}

/** The port's mutex is held. */
static void node_metrics(GString *out, const char *node, const GsPort *port) {
  const GsPortView *view = &port->view;
  one(out, node, "production", "gauge", "Energy that the node produces.", view->production);
  one(out, node, "consumption", "gauge", "Energy that the node consumes.", view->consumption);
  one(out, node, "gridnet", "gauge", "What the node takes the net of its grid to be.",
      view->gridnet);
  one(out, node, "in_sync", "gauge", "Whether that is right, as far as is known here.",
      view->in_sync);
  one(out, node, "siblings", "gauge", "Siblings of the node.", view->siblings->len);
  one(out, node, "open_waves", "gauge", "Waves that wait for answers.", view->open_waves);
  head(out, "messages_total", "counter", "Messages handled and sent, by envelope and type.");
  direction(out, node, "received", view->tally.received);
  direction(out, node, "sent", view->tally.sent);
  head(out, "dropped_total", "counter", "Messages that led to nothing, by reason.");
  for (int reason = 0; reason < GS_DROP_REASONS; reason++)
    g_string_append_printf(out, "gridsim_dropped_total{node=\"%s\",reason=\"%s\"} %" PRIu64 "\n",
                           node, gs_drop_reason_name((GsDropReason)reason),
                           view->tally.drops[reason]);
  one(out, node, "mailbox_length", "gauge", "Messages accepted over HTTP and not handled yet.",
      (int64_t)gs_port_waiting(port));
  one(out, node, "accepted_total", "counter", "Messages accepted over HTTP.",
      (int64_t)port->accepted);
  one(out, node, "handled_total", "counter", "Messages accepted over HTTP and handled.",
      (int64_t)view->tally.heard);
  one(out, node, "lost_total", "counter", "Messages accepted over HTTP that no node could be told.",
      (int64_t)port->lost);
  one(out, node, "refused_full_total", "counter", "Requests refused since the mailbox was full.",
      (int64_t)port->refused_full);
  one(out, node, "refused_id_total", "counter",
      "AddSibling messages refused since their id is another node's (409), or may be (503).",
      (int64_t)port->refused_id);
  one(out, node, "refused_peers_total", "counter",
      "AddSibling messages refused since they name one foreign node too many (503).",
      (int64_t)port->refused_peers);
  one(out, node, "asks_failed_total", "counter",
      "Asks to be a sibling that failed: no answer, or one that is no good.",
      (int64_t)port->asked.failed);
}

/** The port's mutex is held. */
static void recovery_metrics(GString *out, const char *node, const GsRecoveryRules *rules,
                             const GsTally *tally) {
  head(out, "recovery", "gauge", "Whether the node does something about faults, by which rules.");
  if (rules) {
    g_autofree char *limit = gs_recovery_limit_text(rules);
    g_autofree char *resync = gs_recovery_resync_text(rules);
    g_string_append_printf(out, "gridsim_recovery{node=\"%s\",limit=\"%s\",resync=\"%s\"} 1\n",
                           node, limit, resync);
  } else {
    g_string_append_printf(out, "gridsim_recovery{node=\"%s\"} 0\n", node);
  }
  one(out, node, "recovery_sent_total", "counter",
      "Messages that the node sent on its own, as recovery says.", (int64_t)tally->on_its_own);
  one(out, node, "suspected_total", "counter", "Times that the node suspected a sibling.",
      (int64_t)tally->suspected);
  one(out, node, "trusted_again_total", "counter", "Times that it trusted one again.",
      (int64_t)tally->trusted_again);
  one(out, node, "waves_limited_total", "counter", "Own waves that were ended by their limit.",
      (int64_t)tally->waves_limited);
  one(out, node, "undelivered_total", "counter",
      "Messages of which the node was told that they did not arrive.",
      (int64_t)tally->told_undelivered);
}

static void http_metrics(GString *out, const char *node, GsHttpServer *server, guint address) {
  GsHttpServerStats stats;
  gs_http_server_stats(server, address, &stats);
  head(out, "http_requests_total", "counter", "Requests answered, by status.");
  for (guint status = 0; status < GS_HTTP_STATUSES; status++)
    if (stats.answered[status] || status == 200)
      g_string_append_printf(out,
                             "gridsim_http_requests_total{node=\"%s\",status=\"%u\"} %" PRIu64 "\n",
                             node, status, stats.answered[status]);
  one(out, node, "http_connections", "gauge", "Open connections.", stats.connections);
  one(out, node, "http_connections_refused_total", "counter", "Connections beyond a limit.",
      (int64_t)stats.refused);
  one(out, node, "http_connections_gave_way_total", "counter",
      "Connections that waited and made room for others.", (int64_t)stats.gave_way);
  one(out, node, "http_timeouts_total", "counter", "Requests that did not arrive in time.",
      (int64_t)stats.timed_out);
  one(out, node, "event_streams", "gauge", "Open streams of events.", stats.streams);
}

static void peer_metric(GString *out, const char *node, const char *name, const char *type,
                        const char *help, const GArray *peers,
                        int64_t (*value)(const GsGatewayPeer *)) {
  head(out, name, type, help);
  for (guint i = 0; i < peers->len; i++) {
    const GsGatewayPeer *peer = &g_array_index(peers, GsGatewayPeer, i);
    g_string_append_printf(out, "gridsim_%s{node=\"%s\",peer=\"%s\"} %" PRId64 "\n", name, node,
                           peer->address, value(peer));
  }
}

static int64_t is_up(const GsGatewayPeer *peer) {
  return peer->stats.up;
}

static int64_t waiting(const GsGatewayPeer *peer) {
  return peer->stats.waiting;
}

static int64_t delivered(const GsGatewayPeer *peer) {
  return (int64_t)peer->stats.delivered;
}

static int64_t failed(const GsGatewayPeer *peer) {
  return (int64_t)(peer->stats.failed + peer->stats.refused + peer->stats.forbidden +
                   peer->stats.dropped_full);
}

static void peer_metrics(GString *out, const char *node, const GArray *peers) {
  if (!peers->len)
    return;
  peer_metric(out, node, "peer_up", "gauge", "Whether the last try to reach a sibling worked.",
              peers, is_up);
  peer_metric(out, node, "peer_queue_length", "gauge", "Messages waiting to be sent to a sibling.",
              peers, waiting);
  peer_metric(out, node, "peer_delivered_total", "counter", "Messages that a sibling accepted.",
              peers, delivered);
  peer_metric(out, node, "peer_failed_total", "counter", "Messages that a sibling did not get.",
              peers, failed);
}

void gs_answer_metrics(GsRoutes *routes, GsPort *port, guint address, GString *out) {
  g_autofree char *node = escaped(port->name);
  g_autoptr(GArray) endpoints = g_array_new(FALSE, FALSE, sizeof(GsEndpoint));
  g_autoptr(GArray) peers = g_array_new(FALSE, FALSE, sizeof(GsGatewayPeer));
  pthread_mutex_lock(&port->mutex);
  node_metrics(out, node, port);
  recovery_metrics(out, node, routes->recovery, &port->view.tally);
  for (guint i = 0; i < port->view.siblings->len; i++)
    g_array_append_val(endpoints, g_array_index(port->view.siblings, GsPortSibling, i).endpoint);
  pthread_mutex_unlock(&port->mutex);
  for (guint i = 0; i < endpoints->len; i++) {
    GsGatewayPeer peer;
    gs_gateway_peer(routes->gateway, g_array_index(endpoints, GsEndpoint, i), &peer);
    if (peer.known)
      g_array_append_val(peers, peer);
  }
  peer_metrics(out, node, peers);
  one(out, node, "foreign_nodes", "gauge",
      "Foreign nodes that the process knows, siblings and others; new ones end at 4096.",
      gs_gateway_peer_count(routes->gateway));
  one(out, node, "event_pauses_total", "counter",
      "Times that events of the process were left out, since writing them took too long.",
      (int64_t)__atomic_load_n(&routes->event_pauses, __ATOMIC_RELAXED));
  http_metrics(out, node, routes->server, address);
}

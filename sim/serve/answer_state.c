/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/json/json_writer.h"
#include "sim/serve/answers.h"

static void write_seconds(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_write_key(json, key);
  gs_json_write_double(json, (double)ns / (double)GS_SECOND_NS);
}

/** The port's mutex is held. */
static void write_node(GsJsonWriter *json, const GsPort *port) {
  const GsPortView *view = &port->view;
  gs_json_member_int(json, "id", port->id);
  gs_json_member_string(json, "name", port->name);
  gs_json_member_string(json, "address", port->address);
  gs_json_member_int(json, "production", view->production);
  gs_json_member_int(json, "consumption", view->consumption);
  gs_json_member_int(json, "net", view->production - view->consumption);
  gs_json_member_int(json, "gridnet", view->gridnet);
  gs_json_member_bool(json, "in_sync", view->in_sync);
}

/** A foreign sibling also says how it stands with its connection. */
static void write_sibling(GsJsonWriter *json, const GsPortSibling *sibling,
                          const GsGatewayPeer *peer) {
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_member_int(json, "id", sibling->id);
  gs_json_member_string(json, "name", sibling->name);
  gs_json_member_bool(json, "foreign", peer->known);
  if (sibling->is_suspected)
    gs_json_member_bool(json, "suspected", true);
  if (peer->known) {
    gs_json_member_string(json, "address", peer->address);
    gs_json_member_bool(json, "up", peer->stats.up);
    gs_json_member_int(json, "waiting", peer->stats.waiting);
    gs_json_member_int(json, "delivered", (int64_t)peer->stats.delivered);
    gs_json_member_int(json, "failed",
                       (int64_t)(peer->stats.failed + peer->stats.refused + peer->stats.forbidden +
                                 peer->stats.dropped_full));
    gs_json_member_int(json, "retried", (int64_t)peer->stats.retried);
    if (peer->stats.last_error[0])
      gs_json_member_string(json, "last_error", peer->stats.last_error);
  }
  gs_json_end_object(json);
}

static void write_counts(GsJsonWriter *json, const char *key,
                         const uint64_t counts[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES]) {
  gs_json_write_key(json, key);
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  uint64_t total = 0;
  for (int type = 0; type < GS_MESSAGE_TYPES; type++) {
    uint64_t of_type = 0;
    for (int env = 0; env < GS_ENVELOPE_TYPES; env++)
      of_type += counts[env][type];
    total += of_type;
    gs_json_member_int(json, gs_message_type_name((GsMessageType)type), (int64_t)of_type);
  }
  gs_json_member_int(json, "total", (int64_t)total);
  gs_json_end_object(json);
}

static void write_drops(GsJsonWriter *json, const GsTally *tally) {
  gs_json_write_key(json, "dropped");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  for (int reason = 0; reason < GS_DROP_REASONS; reason++)
    if (tally->drops[reason])
      gs_json_member_int(json, gs_drop_reason_name((GsDropReason)reason),
                         (int64_t)tally->drops[reason]);
  gs_json_end_object(json);
}

/** Which rules hold, in a scenario's words, and what they led to. The port's mutex is held. */
static void write_recovery(GsJsonWriter *json, const GsRecoveryRules *rules, const GsTally *tally) {
  gs_json_write_key(json, "recovery");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_member_string(json, "rules", rules ? "standard" : "none");
  if (rules) {
    g_autofree char *limit = gs_recovery_limit_text(rules);
    g_autofree char *resync = gs_recovery_resync_text(rules);
    gs_json_member_string(json, "limit", limit);
    gs_json_member_string(json, "resync", resync);
  }
  gs_json_member_int(json, "sent", (int64_t)tally->on_its_own);
  gs_json_member_int(json, "suspected", (int64_t)tally->suspected);
  gs_json_member_int(json, "trusted_again", (int64_t)tally->trusted_again);
  gs_json_member_int(json, "waves_limited", (int64_t)tally->waves_limited);
  gs_json_member_int(json, "undelivered", (int64_t)tally->told_undelivered);
  gs_json_end_object(json);
}

/** The port's mutex is held. */
static void write_mailbox(GsJsonWriter *json, const GsPort *port) {
  gs_json_write_key(json, "mailbox");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_member_int(json, "accepted", (int64_t)port->accepted);
  gs_json_member_int(json, "handled", (int64_t)port->view.tally.heard);
  gs_json_member_int(json, "waiting", (int64_t)gs_port_waiting(port));
  gs_json_member_int(json, "lost", (int64_t)port->lost);
  gs_json_member_int(json, "refused_full", (int64_t)port->refused_full);
  gs_json_member_int(json, "refused_id", (int64_t)port->refused_id);
  gs_json_member_int(json, "refused_peers", (int64_t)port->refused_peers);
  gs_json_member_int(json, "asks_failed", (int64_t)port->asked.failed);
  gs_json_member_int(json, "forbidden", (int64_t)port->forbidden);
  gs_json_end_object(json);
}

/** The port's mutex is held. */
static void write_strangers(GsJsonWriter *json, const GsPort *port) {
  gs_json_write_key(json, "refused");
  gs_json_begin_array(json);
  for (guint i = 0; i < port->strangers.refused->len; i++) {
    const GsStranger *stranger = &g_array_index(port->strangers.refused, GsStranger, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_int(json, "id", stranger->id);
    gs_json_member_string(json, "name", stranger->name);
    gs_json_member_string(json, "address", stranger->address);
    gs_json_member_int(json, "count", (int64_t)stranger->count);
    gs_json_member_string(json, "reason", stranger->reason);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

/** A copy: who asks the gateway must not hold the port's mutex. */
static GArray *copy_siblings(const GsPort *port) {
  GArray *siblings = g_array_new(FALSE, FALSE, sizeof(GsPortSibling));
  for (guint i = 0; i < port->view.siblings->len; i++) {
    GsPortSibling sibling = g_array_index(port->view.siblings, GsPortSibling, i);
    sibling.name = g_strdup(sibling.name);
    g_array_append_val(siblings, sibling);
  }
  return siblings;
}

/** Who is a sibling is no longer among those that were asked. */
static void strike(GArray *asked, const char *address) {
  for (guint i = asked->len; i-- > 0;)
    if (strcmp(g_array_index(asked, GsAskedNode, i).address, address) == 0)
      g_array_remove_index(asked, i);
}

static void write_siblings(GsJsonWriter *json, const GsRoutes *routes, GArray *siblings,
                           GArray *asked) {
  gs_json_write_key(json, "siblings");
  gs_json_begin_array(json);
  for (guint i = 0; i < siblings->len; i++) {
    GsPortSibling *sibling = &g_array_index(siblings, GsPortSibling, i);
    GsGatewayPeer peer;
    gs_gateway_peer(routes->gateway, sibling->endpoint, &peer);
    write_sibling(json, sibling, &peer);
    if (peer.known)
      strike(asked, peer.address);
    g_free(sibling->name);
  }
  gs_json_end_array(json);
  g_array_unref(siblings);
}

static void write_asked(GsJsonWriter *json, GArray *asked) {
  gs_json_write_key(json, "asked");
  gs_json_begin_array(json);
  for (guint i = 0; i < asked->len; i++) {
    const GsAskedNode *node = &g_array_index(asked, GsAskedNode, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    if (node->id >= 0)
      gs_json_member_int(json, "id", node->id);
    if (node->name)
      gs_json_member_string(json, "name", node->name);
    gs_json_member_string(json, "address", node->address);
    gs_json_member_int(json, "told", (int64_t)node->told);
    gs_json_member_int(json, "failed", (int64_t)node->failed);
    if (node->error)
      gs_json_member_string(json, "last_error", node->error);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
  g_array_unref(asked);
}

void gs_answer_state(GsRoutes *routes, GsPort *port, GString *out) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 2);
  gs_json_begin_object(json);
  pthread_mutex_lock(&port->mutex);
  write_node(json, port);
  gs_json_member_int(json, "open_waves", port->view.open_waves);
  write_seconds(json, "time_s", port->view.now_ns);
  gs_json_write_key(json, "messages");
  gs_json_begin_object(json);
  write_counts(json, "received", port->view.tally.received);
  write_counts(json, "sent", port->view.tally.sent);
  write_drops(json, &port->view.tally);
  gs_json_end_object(json);
  write_recovery(json, routes->recovery, &port->view.tally);
  write_mailbox(json, port);
  write_strangers(json, port);
  GArray *siblings = copy_siblings(port), *asked = gs_asked_copy(&port->asked);
  pthread_mutex_unlock(&port->mutex);
  write_siblings(json, routes, siblings, asked);
  write_asked(json, asked);
  gs_json_end_object(json);
  g_string_append_c(out, '\n');
}

void gs_answer_state_event(GsPort *port, GString *out) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 0);
  gs_json_begin_object(json);
  pthread_mutex_lock(&port->mutex);
  write_node(json, port);
  gs_json_write_key(json, "siblings");
  gs_json_begin_array(json);
  for (guint i = 0; i < port->view.siblings->len; i++)
    gs_json_write_string(json, g_array_index(port->view.siblings, GsPortSibling, i).name);
  gs_json_end_array(json);
  write_seconds(json, "time_s", port->view.now_ns);
  pthread_mutex_unlock(&port->mutex);
  gs_json_end_object(json);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/clock.h"
#include "sim/serve/gateway_parts.h"

/* Messages to foreign nodes become envelopes, as real nodes send them (docs/PROTOCOL.md). */

static bool list_net(int64_t id, int64_t net, void *data) {
  gs_wire_add_net(data, id, net);
  return true;
}

static gint compare_nets(gconstpointer a, gconstpointer b) {
  int64_t x = ((const GsWireNet *)a)->id, y = ((const GsWireNet *)b)->id;
  return x < y ? -1 : x > y;
}

/** Keeps the first of each id. By sorting: no choice of ids can make it slow. */
static void drop_repeated(GArray *nets) {
  g_array_sort(nets, compare_nets); /* is stable */
  GsWireNet *entries = (GsWireNet *)(void *)nets->data;
  guint kept = 0;
  for (guint i = 0; i < nets->len; i++) {
    if (i == 0 || entries[i].id != entries[kept - 1].id)
      entries[kept++] = entries[i];
  }
  g_array_set_size(nets, kept);
}

static void write_nets(GsWireEnvelope *envelope, GsNets *nets) {
  envelope->has_nets = true;
  if (!nets)
    return;
  gs_nets_foreach(nets, list_net, envelope);
  if (nets->may_repeat)
    drop_repeated(envelope->nets);
}

/** False when an answer belongs to an Ask that was forgotten. */
static bool write_ids(GsGateway *gateway, const GsNodeView *node, const GsMessage *message,
                      GsWireEnvelope *envelope) {
  envelope->has_id = envelope->has_msg_id = envelope->has_timestamp = true;
  envelope->id = gs_wire_ids_fresh(gateway->ids);
  envelope->msg_id = gs_wire_ids_fresh(gateway->ids);
  envelope->timestamp = gs_clock_unix_s();
  envelope->has_master_req_id = true;
  envelope->master_req_id = message->master;
  envelope->has_req_id = true;
  envelope->has_return_id = message->env != GS_RESPONSE;
  envelope->return_id = node->id;
  switch (message->env) {
  case GS_ASK:
    envelope->req_id = gs_wire_ids_ask(gateway->ids, message->from, message->to, message->req);
    return true;
  case GS_TELL:
    envelope->req_id = gs_wire_ids_fresh(gateway->ids);
    return true;
  default:
    envelope->has_req_id = message->req != 0;
    return !message->req || gs_wire_ids_recall(gateway->ids, message->req, &envelope->req_id);
  }
}

static void write_body(const GsNodeView *node, const GsPort *port, const GsMessage *message,
                       GsWireEnvelope *envelope) {
  if (message->type == GS_ADD_SIBLING) {
    envelope->sibling_id = node->id;
    envelope->sibling_name = g_strdup(node->name);
    envelope->sibling_address = g_strdup(port->address);
  } else if (message->type == GS_UPDATE_NET) {
    write_nets(envelope, message->env == GS_RESPONSE ? message->nets : NULL);
  }
}

/**
 * The address of the receiver, NULL: there is none, and who stands for it at the client; NULL: it
 * cannot be sent to.
 */
static GsHttpPeer *receiver(GsGateway *gateway, GsEndpoint to, const char **address) {
  if (to < gateway->node_count) {
    *address = gateway->port_of[to]->address;
    if (!gateway->own_http[to] && gateway->client)
      gateway->own_http[to] = gs_http_client_peer(gateway->client, *address, NULL);
    return gateway->own_http[to];
  }
  GsHttpPeer *http = NULL;
  *address = NULL;
  pthread_mutex_lock(&gateway->peers_mutex);
  if (gs_foreign_name(gateway->foreign, to)) {
    GsForeignNode *entry = gs_foreign_entry(gateway->foreign, to);
    *address = entry->address;
    http = gs_gateway_http(gateway, entry);
  }
  pthread_mutex_unlock(&gateway->peers_mutex);
  return http;
}

static bool hand_over(GsGateway *gateway, GsPort *port, GsHttpPeer *http, const GsMessage *message,
                      const GsWireEnvelope *envelope) {
  GString *text = g_string_sized_new(512);
  gs_wire_encode(envelope, text);
  const GsServeCalls *calls = gateway->options.calls;
  if (calls->sending)
    calls->sending(text, calls->data);
  g_autoptr(GBytes) body = g_string_free_to_bytes(text);
  GsSent *sent = g_new(GsSent, 1);
  *sent = (GsSent){port, *message};
  if (gs_http_client_send(gateway->client, http, body, sent))
    return true;
  g_free(sent);
  return false;
}

static void count_one(GsGateway *gateway, uint64_t *count) {
  pthread_mutex_lock(&gateway->peers_mutex);
  ++*count;
  pthread_mutex_unlock(&gateway->peers_mutex);
}

/** The queue of who it is for is full, or there is no client. */
static void drop(GsGateway *gateway, GsPort *port, const GsMessage *message, const char *address) {
  count_one(gateway, &gateway->counts.queue_full);
  gs_gateway_report(gateway, message);
  if (gs_gateway_is_ask(message))
    gs_gateway_asked(gateway, port, address, "too many messages wait to be sent there");
}

void gs_gateway_send(const GsRunView *view, const GsMessage *message, void *data) {
  GsGateway *gateway = data;
  GsPort *port = gateway->port_of[message->from];
  const char *address = NULL;
  GsHttpPeer *http = port ? receiver(gateway, message->to, &address) : NULL;
  if (!address) {
    count_one(gateway, &gateway->counts.no_address);
    gs_gateway_report(gateway, message);
    return;
  }
  /* A sibling that takes nothing costs no more than finding that out. */
  if (!http || gs_http_client_drops(gateway->client, http)) {
    drop(gateway, port, message, address);
    return;
  }
  GsNodeView node = gs_run_view_node(view, message->from);
  g_auto(GsWireEnvelope) envelope = {.env = message->env, .type = message->type};
  if (!write_ids(gateway, &node, message, &envelope)) {
    count_one(gateway, &gateway->counts.forgotten_ask);
    return;
  }
  envelope.to = g_strdup(address);
  write_body(&node, port, message, &envelope);
  if (hand_over(gateway, port, http, message, &envelope))
    count_one(gateway, &gateway->counts.sent);
  else
    drop(gateway, port, message, envelope.to);
}

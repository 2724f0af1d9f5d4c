/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "sim/serve/gateway_parts.h"

/* Envelopes become messages: who sent them, and which wave and Ask they mean. */

static GsEndpoint endpoint_of_id(GsGateway *gateway, const GsRunView *view, uint32_t node,
                                 int64_t id) {
  GsEndpoint sibling = gs_run_view_find_sibling(view, node, id);
  return sibling != GS_ENDPOINT_NONE ? sibling : gs_foreign_find_id(gateway->foreign, id);
}

/** Sets what an AddSibling says. */
static void read_sibling(GsGateway *gateway, const GsRunView *view, const GsPosted *posted,
                         GsMessage *message) {
  const GsWireEnvelope *envelope = &posted->envelope;
  GsEndpoint endpoint = posted->sibling;
  bool own = endpoint < gateway->node_count;
  message->sibling.id = envelope->sibling_id;
  message->sibling.name = own ? gs_run_view_name(view, endpoint) : posted->sibling_name;
  if (envelope->env == GS_TELL)
    message->to_add = endpoint;
  else if (!own || gateway->options.wire) /* otherwise own nodes do not come in over HTTP */
    message->from = endpoint;
}

/** The Ask that a Response answers says who was asked. */
static void read_answer(GsGateway *gateway, const GsWireEnvelope *envelope, GsOutsideMail *mail) {
  GsMessage *message = &mail->message;
  GsEndpoint asked;
  uint64_t req;
  if (!envelope->has_req_id ||
      !gs_wire_ids_asked(gateway->ids, message->to, envelope->req_id, &asked, &req))
    return; /* an answer to nothing: the node drops it */
  message->from = asked;
  message->req = req;
  mail->nets = envelope->nets ? g_array_ref(envelope->nets) : NULL;
}

static char *energy_text(const GsPort *port, const GsWireEnvelope *envelope) {
  GString *text = g_string_new(port->name);
  g_string_append_c(text, ':');
  if (envelope->has_production)
    g_string_append_printf(text, " production %" PRId64, envelope->production);
  if (envelope->has_consumption)
    g_string_append_printf(text, "%s consumption %" PRId64, envelope->has_production ? "," : "",
                           envelope->consumption);
  if (!envelope->has_production && !envelope->has_consumption)
    g_string_append(text, " energy as it was");
  return g_string_free(text, FALSE);
}

/** What a person told the node; NULL: this is between nodes. */
static char *describe(const GsPort *port, const GsWireEnvelope *envelope,
                      const GsMessage *message) {
  if (envelope->env != GS_TELL || message->from != GS_ENDPOINT_NONE)
    return NULL;
  switch (envelope->type) {
  case GS_UPDATE_ENERGY:
    return energy_text(port, envelope);
  case GS_ADD_SIBLING:
    return g_strdup_printf("%s adds %s", port->name, envelope->sibling_name);
  case GS_SYNC_GRID:
  case GS_UPDATE_NET:
    break;
  }
  return g_strdup_printf("%s at %s", gs_message_type_name(envelope->type), port->name);
}

static void read_envelope(GsGateway *gateway, const GsRunView *view, const GsPosted *posted,
                          GsOutsideMail *mail) {
  const GsWireEnvelope *envelope = &posted->envelope;
  GsMessage *message = &mail->message;
  *mail = (GsOutsideMail){.message = {.from = GS_ENDPOINT_NONE,
                                      .to = posted->port->actor,
                                      .slot = GS_SLOT_UNKNOWN,
                                      .env = envelope->env,
                                      .type = envelope->type,
                                      .outside = 1}};
  gs_wire_master_id(envelope, &message->master);
  if (envelope->has_return_id && envelope->env != GS_RESPONSE)
    message->from = endpoint_of_id(gateway, view, message->to, envelope->return_id);
  /* A wave or flood that a node gives no id is one of its own; a person's Tell stays without. */
  if (!message->master.space && !message->master.count &&
      (envelope->env == GS_ASK || message->from != GS_ENDPOINT_NONE))
    message->master = gs_wire_ids_fresh(gateway->ids);
  if (envelope->env == GS_ASK && envelope->has_req_id)
    message->req = gs_wire_ids_remember(gateway->ids, envelope->req_id);
  if (envelope->type == GS_ADD_SIBLING) {
    read_sibling(gateway, view, posted, message);
  } else if (envelope->type == GS_UPDATE_NET && envelope->env == GS_RESPONSE) {
    read_answer(gateway, envelope, mail);
  } else if (envelope->type == GS_UPDATE_ENERGY) {
    message->has_production = envelope->has_production;
    message->has_consumption = envelope->has_consumption;
    message->energy.production = envelope->production;
    message->energy.consumption = envelope->consumption;
  }
  mail->what = describe(posted->port, envelope, message);
}

static void keep_text(GsGateway *gateway, const GsWireEnvelope *envelope) {
  if (!gateway->options.calls->receiving)
    return;
  GString *text = g_string_new(NULL);
  gs_wire_encode(envelope, text);
  g_queue_push_tail(&gateway->unhandled, text);
}

/** The mutex is held. */
static void take_reports(GsGateway *gateway, GArray *mail) {
  for (guint i = 0; i < gateway->reports->len; i++) {
    GsOutsideMail report = {.message = g_array_index(gateway->reports, GsMessage, i)};
    g_array_append_val(mail, report);
  }
  g_array_set_size(gateway->reports, 0);
}

void gs_gateway_receive(const GsRunView *view, GArray *mail, void *data) {
  GsGateway *gateway = data;
  pthread_mutex_lock(&gateway->mutex);
  GArray *taken = gateway->posted;
  gateway->posted = gateway->taken;
  gateway->taken = taken;
  take_reports(gateway, mail);
  pthread_mutex_unlock(&gateway->mutex);
  if (!taken->len && !gateway->to_ask->len)
    return;
  pthread_mutex_lock(&gateway->peers_mutex);
  gs_gateway_tell_to_ask(gateway, mail);
  gs_foreign_bury(gateway->foreign); /* what nodes were told of these is handled */
  for (guint i = 0; i < taken->len; i++) {
    const GsPosted *posted = &g_array_index(taken, GsPosted, i);
    GsOutsideMail come;
    read_envelope(gateway, view, posted, &come);
    g_array_append_val(mail, come);
    keep_text(gateway, &posted->envelope);
    g_queue_push_tail(&gateway->held[posted->port - gateway->ports],
                      GSIZE_TO_POINTER(posted->bytes));
  }
  pthread_mutex_unlock(&gateway->peers_mutex);
  g_array_set_size(taken, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/node_support.h"

#include <criterion/criterion.h>

void gs_rig_init(GsRig *rig, uint32_t last_sibling, GsProtocol protocol, GsSync sync) {
  GsNodeConfig config = {
      .id = 1, .name = "one", .endpoint = 1, .id_space = 1, .protocol = protocol, .sync = sync};
  gs_node_init(&rig->node, &config);
  gs_pool_init(&rig->pool, NULL);
  gs_effects_init(&rig->effects, &rig->pool);
  for (uint32_t n = 2; n <= last_sibling; n++)
    gs_node_add_start_sibling(&rig->node, &(GsContact){n, "sibling", n}, GS_SLOT_UNKNOWN);
}

void gs_rig_clear(GsRig *rig) {
  gs_node_clear(&rig->node, &rig->pool);
  gs_effects_clear(&rig->effects);
  gs_pool_clear(&rig->pool);
}

GsNets *gs_rig_nets(GsRig *rig, guint pieces, const int64_t *ids_and_nets) {
  GsNets *tree = NULL;
  for (guint i = 0; i < pieces; i++) {
    GsNets *piece = gs_pool_take_nets(&rig->pool);
    gs_nets_init(piece, ids_and_nets[2 * i], ids_and_nets[2 * i + 1]);
    if (tree)
      gs_nets_add(tree, piece);
    else
      tree = piece;
  }
  return tree;
}

static bool append_net(int64_t id, int64_t net, void *data) {
  GString *text = data;
  g_string_append_printf(text, "%s%" G_GINT64_FORMAT ": %" G_GINT64_FORMAT,
                         text->str[text->len - 1] == '{' ? "" : ", ", id, net);
  return true;
}

static void append_message(GString *text, GsRig *rig, GsMessage *message) {
  cr_assert_eq(message->from, rig->node.endpoint);
  g_string_append_printf(text, "%u< %s %s %" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, message->to,
                         gs_envelope_type_name(message->env), gs_message_type_name(message->type),
                         message->master.space, message->master.count);
  if (message->env != GS_TELL)
    g_string_append_printf(text, " #%" G_GUINT64_FORMAT, message->req);
  if (message->type == GS_ADD_SIBLING)
    g_string_append_printf(text, " (%" G_GINT64_FORMAT " %s)", message->sibling.id,
                           message->sibling.name);
  if (message->type != GS_UPDATE_NET || message->env != GS_RESPONSE)
    return;
  g_string_append(text, " {");
  if (message->nets)
    gs_nets_foreach(message->nets, append_net, text);
  g_string_append_c(text, '}');
  gs_pool_give_nets(&rig->pool, message->nets);
}

static void append_note(GString *text, const GsNote *note) {
  switch (note->kind) {
  case GS_NOTE_GRIDNET:
    g_string_append_printf(text, "gridnet %" G_GINT64_FORMAT, note->value);
    break;
  case GS_NOTE_ENERGY:
    g_string_append_printf(text, "energy %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, note->value2,
                           note->value);
    break;
  case GS_NOTE_SIBLING:
    g_string_append_printf(text, "sibling %" G_GINT64_FORMAT, note->value2);
    break;
  case GS_NOTE_WAVE_START:
    g_string_append_printf(text, "wave 1:%" G_GUINT64_FORMAT, note->master.count);
    break;
  case GS_NOTE_WAVE_DONE:
    g_string_append_printf(text, "done 1:%" G_GUINT64_FORMAT " = %" G_GINT64_FORMAT,
                           note->master.count, note->value);
    break;
  case GS_NOTE_SUPERSEDED:
    g_string_append_printf(text, "superseded 1:%" G_GUINT64_FORMAT, note->master.count);
    break;
  case GS_NOTE_SUSPECTED:
    g_string_append_printf(text, "suspected %" G_GINT64_FORMAT, note->value);
    break;
  case GS_NOTE_TRUSTED:
    g_string_append_printf(text, "trusted %" G_GINT64_FORMAT, note->value);
    break;
  case GS_NOTE_WAVE_LIMIT:
    g_string_append_printf(text, "limit 1:%" G_GUINT64_FORMAT, note->master.count);
    break;
  case GS_NOTE_UNDELIVERED:
    g_string_append_printf(text, "undelivered %" G_GINT64_FORMAT, note->value);
    break;
  case GS_NOTE_DROPPED:
    g_string_append_printf(text, "dropped %s", gs_drop_reason_name((GsDropReason)note->value));
    break;
  }
}

static char *handled(GsRig *rig, GsMessage message) {
  g_autoptr(GError) error = NULL;
  gs_effects_reset(&rig->effects);
  bool good = gs_node_step(&rig->node, &message, &rig->effects, &error);
  cr_assert(good, "%s", error ? error->message : "no message");
  GString *text = g_string_new(NULL);
  for (uint32_t i = 0; i < rig->effects.message_count; i++) {
    g_string_append(text, text->len ? "; " : "");
    append_message(text, rig, &rig->effects.messages[i]);
  }
  for (uint32_t i = 0; i < rig->effects.note_count; i++) {
    g_string_append(text, text->len ? "; " : "");
    append_note(text, &rig->effects.notes[i]);
  }
  return g_string_free(text, FALSE);
}

void gs_rig_give(GsRig *rig, GsMessage message) {
  gs_effects_reset(&rig->effects);
  cr_assert(gs_node_step(&rig->node, &message, &rig->effects, NULL));
  for (uint32_t i = 0; i < rig->effects.message_count; i++) {
    const GsMessage *sent = &rig->effects.messages[i];
    if (sent->type == GS_UPDATE_NET && sent->env == GS_RESPONSE)
      gs_pool_give_nets(&rig->pool, sent->nets);
  }
}

void gs_rig_expect_at(GsRig *rig, GsMessage message, const char *wanted, const char *file,
                      int line) {
  g_autofree char *found = handled(rig, message);
  cr_expect_str_eq(found, wanted, "%s:%d:\n  found  %s\n  wanted %s", file, line, found, wanted);
}

GsMessage gs_msg(GsEndpoint from, GsEnvelopeType env, GsMessageType type) {
  return (GsMessage){.from = from ? from : GS_ENDPOINT_NONE,
                     .to = 1,
                     .slot = GS_SLOT_UNKNOWN,
                     .env = env & 3u,
                     .type = type & 3u};
}

GsMessage gs_msg_energy(int64_t production, int64_t consumption) {
  GsMessage message = gs_msg(0, GS_TELL, GS_UPDATE_ENERGY);
  message.has_production = message.has_consumption = true;
  message.energy.production = production;
  message.energy.consumption = consumption;
  return message;
}

GsMessage gs_msg_net_ask(GsEndpoint from, uint64_t space, uint64_t count, uint64_t req) {
  GsMessage message = gs_msg(from, GS_ASK, GS_UPDATE_NET);
  message.master = (GsMasterId){space, count};
  message.req = req;
  return message;
}

GsMessage gs_msg_net_response(GsEndpoint from, uint64_t space, uint64_t count, GsNets *nets) {
  GsMessage message = gs_msg(from, GS_RESPONSE, GS_UPDATE_NET);
  message.master = (GsMasterId){space, count};
  message.nets = nets;
  return message;
}

GsMessage gs_msg_sync(GsEndpoint from, uint64_t space, uint64_t count) {
  GsMessage message = gs_msg(from, GS_TELL, GS_SYNC_GRID);
  message.master = (GsMasterId){space, count};
  return message;
}

GsMessage gs_msg_sibling(GsEndpoint from, GsEnvelopeType env, int64_t who, uint64_t req) {
  GsMessage message = gs_msg(from, env, GS_ADD_SIBLING);
  message.sibling.id = who;
  message.sibling.name = "other";
  if (env == GS_TELL)
    message.to_add = (GsEndpoint)who;
  else
    message.req = req;
  return message;
}

uint64_t gs_test_random(uint64_t *state, uint64_t bound) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (*state >> 33) % bound;
}

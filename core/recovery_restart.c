/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node_internal.h"
#include "core/recovery.h"

/* Crashes, and what a node does when it is back. */

void gs_node_crash(GsNode *node, GsPool *pool) {
  gs_node_forget_waves(node, pool);
  g_clear_pointer(&node->retired_floods, g_free);
  node->retired_next = 0;
  node->own_waves_out = node->relays_out = node->closed_waves = 0;
  node->give_up_next = 0;
  node->wave_due = false;
  gs_node_recovery_crashed(node);
}

static void forget_energies(GsNode *node, uint32_t cause, GsEffects *effects) {
  int64_t before = gs_node_net(node);
  gs_node_set_energies(node, 0, 0);
  if (before)
    gs_effects_add_note(effects, GS_NOTE_ENERGY, cause, 0, before, (GsMasterId){0});
}

void gs_node_start_again(GsNode *node, GsKeeps keeps, uint64_t id_space, uint32_t cause,
                         GsEffects *effects) {
  node->id_space = id_space;
  node->may_answer_twice = true; /* of waves that it knew it knows nothing */
  if (keeps == GS_KEEPS_NOTHING)
    forget_energies(node, cause, effects);
  gs_node_start_recovery(node, effects->now_ns);
  if (keeps != GS_KEEPS_ALL) {
    uint32_t count = node->sibling_count;
    gs_node_forget_siblings(node);
    for (uint32_t i = 0; i < count; i++)
      gs_node_ask_to_be_sibling(node, effects, node->siblings[i].endpoint, cause);
  }
  gs_node_start_wave(node, effects, cause);
  if (keeps == GS_KEEPS_ALL)
    gs_node_start_flood(node, effects, cause);
}

void gs_node_undelivered(GsNode *node, GsMessage *message, GsEffects *effects) {
  gs_effects_add_note(effects, GS_NOTE_UNDELIVERED, message->cause, message->to, 0,
                      message->master);
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
    gs_pool_give_nets(effects->pool, g_steal_pointer(&message->nets));
  (void)node;
}

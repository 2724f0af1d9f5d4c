/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "core/recovery_parts.h"

/* Crashes, what a node does when it is back, and handshakes that are tried again. */

#define HANDSHAKE_TRIES 4u

static GsHandshake *handshake_at(const GsRecovery *recovery, guint index) {
  return &g_array_index(recovery->handshakes, GsHandshake, index);
}

static GsHandshake *find_handshake(const GsRecovery *recovery, GsEndpoint endpoint) {
  for (guint i = 0; recovery->handshakes && i < recovery->handshakes->len; i++)
    if (handshake_at(recovery, i)->endpoint == endpoint)
      return handshake_at(recovery, i);
  return NULL;
}

static void plan_handshakes(GsRecovery *recovery) {
  recovery->handshake_ns = INT64_MAX;
  for (guint i = 0; recovery->handshakes && i < recovery->handshakes->len; i++)
    recovery->handshake_ns = MIN(recovery->handshake_ns, handshake_at(recovery, i)->due_ns);
}

/** The oldest makes room. */
static GsHandshake *add_handshake(GsRecovery *recovery, GsEndpoint endpoint) {
  if (!recovery->handshakes)
    recovery->handshakes = g_array_new(FALSE, FALSE, sizeof(GsHandshake));
  if (recovery->handshakes->len == GS_HANDSHAKES_MAX)
    g_array_remove_index(recovery->handshakes, 0);
  GsHandshake handshake = {.endpoint = endpoint};
  g_array_append_val(recovery->handshakes, handshake);
  return handshake_at(recovery, recovery->handshakes->len - 1);
}

void gs_node_begin_handshake(GsNode *node, GsEffects *effects, GsEndpoint endpoint,
                             uint32_t cause_and_hops) {
  GsRecovery *recovery = node->recovery;
  gs_node_ask_to_be_sibling(node, effects, endpoint, cause_and_hops);
  if (!recovery)
    return;
  GsHandshake *handshake = find_handshake(recovery, endpoint);
  if (!handshake)
    handshake = add_handshake(recovery, endpoint);
  handshake->tries = 1;
  handshake->due_ns = effects->now_ns + gs_recovery_limit_ns(recovery);
  plan_handshakes(recovery);
}

void gs_node_greet(GsNode *node, GsEffects *effects, GsEndpoint endpoint) {
  const GsHandshake *handshake = find_handshake(node->recovery, endpoint);
  if (!handshake || handshake->due_ns == INT64_MAX)
    gs_node_begin_handshake(node, effects, endpoint, GS_CAUSE_RECOVERY);
}

bool gs_node_end_handshake(GsNode *node, const GsMessage *response) {
  GsRecovery *recovery = node->recovery;
  if (!recovery)
    return true;
  const GsHandshake *handshake = find_handshake(recovery, response->from);
  if (!handshake)
    return false;
  g_array_remove_index(recovery->handshakes, (guint)(handshake - handshake_at(recovery, 0)));
  plan_handshakes(recovery);
  return true;
}

void gs_recovery_try_handshakes(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  for (guint i = 0; i < recovery->handshakes->len; i++) {
    GsHandshake *handshake = handshake_at(recovery, i);
    if (handshake->due_ns > effects->now_ns)
      continue;
    handshake->due_ns = INT64_MAX;
    if (handshake->tries == HANDSHAKE_TRIES)
      continue;
    handshake->due_ns = effects->now_ns + (gs_recovery_limit_ns(recovery) << handshake->tries++);
    gs_node_ask_to_be_sibling(node, effects, handshake->endpoint, GS_CAUSE_RECOVERY);
  }
  plan_handshakes(recovery);
}

void gs_recovery_ask_silent_contacts(GsNode *node, GsEffects *effects) {
  const GsRecovery *recovery = node->recovery;
  /* Also those that are tried again anyhow: that can be later than anybody looks again. */
  for (guint i = 0; recovery->handshakes && i < recovery->handshakes->len; i++)
    gs_node_ask_to_be_sibling(node, effects, handshake_at(recovery, i)->endpoint,
                              GS_CAUSE_RECOVERY);
}

void gs_node_crash(GsNode *node, GsPool *pool) {
  gs_node_give_back_nets(node, pool);
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

/** Whom it had asked in vain before it asks again, too. */
static void greet_contacts(GsNode *node, uint32_t cause, GsEffects *effects) {
  const GsRecovery *recovery = node->recovery;
  for (guint i = 0; recovery && recovery->handshakes && i < recovery->handshakes->len; i++)
    gs_node_begin_handshake(node, effects, handshake_at(recovery, i)->endpoint, cause);
}

void gs_node_start_again(GsNode *node, GsKeeps keeps, uint64_t id_space, uint32_t cause,
                         GsEffects *effects) {
  node->id_space = id_space;
  node->may_answer_twice = true; /* of waves that it knew it knows nothing */
  if (keeps == GS_KEEPS_NOTHING)
    forget_energies(node, cause, effects);
  gs_node_start_recovery(node, effects->now_ns);
  greet_contacts(node, cause, effects);
  if (keeps != GS_KEEPS_ALL) {
    uint32_t count = node->sibling_count;
    gs_node_forget_siblings(node);
    for (uint32_t i = 0; i < count; i++)
      gs_node_begin_handshake(node, effects, node->siblings[i].endpoint, cause);
  }
  gs_node_start_wave(node, effects, cause);
  if (keeps == GS_KEEPS_ALL)
    gs_node_start_flood(node, effects, cause);
}

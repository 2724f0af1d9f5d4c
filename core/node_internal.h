/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node.h"

/** Shared by the files that make up the node; nobody else's business. */

/** Slot of a sender, or GS_SLOT_UNKNOWN; where the hint does not tell. */
uint32_t gs_node_look_for_sender(const GsNode *node, GsEndpoint from);
/** Slot of a sender, or GS_SLOT_UNKNOWN; `hint` is that of the message. */
static inline uint32_t gs_node_sender_slot(const GsNode *node, GsEndpoint from, uint32_t hint) {
  if (G_LIKELY(hint < node->sibling_count && node->siblings[hint].endpoint == from))
    return hint;
  return gs_node_look_for_sender(node, from);
}

/** A message from this node to anybody; what depends on its type is for the caller to fill in. */
static inline GsMessage *gs_node_send(const GsNode *node, GsEffects *effects, GsEndpoint to,
                                      GsEnvelopeType env, GsMessageType type, GsMasterId master,
                                      uint32_t cause_and_hops) {
  GsMessage *message = gs_effects_add_message(effects);
  message->receiver_slot = GS_SLOT_UNKNOWN;
  message->from = node->endpoint;
  message->to = to;
  message->cause_and_hops = cause_and_hops;
  message->slot_and_kind = gs_message_slot_and_kind(GS_SLOT_UNKNOWN, env, type);
  message->master = master;
  message->req = 0;
  message->nets = NULL;
  return message;
}

/** The same to the sibling of a slot. */
static inline GsMessage *gs_node_send_to_slot(const GsNode *node, GsEffects *effects, uint32_t slot,
                                              GsEnvelopeType env, GsMessageType type,
                                              GsMasterId master, uint32_t cause_and_hops) {
  const GsSibling *sibling = &node->siblings[slot];
  GsMessage *message =
      gs_node_send(node, effects, sibling->endpoint, env, type, master, cause_and_hops);
  message->receiver_slot = slot;
  message->slot_and_kind = gs_message_slot_and_kind(sibling->slot_there, env, type);
  return message;
}
void gs_node_drop(GsEffects *effects, const GsMessage *message, GsDropReason reason);

/** `cause_and_hops`: of what is sent, as gs_cause_and_hops_after has it. */
void gs_node_start_wave(GsNode *node, GsEffects *effects, uint32_t cause_and_hops);
void gs_node_start_flood(GsNode *node, GsEffects *effects, uint32_t cause_and_hops);
/**
 * The sibling of a slot is no more and the last one has taken its place: open
 * waves go on without its Response, and it is answered at `endpoint`.
 */
void gs_node_forget_slot(GsNode *node, uint32_t slot, GsEndpoint endpoint, GsEffects *effects,
                         uint32_t cause_and_hops);
/** Its energies are now those; no note. */
void gs_node_set_energies(GsNode *node, int64_t production, int64_t consumption);
/** Asks whoever is at an endpoint to be its sibling; returns the Ask. */
GsMessage *gs_node_ask_to_be_sibling(GsNode *node, GsEffects *effects, GsEndpoint endpoint,
                                     uint32_t cause_and_hops);
/** It has no siblings any more. */
void gs_node_forget_siblings(GsNode *node);
void gs_node_init_recovery(GsNode *node, const GsRecoveryRules *rules);
void gs_node_clear_recovery(GsNode *node);
/** Forgets all deadlines, and what it thinks of siblings. */
void gs_node_recovery_crashed(GsNode *node);
/** An own wave is started; of nodes with recovery. */
void gs_node_recovery_wave_started(GsNode *node, const GsEffects *effects);
/** An own wave is back, and its sum another than the node's gridnet was (`is_news`); of nodes with
 * recovery. */
void gs_node_recovery_wave_done(GsNode *node, uint64_t wave, bool is_news, GsEffects *effects,
                                uint32_t cause_and_hops);
/** An own wave is back: on links that keep order no copy of a flood is still to come that was
 * passed on before it started. */
void gs_node_retire_floods_before(GsNode *node, uint64_t own_wave, GsEffects *effects);
/** What gs_node_step returns: true. */
bool gs_node_on_sync_grid(GsNode *node, const GsMessage *message, GsEffects *effects);
bool gs_node_on_net_ask(GsNode *node, const GsMessage *message, GsEffects *effects);
bool gs_node_on_net_response(GsNode *node, GsMessage *message, GsEffects *effects);

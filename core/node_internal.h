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
void gs_node_init_recovery(GsNode *node, const GsRecoveryRules *rules, bool is_paced);
void gs_node_clear_recovery(GsNode *node);

/** What gs_node_heed does where there is something to heed. */
bool gs_node_heed_word(GsNode *node, uint32_t slot, bool is_response, GsEffects *effects);
/** A word of the sibling of a slot, or of somebody unknown; `is_response`: to something that this
 * node sent. True: waves may have moved in their table. */
static inline bool gs_node_heed(GsNode *node, uint32_t slot, bool is_response, GsEffects *effects) {
  return G_UNLIKELY(node->judges) && gs_node_heed_word(node, slot, is_response, effects);
}
/** Whether what it sends does not arrive there, although words come from there. */
bool gs_node_thinks_deaf(const GsNode *node, uint32_t slot);
/** The sibling of slot `from` is now that of `slot`; the same: it is somebody new. */
void gs_node_judge_anew(GsNode *node, uint32_t slot, uint32_t from);

/** Asks whoever is at an endpoint to be its sibling, with recovery until it is answered. */
void gs_node_begin_handshake(GsNode *node, GsEffects *effects, GsEndpoint endpoint,
                             uint32_t cause_and_hops);
/** The same to somebody who asks as a sibling does and is none; of nodes with recovery. */
void gs_node_greet(GsNode *node, GsEffects *effects, GsEndpoint endpoint);
/** Whether a Response ends a handshake that was begun here; always true without recovery. */
bool gs_node_end_handshake(GsNode *node, const GsMessage *response);

/** A wave that was just opened and whose Asks are written; of nodes with recovery: suspected
 * siblings are not waited for. */
void gs_node_wave_opened(GsNode *node, GsWave *wave, int64_t now_ns);
/** An answer to an own wave, or where messages may be lost, to any: the first where that is timed.
 * `is_late`: something was asked again. */
void gs_node_first_answer(GsNode *node, GsMasterId wave, bool is_late, int64_t now_ns);
/** Somebody says that it is a sibling; of nodes with recovery. */
void gs_node_probe_answered(GsNode *node, uint64_t req, int64_t now_ns);
/** Whether an Ask that came again is to be answered once more, since its Response seems lost. */
bool gs_node_answers_again(GsNode *node, GsWave *wave, int64_t now_ns);
/** Whether it keeps answered waves although no first Ask of them is to come. */
static inline bool gs_node_remembers_waves(const GsNode *node) {
  return node->remembers;
}
/**
 * The number of its Asks in a wave, also of those sent again; of nodes with recovery. `mark` is the
 * number of the Ask that it passes on (0: its own wave): who takes a wave up anew for another asker
 * does not send its old Asks again. Otherwise nodes that forgot a wave could wait in a circle, each
 * taking the Ask of the next for one that it works at already.
 */
static inline uint64_t gs_node_req_in(const GsNode *node, GsMasterId master, uint64_t mark) {
  uint64_t mixed = (master.space + node->id_space * UINT64_C(0xD6E8FEB86659FD93)) ^
                   master.count * UINT64_C(0x9E3779B97F4A7C15);
  mixed += mark * UINT64_C(0xE7037ED1A0B428DB);
  mixed *= UINT64_C(0xA0761D6478BD642F);
  return mixed >> 32 | 1;
}

/** Sum over all ids that were collected, each once, and the node's own. */
int64_t gs_node_collected_sum(const GsNode *node, GsNets *oldest, GsEffects *effects);

/** Asks a sibling in a wave, once more. */
void gs_node_ask_again(GsNode *node, GsEffects *effects, uint32_t slot, const GsWave *wave);
/** Nobody waits for a sibling any more: as if it had answered all open waves with nothing. */
void gs_node_go_on_without(GsNode *node, uint32_t slot, GsEffects *effects,
                           uint32_t cause_and_hops);
/** An own wave, or one that was passed on, waits for nothing any more: it is back, or answered. */
void gs_node_finish_wave(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops);
/** Keeps what a wave is answered that is about to be closed, as far as there is room; of nodes that
 * remember waves. Makes `nets` flat. O(nets). */
void gs_node_keep_answer(GsNode *node, GsWave *wave, GsNets *nets, GsPool *pool);
/** What a wave was answered, once more; NULL: that was not kept. O(nets). */
GsNets *gs_node_kept_answer(const GsWave *wave, GsPool *pool);
/** Forgets an answered wave. */
void gs_node_forget_answer(GsNode *node, GsWave *wave, GsPool *pool);
/** Forgets answered waves, the oldest first, until so many are left. */
void gs_node_forget_answered(GsNode *node, uint32_t left, GsEffects *effects);
/** Gives back all nets that its waves hold. */
void gs_node_give_back_nets(GsNode *node, GsPool *pool);
/** Ends an own wave without a result; also forgets a relay or a wave that is closed. */
void gs_node_end_wave(GsNode *node, GsWave *wave, GsEffects *effects);
/** Closes a relay that was not answered: it is not answered any more. */
void gs_node_give_up_relay(GsNode *node, GsWave *wave, GsEffects *effects);
/** Bytes that it holds on the heap for recovery. */
gsize gs_node_recovery_bytes(const GsNode *node);
/** Forgets all deadlines, and what it thinks of siblings. */
void gs_node_recovery_crashed(GsNode *node);
/** An own wave is started; of nodes with recovery. */
void gs_node_recovery_wave_started(GsNode *node, const GsEffects *effects);
typedef struct {
  uint64_t wave;
  bool is_news;  /**< its sum is another than the node's gridnet was */
  bool was_late; /**< somebody had to ask again */
} GsWaveDone;
/** An own wave is back; of nodes with recovery. */
void gs_node_recovery_wave_done(GsNode *node, const GsWaveDone *done, GsEffects *effects,
                                uint32_t cause_and_hops);
/** An own wave is back: on links that keep order no copy of a flood is still to come that was
 * passed on before it started. */
void gs_node_retire_floods_before(GsNode *node, uint64_t own_wave, GsEffects *effects);
/** What gs_node_step returns: true. */
bool gs_node_on_sync_grid(GsNode *node, const GsMessage *message, GsEffects *effects);
bool gs_node_on_net_ask(GsNode *node, const GsMessage *message, GsEffects *effects);
bool gs_node_on_net_response(GsNode *node, GsMessage *message, GsEffects *effects);

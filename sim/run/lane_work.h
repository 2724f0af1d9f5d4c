/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/wire/wire_size.h"
#include "sim/run/simulation.h"

/** Shared by the files that make up a lane; nobody else's business. */

static inline uint64_t gs_lane_mix(uint64_t digest, uint64_t value) {
  digest = (digest ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return digest ^ digest >> 32;
}

/**
 * The digest takes each message that is handled as one number, a sum of its
 * parts by odd factors: they do not wait for each other, and what a bundle's
 * messages have in common is worked out once.
 */
static inline uint64_t gs_lane_digest_of_sender(int64_t now_ns, uint32_t from) {
  return (uint64_t)now_ns * UINT64_C(0xBF58476D1CE4E5B9) + from * UINT64_C(0x94D049BB133111EB);
}

/** `sender`: of gs_lane_digest_of_sender; `a` and `b`: what the message carries. */
static inline uint64_t gs_lane_digest_of(uint64_t sender, uint32_t kind, GsMasterId master,
                                         uint64_t a, uint64_t b) {
  return sender + kind * UINT64_C(0xD6E8FEB86659FD93) +
         master.space * UINT64_C(0xA0761D6478BD642F) + master.count * UINT64_C(0xE7037ED1A0B428DB) +
         a * UINT64_C(0x8EBC6AF09C88C6E3) + b * UINT64_C(0x589965CC75374CC3);
}

static inline void gs_lane_digest_delivery(GsActor *actor, const GsMessage *message,
                                           int64_t now_ns) {
  uint32_t kind = gs_message_kind(message);
  uint64_t a = 0, b = 0;
  if (kind == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET)) {
    a = message->nets ? (uint64_t)message->nets->sum : 0;
    b = message->nets ? message->nets->count : 0;
  } else if (message->type == GS_UPDATE_ENERGY) {
    a = (uint64_t)message->energy.production;
    b = (uint64_t)message->energy.consumption;
  }
  uint64_t sender = gs_lane_digest_of_sender(now_ns, message->from);
  actor->digest =
      gs_lane_mix(actor->digest, gs_lane_digest_of(sender, kind, message->master, a, b));
}

void gs_lane_trace(GsLane *lane, GsTraceKind kind, uint32_t actor, int64_t now_ns, int64_t due_ns,
                   const GsMessage *message, int64_t value);
/** Takes note of what a step says besides messages; `hops` are those of what led to it. */
void gs_lane_take_notes(GsLane *lane, GsActor *actor, uint32_t index, uint32_t hops,
                        int64_t now_ns);

/** Takes away what the node has counted of its letters, which were all of one cause. */
static inline void gs_lane_count_letters(GsLane *lane, const GsActor *actor) {
  GsEffects *effects = &lane->effects;
  GsCauseTally *tally = gs_lane_tally(lane, lane->letters_cause);
  tally->sent[GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET)] += effects->asks;
  tally->sent[GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET)] += effects->responses;
  if (G_UNLIKELY(lane->sim->counting)) { /* each window is a moment, or nothing is counted here */
    lane->kinds[GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET)] += effects->asks;
    lane->kinds[GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET)] += effects->responses;
  }
  tally->varying_bytes += effects->asks * actor->id_bytes + effects->nets_bytes;
  lane->sent += effects->asks + effects->responses;
  effects->asks = effects->responses = effects->nets_bytes = 0;
}

/** From now on they are of that cause. */
static inline void gs_lane_count_letters_of(GsLane *lane, const GsActor *actor, uint32_t cause) {
  if (G_LIKELY(cause == lane->letters_cause))
    return;
  gs_lane_count_letters(lane, actor);
  lane->letters_cause = cause;
}

static inline uint64_t gs_lane_digest_of_letter(uint64_t sender, const GsLetter *letter) {
  uint64_t sum = 0, count = 0;
  if (letter->nets) {
    sum = (uint64_t)letter->nets->sum;
    count = letter->nets->count;
  }
  return gs_lane_digest_of(sender, letter->slot_and_kind >> GS_ENV_SHIFT,
                           (GsMasterId){letter->space, letter->count}, sum, count);
}

/**
 * Lets the node handle a letter of which gs_letter_is_net, with the lane's outbox
 * open for it; its effects are left to send. `sender`: of gs_lane_digest_of_sender.
 */
G_ALWAYS_INLINE static inline void gs_lane_take_letter(GsLane *lane, GsActor *actor, uint32_t from,
                                                       uint64_t sender, const GsLetter *letter,
                                                       uint32_t wave_guess) {
  gs_lane_count_letters_of(lane, actor, letter->cause_and_hops & GS_CAUSE_MAX);
  actor->digest = gs_lane_mix(actor->digest, gs_lane_digest_of_letter(sender, letter));
  gs_node_take_letter(&actor->node, from, letter, wave_guess, &lane->effects);
}

/** The same for one that is told that it is back after a crash. */
void gs_lane_start_again(GsLane *lane, GsActor *actor, uint32_t index, const GsMessage *message,
                         int64_t now_ns);
/** Lets the node handle a message; its effects are left to send. */
static inline void gs_lane_step(GsLane *lane, GsActor *actor, uint32_t index, GsMessage *message,
                                int64_t now_ns) {
  gs_lane_digest_delivery(actor, message, now_ns);
  if (G_UNLIKELY(message->env == GS_ENV_START)) {
    gs_lane_start_again(lane, actor, index, message, now_ns);
    return;
  }
  if (G_UNLIKELY(lane->trace))
    gs_lane_trace(lane, GS_TRACE_DELIVERY, index, now_ns, now_ns, message, 0);
  gs_effects_reset(&lane->effects);
  lane->effects.now_ns = now_ns;
  /* Everything in a simulation was checked when the scenario was read. */
  bool handled = gs_node_step(&actor->node, message, &lane->effects, NULL);
  g_assert(handled);
  if (G_UNLIKELY(lane->effects.note_count))
    gs_lane_take_notes(lane, actor, index, message->hops, now_ns);
}

static inline void gs_lane_count_received(GsActor *actor, const GsMessage *message) {
  if (G_LIKELY(!actor->tally) || message->env == GS_ENV_START)
    return;
  actor->tally->received[message->env][message->type]++;
  actor->tally->heard += message->outside;
}

/** What is counted of each message that is sent, whatever the actor. */
static inline void gs_lane_count_sent(GsLane *lane, GsActor *actor, const GsMessage *message) {
  uint32_t kind = gs_message_kind(message);
  GsCauseTally *tally = gs_lane_tally(lane, message->cause);
  tally->sent[kind]++;
  if (kind == GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET))
    tally->varying_bytes += actor->id_bytes;
  else if (kind == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET) && !message->nets)
    return;
  else
    tally->varying_bytes += gs_wire_varying_bytes(message, actor->node.id);
}

static inline void gs_lane_count_sent_by(GsActor *actor, const GsMessage *message) {
  if (G_LIKELY(!actor->tally))
    return;
  actor->tally->sent[message->env][message->type]++;
  actor->tally->on_its_own += message->cause == GS_CAUSE_RECOVERY;
}

/** On the wall clock: to a foreign node, or to an own one that is spoken to over the wire. */
static inline bool gs_lane_leaves(const GsSimulation *sim, uint32_t from, uint32_t to) {
  return G_UNLIKELY(sim->live) &&
         (to >= sim->actor_count || sim->live->leaves(from, to, sim->live->data));
}
void gs_lane_send_out(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                      int64_t now_ns);
/** As GS_TRACE_SEND or GS_TRACE_DOUBLE. */
void gs_lane_trace_sent(GsLane *lane, GsTraceKind kind, uint32_t index, const GsMessage *message,
                        uint32_t hops, int64_t now_ns, int64_t due_ns);
/** The same of one that was tried so often. */
void gs_lane_trace_tried(GsLane *lane, GsTraceKind kind, uint32_t index, const GsMessage *message,
                         uint32_t hops, int64_t now_ns, int64_t due_ns, uint32_t tries);
void gs_lane_trace_lost(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                        int64_t now_ns, GsLossReason reason, uint32_t tries);
/** The links of an actor, in the order of siblings, so that one is found by the sibling's slot. */
void gs_lane_make_links(GsActor *actor);

/**
 * Uniform network: delivers what all lanes have sent here, now due, in the order
 * of senders; logs[w * stride] is that of lane w. Pieces of memory stay with the
 * sender, who gets them back after the window.
 */
void gs_lane_collect_logs(GsLane *lane, const GsLog *logs, uint32_t stride);
/** … and has an actor handle its mail. */
void gs_lane_handle_bundles(const GsMail *mail);

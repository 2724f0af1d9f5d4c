/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recovery_parts.h"

/*
 * What a node thinks of its siblings. With one limit for all, a node would give
 * up before the sibling that waits for somebody dead, and blame the living. So
 * a sibling that owes something for too long is asked what everybody answers
 * at once, whatever waves do: to be a sibling. Only who says nothing to that,
 * many times, is suspected.
 */

/** Looks without a word after which a sibling is suspected. */
#define SILENT_LOOKS 8u
/** Looks with words of which none answers anything: it does not hear. */
#define DEAF_LOOKS 16u

/** Looks after which the answer to a probe is waited for no more. */
#define PROBE_LOOKS 16

static GsJudgement *judgement_of(const GsRecovery *recovery, uint32_t slot) {
  return slot < recovery->judgement_room ? &recovery->judgements[slot] : NULL;
}

static GsJudgement *make_judgement(GsRecovery *recovery, const GsNode *node, uint32_t slot) {
  if (slot >= recovery->judgement_room) {
    uint32_t room = MAX(node->sibling_count, 2 * recovery->judgement_room);
    recovery->judgements = g_renew(GsJudgement, recovery->judgements, room);
    for (uint32_t i = recovery->judgement_room; i < room; i++)
      recovery->judgements[i] = (GsJudgement){0};
    recovery->judgement_room = room;
  }
  return &recovery->judgements[slot];
}

static void heed_words_if_needed(GsNode *node) {
  node->judges = node->recovery->watched || node->recovery->suspected;
}

static void watch_no_more(GsNode *node, GsJudgement *judgement) {
  if (!judgement->unanswered)
    return;
  judgement->unanswered = 0;
  node->recovery->watched--;
}

/** At a pace the answer to a probe may take many looks: the next is not timed before it. */
static bool times_next_probe(const GsRecovery *recovery, int64_t now_ns) {
  if (!recovery->is_paced)
    return recovery->may_lose;
  return !recovery->probe_req ||
         (now_ns - recovery->probe_ns) / PROBE_LOOKS >= gs_recovery_look_ns(recovery);
}

static void probe(GsNode *node, uint32_t slot, GsEffects *effects) {
  const GsMessage *ask =
      gs_node_ask_to_be_sibling(node, effects, node->siblings[slot].endpoint, GS_CAUSE_RECOVERY);
  if (!times_next_probe(node->recovery, effects->now_ns))
    return;
  node->recovery->probe_req = ask->req;
  node->recovery->probe_ns = effects->now_ns;
}

void gs_node_probe_answered(GsNode *node, uint64_t req, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  if (recovery->probe_req && recovery->probe_req == req)
    gs_recovery_take_probe(recovery, now_ns);
}

void gs_recovery_watch(GsNode *node, uint32_t slot, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  GsJudgement *judgement = make_judgement(recovery, node, slot);
  if (judgement->unanswered || judgement->is_suspected)
    return;
  judgement->silent = judgement->unanswered = 1;
  if (!recovery->watched++)
    recovery->watch_ns = effects->now_ns + gs_recovery_look_ns(recovery);
  node->judges = true;
  probe(node, slot, effects);
}

bool gs_recovery_is_heard(const GsRecovery *recovery, uint32_t slot) {
  const GsJudgement *judgement = judgement_of(recovery, slot);
  return !judgement || judgement->silent <= 1;
}

/** Whether an answer of it is out. */
static bool owes(const GsNode *node, uint32_t slot) {
  for (uint32_t place = 0; place < node->waves.used; place++) {
    const GsWave *wave = gs_wave_table_at(&node->waves, place);
    if ((wave->kind == GS_WAVE_OWN || wave->kind == GS_WAVE_RELAY) &&
        gs_wave_is_pending(wave, node->waves.form, slot))
      return true;
  }
  return false;
}

static void suspect(GsNode *node, uint32_t slot, bool is_deaf, GsEffects *effects) {
  GsJudgement *judgement = make_judgement(node->recovery, node, slot);
  watch_no_more(node, judgement);
  judgement->is_suspected = true;
  judgement->is_deaf = is_deaf;
  node->recovery->suspected++;
  heed_words_if_needed(node);
  gs_effects_add_note(effects, GS_NOTE_SUSPECTED, GS_CAUSE_RECOVERY, node->siblings[slot].endpoint,
                      0, (GsMasterId){0});
  gs_node_go_on_without(node, slot, effects, GS_CAUSE_RECOVERY);
}

/** True when it is suspected now. */
static bool look_at(GsNode *node, uint32_t slot, GsEffects *effects) {
  GsJudgement *judgement = &node->recovery->judgements[slot];
  if (!owes(node, slot)) {
    watch_no_more(node, judgement);
    heed_words_if_needed(node);
    return false;
  }
  bool is_silent = ++judgement->silent > SILENT_LOOKS;
  if (is_silent || ++judgement->unanswered > DEAF_LOOKS) {
    suspect(node, slot, !is_silent, effects);
    return true;
  }
  probe(node, slot, effects);
  return false;
}

void gs_recovery_look(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  bool is_news = false;
  recovery->watch_ns = effects->now_ns + gs_recovery_look_ns(recovery);
  uint32_t count = MIN(node->sibling_count, recovery->judgement_room);
  for (uint32_t slot = 0; slot < count; slot++)
    if (recovery->judgements[slot].unanswered)
      is_news |= look_at(node, slot, effects);
  if (is_news)
    gs_recovery_tell(node, effects);
}

void gs_recovery_ask_suspected(GsNode *node, GsEffects *effects) {
  const GsRecovery *recovery = node->recovery;
  uint32_t count = MIN(node->sibling_count, recovery->judgement_room);
  for (uint32_t slot = 0; slot < count; slot++)
    if (recovery->judgements[slot].is_suspected)
      probe(node, slot, effects);
}

bool gs_node_suspects(const GsNode *node, uint32_t slot) {
  const GsJudgement *judgement = node->recovery ? judgement_of(node->recovery, slot) : NULL;
  return judgement && judgement->is_suspected;
}

bool gs_node_heed_word(GsNode *node, uint32_t slot, bool is_response, GsEffects *effects) {
  GsJudgement *judgement = judgement_of(node->recovery, slot);
  if (!judgement)
    return false;
  judgement->silent = 0;
  if (is_response)
    watch_no_more(node, judgement);
  bool trusts = judgement->is_suspected && (is_response || !judgement->is_deaf);
  if (trusts) {
    judgement->is_suspected = judgement->is_deaf = false;
    node->recovery->suspected--;
  }
  heed_words_if_needed(node);
  if (!trusts)
    return false;
  node->may_answer_twice = true; /* it may ask in waves that went on without it */
  gs_effects_add_note(effects, GS_NOTE_TRUSTED, GS_CAUSE_RECOVERY, node->siblings[slot].endpoint, 0,
                      (GsMasterId){0});
  gs_recovery_tell(node, effects);
  return true;
}

bool gs_node_thinks_deaf(const GsNode *node, uint32_t slot) {
  const GsJudgement *judgement = judgement_of(node->recovery, slot);
  return judgement && judgement->is_suspected && judgement->is_deaf;
}

void gs_recovery_leave_out_suspected(const GsNode *node, GsWave *wave) {
  const GsRecovery *recovery = node->recovery;
  uint32_t count = MIN(node->sibling_count, recovery->judgement_room);
  for (uint32_t slot = 0; slot < count; slot++) {
    if (!recovery->judgements[slot].is_suspected)
      continue;
    gs_wave_take_pending(wave, node->waves.form, slot);
    gs_wave_take_awaited(wave, node->waves.form, slot);
  }
}

void gs_node_judge_anew(GsNode *node, uint32_t slot, uint32_t from) {
  GsJudgement *judgement = node->recovery ? judgement_of(node->recovery, slot) : NULL;
  if (!judgement)
    return;
  watch_no_more(node, judgement);
  node->recovery->suspected -= judgement->is_suspected;
  *judgement = (GsJudgement){0};
  GsJudgement *moved = slot == from ? NULL : judgement_of(node->recovery, from);
  if (moved) {
    *judgement = *moved;
    *moved = (GsJudgement){0};
  }
  heed_words_if_needed(node);
}

void gs_recovery_forget_judgements(GsNode *node) {
  GsRecovery *recovery = node->recovery;
  g_clear_pointer(&recovery->judgements, g_free);
  recovery->judgement_room = recovery->watched = recovery->suspected = 0;
  node->judges = false;
}

void gs_node_undelivered(GsNode *node, GsMessage *message, GsEffects *effects) {
  gs_effects_add_note(effects, GS_NOTE_UNDELIVERED, message->cause, message->to, 0,
                      message->master);
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
    gs_pool_give_nets(effects->pool, g_steal_pointer(&message->nets));
  uint32_t slot = node->recovers ? gs_node_find_endpoint(node, message->to) : GS_SLOT_UNKNOWN;
  if (slot == GS_SLOT_UNKNOWN)
    return;
  const GsJudgement *judgement = judgement_of(node->recovery, slot);
  if (judgement && judgement->is_suspected)
    return;
  suspect(node, slot, false, effects);
  gs_recovery_tell(node, effects);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recovery.h"

#include "core/holdings.h"
#include "core/kept_nets.h"
#include "core/recovery_parts.h"

const GsRecoveryRules gs_recovery_standard = {.resync_ns = INT64_C(60000000000)};

/** News that comes so close together is told at once: who loses many siblings would send as many
 * waves to as many. */
#define TELL_GAP_NS INT64_C(250000000)
#define TELL_GAP_NS_PER_SIBLING INT64_C(1000000)
/** Nodes with a pace look again no more often than so many of their waves take, and not while
 * something waits at them, but so many times later than that takes. */
#define RESYNC_WAVES 8
/** What is longer makes nobody wait longer; it can be multiplied and added. */
#define LONGEST_NS (INT64_MAX / 128)
/** A node that is woken takes such a part of the time that messages wait for over. */
#define QUEUE_EASES 16
/** So many gaps without a tale, and the next is told as if it were the first. */
#define TELL_QUIET_GAPS 8
/** So often is the gap doubled at most: 16 s. */
#define TELL_OFTEN_MOST 6u

static void reset(GsRecovery *recovery) {
  *recovery = (GsRecovery){.rules = recovery->rules,
                           .may_lose = recovery->may_lose,
                           .is_paced = recovery->is_paced,
                           .resync_ns = INT64_MAX,
                           .started_ns = INT64_MIN / 2,
                           .told_ns = INT64_MIN / 2,
                           .tell_ns = INT64_MAX,
                           .judgements = recovery->judgements,
                           .judgement_room = recovery->judgement_room,
                           .handshakes = recovery->handshakes,
                           .handshake_ns = INT64_MAX};
}

void gs_node_init_recovery(GsNode *node, const GsRecoveryRules *rules, bool is_paced) {
  node->recovery = g_new0(GsRecovery, 1);
  node->recovery->rules = rules;
  node->recovers = true;
  node->recovery->may_lose = node->may_answer_twice;
  node->recovery->is_paced = is_paced;
  node->remembers = node->may_answer_twice || is_paced;
  reset(node->recovery);
}

void gs_node_clear_recovery(GsNode *node) {
  if (!node->recovery)
    return;
  g_free(node->recovery->judgements);
  g_clear_pointer(&node->recovery->handshakes, g_array_unref);
  g_clear_pointer(&node->recovery, g_free);
  node->recovers = node->judges = node->times = false;
}

gsize gs_node_recovery_bytes(const GsNode *node) {
  const GsRecovery *recovery = node->recovery;
  if (!recovery)
    return 0;
  return sizeof *recovery + recovery->kept_bytes + recovery->judgement_room * sizeof(GsJudgement) +
         (recovery->handshakes ? recovery->handshakes->len * sizeof(GsHandshake) : 0);
}

void gs_node_recovery_crashed(GsNode *node) {
  if (!node->recovery)
    return;
  gs_recovery_forget_judgements(node);
  reset(node->recovery);
  node->times = false;
}

/** Nodes that all looked again at one moment would load the grid for nothing. */
static int64_t staggered(const GsNode *node, int64_t period_ns) {
  uint64_t spread = (uint64_t)node->id * UINT64_C(0x9E3779B97F4A7C15) >> 32;
  return (int64_t)((double)period_ns * (1 + (double)spread / 4294967296.0) / 2);
}

void gs_node_start_recovery(GsNode *node, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  if (recovery && recovery->rules->resync_ns)
    recovery->resync_ns = now_ns + staggered(node, recovery->rules->resync_ns);
}

int64_t gs_node_wake_ns(const GsNode *node) {
  const GsRecovery *recovery = node->recovery;
  if (!recovery)
    return INT64_MAX;
  int64_t wake = MIN(MIN(recovery->resync_ns, recovery->handshake_ns), recovery->tell_ns);
  if (!gs_node_open_waves(node))
    return wake;
  wake = MIN(wake, recovery->tick_ns);
  return recovery->watched ? MIN(wake, recovery->watch_ns) : wake;
}

bool gs_node_is_waiting(const GsNode *node) {
  const GsRecovery *recovery = node->recovery;
  return recovery && (gs_node_open_waves(node) || recovery->handshake_ns < INT64_MAX ||
                      recovery->tell_ns < INT64_MAX);
}

/** Nodes that take long for a wave would do nothing but look again. */
static int64_t resync_period_ns(const GsRecovery *recovery) {
  int64_t period = recovery->rules->resync_ns;
  return recovery->is_paced ? MAX(period, RESYNC_WAVES * MIN(recovery->took_ns, LONGEST_NS))
                            : period;
}

static void look_again(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  if (effects->backlog_ns) {
    recovery->resync_ns = effects->now_ns + RESYNC_WAVES * MIN(effects->backlog_ns, LONGEST_NS);
    return;
  }
  int64_t period = resync_period_ns(recovery);
  bool looks_anyhow = node->own_waves_out || recovery->started_ns > effects->now_ns - period;
  recovery->resync_ns = (looks_anyhow ? recovery->started_ns : effects->now_ns) + period;
  if (recovery->resync_ns <= effects->now_ns)
    recovery->resync_ns = effects->now_ns + period;
  if (effects->rests)
    return;
  gs_recovery_ask_silent_contacts(node, effects);
  gs_recovery_ask_suspected(node, effects);
  if (looks_anyhow)
    return;
  gs_node_start_wave(node, effects, GS_CAUSE_RECOVERY);
  recovery->resync_wave = node->own_waves_out ? node->latest_wave : 0;
}

/**
 * What nodes tell each other makes traffic, and traffic can delay words until siblings are
 * suspected, which is told again: who keeps telling does so ever more rarely.
 */
static int64_t tell_gap_ns(const GsNode *node) {
  int64_t gap = MAX(TELL_GAP_NS, node->sibling_count * TELL_GAP_NS_PER_SIBLING);
  return gap << node->recovery->told_often;
}

static void tell(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  recovery->tell_ns = INT64_MAX;
  bool was_quiet = (effects->now_ns - recovery->told_ns) / TELL_QUIET_GAPS > tell_gap_ns(node);
  recovery->told_often = was_quiet ? 0 : MIN(recovery->told_often + 1, TELL_OFTEN_MOST);
  recovery->told_ns = effects->now_ns;
  gs_node_start_wave(node, effects, GS_CAUSE_RECOVERY);
  gs_node_start_flood(node, effects, GS_CAUSE_RECOVERY);
}

void gs_recovery_take_queue(GsRecovery *recovery, int64_t seen_ns, int64_t known_ns) {
  recovery->queue_ns = MIN(MAX(seen_ns, known_ns), LONGEST_NS);
}

void gs_node_wake(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  if (recovery && recovery->is_paced)
    gs_recovery_take_queue(recovery, effects->backlog_ns,
                           recovery->queue_ns - recovery->queue_ns / QUEUE_EASES);
  while (gs_node_wake_ns(node) <= effects->now_ns) {
    if (recovery->resync_ns <= effects->now_ns)
      look_again(node, effects);
    else if (recovery->tell_ns <= effects->now_ns)
      tell(node, effects);
    else if (recovery->handshake_ns <= effects->now_ns)
      gs_recovery_try_handshakes(node, effects);
    else if (recovery->tick_ns <= effects->now_ns)
      gs_recovery_tick(node, effects);
    else
      gs_recovery_look(node, effects);
  }
}

void gs_recovery_tell(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  int64_t gap = tell_gap_ns(node);
  if (recovery->told_ns + gap > effects->now_ns)
    recovery->tell_ns = recovery->told_ns + gap;
  else
    tell(node, effects);
}

GsNodeHoldings gs_node_holdings(const GsNode *node) {
  GsNodeHoldings holds = {0};
  for (uint32_t place = 0; place < node->waves.used; place++) {
    const GsWave *wave = gs_wave_table_at(&node->waves, place);
    holds.floods += wave->kind == GS_WAVE_FLOOD;
    if (wave->kind != GS_WAVE_CLOSED)
      continue;
    holds.done_waves++;
    holds.kept_nets += gs_kept_nets_count(wave->kept);
  }
  const GsRecovery *recovery = node->recovery;
  for (uint32_t slot = 0; recovery && recovery->judgements && slot < recovery->judgement_room;
       slot++)
    holds.suspected += recovery->judgements[slot].is_suspected;
  if (recovery && recovery->handshakes)
    holds.handshakes = recovery->handshakes->len;
  return holds;
}

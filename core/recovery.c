/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recovery.h"

#include "core/node_internal.h"

struct GsRecovery {
  const GsRecoveryRules *rules;
  int64_t resync_ns;    /**< when to look again; INT64_MAX: never */
  int64_t started_ns;   /**< when the latest own wave was started */
  uint64_t resync_wave; /**< the own wave that looks; 0: none is out */
};

const GsRecoveryRules gs_recovery_standard = {.resync_ns = INT64_C(60000000000)};

static void reset(GsRecovery *recovery, const GsRecoveryRules *rules) {
  *recovery = (GsRecovery){.rules = rules, .resync_ns = INT64_MAX, .started_ns = INT64_MIN / 2};
}

void gs_node_init_recovery(GsNode *node, const GsRecoveryRules *rules) {
  node->recovery = g_new(GsRecovery, 1);
  reset(node->recovery, rules);
}

void gs_node_clear_recovery(GsNode *node) {
  g_clear_pointer(&node->recovery, g_free);
}

void gs_node_recovery_crashed(GsNode *node) {
  if (node->recovery)
    reset(node->recovery, node->recovery->rules);
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
  return node->recovery ? node->recovery->resync_ns : INT64_MAX;
}

bool gs_node_is_waiting(const GsNode *node) {
  return node->recovery && gs_node_open_waves(node);
}

static void look_again(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  int64_t period = recovery->rules->resync_ns;
  bool looks_anyhow = node->own_waves_out || recovery->started_ns > effects->now_ns - period;
  recovery->resync_ns = (looks_anyhow ? recovery->started_ns : effects->now_ns) + period;
  if (recovery->resync_ns <= effects->now_ns)
    recovery->resync_ns = effects->now_ns + period;
  if (effects->rests || looks_anyhow)
    return;
  gs_node_start_wave(node, effects, GS_CAUSE_RECOVERY);
  recovery->resync_wave = node->own_waves_out ? node->latest_wave : 0;
}

void gs_node_wake(GsNode *node, GsEffects *effects) {
  while (node->recovery && node->recovery->resync_ns <= effects->now_ns)
    look_again(node, effects);
}

void gs_node_recovery_wave_started(GsNode *node, const GsEffects *effects) {
  node->recovery->started_ns = effects->now_ns;
}

void gs_node_recovery_wave_done(GsNode *node, uint64_t wave, bool is_news, GsEffects *effects,
                                uint32_t cause_and_hops) {
  if (node->recovery->resync_wave != wave)
    return;
  node->recovery->resync_wave = 0;
  if (is_news)
    gs_node_start_flood(node, effects, cause_and_hops);
}

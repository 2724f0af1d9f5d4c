/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node_internal.h"

/* Waves go on without a sibling that is no more, or for which nobody waits any more. */

/** A wide wave that waits for nothing any more, or NULL. */
static GsWave *first_settled(const GsNode *node) {
  for (uint32_t i = 0; i < node->waves.used; i++) {
    GsWave *wave = gs_wave_table_at(&node->waves, i);
    if (gs_wave_asks(wave) && !gs_wave_wide(wave)->left)
      return wave;
  }
  return NULL;
}

void gs_node_forget_slot(GsNode *node, uint32_t slot, GsEndpoint endpoint, GsEffects *effects,
                         uint32_t cause_and_hops) {
  gs_wave_table_widen(&node->waves, effects->pool, 1);
  GsWaveForm form = node->waves.form;
  for (uint32_t i = 0; i < node->waves.used; i++) {
    GsWave *wave = gs_wave_table_at(&node->waves, i);
    if (gs_wave_asks(wave))
      gs_wave_forget_slot(wave, form, slot, node->sibling_count, endpoint);
  }
  GsWave *wave;
  while ((wave = first_settled(node))) {
    if (wave->kind == GS_WAVE_CLOSED)
      gs_node_end_wave(node, wave, effects);
    else
      gs_node_finish_wave(node, wave, effects, cause_and_hops);
  }
}

/** Whether a wave is settled when a slot no longer counts. */
static bool settles_without(const GsNode *node, GsWave *wave, uint32_t slot) {
  GsWaveForm form = node->waves.form;
  if (!gs_wave_asks(wave))
    return false;
  bool was_awaited = gs_wave_take_awaited(wave, form, slot);
  if (wave->kind == GS_WAVE_CLOSED)
    return was_awaited && gs_wave_is_over(wave, form) && !gs_node_remembers_waves(node);
  if (!gs_wave_take_pending(wave, form, slot))
    return false;
  if (node->recovers) /* how long it took tells nothing */
    wave->age = MAX(wave->age, GS_WAVE_AGE_LATE) & GS_WAVE_AGE_MAX;
  return gs_wave_is_answered(wave, form);
}

void gs_node_go_on_without(GsNode *node, uint32_t slot, GsEffects *effects,
                           uint32_t cause_and_hops) {
  for (uint32_t place = 0; place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    const char *before = node->waves.waves;
    if (!settles_without(node, wave, slot))
      continue;
    if (wave->kind == GS_WAVE_CLOSED)
      gs_node_end_wave(node, wave, effects);
    else
      gs_node_finish_wave(node, wave, effects, cause_and_hops);
    if (node->waves.waves != before)
      place = UINT32_MAX; /* all that are left have moved */
  }
}

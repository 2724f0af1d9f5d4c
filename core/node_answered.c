/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kept_nets.h"
#include "core/limits.h"
#include "core/recovery_parts.h"

/*
 * Waves that were answered. Where messages may be lost a node keeps what it
 * answered, as long as it remembers the wave: who hears nothing asks again, and
 * gets the same at once. To take the wave up anew would ask all that lies below
 * once more, of which something would be lost again.
 */

static void drop_kept(GsNode *node, GsWave *wave, GsPool *pool) {
  if (!wave->kept)
    return;
  node->recovery->kept_nets -= gs_kept_nets_count(wave->kept);
  node->recovery->kept_bytes -= gs_kept_nets_bytes(wave->kept);
  gs_kept_nets_free(pool, g_steal_pointer(&wave->kept));
}

void gs_node_forget_answer(GsNode *node, GsWave *wave, GsPool *pool) {
  drop_kept(node, wave, pool);
  node->closed_waves--;
  gs_wave_table_remove(&node->waves, pool, wave);
}

/** Oldest first: those of an age or older. Ages are 0 where nobody asks again. */
static void forget_of_age(GsNode *node, uint32_t age, uint32_t left, GsPool *pool) {
  for (uint32_t place = 0; node->closed_waves > left && place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    const char *before = node->waves.waves;
    if (wave->kind != GS_WAVE_CLOSED || wave->age < age)
      continue;
    gs_node_forget_answer(node, wave, pool);
    if (node->waves.waves != before)
      place = UINT32_MAX; /* all that are left have moved */
  }
}

void gs_node_forget_answered(GsNode *node, uint32_t left, GsEffects *effects) {
  node->may_answer_twice = true; /* an Ask of a forgotten wave is answered as if it were new */
  for (uint32_t age = gs_node_remembers_waves(node) ? GS_WAVE_AGE_MAX : 0;
       node->closed_waves > left; age--)
    forget_of_age(node, age, left, effects->pool);
}

/** Keeps half as much as may be kept, and forgets the oldest. */
static void limit_kept(GsNode *node, GsPool *pool) {
  const GsRecovery *recovery = node->recovery;
  node->may_answer_twice = true; /* those are answered anew */
  for (uint32_t age = GS_WAVE_AGE_MAX + 1; age-- > 0;) {
    for (uint32_t place = 0; place < node->waves.used; place++) {
      GsWave *wave = gs_wave_table_at(&node->waves, place);
      if (recovery->kept_nets <= GS_KEPT_NETS_MAX / 2)
        return;
      if (wave->kind == GS_WAVE_CLOSED && wave->age == age)
        drop_kept(node, wave, pool);
    }
  }
}

void gs_node_keep_answer(GsNode *node, GsWave *wave, GsNets *nets, GsPool *pool) {
  GsRecovery *recovery = node->recovery;
  if (nets->count > GS_KEPT_NETS_MAX / 2)
    return;
  if (recovery->kept_nets + nets->count > GS_KEPT_NETS_MAX)
    limit_kept(node, pool);
  wave->kept = gs_kept_nets_new(pool, nets);
  recovery->kept_nets += nets->count;
  recovery->kept_bytes += gs_kept_nets_bytes(wave->kept);
}

GsNets *gs_node_kept_answer(const GsWave *wave, GsPool *pool) {
  if (wave->kind != GS_WAVE_CLOSED || !wave->kept)
    return NULL;
  GsNets *nets = gs_kept_nets_tree(pool, wave->kept);
  nets->may_repeat |= GS_NETS_LATE;
  return nets;
}

void gs_node_give_back_nets(GsNode *node, GsPool *pool) {
  for (uint32_t place = 0; place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    if (wave->kind == GS_WAVE_CLOSED)
      drop_kept(node, wave, pool);
    else if (wave->kind == GS_WAVE_OWN || wave->kind == GS_WAVE_RELAY)
      gs_pool_give_collected(pool, g_steal_pointer(&wave->nets));
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "core/node_internal.h"

/* Floods (docs/PROTOCOL.md, Flood): each is passed on once, and remembered as long as a copy of it
 * may still come. */

static void retire_oldest_flood(GsNode *node, GsEffects *effects) {
  GsWave *flood = gs_wave_table_oldest_flood(&node->waves);
  if (!node->retired_floods)
    node->retired_floods = g_new0(GsMasterId, GS_RETIRED_FLOODS);
  node->retired_floods[node->retired_next] = gs_wave_master(flood, node->waves.form);
  node->retired_next = (uint16_t)((node->retired_next + 1) % GS_RETIRED_FLOODS);
  gs_wave_table_remove(&node->waves, effects->pool, flood);
}

/**
 * An own wave that started after a flood was passed on is back: on links that
 * keep order, each sibling had passed its copy of the flood on before it
 * answered, so no copy is still to come. (The ring is for links that do not.)
 */
void gs_node_retire_floods_before(GsNode *node, uint64_t own_wave, GsEffects *effects) {
  while (node->waves.floods) {
    const GsWave *flood = gs_wave_table_oldest_flood(&node->waves);
    if (gs_wave_mark(flood, node->waves.form) >= own_wave)
      return;
    retire_oldest_flood(node, effects);
  }
}

void gs_node_start_flood(GsNode *node, GsEffects *effects, uint32_t cause_and_hops) {
  GsMasterId master = {node->id_space, ++node->last_master};
  for (uint32_t slot = 0; slot < node->sibling_count; slot++)
    gs_node_send_to_slot(node, effects, slot, GS_TELL, GS_SYNC_GRID, master, cause_and_hops);
}

static bool flood_seen(const GsNode *node, GsMasterId master) {
  if (master.space == node->id_space || gs_wave_table_find(&node->waves, master))
    return true;
  for (uint32_t i = 0; node->retired_floods && i < GS_RETIRED_FLOODS; i++) {
    if (gs_master_id_equal(node->retired_floods[i], master))
      return true;
  }
  return false;
}

static void remember_flood(GsNode *node, GsMasterId master, GsEffects *effects) {
  if (node->waves.floods == GS_FLOODS_MAX)
    retire_oldest_flood(node, effects);
  GsWaveStart start = {.master = master, .kind = GS_WAVE_FLOOD, .mark = node->latest_wave};
  gs_wave_table_insert(&node->waves, effects->pool, &start);
}

bool gs_node_on_sync_grid(GsNode *node, const GsMessage *message, GsEffects *effects) {
  /* A person's SyncGrid has no id of its own: it is a new flood, started here. */
  GsMasterId master = message->master;
  uint32_t cause_and_hops = gs_cause_and_hops_after(message->cause_and_hops);
  if (message->from == GS_ENDPOINT_NONE && !master.space && !master.count) {
    gs_node_start_wave(node, effects, cause_and_hops);
    gs_node_start_flood(node, effects, cause_and_hops);
    return true;
  }
  uint32_t except = gs_node_sender_slot(node, message->from, message->slot);
  gs_node_heed(node, except, false, effects);
  if (flood_seen(node, master)) {
    gs_node_drop(effects, message, GS_DROP_SEEN_FLOOD);
    return true;
  }
  gs_node_start_wave(node, effects, cause_and_hops);
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    if (slot != except)
      gs_node_send_to_slot(node, effects, slot, GS_TELL, GS_SYNC_GRID, master, cause_and_hops);
  }
  remember_flood(node, master, effects);
  return true;
}

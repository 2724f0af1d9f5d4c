/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/forecast.h"

#include "core/cost.h"

/** A node in the union-find forest; nodes and links of an island mean something at its root only.
 */
typedef struct {
  uint32_t parent;
  uint32_t nodes, links;
  uint32_t degree; /**< of the node */
} Island;

struct GsForecast {
  const GsScenario *scenario;
  Island *islands;
  uint32_t island_count;
  uint64_t link_count;
  GHashTable *made;   /**< of pairs that the schedule links: those that have a link; else NULL */
  uint64_t all_waves; /**< messages when each node starts a wave; 0: to be worked out */
  uint64_t all_syncs; /**< … a flood */
};

static uint32_t find_root(GsForecast *forecast, uint32_t node) {
  Island *islands = forecast->islands;
  while (islands[node].parent != node) {
    islands[node].parent = islands[islands[node].parent].parent;
    node = islands[node].parent;
  }
  return node;
}

/** One number for both orders. */
static gint64 pair_of(uint32_t a, uint32_t b) {
  return (gint64)MIN(a, b) << 32 | MAX(a, b);
}

/** Whether it is one of the pairs that the schedule links, and has its link; from now on it has. */
static bool is_made_again(GsForecast *forecast, uint32_t a, uint32_t b) {
  gint64 pair = pair_of(a, b);
  bool *made = forecast->made ? g_hash_table_lookup(forecast->made, &pair) : NULL;
  bool again = made && *made;
  if (made)
    *made = true;
  return again;
}

/** False when the nodes have a link already. */
static bool add_link(GsForecast *forecast, uint32_t a, uint32_t b) {
  if (is_made_again(forecast, a, b))
    return false;
  uint32_t x = find_root(forecast, a), y = find_root(forecast, b);
  Island *islands = forecast->islands;
  if (x != y) {
    if (islands[x].nodes < islands[y].nodes) {
      uint32_t larger = y;
      y = x;
      x = larger;
    }
    islands[y].parent = x;
    islands[x].nodes += islands[y].nodes;
    islands[x].links += islands[y].links;
    forecast->island_count--;
  }
  islands[x].links++;
  forecast->link_count++;
  islands[a].degree++;
  islands[b].degree++;
  forecast->all_waves = forecast->all_syncs = 0;
  return true;
}

static void note_pairs(GsForecast *forecast) {
  const GsScenario *scenario = forecast->scenario;
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->kind != GS_DO_ADD_SIBLING)
      continue;
    if (!forecast->made)
      forecast->made = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    gint64 pair = pair_of(entry->link.a, entry->link.b);
    g_hash_table_replace(forecast->made, g_memdup2(&pair, sizeof pair), g_new0(bool, 1));
  }
}

/** How many links ahead what they touch is fetched; in large grids each is a miss. */
#define AHEAD 16u

static void link_start(GsForecast *forecast) {
  const GsScenario *scenario = forecast->scenario;
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    if (i + AHEAD < scenario->link_count)
      __builtin_prefetch(&forecast->islands[scenario->links[i + AHEAD].b], 1);
    add_link(forecast, scenario->links[i].a, scenario->links[i].b);
  }
}

GsForecast *gs_forecast_new(const GsScenario *scenario) {
  GsForecast *forecast = g_new0(GsForecast, 1);
  forecast->scenario = scenario;
  forecast->island_count = scenario->node_count;
  forecast->islands = g_new(Island, scenario->node_count);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    forecast->islands[i] = (Island){.parent = i, .nodes = 1};
  note_pairs(forecast);
  if (!scenario->handshake)
    link_start(forecast);
  return forecast;
}

void gs_forecast_free(GsForecast *forecast) {
  if (!forecast)
    return;
  g_clear_pointer(&forecast->made, g_hash_table_unref);
  g_free(forecast->islands);
  g_free(forecast);
}

static uint64_t cost_of(const Island *island, bool sync) {
  return sync ? gs_cost_sync(island->nodes, island->links)
              : gs_cost_wave(island->nodes, island->links);
}

static uint64_t for_all(GsForecast *forecast, bool sync) {
  uint64_t *known = sync ? &forecast->all_syncs : &forecast->all_waves;
  if (*known > 0)
    return *known;
  uint64_t total = 0;
  for (uint32_t i = 0; i < forecast->scenario->node_count; i++)
    if (forecast->islands[i].parent == i) {
      const Island *island = &forecast->islands[i];
      uint64_t each = cost_of(island, sync);
      total = gs_saturating_add(total, gs_saturating_multiply(each, island->nodes));
    }
  *known = total;
  return total;
}

uint64_t gs_forecast_occurrence(GsForecast *forecast, const GsSchedule *schedule,
                                const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  if (entry->kind == GS_DO_ADD_SIBLING) {
    if (!add_link(forecast, occurrence->link->a, occurrence->link->b))
      return 0;
    const Island *joined = &forecast->islands[find_root(forecast, occurrence->link->a)];
    return gs_cost_new_link(joined->nodes, joined->links);
  }
  if (entry->fault) /* what nodes do about it is not foretold */
    return 0;
  bool sync = entry->kind != GS_DO_UPDATE_NET;
  if (entry->all)
    return for_all(forecast, sync);
  uint64_t total = 0;
  uint32_t count = gs_occurrence_node_count(schedule, occurrence);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t root = find_root(forecast, gs_occurrence_node(schedule, occurrence, i));
    total = gs_saturating_add(total, cost_of(&forecast->islands[root], sync));
  }
  return total;
}

uint32_t gs_forecast_islands(const GsForecast *forecast) {
  return forecast->island_count;
}

uint64_t gs_forecast_links(const GsForecast *forecast) {
  return forecast->link_count;
}

void gs_forecast_degrees(const GsForecast *forecast, uint32_t *min, uint32_t *max) {
  *min = UINT32_MAX;
  *max = 0;
  for (uint32_t i = 0; i < forecast->scenario->node_count; i++) {
    *min = MIN(*min, forecast->islands[i].degree);
    *max = MAX(*max, forecast->islands[i].degree);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/forecast.h"

/** An island by its root in the union-find forest; meaningful at roots only. */
typedef struct {
  uint32_t parent;
  uint32_t nodes;
  uint64_t links;
} Island;

struct GsForecast {
  const GsScenario *scenario;
  Island *islands;
  uint32_t island_count;
  uint64_t link_count;
  uint32_t *degrees;
  GHashTable *linked; /**< pairs with a link, where one might be made twice; else NULL */
  uint64_t all_waves; /**< messages when each node starts a wave; 0: to be worked out */
  uint64_t all_syncs; /**< … a flood */
};

uint64_t gs_forecast_add(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint32_t find_root(GsForecast *forecast, uint32_t node) {
  Island *islands = forecast->islands;
  while (islands[node].parent != node) {
    islands[node].parent = islands[islands[node].parent].parent;
    node = islands[node].parent;
  }
  return node;
}

/** False when the nodes have a link already. */
static bool add_link(GsForecast *forecast, uint32_t a, uint32_t b) {
  gint64 pair = (gint64)MIN(a, b) << 32 | MAX(a, b);
  if (forecast->linked && g_hash_table_contains(forecast->linked, &pair))
    return false;
  if (forecast->linked)
    g_hash_table_add(forecast->linked, g_memdup2(&pair, sizeof pair));
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
  forecast->degrees[a]++;
  forecast->degrees[b]++;
  forecast->all_waves = forecast->all_syncs = 0;
  return true;
}

GsForecast *gs_forecast_new(const GsScenario *scenario) {
  GsForecast *forecast = g_new0(GsForecast, 1);
  forecast->scenario = scenario;
  forecast->island_count = scenario->node_count;
  forecast->islands = g_new(Island, scenario->node_count);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    forecast->islands[i] = (Island){.parent = i, .nodes = 1};
  forecast->degrees = g_new0(uint32_t, scenario->node_count);
  bool grows = false;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    grows |= scenario->schedule[i].kind == GS_DO_ADD_SIBLING;
  if (grows)
    forecast->linked = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  if (!scenario->handshake)
    for (uint32_t i = 0; i < scenario->link_count; i++)
      add_link(forecast, scenario->links[i].a, scenario->links[i].b);
  return forecast;
}

void gs_forecast_free(GsForecast *forecast) {
  if (!forecast)
    return;
  g_clear_pointer(&forecast->linked, g_hash_table_unref);
  g_free(forecast->degrees);
  g_free(forecast->islands);
  g_free(forecast);
}

/** Asks of a wave, and Tells of a flood: 2E − N + 1. */
static uint64_t asks_of(const Island *island) {
  return 2 * island->links - island->nodes + 1;
}

static uint64_t wave_of(const Island *island) {
  return 2 * asks_of(island);
}

static uint64_t sync_of(const Island *island) {
  return multiply(asks_of(island), 1 + 2 * (uint64_t)island->nodes);
}

static uint64_t for_all(GsForecast *forecast, bool sync) {
  uint64_t *known = sync ? &forecast->all_syncs : &forecast->all_waves;
  if (*known > 0)
    return *known;
  uint64_t total = 0;
  for (uint32_t i = 0; i < forecast->scenario->node_count; i++)
    if (forecast->islands[i].parent == i) {
      const Island *island = &forecast->islands[i];
      uint64_t one = sync ? sync_of(island) : wave_of(island);
      total = gs_forecast_add(total, multiply(one, island->nodes));
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
    uint32_t root = find_root(forecast, occurrence->link->a);
    return gs_forecast_add(sync_of(&forecast->islands[root]), 2);
  }
  bool sync = entry->kind != GS_DO_UPDATE_NET;
  if (entry->all)
    return for_all(forecast, sync);
  uint64_t total = 0;
  uint32_t count = gs_occurrence_node_count(schedule, occurrence);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t root = find_root(forecast, gs_occurrence_node(schedule, occurrence, i));
    const Island *island = &forecast->islands[root];
    total = gs_forecast_add(total, sync ? sync_of(island) : wave_of(island));
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
    *min = MIN(*min, forecast->degrees[i]);
    *max = MAX(*max, forecast->degrees[i]);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/wire/wire_size.h"
#include "sim/run/engine.h"

static void fill_peer_name(GsResults *results, uint32_t index, const char *name) {
  index -= results->node_count;
  if (!results->peer_names)
    results->peer_names = g_ptr_array_new_with_free_func(g_free);
  if (results->peer_names->len <= index)
    g_ptr_array_set_size(results->peer_names, (gint)index + 1);
  g_free(results->peer_names->pdata[index]);
  results->peer_names->pdata[index] = g_strdup(name);
}

static void fill_siblings(GsEngine *engine) {
  GsResults *results = engine->results;
  uint64_t total = 0;
  for (uint32_t i = 0; i < engine->sim.actor_count; i++)
    total += engine->sim.actors[i].node.sibling_count;
  results->sibling_block = g_renew(uint32_t, results->sibling_block, total);
  uint32_t *at = results->sibling_block;
  for (uint32_t i = 0; i < engine->sim.actor_count; i++) {
    const GsNode *node = &engine->sim.actors[i].node;
    results->nodes[i].siblings = at;
    results->nodes[i].sibling_count = node->sibling_count;
    for (uint32_t s = 0; s < node->sibling_count; s++) {
      *at++ = node->siblings[s].endpoint;
      if (node->siblings[s].endpoint >= engine->sim.actor_count)
        fill_peer_name(results, node->siblings[s].endpoint, gs_node_sibling(node, s)->name);
    }
  }
}

/** Islands are numbered in the order of their first nodes. */
static void fill_islands(GsEngine *engine) {
  g_autofree uint32_t *number = g_new(uint32_t, engine->sim.actor_count);
  memset(number, 0xFF, engine->sim.actor_count * sizeof *number);
  uint32_t islands = 0;
  for (uint32_t i = 0; i < engine->sim.actor_count; i++) {
    uint32_t root = gs_sync_monitor_island(engine->monitor, i);
    if (number[root] == UINT32_MAX)
      number[root] = islands++;
    engine->results->nodes[i].island = number[root];
  }
  engine->results->island_count = islands;
}

void gs_engine_fill_states(GsEngine *engine) {
  GsResults *results = engine->results;
  results->scenario = engine->scenario;
  results->runner = engine->runner_class->name;
  results->workers = engine->sim.lane_count;
  results->node_count = engine->sim.actor_count;
  results->link_count = gs_sync_monitor_links(engine->monitor);
  results->now_ns = engine->sim.now_ns;
  if (!results->nodes)
    results->nodes = g_new0(GsNodeState, results->node_count);
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNode *node = &engine->sim.actors[i].node;
    results->nodes[i].id = node->id;
    results->nodes[i].name = node->name;
    results->nodes[i].production = node->production;
    results->nodes[i].consumption = node->consumption;
    results->nodes[i].gridnet = node->gridnet;
    results->nodes[i].true_net = gs_sync_monitor_true_net(engine->monitor, i);
    results->nodes[i].open = gs_sync_monitor_is_open(engine->monitor, i);
    results->nodes[i].in_sync = gs_sync_monitor_in_sync(engine->monitor, i);
    results->nodes[i].in_sync_since_ns = gs_sync_monitor_node_in_sync_since_ns(engine->monitor, i);
  }
  fill_siblings(engine);
  fill_islands(engine);
}

static void add_cause(GsCauseTally *sum, const GsSimulation *sim, uint32_t cause) {
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    const GsLane *lane = &sim->lanes[i];
    if (cause >= lane->causes_room)
      continue;
    const GsCauseTally *tally = &lane->causes[cause];
    for (uint32_t kind = 0; kind < GS_MESSAGE_KINDS; kind++)
      sum->sent[kind] += tally->sent[kind];
    sum->varying_bytes += tally->varying_bytes;
    sum->hops = MAX(sum->hops, tally->hops);
  }
}

static GsMessageCounts counts_of(const GsCauseTally *tally) {
  GsMessageCounts counts;
  for (uint32_t env = 0; env < GS_ENVELOPE_TYPES; env++)
    for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++)
      counts.by_kind[env][type] = tally->sent[GS_MESSAGE_KIND(env, type)];
  return counts;
}

static uint64_t bytes_of(const GsCauseTally *tally, const GsWireSizes *sizes) {
  uint64_t bytes = tally->varying_bytes;
  for (uint32_t env = 0; env < GS_ENVELOPE_TYPES; env++)
    for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++)
      bytes += tally->sent[GS_MESSAGE_KIND(env, type)] * sizes->fixed[env][type];
  return bytes;
}

static void fill_disturbances(GsEngine *engine, const GsWireSizes *sizes) {
  GsResults *results = engine->results;
  results->disturbance_count = engine->disturbances->len;
  results->disturbances = g_new0(GsDisturbance, MAX(1, results->disturbance_count));
  results->disturbances_left_out = engine->left_out;
  results->disturbances_unchecked = engine->unchecked;
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    GsDisturbed *disturbed = &g_array_index(engine->disturbances, GsDisturbed, i);
    const GsOccurrence *occurrence = &disturbed->occurrence;
    int64_t over = gs_sync_monitor_over_ns(engine->monitor, i);
    GsDisturbance *disturbance = &results->disturbances[i];
    disturbance->at_ns = occurrence->at_ns;
    disturbance->entry = UINT32_MAX;
    disturbance->what = g_steal_pointer(&disturbed->what);
    if (!disturbance->what) {
      disturbance->entry = gs_occurrence_entry_index(engine->schedule, occurrence);
      disturbance->what = gs_occurrence_describe(engine->schedule, occurrence);
    }
    disturbance->converged_after_ns = over < 0 ? -1 : over - occurrence->at_ns;
    GsCauseTally sum = {0};
    add_cause(&sum, &engine->sim, i);
    disturbance->messages = counts_of(&sum);
    disturbance->wire_bytes = bytes_of(&sum, sizes);
    disturbance->hops = sum.hops;
  }
}

static void fill_totals(GsEngine *engine, const GsWireSizes *sizes) {
  GsResults *results = engine->results;
  const GsSimulation *sim = &engine->sim;
  uint32_t causes = 0;
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    const GsLane *lane = &sim->lanes[i];
    causes = MAX(causes, lane->causes_room);
    results->delivered += lane->delivered;
    results->superseded += lane->superseded;
    results->largest_mailbox = MAX(results->largest_mailbox, lane->largest_mailbox);
    results->memory_bytes += lane->pool.held_bytes;
    for (uint32_t reason = 0; reason < GS_DROP_REASONS; reason++)
      results->drops[reason] += lane->drops[reason];
  }
  GsCauseTally sum = {0};
  for (uint32_t cause = 0; cause < causes; cause++)
    add_cause(&sum, sim, cause);
  results->messages = counts_of(&sum);
  results->wire_bytes = bytes_of(&sum, sizes);
  results->hops = sum.hops;
  for (uint32_t i = 0; i < sim->actor_count; i++)
    results->open_waves += gs_node_open_waves(&sim->actors[i].node);
}

/** What goes into the digest, on its way in larger pieces. */
typedef struct {
  GChecksum *checksum;
  gsize length;
  guchar bytes[4096];
} Sum;

static void flush(Sum *sum) {
  g_checksum_update(sum->checksum, sum->bytes, (gssize)sum->length);
  sum->length = 0;
}

static void update(Sum *sum, int64_t value) {
  if (sum->length == sizeof sum->bytes)
    flush(sum);
  for (guint i = 0; i < 8; i++)
    sum->bytes[sum->length++] = (guchar)((uint64_t)value >> 8 * i);
}

/** Of everything that each node handled, in its order, and of how it stands at the end. */
static void fill_digest(GsEngine *engine) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  Sum sum = {.checksum = checksum};
  for (uint32_t i = 0; i < engine->sim.actor_count; i++) {
    const GsActor *actor = &engine->sim.actors[i];
    update(&sum, (int64_t)actor->digest);
    update(&sum, actor->node.id);
    update(&sum, actor->node.production);
    update(&sum, actor->node.consumption);
    update(&sum, actor->node.gridnet);
    for (uint32_t s = 0; s < actor->node.sibling_count; s++)
      update(&sum, gs_node_sibling(&actor->node, s)->id);
  }
  update(&sum, (int64_t)gs_message_counts_total(&engine->results->messages));
  flush(&sum);
  g_strlcpy(engine->results->digest, g_checksum_get_string(checksum),
            sizeof engine->results->digest);
}

/** Up to its `until` the grid would have stayed as it was when the last message was handled. */
static int64_t end_ns(const GsEngine *engine) {
  bool to_the_limit = !engine->quiescent && !engine->stopped && !engine->options->live;
  return to_the_limit ? engine->until_ns : engine->last_event_ns;
}

static void fill_sync(GsEngine *engine) {
  GsResults *results = engine->results;
  GsSyncMonitor *monitor = engine->monitor;
  results->end_ns = end_ns(engine);
  results->out_of_sync = gs_sync_monitor_out_of_sync(monitor);
  results->converged = !results->out_of_sync;
  results->converged_at_ns = gs_sync_monitor_in_sync_since_ns(monitor);
  results->series = gs_sync_series_copy(gs_sync_monitor_series(monitor));
  results->out_of_sync_node_ns = gs_sync_monitor_out_of_sync_node_ns(monitor, results->end_ns);
}

void gs_engine_fill_results(GsEngine *engine) {
  GsResults *results = engine->results;
  gs_sync_monitor_settle(engine->monitor, INT64_MAX);
  GsWireSizes sizes;
  gs_wire_sizes_init(&sizes);
  fill_disturbances(engine, &sizes);
  fill_totals(engine, &sizes);
  /* The states of many nodes take as much memory as their messages did. */
  gs_simulation_end(&engine->sim);
  gs_engine_fill_states(engine);
  results->stopped = engine->stopped;
  results->quiescent = engine->quiescent;
  fill_sync(engine);
  results->quiescent_at_ns = engine->quiescent ? engine->last_event_ns : -1;
  results->now_ns = engine->last_event_ns;
  fill_digest(engine);
}

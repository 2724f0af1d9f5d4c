/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/wire/wire_size.h"
#include "sim/run/engine.h"

static void fill_foreign_name(GsResults *results, uint32_t index, const char *name) {
  index -= results->node_count;
  if (!results->foreign_names)
    results->foreign_names = g_ptr_array_new_with_free_func(g_free);
  if (results->foreign_names->len <= index)
    g_ptr_array_set_size(results->foreign_names, (gint)index + 1);
  g_free(results->foreign_names->pdata[index]);
  results->foreign_names->pdata[index] = g_strdup(name);
}

static void fill_siblings(GsEngine *engine) {
  GsResults *results = engine->results;
  const GsRunView *view = &engine->view;
  uint64_t total = 0;
  for (uint32_t i = 0; i < results->node_count; i++)
    total += gs_run_view_node(view, i).sibling_count;
  results->sibling_block = g_renew(uint32_t, results->sibling_block, total);
  uint32_t *at = results->sibling_block;
  for (uint32_t i = 0; i < results->node_count; i++) {
    GsNodeState *state = &results->nodes[i];
    state->siblings = at;
    state->sibling_count = gs_run_view_node(view, i).sibling_count;
    for (uint32_t s = 0; s < state->sibling_count; s++) {
      GsSiblingView sibling = gs_run_view_sibling(view, i, s);
      *at++ = sibling.endpoint;
      if (sibling.endpoint >= results->node_count)
        fill_foreign_name(results, sibling.endpoint, sibling.name);
    }
  }
}

/** Islands are numbered in the order of their first nodes. */
static void fill_islands(GsEngine *engine) {
  uint32_t nodes = engine->results->node_count;
  g_autofree uint32_t *number = g_new(uint32_t, nodes);
  memset(number, 0xFF, nodes * sizeof *number);
  uint32_t islands = 0;
  for (uint32_t i = 0; i < nodes; i++) {
    uint32_t root = gs_sync_monitor_island(engine->monitor, i);
    engine->results->nodes[i].island = UINT32_MAX;
    if (gs_sync_monitor_is_down(engine->monitor, i))
      continue;
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
  results->served = engine->options->live != NULL;
  results->node_count = gs_run_view_node_count(&engine->view);
  results->link_count = gs_sync_monitor_links(engine->monitor);
  results->now_ns = gs_run_view_now_ns(&engine->view);
  if (!results->nodes)
    results->nodes = g_new0(GsNodeState, results->node_count);
  for (uint32_t i = 0; i < results->node_count; i++) {
    GsNodeView node = gs_run_view_node(&engine->view, i);
    GsNodeState *state = &results->nodes[i];
    state->id = node.id;
    state->name = node.name;
    state->production = node.production;
    state->consumption = node.consumption;
    state->gridnet = node.gridnet;
    state->true_net = gs_sync_monitor_true_net(engine->monitor, i);
    state->is_down = gs_sync_monitor_is_down(engine->monitor, i);
    state->open = gs_sync_monitor_is_open(engine->monitor, i);
    state->in_sync = gs_sync_monitor_in_sync(engine->monitor, i);
    state->in_sync_since_ns = gs_sync_monitor_node_in_sync_since_ns(engine->monitor, i);
  }
  fill_siblings(engine);
  fill_islands(engine);
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
    disturbance->ends = occurrence->ends;
    disturbance->what = g_steal_pointer(&disturbed->what);
    if (!disturbance->what) {
      disturbance->entry = gs_occurrence_entry_index(engine->schedule, occurrence);
      disturbance->what = gs_occurrence_describe(engine->schedule, occurrence);
    }
    disturbance->converged_after_ns = over < 0 ? -1 : over - occurrence->at_ns;
    GsCauseTally sum = gs_simulation_cause(&engine->sim, i);
    disturbance->messages = counts_of(&sum);
    disturbance->wire_bytes = bytes_of(&sum, sizes);
    disturbance->hops = sum.hops;
    gs_sync_monitor_wrong(engine->monitor, i, &disturbance->wrong_nodes, &disturbance->wrong_by);
  }
}

static void fill_totals(GsEngine *engine, const GsWireSizes *sizes) {
  GsResults *results = engine->results;
  GsLaneTotals totals = gs_simulation_totals(&engine->sim);
  results->delivered += totals.delivered;
  results->superseded += totals.superseded;
  results->suspected += totals.suspected;
  results->suspected_rightly += totals.suspected_rightly;
  results->suspected_wrongly += totals.suspected_wrongly;
  results->trusted_again += totals.trusted_again;
  results->waves_limited += totals.waves_limited;
  results->told_undelivered += totals.told_undelivered;
  gs_network_faults_add(&results->network_faults, &totals.faults);
  results->largest_mailbox = MAX(results->largest_mailbox, totals.largest_mailbox);
  results->memory_bytes += totals.held_bytes;
  for (uint32_t reason = 0; reason < GS_DROP_REASONS; reason++)
    results->drops[reason] += totals.drops[reason];
  results->messages = counts_of(&totals.sent);
  results->recovery_messages = counts_of(&totals.recovery);
  results->wire_bytes = bytes_of(&totals.sent, sizes);
  results->hops = totals.sent.hops;
  uint32_t nodes = gs_run_view_node_count(&engine->view);
  for (uint32_t i = 0; i < nodes; i++)
    results->open_waves += gs_run_view_node(&engine->view, i).open_waves;
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
  const GsRunView *view = &engine->view;
  for (uint32_t i = 0; i < engine->results->node_count; i++) {
    GsNodeView node = gs_run_view_node(view, i);
    update(&sum, (int64_t)node.digest);
    update(&sum, node.id);
    update(&sum, node.production);
    update(&sum, node.consumption);
    update(&sum, node.gridnet);
    for (uint32_t s = 0; s < node.sibling_count; s++)
      update(&sum, gs_run_view_sibling(view, i, s).id);
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

static void fill_longest_wrong(GsResults *results, const GsSyncMonitor *monitor) {
  int64_t longest_ns = 0;
  results->longest_wrong_node = UINT32_MAX;
  for (uint32_t i = 0; i < results->node_count; i++) {
    GsWrongSpan span = gs_sync_monitor_longest_wrong(monitor, i, results->end_ns);
    results->nodes[i].longest_wrong = span;
    if (span.for_ns <= longest_ns)
      continue;
    longest_ns = span.for_ns;
    results->longest_wrong_node = i;
  }
}

static void fill_sync(GsEngine *engine) {
  GsResults *results = engine->results;
  GsSyncMonitor *monitor = engine->monitor;
  results->end_ns = end_ns(engine);
  results->out_of_sync = gs_sync_monitor_out_of_sync(monitor);
  results->converged = !results->out_of_sync;
  results->disturbed_at_ns = engine->disturbed_ns;
  results->converged_at_ns = gs_sync_monitor_in_sync_since_ns(monitor);
  results->errors = gs_sync_monitor_errors(monitor, results->end_ns);
  fill_longest_wrong(results, monitor);
  for (uint32_t i = 0; i < results->node_count; i++)
    results->down += results->nodes[i].is_down;
  results->told_lost = engine->told_lost + engine->held->len;
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
  gs_engine_check_holdings(engine);
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

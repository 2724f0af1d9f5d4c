/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "core/wire/wire.h"
#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

/* What a run tells beside its messages: hops, bytes on the wire, nodes out of sync over time. */

#define LATENCY_NS INT64_C(3000000)

static const char *const families[] = {
    "{'kind': 'line', 'nodes': 2}",
    "{'kind': 'line', 'nodes': 13}",
    "{'kind': 'ring', 'nodes': 3}",
    "{'kind': 'ring', 'nodes': 12}",
    "{'kind': 'ring', 'nodes': 17}",
    "{'kind': 'star', 'nodes': 11}",
    "{'kind': 'tree', 'nodes': 30}",
    "{'kind': 'tree', 'nodes': 40, 'arity': 3}",
    "{'kind': 'complete', 'nodes': 9}",
    "{'kind': 'lattice', 'rows': 4, 'columns': 5}",
    "{'kind': 'lattice', 'rows': 5, 'columns': 4, 'torus': true}",
    "{'kind': 'barabasi-albert', 'nodes': 40, 'm': 1}",
    "{'kind': 'barabasi-albert', 'nodes': 40, 'm': 2}",
    "{'kind': 'watts-strogatz', 'nodes': 30, 'k': 4, 'p': 0.2}",
    "{'kind': 'random-regular', 'nodes': 24, 'k': 3}",
    "{'kind': 'erdos-renyi', 'nodes': 25, 'p': 0.3}",
};

/* ---- Hops ---- */

/** Hops from `from` to all; `far` is the largest. False when some are not connected. */
static bool distances(const GsScenario *scenario, uint32_t from, uint32_t *hops, uint32_t *far) {
  memset(hops, 0xFF, scenario->node_count * sizeof *hops);
  hops[from] = *far = 0;
  uint32_t reached = 1;
  for (bool grows = true; grows; ++*far) {
    grows = false;
    for (uint32_t i = 0; i < 2 * scenario->link_count; i++) {
      const GsScenarioLink *link = &scenario->links[i / 2];
      uint32_t a = i % 2 ? link->a : link->b, b = i % 2 ? link->b : link->a;
      if (hops[a] != *far || hops[b] != UINT32_MAX)
        continue;
      hops[b] = *far + 1;
      reached++;
      grows = true;
    }
  }
  --*far;
  return reached == scenario->node_count;
}

/** The largest d(u, v) + 2 ecc(v) over all v; 0: not connected. */
static uint32_t least_hops(const GsScenario *scenario, uint32_t u) {
  g_autofree uint32_t *from_u = g_new(uint32_t, scenario->node_count);
  g_autofree uint32_t *from_v = g_new(uint32_t, scenario->node_count);
  uint32_t far, least = 0;
  if (!distances(scenario, u, from_u, &far))
    return 0;
  for (uint32_t v = 0; v < scenario->node_count; v++) {
    distances(scenario, v, from_v, &far);
    least = MAX(least, from_u[v] + 2 * far);
  }
  return least;
}

Test(measures, an_update_takes_as_long_as_its_longest_chain_which_follows_from_the_graph) {
  guint checked = 0;
  for (guint family = 0; family < G_N_ELEMENTS(families); family++) {
    for (uint32_t u = 0, nodes = 1; u < nodes; u++) {
      g_autoptr(GsScenario) scenario =
          gs_test_scenario("{'topology': %s, 'network': {'latency': '3ms'}, 'seed': %u,"
                           " 'schedule': [{'at': '1s', 'node': 'N%u', 'production': 7}]}",
                           families[family], family, u + 1);
      nodes = scenario->node_count;
      uint32_t least = least_hops(scenario, u);
      if (!least)
        continue;
      g_autoptr(GsResults) results = gs_test_run(scenario);
      const GsDisturbance *update = &results->disturbances[0];
      cr_assert_eq(update->converged_after_ns, update->hops * LATENCY_NS, "%s N%u",
                   families[family], u + 1);
      cr_assert_eq(results->hops, update->hops);
      uint32_t most = least + (scenario->link_count == nodes - 1 ? 0 : 2);
      cr_assert(update->hops >= least && update->hops <= most, "%s N%u: %u, not %u to %u",
                families[family], u + 1, update->hops, least, most);
      checked++;
    }
  }
  cr_assert_geq(checked, 250);
}

Test(measures, a_new_link_counts_from_its_moment_and_takes_a_handshake_longer_than_an_update) {
  for (uint32_t a = 1; a <= 7; a++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'tree', 'nodes': 7}, 'network': {'latency': '3ms'}}");
    uint32_t least = least_hops(scenario, a - 1);
    /* The same tree, of which one link is made at 1 s: a leaf is told, or its parent is. */
    g_autoptr(GString) links = g_string_new(NULL);
    uint32_t leaf = a >= 4 ? a : a == 1 ? 0 : 2 * a;
    if (!leaf)
      continue;
    for (uint32_t b = 2; b <= 7; b++)
      if (b != leaf)
        g_string_append_printf(links, "%s['N%u', 'N%u']", links->len ? "," : "", b / 2, b);
    g_autoptr(GsScenario) joined = gs_test_scenario(
        "{'nodes': [{'production': 4}, {}, {}, {}, {}, {}, {}], 'links': [%s],"
        " 'network': {'latency': '3ms'}, 'energy': [{'node': 'N%u', 'production': 9}],"
        " 'schedule': [{'at': '1s', 'add_sibling': ['N%u', 'N%u']}]}",
        links->str, leaf, a, a == leaf ? a / 2 : leaf);
    g_autoptr(GsResults) results = gs_test_run(joined);
    const GsDisturbance *link = &results->disturbances[0];
    cr_expect_eq(link->at_ns, GS_SECOND_NS);
    cr_expect_eq(link->hops, least + 2, "N%u: %u, not %u", a, link->hops, least + 2);
    cr_expect_eq(link->converged_after_ns, (least + 2) * LATENCY_NS);
    cr_expect_eq(gs_message_counts_total(&link->messages), gs_test_update_messages(7, 6) + 2);
  }
}

Test(measures, paced_nodes_and_late_answers_have_the_same_hops_for_every_runner) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'tree', 'nodes': 9}, 'pace': 'original',"
      " 'network': {'jitter': '500ms'}, 'schedule': ["
      "{'at': '1s', 'node': 'N1', 'production': 7}, {'at': '2s', 'node': 'N9', 'production': 3}]}");
  g_autoptr(GsResults) one = gs_test_run(scenario);
  g_autoptr(GsResults) two = gs_test_run_with(scenario, GS_RUNNER_THREADS, 3);
  cr_assert(one->hops >= least_hops(scenario, 0));
  for (uint32_t i = 0; i < 2; i++) {
    cr_assert_eq(one->disturbances[i].hops, two->disturbances[i].hops);
    cr_assert_eq(one->disturbances[i].wire_bytes, two->disturbances[i].wire_bytes);
  }
  cr_assert_eq(one->out_of_sync_node_ns, two->out_of_sync_node_ns);
  cr_assert_eq(one->series.count, two->series.count);
}

/* ---- Bytes on the wire ---- */

static bool list_net(int64_t id, int64_t net, void *data) {
  gs_wire_add_net(data, id, net);
  return true;
}

static gsize encoded_bytes(GsNodeView sender, const GsMessage *message) {
  static const char address[] = "127.0.0.1:54321";
  g_auto(GsWireEnvelope) envelope = {.env = message->env,
                                     .type = message->type,
                                     .to = g_strdup(address),
                                     .timestamp = 1795340169.0905697,
                                     .return_id = sender.id,
                                     .has_id = true,
                                     .has_req_id = message->env != GS_RESPONSE || message->req,
                                     .has_master_req_id = true,
                                     .has_timestamp = true,
                                     .has_return_id = message->env != GS_RESPONSE,
                                     .has_msg_id = true,
                                     .has_nets = message->type == GS_UPDATE_NET};
  if (message->type == GS_ADD_SIBLING) {
    envelope.sibling_id = sender.id;
    envelope.sibling_name = g_strdup(sender.name);
    envelope.sibling_address = g_strdup(address);
  } else if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE && message->nets) {
    gs_nets_foreach(message->nets, list_net, &envelope);
  }
  g_autoptr(GString) body = g_string_new(NULL);
  gs_wire_encode(&envelope, body);
  return body->len;
}

static void add_bytes(const GsRunView *view, const GsTraceRecord *records, guint count,
                      void *data) {
  uint64_t *bytes = data; /* per cause */
  for (guint i = 0; i < count; i++) {
    if (records[i].kind == GS_TRACE_SEND)
      bytes[records[i].message.cause] +=
          encoded_bytes(gs_run_view_node(view, records[i].node), &records[i].message);
  }
}

static void check_bytes(const GsScenario *scenario, const char *what) {
  uint64_t bytes[64] = {0}, total = 0;
  GsTraceSink sink = {.take = add_bytes, .data = bytes};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 2, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  cr_assert(results && results->disturbance_count <= G_N_ELEMENTS(bytes));
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    cr_assert_eq(results->disturbances[i].wire_bytes, bytes[i],
                 "%s, disturbance %u: %" PRIu64 ", not %" PRIu64, what, i,
                 results->disturbances[i].wire_bytes, bytes[i]);
    total += bytes[i];
  }
  cr_assert(total > 0);
  cr_assert_eq(results->wire_bytes, total);
}

Test(measures, bytes_on_the_wire_are_those_of_the_bodies_that_would_be_sent) {
  static const char *const networks[] = {"{'latency': '1ms'}", "{'latency': 0}",
                                         "{'latency': '2ms', 'jitter': '9ms'}"};
  for (guint i = 0; i < G_N_ELEMENTS(families) * G_N_ELEMENTS(networks); i++) {
    const char *family = families[i / G_N_ELEMENTS(networks)];
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': %s, 'network': %s, 'seed': %u,"
                         " 'energy': [{'node': '*', 'production': {'uniform': [0, 2000]},"
                         "             'consumption': {'uniform': [0, 1500]}}],"
                         " 'schedule': [{'at': 1, 'node': 'N1', 'production': 70000},"
                         "              {'at': 1, 'node': 'N2', 'consumption': 1000000},"
                         "              {'at': 2, 'update_net': 'N2'}]}",
                         family, networks[i % G_N_ELEMENTS(networks)], i);
    check_bytes(scenario, family);
  }
}

Test(measures, bytes_on_the_wire_hold_for_handshakes_long_ids_odd_names_and_pace) {
  static const char *const extras[] = {"", ", 'pace': 'original'", ", 'sync': 'coalesce'"};
  for (guint i = 0; i < G_N_ELEMENTS(extras); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'nodes': [{'id': 0, 'name': 'A'}, {'id': 17, 'name': 'B \\\\ C', 'production': 5},"
        "           {'id': 9007199254740991, 'name': 'Zürich', 'consumption': 12345},"
        "           {'id': 4096, 'name': 'D', 'production': 1099511627776}],"
        " 'schedule': [{'at': 1, 'add_sibling': ['A', 'B \\\\ C']},"
        "              {'at': 2, 'add_sibling': ['Zürich', 'A']},"
        "              {'at': 3, 'add_sibling': ['D', 'Zürich']},"
        "              {'at': 4, 'add_sibling': ['D', 'B \\\\ C']},"
        "              {'at': 9, 'node': 'D', 'consumption': 99}]%s}",
        extras[i]);
    check_bytes(scenario, extras[i]);
  }
}

/* ---- Nodes out of sync ---- */

/** Works everything out anew from the trace of one island that does not change. */
typedef struct {
  GsSyncSeries series;
  int64_t truth, truth_ns, now_ns;
  uint64_t area;
  uint32_t nodes;
  int64_t *net, *gridnet, *set_ns;
} Recount;

static uint32_t out_now(const Recount *recount) {
  uint32_t out = 0;
  for (uint32_t i = 0; i < recount->nodes; i++)
    out += recount->gridnet[i] != recount->truth;
  return out;
}

static void moment_over(Recount *recount) {
  GsSyncSeries *series = &recount->series;
  uint32_t out = out_now(recount);
  if (series->count && series->out[series->count - 1] == out)
    return;
  series->t_ns[series->count] = recount->now_ns;
  series->out[series->count++] = out;
}

static void recount_to(Recount *recount, int64_t now_ns) {
  if (now_ns == recount->now_ns)
    return;
  moment_over(recount);
  recount->area += out_now(recount) * (uint64_t)(now_ns - recount->now_ns);
  recount->now_ns = now_ns;
}

static void recount_energy(Recount *recount, uint32_t node, GsNodeView now) {
  int64_t change = now.production - now.consumption - recount->net[node];
  recount->net[node] += change;
  recount->truth += change;
  if (change)
    recount->truth_ns = recount->now_ns;
}

/** Each window has one moment: then the node has the energy that it was told. */
static void recount_records(const GsRunView *view, const GsTraceRecord *records, guint count,
                            void *data) {
  Recount *recount = data;
  for (guint i = 0; i < count; i++) {
    const GsTraceRecord *record = &records[i];
    recount_to(recount, record->time_ns);
    if (record->kind == GS_TRACE_DELIVERY && record->message.type == GS_UPDATE_ENERGY)
      recount_energy(recount, record->node, gs_run_view_node(view, record->node));
    if (record->kind == GS_TRACE_GRIDNET) {
      recount->gridnet[record->node] = record->value;
      recount->set_ns[record->node] = record->time_ns;
    }
  }
}

static void check_sync(const GsScenario *scenario) {
  uint32_t nodes = scenario->node_count;
  g_autofree int64_t *values = g_new0(int64_t, 3 * nodes);
  int64_t t_ns[GS_SYNC_SERIES_MAX];
  uint32_t out[GS_SYNC_SERIES_MAX];
  Recount recount = {.series = {.t_ns = t_ns, .out = out},
                     .nodes = nodes,
                     .net = values,
                     .gridnet = values + nodes,
                     .set_ns = values + 2 * nodes};
  for (uint32_t i = 0; i < nodes; i++) {
    recount.net[i] = scenario->nodes[i].production - scenario->nodes[i].consumption;
    recount.truth += recount.net[i];
  }
  for (uint32_t i = 0; !scenario->cold && i < nodes; i++)
    recount.gridnet[i] = recount.truth;
  GsTraceSink sink = {.take = recount_records, .data = &recount};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 2, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  cr_assert(results);
  recount_to(&recount, results->quiescent ? results->now_ns : scenario->until_ns);
  moment_over(&recount);
  cr_assert_eq(results->out_of_sync_node_ns, recount.area);
  cr_assert_eq(results->series.count, recount.series.count);
  cr_assert_arr_eq(results->series.t_ns, t_ns, recount.series.count * sizeof *t_ns);
  cr_assert_arr_eq(results->series.out, out, recount.series.count * sizeof *out);
  for (uint32_t i = 0; i < nodes; i++) {
    int64_t since = MAX(recount.truth_ns, recount.set_ns[i]);
    bool right = recount.gridnet[i] == recount.truth;
    cr_assert_eq(results->nodes[i].in_sync_since_ns, right ? since : -1, "node %u", i);
  }
}

Test(measures, nodes_out_of_sync_are_those_that_a_recount_of_the_trace_finds) {
  for (guint i = 0; i < 3 * G_N_ELEMENTS(families); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': %s, 'network': {'latency': '3ms'}, 'seed': %u, 'until': '%ums',"
        " 'start': '%s', 'energy': [{'node': '*', 'production': {'uniform': [0, 20]}}],"
        " 'schedule': [{'at': '10ms', 'node': 'N1', 'production': 7},"
        "              {'at': '14ms', 'node': 'N2', 'consumption': 7},"
        "              {'at': '15ms', 'node': 'N1', 'production': 8},"
        "              {'at': '1s', 'node': 'N2', 'consumption': 7}]}",
        families[i % G_N_ELEMENTS(families)], i, i < G_N_ELEMENTS(families) ? 37 : 5000,
        i < 2 * G_N_ELEMENTS(families) ? "settled" : "cold");
    bool connected = least_hops(scenario, 0) > 0;
    if (connected)
      check_sync(scenario);
  }
}

Test(measures, a_run_that_is_in_sync_all_the_time_says_so) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 5},"
                       " 'schedule': [{'at': '1s', 'update_net': 'N3'}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_assert(results->series.count == 1 && results->series.out[0] == 0);
  cr_assert(results->out_of_sync_node_ns == 0 && results->hops == 0 && results->wire_bytes > 0);
  for (uint32_t i = 0; i < 5; i++)
    cr_assert_eq(results->nodes[i].in_sync_since_ns, 0);
}

/** What it is at `t_ns`. */
static uint32_t value_at(const GsSyncSeries *series, int64_t t_ns) {
  uint32_t i = series->count;
  while (series->t_ns[--i] > t_ns)
    cr_assert(i > 0);
  return series->out[i];
}

Test(measures, a_long_series_is_exact_at_the_end_of_each_step_and_never_grows) {
  enum { POINTS = 30000 };
  for (guint spread = 1; spread <= 1000; spread *= 10) {
    GsSyncRecorder recorder;
    gs_sync_recorder_init(&recorder);
    g_autofree int64_t *t_ns = g_new(int64_t, POINTS);
    g_autofree uint32_t *out = g_new(uint32_t, POINTS);
    g_autoptr(GRand) random = g_rand_new_with_seed(spread);
    int64_t now = 0;
    for (guint i = 0; i < POINTS; i++) {
      t_ns[i] = now;
      out[i] = (uint32_t)g_rand_int_range(random, 0, 4);
      gs_sync_recorder_put(&recorder, now, out[i]);
      now += g_rand_int_range(random, 0, (gint32)spread + 1);
    }
    const GsSyncSeries *series = &recorder.series;
    cr_assert_leq(series->count, GS_SYNC_SERIES_MAX);
    cr_assert(series->t_ns[0] == 0 && recorder.step_ns <= now / (GS_SYNC_SERIES_MAX / 8) + 1);
    for (guint i = 1; i < series->count; i++)
      cr_assert(series->t_ns[i] > series->t_ns[i - 1] && series->out[i] != series->out[i - 1]);
    guint at = 0;
    for (int64_t end = recorder.step_ns - 1; end < now; end += recorder.step_ns) {
      while (at + 1 < POINTS && t_ns[at + 1] <= end)
        at++;
      cr_assert_eq(value_at(series, end), out[at], "spread %u at %" PRId64, spread, end);
    }
    gs_sync_recorder_clear(&recorder);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

/* Runs in networks that lose, double and repeat messages, of nodes that do nothing about it. */

static const char *const networks[] = {
    "'latency': '2ms', 'loss': 0.1",
    "'latency': 0, 'loss': 0.1",
    "'latency': '2ms', 'loss': 0.2, 'duplicate': 0.1",
    "'latency': 0, 'duplicate': 0.3, 'fifo': false",
    "'latency': '2ms', 'jitter': {'exponential': '3ms'}, 'duplicate': 0.3, 'fifo': false",
    "'latency': '2ms', 'jitter': '5ms', 'loss': 0.3, 'transport': {'tries': 4, 'after': '9ms'}",
    "'latency': {'exponential': '3ms'}, 'jitter': '5ms', 'fifo': false, 'loss': 0.4,"
    " 'duplicate': 0.1, 'transport': {'tries': 2, 'after': '4ms'}",
    "'latency': '2ms', 'messages': [{'link': ['N1', 'N2'], 'number': 3, 'lost': true},"
    " {'link': ['N2', 'N1'], 'number': 1, 'lost': true}]",
};

static GsScenario *scenario_in(const char *network, const char *more, uint32_t seed) {
  return gs_test_scenario(
      "{'topology': {'kind': 'barabasi-albert', 'nodes': 7}, 'seed': %u, 'network': {%s}, %s"
      " 'recovery': 'none',"
      " 'schedule': [{'at': '1s', 'node': 'N5', 'production': 3},"
      " {'at': '1003ms', 'node': '*', 'consumption': {'uniform': [0, 50]}},"
      " {'at': '2s', 'add_sibling': ['N1', 'N7'], 'loss': 0.5}]}",
      seed, network, more);
}

static const char *const members[] = {"", "'sync': 'coalesce',",
                                      "'pace': {'receive': '1ms', 'send': '2ms'}, 'until': '4s',"};

static void expect_same(const GsResults *a, const GsResults *b, const char *what) {
  cr_expect_str_eq(a->digest, b->digest, "%s", what);
  cr_expect_eq(a->delivered, b->delivered, "%s", what);
  cr_expect_eq(a->wire_bytes, b->wire_bytes, "%s", what);
  cr_expect_arr_eq(&a->network_faults, &b->network_faults, sizeof a->network_faults, "%s", what);
}

typedef struct {
  uint64_t kinds[GS_TRACE_WAKE + 1];
  uint64_t retries;
} Seen;

static void count_records(const GsRunView *view, const GsTraceRecord *records, guint count,
                          void *data) {
  (void)view;
  Seen *seen = data;
  for (guint i = 0; i < count; i++) {
    bool told = records[i].kind == GS_TRACE_DELIVERY && records[i].message.from == GS_ENDPOINT_NONE;
    seen->kinds[records[i].kind] += !told;
    seen->retries += records[i].tries ? records[i].tries - 1 : 0;
  }
}

static void look_away(const GsRunView *view, const GsTraceRecord *records, guint count,
                      void *data) {
  (void)view, (void)records, (void)count, (void)data;
}

static bool never(void *data) {
  (void)data;
  return false;
}

static void count_sent(int64_t time_ns, uint32_t kind, uint64_t count, void *data) {
  (void)time_ns, (void)kind;
  *(uint64_t *)data += count;
}

/** Somebody wants to know how much is sent when, and nothing of single messages. */
static GsResults *run_counted(const GsScenario *scenario, uint64_t *sent) {
  GsTraceSink sink = {.take = look_away, .wants = never, .sent = count_sent, .data = sent};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .sinks = &sink, .sink_count = 1};
  return gs_run(scenario, &options, NULL);
}

static GsResults *run_traced(const GsScenario *scenario, Seen *seen) {
  GsTraceSink sink = {.take = count_records, .data = seen};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 2, .sinks = &sink, .sink_count = 1};
  return gs_run(scenario, &options, NULL);
}

Test(lossy, networks_are_the_same_for_every_runner_worker_and_watcher) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    for (guint k = 0; k < G_N_ELEMENTS(members); k++) {
      g_autoptr(GsScenario) scenario = scenario_in(networks[i], members[k], i + k);
      g_autoptr(GsResults) one = gs_test_run(scenario);
      for (uint32_t workers = 2; workers <= 8; workers += 3) {
        g_autoptr(GsResults) pool = gs_test_run_with(scenario, GS_RUNNER_POOL, workers);
        expect_same(pool, one, networks[i]);
      }
      g_autoptr(GsResults) threads = gs_test_run_with(scenario, GS_RUNNER_THREADS, 2);
      expect_same(threads, one, networks[i]);
      Seen seen = {0};
      g_autoptr(GsResults) traced = run_traced(scenario, &seen);
      expect_same(traced, one, networks[i]);
      uint64_t sent = 0;
      g_autoptr(GsResults) counted = run_counted(scenario, &sent);
      expect_same(counted, one, networks[i]);
      cr_expect_eq(sent, gs_message_counts_total(&one->messages), "%s", networks[i]);
    }
  }
}

Test(lossy, networks_account_for_every_message) {
  uint64_t lost = 0, doubled = 0, undelivered = 0;
  for (guint i = 0; i < 4 * G_N_ELEMENTS(networks); i++) {
    const char *network = networks[i % G_N_ELEMENTS(networks)];
    g_autoptr(GsScenario) scenario = scenario_in(network, members[i % 2], 100 + i);
    Seen seen = {0};
    g_autoptr(GsResults) results = run_traced(scenario, &seen);
    const GsNetworkFaults *faults = &results->network_faults;
    uint64_t sent = gs_message_counts_total(&results->messages);
    cr_expect(results->quiescent, "%s", network);
    cr_expect_eq(results->delivered, sent - gs_network_faults_lost(faults) + faults->doubled, "%s",
                 network);
    cr_expect_eq(seen.kinds[GS_TRACE_SEND] + seen.kinds[GS_TRACE_LOST], sent, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_LOST], gs_network_faults_lost(faults), "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_DOUBLE], faults->doubled, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_DELIVERY], results->delivered, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_SUSPECTED], results->suspected, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_TRUSTED], results->trusted_again, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_LIMITED], results->waves_limited, "%s", network);
    cr_expect_eq(seen.kinds[GS_TRACE_UNDELIVERED], faults->undelivered, "%s", network);
    cr_expect_eq(seen.retries, faults->retried, "%s", network);
    cr_expect_eq(results->told_undelivered, faults->undelivered, "%s", network);
    lost += gs_network_faults_lost(faults);
    doubled += faults->doubled;
    undelivered += faults->undelivered;
  }
  cr_expect(lost > 1000 && doubled > 1000 && undelivered > 100, "%d %d %d", (int)lost, (int)doubled,
            (int)undelivered);
}

/** A message that is never sent is named, so that each has a moment of its own. */
Test(lossy, networks_are_alike_whether_messages_travel_in_bundles_or_alone) {
  for (uint32_t seed = 1; seed <= 20; seed++) {
    g_autofree char *more = g_strdup_printf("%s 'start': 'cold',", members[seed % 2]);
    g_autoptr(GsScenario) bundles = scenario_in("'latency': '2ms', 'loss': 0.1", more, seed);
    g_autoptr(GsScenario) alone = scenario_in(
        "'latency': '2ms', 'loss': 0.1, 'messages': [{'link': ['N1', 'N2'], 'number': 1000000000,"
        " 'latency': '2ms'}]",
        more, seed);
    g_autoptr(GsResults) one = gs_test_run(bundles), two = gs_test_run(alone);
    expect_same(one, two, "loss");
    cr_expect_gt(gs_network_faults_lost(&one->network_faults), 0);
  }
}

/** Nothing but doubles: everything is known, and no id may count twice. */
Test(lossy, doubled_messages_leave_everyone_with_the_true_net) {
  for (uint32_t seed = 1; seed <= 30; seed++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'complete', 'nodes': 5}, 'seed': %u, 'sync': '%s',"
        " 'network': {'latency': '2ms', 'jitter': '5ms', 'duplicate': 0.5, 'fifo': %s},"
        " 'schedule': [{'at': '1s', 'node': 'N5', 'production': 3},"
        " {'at': '1003ms', 'node': ['N1', 'N2'], 'consumption': {'uniform': [1, 50]}}]}",
        seed, seed % 2 ? "every" : "coalesce", seed % 3 ? "false" : "true");
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_expect(results->converged && results->quiescent, "%u", seed);
    for (uint32_t i = 0; i < results->node_count; i++)
      cr_expect_eq(results->nodes[i].gridnet, results->nodes[i].true_net, "%u", seed);
    cr_expect_eq(results->open_waves, 0, "%u", seed);
    cr_expect_gt(results->network_faults.doubled, 0);
  }
}

/** A tells B of its change, asks it, and hears nothing: the flood or the question was lost. */
Test(lossy, a_lost_message_is_gone_and_its_wave_stays_open) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [['A', 'B']],"
                       " 'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'lost': true},"
                       " {'link': ['A', 'B'], 'number': 2, 'lost': true},"
                       " {'link': ['B', 'A'], 'number': 9, 'lost': true}]}, 'recovery': 'none',"
                       " 'schedule': [{'at': '1s', 'node': 'A', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect_eq(gs_message_counts_total(&results->messages), 2, "a flood and an Ask");
  cr_expect_eq(results->network_faults.lost[GS_LOST_BY_CHANCE], 2);
  cr_expect_eq(results->network_faults.pinned, 2, "the third is never sent");
  cr_expect_eq(results->delivered, 0);
  cr_expect(results->quiescent && !results->converged);
  cr_expect_eq(results->open_waves, 1);
}

/** What is lost to cuts and crashes is counted as what is lost by chance, and degrading does. */
Test(lossy, faults_account_for_every_message_too) {
  static const char *const schedules[] = {
      "{'at': '1s', 'crash': {'random': 2}, 'for': '2s'}",
      "{'at': '1s', 'partition': {'random': 2}, 'for': '2s'}",
      "{'at': '1s', 'degrade': {'loss': 0.5, 'latency': '1ms'}, 'links': '*', 'for': '2s'}",
      "{'at': '1s', 'pause': {'random': 2}, 'for': '2s'}",
  };
  uint64_t lost[GS_LOSS_REASONS] = {0};
  for (guint i = 0; i < 4 * G_N_ELEMENTS(schedules); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'complete', 'nodes': 6}, 'seed': %u, 'network': {'latency': '3ms',"
        " 'transport': {'tries': %u, 'after': '5ms'}}, 'schedule': [%s,"
        " {'at': '900ms', 'every': '100ms', 'until': '3500ms', 'node': '*',"
        " 'production': {'uniform': [0, 9]}}]}",
        i, 1 + i % 3, schedules[i % G_N_ELEMENTS(schedules)]);
    Seen seen = {0};
    g_autoptr(GsResults) results = run_traced(scenario, &seen), one = gs_test_run(scenario);
    expect_same(results, one, schedules[i % G_N_ELEMENTS(schedules)]);
    const GsNetworkFaults *faults = &results->network_faults;
    uint64_t sent = gs_message_counts_total(&results->messages);
    cr_expect(results->quiescent, "%u", i);
    cr_expect_eq(results->delivered, sent - gs_network_faults_lost(faults), "%u", i);
    cr_expect_eq(seen.kinds[GS_TRACE_LOST], gs_network_faults_lost(faults), "%u", i);
    for (guint reason = 0; reason < GS_LOSS_REASONS; reason++)
      lost[reason] += faults->lost[reason];
  }
  cr_expect(lost[GS_LOST_BY_CHANCE] > 100 && lost[GS_LOST_BY_CUT] > 100 &&
            lost[GS_LOST_BY_DOWN] > 100);
}

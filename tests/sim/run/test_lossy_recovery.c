/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/cost.h"
#include "tests/sim/sim_support.h"

/* Networks that lose messages, whose nodes do something about it (docs/PROTOCOL.md, Recovery). */

static const double rates[] = {0.01, 0.05, 0.2};
static const char *const topologies[] = {
    "'kind': 'watts-strogatz', 'nodes': 40, 'k': 4, 'p': 0.1",
    "'kind': 'complete', 'nodes': 2",
    "'kind': 'tree', 'nodes': 12",
    "'kind': 'star', 'nodes': 20",
    "'kind': 'barabasi-albert', 'nodes': 30",
    "'kind': 'ring', 'nodes': 9",
    "'kind': 'complete', 'nodes': 8",
    "'kind': 'line', 'nodes': 5",
};
static const char *const networks[] = {"", ", 'duplicate': 0.1", ", 'fifo': false",
                                       ", 'jitter': {'exponential': '20ms'}",
                                       ", 'duplicate': 0.1, 'fifo': false, 'jitter': '5ms'"};

static GsResults *run(guint seed, double loss) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'seed': %u, 'topology': {%s}, 'network': {'latency': '10ms', 'loss': %g%s}, 'sync': '%s',"
      " 'recovery': 'standard', 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}",
      seed, topologies[seed % G_N_ELEMENTS(topologies)], loss,
      networks[seed % G_N_ELEMENTS(networks)], seed % 3 ? "every" : "coalesce");
  GsResults *results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
  results->scenario = NULL;
  return results;
}

/** Who missed the flood looks again after a minute at the latest, the next ones after two. */
Test(lossy_recovery, everyone_is_in_sync_soon_whatever_is_lost) {
  for (guint seed = 1; seed <= 100; seed++) {
    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
      g_autoptr(GsResults) results = run(seed, rates[i]);
      cr_expect(results->converged, "seed %u, loss %g", seed, rates[i]);
      cr_expect(results->quiescent, "seed %u, loss %g", seed, rates[i]);
      cr_expect_eq(results->open_waves, 0, "seed %u, loss %g", seed, rates[i]);
      cr_expect_lt(results->quiescent_at_ns, 200 * GS_SECOND_NS,
                   "seed %u, loss %g: %" G_GINT64_FORMAT, seed, rates[i], results->quiescent_at_ns);
    }
  }
}

/** In a grid where floods come along several links, that takes seconds and few messages more. */
Test(lossy_recovery, a_small_world_is_in_sync_within_seconds_for_few_messages_more) {
  static const double factor[] = {1.3, 2, 4};
  uint64_t without = gs_cost_sync(40, 80);
  for (guint seed = 0; seed < 10; seed++) {
    for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
      g_autoptr(GsScenario) scenario = gs_test_scenario(
          "{'seed': %u, 'topology': {%s}, 'network': {'latency': '10ms', 'loss': %g},"
          " 'recovery': 'standard', 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}",
          seed, topologies[0], rates[i]);
      g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
      uint64_t sent = gs_message_counts_total(&results->messages);
      cr_expect(results->converged && results->quiescent, "seed %u, loss %g", seed, rates[i]);
      cr_expect_lt(results->quiescent_at_ns, 30 * GS_SECOND_NS, "seed %u, loss %g", seed, rates[i]);
      cr_expect_lt((double)sent, factor[i] * (double)without, "seed %u, loss %g: %u", seed,
                   rates[i], (unsigned)sent);
    }
  }
}

/** Somebody crashes every other second, with what it keeps of waves that it answered. */
static gsize memory_with_crashes_until(uint32_t end_s, uint32_t workers) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'complete', 'nodes': 12}, 'recovery': {'resync': '5s'},"
      " 'network': {'latency': '10ms', 'loss': 0.02}, 'until': '%us',"
      " 'schedule': [{'at': '1s', 'every': '1s', 'until': '%us', 'node': {'random': 1},"
      "               'production': {'uniform': [1, 1000]}}],"
      " 'faults': [{'crash': {'random': 1}, 'mean_gap': '2s', 'for': '1s', 'from': '1s',"
      "             'until': '%us'}]}",
      end_s, end_s, end_s);
  g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, workers);
  return results->memory_bytes;
}

Test(lossy_recovery, a_run_takes_no_more_memory_however_often_nodes_crash) {
  for (uint32_t workers = 1; workers <= 3; workers += 2) {
    gsize few = memory_with_crashes_until(100, workers);
    gsize many = memory_with_crashes_until(700, workers);
    cr_expect_leq(many, few, "%u workers: %zu and %zu bytes", workers, many, few);
  }
}

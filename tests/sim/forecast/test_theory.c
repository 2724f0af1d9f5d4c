/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/forecast/theory.h"
#include "tests/sim/sim_support.h"

#define MS INT64_C(1000000)

/** Members of all families with about 5 to 40 nodes; %u is the number of nodes. */
static const char *const grids[] = {
    "{'kind': 'line', 'nodes': %u}",
    "{'kind': 'ring', 'nodes': %u}",
    "{'kind': 'star', 'nodes': %u}",
    "{'kind': 'tree', 'nodes': %u, 'arity': 3}",
    "{'kind': 'complete', 'nodes': %u}",
    "{'kind': 'lattice', 'rows': %u, 'columns': 3}",
    "{'kind': 'lattice', 'rows': %u, 'columns': 4, 'torus': true}",
    "{'kind': 'barabasi-albert', 'nodes': %u, 'm': 2}",
    "{'kind': 'watts-strogatz', 'nodes': %u, 'k': 4, 'p': 0.2}",
    "{'kind': 'random-regular', 'nodes': %u, 'k': 4}",
    "{'kind': 'erdos-renyi', 'nodes': %u, 'p': 0.12}",
    "{'kind': 'geometric', 'nodes': %u, 'radius': 0.25}",
};

static const char *const networks[] = {
    "{'latency': '3ms'}",
    "{'latency': {'uniform': ['3ms', '90ms']}}",
    "{'latency': '3ms', 'jitter': {'exponential': '20ms'}}",
    "{'latency': {'lognormal': {'median': '5ms', 'sigma': 1}}}",
    "{'latency': '3ms', 'jitter': '50ms', 'fifo': false}",
};

static GsScenario *scenario_of(const char *grid, uint32_t nodes, const char *network,
                               uint32_t seed) {
  g_autoptr(GString) topology = g_string_new(grid);
  g_autofree char *number = g_strdup_printf("%u", nodes);
  g_string_replace(topology, "%u", number, 0);
  return gs_test_scenario("{'seed': %u, 'topology': %s, 'network': %s,"
                          " 'energy': [{'node': '*', 'production': {'uniform': [0, 99]}}],"
                          " 'schedule': [{'at': '1s', 'node': {'random': 1}, 'production': 1000}]}",
                          seed, topology->str, network);
}

static void check_run(const GsScenario *scenario, const char *what) {
  GsTheory theory;
  gs_theory_of(scenario, &theory);
  g_autoptr(GsResults) results = gs_test_run(scenario);
  gs_test_assert_settled(results, what);
  cr_assert_eq(gs_message_counts_total(&results->messages), theory.messages, "%s", what);
  int64_t took_ns = results->disturbances[0].converged_after_ns;
  cr_assert(theory.hops_known, "%s", what);
  cr_assert_geq(took_ns, theory.time_low_ns, "%s: %" PRId64, what, took_ns);
  if (theory.time_high_ns >= 0) {
    cr_assert_leq(took_ns, theory.time_high_ns, "%s: %" PRId64, what, took_ns);
    cr_assert(took_ns / (3 * MS) >= theory.hops_low && took_ns / (3 * MS) <= theory.hops_high);
    cr_assert_leq(theory.hops_high, theory.hops_low + 2);
  } else {
    cr_assert_eq(theory.hops_high, theory.hops_low ? GS_THEORY_NO_HOPS : 0);
  }
  cr_assert_eq(theory.messages_known, scenario->fifo, "%s", what);
}

Test(theory, runs_on_all_families_and_networks_are_as_theory_says) {
  for (guint grid = 0; grid < G_N_ELEMENTS(grids); grid++)
    for (guint network = 0; network < G_N_ELEMENTS(networks); network++)
      for (uint32_t seed = 1; seed <= 12; seed++) {
        uint32_t nodes = 6 + (seed * 7 + grid) % 31;
        g_autoptr(GsScenario) scenario = scenario_of(grids[grid], nodes, networks[network], seed);
        g_autofree char *what = g_strdup_printf("%s, %u nodes, %s, seed %u", grids[grid], nodes,
                                                networks[network], seed);
        check_run(scenario, what);
      }
}

static GsTheory theory_of(const char *text) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  GsTheory theory;
  gs_theory_of(scenario, &theory);
  return theory;
}

#define UPDATE(node) "'schedule': [{'at': 0, 'node': '" node "', 'production': 5}]}"

static void expect_hops(const char *text, uint32_t low, uint32_t high) {
  GsTheory theory = theory_of(text);
  cr_expect(theory.hops_known, "%s", text);
  cr_expect_eq(theory.hops_low, low, "%s: %u", text, theory.hops_low);
  cr_expect_eq(theory.hops_high, high, "%s: %u", text, theory.hops_high);
  cr_expect_eq(theory.time_low_ns, low * MS);
  cr_expect_eq(theory.time_high_ns, high * MS);
}

Test(theory, hops_are_as_by_hand_on_small_grids) {
  expect_hops("{'topology': {'kind': 'line', 'nodes': 1}, " UPDATE("N1"), 0, 0);
  expect_hops("{'topology': {'kind': 'line', 'nodes': 2}, " UPDATE("N1"), 3, 3);
  expect_hops("{'topology': {'kind': 'line', 'nodes': 3}, " UPDATE("N1"), 6, 6);
  expect_hops("{'topology': {'kind': 'line', 'nodes': 3}, " UPDATE("N2"), 5, 5);
  expect_hops("{'topology': {'kind': 'star', 'nodes': 9}, " UPDATE("N2"), 6, 6);
  expect_hops("{'topology': {'kind': 'ring', 'nodes': 3}, " UPDATE("N2"), 3, 5);
  expect_hops("{'topology': {'kind': 'ring', 'nodes': 4}, " UPDATE("N2"), 6, 8);
  expect_hops("{'topology': {'kind': 'complete', 'nodes': 7}, " UPDATE("N2"), 3, 5);
  /* Two islands: that of the update counts. */
  expect_hops("{'nodes': [{}, {}, {}, {}, {}], 'links': [['N1', 'N2'], ['N3', 'N4'], ['N4', 'N5']],"
              "" UPDATE("N1"),
              3, 3);
}

Test(theory, an_update_that_does_not_change_the_truth_takes_no_time) {
  expect_hops("{'nodes': [{'production': 5}, {}], 'links': [['N1', 'N2']], " UPDATE("N1"), 0, 0);
  expect_hops("{'nodes': [{}, {'consumption': 5}], 'links': [['N1', 'N2']], 'start': 'cold',"
              "" UPDATE("N1"),
              0, 0);
  expect_hops("{'nodes': [{'production': 5}, {}], 'links': [['N1', 'N2']], 'start': 'cold',"
              "" UPDATE("N1"),
              3, 3);
}

#define TWO "{'nodes': [{'production': 7, 'consumption': 4}, {}], 'links': [['N1', 'N2']], "

Test(theory, an_update_changes_the_truth_by_what_it_gives_of_both_energies) {
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'consumption': 4}]}", 0, 0);
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'production': 7}]}", 0, 0);
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'consumption': 7}]}", 3, 3);
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'production': 4}]}", 3, 3);
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'production': 9, 'consumption': 6}]}", 0,
              0);
  expect_hops(TWO "'schedule': [{'at': 0, 'node': 'N1', 'production': 9, 'consumption': 2}]}", 3,
              3);
}

Test(theory, cold_starts_take_as_long_as_theory_says) {
  for (uint32_t other = 0; other <= 10; other++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'nodes': [{'production': 5}, {'consumption': %u}, {}], 'start': 'cold',"
                         " 'links': [['N1', 'N2'], ['N2', 'N3']],"
                         " 'schedule': [{'at': 0, 'node': 'N1', 'production': 5}]}",
                         other);
    GsTheory theory;
    gs_theory_of(scenario, &theory);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_expect(theory.hops_known);
    cr_expect_eq(results->disturbances[0].converged_after_ns, theory.time_low_ns, "%u", other);
    cr_expect_eq(theory.hops_low, other == 5 ? 0 : 6);
  }
}

Test(theory, hops_are_known_only_of_one_update_of_one_node_without_pace_and_handshakes) {
  static const char *const unknown[] = {
      "{'topology': {'kind': 'ring', 'nodes': 5}}",
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'schedule': [{'at': 0, 'sync_grid': 'N1'}]}",
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'schedule': [{'at': 0, 'update_net': 'N1'}]}",
      "{'topology': {'kind': 'ring', 'nodes': 5},"
      " 'schedule': [{'at': 0, 'node': ['N1', 'N2'], 'production': 1}]}",
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'schedule': ["
      "{'at': 0, 'every': '1s', 'until': '1s', 'node': 'N1', 'production': 1}]}",
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'pace': 'original', " UPDATE("N1"),
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'handshake': {}, " UPDATE("N1"),
      "{'nodes': [{}, {}, {}], 'links': [['N1', 'N2']], 'start': 'cold', " UPDATE("N1"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
    cr_expect_not(theory_of(unknown[i]).hops_known, "%s", unknown[i]);
  /* What would come after the end does not count. */
  expect_hops("{'topology': {'kind': 'ring', 'nodes': 5}, 'until': '1s', 'schedule': ["
              "{'at': 0, 'every': '2s', 'node': 'N1', 'production': 1}]}",
              6, 8);
}

Test(theory, messages_are_known_only_where_nothing_can_make_them_fewer_or_more) {
  static const struct {
    const char *text;
    bool known;
  } cases[] = {
      {"{'topology': {'kind': 'ring', 'nodes': 5}, " UPDATE("N1"), true},
      {"{'topology': {'kind': 'ring', 'nodes': 5}}", true},
      {"{'topology': {'kind': 'ring', 'nodes': 5}, 'pace': 'original', " UPDATE("*"), true},
      {"{'topology': {'kind': 'ring', 'nodes': 5}, 'sync': 'coalesce', " UPDATE("N1"), false},
      {"{'topology': {'kind': 'ring', 'nodes': 5}, 'until': '9s', " UPDATE("N1"), false},
      {"{'topology': {'kind': 'ring', 'nodes': 5}, 'handshake': {}, " UPDATE("N1"), false},
      {"{'topology': {'kind': 'ring', 'nodes': 5}, 'network': {'fifo': false}, " UPDATE("N1"),
       true},
      {"{'topology': {'kind': 'ring', 'nodes': 5},"
       " 'network': {'fifo': false, 'jitter': '1ms'}, " UPDATE("N1"),
       false},
      {"{'nodes': [{}, {}], 'links': [{'between': ['N1', 'N2'], 'jitter': '1ms'}],"
       " 'network': {'fifo': false}, " UPDATE("N1"),
       false},
      {"{'nodes': [{}, {}], 'links': [{'between': ['N1', 'N2'], 'latency': '9ms'}],"
       " 'network': {'fifo': false}, " UPDATE("N1"),
       true},
      {"{'nodes': [{}, {}], 'schedule': [{'at': 0, 'add_sibling': ['N1', 'N2']}]}", false},
      /* One more than are counted one by one. */
      {"{'nodes': [{}, {}], 'schedule': ["
       "{'at': 0, 'every': '1ms', 'until': '1000s', 'node': 'N1', 'production': 1}]}",
       false},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_expect_eq(theory_of(cases[i].text).messages_known, cases[i].known, "%s", cases[i].text);
}

Test(theory, too_large_grids_have_no_hops_and_large_times_do_not_wrap_round) {
  GsTheory theory = theory_of("{'topology': {'kind': 'ring', 'nodes': 20000}, " UPDATE("N1"));
  cr_expect_not(theory.hops_known);
  cr_expect(theory.messages_known);
  theory = theory_of("{'topology': {'kind': 'line', 'nodes': 100}, 'network': {'latency': "
                     "'36525d'}, " UPDATE("N1"));
  cr_expect(theory.hops_known && theory.hops_low == 297);
  cr_expect_eq(theory.time_low_ns, GS_TIME_NEVER);
  cr_expect_eq(theory.time_high_ns, GS_TIME_NEVER);
}

Test(theory, what_may_be_lost_or_doubled_has_no_upper_bound) {
  static const char *const lossy[] = {"'loss': 0.1", "'loss': 0.1, 'transport': {'tries': 3}",
                                      "'duplicate': 0.1"};
  for (guint i = 0; i < G_N_ELEMENTS(lossy); i++) {
    g_autofree char *text = g_strdup_printf("{'topology': {'kind': 'line', 'nodes': 3}, "
                                            "'network': {'latency': '1ms', %s}, " UPDATE("N1"),
                                            lossy[i]);
    GsTheory theory = theory_of(text);
    cr_expect(theory.hops_known && !theory.messages_known, "%s", lossy[i]);
    cr_expect_eq(theory.time_low_ns, 6 * MS, "%s", lossy[i]);
    cr_expect_eq(theory.time_high_ns, -1, "%s", lossy[i]);
    cr_expect_eq(theory.hops_high, GS_THEORY_NO_HOPS, "%s", lossy[i]);
  }
}

Test(theory, the_growth_of_messages_comes_near_its_limit) {
  static const GsTopologyKind unknown[] = {GS_TOPOLOGY_ERDOS_RENYI, GS_TOPOLOGY_GEOMETRIC,
                                           GS_TOPOLOGY_FILE};
  double limit;
  for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
    cr_expect_not(gs_theory_growth_limit(unknown[i], &limit));
  for (guint grid = 0; grid < 10; grid++) {
    g_autoptr(GsScenario) small = scenario_of(grids[grid], 500, networks[0], 1);
    g_autoptr(GsScenario) large = scenario_of(grids[grid], 1000, networks[0], 1);
    uint32_t kind = 0;
    while (!strstr(grids[grid], gs_topology_kind_names[kind]))
      kind++;
    GsTheory of_small, of_large;
    gs_theory_of(small, &of_small);
    gs_theory_of(large, &of_large);
    cr_assert(gs_theory_growth_limit((GsTopologyKind)kind, &limit));
    double slope = log2((double)of_large.messages / (double)of_small.messages);
    cr_expect_float_eq(slope, limit, 0.01, "%s: %g", grids[grid], slope);
  }
}

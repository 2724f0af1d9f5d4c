/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "tests/sim/sim_support.h"

/* The closed forms of docs/PROTOCOL.md hold exactly, whatever the grid and the delays. */

static const char *const networks[] = {
    "{'latency': '1ms'}",
    "{'latency': 0}",
    "{'latency': '10ms', 'jitter': '40ms'}",
    "{'latency': {'uniform': ['1ms', '90ms']}, 'jitter': {'exponential': '20ms'}}",
    "{'latency': {'exponential': '3ms'}, 'jitter': {'lognormal': {'median': '2ms', 'sigma': 2}}}",
    "{'latency': {'lognormal': {'median': '5ms', 'sigma': 1}}}",
};

/** How a family is written for a number of nodes; NULL: the family has no such member. */
static char *topology(guint family, guint nodes) {
  static const char *const by_nodes[] = {"line", "ring", "star", "tree", "complete"};
  if (family < G_N_ELEMENTS(by_nodes))
    return g_strdup_printf("{'kind': '%s', 'nodes': %u}", by_nodes[family], nodes);
  switch (family - G_N_ELEMENTS(by_nodes)) {
  case 0:
    return g_strdup_printf("{'kind': 'tree', 'nodes': %u, 'arity': 5}", nodes);
  case 1:
    return g_strdup_printf("{'kind': 'lattice', 'rows': %u, 'columns': %u}", MAX(1, nodes / 7),
                           MIN(7, nodes));
  case 2:
    return g_strdup_printf("{'kind': 'lattice', 'rows': %u, 'columns': 4, 'torus': true}",
                           MAX(1, nodes / 4));
  case 3:
    return g_strdup_printf("{'kind': 'barabasi-albert', 'nodes': %u, 'm': 2}", MAX(3, nodes));
  case 4:
    return nodes < 6 ? NULL
                     : g_strdup_printf("{'kind': 'watts-strogatz', 'nodes': %u, 'k': 4, 'p': 0.2}",
                                       nodes);
  case 5:
    return nodes < 5 ? NULL
                     : g_strdup_printf("{'kind': 'random-regular', 'nodes': %u, 'k': 4}", nodes);
  case 6:
    return g_strdup_printf("{'kind': 'erdos-renyi', 'nodes': %u, 'p': %g}", nodes,
                           MIN(1.0, 4.0 / nodes));
  case 7:
    return g_strdup_printf("{'kind': 'geometric', 'nodes': %u, 'radius': %g}", nodes,
                           nodes < 20 ? 0.6 : 0.2);
  default:
    return NULL;
  }
}
#define FAMILIES 13u

/** Islands count for themselves: the sum over them of what holds for a connected grid. */
static uint64_t expected_of_all(const GsResults *results) {
  g_autofree uint64_t *nodes = g_new0(uint64_t, results->island_count);
  g_autofree uint64_t *sides = g_new0(uint64_t, results->island_count);
  for (uint32_t i = 0; i < results->node_count; i++) {
    nodes[results->nodes[i].island]++;
    sides[results->nodes[i].island] += results->nodes[i].sibling_count;
  }
  uint32_t told = results->nodes[0].island;
  return gs_test_update_messages(nodes[told], sides[told] / 2);
}

static void check_one(guint family, guint nodes, guint network, guint seed, const char *sync) {
  g_autofree char *graph = topology(family, nodes);
  if (!graph)
    return;
  g_autofree char *what = g_strdup_printf("%s %s seed %u %s", graph, networks[network], seed, sync);
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'seed': %u, 'topology': %s, 'network': %s, 'sync': '%s',"
      " 'energy': [{'node': '*', 'production': {'uniform': [0, 100]}}],"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 7, 'consumption': 1000}]}",
      seed, graph, networks[network], sync);
  g_autoptr(GsResults) results = gs_test_run(scenario);
  gs_test_assert_settled(results, what);
  uint64_t expected = expected_of_all(results);
  cr_assert_eq(gs_message_counts_total(&results->messages), expected, "%s: %" PRIu64 " messages",
               what, gs_message_counts_total(&results->messages));
  cr_assert_eq(gs_message_counts_total(&results->disturbances[0].messages), expected);
  cr_assert_eq(gs_message_counts_by_envelope(&results->messages, GS_ASK),
               gs_message_counts_by_envelope(&results->messages, GS_RESPONSE), "%s", what);
}

Test(counts, an_update_costs_exactly_the_closed_form_on_every_small_grid) {
  for (guint family = 0; family < FAMILIES; family++) {
    for (guint nodes = 2; nodes <= 24; nodes++) {
      for (guint network = 0; network < G_N_ELEMENTS(networks); network++)
        check_one(family, nodes, network, nodes * 7 + network, "every");
    }
  }
}

Test(counts, an_update_costs_exactly_the_closed_form_on_larger_grids) {
  static const guint sizes[] = {33, 64, 65, 100, 130, 200};
  for (guint family = 0; family < FAMILIES; family++) {
    bool dense = family == 4; /* the complete graph costs N³ */
    for (guint i = 0; i < (dense ? 3 : G_N_ELEMENTS(sizes)); i++)
      check_one(family, sizes[i], (family + i) % G_N_ELEMENTS(networks), i + 1, "every");
  }
  check_one(4, 200, 0, 1, "every");
}

Test(counts, several_seeds_and_both_syncs_agree_where_reasons_do_not_overlap) {
  for (guint seed = 1; seed <= 12; seed++) {
    for (guint family = 0; family < FAMILIES; family++)
      check_one(family, 20 + seed, seed % G_N_ELEMENTS(networks), seed * 31, "coalesce");
  }
}

Test(counts, an_update_net_costs_one_wave_and_a_sync_grid_a_flood_and_all_waves) {
  for (guint nodes = 2; nodes < 40; nodes++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'ring', 'nodes': %u}, 'network': {'jitter': '3ms'},"
        " 'schedule': [{'at': 1, 'update_net': 'N1'}, {'at': 9, 'sync_grid': 'N2'}]}",
        nodes);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    uint64_t links = nodes == 2 ? 1 : nodes, once = 2 * links - nodes + 1;
    cr_assert_eq(gs_message_counts_total(&results->disturbances[0].messages), 2 * once);
    cr_assert_eq(gs_message_counts_total(&results->disturbances[1].messages),
                 gs_test_update_messages(nodes, links));
    cr_assert_eq(gs_message_counts_by_type(&results->disturbances[1].messages, GS_SYNC_GRID), once);
  }
}

Test(counts, overlapping_updates_are_each_charged_what_they_cost_alone) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'watts-strogatz', 'nodes': 40, 'k': 4, 'p': 0.1},"
      " 'network': {'latency': '10ms', 'jitter': '10ms'},"
      " 'schedule': [{'at': '1s', 'every': '1ms', 'until': '1030ms', 'node': ['N1', 'N20'],"
      " 'production': {'uniform': [0, 1000]}}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  gs_test_assert_settled(results, "overlap");
  cr_assert_eq(results->disturbance_count, 31);
  for (uint32_t i = 0; i < results->disturbance_count; i++)
    cr_assert_eq(gs_message_counts_total(&results->disturbances[i].messages),
                 2 * gs_test_update_messages(40, 80));
}

Test(counts, links_made_by_handshakes_cost_two_messages_more_and_end_on_both_sides) {
  for (guint seed = 1; seed <= 20; seed++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'seed': %u, 'topology': {'kind': 'erdos-renyi', 'nodes': 14, 'p': 0.3},"
                         " 'network': {'latency': '5ms', 'jitter': '5ms'},"
                         " 'energy': [{'node': '*', 'production': {'uniform': [1, 1000]}}],"
                         " 'handshake': {'at': '1s', 'every': '%s'}}",
                         seed, seed % 2 ? "10s" : "7ms");
    g_autoptr(GsResults) results = gs_test_run(scenario);
    gs_test_assert_settled(results, "handshakes");
    cr_assert_eq(results->link_count, scenario->link_count);
    cr_assert_eq(gs_message_counts_by_type(&results->messages, GS_ADD_SIBLING),
                 2u * scenario->link_count);
  }
}

Test(counts, a_wave_is_back_within_twice_the_eccentricity_and_two_hops) {
  for (guint nodes = 2; nodes <= 60; nodes++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': 'line', 'nodes': %u}, 'start': 'cold',"
                         " 'network': {'latency': '1s'},"
                         " 'energy': [{'node': '*', 'production': 1}],"
                         " 'schedule': [{'at': 0, 'update_net': 'N1'}]}",
                         nodes);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_assert_eq(results->nodes[0].gridnet, nodes);
    /* On a line from its end there is no duplicate: exactly there and back. */
    cr_assert_eq(results->quiescent_at_ns, 2 * (nodes - 1) * GS_SECOND_NS);
  }
}

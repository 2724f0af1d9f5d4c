/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/network/link.h"
#include "tests/sim/sim_support.h"

/* Links whose latency changes by add_sibling. */

#define MS INT64_C(1000000)

static GsScenario *changing(const char *fifo) {
  return gs_test_scenario(
      "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'network': {'fifo': %s},"
      " 'links': [{'between': ['A', 'B'], 'latency': '20ms'}, ['B', 'C']],"
      " 'schedule': [{'at': '300ms', 'add_sibling': ['B', 'A'], 'latency': '7ms'},"
      "              {'at': '100ms', 'add_sibling': ['A', 'B'], 'latency': '5ms'},"
      "              {'at': '200ms', 'add_sibling': ['A', 'B']},"
      "              {'at': '300ms', 'add_sibling': ['A', 'B'], 'latency': '6ms'},"
      "              {'at': '400ms', 'node': 'A', 'production': 3}]}",
      fifo);
}

Test(link_changes, hold_from_their_moment_on_in_order_and_both_ways) {
  static const struct {
    int64_t sent_ms, takes_ms;
  } cases[] = {{0, 20}, {99, 20}, {120, 5}, {200, 5}, {299, 5}, {300, 6}, {1000, 6}};
  g_autoptr(GsScenario) scenario = changing("false");
  GsNetwork network;
  gs_network_init(&network, scenario);
  cr_expect_eq(network.lookahead_ns, 1 * MS, "that of B and C");
  for (uint32_t from = 0; from < 2; from++) {
    GsSenderLinks set = {0};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
      int64_t sent = cases[i].sent_ms * MS;
      cr_expect_eq(gs_link_due_ns(&network, &set, from, !from, 0, sent) - sent,
                   cases[i].takes_ms * MS, "sent at %d", (int)cases[i].sent_ms);
      cr_expect_eq(gs_link_due_ns(&network, &set, from, 2, 1, sent) - sent, MS);
    }
    gs_sender_links_clear(&set);
  }
  gs_network_clear(&network);
}

Test(link_changes, to_a_faster_link_let_no_message_overtake_in_order) {
  for (guint fifo = 0; fifo < 2; fifo++) {
    g_autoptr(GsScenario) scenario = changing(fifo ? "true" : "false");
    GsNetwork network;
    GsSenderLinks set = {0};
    gs_network_init(&network, scenario);
    cr_expect_eq(gs_link_due_ns(&network, &set, 0, 1, 0, 99 * MS), 119 * MS);
    cr_expect_eq(gs_link_due_ns(&network, &set, 0, 1, 0, 100 * MS), (fifo ? 119 : 105) * MS);
    cr_expect_eq(gs_link_due_ns(&network, &set, 0, 1, 0, 118 * MS), 123 * MS);
    gs_sender_links_clear(&set);
    gs_network_clear(&network);
  }
}

Test(link_changes, bound_windows_by_the_least_latency_that_will_ever_hold) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A'}, {'name': 'B'}], 'network': {'latency': '9ms'},"
                       " 'links': [['A', 'B']], 'schedule': ["
                       "{'at': '1s', 'add_sibling': ['A', 'B'], 'latency': '2ms'},"
                       "{'at': '2s', 'add_sibling': ['A', 'B'], 'latency': '12ms'}]}");
  GsNetwork network;
  gs_network_init(&network, scenario);
  cr_expect_not(network.uniform);
  cr_expect_eq(network.lookahead_ns, 2 * MS);
  gs_network_clear(&network);
}

Test(link_changes, are_the_same_for_every_runner_and_end_in_sync) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'ring', 'nodes': 12}, 'network': {'latency': '9ms', 'jitter': '3ms'},"
      " 'schedule': [{'at': '1s', 'node': '*', 'production': {'uniform': [0, 9]}},"
      "              {'at': '1.02s', 'add_sibling': ['N1', 'N2'], 'latency': '1ms'},"
      "              {'at': '1.03s', 'add_sibling': ['N7', 'N6'], 'jitter': {'exponential': "
      "'4ms'}},"
      "              {'at': '1.05s', 'add_sibling': ['N2', 'N1'], 'latency': '30ms'}]}");
  g_autoptr(GsResults) one = gs_test_run(scenario);
  gs_test_assert_settled(one, "changing links");
  cr_expect_eq(gs_message_counts_total(&one->messages), 12 * gs_test_update_messages(12, 12));
  for (uint32_t workers = 2; workers <= 3; workers++) {
    g_autoptr(GsResults) other =
        gs_test_run_with(scenario, workers == 2 ? GS_RUNNER_THREADS : GS_RUNNER_POOL, workers);
    cr_expect_str_eq(one->digest, other->digest);
  }
}

Test(link_changes, of_jitter_hold_for_the_next_message_and_draw_by_its_number) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{'name': 'A'}, {'name': 'B'}],"
      " 'network': {'latency': '1ms', 'jitter': {'uniform': ['1ms', '2ms']}, 'fifo': false},"
      " 'links': [['A', 'B']], 'schedule': [{'at': '100ms', 'add_sibling': ['A', 'B'],"
      " 'latency': '1ms', 'jitter': {'uniform': ['70ms', '80ms']}}]}");
  const GsDistribution later = {GS_DISTRIBUTION_UNIFORM, 70 * MS, 80 * MS};
  for (uint32_t before = 0; before < 30; before++) {
    GsNetwork network;
    GsSenderLinks set = {0};
    gs_network_init(&network, scenario);
    for (uint32_t i = 0; i < before; i++)
      cr_expect_leq(gs_link_due_ns(&network, &set, 0, 1, 0, 0), 3 * MS);
    for (uint32_t i = before; i < before + 12; i++) {
      GsDraw at = {scenario->seed, GS_PURPOSE_JITTER, 1, i};
      int64_t jitter = gs_distribution_draw(&later, at, 0, GS_TIME_MAX_NS);
      cr_assert_eq(gs_link_due_ns(&network, &set, 0, 1, 0, 100 * MS), 101 * MS + jitter);
    }
    gs_sender_links_clear(&set);
    gs_network_clear(&network);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/network/link.h"
#include "tests/sim/sim_support.h"

/* When what is sent on a link arrives: latency, jitter, order, and the least that anything takes.
 */

#define NODES 40u
#define MS ((int64_t)1000000)

typedef struct {
  GsScenario *scenario;
  GsNetwork network;
  GsSenderLinks sets[NODES];
} Net;

static void net_init(Net *net, const char *members) {
  *net = (Net){.scenario = gs_test_scenario("{%s}", members)};
  gs_network_init(&net->network, net->scenario);
}

static void net_clear(Net *net) {
  for (uint32_t i = 0; i < NODES; i++)
    gs_sender_links_clear(&net->sets[i]);
  gs_network_clear(&net->network);
  gs_scenario_free(net->scenario);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Net, net_clear)

static int64_t due(Net *net, uint32_t from, uint32_t to, int64_t now_ns) {
  uint32_t guess = to % 16; /* sometimes right */
  return gs_link_due_ns(&net->network, &net->sets[from], from, to, guess, now_ns);
}

Test(link, has_one_latency_both_ways_and_for_good) {
  g_auto(Net) net;
  net_init(&net, "'topology': {'kind': 'complete', 'nodes': 40},"
                 "'network': {'latency': {'uniform': ['1ms', '90ms']}}");
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  for (uint32_t a = 0; a < NODES; a++) {
    for (uint32_t b = 0; b < a; b++) {
      int64_t there = due(&net, a, b, 0);
      cr_assert(there >= MS && there <= 90 * MS);
      cr_assert_eq(due(&net, b, a, 0), there, "%u and %u", a, b);
      cr_assert_eq(due(&net, a, b, 5 * MS), there + 5 * MS);
      g_hash_table_add(seen, GSIZE_TO_POINTER(there));
    }
  }
  cr_expect_gt(g_hash_table_size(seen), NODES * (NODES - 1) / 2 - 10, "links differ");
}

Test(link, says_for_itself_what_differs_from_the_network) {
  g_auto(Net) net;
  net_init(&net, "'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}],"
                 "'network': {'latency': '10ms'},"
                 "'links': [['A', 'B'], {'between': ['B', 'C'], 'latency': '3ms', 'jitter': "
                 "{'uniform': ['1ms', '1ms']}}]");
  cr_expect_eq(due(&net, 0, 1, 0), 10 * MS);
  cr_expect_eq(due(&net, 1, 0, 0), 10 * MS);
  cr_expect_eq(due(&net, 1, 2, 0), 4 * MS);
  cr_expect_eq(due(&net, 2, 1, 0), 4 * MS);
  cr_expect_eq(net.network.lookahead_ns, 4 * MS, "no message takes less");
}

Test(link, of_a_schedule_counts_for_the_least_that_a_message_takes) {
  g_auto(Net) net;
  net_init(&net, "'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'links': [['A', 'B']],"
                 "'network': {'latency': '10ms'},"
                 "'schedule': [{'at': 1, 'add_sibling': ['B', 'C'], 'latency': '2ms'}]");
  cr_expect_eq(due(&net, 2, 1, 2 * GS_SECOND_NS), 2 * GS_SECOND_NS + 2 * MS);
  cr_expect_eq(net.network.lookahead_ns, 2 * MS);
}

Test(link, draws_a_jitter_for_each_message_and_direction) {
  g_auto(Net) net;
  net_init(&net, "'topology': {'kind': 'line', 'nodes': 2},"
                 "'network': {'latency': '1ms', 'jitter': {'uniform': [0, '9ms']}, 'fifo': false}");
  cr_expect_not(net.network.uniform);
  uint32_t same = 0, again = 0, overtaken = 0;
  int64_t before = 0;
  for (int i = 0; i < 1000; i++) {
    int64_t there = due(&net, 0, 1, 0), back = due(&net, 1, 0, 0);
    cr_assert(there >= MS && there <= 10 * MS && back >= MS && back <= 10 * MS);
    same += there == back;
    again += there == before;
    overtaken += there < before;
    before = there;
  }
  cr_expect_leq(same, 2);
  cr_expect_leq(again, 2);
  cr_expect(overtaken > 400 && overtaken < 600, "%u", overtaken);
}

Test(link, draws_the_jitter_of_a_message_by_its_number_however_long_it_is) {
  static const char *const jitters[] = {
      "{'exponential': '1ms'}",
      "{'exponential': '2s'}",
      "{'exponential': '30d'}",
      "{'uniform': ['4294ms', '4295ms']}",
      "{'lognormal': {'median': '4s', 'sigma': 1}}",
      "'4294967296ns'",
  };
  for (guint k = 0; k < G_N_ELEMENTS(jitters); k++) {
    g_auto(Net) net;
    g_autofree char *members =
        g_strdup_printf("'topology': {'kind': 'line', 'nodes': 3}, 'seed': 5,"
                        "'network': {'latency': '1ms', 'jitter': %s, 'fifo': false}",
                        jitters[k]);
    net_init(&net, members);
    for (uint64_t i = 0; i < 200; i++) {
      GsDraw at = {5, GS_PURPOSE_JITTER, UINT64_C(1) << 32 | 2, i};
      int64_t jitter = gs_distribution_draw(&net.scenario->jitter, at, 0, GS_TIME_MAX_NS);
      cr_assert_eq(due(&net, 1, 2, 7), 7 + MS + jitter, "%s, %d", jitters[k], (int)i);
    }
  }
}

Test(link, that_keeps_order_lets_nothing_overtake) {
  g_auto(Net) net;
  net_init(&net, "'topology': {'kind': 'complete', 'nodes': 40},"
                 "'network': {'latency': '1ms', 'jitter': {'exponential': '20ms'}}");
  int64_t last[NODES] = {0};
  uint32_t held = 0;
  for (int i = 0; i < 400; i++) {
    for (uint32_t to = 1; to < NODES; to++) {
      int64_t now = i * MS, arrives = due(&net, 0, to, now);
      cr_assert_geq(arrives, MAX(last[to], now + MS));
      held += arrives == last[to];
      last[to] = arrives;
    }
  }
  cr_expect_gt(held, 1000, "what was delayed holds up what comes after it");
}

Test(link, is_one_of_a_uniform_network_only_where_all_are_alike) {
  static const struct {
    const char *network, *link;
    bool uniform;
  } cases[] = {
      {"{'latency': '5ms'}", "['N1', 'N2']", true},
      {"{'latency': 0}", "['N1', 'N2']", true},
      {"{'latency': '5ms', 'jitter': '1ms'}", "['N1', 'N2']", false},
      {"{'latency': '5ms', 'jitter': {'constant': '1ms'}}", "['N1', 'N2']", false},
      {"{'latency': {'uniform': ['4ms', '5ms']}}", "['N1', 'N2']", false},
      {"{'latency': '5ms'}", "{'between': ['N1', 'N2'], 'latency': '6ms'}", false},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *members =
        g_strdup_printf("'nodes': [{'name': 'N1'}, {'name': 'N2'}], 'network': %s, 'links': [%s]",
                        cases[i].network, cases[i].link);
    g_auto(Net) net;
    net_init(&net, members);
    cr_expect_eq(net.network.uniform, cases[i].uniform, "%s", members);
    if (cases[i].uniform)
      cr_expect_eq(net.network.uniform_ns, net.network.lookahead_ns);
  }
}

Test(link, of_a_hub_is_found_among_many) {
  g_auto(Net) net;
  net_init(&net, "'topology': {'kind': 'star', 'nodes': 40},"
                 "'network': {'latency': {'uniform': ['1ms', '90ms']}}");
  int64_t first[NODES];
  for (uint32_t to = 1; to < NODES; to++)
    first[to] = due(&net, 0, to, 0);
  for (uint32_t i = 0; i < 200; i++) {
    uint32_t to = 1 + i * 7 % (NODES - 1);
    cr_assert_eq(due(&net, 0, to, 0), first[to]);
  }
  cr_expect_eq(net.sets[0].made->count, NODES - 1, "each is made once");
}

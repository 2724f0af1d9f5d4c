/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/network/fate.h"
#include "tests/sim/sim_support.h"

/* What becomes of messages where they may be lost, doubled or tried again. */

#define NODES 4u
#define MS ((int64_t)1000000)

typedef struct {
  GsScenario *scenario;
  GsNetwork network;
  GsSenderLinks sets[NODES];
} Net;

/** A ring of four. */
static void net_init(Net *net, const char *members) {
  *net = (Net){.scenario = gs_test_scenario(
                   "{'topology': {'kind': 'ring', 'nodes': 4}, 'network': {%s}}", members)};
  gs_network_init(&net->network, net->scenario);
}

static void net_clear(Net *net) {
  for (uint32_t i = 0; i < NODES; i++)
    gs_sender_links_clear(&net->sets[i]);
  gs_network_clear(&net->network);
  gs_scenario_free(net->scenario);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Net, net_clear)

static GsFate fate(Net *net, uint32_t from, uint32_t to, int64_t now_ns) {
  return gs_link_fate(&net->network, &net->sets[from], from, to, 0, now_ns);
}

Test(fate, of_messages_is_to_be_asked_only_where_they_may_fail) {
  static const struct {
    const char *members;
    bool may_fail, uniform;
  } cases[] = {
      {"'latency': '5ms'", false, true},
      {"'loss': 0, 'duplicate': '0%', 'transport': {'tries': 4}", false, true},
      {"'loss': 0.1", true, true},
      {"'loss': '0.1%', 'jitter': '1ms'", true, false},
      {"'loss': 0.1, 'transport': {'tries': 2}", true, false},
      {"'duplicate': 1", true, false},
      {"'messages': [{'link': ['N1', 'N2'], 'number': 7, 'lost': true}]", true, true},
      {"'messages': [{'link': ['N1', 'N2'], 'number': 7, 'latency': '1ms'}]", true, false},
      {"'messages': []", false, true},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Net) net;
    net_init(&net, cases[i].members);
    cr_expect_eq(net.network.may_fail, cases[i].may_fail, "%s", cases[i].members);
    cr_expect_eq(net.network.uniform, cases[i].uniform, "%s", cases[i].members);
  }
}

Test(fate, is_to_be_lost_as_often_as_the_scenario_says) {
  static const double losses[] = {0.01, 0.2, 0.5, 0.95, 1};
  for (guint i = 0; i < G_N_ELEMENTS(losses); i++) {
    enum { MESSAGES = 4000 };
    g_autofree char *members = g_strdup_printf("'loss': %g", losses[i]);
    g_auto(Net) net;
    net_init(&net, members);
    uint32_t lost = 0, both = 0;
    for (int n = 0; n < MESSAGES; n++) {
      bool there = fate(&net, 0, 1, n).is_lost, back = fate(&net, 1, 0, n).is_lost;
      lost += there;
      both += there && back;
    }
    double p = losses[i], deviation = 5 * MESSAGES;
    cr_expect_leq((lost - p * MESSAGES) * (lost - p * MESSAGES), 5 * deviation * p * (1 - p),
                  "%u at %g", lost, p);
    cr_expect_leq((both - p * p * MESSAGES) * (both - p * p * MESSAGES),
                  5 * deviation * p * p * (1 - p * p), "directions have chances of their own");
  }
}

Test(fate, of_a_message_that_arrives_is_what_it_were_without_loss) {
  g_auto(Net) sure, lossy;
  net_init(&sure, "'latency': '1ms', 'jitter': {'exponential': '9ms'}, 'fifo': false");
  net_init(&lossy, "'latency': '1ms', 'jitter': {'exponential': '9ms'}, 'fifo': false,"
                   " 'loss': 0.3, 'duplicate': 0.2");
  uint32_t lost = 0, doubled = 0;
  for (int64_t n = 0; n < 2000; n++) {
    int64_t due = gs_link_due_ns(&sure.network, &sure.sets[2], 2, 3, 0, n * MS);
    GsFate may = fate(&lossy, 2, 3, n * MS);
    cr_assert_eq(may.due_ns, may.is_lost ? GS_TIME_NEVER : due);
    cr_assert_eq(may.told_ns, GS_TIME_NEVER, "nobody knows of a single try");
    lost += may.is_lost;
    if (may.double_due_ns == GS_TIME_NEVER)
      continue;
    doubled++;
    cr_assert(!may.is_lost && may.double_due_ns >= (n + 1) * MS && may.double_due_ns != due);
  }
  cr_expect(lost > 500 && lost < 700, "%u", lost);
  cr_expect(doubled > 200 && doubled < 360, "%u", doubled);
}

Test(fate, with_more_tries_is_to_arrive_later_and_seldom_not_at_all) {
  enum { MESSAGES = 8000 };
  g_auto(Net) net;
  net_init(&net, "'latency': '10ms', 'loss': 0.5, 'fifo': false,"
                 " 'transport': {'tries': 3, 'after': '200ms'}");
  uint32_t by_retries[3] = {0}, lost = 0;
  for (int64_t n = 0; n < MESSAGES; n++) {
    GsFate one = fate(&net, 0, 1, n * MS);
    cr_assert_lt(one.retries, 3);
    if (one.is_lost) {
      lost++;
      cr_assert_eq(one.retries, 2, "all tries were made");
      cr_assert_eq(one.told_ns, n * MS + 600 * MS, "when a fourth would be made");
    } else {
      by_retries[one.retries]++;
      cr_assert_eq(one.due_ns, n * MS + 10 * MS + 200 * MS * one.retries);
      cr_assert_eq(one.told_ns, GS_TIME_NEVER);
    }
  }
  cr_expect(lost > 900 && lost < 1100, "%u", lost);
  cr_expect(by_retries[0] > 3800 && by_retries[0] < 4200, "%u", by_retries[0]);
  cr_expect(by_retries[1] > 1800 && by_retries[1] < 2200, "%u", by_retries[1]);
}

Test(fate, is_told_after_a_round_trip_where_that_is_longer_than_the_wait) {
  g_auto(Net) net;
  net_init(&net, "'latency': '300ms', 'loss': 1, 'transport': {'tries': 16, 'after': '1ms'}");
  GsFate one = fate(&net, 0, 1, 5 * MS);
  cr_expect(one.is_lost && one.retries == 15);
  cr_expect_eq(one.told_ns, 5 * MS + 15 * MS + 600 * MS);
}

Test(fate, keeps_the_order_of_messages_their_tries_and_their_doubles) {
  g_auto(Net) net;
  net_init(&net, "'latency': '1ms', 'jitter': {'exponential': '9ms'}, 'loss': 0.4,"
                 " 'duplicate': 0.3, 'transport': {'tries': 4, 'after': '20ms'}");
  int64_t last = 0;
  uint32_t waited = 0, doubled = 0;
  for (int64_t n = 0; n < 2000; n++) {
    GsFate one = fate(&net, 0, 1, n * MS);
    if (one.is_lost)
      continue;
    cr_assert_geq(one.due_ns, last, "nothing overtakes");
    waited += one.due_ns == last;
    last = one.due_ns;
    if (one.double_due_ns == GS_TIME_NEVER)
      continue;
    doubled++;
    cr_assert_geq(one.double_due_ns, last);
    last = one.double_due_ns;
  }
  cr_expect_gt(waited, 500, "what is tried again holds up what comes after it");
  cr_expect_gt(doubled, 500);
}

Test(fate, of_a_message_that_the_scenario_names_is_as_it_says) {
  g_auto(Net) net;
  net_init(&net, "'latency': '10ms', 'fifo': false, 'transport': {'tries': 3},"
                 " 'messages': [{'link': ['N2', 'N1'], 'number': 2, 'lost': true},"
                 " {'link': ['N1', 'N2'], 'number': 3, 'latency': '70ms'},"
                 " {'link': ['N1', 'N2'], 'number': 1, 'latency': '2ms'},"
                 " {'link': ['N1', 'N2'], 'number': 4, 'lost': true},"
                 " {'link': ['N1', 'N4'], 'number': 1, 'latency': 0}]");
  cr_expect_eq(net.network.lookahead_ns, 0, "the least that anything takes");
  static const int64_t there[] = {2, 10, 70, 0, 10}, back[] = {10, 0, 10, 10, 10};
  for (guint n = 0; n < 5; n++) {
    GsFate one = fate(&net, 0, 1, n * MS), other = fate(&net, 1, 0, n * MS);
    cr_expect_eq(one.due_ns, there[n] ? (n + there[n]) * MS : GS_TIME_NEVER, "%u", n);
    cr_expect_eq(other.due_ns, back[n] ? (n + back[n]) * MS : GS_TIME_NEVER, "%u", n);
    cr_expect_eq(one.is_pinned, n == 0 || n == 2 || n == 3);
    cr_expect_eq(other.is_pinned, n == 1);
    cr_expect(!one.is_lost || (one.told_ns < GS_TIME_NEVER && one.retries == 2));
  }
}

Test(fate, of_a_message_that_is_named_with_a_double_is_to_arrive_twice) {
  static const bool keeps_order[] = {false, true};
  for (guint i = 0; i < 2; i++) {
    g_auto(Net) net;
    net_init(&net, keeps_order[i]
                       ? "'messages': [{'link': ['N1', 'N2'], 'number': 2, 'latency': '9ms',"
                         " 'double': 0}]"
                       : "'fifo': false, 'duplicate': 1, 'messages': [{'link': ['N1', 'N2'],"
                         " 'number': 2, 'latency': '9ms', 'double': '500us'}]");
    cr_expect_eq(net.network.lookahead_ns, keeps_order[i] ? 0 : MS / 2);
    GsFate first = fate(&net, 0, 1, 0), second = fate(&net, 0, 1, 0);
    cr_expect_eq(first.double_due_ns, keeps_order[i] ? GS_TIME_NEVER : MS, "chance says it");
    cr_expect_eq(second.due_ns, 9 * MS);
    cr_expect_eq(second.double_due_ns, keeps_order[i] ? 9 * MS : MS / 2);
  }
}

Test(fate, of_messages_on_a_link_is_what_the_link_says_from_then_on) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'network': {'loss': 1},"
      " 'links': [['A', 'B'], {'between': ['B', 'C'], 'loss': 0}],"
      " 'schedule': [{'at': '1s', 'add_sibling': ['C', 'B'], 'loss': '100%%', 'duplicate': 1}]}");
  GsNetwork network;
  GsSenderLinks set = {0};
  gs_network_init(&network, scenario);
  cr_expect(network.may_fail && !network.uniform);
  cr_expect(gs_link_fate(&network, &set, 1, 0, 0, 0).is_lost);
  for (int64_t at = 0; at < 20; at++)
    cr_expect_eq(gs_link_fate(&network, &set, 1, 2, 1, at * 100 * MS).is_lost, at >= 10);
  for (uint32_t to = 3; to < 40; to++) /* there are more than there is room for at first */
    cr_expect(gs_link_fate(&network, &set, 1, to, to, GS_SECOND_NS * 2).is_lost);
  gs_sender_links_clear(&set);
  gs_network_clear(&network);
}

typedef struct {
  GsScenario *scenario;
  GsNetwork network;
  GsSenderLinks set;
} Faulty;

/** A line of three; messages take 100 ms. */
static void faulty_init(Faulty *faulty, const char *network, const char *schedule) {
  *faulty = (Faulty){.scenario = gs_test_scenario(
                         "{'topology': {'kind': 'line', 'nodes': 3}, 'network': {'latency': '100ms'"
                         "%s}, 'schedule': [%s]}",
                         network, schedule)};
  gs_network_init(&faulty->network, faulty->scenario);
}

static void faulty_clear(Faulty *faulty) {
  gs_sender_links_clear(&faulty->set);
  gs_network_clear(&faulty->network);
  gs_scenario_free(faulty->scenario);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Faulty, faulty_clear)

Test(fate, of_messages_is_what_the_faults_of_their_time_make_of_it) {
  enum { LOST = -1 };
  static const struct {
    const char *schedule;
    bool uniform;
    int sent_ms, due_ms; /**< from N2 to N3 */
    GsLossReason lost_by;
  } cases[] = {
      {"{'at': '1s', 'cut': ['N2', 'N3'], 'for': '1s'}", true, 899, 999, 0},
      {"{'at': '1s', 'cut': ['N2', 'N3'], 'for': '1s'}", true, 900, LOST, GS_LOST_BY_CUT},
      {"{'at': '1s', 'cut': ['N2', 'N3'], 'for': '1s'}", true, 1999, LOST, GS_LOST_BY_CUT},
      {"{'at': '1s', 'cut': ['N2', 'N3'], 'for': '1s'}", true, 2000, 2100, 0},
      {"{'at': '1s', 'cut': ['N3', 'N2'], 'one_way': true}", true, 1500, 1600, 0},
      {"{'at': '1s', 'crash': 'N3', 'for': '1s'}", true, 899, 999, 0},
      {"{'at': '1s', 'crash': 'N3', 'for': '1s'}", true, 900, LOST, GS_LOST_BY_DOWN},
      {"{'at': '1s', 'crash': 'N3', 'for': '1s'}", true, 1850, LOST, GS_LOST_BY_DOWN},
      {"{'at': '1s', 'crash': 'N3', 'for': '1s'}", true, 1950, 2050, 0},
      {"{'at': '1s', 'crash': 'N3', 'for': '50ms'}", true, 970, 1070, 0},
      {"{'at': '1s', 'leave': 'N1'}", true, 2000, 2100, 0},
      {"{'at': '1s', 'pause': 'N3', 'for': '1s'}", false, 950, 2000, 0},
      {"{'at': '1s', 'pause': 'N3', 'for': '1s'}, {'at': '1500ms', 'crash': 'N3'}", false, 950,
       LOST, GS_LOST_BY_DOWN},
      {"{'at': '1s', 'slow': 'N2', 'by': 7, 'for': '1s'}", false, 1950, 2650, 0},
      {"{'at': '1s', 'slow': 'N3', 'by': 7, 'for': '1s'}", false, 1950, 2050, 0},
      {"{'at': '1s', 'degrade': {'latency': '30ms'}, 'links': '*', 'for': '1s'}", false, 1000, 1030,
       0},
      {"{'at': '1s', 'degrade': {'loss': 1}, 'links': '*', 'for': '1s'}", true, 1000, LOST,
       GS_LOST_BY_CHANCE},
      {"{'at': '1s', 'degrade': {'loss': 1}, 'links': '*', 'for': '1s'}", true, 2000, 2100, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Faulty) faulty;
    faulty_init(&faulty, "", cases[i].schedule);
    cr_expect(faulty.network.may_fail && faulty.network.uniform == cases[i].uniform, "%u", i);
    GsFate one = gs_link_fate(&faulty.network, &faulty.set, 1, 2, 0, cases[i].sent_ms * MS);
    int64_t due = cases[i].due_ms == LOST ? GS_TIME_NEVER : cases[i].due_ms * MS;
    cr_expect_eq(one.due_ns, due, "%u: %s", i, cases[i].schedule);
    cr_expect_eq(one.is_lost, cases[i].due_ms == LOST);
    cr_expect(!one.is_lost || one.lost_by == cases[i].lost_by, "%u", i);
    cr_expect_leq(faulty.network.lookahead_ns, 100 * MS);
  }
}

Test(fate, with_more_tries_is_to_outlast_a_fault) {
  g_auto(Faulty) faulty;
  faulty_init(&faulty, ", 'transport': {'tries': 4, 'after': '300ms'}",
              "{'at': '1s', 'cut': ['N2', 'N3'], 'for': '1s'}, {'at': '5s', 'leave': 'N3'}");
  cr_expect_not(faulty.network.uniform);
  GsFate one = gs_link_fate(&faulty.network, &faulty.set, 1, 2, 0, 1500 * MS);
  cr_expect(!one.is_lost && one.retries == 2 && one.due_ns == 2200 * MS);
  GsFate other = gs_link_fate(&faulty.network, &faulty.set, 1, 2, 0, 6000 * MS);
  cr_expect(other.is_lost && other.lost_by == GS_LOST_BY_DOWN && other.retries == 3);
  cr_expect_eq(other.told_ns, (6000 + 4 * 300) * MS);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "sim/report/last_report.h"
#include "sim/run/last_search.h"
#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

/* Which node was last in sync and what it waited for, against the closed form and whole traces. */

static GsResults *search_with(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers) {
  GsResults *results = gs_test_run_with(scenario, runner, workers);
  GsLastSearch search = {.messages_max = GS_LAST_MESSAGES_MAX};
  results->last = gs_last_search(scenario, results, &search);
  return results;
}

static GsResults *search(const GsScenario *scenario) {
  return search_with(scenario, GS_RUNNER_POOL, 1);
}

static void assert_told(const GsResults *results, const char *text) {
  g_autofree char *told = gs_last_text(results);
  cr_expect_str_eq(told, text);
}

/** What holds of every chain: it is whole, begins where something was told, ends at the last node
 * when all are in sync, and each message is sent when the one before is handled. */
static void assert_is_chain(const GsResults *results, bool paced) {
  const GsLastInSync *last = results->last;
  cr_assert_eq(last->state, GS_LAST_FOUND);
  cr_assert_eq(last->change, GS_LAST_GRIDNET);
  const GsDisturbance *disturbance = &results->disturbances[last->disturbance];
  cr_assert_eq(last->at_ns, disturbance->at_ns + disturbance->converged_after_ns);
  uint32_t node = last->told_node;
  int64_t now = last->told_ns;
  cr_assert_eq(last->link_count, last->length);
  for (uint32_t i = 0; i < last->link_count; i++) {
    const GsChainLink *link = &last->links[i];
    cr_assert_eq(link->from, node, "message %u is sent by another node", i);
    cr_assert(paced ? link->sent_ns >= now : link->sent_ns == now, "message %u", i);
    cr_assert_geq(link->handled_ns, link->sent_ns);
    node = link->to;
    now = link->handled_ns;
  }
  cr_assert_eq(node, last->node);
  cr_assert_eq(now, last->at_ns);
}

/** A message leads to others of its wave or flood only, but a flood makes its node start a wave. */
static void assert_is_followed(const GsResults *results) {
  const GsLastInSync *last = results->last;
  for (uint32_t i = 1; i < last->link_count; i++) {
    const GsChainLink *link = &last->links[i], *before = link - 1;
    bool starts = before->type == GS_SYNC_GRID && link->type == GS_UPDATE_NET &&
                  link->env == GS_ASK &&
                  link->wave.space == (uint64_t)results->nodes[link->from].id;
    cr_assert(starts || gs_master_id_equal(link->wave, before->wave), "message %u of %u", i + 1,
              last->link_count);
  }
}

static const char *const graphs[] = {
    "{'kind': 'line', 'nodes': 2}",
    "{'kind': 'line', 'nodes': 9}",
    "{'kind': 'ring', 'nodes': 3}",
    "{'kind': 'ring', 'nodes': 8}",
    "{'kind': 'ring', 'nodes': 9}",
    "{'kind': 'star', 'nodes': 7}",
    "{'kind': 'tree', 'nodes': 20}",
    "{'kind': 'complete', 'nodes': 6}",
    "{'kind': 'lattice', 'rows': 3, 'columns': 4}",
    "{'kind': 'barabasi-albert', 'nodes': 30, 'm': 2}",
};

Test(last_search, where_messages_take_the_same_time_the_chain_has_as_many_as_there_are_hops) {
  for (guint i = 0; i < G_N_ELEMENTS(graphs); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': %s, 'network': {'latency': '1ms'},"
                         " 'schedule': [{'at': '1s', 'node': 'N2', 'production': 5}]}",
                         graphs[i]);
    g_autoptr(GsResults) results = search(scenario);
    const GsLastInSync *last = results->last;
    assert_is_chain(results, false);
    cr_expect_eq(last->length, results->disturbances[0].hops, "%s", graphs[i]);
    cr_expect_eq(last->told_node, 1, "%s", graphs[i]);
    cr_expect_eq(last->told_ns, GS_SECOND_NS);
    for (uint32_t n = 0; n < results->node_count; n++) {
      bool is_last = results->nodes[n].in_sync_since_ns == results->converged_at_ns;
      cr_expect(!is_last || n >= last->node, "%s: N%u is last, too", graphs[i], n + 1);
      cr_expect(is_last || n != last->node, "%s: N%u is not last", graphs[i], n + 1);
    }
  }
}

Test(last_search, the_last_node_of_a_line_is_the_far_end_and_its_wave_goes_there_and_back) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 4}, 'network': {'latency': '1ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = search(scenario);
  assert_told(results, "N4 at 1.009 s, 9 ms after N1: production 5; it waited for 9 messages, each "
                       "sent because of the one before, handled at: N1 → N2 SyncGrid 1.001 s, N2 → "
                       "N3 SyncGrid 1.002 s, N3 → N4 SyncGrid 1.003 s, … (3 left out) …, N1 → N2 "
                       "Response UpdateNet 1.007 s, N2 → N3 Response UpdateNet 1.008 s, N3 → N4 "
                       "Response UpdateNet 1.009 s");
}

Test(last_search, of_several_last_nodes_it_is_the_one_with_the_lowest_id) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{'name': 'Hub', 'id': 9}, {'name': 'B', 'id': 8}, {'name': 'C', 'id': 3},"
      " {'name': 'D', 'id': 4}], 'links': [['Hub', 'B'], ['Hub', 'C'], ['Hub', 'D']],"
      " 'network': {'latency': '1ms'}, 'schedule': [{'at': 0, 'node': 'Hub', 'production': 5}]}");
  g_autoptr(GsResults) results = search(scenario);
  assert_is_chain(results, false);
  cr_expect_str_eq(results->nodes[results->last->node].name, "C");
}

/** Networks on which messages overtake each other, wait, meet, and are sent at one moment. */
static const struct {
  const char *rules;
  bool paced;
} networks[] = {
    {"'network': {'latency': '1ms', 'jitter': '3ms'}", false},
    {"'network': {'latency': '1ms', 'jitter': '9ms', 'fifo': false}", false},
    {"'network': {'latency': '2ms'}, 'sync': 'coalesce'", false},
    {"'network': {'latency': '1ms', 'jitter': '3ms'}, 'sync': 'coalesce'", false},
    {"'network': {'latency': '4ms'}, 'pace': 'original'", true},
    {"'network': {'latency': '1ms', 'jitter': '3ms'},"
     " 'pace': {'receive': '1ms', 'send': '2ms'}",
     true},
};

static GsScenario *overlapping(guint network, int seed) {
  return gs_test_scenario(
      "{'topology': {'kind': 'watts-strogatz', 'nodes': 14, 'k': 4, 'p': 0.3}, 'seed': %d, %s,"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5},"
      " {'at': '1.002s', 'node': 'N9', 'consumption': 7},"
      " {'at': '1.003s', 'node': 'N5', 'production': 4}]}",
      seed, networks[network].rules);
}

Test(last_search, a_chain_is_whole_on_every_network_also_where_disturbances_overlap) {
  for (guint n = 0; n < G_N_ELEMENTS(networks); n++) {
    for (int seed = 1; seed <= 2; seed++) {
      g_autoptr(GsScenario) scenario = overlapping(n, seed);
      g_autoptr(GsResults) results = search(scenario);
      assert_is_chain(results, networks[n].paced);
      if (scenario->sync == GS_SYNC_EVERY)
        assert_is_followed(results);
    }
  }
}

Test(last_search, runners_and_numbers_of_workers_tell_the_same) {
  for (guint n = 0; n < G_N_ELEMENTS(networks); n++) {
    g_autoptr(GsScenario) scenario = overlapping(n, 7);
    g_autoptr(GsResults) pool = search(scenario);
    g_autoptr(GsResults) threads = search_with(scenario, GS_RUNNER_THREADS, 3);
    g_autofree char *text = gs_last_text(pool);
    assert_told(threads, text);
  }
}

/** The messages that a node sent after it handled one and before the next, from a whole trace. */
typedef struct {
  const GsChainLink *links;
  uint32_t count, seen;
  uint32_t handled_of[64]; /**< per node: which link it handled last, plus one; 0: none of them */
} Trail;

static void follow(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
  Trail *trail = data;
  for (guint i = 0; i < count; i++) {
    const GsMessage *message = &records[i].message;
    if (records[i].kind == GS_TRACE_DELIVERY) {
      uint32_t *of = &trail->handled_of[records[i].node];
      *of = 0;
      for (uint32_t l = 0; l < trail->count; l++) {
        const GsChainLink *link = &trail->links[l];
        if (link->handled_ns == records[i].time_ns && link->from == message->from &&
            link->to == message->to && link->env == message->env && link->type == message->type &&
            gs_master_id_equal(link->wave, message->master))
          *of = l + 1;
      }
    } else if (records[i].kind == GS_TRACE_SEND) {
      uint32_t next = trail->handled_of[records[i].node];
      const GsChainLink *link = &trail->links[next];
      if (next && next < trail->count && link->sent_ns == records[i].time_ns &&
          link->to == message->to && link->env == message->env && link->type == message->type &&
          gs_master_id_equal(link->wave, message->master))
        trail->seen++;
    }
  }
}

Test(last_search, each_message_of_a_chain_is_among_those_sent_while_the_one_before_was_handled) {
  g_autoptr(GsScenario) scenario = overlapping(0, 3);
  g_autoptr(GsResults) results = search(scenario);
  Trail trail = {.links = results->last->links, .count = results->last->link_count};
  GsTraceSink sink = {.take = follow, .data = &trail};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) again = gs_run(scenario, &options, NULL);
  cr_assert_not_null(again);
  cr_assert_gt(trail.count, 2);
  cr_expect_eq(trail.seen, trail.count - 1);
}

Test(last_search, a_new_link_is_waited_for_from_its_handshake_on) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A', 'production': 3}, {'name': 'B'}],"
                       " 'network': {'latency': '10ms'},"
                       " 'schedule': [{'at': '1s', 'add_sibling': ['A', 'B']}]}");
  g_autoptr(GsResults) results = search(scenario);
  assert_is_chain(results, false);
  assert_told(results,
              "B at 1.05 s, 50 ms after A adds B; it waited for 5 messages, each sent because of "
              "the one before, handled at: A → B Ask AddSibling 1.01 s, B → A Response AddSibling "
              "1.02 s, A → B SyncGrid 1.03 s, B → A Ask UpdateNet 1.04 s, A → B Response UpdateNet "
              "1.05 s");
}

Test(last_search, where_no_gridnet_had_to_change_it_is_what_took_effect) {
  g_autoptr(GsScenario) ring = gs_test_scenario(
      "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'links': [['A', 'B'], ['B', 'C']],"
      " 'network': {'latency': '10ms'},"
      " 'schedule': [{'at': '1s', 'add_sibling': ['C', 'A']}]}");
  g_autoptr(GsResults) closed = search(ring);
  assert_told(closed, "C with its new sibling at 1.02 s, 20 ms after C adds A; it waited for 2 "
                      "messages, each sent because of the one before, handled at: C → A Ask "
                      "AddSibling 1.01 s, A → C Response AddSibling 1.02 s");
  g_autoptr(GsScenario) alone = gs_test_scenario(
      "{'nodes': [{'name': 'A'}], 'schedule': [{'at': '1s', 'node': 'A', 'production': 2}]}");
  g_autoptr(GsResults) at_once = search(alone);
  assert_told(at_once, "A with its new energy at 1 s, 0 s after A: production 2; it waited for no "
                       "message");
  /* Messages that take no time end in the moment in which they began: nobody was out of sync. */
  g_autoptr(GsScenario) prompt =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4}, 'network': {'latency': 0},"
                       " 'schedule': [{'at': '1s', 'node': 'N3', 'production': 2}]}");
  g_autoptr(GsResults) in_no_time = search(prompt);
  assert_told(in_no_time,
              "N3 with its new energy at 1 s, 0 s after N3: production 2; it waited for "
              "no message");
}

Test(last_search, a_disturbance_that_makes_wrong_gridnets_right_is_named) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 2}, 'network': {'latency': '10ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5},"
                       " {'at': '1.005s', 'node': 'N1', 'production': 0}]}");
  g_autoptr(GsResults) results = search(scenario);
  assert_told(results, "N1 with its new energy, which made all gridnets right, at 1.005 s, 5 ms "
                       "after N1: production 5; it waited for no message; this began with N1: "
                       "production 0, told at 1.005 s");
}

Test(last_search, nothing_is_made_up_where_nobody_was_last) {
  g_autoptr(GsScenario) quiet = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4}}");
  g_autoptr(GsResults) nothing = search(quiet);
  cr_expect_null(gs_last_text(nothing));
  g_autoptr(GsScenario) same = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4},"
                                                " 'schedule': [{'at': '1s', 'sync_grid': 'N1'}]}");
  g_autoptr(GsResults) unchanged = search(same);
  assert_told(unchanged, "none: every node stayed in sync");
  g_autoptr(GsScenario) cut = gs_test_scenario(
      "{'topology': {'kind': 'ring', 'nodes': 4}, 'network': {'latency': '1ms'}, 'until': '1.002s',"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) early = search(cut);
  assert_told(early, "none: after no disturbance did all nodes come into sync for good");
}

Test(last_search, where_what_is_right_became_what_all_had_no_node_was_last) {
  g_autoptr(GsScenario) cut =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 4}, 'network': {'latency': '1ms'},"
                       " 'energy': [{'node': '*', 'production': 1}], 'recovery': 'none',"
                       " 'schedule': [{'at': '1s', 'cut': ['N2', 'N3'], 'for': '2s'}]}");
  g_autoptr(GsResults) results = search(cut);
  cr_assert_eq(results->last->change, GS_LAST_TRUTH);
  cr_expect_eq(results->last->at_ns, INT64_C(3000000000));
  assert_told(results, "none: what is right became what all nodes had, at 3 s (no more cut "
                       "N2 – N3), 2 s after cut N2 – N3");
}

Test(last_search, nobody_stayed_in_sync_where_a_disturbance_was_never_over) {
  g_autoptr(GsScenario) cut = gs_test_scenario(
      "{'topology': {'kind': 'line', 'nodes': 4}, 'network': {'latency': '1ms'},"
      " 'energy': [{'node': '*', 'production': 1}], 'recovery': 'none',"
      " 'schedule': [{'at': '1s', 'sync_grid': 'N1'}, {'at': '2s', 'cut': ['N2', 'N3']}]}");
  g_autoptr(GsResults) results = search(cut);
  assert_told(results, "none: after the only disturbances that were over for good, every node had "
                       "stayed in sync");
}

Test(last_search, a_run_of_more_messages_says_that_it_was_not_looked_for) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 2}, 'network': {'latency': '1ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  GsLastSearch at_most = {.messages_max = 5};
  results->last = gs_last_search(scenario, results, &at_most);
  assert_is_chain(results, false);
  gs_last_in_sync_free(results->last);
  at_most.messages_max = 4;
  results->last = gs_last_search(scenario, results, &at_most);
  assert_told(results, "not looked for, since there were more than 4 messages; --why does the run "
                       "once more for it");
}

static bool stop(const GsRunProgress *progress, void *data) {
  (void)progress;
  (void)data;
  return false;
}

Test(last_search, a_run_that_was_interrupted_has_no_last_node) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 2}, 'network': {'latency': '1ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  results->stopped = true;
  GsLastSearch search = {.messages_max = GS_LAST_MESSAGES_MAX, .progress = stop};
  results->last = gs_last_search(scenario, results, &search);
  assert_told(results, "not found: interrupted");
}

Test(last_search, of_a_long_chain_both_ends_are_kept_and_the_rest_is_counted) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 135}, 'network': {'latency': '1ms'},"
                       " 'schedule': [{'at': 0, 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = search(scenario);
  const GsLastInSync *last = results->last;
  cr_assert_eq(last->length, 3 * 134);
  cr_assert_eq(last->link_count, GS_CHAIN_KEPT);
  for (uint32_t i = 0; i < last->link_count; i++) {
    const GsChainLink *link = &last->links[i];
    cr_expect_eq(gs_chain_hop(last, i), i < GS_CHAIN_KEPT / 2 ? i + 1 : i + 3);
    cr_expect_eq(link->handled_ns, (int64_t)gs_chain_hop(last, i) * 1000000);
  }
}

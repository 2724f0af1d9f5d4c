/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/measure/last_in_sync.h"
#include "sim/run/last_search.h"
#include "tests/sim/sim_support.h"

/* Deadlines of nodes in runs: docs/PROTOCOL.md, Recovery. */

static const char *const networks[] = {
    "'network': {'latency': '1ms'}",
    "'network': {'latency': '1ms', 'jitter': {'exponential': '2ms'}}",
    "'network': {'latency': '1ms'}, 'pace': {'receive': '2ms', 'send': '3ms'}",
};

#define RING "'topology': {'kind': 'ring', 'nodes': 4}"
/** One wave and all that one update of a ring of four costs. */
#define WAVE 10u
#define UPDATE 45u

static GsResults *run(const char *text, GsRunnerKind runner, uint32_t workers) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  GsResults *results = gs_test_run_with(scenario, runner, workers);
  results->scenario = NULL;
  return results;
}

Test(recovery, nodes_that_never_heard_of_anybody_find_out_by_looking_again) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autofree char *text = g_strdup_printf(
        "{" RING ", %s, 'start': 'cold', 'energy': [{'node': 'N2', 'production': 9}],"
        " 'recovery': {'resync': '10s'}}",
        networks[i]);
    g_autoptr(GsResults) results = run(text, GS_RUNNER_POOL, 1);
    cr_expect(results->converged && results->quiescent, "%s", networks[i]);
    cr_expect_eq(gs_message_counts_total(&results->messages), UPDATE, "%s", networks[i]);
    cr_expect_eq(gs_message_counts_total(&results->recovery_messages), UPDATE, "%s", networks[i]);
    cr_expect_geq(results->quiescent_at_ns, 5 * GS_SECOND_NS);
    cr_expect_lt(results->quiescent_at_ns, 11 * GS_SECOND_NS);
  }
}

Test(recovery, without_it_they_never_do) {
  g_autoptr(GsResults) results =
      run("{" RING ", 'start': 'cold', 'energy': [{'node': 'N2', 'production': 9}],"
          " 'recovery': 'none'}",
          GS_RUNNER_POOL, 1);
  cr_expect(!results->converged && results->quiescent);
  cr_expect_eq(gs_message_counts_total(&results->messages), 0);
}

Test(recovery, nobody_looks_again_once_all_are_in_sync_and_nothing_is_to_come) {
  g_autoptr(GsResults) results =
      run("{" RING ", 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}],"
          " 'recovery': {'resync': '2s'}}",
          GS_RUNNER_POOL, 1);
  cr_expect(results->converged && results->quiescent);
  cr_expect_eq(gs_message_counts_total(&results->messages), UPDATE);
  cr_expect_lt(results->quiescent_at_ns, 2 * GS_SECOND_NS);
}

/** After 1 s each node looks at 21, 41, 61 and 81 s, but for what the messages took. */
Test(recovery, what_nodes_do_on_their_own_is_counted_apart_from_what_disturbances_cost) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autofree char *text = g_strdup_printf(
        "{" RING ", %s, 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5},"
        " {'at': '95s', 'node': 'N3', 'production': 7}], 'recovery': {'resync': '20s'}}",
        networks[i]);
    g_autoptr(GsResults) results = run(text, GS_RUNNER_POOL, 1);
    cr_expect(results->converged && results->quiescent);
    cr_assert_eq(results->disturbance_count, 2);
    for (guint d = 0; d < 2; d++)
      cr_expect_eq(gs_message_counts_total(&results->disturbances[d].messages), UPDATE);
    cr_expect_eq(gs_message_counts_total(&results->recovery_messages), 4 * 4 * WAVE, "%s",
                 networks[i]);
    cr_expect_eq(gs_message_counts_total(&results->messages), 2 * UPDATE + 4 * 4 * WAVE);
  }
}

Test(recovery, every_runner_and_number_of_workers_gives_one_digest) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'topology': {'kind': 'watts-strogatz', 'nodes': 40, 'k': 4, 'p': 0.2}, %s,"
        " 'start': 'cold', 'schedule': [{'at': '30s', 'node': 'N1', 'production': 5}],"
        " 'recovery': {'resync': '10s'}}",
        networks[i]);
    g_autoptr(GsResults) one = run(text, GS_RUNNER_POOL, 1);
    g_autoptr(GsResults) three = run(text, GS_RUNNER_POOL, 3);
    g_autoptr(GsResults) threads = run(text, GS_RUNNER_THREADS, 2);
    cr_expect_gt(gs_message_counts_total(&one->recovery_messages), 0);
    cr_expect_str_eq(one->digest, three->digest, "%s", networks[i]);
    cr_expect_str_eq(one->digest, threads->digest, "%s", networks[i]);
  }
}

Test(recovery, a_chain_of_messages_may_begin_with_what_a_node_did_on_its_own) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{" RING ", 'start': 'cold', 'energy': [{'node': 'N2', 'production': 9}],"
                       " 'schedule': [{'at': '1s', 'update_net': 'N2'}], 'recovery': "
                       "{'resync': '10s'}}");
  g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
  cr_assert(results->converged);
  GsLastSearch how = {.messages_max = UINT64_MAX};
  g_autoptr(GsLastInSync) last = gs_last_search(scenario, results, &how);
  cr_assert_eq(last->state, GS_LAST_FOUND);
  cr_expect_eq(last->told_cause, GS_CAUSE_RECOVERY);
  cr_expect_geq(last->told_ns, 5 * GS_SECOND_NS);
  cr_expect_gt(last->length, 0);
}

Test(recovery, a_run_ends_although_nodes_can_never_learn_of_each_other) {
  static const char *const orders[] = {"true", "false"};
  for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
    g_autofree char *text = g_strdup_printf(
        "{" RING ", 'network': {'latency': '1ms', 'loss': 1, 'fifo': %s}, 'start': 'cold',"
        " 'energy': [{'node': 'N2', 'production': 9}], 'recovery': {'resync': '5s'},"
        " 'until': '1h'}",
        orders[i]);
    g_autoptr(GsResults) results = run(text, GS_RUNNER_POOL, 1);
    cr_expect(results->quiescent && !results->converged);
    cr_expect_gt(gs_message_counts_total(&results->recovery_messages), 0);
  }
}

/** What N1 and N2 suspect each other of is known by what goes wrong between them. */
Test(recovery,
     a_sibling_is_suspected_rightly_where_it_is_down_or_the_link_does_not_work_both_ways) {
  static const struct {
    const char *what;
    bool any, right;
  } cases[] = {
      {"{'at': 1, 'crash': 'N2'}", true, true},
      {"{'at': 1, 'leave': 'N2'}", true, true},
      {"{'at': 1, 'cut': ['N1', 'N2']}", true, true},
      {"{'at': 1, 'cut': ['N1', 'N2'], 'one_way': true}", true, true},
      {"{'at': 1, 'cut': ['N2', 'N1'], 'one_way': true}", true, true},
      {"{'at': 1, 'pause': 'N2'}", true, false},
      {"{'at': 1, 'degrade': {'loss': 1}, 'link': ['N1', 'N2']}", true, false},
      {"{'at': 1, 'crash': 'N2', 'for': 1}", false, false},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{}, {}], 'links': [['N1', 'N2']], 'recovery': {'resync': '10s'},"
        " 'schedule': [%s, {'at': 3, 'node': 'N1', 'production': 5}], 'until': '3min'}",
        cases[i].what);
    g_autoptr(GsResults) results = run(text, GS_RUNNER_POOL, 1);
    cr_expect_eq(results->suspected > 0, cases[i].any, "%s", cases[i].what);
    cr_expect_eq(results->suspected_rightly, cases[i].right ? results->suspected : 0,
                 "%s: %d of %d", cases[i].what, (int)results->suspected_rightly,
                 (int)results->suspected);
    cr_expect_eq(results->suspected_rightly + results->suspected_wrongly, results->suspected);
  }
}

Test(recovery, a_suspicion_that_comes_after_the_fault_is_wrong) {
  g_autoptr(GsResults) results =
      run("{'nodes': [{}, {}], 'links': [['N1', 'N2']],"
          " 'network': {'latency': '1s', 'transport': {'tries': 2, 'after': '1s'}},"
          " 'schedule': [{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1.5s'},"
          " {'at': '1s', 'node': 'N1', 'production': 5}]}",
          GS_RUNNER_POOL, 1);
  cr_expect_gt(results->suspected, 0);
  cr_expect_eq(results->suspected_wrongly, results->suspected, "told at 4 s, healed at 2.5 s");
}

/**
 * Messages wait at nodes for minutes, answers for a quarter of an hour. Nobody is blamed for
 * that, what is asked again is not asked anew below, and nobody looks again meanwhile.
 */
Test(recovery, at_a_pace_it_does_not_take_long_waiting_for_faults_however_soon_nodes_look_again) {
  static const char *const resyncs[] = {"60s", "10s", "2s"};
  enum { NODES = 40, LINKS = 2 * NODES, UPDATED = (2 * LINKS - NODES + 1) * (1 + 2 * NODES) };
  for (guint i = 0; i < G_N_ELEMENTS(resyncs); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'topology': {'kind': 'watts-strogatz', 'nodes': %d, 'k': 4, 'p': 0.1},"
        " 'pace': 'original', 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}],"
        " 'recovery': {'resync': '%s'}, 'until': '2h'}",
        NODES, resyncs[i]);
    g_autoptr(GsResults) results = run(text, GS_RUNNER_POOL, 1);
    cr_expect(results->converged && results->quiescent, "%s", resyncs[i]);
    cr_expect_eq(gs_message_counts_total(&results->disturbances[0].messages), UPDATED, "%s",
                 resyncs[i]);
    cr_expect_lt(gs_message_counts_total(&results->recovery_messages), UPDATED, "%s", resyncs[i]);
    cr_expect_eq(results->suspected, 0, "%s", resyncs[i]);
  }
}

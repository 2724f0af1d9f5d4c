/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/checks/check.h"
#include "tests/sim/sim_support.h"

static GsScenario *two_nodes(const char *checks) {
  return gs_test_scenario("{'nodes': [{'name': 'A', 'production': 5}, {'name': 'B'}],"
                          " 'links': [['A', 'B']], 'expect': {'checks': %s}}",
                          checks);
}

/** What a checker says of a wave of A from 10 to 20 ns that counted these. */
static GsResults *judge_wave(const GsScenario *scenario, int64_t sum, const GsCountedNet *counted,
                             uint32_t count) {
  GsResults *results = g_new0(GsResults, 1);
  GsChecker *checker = gs_checker_new(scenario, scenario->expect.checks);
  GsNote done = {.value = sum, .value2 = count, .master = {1, 1}};
  results->scenario = scenario;
  gs_checker_net(checker, 5, 1, 3);
  gs_checker_wave_starts(checker, 10, 0, done.master);
  gs_checker_net(checker, 15, 1, 7);
  gs_checker_net(checker, 25, 1, 9);
  gs_checker_wave_is_back(checker, 20, 0, &done, counted);
  gs_checker_judge(checker, results);
  gs_checker_free(checker);
  return results;
}

static guint violations_of(int64_t sum, GsCountedNet a, GsCountedNet b) {
  g_autoptr(GsScenario) scenario = two_nodes("['sums', 'ids']");
  const GsCountedNet counted[] = {a, b};
  g_autoptr(GsResults) results = judge_wave(scenario, sum, counted, 2);
  guint set = 0;
  for (guint i = 0; i < results->violations->len; i++)
    set |= gs_check_set(g_array_index(results->violations, GsViolation, i).check);
  return set;
}

Test(check, a_sum_is_of_nets_that_nodes_had_since_the_wave_began) {
  const guint sums = gs_check_set(GS_CHECK_SUMS);
  const GsCountedNet own = {1, 5};
  cr_expect_eq(violations_of(8, own, (GsCountedNet){2, 3}), 0, "had as it began");
  cr_expect_eq(violations_of(12, own, (GsCountedNet){2, 7}), 0, "has had since");
  cr_expect_eq(violations_of(5, own, (GsCountedNet){2, 0}), sums, "had before");
  cr_expect_eq(violations_of(14, own, (GsCountedNet){2, 9}), sums, "has not had yet");
  cr_expect_eq(violations_of(9, own, (GsCountedNet){2, 3}), sums, "does not add up");
  cr_expect_eq(violations_of(5, own, (GsCountedNet){3, 0}), sums, "an id of nobody");
}

Test(check, an_id_counts_once) {
  const GsCountedNet own = {1, 5};
  cr_expect_eq(violations_of(10, own, own), gs_check_set(GS_CHECK_IDS));
}

Test(check, a_violation_says_which_check_where_when_and_what) {
  g_autoptr(GsScenario) scenario = two_nodes("'all'");
  const GsCountedNet counted[] = {{1, 5}, {2, 0}};
  g_autoptr(GsResults) results = judge_wave(scenario, 5, counted, 2);
  results->nodes = g_new0(GsNodeState, 1);
  results->node_count = 1;
  results->nodes[0].name = "A";
  const GsViolation *found = &g_array_index(results->violations, GsViolation, 1);
  g_autofree char *text = gs_violation_text(results, found);
  cr_expect_str_eq(text, "check sums failed at 20ns at \"A\": wave 1, which began at 10ns, counted "
                         "0 of \"B\", which has not had that net since");
}

/** Runs under the original's rules, in a network in which messages overtake each other. */
static GsResults *run_original(const GsScenario *scenario) {
  return gs_test_run_with(scenario, GS_RUNNER_POOL, 2);
}

Test(check, the_original_flaw_is_found_by_being_out_of_sync) {
  g_autoptr(GError) error = NULL;
  const GsOverride all[] = {{"expect.checks", "all"}};
  g_autoptr(GsScenario) scenario =
      gs_scenario_load(GS_TEST_SCENARIOS "/original-flaw.json", all, 1, &error);
  cr_assert(scenario);
  g_autoptr(GsResults) results = run_original(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  cr_assert_eq(unmet->len, 1);
  cr_expect(g_str_has_prefix(unmet->pdata[0], "check in-sync failed at "), "%s",
            (const char *)unmet->pdata[0]);
}

Test(check, a_run_that_its_limit_ends_has_not_come_to_rest) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 5}, 'until': '1001ms', 'expect': "
                       "{'checks': ['rest']},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 1}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  cr_assert_eq(unmet->len, 1);
  cr_expect_str_eq(unmet->pdata[0], "check rest failed at 1.001s: the run has not come to rest");
}

/** N1 changes at 1 s in a row of three, so that the last is in sync, and nothing under way, a
 * moment later; another change may follow. */
static void expect_within(const char *checks, const char *within, const char *more,
                          const char *message) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'line', 'nodes': 2}, 'expect': {'checks': %s, 'within': %s},"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 1}%s]}",
      checks, within, more);
  g_autoptr(GsResults) results = gs_test_run(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  cr_assert_eq(unmet->len, message ? 1 : 0, "%s %s", checks, within);
  if (message)
    cr_expect_str_eq(unmet->pdata[0], message);
}

Test(check, a_bound_counts_from_the_last_disturbance) {
  expect_within("'all'", "'3ms'", "", NULL);
  expect_within("['in-sync']", "'2ms'", "",
                "check in-sync failed at 1.003s at \"N2\": in sync only 3ms after the last "
                "disturbance, which was at 1s; at most 2ms");
  expect_within("['rest']", "'2ms'", "",
                "check rest failed at 1.003s: at rest only 3ms after the last disturbance, which "
                "was at 1s; at most 2ms");
  expect_within("'all'", "'3ms'", ", {'at': '9s', 'node': 'N1', 'production': 7}", NULL);
  expect_within("'all'", "'3ms'", ", {'at': '5s', 'crash': 'N2', 'for': '1s'}", NULL);
}

Test(check, who_has_left_is_held_to_nothing) {
  expect_within("'all'", "'90s'", ", {'at': '1s', 'leave': 'N2'}", NULL);
}

static const char *const networks[] = {
    "{'latency': '1ms'}", "{'latency': 0}",
    "{'latency': {'uniform': ['1ms', '9ms']}, 'jitter': {'exponential': '9ms'}, 'fifo': false}"};

static void expect_none(uint32_t number, GsRunnerKind runner, uint32_t workers) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'seed': %u, 'topology': {'kind': '%s', 'nodes': 7}, 'network': %s, 'sync': '%s',"
      " %s 'expect': {'checks': 'all'}, 'schedule': ["
      "{'at': '1s', 'every': '7ms', 'until': '1100ms', 'node': '*',"
      " 'production': {'uniform': [0, 99]}}, {'at': '1s', 'add_sibling': ['N1', 'N5']},"
      "{'at': '1010ms', 'every': '3ms', 'until': '1050ms', 'node': {'random': 2},"
      " 'consumption': {'uniform': [0, 9]}}]}",
      number, number % 2 ? "complete" : "ring", networks[number % 3],
      number % 5 ? "every" : "coalesce",
      number % 7 ? "" : "'handshake': {'at': 0, 'every': '90ms'},");
  g_autoptr(GsResults) results = gs_test_run_with(scenario, runner, workers);
  for (guint i = 0; i < results->violations->len; i++) {
    g_autofree char *text =
        gs_violation_text(results, &g_array_index(results->violations, GsViolation, i));
    cr_expect_fail("%u, %u workers: %s", number, workers, text);
  }
}

Test(check, repaired_nodes_pass_all_whoever_runs_them) {
  for (uint32_t number = 0; number < 12; number++) {
    expect_none(number, GS_RUNNER_POOL, 1);
    expect_none(number, GS_RUNNER_POOL, 3);
    expect_none(number, GS_RUNNER_THREADS, 2);
  }
}

/** What is found of one thing that is held, in a grid of two nodes. */
static bool holds_too_much(const GsNodeHoldings *holds) {
  g_autoptr(GsScenario) scenario = two_nodes("['memory']");
  GsChecker *checker = gs_checker_new(scenario, scenario->expect.checks);
  GsNodeHoldings most = gs_checker_most_held(2, 3, 1);
  GsResults results = {0};
  gs_checker_holds(checker, 7, 1, holds, &most);
  gs_checker_judge(checker, &results);
  bool found = results.violations->len;
  if (found)
    cr_expect_eq(g_array_index(results.violations, GsViolation, 0).node, 1);
  g_array_unref(results.violations);
  gs_checker_free(checker);
  return found;
}

Test(check, a_node_holds_no_more_than_its_grid_explains) {
  cr_expect_eq(gs_checker_most_held(1000, 9, 4).done_waves, 10000);
  cr_expect_eq(gs_checker_most_held(1000, 9, 4).kept_nets, 65536);
  cr_expect_eq(gs_checker_most_held(1u << 24, UINT64_MAX, 1).done_waves, 255u << 24);
  static const struct {
    GsNodeHoldings holds;
    bool too_much;
  } cases[] = {{{1024, 26, 2048, 1, 1}, false}, {{.done_waves = 1025}, true},
               {{.floods = 27}, true},          {{.kept_nets = 2049}, true},
               {{.suspected = 2}, true},        {{.handshakes = 2}, true}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_expect_eq(holds_too_much(&cases[i].holds), cases[i].too_much, "%u", i);
}

/** Floods are forgotten when a later wave is back, answers as they are remembered no more. */
Test(check, a_run_at_rest_holds_what_its_grid_explains) {
  static const char *const members[] = {
      "", "'recovery': 'standard', 'network': {'loss': 0.2, 'duplicate': 0.1},",
      "'network': {'fifo': false, 'jitter': {'exponential': '20ms'}},"};
  for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'ring', 'nodes': 4}, %s 'expect': {'checks': ['memory']},"
        " 'schedule': [{'at': '1s', 'every': '1s', 'until': '2min', 'node': 'N1',"
        " 'production': {'ramp': [0, 500]}}]}",
        members[i]);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_assert(results->quiescent);
    cr_expect_eq(results->violations->len, 0, "%s", members[i]);
  }
}

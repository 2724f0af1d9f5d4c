/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/sim/sim_support.h"

/* What a search among drawn scenarios found wrong with recovery once, as it was made smaller. */

static void expect_passes(const char *text, int64_t rest_ns) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  for (uint32_t workers = 1; workers <= 2; workers++) {
    g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, workers);
    for (guint i = 0; i < results->violations->len; i++) {
      g_autofree char *says =
          gs_violation_text(results, &g_array_index(results->violations, GsViolation, i));
      cr_expect_fail("%s", says);
    }
    cr_expect(results->quiescent);
    cr_expect_lt(results->quiescent_at_ns, rest_ns);
  }
}

/** Three nodes that had answered and forgotten a wave took it up anew for each other. */
Test(recovery_found, nodes_that_take_a_wave_up_anew_do_not_wait_in_a_circle) {
  expect_passes(
      "{'seed': 12, "
      " 'network': {'latency': {'exponential': '5ms'},"
      "             'jitter': {'lognormal': {'median': '5ms', 'sigma': 1.5}}},"
      " 'handshake': {'every': '1ms'}, 'recovery': {},"
      " 'nodes': [{'name': 'N1'}, {'name': 'N2'}, {'name': 'N3'}, {'name': 'N4'}, {'name': 'N5'},"
      "           {'name': 'N6'}, {'name': 'N7'}, {'name': 'N8'}, {'name': 'N9'}],"
      " 'links': [['N1', 'N2'], ['N1', 'N5'], ['N1', 'N6'], ['N1', 'N7'], ['N1', 'N8'],"
      "           ['N2', 'N5'], ['N2', 'N7'], ['N4', 'N9'], ['N6', 'N9'], ['N7', 'N9'],"
      "           ['N8', 'N9']], 'expect': {'checks': 'all'}}",
      120 * GS_SECOND_NS);
}

/** Who restarted without siblings while the link was cut is none of the other's; all are in sync.
 */
Test(recovery_found, links_that_one_side_alone_has_are_looked_for) {
  expect_passes("{'recovery': {'limit': '1ms'}, 'nodes': [{}, {}], 'links': [['N1', 'N2']],"
                " 'schedule': [{'at': '10s', 'cut': ['N1', 'N2'], 'for': '7s'},"
                "              {'at': '11s', 'crash': 'N1', 'keeps': 'nothing', 'for': '1s'}],"
                " 'expect': {'checks': 'all'}}",
                200 * GS_SECOND_NS);
}

/** Paused and crashed again before it handled its start, it still has to forget. */
Test(recovery_found, what_a_start_keeps_that_was_never_handled_the_next_one_keeps) {
  static const char *const texts[] = {
      "{'nodes': [{'consumption': 1}, {}], 'links': [['N1', 'N2']], 'expect': {'checks': 'all'},"
      " 'schedule': [{'at': '1s', 'pause': 'N1', 'for': '1s'},"
      "              {'at': '1.1s', 'crash': 'N1', 'keeps': 'nothing', 'for': '1ms'},"
      "              {'at': '1.2s', 'crash': 'N1', 'for': '1ms'}]}",
      "{'nodes': [{'consumption': 1}, {}], 'links': [['N1', 'N2']], 'expect': {'checks': 'all'},"
      " 'schedule': [{'at': '1s', 'crash': 'N1', 'keeps': 'nothing'}, {'at': '2s', 'restart': "
      "'N1'},"
      "              {'at': '2s', 'crash': 'N1', 'for': '1s'}]}"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    expect_passes(texts[i], 200 * GS_SECOND_NS);
}

/** Its tries are further apart than anybody goes on looking. */
Test(recovery_found, who_has_not_answered_is_asked_at_each_look_also_between_tries) {
  expect_passes(
      "{'recovery': {'resync': '2s'}, 'nodes': [{}, {}, {}],"
      " 'links': [['N1', 'N3'], ['N2', 'N3']],"
      " 'schedule': [{'at': '0s', 'cut': ['N2', 'N3']},"
      "              {'at': '5s', 'crash': 'N3', 'keeps': 'energy', 'for': '1ms'},"
      "              {'at': '8s', 'heal': '*'},"
      "              {'at': '9s', 'degrade': {'loss': 0.3}, 'links': '*', 'for': '10ms'}],"
      " 'expect': {'checks': 'all'}}",
      100 * GS_SECOND_NS);
}

#define MESSAGES_MAX 1000000u

static bool goes_on(const GsRunProgress *progress, void *data) {
  (void)data;
  return progress->messages < MESSAGES_MAX;
}

/** Words wait behind each other in a network with heavy tails; who is late is suspected, that is
 * told, and what is told makes more words. */
Test(recovery_found, news_of_suspicions_does_not_feed_itself) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'seed': 567, 'topology': {'kind': 'complete', 'nodes': 10},"
      " 'energy': [{'node': '*', 'production': {'uniform': [0, 99]}}],"
      " 'network': {'latency': '20ms', 'jitter': {'lognormal': {'median': '2ms', 'sigma': 2}},"
      "             'transport': {'tries': 4, 'after': '10ms'}, 'duplicate': 0.1},"
      " 'handshake': {'at': 0, 'every': '1ms'}, 'recovery': {'resync': '10s'}, 'until': '1000s',"
      " 'schedule': [{'at': '0s', 'degrade': {'loss': 0.01}, 'links': '*', 'for': '1s'}],"
      " 'faults': [{'partition': {'random': 2}, 'mean_gap': '1ms', 'for': '1ms', 'from': '1s',"
      "             'until': '1.02s'}]}");
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .progress = goes_on};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  cr_assert(results && !results->stopped, "there is no end to it");
  cr_expect(results->converged && results->quiescent);
  cr_expect_lt(gs_message_counts_total(&results->messages), MESSAGES_MAX);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/forecast/explanation.h"
#include "tests/sim/sim_support.h"

/** What `check` says, and what comes of it. */
static void check_forecast(const GsScenario *scenario, uint64_t links, const char *what) {
  g_autoptr(GsExplanation) explanation = gs_explain_messages(scenario);
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect_eq(explanation->links, links, "%s", what);
  cr_expect_eq(explanation->messages, gs_message_counts_total(&results->messages), "%s", what);
}

Test(forecast, a_link_that_is_made_again_costs_nothing) {
  static const char *const again[] = {"['A', 'C']", "['C', 'A']", "['A', 'B']", "['D', 'C']"};
  for (guint i = 0; i < G_N_ELEMENTS(again); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}, {'name': 'D'}],"
        " 'links': [['A', 'B'], ['B', 'C'], ['C', 'D']], 'network': {'latency': '1ms'},"
        " 'schedule': [{'at': '1s', 'add_sibling': ['A', 'C']},"
        "              {'at': '2s', 'add_sibling': %s},"
        "              {'at': '9s', 'node': 'D', 'production': 5}]}",
        again[i]);
    check_forecast(scenario, 4, again[i]);
  }
}

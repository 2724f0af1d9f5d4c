/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/report/report_json.h"
#include "sim/report/report_text.h"
#include "sim/report/words.h"
#include "sim/study/again.h"
#include "tests/sim/sim_support.h"

static void expect_rules(const char *member, const char *rules) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 3}%s}", member);
  g_autofree char *text = gs_words_recovery(scenario);
  cr_expect_eq(g_strcmp0(text, rules), 0, "%s: %s", member, text ? text : "none");
}

Test(recovery_told, the_rules_that_hold_are_those_that_are_said_or_follow_from_faults) {
  expect_rules("", NULL);
  expect_rules(", 'recovery': 'standard'", "limit auto, resync 1min");
  expect_rules(", 'recovery': {'limit': '2s', 'resync': 'never'}", "limit 2s, resync never");
  expect_rules(", 'schedule': [{'at': 1, 'crash': 'N1'}]", "limit auto, resync 1min");
  expect_rules(", 'schedule': [{'at': 1, 'crash': 'N1'}], 'recovery': 'none'", NULL);
}

Test(recovery_told, a_report_says_what_nodes_did_on_their_own) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'ring', 'nodes': 4}, 'energy': [{'node': 'N2', 'production': 9}],"
      " 'schedule': [{'at': '1s', 'crash': 'N2'}, {'at': '2s', 'node': 'N1', 'production': 3},"
      " {'at': '100s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
  cr_assert_eq(results->suspected, 2, "by both siblings");
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GPtrArray) unmet = g_ptr_array_new();
  gs_report_text(results, unmet, (GsStyle){0}, text);
  cr_expect(strstr(text->str, "limit auto, resync 1min"), "%s", text->str);
  cr_expect(strstr(text->str, "messages, sent by nodes on their own"));
  cr_expect(strstr(text->str, "siblings, 2 times, rightly; trusted again 0"));
  char *json = NULL;
  gsize length;
  FILE *stream = open_memstream(&json, &length);
  cr_assert_eq(gs_report_json(results, unmet, NULL, gs_again_write_run, stream), 0);
  fclose(stream);
  cr_expect(strstr(json, "\"suspected\": 2"), "%s", json);
  cr_expect_eq(gs_results_longest_wrong(results).from_ns, GS_SECOND_NS, "since N2 crashed");
  cr_expect(strstr(text->str, "\n  wrong for   at most "), "%s", text->str);
  cr_expect(strstr(text->str, " without a break: N3 from 1 s on\n"), "%s", text->str);
  cr_expect(strstr(json, "\"longest_wrong_node\": \"N3\""), "%s", json);
  cr_expect(strstr(json, "\"longest_wrong_from_s\": 1"), "%s", json);
  cr_expect(strstr(json, "\"suspected_rightly\": 2"), "%s", json);
  cr_expect(strstr(json, "\"suspected_wrongly\": 0"), "%s", json);
  free(json);
}

Test(recovery_told, what_was_told_in_vain_is_counted_in_words) {
  static const char *const ENTRY = ", {'at': '3s', 'node': 'N2', 'production': 3}";
  static const struct {
    const char *more, *line;
  } CASES[] = {{"", "\n  in vain     told 1 time: the node was down, or paused to the end\n"},
               {", {'at': '4s', 'node': 'N2', 'production': 4}",
                "\n  in vain     told 2 times: the node was down, or paused to the end\n"}};
  for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': ["
                         "{'at': '1s', 'crash': 'N2'}%s%s]}",
                         ENTRY, CASES[i].more);
    g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) unmet = g_ptr_array_new();
    gs_report_text(results, unmet, (GsStyle){0}, text);
    cr_expect(strstr(text->str, CASES[i].line), "%s", text->str);
  }
}

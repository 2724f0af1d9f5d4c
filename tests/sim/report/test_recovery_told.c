/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/report/explain.h"
#include "sim/report/report_json.h"
#include "sim/report/report_text.h"
#include "sim/report/words.h"
#include "sim/study/again.h"
#include "tests/sim/sim_support.h"

#define STANDARD "limit auto, resync 1min"
#define CRASHES ", 'schedule': [{'at': 1, 'crash': 'N1'}]"
#define LOSES ", 'network': {'loss': '5%'}"

static const struct {
  const char *members, *why, *reason, *why_served;
} known[] = {
    {"", "none, since nothing fails and no message is lost", "not-needed",
     STANDARD ", as served nodes have"},
    {", 'network': {'loss': 0, 'duplicate': 0.5, 'transport': {'tries': 4}}",
     "none, since nothing fails and no message is lost", "not-needed",
     STANDARD ", as served nodes have"},
    {", 'recovery': 'standard'", STANDARD ", as set", "set", STANDARD ", as set"},
    {", 'recovery': {'limit': '2s', 'resync': 'never'}", "limit 2s, resync never, as set", "set",
     "limit 2s, resync never, as set"},
    {CRASHES, STANDARD ", since it has faults", "faults", STANDARD ", as served nodes have"},
    {CRASHES LOSES, STANDARD ", since it has faults", "faults", STANDARD ", as served nodes have"},
    {CRASHES ", 'recovery': 'none'", "none, as set", "set", "none, as set"},
    {LOSES, STANDARD ", since messages may be lost", "loss", STANDARD ", as served nodes have"},
    {LOSES ", 'protocol': 'original'", STANDARD ", since messages may be lost", "loss",
     STANDARD ", as served nodes have"},
    {LOSES ", 'recovery': 'none'", "none, as set", "set", "none, as set"},
};

Test(recovery_told, which_rules_hold_and_why_is_what_was_set_or_follows_from_faults_and_loss) {
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autofree char *text =
        g_strdup_printf("{'topology': {'kind': 'ring', 'nodes': 3}%s}", known[i].members);
    g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
    g_autofree char *why = gs_words_recovery_why(scenario, false);
    g_autofree char *why_served = gs_words_recovery_why(scenario, true);
    g_autofree char *rules = gs_words_recovery(scenario, false);
    cr_expect_str_eq(why, known[i].why, "%s", text);
    cr_expect_str_eq(why_served, known[i].why_served, "%s", text);
    cr_expect_str_eq(gs_words_recovery_reason(scenario, false), known[i].reason, "%s", text);
    cr_expect_eq(!rules, g_str_has_prefix(why, "none"), "%s", text);
  }
}

Test(recovery_told, an_explanation_says_which_rules_hold_and_why) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 3}, 'network': {'loss': 0.1}}");
  g_autoptr(GsExplanation) explanation = gs_explain(scenario);
  g_autoptr(GString) text = g_string_new(NULL);
  gs_explanation_print(explanation, (GsStyle){0}, text);
  cr_expect(strstr(text->str, STANDARD ", since messages may be lost\n"), "%s", text->str);
  g_string_truncate(text, 0);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 0);
  gs_json_begin_object(json);
  gs_explanation_write(explanation, json);
  gs_json_end_object(json);
  cr_expect(strstr(text->str, "\"recovery\": \"" STANDARD "\", \"recovery_reason\": \"loss\""),
            "%s", text->str);
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
  cr_expect(strstr(text->str, STANDARD ", since it has faults"), "%s", text->str);
  cr_expect(strstr(text->str, "messages, sent by nodes on their own"));
  cr_expect(strstr(text->str, "siblings, 2 times, rightly; trusted again 0"));
  char *json = NULL;
  gsize length;
  FILE *stream = open_memstream(&json, &length);
  cr_assert_eq(gs_report_json(results, unmet, NULL, gs_again_write_run, stream), 0);
  fclose(stream);
  cr_expect(strstr(json, "\"recovery_reason\": \"faults\""), "%s", json);
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

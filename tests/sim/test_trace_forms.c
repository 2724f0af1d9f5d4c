/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/report/trace_mermaid.h"
#include "tests/sim/sim_support.h"

/*
 * Pictures of what happens in a run. Those in tests/golden/ are written anew by
 * GS_GOLDEN_WRITE=1, as the transcripts of test_golden.c are.
 */

#define GOLDEN "tests/golden"

static uint32_t occurrences(const char *text, const char *part) {
  uint32_t count = 0;
  for (; (text = strstr(text, part)); text += strlen(part))
    count++;
  return count;
}

static void run_into(const GsScenario *scenario, GsTraceSink sink, uint32_t workers) {
  g_autoptr(GError) error = NULL;
  GsRunOptions options = {
      .runner = GS_RUNNER_POOL, .workers = workers, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, &error);
  cr_assert(results, "%s", error ? error->message : "no message");
}

static char *mermaid_of(const GsScenario *scenario, uint32_t workers) {
  g_autoptr(GsTraceMermaid) mermaid = gs_trace_mermaid_new(scenario);
  run_into(scenario, gs_trace_mermaid_sink(mermaid), workers);
  char *text = NULL;
  size_t length;
  FILE *file = open_memstream(&text, &length);
  gs_trace_mermaid_write(mermaid, file);
  fclose(file);
  return text;
}

static void assert_is_golden(const char *path, const char *text) {
  if (g_getenv("GS_GOLDEN_WRITE"))
    cr_assert(g_file_set_contents(path, text, -1, NULL), "%s", path);
  g_autofree char *wanted = NULL;
  cr_assert(g_file_get_contents(path, &wanted, NULL, NULL), "%s", path);
  cr_expect_str_eq(text, wanted, "%s is not what happens now", path);
}

static GsScenario *load(const char *path) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_load(path, NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no message");
  return scenario;
}

Test(trace_forms, a_sequence_diagram_is_as_it_was) {
  g_autoptr(GsScenario) scenario = load(GS_TEST_SCENARIOS "/readme.json");
  for (uint32_t workers = 1; workers <= 3; workers++) {
    char *text = mermaid_of(scenario, workers);
    assert_is_golden(GOLDEN "/readme.mmd", text);
    free(text);
  }
}

Test(trace_forms, no_name_ends_a_line_of_a_sequence_diagram_or_becomes_syntax) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'unit': 'k;W#', 'nodes': [{'name': 'end'}, {'name': 'a;b#c %%%%x <b>: $$'}],"
      " 'links': [['end', 'a;b#c %%%%x <b>: $$']], 'network': {'latency': '1ms'},"
      " 'schedule': [{'at': '1s', 'node': 'end', 'production': 3}]}");
  char *text = mermaid_of(scenario, 1);
  cr_expect(strstr(text, "  participant P1 as #101;nd\n"), "%s", text);
  cr_expect(strstr(text, "  participant P2 as a#59;b#35;c #37;#37;x #60;b#62;#58; #36;#36;\n"),
            "%s", text);
  cr_expect(strstr(text, ": gridnet 3 k#59;W#35;\n"), "%s", text);
  cr_expect(strstr(text, "  P1->>P2: Ask UpdateNet (wave #101;nd:1)\n"), "%s", text);
  free(text);
}

Test(trace_forms, a_sequence_diagram_draws_so_many_messages_and_counts_the_others) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 30}, 'network': {'latency': '1ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 3}]}");
  char *text = mermaid_of(scenario, 1);
  uint32_t drawn = occurrences(text, "-)P") + occurrences(text, "->>P");
  cr_expect_eq(drawn, GS_TRACE_MERMAID_MESSAGES_MAX);
  uint64_t all = gs_test_update_messages(30, 30) + 1;
  g_autofree char *left_out =
      g_strdup_printf(": %u,%03u more messages were left out\n", (uint32_t)(all - drawn) / 1000,
                      (uint32_t)(all - drawn) % 1000);
  cr_expect(g_str_has_suffix(text, left_out), "%s", left_out);
  free(text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/json.h"
#include "sim/report/trace_chrome.h"
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

/* A document of Chrome's, beside what a run told and counted. */
typedef struct {
  const GsScenario *scenario;
  GArray *sends;       /* of GsTraceRecord */
  uint64_t sent;       /* by the run's own count */
  uint64_t deliveries; /* from nodes and people */
  char *text;
} Chrome;

static void collect(const GsSimulation *sim, const GsTraceRecord *records, guint count,
                    void *data) {
  (void)sim;
  Chrome *chrome = data;
  for (guint i = 0; i < count; i++) {
    if (records[i].kind == GS_TRACE_SEND)
      g_array_append_val(chrome->sends, records[i]);
    chrome->deliveries += records[i].kind == GS_TRACE_DELIVERY;
  }
}

static Chrome chrome_of(const GsScenario *scenario, uint32_t workers) {
  Chrome chrome = {.scenario = scenario, .sends = g_array_new(FALSE, FALSE, sizeof(GsTraceRecord))};
  size_t length;
  FILE *file = open_memstream(&chrome.text, &length);
  g_autoptr(GsTraceChrome) trace = gs_trace_chrome_new(file, scenario);
  const GsTraceSink sinks[] = {gs_trace_chrome_sink(trace), {.take = collect, .data = &chrome}};
  GsRunOptions options = {
      .runner = GS_RUNNER_POOL, .workers = workers, .sinks = sinks, .sink_count = 2};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsResults) results = gs_run(scenario, &options, &error);
  cr_assert(results, "%s", error ? error->message : "no message");
  gs_trace_chrome_finish(trace);
  fclose(file);
  chrome.sent = gs_message_counts_total(&results->messages);
  return chrome;
}

static void clear_chrome(Chrome *chrome) {
  g_array_unref(chrome->sends);
  free(chrome->text);
}

static const char *word(const GsJson *event, const char *key) {
  const GsJson *member = gs_json_member(event, key);
  return member ? gs_json_string(member) : "";
}

static int64_t whole(const GsJson *event, const char *key) {
  int64_t value = -1;
  const GsJson *member = gs_json_member(event, key);
  cr_assert(member && gs_json_integer(member, &value), "%s", key);
  return value;
}

static int64_t nanoseconds(const GsJson *event) {
  const GsJson *time = gs_json_member(event, "ts");
  cr_assert(time);
  return llround(gs_json_number(time) * 1000);
}

/* Checks one end of an arrow against the message that it stands for. */
static void check_arrow(const Chrome *chrome, const GsJson *event, uint8_t *ends) {
  bool start = *word(event, "ph") == 's';
  int64_t id = whole(event, "id");
  cr_assert(id >= 1 && id <= (int64_t)chrome->sends->len, "%d", (int)id);
  const GsTraceRecord *sent = &g_array_index(chrome->sends, GsTraceRecord, id - 1);
  cr_expect_eq(ends[id] & (start ? 1 : 2), 0, "one of a kind each");
  ends[id] |= start ? 1 : 2;
  cr_expect_eq(whole(event, "tid") - 1, start ? sent->message.from : sent->message.to);
  int64_t time = nanoseconds(event);
  if (start)
    cr_expect_eq(time, sent->time_ns);
  else if (chrome->scenario->receive_every_ns)
    cr_expect_geq(time, sent->due_ns, "paced nodes handle what has come later");
  else
    cr_expect_eq(time, sent->due_ns);
  g_autofree char *name = g_strdup_printf("%s %s", gs_envelope_type_name(sent->message.env),
                                          gs_message_type_name(sent->message.type));
  cr_expect_str_eq(word(event, "name"), name);
}

/* Every arrow has both its ends, each at the slice written last on its track, which is of then.
 * Returns how many slices are of messages on their way. */
static uint32_t check_chrome(const Chrome *chrome) {
  GsJsonLimits limits = {.max_bytes = 100 << 20, .max_depth = 6};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsJsonDoc) doc =
      gs_json_parse(chrome->text, strlen(chrome->text), "trace", &limits, &error);
  cr_assert(doc, "%s", error ? error->message : "");
  uint64_t handled = 0;
  uint32_t on_their_way = 0;
  g_autofree uint8_t *ends = g_new0(uint8_t, chrome->sends->len + 1);
  g_autofree int64_t *slice_ns = g_new(int64_t, chrome->scenario->node_count + 1);
  for (uint32_t i = 0; i <= chrome->scenario->node_count; i++)
    slice_ns[i] = -1;
  const GsJson *event = gs_json_first(gs_json_member(gs_json_root(doc), "traceEvents"));
  for (; event; event = gs_json_next(event)) {
    char phase = *word(event, "ph");
    if (phase == 'X') {
      slice_ns[whole(event, "tid")] = nanoseconds(event);
      handled += strcmp(word(event, "cat"), "message") == 0;
      on_their_way += strcmp(word(event, "cat"), "on its way") == 0;
    } else if (phase == 's' || phase == 'f') {
      cr_expect_eq(slice_ns[whole(event, "tid")], nanoseconds(event), "a slice to bind to");
      check_arrow(chrome, event, ends);
    }
  }
  cr_expect_eq(chrome->sends->len, chrome->sent);
  cr_expect_eq(handled, chrome->deliveries);
  for (uint32_t i = 1; i <= chrome->sends->len; i++)
    cr_expect_eq(ends[i], 3, "message %u", i);
  return on_their_way;
}

Test(trace_forms, a_trace_for_chrome_is_as_it_was) {
  g_autoptr(GsScenario) scenario = load(GOLDEN "/overlap.json");
  for (uint32_t workers = 1; workers <= 3; workers++) {
    Chrome chrome = chrome_of(scenario, workers);
    assert_is_golden(GOLDEN "/overlap.trace.json", chrome.text);
    clear_chrome(&chrome);
  }
}

Test(trace_forms, every_arrow_leads_from_where_a_message_was_sent_to_where_it_was_handled) {
  static const char *const paths[] = {
      GS_TEST_SCENARIOS "/readme.json", GS_TEST_SCENARIOS "/pace.json",
      GS_TEST_SCENARIOS "/islands.json", GOLDEN "/overlap.json", GOLDEN "/crossing.json"};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GsScenario) scenario = load(paths[i]);
    Chrome chrome = chrome_of(scenario, 2);
    cr_expect_gt(chrome.sent, 0);
    cr_expect_eq(check_chrome(&chrome), 0, "%s", paths[i]);
    clear_chrome(&chrome);
  }
}

Test(trace_forms, messages_that_take_no_time_have_arrows_too) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'complete', 'nodes': 6}, 'network': {'latency': 0},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 3},"
                       "              {'at': '1s', 'node': 'N2', 'production': 4}]}");
  Chrome chrome = chrome_of(scenario, 2);
  cr_expect_eq(chrome.sent, 2 * gs_test_update_messages(6, 15));
  cr_expect_eq(check_chrome(&chrome), 0);
  clear_chrome(&chrome);
}

Test(trace_forms, a_run_that_is_cut_short_leaves_no_arrow_without_an_end) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 12}, 'until': '1.0025s',"
                       " 'network': {'latency': '1ms', 'jitter': '1ms', 'fifo': false},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 3}]}");
  Chrome chrome = chrome_of(scenario, 2);
  cr_expect_gt(check_chrome(&chrome), 0);
  clear_chrome(&chrome);
}

Test(trace_forms, names_and_units_of_any_kind_and_nothing_at_all_are_json) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'unit': '\\\"W\\\\', 'nodes': [{'name': '\\\"'}, {'name': '\\\\'}],"
      " 'links': [['\\\"', '\\\\']], 'schedule': [{'at': '1s', 'node': '\\\"', 'production': 3}]}");
  Chrome chrome = chrome_of(scenario, 1);
  cr_expect_eq(check_chrome(&chrome), 0);
  cr_expect(strstr(chrome.text, "\"name\": \"gridnet \\\"\", \"args\": {\"\\\"W\\\\\": 3}"), "%s",
            chrome.text);
  clear_chrome(&chrome);
  g_autoptr(GsScenario) still = gs_test_scenario("{'nodes': [{'name': 'A'}]}");
  chrome = chrome_of(still, 1);
  cr_expect_eq(check_chrome(&chrome), 0);
  clear_chrome(&chrome);
}

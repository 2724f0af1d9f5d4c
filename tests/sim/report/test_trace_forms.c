/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/json/json.h"
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

Test(trace_forms, what_turns_text_around_or_is_not_seen_is_named_in_a_sequence_diagram) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{'name': 'a\u202eb'}, {'name': 'c\u2066'}, {'name': 'd\u200de'}],"
      " 'links': [['a\u202eb', 'c\u2066'], ['c\u2066', 'd\u200de']],"
      " 'schedule': [{'at': '1s', 'node': 'c\u2066', 'production': 3}]}");
  char *text = mermaid_of(scenario, 1);
  cr_expect(strstr(text, "  participant P1 as a#92;u202eb\n"), "%s", text);
  cr_expect(strstr(text, "  participant P2 as c#92;u2066\n"), "%s", text);
  cr_expect(strstr(text, "  participant P3 as d\u200de\n"), "letters that are joined stay so: %s",
            text);
  cr_expect(!strstr(text, "\u202e") && !strstr(text, "\u2066"), "%s", text);
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

/** A document of Chrome's, beside what a run told and counted. */
typedef struct {
  const GsScenario *scenario;
  GArray *sends; /**< of GsTraceRecord */
  GsResults *results;
  uint64_t sent;       /**< by the run's own count */
  uint64_t deliveries; /**< from nodes and people */
  char *text;
} Chrome;

static void collect(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
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
  chrome.results = gs_run(scenario, &options, &error);
  cr_assert(chrome.results, "%s", error ? error->message : "no message");
  gs_trace_chrome_finish(trace, chrome.results->end_ns);
  fclose(file);
  chrome.sent = gs_message_counts_total(&chrome.results->messages);
  return chrome;
}

static void clear_chrome(Chrome *chrome) {
  g_array_unref(chrome->sends);
  gs_results_free(chrome->results);
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

/** Checks one end of an arrow against the message that it stands for. */
static void check_arrow(const Chrome *chrome, const GsJson *event, uint8_t *ends) {
  bool start = *word(event, "ph") == 's';
  int64_t id = whole(event, "id");
  cr_assert(id >= 1 && id <= (int64_t)chrome->sends->len, "%d", (int)id);
  const GsTraceRecord *sent = &g_array_index(chrome->sends, GsTraceRecord, id - 1);
  cr_expect_eq(ends[id] & (start ? 1 : 2), 0, "one of a kind each");
  ends[id] |= start ? 1 : 2;
  cr_expect_eq(whole(event, "tid") - 1, start ? sent->message.from : sent->message.to);
  int64_t time = nanoseconds(event), end = chrome->results->end_ns;
  if (start)
    cr_expect_eq(time, sent->time_ns);
  else if (chrome->scenario->receive_every_ns)
    cr_expect_geq(time, MIN(sent->due_ns, end), "paced nodes handle what has come later");
  else
    cr_expect_eq(time, MIN(sent->due_ns, end));
  g_autofree char *name = g_strdup_printf("%s %s", gs_envelope_type_name(sent->message.env),
                                          gs_message_type_name(sent->message.type));
  cr_expect_str_eq(word(event, "name"), name);
}

/** What spans, counters and instants say in all. */
typedef struct {
  GHashTable *open; /**< "category id name" → where the event is that began it */
  uint64_t messages, waves, superseded, cut, disturbances, out_of_sync_ns;
  int64_t out_of_sync; /**< as counted last */
  int64_t *sums;       /**< per node: of the last wave that counted */
  bool *known;
} Spans;

static void end_span(const Chrome *chrome, Spans *spans, const GsJson *began, const GsJson *event) {
  const GsJson *args = gs_json_member(event, "args");
  int64_t lasted = nanoseconds(event) - nanoseconds(began);
  bool cut = args && gs_json_member(args, "open_at_end");
  cr_expect_geq(lasted, 0);
  cr_expect_eq(whole(event, "tid"), whole(began, "tid"));
  spans->cut += cut;
  if (cut)
    cr_expect_eq(nanoseconds(event), chrome->results->end_ns, "what is open ends with the run");
  if (strcmp(word(event, "cat"), "out of sync") == 0) {
    spans->out_of_sync_ns += (uint64_t)lasted;
  } else if (strcmp(word(event, "cat"), "wave") == 0 && !cut) {
    int64_t node = whole(event, "tid") - 1;
    bool superseded = gs_json_member(args, "superseded");
    spans->superseded += superseded;
    if (!superseded && !gs_json_member(args, "given_up")) {
      spans->sums[node] = whole(args, "sum");
      spans->known[node] = true;
    }
  }
}

static void check_span(const Chrome *chrome, Spans *spans, const GsJson *event) {
  const char *category = word(event, "cat");
  bool wave = strcmp(category, "wave") == 0;
  g_autofree char *id =
      wave ? g_strdup(word(event, "id")) : g_strdup_printf("%d", (int)whole(event, "id"));
  g_autofree char *key = g_strdup_printf("%s %s %s", category, id, word(event, "name"));
  const GsJson *const *found = g_hash_table_lookup(spans->open, key);
  const GsJson *began = found ? *found : NULL;
  if (*word(event, "ph") == 'b') {
    cr_expect(!began, "%s begins twice", key);
    spans->waves += wave;
    if (strcmp(category, "message") == 0) {
      const GsJson *args = gs_json_member(event, "args");
      cr_expect_str_eq(word(args, "kind"), word(event, "name"));
      cr_expect_str_eq(word(args, "from"), chrome->scenario->nodes[whole(event, "tid") - 1].name);
      cr_expect(*word(args, "to"));
      cr_expect_geq(whole(args, "cause"), 0);
      spans->messages++;
    }
    g_hash_table_insert(spans->open, g_steal_pointer(&key), g_memdup2(&event, sizeof event));
    return;
  }
  cr_assert(began, "%s ends and did not begin", key);
  end_span(chrome, spans, began, event);
  g_hash_table_remove(spans->open, key);
}

/** Spans are told as the run itself counts. */
static void check_totals(const Chrome *chrome, const Spans *spans) {
  const GsResults *results = chrome->results;
  cr_expect_eq(g_hash_table_size(spans->open), 0, "every span has its end");
  cr_expect_eq(spans->messages, chrome->sent);
  cr_expect_eq(spans->superseded, results->superseded);
  cr_expect_eq(spans->disturbances, results->disturbance_count);
  cr_expect_eq(spans->out_of_sync, results->out_of_sync);
  cr_expect_eq(spans->out_of_sync_ns, results->out_of_sync_node_ns);
  for (uint32_t i = 0; i < chrome->scenario->node_count; i++)
    cr_expect(!spans->known[i] || spans->sums[i] == results->nodes[i].gridnet, "node %u", i);
}

static void check_event(const Chrome *chrome, Spans *spans, const GsJson *event) {
  char phase = *word(event, "ph");
  cr_expect(*word(event, "name"), "events have names");
  if (phase == 'b' || phase == 'e')
    check_span(chrome, spans, event);
  if (phase == 'C' && strcmp(word(event, "name"), "nodes out of sync") == 0)
    spans->out_of_sync = whole(gs_json_member(event, "args"), "nodes");
  if (phase == 'i') {
    cr_expect_str_eq(word(event, "s"), "g", "of the whole grid");
    spans->disturbances++;
  }
}

/** Every arrow has both its ends, each at the slice written last on its track, which is of then.
 * Returns how many slices are of messages that were not handled. */
static uint32_t check_events(const Chrome *chrome, const GsJson *event, Spans *spans) {
  uint64_t handled = 0;
  uint32_t not_handled = 0;
  int64_t before_ns = 0;
  g_autofree uint8_t *ends = g_new0(uint8_t, chrome->sends->len + 1);
  g_autofree int64_t *slice_ns = g_new(int64_t, chrome->scenario->node_count + 1);
  for (uint32_t i = 0; i <= chrome->scenario->node_count; i++)
    slice_ns[i] = -1;
  for (; event; event = gs_json_next(event)) {
    char phase = *word(event, "ph");
    check_event(chrome, spans, event);
    if (phase == 'M')
      continue;
    cr_expect_geq(nanoseconds(event), before_ns, "in the order of time");
    before_ns = nanoseconds(event);
    if (phase == 'X') {
      slice_ns[whole(event, "tid")] = nanoseconds(event);
      handled += strcmp(word(event, "cat"), "handled") == 0;
      not_handled += strcmp(word(event, "cat"), "not handled") == 0;
    } else if (phase == 's' || phase == 'f') {
      cr_expect_eq(slice_ns[whole(event, "tid")], nanoseconds(event), "a slice to bind to");
      check_arrow(chrome, event, ends);
    }
  }
  cr_expect_eq(chrome->sends->len, chrome->sent);
  cr_expect_eq(handled, chrome->deliveries);
  for (uint32_t i = 1; i <= chrome->sends->len; i++)
    cr_expect_eq(ends[i], 3, "message %u", i);
  return not_handled;
}

static Spans check_chrome(const Chrome *chrome, uint32_t *not_handled) {
  GsJsonLimits limits = {.max_bytes = 100 << 20, .max_depth = 6};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsJsonDoc) doc =
      gs_json_parse(chrome->text, strlen(chrome->text), "trace", &limits, &error);
  cr_assert(doc, "%s", error ? error->message : "");
  g_autoptr(GHashTable) open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autofree int64_t *sums = g_new0(int64_t, chrome->scenario->node_count);
  g_autofree bool *known = g_new0(bool, chrome->scenario->node_count);
  Spans spans = {.open = open, .out_of_sync = -1, .sums = sums, .known = known};
  *not_handled =
      check_events(chrome, gs_json_first(gs_json_member(gs_json_root(doc), "traceEvents")), &spans);
  check_totals(chrome, &spans);
  spans.open = NULL;
  spans.sums = NULL;
  spans.known = NULL;
  return spans;
}

/** All that a run sends is handled in it. */
static Spans check_whole(const Chrome *chrome) {
  uint32_t not_handled;
  Spans spans = check_chrome(chrome, &not_handled);
  cr_expect_eq(not_handled, 0);
  cr_expect_eq(spans.cut, chrome->results->out_of_sync, "only nodes that stay out of sync");
  return spans;
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
    Spans spans = check_whole(&chrome);
    cr_expect_gt(spans.waves, 0);
    cr_expect_gt(spans.out_of_sync_ns, 0);
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
  check_whole(&chrome);
  clear_chrome(&chrome);
}

Test(trace_forms, a_run_that_is_cut_short_leaves_no_arrow_and_no_span_without_an_end) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 12}, 'until': '1.0025s',"
                       " 'network': {'latency': '1ms', 'jitter': '1ms', 'fifo': false},"
                       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 3}]}");
  Chrome chrome = chrome_of(scenario, 2);
  uint32_t not_handled;
  Spans spans = check_chrome(&chrome, &not_handled);
  cr_expect_gt(not_handled, 0);
  /* All nodes are out of sync, and N1 waits for its wave; others may, too. */
  cr_expect_eq(chrome.results->out_of_sync, 12);
  cr_expect_gt(spans.cut, not_handled + 12);
  clear_chrome(&chrome);
}

Test(trace_forms, nodes_that_start_out_of_sync_are_in_spans_from_the_start) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A', 'production': 5}, {'name': 'B'}],"
                       " 'links': [['A', 'B']], 'start': 'cold',"
                       " 'schedule': [{'at': '1s', 'node': 'A', 'production': 5}]}");
  Chrome chrome = chrome_of(scenario, 1);
  Spans spans = check_whole(&chrome);
  cr_expect_gt(spans.out_of_sync_ns, 2 * UINT64_C(1000000000));
  clear_chrome(&chrome);
}

Test(trace_forms, a_wave_that_was_given_up_says_so) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'nodes': [{'name': 'A'}, {'name': 'B'}]}");
  char *text = NULL;
  size_t length;
  FILE *file = open_memstream(&text, &length);
  g_autoptr(GsTraceChrome) trace = gs_trace_chrome_new(file, scenario);
  GsTraceSink sink = gs_trace_chrome_sink(trace);
  GsMessage wave = {.master = {1, 7}};
  GsTraceRecord records[] = {
      {.time_ns = 1000, .kind = GS_TRACE_WAVE_START, .message = wave},
      {.time_ns = 2000,
       .node = 1,
       .kind = GS_TRACE_DROP,
       .message = wave,
       .value = GS_DROP_GIVEN_UP},
      {.time_ns = 3000, .kind = GS_TRACE_DROP, .message = wave, .value = GS_DROP_GIVEN_UP},
  };
  sink.take(NULL, records, G_N_ELEMENTS(records), sink.data);
  gs_trace_chrome_finish(trace, 4000);
  fclose(file);
  cr_expect_eq(occurrences(text, "\"ph\":\"e\""), 1, "%s", text);
  cr_expect(strstr(text, "\"ts\":3.000,\"name\":\"wave of A\",\"cat\":\"wave\",\"id\":\"1:7\","
                         "\"args\":{\"given_up\":true}}"),
            "%s", text);
  free(text);
}

Test(trace_forms, what_there_are_too_many_nodes_for_is_said) {
  g_autoptr(GsScenario) few = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 32}}");
  g_autoptr(GsScenario) many = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 33}}");
  Chrome chrome = chrome_of(few, 1);
  cr_expect(!strstr(chrome.text, "left_out"));
  clear_chrome(&chrome);
  chrome = chrome_of(many, 1);
  cr_expect(strstr(chrome.text, "\"left_out\": [\"counters of gridnets: too many nodes\"]"));
  clear_chrome(&chrome);
}

Test(trace_forms, names_and_units_of_any_kind_and_nothing_at_all_are_json) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'unit': '\\\"W\\\\', 'nodes': [{'name': '\\\"'}, {'name': '\\\\'}],"
      " 'links': [['\\\"', '\\\\']], 'schedule': [{'at': '1s', 'node': '\\\"', 'production': 3}]}");
  Chrome chrome = chrome_of(scenario, 1);
  check_whole(&chrome);
  cr_expect(strstr(chrome.text, "\"name\":\"gridnet \\\"\",\"args\":{\"\\\"W\\\\\":3}"), "%s",
            chrome.text);
  clear_chrome(&chrome);
  g_autoptr(GsScenario) still = gs_test_scenario("{'nodes': [{'name': 'A'}]}");
  chrome = chrome_of(still, 1);
  check_whole(&chrome);
  clear_chrome(&chrome);
}

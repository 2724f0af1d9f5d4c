/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/json/json.h"
#include "core/limits.h"
#include "sim/report/explain.h"
#include "sim/report/print.h"
#include "sim/report/report_json.h"
#include "sim/report/report_text.h"
#include "sim/report/watch.h"
#include "sim/report/words.h"
#include "sim/study/again.h"

static const char pair_scenario[] =
    "{\"name\": \"pair\", \"about\": \"Two nodes.\","
    " \"nodes\": [{\"name\": \"A\"}, {\"name\": \"B's\", \"http\": \"127.0.0.1:8082\"}],"
    " \"links\": [[\"A\", \"B's\"]], \"network\": {\"latency\": \"10ms\"},"
    " \"schedule\": [{\"at\": \"1s\", \"node\": \"A\", \"production\": 5,"
    "   \"expect\": {\"messages\": 5, \"converged_within\": \"30ms\"}}],"
    " \"expect\": {\"converged\": true, \"gridnet\": 5, \"converged_within\": \"2s\","
    "   \"messages\": {\"total\": 5, \"tell\": 1, \"UpdateNet\": 4}}}";

static GsScenario *parse(const char *text) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "test.json", NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "");
  return scenario;
}

/** What a run of the pair gives, written by hand. */
static GsResults *pair_results(const GsScenario *scenario) {
  GsResults *results = g_new0(GsResults, 1);
  *results = (GsResults){
      .scenario = scenario,
      .runner = "pool",
      .workers = 2,
      .node_count = 2,
      .link_count = 1,
      .island_count = 1,
      .quiescent = true,
      .converged = true,
      .now_ns = 1030000000,
      .converged_at_ns = 1030000000,
      .quiescent_at_ns = 1030000000,
      .delivered = 5,
      .largest_mailbox = 2,
      .hops = 3,
      .wire_bytes = 1536,
      .out_of_sync_node_ns = 50000000,
      .digest = "00112233445566778899aabbccddeeff",
      .wall_s = 0.0005,
      .memory_bytes = 2048,
  };
  GsMessageCounts counts = {0};
  counts.by_kind[GS_TELL][GS_SYNC_GRID] = 1;
  counts.by_kind[GS_ASK][GS_UPDATE_NET] = 2;
  counts.by_kind[GS_RESPONSE][GS_UPDATE_NET] = 2;
  results->messages = counts;
  results->sibling_block = g_new(uint32_t, 2);
  results->sibling_block[0] = 1;
  results->sibling_block[1] = 0;
  results->nodes = g_new0(GsNodeState, 2);
  results->nodes[0] = (GsNodeState){.id = 1,
                                    .name = "A",
                                    .production = 5,
                                    .gridnet = 5,
                                    .true_net = 5,
                                    .in_sync = true,
                                    .sibling_count = 1,
                                    .siblings = &results->sibling_block[0]};
  results->nodes[1] = (GsNodeState){.id = 2,
                                    .name = "B's",
                                    .gridnet = 5,
                                    .true_net = 5,
                                    .in_sync = true,
                                    .sibling_count = 1,
                                    .siblings = &results->sibling_block[1]};
  results->series =
      (GsSyncSeries){.count = 2, .t_ns = g_new0(int64_t, 2), .out = g_new0(uint32_t, 2)};
  results->series.t_ns[1] = 1030000000;
  results->series.out[1] = 1;
  results->disturbance_count = 1;
  results->disturbances = g_new0(GsDisturbance, 1);
  results->disturbances[0] = (GsDisturbance){.at_ns = 1000000000,
                                             .what = g_strdup("A: production 5"),
                                             .messages = counts,
                                             .converged_after_ns = 30000000,
                                             .hops = 3,
                                             .wire_bytes = 1536};
  return results;
}

/** The same, gone wrong. */
static GsResults *broken_results(const GsScenario *scenario) {
  GsResults *results = pair_results(scenario);
  results->converged = results->quiescent = false;
  results->converged_at_ns = results->quiescent_at_ns = -1;
  results->out_of_sync = 1;
  results->nodes[1].gridnet = 0;
  results->nodes[1].in_sync = false;
  results->superseded = 1;
  results->drops[GS_DROP_LATE_RESPONSE] = 2;
  results->drops[GS_DROP_SEEN_FLOOD] = 9;
  results->messages.by_kind[GS_TELL][GS_SYNC_GRID] = 3;
  results->disturbances[0].messages = results->messages;
  results->disturbances[0].converged_after_ns = -1;
  return results;
}

Test(report, a_run_as_expected_has_nothing_unmet) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  cr_expect_eq(unmet->len, 0);
  cr_expect_eq(gs_message_counts_total(&results->messages), 5);
  cr_expect_eq(gs_message_counts_by_envelope(&results->messages, GS_ASK), 2);
  cr_expect_eq(gs_message_counts_by_type(&results->messages, GS_UPDATE_NET), 4);
}

Test(report, each_unmet_expectation_says_what_was_expected_and_what_was_found) {
  static const char *const wanted[] = {
      "expected all nodes to be in sync at the end, found 1 of 2 out of sync",
      "expected all nodes to be in sync within 2s, found 1 still out of sync",
      "expected gridnet 5 at every node, found 0 at \"B's\"",
      "expected 5 messages in all, found 7",
      "expected 1 Tell message in all, found 3",
      "expected 5 messages for \"A: production 5\" at 1s, found 7",
      ("expected all nodes in sync within 30ms of \"A: production 5\" at 1s, found it not by the "
       "end of the run"),
  };
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = broken_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  g_ptr_array_add(unmet, NULL);
  const char *const *lines = (const char *const *)unmet->pdata;
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    cr_expect(g_strv_contains(lines, wanted[i]), "not found: %s", wanted[i]);
  cr_expect_eq(unmet->len - 1, G_N_ELEMENTS(wanted));
}

Test(report, tells_a_person_what_happened) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_report_text(results, unmet, (GsStyle){.color = false}, out);
  cr_expect_str_eq(
      out->str,
      "pair\n"
      "Two nodes.\n"
      "\n"
      "  grid        2 nodes, 1 link; listed in the scenario\n"
      "  network     latency 10 ms, in order\n"
      "  protocol    echo, sync every; seed 1\n"
      "  recovery    none, since nothing fails and no message is lost\n"
      "\n"
      "Disturbances\n"
      "   at  what             messages  SyncGrid  UpdateNet  hops  in sync after\n"
      "  1 s  A: production 5         5         1          4     3          30 ms\n"
      "\n"
      "Nodes (energies in kW)\n"
      "  id  name  production  consumption  net  gridnet  true net  in sync  siblings\n"
      "   1  A              5            0    5        5         5  yes      B's\n"
      "   2  B's            0            0    0        5         5  yes      A\n"
      "\n"
      "Messages\n"
      "             Tell  Ask  Response  total\n"
      "  SyncGrid      1    -         -      1\n"
      "  UpdateNet     -    2         2      4\n"
      "  total         1    2         2      5\n"
      "  1.5 KiB of JSON on the wire\n"
      "\n"
      "Outcome\n"
      "  in sync     since 1.03 s\n"
      "  at rest     since 1.03 s\n"
      "  run         500 µs, 10,000 messages/s; runner pool, 2 workers\n"
      "  at most     2 messages waiting at one node; 2.0 KiB for messages and waves\n"
      "  digest      00112233445566778899aabbccddeeff\n"
      "  expected    all 8 met\n",
      "found:\n%s", out->str);
}

Test(report, disturbances_that_are_not_kept_are_mentioned) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  results->disturbances_left_out = 1234;
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_report_text(results, unmet, (GsStyle){.color = false}, out);
  cr_expect(strstr(out->str, "  … and 1,234 later ones, which count in the totals only\n"));
}

Test(report, tells_a_person_what_went_wrong) {
  static const char *const wanted[] = {
      "   2  B's            0            0    0        0         5  no       A\n",
      "  in sync     no: 1 of 2 nodes is not\n",
      "  at rest     no: ended at 1.03 s with more to happen\n",
      "  superseded  1 wave overtaken by a later one of the same node\n",
      "  dropped     2 messages: late-response\n",
      "\nNot as expected\n  expected all nodes to be in sync at the end, found 1 of 2",
  };
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = broken_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_report_text(results, unmet, (GsStyle){.color = false}, out);
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    cr_expect(strstr(out->str, wanted[i]), "not found: %s\nin:\n%s", wanted[i], out->str);
  cr_expect_not(strstr(out->str, "seen-flood"));
}

Test(report, an_interrupted_run_says_so) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = broken_results(scenario);
  results->stopped = true;
  g_autoptr(GPtrArray) unmet = g_ptr_array_new();
  g_autoptr(GString) out = g_string_new(NULL);
  gs_report_text(results, unmet, (GsStyle){.color = false}, out);
  cr_expect(strstr(out->str, "  interrupted at 1.03 s; this is what there was so far\n"));
  cr_expect_not(strstr(out->str, "expected"));
}

/** The JSON report, parsed. `text` keeps what the document refers to. */
static GsJsonDoc *json_of(const GsResults *results, const GPtrArray *unmet, char **text) {
  gsize length = 0;
  FILE *stream = open_memstream(text, &length);
  cr_assert_eq(gs_report_json(results, unmet, NULL, gs_again_write_run, stream), 0);
  fclose(stream);
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  g_autoptr(GError) error = NULL;
  GsJsonDoc *doc = gs_json_parse(*text, length, "report", &limits, &error);
  cr_assert(doc, "%s", error ? error->message : "");
  return doc;
}

Test(report, the_network_is_described_as_it_runs) {
  static const struct {
    const char *members, *path, *value, *wanted;
  } cases[] = {
      {"", "seed", "4", "latency 1 ms, in order"},
      {"", "network.latency", "10ms", "latency 10 ms, in order"},
      {"", "network.jitter", "3ms", "latency 1 ms, jitter up to 3 ms, in order"},
      {"", "network.fifo", "false", "latency 1 ms, overtaking allowed"},
      {", 'network': {'jitter': {'exponential': '2ms'}}", NULL, NULL,
       "latency 1 ms, jitter exponential, mean 2 ms, in order"},
      {", 'links': [['A', 'B'], {'between': ['B', 'C'], 'latency': 1}]", NULL, NULL,
       "latency 1 ms, 1 link with its own, in order"},
      {", 'links': [{'between': ['A', 'B'], 'latency': 2}, {'between': ['B', 'C'], 'jitter': 1}]",
       "network.latency", "2ms", "latency 2 ms, 2 links with their own, in order"},
      /* The scenario's latency is that of no link. */
      {", 'links': [{'between': ['A', 'B'], 'latency': 2}]", NULL, NULL,
       "latency 2 s on the only link, in order"},
      {", 'links': [{'between': ['A', 'B'], 'latency': 2}, {'between': ['B', 'C'], 'latency': 2}]",
       NULL, NULL, "latency 2 s on each of the 2 links, in order"},
      {", 'links': [{'between': ['A', 'B'], 'latency': 3, 'jitter': '1ms'},"
       " {'between': ['B', 'C'], 'latency': 2}]",
       NULL, NULL,
       "latency between 2 s and 3 s, each of the 2 links with its own, 1 link with its own jitter, "
       "in order"},
      {", 'links': [{'between': ['A', 'B'], 'latency': {'uniform': [1, 2]}},"
       " {'between': ['B', 'C'], 'latency': 2}],"
       " 'schedule': [{'at': 1, 'add_sibling': ['A', 'C']}]",
       NULL, NULL, "latency of its own on each of the 2 links, 1 ms on new ones, in order"},
      {", 'schedule': [{'at': 1, 'add_sibling': ['A', 'C'], 'latency': 2}]", NULL, NULL,
       "latency 1 ms, 1 new link with its own, in order"},
      /* What is told of a link that is there, and twice of one, makes no new links. */
      {", 'links': [['A', 'B']],"
       " 'schedule': [{'at': 1, 'add_sibling': ['B', 'A'], 'latency': 2},"
       " {'at': 2, 'add_sibling': ['A', 'B'], 'latency': 3},"
       " {'at': 3, 'add_sibling': ['A', 'C'], 'latency': 3},"
       " {'at': 4, 'add_sibling': ['C', 'A']}]",
       NULL, NULL, "latency 1 ms, 1 link with its own later, 1 new link with its own, in order"},
      {", 'links': [{'between': ['A', 'B'], 'latency': 2}],"
       " 'schedule': [{'at': 1, 'add_sibling': ['A', 'B']}]",
       NULL, NULL, "latency 2 s on the only link, in order"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}]%s}", cases[i].members);
    g_strdelimit(text, "'", '"');
    GsOverride override = {cases[i].path, cases[i].value};
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario =
        gs_scenario_parse(text, strlen(text), "set.json", &override, override.path != NULL, &error);
    cr_assert(scenario, "%s", error ? error->message : "");
    g_autofree char *network = gs_words_network(scenario);
    cr_expect_str_eq(network, cases[i].wanted, "%s", network);
    g_autofree char *set = g_strdup_printf("%s=%s", cases[i].path, cases[i].value);
    /* The seed is told by itself. */
    cr_expect(i == 0 || !override.path ? !scenario->set : g_str_equal(scenario->set, set));
  }
}

Test(report, json_has_the_documented_members_in_their_order) {
  static const char *const wanted[] = {"scenario",
                                       "seed",
                                       "runner",
                                       "nodes",
                                       "links",
                                       "converged",
                                       "converged_at_s",
                                       "quiescent_at_s",
                                       "messages",
                                       "disturbances",
                                       "node_states",
                                       "digest",
                                       "wall_s",
                                       "wire_bytes",
                                       "hops",
                                       "out_of_sync_node_s",
                                       "out_of_sync_series"};
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  char *text = NULL;
  g_autoptr(GsJsonDoc) doc = json_of(results, unmet, &text);
  const GsJson *root = gs_json_root(doc), *member = gs_json_first(root);
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++, member = gs_json_next(member))
    cr_assert_str_eq(gs_json_key(member), wanted[i]);

  int64_t number = 0;
  const GsJson *messages = gs_json_member(root, "messages");
  cr_expect(gs_json_integer(gs_json_member(messages, "total"), &number) && number == 5);
  const GsJson *by_type = gs_json_member(messages, "by_type");
  cr_expect(gs_json_integer(gs_json_member(by_type, "UpdateNet"), &number) && number == 4);
  cr_expect_eq(gs_json_number(gs_json_member(root, "converged_at_s")), 1.03);
  const GsJson *disturbance = gs_json_first(gs_json_member(root, "disturbances"));
  cr_expect_eq(gs_json_number(gs_json_member(disturbance, "converged_after_s")), 0.03);
  cr_expect(gs_json_integer(gs_json_member(disturbance, "hops"), &number) && number == 3);
  cr_expect(gs_json_integer(gs_json_member(disturbance, "wire_bytes"), &number) && number == 1536);
  cr_expect_eq(gs_json_number(gs_json_member(root, "out_of_sync_node_s")), 0.05);
  const GsJson *point = gs_json_next(gs_json_first(gs_json_member(root, "out_of_sync_series")));
  cr_expect_eq(gs_json_number(gs_json_first(point)), 1.03);
  cr_expect_eq(gs_json_number(gs_json_next(gs_json_first(point))), 1);
  const GsJson *node = gs_json_first(gs_json_member(root, "node_states"));
  cr_expect_str_eq(gs_json_string(gs_json_first(gs_json_member(node, "siblings"))), "B's");
  cr_expect(gs_json_bool(gs_json_member(gs_json_member(root, "expectations"), "met")));
  free(text);
}

Test(report, json_has_null_for_what_never_came) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = broken_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  char *text = NULL;
  g_autoptr(GsJsonDoc) doc = json_of(results, unmet, &text);
  const GsJson *root = gs_json_root(doc);
  cr_expect_eq(gs_json_type(gs_json_member(root, "converged_at_s")), GS_JSON_NULL);
  cr_expect_eq(gs_json_type(gs_json_member(root, "quiescent_at_s")), GS_JSON_NULL);
  const GsJson *disturbance = gs_json_first(gs_json_member(root, "disturbances"));
  cr_expect_eq(gs_json_type(gs_json_member(disturbance, "converged_after_s")), GS_JSON_NULL);
  const GsJson *expectations = gs_json_member(root, "expectations");
  cr_expect_not(gs_json_bool(gs_json_member(expectations, "met")));
  cr_expect_eq(gs_json_count(gs_json_member(expectations, "unmet")), unmet->len);
  free(text);
}

Test(report, chains_that_are_longer_than_what_is_counted_are_at_least_that_long) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  for (uint32_t hops = GS_HOPS_MAX - 1; hops <= GS_HOPS_MAX; hops++) {
    bool most = hops == GS_HOPS_MAX;
    results->hops = results->disturbances[0].hops = hops;
    char *text = NULL;
    g_autoptr(GsJsonDoc) doc = json_of(results, unmet, &text);
    const GsJson *root = gs_json_root(doc);
    const GsJson *of[] = {root, gs_json_first(gs_json_member(root, "disturbances"))};
    for (guint i = 0; i < G_N_ELEMENTS(of); i++) {
      int64_t number = 0;
      cr_expect(gs_json_integer(gs_json_member(of[i], "hops"), &number) && number == hops);
      cr_expect_eq(gs_json_bool(gs_json_member(of[i], "hops_at_least")), most, "%u", i);
    }
    free(text);
    g_autoptr(GString) out = g_string_new(NULL);
    gs_report_text(results, unmet, (GsStyle){.color = false, .columns = 200}, out);
    cr_expect(strstr(out->str, most ? "  at least 262,143  " : "  262,142  "), "%s", out->str);
  }
}

Test(report, json_says_why_a_run_cannot_be_done_again) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  for (guint i = 0; i < 3; i++) {
    static const char *const reasons[] = {NULL,
                                          "the run was interrupted, and would not end there again",
                                          "the scenario has more than 4 MiB"};
    char *text = NULL;
    results->stopped = i == 1;
    if (i == 2)
      g_clear_pointer(&scenario->text, g_bytes_unref);
    g_autoptr(GsJsonDoc) doc = json_of(results, unmet, &text);
    const GsJson *root = gs_json_root(doc), *again = gs_json_member(root, "again");
    cr_expect_eq(gs_json_type(again), reasons[i] ? GS_JSON_NULL : GS_JSON_OBJECT);
    cr_expect_eq(g_strcmp0(gs_json_string(gs_json_member(root, "again_missing")), reasons[i]), 0);
    free(text);
  }
}

Test(report, json_that_cannot_be_written_is_noticed) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  FILE *full = fopen("/dev/full", "w");
  if (!full)
    cr_skip_test("no /dev/full");
  setvbuf(full, NULL, _IONBF, 0);
  cr_expect_neq(gs_report_json(results, unmet, NULL, gs_again_write_run, full), 0);
  fclose(full);
}

Test(report, state_lines_are_those_of_the_original) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  results->nodes[0].consumption = 3;
  g_autoptr(GString) out = g_string_new(NULL);
  gs_watch_print(results, 9000000000, out);
  cr_expect_str_eq(out->str,
                   "    9.000 s  [Node] id=1 address=sim:1 name=A energy=(5, -3) "
                   "siblings=[\"B's\"] gridnet=5\n"
                   "    9.000 s  [Node] id=2 address=127.0.0.1:8082 name=B's "
                   "energy=(0, 0) siblings=['A'] gridnet=5\n",
                   "found:\n%s", out->str);
  g_string_truncate(out, 0);
  gs_watch_print(results, 100000, out);
  cr_expect(g_str_has_prefix(out->str, "    0.000100000 s  [Node] id=1"));
}

Test(report, no_name_drives_a_terminal) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsResults) results = pair_results(scenario);
  results->nodes[0].name = "A\u202e";
  results->nodes[1].name = "B\u2066";
  g_autoptr(GString) out = g_string_new(NULL);
  gs_watch_print(results, 0, out);
  cr_expect(strstr(out->str, " name=A\\u202e "), "%s", out->str);
  cr_expect(strstr(out->str, " siblings=['B\\u2066'] "), "%s", out->str);
  gs_print_nodes(results, (GsStyle){0}, out);
  cr_expect(!strstr(out->str, "\u202e") && !strstr(out->str, "\u2066"), "%s", out->str);
}

Test(explain, forecasts_by_the_closed_form_as_links_are_made) {
  static const uint64_t wanted[] = {0, 0, 7, 16, 29, 47, 45, 2 * 10, 4 * 45};
  g_autoptr(GsScenario) scenario =
      parse("{\"nodes\": [{\"name\": \"A\"}, {\"name\": \"B\"}, {\"name\": \"C\"},"
            " {\"name\": \"D\"}], \"schedule\": ["
            "{\"at\": 1, \"node\": \"A\", \"consumption\": 10},"
            "{\"at\": 2, \"node\": \"B\", \"production\": 20},"
            "{\"at\": 3, \"add_sibling\": [\"A\", \"B\"]},"
            "{\"at\": 4, \"add_sibling\": [\"B\", \"D\"]},"
            "{\"at\": 5, \"add_sibling\": [\"C\", \"D\"]},"
            "{\"at\": 6, \"add_sibling\": [\"C\", \"A\"]},"
            "{\"at\": 7, \"node\": \"D\", \"production\": 5},"
            "{\"at\": 8, \"update_net\": [\"A\", \"C\"]},"
            "{\"at\": 9, \"sync_grid\": \"*\"}]}");
  g_autoptr(GsExplanation) explanation = gs_explain(scenario);
  cr_assert_eq(explanation->first->len, G_N_ELEMENTS(wanted));
  uint64_t total = 0;
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    uint64_t found = g_array_index(explanation->first, GsForecastRow, i).messages;
    cr_expect_eq(found, wanted[i], "row %u: %lu, not %lu", i, found, wanted[i]);
    total += wanted[i];
  }
  cr_expect_eq(explanation->messages, total);
  cr_expect_eq(explanation->islands_at_start, 4);
  cr_expect_eq(explanation->islands, 1);
  cr_expect_eq(explanation->links, 4);
  cr_expect_eq(explanation->degree_min, 2);
  cr_expect_eq(explanation->trust, GS_FORECAST_AT_REST);
}

Test(explain, says_what_a_scenario_will_do) {
  static const char *const wanted[] = {
      "  grid        2 nodes, 1 link, 1 island; listed in the scenario\n",
      "  siblings    1 per node\n",
      "  1 s  A: production 5         5\n",
      "  messages    exactly 5, in every run\n",
  };
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsExplanation) explanation = gs_explain(scenario);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_explanation_print(explanation, (GsStyle){.color = false}, out);
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    cr_expect(strstr(out->str, wanted[i]), "not found: %s\nin:\n%s", wanted[i], out->str);
}

Test(explain, endless_repetition_is_counted_only_so_far) {
  g_autoptr(GsScenario) scenario =
      parse("{\"topology\": {\"kind\": \"ring\", \"nodes\": 3}, \"until\": \"100d\", \"schedule\":"
            " [{\"at\": 0, \"every\": \"1ms\", \"node\": \"N1\", \"production\": 1}]}");
  g_autoptr(GsExplanation) explanation = gs_explain(scenario);
  cr_expect(explanation->more_occurrences);
  cr_expect_eq(explanation->first->len, 10);
}

Test(explain, messages_alone_are_the_same_without_an_estimate_of_memory) {
  g_autoptr(GsScenario) scenario = parse(pair_scenario);
  g_autoptr(GsExplanation) whole = gs_explain(scenario), alone = gs_explain_messages(scenario);
  cr_expect_gt(whole->memory.bytes, 0);
  cr_expect_eq(alone->memory.bytes, 0);
  cr_expect_eq(alone->messages, whole->messages);
  cr_expect_eq(alone->trust, whole->trust);
}

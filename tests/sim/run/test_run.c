/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "sim/report/trace_lines.h"
#include "sim/run/simulation.h"
#include "tests/sim/sim_support.h"

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/** Fifteen updates on real nodes of the original took 26.0 to 31.3 s, median 28.2 s. */
Test(run, the_original_pace_takes_as_long_as_real_nodes) {
  int64_t after[200];
  for (guint seed = 0; seed < G_N_ELEMENTS(after); seed++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'seed': %u, 'topology': {'kind': 'ring', 'nodes': 4}, 'pace': 'original',"
        " 'schedule': [{'at': '10s', 'node': 'N4', 'production': 5, 'consumption': 10}]}",
        seed + 1);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    gs_test_assert_settled(results, "pace");
    cr_assert_eq(gs_message_counts_total(&results->messages), 45);
    after[seed] = results->disturbances[0].converged_after_ns;
  }
  qsort(after, G_N_ELEMENTS(after), sizeof *after, compare);
  double median_s = (double)(after[99] + after[100]) / 2e9;
  cr_assert(median_s > 27.6 && median_s < 28.8, "median %.3f s", median_s);
}

static void check_ticks(int64_t receive_s, int64_t send_s) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'star', 'nodes': 12}, 'pace': {'receive': '%ds', 'send': '%ds'},"
      " 'network': {'latency': '1ms'}, 'schedule': [{'at': '5s', 'node': 'N1', 'production': 1}]}",
      (int)receive_s, (int)send_s);
  char *text = NULL;
  size_t size = 0;
  FILE *trace = open_memstream(&text, &size);
  g_autoptr(GsTraceLines) into = gs_trace_lines_new(trace, scenario);
  GsTraceSink sink = gs_trace_lines_sink(into);
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  fclose(trace);
  gs_test_assert_settled(results, "star");
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  guint checked = 0;
  for (guint i = 0; lines[i] && *lines[i]; i++) {
    bool send = strstr(lines[i], "\"send\"") != NULL;
    const char *who = strstr(lines[i], send ? "\"from\": \"" : "\"to\": \"");
    if (!who || (!send && !strstr(lines[i], "\"delivery\"")))
      continue;
    int64_t time = g_ascii_strtoll(strstr(lines[i], "\"t_ns\": ") + 8, NULL, 10);
    g_autofree char *name = g_strndup(who, strcspn(who + 9, "\"") + 9);
    int64_t *before = g_hash_table_lookup(last, name);
    int64_t period = (send ? send_s : receive_s) * GS_SECOND_NS;
    if (before) {
      cr_assert_geq(time - *before, period, "%s", lines[i]);
      cr_assert_eq((time - *before) % period, 0, "%s", lines[i]);
      checked++;
    }
    g_hash_table_replace(last, g_strdup(name), g_memdup2(&time, sizeof time));
  }
  cr_assert_gt(checked, 100);
  free(text);
}

Test(run, a_paced_node_handles_and_sends_one_message_a_tick) {
  check_ticks(1, 2);
  check_ticks(2, 1); /* so that messages wait to be received, too */
}

static gsize resident_bytes(void) {
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
  return (gsize)g_ascii_strtoull(strchr(text, ' '), NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}

static GsResults *run_updates(guint updates, const char *network) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'lattice', 'rows': 5, 'columns': 5}, 'network': %s,"
                       " 'schedule': [{'at': '1s', 'every': '30ms', 'until': '%ums', 'node': 'N7',"
                       " 'production': {'uniform': [0, 99]}}]}",
                       network, 1000 + 30 * (updates - 1));
  GsResults *results = gs_test_run(scenario);
  gs_test_assert_settled(results, "updates");
  results->scenario = NULL;
  return results;
}

Test(run, memory_does_not_grow_with_the_length_of_a_run) {
  static const char *const networks[] = {"{'latency': '1ms'}",
                                         "{'latency': '1ms', 'jitter': '9ms'}",
                                         "{'latency': '1ms', 'jitter': '9ms', 'fifo': false}"};
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autoptr(GsResults) some = run_updates(50, networks[i]);
    g_autoptr(GsResults) many = run_updates(1000, networks[i]);
    cr_assert_eq(gs_message_counts_total(&many->messages), 1000 * gs_test_update_messages(25, 40),
                 "%s", networks[i]);
    cr_assert_leq(many->memory_bytes, some->memory_bytes * 5 / 4, "%s: %zu then %zu bytes",
                  networks[i], some->memory_bytes, many->memory_bytes);
  }
}

Test(run, a_node_at_rest_costs_less_than_four_kibibytes) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'lattice', 'rows': 200, 'columns': 200}}");
  g_autofree int64_t *gridnet = g_new0(int64_t, scenario->node_count);
  gsize before = resident_bytes();
  GsSimulation sim;
  gs_simulation_init(&sim, scenario, 2, gridnet, false, NULL, NULL);
  gsize each = (resident_bytes() - before) / scenario->node_count;
  gs_simulation_clear(&sim);
#if !defined(__SANITIZE_ADDRESS__)
  cr_assert_leq(each, 1024, "%zu bytes", each);
#else
  (void)each;
#endif
}

Test(run, two_thousand_thread_actors_start_run_and_end) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'tree', 'nodes': 2000}, 'schedule': [{'at': 0, 'update_net': 'N9'}]}");
  g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_THREADS, 2);
  gs_test_assert_settled(results, "tree");
  cr_assert_eq(gs_message_counts_total(&results->messages), 2 * 1999);
}

static bool stop_at_once(const GsRunProgress *progress, void *data) {
  (void)data;
  return progress->wall_s < 0.2;
}

Test(run, a_run_that_is_stopped_ends_cleanly_with_what_there_is) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'ring', 'nodes': 300}, 'schedule': [{'at': 0, 'every': '1ms',"
      " 'until': '24h', 'node': '*', 'production': {'uniform': [0, 9]}}]}");
  for (guint runner = 0; runner < 2; runner++) {
    GsRunOptions options = {.runner = (GsRunnerKind)runner, .progress = stop_at_once};
    g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
    cr_assert(results && results->stopped && !results->quiescent);
    cr_assert_gt(gs_message_counts_total(&results->messages), 0);
    cr_assert_eq(results->quiescent_at_ns, -1);
  }
}

Test(run, expectations_of_disturbances_that_are_not_measured_are_not_met) {
  static const char *const entries[] = {"'until': '9999ms'", "'until': '10s'"};
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'nodes': [{}], 'schedule': [{'at': 0, 'every': '1ms', %s,"
                         " 'update_net': 'N1', 'expect': {'messages': 0}}]}",
                         entries[i]);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
    cr_assert_eq(results->disturbances_left_out, i);
    cr_assert_eq(unmet->len, i);
    if (i > 0)
      cr_expect_str_eq(unmet->pdata[0], "expected something of 1 disturbance after the first "
                                        "10000, which is not measured one by one");
  }
}

/** What is said of a run in which N1 and N2 have agreed on 6 after 3 s, and N3 is alone. */
static void expect_unmet(const char *entry, const char *grid, const char *message) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{}, {'production': 1}, {}], 'links': [['N1', 'N2']], 'network': {'latency': "
      "'1s'},"
      " 'schedule': [{'at': 0, 'node': 'N1', 'production': 5, 'expect': {%s}}], 'expect': {%s}}",
      entry, grid);
  g_autoptr(GsResults) results = gs_test_run(scenario);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  cr_assert_eq(unmet->len, message ? 1 : 0, "%s %s", entry, grid);
  if (message)
    cr_expect_str_eq(unmet->pdata[0], message);
}

Test(run, expectations_are_met_up_to_their_limit_and_by_the_node_that_they_name) {
  expect_unmet("'converged_within': '3s'", "'converged_within': '3s'", NULL);
  expect_unmet("'converged_within': '2999ms'", "",
               "expected all nodes in sync within 2.999s of \"N1: production 5\" at 0s, found it "
               "after 3s");
  expect_unmet("", "'converged_within': '2999ms'",
               "expected all nodes to be in sync within 2.999s, found it after 3s");
  expect_unmet("", "'gridnet': {'N1': 6, 'N2': 6, 'N3': 0}", NULL);
  expect_unmet("", "'gridnet': {'N3': 6}", "expected gridnet 6 at \"N3\", found 0");
}

Test(run, until_ends_a_run_before_it_is_at_rest) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'line', 'nodes': 10}, 'network': {'latency': '1s'}, 'until': '4s',"
      " 'schedule': [{'at': 0, 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_assert(!results->quiescent && !results->converged && !results->stopped);
  cr_assert_eq(results->converged_at_ns, -1);
  cr_assert_eq(results->now_ns, 4 * GS_SECOND_NS);
  cr_assert_gt(results->open_waves, 0);
  cr_assert_eq(results->disturbances[0].converged_after_ns, -1);
}

Test(run, islands_have_their_own_true_nets_and_joining_them_adds_up) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'a', 'production': 1}, {'name': 'b', 'production': 10},"
                       " {'name': 'c', 'production': 100}, {'name': 'd', 'production': 1000}],"
                       " 'links': [['a', 'b'], ['c', 'd']],"
                       " 'schedule': [{'at': 1, 'node': 'a', 'consumption': 1},"
                       " {'at': 2, 'add_sibling': ['b', 'c']}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  gs_test_assert_settled(results, "islands");
  cr_assert_eq(gs_message_counts_total(&results->disturbances[0].messages), 5);
  cr_assert_eq(gs_message_counts_total(&results->disturbances[1].messages), 29);
  cr_assert_eq(results->nodes[3].gridnet, 1110);
  cr_assert_eq(results->island_count, 1);
}

/* ---- What progress says ---- */

#define SHOWN_MAX 16

typedef struct {
  uint64_t messages, expected;
} Shown;

/** Progress is asked for about ten times a second: this makes what is told take so long. */
static void dawdle(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view, (void)data;
  for (guint i = 0; i < count; i++) {
    if (records[i].kind == GS_TRACE_DELIVERY && records[i].message.from == GS_ENDPOINT_NONE) {
      g_usleep(110 * 1000);
      return;
    }
  }
}

static bool show(const GsRunProgress *progress, void *data) {
  GArray *shown = data;
  Shown one = {progress->messages, progress->expected_messages};
  g_array_append_val(shown, one);
  return true;
}

/** What is expected after each moment at which something is told. */
static void expect_forecasts(const char *rest, guint count, const uint64_t *expected) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("{%s}", rest);
  g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(Shown));
  GsTraceSink sink = {.take = dawdle};
  GsRunOptions options = {.runner = GS_RUNNER_POOL,
                          .workers = 1,
                          .sinks = &sink,
                          .sink_count = 1,
                          .progress = show,
                          .progress_data = shown};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  gs_test_assert_settled(results, rest);
  cr_assert_geq(shown->len, count, "%s: asked %u times", rest, shown->len);
  for (guint i = 0; i < count; i++)
    cr_expect_eq(g_array_index(shown, Shown, i).expected, expected[i], "%s: %u", rest, i);
  uint64_t last = expected[count - 1];
  if (last > 0)
    cr_expect_eq(gs_message_counts_total(&results->messages), last, "%s", rest);
}

Test(run, progress_knows_all_messages_once_all_is_told) {
  /* A ring of 5 with N = E = 5: a wave is 12 messages, an update 66. */
  expect_forecasts("'topology': {'kind': 'ring', 'nodes': 5}, 'schedule': ["
                   "{'at': 1, 'update_net': 'N1'}, {'at': 2, 'node': 'N2', 'production': 1},"
                   "{'at': 3, 'sync_grid': 'N3'}]",
                   3, (uint64_t[]){0, 0, 12 + 66 + 66});
  /* Over before anything else would be told. */
  expect_forecasts("'topology': {'kind': 'ring', 'nodes': 5}, 'until': '9s', 'schedule': ["
                   "{'at': 1, 'every': 10, 'node': 'N2', 'production': 1}]",
                   1, (uint64_t[]){66});
  /* Two islands of 2 and 3 become one of N = 5, E = 4, then N = 5, E = 5; then nothing new. */
  expect_forecasts(
      "'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}, {'name': 'D'}, {'name': 'E'}],"
      "'links': [['A', 'B'], ['C', 'D'], ['D', 'E']], 'schedule': ["
      "{'at': 1, 'add_sibling': ['B', 'C']}, {'at': 2, 'add_sibling': ['A', 'E']},"
      "{'at': 3, 'add_sibling': ['A', 'E']}]",
      3, (uint64_t[]){0, 0, 4 * 11 + 2 + 6 * 11 + 2});
}

Test(run, progress_does_not_say_what_it_cannot_know) {
  expect_forecasts("'topology': {'kind': 'ring', 'nodes': 5}, 'sync': 'coalesce', 'schedule': ["
                   "{'at': 1, 'node': 'N2', 'production': 1}]",
                   1, (uint64_t[]){0});
  /* Links that are made at once meet each other's waves. */
  expect_forecasts("'topology': {'kind': 'ring', 'nodes': 5}, 'network': {'latency': '1ms'},"
                   "'handshake': {'at': 0, 'every': 0}",
                   1, (uint64_t[]){0});
  expect_forecasts(
      "'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'links': [['A', 'B']], 'schedule': ["
      "{'at': 1, 'add_sibling': ['B', 'C']}, {'at': 1, 'node': 'A', 'production': 1}]",
      1, (uint64_t[]){0});
  /* Messages that may be lost, though none is. */
  expect_forecasts("'topology': {'kind': 'ring', 'nodes': 5}, 'network': {'loss': 1e-9},"
                   "'schedule': [{'at': 1, 'node': 'N2', 'production': 1}]",
                   1, (uint64_t[]){0});
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/json.h"
#include "sim/report/report_run_html.h"
#include "sim/study/again.h"
#include "tests/sim/sim_support.h"

static GsRunRecord *recorded(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers,
                             GsResults **results) {
  GsRunRecord *record = gs_run_record_new(scenario);
  GsTraceSink sink = gs_run_record_sink(record);
  GsRunOptions options = {.runner = runner, .workers = workers, .sinks = &sink, .sink_count = 1};
  *results = gs_run(scenario, &options, NULL);
  cr_assert(*results);
  gs_run_record_finish(record);
  return record;
}

static int compare_values(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/** What quartiles are read from is what sorting would give. */
static void check_order(const GsRunRecord *record) {
  uint32_t sampled = gs_run_record_sampled(record), up = 0;
  g_autofree int64_t *wanted = g_new(int64_t, sampled);
  for (uint32_t i = 0; i < sampled; i++) {
    uint32_t node = (uint32_t)((uint64_t)i * record->scenario->node_count / sampled);
    if (!gs_sync_monitor_is_down(record->monitor, node))
      wanted[up++] = record->gridnet[node];
  }
  qsort(wanted, up, sizeof *wanted, compare_values);
  cr_expect_eq(record->sorted_count, up);
  cr_expect_arr_eq(record->sorted, wanted, up * sizeof *wanted);
}

/** The errors of all stretches together are those of the run, however few stretches there are. */
static void check_errors(const GsRunRecord *record, const GsResults *results) {
  double wrong = 0, error_s = 0, up_s = 0;
  uint64_t worst = 0;
  const GsRecordedBand *end = &g_array_index(record->bands, GsRecordedBand, record->bands->len - 1);
  int64_t end_ns = MAX(results->end_ns, end->at_ns); /* a fault may be the last thing */
  for (guint i = 0; i < record->bands->len; i++) {
    const GsRecordedBand *band = &g_array_index(record->bands, GsRecordedBand, i);
    GsRecordedError error;
    if (!gs_run_record_error(record, i, &error))
      continue;
    bool last = i + 1 == record->bands->len;
    double length_s = (double)((last ? end_ns : band[1].at_ns) - band->at_ns) / 1e9;
    unsigned __int128 up_ns =
        last ? record->last_second.up_node_ns : band[1].sums.up_node_ns - band->sums.up_node_ns;
    double nodes = last ? (double)up_ns / 1e9 : (double)up_ns / 1e9 / length_s;
    cr_expect_eq(error.none, !up_ns);
    cr_expect(error.in_sync_share >= 0 && error.in_sync_share <= 1);
    cr_expect_leq(error.mean_error, (double)error.worst + 1);
    up_s += nodes * length_s;
    wrong += (1 - error.in_sync_share) * nodes * length_s;
    error_s += error.mean_error * nodes * length_s;
    worst = MAX(worst, error.worst);
  }
  cr_expect_eq(worst, results->errors.worst.error);
  if (up_s <= 0)
    return;
  cr_expect_float_eq(1 - wrong / up_s, gs_results_in_sync_share(results), 1e-6);
  cr_expect_float_eq(error_s / up_s, gs_results_mean_error(results),
                     1e-6 * (1 + gs_results_mean_error(results)));
}

/** Whatever is cut or binned, nothing gets lost, and it ends as the results say. */
static void check_record(const GsScenario *scenario, uint64_t told) {
  g_autoptr(GsResults) results = NULL;
  g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 2, &results);
  GsMessageCounts counts = {0};
  int64_t before = -1;
  for (guint i = 0; i < record->rates->len; i++) {
    const GsRecordedRate *rate = &g_array_index(record->rates, GsRecordedRate, i);
    cr_assert_gt(rate->bin, before);
    before = rate->bin;
    for (int env = 0; env < GS_ENVELOPE_TYPES; env++)
      for (int type = 0; type < GS_MESSAGE_TYPES; type++)
        counts.by_kind[env][type] += rate->counts[env][type];
  }
  cr_expect_arr_eq(&counts, &results->messages, sizeof counts);
  cr_expect_leq(record->rates->len, GS_RECORD_BINS_MAX);
  cr_expect_leq(record->bands->len, GS_RECORD_BINS_MAX);
  cr_expect_leq(record->messages->len, GS_RECORD_MESSAGES_MAX);
  cr_expect_eq(record->messages->len + record->messages_cut,
               gs_message_counts_total(&results->messages) + told);
  const GsRecordedBand *last =
      &g_array_index(record->bands, GsRecordedBand, record->bands->len - 1);
  cr_expect_eq(last->out_of_sync, results->out_of_sync);
  int64_t latest = 0;
  for (uint32_t i = 0; i < results->node_count; i++) {
    int64_t truth_ns, since_ns = gs_run_record_since_ns(record, i, &truth_ns);
    cr_expect_eq(since_ns >= 0, results->nodes[i].in_sync);
    cr_expect(since_ns < 0 || since_ns >= truth_ns);
    latest = MAX(latest, since_ns);
    cr_expect_eq(record->gridnet[i], results->nodes[i].gridnet);
    cr_expect_eq(gs_sync_monitor_true_net(record->monitor, i), results->nodes[i].true_net);
  }
  if (results->converged)
    cr_expect_eq(latest, results->converged_at_ns);
  check_order(record);
  check_errors(record, results);
}

/** What goes wrong in it: the page counts nobody who is down. */
#define FAULTS                                                                                     \
  "{\"topology\": {\"kind\": \"ring\", \"nodes\": %u}, \"network\": {\"latency\": \"10ms\"}, "     \
  "\"until\": \"40s\", \"recovery\": {\"resync\": \"5s\"}, \"schedule\": ["                        \
  "{\"at\": 1, \"every\": \"70ms\", \"until\": \"%s\", \"node\": \"N1\", \"production\": "         \
  "{\"uniform\": [1, 1000]}},"                                                                     \
  "{\"at\": 2, \"crash\": \"N3\", \"keeps\": \"nothing\", \"for\": \"2s\"},"                       \
  "{\"at\": 5, \"partition\": [[\"N1\", \"N2\"], \"*rest\"], \"for\": \"4s\"},"                    \
  "{\"at\": 12, \"crash\": \"*\", \"for\": \"1s\"}, {\"at\": 20, \"leave\": \"N2\"}]}"

Test(run_record, of_faults_has_gaps_where_nodes_are_down_and_errors_as_the_results_have) {
  static const struct {
    uint32_t nodes;
    const char *until;
  } runs[] = {{4, "3s"}, {6, "30s"}, {40, "8s"}};
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++) {
    g_autofree char *text = g_strdup_printf(FAULTS, runs[i].nodes, runs[i].until);
    g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
    g_autoptr(GsResults) results = NULL;
    g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 2, &results);
    check_order(record);
    check_errors(record, results);
    for (uint32_t node = 0; node < results->node_count; node++) {
      int64_t truth_ns, since_ns = gs_run_record_since_ns(record, node, &truth_ns);
      cr_expect_eq(since_ns >= 0, results->nodes[node].in_sync, "%u", node);
      cr_expect_eq(record->is_down[node], results->nodes[node].is_down);
    }
    uint32_t gaps = 0;
    for (guint k = 0; record->steps && k < record->steps->len; k++) {
      const GsRecordedStep *step = &g_array_index(record->steps, GsRecordedStep, k);
      gaps += step->none && !step->truth;
      bool down =
          (step->node == 2 && step->at_ns >= 2 * GS_SECOND_NS && step->at_ns < 4 * GS_SECOND_NS) ||
          (step->at_ns >= 12 * GS_SECOND_NS && step->at_ns < 13 * GS_SECOND_NS) ||
          (step->node == 1 && step->at_ns >= 20 * GS_SECOND_NS);
      cr_expect_eq(step->none, down, "N%u at %" G_GINT64_FORMAT, step->node + 1, step->at_ns);
    }
    if (record->steps)
      cr_expect_eq(gaps, 1 + runs[i].nodes + 1);
    bool empty = false;
    for (guint k = 0; k < record->bands->len; k++)
      empty |= g_array_index(record->bands, GsRecordedBand, k).none;
    cr_expect(empty, "all nodes are down for a while");
  }
}

/** What each node of a small grid has, as its steps say, and how far it is off. */
typedef struct {
  const GsRunRecord *record;
  guint taken; /**< steps */
  int64_t value[GS_RECORD_STEPS_NODES_MAX][2];
  bool none[GS_RECORD_STEPS_NODES_MAX];
} Walk;

/** Takes all steps of the next moment, if that is before `end_ns`. */
static bool take_moment(Walk *walk, int64_t end_ns) {
  const GsRecordedStep *steps = (const GsRecordedStep *)(void *)walk->record->steps->data;
  guint count = walk->record->steps->len, first = walk->taken;
  if (first == count || steps[first].at_ns >= end_ns)
    return false;
  for (; walk->taken < count && steps[walk->taken].at_ns == steps[first].at_ns; walk->taken++) {
    const GsRecordedStep *step = &steps[walk->taken];
    walk->value[step->node][step->truth] = step->value;
    walk->none[step->node] = step->none;
  }
  return true;
}

static uint64_t largest_error(const Walk *walk) {
  int64_t worst = 0;
  for (uint32_t i = 0; i < walk->record->scenario->node_count; i++)
    if (!walk->none[i])
      worst = MAX(worst, ABS(walk->value[i][0] - walk->value[i][1]));
  return (uint64_t)worst;
}

/** Of runs whose stretches are joined as often as not. */
Test(run_record, the_largest_error_of_each_stretch_is_the_largest_of_its_moments) {
  static const char *const until[] = {"3s", "30s", "39s"};
  for (uint32_t i = 0; i < G_N_ELEMENTS(until); i++) {
    g_autofree char *text = g_strdup_printf(FAULTS, 4 + i, until[i]);
    g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
    g_autoptr(GsResults) results = NULL;
    g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 2, &results);
    cr_assert(!record->steps_cut);
    Walk walk = {.record = record};
    for (guint k = 0; k < record->bands->len; k++) {
      const GsRecordedBand *band = &g_array_index(record->bands, GsRecordedBand, k);
      while (take_moment(&walk, band->at_ns + 1))
        ;
      uint64_t worst = largest_error(&walk);
      while (take_moment(&walk, k + 1 < record->bands->len ? band[1].at_ns : INT64_MAX))
        worst = MAX(worst, largest_error(&walk));
      cr_expect_eq(band->worst, worst,
                   "%u nodes, at %" G_GINT64_FORMAT " ns: %" G_GUINT64_FORMAT
                   ", its moments have %" G_GUINT64_FORMAT,
                   4 + i, band->at_ns, band->worst, worst);
    }
  }
}

static GsScenario *shipped(const char *name) {
  g_autofree char *path = g_strdup_printf(GS_TEST_SCENARIOS "/%s.json", name);
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_load(path, NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no message");
  return scenario;
}

Test(run_record, has_all_that_happened_however_it_is_cut) {
  static const struct {
    const char *name;
    uint64_t told;
  } cases[] = {{"readme", 7}, {"pace", 1}, {"ring", 3}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = shipped(cases[i].name);
    check_record(scenario, cases[i].told);
  }
  g_autoptr(GsScenario) busy = gs_test_scenario(
      "{'topology': {'kind': 'ring', 'nodes': 40}, 'network': {'jitter': '3ms'}, 'until': '5s',"
      " 'schedule': [{'at': '1s', 'every': '100ms', 'node': 'N1', 'production': {'uniform': [1, "
      "9]}}]}");
  check_record(busy, 41);
  g_autoptr(GsScenario) many = gs_test_scenario(
      "{'topology': {'kind': 'erdos-renyi', 'nodes': 1500, 'links': 300}, 'start': 'cold',"
      " 'energy': [{'node': '*', 'production': {'uniform': [0, 50]}}],"
      " 'schedule': [{'at': '1s', 'sync_grid': '*'},"
      " {'at': '2s', 'every': '1ms', 'until': '2250ms', 'node': 'N3', 'production': {'uniform': "
      "[1, 99]}},"
      " {'at': '2s', 'every': '1ms', 'until': '2250ms', 'node': 'N4', 'production': {'uniform': "
      "[1, 99]}}]}");
  check_record(many, 1500 + 502);
}

/** Records as they are made, until so many are there. */
typedef struct {
  guint most, records, windows_after;
  uint64_t sent, told, changes;
} Seen;

static void see_records(const GsRunView *view, const GsTraceRecord *records, guint count,
                        void *data) {
  (void)view, (void)records;
  Seen *seen = data;
  seen->windows_after += seen->records >= seen->most;
  seen->records += count;
}

static bool see_more(void *data) {
  const Seen *seen = data;
  return seen->records < seen->most;
}

static void see_news(const GsWindowNews *news, void *data) {
  Seen *seen = data;
  seen->told += news->told;
  seen->changes += news->change_count;
}

static void see_sent(int64_t time_ns, uint32_t kind, uint64_t count, void *data) {
  (void)time_ns, (void)kind;
  ((Seen *)data)->sent += count;
}

Test(run_record, records_end_when_no_sink_wants_them_and_counts_go_on) {
  static const char *const networks[] = {"{'latency': '10ms'}", "{'jitter': '3ms'}"};
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 20}, 'network': %s,"
                         " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 9}]}",
                         networks[i]);
    Seen seen = {.most = 100}, all = {.most = G_MAXUINT};
    GsTraceSink sinks[] = {{see_records, &seen, see_more, see_news, see_sent, NULL},
                           {see_records, &all, see_more, see_news, see_sent, NULL}};
    for (guint both = 0; both < 2; both++) {
      seen = (Seen){.most = 100};
      all = (Seen){.most = G_MAXUINT};
      GsRunOptions options = {
          .runner = GS_RUNNER_POOL, .workers = 2, .sinks = sinks, .sink_count = 1 + both};
      g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
      cr_expect(results->converged);
      cr_expect_eq(seen.sent, 21 * 41);
      cr_expect_eq(seen.told, 1);
      cr_expect_geq(seen.changes, 21);
      cr_expect_eq(seen.windows_after > 0, both);
      cr_expect(both ? all.records == seen.records : seen.records < 400);
    }
  }
}

Test(run_record, keeps_each_step_of_a_small_grid) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A', 'production': 2}, {'name': 'B'}],"
                       " 'links': [['A', 'B']], 'network': {'latency': '10ms'},"
                       " 'schedule': [{'at': '1s', 'node': 'A', 'production': 7}]}");
  g_autoptr(GsResults) results = NULL;
  g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 1, &results);
  /* B sums at 10 ms, 30 ms later has its sum; A's own wave takes 20 ms. */
  static const GsRecordedStep wanted[] = {
      {0, 2, 0, false, false},          {0, 2, 0, true, false},
      {0, 2, 1, false, false},          {0, 2, 1, true, false},
      {1000000000, 7, 0, true, false},  {1000000000, 7, 1, true, false},
      {1020000000, 7, 0, false, false}, {1030000000, 7, 1, false, false},
  };
  cr_assert_eq(record->steps->len, G_N_ELEMENTS(wanted));
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    const GsRecordedStep *step = &g_array_index(record->steps, GsRecordedStep, i);
    cr_expect_eq(step->at_ns, wanted[i].at_ns, "step %u", i);
    cr_expect_eq(step->value, wanted[i].value, "step %u", i);
    cr_expect_eq(step->node, wanted[i].node, "step %u", i);
    cr_expect_eq(step->truth, wanted[i].truth, "step %u", i);
  }
}

static char *page_of(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers) {
  g_autoptr(GsResults) results = NULL;
  g_autoptr(GsRunRecord) record = recorded(scenario, runner, workers, &results);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  GString *page = g_string_new(NULL);
  cr_assert(gs_report_run_html(results, unmet, record, "gridsim run x.json", gs_again_write_run,
                               page, NULL));
  return g_string_free(page, FALSE);
}

Test(run_record, pages_are_the_same_for_every_runner) {
  static const char *const names[] = {"readme", "pace", "islands"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GsScenario) scenario = shipped(names[i]);
    g_autofree char *one = page_of(scenario, GS_RUNNER_POOL, 1);
    g_autofree char *other = page_of(scenario, GS_RUNNER_THREADS, 3);
    cr_expect(strcmp(one, other) == 0, "%s", names[i]);
  }
}

Test(run_record, grids_are_drawn_up_to_ten_thousand_nodes_and_listed_up_to_two_thousand) {
  static const struct {
    const char *topology;
    guint listed, drawn;
  } cases[] = {{"'kind': 'ring', 'nodes': 2000", 2000, 2000},
               {"'kind': 'lattice', 'rows': 60, 'columns': 90", 0, 5400},
               {"'kind': 'ring', 'nodes': 10001", 0, 0},
               {"'kind': 'complete', 'nodes': 300", 300, 0}};
  GsJsonLimits limits = {.max_bytes = 64 << 20, .max_depth = 16};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *source = g_strdup_printf("{'topology': {%s}}", cases[i].topology);
    g_autoptr(GsScenario) scenario = gs_test_scenario("%s", source);
    g_autoptr(GsResults) results = NULL;
    g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 1, &results);
    g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
    g_autoptr(GString) text = g_string_new(NULL);
    cr_assert(gs_report_run_document(results, unmet, record, "gridsim run", gs_again_write_run,
                                     text, NULL));
    g_autoptr(GsJsonDoc) doc = gs_json_parse(text->str, text->len, "document", &limits, NULL);
    cr_assert(doc);
    const char *const keys[] = {"nodes", "places", "drawn_names", "drawn_took_s"};
    const guint counts[] = {cases[i].listed, cases[i].drawn, cases[i].drawn - cases[i].listed,
                            cases[i].drawn - cases[i].listed};
    for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
      const GsJson *list = gs_json_member(gs_json_root(doc), keys[k]);
      guint wanted = k > 1 && cases[i].drawn < cases[i].listed ? 0 : counts[k];
      cr_expect_eq(list ? gs_json_count(list) : 0, wanted, "%s of %s", keys[k], source);
    }
  }
}

Test(run_record, documents_are_json_that_says_what_the_results_say) {
  g_autoptr(GsScenario) scenario = shipped("ring");
  g_autoptr(GsResults) results = NULL;
  g_autoptr(GsRunRecord) record = recorded(scenario, GS_RUNNER_POOL, 1, &results);
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  g_autoptr(GString) text = g_string_new(NULL);
  cr_assert(gs_report_run_document(results, unmet, record, "gridsim run", gs_again_write_run, text,
                                   NULL));
  GsJsonLimits limits = {.max_bytes = 64 << 20, .max_depth = 16};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text->str, text->len, "document", &limits, &error);
  cr_assert(doc, "%s", error ? error->message : "no message");
  const GsJson *root = gs_json_root(doc);
  cr_expect_str_eq(gs_json_string(gs_json_member(root, "digest")), results->digest);
  int64_t total = 0;
  cr_expect(gs_json_integer(gs_json_member(gs_json_member(root, "messages"), "total"), &total));
  cr_expect_eq(total, 22143);
  cr_expect_eq(gs_json_count(gs_json_member(root, "places")), 60);
  cr_expect_eq(gs_json_count(gs_json_member(root, "links")), 60);
}

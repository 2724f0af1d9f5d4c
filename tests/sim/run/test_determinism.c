/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

static const char *const scenarios[] = {
    ("{'topology': {'kind': 'lattice', 'rows': 6, 'columns': 7}, 'network': {'latency': '1ms'},"
     " 'schedule': [{'at': '1s', 'node': 'N5', 'production': 3},"
     " {'at': '1003ms', 'node': '*', 'consumption': {'uniform': [0, 50]}}]}"),
    ("{'topology': {'kind': 'barabasi-albert', 'nodes': 40}, 'sync': 'coalesce',"
     " 'network': {'latency': {'exponential': '5ms'}, 'jitter': {'exponential': '9ms'},"
     " 'fifo': false}, 'schedule': [{'at': 0, 'every': '1ms', 'until': '20ms', 'node': '*',"
     " 'production': {'normal': {'mean': 50, 'sd': 20}}}]}"),
    ("{'topology': {'kind': 'ring', 'nodes': 9}, 'pace': 'original',"
     " 'network': {'latency': '2ms', 'jitter': '1ms'},"
     " 'schedule': [{'at': '3s', 'node': 'N2', 'production': 8}]}"),
    ("{'topology': {'kind': 'erdos-renyi', 'nodes': 20, 'p': 0.2}, 'network': {'latency': 0},"
     " 'handshake': {'at': '1s', 'every': '1ms'}}"),
};

static char *digest_of(const char *text, GsRunnerKind runner, uint32_t workers) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  g_autoptr(GsResults) results = gs_test_run_with(scenario, runner, workers);
  return g_strdup(results->digest);
}

Test(determinism, a_hundred_repetitions_give_one_digest) {
  for (guint i = 0; i < G_N_ELEMENTS(scenarios); i++) {
    g_autofree char *first = digest_of(scenarios[i], GS_RUNNER_POOL, 1);
    for (guint repetition = 0; repetition < 100; repetition++) {
      bool threads = repetition % 5 == 4;
      g_autofree char *again =
          digest_of(scenarios[i], threads ? GS_RUNNER_THREADS : GS_RUNNER_POOL, 1 + repetition % 8);
      cr_assert_str_eq(first, again, "scenario %u repetition %u", i, repetition);
    }
  }
}

Test(determinism, both_runners_with_few_and_more_workers_give_one_digest) {
  for (guint i = 0; i < G_N_ELEMENTS(scenarios); i++) {
    g_autofree char *first = digest_of(scenarios[i], GS_RUNNER_POOL, 1);
    g_autofree char *pool = digest_of(scenarios[i], GS_RUNNER_POOL, 3);
    g_autofree char *threads = digest_of(scenarios[i], GS_RUNNER_THREADS, 2);
    cr_assert_str_eq(first, pool, "scenario %u", i);
    cr_assert_str_eq(first, threads, "scenario %u", i);
  }
}

Test(determinism, another_seed_gives_another_digest) {
  for (guint i = 1; i < G_N_ELEMENTS(scenarios); i++) {
    g_autofree char *first = digest_of(scenarios[i], GS_RUNNER_POOL, 1);
    g_autofree char *seeded = g_strdup_printf("{'seed': 2, %s", scenarios[i] + 1);
    g_autofree char *other = digest_of(seeded, GS_RUNNER_POOL, 1);
    cr_assert_str_neq(first, other, "scenario %u", i);
  }
}

/** Both are told the same, and end alike: only what they held in between differs. */
Test(determinism, another_gridnet_on_the_way_gives_another_digest) {
  static const char form[] = "{'nodes': [{'production': %d}], 'schedule': ["
                             "{'at': '1s', 'node': 'N1', 'consumption': 5},"
                             "{'at': '2s', 'node': 'N1', 'production': 7}]}";
  g_autofree char *one = g_strdup_printf(form, 1), *two = g_strdup_printf(form, 2);
  g_autofree char *first = digest_of(one, GS_RUNNER_POOL, 1);
  g_autofree char *other = digest_of(two, GS_RUNNER_POOL, 1);
  cr_assert_str_neq(first, other);
}

static void look_away(const GsRunView *view, const GsTraceRecord *records, guint count,
                      void *data) {
  (void)view, (void)records, (void)count, (void)data;
}

/** Unwatched, most messages are letters from end to end; watched, all are looked at. */
Test(determinism, a_run_that_is_watched_goes_as_it_goes_unwatched) {
  for (guint i = 0; i < 12; i++) {
    static const char *const kinds[] = {"ring", "star", "complete", "barabasi-albert"};
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': '%s', 'nodes': %u}, 'sync': '%s', 'seed': %u,"
                         " 'network': {'latency': '1ms'}, 'schedule': ["
                         "{'at': '1s', 'node': '*', 'production': {'uniform': [0, 50]}},"
                         "{'at': '1002ms', 'node': 'N2', 'consumption': 123}]}",
                         kinds[i % 4], 3 + 7 * i, i % 3 ? "every" : "coalesce", i + 1);
    g_autoptr(GsResults) alone = gs_test_run(scenario);
    GsTraceSink sink = {.take = look_away};
    GsRunOptions options = {
        .runner = GS_RUNNER_POOL, .workers = 2, .sinks = &sink, .sink_count = 1};
    g_autoptr(GsResults) watched = gs_run(scenario, &options, NULL);
    cr_expect_str_eq(watched->digest, alone->digest, "%u", i);
    cr_expect_eq(watched->wire_bytes, alone->wire_bytes, "%u", i);
    cr_expect_arr_eq(&watched->messages, &alone->messages, sizeof alone->messages, "%u", i);
    cr_expect_eq(watched->largest_mailbox, alone->largest_mailbox, "%u", i);
  }
}

static gpointer run_in_thread(gpointer data) {
  return digest_of(data, GS_RUNNER_POOL, 2);
}

Test(determinism, simulations_that_run_at_once_do_not_disturb_each_other) {
  GThread *threads[32];
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("run", run_in_thread, (gpointer)(guintptr)scenarios[i % 4]);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
    g_autofree char *alone = digest_of(scenarios[i % 4], GS_RUNNER_POOL, 1);
    g_autofree char *beside = g_thread_join(threads[i]);
    cr_assert_str_eq(alone, beside);
  }
}

static const char *name_at(GDir *dir) {
  const char *name;
  while ((name = g_dir_read_name(dir))) {
    if (g_str_has_suffix(name, ".json") && !g_str_has_suffix(name, ".schema.json"))
      return name;
  }
  return NULL;
}

Test(determinism, shipped_scenarios_meet_their_expectations_with_one_digest_for_both_runners) {
  GDir *dir = g_dir_open(GS_TEST_SCENARIOS, 0, NULL);
  cr_assert(dir);
  guint seen = 0;
  for (const char *name = name_at(dir); name; name = name_at(dir)) {
    g_autofree char *path = g_build_filename(GS_TEST_SCENARIOS, name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario = gs_scenario_load(path, NULL, 0, &error);
    cr_assert(scenario, "%s", error ? error->message : path);
    g_autoptr(GsResults) threads = gs_test_run_with(scenario, GS_RUNNER_THREADS, 2);
    g_autoptr(GsResults) pool = gs_test_run_with(scenario, GS_RUNNER_POOL, 3);
    g_autoptr(GPtrArray) unmet = gs_results_unmet(threads);
    cr_assert_eq(unmet->len, 0, "%s: %s", name, unmet->len ? (char *)unmet->pdata[0] : "");
    cr_assert_str_eq(threads->digest, pool->digest, "%s", name);
    seen++;
  }
  g_dir_close(dir);
  cr_assert_geq(seen, 18);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/study/sample.h"
#include "tests/sim/sim_support.h"

/* What is taken from a run, of results that are made up. */

#define S GS_SECOND_NS
enum { LONG = 4 * (GS_SAMPLE_STEPS_MAX - 1) + 1 };

typedef struct {
  GsScenario *scenario;
  GsDisturbance disturbances[3];
  int64_t t_ns[LONG];
  uint32_t out[LONG];
  GsResults results;
  GsTheory theory;
  GsGraphFacts facts;
} Made;

/** One disturbance at 1 s that took 2 s. */
static Made *made_new(void) {
  Made *made = g_new0(Made, 1);
  made->scenario = gs_test_scenario("{'nodes': [{}]}");
  made->disturbances[0] = (GsDisturbance){.at_ns = S, .converged_after_ns = 2 * S};
  made->results = (GsResults){.scenario = made->scenario,
                              .converged = true,
                              .disturbances = made->disturbances,
                              .disturbance_count = 1,
                              .series = {.t_ns = made->t_ns, .out = made->out}};
  return made;
}

static void made_free(Made *made) {
  gs_scenario_free(made->scenario);
  g_free(made);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Made, made_free)

static GsSample taken(const Made *made) {
  GsSample sample = {0};
  gs_sample_take(&sample, 0, &made->results, &made->theory, &made->facts);
  return sample;
}

static double convergence(const Made *made) {
  GsSample sample = taken(made);
  return sample.metrics[GS_METRIC_CONVERGENCE];
}

Test(sample, converges_with_the_disturbance_that_took_longest_and_only_if_all_were_over) {
  g_autoptr(Made) made = made_new();
  made->disturbances[1].converged_after_ns = 3 * S;
  made->disturbances[2].converged_after_ns = S;
  cr_expect_eq(convergence(made), 2);
  made->results.disturbance_count = 3;
  cr_expect_eq(convergence(made), 3);
  made->disturbances[0].converged_after_ns = -1;
  cr_expect(isnan(convergence(made)), "one was never over");
  made->disturbances[0].converged_after_ns = 0;
  cr_expect_eq(convergence(made), 3);
  made->results.converged = false;
  cr_expect(isnan(convergence(made)), "it ended out of sync");
  made->results.converged = true;
  made->results.disturbance_count = 0;
  cr_expect(isnan(convergence(made)), "nothing was disturbed");
}

Test(sample, counts_messages_by_kind_and_nodes_out_of_sync_in_node_seconds) {
  g_autoptr(Made) made = made_new();
  made->results.messages.by_kind[GS_TELL][GS_SYNC_GRID] = 3;
  made->results.messages.by_kind[GS_ASK][GS_SYNC_GRID] = 40;
  made->results.messages.by_kind[GS_RESPONSE][GS_ADD_SIBLING] = 500;
  made->results.out_of_sync_node_ns = 5 * (uint64_t)S / 2;
  GsSample sample = taken(made);
  static const struct {
    GsMetric metric;
    double value;
  } known[] = {{GS_METRIC_MESSAGES, 543}, {GS_METRIC_TELL, 3},          {GS_METRIC_ASK, 40},
               {GS_METRIC_RESPONSE, 500}, {GS_METRIC_ADD_SIBLING, 500}, {GS_METRIC_SYNC_GRID, 43},
               {GS_METRIC_UPDATE_NET, 0}, {GS_METRIC_OUT_OF_SYNC, 2.5}};
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    cr_expect_eq(sample.metrics[known[i].metric], known[i].value, "%s",
                 gs_metrics[known[i].metric].key);
}

Test(sample, has_no_number_for_a_time_that_never_comes_and_for_what_theory_does_not_know) {
  g_autoptr(Made) made = made_new();
  made->theory = (GsTheory){.hops_known = true,
                            .hops_low = 3,
                            .hops_high = GS_THEORY_NO_HOPS,
                            .time_low_ns = 3 * S,
                            .time_high_ns = -1};
  GsSample sample = taken(made);
  cr_expect(sample.hops_low == 3 && sample.low_s == 3);
  cr_expect(isnan(sample.hops_high) && isnan(sample.high_s) && isnan(sample.messages));
  made->theory.time_low_ns = made->theory.time_high_ns = GS_TIME_NEVER;
  sample = taken(made);
  cr_expect(isnan(sample.low_s) && isnan(sample.high_s));
}

static void expect_step(const GsSample *sample, uint32_t i, double t_s, uint32_t out) {
  cr_expect(sample->steps[i].t_s == t_s && sample->steps[i].out == out, "%u: %g s, %u out", i,
            sample->steps[i].t_s, sample->steps[i].out);
}

Test(sample, has_the_course_from_the_first_disturbance_on) {
  g_autoptr(Made) made = made_new();
  static const uint32_t out[] = {0, 5, 2, 0};
  made->results.series.count = 4;
  for (uint32_t i = 0; i < 4; i++) {
    made->t_ns[i] = i * S;
    made->out[i] = out[i];
  }
  GsSample sample = taken(made);
  cr_expect_eq(sample.step_count, 3);
  for (uint32_t i = 0; i < 3; i++)
    expect_step(&sample, i, i, out[i + 1]);
  made->disturbances[0].at_ns = 3 * S / 2;
  sample = taken(made);
  expect_step(&sample, 0, 0, 5);
  expect_step(&sample, 1, 0.5, 2);
}

Test(sample, looks_at_a_long_course_in_equal_distances_from_its_begin_to_its_end) {
  g_autoptr(Made) made = made_new();
  made->results.series.count = LONG;
  for (uint32_t i = 0; i < LONG; i++) {
    made->t_ns[i] = (i + 1) * S;
    made->out[i] = LONG - 1 - i;
  }
  GsSample sample = taken(made);
  cr_expect_eq(sample.step_count, GS_SAMPLE_STEPS_MAX);
  for (uint32_t i = 0; i < GS_SAMPLE_STEPS_MAX; i++)
    expect_step(&sample, i, 4.0 * i, LONG - 1 - 4 * i);
}

Test(sample, has_what_failed_and_how_wrong_nodes_were) {
  g_autoptr(Made) made = made_new();
  made->results.errors = (GsSyncErrors){
      .worst = {.error = 70}, .error_node_ns = (unsigned __int128)10 * S, .up_node_ns = 4 * S};
  made->results.out_of_sync_node_ns = S;
  made->results.network_faults = (GsNetworkFaults){
      .lost = {[GS_LOST_BY_CHANCE] = 1, [GS_LOST_BY_CUT] = 20, [GS_LOST_BY_DOWN] = 300},
      .undelivered = 4,
      .retried = 5,
      .doubled = 6};
  made->results.suspected = 9;
  made->results.suspected_rightly = 7;
  made->results.suspected_wrongly = 1;
  made->results.waves_limited = 8;
  made->results.recovery_messages.by_kind[GS_ASK][GS_UPDATE_NET] = 11;
  GsNodeState nodes[] = {{0}, {.longest_wrong = {.from_ns = S, .for_ns = 3 * S}}};
  made->results.node_count = 2;
  made->results.nodes = nodes;
  made->results.longest_wrong_node = 1;
  GsSample sample = taken(made);
  static const struct {
    GsMetric metric;
    double value;
  } known[] = {{GS_METRIC_LONGEST_WRONG, 3},
               {GS_METRIC_IN_SYNC_SHARE, 0.75},
               {GS_METRIC_MEAN_ERROR, 2.5},
               {GS_METRIC_WORST_ERROR, 70},
               {GS_METRIC_LOST, 321},
               {GS_METRIC_LOST_BY_CHANCE, 1},
               {GS_METRIC_LOST_BY_CUT, 20},
               {GS_METRIC_LOST_BY_DOWN, 300},
               {GS_METRIC_UNDELIVERED, 4},
               {GS_METRIC_RETRIED, 5},
               {GS_METRIC_DOUBLED, 6},
               {GS_METRIC_SUSPECTED, 9},
               {GS_METRIC_SUSPECTED_RIGHTLY, 7},
               {GS_METRIC_RECOVERY_MESSAGES, 11},
               {GS_METRIC_WAVES_LIMITED, 8},
               {GS_METRIC_SUSPECTED_WRONGLY, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    cr_expect_eq(sample.metrics[known[i].metric], known[i].value, "%s",
                 gs_metrics[known[i].metric].key);
}

/** Removes the members of a line's metrics from one on. */
static void cut_metrics(GString *line, GsMetric from) {
  g_autofree char *key = g_strdup_printf(", \"%s\":", gs_metrics[from].key);
  const char *first = strstr(line->str, key), *end = strchr(first, '}');
  cr_assert(first && end);
  g_string_erase(line, first - line->str, end - first);
}

Test(sample, of_an_older_line_has_no_failures_and_does_not_know_how_wrong_nodes_were) {
  static const GsMetric from[] = {GS_METRIC_LOST, GS_METRIC_IN_SYNC_SHARE, GS_METRIC_LONGEST_WRONG};
  for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
    g_autoptr(Made) made = made_new();
    made->results.network_faults.retried = 5;
    g_auto(GsSample) sample = taken(made), read = {0};
    g_autoptr(GString) line = g_string_new(NULL);
    gs_sample_write(&sample, line);
    cut_metrics(line, from[i]);
    cr_assert(gs_sample_read(&read, line->str, line->len), "%s", line->str);
    cr_expect_eq(read.metrics[GS_METRIC_RETRIED], i == 0 ? 0 : 5);
    for (int m = MAX(from[i], GS_METRIC_IN_SYNC_SHARE); m < GS_METRICS; m++)
      cr_expect(isnan(read.metrics[m]), "%s", gs_metrics[m].key);
  }
}

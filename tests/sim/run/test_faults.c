/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/faults/fault_plan.h"
#include "sim/run/trace.h"
#include "sim/scenario/schedule.h"
#include "tests/sim/sim_support.h"

static const char *const networks[] = {
    "{'latency': '10ms'}",
    "{'latency': {'uniform': ['5ms', '20ms']}, 'jitter': '3ms'}",
    "{'latency': {'uniform': ['5ms', '20ms']}, 'jitter': {'exponential': '3ms'}, 'fifo': false}",
};

/** One of each kind, and all together by chance. */
static const char *const faults[] = {
    "'schedule': [{'at': '1s', 'crash': 'N3', 'for': '2s'}, {'at': '2s', 'node': 'N7', "
    "'production': 9}]",
    "'schedule': [{'at': '1s', 'crash': ['N3', 'N4'], 'keeps': 'energy'}, "
    "{'at': '3s', 'restart': '*'}]",
    "'schedule': [{'at': '1s', 'crash': 'N3', 'keeps': 'nothing', 'for': '1s', 'every': '3s', "
    "'until': '9s'}]",
    "'schedule': [{'at': '1s', 'leave': 'N5'}, {'at': '2s', 'node': ['N5', 'N6'], "
    "'consumption': 4}]",
    "'schedule': [{'at': '1s', 'pause': 'N2', 'for': '700ms'}, {'at': '1.1s', 'node': 'N2', "
    "'production': 5}]",
    "'schedule': [{'at': '1s', 'slow': ['N2', 'N9'], 'by': 10, 'for': '3s'}, {'at': '2s', 'node': "
    "'N2', 'production': 5}]",
    "'schedule': [{'at': '1s', 'partition': {'random': 2}, 'for': '2s'}, {'at': '2s', 'node': "
    "'N1', "
    "'production': 5}, {'at': '2.5s', 'crash': 'N8', 'for': '1s'}]",
    "'schedule': [{'at': '1s', 'cut': {'random': 3}, 'one_way': true}, {'at': '2s', 'node': 'N1', "
    "'production': 5}, {'at': '4s', 'heal': '*'}]",
    "'schedule': [{'at': '1s', 'degrade': {'loss': 0.3, 'latency': '15ms'}, 'links': '*', 'for': "
    "'3s'}, {'at': '2s', 'node': 'N1', 'production': 5}]",
    "'schedule': [{'at': '1s', 'every': '1s', 'node': {'random': 2}, 'production': {'uniform': [0, "
    "9]}}], 'faults': ["
    "{'crash': {'random': 1}, 'keeps': 'nothing', 'mean_gap': '3s', 'for': {'exponential': '1s'}}, "
    "{'pause': {'random': 2}, 'mean_gap': '2s', 'for': {'exponential': '300ms'}}, "
    "{'cut': {'random': 2}, 'mean_gap': '2s', 'for': '1s'}, "
    "{'partition': {'random': 2}, 'mean_gap': '5s', 'for': '500ms'}]",
};

static GsScenario *faulty(guint which, const char *network, const char *pace) {
  return gs_test_scenario("{'topology': {'kind': 'watts-strogatz', 'nodes': 12, 'seed': 3}, "
                          "'energy': [{'node': '*', 'production': {'uniform': [0, 9]}}], "
                          "'network': %s, 'pace': %s, 'until': '12s', 'recovery': 'standard', %s}",
                          network, pace, faults[which]);
}

static void expect_one_digest(const GsScenario *scenario, guint which, const char *network) {
  static const uint32_t workers[] = {2, 3, 8};
  g_autoptr(GsResults) one = gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
  for (guint i = 0; i <= G_N_ELEMENTS(workers); i++) {
    bool pool = i < G_N_ELEMENTS(workers);
    g_autoptr(GsResults) other = gs_test_run_with(
        scenario, pool ? GS_RUNNER_POOL : GS_RUNNER_THREADS, pool ? workers[i] : 2);
    cr_assert_str_eq(one->digest, other->digest, "%s, %s", faults[which], network);
    cr_assert_eq(one->out_of_sync_node_ns, other->out_of_sync_node_ns);
    cr_assert(one->errors.error_node_ns == other->errors.error_node_ns);
    cr_assert_eq(one->errors.worst.error, other->errors.worst.error);
    cr_assert_eq(one->down, other->down);
  }
}

Test(faults, lead_to_one_digest_for_all_runners_and_workers) {
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
    for (guint n = 0; n < G_N_ELEMENTS(networks); n++) {
      g_autoptr(GsScenario) scenario = faulty(i, networks[n], "'none'");
      expect_one_digest(scenario, i, networks[n]);
    }
}

Test(faults, lead_to_one_digest_at_a_pace) {
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autoptr(GsScenario) scenario = faulty(i, networks[1], "{'receive': '10ms', 'send': '20ms'}");
    expect_one_digest(scenario, i, networks[1]);
  }
}

/** A – B – C: B is away from 1 s to 3 s, and A is told its new energy meanwhile. */
static GsScenario *three(const char *keeps, const char *more) {
  return gs_test_scenario(
      "{'nodes': [{'name': 'A', 'production': 1}, {'name': 'B', 'production': 10}, "
      "{'name': 'C', 'production': 100}], 'links': [['A', 'B'], ['B', 'C']], "
      "'network': {'latency': '10ms'}, 'recovery': {'resync': '1s'}, 'until': '60s', "
      "'schedule': [{'at': '1s', 'crash': 'B', 'keeps': '%s', 'for': '2s'}, "
      "{'at': '2s', 'node': ['A', 'B'], 'production': 3}%s]}",
      keeps, more);
}

Test(faults, who_is_down_adds_nothing_and_is_told_in_vain) {
  g_autoptr(GsScenario) scenario = three("all", ", {'at': '2.5s', 'leave': 'C'}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect_eq(results->told_lost, 1);
  cr_expect_eq(results->down, 1);
  cr_expect_eq(results->nodes[0].production, 3);
  cr_expect_eq(results->nodes[1].production, 10);
  cr_expect(results->nodes[2].is_down && !results->nodes[2].in_sync);
  cr_expect_eq(results->nodes[0].true_net, 13);
  cr_expect_eq(results->nodes[1].island, results->nodes[0].island);
  cr_expect_eq(results->island_count, 1);
  /* Three nodes, but for B from 1 s to 3 s and C from 2.5 s on. */
  cr_expect_eq(results->errors.up_node_ns, (uint64_t)(3 * results->end_ns - 2 * GS_SECOND_NS -
                                                      (results->end_ns - 5 * GS_SECOND_NS / 2)));
}

Test(faults, all_know_the_sum_again_when_a_node_is_back) {
  static const char *const keeps[] = {"all", "energy", "nothing"};
  for (guint i = 0; i < G_N_ELEMENTS(keeps); i++) {
    g_autoptr(GsScenario) scenario = three(keeps[i], "");
    g_autoptr(GsResults) results = gs_test_run(scenario);
    int64_t sum = i == 2 ? 103 : 113;
    cr_expect_eq(results->out_of_sync, 0, "keeps %s", keeps[i]);
    for (uint32_t node = 0; node < 3; node++)
      cr_expect_eq(results->nodes[node].gridnet, sum, "keeps %s", keeps[i]);
    cr_expect_eq(results->link_count, 2);
    cr_expect_geq(results->disturbances[0].wrong_nodes, 2);
  }
}

Test(faults, of_links_keep_groups_apart_until_they_heal) {
  static const char *const latencies[] = {"'10ms'", "{'uniform': ['5ms', '9ms']}"};
  for (guint i = 0; i < G_N_ELEMENTS(latencies); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'ring', 'nodes': 6}, 'network': {'latency': %s}, 'until': '100s', "
        "'recovery': {'resync': '1s'}, 'schedule': [{'at': '1s', 'partition': [['N1', 'N2', 'N3'], "
        "'*rest']}, {'at': '2s', 'node': 'N1', 'production': 7}, {'at': '%s', 'heal': '*'}]}",
        latencies[i], "30s");
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_expect(results->converged && results->island_count == 1);
    cr_expect_eq(results->nodes[4].gridnet, 7);
    cr_expect_geq(results->converged_at_ns, 30 * GS_SECOND_NS);
    cr_expect_geq(results->disturbances[2].wrong_nodes, 3);
    cr_expect_eq(results->disturbances[2].wrong_by, 21);
    cr_expect_leq(results->disturbances[1].converged_after_ns, 28 * GS_SECOND_NS);
  }
}

Test(faults, who_is_paused_is_told_when_it_goes_on) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{}, {}], 'links': [['N1', 'N2']], 'schedule': [{'at': '1s', 'pause': 'N1'}, "
      "{'at': '2s', 'node': 'N1', 'production': 7}, {'at': '5s', 'resume': 'N1'}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect(results->converged && results->told_lost == 0);
  cr_expect_eq(results->nodes[1].gridnet, 7);
  cr_expect_geq(results->converged_at_ns, 5 * GS_SECOND_NS);
  cr_expect_lt(results->converged_at_ns, 6 * GS_SECOND_NS);
}

Test(faults, that_nobody_notices_are_measured_to_their_end) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'topology': {'kind': 'line', 'nodes': 4}, 'energy': [{'node': '*', 'production': 1}],"
      " 'recovery': 'none',"
      " 'schedule': [{'at': '1s', 'cut': ['N2', 'N3'], 'for': '2s'},"
      "              {'at': '4s', 'cut': ['N1', 'N2'], 'one_way': true, 'for': '1s'}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect_eq(gs_message_counts_total(&results->messages), 0);
  cr_expect_eq(results->quiescent_at_ns, INT64_C(5000000000));
  cr_expect_eq(results->end_ns, INT64_C(5000000000));
  /* Four nodes for two seconds, and four for one. */
  cr_expect_eq(results->out_of_sync_node_ns, UINT64_C(12000000000));
}

typedef struct {
  const GsFaultPlan *plan;
  uint32_t begun, ended;
  int64_t last_ns;
} Traced;

/** Whether the plan has it at that moment as the record says. */
static bool holds(const GsFaultPlan *plan, const GsTraceRecord *record) {
  if (record->node == UINT32_MAX)
    return record->value == GS_DO_PARTITION || record->value == GS_DO_DEGRADE;
  if (record->message.to != GS_ENDPOINT_NONE)
    return gs_fault_plan_link(plan, record->node, record->message.to, record->time_ns).is_cut;
  GsNodeFault node = gs_fault_plan_node(plan, record->node, record->time_ns);
  switch ((GsScheduleKind)record->value) {
  case GS_DO_PAUSE:
    return node.resumes_ns > record->time_ns;
  case GS_DO_SLOW:
    return node.slow_by > 1;
  default:
    return node.is_down;
  }
}

static void take_faults(const GsRunView *view, const GsTraceRecord *records, guint count,
                        void *data) {
  (void)view;
  Traced *traced = data;
  for (guint i = 0; i < count; i++) {
    const GsTraceRecord *record = &records[i];
    cr_expect_geq(record->time_ns, traced->last_ns);
    traced->last_ns = record->time_ns;
    traced->ended += record->kind == GS_TRACE_FAULT_END;
    if (record->kind != GS_TRACE_FAULT)
      continue;
    traced->begun++;
    cr_expect(holds(traced->plan, record), "%s at %d ms", gs_schedule_kind_key(record->value),
              (int)(record->time_ns / 1000000));
  }
}

/** How many there are to be told: one for each node or link that is named. */
static Traced expected_of(const GsScenario *scenario) {
  Traced expected = {0};
  g_autoptr(GsSchedule) schedule = gs_schedule_new_of_faults(scenario);
  GsOccurrence occurrence;
  while (gs_schedule_pop(schedule, &occurrence)) {
    uint32_t named = gs_occurrence_node_count(schedule, &occurrence);
    named = MAX(named, gs_occurrence_link_count(&occurrence));
    if (occurrence.entry->kind == GS_DO_PARTITION || occurrence.entry->fault->all_links)
      named = 1;
    bool begins = gs_schedule_kind_goes_wrong(occurrence.entry->kind) && !occurrence.ends;
    *(begins ? &expected.begun : &expected.ended) += named;
  }
  return expected;
}

Test(faults, are_traced_as_they_begin_and_end) {
  for (guint which = 0; which < G_N_ELEMENTS(faults); which++)
    for (guint n = 0; n < G_N_ELEMENTS(networks); n++) {
      g_autoptr(GsScenario) scenario =
          faulty(which, networks[n], n == 1 ? "{'receive': '10ms', 'send': '20ms'}" : "'none'");
      g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
      Traced traced = {.plan = plan}, expected = expected_of(scenario);
      GsTraceSink sink = {.take = take_faults, .data = &traced};
      GsRunOptions options = {.runner = n == 2 ? GS_RUNNER_THREADS : GS_RUNNER_POOL,
                              .workers = 1 + n,
                              .sinks = &sink,
                              .sink_count = 1};
      g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
      cr_assert(results);
      cr_expect_gt(traced.begun, 0);
      cr_expect_eq(traced.begun, expected.begun, "%s", faults[which]);
      cr_expect_eq(traced.ended, expected.ended, "%s", faults[which]);
    }
}

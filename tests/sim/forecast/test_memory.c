/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/error.h"
#include "sim/base/thread.h"
#include "sim/forecast/memory_fit.h"
#include "sim/forecast/wave_load.h"
#include "sim/scenario/scenario_graph.h"
#include "tests/sim/sim_support.h"

#define MIB ((uint64_t)1 << 20)

/* ---- The model against what runs hold ---- */

static GsMemoryNeed need_of(const GsScenario *scenario) {
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL, .workers = 1};
  GsMemoryNeed need;
  gs_memory_need(scenario, &plan, &need);
  return need;
}

static void assert_estimated(const char *what, const GsScenario *scenario) {
  g_autoptr(GsResults) results = gs_test_run(scenario);
  double ratio = (double)need_of(scenario).pool_bytes / (double)results->memory_bytes;
  cr_expect(ratio >= 0.9 && ratio <= 2, "%s: %zu bytes were held, %.2f times as many estimated",
            what, results->memory_bytes, ratio);
}

Test(memory, one_disturbance_holds_what_was_estimated) {
  static const char *const grids[] = {
      "'kind': 'line', 'nodes': 500",
      "'kind': 'ring', 'nodes': 512",
      "'kind': 'ring', 'nodes': 600",
      "'kind': 'star', 'nodes': 500",
      "'kind': 'tree', 'nodes': 500",
      "'kind': 'complete', 'nodes': 90",
      "'kind': 'lattice', 'rows': 20, 'columns': 25",
      "'kind': 'lattice', 'rows': 22, 'columns': 22, 'torus': true",
      "'kind': 'barabasi-albert', 'nodes': 400",
      "'kind': 'watts-strogatz', 'nodes': 512",
      "'kind': 'erdos-renyi', 'nodes': 300, 'p': 0.04",
  };
  for (guint i = 0; i < G_N_ELEMENTS(grids); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {%s}, 'network': {'latency': '10ms'},"
                         " 'schedule': [{'at': 1, 'node': 'N1', 'production': 5}]}",
                         grids[i]);
    assert_estimated(grids[i], scenario);
  }
}

Test(memory, a_single_wave_and_many_disturbances_hold_what_was_estimated) {
  static const char *const schedules[] = {
      "{'at': 1, 'update_net': 'N1'}",
      "{'at': 1, 'update_net': '*'}",
      "{'at': 1, 'node': ['N1', 'N50', 'N100', 'N200'], 'production': 5}",
      "{'at': 1, 'node': 'N1', 'production': 5, 'every': '50ms', 'until': 2}",
      "{'at': 1, 'node': 'N1', 'production': 5}, {'at': 60, 'node': 'N2', 'production': 5}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(schedules); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': 'watts-strogatz', 'nodes': 400},"
                         " 'network': {'latency': '10ms'}, 'schedule': [%s]}",
                         schedules[i]);
    assert_estimated(schedules[i], scenario);
  }
  g_autoptr(GsScenario) merged =
      gs_test_scenario("{'topology': {'kind': 'watts-strogatz', 'nodes': 300}, 'sync': 'coalesce',"
                       " 'network': {'latency': '10ms'},"
                       " 'schedule': [{'at': 1, 'node': '*', 'production': 5}]}");
  assert_estimated("coalesced", merged);
}

Test(memory, what_is_not_disturbed_needs_its_nodes_only) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 9}}");
  GsMemoryNeed need = need_of(scenario);
  cr_assert_eq(need.pool_bytes, 0);
  cr_assert_eq(need.bytes, need.rest_bytes);
  GsMemoryPlan threads = {.runner = GS_RUNNER_THREADS, .workers = 1};
  gs_memory_need(scenario, &threads, &need);
  cr_assert_gt(need.thread_bytes, 9 * 8192);
}

/** On a line of three from its end: who starts when, and what is sent, counted by hand. */
Test(memory, the_load_of_a_line_of_three_is_exact) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 3}}");
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  g_autoptr(GsAdjacency) grid = gs_adjacency_new(graph);
  g_autoptr(GsWaveLoad) load = gs_wave_load_new(grid, 0);
  cr_assert_eq(load->nodes, 3);
  cr_assert_eq(load->watched, 3);
  cr_assert_float_eq(load->step_hops, 1, 1e-9);
  /* The middle relays the wave of the first from hop 1 to 3, starts its own at 1 (till 3), and
   * relays that of the last from 3 to 5; each is there also while it ends. */
  const double middle[] = {0, 2, 2, 3, 1, 1, 0};
  for (uint32_t s = 0; s < G_N_ELEMENTS(middle); s++)
    cr_expect_float_eq(load->open[load->steps + s], middle[s], 1e-9, "step %u: %g", s,
                       load->open[load->steps + s]);
  cr_assert_float_eq(load->flood_messages, 2, 1e-9);
}

/* ---- In words ---- */

static void assert_refused(const char *scenario_rest, const GsMemoryPlan *plan,
                           const GsMemoryNeed *need, GsMemoryRoom room, const char *expected) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 40000}%s}", scenario_rest);
  g_autoptr(GError) error = NULL;
  cr_assert_not(gs_memory_fits(scenario, plan, need, &room, &error));
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_LIMIT));
  cr_expect_str_eq(error->message, expected);
}

Test(memory, a_refusal_advises_only_what_helps) {
  GsMemoryPlan pool = {.runner = GS_RUNNER_POOL};
  GsMemoryRoom free = {.bytes = 1000 * MIB, .what = "the memory of this machine"};
  GsMemoryNeed need = {.bytes = 4000 * MIB,
                       .coalesced_bytes = 4000 * MIB,
                       .single_wave_bytes = 1001 * MIB,
                       .waves_of_all = true};
  assert_refused("", &pool, &need, free,
                 "this run needs about 3.9 GiB of memory, and 1000 MiB of the memory of this "
                 "machine is free: use fewer nodes (about 18,000) or --memory 4GiB if you know "
                 "better");
  need.coalesced_bytes = need.single_wave_bytes = 999 * MIB;
  assert_refused(
      "", &pool, &need, free,
      "this run needs about 3.9 GiB of memory, and 1000 MiB of the memory of this "
      "machine is free: use fewer nodes (about 18,000), \"sync\": \"coalesce\", a single "
      "wave (\"update_net\") instead of waves of all nodes, or --memory 4GiB if you know "
      "better");
  need.waves_of_all = false;
  assert_refused(", 'sync': 'coalesce'", &pool, &need, (GsMemoryRoom){.bytes = 400 * MIB},
                 "this run needs about 3.9 GiB of memory, and --memory allows 400 MiB: use fewer "
                 "nodes (about 3,600) or --memory 4GiB");
  GsMemoryPlan threads = {.runner = GS_RUNNER_THREADS, .tracing = true};
  need = (GsMemoryNeed){.bytes = 1100 * MIB, .thread_bytes = 200 * MIB, .trace_bytes = 300 * MIB};
  need.coalesced_bytes = need.single_wave_bytes = 1100 * MIB;
  assert_refused(
      "", &threads, &need, free,
      "this run needs about 1.1 GiB of memory, and 1000 MiB of the memory of this "
      "machine is free: use fewer nodes (about 32,000), --runner pool, no --trace and no "
      "--report, or --memory 2GiB if you know better");
  GsMemoryPlan searching = {.runner = GS_RUNNER_POOL, .searched_max = UINT64_MAX};
  assert_refused("", &searching, &need, free,
                 "this run needs about 1.1 GiB of memory, and 1000 MiB of the memory of this "
                 "machine is free: use fewer nodes (about 32,000), no --why, or --memory 2GiB if "
                 "you know better");
}

Test(memory, a_second_run_counts_where_there_is_one) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 200},"
                       " 'schedule': [{'at': 1, 'node': 'N1', 'production': 5}]}");
  /* 2E - N + 1 of a flood, twice that of each node's wave and of the first one. */
  uint64_t messages = 201 + 2 * 201 * 200;
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL, .workers = 1};
  GsMemoryNeed none, few, all, bounded;
  gs_memory_need(scenario, &plan, &none);
  cr_expect_eq(none.trace_bytes, 0);
  plan.searched_max = messages - 1;
  gs_memory_need(scenario, &plan, &few);
  cr_expect_eq(few.trace_bytes, 0, "a longer run is not searched");
  plan.searched_max = messages;
  gs_memory_need(scenario, &plan, &bounded);
  plan.searched_max = UINT64_MAX;
  gs_memory_need(scenario, &plan, &all);
  cr_expect_gt(bounded.trace_bytes, 0);
  cr_expect_leq(bounded.trace_bytes, all.trace_bytes);
  cr_expect_geq(all.trace_bytes, 5 * none.pool_bytes);
  cr_expect_eq(all.bytes, none.bytes + all.trace_bytes);
}

Test(memory, stacks_count_where_what_is_reserved_counts) {
  GsMemoryPlan threads = {.runner = GS_RUNNER_THREADS};
  GsMemoryNeed need = {.bytes = 900 * MIB, .thread_bytes = 300 * MIB, .stack_bytes = 200 * MIB};
  need.coalesced_bytes = 800 * MIB;
  need.single_wave_bytes = 801 * MIB;
  need.waves_of_all = true;
  GsMemoryRoom room = {1000 * MIB, "the limit on address space (ulimit -v)", true};
  assert_refused("", &threads, &need, room,
                 "this run needs about 1.1 GiB of memory, and 1000 MiB of the limit on address "
                 "space (ulimit -v) is free: use fewer nodes (about 36,000), --runner pool, "
                 "\"sync\": \"coalesce\", a higher limit, or --memory 2GiB if you know better");
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4}}");
  room.reserved = false;
  cr_expect(gs_memory_fits(scenario, &threads, &need, &room, NULL));
  GsMemoryPlan plan = {.runner = GS_RUNNER_THREADS, .workers = 3};
  gs_memory_need(scenario, &plan, &need);
  cr_expect_eq(need.stack_bytes, (4 + 2) * GS_ACTOR_STACK_BYTES, "two sort mail");
  plan = (GsMemoryPlan){.runner = GS_RUNNER_POOL, .workers = 3};
  gs_memory_need(scenario, &plan, &need);
  cr_expect_eq(need.stack_bytes, 3 * GS_WORKER_STACK_BYTES);
}

Test(memory, what_fits_fits) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 4}}");
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL};
  GsMemoryNeed need = {.bytes = MIB};
  GsMemoryRoom room = {.bytes = MIB};
  cr_assert(gs_memory_fits(scenario, &plan, &need, &room, NULL));
  need.bytes = UINT64_MAX;
  room.bytes = UINT64_MAX;
  cr_assert(gs_memory_fits(scenario, &plan, &need, &room, NULL), "unlimited");
}

Test(memory, coalescing_helps_where_disturbances_overlap) {
  g_autoptr(GsScenario) one =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 100},"
                       " 'schedule': [{'at': 1, 'node': 'N1', 'production': 5}]}");
  GsMemoryNeed need = need_of(one);
  cr_assert_eq(need.coalesced_bytes, need.bytes);
  g_autoptr(GsScenario) all =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 100},"
                       " 'schedule': [{'at': 1, 'node': '*', 'production': 5}]}");
  need = need_of(all);
  cr_assert_gt(need.bytes, 10 * need.coalesced_bytes);
  cr_assert_gt(need.coalesced_bytes, need.single_wave_bytes);
}

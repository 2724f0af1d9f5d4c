/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

/** What a sink saw of nodes as the run went on. */
typedef struct {
  int64_t now_ns;
  GsNodeView nodes[3];
  GsSiblingView siblings[3][2];
  bool in_sync[3];
  guint looks;
} Seen;

static void look(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  Seen *seen = data;
  cr_expect_geq(records[count - 1].time_ns, seen->now_ns);
  seen->now_ns = gs_run_view_now_ns(view);
  seen->looks++;
  for (uint32_t i = 0; i < 3; i++) {
    seen->nodes[i] = gs_run_view_node(view, i);
    seen->in_sync[i] = gs_run_view_in_sync(view, i);
    cr_expect_str_eq(gs_run_view_name(view, i), seen->nodes[i].name);
    for (uint32_t s = 0; s < seen->nodes[i].sibling_count; s++)
      seen->siblings[i][s] = gs_run_view_sibling(view, i, s);
  }
  cr_expect_null(gs_run_view_name(view, 3));
  cr_expect_eq(gs_run_view_find_sibling(view, 0, 7),
               seen->nodes[0].sibling_count ? 1 : GS_ENDPOINT_NONE);
  cr_expect_eq(gs_run_view_find_sibling(view, 0, 9), GS_ENDPOINT_NONE);
}

Test(view, shows_how_nodes_stand_after_each_window_and_at_the_end_as_results_do) {
  g_autoptr(GsScenario) scenario = gs_test_scenario(
      "{'nodes': [{'id': 5, 'name': 'A', 'production': 4}, {'id': 7, 'name': 'B', 'consumption': "
      "1}, {'id': 9, 'name': 'C'}], 'links': [['A', 'B'], ['B', 'C']], 'handshake': {'at': 0, "
      "'every': '1s'}, 'network': {'latency': '1ms'}, 'schedule': [{'at': '5s', 'node': 'C', "
      "'production': 2}]}");
  Seen seen = {0};
  GsTraceSink sink = {.take = look, .data = &seen};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 2, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  cr_assert(results && results->converged);
  cr_expect_gt(seen.looks, 10);
  cr_expect_eq(seen.now_ns, results->now_ns);
  for (uint32_t i = 0; i < 3; i++) {
    const GsNodeState *node = &results->nodes[i];
    cr_expect_eq(seen.nodes[i].id, node->id);
    cr_expect_str_eq(seen.nodes[i].name, node->name);
    cr_expect_eq(seen.nodes[i].production, node->production);
    cr_expect_eq(seen.nodes[i].consumption, node->consumption);
    cr_expect_eq(seen.nodes[i].gridnet, 5);
    cr_expect(seen.in_sync[i]);
    cr_assert_eq(seen.nodes[i].sibling_count, node->sibling_count);
    for (uint32_t s = 0; s < node->sibling_count; s++) {
      uint32_t other = node->siblings[s];
      cr_expect_eq(seen.siblings[i][s].endpoint, other);
      cr_expect_eq(seen.siblings[i][s].id, results->nodes[other].id);
      cr_expect_str_eq(seen.siblings[i][s].name, results->nodes[other].name);
    }
  }
}

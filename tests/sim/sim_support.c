/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/sim_support.h"

#include <criterion/criterion.h>
#include <string.h>

GsScenario *gs_test_scenario(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_strdelimit(text, "'", '"');
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "test.json", NULL, 0, &error);
  cr_assert(scenario, "%s\n%s", error ? error->message : "no message", text);
  return scenario;
}

GsTree *gs_test_tree(const char *text) {
  g_autofree char *json = g_strdup(text);
  g_strdelimit(json, "'", '"');
  g_autoptr(GError) error = NULL;
  GsTree *tree = gs_tree_parse(json, strlen(json), "test", &error);
  cr_assert(tree, "%s\n%s", error ? error->message : "no message", text);
  return tree;
}

GsResults *gs_test_run(const GsScenario *scenario) {
  return gs_test_run_with(scenario, GS_RUNNER_POOL, 1);
}

GsResults *gs_test_run_with(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers) {
  GsRunOptions options = {.runner = runner, .workers = workers};
  g_autoptr(GError) error = NULL;
  GsResults *results = gs_run(scenario, &options, &error);
  cr_assert(results, "%s", error ? error->message : "no message");
  return results;
}

uint64_t gs_test_update_messages(uint64_t nodes, uint64_t links) {
  return (2 * links - nodes + 1) * (1 + 2 * nodes);
}

static bool lists(const GsNodeState *node, uint32_t other) {
  for (uint32_t s = 0; s < node->sibling_count; s++) {
    if (node->siblings[s] == other)
      return true;
  }
  return false;
}

void gs_test_assert_settled(const GsResults *results, const char *what) {
  cr_assert(results->quiescent, "%s: not quiescent", what);
  cr_assert(results->converged, "%s: %u nodes out of sync", what, results->out_of_sync);
  cr_assert_eq(results->open_waves, 0, "%s: open waves", what);
  cr_assert_eq(results->delivered, gs_message_counts_total(&results->messages),
               "%s: every message sent is delivered", what);
  uint64_t sides = 0;
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    cr_assert_eq(node->gridnet, node->true_net, "%s: node %u", what, i);
    sides += node->sibling_count;
    for (uint32_t s = 0; s < node->sibling_count; s++)
      cr_assert(lists(&results->nodes[node->siblings[s]], i), "%s: one-sided link of %u", what, i);
  }
  cr_assert_eq(sides, 2 * results->link_count, "%s: links", what);
}

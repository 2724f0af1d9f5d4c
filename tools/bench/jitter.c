/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/bench/bench.h"

static void print_run(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers) {
  GsRunOptions options = {.runner = runner, .workers = workers};
  uint64_t messages = gs_bench_update_messages(scenario);
  g_autoptr(GsResults) results = gs_bench_run(scenario, &options, messages);
  g_autofree char *what = g_strdup_printf("update of %u nodes with jitter", scenario->node_count);
  gs_bench_print(&(GsBenchFigure){.what = what,
                                  .runner = gs_runner_names[runner],
                                  .workers = workers,
                                  .messages = messages,
                                  .seconds = results->wall_s});
}

/* Repetitions go round all runners, so that a slow while of the machine hits each of them. */
void gs_bench_jitter(const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario =
      gs_bench_scenario("{'topology': {'kind': 'watts-strogatz', 'nodes': %u, 'k': 4, 'p': 0.1},"
                        " 'network': {'latency': '1ms', 'jitter': {'exponential': '1ms'}},"
                        " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 25}]}",
                        options->quick ? 200u : 1000u);
  for (uint32_t r = 0; r < options->repeat; r++) {
    for (guint runner = 0; gs_runner_names[runner]; runner++) {
      print_run(scenario, (GsRunnerKind)runner, 1);
      if (options->cores > 1)
        print_run(scenario, (GsRunnerKind)runner, options->cores);
    }
  }
}

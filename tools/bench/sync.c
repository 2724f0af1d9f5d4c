/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tools/bench/bench.h"

static const struct {
  const char *name, *topology;
} graphs[] = {
    {"ring-64", "'kind': 'ring', 'nodes': 64"},
    {"star-256", "'kind': 'star', 'nodes': 256"},
    {"complete-64", "'kind': 'complete', 'nodes': 64"},
    {"lattice-16x16", "'kind': 'lattice', 'rows': 16, 'columns': 16"},
    {"tree-255", "'kind': 'tree', 'nodes': 255"},
    {"barabasi-albert-512", "'kind': 'barabasi-albert', 'nodes': 512, 'm': 2"},
    {"watts-strogatz-1000", "'kind': 'watts-strogatz', 'nodes': 1000, 'k': 4, 'p': 0.1"},
    {"lattice-45x45", "'kind': 'lattice', 'rows': 45, 'columns': 45"},
};

static GsScenario *scenario_of(const char *graph) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(graphs); i++) {
    if (!strcmp(graphs[i].name, graph))
      return gs_bench_scenario("{'topology': {%s}, 'network': {'latency': '1ms'},"
                               " 'energy': [{'node': '*', 'production': {'uniform': [0, 10]}}],"
                               " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 25}]}",
                               graphs[i].topology);
    g_string_append_printf(names, " %s", graphs[i].name);
  }
  gs_bench_require(false, "no graph is called %s; there are:%s", graph, names->str);
  return NULL;
}

void gs_bench_print_edges(const char *graph) {
  g_autoptr(GsScenario) scenario = scenario_of(graph);
  printf("%u %u\n", scenario->node_count, scenario->link_count);
  for (uint32_t i = 0; i < scenario->link_count; i++)
    printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", scenario->nodes[scenario->links[i].a].id,
           scenario->nodes[scenario->links[i].b].id);
}

/* What is wrong ends the program. */
static void print_line(const GsScenario *scenario, double seconds) {
  printf("%" G_GUINT64_FORMAT " %.6f right\n", gs_bench_update_messages(scenario), seconds);
  fflush(stdout);
}

static void run_loop(const GsScenario *scenario, uint32_t repeat) {
  GsBaseline *baseline = gs_baseline_new(scenario);
  for (uint32_t r = 0; r < repeat; r++)
    print_line(scenario, gs_baseline_update(baseline, 25 + r));
  gs_baseline_free(baseline);
}

static void run_bare(const GsScenario *scenario, uint32_t repeat) {
  GsFifo *fifo = gs_fifo_new(scenario);
  for (uint32_t r = 0; r < repeat; r++)
    print_line(scenario, gs_fifo_update(fifo, 25 + r));
  gs_fifo_free(fifo);
}

/* Memory is kept from one repetition to the next, as others that live in one process keep it. */
static void run_engine(const GsScenario *scenario, GsRunnerKind runner, const GsBenchSync *sync) {
  GsRunMemory *memory = gs_run_memory_new();
  GsRunOptions options = {.runner = runner, .workers = sync->workers, .memory = memory};
  for (uint32_t r = 0; r < sync->repeat; r++) {
    g_autoptr(GsResults) results =
        gs_bench_run_with(scenario, &options, gs_bench_update_messages(scenario));
    print_line(scenario, results->wall_s);
  }
  gs_run_memory_free(memory);
}

void gs_bench_print_sync(const GsBenchSync *sync) {
  g_autoptr(GsScenario) scenario = scenario_of(sync->graph);
  if (!strcmp(sync->runner, "loop"))
    run_loop(scenario, sync->repeat);
  else if (!strcmp(sync->runner, "bare"))
    run_bare(scenario, sync->repeat);
  else if (!strcmp(sync->runner, gs_runner_names[GS_RUNNER_POOL]))
    run_engine(scenario, GS_RUNNER_POOL, sync);
  else if (!strcmp(sync->runner, gs_runner_names[GS_RUNNER_THREADS]))
    run_engine(scenario, GS_RUNNER_THREADS, sync);
  else
    gs_bench_require(false, "no runner is called %s", sync->runner);
}

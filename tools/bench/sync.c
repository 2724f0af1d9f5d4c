/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tools/bench/bench.h"

/** What is the same in all lines of a process. */
typedef struct {
  GsScenario *scenario;
  uint64_t messages, base_bytes;
  double load_s;
} Work;

/** What is wrong has ended the program before. */
static void print_line(const Work *work, double seconds) {
  printf("%" G_GUINT64_FORMAT " %.9f right %.9f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
         work->messages, seconds, work->load_s, gs_bench_peak_bytes(), work->base_bytes);
  fflush(stdout);
}

static void run_loop(const Work *work, uint32_t repeat) {
  GsBaseline *baseline = gs_baseline_new(work->scenario);
  for (uint32_t r = 0; r < repeat; r++)
    print_line(work, gs_baseline_update(baseline, 25 + r));
  gs_baseline_free(baseline);
}

static void run_bare(const Work *work, uint32_t repeat) {
  GsBare *bare = gs_bare_new(work->scenario);
  for (uint32_t r = 0; r < repeat; r++)
    print_line(work, gs_bare_update(bare, 25 + r));
  gs_bare_free(bare);
}

/** Memory is kept from one repetition to the next, as others that live in one process keep it. */
static void run_engine(const Work *work, GsRunnerKind runner, const GsBenchRuns *runs) {
  GsRunMemory *memory = gs_run_memory_new();
  GsRunOptions options = {.runner = runner, .workers = runs->workers, .memory = memory};
  for (uint32_t r = 0; r < runs->repeat; r++) {
    g_autoptr(GsResults) results = gs_bench_run(work->scenario, &options, work->messages);
    print_line(work, results->wall_s);
  }
  gs_run_memory_free(memory);
}

void gs_bench_print_runs(const GsBenchRuns *runs) {
  Work work = {.base_bytes = gs_bench_resident_bytes()};
  bool update = runs->work == GS_BENCH_UPDATE;
  work.scenario = gs_bench_graph(runs->graph, runs->network, runs->work, &work.load_s);
  work.messages =
      update ? gs_bench_update_messages(work.scenario) : gs_bench_wave_messages(work.scenario);
  bool uniform = !strcmp(runs->network, GS_BENCH_UNIFORM);
  if (update && uniform && !strcmp(runs->runner, "loop"))
    run_loop(&work, runs->repeat);
  else if (update && !strcmp(runs->runner, "bare"))
    run_bare(&work, runs->repeat);
  else if (!strcmp(runs->runner, gs_runner_names[GS_RUNNER_POOL]))
    run_engine(&work, GS_RUNNER_POOL, runs);
  else if (!strcmp(runs->runner, gs_runner_names[GS_RUNNER_THREADS]))
    run_engine(&work, GS_RUNNER_THREADS, runs);
  else
    gs_bench_require(false, "no runner for that is called %s", runs->runner);
  gs_scenario_free(work.scenario);
}

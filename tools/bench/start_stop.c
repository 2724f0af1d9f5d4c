/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/bench/bench.h"

static void print_part(const GsBenchOptions *options, const char *part, double seconds) {
  g_autofree char *what = g_strdup_printf("%u actors: %s", gs_bench_actors(options), part);
  gs_bench_print(&(GsBenchFigure){.what = what,
                                  .runner = gs_runner_names[GS_RUNNER_THREADS],
                                  .workers = options->cores,
                                  .seconds = seconds});
}

/** Many actors, each a thread, for hardly any work: what it costs that they are there. */
void gs_bench_start_stop(const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario = gs_bench_scenario(
      "{'topology': {'kind': 'lattice', 'rows': 100, 'columns': %u},"
      " 'network': {'latency': '1ms'}, 'schedule': [{'at': '1s', 'update_net': 'N1'}]}",
      gs_bench_actors(options) / 100);
  GsRunOptions run = {.runner = GS_RUNNER_THREADS, .workers = options->cores};
  for (uint32_t r = 0; r < options->repeat; r++) {
    g_autoptr(GsResults) results = gs_bench_run(scenario, &run, gs_bench_wave_messages(scenario));
    print_part(options, "start", results->start_s);
    print_part(options, "one wave", results->wall_s);
    print_part(options, "stop", results->stop_s);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/bench/bench.h"

/* Many actors, each a thread, for hardly any work: what it costs that they are there. */
void gs_bench_start_stop(GsBenchReport *report, const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario = gs_bench_scenario(
      "{'topology': {'kind': 'lattice', 'rows': 100, 'columns': %u},"
      " 'network': {'latency': '1ms'}, 'schedule': [{'at': '1s', 'update_net': 'N1'}]}",
      options->actors / 100);
  static const char *const parts[] = {"start", "one wave", "stop"};
  uint32_t repeat = options->repeat;
  g_autofree double *seconds = g_new(double, G_N_ELEMENTS(parts) * repeat);
  for (uint32_t r = 0; r < repeat; r++) {
    g_autoptr(GsResults) results =
        gs_bench_run(scenario, GS_RUNNER_THREADS, options->cores, gs_bench_wave_messages(scenario));
    seconds[r] = results->start_s;
    seconds[repeat + r] = results->wall_s;
    seconds[2 * repeat + r] = results->stop_s;
  }
  for (guint part = 0; part < G_N_ELEMENTS(parts); part++) {
    char *what = g_strdup_printf("%u actors: %s", options->actors, parts[part]);
    gs_bench_report_add(report, what, gs_runner_names[GS_RUNNER_THREADS], options->cores,
                        GS_BENCH_SECONDS, &seconds[part * repeat], repeat);
  }
}

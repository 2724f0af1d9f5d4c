/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/bench/bench.h"

#define GRID                                                                                       \
  "'topology': {'kind': 'watts-strogatz', 'nodes': %u, 'k': 4, 'p': 0.1},"                         \
  " 'energy': [{'node': '*', 'production': {'uniform': [0, 10]}}]"
#define KNOWN_NODES 1000u
#define KNOWN_MESSAGES 6005001u
#define RUNNERS 2u

/* One core and all of them; where there is one, once is enough. */
static uint32_t worker_counts(const GsBenchOptions *options, uint32_t counts[2]) {
  counts[0] = 1;
  counts[1] = options->cores;
  return options->cores > 1 ? 2 : 1;
}

/* Repetitions go round all runners, so that a slow while of the machine hits each of them. */
static void measure(GsBenchReport *report, const GsBenchOptions *options, const char *what,
                    const GsScenario *scenario, GsBaseline *baseline) {
  uint32_t counts[2], repeat = options->repeat;
  uint32_t per_runner = worker_counts(options, counts), cases = RUNNERS * per_runner;
  uint64_t messages = gs_bench_update_messages(scenario);
  g_autofree double *rates = g_new(double, (cases + 1) * repeat);
  for (uint32_t r = 0; r < repeat; r++) {
    if (baseline)
      rates[cases * repeat + r] = (double)messages / gs_baseline_update(baseline, 20 + r);
    for (uint32_t c = 0; c < cases; c++) {
      g_autoptr(GsResults) results =
          gs_bench_run(scenario, (GsRunnerKind)(c / per_runner), counts[c % per_runner], messages);
      rates[c * repeat + r] = (double)messages / results->wall_s;
    }
  }
  if (baseline)
    gs_bench_report_add(report, g_strdup(what), "FIFO loop", 1, GS_BENCH_RATE,
                        &rates[cases * repeat], repeat);
  for (uint32_t c = 0; c < cases; c++)
    gs_bench_report_add(report, g_strdup(what), gs_runner_names[c / per_runner],
                        counts[c % per_runner], GS_BENCH_RATE, &rates[c * repeat], repeat);
}

void gs_bench_updates(GsBenchReport *report, const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario =
      gs_bench_scenario("{" GRID ", 'network': {'latency': '1ms'},"
                        " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 25}]}",
                        options->nodes);
  gs_bench_require(options->nodes != KNOWN_NODES ||
                       gs_bench_update_messages(scenario) == KNOWN_MESSAGES,
                   "the grid is not the known one");
  g_autofree char *what = g_strdup_printf("update, %u nodes, %" G_GUINT64_FORMAT " messages",
                                          options->nodes, gs_bench_update_messages(scenario));
  GsBaseline *baseline = gs_baseline_new(scenario);
  measure(report, options, what, scenario, baseline);
  gs_baseline_free(baseline);
}

void gs_bench_jitter(GsBenchReport *report, const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario = gs_bench_scenario(
      "{" GRID ", 'network': {'latency': '1ms', 'jitter': {'exponential': '1ms'}},"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 25}]}",
      options->nodes);
  measure(report, options, "the same with jitter", scenario, NULL);
}

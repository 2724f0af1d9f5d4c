/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/bench.h"

void gs_bench_require(bool ok, const char *format, ...) {
  if (ok)
    return;
  va_list arguments;
  va_start(arguments, format);
  fputs("gridsim-bench: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

GsScenario *gs_bench_scenario(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  for (char *at = text; *at; at++) {
    if (*at == '\'')
      *at = '"';
  }
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "bench.json", NULL, 0, &error);
  gs_bench_require(scenario, "%s", error ? error->message : "");
  return scenario;
}

GsResults *gs_bench_run(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers,
                        uint64_t messages) {
  GsRunOptions options = {.runner = runner, .workers = workers};
  return gs_bench_run_with(scenario, &options, messages);
}

GsResults *gs_bench_run_with(const GsScenario *scenario, const GsRunOptions *options,
                             uint64_t messages) {
  g_autoptr(GError) error = NULL;
  GsResults *results = gs_run(scenario, options, &error);
  gs_bench_require(results, "%s", error ? error->message : "");
  uint64_t sent = gs_message_counts_total(&results->messages);
  gs_bench_require(sent == messages && results->delivered == messages,
                   "%s: %" G_GUINT64_FORMAT " messages, not %" G_GUINT64_FORMAT, results->runner,
                   sent, messages);
  gs_bench_require(results->quiescent && results->converged && !results->open_waves,
                   "%s: not in sync and at rest", results->runner);
  return results;
}

static uint64_t once(const GsScenario *scenario) {
  return 2 * (uint64_t)scenario->link_count - scenario->node_count + 1;
}

uint64_t gs_bench_wave_messages(const GsScenario *scenario) {
  return 2 * once(scenario);
}

uint64_t gs_bench_update_messages(const GsScenario *scenario) {
  return once(scenario) * (1 + 2 * (uint64_t)scenario->node_count);
}

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

GsScenario *gs_bench_parse(const char *text) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "bench.json", NULL, 0, &error);
  gs_bench_require(scenario, "%s", error ? error->message : "");
  return scenario;
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
  return gs_bench_parse(text);
}

GsResults *gs_bench_run(const GsScenario *scenario, const GsRunOptions *options,
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

/** A figure of the system about this process, which is given in KiB. */
static uint64_t status_bytes(const char *name) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL))
    return 0;
  const char *found = strstr(text, name);
  return found ? g_ascii_strtoull(found + strlen(name), NULL, 10) * 1024 : 0;
}

uint64_t gs_bench_resident_bytes(void) {
  return status_bytes("VmRSS:");
}

uint64_t gs_bench_peak_bytes(void) {
  return status_bytes("VmHWM:");
}

void gs_bench_print(const GsBenchFigure *figure) {
  printf("%s\t%s\t%u\t%" G_GUINT64_FORMAT "\t%.9f\t%.0f\n", figure->what, figure->runner,
         figure->workers, figure->messages, figure->seconds, figure->bytes);
  fflush(stdout);
}

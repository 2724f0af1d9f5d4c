/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "core/json_writer.h"
#include "tools/bench/bench.h"

static char *quoted(const char *text) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
  gs_json_write_string(writer, text);
  return g_strdup(out->str);
}

static GsScenario *load(const char *file, const char *schedule) {
  g_autofree char *text =
      g_strdup_printf("{\"topology\": {\"file\": %s}, \"network\": {\"latency\": \"1ms\"},"
                      " \"schedule\": [%s]}",
                      file, schedule);
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "bench.json", NULL, 0, &error);
  gs_bench_require(scenario, "%s", error ? error->message : "");
  return scenario;
}

/* From here on the peak is that of what comes now, where the system can forget the one before. */
static void forget_peak(void) {
  malloc_trim(0);
  FILE *file = fopen("/proc/self/clear_refs", "w");
  if (!file)
    return;
  fputs("5", file);
  fclose(file);
}

static double peak_bytes(void) {
  g_autofree char *text = NULL;
  gs_bench_require(g_file_get_contents("/proc/self/status", &text, NULL, NULL), "no /proc");
  const char *peak = strstr(text, "VmHWM:");
  return peak ? (double)g_ascii_strtoull(peak + strlen("VmHWM:"), NULL, 10) * 1024 : 0;
}

static void measure(GsBenchReport *report, const GsBenchOptions *options, const char *what,
                    const GsScenario *scenario, uint64_t messages) {
  uint32_t cores = options->cores;
  for (guint runner = 0; gs_runner_names[runner]; runner++) {
    forget_peak();
    g_autoptr(GsResults) results = gs_bench_run(scenario, (GsRunnerKind)runner, cores, messages);
    double rate = (double)messages / results->wall_s, peak = peak_bytes();
    gs_bench_report_add(report,
                        g_strdup_printf("%s, %" G_GUINT64_FORMAT " messages", what, messages),
                        gs_runner_names[runner], cores, GS_BENCH_RATE, &rate, 1);
    gs_bench_report_add(report, g_strdup_printf("%s, peak memory", what), gs_runner_names[runner],
                        cores, GS_BENCH_BYTES, &peak, 1);
  }
}

void gs_bench_graph(GsBenchReport *report, const GsBenchOptions *options) {
  g_autofree char *path = g_canonicalize_filename(options->graph, NULL);
  g_autofree char *file = quoted(path);
  g_autoptr(GsScenario) graph = load(file, "");
  g_autofree char *first = quoted(graph->nodes[0].name);
  g_autofree char *name = g_path_get_basename(path);

  g_autofree char *ask = g_strdup_printf("{\"at\": \"1s\", \"update_net\": %s}", first);
  g_autoptr(GsScenario) wave = load(file, ask);
  g_autofree char *wave_what = g_strdup_printf("%s: one wave", name);
  measure(report, options, wave_what, wave, gs_bench_wave_messages(wave));

  g_autofree char *tell =
      g_strdup_printf("{\"at\": \"1s\", \"node\": %s, \"production\": 25}", first);
  g_autoptr(GsScenario) update = load(file, tell);
  g_autofree char *update_what = g_strdup_printf("%s: update", name);
  measure(report, options, update_what, update, gs_bench_update_messages(update));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "tools/bench/bench.h"

#define REPEAT_MOST 1000
#define WORKERS_MOST 1000

static void run_all(const GsBenchOptions *options, bool json) {
  GsBenchReport report;
  gs_bench_report_init(&report);
  /* First of all, while no memory or stack lies ready that others left behind. */
  gs_bench_memory(&report, options);
  gs_bench_updates(&report, options);
  gs_bench_jitter(&report, options);
  gs_bench_start_stop(&report, options);
  gs_bench_sweep(&report, options);
  if (options->graph)
    gs_bench_graph(&report, options);
  gs_bench_report_print(&report, options, json);
  gs_bench_report_clear(&report);
}

int main(int argc, char **argv) {
  gint repeat = 0, workers = 0;
  gboolean json = FALSE, quick = FALSE;
  g_autofree char *graph = NULL, *edges = NULL, *sync = NULL, *runner = NULL;
  const GOptionEntry entries[] = {
      {"edges", 0, 0, G_OPTION_ARG_STRING, &edges,
       "Only print a graph, such as ring-64, as a list of edges", "GRAPH"},
      {"graph", 0, 0, G_OPTION_ARG_FILENAME, &graph, "Run on the connected graph in FILE too",
       "FILE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print JSON", NULL},
      {"quick", 0, 0, G_OPTION_ARG_NONE, &quick, "A small grid, once: does it work at all", NULL},
      {"runner", 0, 0, G_OPTION_ARG_STRING, &runner,
       "With --sync: pool, threads, loop (the FIFO loop) or bare (the protocol by hand) (pool)",
       "NAME"},
      {"sync", 0, 0, G_OPTION_ARG_STRING, &sync,
       "Only update such a graph: prints messages, seconds and \"right\"", "GRAPH"},
      {"workers", 0, 0, G_OPTION_ARG_INT, &workers, "With --sync (the cores)", "N"},
      {"repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "Repetitions (3)", "N"},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new("- measure the speed of gridsim");
  g_option_context_set_description(
      context, "Ratios are to a single-threaded FIFO loop that handles the same messages with the\n"
               "same nodes. Of repetitions, the best and the median are shown.\n");
  g_option_context_add_main_entries(context, entries, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || repeat < 0 ||
      repeat > REPEAT_MOST || workers < 0 || workers > WORKERS_MOST) {
    fprintf(stderr, "gridsim-bench: %s\n", error ? error->message : "see --help");
    return 2;
  }
  GsBenchOptions options = {.repeat = repeat  ? (uint32_t)repeat
                                      : quick ? 1
                                              : 3,
                            .nodes = quick ? 200 : 1000,
                            .actors = quick ? 1000 : 10000,
                            .cores = (uint32_t)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1),
                            .quick = quick,
                            .graph = graph};
  if (edges)
    gs_bench_print_edges(edges);
  else if (sync)
    gs_bench_print_sync(&(GsBenchSync){.graph = sync,
                                       .runner = runner ? runner : "pool",
                                       .workers = workers ? (uint32_t)workers : options.cores,
                                       .repeat = options.repeat});
  else
    run_all(&options, json);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "tools/bench/bench.h"

#define REPEAT_MOST 1000
#define WORKERS_MOST 1000

typedef struct {
  char *edges, *sync, *wave, *network, *runner; /**< owned, or NULL */
  gint repeat, workers;
  gboolean besides, quick;
} Arguments;

static bool parse(Arguments *arguments, int argc, char **argv) {
  const GOptionEntry entries[] = {
      {"edges", 0, 0, G_OPTION_ARG_FILENAME, &arguments->edges, "Print a graph as a list of edges",
       "GRAPH"},
      {"sync", 0, 0, G_OPTION_ARG_FILENAME, &arguments->sync, "Update one node of a graph",
       "GRAPH"},
      {"wave", 0, 0, G_OPTION_ARG_FILENAME, &arguments->wave, "Run one wave of a graph", "GRAPH"},
      {"network", 0, 0, G_OPTION_ARG_STRING, &arguments->network,
       "With --sync and --wave: uniform (1 ms), jitter (exponential, 1 ms more), latencies "
       "(lognormal, of each link its own) or both (uniform)",
       "NAME"},
      {"runner", 0, 0, G_OPTION_ARG_STRING, &arguments->runner,
       "pool, threads, or with --sync loop (gridsim's nodes in a FIFO loop, if uniform) or bare "
       "(the protocol by hand) (pool)",
       "NAME"},
      {"workers", 0, 0, G_OPTION_ARG_INT, &arguments->workers, "Workers (the cores)", "N"},
      {"repeat", 0, 0, G_OPTION_ARG_INT, &arguments->repeat, "Repetitions (3)", "N"},
      {"besides", 0, 0, G_OPTION_ARG_NONE, &arguments->besides,
       "Measure memory at rest, start and stop, sweeps", NULL},
      {"quick", 0, 0, G_OPTION_ARG_NONE, &arguments->quick,
       "With --besides: small and once, does it work at all", NULL},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new("- measure the speed of gridsim");
  g_option_context_set_description(
      context,
      "A GRAPH is the name of a kind and its nodes, such as ring-64 or lattice-16x16, or a file.\n"
      "--sync and --wave print a line for each repetition: messages, seconds, \"right\", seconds\n"
      "of loading, peak memory, memory before loading. `make bench` makes tables of many such.\n");
  g_option_context_add_main_entries(context, entries, NULL);
  g_autoptr(GError) error = NULL;
  bool good = g_option_context_parse(context, &argc, &argv, &error) && argc == 1;
  guint jobs = (guint)(arguments->edges != NULL) + (arguments->sync != NULL) +
               (arguments->wave != NULL) + (arguments->besides != FALSE);
  if (good && jobs == 1 && arguments->repeat >= 0 && arguments->repeat <= REPEAT_MOST &&
      arguments->workers >= 0 && arguments->workers <= WORKERS_MOST)
    return true;
  fprintf(stderr, "gridsim-bench: %s\n", error ? error->message : "see --help");
  return false;
}

static void measure_besides(const GsBenchOptions *options) {
  gs_bench_memory(options);
  gs_bench_start_stop(options);
  gs_bench_sweep(options);
}

static void do_as_told(const Arguments *arguments) {
  GsBenchOptions options = {.repeat = arguments->repeat  ? (uint32_t)arguments->repeat
                                      : arguments->quick ? 1
                                                         : 3,
                            .cores = (uint32_t)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1),
                            .quick = arguments->quick};
  if (arguments->edges) {
    gs_bench_print_edges(arguments->edges);
  } else if (arguments->besides) {
    measure_besides(&options);
  } else {
    GsBenchRuns runs = {.graph = arguments->sync ? arguments->sync : arguments->wave,
                        .network = arguments->network ? arguments->network : GS_BENCH_UNIFORM,
                        .work = arguments->sync ? GS_BENCH_UPDATE : GS_BENCH_WAVE,
                        .runner = arguments->runner ? arguments->runner : "pool",
                        .workers =
                            arguments->workers ? (uint32_t)arguments->workers : options.cores,
                        .repeat = options.repeat};
    gs_bench_print_runs(&runs);
  }
}

int main(int argc, char **argv) {
  Arguments arguments = {0};
  bool good = parse(&arguments, argc, argv);
  if (good)
    do_as_told(&arguments);
  g_free(arguments.edges);
  g_free(arguments.sync);
  g_free(arguments.wave);
  g_free(arguments.network);
  g_free(arguments.runner);
  return good ? 0 : 2;
}

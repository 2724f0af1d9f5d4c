/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "sim/base/remove_folder.h"
#include "sim/study/study.h"
#include "tools/bench/bench.h"

/** All families at these numbers of nodes, as `gridsim compare` runs them. */
static void print_sweep(const GsBenchOptions *options, const char *nodes, uint32_t repeat) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  g_auto(GStrv) sizes = g_strsplit(nodes, ",", -1);
  gs_sweep_axis(sweep, "topology");
  for (char **size = sizes; *size; size++)
    gs_axis_add(gs_sweep_axis(sweep, "nodes"), *size, *size, NULL);
  sweep->repeat = repeat;
  gs_bench_require(gs_sweep_finish(sweep, &error), "%s", error ? error->message : "");
  g_autofree char *directory = g_dir_make_tmp("gridsim-bench-XXXXXX", &error);
  gs_bench_require(directory != NULL, "%s", error ? error->message : "");
  g_autoptr(GsStudyRuns) runs = gs_study_plan(sweep, &error);
  g_autoptr(GsStore) store = gs_store_open(directory, sweep, &error);
  GsStudyOptions study = {.jobs = options->cores};
  bool good = runs && store && gs_study_run(sweep, runs, store, &study, &error);
  gs_remove_folder(directory, NULL);
  gs_bench_require(good, "%s", error ? error->message : "");
  g_autofree char *what =
      g_strdup_printf("sweep of %" G_GUINT64_FORMAT " runs, up to %s nodes",
                      runs->progress.runs_done, sizes[g_strv_length(sizes) - 1]);
  gs_bench_print(&(GsBenchFigure){.what = what,
                                  .runner = "compare",
                                  .workers = options->cores,
                                  .messages = runs->progress.messages,
                                  .seconds = runs->progress.wall_s});
}

void gs_bench_sweep(const GsBenchOptions *options) {
  if (options->quick) {
    print_sweep(options, "8,16", 2);
    return;
  }
  print_sweep(options, "8,16,32,64,128", 20);
  print_sweep(options, "8,16,32,64,128,256", 4);
}

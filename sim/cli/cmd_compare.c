/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/base/remove_folder.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/compare_args.h"
#include "sim/cli/file_form.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/progress.h"
#include "sim/report/print.h"
#include "sim/report/version.h"
#include "sim/study/baseline.h"
#include "sim/study/recheck.h"

void gs_cmd_compare_help(GString *out) {
  GsCompareArgs args = {0};
  GOptionEntry entries[GS_COMPARE_OPTIONS];
  gs_compare_list_options(&args, entries);
  g_string_append(
      out,
      "Usage: gridsim compare [OPTION]… [SCENARIO|GRAPH|KIND… | SWEEP]\n"
      "\n"
      "Runs many scenarios many times and tells which topology converges how fast, at\n"
      "what cost, and how that grows with the number of nodes. Without a scenario: a\n"
      "grid at rest in which one random node starts to produce, on all families of\n"
      "graphs. A sweep is a JSON file that says more (scenarios/sweep.schema.json).\n"
      "Graph files are compared as topologies, and kinds of topology beside them.\n"
      "\n"
      "Examples\n"
      "  gridsim compare\n"
      "      all families, 8 to 128 nodes, in seconds\n"
      "  gridsim compare --topology ring,star,complete --nodes 16,32,64 --out results\n"
      "      and keep every run, tables, and results/report.html to show to others\n"
      "  gridsim compare --topology tree --vary protocol=echo,original --set network.fifo=false\n"
      "      settings side by side, on the same grids\n"
      "  gridsim compare --precision 2% --nodes 50 --vary network.jitter=0,5ms,20ms\n"
      "      as many runs as the precision needs\n"
      "  gridsim compare scenarios/ring.json scenarios/star.json\n"
      "      scenarios side by side\n"
      "  gridsim compare scenarios/graphs/coast.gml ring --nodes 64\n"
      "      the grid of a file against a family\n"
      "\n"
      "Options\n");
  gs_options_describe(entries, out);
  gs_help_shipped(out);
  g_string_append(
      out, "\n"
           "Exit status: 0 done; 1 a run ended with nodes out of sync; 2 wrong usage or input;\n"
           "130 after Ctrl-C, with what there was so far.\n");
}

typedef struct {
  GsCompareArgs args;
  GsSweep *sweep;
  int color, format;
  uint32_t jobs;
  GsMemoryRoom memory;
  GsMetric sort;
  char *command;
  GsInterrupt interrupt;
  GsProgressLine progress;
  char *scratch; /**< directory of our own, to be removed; NULL: none */
} Compare;

static void clear_compare(Compare *compare) {
  gs_compare_args_clear(&compare->args);
  gs_sweep_free(compare->sweep);
  g_free(compare->command);
  g_autoptr(GError) error = NULL;
  if (compare->scratch && !gs_remove_folder(compare->scratch, &error))
    gs_cli_error("%s", error->message);
  g_free(compare->scratch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Compare, clear_compare)

static bool on_progress(const GsStudyProgress *progress, void *data) {
  Compare *compare = data;
  if (gs_interrupt_poll(&compare->interrupt))
    return false;
  g_autofree char *done = gs_text_count(progress->runs_done);
  g_autofree char *runs = gs_text_plural(progress->runs, "run");
  double wall = MAX(progress->wall_s, 1e-3);
  g_autofree char *rate = gs_text_count((uint64_t)((double)progress->messages / wall));
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "%s of %s  %.0f %%  %s messages/s", done, runs, 100 * progress->part,
                         rate);
  gs_progress_estimate(line, progress->part, progress->wall_s);
  gs_progress_say(&compare->progress, line->str, progress->wall_s);
  return true;
}

static void on_fewer_jobs(uint32_t jobs, uint32_t asked, const char *each, void *data) {
  const Compare *compare = data;
  g_autofree char *runs = gs_text_plural(jobs, "run");
  if (!compare->args.quiet)
    fprintf(stderr, "%s at a time instead of %" PRIu32 ": one needs up to about %s of memory\n",
            runs, asked, each);
}

static int read_command_line(Compare *compare, char **given) {
  GOptionEntry entries[GS_COMPARE_OPTIONS];
  GsCompareArgs *args = &compare->args;
  gs_compare_list_options(args, entries);
  g_auto(GStrv) rest = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  uint64_t jobs = 0;
  if (!gs_options_parse(&rest, entries, false, &error))
    return gs_cli_usage_error("compare", "compare: %s", error->message);
  if (args->help)
    return GS_EXIT_DONE;
  if ((args->color &&
       !gs_option_word("--color", args->color, gs_color_names, &compare->color, &error)) ||
      (args->format && !gs_option_word("--format", args->format, gs_study_format_names,
                                       &compare->format, &error)) ||
      (args->out && !gs_folder_form("--out", args->out, "the files of a study", &error)) ||
      (args->jobs && !gs_option_number("--jobs", args->jobs, 1, GS_JOBS_MAX, &jobs, &error)) ||
      (args->memory && !gs_option_size("--memory", args->memory, &compare->memory.bytes, &error)))
    return gs_cli_usage_error("compare", "compare: %s", error->message);
  if (args->json && args->format && compare->format != GS_STUDY_JSON)
    return gs_cli_usage_error("compare", "compare: --json and --format %s contradict each other",
                              args->format);
  if (args->json)
    compare->format = GS_STUDY_JSON;
  compare->jobs = (uint32_t)jobs;
  compare->sweep = gs_sweep_new();
  if (!gs_compare_read_sweep(args, compare->sweep, &error)) {
    gs_cli_error("compare: %s", error->message);
    return GS_EXIT_WRONG;
  }
  if (compare->sweep->sort)
    gs_metric_find(compare->sweep->sort, &compare->sort, NULL);
  compare->command = gs_compare_command(given);
  return GS_EXIT_DONE;
}

static bool print(const Compare *compare, const GsFindings *findings, const GsStudyAbout *about,
                  GString *out, GError **error) {
  GsStyle style = gs_style_for(stdout, (GsColor)compare->color);
  switch ((GsStudyFormat)compare->format) {
  case GS_STUDY_TABLE:
    gs_study_table(findings, about, style, out);
    gs_print_fit(out, 0, style);
    return true;
  case GS_STUDY_CSV:
    gs_study_cells_csv(findings, out);
    /* A table for programs has no room for sentences. */
    if (findings->left_out)
      gs_cli_error("%s", findings->left_out);
    return true;
  case GS_STUDY_MARKDOWN:
    gs_study_markdown(findings, about, out);
    return true;
  case GS_STUDY_JSON:
    break;
  }
  g_autoptr(GPtrArray) drawings = gs_study_drawings(findings, error);
  if (!drawings)
    return false;
  return gs_study_json(findings, about, drawings, out, error);
}

static int status_of(const Compare *compare, const GsFindings *findings) {
  if (compare->interrupt.signal != 0)
    return GS_EXIT_SIGNAL + compare->interrupt.signal;
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    if (outcome->converged < outcome->runs - outcome->failed)
      return GS_EXIT_UNMET;
  }
  return GS_EXIT_DONE;
}

static void say_warnings(const Compare *compare, const GsStudyRuns *runs) {
  for (guint i = 0; !compare->args.quiet && i < runs->warnings->len; i++) {
    g_autofree char *line = gs_study_warning_line(runs->warnings->pdata[i], compare->sweep);
    gs_cli_error("warning: %s", line);
  }
}

static void say_where(const Compare *compare, const GsStudyRuns *runs, const char *no_plots) {
  const char *out = compare->args.out;
  if (runs->stopped && out) {
    g_autofree char *kept = gs_text_part(runs->progress.runs_done, runs->progress.runs, "run");
    gs_cli_error("interrupted: %s kept in %s; the same command goes on there", kept, out);
  }
  if (no_plots && !compare->args.quiet)
    gs_cli_error("no plots: %s", no_plots);
  if (out && !runs->stopped && !compare->args.quiet && compare->format == GS_STUDY_TABLE) {
    g_autofree char *clean = gs_text_clean(out);
    fprintf(stderr, "Results are in %s, the report is %s/report.html\n", clean, clean);
  }
}

static bool report(Compare *compare, const GsStudyRuns *runs, const GsStore *store, GString *text,
                   int *status, GError **error) {
  g_autoptr(GsFindings) findings =
      gs_findings_new(compare->sweep, runs, store, compare->sort, error);
  if (!findings)
    return false;
  g_autofree char *baseline = gs_study_baseline(compare->sweep);
  g_autofree char *no_plots = NULL;
  GsStudyAbout about = {compare->command, baseline, store};
  /* What is not whole yet would only be in the way of going on. */
  if (compare->args.out && !runs->stopped &&
      !gs_study_files(findings, &about, store, compare->args.out, &no_plots, error))
    return false;
  if (!compare->args.quiet && !print(compare, findings, &about, text, error))
    return false;
  *status = status_of(compare, findings);
  say_where(compare, runs, no_plots);
  return true;
}

/** Whether what is to be written is written over nothing that is read. */
static bool may_write(const Compare *compare, GError **error) {
  g_auto(GsOutputPlan) plan;
  gs_output_plan_init(&plan);
  for (char **file = compare->args.operands; file && *file; file++)
    if (!gs_output_plan_reads(&plan, *file, error))
      return false;
  for (guint i = 0; i < compare->sweep->bases->len; i++) {
    const GsSweepBase *base = compare->sweep->bases->pdata[i];
    if (!gs_output_plan_reads(&plan, base->source, error))
      return false;
  }
  return gs_output_plan_folder(&plan, "--out", compare->args.out, error);
}

/* ---- Going on with what another program made ---- */

/** As many cells have a run done again before a study goes on with another program's runs. */
#define CHECKED_CELLS_MAX 32

static bool on_recheck(uint64_t done, uint64_t of, double wall_s, void *data) {
  Compare *compare = data;
  if (gs_interrupt_poll(&compare->interrupt))
    return false;
  g_autofree char *line =
      g_strdup_printf("%" PRIu64 " of %" PRIu64 " kept runs done again", done, of);
  gs_progress_say(&compare->progress, line, wall_s);
  return true;
}

static bool fail_differs(const Compare *compare, const char *made_by, const GsRecheckRun *run,
                         GError **error) {
  g_autofree char *key = gs_sweep_key(compare->sweep, run->cell);
  g_autofree char *now = gs_recheck_words(run);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: its runs are of gridsim %s; this is %s, and finds other results: %s, "
              "repetition %" PRIu32 ": %s; give --out another directory, or --fresh to begin anew "
              "there",
              compare->args.out, made_by, gs_version_text(), key, run->repetition, now);
  return false;
}

/** Does some runs of another program again; only if they are the same, the study goes on. */
static bool trust(Compare *compare, GsStore *store, GError **error) {
  const char *made_by = gs_store_made_by(store);
  uint64_t cells;
  g_autoptr(GArray) runs = gs_recheck_choose(store, true, CHECKED_CELLS_MAX, &cells, error);
  GsRecheckOptions options = {compare->jobs, &compare->memory, on_recheck, compare};
  if (!runs || !gs_recheck(gs_store_all(store), runs, &options, error))
    return false;
  gs_progress_clear(&compare->progress);
  for (guint i = 0; i < runs->len; i++) {
    const GsRecheckRun *run = &g_array_index(runs, GsRecheckRun, i);
    if (run->result == GS_RECHECK_NOT_DONE) {
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                  "interrupted before it was sure that the kept runs, of gridsim %s, are as this "
                  "one would make them; nothing was changed",
                  made_by);
      return false;
    }
    if (run->result != GS_RECHECK_SAME)
      return fail_differs(compare, made_by, run, error);
  }
  if (!compare->args.quiet && !g_str_equal(made_by, gs_version_text())) {
    g_autofree char *some = gs_text_plural(runs->len, "run");
    fprintf(stderr,
            "The kept runs are of gridsim %s, and this is %s: %s of them, done again, %s "
            "the same\n",
            made_by, gs_version_text(), some, runs->len == 1 ? "is" : "are");
  }
  return gs_store_trust(store, error);
}

static GsStore *open_store(Compare *compare, const char *directory, GError **error) {
  if (!compare->args.fresh)
    return gs_store_open(directory, compare->sweep, error);
  g_autofree char *aside = NULL;
  GsStore *store = gs_store_open_fresh(directory, compare->sweep, &aside, error);
  if (aside && !compare->args.quiet) {
    g_autofree char *clean = gs_text_clean(aside);
    fprintf(stderr, "The earlier study is set aside in %s\n", clean);
  }
  return store;
}

static bool do_it(Compare *compare, GString *text, int *status, GError **error) {
  if (!may_write(compare, error))
    return false;
  g_autoptr(GsStudyRuns) runs = gs_study_plan(compare->sweep, error);
  if (!runs)
    return false;
  gs_interrupt_begin(&compare->interrupt);
  if (!compare->args.out)
    compare->scratch = g_dir_make_tmp("gridsim-compare-XXXXXX", error);
  const char *directory = compare->args.out ? compare->args.out : compare->scratch;
  if (!directory)
    return false;
  g_autoptr(GsStore) store = open_store(compare, directory, error);
  if (!store)
    return false;
  if (!compare->args.memory)
    compare->memory = gs_memory_room_now();
  GsStudyOptions options = {.jobs = compare->jobs,
                            .progress = on_progress,
                            .data = compare,
                            .memory = &compare->memory,
                            .fewer_jobs = on_fewer_jobs};
  gs_progress_init(&compare->progress, !compare->args.quiet);
  bool good = (!gs_store_made_by(store) || trust(compare, store, error)) &&
              gs_study_run(compare->sweep, runs, store, &options, error);
  gs_interrupt_end(&compare->interrupt);
  gs_progress_clear(&compare->progress);
  say_warnings(compare, runs);
  return good && report(compare, runs, store, text, status, error);
}

int gs_cmd_compare(char **given) {
  g_auto(Compare) compare = {0};
  g_autoptr(GString) text = g_string_new(NULL);
  gs_interrupt_prepare();
  int status = read_command_line(&compare, given);
  if (status != GS_EXIT_DONE)
    return status;
  if (compare.args.help) {
    gs_cmd_compare_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  g_autoptr(GError) error = NULL;
  if (!do_it(&compare, text, &status, &error)) {
    gs_cli_error("compare: %s", error->message);
    return compare.interrupt.signal ? GS_EXIT_SIGNAL + compare.interrupt.signal : GS_EXIT_WRONG;
  }
  return gs_output_text(text, status);
}

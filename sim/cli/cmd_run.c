/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/command_text.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/progress.h"
#include "sim/cli/run_outputs.h"
#include "sim/cli/warn.h"
#include "sim/forecast/memory_fit.h"
#include "sim/report/print.h"
#include "sim/report/report_json.h"
#include "sim/report/report_text.h"
#include "sim/report/watch.h"
#include "sim/run/last_search.h"
#include "sim/run/run.h"
#include "sim/study/again.h"

typedef struct {
  gboolean help, json, quiet, force, why;
  char *seed, *until, *runner, *workers, *memory, *trace, *trace_form, *report, *watch, *color;
  char **set, **operands;
} RunArgs;

#define RUN_OPTIONS 18
static void list_options(RunArgs *args, GOptionEntry entries[RUN_OPTIONS]) {
  const GOptionEntry all[RUN_OPTIONS] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json,
       "write one JSON document to standard output, and nothing else", NULL},
      GS_ROW_SEED(args),
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->set,
       "change the scenario: network.latency=5ms, nodes.0.production=7; may be given again",
       "PATH=VALUE"},
      {"until", 0, 0, G_OPTION_ARG_FILENAME, &args->until,
       "end at this simulated time: 90s, 15min, 24h", "DURATION"},
      {"runner", 0, 0, G_OPTION_ARG_FILENAME, &args->runner,
       "threads: one per node; pool: many nodes per thread; the results are the same (default: "
       "auto, "
       "threads up to 1,000 nodes)",
       "NAME"},
      GS_ROW_WORKERS(args),
      {"memory", 0, 0, G_OPTION_ARG_FILENAME, &args->memory,
       "most memory that the run may need; more is refused before it starts: 500MiB, 40GiB, "
       "unlimited (default: what is free)",
       "SIZE"},
      {"watch", 0, 0, G_OPTION_ARG_FILENAME, &args->watch,
       "print the state of every node as simulated time goes on (default: every 1s)",
       "[=INTERVAL]"},
      {"trace", 0, 0, G_OPTION_ARG_FILENAME, &args->trace,
       "write every message and change, in the form that the file's ending says (.jsonl, .json for "
       "Perfetto, .mmd), as lines of JSON otherwise; - is standard output",
       "FILE"},
      {"trace-format", 0, 0, G_OPTION_ARG_FILENAME, &args->trace_form,
       "jsonl: a line of JSON each; chrome: for Perfetto and chrome://tracing; "
       "mermaid: a sequence diagram of a small run (default: what the file's ending says)",
       "NAME"},
      {"report", 0, 0, G_OPTION_ARG_FILENAME, &args->report,
       "write a page with charts and tables: one HTML file that needs nothing else", "FILE"},
      {"why", 0, 0, G_OPTION_ARG_NONE, &args->why,
       "find the node that was last in sync, and the chain of messages that it waited for, also "
       "in runs of more than 200,000 messages: they are run twice; with --quiet only for --json or "
       "--report",
       NULL},
      GS_ROW_FORCE(args, "--trace and --report"),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet,
       "no report, progress or warnings; only what went wrong, and the exit status", NULL},
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(RunArgs *args) {
  GOptionEntry entries[RUN_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunArgs, clear_args)

void gs_cmd_run_help(GString *out) {
  RunArgs args = {0};
  GOptionEntry entries[RUN_OPTIONS];
  list_options(&args, entries);
  g_string_append(out,
                  "Usage: gridsim run [OPTION]… SCENARIO\n"
                  "\n"
                  "Runs a scenario in simulated time and tells what happened: what disturbed the\n"
                  "grid, how many messages that took and when all nodes were in sync again.\n"
                  "\n"
                  "Examples\n"
                  "  gridsim run scenarios/readme.json\n"
                  "      the report for people\n"
                  "  gridsim run --json scenarios/readme.json | jq .messages.total\n"
                  "      the same for programs\n"
                  "  gridsim run --watch=500ms scenarios/readme.json\n"
                  "      with the state of each node every half second of simulated time\n"
                  "  gridsim run --set network.latency=20ms --seed 7 scenarios/readme.json\n"
                  "      what if the network were slower, and chance fell otherwise?\n"
                  "  gridsim run --trace messages.jsonl --until 10s scenarios/readme.json\n"
                  "      every message of the first ten seconds\n"
                  "  gridsim run --report run.html scenarios/readme.json\n"
                  "      a page about the run, for a browser\n"
                  "\n"
                  "Options\n");
  gs_options_describe(entries, out);
  gs_help_shipped(out);
  g_string_append(
      out, "\n"
           "Exit status: 0 done, and the scenario's expectations were met; 1 one was not met;\n"
           "2 wrong usage or input; 130 after Ctrl-C, with what there was so far.\n");
}

/** What the options mean, and what the callbacks of a run need. */
typedef struct {
  RunArgs args;
  GsOverrides overrides;
  GsRunOptions options;
  int color, trace_form;
  bool runner_given;
  GsMemoryRoom memory; /**< that it may use */
  GsMemoryNeed need;
  FILE *results; /**< where the report goes */
  FILE *lines;   /**< where --watch goes */
  GsRunOutputs outputs;
  int write_error; /**< errno of a write to standard output that failed */
  GString *buffer;
  GsInterrupt interrupt;
  GsProgressLine progress;
} Run;

static void clear_run(Run *run) {
  clear_args(&run->args);
  gs_overrides_clear(&run->overrides);
  g_string_free(run->buffer, TRUE);
  gs_run_outputs_clear(&run->outputs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, clear_run)

/** Writes the buffer out, and remembers when standard output fails. */
static void write_out(Run *run, FILE *stream) {
  int error = gs_output_write(stream, run->buffer);
  if (stream == stdout && !run->write_error)
    run->write_error = error;
}

static bool on_progress(const GsRunProgress *progress, void *data) {
  Run *run = data;
  if (gs_interrupt_poll(&run->interrupt))
    return false;
  /* Nobody reads on, or nothing can be written any more. */
  if (ferror(stdout) || gs_run_outputs_failed(&run->outputs))
    return false;
  gs_progress_show(&run->progress, progress);
  return true;
}

static void on_watch(const GsResults *so_far, int64_t now_ns, void *data) {
  Run *run = data;
  gs_progress_clear(&run->progress);
  g_string_truncate(run->buffer, 0);
  gs_watch_print(so_far, now_ns, run->buffer);
  write_out(run, run->lines);
}

/** The options' values; false with an error where one is wrong. */
static bool read_values(Run *run, GError **error) {
  RunArgs *args = &run->args;
  int runner = GS_OPTION_RUNNER_AUTO;
  uint64_t workers = 0;
  if (!gs_option_runner(args->runner, &runner, error))
    return false;
  if (args->workers &&
      !gs_option_number("--workers", args->workers, 1, GS_WORKERS_MAX, &workers, error))
    return false;
  if (args->memory && !gs_option_size("--memory", args->memory, &run->memory.bytes, error))
    return false;
  if (args->color && !gs_option_word("--color", args->color, gs_color_names, &run->color, error))
    return false;
  if (args->trace_form && !gs_option_word("--trace-format", args->trace_form, gs_trace_form_names,
                                          &run->trace_form, error))
    return false;
  int page;
  if (args->trace && !gs_file_form("--trace", args->trace, gs_trace_file_forms,
                                   args->trace_form ? run->trace_form : GS_FILE_FORM_ANY,
                                   GS_TRACE_AS_LINES, &run->trace_form, error))
    return false;
  if (args->report && !gs_file_form("--report", args->report, gs_report_file_forms,
                                    GS_FILE_FORM_ANY, 0, &page, error))
    return false;
  if (args->watch &&
      !gs_option_duration("--watch", args->watch, &run->options.watch_every_ns, error))
    return false;
  run->runner_given = runner != GS_OPTION_RUNNER_AUTO;
  if (run->runner_given)
    run->options.runner = (GsRunnerKind)runner;
  run->options.workers = (uint32_t)workers;
  return gs_overrides_read(&run->overrides, args->set, args->seed, args->until, error);
}

/** "--watch" alone means every second; GOption would take the next argument for its value. */
static void complete_watch(char **args) {
  for (char **arg = args + 1; *arg && !g_str_equal(*arg, "--"); arg++)
    if (g_str_equal(*arg, "--watch")) {
      g_free(*arg);
      *arg = g_strdup("--watch=1s");
    }
}

/** Returns GS_EXIT_DONE when there is something to run. */
static int read_command_line(Run *run, char **given) {
  GOptionEntry entries[RUN_OPTIONS];
  list_options(&run->args, entries);
  g_auto(GStrv) args = g_strdupv(given);
  complete_watch(args);
  g_autoptr(GError) error = NULL;
  if (!gs_options_parse(&args, entries, false, &error))
    return gs_cli_usage_error("run", "run: %s", error->message);
  if (run->args.help)
    return GS_EXIT_DONE;
  if (!read_values(run, &error))
    return gs_cli_usage_error("run", "run: %s", error->message);
  if (run->args.watch && run->options.watch_every_ns == 0)
    return gs_cli_usage_error("run", "run: --watch: an interval of 0 is not allowed");
  if (run->args.trace_form && !run->args.trace)
    return gs_cli_usage_error("run", "run: --trace-format goes with --trace FILE");
  char **operands = run->args.operands;
  if (!operands)
    return gs_cli_usage_error("run",
                              "run: a scenario file is missing, such as scenarios/readme.json");
  if (operands[1])
    return gs_cli_usage_error("run", "run: one scenario at a time, but got '%s' and '%s'",
                              operands[0], operands[1]);
  bool trace_to_stdout = run->args.trace && g_str_equal(run->args.trace, "-");
  if (trace_to_stdout && run->args.json)
    return gs_cli_usage_error("run", "run: --json and --trace - would both write to standard "
                                     "output; give --trace a file");
  run->results = trace_to_stdout ? stderr : stdout;
  run->lines = run->args.json || trace_to_stdout ? stderr : stdout;
  return GS_EXIT_DONE;
}

/** Whether anybody will read who was last in sync. */
static bool last_is_told(const Run *run) {
  return !run->args.quiet || run->args.json || run->args.report;
}

/** Runs of up to so many messages are done once more to find who was last in sync. */
static uint64_t searched_max(const Run *run) {
  return !last_is_told(run) ? 0 : run->args.why ? UINT64_MAX : GS_LAST_MESSAGES_MAX;
}

/** Works out what the run needs; false with an error where that is more than it may use. */
static bool fits(Run *run, const GsScenario *scenario, GError **error) {
  GsMemoryPlan plan = {.runner = run->options.runner,
                       .workers = run->options.workers,
                       .tracing = run->args.trace != NULL,
                       .searched_max = searched_max(run)};
  gs_memory_need(scenario, &plan, &run->need);
  if (!run->args.memory)
    run->memory = gs_memory_room_now();
  return gs_memory_fits(scenario, &plan, &run->need, &run->memory, error);
}

static GsLastInSync *find_last(Run *run, const GsScenario *scenario, const GsResults *results) {
  GsLastSearch search = {
      .messages_max = searched_max(run), .progress = on_progress, .progress_data = run};
  return gs_last_search(scenario, results, &search);
}

static GsResults *run_scenario(Run *run, const GsScenario *scenario, GError **error) {
  bool watching = run->args.watch != NULL;
  run->options.watch = watching ? on_watch : NULL;
  run->options.progress = on_progress;
  run->options.watch_data = run->options.progress_data = run;
  gs_progress_init(&run->progress, !run->args.quiet);
  GsResults *results = gs_run(scenario, &run->options, error);
  if (results && last_is_told(run))
    results->last = find_last(run, scenario, results);
  gs_interrupt_end(&run->interrupt);
  gs_progress_clear(&run->progress);
  if (results)
    results->needed_bytes = run->need.pool_bytes;
  return results;
}

/** Writes the results where they belong; returns the exit status that they mean. */
static int report(Run *run, const GsResults *results, const GPtrArray *unmet) {
  int status = unmet->len > 0 ? GS_EXIT_UNMET : GS_EXIT_DONE;
  if (run->interrupt.signal != 0)
    status = GS_EXIT_SIGNAL + run->interrupt.signal;

  if (run->args.json)
    run->write_error = gs_report_json(results, unmet, NULL, gs_again_write_run, run->results);
  if (run->args.json || run->args.quiet) {
    for (guint i = 0; i < unmet->len; i++)
      gs_cli_error("%s", (const char *)unmet->pdata[i]);
    return status;
  }
  g_string_truncate(run->buffer, 0);
  if (run->lines == run->results && run->args.watch)
    g_string_append_c(run->buffer, '\n');
  GsStyle style = gs_style_for(run->results, (GsColor)run->color);
  gs_report_text(results, unmet, style, run->buffer);
  gs_print_fit(run->buffer, 0, style);
  write_out(run, run->results);
  return status;
}

/** Whether the files that it is to write are no one else's. */
static bool may_write(const Run *run, const GsScenario *scenario, GError **error) {
  g_auto(GsOutputPlan) plan;
  gs_output_plan_init(&plan);
  plan.force = run->args.force;
  return gs_output_plan_reads_scenario(&plan, run->args.operands[0], scenario, error) &&
         gs_output_plan_writes(&plan, "--trace", run->args.trace, GS_OUTPUT_TRACE, error) &&
         gs_output_plan_writes(&plan, "--report", run->args.report, GS_OUTPUT_PAGE, error);
}

int gs_cmd_run(char **given) {
  g_auto(Run) run = {.buffer = g_string_new(NULL)};
  gs_overrides_init(&run.overrides);
  int status = read_command_line(&run, given);
  if (status != GS_EXIT_DONE)
    return status;
  if (run.args.help) {
    gs_cmd_run_help(run.buffer);
    return gs_output_text(run.buffer, GS_EXIT_DONE);
  }

  g_autoptr(GError) error = NULL;
  gs_interrupt_prepare();
  run.overrides.quiet = run.args.quiet;
  g_autoptr(GsScenario) scenario =
      gs_overrides_load(&run.overrides, run.args.operands[0], NULL, &error);
  if (!scenario) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  if (!run.args.quiet)
    gs_warn_scenario(scenario);
  if (!may_write(&run, scenario, &error)) {
    gs_cli_error("run: %s", error->message);
    return GS_EXIT_WRONG;
  }
  if (!run.runner_given)
    run.options.runner = gs_runner_for(scenario->node_count);
  if (!fits(&run, scenario, &error)) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  gs_interrupt_begin(&run.interrupt);
  GsRunWanted wanted = {run.args.trace, (GsTraceForm)run.trace_form, run.args.report};
  if (!gs_run_outputs_open(&run.outputs, &wanted, scenario, &run.options))
    return GS_EXIT_WRONG;
  g_autoptr(GsResults) results = run_scenario(&run, scenario, &error);
  if (!results) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  /* Expectations speak about the whole run. */
  g_autoptr(GPtrArray) unmet =
      results->stopped ? g_ptr_array_new_with_free_func(g_free) : gs_results_unmet(results);
  g_autofree char *command = gs_command_text("gridsim", given);
  if (!gs_run_outputs_close(&run.outputs, results) ||
      !gs_run_outputs_report(&run.outputs, results, unmet, command))
    return GS_EXIT_WRONG;
  /* What went wrong with standard output is said at the end. */
  status = ferror(stdout) ? GS_EXIT_DONE : report(&run, results, unmet);
  return gs_output_finish(status, run.write_error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/file_form.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/option_recovery.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/warn.h"
#include "sim/report/print.h"
#include "sim/report/print_served.h"
#include "sim/report/report_json.h"
#include "sim/report/report_text.h"
#include "sim/report/trace_lines.h"
#include "sim/report/watch.h"
#include "sim/serve/serve.h"

#define MAILBOX_MOST 10000000u

typedef struct {
  gboolean help, json, listen_any, wire, require_token, force;
  char *expose_all, *token_file, *mailbox, *seed, *until, *runner, *workers, *trace, *watch, *color;
  char *recovery, *limit, *resync;
  char **expose, **allow_peer, **allow_host, **set, **operands;
} ServeArgs;

#define SERVE_OPTIONS 25
static void list_options(ServeArgs *args, GOptionEntry entries[SERVE_OPTIONS]) {
  const GOptionEntry all[SERVE_OPTIONS] = {
      {"expose", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->expose,
       "expose a node, at its address in the scenario, at this one, or at a free port of "
       "127.0.0.1; may be given again",
       "NODE[=HOST:PORT]"},
      {"expose-all", 0, 0, G_OPTION_ARG_FILENAME, &args->expose_all,
       "expose all nodes but those of --expose at consecutive ports from this one on, also those "
       "that have an address in the scenario",
       "HOST:PORT"},
      {"listen-any", 0, 0, G_OPTION_ARG_NONE, &args->listen_any,
       "allow addresses to listen on that others on the network can reach", NULL},
      GS_ROW_ALLOW_PEER(args),
      GS_ROW_ALLOW_HOST(args),
      {"wire", 0, 0, G_OPTION_ARG_NONE, &args->wire,
       "have exposed nodes speak HTTP to each other too, instead of in memory", NULL},
      {"require-token", 0, 0, G_OPTION_ARG_NONE, &args->require_token,
       "answer only requests with a token: Authorization: Bearer TOKEN", NULL},
      {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &args->token_file,
       "the first line of this file is the token; else $GRIDSIM_TOKEN, else the scenario's",
       "FILE"},
      {"mailbox", 0, 0, G_OPTION_ARG_FILENAME, &args->mailbox,
       "messages that may wait at a node before requests are answered 503 (default: 20000)", "N"},
      GS_ROWS_RECOVERY(args, "nodes do", "as the scenario says, else standard",
                       "as the scenario says, else auto",
                       "as the scenario says, else 1min, and 0.6s for each node above 100"),
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json,
       "at the end write one JSON document to standard output, and nothing else", NULL},
      GS_ROW_SEED(args),
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->set,
       "change the scenario: network.latency=5ms; may be given again", "PATH=VALUE"},
      {"until", 0, 0, G_OPTION_ARG_FILENAME, &args->until, "end after this time: 90s, 15min, 24h",
       "DURATION"},
      {"runner", 0, 0, G_OPTION_ARG_FILENAME, &args->runner,
       "threads: one per node; pool: many nodes per thread (default: auto)", "NAME"},
      GS_ROW_WORKERS(args),
      {"watch", 0, 0, G_OPTION_ARG_FILENAME, &args->watch,
       "print the state of every node this often, such as 1s", "INTERVAL"},
      {"trace", 0, 0, G_OPTION_ARG_FILENAME, &args->trace,
       "write every message and change as a line of JSON", "FILE"},
      GS_ROW_FORCE(args, "--trace"),
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(ServeArgs *args) {
  GOptionEntry entries[SERVE_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}

void gs_cmd_serve_help(GString *out) {
  ServeArgs args = {0};
  GOptionEntry entries[SERVE_OPTIONS];
  list_options(&args, entries);
  g_string_append(
      out, "Usage: gridsim serve [OPTION]… SCENARIO\n"
           "\n"
           "Runs a scenario in real time and lets chosen nodes answer HTTP: tell them things\n"
           "with curl, or make them siblings of nodes in other processes. The schedule, the\n"
           "network and the pace go on as in 'run'; expectations are not checked.\n"
           "\n"
           "Examples\n"
           "  gridsim serve scenarios/readme-serve.json\n"
           "      four nodes A to D on the ports 8081 to 8084 of 127.0.0.1\n"
           "  gridsim serve --expose-all 127.0.0.1:9000 scenarios/tree.json\n"
           "      every node of a tree\n"
           "  gridsim serve --expose N1=127.0.0.1:8081 --expose N7 scenarios/ring.json\n"
           "      two nodes, the second at a free port\n"
           "  curl http://127.0.0.1:8081/state\n"
           "      how a node stands; also /metrics (Prometheus), /events (a stream), /health\n"
           "\n"
           "Options\n");
  gs_options_describe(entries, out);
  gs_help_shipped(out);
  g_string_append(out,
                  "\n"
                  "Exit status, also after Ctrl-C: 0 the nodes were in sync at the end; 1 they "
                  "were not;\n"
                  "2 wrong usage or input, or an address that cannot be listened on.\n");
}

typedef struct {
  ServeArgs args;
  GsOverrides overrides;
  GsRecoveryOptions recovery;
  GsServeOptions options;
  GsExposures exposures;
  GsHttpAllow *allow;
  char *token;
  GsScenario *scenario;
  int color, runner;
  FILE *trace_file;
  GsTraceLines *trace;
  GsTraceSink sink;
  GsInterrupt interrupt;
} Serving;

static void clear_serving(Serving *serving) {
  clear_args(&serving->args);
  gs_overrides_clear(&serving->overrides);
  gs_exposures_clear(&serving->exposures);
  gs_http_allow_free(serving->allow);
  g_free(serving->token);
  gs_trace_lines_free(serving->trace);
  if (serving->trace_file)
    fclose(serving->trace_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Serving, clear_serving)

static bool on_interrupted(void *data) {
  return gs_interrupt_poll(&((Serving *)data)->interrupt) != 0;
}

/** With --json standard output is the document's. */
static FILE *lines_of(const Serving *serving) {
  return serving->args.json ? stderr : stdout;
}

static void on_started(const GArray *served, void *data) {
  const Serving *serving = data;
  for (guint i = 0; i < served->len; i++) {
    const GsServed *entry = &g_array_index(served, GsServed, i);
    GsScenarioNode *node = &serving->scenario->nodes[entry->node];
    g_free(node->http);
    node->http = g_strdup(entry->address); /* state lines name the one in use */
  }
  g_autoptr(GString) text = g_string_new(NULL);
  gs_print_listening(serving->scenario, served,
                     gs_style_for(lines_of(serving), (GsColor)serving->color), text);
  gs_output_write(lines_of(serving), text);
  gs_warn_addresses(served);
}

static void on_watch(const GsResults *so_far, int64_t now_ns, void *data) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_watch_print(so_far, now_ns, text);
  gs_output_write(lines_of(data), text);
}

static bool read_run_values(Serving *serving, GError **error) {
  ServeArgs *args = &serving->args;
  GsRunOptions *run = &serving->options.run;
  int runner = GS_OPTION_RUNNER_AUTO;
  uint64_t workers = 0, mailbox = 0;
  if (!gs_option_runner(args->runner, &runner, error))
    return false;
  if (args->workers &&
      !gs_option_number("--workers", args->workers, 1, GS_WORKERS_MAX, &workers, error))
    return false;
  if (args->mailbox &&
      !gs_option_number("--mailbox", args->mailbox, 1, MAILBOX_MOST, &mailbox, error))
    return false;
  if (args->color &&
      !gs_option_word("--color", args->color, gs_color_names, &serving->color, error))
    return false;
  static const GsFileForm trace_forms[] = {{"lines of JSON", "jsonl ndjson"}, {NULL, NULL}};
  int form;
  if (args->trace &&
      !gs_file_form("--trace", args->trace, trace_forms, GS_FILE_FORM_ANY, 0, &form, error))
    return false;
  if (args->watch && !gs_option_duration("--watch", args->watch, &run->watch_every_ns, error))
    return false;
  serving->runner = runner;
  run->workers = (uint32_t)workers;
  if (run->watch_every_ns) {
    run->watch = on_watch;
    run->watch_data = serving;
  }
  serving->options.mailbox_max = (uint32_t)mailbox;
  return gs_recovery_options_read(&serving->recovery, args->recovery, args->limit, args->resync,
                                  error) &&
         gs_overrides_read(&serving->overrides, args->set, args->seed, args->until, error);
}

static bool read_values(Serving *serving, GError **error) {
  ServeArgs *args = &serving->args;
  serving->allow = gs_option_allow(args->allow_peer, error);
  if (!serving->allow || !gs_option_hosts(args->allow_host, error))
    return false;
  GsServeOptions *options = &serving->options;
  options->exposures = &serving->exposures;
  options->listen_any = args->listen_any;
  options->allow = serving->allow;
  options->host_names = (const char *const *)args->allow_host;
  options->wire = args->wire;
  options->calls = (GsServeCalls){.interrupted = on_interrupted,
                                  .started = on_started,
                                  .warns = gs_warn_serving,
                                  .data = serving};
  return read_run_values(serving, error);
}

/** Returns GS_EXIT_DONE when there is something to serve, or help was asked for. */
static int read_command_line(Serving *serving, char **given) {
  GOptionEntry entries[SERVE_OPTIONS];
  list_options(&serving->args, entries);
  g_auto(GStrv) args = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  if (!gs_options_parse(&args, entries, false, &error))
    return gs_cli_usage_error("serve", "serve: %s", error->message);
  if (serving->args.help)
    return GS_EXIT_DONE;
  if (!read_values(serving, &error))
    return gs_cli_usage_error("serve", "serve: %s", error->message);
  char **operands = serving->args.operands;
  if (!operands)
    return gs_cli_usage_error(
        "serve", "serve: a scenario file is missing, such as scenarios/readme-serve.json");
  if (operands[1])
    return gs_cli_usage_error("serve", "serve: one scenario at a time, but got '%s' and '%s'",
                              operands[0], operands[1]);
  return GS_EXIT_DONE;
}

/** Whether the file that it is to write is no one else's. */
static bool may_write(const Serving *serving, const GsScenario *scenario, GError **error) {
  g_auto(GsOutputPlan) plan;
  gs_output_plan_init(&plan);
  plan.force = serving->args.force;
  return gs_output_plan_reads_scenario(&plan, serving->args.operands[0], scenario, error) &&
         gs_output_plan_writes(&plan, "--trace", serving->args.trace, GS_OUTPUT_TRACE, error);
}

static bool prepare(Serving *serving, GsScenario *scenario, GError **error) {
  ServeArgs *args = &serving->args;
  serving->scenario = scenario;
  serving->options.run.runner = serving->runner == GS_OPTION_RUNNER_AUTO
                                    ? gs_runner_for(scenario->node_count)
                                    : (GsRunnerKind)serving->runner;
  if (!gs_recovery_options_apply(&serving->recovery, scenario, error) ||
      !gs_option_token(args->token_file, scenario->token, &serving->token, error))
    return false;
  if (args->require_token && !serving->token) {
    gs_cli_error("serve: --require-token: there is no token: give --token-file or GRIDSIM_TOKEN, "
                 "or the scenario a \"token\"");
    return false;
  }
  serving->options.token = args->require_token ? serving->token : NULL;
  if (!gs_exposures_read(&serving->exposures, scenario, args->expose, args->expose_all, error))
    return false;
  if (!args->trace)
    return true;
  serving->trace_file = fopen(args->trace, "we");
  if (!serving->trace_file) {
    gs_cli_error("cannot write %s: %s", args->trace, g_strerror(errno));
    return false;
  }
  serving->trace = gs_trace_lines_new(serving->trace_file, scenario);
  serving->sink = gs_trace_lines_sink(serving->trace);
  serving->options.run.sinks = &serving->sink;
  serving->options.run.sink_count = 1;
  return true;
}

/** Whether all of the trace is written; otherwise says so. */
static bool trace_is_whole(const Serving *serving) {
  FILE *file = serving->trace_file;
  if (!file || (fflush(file) == 0 && !ferror(file)))
    return true;
  gs_cli_error("cannot write all of %s", serving->args.trace);
  return false;
}

static int report(Serving *serving, GsResults *results, const GsServeReport *served) {
  g_autoptr(GPtrArray) unmet = g_ptr_array_new();
  int status = results->converged ? GS_EXIT_DONE : GS_EXIT_UNMET;
  g_autoptr(GString) text = g_string_new(NULL);
  GsStyle style = gs_style_for(lines_of(serving), (GsColor)serving->color);
  if (serving->args.json)
    return gs_output_finish(status, gs_report_json(results, unmet, served, NULL, stdout));
  gs_report_text_details(results, style, text);
  gs_print_served(serving->scenario, served, style, text);
  gs_report_text_outcome(results, unmet, style, text);
  gs_print_fit(text, 0, style);
  return gs_output_finish(status, gs_output_write(stdout, text));
}

int gs_cmd_serve(char **given) {
  g_auto(Serving) serving = {0};
  gs_overrides_init(&serving.overrides);
  int status = read_command_line(&serving, given);
  if (status != GS_EXIT_DONE)
    return status;
  if (serving.args.help) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_cmd_serve_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  g_autoptr(GError) error = NULL;
  gs_interrupt_prepare();
  g_autoptr(GsScenario) scenario =
      gs_overrides_load(&serving.overrides, serving.args.operands[0], NULL, &error);
  bool good = scenario && may_write(&serving, scenario, &error);
  gs_interrupt_begin(&serving.interrupt);
  if (!good || !prepare(&serving, scenario, &error)) {
    if (error)
      gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  gs_warn_scenario(scenario);
  g_auto(GsServeReport) served = {0};
  g_autoptr(GsResults) results = gs_serve(scenario, &serving.options, &served, &error);
  gs_interrupt_end(&serving.interrupt);
  if (!results) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  status = report(&serving, results, &served);
  return trace_is_whole(&serving) ? status : GS_EXIT_WRONG;
}

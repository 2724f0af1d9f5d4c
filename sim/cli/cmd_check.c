/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "sim/cli/check_sweep.h"
#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/warn.h"
#include "sim/forecast/memory_fit.h"
#include "sim/report/explain.h"
#include "sim/report/print.h"
#include "sim/report/warnings.h"

typedef struct {
  gboolean help, json, quiet;
  char *seed, *until, *color;
  char **set, **operands;
} CheckArgs;

#define CHECK_OPTIONS 9
static void list_options(CheckArgs *args, GOptionEntry entries[CHECK_OPTIONS]) {
  const GOptionEntry all[CHECK_OPTIONS] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json,
       "write a JSON array, an object per file, to standard output and nothing else", NULL},
      GS_ROW_SEED(args),
      GS_ROW_SET_AS_RUN(args),
      {"until", 0, 0, G_OPTION_ARG_FILENAME, &args->until, "end at this simulated time",
       "DURATION"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet, "only say what is wrong", NULL},
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(CheckArgs *args) {
  GOptionEntry entries[CHECK_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CheckArgs, clear_args)

void gs_cmd_check_help(GString *out) {
  CheckArgs args = {0};
  GOptionEntry entries[CHECK_OPTIONS];
  list_options(&args, entries);
  g_string_append(
      out, "Usage: gridsim check [OPTION]… SCENARIO…\n"
           "\n"
           "Validates scenarios and explains them without running: the grid, its network,\n"
           "what is scheduled, how many messages that will take, and how much memory. What\n"
           "is wrong is said with file, line, column, and what is allowed there.\n"
           "\n"
           "Examples\n"
           "  gridsim check scenarios/readme.json\n"
           "  gridsim check --quiet scenarios/*.json && echo all are valid\n"
           "  gridsim check scenarios/graphs/town.m\n"
           "      what would a graph file become?\n"
           "  gridsim check --set topology.nodes=100000 scenarios/barabasi-albert.json\n"
           "      would that be too much?\n"
           "\n"
           "Of a graph file it tells which grid it would become. Of a sweep it tells how many\n"
           "cells and runs it has, what they take, and which cells cannot be.\n"
           "\n"
           "Among several files those named *.schema.json are passed over.\n"
           "\n"
           "Options\n");
  gs_options_describe(entries, out);
  gs_help_shipped(out);
  g_string_append(
      out, "\n"
           "Exit status: 0 all are valid; 2 one is not or needs more memory than is free, or\n"
           "wrong usage.\n");
}

/** Whether a run of it without options fits what is free now. */
static bool fits(const GsExplanation *explanation, GError **error) {
  GsMemoryPlan plan = gs_explanation_plan(explanation->scenario);
  GsMemoryRoom room = gs_memory_room_now();
  return gs_memory_fits(explanation->scenario, &plan, &explanation->memory, &room, error);
}

/** One file for a person; false when it is wrong. */
static bool check_text(const CheckArgs *args, const GsOverrides *overrides, const char *path,
                       GsStyle style, int *write_error) {
  g_autoptr(GError) error = NULL;
  if (gs_check_is_sweep(path)) {
    g_autoptr(GString) said = g_string_new(path != args->operands[0] ? "\n" : "");
    if (!gs_check_sweep(path, overrides, said, NULL, &error)) {
      gs_cli_error("%s", error->message);
      return false;
    }
    gs_print_fit(said, 0, style);
    *write_error = args->quiet ? 0 : gs_output_write(stdout, said);
    return true;
  }
  g_autoptr(GsScenario) scenario = gs_overrides_load(overrides, path, NULL, &error);
  if (!scenario) {
    gs_cli_error("%s", error->message);
    return false;
  }
  gs_warn_scenario(scenario);
  g_autoptr(GsExplanation) explanation = gs_explain(scenario);
  bool good = fits(explanation, &error);
  if (!good)
    gs_cli_error("%s: %s", path, error->message);
  if (args->quiet)
    return good;
  g_autoptr(GString) text = g_string_new(NULL);
  if (path != args->operands[0])
    g_string_append_c(text, '\n');
  gs_explanation_print(explanation, style, text);
  gs_print_fit(text, 0, style);
  *write_error = gs_output_write(stdout, text);
  return good;
}

static bool check_sweep_json(const GsOverrides *overrides, const char *path, GsJsonWriter *json) {
  g_autoptr(GError) error = NULL;
  gs_json_begin_object(json);
  gs_json_member_string(json, "file", path);
  bool good = gs_check_sweep(path, overrides, NULL, json, &error);
  gs_json_member_bool(json, "valid", good);
  gs_json_member_string(json, "error", error ? error->message : NULL);
  gs_json_end_object(json);
  return good;
}

static bool check_json(const GsOverrides *overrides, const char *path, GsJsonWriter *json) {
  if (gs_check_is_sweep(path))
    return check_sweep_json(overrides, path, json);
  g_autoptr(GError) error = NULL, too_large = NULL;
  g_autoptr(GsScenario) scenario = gs_overrides_load(overrides, path, NULL, &error);
  g_autoptr(GsExplanation) explanation = scenario ? gs_explain(scenario) : NULL;
  bool good = scenario && fits(explanation, &too_large);
  gs_json_begin_object(json);
  gs_json_member_string(json, "file", path);
  gs_json_member_bool(json, "valid", scenario != NULL);
  gs_json_member_string(json, "error", error ? error->message : NULL);
  if (scenario) {
    gs_json_member_string(json, "too_large", too_large ? too_large->message : NULL);
    gs_warnings_write(json, scenario->warnings);
    gs_explanation_write(explanation, json);
  }
  gs_json_end_object(json);
  return good;
}

/** A shell pattern that names the scenarios names their schema, too; it is not meant then. */
static void pass_over_schemas(char **paths) {
  if (!paths[0] || !paths[1])
    return;
  char **kept = paths;
  for (char **path = paths; *path; path++)
    if (g_str_has_suffix(*path, ".schema.json"))
      g_free(*path);
    else
      *kept++ = *path;
  *kept = NULL;
}

static int check_all(const CheckArgs *args, const GsOverrides *overrides, GsColor color) {
  bool valid = true;
  g_auto(GsOutputPlan) plan;
  g_autoptr(GError) error = NULL;
  gs_output_plan_init(&plan);
  for (char **path = args->operands; *path; path++)
    if (!gs_output_plan_reads(&plan, *path, &error)) {
      gs_cli_error("check: %s", error->message);
      return GS_EXIT_WRONG;
    }
  if (!args->json) {
    GsStyle style = gs_style_for(stdout, color);
    int write_error = 0;
    for (char **path = args->operands; *path && !write_error; path++)
      valid &= check_text(args, overrides, *path, style, &write_error);
    return gs_output_finish(valid ? GS_EXIT_DONE : GS_EXIT_WRONG, write_error);
  }
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 2);
  gs_json_begin_array(json);
  for (char **path = args->operands; *path; path++)
    valid &= check_json(overrides, *path, json);
  gs_json_end_array(json);
  g_string_append_c(text, '\n');
  return gs_output_text(text, valid ? GS_EXIT_DONE : GS_EXIT_WRONG);
}

int gs_cmd_check(char **given) {
  g_auto(CheckArgs) args = {0};
  g_auto(GsOverrides) overrides;
  gs_overrides_init(&overrides);
  GOptionEntry entries[CHECK_OPTIONS];
  list_options(&args, entries);
  g_auto(GStrv) rest = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  int color = GS_COLOR_AUTO;
  if (!gs_options_parse(&rest, entries, false, &error))
    return gs_cli_usage_error("check", "check: %s", error->message);
  if (args.help) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_cmd_check_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  if ((args.color && !gs_option_word("--color", args.color, gs_color_names, &color, &error)) ||
      !gs_overrides_read(&overrides, args.set, args.seed, args.until, &error))
    return gs_cli_usage_error("check", "check: %s", error->message);
  if (!args.operands)
    return gs_cli_usage_error("check",
                              "check: a scenario file is missing, such as scenarios/readme.json");
  gs_interrupt_ends();
  pass_over_schemas(args.operands);
  overrides.quiet = args.quiet;
  return check_all(&args, &overrides, (GsColor)color);
}

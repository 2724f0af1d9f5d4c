/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/error.h"
#include "sim/cli/cli.h"
#include "sim/cli/file_form.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/operand.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/warn.h"
#include "sim/import/form.h"
#include "sim/report/import_about.h"
#include "sim/report/scenario_export.h"
#include "sim/scenario/scenario_text.h"

typedef struct {
  gboolean help, force, quiet;
  char *output;
  char **set, **operands;
} ImportArgs;

#define IMPORT_OPTIONS 7
static void list_options(ImportArgs *args, GOptionEntry entries[IMPORT_OPTIONS]) {
  const GOptionEntry all[IMPORT_OPTIONS] = {
      GS_ROW_OUTPUT(args),
      GS_ROW_FORCE(args, "--output"),
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->set,
       "say how it is read, or what else the scenario is to have: unit=kW, "
       "topology.columns.from=bus0; may be given again",
       "PATH=VALUE"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet,
       "no warnings on standard error; the scenario says them anyway", NULL},
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(ImportArgs *args) {
  GOptionEntry entries[IMPORT_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportArgs, clear_args)

void gs_cmd_import_help(GString *out) {
  ImportArgs args = {0};
  GOptionEntry entries[IMPORT_OPTIONS];
  list_options(&args, entries);
  g_string_append(
      out, "Usage: gridsim import [OPTION]… FILE|FOLDER\n"
           "\n"
           "Writes a scenario of a graph that somebody has: its nodes and links one by one,\n"
           "with their energies, latencies and places, to be read and edited. What it is,\n"
           "is found out by its content:\n"
           "\n ");
  for (GsGraphFormat format = GS_GRAPH_AUTO + 1; format < GS_GRAPH_FORMATS; format++)
    g_string_append_printf(out, " %s%s", gs_graph_format_name(format),
                           format + 1 < GS_GRAPH_FORMATS ? "," : "");
  g_string_append(
      out,
      ";\n"
      "  any of them packed with gzip; a folder of PyPSA\n"
      "\n"
      "What is merged, left out or not used is said, and stands in the scenario as \"about\".\n"
      "\n"
      "Examples\n"
      "  gridsim import scenarios/graphs/town.m -o town.json\n"
      "      buses, loads and generators of a MATPOWER case, to be run with town.json\n"
      "  gridsim import scenarios/graphs/valley-lines.csv --set "
      "topology.nodes.file=valley-buses.csv\n"
      "      a table of links, and one of nodes beside it\n"
      "  gridsim import scenarios/graphs/island -o island.json\n"
      "      a folder of PyPSA: buses.csv, lines.csv, loads.csv, …\n"
      "\n"
      "Graph files need not be imported to be used: run, check, topology and compare take\n"
      "them as they are.\n"
      "\n"
      "Options\n");
  gs_options_describe(entries, out);
  g_string_append(out, "\nExit status: 0 done; 2 wrong usage or input.\n");
}

/** The scenario that it is as it stands, with its text. */
static GsScenario *read_graph(const char *path, const GsOverrides *overrides, GString **text,
                              GError **error) {
  bool folder = g_file_test(path, G_FILE_TEST_IS_DIR);
  if (folder && !gs_scenario_text_is_graph(path)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: is a folder without buses.csv; one of PyPSA has that", path);
    return NULL;
  }
  if (strcmp(path, "-") == 0) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "standard input is not read; give a file, whose name stands in the scenario");
    return NULL;
  }
  *text = gs_scenario_text_make(path);
  return gs_overrides_parse(overrides, *text, path, error);
}

static bool write_scenario(const GsScenario *scenario, const GString *text,
                           const GsOverrides *overrides, GString *out, GError **error) {
  g_autofree char *about = gs_import_about(scenario);
  g_autoptr(GArray) items = g_array_copy(overrides->items);
  GsOverride told = {.path = "about", .value = about};
  g_array_append_val(items, told);
  if (!gs_export_scenario(scenario, text->str, text->len, (const GsOverride *)(void *)items->data,
                          items->len, out, error))
    return false;
  gs_output_mark(out, GS_MARK_JSON);
  return true;
}

static int import(const ImportArgs *args, const GsOverrides *overrides) {
  g_autofree char *path = gs_operand_file(args->operands[0], true, NULL);
  if (!path) /* a word that names nothing: for the reader to complain of */
    path = g_strdup(args->operands[0]);
  g_auto(GsOutputPlan) plan;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = NULL, out = g_string_new(NULL);
  gs_output_plan_init(&plan);
  plan.force = args->force;
  g_autoptr(GsScenario) scenario = read_graph(path, overrides, &text, &error);
  if (scenario && !args->quiet)
    gs_warn_scenario(scenario);
  bool to_file = args->output && !g_str_equal(args->output, "-");
  if (!scenario || !gs_output_plan_reads_scenario(&plan, path, scenario, &error) ||
      !gs_output_plan_writes(&plan, "--output", args->output, GS_OUTPUT_GRAPH, &error) ||
      !write_scenario(scenario, text, overrides, out, &error) ||
      (to_file && !gs_output_file(args->output, out, &error))) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  return to_file ? GS_EXIT_DONE : gs_output_text(out, GS_EXIT_DONE);
}

int gs_cmd_import(char **given) {
  static const GsFileForm forms[] = {{"a scenario", "json"}, {NULL, NULL}};
  g_auto(ImportArgs) args = {0};
  g_auto(GsOverrides) overrides;
  gs_overrides_init(&overrides);
  GOptionEntry entries[IMPORT_OPTIONS];
  list_options(&args, entries);
  g_auto(GStrv) rest = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  int form = 0;
  if (!gs_options_parse(&rest, entries, false, &error))
    return gs_cli_usage_error("import", "import: %s", error->message);
  if (args.help) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_cmd_import_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  if (!gs_overrides_read(&overrides, args.set, NULL, NULL, &error) ||
      (args.output && !g_str_equal(args.output, "-") &&
       !gs_file_form("--output", args.output, forms, form, form, &form, &error)))
    return gs_cli_usage_error("import", "import: %s", error->message);
  if (!args.operands)
    return gs_cli_usage_error("import", "import: a graph file is missing, such as case118.m");
  if (args.operands[1])
    return gs_cli_usage_error("import", "import: one graph file or folder at a time");
  gs_interrupt_ends();
  return import(&args, &overrides);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/cli.h"

#include <signal.h>
#include <stdio.h>

#include "core/json/json.h"
#include "sim/base/text.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/report/print.h"

static int run_version(char **args);
static int run_help(char **args);

const GsCommand gs_commands[] = {
    {"run", "SCENARIO", "run a scenario and tell what happened", gs_cmd_run, gs_cmd_run_help},
    {"compare", "[SCENARIO…]", "run many scenarios and compare how they converge", gs_cmd_compare,
     gs_cmd_compare_help},
    {"explore", "[SCENARIO]", "search many seeds for runs that go wrong, and make them small",
     gs_cmd_explore, gs_cmd_explore_help},
    {"check", "SCENARIO…", "validate scenarios and explain them without running", gs_cmd_check,
     gs_cmd_check_help},
    {"topology", "SCENARIO|KIND", "say what a grid is like, draw it, write it for others",
     gs_cmd_topology, gs_cmd_topology_help},
    {"import", "FILE|FOLDER", "make a scenario of a graph file, for reading and editing",
     gs_cmd_import, gs_cmd_import_help},
    {"serve", "SCENARIO", "run it in real time, with nodes that answer HTTP", gs_cmd_serve,
     gs_cmd_serve_help},
    {"node", "-s … -p …", "run one node that answers HTTP, as the original program", gs_cmd_node,
     gs_cmd_node_help},
    {"verify", "DIR|PAGE", "do a study again and tell whether it is the same", gs_cmd_verify,
     gs_cmd_verify_help},
    {"version", "", "say which version and commit this is", run_version, gs_cmd_version_help},
    {"help", "[COMMAND]", "explain a command", run_help, gs_cmd_help_help},
    {0},
};

/** The command, or NULL. */
static const GsCommand *find_command(const char *name) {
  for (const GsCommand *command = gs_commands; command->name; command++)
    if (g_str_equal(command->name, name))
      return command;
  return NULL;
}

static void print_error(const char *format, va_list args) G_GNUC_PRINTF(1, 0);
static void print_error(const char *format, va_list args) {
  g_autofree char *text = g_strdup_vprintf(format, args);
  g_autofree char *line = gs_text_clean(text);
  g_autoptr(GString) error = g_string_new("gridsim: ");
  g_string_append(error, line);
  gs_print_fit(error, 0, (GsStyle){.columns = gs_style_columns(stderr)});
  fprintf(stderr, "%s\n", error->str);
}

void gs_cli_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  print_error(format, args);
  va_end(args);
}

int gs_cli_usage_error(const char *command, const char *format, ...) {
  va_list args;
  va_start(args, format);
  print_error(format, args);
  va_end(args);
  fprintf(stderr, "Try 'gridsim %s%s--help'.\n", command ? command : "", command ? " " : "");
  return GS_EXIT_WRONG;
}

static int unknown_command(const char *name) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const GsCommand *command = gs_commands; command->name; command++)
    g_ptr_array_add(names, (gpointer)(guintptr)command->name);
  g_ptr_array_add(names, NULL);
  const char *nearest = gs_nearest_word(name, (const char *const *)names->pdata);
  if (nearest)
    return gs_cli_usage_error(NULL, "unknown command '%s'; did you mean '%s'?", name, nearest);
  return gs_cli_usage_error(NULL, "unknown command '%s'", name);
}

static int help_command(const char *name) {
  if (g_str_equal(name, "scenarios")) {
    g_autoptr(GString) list = g_string_new(NULL);
    gs_help_scenarios(list);
    return gs_output_text(list, GS_EXIT_DONE);
  }
  const GsCommand *command = find_command(name);
  if (!command)
    return unknown_command(name);
  g_autoptr(GString) text = g_string_new(NULL);
  command->help(text);
  return gs_output_text(text, GS_EXIT_DONE);
}

static int run_help(char **args) {
  if (!args[1]) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_help_print(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  if (args[2])
    return gs_cli_usage_error("help", "help: one command at a time");
  if (g_str_equal(args[1], "-h") || g_str_equal(args[1], "--help"))
    return help_command("help");
  return help_command(args[1]);
}

static int run_version(char **args) {
  if (args[1] && !g_str_equal(args[1], "-h") && !g_str_equal(args[1], "--help"))
    return gs_cli_usage_error("version", "version: takes no '%s', nor anything else", args[1]);
  g_autoptr(GString) text = g_string_new(NULL);
  (args[1] ? gs_cmd_version_help : gs_help_version)(text);
  return gs_output_text(text, GS_EXIT_DONE);
}

int gs_cli_main(int argc, char **argv) {
  /* A reader that went away is seen by the write that fails. */
  signal(SIGPIPE, SIG_IGN);

  gboolean version = FALSE, help = FALSE;
  const GOptionEntry entries[] = {
      {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
      {"version", 'V', 0, G_OPTION_ARG_NONE, &version, NULL, NULL},
      {0},
  };
  /* A process may be started without even its own name. */
  g_auto(GStrv) args = argc > 0 ? g_strdupv(argv) : g_strsplit("gridsim", " ", -1);
  g_autoptr(GError) error = NULL;
  if (!gs_options_parse(&args, entries, true, &error))
    return gs_cli_usage_error(NULL, "%s (a command's own options come after its name)",
                              error->message);
  if (version || help) {
    g_autoptr(GString) text = g_string_new(NULL);
    (version ? gs_help_version : gs_help_print)(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  if (!args[1]) {
    gs_cli_error("a command is missing, such as 'run'");
    fputs("Try 'gridsim --help'.\n", stderr);
    return GS_EXIT_WRONG;
  }
  const GsCommand *command = find_command(args[1]);
  return command ? command->run(args + 1) : unknown_command(args[1]);
}

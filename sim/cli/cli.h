/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** The command line: commands, what they share, exit statuses. */

typedef enum {
  GS_EXIT_DONE = 0,    /**< and expectations met */
  GS_EXIT_UNMET = 1,   /**< an expectation of the scenario was not met */
  GS_EXIT_WRONG = 2,   /**< bad usage, bad input, or the system refused something */
  GS_EXIT_SIGNAL = 128 /**< plus the signal's number: 130 after Ctrl-C */
} GsExit;

typedef struct {
  const char *name;
  const char *operands; /**< for the usage line: "SCENARIO" */
  const char *summary;  /**< one line */
  /** `args` are the command's name and what follows it. Returns the exit status. */
  int (*run)(char **args);
  /** Appends what `gridsim help NAME` shows. */
  void (*help)(GString *out);
} GsCommand;

/** All commands, in the order of the help; ends with a NULL name. */
extern const GsCommand gs_commands[];

/** Does what the command line says; returns the exit status. */
int gs_cli_main(int argc, char **argv);

/** Writes "gridsim: …" to standard error, one line, without control characters. */
void gs_cli_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** The same for misuse of a command, with where its help is. Returns GS_EXIT_WRONG. */
int gs_cli_usage_error(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

int gs_cmd_run(char **args);
void gs_cmd_run_help(GString *out);
int gs_cmd_explore(char **args);
void gs_cmd_explore_help(GString *out);
int gs_cmd_check(char **args);
void gs_cmd_check_help(GString *out);
int gs_cmd_compare(char **args);
void gs_cmd_compare_help(GString *out);
int gs_cmd_serve(char **args);
void gs_cmd_serve_help(GString *out);
int gs_cmd_node(char **args);
void gs_cmd_node_help(GString *out);
int gs_cmd_topology(char **args);
void gs_cmd_topology_help(GString *out);
int gs_cmd_import(char **args);
void gs_cmd_import_help(GString *out);
int gs_cmd_verify(char **args);
void gs_cmd_verify_help(GString *out);
void gs_cmd_version_help(GString *out);
void gs_cmd_help_help(GString *out);

/** What `gridsim help scenarios` shows: those that ship, a name a line, and where they are. */
void gs_help_scenarios(GString *out);
/** Appends a sentence about where they are, for the help of a command. */
void gs_help_shipped(GString *out);
/** What `gridsim --help` and `gridsim --version` show. */
void gs_help_print(GString *out);
void gs_help_version(GString *out);

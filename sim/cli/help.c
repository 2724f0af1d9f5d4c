/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gnu/libc-version.h>

#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/operand.h"
#include "sim/report/version.h"

#if defined __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

void gs_help_print(GString *out) {
  g_string_append(
      out, "Usage: gridsim COMMAND [OPTION]… [SCENARIO]…\n"
           "\n"
           "Simulates energy grids: nodes that produce and consume, know only their siblings\n"
           "and agree on the balance of the whole grid by sending each other messages.\n"
           "\n"
           "Examples\n"
           "  gridsim run scenarios/readme.json           run a scenario, tell what happened\n"
           "  gridsim run --watch scenarios/readme.json   and print every node each second\n"
           "  gridsim run --json scenarios/readme.json    as JSON, for other programs\n"
           "  gridsim run --seed 7 scenarios/readme.json  with other chances\n"
           "  gridsim compare --out results               which topology converges fastest?\n"
           "  gridsim check scenarios/*.json              is it valid, and what will it do?\n"
           "  gridsim topology ring --nodes 12            what is such a grid like?\n"
           "  gridsim serve scenarios/readme-serve.json   in real time, to be told things by curl\n"
           "\n"
           "Commands\n");
  for (const GsCommand *command = gs_commands; command->name; command++) {
    guint used = gs_text_width(command->name) + gs_text_width(command->operands);
    g_string_append_printf(out, "  %s %s%*s%s\n", command->name, command->operands,
                           (int)(used < 23 ? 23 - used : 1), "", command->summary);
  }
  g_string_append(out,
                  "\n"
                  "Options\n"
                  "  -h, --help           show this; after a command: what that command can do\n"
                  "  -V, --version        show the version\n"
                  "\n"
                  "A first scenario: a hundred nodes in a ring, one of which starts to produce\n"
                  "\n"
                  "  {\n"
                  "    \"topology\": {\"kind\": \"ring\", \"nodes\": 100},\n"
                  "    \"schedule\": [{\"at\": \"1s\", \"node\": \"N1\", \"production\": 5}],\n"
                  "    \"expect\": {\"converged\": true, \"gridnet\": 5}\n"
                  "  }\n"
                  "\n"
                  "Save it as ring.json, then: gridsim check ring.json && gridsim run ring.json\n");
  gs_help_shipped(out);
  g_string_append(
      out, "\n"
           "Exit status: 0 done, and the scenario's expectations were met; 1 one was not met;\n"
           "2 wrong usage or input; 130 after Ctrl-C.\n"
           "More: gridsim help COMMAND, man gridsim, scenarios/README.md\n");
}

void gs_help_shipped(GString *out) {
  g_autofree char *folder = gs_shipped_folder();
  if (!folder)
    return;
  g_string_append_printf(out,
                         "\nScenarios that ship are in %s\n"
                         "and can be named alone (gridsim run readme); gridsim help scenarios "
                         "lists them.\n",
                         folder);
}

void gs_help_scenarios(GString *out) {
  g_autofree char *folder = gs_shipped_folder();
  if (!folder) {
    g_string_append(out, "No scenarios are installed beside this program.\n");
    return;
  }
  g_string_append_printf(out, "Scenarios, and sweeps for compare, in %s:\n\n", folder);
  for (int sweeps = 0; sweeps < 2; sweeps++) {
    g_auto(GStrv) names = gs_shipped_names(sweeps);
    for (char **name = names; *name; name++)
      g_string_append_printf(out, "  %s\n", *name);
  }
  g_string_append(out, "\nWhat each shows is in README.md there; gridsim check NAME explains it.\n"
                       "A file of the same name in the current folder comes first.\n");
}

void gs_help_version(GString *out) {
  g_string_append_printf(out, "gridsim %s\ncommit %s\n", gs_version(), gs_commit());
  g_string_append_printf(out, "GLib %u.%u.%u\n", glib_major_version, glib_minor_version,
                         glib_micro_version);
#ifdef GS_CJSON_VERSION
  g_string_append(out, "cJSON " GS_CJSON_VERSION "\n");
#endif
#ifdef GS_IGRAPH_VERSION
  g_string_append(out, "igraph " GS_IGRAPH_VERSION "\n");
#endif
  g_string_append_printf(out, "glibc %s\n", gnu_get_libc_version());
  g_string_append(out, "built with " COMPILER "\n");
  g_string_append(out, "License GPL-3.0-or-later: free software, without any warranty\n");
}

void gs_cmd_version_help(GString *out) {
  g_string_append(out, "Usage: gridsim version\n"
                       "\n"
                       "Says which version this is, from which commit it was built (-dirty: with\n"
                       "changes) and with which libraries, the same as gridsim --version.\n");
}

void gs_cmd_help_help(GString *out) {
  g_string_append(out,
                  "Usage: gridsim help [COMMAND|scenarios]\n"
                  "\n"
                  "Explains a command, the same as gridsim COMMAND --help, or lists the scenarios\n"
                  "that ship.\n"
                  "\n"
                  "Example\n"
                  "  gridsim help run\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * Rows of tables of options that several commands have, said once: `args` points to the struct of
 * a command's options, whose member has the option's name.
 */

#define GS_ROW_SEED(args)                                                                          \
  {                                                                                                \
    "seed", 0, 0, G_OPTION_ARG_FILENAME, &(args)->seed, "use another seed than the scenario's",    \
        "N"                                                                                        \
  }
#define GS_ROW_SET_AS_RUN(args)                                                                    \
  {                                                                                                \
    "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(args)->set,                                        \
        "change the scenario, as for gridsim run; may be given again", "PATH=VALUE"                \
  }
#define GS_ROW_WORKERS(args)                                                                       \
  {                                                                                                \
    "workers", 0, 0, G_OPTION_ARG_FILENAME, &(args)->workers,                                      \
        "how much runs at the same time (default: the number of cores)", "N"                       \
  }
#define GS_ROW_OUTPUT(args)                                                                        \
  {                                                                                                \
    "output", 'o', 0, G_OPTION_ARG_FILENAME, &(args)->output,                                      \
        "write to FILE instead of standard output", "FILE"                                         \
  }
#define GS_ROW_FORCE(args, what)                                                                   \
  { "force", 0, 0, G_OPTION_ARG_NONE, &(args)->force, "let " what " write over any file", NULL }
#define GS_ROW_ALLOW_PEER(args)                                                                    \
  {                                                                                                \
    "allow-peer", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(args)->allow_peer,                          \
        "allow siblings there (10.0.0.0/8, meter.example), not only on this machine; may "         \
        "be given again",                                                                          \
        "CIDR|HOST"                                                                                \
  }
#define GS_ROW_ALLOW_HOST(args)                                                                    \
  {                                                                                                \
    "allow-host", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(args)->allow_host,                          \
        "answer requests for this name of the machine, not only for addresses and "                \
        "localhost; may be given again",                                                           \
        "NAME"                                                                                     \
  }
#define GS_ROW_COLOR(args)                                                                         \
  {                                                                                                \
    "color", 0, 0, G_OPTION_ARG_FILENAME, &(args)->color, "auto, always or never (default: auto)", \
        "WHEN"                                                                                     \
  }
#define GS_ROW_HELP(args)                                                                          \
  { "help", 'h', 0, G_OPTION_ARG_NONE, &(args)->help, "show this", NULL }
#define GS_ROW_OPERANDS(args)                                                                      \
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(args)->operands, NULL, NULL }

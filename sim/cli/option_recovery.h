/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/recovery.h"
#include "sim/scenario/scenario.h"

/** --recovery, --limit and --resync of commands that serve nodes. */

/** Rows of a command's options; its struct has members of these names. `who` is "it does" or "nodes
 * do", `rules`, `limit` and `period` say what holds where nothing is given. */
#define GS_ROWS_RECOVERY(args, who, rules, limit_default, period)                                  \
  {"recovery",                                                                                     \
   0,                                                                                              \
   0,                                                                                              \
   G_OPTION_ARG_FILENAME,                                                                          \
   &(args)->recovery,                                                                              \
   "what " who " about faults: standard, or none (default: " rules ")",                            \
   "RULES"},                                                                                       \
      {"limit",                                                                                    \
       0,                                                                                          \
       0,                                                                                          \
       G_OPTION_ARG_FILENAME,                                                                      \
       &(args)->limit,                                                                             \
       "how long an answer may take: auto, from the round trips seen, or a DURATION "              \
       "(default: " limit_default ")",                                                             \
       "LIMIT"},                                                                                   \
  {                                                                                                \
    "resync", 0, 0, G_OPTION_ARG_FILENAME, &(args)->resync,                                        \
        "look again whether the gridnet holds after so long without a wave of its own: a "         \
        "DURATION, "                                                                               \
        "or never (default: " period ")",                                                          \
        "PERIOD"                                                                                   \
  }

/** What they say. */
typedef struct {
  bool given, none; /**< --recovery is; and it is "none" */
  bool has_limit, has_resync;
  GsRecoveryRules rules; /**< of it what is given */
} GsRecoveryOptions;

/** Reads the texts of the three, each NULL where it is not given. GS_ERROR_INPUT for what is no
 * such word or duration, and for a limit or period of no rules. */
bool gs_recovery_options_read(GsRecoveryOptions *options, const char *recovery, const char *limit,
                              const char *resync, GError **error);
/**
 * Has the nodes of a scenario that is served have these rules instead of its own, or, where
 * --recovery is not given, instead of single ones of these. GS_ERROR_INPUT where it says that there
 * are none, and --limit or --resync is given without --recovery.
 */
bool gs_recovery_options_apply(const GsRecoveryOptions *options, GsScenario *scenario,
                               GError **error);

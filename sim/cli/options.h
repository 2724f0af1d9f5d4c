/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/http/allow.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario.h"

/** Options of a command line: GOption with strict values and messages that help. */

/**
 * Parses the options in `args` (the first is a name and stays) and leaves what
 * is no option. `first_only`: only options before the first operand; otherwise
 * both may mix. Errors (GS_ERROR_INPUT) name the option and the nearest known
 * one.
 */
bool gs_options_parse(char ***args, const GOptionEntry *entries, bool first_only, GError **error);
/** Frees the texts that the options have, and forgets them. */
void gs_options_clear(const GOptionEntry *entries);
/** Appends a line per option from the entries' descriptions. */
void gs_options_describe(const GOptionEntry *entries, GString *out);

/** Most --workers of a run, and --jobs of a study. */
#define GS_WORKERS_MAX 1024
#define GS_JOBS_MAX 256

/** A whole decimal number from `min` to `max`, nothing else. */
bool gs_option_number(const char *option, const char *text, uint64_t min, uint64_t max,
                      uint64_t *value, GError **error);
/** "10ms", or a number of seconds. */
bool gs_option_duration(const char *option, const char *text, int64_t *ns, GError **error);
/** Bytes: "512MiB", "1.5GiB", "40GB", a number of bytes; "unlimited": UINT64_MAX. */
bool gs_option_size(const char *option, const char *text, uint64_t *bytes, GError **error);
/** Which runner is for the size of the grid to say. */
#define GS_OPTION_RUNNER_AUTO (-1)
/** --runner: a GsRunnerKind, or GS_OPTION_RUNNER_AUTO for "auto" and where it is not given (NULL).
 */
bool gs_option_runner(const char *text, int *runner, GError **error);
/** One of some words; its index. */
bool gs_option_word(const char *option, const char *text, const char *const *words, int *index,
                    GError **error);

/**
 * The token that requests must carry, for g_free: the first line of the file of --token-file, else
 * GRIDSIM_TOKEN of the environment, else `otherwise`; NULL where there is none. GS_ERROR_INPUT for
 * one that no header can carry.
 */
bool gs_option_token(const char *file, const char *otherwise, char **token, GError **error);
/** Whether each --allow-host of `texts` (may be NULL) is the name of a machine; else
 * GS_ERROR_INPUT. */
bool gs_option_hosts(char **texts, GError **error);
/** Loopback and each --allow-peer of `texts` (may be NULL); NULL with an error where one is wrong.
 */
GsHttpAllow *gs_option_allow(char **texts, GError **error);

/** What --set, --seed and --until change in a scenario; owns its texts. */
typedef struct {
  GArray *items; /**< of GsOverride, borrowing from `texts` */
  GPtrArray *texts;
  bool quiet; /**< do not say which file a name stands for */
} GsOverrides;

void gs_overrides_init(GsOverrides *overrides);
void gs_overrides_clear(GsOverrides *overrides);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsOverrides, gs_overrides_clear)
/** Each of `set` is "PATH=VALUE"; `set`, `seed` and `until` may be NULL. */
bool gs_overrides_read(GsOverrides *overrides, char **set, const char *seed, const char *until,
                       GError **error);
/** Loads the scenario that an operand names with them, see gs_operand_file(). `text`, unless NULL,
 * is set to what was read; free with g_string_free. */
GsScenario *gs_overrides_load(const GsOverrides *overrides, const char *operand, GString **text,
                              GError **error);
/** The same of a text; `source` names it. */
GsScenario *gs_overrides_parse(const GsOverrides *overrides, const GString *text,
                               const char *source, GError **error);

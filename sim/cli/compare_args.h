/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/study_report.h"

/** The command line of `gridsim compare`. */
typedef struct {
  gboolean help, json, quiet, fresh;
  char *repeat, *seed, *precision, *repeat_max, *until, *jobs, *memory, *out, *format, *sort,
      *color;
  char **topology, **nodes, **vary, **set, **operands;
} GsCompareArgs;

#define GS_COMPARE_OPTIONS 21
void gs_compare_list_options(GsCompareArgs *args, GOptionEntry entries[GS_COMPARE_OPTIONS]);
void gs_compare_args_clear(GsCompareArgs *args);

/**
 * The sweep that they mean: of files (scenarios, or one sweep), and what
 * options change in it. Errors name the option.
 */
bool gs_compare_read_sweep(const GsCompareArgs *args, GsSweep *sweep, GError **error);
/** The command without what does not change results, to be given again; free with g_free. */
char *gs_compare_command(char **given);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/run/run.h"

/**
 * One line on standard error, rewritten in place, once a run takes longer than
 * a second; nothing where standard error is no terminal.
 */
typedef struct {
  bool wanted;
  bool shown; /**< there is a line to clear */
} GsProgressLine;

void gs_progress_init(GsProgressLine *line, bool wanted);
void gs_progress_show(GsProgressLine *line, const GsRunProgress *progress);
/** Shows any text that way, after `wall_s` seconds of work. */
void gs_progress_say(GsProgressLine *line, const char *text, double wall_s);
/** Appends how long it will still take, where `part` (0 to 1) of the work took `wall_s`. */
void gs_progress_estimate(GString *text, double part, double wall_s);
void gs_progress_clear(GsProgressLine *line);

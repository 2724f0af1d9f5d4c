/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/scenario.h"

/** Most lines of a transcript's events. */
#define GS_TRANSCRIPT_LINES_MAX 40u

/**
 * Runs a scenario and appends what happened, a line each: when, at which node, what; at most
 * GS_TRANSCRIPT_LINES_MAX of them, without what matters least where there is more (which is said),
 * then how the nodes stand at the end. Errors as gs_run.
 */
bool gs_transcript(const GsScenario *scenario, GString *out, GError **error);

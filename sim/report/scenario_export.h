/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/scenario.h"

/**
 * Appends a scenario as a file to go on from: what its text says, with the
 * overrides made, but a topology as the nodes and links that it gave. Read
 * again, it gives the same run; nothing is left out but the paths of an
 * editor's schema and of what the text was read from. `scenario` is what
 * gs_scenario_parse() made of the same text and overrides. Errors:
 * GS_ERROR_INPUT, GS_ERROR_LIMIT, as there. Takes ten to
 * forty times the text.
 */
bool gs_export_scenario(const GsScenario *scenario, const char *text, gsize length,
                        const GsOverride *overrides, guint override_count, GString *out,
                        GError **error);

/**
 * What the scenario has and a graph in DOT or GraphML has no place for: `"schedule", jitter of
 * links and ids of nodes`; one line without "--". Free with g_free; NULL with no error: nothing.
 * Arguments and errors as above.
 */
char *gs_export_left_out(const GsScenario *scenario, const char *text, gsize length,
                         const GsOverride *overrides, guint override_count, GError **error);

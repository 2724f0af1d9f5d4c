/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json_writer.h"
#include "sim/study/sweep.h"

/**
 * A sweep together with all that its scenarios read, written so that it can be
 * run again from anywhere: `study.json` with files in `inputs/` beside it, or
 * one document that has everything in it. Each scenario and file is there with
 * its fingerprint, and is not taken for itself when it has another.
 */

/** Bytes of scenarios and files that a document embeds, all together; larger ones are left out. */
#define GS_EMBEDDED_BYTES_MAX ((gsize)1 << 20)

/** Remembers what a cell's scenario reads besides itself, as a part of its base. Not thread-safe.
 */
void gs_sweep_note_inputs(const GsSweep *sweep, uint32_t cell, const GsScenario *scenario);

/** "net-0123456789abcdef.edges": what a file is called among the kept ones; free with g_free. */
char *gs_sweep_kept_name(const char *named, const char *fingerprint);
/** Writes scenarios and files into DIRECTORY/inputs. Errors: GS_ERROR_SYSTEM. */
bool gs_sweep_keep_files(const GsSweep *sweep, const char *directory, GError **error);

/**
 * Writes the members of a sweep (scenarios/sweep.schema.json) into an object. `left_out` NULL: its
 * scenarios and files are named as gs_sweep_keep_files() writes them; otherwise they are embedded,
 * and those that are too large are added to it (char *, for people).
 */
void gs_sweep_write(const GsSweep *sweep, GPtrArray *left_out, GsJsonWriter *json);

/** Whether an element of "scenario" is of that form. */
bool gs_sweep_is_kept(const GsJson *scenario);
/**
 * Adds such a scenario. From then on the sweep's scenarios read no file but the kept ones, which
 * are in `folder`/inputs and nowhere else; `folder` NULL: only embedded ones may be there. Errors
 * as gs_scenario_parse; GS_ERROR_INPUT when a fingerprint differs.
 */
bool gs_sweep_read_kept(GsSweep *sweep, const GsJsonDoc *doc, const GsJson *scenario,
                        const char *folder, GError **error);

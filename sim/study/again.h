/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json_writer.h"
#include "sim/measure/results.h"
#include "sim/study/outcome.h"

/**
 * What a document or page carries so that it can be done again: the member
 * "again" with the sweep, all that its scenarios read, and the digests of runs.
 */

/** Runs whose digests a document has; of more, evenly chosen ones. */
#define GS_AGAIN_RUNS_MAX 4096u
/** Largest document or page that is read. */
#define GS_AGAIN_BYTES_MAX ((uint64_t)64 << 20)

/** Writes the member: the sweep of the findings, the digests that the store has. */
bool gs_again_write(const GsFindings *findings, const GsStore *store, GsJsonWriter *json,
                    GError **error);
/** Writes the member for a run: a sweep of its scenario alone, or null; and as "again_missing" why
 * it is null, or null. */
void gs_again_write_run(const GsResults *results, GsJsonWriter *json);
/**
 * Reads it from the text of a page or document, which may be of anyone: nothing but what is in it
 * is used, and no file is read. `runs`: of GsRecheckRun, free with g_array_unref; `count`: how many
 * runs it was made of. Errors: GS_ERROR_INPUT, GS_ERROR_LIMIT.
 */
GsSweep *gs_again_read(const char *text, gsize length, const char *source, GArray **runs,
                       uint64_t *count, GError **error);

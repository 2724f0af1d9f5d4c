/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/study/sample.h"
#include "sim/study/sweep.h"

/**
 * The results of a sweep in a directory: `study.json` says what was swept,
 * `runs/CELL.jsonl` has a line for each finished run of a cell, in order. A
 * line is written at once and nothing that was written is changed, so whatever
 * ends the program leaves whole lines and perhaps a part of one, which is cut
 * off by who goes on. Used by one thread at a time; locked against a second
 * process.
 */
typedef struct GsStore GsStore;

/**
 * Opens or makes the directory. Errors: GS_ERROR_INPUT when it holds something
 * else, the results of another sweep, or of another version (more values of the
 * same axes and more repetitions are the same sweep); GS_ERROR_SYSTEM.
 */
GsStore *gs_store_open(const char *directory, const GsSweep *sweep, GError **error);
/** NULL is fine. */
void gs_store_close(GsStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsStore, gs_store_close)

/**
 * How many runs of a cell are there. Cuts off what does not belong to the
 * sequence. O(its file).
 */
bool gs_store_count(GsStore *store, uint32_t cell, uint32_t *count, GError **error);
/** Adds the line of the cell's next run. */
bool gs_store_append(GsStore *store, uint32_t cell, const GString *line, GError **error);
/** Visits the first `most` runs of a cell in order. */
bool gs_store_each(const GsStore *store, uint32_t cell, uint32_t most,
                   void (*visit)(const GsSample *sample, void *data), void *data, GError **error);
/** Text of a key that names a file: what is unusual there is written as %XX. Free with g_free. */
char *gs_store_file_name(const char *key, const char *ending);

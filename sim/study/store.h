/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/study/sample.h"
#include "sim/study/sweep.h"

/**
 * The results of a sweep in a directory: `study.json` is the sweep of all that
 * is kept (sweep_keep.h), `inputs/` has all that its scenarios read,
 * `runs/CELL.jsonl` a line for each finished run of a cell, in order, sealed with a
 * checksum (sealed_lines.h). The directory may come from anybody: nothing outside
 * is read or written for links in it (plain_file.h). A line is written at once and nothing that was
 * written is changed, so whatever ends the program leaves whole lines and perhaps a part of one,
 * which is cut off by who goes on. Used by one thread at a time; locked against a second process.
 */
typedef struct GsStore GsStore;

/**
 * Opens or makes the directory. Errors: GS_ERROR_INPUT when it holds something
 * else, or results that do not belong to the sweep: of another sweep (more
 * values of the same axes and more repetitions are the same sweep), of scenarios
 * or files with another content, of a program with other results; each names
 * what differs. GS_ERROR_SYSTEM.
 */
GsStore *gs_store_open(const char *directory, const GsSweep *sweep, GError **error);
/** The same, begun anew: what a study left there goes into a new folder inside the directory, whose
 * path `aside` is set to (free with g_free; NULL: there was none). What is not a study's stays. */
GsStore *gs_store_open_fresh(const char *directory, const GsSweep *sweep, char **aside,
                             GError **error);
/** What a study kept, only to be read. Errors as gs_store_open, and when it is no study. */
GsStore *gs_store_read(const char *directory, GError **error);
/** NULL is fine. */
void gs_store_close(GsStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsStore, gs_store_close)

/** All that is kept: the cells of the sweep and those of earlier ones. Lives with the store. */
const GsSweep *gs_store_all(const GsStore *store);
/**
 * "0.1.0 (85e9e8c60b3d)", when the runs that are there may be of other sources than this program;
 * NULL: of the same, or there are none. Then nothing may be added before gs_store_trust().
 */
const char *gs_store_made_by(const GsStore *store);
/** What is there is as this program would make it. Errors: GS_ERROR_SYSTEM. */
bool gs_store_trust(GsStore *store, GError **error);

/**
 * How many runs of a cell are there. Cuts off a last line that is not whole. A
 * whole line that is not as it was written, or not the next of the sequence, is
 * an error (GS_ERROR_INPUT) with FILE:LINE, here and wherever runs are visited:
 * nothing is cut then. O(its file).
 */
bool gs_store_count(GsStore *store, uint32_t cell, uint32_t *count, GError **error);
/** Adds the line of the cell's next run. */
bool gs_store_append(GsStore *store, uint32_t cell, const GString *line, GError **error);
/** Visits the first `most` runs of a cell in order. */
bool gs_store_each(const GsStore *store, uint32_t cell, uint32_t most,
                   void (*visit)(const GsSample *sample, void *data), void *data, GError **error);
/** The same for all runs of a cell of gs_store_all(). */
bool gs_store_each_kept(const GsStore *store, uint32_t cell,
                        void (*visit)(const GsSample *sample, void *data), void *data,
                        GError **error);
/** Text of a key that names a file: what is unusual there is written as %XX. Free with g_free. */
char *gs_store_file_name(const char *key, const char *ending);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** How far a search has come, in a small file beside what it found, for the same command to go on.
 */
typedef struct {
  char search[65];   /**< what was asked for, as a fingerprint */
  uint64_t runs;     /**< done, of seeds one after the other */
  uint64_t failures; /**< of them */
} GsSearchProgress;

#define GS_SEARCH_PROGRESS_NAME "explored.json"

/**
 * False with the error (GS_ERROR_INPUT: it is something else; it begins with the path), or without
 * one when there is no such file.
 */
bool gs_search_progress_read(const char *path, GsSearchProgress *progress, GError **error);
/** Whole or not at all; errors as gs_replace_file. */
bool gs_search_progress_write(const char *path, const GsSearchProgress *progress, GError **error);

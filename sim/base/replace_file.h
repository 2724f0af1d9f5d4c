/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * Makes a file of `length` bytes, whole or not at all: written beside it under
 * a new name (PATH.new-…), which then takes its place. What is there and is
 * the same stays. A symbolic link, a FIFO or a device of that name is replaced, not
 * written to.
 * Errors (GS_ERROR_SYSTEM) name the file.
 */
bool gs_replace_file(const char *path, const char *bytes, gsize length, GError **error);

/** The same piece by piece. */
typedef struct {
  FILE *file; /**< to be written to */
  char *path, *beside;
} GsReplacement;

/** False with the error when nothing can be made there. */
bool gs_replacement_begin(GsReplacement *replacement, const char *path, GError **error);
/** `good`: what was written takes its place, else it goes away, which is no error here. */
bool gs_replacement_end(GsReplacement *replacement, bool good, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * Writing results: a reader that went away (`| head`) ends things quietly,
 * any other failure (a full disk) is an error.
 */

/** Writes all of `text` and flushes. Returns 0, or the errno of what went wrong. */
int gs_output_write(FILE *stream, const GString *text);
/**
 * Flushes standard output. Returns `status`, or GS_EXIT_WRONG after saying on
 * standard error what failed; `write_error` is the errno of a write before, or 0.
 */
int gs_output_finish(int status, int write_error);
/** Both, for standard output. */
int gs_output_text(const GString *text, int status);
/**
 * Writes a file whole or not at all: beside it first, then in its place. What is
 * no regular file (a pipe, a device) is written to as it is. Errors:
 * GS_ERROR_SYSTEM.
 */
bool gs_output_file(const char *path, const GString *text, GError **error);

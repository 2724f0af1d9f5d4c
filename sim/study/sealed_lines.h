/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * Lines of JSON objects, each of which ends with a checksum of all before it, as
 * its last member: `…, "checksum": "0123456789abcdef"}`, the first 16 digits of
 * its SHA-256. It shows that a line was edited or damaged; who wants to
 * deceive can make it anew.
 */

/** Longest line that is read, in bytes. */
#define GS_SEALED_LINE_BYTES_MAX ((gsize)1 << 20)

/** A line of an object with at least one member and the line's end gets its checksum. */
void gs_line_seal(GString *line);

typedef struct {
  const char *path;
  FILE *file;
  char *line;
  off_t good;     /**< bytes of the lines that were read */
  uint64_t count; /**< lines that were read */
} GsSealedLines;

/** Takes the descriptor; keeps the path by reference. */
void gs_sealed_lines_init(GsSealedLines *lines, const char *path, int file);
void gs_sealed_lines_clear(GsSealedLines *lines);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsSealedLines, gs_sealed_lines_clear)

/**
 * The next line with its end, until the call after; NULL at the end of the file, at a
 * last line without end, or with the error (GS_ERROR_INPUT: FILE:LINE) when it
 * is too long or not sealed.
 */
const char *gs_sealed_lines_next(GsSealedLines *lines, gsize *length, GError **error);
/** Sets the error to what the line that was read last is, and what can be done; false. */
bool gs_sealed_lines_fail(const GsSealedLines *lines, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** Cuts off what is behind the lines that were read. */
bool gs_sealed_lines_cut(GsSealedLines *lines, GError **error);

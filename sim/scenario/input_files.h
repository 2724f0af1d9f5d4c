/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * The files that a scenario reads besides itself. Whatever a scenario reads is
 * part of what it is: each is known by its content.
 */

/** Hexadecimal digits of a fingerprint (SHA-256). */
#define GS_FINGERPRINT_DIGITS 64u
/** As many of them as messages and names of files show. */
#define GS_FINGERPRINT_SHOWN 16
/** Files up to this size stay in memory with the scenario that read them. */
#define GS_INPUT_KEPT_BYTES_MAX ((gsize)4 << 20)

/** One of them, as it was read. */
typedef struct {
  const char *member; /**< what names it, as for --set: "topology.file"; static */
  char *named;        /**< as the scenario names it */
  char *path;         /**< where it was read */
  uint64_t bytes;
  char fingerprint[GS_FINGERPRINT_DIGITS + 1];
  GBytes *content; /**< NULL: larger than GS_INPUT_KEPT_BYTES_MAX, and nobody shares it */
} GsInputFile;

/** A copy that shares the content; free with gs_input_file_free. */
GsInputFile *gs_input_file_copy(const GsInputFile *file);
void gs_input_file_free(gpointer file);

/** Where scenarios look for a file: beside the scenario `source`, unless it says a whole path.
 * Free with g_free. */
char *gs_input_path(const char *source, const char *named);
/** SHA-256 of a text in hexadecimal digits. */
void gs_fingerprint(const void *bytes, gsize length, char digits[GS_FINGERPRINT_DIGITS + 1]);

/**
 * Files that many scenarios share: each is read once, so that all of them see
 * the same content whatever happens to the file meanwhile. Thread-safe.
 */
typedef struct GsInputFiles GsInputFiles;

GsInputFiles *gs_input_files_new(void);
/** NULL is fine. */
void gs_input_files_free(GsInputFiles *files);
/** From now on only what was added or read before is there; the disk is not looked at. `where`
 * says in messages what the files had to be in. */
void gs_input_files_seal(GsInputFiles *files, const char *where);
/** Whether they are. */
bool gs_input_files_sealed(GsInputFiles *files);
/** Gives a path its content. */
void gs_input_files_add(GsInputFiles *files, const char *path, GBytes *content);
/**
 * The content of a file of at most `most` bytes, and its fingerprint; free with
 * g_bytes_unref. `files` NULL reads it from the disk. Errors: GS_ERROR_INPUT, GS_ERROR_LIMIT,
 * GS_ERROR_SYSTEM, beginning with the path.
 */
GBytes *gs_input_files_read(GsInputFiles *files, const char *path, uint64_t most,
                            char fingerprint[GS_FINGERPRINT_DIGITS + 1], GError **error);

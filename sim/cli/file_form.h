/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * Names of files that say what is in them: no command writes something else than the ending of the
 * name that it was given.
 */

/** What a command can write to a file. Lists of them end with a NULL name. */
typedef struct {
  const char *name;    /**< in messages: "an SVG picture" */
  const char *endings; /**< with spaces between them, the usual one first: "dot gv" */
} GsFileForm;

/** No form was asked for. */
#define GS_FILE_FORM_ANY (-1)

/**
 * Which of `forms` goes to `path`: the one that was asked for, otherwise what the ending says, and
 * otherwise `usual`. Case does not matter; "txt" and "log" can be all that people read as text,
 * which pages and pictures are not; endings that stand for no format known here ("run.2024") can be
 * anything. `option` is for messages: "--report".
 *
 * Errors (GS_ERROR_INPUT): the ending stands for another form than the one that was asked for, or
 * for none that can be written; the message says what it would be, what the ending means and which
 * endings are allowed. O(endings), thread-safe.
 */
bool gs_file_form(const char *option, const char *path, const GsFileForm *forms, int asked,
                  int usual, int *form, GError **error);

/**
 * A folder's name must not have the ending of a file's format, unless the folder exists; `holds`
 * says what it holds: "the files of a study". Errors as above.
 */
bool gs_folder_form(const char *option, const char *path, const char *holds, GError **error);

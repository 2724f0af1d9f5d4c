/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Files in a folder that may come from somebody else. Only regular files are
 * opened, and only by their own name: no symbolic link is followed, no FIFO waited
 * for, no device read. A folder that somebody changes meanwhile is not guarded
 * against. Errors: GS_ERROR_INPUT where something else is there, GS_ERROR_SYSTEM;
 * both begin with the path.
 */

/**
 * Opens a file with the flags of open(2), which may have O_CREAT. A file that is to
 * be written must have no other name (hard link), since what that names would
 * change, too. The descriptor, or -1: with *missing set when there is no file
 * (then without an error), else with the error. `missing` NULL: that is an error.
 */
int gs_plain_open(const char *path, int flags, bool *missing, GError **error);
/** The text of a file of at most `most` bytes; GS_ERROR_LIMIT when it has more. */
GString *gs_plain_read(const char *path, uint64_t most, GError **error);
/** Makes a folder where there is none; true when it is one then, and no link to one. */
bool gs_plain_folder(const char *path, GError **error);
/** Whether the name is taken, by whatever. */
bool gs_plain_exists(const char *path);

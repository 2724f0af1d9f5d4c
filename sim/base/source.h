/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * All of a file of at most `most` bytes; free with g_string_free. "-" is
 * standard input. Pipes, FIFOs, sockets and terminals are read to their end,
 * which waits for whoever writes; a signal ends that as it ends the process.
 * Other devices and directories are refused. Errors (GS_ERROR_INPUT,
 * GS_ERROR_LIMIT, GS_ERROR_SYSTEM) begin with its name.
 */
GString *gs_source_read(const char *path, uint64_t most, GError **error);

/** What messages call a path: itself, but for "-". */
const char *gs_source_name(const char *path);
/** Whether what is called so has no folder of its own: standard input, /dev/fd/63. */
bool gs_source_is_stream(const char *source);
/** Where to look for the files that it names: beside it, or here; free with g_free. */
char *gs_source_folder(const char *source);

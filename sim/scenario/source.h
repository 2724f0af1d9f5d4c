/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * All of a regular file of at most `most` bytes; free with g_string_free.
 * Errors (GS_ERROR_INPUT, GS_ERROR_LIMIT, GS_ERROR_SYSTEM) begin with its name.
 */
GString *gs_source_read(const char *path, uint64_t most, GError **error);

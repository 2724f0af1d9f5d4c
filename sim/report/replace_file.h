/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * Makes a file of `length` bytes, whole or not at all: written beside it under
 * a new name (PATH.new-…), which then takes its place. What is there and is
 * the same stays.
 * Errors (GS_ERROR_SYSTEM) name the file.
 */
bool gs_replace_file(const char *path, const char *bytes, gsize length, GError **error);

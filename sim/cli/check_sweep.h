/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/cli/options.h"

/** What `gridsim check` says of a sweep. */

/** Whether the file is a sweep; false also where it cannot be read. Not of standard input. */
bool gs_check_is_sweep(const char *path);
/**
 * Reads a sweep with `overrides`, tries its cells and says what it will run: as text into `out`, or
 * as members of an object into `json` (the other is NULL). Errors as of gridsim compare; also
 * GS_ERROR_LIMIT when a run needs more memory than is free.
 */
bool gs_check_sweep(const char *path, const GsOverrides *overrides, GString *out,
                    GsJsonWriter *json, GError **error);

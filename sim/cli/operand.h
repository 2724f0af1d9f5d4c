/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * Scenarios as command lines name them: files, "-" for standard input, and where there is no such
 * file the scenarios that ship, by name ("readme", "sweeps/latency", "scenarios/readme.json").
 */

/** The folder of the scenarios that ship: beside the installed program or in the source tree that
 * it was built in. NULL: there is none. Free with g_free. */
char *gs_shipped_folder(void);
/** Names of the shipped scenarios ("readme") or sweeps ("sweeps/latency"), sorted; NULL-terminated,
 * free with g_strfreev. */
char **gs_shipped_names(bool sweeps);

/**
 * The file that an operand names; free with g_free. A shipped one is said on standard error unless
 * `quiet`. NULL with an error (GS_ERROR_INPUT) that names near ones where a plain word is neither.
 */
char *gs_operand_file(const char *operand, bool quiet, GError **error);

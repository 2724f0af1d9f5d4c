/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * The text of a scenario that a path names (at most GS_SCENARIO_BYTES_MAX; "-" is standard input);
 * free with g_string_free. A graph file, or a folder of PyPSA, is as good as the scenario that has
 * it as its topology and says nothing else, which is made then: it looks for the file beside
 * itself, so that its source is the path. What is neither is read as it is, for the reader of
 * scenarios to say so. Errors as gs_source_read. O(length).
 */
GString *gs_scenario_text_read(const char *path, GError **error);

/** The scenario that is made of a graph file, whatever is in it, or of a folder of PyPSA. Free with
 * g_string_free. */
GString *gs_scenario_text_make(const char *path);
/** Whether a text was made so for that path: nobody has written it. */
bool gs_scenario_text_is_made(const char *text, gsize length, const char *path);

/** Whether it is a graph file that is read, told by its first bytes, or a folder of PyPSA; not
 * standard input. */
bool gs_scenario_text_is_graph(const char *path);
/**
 * What a topology says that is such a file or folder, called `named` there: pairs of a member
 * ("file", "pypsa.buses") and a path (char *). Free with g_ptr_array_unref.
 */
GPtrArray *gs_scenario_text_members(const char *path, const char *named);

/** "folder/power.gml.gz": "power", as its scenario is called when it has no name. Free with g_free.
 */
char *gs_scenario_text_name(const char *path);

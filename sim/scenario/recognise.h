/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json.h"

/**
 * People give what they have: a graph, a table, a page. What is no scenario is
 * recognised by its content, so that the message says what it is and how it is
 * used rather than where it is no JSON.
 */

/**
 * Whether a text is something else than JSON that can be told by its beginning;
 * then the error (GS_ERROR_INPUT) says what it is, and what to do with it. False
 * where it may be JSON, or anything. Pure; looks at the first few kilobytes.
 */
bool gs_recognise_text(const char *text, gsize length, const char *source, GError **error);
/** The same of a JSON document that is whole but was made for another command or program. */
bool gs_recognise_document(GsJsonDoc *doc, const char *source, GError **error);

/** Whether a document is a graph as networkx and d3 write it: nodes, and links with source and
 * target. */
bool gs_recognise_node_link(GsJsonDoc *doc);
/** Whether the first line that is no comment could be one of a table or list of links. */
bool gs_recognise_table(const char *text, gsize length);

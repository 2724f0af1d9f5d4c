/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/import/form.h"
#include "sim/topology/topology.h"

/** Which columns of a table say what; NULL: found by the names of the columns, or by their places.
 */
typedef struct {
  const char *from, *to; /**< both or none */
  const char *latency;
  const char *id, *production, *consumption; /**< of the table of nodes beside it */
} GsImportColumns;

/** A file that says a graph. */
typedef struct {
  const char *path;        /**< stands in front of messages; its ending tells the format, too */
  GBytes *content;         /**< what is in it */
  GsGraphFormat format;    /**< GS_GRAPH_AUTO: found out */
  GsImportColumns columns; /**< of a table */
  const char *nodes_path;  /**< a table of nodes beside a table of links, or NULL */
  GBytes *nodes_content;
} GsImport;

/** Largest graph file, in bytes, packed or not. */
#define GS_GRAPH_BYTES_MAX ((guint64)512 << 20)

/**
 * Makes a graph of a file: what it is, is found by its content first and by its name second; where
 * both differ, that is an error. What of the file is not in the graph as it stands there is in its
 * notes. Pure: nothing is opened, fetched, expanded or executed. Errors: GS_ERROR_INPUT,
 * GS_ERROR_LIMIT, "PATH:LINE: what was found; what is allowed". Thread-safe. Time and memory
 * linear in the content.
 */
GsGraph *gs_import_graph(const GsImport *import, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json.h"

/** The forms in which graphs are read. */
typedef enum {
  GS_GRAPH_AUTO, /**< by the content, then by the ending of the file's name */
  GS_GRAPH_GRAPHML,
  GS_GRAPH_GML,
  GS_GRAPH_TABLE, /**< a table or list of links: CSV, TSV, blanks */
  GS_GRAPH_MATRIX_MARKET,
  GS_GRAPH_NODE_LINK, /**< JSON of networkx or d3 */
  GS_GRAPH_PAJEK,
  GS_GRAPH_MATPOWER,
  GS_GRAPH_ADJACENCY, /**< a list of nodes with their neighbours; found out of a table, or said */
  GS_GRAPH_DOT,       /**< Graphviz */
  GS_GRAPH_FORMATS,
} GsGraphFormat;

/** What a text was taken for. */
typedef struct {
  GsGraphFormat format; /**< GS_GRAPH_AUTO: none of those that are read */
  const char *what;     /**< "a graph in GEXF"; NULL: nothing is known; static */
  const char *how;      /**< what to do about one that is not read, or NULL; static */
} GsForm;

/** "graphml", "gml", "edges", … as scenarios name them; NULL for GS_GRAPH_AUTO; static. */
const char *gs_graph_format_name(GsGraphFormat format);
/** "GraphML", "GML", "a table or list of links" as people say it; static. */
const char *gs_graph_format_title(GsGraphFormat format);

/**
 * What the text is, told by its first few thousand bytes. Text in UTF-16 or
 * Latin-1 and packed files are told by their names, too. A table is only what is
 * nothing else. A part from the
 * beginning will do. O(1), but for text that is no UTF-8: O(length).
 */
GsForm gs_form_of_text(const char *text, gsize length);
/** What the ending of the path says, GS_GRAPH_AUTO: nothing, or what could be several. */
GsGraphFormat gs_form_of_name(const char *path);
/** What other form of a graph a document in JSON is, by a member that it has: "GeoJSON"; NULL:
 * none. */
const char *gs_form_of_document(const GsJson *root);

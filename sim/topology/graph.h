/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/** Most links of a generated or read graph, parallel ones counted. */
#define GS_GRAPH_LINKS_MAX ((uint32_t)1 << 25)

/**
 * Makes a graph of links in any order and direction: sorts them, drops loops
 * and repetitions and counts them. Takes `edges` over (from g_new). O(nodes + count).
 */
GsGraph *gs_graph_new(uint32_t nodes, GsEdge *edges, uint32_t count);

/** GS_ERROR_LIMIT when there are too many; `what` stands in front of the message. */
bool gs_graph_check_size(const char *what, double nodes, double links, GError **error);

/** Of a GsGraphNote from g_new. */
void gs_graph_note_free(gpointer note);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <igraph/igraph.h>

#include "sim/topology/topology.h"

/**
 * Takes what the attributes of a file say into `graph`: labels (not tidied), places,
 * production and consumption, latencies; and the names of those that say something else. `graph`
 * was made of `read`. Inside the guard. O(nodes + links log links) for each attribute taken.
 */
void gs_graph_attributes_take(const igraph_t *read, GsGraph *graph);

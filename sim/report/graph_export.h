/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/scenario/scenario.h"

/**
 * The grid of a scenario for other programs: nodes with their names, production
 * and consumption at the start, and the links of `graph` (from
 * gs_scenario_graph, borrowed). Names are escaped as each format wants it. Each
 * appends a whole document. O(nodes + links).
 */
void gs_export_dot(const GsScenario *scenario, const GsGraph *graph, GString *out);
/** For igraph, networkx, Gephi and gridsim itself. */
void gs_export_graphml(const GsScenario *scenario, const GsGraph *graph, GString *out);

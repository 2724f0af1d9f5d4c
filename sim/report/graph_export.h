/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/scenario/scenario.h"

/**
 * The grid of a scenario for other programs: nodes with their names, production
 * and consumption at the start in the scenario's unit, their places, and the links of `graph` (from
 * gs_scenario_graph, borrowed), with their latencies where these are constant and
 * not all the usual 1 ms. `left_out` (from gs_export_left_out, or NULL) becomes a
 * comment in the head. Names are escaped as each format wants it. Each appends a
 * whole document. O(nodes + links).
 */
void gs_export_dot(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                   GString *out);
/** For igraph, networkx, Gephi and gridsim itself. */
void gs_export_graphml(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                       GString *out);
/** For Gephi, networkx, igraph and gridsim itself. */
void gs_export_gml(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                   GString *out);

/**
 * The grid as two tables in CSV: links, and nodes with energies and places, which links call by
 * their names. Names that a spreadsheet would read as formulas have an apostrophe in front.
 */
void gs_export_csv_links(const GsScenario *scenario, const GsGraph *graph, GString *out);
void gs_export_csv_nodes(const GsScenario *scenario, const GsGraph *graph, GString *out);

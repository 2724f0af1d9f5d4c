/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/scenario.h"

/**
 * The grid of a scenario as a graph, with the names of the nodes as labels and their
 * places: the links that are there from the start, and those that handshakes and the
 * schedule will have made by the end. O(nodes + links + entries).
 */
GsGraph *gs_scenario_graph(const GsScenario *scenario);
/** The same without names and places. */
GsGraph *gs_scenario_links(const GsScenario *scenario);

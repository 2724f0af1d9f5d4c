/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/sweep.h"

/**
 * Graph files as values of a sweep's axis of topologies, beside families: a file has the nodes that
 * it has, so that it has a cell at that number of nodes and at no other.
 */

/** Whether a value of such an axis can only be a file: it is no family, and there is such a file.
 */
bool gs_axis_is_graph(const GsAxis *axis, const char *text, const char *path);
/** Adds a graph file, called as the file is without folder and ending; `path` is seen from here,
 * until gs_sweep_place_graphs. */
void gs_axis_add_graph(GsAxis *axis, const char *path);
/** Adds one that is kept: pairs of a member of its topology and a value in JSON (char *), taken. */
void gs_axis_add_kept_graph(GsAxis *axis, GPtrArray *members);

/**
 * Lets paths of graphs be what scenarios of the sweep's bases can name, when all bases are there.
 * In a sweep that is kept they are so already.
 */
void gs_sweep_place_graphs(GsSweep *sweep);

/**
 * Of a sweep with graph files and an axis of nodes: gives the axis the numbers that the files have.
 * Errors as gs_scenario_parse.
 */
bool gs_sweep_number_graphs(GsSweep *sweep, GError **error);
/** Takes cells out that cannot be: a family is there at the numbers that were asked for, a file at
 * its own. */
void gs_sweep_drop_cells(GsSweep *sweep);

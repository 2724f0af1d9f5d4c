/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/adjacency.h"
#include "sim/topology/igraph_guard.h"

/** Nodes up to which all of the Laplacian is worked on, when iteration does not get there. */
#define GS_SPECTRUM_DENSE_MAX 512
/** Nodes and links up to which its second-smallest eigenvalue is looked for by iteration (seconds
 * at the limit). */
#define GS_SPECTRUM_NODES_MAX 8192
#define GS_SPECTRUM_LINKS_MAX 1000000

/**
 * Second-smallest eigenvalue of the Laplacian of a connected graph of at least
 * two nodes; NaN above the limits, or where iteration does not converge (long
 * and thin graphs). To be called inside the guard. Always the same for the same
 * graph. Relative error below 1e-8.
 */
igraph_error_t gs_spectrum_connectivity(const GsAdjacency *adjacency, double *value);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/topology/topology.h"

/**
 * The links of a family in which nothing is drawn: line, ring, star, tree,
 * lattice and complete. Loops and repetitions where a ring or a torus goes
 * through one or two nodes are among them. Free with g_free. O(links), and
 * takes no more memory than they do.
 */
GsEdge *gs_fixed_family(const GsTopologySpec *spec, uint32_t *links);

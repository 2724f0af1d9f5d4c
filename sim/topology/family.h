/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/topology/topology.h"

/**
 * The defaults of a family: what its members are where nothing is said about
 * them. Kind and nodes are those of the result, all else is 0 where the family
 * has no such member. A tree is binary; new nodes of Barabási–Albert make 2
 * links; Watts–Strogatz has k = 4 and p = 0.1, a random regular graph k = 3; a
 * lattice is as square as the number of nodes allows. Erdős–Rényi has p = 2 ln n/n
 * and a geometric graph the radius √(3 ln n/(π n)), twice and three times (in area)
 * the threshold above which large ones are connected (Erdős and Rényi 1960;
 * Penrose 1997), rounded to six digits, which are the same on every machine.
 */
GsTopologySpec gs_family_defaults(GsTopologyKind kind, uint32_t nodes);

/** The family of that name; false when there is none. */
bool gs_family_find(const char *name, GsTopologyKind *kind);
/**
 * What someone may have meant by a name that no family has, in double quotes: the
 * nearest name, or what is else called so ("grid": `"lattice"`; "mesh":
 * `"lattice" or "complete"`); NULL: no idea. Free with g_free.
 */
char *gs_family_meant(const char *name);
/** `"line", "ring", … or "geometric"`. Free with g_free. */
char *gs_family_list(void);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/topology/layout.h"

/** Points that a tree has room for, at most. */
#define GS_LAYOUT_TREE_MAX (1U << 24)

/** Forces between all of many points, those of far groups as if the group were in its middle
 * (Barnes and Hut's tree). For one thread. */
typedef struct GsLayoutTree GsLayoutTree;

/** For up to `most` points. */
GsLayoutTree *gs_layout_tree_new(uint32_t most);
void gs_layout_tree_free(GsLayoutTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsLayoutTree, gs_layout_tree_free)

/**
 * How points push each other away: each is pushed from each other by the other's
 * mass divided by the distance. Points at the same place are pushed apart by
 * their numbers. O(count log count); the same points give the same forces.
 */
void gs_layout_tree_repel(GsLayoutTree *tree, const GsPoint *points, const double *masses,
                          uint32_t count, GsPoint *forces);

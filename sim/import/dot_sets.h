/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * Which nodes are in which subgraph, for edges whose ends are subgraphs. Of subgraphs that are open
 * the nodes are in one list, in the order in which they come, so that those of an inner one are in
 * the outer one, too; of one that is closed, each is once. Not thread-safe. Each node costs
 * O(depth) in all.
 */
typedef struct {
  GArray *list;       /**< of nodes that were named in subgraphs that are open */
  GPtrArray *named;   /**< of each subgraph with a name: its nodes */
  GHashTable *set_of; /**< parent and name → place in `named` + 1 */
  GArray *stamps;     /**< by node: the last count in which it was seen */
  uint32_t stamp;
} GsDotSets;

void gs_dot_sets_begin(GsDotSets *sets);
void gs_dot_sets_clear(GsDotSets *sets);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsDotSets, gs_dot_sets_clear)

/** The set of the subgraph of that name in that parent, which is made where there is none. */
guint gs_dot_set(GsDotSets *sets, guint parent, const char *name, gsize length);
/** Takes each node in the list from `start` on once. */
void gs_dot_sets_close(GsDotSets *sets, guint start);
/** Adds what is in the list from `start` on to the set. */
void gs_dot_set_add(GsDotSets *sets, guint set, guint start);
/** The nodes of it; they stand until it is added to. */
const uint32_t *gs_dot_set_nodes(const GsDotSets *sets, guint set, guint *count);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <igraph/igraph.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/**
 * igraph keeps its random generator, error handlers, attribute handler and
 * stack of things to free in globals, so only one thread may be inside it.
 * Between enter and leave this thread is, with our own of all these.
 */
typedef struct {
  igraph_rng_t random;
  igraph_rng_t *old_random;
  igraph_error_handler_t *old_error;
  igraph_warning_handler_t *old_warning;
  const igraph_attribute_table_t *old_attributes;
} GsIgraphGuard;

/** Waits until no other thread is in igraph. False (GS_ERROR_SYSTEM) leaves nothing to undo. */
bool gs_igraph_enter(GsIgraphGuard *guard, uint64_t seed, GError **error);
/** Everything of igraph must have been destroyed before. */
void gs_igraph_leave(GsIgraphGuard *guard);

/**
 * True for success. Otherwise sets `error` to `code` (GS_ERROR_SYSTEM when
 * memory ran out): "what: igraph's reason". To be called inside the guard.
 */
bool gs_igraph_check(igraph_error_t result, int code, const char *what, GError **error);

/**
 * Copies an igraph's links as they are (loops and repetitions too); free `edges` with
 * g_free. GS_ERROR_LIMIT when there are too many nodes or links.
 */
bool gs_igraph_take_edges(const igraph_t *graph, const char *what, uint32_t *nodes, GsEdge **edges,
                          uint32_t *count, GError **error);

/** Makes an igraph of such links, in this order; free with igraph_destroy. Inside the guard. */
igraph_error_t gs_igraph_make(igraph_t *made, uint32_t nodes, const GsEdge *edges, uint32_t count);

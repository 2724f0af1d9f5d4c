/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"

/**
 * A run as everybody else sees it: names, how nodes stand, what time it is.
 * Sinks, pages, gateways and results look through it; what is behind it (actors,
 * lanes, pools) is nobody's business but that of sim/run.
 *
 * It is handed to callbacks between windows and holds for the call. What it
 * tells is how things stand after the last window. All functions read only, by
 * the coordinator's thread; each costs O(1) unless it says more.
 */
typedef struct GsRunView GsRunView;

/** Simulated time that the run has come to: the begin of its last window. */
int64_t gs_run_view_now_ns(const GsRunView *view);
/**
 * Name of a node or of a foreign one; NULL for a foreign one that nobody knows.
 * Nodes keep theirs; what a foreign one is called may change from call to call.
 */
const char *gs_run_view_name(const GsRunView *view, GsEndpoint endpoint);

/** How a node stands. Energies in the scenario's unit. */
typedef struct {
  int64_t id;
  const char *name; /**< lives as long as the run */
  int64_t production, consumption, gridnet;
  uint32_t sibling_count, open_waves;
  uint64_t digest; /**< of all that it has handled, in its order */
} GsNodeView;
uint32_t gs_run_view_node_count(const GsRunView *view);
GsNodeView gs_run_view_node(const GsRunView *view, uint32_t node);
/** Whether it is in sync: with the true net, or with the others here where that is not known. */
bool gs_run_view_in_sync(const GsRunView *view, uint32_t node);

/** A sibling as the node knows it; the name lives until the node is told another. */
typedef struct {
  GsEndpoint endpoint;
  int64_t id;
  const char *name;
  bool is_suspected; /**< the node waits for no answer of it (core/recovery.h) */
} GsSiblingView;
/** The node's siblings in the order in which they were added. */
GsSiblingView gs_run_view_sibling(const GsRunView *view, uint32_t node, uint32_t index);
/** Where the node's sibling of that id is; GS_ENDPOINT_NONE: it has none. O(siblings). */
GsEndpoint gs_run_view_find_sibling(const GsRunView *view, uint32_t node, int64_t id);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/decimal.h"
#include "sim/topology/places.h"

/** The graph families that a scenario can name. */
typedef enum {
  GS_TOPOLOGY_LINE,
  GS_TOPOLOGY_RING,
  GS_TOPOLOGY_STAR,
  GS_TOPOLOGY_TREE,
  GS_TOPOLOGY_LATTICE,
  GS_TOPOLOGY_COMPLETE,
  GS_TOPOLOGY_ERDOS_RENYI,
  GS_TOPOLOGY_BARABASI_ALBERT,
  GS_TOPOLOGY_WATTS_STROGATZ,
  GS_TOPOLOGY_RANDOM_REGULAR,
  GS_TOPOLOGY_GEOMETRIC,
  GS_TOPOLOGY_FILE, /**< none of them: listed, or read from a file */
} GsTopologyKind;

/** What to generate; members that a kind does not use are 0. */
typedef struct {
  GsTopologyKind kind;
  uint32_t nodes;
  uint32_t arity;         /**< tree: children per node (2: binary) */
  uint32_t rows, columns; /**< lattice; nodes = rows × columns */
  bool torus;             /**< lattice: with wrap-around */
  double p;       /**< Erdős–Rényi: link probability; Watts–Strogatz: rewiring probability */
  uint32_t links; /**< Erdős–Rényi G(n, m): number of links; 0: by p */
  uint32_t m;     /**< Barabási–Albert: links of each new node */
  uint32_t k;     /**< Watts–Strogatz: mean degree (even); random regular: degree */
  double radius;  /**< geometric, in the unit square */
  uint64_t seed;
} GsTopologySpec;

/** "watts-strogatz", …; static. `gs_topology_kind_names` is NULL-terminated, in the enum's order.
 */
extern const char *const gs_topology_kind_names[];
/** One line for a person: "watts-strogatz, 1000 nodes, k=4, p=0.1". Free with g_free. */
char *gs_topology_describe(const GsTopologySpec *spec);

/** A link between nodes a < b, counted from 0. */
typedef struct {
  uint32_t a, b;
} GsEdge;

/** What of a file is not in the grid as it is in the file. */
typedef struct {
  const char *kind; /**< "links-merged", "loops-dropped", "not-used", "renamed", …; static */
  char *text;       /**< a sentence without a full stop, with the first line where there is one */
  uint32_t count;
} GsGraphNote;

/** A simple undirected graph: no loops, no parallel links; links sorted by (a, b). */
typedef struct {
  uint32_t nodes;
  uint32_t links;
  GsEdge *edges;
  char *name;                /**< of the graph, from the file, not tidied, or NULL */
  char **labels;             /**< per node from the file, unique, or NULL; NULL-terminated */
  GsPlaces *places;          /**< of a file that says where its nodes are, or NULL */
  uint32_t parallel_dropped; /**< parallel links that were merged */
  uint32_t loops_dropped;    /**< links of a node to itself that were left out */
  /** Per node what the file says of it, or NULL. */
  GsDecimal *production, *consumption;
  char *unit; /**< of these, as the file or its format says it, such as "MW"; or NULL */
  /** What the file calls so, as text, or NULL: one for each of `edges`, NULL where it says nothing.
   * Of parallel links that differ, the first counts. */
  GPtrArray *latencies;
  GPtrArray *notes; /**< GsGraphNote, in the order in which they are to be said; NULL: none */
} GsGraph;

void gs_graph_free(GsGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsGraph, gs_graph_free)

/**
 * Generates a graph; the same spec gives the same graph. Errors:
 * GS_ERROR_IMPOSSIBLE with what is impossible and what is allowed ("random-regular:
 * nodes × k must be even"), GS_ERROR_LIMIT, GS_ERROR_SYSTEM. The
 * message has no place in front: the caller knows where the spec stands. Thread-safe (one mutex
 * around igraph, which is not). A million nodes take seconds.
 */
GsGraph *gs_topology_make(const GsTopologySpec *spec, GError **error);

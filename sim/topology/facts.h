/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/** Above so much nodes × links, distances between all pairs are not worked out. */
#define GS_FACTS_DISTANCES_MAX (UINT64_C(1) << 28)

/** What a graph is like, in numbers. Distances are in links. */
typedef struct {
  uint32_t nodes, links;
  uint32_t components, largest; /**< nodes of the largest component */
  uint32_t degree_min, degree_max;
  double degree_mean;
  uint32_t diameter, radius; /**< of the largest component (the first of several) */
  double mean_distance;      /**< over pairs in the same component; NaN where there is none */
  double clustering;         /**< share of connected triples that are closed; 0 without triples */
  /**
   * Second-smallest eigenvalue of the Laplacian: 0 when disconnected; NaN for a
   * single node, and where it is not worked out (too large, or does not converge).
   */
  double algebraic_connectivity;
  bool distances_known; /**< false: too large, then diameter and radius are 0, the mean NaN */
} GsGraphFacts;

/**
 * Works them out; the same graph gives the same numbers, to the last bit on one
 * machine. Errors: GS_ERROR_SYSTEM (memory). Thread-safe, though one thread at a
 * time works on clustering and connectivity. Well below 10 ms up to 256 nodes;
 * else mostly nodes × links for distances, about a second at the limit.
 */
bool gs_graph_facts(const GsGraph *graph, GsGraphFacts *facts, GError **error);

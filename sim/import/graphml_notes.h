/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"

/** What of a GraphML file is not in the grid as it is in the file. */
typedef struct {
  GsOccurrences more_graphs;      /**< beside the first with nodes */
  GsOccurrences groups;           /**< graphs within nodes */
  GsOccurrences hyperedges;       /**< that became links */
  GsOccurrences small_hyperedges; /**< of fewer than two nodes */
  GsOccurrences ports, port_links;
  GsOccurrences no_key, repeated_keys;
  GsOccurrences drawings, more_labels;
  GsOccurrences lost_data; /**< of hyperedges, and of graphs within others */
  GsOccurrences descriptions, locators, unknown;
} GsGraphmlOccurrences;

void gs_graphml_note(GsDraft *draft, const GsGraphmlOccurrences *occurrences);

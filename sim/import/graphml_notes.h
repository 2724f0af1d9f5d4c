/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"

/** What of a GraphML file is not in the grid as it is in the file. */
typedef struct {
  GsTally more_graphs;      /**< beside the first with nodes */
  GsTally groups;           /**< graphs within nodes */
  GsTally hyperedges;       /**< that became links */
  GsTally small_hyperedges; /**< of fewer than two nodes */
  GsTally ports, port_links;
  GsTally no_key, repeated_keys;
  GsTally drawings, more_labels;
  GsTally lost_data; /**< of hyperedges, and of graphs within others */
  GsTally descriptions, locators, unknown;
} GsGraphmlTallies;

void gs_graphml_note(GsDraft *draft, const GsGraphmlTallies *tallies);

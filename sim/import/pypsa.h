/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/topology/topology.h"

/** The tables of a network of PyPSA, each a CSV file of its folder, of which something is used. */
typedef enum {
  GS_PYPSA_BUSES,
  GS_PYPSA_LINES,
  GS_PYPSA_LINKS,
  GS_PYPSA_TRANSFORMERS,
  GS_PYPSA_LOADS,
  GS_PYPSA_LOADS_P_SET, /**< series of loads, of which the first snapshot is used */
  GS_PYPSA_GENERATORS,
  GS_PYPSA_GENERATORS_P_SET,
  GS_PYPSA_TABLES,
} GsPypsaTable;

/** "buses", "loads-p_set": the file without its ending; static. */
const char *gs_pypsa_table_name(GsPypsaTable table);
/** "buses.csv"; static. */
const char *gs_pypsa_table_file(GsPypsaTable table);

typedef struct {
  const char *path; /**< stands in front of messages; NULL: there is no such table */
  GBytes *content;
} GsPypsaFile;

/**
 * Makes a graph of the tables: buses are nodes with their places, lines, links and transformers are
 * links, loads consume and generators produce what they are set to (p_set), in MW. What of the
 * tables is not in the graph is in its notes. There must be buses. Errors, cost and thread-safety
 * as gs_import_graph.
 */
GsGraph *gs_import_pypsa(const GsPypsaFile files[GS_PYPSA_TABLES], GError **error);

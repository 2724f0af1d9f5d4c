/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/topology/topology.h"

/** Largest graph file, in bytes. */
#define GS_GRAPH_BYTES_MAX ((guint64)512 << 20)

/** Reads spec->file; errors as gs_topology_make. */
GsGraph *gs_graph_file_read(const GsTopologySpec *spec, GError **error);

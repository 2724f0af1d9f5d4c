/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/topology/topology.h"

/** Generates a graph of any kind but GS_TOPOLOGY_FILE; errors as gs_topology_make. */
GsGraph *gs_generate(const GsTopologySpec *spec, GError **error);

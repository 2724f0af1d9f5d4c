/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/fixed.h"

/** From each node but the first to the one that it hangs on. */
static uint32_t hang_on(GsEdge *edges, const GsTopologySpec *spec, uint32_t arity) {
  for (uint32_t i = 1; i < spec->nodes; i++)
    edges[i - 1] = (GsEdge){arity ? (i - 1) / arity : 0, i};
  return spec->nodes - 1;
}

static uint32_t close_ring(GsEdge *edges, const GsTopologySpec *spec) {
  uint32_t links = hang_on(edges, spec, 1);
  edges[links] = (GsEdge){0, spec->nodes - 1};
  return links + 1;
}

/** Row by row; from each node to the next one in its row and in its column. */
static uint32_t weave(GsEdge *edges, const GsTopologySpec *spec) {
  uint32_t links = 0;
  for (uint32_t row = 0; row < spec->rows; row++)
    for (uint32_t column = 0; column < spec->columns; column++) {
      uint32_t node = row * spec->columns + column;
      if (column + 1 < spec->columns)
        edges[links++] = (GsEdge){node, node + 1};
      else if (spec->torus)
        edges[links++] = (GsEdge){node, row * spec->columns};
      if (row + 1 < spec->rows)
        edges[links++] = (GsEdge){node, node + spec->columns};
      else if (spec->torus)
        edges[links++] = (GsEdge){node, column};
    }
  return links;
}

static uint32_t link_all(GsEdge *edges, const GsTopologySpec *spec) {
  uint32_t links = 0;
  for (uint32_t a = 0; a < spec->nodes; a++)
    for (uint32_t b = a + 1; b < spec->nodes; b++)
      edges[links++] = (GsEdge){a, b};
  return links;
}

GsEdge *gs_fixed_family(const GsTopologySpec *spec, uint32_t *links) {
  gsize nodes = spec->nodes;
  GsEdge *edges;
  switch (spec->kind) {
  case GS_TOPOLOGY_LATTICE:
    edges = g_new(GsEdge, 2 * (gsize)spec->rows * spec->columns);
    *links = weave(edges, spec);
    return edges;
  case GS_TOPOLOGY_COMPLETE:
    edges = g_new(GsEdge, MAX(nodes * (nodes - 1) / 2, 1));
    *links = link_all(edges, spec);
    return edges;
  default:
    edges = g_new(GsEdge, nodes);
    if (spec->kind == GS_TOPOLOGY_RING)
      *links = close_ring(edges, spec);
    else
      *links = hang_on(edges, spec,
                       spec->kind == GS_TOPOLOGY_LINE   ? 1
                       : spec->kind == GS_TOPOLOGY_TREE ? spec->arity
                                                        : 0);
    return edges;
  }
}

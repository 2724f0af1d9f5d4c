/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/small_world.h"

#include "sim/topology/draws.h"
#include "sim/topology/link_set.h"

/** A node that `node`, which has `degree` links, is not linked to; all alike. */
static uint32_t draw_other(const GsLinkSet *set, uint32_t nodes, uint32_t node, uint32_t degree,
                           GsDraws *draws) {
  if (gs_link_set_is_dense(set))
    return gs_link_set_other(set, node, gs_draws_below(draws, nodes - 1 - degree));
  uint32_t other;
  do
    other = gs_draws_below(draws, nodes);
  while (other == node || gs_link_set_has(set, node, other));
  return other;
}

GsEdge *gs_small_world(uint32_t nodes, uint32_t k, double p, uint64_t seed) {
  uint32_t laps = k / 2, links = nodes * laps;
  GsEdge *edges = g_new(GsEdge, MAX(links, 1));
  g_autoptr(GsLinkSet) set = gs_link_set_new(nodes, links);
  g_autofree uint32_t *degree = g_new(uint32_t, nodes);
  for (uint32_t lap = 0; lap < laps; lap++)
    for (uint32_t node = 0; node < nodes; node++) {
      GsEdge edge = {node, (node + lap + 1) % nodes};
      edges[(gsize)lap * nodes + node] = edge;
      gs_link_set_add(set, edge.a, edge.b);
      degree[node] = k;
    }
  GsDraws draws = gs_draws(seed, GS_TOPOLOGY_WATTS_STROGATZ);
  for (uint32_t i = 0; i < links; i++) {
    GsEdge *edge = &edges[i];
    if (gs_draws_unit(&draws) >= p || degree[edge->a] == nodes - 1)
      continue;
    uint32_t other = draw_other(set, nodes, edge->a, degree[edge->a], &draws);
    gs_link_set_remove(set, edge->a, edge->b);
    gs_link_set_add(set, edge->a, other);
    degree[edge->b]--;
    degree[other]++;
    edge->b = other;
  }
  return edges;
}

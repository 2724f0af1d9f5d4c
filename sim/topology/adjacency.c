/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/adjacency.h"

#include <string.h>

GsAdjacency *gs_adjacency_of(uint32_t nodes, const GsEdge *edges, uint32_t links) {
  GsAdjacency *adjacency = g_new(GsAdjacency, 1);
  adjacency->nodes = nodes;
  uint32_t *starts = adjacency->starts = g_new0(uint32_t, (gsize)nodes + 2);
  adjacency->neighbours = g_new(uint32_t, MAX(2 * (gsize)links, 1));
  /* Counted two places on, so that filling in moves each start to where it belongs. */
  for (uint32_t i = 0; i < links; i++) {
    starts[edges[i].a + 2]++;
    starts[edges[i].b + 2]++;
  }
  for (uint32_t i = 0; i < nodes; i++)
    starts[i + 2] += starts[i + 1];
  /* Where links are sorted by (a, b): smaller neighbours first, then larger ones. */
  for (uint32_t i = 0; i < links; i++)
    adjacency->neighbours[starts[edges[i].b + 1]++] = edges[i].a;
  for (uint32_t i = 0; i < links; i++)
    adjacency->neighbours[starts[edges[i].a + 1]++] = edges[i].b;
  return adjacency;
}

GsAdjacency *gs_adjacency_new(const GsGraph *graph) {
  return gs_adjacency_of(graph->nodes, graph->edges, graph->links);
}

void gs_adjacency_free(GsAdjacency *adjacency) {
  if (!adjacency)
    return;
  g_free(adjacency->starts);
  g_free(adjacency->neighbours);
  g_free(adjacency);
}

uint32_t gs_adjacency_search(const GsAdjacency *adjacency, uint32_t from, uint32_t most,
                             uint32_t *distance, uint32_t *queue) {
  uint32_t found = 1;
  distance[from] = 0;
  queue[0] = from;
  for (uint32_t head = 0; head < found && found < most; head++) {
    uint32_t node = queue[head], next = distance[node] + 1;
    for (uint32_t i = adjacency->starts[node]; i < adjacency->starts[node + 1]; i++) {
      uint32_t neighbour = adjacency->neighbours[i];
      if (distance[neighbour] == UINT32_MAX) {
        distance[neighbour] = next;
        queue[found++] = neighbour;
      }
    }
  }
  return found;
}

uint32_t gs_adjacency_components(const GsAdjacency *adjacency, uint32_t *component,
                                 uint32_t **sizes) {
  uint32_t nodes = adjacency->nodes, count = 0;
  g_autofree uint32_t *distance = g_new(uint32_t, MAX(nodes, 1));
  g_autofree uint32_t *queue = g_new(uint32_t, MAX(nodes, 1));
  memset(distance, 0xff, nodes * sizeof *distance);
  *sizes = g_new(uint32_t, MAX(nodes, 1));
  for (uint32_t i = 0; i < nodes; i++) {
    if (distance[i] != UINT32_MAX)
      continue;
    uint32_t found = gs_adjacency_search(adjacency, i, nodes, distance, queue);
    for (uint32_t k = 0; k < found; k++)
      component[queue[k]] = count;
    (*sizes)[count++] = found;
  }
  return count;
}

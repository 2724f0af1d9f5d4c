/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/graph.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"

/** One pass of a counting sort: stable, by the larger (`by_b`) or the smaller end. */
static void sort_pass(const GsEdge *from, GsEdge *to, uint32_t count, uint32_t *starts,
                      uint32_t nodes, bool by_b) {
  memset(starts, 0, ((gsize)nodes + 1) * sizeof *starts);
  for (uint32_t i = 0; i < count; i++)
    starts[(by_b ? from[i].b : from[i].a) + 1]++;
  for (uint32_t i = 0; i < nodes; i++)
    starts[i + 1] += starts[i];
  for (uint32_t i = 0; i < count; i++)
    to[starts[by_b ? from[i].b : from[i].a]++] = from[i];
}

static bool is_sorted(const GsEdge *edges, uint32_t count, bool by_b) {
  for (uint32_t i = 1; i < count; i++)
    if (by_b ? edges[i].b < edges[i - 1].b
             : edges[i].a < edges[i - 1].a ||
                   (edges[i].a == edges[i - 1].a && edges[i].b < edges[i - 1].b))
      return false;
  return true;
}

/** By a, then by b. Most that is made or read is in an order already. */
static GsEdge *sort(GsEdge *edges, uint32_t count, uint32_t nodes) {
  if (is_sorted(edges, count, false))
    return edges;
  GsEdge *scratch = g_new(GsEdge, count);
  g_autofree uint32_t *starts = g_new(uint32_t, (gsize)nodes + 1);
  if (!is_sorted(edges, count, true)) {
    sort_pass(edges, scratch, count, starts, nodes, true);
    GsEdge *sorted = scratch;
    scratch = edges;
    edges = sorted;
  }
  sort_pass(edges, scratch, count, starts, nodes, false);
  g_free(edges);
  return scratch;
}

GsGraph *gs_graph_new(uint32_t nodes, GsEdge *edges, uint32_t count) {
  GsGraph *graph = g_new0(GsGraph, 1);
  graph->nodes = nodes;

  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    GsEdge edge = edges[i];
    if (edge.a == edge.b)
      graph->loops_dropped++;
    else
      edges[kept++] = edge.a < edge.b ? edge : (GsEdge){.a = edge.b, .b = edge.a};
  }

  edges = sort(edges, kept, nodes);
  for (uint32_t i = 0; i < kept; i++) {
    const GsEdge *last = graph->links ? &edges[graph->links - 1] : NULL;
    if (last && last->a == edges[i].a && last->b == edges[i].b)
      graph->parallel_dropped++;
    else
      edges[graph->links++] = edges[i];
  }
  graph->edges = g_renew(GsEdge, edges, MAX(graph->links, 1));
  return graph;
}

void gs_graph_note_free(gpointer data) {
  GsGraphNote *note = data;
  g_free(note->text);
  g_free(note);
}

void gs_graph_free(GsGraph *graph) {
  if (!graph)
    return;
  g_free(graph->edges);
  g_free(graph->name);
  g_free(graph->unit);
  g_strfreev(graph->labels);
  gs_places_free(graph->places);
  g_free(graph->production);
  g_free(graph->consumption);
  if (graph->latencies)
    g_ptr_array_unref(graph->latencies);
  if (graph->notes)
    g_ptr_array_unref(graph->notes);
  g_free(graph);
}

bool gs_graph_check_size(const char *what, double nodes, double links, GError **error) {
  if (nodes > GS_NODES_MAX) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT, "%s: %.0f nodes; at most %u are allowed", what,
                nodes, GS_NODES_MAX);
    return false;
  }
  if (links > GS_GRAPH_LINKS_MAX) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT, "%s: %.0f links; at most %u are allowed", what,
                links, GS_GRAPH_LINKS_MAX);
    return false;
  }
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/scenario_graph.h"

#include "sim/topology/graph.h"

/** Links that are there at the end: handshakes come one by one, and some may come too late. */
static uint32_t links_made(const GsScenario *scenario) {
  if (!scenario->handshake || scenario->until_ns == GS_TIME_NEVER)
    return scenario->link_count;
  if (scenario->handshake_at_ns > scenario->until_ns)
    return 0;
  if (scenario->handshake_every_ns == 0)
    return scenario->link_count;
  int64_t more = (scenario->until_ns - scenario->handshake_at_ns) / scenario->handshake_every_ns;
  return (uint32_t)MIN(scenario->link_count, more + 1);
}

GsGraph *gs_scenario_links(const GsScenario *scenario) {
  uint32_t count = links_made(scenario);
  GArray *edges =
      g_array_sized_new(FALSE, FALSE, sizeof(GsEdge), count + scenario->schedule_count + 1);
  if (count > 0)
    g_array_append_vals(edges, scenario->links, count);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    GsEdge edge = {entry->link.a, entry->link.b};
    if (entry->kind == GS_DO_ADD_SIBLING && entry->at_ns <= scenario->until_ns)
      g_array_append_val(edges, edge);
  }
  count = edges->len;
  GsGraph *graph =
      gs_graph_new(scenario->node_count, (GsEdge *)(void *)g_array_free(edges, FALSE), count);
  graph->parallel_dropped = 0; /* a link that is made again is no mistake of a file */
  return graph;
}

GsGraph *gs_scenario_graph(const GsScenario *scenario) {
  GsGraph *graph = gs_scenario_links(scenario);
  graph->labels = g_new0(char *, (gsize)scenario->node_count + 1);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    graph->labels[i] = g_strdup(scenario->nodes[i].name);
  graph->places = scenario->places ? gs_places_copy(scenario->places) : NULL;
  return graph;
}

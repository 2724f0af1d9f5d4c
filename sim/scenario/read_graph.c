/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

/** Pictures of the grid are to be like the map. */
static void take_places(GsReader *reader, const GsJson *value, GsGraph *graph) {
  if (!graph->places)
    return;
  if (gs_places_usable(graph->places))
    reader->scenario->places = g_steal_pointer(&graph->places);
  else
    gs_reader_warn(reader, value, "not-used", graph->places->nodes - graph->places->missing,
                   "places of nodes in the graph file (%s) are not used: %s", graph->places->names,
                   gs_places_reason(graph->places));
}

/** Those of the links; false: one of them cannot be, and it says so. */
static bool parse_latencies(GsReader *reader, const GsJson *value, const GPtrArray *texts,
                            GArray *parsed) {
  const GsScenario *scenario = reader->scenario;
  uint32_t wrong = 0, first = 0;
  for (guint i = 0; i < texts->len; i++) {
    GsOwnNetwork own = {.link = i, .network = gs_scenario_link_network(scenario)};
    int64_t ns;
    if (!texts->pdata[i])
      continue;
    if (gs_duration_parse(texts->pdata[i], &ns, NULL)) {
      own.network.latency = gs_distribution_constant((double)ns);
      g_array_append_val(parsed, own);
    } else if (wrong++ == 0) {
      first = i;
    }
  }
  if (wrong == 0)
    return true;
  const GsScenarioLink *link = &scenario->links[first];
  g_autofree char *a = gs_quote(scenario->nodes[link->a].name);
  g_autofree char *b = gs_quote(scenario->nodes[link->b].name);
  g_autofree char *found = gs_quote(texts->pdata[first]);
  gs_reader_warn(reader, value, "not-used", wrong,
                 "\"latency\" of links in the graph file is not used: that of %s and %s is %s, and "
                 "all must be durations with a unit, such as \"1.5ms\"",
                 a, b, found);
  return false;
}

/** What the file says that messages on its links take: instead of the scenario's latency. */
static void take_latencies(GsReader *reader, const GsJson *value, const GsGraph *graph,
                           GsTaken *taken) {
  if (!graph->latencies)
    return;
  g_autoptr(GArray) parsed = g_array_new(FALSE, FALSE, sizeof(GsOwnNetwork));
  if (!parse_latencies(reader, value, graph->latencies, parsed) || parsed->len == 0)
    return;
  g_array_append_vals(reader->scenario->own_networks, parsed->data, parsed->len);
  taken->latencies = true;
}

static void append(GsScenario *scenario, const char *before, const char *text) {
  char *topology = g_strconcat(scenario->topology, before, text, NULL);
  g_free(scenario->topology);
  scenario->topology = topology;
}

/** Adds to the line about the graph what else is from the file. */
static void describe(GsScenario *scenario, const GsGraph *graph, const GsTaken *taken) {
  const char *names[3];
  guint count = 0;
  if (taken->production)
    names[count++] = "production";
  if (taken->consumption)
    names[count++] = "consumption";
  if (taken->latencies)
    names[count++] = "latencies";
  for (guint i = 0; i < count; i++) {
    const char *before = i == 0 ? " with its " : i + 1 == count ? " and " : ", ";
    append(scenario, before, names[i]);
  }
  if (taken->file_unit && (taken->production || taken->consumption)) {
    g_autofree char *unit = gs_quote(scenario->unit);
    append(scenario, " in ", unit);
    if (strcmp(taken->file_unit, scenario->unit) != 0) {
      g_autofree char *there = g_strdup_printf(" (%s in the file)", taken->file_unit);
      append(scenario, there, "");
    }
  }
  if (graph->name && *graph->name) {
    g_autofree char *name = gs_quote(graph->name);
    append(scenario, count ? ", named " : " named ", name);
  }
}

bool gs_read_graph(GsReader *reader, const GsJson *value, GsGraph *graph) {
  GsTaken taken = {false};
  for (guint i = 0; graph->notes && i < graph->notes->len; i++) {
    const GsGraphNote *note = graph->notes->pdata[i];
    gs_reader_warn(reader, value, note->kind, note->count, "%s", note->text);
  }
  take_places(reader, value, graph);
  if (!gs_read_graph_energies(reader, value, graph, &taken))
    return false;
  take_latencies(reader, value, graph, &taken);
  describe(reader->scenario, graph, &taken);
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/limits.h"
#include "sim/scenario/duration.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/read_parts.h"

/** So many attributes of a file are named when they are not used. */
#define ATTRIBUTES_SHOWN 8

/** What the scenario has from the file besides nodes and links. */
typedef struct {
  bool production, consumption, latencies;
} Taken;

/** Pictures of the grid are to be like the map. */
static void take_places(GsReader *reader, const GsJson *value, GsGraph *graph) {
  if (!graph->places)
    return;
  if (gs_places_usable(graph->places))
    reader->scenario->places = g_steal_pointer(&graph->places);
  else
    gs_reader_warn(reader, value, "not-used", graph->places->nodes - graph->places->missing,
                   "places of nodes in the graph file (%s) are not used: no two of them differ",
                   graph->places->names);
}

/** Whether each can be a node's energy, and one is more than 0; says what cannot be. */
static bool usable_energies(GsReader *reader, const GsJson *value, const double *energies,
                            const char *name) {
  const GsScenario *scenario = reader->scenario;
  uint32_t wrong = 0, first = 0;
  bool any = false;
  for (uint32_t i = 0; energies && i < scenario->node_count; i++) {
    if (isnan(energies[i]))
      continue;
    any |= energies[i] > 0;
    if (energies[i] >= 0 && energies[i] <= (double)GS_ENERGY_MAX &&
        energies[i] == floor(energies[i]))
      continue;
    if (wrong++ == 0)
      first = i;
  }
  if (wrong == 0)
    return any;
  g_autofree char *who = gs_quote(scenario->nodes[first].name);
  g_autofree char *found =
      isfinite(energies[first]) ? gs_format_number(energies[first]) : g_strdup("no number");
  gs_reader_warn(reader, value, "not-used", wrong,
                 "\"%s\" of nodes in the graph file is not used: that of %s is %s, and all must be "
                 "whole numbers from 0 to %" G_GINT64_FORMAT,
                 name, who, found, GS_ENERGY_MAX);
  return false;
}

/** What the file says that nodes produce and consume, unless the scenario says it. */
static void take_energies(GsReader *reader, const GsJson *value, const GsGraph *graph,
                          Taken *taken) {
  GsScenario *scenario = reader->scenario;
  if (!graph->production && !graph->consumption)
    return;
  const char *both = graph->production && graph->consumption ? "\" and \"" : "";
  g_autofree char *names = g_strconcat("\"", graph->production ? "production" : "", both,
                                       graph->consumption ? "consumption" : "", "\"", NULL);
  if (gs_json_member(gs_json_root(reader->doc), "energy")) {
    gs_reader_warn(reader, value, "not-used", *both ? 2 : 1,
                   "%s of nodes in the graph file %s not used: the scenario has \"energy\"", names,
                   *both ? "are" : "is");
    return;
  }
  bool produced = usable_energies(reader, value, graph->production, "production");
  bool consumed = usable_energies(reader, value, graph->consumption, "consumption");
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    if (produced && !isnan(graph->production[i]))
      scenario->nodes[i].production = (int64_t)graph->production[i];
    if (consumed && !isnan(graph->consumption[i]))
      scenario->nodes[i].consumption = (int64_t)graph->consumption[i];
  }
  taken->production = produced;
  taken->consumption = consumed;
}

/** Those of the links; false: one of them cannot be, and it says so. */
static bool parse_latencies(GsReader *reader, const GsJson *value, const GPtrArray *texts,
                            GArray *parsed) {
  const GsScenario *scenario = reader->scenario;
  uint32_t wrong = 0, first = 0;
  for (guint i = 0; i < texts->len; i++) {
    GsOwnNetwork own = {.link = i, .network = {.jitter = scenario->jitter}};
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
                           Taken *taken) {
  if (!graph->latencies)
    return;
  g_autoptr(GArray) parsed = g_array_new(FALSE, FALSE, sizeof(GsOwnNetwork));
  if (!parse_latencies(reader, value, graph->latencies, parsed) || parsed->len == 0)
    return;
  g_array_append_vals(reader->scenario->own_networks, parsed->data, parsed->len);
  taken->latencies = true;
  if (graph->latencies_dropped > 0)
    gs_reader_warn(reader, value, "not-used", graph->latencies_dropped,
                   "repeated links in the graph file with another latency than the first: %u; "
                   "the first counts",
                   graph->latencies_dropped);
}

static void append(GsScenario *scenario, const char *before, const char *text) {
  char *topology = g_strconcat(scenario->topology, before, text, NULL);
  g_free(scenario->topology);
  scenario->topology = topology;
}

/** Adds to the line about the graph what else is from the file. */
static void describe(GsScenario *scenario, const GsGraph *graph, const Taken *taken) {
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
  if (graph->name && *graph->name) {
    g_autofree char *name = gs_quote(graph->name);
    append(scenario, count ? ", named " : " named ", name);
  }
}

static void warn_attributes(GsReader *reader, const GsJson *value, char *const *names,
                            const char *of) {
  if (!names)
    return;
  guint count = g_strv_length((char **)(guintptr)names);
  const char *shown[ATTRIBUTES_SHOWN + 1] = {NULL};
  for (guint i = 0; i < MIN(count, ATTRIBUTES_SHOWN); i++)
    shown[i] = names[i];
  g_autofree char *list = gs_quote_words(shown, count > ATTRIBUTES_SHOWN ? ", " : " and ");
  g_autofree char *more =
      count > ATTRIBUTES_SHOWN ? g_strdup_printf(" and %u more", count - ATTRIBUTES_SHOWN) : NULL;
  gs_reader_warn(reader, value, "not-used", count, "%s%s of %s %s not used", list, more ? more : "",
                 of, count == 1 ? "is" : "are");
}

/** What else the file says. */
static void warn_unused(GsReader *reader, const GsJson *value, const GsGraph *graph) {
  if (graph->directed)
    gs_reader_warn(
        reader, value, "not-used", 1,
        "the graph file says that links have a direction, which is not used: messages go "
        "both ways");
  warn_attributes(reader, value, graph->unused_of_graph, "the graph in the graph file");
  warn_attributes(reader, value, graph->unused_of_nodes, "nodes in the graph file");
  warn_attributes(reader, value, graph->unused_of_links, "links in the graph file");
  if (graph->longer_lines == 1)
    gs_reader_warn(reader, value, "not-used", 1,
                   "what follows the names of two nodes in line %" G_GUINT64_FORMAT
                   " of the graph file is not used",
                   graph->first_longer_line);
  else if (graph->longer_lines > 1)
    gs_reader_warn(reader, value, "not-used", graph->longer_lines,
                   "what follows the names of two nodes in %u lines of the graph file, first in "
                   "line %" G_GUINT64_FORMAT ", is not used",
                   graph->longer_lines, graph->first_longer_line);
}

void gs_read_graph(GsReader *reader, const GsJson *value, GsGraph *graph) {
  Taken taken = {false};
  take_places(reader, value, graph);
  take_energies(reader, value, graph, &taken);
  take_latencies(reader, value, graph, &taken);
  describe(reader->scenario, graph, &taken);
  warn_unused(reader, value, graph);
}

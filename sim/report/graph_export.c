/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_export.h"

#include <inttypes.h>
#include <stdbool.h>

#include "sim/report/xml_text.h"
#include "sim/scenario/duration.h"

/** In quotes. Labels of DOT know escapes that start with a backslash, and entities. */
static void append_dot(GString *out, const char *text) {
  g_string_append_c(out, '"');
  for (const char *at = text; *at; at++)
    if (*at == '&') {
      g_string_append(out, "&amp;");
    } else {
      if (*at == '"' || *at == '\\')
        g_string_append_c(out, '\\');
      g_string_append_c(out, *at);
    }
  g_string_append_c(out, '"');
}

/** What a link's messages take, and from when on. */
typedef struct {
  GsEdge link;
  int64_t from_ns;
  uint32_t order; /**< in which they stand in the scenario */
  const GsDistribution *latency;
} Latency;

static int compare_latencies(gconstpointer one, gconstpointer other) {
  const Latency *a = one, *b = other;
  if (a->link.a != b->link.a)
    return a->link.a < b->link.a ? -1 : 1;
  if (a->link.b != b->link.b)
    return a->link.b < b->link.b ? -1 : 1;
  if (a->from_ns != b->from_ns)
    return a->from_ns < b->from_ns ? -1 : 1;
  return (a->order > b->order) - (a->order < b->order);
}

static void add_latency(GArray *list, const GsScenarioLink *link, int64_t from_ns,
                        const GsDistribution *latency) {
  Latency one = {{MIN(link->a, link->b), MAX(link->a, link->b)}, from_ns, list->len, latency};
  g_array_append_val(list, one);
}

/** Of all links, those of the schedule too: the first of each is what it begins with. */
static GArray *list_latencies(const GsScenario *scenario) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(Latency));
  guint next = 0;
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    const GsOwnNetwork *own = next < scenario->own_networks->len
                                  ? &g_array_index(scenario->own_networks, GsOwnNetwork, next)
                                  : NULL;
    bool is_own = own && own->link == i;
    add_latency(list, &scenario->links[i], INT64_MIN,
                is_own ? &own->network.latency : &scenario->latency);
    next += is_own;
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->kind == GS_DO_ADD_SIBLING)
      add_latency(list, &entry->link, entry->at_ns,
                  entry->own_network ? &entry->own_network->latency : &scenario->latency);
  }
  g_array_sort(list, compare_latencies);
  return list;
}

/** Whether it is what a link has of which a scenario says nothing. */
static bool is_usual(const GsDistribution *latency) {
  return latency->kind == GS_DISTRIBUTION_CONSTANT && latency->a == (double)GS_LATENCY_USUAL_NS;
}

/**
 * "50ms" for each link of the graph, NULL for one that is drawn; free with g_ptr_array_unref. NULL:
 * all are as usual.
 */
static GPtrArray *latencies_of(const GsScenario *scenario, const GsGraph *graph) {
  g_autoptr(GArray) list = list_latencies(scenario);
  g_autoptr(GPtrArray) texts = g_ptr_array_new_full(graph->links, g_free);
  bool usual = true;
  guint at = 0;
  for (uint32_t i = 0; i < graph->links; i++) {
    Latency sought = {.link = graph->edges[i], .from_ns = INT64_MIN};
    while (compare_latencies(&g_array_index(list, Latency, at), &sought) < 0)
      at++;
    const GsDistribution *latency = g_array_index(list, Latency, at).latency;
    usual &= is_usual(latency);
    g_ptr_array_add(texts, latency->kind == GS_DISTRIBUTION_CONSTANT
                               ? gs_duration_format((int64_t)latency->a)
                               : NULL);
  }
  return usual ? NULL : g_steal_pointer(&texts);
}

void gs_export_dot(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                   GString *out) {
  g_autoptr(GPtrArray) latencies = latencies_of(scenario, graph);
  if (left_out)
    g_string_append_printf(out, "// Not in here: %s\n", left_out);
  g_string_append(out, "graph {\n  label=");
  append_dot(out, scenario->name);
  g_string_append(out, ";\n");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(out, "  n%u [label=", i);
    append_dot(out, node->name);
    g_string_append_printf(out, ", production=%" PRId64 ", consumption=%" PRId64 "];\n",
                           node->production, node->consumption);
  }
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latencies ? latencies->pdata[i] : NULL;
    g_string_append_printf(out, "  n%u -- n%u", graph->edges[i].a, graph->edges[i].b);
    if (latency)
      g_string_append_printf(out, " [latency=\"%s\"]", latency);
    g_string_append(out, ";\n");
  }
  g_string_append(out, "}\n");
}

static void append_graphml_head(const char *left_out, GString *out) {
  g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  if (left_out)
    g_string_append_printf(out, "<!-- Not in here: %s -->\n", left_out);
  g_string_append(out,
                  "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                  "  <key id=\"n\" for=\"graph\" attr.name=\"name\" attr.type=\"string\"/>\n"
                  "  <key id=\"l\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
                  "  <key id=\"p\" for=\"node\" attr.name=\"production\" attr.type=\"long\"/>\n"
                  "  <key id=\"c\" for=\"node\" attr.name=\"consumption\" attr.type=\"long\"/>\n");
}

void gs_export_graphml(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                       GString *out) {
  g_autoptr(GPtrArray) latencies = latencies_of(scenario, graph);
  append_graphml_head(left_out, out);
  if (latencies)
    g_string_append(out,
                    "  <key id=\"t\" for=\"edge\" attr.name=\"latency\" attr.type=\"string\"/>\n");
  g_string_append(out, "  <graph id=\"G\" edgedefault=\"undirected\">\n    <data key=\"n\">");
  gs_xml_append(out, scenario->name);
  g_string_append(out, "</data>\n");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(out, "    <node id=\"n%u\"><data key=\"l\">", i);
    gs_xml_append(out, node->name);
    g_string_append_printf(
        out, "</data><data key=\"p\">%" PRId64 "</data><data key=\"c\">%" PRId64 "</data></node>\n",
        node->production, node->consumption);
  }
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latencies ? latencies->pdata[i] : NULL;
    g_string_append_printf(out, "    <edge source=\"n%u\" target=\"n%u\"", graph->edges[i].a,
                           graph->edges[i].b);
    if (latency)
      g_string_append_printf(out, "><data key=\"t\">%s</data></edge>\n", latency);
    else
      g_string_append(out, "/>\n");
  }
  g_string_append(out, "  </graph>\n</graphml>\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_export.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "sim/base/csv_text.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/base/xml_text.h"

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

/* ---- What all forms have ---- */

typedef struct {
  const GsScenario *scenario;
  const GsGraph *graph;
  GPtrArray *latencies; /**< see latencies_of */
} Export;

static void begin(Export *export, const GsScenario *scenario, const GsGraph *graph) {
  *export = (Export){scenario, graph, latencies_of(scenario, graph)};
}

static void clear_export(Export *export) {
  g_clear_pointer(&export->latencies, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, clear_export)

static const char *latency_of(const Export *export, uint32_t link) {
  return export->latencies ? export->latencies->pdata[link] : NULL;
}

/** "longitude" and "latitude", or "x" and "y"; NULL: there are no places. */
static const char *place_name(const Export *export, guint axis) {
  static const char *const names[2][2] = {{"x", "y"}, {"longitude", "latitude"}};
  const GsPlaces *places = export->scenario->places;
  return places ? names[places->kind == GS_PLACES_ON_EARTH][axis] : NULL;
}

/** One of them as it was, y upwards; NULL: the node has no place. Free with g_free. */
static char *place_text(const Export *export, uint32_t node, guint axis) {
  const GsPlaces *places = export->scenario->places;
  if (!places || isnan(places->x[node]))
    return NULL;
  bool turned = axis == 1 && places->kind == GS_PLACES_DOWNWARD;
  double value = (axis == 0 ? places->x : places->y)[node];
  return gs_format_number(turned && value != 0 ? -value : value);
}

/* ---- DOT ---- */

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

static void append_dot_node(const Export *export, uint32_t index, GString *out) {
  const GsScenarioNode *node = &export->scenario->nodes[index];
  g_string_append_printf(out, "  n%u [label=", index);
  append_dot(out, node->name);
  g_string_append_printf(out, ", production=%" PRId64 ", consumption=%" PRId64, node->production,
                         node->consumption);
  for (guint axis = 0; axis < 2; axis++) {
    g_autofree char *place = place_text(export, index, axis);
    if (place)
      g_string_append_printf(out, ", %s=\"%s\"", place_name(export, axis), place);
  }
  g_string_append(out, "];\n");
}

void gs_export_dot(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                   GString *out) {
  g_auto(Export) export;
  begin(&export, scenario, graph);
  if (left_out)
    g_string_append_printf(out, "// Not in here: %s\n", left_out);
  g_string_append(out, "graph {\n  label=");
  append_dot(out, scenario->name);
  g_string_append(out, ";\n  unit=");
  append_dot(out, scenario->unit);
  g_string_append(out, ";\n");
  for (uint32_t i = 0; i < graph->nodes; i++)
    append_dot_node(&export, i, out);
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latency_of(&export, i);
    g_string_append_printf(out, "  n%u -- n%u", graph->edges[i].a, graph->edges[i].b);
    if (latency)
      g_string_append_printf(out, " [latency=\"%s\"]", latency);
    g_string_append(out, ";\n");
  }
  g_string_append(out, "}\n");
}

/* ---- GraphML ---- */

static void append_graphml_head(const Export *export, const char *left_out, GString *out) {
  g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  if (left_out)
    g_string_append_printf(out, "<!-- Not in here: %s -->\n", left_out);
  g_string_append(out,
                  "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                  "  <key id=\"n\" for=\"graph\" attr.name=\"name\" attr.type=\"string\"/>\n"
                  "  <key id=\"u\" for=\"graph\" attr.name=\"unit\" attr.type=\"string\"/>\n"
                  "  <key id=\"l\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
                  "  <key id=\"p\" for=\"node\" attr.name=\"production\" attr.type=\"long\"/>\n"
                  "  <key id=\"c\" for=\"node\" attr.name=\"consumption\" attr.type=\"long\"/>\n");
  for (guint axis = 0; axis < 2 && export->scenario->places; axis++)
    g_string_append_printf(out,
                           "  <key id=\"%s\" for=\"node\" attr.name=\"%s\" "
                           "attr.type=\"double\"/>\n",
                           axis == 0 ? "x" : "y", place_name(export, axis));
  if (export->latencies)
    g_string_append(out,
                    "  <key id=\"t\" for=\"edge\" attr.name=\"latency\" attr.type=\"string\"/>\n");
}

static void append_graphml_node(const Export *export, uint32_t index, GString *out) {
  const GsScenarioNode *node = &export->scenario->nodes[index];
  g_string_append_printf(out, "    <node id=\"n%u\"><data key=\"l\">", index);
  gs_xml_append(out, node->name);
  g_string_append_printf(
      out, "</data><data key=\"p\">%" PRId64 "</data><data key=\"c\">%" PRId64 "</data>",
      node->production, node->consumption);
  for (guint axis = 0; axis < 2; axis++) {
    g_autofree char *place = place_text(export, index, axis);
    if (place)
      g_string_append_printf(out, "<data key=\"%s\">%s</data>", axis == 0 ? "x" : "y", place);
  }
  g_string_append(out, "</node>\n");
}

void gs_export_graphml(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                       GString *out) {
  g_auto(Export) export;
  begin(&export, scenario, graph);
  append_graphml_head(&export, left_out, out);
  g_string_append(out, "  <graph id=\"G\" edgedefault=\"undirected\">\n    <data key=\"n\">");
  gs_xml_append(out, scenario->name);
  g_string_append(out, "</data><data key=\"u\">");
  gs_xml_append(out, scenario->unit);
  g_string_append(out, "</data>\n");
  for (uint32_t i = 0; i < graph->nodes; i++)
    append_graphml_node(&export, i, out);
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latency_of(&export, i);
    g_string_append_printf(out, "    <edge source=\"n%u\" target=\"n%u\"", graph->edges[i].a,
                           graph->edges[i].b);
    if (latency)
      g_string_append_printf(out, "><data key=\"t\">%s</data></edge>\n", latency);
    else
      g_string_append(out, "/>\n");
  }
  g_string_append(out, "  </graph>\n</graphml>\n");
}

/* ---- GML ---- */

/** In quotes; what is no plain ASCII, and what would end the text, as an entity. */
static void append_gml(GString *out, const char *text) {
  g_string_append_c(out, '"');
  for (const char *at = text; *at; at += g_utf8_skip[(guchar)*at]) {
    gunichar c = g_utf8_get_char(at);
    if (c < 0x80 && c != '"' && c != '&')
      g_string_append_c(out, (char)c);
    else
      g_string_append_printf(out, "&#%u;", c);
  }
  g_string_append_c(out, '"');
}

void gs_export_gml(const GsScenario *scenario, const GsGraph *graph, const char *left_out,
                   GString *out) {
  g_auto(Export) export;
  begin(&export, scenario, graph);
  if (left_out)
    g_string_append_printf(out, "# Not in here: %s\n", left_out);
  g_string_append(out, "graph [\n  directed 0\n  label ");
  append_gml(out, scenario->name);
  g_string_append(out, "\n  unit ");
  append_gml(out, scenario->unit);
  g_string_append_c(out, '\n');
  for (uint32_t i = 0; i < graph->nodes; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(out, "  node [ id %u label ", i);
    append_gml(out, node->name);
    g_string_append_printf(out, " production %" PRId64 " consumption %" PRId64, node->production,
                           node->consumption);
    for (guint axis = 0; axis < 2; axis++) {
      g_autofree char *place = place_text(&export, i, axis);
      if (place)
        g_string_append_printf(out, " %s %s", place_name(&export, axis), place);
    }
    g_string_append(out, " ]\n");
  }
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latency_of(&export, i);
    g_string_append_printf(out, "  edge [ source %u target %u", graph->edges[i].a,
                           graph->edges[i].b);
    if (latency)
      g_string_append_printf(out, " latency \"%s\"", latency);
    g_string_append(out, " ]\n");
  }
  g_string_append(out, "]\n");
}

/* ---- CSV ---- */

void gs_export_csv_links(const GsScenario *scenario, const GsGraph *graph, GString *out) {
  g_auto(Export) export;
  begin(&export, scenario, graph);
  g_string_append(out, export.latencies ? "from,to,latency\n" : "from,to\n");
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *latency = latency_of(&export, i);
    gs_csv_append_foreign(out, scenario->nodes[graph->edges[i].a].name);
    g_string_append_c(out, ',');
    gs_csv_append_foreign(out, scenario->nodes[graph->edges[i].b].name);
    if (export.latencies)
      g_string_append_printf(out, ",%s", latency ? latency : "");
    g_string_append_c(out, '\n');
  }
}

void gs_export_csv_nodes(const GsScenario *scenario, const GsGraph *graph, GString *out) {
  g_auto(Export) export;
  begin(&export, scenario, graph);
  g_string_append(out, "id,production,consumption");
  for (guint axis = 0; axis < 2 && scenario->places; axis++)
    g_string_append_printf(out, ",%s", place_name(&export, axis));
  g_string_append_c(out, '\n');
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    gs_csv_append_foreign(out, node->name);
    g_string_append_printf(out, ",%" PRId64 ",%" PRId64, node->production, node->consumption);
    for (guint axis = 0; axis < 2 && scenario->places; axis++) {
      g_autofree char *place = place_text(&export, i, axis);
      g_string_append_printf(out, ",%s", place ? place : "");
    }
    g_string_append_c(out, '\n');
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_text.h"

#include <math.h>

#include "core/cost.h"
#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"
#include "sim/report/warnings.h"
#include "sim/report/words.h"
#include "sim/topology/adjacency.h"

/** Most rows of a distribution; longer ones say little. */
#define CLASSES_MAX 12

static int by_size(gconstpointer a, gconstpointer b) {
  uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
  return one < other ? -1 : one > other;
}

/** Sorts the values. */
static GArray *classes_of(uint32_t *values, uint32_t count) {
  GArray *classes = g_array_new(FALSE, FALSE, sizeof(GsGraphClass));
  qsort(values, count, sizeof *values, by_size);
  for (uint32_t i = 0; i < count; i++) {
    GsGraphClass *last =
        classes->len ? &g_array_index(classes, GsGraphClass, classes->len - 1) : NULL;
    if (last && last->size == values[i]) {
      last->count++;
    } else {
      GsGraphClass first = {values[i], 1};
      g_array_append_val(classes, first);
    }
  }
  return classes;
}

/** In the largest island. */
static void count_messages(GsGraphReport *report, const uint32_t *component, const uint32_t *sizes,
                           uint32_t components) {
  const GsGraph *graph = report->graph;
  g_autofree uint64_t *links = g_new0(uint64_t, MAX(components, 1));
  for (uint32_t i = 0; i < graph->links; i++)
    links[component[graph->edges[i].a]]++;
  for (uint32_t i = 0; i < components; i++)
    if (sizes[i] == report->facts.largest)
      report->island_links = MAX(report->island_links, links[i]);
  uint64_t nodes = report->facts.largest;
  report->flood_messages = gs_cost_flood(nodes, report->island_links);
  report->wave_messages = gs_cost_wave(nodes, report->island_links);
  report->update_messages = gs_cost_sync(nodes, report->island_links);
}

GsGraphReport *gs_graph_report_new(const GsScenario *scenario, const GsGraph *graph,
                                   GError **error) {
  g_autoptr(GsGraphReport) report = g_new0(GsGraphReport, 1);
  report->scenario = scenario;
  report->graph = graph;
  if (!gs_graph_facts(graph, &report->facts, error))
    return NULL;
  g_autoptr(GsAdjacency) adjacency = gs_adjacency_new(graph);
  g_autofree uint32_t *values = g_new(uint32_t, graph->nodes);
  g_autofree uint32_t *sizes = NULL;
  uint32_t components = gs_adjacency_components(adjacency, values, &sizes);
  count_messages(report, values, sizes, components);
  for (uint32_t i = 0; i < graph->nodes; i++)
    values[i] = gs_adjacency_degree(adjacency, i);
  report->degrees = classes_of(values, graph->nodes);
  report->islands = classes_of(sizes, components);
  return g_steal_pointer(&report);
}

void gs_graph_report_free(GsGraphReport *report) {
  if (!report)
    return;
  g_clear_pointer(&report->degrees, g_array_unref);
  g_clear_pointer(&report->islands, g_array_unref);
  g_free(report);
}

/** Four digits: "0.5858"; small ones stay as exact. */
static char *number(double value) {
  return g_strdup_printf("%.4g", value);
}

static void print_distances(const GsGraphReport *report, GsStyle style, GString *out) {
  const GsGraphFacts *facts = &report->facts;
  if (!facts->distances_known) {
    gs_print_fact(out, style, "distances", "not worked out: too many nodes and links");
    return;
  }
  if (isnan(facts->mean_distance)) {
    gs_print_fact(out, style, "distances", "none: no node has a sibling");
    return;
  }
  g_autofree char *diameter = gs_text_count(facts->diameter);
  g_autofree char *radius = gs_text_count(facts->radius);
  g_autofree char *mean = number(facts->mean_distance);
  gs_print_fact(out, style, "distances", "diameter %s, radius %s, mean %s%s", diameter, radius,
                mean, facts->components > 1 ? "; diameter and radius of the largest island" : "");
}

static void print_facts(const GsGraphReport *report, GsStyle style, GString *out) {
  const GsGraphFacts *facts = &report->facts;
  g_autofree char *nodes = gs_text_plural(facts->nodes, "node");
  g_autofree char *links = gs_text_plural(facts->links, "link");
  g_autofree char *islands = gs_text_plural(facts->components, "island");
  g_autofree char *topology = gs_words_topology(report->scenario);
  gs_print_fact(out, style, "grid", "%s, %s, %s; %s", nodes, links, islands, topology);
  g_autofree char *places = gs_places_describe(report->scenario->places);
  if (places)
    gs_print_fact(out, style, "places", "%s", places);
  g_autofree char *min = gs_text_count(facts->degree_min);
  g_autofree char *max = gs_text_count(facts->degree_max);
  if (facts->degree_min == facts->degree_max)
    gs_print_fact(out, style, "siblings", "%s per node", min);
  else
    gs_print_fact(out, style, "siblings", "%s to %s per node, mean %.1f", min, max,
                  facts->degree_mean);
  print_distances(report, style, out);
  g_autofree char *clustering = number(facts->clustering);
  gs_print_fact(out, style, "clustering",
                "%s: the share of pairs of siblings that are siblings themselves", clustering);
  if (facts->nodes > 1) {
    g_autofree char *connectivity =
        isnan(facts->algebraic_connectivity) ? NULL : number(facts->algebraic_connectivity);
    gs_print_fact(out, style, "strength", "algebraic connectivity %s",
                  connectivity ? connectivity : "not worked out");
  }
}

static void print_classes(const GArray *classes, const char *heading, const char *size,
                          const char *count, GsStyle style, GString *out) {
  if (classes->len < 2 || classes->len > CLASSES_MAX)
    return;
  gs_print_section(heading, style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, size, true, 0);
  gs_table_column(table, count, true, 0);
  for (guint i = 0; i < classes->len; i++) {
    const GsGraphClass *class = &g_array_index(classes, GsGraphClass, i);
    gs_table_cell(table, gs_text_count(class->size), GS_STYLE_NONE);
    gs_table_cell(table, gs_text_count(class->count), GS_STYLE_NONE);
  }
  gs_table_print(table, style, out);
}

static void print_messages(const GsGraphReport *report, GsStyle style, GString *out) {
  static const char *const whats[] = {"one wave", "one flood", "one update of energy"};
  const uint64_t counts[] = {report->wave_messages, report->flood_messages,
                             report->update_messages};
  gs_print_section(report->facts.components > 1 ? "Messages in the largest island" : "Messages",
                   style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "what", false, 0);
  gs_table_column(table, "messages", true, 0);
  for (guint i = 0; i < G_N_ELEMENTS(whats); i++) {
    gs_table_cell(table, g_strdup(whats[i]), GS_STYLE_NONE);
    gs_table_cell(table,
                  counts[i] == UINT64_MAX ? g_strdup("beyond counting") : gs_text_count(counts[i]),
                  GS_STYLE_NONE);
  }
  gs_table_print(table, style, out);
}

void gs_graph_report_print(const GsGraphReport *report, GsStyle style, GString *out) {
  gs_print_heading(report->scenario->name, report->scenario->about, style, out);
  print_facts(report, style, out);
  print_classes(report->degrees, "Siblings", "siblings", "nodes", style, out);
  print_classes(report->islands, "Islands", "nodes", "islands", style, out);
  print_messages(report, style, out);
}

static void write_classes(GsJsonWriter *json, const char *key, const GArray *classes,
                          const char *size, const char *count) {
  gs_json_write_key(json, key);
  gs_json_begin_array(json);
  for (guint i = 0; i < classes->len; i++) {
    const GsGraphClass *class = &g_array_index(classes, GsGraphClass, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_int(json, size, class->size);
    gs_json_member_int(json, count, class->count);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_count(GsJsonWriter *json, const char *key, bool known, uint64_t count) {
  gs_json_write_key(json, key);
  if (known)
    gs_json_write_int(json, (int64_t)count);
  else
    gs_json_write_null(json);
}

void gs_graph_report_write(const GsGraphReport *report, GsJsonWriter *json) {
  const GsGraphFacts *facts = &report->facts;
  const char *kind = gs_topology_kind_names[report->scenario->topology_kind];
  gs_json_begin_object(json);
  gs_json_member_string(json, "name", report->scenario->name);
  gs_json_member_string(json, "kind", kind);
  g_autofree char *topology = gs_words_topology(report->scenario);
  gs_json_member_string(json, "topology", topology);
  g_autofree char *places = gs_places_describe(report->scenario->places);
  gs_json_member_string(json, "places", places);
  gs_json_member_int(json, "nodes", facts->nodes);
  gs_json_member_int(json, "links", facts->links);
  gs_json_member_int(json, "islands", facts->components);
  gs_json_member_int(json, "largest_island", facts->largest);
  gs_json_member_int(json, "siblings_min", facts->degree_min);
  gs_json_member_int(json, "siblings_max", facts->degree_max);
  gs_json_member_double(json, "siblings_mean", facts->degree_mean);
  /* A graph in several islands has none: no way leads from one to the other. */
  bool whole = facts->distances_known && facts->components == 1;
  write_count(json, "diameter", whole, facts->diameter);
  write_count(json, "radius", whole, facts->radius);
  write_count(json, "largest_island_diameter", facts->distances_known, facts->diameter);
  write_count(json, "largest_island_radius", facts->distances_known, facts->radius);
  gs_json_member_double(json, "mean_distance", facts->mean_distance);
  gs_json_member_double(json, "clustering", facts->clustering);
  gs_json_member_double(json, "algebraic_connectivity", facts->algebraic_connectivity);
  write_classes(json, "nodes_by_siblings", report->degrees, "siblings", "nodes");
  write_classes(json, "islands_by_nodes", report->islands, "nodes", "islands");
  gs_json_write_key(json, "messages");
  gs_json_begin_object(json);
  write_count(json, "wave", true, report->wave_messages);
  write_count(json, "flood", true, report->flood_messages);
  write_count(json, "update", report->update_messages <= INT64_MAX, report->update_messages);
  gs_json_end_object(json);
  gs_warnings_write(json, report->scenario->warnings);
  gs_json_end_object(json);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sim/base/xml_text.h"
#include "sim/report/graph_export.h"
#include "sim/report/graph_svg.h"
#include "sim/report/graph_text.h"
#include "sim/report/scenario_export.h"
#include "sim/scenario/scenario_graph.h"
#include "tests/import_text.h"

static GsScenario *parse(const char *text) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "test.json", NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no error");
  return scenario;
}

static void assert_same(const GsGraph *one, const GsGraph *other) {
  cr_assert_eq(one->nodes, other->nodes);
  cr_assert_eq(one->links, other->links);
  cr_assert_arr_eq(one->edges, other->edges, one->links * sizeof(GsEdge));
  for (uint32_t i = 0; i < one->nodes; i++)
    cr_assert_str_eq(one->labels[i], other->labels[i]);
}

Test(graph_report, exports_graphml_and_scenarios_that_read_back_as_they_were) {
  static const char *const texts[] = {
      ("{\"nodes\": [{\"name\": \"<&>\\\"' ]]>\"}, {\"name\": \"\\\\ \u00fc\"}, {\"name\": \"x\"}],"
       " \"links\": [[\"x\", \"<&>\\\"' ]]>\"]]}"),
      "{\"topology\": {\"kind\": \"barabasi-albert\", \"nodes\": 60}}",
      "{\"topology\": {\"kind\": \"erdos-renyi\", \"nodes\": 50, \"p\": 0.03}}",
      "{\"topology\": {\"kind\": \"line\", \"nodes\": 1}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GsScenario) scenario = parse(texts[i]);
    g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
    g_autoptr(GString) graphml = g_string_new(NULL), json = g_string_new(NULL);
    gs_export_graphml(scenario, graph, NULL, graphml);
    cr_assert(gs_export_scenario(scenario, texts[i], strlen(texts[i]), NULL, 0, json, NULL));
    g_autoptr(GsGraph) back =
        import_bytes("back.graphml", GS_GRAPH_AUTO, graphml->str, graphml->len, NULL);
    cr_assert(back, "%s", graphml->str);
    assert_same(graph, back);
    g_autoptr(GsScenario) again = parse(json->str);
    g_autoptr(GsGraph) listed = gs_scenario_graph(again);
    assert_same(graph, listed);
    cr_assert_eq(again->topology_kind, GS_TOPOLOGY_FILE);
  }
}

Test(graph_report, says_what_waves_and_updates_cost_in_the_largest_island) {
  static const struct {
    const char *text;
    uint64_t wave, flood, update;
  } cases[] = {
      {"{\"topology\": {\"kind\": \"ring\", \"nodes\": 4}}", 10, 5, 45},
      {"{\"topology\": {\"kind\": \"line\", \"nodes\": 2}}", 2, 1, 5},
      {"{\"topology\": {\"kind\": \"line\", \"nodes\": 1}}", 0, 0, 0},
      {"{\"topology\": {\"kind\": \"complete\", \"nodes\": 7}}", 72, 36, 540},
      {"{\"nodes\": [{}, {}, {}, {}, {}, {}], \"links\": [[\"N1\", \"N2\"], [\"N4\", \"N5\"],"
       " [\"N5\", \"N6\"], [\"N4\", \"N6\"]]}",
       8, 4, 28},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = parse(cases[i].text);
    g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
    g_autoptr(GsGraphReport) report = gs_graph_report_new(scenario, graph, NULL);
    cr_assert_eq(report->wave_messages, cases[i].wave, "%s", cases[i].text);
    cr_assert_eq(report->flood_messages, cases[i].flood, "%s", cases[i].text);
    cr_assert_eq(report->update_messages, cases[i].update, "%s", cases[i].text);
  }
}

Test(graph_report, counts_nodes_by_siblings_and_islands_by_nodes) {
  g_autoptr(GsScenario) scenario =
      parse("{\"nodes\": [{}, {}, {}, {}, {}, {}], \"links\": [[\"N1\", \"N2\"], [\"N4\", \"N5\"],"
            " [\"N5\", \"N6\"]]}");
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  g_autoptr(GsGraphReport) report = gs_graph_report_new(scenario, graph, NULL);
  static const GsGraphClass degrees[] = {{0, 1}, {1, 4}, {2, 1}},
                            islands[] = {{1, 1}, {2, 1}, {3, 1}};
  cr_assert_eq(report->degrees->len, 3);
  cr_assert_arr_eq(report->degrees->data, degrees, sizeof degrees);
  cr_assert_eq(report->islands->len, 3);
  cr_assert_arr_eq(report->islands->data, islands, sizeof islands);
}

Test(graph_report, escapes_what_xml_cannot_hold) {
  g_autoptr(GString) out = g_string_new(NULL);
  gs_xml_append(out, "a<b>&\"c\x01\x1b[0m\xff\xef\xbf\xbf \u00e9\n");
  cr_assert_str_eq(out->str, "a&lt;b&gt;&amp;&quot;c\ufffd\ufffd[0m\ufffd\ufffd \u00e9\n");
}

static guint count_of(const char *text, const char *part) {
  guint count = 0;
  for (const char *at = text; (at = strstr(at, part)); at++)
    count++;
  return count;
}

Test(graph_report, draws_every_node_and_link_and_names_where_they_are_few) {
  for (uint32_t nodes = 59; nodes <= 62; nodes++) {
    g_autofree char *text =
        g_strdup_printf("{\"topology\": {\"kind\": \"ring\", \"nodes\": %u}}", nodes);
    g_autoptr(GsScenario) scenario = parse(text);
    g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
    g_autofree GsPoint *points = g_new(GsPoint, nodes);
    cr_assert(gs_graph_layout(graph, GS_TOPOLOGY_RING, 0, points, NULL));
    GsGraphPicture picture = {.graph = graph,
                              .kind = GS_TOPOLOGY_RING,
                              .points = points,
                              .title = "<t>",
                              .description = "d"};
    g_autoptr(GString) out = g_string_new(NULL);
    gs_graph_svg(&picture, out);
    cr_assert_eq(count_of(out->str, "<circle"), nodes);
    cr_assert_eq(count_of(strstr(out->str, " d=\""), "L"), nodes);
    cr_assert_eq(count_of(out->str, "<text"), nodes <= GS_SVG_LABELS_MAX ? nodes : 0);
    cr_assert(strstr(out->str, "<title>&lt;t&gt;</title>"));
    cr_assert_eq(count_of(out->str, "http"), 1, "only the name space");
  }
}

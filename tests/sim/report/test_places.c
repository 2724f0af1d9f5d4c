/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sim/report/graph_labels.h"
#include "sim/report/graph_svg.h"
#include "sim/scenario/scenario_graph.h"
#include "sim/topology/layout.h"
#include "tests/import_text.h"

static GsGraph *read_text(const char *text, GsGraphFormat format) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = import_text("places", format, text, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

static void assert_places(const GsGraph *graph, const char *words) {
  cr_assert(graph->places, "%s", words);
  g_autofree char *text = gs_places_describe(graph->places);
  cr_expect_str_eq(text, words);
}

static GsPoint *lay_out(const GsGraph *graph) {
  GsPoint *points = g_new(GsPoint, graph->nodes);
  cr_assert(gs_graph_layout(graph, GS_TOPOLOGY_FILE, 0, points, NULL));
  return points;
}

#define GRAPHML(keys, nodes)                                                                       \
  "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">" keys          \
  "<graph edgedefault=\"undirected\">" nodes "</graph></graphml>"
#define KEY(id, name, type)                                                                        \
  "<key id=\"" id "\" for=\"node\" attr.name=\"" name "\" attr.type=\"" type "\"/>"
#define NODE(id, a, b)                                                                             \
  "<node id=\"" id "\"><data key=\"a\">" a "</data><data key=\"b\">" b "</data></node>"

Test(places, latitudes_and_longitudes_of_graphml_are_read_however_they_are_written) {
  g_autoptr(GsGraph) graph =
      read_text(GRAPHML(KEY("a", "Longitude", "double") KEY("b", "Latitude", "double"),
                        NODE("v", "16.4", "48.2") NODE("w", "10", "59.9") "<node id=\"x\"/>"),
                GS_GRAPH_GRAPHML);
  assert_places(graph,
                "from the file (Longitude and Latitude), north is up; 1 of 3 nodes has none, "
                "and is drawn near its siblings");
  cr_expect_eq(graph->places->x[1], 10);
  cr_expect(isnan(graph->places->y[2]));
  g_autoptr(GsGraph) text =
      read_text(GRAPHML(KEY("a", "lon", "string") KEY("b", "lat", "string"),
                        NODE("v", "16.4", "48.2") NODE("w", "here", "59.9") NODE("x", "3", "95")),
                GS_GRAPH_GRAPHML);
  assert_places(
      text,
      "from the file (lon and lat), north is up; 2 of 3 nodes have none that can be used, and are "
      "drawn near their siblings");
  g_autoptr(GsGraph) flat = read_text(GRAPHML(KEY("a", "X", "int") KEY("b", "Y", "float"),
                                              NODE("v", "3", "4") NODE("w", "-5", "1e3")),
                                      GS_GRAPH_GRAPHML);
  assert_places(flat, "from the file (X and Y), north is up");
  g_autoptr(GsGraph) half =
      read_text(GRAPHML(KEY("a", "x", "double"), "<node id=\"v\"/>"), GS_GRAPH_GRAPHML);
  cr_expect_null(half->places);
}

Test(places, graphics_of_gml_are_read_and_grow_downwards) {
  g_autoptr(GsGraph) graph = read_text("# graphics [ x 9 ]\ngraph [ label \"graphics [\" node [ id "
                                       "7 graphics [ w 3 x 10.5 y 20 fill "
                                       "\"x\" ] ]\n node [ id 3 data [ graphics [ x 1 y 1 ] ] ] "
                                       "node [ id 5 graphics [ x -4 y 30 ] ]\n"
                                       " edge [ source 7 target 5 graphics [ x 5 y 5 ] ] ]",
                                       GS_GRAPH_GML);
  assert_places(graph,
                "from the file (graphics.x and graphics.y), y grows downwards; 1 of 3 nodes has "
                "none, and is drawn near its siblings");
  cr_expect_eq(graph->places->x[0], 10.5);
  cr_expect_eq(graph->places->y[2], 30);
  g_autoptr(GsGraph) plain =
      read_text("graph [ node [ id 1 longitude 3 latitude 4 graphics [ x 1 y "
                "2 ] ] node [ id 2 longitude 5 latitude 6 ] ]",
                GS_GRAPH_GML);
  assert_places(plain, "from the file (longitude and latitude), north is up");
  g_autoptr(GsGraph) none = read_text("graph [ node [ id 1 ] node [ id 2 ] ]", GS_GRAPH_GML);
  cr_expect_null(none->places);
}

static GsGraph *make_map(GsPlacesKind kind, uint32_t nodes, const double (*at)[2],
                         const GsEdge *edges, uint32_t links) {
  GsGraph *graph = g_new0(GsGraph, 1);
  double *x = g_new(double, nodes), *y = g_new(double, nodes);
  for (uint32_t i = 0; i < nodes; i++) {
    x[i] = at[i][0];
    y[i] = at[i][1];
  }
  *graph = (GsGraph){.nodes = nodes,
                     .links = links,
                     .edges = g_memdup2(edges, links * sizeof *edges),
                     .places = gs_places_new(kind, nodes, x, y, "x", "y")};
  return graph;
}

Test(places, a_map_has_north_up_and_is_not_cut_through_a_grid) {
  static const double towns[][2] = {{-0.1, 51.5}, {2.4, 48.9}, {-3.7, 40.4}, {18, 59.3}};
  g_autoptr(GsGraph) europe = make_map(GS_PLACES_ON_EARTH, 4, towns, NULL, 0);
  g_autofree GsPoint *at = lay_out(europe);
  cr_expect(at[3].y < at[0].y && at[0].y < at[1].y && at[1].y < at[2].y, "north is up");
  cr_expect(at[2].x < at[0].x && at[0].x < at[1].x && at[1].x < at[3].x, "east is right");
  static const double islands[][2] = {{178.4, -18.1}, {-175.2, -21.1}, {174.8, -36.8}, {185, -17}};
  g_autoptr(GsGraph) pacific = make_map(GS_PLACES_ON_EARTH, 4, islands, NULL, 0);
  g_autofree GsPoint *sea = lay_out(pacific);
  cr_expect(sea[2].x < sea[0].x && sea[0].x < sea[1].x, "across 180 degrees");
  cr_expect(fabs(sea[3].x - sea[1].x) < 0.02, "185 degrees east is 175 degrees west");
  g_autoptr(GsGraph) screen = make_map(GS_PLACES_DOWNWARD, 4, towns, NULL, 0);
  g_autofree GsPoint *down = lay_out(screen);
  cr_expect(down[3].y > down[0].y);
  g_autoptr(GsGraph) up = make_map(GS_PLACES_UPWARD, 4, towns, NULL, 0);
  g_autofree GsPoint *flat = lay_out(up);
  cr_expect(flat[3].y < flat[0].y);
}

Test(places, nodes_without_a_place_come_near_their_siblings_and_none_on_another) {
  static const GsEdge links[] = {{0, 4}, {1, 4}, {2, 5}, {5, 6}};
  const double none = (double)NAN;
  const double at[][2] = {{0, 0},       {2, 0},       {10, 9},      {10, 9},     {none, none},
                          {none, none}, {none, none}, {none, none}, {none, none}};
  g_autoptr(GsGraph) graph = make_map(GS_PLACES_UPWARD, 9, at, links, G_N_ELEMENTS(links));
  g_autofree GsPoint *points = lay_out(graph);
  for (uint32_t i = 0; i < 9; i++) {
    cr_expect(points[i].x >= 0 && points[i].x <= 1 && points[i].y >= 0 && points[i].y <= 1);
    for (uint32_t k = 0; k < i; k++)
      cr_expect(hypot(points[i].x - points[k].x, points[i].y - points[k].y) > 0.02, "%u on %u", i,
                k);
  }
  double left = hypot(points[4].x - points[0].x, points[4].y - points[0].y);
  double right = hypot(points[4].x - points[2].x, points[4].y - points[2].y);
  cr_expect(left < right / 2, "between its siblings");
  cr_expect(points[6].y < points[0].y, "a sibling of a sibling");
  cr_expect(points[7].y > points[0].y && points[8].y > points[0].y, "islands are below");
}

static GsScenario *load_with(const char *graph) {
  g_autofree char *folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "map.gml", NULL);
  g_autofree char *source = g_build_filename(folder, "test.json", NULL);
  const char *text = "{\"topology\": {\"file\": \"map.gml\"}}";
  cr_assert(g_file_set_contents(path, graph, -1, NULL));
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), source, NULL, 0, NULL);
  g_unlink(path);
  g_rmdir(folder);
  cr_assert(scenario);
  return scenario;
}

Test(places, a_scenario_keeps_them_or_says_why_not) {
  g_autoptr(GsScenario) scenario =
      load_with("graph [ node [ id 1 x 3 y 4 ] node [ id 2 x 5 y 6 ] ]");
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  cr_assert(graph->places);
  cr_expect_eq(graph->places->y[1], 6);
  cr_expect_eq(scenario->warnings ? scenario->warnings->len : 0, 0);
  g_autoptr(GsScenario) alike = load_with("graph [ node [ id 1 x 0 y 0 ] node [ id 2 x 0 y 0 ] ]");
  cr_expect_null(alike->places);
  cr_assert(alike->warnings && alike->warnings->len == 1);
  const GsWarning *warning = alike->warnings->pdata[0];
  cr_expect_str_eq(warning->kind, "not-used");
  cr_expect(strstr(warning->text, "(x and y) are not used: no two of them differ"));
}

Test(places, what_is_not_on_earth_is_said_and_why_nothing_is_drawn) {
  g_autoptr(GsScenario) off =
      load_with("graph [ node [ id 1 lon 3 lat 95 ] node [ id 2 lon 5 lat 6 ] "
                "node [ id 3 lon 5 lat 7 ] node [ id 4 ] ]");
  cr_assert(off->places && off->warnings && off->warnings->len == 1);
  const GsWarning *one = off->warnings->pdata[0];
  cr_expect(strstr(one->text, "a place that is not on Earth is not used: that of \"1\""));
  g_autofree char *described = gs_places_describe(off->places);
  cr_expect_str_eq(described,
                   "from the file (lon and lat), north is up; 2 of 4 nodes have none that can be "
                   "used, and are drawn near their siblings");
  g_autoptr(GsScenario) lone =
      load_with("graph [ node [ id 1 lon 3 lat 95 ] node [ id 2 lon 5 lat 6 ] "
                "node [ id 3 lon 400 lat 7 ] ]");
  cr_assert(!lone->places && lone->warnings && lone->warnings->len == 2);
  const GsWarning *some = lone->warnings->pdata[0], *why = lone->warnings->pdata[1];
  cr_expect(strstr(some->text, "2 places that are not on Earth are not used; the first is that of "
                               "\"1\""));
  cr_expect(
      strstr(why->text, "(lon and lat) are not used: only one node has one that can be used"));
}

Test(places, what_is_no_number_is_said) {
  g_autoptr(GsScenario) words =
      load_with("graph [ node [ id 1 x \"east\" y 4 ]\nnode [ id 2 x 5 y 6 ]\n"
                "node [ id 3 x 5 y \"nan\" ] node [ id 4 x 1 y \"?\" ]\n"
                "node [ id 5 x 1 y 1 ] ]");
  cr_assert(words->places && words->warnings && words->warnings->len == 2);
  const GsWarning *one = words->warnings->pdata[0], *two = words->warnings->pdata[1];
  cr_expect(strstr(one->text, "\"x\" of a node is no number, and its place is not used (line 1)"));
  cr_expect(strstr(two->text, "2 values of \"y\" of nodes are no numbers, and places with them are "
                              "not used (first in line 3)"));
}

/* ---- Names in pictures ---- */

Test(places, names_keep_off_nodes_and_each_other) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_LATTICE, .rows = 5, .columns = 6};
  g_autoptr(GsGraph) graph = gs_topology_make(&spec, NULL);
  g_autofree GsPoint *points = g_new(GsPoint, graph->nodes);
  g_autofree double *widths = g_new(double, graph->nodes);
  g_autofree GsLabelPlace *at = g_new(GsLabelPlace, graph->nodes);
  for (uint32_t i = 0; i < graph->nodes; i++) {
    points[i] = (GsPoint){150 * (i % 6), 150 * (i / 6)};
    widths[i] = i == 3 ? 0 : 110;
  }
  gs_labels_place(graph, points, 12, widths, 15, at);
  cr_expect_eq(at[3].width, 0);
  for (uint32_t i = 0; i < graph->nodes; i++)
    for (uint32_t k = 0; at[i].width > 0 && k < graph->nodes; k++) {
      double x = CLAMP(points[k].x, at[i].left, at[i].left + at[i].width);
      double y = CLAMP(points[k].y, at[i].top, at[i].top + at[i].height);
      cr_expect_geq(hypot(points[k].x - x, points[k].y - y), 12, "name %u on node %u", i, k);
      cr_expect_not(k < i && at[k].width > 0 && at[k].left < at[i].left + at[i].width &&
                        at[i].left < at[k].left + at[k].width &&
                        at[k].top < at[i].top + at[i].height &&
                        at[i].top < at[k].top + at[k].height,
                    "names %u and %u", i, k);
    }
}

Test(places, odd_names_are_shortened_and_whole_in_their_titles) {
  g_autofree char *longest = g_strnfill(199, 'w');
  g_autofree char *text = g_strdup_printf(
      "{\"nodes\": [{\"name\": \"%s\"}, {\"name\": \"<script>alert(1)</script>\"}, {\"name\": "
      "\"a\\u202eb\\u2066c\"}], \"links\": [[\"%s\", \"a\\u202eb\\u2066c\"]]}",
      longest, longest);
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse(text, strlen(text), "test.json", NULL, 0, NULL);
  cr_assert(scenario);
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  g_autofree GsPoint *points = lay_out(graph);
  GsGraphPicture picture = {
      .graph = graph, .kind = GS_TOPOLOGY_FILE, .points = points, .title = "t"};
  g_autoptr(GString) out = g_string_new(NULL);
  gs_graph_svg(&picture, out);
  g_autofree char *title = g_strdup_printf("<title>%s</title></circle>", longest);
  cr_expect(strstr(out->str, title));
  cr_expect(strstr(out->str, ">wwwwwwwwwwwwwww\u2026</text>"));
  cr_expect(strstr(out->str, ">&lt;script&gt;alert(\u2026</text>") ||
            strstr(out->str, ">&lt;script&gt;alert(1\u2026</text>"));
  cr_expect_null(strstr(out->str, "<script"));
  cr_expect(strstr(out->str, "<title>a b c</title>"));
  cr_expect_null(strstr(out->str, "\u202e"));
  cr_expect(strstr(out->str, "unicode-bidi: plaintext"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/import_text.h"

#define START "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
#define GRAPH "<graph edgedefault=\"undirected\">"
#define END "</graph></graphml>"
#define NODE(id) "<node id=\"" id "\"/>"
#define LINK(a, b) "<edge source=\"" a "\" target=\"" b "\"/>"
#define KEY(id, of, name, type)                                                                    \
  "<key id=\"" id "\" for=\"" of "\" attr.name=\"" name "\" attr.type=\"" type "\"/>"
#define DATA(id, value) "<data key=\"" id "\">" value "</data>"

/** "A|B: 0-1" of labels and links, and all notes behind it. */
static void assert_reads(const char *text, const char *expected, const char *notes) {
  g_autoptr(GsGraph) graph = import_good("net.graphml", text);
  g_autofree char *shown = links_shown(graph);
  g_autofree char *said = notes_of(graph);
  cr_expect_str_eq(shown, expected);
  cr_expect_str_eq(said, notes, "%s\n%s", said, notes);
}

static void assert_refused(const char *text, const char *message) {
  assert_import_fails("net.graphml", GS_GRAPH_GRAPHML, text, GS_ERROR_INPUT, message);
}

Test(import_graphml, nodes_are_called_by_their_labels_else_by_their_ids) {
  assert_reads(START KEY("d0", "node", "label", "string") GRAPH
               "<node id=\"0\"><data key=\"d0\">A &amp; <![CDATA[B]]></data></node>" NODE("1")
                   LINK("0", "1") END,
               "A & B|1: 0-1", "");
  assert_reads(START GRAPH NODE("3") NODE("1") NODE("101") NODE("205") LINK("3", "1")
                   LINK("1", "101") LINK("101", "205") END,
               "3|1|101|205: 0-1 1-2 2-3", "");
  /* An empty name is none, and one that another node has got a number. */
  assert_reads(START KEY("d1", "node", "name", "string") GRAPH
               "<node id=\"513\">" DATA("d1", "Dam") "</node><node id=\"515\"><data key=\"d1\"/>"
                                                     "</node>" NODE("left") "<node id=\"n4\">" DATA(
                                                         "d1", " Dam ") "</node>" END,
               "Dam|515|left|Dam (2):",
               "renamed 1: a name that another node has got a number behind it: \"Dam (2)\"\n");
  /* Cytoscape's. */
  assert_reads(START KEY("shared name", "node", "shared name", "string") GRAPH
               "<node id=\"62\">" DATA("shared name", "Mill") "</node>" END,
               "Mill:", "");
  /* A key without a name is called by its id, and an attribute that no one declared by its own. */
  assert_reads(START "<key id=\"label\" for=\"node\"/>" GRAPH "<node id=\"a\">" DATA(
                   "label", "Mill") "</node><node id=\"b\" label=\"Town\" size=\"3\"/>" END,
               "Mill|Town:", "not-used 1: \"size\" of nodes in the file is not used (line 1)\n");
}

Test(import_graphml, any_namespace_of_the_root_is_that_of_the_graph) {
  assert_reads("<graphml>" GRAPH NODE("a") NODE("b") LINK("a", "b") END, "a|b: 0-1", "");
  assert_reads("<g:graphml xmlns:g=\"http://graphml.graphdrawing.org/xmlns/1.0rc\"><g:graph>"
               "<g:node id=\"a\"/><g:node id=\"b\"/><g:edge source=\"a\" target=\"b\"/></g:graph>"
               "</g:graphml>",
               "a|b: 0-1", "");
  /* A namespace whose name is odd, and a prefix that no one declares, say nothing here. */
  assert_reads("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
               "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance \" xsi:schemaLocation=\"a "
               "b\">" GRAPH NODE("a") "<z:extra>x</z:extra>" END,
               "a:",
               "not-used 1: an element that GraphML has not in this place was left out, with all "
               "that is in it (line 1)\n");
  assert_reads(
      "<graphml xmlns=\"a\" xmlns:b=\"b\"><b:graph><b:node id=\"x\"/></b:graph>" GRAPH NODE("a")
          END,
      "a:",
      "not-used 1: an element that GraphML has not in this place was left out, with all "
      "that is in it (line 1)\n");
}

Test(import_graphml, types_and_names_of_unused_attributes_are_all_the_same) {
  assert_reads(START KEY("L", "node", "size", "integer") KEY("M", "node", "size", "string")
                   KEY("N", "edge", "size", "what ever") GRAPH
               "<node id=\"a\">" DATA("L", "1") "</node><node id=\"b\">" DATA(
                   "M", "x") "</node><edge source=\"a\" target=\"b\">" DATA("N", "7") "</edge>" END,
               "a|b: 0-1",
               "not-used 1: \"size\" of nodes in the file is not used (line 1)\n"
               "not-used 1: \"size\" of links in the file is not used (line 1)\n");
  /* A truth value is neither a name nor a number. */
  g_autoptr(GsGraph) graph = import_good(
      "net.graphml", START KEY("x", "node", "x", "boolean") KEY("y", "node", "y", "boolean") GRAPH
      "<node id=\"a\">" DATA("x", "true") DATA("y", "1") "</node>" END);
  g_autofree char *notes = notes_of(graph);
  cr_expect_null(graph->places);
  cr_expect_str_eq(notes,
                   "not-used 2: \"x\" and \"y\" of nodes in the file are not used (first in line "
                   "1)\n");
}

Test(import_graphml, energies_latencies_units_and_defaults_are_taken_as_they_are_written) {
  g_autofree char *text = g_strconcat(
      START, KEY("p", "node", "production", "int"),
      "<key id=\"c\" for=\"node\" attr.name=\"Consumption\"><desc>x</desc>",
      "<default> 1.50 </default></key>",
      "<key id=\"l\" for=\"edge\" attr.name=\"latency\"><default>10ms</default></key>",
      KEY("u", "graph", "unit", "string"), "<key id=\"n\" for=\"all\" attr.name=\"name\"/>", GRAPH,
      DATA("u", "MW"), DATA("n", "two"), "<node id=\"a\">", DATA("p", "20"), "</node>",
      "<node id=\"b\">", DATA("c", "much"), "</node>", NODE("c"),
      "<edge source=\"a\" target=\"b\">", DATA("l", "\n 50ms "), "</edge>", LINK("b", "c"), END,
      NULL);
  g_autoptr(GsGraph) graph = import_good("net.graphml", text);
  cr_assert(graph->production && graph->consumption && graph->latencies);
  g_autofree char *made = gs_decimal_text(graph->production[0]);
  g_autofree char *used = gs_decimal_text(graph->consumption[0]);
  cr_expect_str_eq(made, "20");
  cr_expect_str_eq(used, "1.5");
  cr_expect_eq(graph->production[1].state, GS_DECIMAL_NONE);
  cr_expect_eq(graph->consumption[1].state, GS_DECIMAL_NO_NUMBER);
  cr_expect_eq(graph->consumption[2].state, GS_DECIMAL_NUMBER);
  cr_expect_str_eq((const char *)graph->latencies->pdata[0], "50ms");
  cr_expect_str_eq((const char *)graph->latencies->pdata[1], "10ms");
  cr_expect_str_eq(graph->unit, "MW");
  cr_expect_str_eq(graph->name, "two");
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(notes, "");
}

Test(import_graphml, defaults_stand_for_names_places_and_what_is_said_of_the_graph) {
  g_autoptr(GsGraph) graph = import_good(
      "net.graphml",
      START "<key id=\"x\" attr.name=\"x\"><default>3</default></key>" KEY(
          "y", "node", "y",
          "int") "<key id=\"n\" for=\"node\" attr.name=\"name\"><default>Mill</default></key>"
                 "<key id=\"g\" for=\"graph\" "
                 "attr.name=\"label\"><default>net</default></key>" GRAPH
                 "<node id=\"a\">" DATA("y", "1") "</node><node id=\"b\">" DATA("y", "2")
                     DATA("x", "4") DATA("n", "Town") "</node>" END);
  cr_expect_str_eq(graph->labels[0], "Mill");
  cr_expect_str_eq(graph->labels[1], "Town");
  cr_expect_str_eq(graph->name, "net");
  cr_assert(graph->places);
  cr_expect_eq(graph->places->x[0], 3);
  cr_expect_eq(graph->places->x[1], 4);
}

Test(import_graphml, keys_may_be_declared_behind_their_data_and_twice_is_said) {
  assert_reads(START GRAPH "<node id=\"a\">" DATA("k", "Mill")
                   DATA("z", "1") "</node></graph>" KEY("k", "node", "label", "string")
                       KEY("k", "node", "size", "string") "</graphml>",
               "Mill:",
               "not-used 1: <data> with a key that no <key> declares was left out (line 1)\n"
               "not-used 1: a <key> with an id that another has, too, was left out (line 1)\n");
}

Test(import_graphml, directions_are_not_used_and_what_became_one_is_said) {
  assert_reads(START "<graph edgedefault=\"directed\">" NODE("a") NODE("b") NODE("c") LINK("a", "b")
                   LINK("b", "a") LINK("a", "b") LINK("c", "c") END,
               "a|b|c: 0-1",
               "directed 1: the links of the file have a direction, which is not used: links here "
               "go both ways\n"
               "links-merged 1: a link that is there in the other direction, too, became one with "
               "it (line 1)\n"
               "links-merged 1: a repeated link was left out (line 1)\n"
               "loops-dropped 1: a link of a node to itself was left out (line 1)\n");
  /* What a link itself says counts more. */
  assert_reads(START "<graph edgedefault=\"directed\">" NODE("a")
                   NODE("b") "<edge source=\"a\" target=\"b\" directed=\"false\"/>" END,
               "a|b: 0-1", "");
}

Test(import_graphml, graphs_in_nodes_are_read_and_further_graphs_are_left_out) {
  assert_reads(START GRAPH NODE(
                   "0") "\n<node id=\"1\"><graph edgedefault=\"directed\" id=\"1:\">" NODE("1::0")
                   NODE("1::1") LINK("1::0", "1::1") "</graph></node>" LINK(
                       "0", "1::1") "</graph>" GRAPH NODE("0") NODE("9") END,
               "0|1|1::0|1::1: 0-3 2-3",
               "not-used 1: a further graph of the file was left out (line 2)\n"
               "groups 1: a node that holds a graph (a group) is a node beside those that it "
               "holds (line 2)\n"
               "directed 1: the links of the file have a direction, which is not used: links here "
               "go both ways\n");
  assert_reads("<graphml><graph/>" GRAPH NODE("a") END, "a:", "");
}

Test(import_graphml, hyperedges_become_links_and_ports_are_left) {
  assert_reads(
      START GRAPH "<node id=\"a\"><port name=\"p\"/></node>" NODE("b") NODE(
          "c") "<hyperedge><endpoint node=\"a\" port=\"p\"/><endpoint node=\"c\"/>"
               "<endpoint node=\"b\"/></hyperedge><hyperedge><endpoint node=\"a\"/></hyperedge>"
               "<edge source=\"a\" sourceport=\"p\" target=\"b\"/>" END,
      "a|b|c: 0-1 0-2 1-2",
      "hyperedges 1: a hyperedge became links between each two of its nodes (line 1)\n"
      "hyperedges 1: a hyperedge of fewer than two nodes was left out (line 1)\n"
      "not-used 1: a port of a node is not used (line 1)\n"
      "not-used 2: 2 links to ports of nodes are ones to the nodes (first in line 1)\n"
      "links-merged 1: a repeated link was left out (line 1)\n");
  g_autoptr(GString) large = g_string_new(START GRAPH "<hyperedge>\n");
  for (guint i = 0; i < 101; i++)
    g_string_append_printf(large, "<endpoint node=\"%u\"/>", i);
  assert_refused(large->str, "net.graphml:2: a hyperedge of more than 100 nodes; at most so many "
                             "are allowed, since it becomes links between each two of them");
}

#define YED                                                                                        \
  "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "                                      \
  "xmlns:y=\"http://www.yworks.com/xml/graphml\"><key for=\"node\" id=\"d6\" "                     \
  "yfiles.type=\"nodegraphics\"/><key for=\"edge\" id=\"d10\" yfiles.type=\"edgegraphics\"/>"      \
  "<key for=\"graphml\" id=\"d7\" yfiles.type=\"resources\"/>" KEY("d5", "node", "label",          \
                                                                   "string")

Test(import_graphml, labels_and_places_of_yed_are_read_from_its_drawings) {
  static const char text[] = YED GRAPH "<node id=\"n0\">" DATA(
      "d5",
      "own") "<data key=\"d6\"><y:ShapeNode>"
             "<y:Geometry height=\"30.0\" width=\"20.0\" x=\"0\" y=\"5\"/><y:Fill "
             "color=\"#FFCC00\"/>"
             "<y:NodeLabel "
             "fontSize=\"12\">Mill<y:LabelModel><y:SmartNodeLabelModel/></y:LabelModel>"
             "</y:NodeLabel><y:NodeLabel>further</y:NodeLabel></y:ShapeNode></data></node>"
             "<node id=\"n1\"><data key=\"d6\"><y:GenericNode configuration=\"x\">"
             "<y:Geometry height=\"10\" width=\"10\" x=\"100\" y=\"40\"/><y:NodeLabel>Town\nHall"
             "</y:NodeLabel></y:GenericNode></data></node><edge source=\"n0\" target=\"n1\">"
             "<data "
             "key=\"d10\"><y:PolyLineEdge><y:EdgeLabel>line</y:EdgeLabel></y:PolyLineEdge></data>"
             "</edge></graph><data key=\"d7\"><y:Resources/></data></graphml>";
  g_autoptr(GsGraph) graph = import_good("net.graphml", text);
  cr_expect_str_eq(graph->labels[0], "Mill");
  cr_expect_str_eq(graph->labels[1], "Town Hall");
  cr_assert(graph->places);
  cr_expect_eq(graph->places->kind, GS_PLACES_DOWNWARD);
  cr_expect_eq(graph->places->x[0], 10);
  cr_expect_eq(graph->places->y[0], 20);
  cr_expect_eq(graph->places->x[1], 105);
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(
      notes,
      "not-used 2: of how 2 nodes are drawn only their labels and their places are used (first in "
      "line 1)\n"
      "not-used 1: a further label of a node was left out (line 1)\n"
      "not-used 1: \"label\" of nodes in the file is not used (line 1)\n"
      "not-used 2: \"EdgeLabel\" and \"edgegraphics\" of links in the file are not used (first in "
      "line 2)\n");
  /* Later programs of its maker write the same otherwise. */
  assert_reads("<graphml xmlns=\"g\" xmlns:x=\"x\" xmlns:y=\"y\"><key id=\"d0\" for=\"node\" "
               "attr.name=\"NodeLabels\"/>" GRAPH "<node id=\"n0\"><data key=\"d0\"><x:List>"
               "<y:Label><y:Label.Text>Mill</y:Label.Text></y:Label></x:List></data></node>"
               "<node id=\"n1\"><data key=\"d0\"><x:List><y:Label Text=\"Town\"/></x:List></data>"
               "</node>" END,
               "Mill|Town:",
               "not-used 2: of how 2 nodes are drawn only their labels and their places are used "
               "(first in line 1)\n");
}

Test(import_graphml, places_are_read_by_the_names_of_attributes) {
  g_autoptr(GsGraph) graph = import_good(
      "net.graphml",
      START KEY("a", "node", "Longitude", "double") KEY("b", "node", "Latitude", "double")
          KEY("i", "node", "id", "int") GRAPH "<node id=\"0\">" DATA("a", "-74.00597")
              DATA("b", "40.71427") DATA("i", "0") "</node>" NODE("1") END);
  cr_assert(graph->places);
  cr_expect_eq(graph->places->kind, GS_PLACES_ON_EARTH);
  cr_expect_float_eq(graph->places->x[0], -74.00597, 1e-9);
  cr_expect(isnan(graph->places->y[1]));
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(notes, "", "its id once more says nothing");
}

Test(import_graphml, encodings_are_those_that_the_file_says) {
  assert_reads("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><graphml>" GRAPH
               "<node id=\"M\xfchle\"/>" END,
               "M\u00fchle:", "");
  assert_reads("\xef\xbb\xbf<graphml>" GRAPH "<node id=\"M\u00fchle &#x5a;\"/>" END,
               "M\u00fchle Z:", "");
  assert_refused(
      "<?xml version=\"1.0\" encoding=\"UTF-7\"?><graphml>" GRAPH NODE("a") END,
      "net.graphml:1: says that its encoding is \"utf-7\", which is not read; convert it "
      "to UTF-8, and say so in its first line");
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph =
      import_text("net.graphml", GS_GRAPH_AUTO, "<graphml>\n<node id=\"M\xfchle\"/>", &error);
  cr_assert_null(graph);
  cr_expect(g_str_has_prefix(error->message, "net.graphml:2: is no XML that can be read: Input is "
                                             "not proper UTF-8"),
            "%s", error->message);
}

Test(import_graphml, what_is_wrong_is_said_with_its_line) {
  assert_refused(START GRAPH NODE("mill") "\n" LINK("mill", "tow") "\n" LINK("mill", "to") END,
                 "net.graphml:2: a link ends at \"tow\", and no node has that id; nor has any node "
                 "1 more of the ids that links end at");
  assert_refused(START GRAPH NODE("a") "\n\n" NODE("a") END,
                 "net.graphml:3: a second node with the id \"a\"; ids must be unique");
  assert_refused(START GRAPH "\n<node/>" END,
                 "net.graphml:2: <node> has no \"id\", and must have it");
  assert_refused(START GRAPH NODE("a") "\n<edge source=\"a\"/>" END,
                 "net.graphml:2: <edge> has no \"target\", and must have it");
  assert_refused(START GRAPH "</graph>\n</graph></graphml>",
                 "net.graphml:2: is no XML that can be read: Opening and ending tag mismatch: "
                 "graphml line 1 and graph");
  assert_refused("<graphs><graphml/></graphs>",
                 "net.graphml:1: begins with the element \"graphs\"; GraphML begins with "
                 "\"graphml\"");
  assert_refused(START END, "net.graphml:1: is no XML that can be read: Opening and ending tag "
                            "mismatch: graphml line 1 and graph");
  assert_refused(START GRAPH END, "net.graphml: has no nodes; must have at least one");
  assert_refused("<graphml>\n", "net.graphml:1: is cut off: it ends within 1 element");
  assert_refused(START GRAPH NODE("a"), "net.graphml:1: is cut off: it ends within 2 elements");
  assert_refused(START GRAPH "<node id=\"a", "net.graphml:1: is no XML that can be read: AttValue: "
                                             "' expected");
  assert_refused("<graphml/>x", "net.graphml:1: is no XML that can be read: Extra content at the "
                                "end of the document");
  assert_refused("hello", "net.graphml: \"format\" says GraphML, its content is a list of links or "
                          "a table; one of them is wrong");
}

/** Links may stand before their nodes, and lines are counted beyond what parsers count. */
Test(import_graphml, ends_may_be_declared_later_and_lines_are_many) {
  assert_reads(START GRAPH LINK("a", "b") NODE("b") NODE("a") END, "a|b: 0-1", "");
  g_autoptr(GString) text = g_string_new(START GRAPH NODE("a"));
  for (guint i = 0; i < 70000; i++)
    g_string_append(text, "\n");
  g_string_append(text, "<!-- <node> -->" LINK("a", "b") END);
  assert_refused(text->str, "net.graphml:70001: a link ends at \"b\", and no node has that id");
}

Test(import_graphml, nothing_is_expanded_fetched_or_too_deep_or_long) {
  assert_refused("<!DOCTYPE graphml [\n<!ENTITY a \"aaaa\">]><graphml>" GRAPH
                 "<node id=\"&a;\"/>" END,
                 "net.graphml:2: declares an entity; entities are not expanded here: write what it "
                 "stands for in its places");
  assert_refused("<!DOCTYPE graphml SYSTEM \"file:///etc/passwd\">\n<graphml>" GRAPH
                 "<node id=\"&a;\"/>" END,
                 "net.graphml:2: is no XML that can be read: Entity 'a' not defined");
  assert_reads(
      "<!DOCTYPE graphml SYSTEM \"http://localhost:1/graphml.dtd\"><graphml>" GRAPH NODE("a") END,
      "a:", "");
  g_autoptr(GString) deep = g_string_new("<graphml>");
  for (guint i = 0; i < 100000; i++)
    g_string_append(deep, "<graph><node id=\"a\">");
  assert_refused(deep->str, "net.graphml:1: elements are in others more than 200 deep; at most so "
                            "deep they may be");
  g_autofree char *name = g_strnfill(70000, 'x');
  g_autofree char *tag = g_strconcat("<graphml>\n<node id=\"", name, "\"/>", NULL);
  assert_refused(tag, "net.graphml:2: a tag of 70013 bytes; at most 65536 are allowed");
}

/** Tens of milliseconds where time is linear, minutes where it is not. */
Test(import_graphml, long_labels_and_many_keys_take_no_longer_than_they_are, .timeout = 30) {
  g_autofree char *name = g_strnfill(2 << 20, 'x');
  g_autofree char *text =
      g_strconcat(START KEY("k", "node", "label", "string") GRAPH "<node "
                                                                  "id=\"a\"><data key=\"k\">",
                  name, "</data></node>", END, NULL);
  g_autoptr(GsGraph) graph = import_good("net.graphml", text);
  g_autofree char *notes = notes_of(graph);
  cr_expect_eq(strlen(graph->labels[0]), GS_NAME_BYTES_MAX);
  cr_expect_str_eq(notes, "renamed 1: a name that was too long was cut\n");
}

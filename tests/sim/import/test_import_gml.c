/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/import_text.h"

/** "A|B: 0-1" of labels and links, and all notes behind it. */
static void assert_reads(const char *text, const char *expected, const char *notes) {
  g_autoptr(GsGraph) graph = import_good("net.gml", text);
  g_autofree char *shown = links_shown(graph);
  g_autofree char *said = notes_of(graph);
  cr_expect_str_eq(shown, expected);
  cr_expect_str_eq(said, notes, "%s\n%s", said, notes);
}

static void assert_refused(const char *text, const char *message) {
  assert_import_fails("net.gml", GS_GRAPH_GML, text, GS_ERROR_INPUT, message);
}

Test(import_gml, nodes_are_called_by_their_labels_else_by_their_ids) {
  assert_reads(
      "graph [ directed 1 node [ id 7 label \"New York\" ] node [ id 3 ]\n"
      "node [ id 9 label \"New York\" ]\nedge [ source 3 target 7 ]\n"
      "edge [ source 7 target 3 ] edge [ source 9 target 9 ] ]\n",
      "New York|3|New York (2): 0-1",
      "directed 1: the links of the file have a direction, which is not used: links here "
      "go both ways\n"
      "links-merged 1: a link that is there in the other direction, too, became one with "
      "it (line 4)\n"
      "loops-dropped 1: a link of a node to itself was left out (line 4)\n"
      "renamed 1: a name that another node has got a number behind it: \"New York (2)\"\n");
  assert_reads("graph [ node [ id 0 ] node [ id 1 ] edge [ source 1 target 0 ] ]", "0|1: 0-1", "");
  assert_reads("graph [ node [ id 0 name \"A\" ] node [ id 1 ] ]", "A|1:", "");
  assert_reads("graph [ node [ id 0 label \"*\" ] ]",
               "N1:", "renamed 1: a node without a name that can be used got one by its place\n");
  /* Values may stand before the id. */
  assert_reads("graph [ node [ label \"A\" w [ id 8 ] id 5 ] edge [ value 2 target 5 source 5 ] ]",
               "A:",
               "loops-dropped 1: a link of a node to itself was left out (line 1)\n"
               "not-used 1: \"w\" of nodes in the file is not used (line 1)\n"
               "not-used 1: \"value\" of links in the file is not used (line 1)\n");
}

Test(import_gml, ids_and_numbers_keep_all_their_digits) {
  assert_reads(
      "graph [ node [ id 123456789012345678901234567890 label \"x\" ] node [ id 2147483648 "
      "] node [ id -1 ] node [ id \"a\" ]\nedge [ source 123456789012345678901234567890 "
      "target 2147483648 ] edge [ source \"a\" target -1 ] ]",
      "x|2147483648|-1|a: 0-1 2-3", "");
  assert_reads("graph [ node [ id 0 label 12345678901234567 ] node [ id 1 label 12345678901234568 ]"
               " node [ id 2 label 1.50 ] ]",
               "12345678901234567|12345678901234568|1.50:", "");
  /* As numbers these are the same. */
  assert_reads("graph [ node [ id 007 ] node [ id 00 ] edge [ source +7 target 0 ] ]", "7|0: 0-1",
               "");
}

Test(import_gml, marks_comments_and_line_ends_of_all_kinds_are_skipped) {
  assert_reads(
      "\xef\xbb\xbf# made by hand [\r\nCreator \"me\"\r\n  # indented \" [\r\nVersion 1\r\n"
      "graph\r\n[\r\n\tnode [ id 0 label \"a\" ] # behind\r\n node\t[ id 1 ]\r\n]\r\n# end",
      "a|1:", "");
  assert_reads("GRAPH [ Node [ ID 0 ] comment \"x [ # y\" ]",
               "0:", "not-used 1: \"comment\" of the graph in the file is not used (line 1)\n");
}

Test(import_gml, entities_in_labels_are_the_characters_that_they_stand_for) {
  assert_reads(
      "graph [ node [ id 0 label \"Z&#252;rich\" ] node [ id 1 label \"K&ouml;ln\" ] node [ "
      "id 2 label \"A &amp; B &quot;x&quot;\" ] node [ id 3 label \"&#x141;&oacute;d&zacute;"
      " & Co\" ] node [ id 4 label \"&yuml;&nbsp;&Agrave;&frac12;\" ] ]",
      "Z\u00fcrich|K\u00f6ln|A & B \"x\"|\u0141\u00f3d\u017a & Co|\u00ff\u00a0\u00c0\u00bd:", "");
  assert_reads(
      "graph [ node [ id 0 label \"a&none;b&#0;c&#xd800;&;&\" ] ]", "a&none;b&#0;c&#xd800;&;&:",
      "renamed 3: 3 that look like entities and are none that are known stayed as they are "
      "(first in line 1)\n");
}

Test(import_gml, energies_latencies_and_places_are_taken_as_they_are_written) {
  g_autoptr(GsGraph) graph = import_good(
      "net.gml",
      "graph [ name \"north\" unit \"MW\" node [ id 1 production 0.10 graphics [ x 1.5 y 2 "
      "w 10 fill \"#fff\" ] ] node [ id 2 Consumption 3e2 graphics [ x 3 y 4 ] ] "
      "node [ id 3 Consumption NaN production \"much\" ]\n"
      "edge [ source 2 target 1 latency \"5ms\" ] ]");
  g_autofree char *made = gs_decimal_text(graph->production[0]);
  g_autofree char *used = gs_decimal_text(graph->consumption[1]);
  cr_expect_str_eq(made, "0.1");
  cr_expect_str_eq(used, "300");
  cr_expect_eq(graph->consumption[2].state, GS_DECIMAL_NO_NUMBER);
  cr_expect_eq(graph->production[2].state, GS_DECIMAL_NO_NUMBER);
  cr_expect_eq(graph->production[1].state, GS_DECIMAL_NONE);
  cr_expect_str_eq(graph->unit, "MW");
  cr_expect_str_eq(graph->name, "north");
  cr_expect_str_eq((const char *)graph->latencies->pdata[0], "5ms");
  cr_assert(graph->places);
  cr_expect_eq(graph->places->kind, GS_PLACES_DOWNWARD);
  cr_expect_eq(graph->places->x[0], 1.5);
  cr_expect_eq(graph->places->y[1], 4);
  cr_expect(isnan(graph->places->x[2]));
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(notes,
                   "not-used 2: of how nodes are drawn only labels and places are used; 2 values "
                   "more are not (first in line 1)\n");
}

/** "a-b 5ms, b-c -": what the graph says that its links take. */
static char *latencies_of(const GsGraph *graph) {
  GString *out = g_string_new(NULL);
  for (uint32_t i = 0; i < graph->links; i++) {
    const char *text = graph->latencies->pdata[i];
    g_string_append_printf(out, "%s%s-%s %s", i ? ", " : "", graph->labels[graph->edges[i].a],
                           graph->labels[graph->edges[i].b], text ? text : "-");
  }
  return g_string_free(out, FALSE);
}

Test(import_gml, latencies_stay_with_their_links_however_these_are_listed) {
  g_autoptr(GsGraph) graph = import_good(
      "net.gml",
      "graph [ node [ id 1 label \"a\" ] node [ id 2 label \"b\" ] node [ id 3 label \"c\" ] "
      "node [ id 4 label \"d\" ] edge [ source 4 target 3 Latency \"4ms\" ] "
      "edge [ source 2 target 2 Latency \"9ms\" ] edge [ source 2 target 1 ] "
      "edge [ source 3 target 1 Latency \"2ms\" ] edge [ source 1 target 3 Latency \"2ms\" ] "
      "edge [ source 1 target 2 Latency \"1ms\" ] edge [ source 2 target 1 Latency \"3ms\" ] ]");
  g_autofree char *latencies = latencies_of(graph);
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(latencies, "a-b 1ms, a-c 2ms, c-d 4ms");
  cr_expect_str_eq(notes,
                   "links-merged 3: 3 repeated links were left out (first in line 1)\n"
                   "not-used 1: a repeated link has another latency than the first, which counts "
                   "(line 1)\n"
                   "loops-dropped 1: a link of a node to itself was left out (line 1)\n");
}

Test(import_gml, what_is_not_used_is_said_with_its_line) {
  assert_reads(
      "graph [ region \"north\" node [ id 0 a1 1 a2 2 a3 3 a4 4 a5 5 a6 6 a7 7 a8 8 a9 9 b "
      "1 ] ]",
      "0:",
      "not-used 10: \"a1\", \"a2\", \"a3\", \"a4\", \"a5\", \"a6\", \"a7\", \"a8\" and 2 "
      "more of nodes in the file are not used (first in line 1)\n"
      "not-used 1: \"region\" of the graph in the file is not used (line 1)\n");
  assert_reads(
      "graph [ node [ id 0 ] node [ id 1 ]\nedge [ source 0 target 1 key 0 id \"e\" value 3 "
      "graphics [ x 1 ] ] ] graph [\nnode [ id 0 ] ]",
      "0|1: 0-1",
      "not-used 1: a further graph of the file was left out (line 2)\n"
      "not-used 2: \"value\" and \"graphics\" of links in the file are not used (first in "
      "line 2)\n");
  /* yEd's own label stands in where there is no other. */
  assert_reads(
      "graph [ node [ id 0 LabelGraphics [ text \"Mill\" fontSize 12 ] ] ]", "Mill:",
      "not-used 1: of how nodes are drawn only labels and places are used; a value more is "
      "not (line 1)\n");
  assert_reads("graph [ node [ id 0 LabelGraphics [ text \"Mill\" ] label \"Dam\" ] ]", "Dam:",
               "not-used 1: \"LabelGraphics.text\" of nodes in the file is not used (line 1)\n");
}

Test(import_gml, what_is_wrong_is_said_with_its_line) {
  assert_refused("graph [\nnode [ id 0 ]\n\nedge [ source 0 target 8 ] ]",
                 "net.gml:4: a link ends at \"8\", and no node has that id");
  assert_refused("graph [ node [ id 0 ]\nnode [ id 0 ] ]",
                 "net.gml:2: a second node with the id \"0\"; ids must be unique");
  assert_refused("graph [ node [ id 0 ]\nnode [ label \"A\" ] ]",
                 "net.gml:2: this node has no \"id\", and must have it");
  assert_refused("graph [ node [ id 0 ]\nedge [ source 0 ] ]",
                 "net.gml:2: this edge has no \"target\", and must have it");
  assert_refused("graph [ node [ id [ ] ] ]",
                 "net.gml:1: found \"[\" as \"id\"; must be a number or a text in quotes");
  assert_refused("graph [ node [ id 0 ]\nnode [ id 1 ]",
                 "net.gml:2: is cut off: the list that begins in line 1 has no \"]\"");
  assert_refused("graph [ node [ id 0\nlabel Mill ] ]",
                 "net.gml:2: found \"Mill\"; must be the value of \"label\": a number, a text in "
                 "quotes or a list in brackets");
  assert_refused(
      "graph [ node [ id 0 label ] ]",
      "net.gml:1: found \"]\"; must be the value of \"label\": a number, a text in quotes "
      "or a list in brackets");
  assert_refused("graph [ node [ id 0 \"A\" ] ]",
                 "net.gml:1: found \"A\"; must be a key, such as node or label");
  assert_refused("graph [ node [ id 0 ]\nnode [ id 1 label \"A ] ]",
                 "net.gml:2: a text in quotes has no end");
  assert_refused("graph [ node [ id 0 ] ]\n]", "net.gml:2: found \"]\", and no \"[\" before it");
  assert_refused("hello", "net.gml:1: ends where there must be the value of \"hello\": a number, a "
                          "text in quotes or a list in brackets");
  assert_refused("Version 1", "net.gml: has no graph [ \u2026 ]; GML must have one");
  assert_refused("graph [ ]", "net.gml: has no nodes; must have at least one");
}

Test(import_gml, links_may_stand_before_their_nodes) {
  assert_reads("graph [ edge [ source 2 target 1 ] node [ id 1 ] node [ id 2 ] ]", "2|1: 0-1", "");
}

/** Tens of milliseconds where time is linear, minutes where it is not. */
Test(import_gml, depth_words_and_labels_are_bounded_or_linear, .timeout = 30) {
  g_autoptr(GString) deep = g_string_new("graph [ ");
  for (guint i = 0; i < 1000000; i++)
    g_string_append(deep, "a [ ");
  assert_refused(deep->str,
                 "net.gml:1: lists are in others more than 100 deep; at most so deep they "
                 "may be");
  g_autofree char *name = g_strnfill(2 << 20, '&');
  g_autofree char *word = g_strconcat("graph [ ", name, NULL);
  assert_refused(word, "net.gml:1: a word or number of more than 1000 bytes; at most so many are "
                       "allowed");
  g_autofree char *text = g_strconcat("graph [ node [ id 0 label \"", name, "\" ] ]", NULL);
  g_autoptr(GsGraph) graph = import_good("net.gml", text);
  g_autofree char *notes = notes_of(graph);
  cr_expect_eq(strlen(graph->labels[0]), GS_NAME_BYTES_MAX);
  cr_expect_str_eq(notes, "renamed 1: a name that was too long was cut\n");
}

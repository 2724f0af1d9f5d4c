/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

static void assert_reads(const char *text, const char *expected) {
  g_autoptr(GsGraph) graph = import_good("net.dot", text);
  g_autofree char *found = links_shown(graph);
  cr_expect_str_eq(found, expected, "%s\n%s\n%s", text, found, expected);
}

static void assert_notes(const char *text, const char *expected) {
  g_autoptr(GsGraph) graph = import_good("net.dot", text);
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(notes, expected, "%s\n%s", text, notes);
}

static void assert_fails(const char *text, GsError code, const char *message) {
  assert_import_fails("net.dot", GS_GRAPH_DOT, text, code, message);
}

static void assert_refused(const char *text, const char *message) {
  assert_fails(text, GS_ERROR_INPUT, message);
}

static const char *latency_of(const GsGraph *graph, uint32_t link) {
  return graph->latencies ? graph->latencies->pdata[link] : NULL;
}

Test(import_dot, it_is_told_by_its_beginning_whatever_its_name) {
  static const char *const texts[] = {
      "graph{a--b}",
      "GRAPH {a--b}",
      "strict graph G {a--b}",
      "digraph \"a [b] {\" {a->b}",
      "\xef\xbb\xbf// graph [\n/* digraph */\n# no line\n graph/**/{ \n # no\n a--b}",
      "# 1 \"file\"\n\n  # more\nStrict Digraph 12.5 {a->b}",
      "graph <<i>G</i>> {a--b}",
  };
  static const char *const names[] = {"net", "net.dot", "net.GV", "net.txt"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      g_autoptr(GError) error = NULL;
      g_autoptr(GsGraph) graph = import_text(names[k], GS_GRAPH_AUTO, texts[i], &error);
      cr_assert(graph && graph->nodes == 2 && graph->links == 1, "%s: %s", texts[i],
                error ? error->message : "other nodes");
    }
  /* What only looks like it. */
  static const struct {
    const char *text;
    GsGraphFormat format;
  } others[] = {
      {"graph [ node [ id 1 ] ]", GS_GRAPH_GML},
      {"graph [ label \"{\" ]", GS_GRAPH_GML},
      {"graph theory\ngraph paper\n", GS_GRAPH_TABLE},
      {"graphs {\n", GS_GRAPH_TABLE},
      {"strict rules\n", GS_GRAPH_TABLE},
      {"# graph {\na b\n", GS_GRAPH_TABLE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    cr_expect_eq(gs_form_of_text(others[i].text, strlen(others[i].text)).format, others[i].format,
                 "%s", others[i].text);
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = import_text("net.gml", GS_GRAPH_AUTO, texts[0], &error);
  cr_assert_null(graph);
  cr_expect_str_eq(error->message, "net.gml: its name says GML, its content is a graph in DOT; "
                                   "rename it, or say its \"format\"");
}

Test(import_dot, ids_are_words_numbers_texts_in_quotes_and_html) {
  assert_reads("graph { a -- _b2; -1.5 -- .5; 3. -- 10 Z\xc3\xbcrich }",
               "a|_b2|-1.5|.5|3.|10|Zürich: 0-1 2-3 4-5");
  assert_reads("graph { \"New York\" -- \"a \\\"b\\\"\" -- \"one\" + \"two\" /* */ +\n\"three\" }",
               "New York|a \"b\"|onetwothree: 0-1 1-2");
  assert_reads("graph { \"long \\\nname\" -- \"Windows \\\r\nline\" }",
               "long name|Windows line: 0-1");
  /* With quotes or without, it is the same id. */
  assert_reads("graph { \"a\" -- b; a -- \"b\"; \"node\" -- \"Graph\" }",
               "a|b|node|Graph: 0-1 2-3");
  assert_reads("graph { <<b>x</b> y> -- x }", "<<b>x</b> y>|x: 0-1");
  /* Marks in quotes and comments are none. */
  assert_reads("graph { \"{\" -- \"--\" // } --\n \"/*\" -- \"#\" /* \" } */\n# }\n }",
               "{|--|/*|#: 0-1 2-3");
  assert_reads("graph { \"ends with \\\\\" -- \"b\" }", "ends with \\|b: 0-1");
}

Test(import_dot, chains_link_each_with_the_next) {
  assert_reads("graph { a -- b -- c; c -- d }", "a|b|c|d: 0-1 1-2 2-3");
  assert_reads("graph {a--b b--c c;;d}", "a|b|c|d: 0-1 1-2");
  assert_reads("digraph { 1->2->-3 }", "1|2|-3: 0-1 1-2");
  assert_reads("graph { a; b }", "a|b:");
}

Test(import_dot, nodes_with_commas_between_them_are_one_end) {
  assert_reads("graph { a, b -- c, d }", "a|b|c|d: 0-2 0-3 1-2 1-3");
  assert_reads("digraph { {a, b} -> c:p,d }", "a|b|c|d: 0-2 0-3 1-2 1-3");
  g_autoptr(GsGraph) graph =
      import_good("net.dot", "graph { a, b [consumption=1, consumption=2]; c, a "
                             "[label=\"\\N!\"] }");
  static const char *const energies[] = {"2", "2", ""};
  for (guint i = 0; i < 3; i++) {
    g_autofree char *text = gs_decimal_text(graph->consumption[i]);
    cr_expect_str_eq(text, energies[i]);
  }
  g_autofree char *labels = g_strjoinv("|", graph->labels);
  cr_expect_str_eq(labels, "a!|b|c!");
}

Test(import_dot, subgraphs_as_ends_link_each_node_with_each) {
  assert_reads("graph { a -- {b c} }", "a|b|c: 0-1 0-2");
  assert_reads("graph { {a b} -- {c d} -- e }", "a|b|c|d|e: 0-2 0-3 1-2 1-3 2-4 3-4");
  assert_reads("graph { a -- subgraph X { b; subgraph cluster_1 { c } } }", "a|b|c: 0-1 0-2");
  assert_reads("graph { a -- { b -- c } -- d }", "a|b|c|d: 0-1 0-2 1-2 1-3 2-3");
  /* A name without a body is the subgraph of that name, in the same one. */
  assert_reads("graph { subgraph X { a b } subgraph X { c } d -- subgraph X }",
               "a|b|c|d: 0-3 1-3 2-3");
  assert_reads("graph { subgraph X { a } { b -- subgraph X; c } }", "a|b|c:");
  assert_reads("graph { {a a {a b} b} -- c; { } -- c }", "a|b|c: 0-2 1-2");
  /* A node is of the subgraph, too, if it was there before. */
  assert_reads("graph { a; { a; b } -- c }", "a|b|c: 0-2 1-2");
}

Test(import_dot, a_subgraph_that_is_named_again_and_again_has_each_node_once) {
  g_autoptr(GString) text = g_string_new("graph {");
  for (guint i = 0; i < 200; i++)
    g_string_append_printf(text, " subgraph X { a%u b }", i % 50);
  g_string_append(text, " c -- subgraph X }");
  g_autoptr(GsGraph) graph = import_good("net.dot", text->str);
  cr_expect_eq(graph->nodes, 52);
  cr_expect_eq(graph->links, 51);
}

Test(import_dot, defaults_hold_for_what_follows_in_their_subgraph) {
  g_autoptr(GsGraph) graph =
      import_good("net.dot", "graph {\n a;\n node [consumption=1, label=\"\\N of \\G\"]; b;\n"
                             "subgraph S { node [consumption=\"2\"]; c; a; subgraph { d } }\n"
                             "e [consumption=7, label=\"\"] }");
  static const char *const energies[] = {"", "1", "2", "2", "7"};
  cr_assert_eq(graph->nodes, 5);
  for (guint i = 0; i < 5; i++) {
    g_autofree char *text = gs_decimal_text(graph->consumption[i]);
    cr_expect_str_eq(text, energies[i], "%u: %s", i, text);
  }
  g_autofree char *labels = g_strjoinv("|", graph->labels);
  cr_expect_str_eq(labels, "a|b of G|c of G|d of G|e");
}

Test(import_dot, latencies_are_of_all_links_of_their_statement_and_no_others) {
  g_autoptr(GsGraph) graph = import_good("net.dot", "graph { edge [latency=\"1ms\"];\n"
                                                    "a -- b;\n"
                                                    "b -- {c -- d} -- e [latency=\"2ms\"];\n"
                                                    "subgraph { edge [Latency=\"3ms\"]; e -- f }\n"
                                                    "f -- g }");
  /* 0-1; 1-2, 1-3, 2-4, 3-4; 2-3 */
  static const char *const expected[] = {"1ms", "2ms", "2ms", "1ms", "2ms", "2ms", "3ms", "1ms"};
  cr_assert_eq(graph->links, G_N_ELEMENTS(expected));
  for (uint32_t i = 0; i < graph->links; i++)
    cr_expect_str_eq(latency_of(graph, i), expected[i], "%u: %s", i, latency_of(graph, i));
}

Test(import_dot, labels_are_names_as_they_are_drawn) {
  assert_reads("graph { a [label=\"Mill\\nTown\\l\"] b [label=\"\\N: \\\\N \\\"x\\\"\"] }",
               "Mill Town|b: \\N \"x\":");
  assert_reads("graph { a [label=\"M&uuml;hle &amp;amp; &#75;&#xf6;ln &lt;&gt;&quot;&apos;\"] }",
               "Mühle &amp; Köln <>\"':");
  /* An id without a label is drawn like one. */
  assert_reads("graph { \"C:\\\\x\" -- \"a\\nb\" -- \"AT&amp;T\" -- \"A&B;\" }",
               "C:\\x|a b|AT&T|A&B;: 0-1 1-2 2-3");
  /* The last word counts; an empty one, and HTML, leave the id. */
  assert_reads("graph { node [label=\"\\N\"] a [label=x] a [label=y]; b [label=\"\"]; \"c\\\\\" "
               "[label=<<b>z</b>>] }",
               "y|b|c\\:");
  assert_notes("graph { a [label=\"&nosuch; &x\"]; b [label=\"&#0;&#xd800;&#1x;\"] }",
               "not-used 2: 2 labels have entities that are not known and stay as they are (first "
               "in line 1)\n");
}

Test(import_dot, the_graph_is_called_by_its_label_or_else_its_id) {
  static const struct {
    const char *text, *name, *unit;
  } cases[] = {
      {"graph { a }", NULL, NULL},
      {"graph \"My &amp; grid\" { a }", "My & grid", NULL},
      {"graph G { label = \"\\G &lt;1&gt;\"; unit=MW; a }", "G <1>", "MW"},
      {"graph G { graph [unit=\"a&amp;b\", label=x]; a }", "x", "a&b"},
      {"graph G { subgraph S { label=inner; graph [unit=kW]; a } }", "G", NULL},
      {"graph G { label=<<b>x</b>>; a }", "G", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsGraph) graph = import_good("net.dot", cases[i].text);
    cr_expect(g_strcmp0(graph->name, cases[i].name) == 0, "%s: %s", cases[i].text, graph->name);
    cr_expect(g_strcmp0(graph->unit, cases[i].unit) == 0, "%s: %s", cases[i].text, graph->unit);
  }
}

Test(import_dot, energies_and_places_are_taken) {
  g_autoptr(GsGraph) graph = import_good(
      "net.dot", "graph { a [production=0.1, longitude=13.25, latitude=\"-52.5\", pos=\"1,2\"];\n"
                 "b [consumption=\"1e3\", Longitude=9, longitude=10, latitude=48] }");
  g_autofree char *made = gs_decimal_text(graph->production[0]);
  g_autofree char *used = gs_decimal_text(graph->consumption[1]);
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(made, "0.1");
  cr_expect_str_eq(used, "1000");
  cr_assert(graph->places && graph->places->kind == GS_PLACES_ON_EARTH);
  cr_expect(graph->places->y[0] < -52.4 && graph->places->y[0] > -52.6);
  cr_expect(strstr(notes, "not-used 1: \"pos\" of a node is not used, for the file has other "
                          "places (line 1)\n"),
            "%s", notes);
  g_autoptr(GsGraph) drawn =
      import_good("net.dot", "graph { a [pos=\"1.5,-2!\"]; b [pos=\"3,4,5\"]; c }");
  cr_assert(drawn->places && drawn->places->kind == GS_PLACES_UPWARD);
  cr_expect(drawn->places->x[0] > 1.4 && drawn->places->x[0] < 1.6 && drawn->places->y[0] < -1.9);
  cr_expect_eq(drawn->places->missing, 1);
  g_autoptr(GsGraph) flat = import_good("net.dot", "graph { a [x=1, y=2]; b [x=2, y=3] }");
  cr_assert(flat->places && flat->places->kind == GS_PLACES_UPWARD);
  assert_notes("graph { a [pos=\"here\"]; b [pos=\"1\"];\n c [pos=\"nan,1\"]; d [pos=\"e,1,2\"] }",
               "not-used 4: 4 times \"pos\" is not x,y, and not used (first in line 1)\n");
}

Test(import_dot, what_is_not_used_is_said) {
  assert_notes(
      "strict digraph {\nrankdir=LR; node [shape=box];\n"
      "a:p:n -> b:s [color=red, weight=2];\nb -> a;\n"
      "subgraph cluster_x { label=inner; graph [style=filled, color=blue]; c } [k=v]\n"
      "c -> c -> <d>; a -> b\n}\n"
      "graph second { x }",
      "not-used 1: the file has more than one graph, and only the first is read (line 8)\n"
      "not-used 2: 2 ports of nodes are not used (first in line 3)\n"
      "not-used 1: an id in HTML is taken as the text that stands there (line 6)\n"
      "not-used 4: 4 attributes of subgraphs are not used (first in line 5)\n"
      "directed 1: the links of the file have a direction, which is not used: links here go both "
      "ways\n"
      "links-merged 1: a link that is there in the other direction, too, became one with it "
      "(line 4)\n"
      "links-merged 1: a repeated link was left out (line 6)\n"
      "loops-dropped 1: a link of a node to itself was left out (line 6)\n"
      "not-used 1: \"shape\" of nodes in the file is not used (line 2)\n"
      "not-used 2: \"color\" and \"weight\" of links in the file are not used (first in line 3)\n"
      "not-used 1: \"rankdir\" of the graph in the file is not used (line 2)\n");
  assert_notes("graph { a [label=<b>]; node [label=<c>]; b }",
               "not-used 2: 2 labels in HTML are not used (first in line 1)\n");
  assert_notes("graph { a -- b }", "");
}

Test(import_dot, what_is_wrong_is_said_with_its_line) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"digraph {\n a -- b }", "net.dot:2: found \"--\" in a digraph; must be \"->\""},
      {"graph {\n\n a -> b }", "net.dot:3: found \"->\" in a graph; must be \"--\""},
      {"net {", "net.dot: \"format\" says DOT, its content is a list of links or a table; one of "
                "them is wrong"},
      {"graph \"G\" H { a }", "net.dot:1: found \"H\"; must be \"{\""},
      {"graph {\n a -- b\n", "net.dot:3: found the end of the file; must be \"}\" for the \"{\" in "
                             "line 1"},
      {"graph {\n subgraph {\n a }", "net.dot:3: found the end of the file; must be \"}\" for the "
                                     "\"{\" in line 1"},
      {"graph { a -- }", "net.dot:1: found \"}\"; must be a node or a subgraph"},
      {"graph { a, }", "net.dot:1: found \"}\"; must be a node behind \",\""},
      {"graph { a -- ; }", "net.dot:1: found \";\"; must be a node or a subgraph"},
      {"graph { ] }", "net.dot:1: found \"]\"; must be a node, an edge, a subgraph, an attribute "
                      "or \"}\""},
      {"graph { a -- Edge }", "net.dot:1: found \"Edge\"; must be a node; keywords as names must "
                              "be in quotes"},
      {"graph { a -- b;\nnode -- b }",
       "net.dot:2: found \"--\"; must be \"[\" behind \"node\", \"edge\" and \"graph\", which as "
       "names must be in quotes"},
      {"graph { a [color] }",
       "net.dot:1: found \"]\"; must be \"=\" and the value of the attribute"},
      {"graph { a [color=] }", "net.dot:1: found \"]\"; must be the value of the attribute"},
      {"graph { a [=x] }", "net.dot:1: found \"=\"; must be the name of an attribute, or \"]\""},
      {"graph { a:[x=1] }", "net.dot:1: found \"[\"; must be a port behind \":\""},
      {"graph { subgraph }", "net.dot:1: found \"}\"; must be a name or \"{\" behind \"subgraph\""},
      {"graph { a }\nb",
       "net.dot:2: found \"b\"; must be the end of the file, for the graph has ended"},
      {"graph {\n \"a\n\n b }", "net.dot:2: a text in quotes begins here and does not end"},
      {"graph {\n <a <b> }", "net.dot:2: a text in <> begins here and does not end"},
      {"graph { \"a\" +\n b }", "net.dot:2: found no text in quotes behind \"+\"; must be one"},
      {"graph { bus-1 -- bus-2 }",
       "net.dot:1: found \"bus-1\"; what is neither a number nor letters, digits and _ must be in "
       "quotes"},
      {"graph { 10.0.0.1 -- a }",
       "net.dot:1: found \"10.0.0.1\"; what is neither a number nor letters, digits and _ must be "
       "in quotes"},
      {"graph { 3com }", "net.dot:1: found \"3com\"; what is neither a number nor letters, digits "
                         "and _ must be in quotes"},
      {"graph { . }", "net.dot:1: found \".\"; what is neither a number nor letters, digits and _ "
                      "must be in quotes"},
      {"graph { a - b }", "net.dot:1: found \"-\", which is nothing in DOT; must be in quotes "
                          "where it belongs to a name"},
      {"graph { a + b }", "net.dot:1: found \"+\", which is nothing in DOT; must be in quotes "
                          "where it belongs to a name"},
      {"graph { a /* b }", "net.dot:1: found the end of the file; must be \"}\" for the \"{\" in "
                           "line 1"},
      {"graph { }", "net.dot: has no nodes; must have at least one"},
      {"", "net.dot:1: found the end of the file; must be \"graph\" or \"digraph\", of which "
           "\"strict\" may stand in front"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_refused(cases[i].text, cases[i].message);
}

static char *repeated(const char *before, const char *what, guint count, const char *after) {
  GString *text = g_string_new(before);
  for (guint i = 0; i < count; i++)
    g_string_append(text, what);
  return g_string_free(g_string_append(text, after), FALSE);
}

Test(import_dot, texts_depths_defaults_and_products_are_bounded) {
  g_autofree char *deep = repeated("graph ", "{", 258, "");
  assert_fails(deep, GS_ERROR_LIMIT,
               "net.dot:1: a subgraph in 256 others; at most 255 are allowed");
  g_autofree char *allowed = repeated("graph ", "{", 257, "a");
  g_autofree char *closed = repeated(allowed, "}", 257, "");
  assert_reads(closed, "a:");
  static const char *const ends[][2] = {{"\"", "\""}, {"<", ">"}, {"", ""}};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autofree char *fill = g_strnfill((1 << 20) + 1, 'x');
    g_autofree char *whole = g_strconcat("graph {\n", ends[i][0], fill, ends[i][1], " }", NULL);
    assert_fails(whole, GS_ERROR_LIMIT,
                 "net.dot:2: a text of more than 1048576 bytes begins here; at most so many are "
                 "allowed");
  }
  g_autofree char *value = g_strnfill(257, 'x');
  g_autofree char *text = g_strdup_printf("graph { node [label=%s] a }", value);
  assert_fails(text, GS_ERROR_LIMIT,
               "net.dot:1: a value of 257 bytes for several nodes; at most 256 are allowed");
  g_autofree char *list = g_strdup_printf("graph { a, b [x=1, label=%s] }", value);
  assert_fails(list, GS_ERROR_LIMIT,
               "net.dot:1: a value of 257 bytes for several nodes; at most 256 are allowed");
  g_autofree char *chain = g_strdup_printf("graph { a -- b -- c [latency=%s] }", value);
  assert_fails(chain, GS_ERROR_LIMIT,
               "net.dot:1: a value of 257 bytes for several links; at most 64 are allowed");
  g_autofree char *alone =
      g_strdup_printf("graph { a [label=%s]; a -- b [latency=%s] }", value, value);
  g_autoptr(GsGraph) graph = import_good("net.dot", alone);
  cr_expect_eq(strlen(graph->labels[0]), 200);
  assert_fails(
      "graph { node [x=1 X=2 y=1 Y=1 lon=1 Lon=1 lOn=1 loN=1 LOn=1 LoN=1 lON=1 LON=1 lat=1 "
      "Lat=1 lAt=1 laT=1 LAt=1] }",
      GS_ERROR_LIMIT,
      "net.dot:1: more than 16 names of labels, energies and places for several nodes; at "
      "most so many are allowed");
  g_autofree char *html = g_strdup_printf("graph { node [label=<%s>, color=%s] a }", value, value);
  assert_reads(html, "a:");
  g_autoptr(GString) product = g_string_new("graph { {");
  for (guint i = 0; i < 5800; i++)
    g_string_append_printf(product, " %u", i);
  g_string_append(product, "} -- {");
  for (guint i = 0; i < 5800; i++)
    g_string_append_printf(product, " a%u", i);
  g_string_append(product, "} }");
  assert_fails(product->str, GS_ERROR_LIMIT,
               "net.dot: 33640000 links; at most 33554432 are allowed");
}

Test(import_dot, what_is_no_text_is_refused_with_its_line) {
  g_autoptr(GError) error = NULL;
  g_autofree char *blanks = g_strnfill(5000, ' ');
  g_autofree char *text = g_strdup_printf("graph {\n%sa? }", blanks);
  gsize length = strlen(text);
  *strchr(text, '?') = '\0';
  g_autoptr(GsGraph) graph = import_bytes("net.dot", GS_GRAPH_DOT, text, length, &error);
  cr_assert_null(graph);
  cr_expect_str_eq(error->message, "net.dot:2: found a NUL byte; must be text in UTF-8");
  g_autoptr(GError) latin = NULL;
  g_autoptr(GsGraph) other =
      import_text("net.dot", GS_GRAPH_DOT, "graph {\n \"M\xfchle\" }", &latin);
  cr_assert_null(other);
  cr_expect_str_eq(latin->message,
                   "net.dot:2: found bytes that are no UTF-8; must be text in UTF-8");
}

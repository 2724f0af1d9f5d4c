/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

static void assert_reads(const char *name, const char *text, const char *expected) {
  g_autofree char *found = what_is_read(name, text);
  cr_expect_str_eq(found, expected);
}

/** The same for a file whose name says nothing. */
static void assert_list(const char *text, const char *expected) {
  assert_reads("net.txt", text, expected);
}

Test(import_table, lists_of_words_in_a_line_are_read) {
  assert_list("3 1\n1 101\n101 205\n", "3|1|101|205: 0-1 1-2 2-3");
  assert_list("\xef\xbb\xbf  A B\r\nB\tC\r\n\r\n\tC\t A", "A|B|C: 0-1 0-2 1-2");
  assert_list("10,20\n20,5", "10|20|5: 0-1 1-2");
  assert_list("Gr\xc3\xbcn\tBlau\n", "Gr\xc3\xbcn|Blau: 0-1");
  assert_list("A;B\nB;C\n", "A|B|C: 0-1 1-2");
  assert_list("A B\nB A\nD D\n",
              "A|B|D: 0-1\nlinks-merged 1: a repeated link was left out (line 2)\n"
              "loops-dropped 1: a link of a node to itself was left out (line 3)");
}

/** What separates is found out for all of the file, not for each character. */
Test(import_table, names_with_blanks_and_separators_stay_whole) {
  assert_list("New York,Boston\nBoston,Buffalo\nNew York,Buffalo\n",
              "New York|Boston|Buffalo: 0-1 0-2 1-2");
  assert_list("\"New York\",\"Boston\"\n\"Boston\",\"Buffalo\"\n",
              "New York|Boston|Buffalo: 0-1 1-2");
  assert_list("\"New York\" Boston\nBoston \"Los Angeles\"\n",
              "New York|Boston|Los Angeles: 0-1 1-2");
  assert_list("New York\tLos Angeles\nLos Angeles\tBoston\n",
              "New York|Los Angeles|Boston: 0-1 1-2");
  assert_list("\"A, the \"\"first\"\"\",B\nB,\"C\nD\"\n", "A, the \"first\"|B|C D: 0-1 1-2");
  assert_list("\"A;1\",B\nB,\"C;2\"\n", "A;1|B|C;2: 0-1 1-2");
  assert_reads("net.csv", "New York,Boston\nSan Diego\n",
               "New York|Boston|San Diego: 0-1\n"
               "isolated 1: a line with one name is a node without a link (line 2)");
}

Test(import_table, commas_of_numbers_separate_nothing) {
  assert_list("A;B;1,5\nB;C;2,5\n", "A|B|C: 0-1 1-2\nnot-used 1: \"column 3\" of links in the file "
                                    "is not used (line 1)");
  assert_list("A B 1,5\nB C 2,5\n", "A|B|C: 0-1 1-2\nnot-used 1: \"column 3\" of links in the file "
                                    "is not used (line 1)");
}

Test(import_table, what_separates_is_asked_where_it_cannot_be_told) {
  assert_list("A,B;C\nD,E;F\n",
              "net.txt:1: found \"A,B;C\", which is \"A,B\" and \"C\" where semicolons separate, "
              "and \"A\" and \"B;C\" where commas do; must be the same in the whole file: names "
              "with blanks or separators in them must be in double quotes");
  assert_list("New York,Boston\nBoston,Buffalo\nSan Diego\n",
              "net.txt:3: found \"San Diego\", which is one cell \"San Diego\" where commas "
              "separate, and \"San\" and \"Diego\" where blanks do; must be the same in the whole "
              "file: names with blanks or separators in them must be in double quotes");
  assert_list("1 2,5\n2 3,5\n",
              "net.txt:1: found \"1 2,5\", which is \"1 2\" and \"5\" where commas separate, and "
              "\"1\" and \"2,5\" where blanks do; must be the same in the whole file: names with "
              "blanks or separators in them must be in double quotes");
  assert_list("hello\nyou\n",
              "net.txt:1: found \"hello\", and no line has more than one name; links "
              "are two names in a line, separated by commas, semicolons, tabs or "
              "blanks");
  assert_list("A,B\n\"C,\n",
              "net.txt:2: found a quote that is not closed; quotes must stand round a "
              "whole cell, and be doubled inside of it");
}

Test(import_table, columns_are_found_by_their_names) {
  static const char *const headers[] = {
      "Source,Target",   "from,to", "FROM,TO", "fbus,tbus",       "bus0,bus1",
      "from_bus,to_bus", "u,v",     "src,dst", "\"from\",\"to\"", "From Node,To Node"};
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
    g_autofree char *text = g_strconcat(headers[i], "\nA,B\nB,C\n", NULL);
    g_autofree char *found = what_is_read("net.csv", text);
    cr_expect(g_str_has_prefix(found, "A|B|C: 0-1 1-2"), "%s: %s", headers[i], found);
  }
  assert_list("Source,Target,Type,Weight\nmill,town,Undirected,2.5\ntown,farm,Undirected,1\n"
              "farm,mill,Undirected,4\nfarm,dam,Undirected,1\n",
              "mill|town|farm|dam: 0-1 0-2 1-2 2-3\n"
              "not-used 1: \"Weight\" of links in the file is not used (line 2)");
  assert_list("Source;Target;Weight\nA;B;1,5\nB;C;2,5\n",
              "A|B|C: 0-1 1-2\nnot-used 1: \"Weight\" of links in the file is not used (line 2)");
  assert_list(
      "name,bus0,bus1,length\n1,A,B,5\n2,B,C,7\n",
      "A|B|C: 0-1 1-2\n"
      "not-used 2: \"name\" and \"length\" of links in the file are not used (first in line 2)");
  /* R writes names of rows, and no name above them. */
  assert_list("\"\",\"from\",\"to\"\n\"1\",\"A\",\"B\"\n\"2\",\"B\",\"C\"\n",
              "A|B|C: 0-1 1-2\nnot-used 1: \"column 1\" of links in the file is not used (line 2)");
  assert_list("\"from\" \"to\"\n\"1\" \"A\" \"B\"\n\"2\" \"B\" \"C\"\n",
              "A|B|C: 0-1 1-2\nnot-used 1: \"column 1\" of links in the file is not used (line 2)");
  assert_list(
      "source,target,type\nA,B,Directed\nB,A,Directed\n",
      "A|B: 0-1\n"
      "directed 1: the links of the file have a direction, which is not used: links here go "
      "both ways\n"
      "links-merged 1: a link that is there in the other direction, too, became one with it "
      "(line 3)");
}

Test(import_table, names_of_columns_that_nodes_could_have_are_told_from_nodes) {
  assert_list("u v\nA B\nB C\n",
              "A|B|C: 0-1 1-2\nheader 1: \"u v\" was taken for names of columns, since no node is "
              "called so (line 1)");
  assert_list("u v\nv w\nw u\n", "u|v|w: 0-1 0-2 1-2");
  assert_list("Ort A,Ort B\nKiel,Ulm\nUlm,Hof\nHof,Kiel\n",
              "Ort A|Ort B|Kiel|Ulm|Hof: 0-1 2-3 2-4 3-4\n"
              "header 1: \"Ort A,Ort B\" was read as a link, and no other line has these names: if "
              "it names the columns, say them by \"columns\": {\"from\": \u2026, \"to\": \u2026} "
              "(--set topology.columns.from=\u2026 --set topology.columns.to=\u2026) (line 1)");
}

Test(import_table, names_of_columns_that_are_not_known_are_asked_for) {
  assert_list(
      "Ort,Ziel,km\nKiel,Ulm,3\nUlm,Hof,4\n",
      "net.txt:1: found \"Ort\", \"Ziel\", \"km\" over columns of numbers: names of columns, "
      "of which none are known to be the ends of links, or a line like the others; say "
      "\"columns\": {\"from\": \u2026, \"to\": \u2026} "
      "(--set topology.columns.from=\u2026 --set topology.columns.to=\u2026) with two of these "
      "names, or with the "
      "places \"1\" and \"2\"");
  assert_list(
      "source,target,from,to\nA,B,C,D\n",
      "net.txt:1: several pairs of the columns \"source\", \"target\", \"from\", \"to\" could "
      "be the ends of links; say which by \"columns\": {\"from\": \u2026, \"to\": \u2026} "
      "(--set topology.columns.from=\u2026 --set topology.columns.to=\u2026)");
}

static char *read_columns(const char *text, GsImportColumns columns) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  g_autoptr(GsGraph) graph = gs_import_graph(
      &(GsImport){.path = "net.csv", .content = content, .columns = columns}, &error);
  if (!graph)
    return g_strdup(error->message);
  g_autofree char *grid = links_shown(graph);
  const char *first = graph->latencies ? graph->latencies->pdata[0] : NULL;
  return first ? g_strconcat(grid, " ", first, NULL) : g_steal_pointer(&grid);
}

Test(import_table, columns_are_taken_as_they_are_told) {
  static const char text[] = "Ort,Ziel,Zeit\nKiel,Ulm,5ms\nUlm,Hof,3ms\n";
  static const struct {
    const char *text;
    GsImportColumns columns;
    const char *expected;
  } cases[] = {
      {text, {.from = "Ort", .to = "Ziel", .latency = "Zeit"}, "Kiel|Ulm|Hof: 0-1 1-2 5ms"},
      {text, {.from = "ziel", .to = "ORT"}, "Ulm|Kiel|Hof: 0-1 0-2"},
      {"A,1ms,B\nB,2ms,C\n", {.from = "1", .to = "3", .latency = "2"}, "A|B|C: 0-1 1-2 1ms"},
      {"source,target,latency\nA,B,7ms\n", {0}, "A|B: 0-1 7ms"},
      {"source,target,t\nA,B,7ms\n", {.latency = "t"}, "A|B: 0-1 7ms"},
      {text,
       {.from = "Ort", .to = "Nach"},
       "net.csv:1: has no column \"Nach\"; its columns are \"Ort\", \"Ziel\", \"Zeit\", or \"1\", "
       "\"2\", \u2026 in a table without a line that names them"},
      {"source,target\nA,B\n",
       {.latency = "t"},
       "net.csv:1: has no column \"t\"; its columns are \"source\", \"target\""},
      {text,
       {.from = "Ort", .to = "Ort"},
       "net.csv: both ends of links are in the column \"Ort\"; must be in two"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *found = read_columns(cases[i].text, cases[i].columns);
    cr_expect_str_eq(found, cases[i].expected);
  }
}

/** Tables have no comments: a name may begin with #. Lists of words have them. */
Test(import_table, comments_are_skipped_where_there_are_any_and_said) {
  assert_list("#solar,grid\ngrid,#wind\n#wind,#solar\n#solar,#hydro\n",
              "#solar|grid|#wind|#hydro: 0-1 0-2 0-3 1-2");
  assert_list("#solar,#wind\n#wind,#hydro\n", "#solar|#wind|#hydro: 0-1 1-2");
  assert_list("# made by hand\n% and so\n#source target\nA B\nB C # good\nC D 3.5\nD A 4 5\n",
              "A|B|C|D: 0-1 0-3 1-2 2-3\ncomments 4: 4 comments were skipped (first in line 1)\n"
              "not-used 2: \"column 3\" and \"column 4\" of links in the file are not used (first "
              "in line 6)");
  assert_list("# a, b\nA,B\nB,C\n", "A|B|C: 0-1 1-2\ncomments 1: a comment was skipped (line 1)");
  assert_list(
      "A B\n#B C\n",
      "net.txt:2: found \"#B C\": \"#B\" may be a name or begin a comment; put double quotes "
      "round a name, and a blank behind the # of a comment");
  assert_list(
      "A B\nB #C\n",
      "net.txt:2: found \"B #C\": \"#C\" may be a name or begin a comment; put double quotes "
      "round a name, and a blank behind the # of a comment");
  assert_list("A,B\n#made by hand\n",
              "net.txt:2: found \"#made by hand\": \"#made by hand\" may be a name or begin a "
              "comment; put double quotes round a name, and a blank behind the # of a comment");
  assert_list("A \"#B\"\n\"#B\" C\n", "A|#B|C: 0-1 1-2");
}

Test(import_table, lines_with_one_name_and_empty_cells_are_nodes_and_said) {
  assert_list("A B\nC\n", "A|B|C: 0-1\n"
                          "isolated 1: a line with one name is a node without a link (line 2)");
  assert_list("source,target,w\nA,B,1\nC,,\n,D,2\n,,\n,,7\n",
              "A|B|C|D: 0-1\n"
              "isolated 2: 2 lines with one name are nodes, and no links (first in line 3)\n"
              "not-used 1: a line that names no end of a link is left out (line 6)\n"
              "not-used 1: \"w\" of links in the file is not used (line 2)");
}

Test(import_table, attributes_in_braces_belong_to_the_link) {
  assert_list("1 2 {'weight': 3, 'colour': 'red'}\n2 3 {}\n",
              "1|2|3: 0-1 1-2\nnot-used 1: \"column 3\" of links in the file is not used (line 1)");
}

Test(import_table, counts_in_the_first_line_are_no_link) {
  assert_list("4 5\n1 2\n2 3\n3 4\n4 1\n1 3\n",
              "1|2|3|4: 0-1 0-2 0-3 1-2 2-3\n"
              "counts 1: \"4 5\" was taken for counts of nodes and links, and is no link (line 1)");
  assert_list("3\n0 1\n1 2\n",
              "0|1|2: 0-1 1-2\n"
              "counts 1: \"3\" was taken for counts of nodes and links, and is no link (line 1)");
  assert_list(
      "3 3 2\n1 2 0.5\n2 3 1.5\n",
      "1|2|3: 0-1 1-2\n"
      "counts 1: \"3 3 2\" was taken for counts of nodes and links, and is no link (line 1)\n"
      "not-used 1: \"column 3\" of links in the file is not used (line 2)");
  assert_list("4 3\n3 2\n2 1\n1 4\n",
              "net.txt:1: found \"4 3\", and 3 lines behind it: it counts nodes and links, or is a "
              "link of \"4\" and \"3\"; take the line out, or put double quotes round the names");
  assert_list("\"4\" \"3\"\n3 2\n2 1\n1 4\n", "4|3|2|1: 0-1 0-3 1-2 2-3");
}

Test(import_table, adjacency_lists_are_told_from_lists_of_links) {
  assert_list("A B C\nB A\nC A D\nD C\n",
              "A|B|C|D: 0-1 0-2 2-3\nadjacency 1: each line was read as a node and its neighbours");
  assert_list("0 1 2 3\n1\n2 3\n3\n",
              "0|1|2|3: 0-1 0-2 0-3 2-3\n"
              "adjacency 1: each line was read as a node and its neighbours");
  assert_list("1: 2 3\n2: 1\n3: 1\n",
              "1|2|3: 0-1 0-2\n"
              "adjacency 1: each line was read as a node and its neighbours");
  assert_list("A B C\nD E\n",
              "net.txt:1: found \"A B C\": a node and its neighbours, or the two ends "
              "of a link and what else is said of it; say \"format\": \"adjacency\" "
              "or \"edges\"");
  assert_list(
      "1 2 3\n2 3 1\n3 1 2\n4 1 2\n",
      "net.txt:1: found \"1 2 3\": a node and its neighbours, or the two ends of a link and "
      "what else is said of it; say \"format\": \"adjacency\" or \"edges\"");
  g_autoptr(GsGraph) links = import_text("net.txt", GS_GRAPH_TABLE, "A B C\nD E\n", NULL);
  g_autoptr(GsGraph) nodes = import_text("net.txt", GS_GRAPH_ADJACENCY, "A B C\nD E\n", NULL);
  g_autofree char *as_links = links_shown(links);
  g_autofree char *as_nodes = links_shown(nodes);
  cr_expect_str_eq(as_links, "A|B|D|E: 0-1 2-3");
  cr_expect_str_eq(as_nodes, "A|B|C|D|E: 0-1 0-2 3-4");
}

/** Excel is told so what separates cells. */
Test(import_table, a_first_line_that_says_the_separator_is_obeyed) {
  assert_reads("net.csv", "sep=;\r\nSource;Target\r\nA;B\r\nB;C\r\n", "A|B|C: 0-1 1-2");
  assert_reads("net.csv", "\xef\xbb\xbf\"sep=,\"\nA,B;C\nD,E\n", "A|B;C|D|E: 0-1 2-3");
  assert_reads("net.csv", "SEP=\t\nA\tB\n", "A|B: 0-1");
  assert_reads("net.csv", "sep=;\nA,B\nB,C\n", "A|B|C: 0-1 1-2");
  assert_reads("net.csv", "sep=;\n", "net.csv: has no nodes; must have at least one");
  assert_reads(
      "net.csv", "sep=,a\nA,B\nB,C\nC,A\n",
      "sep=|a|A|B|C: 0-1 2-3 2-4 3-4\nheader 1: \"sep=,a\" was read as a link, and no other "
      "line has these names: if it names the columns, say them by \"columns\": {\"from\": \u2026, "
      "\"to\": \u2026} "
      "(--set topology.columns.from=\u2026 --set topology.columns.to=\u2026) (line 1)");
}

/** Their lines are no links, and nothing but their structure tells it. */
Test(import_table, lists_of_other_forms_are_refused_by_their_names) {
  static const struct {
    const char *name, *text, *what;
  } cases[] = {
      {"net.graph", "3 2\n2\n1 3\n2\n", "a graph in METIS form"},
      {"net.txt", "% made by hand\n4 4\n2 4\n1 3\n2 4\n1 3\n", "a graph in METIS form"},
      {"net.edges",
       "\xef\xbb\xbf"
       "4 2 1\r\n2 7\r\n1 7 3 9\r\n2 9\r\n\r\n",
       "a graph in METIS form"},
      {"net.txt", "3 2 011 2\n5 5 2 1\n5 5 1 1 3 1\n5 5 2 1\n", "a graph in METIS form"},
      {"net.txt", "3 2 100\n9 2\n9 1 3\n9 2\n", "a graph in METIS form"},
      {"net.txt", "# by networkx\n#\na 1\nb {'weight': 2}\nb 1\nc {}\nc 0\ne 0\n",
       "a multiline adjacency list"},
      {"net.txt", "1 2\n2\n3\n2 1\n3\n3 0\n", "a multiline adjacency list"},
      {"net.txt", "1 Mill\n2 Old town\n3\n#\n1 2 road\n2 3\n",
       "a graph in the Trivial Graph Format"},
      {"net.LGL", "# a\nb 1.5\nc 2\n# b\nc 1\n", "a graph in LGL form"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *expected = g_strdup_printf(
        "%s: is %s, which is not read; a program that knows it (networkx, igraph, Gephi) can write "
        "GraphML or GML; or say \"format\": \"edges\" if its lines are links",
        cases[i].name, cases[i].what);
    assert_reads(cases[i].name, cases[i].text, expected);
  }
  g_autoptr(GsGraph) told = import_text("net.txt", GS_GRAPH_TABLE, "3 2\n2\n1 3\n2\n", NULL);
  cr_assert_not_null(told);
  cr_expect_eq(told->links, 2);
  /* Counts and a circle: its lines are no neighbours of their places. */
  assert_list("4 4\n1 2\n2 3\n3 4\n4 1\n",
              "net.txt:1: found \"4 4\", and 4 lines behind it: it counts nodes and links, or is a "
              "link of \"4\" and \"4\"; take the line out, or put double quotes round the names");
  assert_list("5 0\n3 0\n", "5|0|3: 0-1 1-2");
  assert_list("1 2\n2 3\n#\n3 1\n",
              "1|2|3: 0-1 0-2 1-2\ncomments 1: a comment was skipped (line 3)");
}

Test(import_table, numbered_nodes_are_no_names_of_columns) {
  assert_list("Bus 1,Bus 2\nBus 2,Bus 3\n", "Bus 1|Bus 2|Bus 3: 0-1 1-2");
  assert_list("node1 node2\nnode2 node3\n", "node1|node2|node3: 0-1 1-2");
  assert_list("bus0,bus1\nNorth,South\n", "North|South: 0-1");
  assert_list(
      "Bus 1,Bus 2\nNorth,South\n",
      "North|South: 0-1\nheader 1: \"Bus 1,Bus 2\" was taken for names of columns, since no "
      "node is called so (line 1)");
}

Test(import_table, a_colon_and_commas_are_asked) {
  static const char asked[] =
      "net.txt:1: found \"1: 2, 3\": a node and its neighbours, or names with a colon in them; put "
      "blanks alone between neighbours, or say \"format\": \"edges\"";
  assert_list("1: 2, 3\n2: 1, 3\n", asked);
  assert_list("\"Hut: 1\",\"Hut: 2\"\n", "Hut: 1|Hut: 2: 0-1");
  assert_list("Hut: 1,B\nC,D\n", "Hut: 1|B|C|D: 0-1 2-3");
  g_autoptr(GsGraph) links = import_text("net.txt", GS_GRAPH_TABLE, "Hut: 1,Hut: 2\n", NULL);
  g_autofree char *as_links = links_shown(links);
  cr_expect_str_eq(as_links, "Hut: 1|Hut: 2: 0-1");
}

Test(import_table, a_matrix_is_no_list) {
  assert_list(
      "0 1 0\n1 0 1\n0 1 0\n",
      "net.txt:1: is a matrix of 3 rows and columns of numbers, which is not read: a list of "
      "links, or Matrix Market, says it; or say \"format\": \"edges\" if these are links "
      "with what else is said of them");
}

/* ---- The table of nodes beside it ---- */

static GsGraph *read_both(const char *links, const char *nodes, GsImportColumns columns,
                          GError **error) {
  g_autoptr(GBytes) content = g_bytes_new(links, strlen(links));
  g_autoptr(GBytes) table = g_bytes_new(nodes, strlen(nodes));
  return gs_import_graph(&(GsImport){.path = "net.csv",
                                     .content = content,
                                     .columns = columns,
                                     .nodes_path = "nodes.csv",
                                     .nodes_content = table},
                         error);
}

Test(import_table, a_table_of_nodes_gives_names_energies_places_and_isolated_nodes) {
  g_autoptr(GsGraph) graph = read_both(
      "Source,Target\n1,2\n2,9\n",
      "Id;Label;production;x;y;colour\n1;Mill;1,5;0,5;1;red\n2;Town;;2;3;\n3;Farm;4;5;6;\n",
      (GsImportColumns){0}, NULL);
  g_autofree char *grid = links_shown(graph);
  g_autofree char *notes = notes_of(graph);
  g_autofree char *made = gs_decimal_text(graph->production[0]);
  cr_expect_str_eq(grid, "Mill|Town|Farm|9: 0-1 1-3");
  cr_expect_str_eq(made, "1.5");
  cr_expect(graph->places != NULL);
  cr_expect_str_eq(notes,
                   "not-listed 1: a node of a link is not in the table of nodes, and was added\n"
                   "not-used 1: \"colour\" of nodes in the file is not used\n");
}

/** One comma that can only stand before decimals tells what all of them are. */
Test(import_table, a_comma_that_is_no_mark_of_thousands_decides_for_all) {
  static const char *const sure[] = {"B;0,5", "B;0,125", "B;1,25", "B;1234,567", "B;0,500"};
  for (guint i = 0; i < G_N_ELEMENTS(sure); i++) {
    g_autofree char *nodes = g_strdup_printf("id;production\nA;1,500\n%s\n", sure[i]);
    g_autoptr(GsGraph) graph = read_both("A,B\n", nodes, (GsImportColumns){0}, NULL);
    cr_assert(graph, "%s", sure[i]);
    g_autofree char *made = gs_decimal_text(graph->production[0]);
    cr_expect_str_eq(made, "1.5");
  }
  /* Of what is not used nothing needs to be known. */
  g_autoptr(GsGraph) other =
      read_both("A,B\n", "id;people\nA;1,500\nB;2\n", (GsImportColumns){0}, NULL);
  cr_expect(other != NULL);
}

Test(import_table, columns_of_the_table_of_nodes_are_taken_as_they_are_told) {
  g_autoptr(GsGraph) graph =
      read_both("A,B\n", "Ort,MW,Last\nA,3,1\nB,4,2\n",
                (GsImportColumns){.id = "Ort", .production = "MW", .consumption = "Last"}, NULL);
  g_autofree char *made = gs_decimal_text(graph->production[1]);
  g_autofree char *used = gs_decimal_text(graph->consumption[1]);
  cr_expect_str_eq(made, "4");
  cr_expect_str_eq(used, "2");
  g_autoptr(GsGraph) plain = read_both("A,B\n", "A\nB\nC\n", (GsImportColumns){0}, NULL);
  g_autofree char *grid = links_shown(plain);
  cr_expect_str_eq(grid, "A|B|C: 0-1");
}

Test(import_table, a_table_of_nodes_that_is_none_is_refused_by_its_own_name) {
  static const struct {
    const char *nodes;
    GsImportColumns columns;
    const char *message;
  } cases[] = {
      {"id\nA\nA\n", {0}, "nodes.csv:3: a second line for the node \"A\"; must be one"},
      {"", {0}, "nodes.csv: is empty; must be a table of nodes"},
      {"{}", {0}, "nodes.csv: is a document in JSON; must be a table of nodes"},
      {"id,x\nA,1\n",
       {.production = "p"},
       "nodes.csv:1: has no column \"p\"; must be one that this line names, or \"1\", \"2\", "
       "\u2026 in a table of nodes without such a line"},
      {"id,production\nA,\"12,000\"\nB,5\n",
       {0},
       "nodes.csv:2: found \"12,000\": its comma may stand before decimals, or between thousands; "
       "write such numbers with a point, or without commas"},
      {"id;load\nA;7\nB;-1,500\n",
       {.consumption = "load"},
       "nodes.csv:3: found \"-1,500\": its comma may stand before decimals, or between thousands; "
       "write such numbers with a point, or without commas"},
      {"Ort,m\nA,1\nB,2\n",
       {0},
       "nodes.csv:1: the first line is of words over columns of numbers: names of columns, of "
       "which "
       "none is known to be the names of nodes, or a node; say \"columns\": {\"id\": \u2026} "
       "(--set topology.nodes.columns.id=\u2026) with "
       "one of them, or with the place \"1\""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = read_both("A,B\n", cases[i].nodes, cases[i].columns, &error);
    cr_assert_null(graph, "%s", cases[i].message);
    cr_expect_str_eq(error->message, cases[i].message);
  }
}

Test(import_table, columns_and_nodes_beside_it_are_of_tables_only) {
  static const char text[] = "*Vertices 1\n";
  g_autoptr(GBytes) content = g_bytes_new_static(text, strlen(text));
  g_autoptr(GError) one = NULL, two = NULL;
  GsImport import = {.path = "n", .content = content, .columns = {.from = "a", .to = "b"}};
  g_autoptr(GsGraph) with_columns = gs_import_graph(&import, &one);
  import.columns = (GsImportColumns){0};
  import.nodes_path = "m";
  import.nodes_content = content;
  g_autoptr(GsGraph) with_nodes = gs_import_graph(&import, &two);
  cr_assert(!with_columns && !with_nodes);
  cr_expect_str_eq(one->message,
                   "n: is Pajek, and \"columns\" is of a table of links; must be one, or without");
  cr_expect_str_eq(two->message,
                   "n: is Pajek, and \"nodes\" is of a table of links; must be one, or without");
}

/** Whatever names are: written as a table and read again they are the same. */
Test(import_table, what_is_written_as_a_table_is_read_as_it_was) {
  static const char parts[] = "ab\",;\t #%{\xc3";
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  for (guint round = 0; round < 300; round++) {
    char separator = ",;\t "[round % 4];
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "source%ctarget\n", separator);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < 8; i++) {
      GString *name = g_string_new(NULL);
      g_string_append_printf(name, "%u", i);
      for (gint k = g_rand_int_range(rand, 0, 5); k > 0; k--) {
        char c = parts[g_rand_int_range(rand, 0, (gint32)strlen(parts))];
        g_string_append(name, c == '\xc3' ? "\xc3\xbc" : (char[]){c, '\0'});
      }
      g_string_append_c(name, '.');
      g_autofree char *quoted = g_strdup(name->str);
      g_autoptr(GString) doubled = g_string_new(quoted);
      g_string_replace(doubled, "\"", "\"\"", 0);
      g_string_append_printf(text, "\"%s\"%c", doubled->str, i % 2 ? '\n' : separator);
      g_ptr_array_add(names, g_string_free(name, FALSE));
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = import_text("net", GS_GRAPH_AUTO, text->str, &error);
    cr_assert(graph, "%s\n%s", text->str, error->message);
    cr_assert_eq(graph->links, 4, "%s", text->str);
    cr_assert_eq(graph->nodes, 8, "%s", text->str);
    for (guint i = 0; i < 8; i++) {
      g_autofree char *tidy = g_strdelimit(g_strdup(names->pdata[i]), "\t", ' ');
      if (!strstr(tidy, "  "))
        cr_assert_str_eq(graph->labels[i], tidy, "%s", text->str);
    }
  }
}

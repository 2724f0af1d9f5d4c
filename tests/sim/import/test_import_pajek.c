/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/import_text.h"

static void assert_reads(const char *text, const char *expected) {
  g_autofree char *found = what_is_read("net.net", text);
  cr_expect_str_eq(found, expected);
}

#define DIRECTED                                                                                   \
  "directed 1: the links of the file have a direction, which is not used: links here go both ways"

Test(import_pajek, vertices_have_their_labels_or_numbers) {
  assert_reads("*Vertices 4\n1 \"New York\"\n3 Boston\n*Edges\n1 2\n3 4\n",
               "New York|2|Boston|4: 0-1 2-3");
  assert_reads("% made by hand: \"so\n*NETWORK two of them\r\n*vertices 2\r\n*edges\r\n2 1\r\n",
               "1|2: 0-1");
  assert_reads("*Vertices 3\n*Edges\n", "1|2|3:");
}

Test(import_pajek, all_kinds_of_links_are_read) {
  assert_reads("*Vertices 3\n*Arcs\n1 2\n2 1\n*Edges\n2 3\n",
               "1|2|3: 0-1 1-2\n" DIRECTED "\nlinks-merged 1: a link that is there in the other "
               "direction, too, became one with it (line 4)");
  assert_reads("*Vertices 4\n*Edgeslist\n1 2 3\n4 3\n", "1|2|3|4: 0-1 0-2 2-3");
  assert_reads("*Vertices 3\n*Arcslist\n1 2 3\n", "1|2|3: 0-1 0-2\n" DIRECTED);
  assert_reads("*Vertices 3\n*Matrix\n0 1 0\n0 0 1\n0 0 0\n", "1|2|3: 0-1 1-2\n" DIRECTED);
  assert_reads("*Vertices 3\n*Arcs :1 \"is near\"\n1 2\n*Edges:2\n2 3\n",
               "1|2|3: 0-1 1-2\n" DIRECTED);
}

Test(import_pajek, places_are_taken_and_what_is_not_used_is_said) {
  static const char text[] =
      "*Vertices 2\n1 \"A\" 0.1 0.2 0.5 ellipse x_fact 2\n2 \"B\" 0.3 0.9 0.5\n"
      "*Edges\n1 2 3.5 c Blue\n*Partition p\n*Network m\n";
  assert_reads(
      "*Vertices 2\n1 \"A\" 0.1 0.2 0.5 ellipse x_fact 2\n2 \"B\" 0.3 0.9 0.5\n"
      "*Edges\n1 2 3.5 c Blue\n*Partition p\n1\n1\n",
      "A|B: 0-1\n"
      "not-used 3: 3 lines of sections that say no network are left out (first in line 6)\n"
      "not-used 2: \"z\" and \"how it is drawn\" of nodes in the file are not used (first in "
      "line 2)\n"
      "not-used 2: \"weight\" and \"how it is drawn\" of links in the file are not used "
      "(first in line 5)");
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) second = import_text("net.net", GS_GRAPH_AUTO, text, &error);
  cr_assert_null(second);
  g_autoptr(GsGraph) graph = import_text(
      "n", GS_GRAPH_AUTO, "*Network north\n*Vertices 2\n1 a 0 1\n2 b 1 0\n*Edges\n1 2\n", NULL);
  cr_assert(graph && graph->places);
  cr_expect_eq(graph->places->kind, GS_PLACES_DOWNWARD);
  cr_expect_str_eq(graph->name, "north");
}

Test(import_pajek, what_is_wrong_is_refused_with_its_line) {
  assert_reads("*Vertices\n", "net.net:1: found \"*Vertices\"; must be *Vertices and their number");
  assert_reads("*Vertices 2\n*Edges\n1 3\n",
               "net.net:3: found \"3\"; must be the number of a vertex, from 1 to 2");
  assert_reads("*Vertices 2\n*Edges\n1\n",
               "net.net:3: found \"1\"; must be the numbers of two vertices");
  assert_reads("*Vertices 2\n1 A\n1 B\n", "net.net:3: a second line for the vertex 1; must be one");
  assert_reads("*Vertices 1\n*Vertices 1\n",
               "net.net:2: a second network begins; must be one in a file");
  assert_reads("*Network a\n*Edges\n1 2\n",
               "net.net:2: found \"*Edges\"; must be *Vertices and their number first");
  assert_reads("*Vertices 2\n1 \"A\n",
               "net.net:2: found a quote that is not closed; labels must be in "
               "double quotes");
  assert_reads("*Vertices 2\n*Matrix\n0 1\n",
               "net.net: has 1 rows in *Matrix; must have 2: it may be cut off");
  assert_reads("*Vertices 2\n*Matrix\n0 1 1\n",
               "net.net:3: found 3 numbers in row 1 of *Matrix; must be 2 rows of 2 numbers");
  assert_reads("*Vertices 0\n", "net.net: has no nodes; must have at least one");
  assert_reads("*Vertices 9999999999\n", "net.net: 9999999999 nodes; at most 16777216 are allowed");
}

/** Partitions and vectors of a project name the vertices again: they are no second network. */
Test(import_pajek, what_stands_beside_a_network_in_a_project_is_no_network) {
  static const char *const projects[] = {
      "*Network n\n*Vertices 2\n1 \"A\"\n2 \"B\"\n*Edges\n1 2\n"
      "*Partition kinds\n*Vertices 2\n1\n2\n*Vector heights\n*Vertices 2\n0.5\n1.5\n",
      "*Partition kinds\n*Vertices 2\n1\n2\n*Vector heights\n*Vertices 2\n0.5\n1.5\n"
      "*Network n\n*Vertices 2\n1 \"A\"\n2 \"B\"\n*Edges\n1 2\n"};
  static const char *const lines[] = {"7", "1"};
  for (guint i = 0; i < G_N_ELEMENTS(projects); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = import_text("n.paj", GS_GRAPH_AUTO, projects[i], &error);
    cr_assert(graph, "%s", error->message);
    cr_expect_eq(graph->nodes, 2);
    cr_expect_eq(graph->links, 1);
    cr_expect_str_eq(graph->labels[0], "A");
    g_autofree char *notes = notes_of(graph);
    g_autofree char *expected =
        g_strdup_printf("not-used 8: 8 lines of sections that say no network are left out (first "
                        "in line %s)\n",
                        lines[i]);
    cr_expect_str_eq(notes, expected);
  }
  assert_reads("*Vertices 1\n*Partition p\n*Vertices 1\n1\n*Vertices 1\n",
               "net.net:5: a second network begins; must be one in a file");
}

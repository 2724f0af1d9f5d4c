/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/import_text.h"

static void assert_reads(const char *text, const char *expected) {
  g_autofree char *found = what_is_read("net.mtx", text);
  cr_expect_str_eq(found, expected);
}

#define BANNER "%%MatrixMarket matrix "

Test(import_matrix_market, entries_are_links_and_rows_are_nodes) {
  assert_reads(BANNER "coordinate pattern symmetric\n% a comment \"so\n\n4 4 2\n2 1\n3 2\n",
               "1|2|3|4: 0-1 1-2");
  assert_reads(BANNER "coordinate real symmetric\n3 3 3\n2 1 0.5\n3 1 0\n3 3 2\n",
               "1|2|3: 0-1\n"
               "not-used 1: an entry of 0 is no link (line 4)\n"
               "loops-dropped 1: a link of a node to itself was left out (line 5)\n"
               "not-used 1: \"value\" of links in the file is not used (line 3)");
  assert_reads(
      "%%matrixmarket MATRIX Coordinate Integer General\n2 2 2\n1 2 1\n2 1 1\n",
      "1|2: 0-1\n"
      "directed 1: the links of the file have a direction, which is not used: links here "
      "go both ways\n"
      "links-merged 1: a link that is there in the other direction, too, became one with it "
      "(line 4)\n"
      "not-used 1: \"value\" of links in the file is not used (line 3)");
}

Test(import_matrix_market, arrays_hold_all_values_column_by_column) {
  static const char said[] = "1|2|3: 0-1 1-2\n"
                             "not-used 1: \"value\" of links in the file is not used (line 4)";
  assert_reads(BANNER "array real symmetric\n3 3\n0\n1\n0\n0\n2\n0\n", said);
  assert_reads(BANNER "array real skew-symmetric\n3 3\n1\n0\n2\n",
               "1|2|3: 0-1 1-2\n"
               "not-used 1: \"value\" of links in the file is not used (line 3)");
  assert_reads(BANNER "array real general\n2 2\n0\n0\n1\n0\n",
               "1|2: 0-1\n"
               "directed 1: the links of the file have a direction, which is not used: links here "
               "go both ways\n"
               "not-used 1: \"value\" of links in the file is not used (line 5)");
}

Test(import_matrix_market, what_is_no_graph_is_refused_with_its_line) {
  assert_reads(
      BANNER "coordinate real general\n3 4 4\n1 2 0.5\n2 4 1\n3 1 1\n3 3 2\n",
      "net.mtx:2: found \"3 4 4\"; must be as many rows as columns: in a graph both are the "
      "nodes, and in any other matrix they are not");
  assert_reads(BANNER "coordinate pattern symmetric\n3 3 2\n2 1\n4 1\n",
               "net.mtx:4: found \"4 1\"; must be a row and a column, each from 1 to 3");
  assert_reads(BANNER "coordinate pattern symmetric\n3 3 2\n2 1\n0 1\n",
               "net.mtx:4: found \"0 1\"; must be a row and a column, each from 1 to 3");
  assert_reads(BANNER "coordinate pattern symmetric\n3 3 2\n2 1\n",
               "net.mtx: entries: 1 found, 2 said in front of them; the file may be cut off");
  assert_reads(BANNER "coordinate pattern symmetric\n", "net.mtx: ends before the numbers of rows, "
                                                        "columns and entries");
  assert_reads(
      BANNER "coordinate pattern\n1 1 0\n",
      "net.mtx:1: found \"%%MatrixMarket matrix coordinate pattern\"; must be "
      "\"%%MatrixMarket matrix\", then coordinate or array, then real, integer, complex or "
      "pattern, then general, symmetric, skew-symmetric or hermitian");
  assert_reads(BANNER "coordinate pattern symmetric\n3 3\n",
               "net.mtx:2: found \"3 3\"; must be the "
               "numbers of rows, columns and entries");
  assert_reads(BANNER "coordinate pattern symmetric\n9999999999 9999999999 0\n",
               "net.mtx: 9999999999 nodes; at most 16777216 are allowed");
  assert_reads(BANNER "array real general\n3 3\n1\n",
               "net.mtx: entries: 1 found, 9 said in front of them; the file may be cut off");
}

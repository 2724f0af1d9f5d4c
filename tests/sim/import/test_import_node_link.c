/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

static void assert_reads(const char *text, const char *expected) {
  g_autoptr(GsGraph) graph = import_good("net.json", text);
  g_autofree char *shown = links_shown(graph);
  cr_expect_str_eq(shown, expected);
}

static void assert_refused(const char *text, const char *message) {
  assert_import_fails("net.json", GS_GRAPH_AUTO, text, GS_ERROR_INPUT, message);
}

Test(import_node_link, documents_of_networkx_and_d3_are_read) {
  assert_reads("{\"directed\": false, \"multigraph\": false, \"graph\": {}, \"nodes\": [{\"id\": "
               "\"A\"}, {\"id\": \"B\"}, {\"id\": \"C\"}], \"links\": [{\"source\": \"C\", "
               "\"target\": \"A\"}]}",
               "A|B|C: 0-2");
  assert_reads(
      "{\"nodes\": [{\"id\": 10}, {\"id\": 3}], \"edges\": [{\"source\": 3, \"target\": 10, "
      "\"key\": 0}]}",
      "10|3: 0-1");
  /* Without ids links name places; a name is what a node is called. */
  assert_reads("{\"nodes\": [{\"name\": \"Myriel\", \"group\": 1}, {\"name\": \"Napoleon\"}], "
               "\"links\": [{\"source\": 1, \"target\": 0, \"value\": 1}]}",
               "Myriel|Napoleon: 0-1");
  /* A drawing puts the whole node there. */
  assert_reads("{\"nodes\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"links\": [{\"source\": {\"id\": "
               "\"a\", \"x\": 1}, \"target\": {\"id\": \"b\"}}]}",
               "a|b: 0-1");
  /* The id counts where there is no label, and large ones keep all digits. */
  assert_reads("{\"nodes\": [{\"id\": 9007199254740992}, {\"id\": \"12345678901234567890\", "
               "\"label\": \"Mill\"}], \"links\": []}",
               "9007199254740992|Mill:");
}

Test(import_node_link, energies_latencies_places_and_the_unit_are_taken_exactly) {
  g_autoptr(GsGraph) graph = import_good(
      "net.json",
      "{\"graph\": {\"name\": \"two\", \"unit\": \"kW\"}, \"nodes\": [{\"id\": \"A\", "
      "\"production\": "
      "0.1, \"x\": 1, \"y\": 2}, {\"id\": \"B\", \"consumption\": 1e3, \"x\": 3, \"y\": 5}], "
      "\"links\": [{\"source\": \"A\", \"target\": \"B\", \"latency\": \"5ms\"}]}");
  g_autofree char *made = gs_decimal_text(graph->production[0]);
  g_autofree char *used = gs_decimal_text(graph->consumption[1]);
  cr_expect_str_eq(made, "0.1");
  cr_expect_str_eq(used, "1000");
  cr_expect_str_eq(graph->unit, "kW");
  cr_expect_str_eq(graph->name, "two");
  cr_expect_str_eq((const char *)graph->latencies->pdata[0], "5ms");
  cr_expect(graph->places != NULL);
}

Test(import_node_link, what_is_not_used_is_said) {
  g_autoptr(GsGraph) graph = import_good(
      "net.json",
      "{\"directed\": true, \"nodes\": [{\"id\": \"A\", \"tags\": [1]}, {\"id\": \"B\", \"n\": "
      "null}], "
      "\"links\": [{\"source\": \"A\", \"target\": \"B\", \"weight\": 2}, {\"source\": \"B\", "
      "\"target\": \"A\"}, {\"source\": \"A\", \"target\": \"A\"}]}");
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(
      notes,
      "directed 1: the links of the file have a direction, which is not used: links here go both "
      "ways\n"
      "links-merged 1: a link that is there in the other direction, too, became one with it (line "
      "1, column 136: /links/1)\n"
      "loops-dropped 1: a link of a node to itself was left out (line 1, column 168: /links/2)\n"
      "not-used 1: \"tags\" of nodes in the file is not used (line 1, column 30: /nodes/0)\n"
      "not-used 1: \"weight\" of links in the file is not used (line 1, column 91: /links/0)\n");
}

Test(import_node_link, notes_have_places_also_in_long_lists_and_of_the_graph) {
  g_autoptr(GString) text = g_string_new("{\n\"graph\": {\"date\": \"May\"}, \"a/b~\": [],\n"
                                         "\"edges\": [{\"source\": 0, \"target\": 1}, ");
  for (guint i = 0; i < 4000; i++)
    g_string_append(text, "{\"source\": 1, \"target\": 2, \"note\": \"much of it\"},\n ");
  g_string_append(text, "{\"source\": 2, \"target\": 2}],\n\"nodes\": [{}, {}, {}]}");
  g_autoptr(GsGraph) graph = import_good("net.json", text->str);
  g_autofree char *notes = notes_of(graph);
  cr_expect_str_eq(
      notes,
      "links-merged 3999: 3999 repeated links were left out (first in line 4, column 2: /edges/2)\n"
      "loops-dropped 1: a link of a node to itself was left out (line 4003, column 2: "
      "/edges/4001)\n"
      "not-used 1: \"note\" of links in the file is not used (line 3, column 39: /edges/1)\n"
      "not-used 2: \"date\" and \"a/b~\" of the graph in the file are not used (first in line 2, "
      "column 10: /graph)\n");
  g_autoptr(GsGraph) odd = import_good("net.json", "{\"a/b~\": 3, \"nodes\": [1], \"links\": []}");
  g_autofree char *note = notes_of(odd);
  cr_expect_str_eq(note,
                   "not-used 1: \"a/b~\" of the graph in the file is not used (line 1, column "
                   "10: /a~1b~0)\n");
}

Test(import_node_link, what_could_be_an_id_or_a_place_is_not_guessed) {
  assert_reads("{\"nodes\": [{\"id\": \"0\"}, {\"id\": \"1\"}], \"links\": [{\"source\": 0, "
               "\"target\": 1}]}",
               "0|1: 0-1");
  assert_refused(
      "{\"nodes\": [{\"id\": \"1\"}, {\"id\": \"0\"}], \"links\": [{\"source\": 0, "
      "\"target\": 1}]}",
      "net.json:1:60: /links/0/source: found the number 0, and ids of nodes are strings: "
      "it could be the id as well as a place in \"nodes\"; must be an \"id\" of a node");
  assert_refused(
      "{\"nodes\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"links\": [{\"source\": 0, "
      "\"target\": 1}]}",
      "net.json:1:60: /links/0/source: found the number 0, and ids of nodes are strings: "
      "it is none of them, and could be a place in \"nodes\"; must be an \"id\" of a "
      "node");
}

Test(import_node_link, what_is_wrong_is_said_with_its_place) {
  assert_refused("{\"nodes\": [{\"id\": \"a\"}, {\"id\": \"a\"}], \"links\": []}",
                 "net.json:1:32: /nodes/1/id: a second node with the id \"a\"; ids must be unique");
  assert_refused("{\"nodes\": [{\"id\": 1.5}], \"links\": []}",
                 "net.json:1:19: /nodes/0/id: found a number that is no whole one or too large to "
                 "be exact; an id must be a string, or a whole number of at most 2^53");
  assert_refused("{\"nodes\": [{\"id\": \"a\"}], \"links\": [{\"source\": \"a\"}]}",
                 "net.json:1:36: /links/0: no \"target\"; a link must have \"source\" and "
                 "\"target\"");
  assert_refused(
      "{\"nodes\": [{\"id\": \"a\"}], \"links\": [{\"source\": \"a\", \"target\": \"b\"}]}",
      "net.json:1:62: /links/0/target: found \"b\"; must be the \"id\" of a node");
  assert_refused(
      "{\"nodes\": [{\"id\": \"a\"}, {}], \"links\": []}",
      "net.json:1:25: /nodes/1: this node has no \"id\", others have one; must be all or "
      "none");
  assert_refused("{\"nodes\": []}",
                 "net.json:1:1: no \"links\"; a node\u2013link document must have \"nodes\" and "
                 "\"links\" (or \"edges\")");
  assert_refused("{\"topology\": {\"kind\": \"ring\", \"nodes\": 4}}",
                 "net.json:1:1: is a scenario of gridsim, which is not read as a graph; a "
                 "node\u2013link document has \"nodes\" and \"links\"");
  assert_refused("{\"nodes\": [], \"links\": []}",
                 "net.json: has no nodes; must have at least one");
}

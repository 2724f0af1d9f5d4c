/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/report/remove_folder.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/labels.h"
#include "sim/topology/topology.h"

static char *folder;

static void make_folder(void) {
  folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  cr_assert(folder);
}

static void remove_folder(void) {
  cr_assert(gs_remove_folder(folder, NULL));
  g_free(folder);
}

TestSuite(graph_file, .init = make_folder, .fini = remove_folder);

static GsGraph *read_path(const char *path, GError **error) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_FILE, .file = g_strdup(path)};
  GsGraph *graph = gs_topology_make(&spec, error);
  gs_topology_spec_clear(&spec);
  return graph;
}

static GsGraph *read_text(const char *name, const char *text, gssize length, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  cr_assert(g_file_set_contents(path, text, length, NULL));
  return read_path(path, error);
}

static GsGraph *read_good(const char *name, const char *text) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = read_text(name, text, -1, &error);
  cr_assert(graph, "%s: %s", name, error ? error->message : "no error");
  return graph;
}

/** "A B C" of the labels, "-" without; then links "0-1 1-2". */
static char *show(const GsGraph *graph) {
  GString *text = g_string_new(NULL);
  g_autofree char *labels = graph->labels ? g_strjoinv("|", graph->labels) : g_strdup("-");
  g_string_append_printf(text, "%u nodes, %s:", graph->nodes, labels);
  for (uint32_t i = 0; i < graph->links; i++)
    g_string_append_printf(text, " %u-%u", graph->edges[i].a, graph->edges[i].b);
  if (graph->parallel_dropped || graph->loops_dropped)
    g_string_append_printf(text, "; %u parallel, %u loops", graph->parallel_dropped,
                           graph->loops_dropped);
  return g_string_free(text, FALSE);
}

static void assert_reads(const char *name, const char *text, const char *expected) {
  g_autoptr(GsGraph) graph = read_good(name, text);
  g_autofree char *shown = show(graph);
  cr_assert_str_eq(shown, expected);
}

/** The message is "PATH" and then `rest`, or starts so if `rest` ends in "…". */
static void assert_refuses(const char *name, const char *text, gssize length, const char *rest) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = read_text(name, text, length, &error);
  cr_assert_null(graph, "%s", rest);
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT), "%s", rest);
  g_autofree char *start = g_build_filename(folder, name, NULL);
  cr_assert(g_str_has_prefix(error->message, start), "%s", error->message);
  const char *found = error->message + strlen(start);
  if (g_str_has_suffix(rest, "\u2026"))
    cr_assert(strncmp(found, rest, strlen(rest) - strlen("\u2026")) == 0, "%s", error->message);
  else
    cr_assert_str_eq(found, rest);
  cr_assert_null(strchr(error->message, '\n'), "%s", error->message);
}

Test(graph_file, lists_of_links_are_read_with_comments_commas_and_further_columns) {
  assert_reads(
      "a.edges",
      "\xef\xbb\xbf# made by hand\n% and so\n\n  A B 3.5 more\r\nB,C\n\tC ,\tA\nB A\nD D\n",
      "4 nodes, A|B|C|D: 0-1 0-2 1-2; 1 parallel, 1 loops");
  assert_reads("b.csv", "10,20\n20,5", "3 nodes, 10|20|5: 0-1 1-2");
  assert_reads("c.TSV", "Gr\xc3\xbcn\tBlau\n", "2 nodes, Gr\xc3\xbcn|Blau: 0-1");
}

Test(graph_file, lists_of_links_that_are_none_are_refused_with_their_line) {
  assert_refuses("a.txt", "A B\n\nC\n", -1, ":3: one name (C); a line must name two nodes");
  assert_refuses("b.txt", "A B\nC \0D\n", 9, ": holds NUL bytes, so it is no list of links");
  assert_refuses("c.txt", "# nothing\n", -1, ": has no nodes; must have at least one");
  assert_refuses("d.txt", "", -1, ": has no nodes; must have at least one");
  assert_refuses("e.txt", "A B\n\"New York\" B\n", -1,
                 ":2: half a name (\"New); names have no spaces in them");
}

Test(graph_file, gml_is_read_with_and_without_labels) {
  assert_reads("a.gml",
               "graph [ directed 1 node [ id 7 label \"New York\" ] node [ id 3 label \"*\" ]\n"
               "node [ id 9 label \"New York\" ]\nedge [ source 3 target 7 ]\n"
               "edge [ source 7 target 3 ] edge [ source 9 target 9 ] ]\n",
               "3 nodes, New York|N2|New York (2): 0-1; 1 parallel, 1 loops");
  assert_reads("b.gml", "graph [ node [ id 0 ] node [ id 1 ] edge [ source 1 target 0 ] ]",
               "2 nodes, -: 0-1");
  assert_reads("c.gml", "graph [ node [ id 0 label 12 ] node [ id 1 label 1.5 ] ]",
               "2 nodes, 12|1.5:");
  assert_reads("d.gml", "graph [ node [ id 0 name \"A\" ] node [ id 1 ] ]", "2 nodes, A|N2:");
}

#define GRAPHML_START                                                                              \
  "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"

Test(graph_file, graphml_is_read_with_labels_names_and_ids) {
  assert_reads("a.graphml",
               GRAPHML_START "<key id=\"d0\" for=\"node\" attr.name=\"label\" "
                             "attr.type=\"string\"/><graph edgedefault=\"undirected\">"
                             "<node id=\"0\"><data key=\"d0\">A &amp; B</data></node>"
                             "<node id=\"1\"/><edge source=\"0\" target=\"1\"/></graph></graphml>",
               "2 nodes, A & B|N2: 0-1");
  assert_reads("b.xml",
               GRAPHML_START "<graph edgedefault=\"directed\"><node id=\"left\"/>"
                             "<node id=\"right\"/><edge source=\"right\" target=\"left\"/>"
                             "</graph></graphml>",
               "2 nodes, left|right: 0-1");
  assert_reads("c.graphml",
               GRAPHML_START "<graph edgedefault=\"directed\"><node id=\"4\"/><node id=\"5\"/>"
                             "</graph></graphml>",
               "2 nodes, -:");
}

/** Node a with the first two data elements, b with the others, and a link of them. */
static char *graphml_of(const char *keys, const char *a, const char *b, const char *link) {
  return g_strconcat(GRAPHML_START, keys, "<graph edgedefault=\"undirected\"><node id=\"a\">", a,
                     "</node><node id=\"b\">", b, "</node><edge source=\"a\" target=\"b\">", link,
                     "</edge></graph></graphml>", NULL);
}

#define KEY(id, of, name, type)                                                                    \
  "<key id=\"" id "\" for=\"" of "\" attr.name=\"" name "\" attr.type=\"" type "\"/>"
#define DATA(id, value) "<data key=\"" id "\">" value "</data>"

Test(graph_file, energies_are_taken_as_the_file_has_them_and_gaps_are_told_from_nonsense) {
  g_autofree char *text =
      graphml_of(KEY("p", "node", "production", "int") KEY("c", "node", "Consumption", "string"),
                 DATA("p", "20"), DATA("c", "much"), "");
  g_autoptr(GsGraph) graph = read_good("a.graphml", text);
  cr_assert(graph->production && graph->consumption);
  cr_expect_eq(graph->production[0], 20);
  cr_expect(isnan(graph->production[1]));
  cr_expect(isnan(graph->consumption[0]));
  cr_expect(isinf(graph->consumption[1]));
  cr_expect_null(graph->unused_of_nodes);
  cr_expect_null(graph->unused_of_links);
}

Test(graph_file, attributes_that_nothing_is_made_of_are_named) {
  g_autofree char *text = graphml_of(
      KEY("l", "node", "label", "string") KEY("n", "node", "name", "string")
          KEY("x", "node", "x", "boolean") KEY("y", "node", "y", "boolean")
              KEY("t", "edge", "length", "double") KEY("i", "edge", "id", "string"),
      DATA("l", "A") DATA("x", "true") DATA("y", "true"), DATA("l", "B"), DATA("t", "50"));
  g_autoptr(GsGraph) graph = read_good("a.graphml", text);
  g_autofree char *of_nodes = g_strjoinv(" ", graph->unused_of_nodes);
  g_autofree char *of_links = g_strjoinv(" ", graph->unused_of_links);
  /* A truth value is no number: it was read as one, from beyond its end. */
  cr_expect_str_eq(of_nodes, "name x y");
  cr_expect_str_eq(of_links, "length");
  cr_expect_null(graph->places);
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

Test(graph_file, latencies_stay_with_their_links_however_these_are_listed) {
  static const char gml[] =
      "graph [ node [ id 1 label \"a\" ] node [ id 2 label \"b\" ] node [ id 3 label \"c\" ] "
      "node [ id 4 label \"d\" ] edge [ source 4 target 3 Latency \"4ms\" ] "
      "edge [ source 2 target 2 Latency \"9ms\" ] edge [ source 2 target 1 ] "
      "edge [ source 3 target 1 Latency \"2ms\" ] edge [ source 1 target 3 Latency \"2ms\" ] "
      "edge [ source 1 target 2 Latency \"1ms\" ] edge [ source 2 target 1 Latency \"3ms\" ] ]";
  g_autoptr(GsGraph) graph = read_good("a.gml", gml);
  g_autofree char *latencies = latencies_of(graph);
  cr_expect_str_eq(latencies, "a-b 1ms, a-c 2ms, c-d 4ms");
  cr_expect_eq(graph->latencies_dropped, 1);
  cr_expect_null(graph->unused_of_links);
}

Test(graph_file, lines_with_more_than_two_names_are_counted) {
  g_autoptr(GsGraph) graph = read_good("a.txt", "A B\nB C # good\nC D 3.5\nD A 4 5\nA C \t\n");
  cr_expect_eq(graph->longer_lines, 2);
  cr_expect_eq(graph->first_longer_line, 3);
  cr_expect_eq(graph->links, 5);
}

/** The scenario of a file in `folder`, with more members. */
static GsScenario *scenario_of(const char *name, const char *text, const char *more) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *source = g_build_filename(folder, "grid.json", NULL);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  g_autofree char *json = g_strdup_printf("{\"topology\": {\"file\": \"%s\"}%s}", name, more);
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(json, strlen(json), source, NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no error");
  return scenario;
}

/** That it has one warning, of things not used, and which. */
static void assert_not_used(const GsScenario *scenario, uint32_t count, const char *text) {
  cr_assert_eq(scenario->warnings->len, 1);
  const GsWarning *warning = scenario->warnings->pdata[0];
  cr_expect_str_eq(warning->kind, "not-used");
  cr_expect_eq(warning->count, count);
  cr_expect_str_eq(warning->text, text);
}

Test(graph_file, nodes_begin_with_the_energies_of_the_file_and_the_scenario_says_so) {
  g_autofree char *text =
      graphml_of(KEY("p", "node", "production", "int") KEY("c", "node", "consumption", "double"),
                 DATA("p", "20"), DATA("p", "1099511627776") DATA("c", "5.0"), "");
  g_autoptr(GsScenario) scenario = scenario_of("a.graphml", text, "");
  cr_expect_eq(scenario->nodes[0].production, 20);
  cr_expect_eq(scenario->nodes[0].consumption, 0);
  cr_expect_eq(scenario->nodes[1].production, GS_ENERGY_MAX);
  cr_expect_eq(scenario->nodes[1].consumption, 5);
  cr_expect(g_str_has_suffix(scenario->topology, "a.graphml with its production and consumption"),
            "%s", scenario->topology);
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(graph_file, energies_that_cannot_be_or_that_the_scenario_has_are_not_used_and_named) {
  static const struct {
    const char *value, *more, *said;
    uint32_t count;
  } cases[] = {
      {"-1", "", "that of \"a\" is -1", 1},
      {"2.5", "", "that of \"a\" is 2.5", 1},
      {"1099511627777", "", "that of \"a\" is 1099511627777", 1},
      {"inf", "", "that of \"a\" is no number", 1},
      {"", ", \"energy\": []", NULL, 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *data = g_strconcat("<data key=\"p\">", cases[i].value, "</data>", NULL);
    g_autofree char *text = graphml_of(KEY("p", "node", "production", "string"), data, "", "");
    g_autoptr(GsScenario) scenario = scenario_of("a.graphml", text, cases[i].more);
    g_autofree char *said =
        cases[i].said
            ? g_strconcat("\"production\" of nodes in the graph file is not used: ", cases[i].said,
                          ", and all must be whole numbers from 0 to 1099511627776", NULL)
            : g_strdup("\"production\" of nodes in the graph file is not used: the scenario has "
                       "\"energy\"");
    assert_not_used(scenario, cases[i].count, said);
    cr_expect_eq(scenario->nodes[0].production, 0);
    cr_expect(g_str_has_suffix(scenario->topology, "a.graphml"), "%s", scenario->topology);
  }
}

/** The scenario of links a-b and b-c of which the first takes this. */
static GsScenario *with_latency(const char *type, const char *value, const char *more) {
  g_autofree char *text = g_strconcat(
      GRAPHML_START "<key id=\"t\" for=\"edge\" attr.name=\"latency\" attr.type=\"", type,
      "\"/><graph edgedefault=\"undirected\"><node id=\"a\"/><node id=\"b\"/><node id=\"c\"/>"
      "<edge source=\"b\" target=\"c\"/><edge source=\"b\" target=\"a\"><data key=\"t\">",
      value, "</data></edge></graph></graphml>", NULL);
  return scenario_of("a.graphml", text, more);
}

Test(graph_file, links_take_the_latencies_of_the_file_and_the_rest_of_the_network) {
  g_autoptr(GsScenario) scenario = with_latency(
      "string", "1.000001ms", ", \"network\": {\"latency\": \"7ms\", \"jitter\": \"2ms\"}");
  cr_assert_eq(scenario->own_networks->len, 1);
  const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, 0);
  cr_expect_eq(own->link, 0);
  cr_expect_eq(own->network.latency.kind, GS_DISTRIBUTION_CONSTANT);
  cr_expect_eq(own->network.latency.a, 1000001);
  cr_expect_eq(own->network.jitter.kind, GS_DISTRIBUTION_UNIFORM);
  cr_expect_eq(own->network.jitter.b, 2e6);
  cr_expect_eq(scenario->latency.a, 7e6);
  cr_expect(g_str_has_suffix(scenario->topology, "a.graphml with its latencies"), "%s",
            scenario->topology);
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(graph_file, latencies_that_cannot_be_are_not_used_and_named) {
  static const char *const cases[][2] = {
      {"double", "50"}, {"string", "50"}, {"string", "-1ms"}, {"string", "soon"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = with_latency(cases[i][0], cases[i][1], "");
    g_autofree char *said = g_strconcat(
        "\"latency\" of links in the graph file is not used: that of \"a\" and \"b\" is \"",
        cases[i][1], "\", and all must be durations with a unit, such as \"1.5ms\"", NULL);
    assert_not_used(scenario, 1, said);
    cr_expect_eq(scenario->own_networks->len, 0);
    cr_expect(g_str_has_suffix(scenario->topology, "a.graphml"), "%s", scenario->topology);
  }
}

Test(graph_file, what_a_file_says_besides_is_a_warning) {
  g_autofree char *text =
      graphml_of(KEY("t", "edge", "length", "double") KEY("w", "edge", "weight", "double"), "", "",
                 DATA("t", "50"));
  g_autoptr(GsScenario) scenario = scenario_of("a.graphml", text, "");
  assert_not_used(scenario, 2, "\"length\" and \"weight\" of links in the graph file are not used");
  g_autoptr(GsScenario) whole =
      scenario_of("a.gml", "graph [ region \"north\" directed 0 node [ id 0 ] node [ id 1 ] ]", "");
  assert_not_used(whole, 1, "\"region\" of the graph in the graph file is not used");
  g_autoptr(GsScenario) named =
      scenario_of("a.gml", "graph [ name \"north\" node [ id 0 ] node [ id 1 ] ]", "");
  cr_expect_eq(named->warnings->len, 0);
  cr_expect(g_str_has_suffix(named->topology, "a.gml named \"north\""), "%s", named->topology);
  g_autoptr(GsScenario) directed =
      scenario_of("a.gml", "graph [ directed 1 node [ id 0 ] node [ id 1 ] ]", "");
  assert_not_used(directed, 1,
                  "the graph file says that links have a direction, which is not used: messages go "
                  "both ways");
  g_autoptr(GsScenario) one = scenario_of("a.csv", "A,B\nB,C,3\n", "");
  assert_not_used(one, 1,
                  "what follows the names of two nodes in line 2 of the graph file is not used");
  g_autoptr(GsScenario) more = scenario_of("a.csv", "A,B,1\nB,C,3\n", "");
  assert_not_used(more, 2,
                  "what follows the names of two nodes in 2 lines of the graph file, first in "
                  "line 1, is not used");
  g_autoptr(GsScenario) many =
      scenario_of("a.gml",
                  "graph [ node [ id 0 a1 1 a2 2 a3 3 a4 4 a5 5 a6 6 a7 7 a8 8 a9 9 b 1 ] "
                  "node [ id 1 ] ]",
                  "");
  assert_not_used(many, 10,
                  "\"a1\", \"a2\", \"a3\", \"a4\", \"a5\", \"a6\", \"a7\", \"a8\" and 2 more of "
                  "nodes in the graph file are not used");
}

Test(graph_file, malformed_files_are_refused) {
  assert_refuses("a.gml", "graph [ node [ id 0 ] node [ id 1 ]", -1,
                 ": is no GML that can be read: \u2026");
  assert_refuses("b.gml", "graph [ node [ id 0 ] edge [ source 0 target 8 ] ]", -1,
                 ": is no GML that can be read: \u2026");
  assert_refuses("c.gml", "hello", -1, ": is no GML that can be read: \u2026");
  assert_refuses("d.gml", "", -1, ": is no GML that can be read: \u2026");
  assert_refuses("e.gml", "graph [ ]", -1, ": has no nodes; must have at least one");
  assert_refuses("a.graphml", GRAPHML_START "<graph><node", -1,
                 ": is no GraphML that can be read: \u2026");
  assert_refuses("b.graphml", "{}", -1, ": is no GraphML that can be read: \u2026");
  assert_refuses("c.graphml", "", -1, ": is no GraphML that can be read: \u2026");
  assert_refuses("a.pdf", "A B\n", -1,
                 ": the format cannot be told from the name; must end in\u2026");
  /* An error leaves igraph usable. */
  assert_reads("f.gml", "graph [ node [ id 0 ] ]", "1 nodes, -:");
}

Test(graph_file, the_format_that_is_said_counts_more_than_the_ending) {
  g_autofree char *path = g_build_filename(folder, "links.gml", NULL);
  cr_assert(g_file_set_contents(path, "A B\n", -1, NULL));
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_FILE, .file = path, .format = GS_GRAPH_EDGES};
  g_autoptr(GsGraph) graph = gs_topology_make(&spec, NULL);
  cr_assert(graph && graph->links == 1);
  g_autofree char *text = gs_topology_describe(&spec);
  g_autofree char *expected = g_strconcat("graph file ", path, NULL);
  cr_assert_str_eq(text, expected);
}

Test(graph_file, only_regular_files_are_read_and_nothing_is_waited_for, .timeout = 10) {
  g_autofree char *fifo = g_build_filename(folder, "fifo.gml", NULL);
  g_autofree char *missing = g_build_filename(folder, "missing.gml", NULL);
  g_autofree char *dir = g_strconcat(folder, "/sub.gml", NULL);
  cr_assert_eq(mkfifo(fifo, 0600), 0);
  cr_assert_eq(g_mkdir(dir, 0700), 0);
  const char *paths[] = {fifo, missing, dir};
  const char *rests[] = {": is no regular file; must be a regular file",
                         ": cannot be read: No such file or directory",
                         ": is a folder; must be a regular file"};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strconcat(paths[i], rests[i], NULL);
    cr_assert_null(read_path(paths[i], &error));
    cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_assert_str_eq(error->message, expected);
  }
}

Test(labels, become_short_unique_lines_of_text) {
  char long_name[301];
  memset(long_name, 'x', 300);
  long_name[300] = '\0';
  const char *given[] = {"A",       "A",         "A (2)", "A", "",        NULL,      "N5",
                         "a\tb\nc", " \x1b[31m", "\xff",  "*", long_name, long_name, "\u202eevil"};
  const char *expected[] = {"A",     "A (2)", "A (2) (2)", "A (3)", "N5", "N6", "N5 (2)",
                            "a b c", "[31m",  "\ufffd",    "N11",   NULL, NULL, "evil"};
  guint count = G_N_ELEMENTS(given);
  char **labels = g_new0(char *, count + 1);
  for (guint i = 0; i < count; i++)
    labels[i] = g_strdup(given[i]);
  gs_labels_tidy(labels, count);
  for (guint i = 0; i < count; i++)
    if (expected[i])
      cr_assert_str_eq(labels[i], expected[i]);
  cr_assert_eq(strlen(labels[11]), GS_NAME_BYTES_MAX);
  cr_assert_eq(strlen(labels[12]), GS_NAME_BYTES_MAX);
  cr_assert(g_str_has_suffix(labels[12], "x (2)"));
  g_strfreev(labels);
}

/** Published graphs, where they lie beside the checkout. */
Test(real_graphs, have_the_nodes_and_links_that_their_authors_say) {
  const struct {
    const char *name;
    uint32_t nodes, links;
    const char *first;
  } files[] = {
      {"western-us-power.gml", 4941, 6594, NULL}, {"Abilene.gml", 11, 14, "New York"},
      {"Abilene.graphml", 11, 14, "New York"},    {"Cogentco.graphml", 197, 245, NULL},
      {"Geant2012.graphml", 40, 61, NULL},
  };
  if (!g_file_test("../shared/data/graphs", G_FILE_TEST_IS_DIR))
    cr_skip_test("skipped: no ../shared/data/graphs");
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename("../shared/data/graphs", files[i].name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = read_path(path, &error);
    cr_assert(graph, "%s", error ? error->message : "no error");
    cr_assert_eq(graph->nodes, files[i].nodes, "%s: %u nodes", path, graph->nodes);
    cr_assert_eq(graph->links + graph->parallel_dropped + graph->loops_dropped, files[i].links,
                 "%s: %u links", path, graph->links);
    if (files[i].first)
      cr_assert_str_eq(graph->labels[0], files[i].first);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/report/remove_folder.h"
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

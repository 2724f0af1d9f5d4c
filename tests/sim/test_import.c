/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

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
    g_autofree char *text = NULL;
    gsize length;
    cr_assert(g_file_get_contents(path, &text, &length, NULL));
    g_autoptr(GsGraph) graph = import_bytes(path, GS_GRAPH_AUTO, text, length, &error);
    cr_assert(graph, "%s", error ? error->message : "no error");
    cr_assert_eq(graph->nodes, files[i].nodes, "%s: %u nodes", path, graph->nodes);
    cr_assert_eq(graph->links + graph->parallel_dropped + graph->loops_dropped, files[i].links,
                 "%s: %u links", path, graph->links);
    if (files[i].first)
      cr_assert_str_eq(graph->labels[0], files[i].first);
  }
}

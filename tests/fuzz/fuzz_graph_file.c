/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "FAILED: %s\n", what);
  abort();
}

static void check_graph(const GsGraph *graph) {
  for (uint32_t i = 0; i < graph->links; i++) {
    GsEdge edge = graph->edges[i], before = graph->edges[i ? i - 1 : 0];
    require(edge.a < edge.b && edge.b < graph->nodes, "a link that is none");
    require(i == 0 || before.a < edge.a || (before.a == edge.a && before.b < edge.b),
            "links out of order, or twice");
  }
  for (uint32_t i = 0; graph->labels && i < graph->nodes; i++)
    require(graph->labels[i] && g_utf8_validate(graph->labels[i], -1, NULL), "a name not in UTF-8");
  require(!graph->latencies || graph->latencies->len == graph->links, "latencies of other links");
}

/** What stands between a table of links and one of nodes. */
#define NODES_BEHIND 0x1e

/** A graph file: its first byte says in which format it is read, 0 that it is found out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  g_autoptr(GError) error = NULL;
  const uint8_t *behind = memchr(data + 1, NODES_BEHIND, size - 1);
  size_t length = behind ? (size_t)(behind - data) - 1 : size - 1;
  g_autoptr(GBytes) content = g_bytes_new(data + 1, length);
  g_autoptr(GBytes) nodes = behind ? g_bytes_new(behind + 1, size - length - 2) : NULL;
  GsImport import = {.path = "graph",
                     .content = content,
                     .format = (GsGraphFormat)(data[0] % GS_GRAPH_FORMATS),
                     .nodes_path = "nodes",
                     .nodes_content = nodes};
  g_autoptr(GsGraph) graph = gs_import_graph(&import, &error);
  if (graph)
    check_graph(graph);
  else
    require(error && g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n'),
            error ? error->message : "no error");
  return 0;
}

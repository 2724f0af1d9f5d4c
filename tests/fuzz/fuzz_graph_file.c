/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/topology/topology.h"

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

static void read_as(const char *path, GsGraphFormat format) {
  g_autoptr(GError) error = NULL;
  GsTopologySpec spec = {
      .kind = GS_TOPOLOGY_FILE, .file = (char *)(guintptr)path, .format = format};
  g_autoptr(GsGraph) graph = gs_topology_make(&spec, &error);
  if (graph)
    check_graph(graph);
  else
    require(error && g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n'),
            error ? error->message : "no error");
}

/** A graph file: its first byte says in which format it is read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const GsGraphFormat formats[] = {GS_GRAPH_GRAPHML, GS_GRAPH_GML, GS_GRAPH_EDGES};
  if (size == 0)
    return 0;
  int file = memfd_create("graph", MFD_CLOEXEC);
  require(file >= 0 && write(file, data + 1, size - 1) == (ssize_t)(size - 1), "no file to read");
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file);
  read_as(path, formats[data[0] % G_N_ELEMENTS(formats)]);
  close(file);
  return 0;
}

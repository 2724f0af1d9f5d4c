/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "sim/import/import.h"
#include "tests/fuzz/check_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** What stands between a table of links and one of nodes. */
#define NODES_BEHIND 0x1e

/** A graph file: its first character, a digit, says in which format it is read, "0" that it is
 * found out. */
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
                     .format = (GsGraphFormat)((data[0] - '0' + 256) % GS_GRAPH_FORMATS),
                     .nodes_path = "nodes",
                     .nodes_content = nodes};
  g_autoptr(GsGraph) graph = gs_import_graph(&import, &error);
  check_outcome(graph, error);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "sim/import/pypsa.h"
#include "tests/fuzz/check_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** What stands behind each table. */
#define TABLE_END 0x1e

/** The tables of a network, in the order of GsPypsaTable; an empty one is not there. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  GsPypsaFile files[GS_PYPSA_TABLES] = {{NULL, NULL}};
  const uint8_t *at = data, *end = data + size;
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES && at < end; i++) {
    const uint8_t *close = memchr(at, TABLE_END, (size_t)(end - at));
    size_t length = (size_t)((close ? close : end) - at);
    if (length > 0 || i == GS_PYPSA_BUSES)
      files[i] = (GsPypsaFile){gs_pypsa_table_name(i), g_bytes_new(at, length)};
    at = close ? close + 1 : end;
  }
  if (!files[GS_PYPSA_BUSES].path)
    return 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = gs_import_pypsa(files, &error);
  check_outcome(graph, error);
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES; i++)
    g_clear_pointer(&files[i].content, g_bytes_unref);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/draft_parts.h"
#include "sim/import/readers.h"

/** Where the node was first only named; 0: it is declared, or needs not be. */
static uint32_t *named_line(GsDraft *draft, uint32_t node) {
  if (node >= draft->named->len)
    g_array_set_size(draft->named, node + 1);
  return &g_array_index(draft->named, uint32_t, node);
}

bool gs_draft_declare(GsDraft *draft, const char *id, gsize length, guint64 line, uint32_t *node,
                      GError **error) {
  uint32_t before = draft->ids.ids->len;
  *node = gs_draft_node(draft, id, length);
  uint32_t *named = named_line(draft, *node);
  if (*node < before && *named == 0) {
    g_autofree char *shown = gs_shown(id, length);
    return gs_read_wrong(draft, line, error, "a second node with the id %s; ids must be unique",
                         shown);
  }
  *named = 0;
  return true;
}

uint32_t gs_draft_end(GsDraft *draft, const char *id, gsize length, guint64 line) {
  uint32_t before = draft->ids.ids->len;
  uint32_t node = gs_draft_node(draft, id, length);
  if (node >= before)
    *named_line(draft, node) = (uint32_t)CLAMP(line, 1, UINT32_MAX);
  return node;
}

bool gs_draft_all_declared(const GsDraft *draft, GError **error) {
  uint32_t first = 0, count = 0;
  for (guint i = 0; i < draft->named->len; i++) {
    if (g_array_index(draft->named, uint32_t, i) == 0)
      continue;
    if (count++ == 0)
      first = i;
  }
  if (count == 0)
    return true;
  const char *id = draft->ids.ids->pdata[first];
  g_autofree char *shown = gs_shown(id, strlen(id));
  g_autofree char *more =
      count > 1
          ? g_strdup_printf("; nor has any node %u more of the ids that links end at", count - 1)
          : g_strdup("");
  return gs_read_wrong(draft, g_array_index(draft->named, uint32_t, first), error,
                       "a link ends at %s, and no node has that id%s", shown, more);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_links.h"

void gs_sync_links_init(GsSyncLinks *links, const GsScenario *scenario) {
  links->half_open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  links->there = scenario->has_faults ? g_array_new(FALSE, FALSE, sizeof(GsEdge)) : NULL;
  if (links->there && !scenario->handshake)
    g_array_append_vals(links->there, scenario->links, scenario->link_count);
}

void gs_sync_links_clear(GsSyncLinks *links) {
  g_hash_table_unref(links->half_open);
  g_clear_pointer(&links->there, g_array_unref);
}

static void add_half(GsSyncLinks *links, uint32_t node, uint32_t sibling) {
  guint64 key = (guint64)node << 32 | sibling;
  g_hash_table_add(links->half_open, g_memdup2(&key, sizeof key));
}

bool gs_sync_links_add(GsSyncLinks *links, uint32_t node, uint32_t sibling) {
  guint64 back = (guint64)sibling << 32 | node;
  if (!g_hash_table_remove(links->half_open, &back)) {
    add_half(links, node, sibling);
    return false;
  }
  GsEdge link = {node, sibling};
  if (links->there)
    g_array_append_val(links->there, link);
  return true;
}

static gboolean is_of(gpointer key, gpointer value, gpointer node) {
  (void)value;
  return (uint32_t)(*(const guint64 *)key >> 32) == *(const uint32_t *)node;
}

void gs_sync_links_forget(GsSyncLinks *links, uint32_t node) {
  guint kept = 0;
  g_hash_table_foreach_remove(links->half_open, is_of, &node);
  for (guint i = 0; i < links->there->len; i++) {
    GsEdge link = g_array_index(links->there, GsEdge, i);
    if (link.a == node || link.b == node)
      add_half(links, link.a == node ? link.b : link.a, node);
    else
      g_array_index(links->there, GsEdge, kept++) = link;
  }
  g_array_set_size(links->there, kept);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/dot_sets.h"

/** Sets are tidied when they have this many nodes more than twice what they had then. */
#define UNTIDY_MAX 16

typedef struct {
  GArray *nodes;
  guint tidy; /**< so many are there once each */
} Set;

static void free_set(gpointer data) {
  Set *set = data;
  g_array_unref(set->nodes);
  g_free(set);
}

void gs_dot_sets_begin(GsDotSets *sets) {
  *sets = (GsDotSets){.list = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                      .named = g_ptr_array_new_with_free_func(free_set),
                      .set_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                      .stamps = g_array_new(FALSE, TRUE, sizeof(uint32_t))};
}

void gs_dot_sets_clear(GsDotSets *sets) {
  g_clear_pointer(&sets->list, g_array_unref);
  g_clear_pointer(&sets->named, g_ptr_array_unref);
  g_clear_pointer(&sets->set_of, g_hash_table_unref);
  g_clear_pointer(&sets->stamps, g_array_unref);
}

/** Takes each of the nodes from `start` on once; the first one stays. */
static void take_once(GsDotSets *sets, GArray *nodes, guint start) {
  guint kept = start;
  sets->stamp++;
  for (guint i = start; i < nodes->len; i++) {
    uint32_t node = g_array_index(nodes, uint32_t, i);
    if (node >= sets->stamps->len)
      g_array_set_size(sets->stamps, node + 1);
    if (g_array_index(sets->stamps, uint32_t, node) == sets->stamp)
      continue;
    g_array_index(sets->stamps, uint32_t, node) = sets->stamp;
    g_array_index(nodes, uint32_t, kept++) = node;
  }
  g_array_set_size(nodes, kept);
}

guint gs_dot_set(GsDotSets *sets, guint parent, const char *name, gsize length) {
  g_autofree char *start = g_strndup(name, length);
  g_autofree char *key = g_strdup_printf("%u %s", parent, start);
  gpointer known = g_hash_table_lookup(sets->set_of, key);
  if (known)
    return GPOINTER_TO_UINT(known) - 1;
  Set *set = g_new0(Set, 1);
  set->nodes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  g_ptr_array_add(sets->named, set);
  g_hash_table_insert(sets->set_of, g_steal_pointer(&key), GUINT_TO_POINTER(sets->named->len));
  return sets->named->len - 1;
}

void gs_dot_sets_close(GsDotSets *sets, guint start) {
  take_once(sets, sets->list, start);
}

void gs_dot_set_add(GsDotSets *sets, guint number, guint start) {
  Set *set = sets->named->pdata[number];
  if (sets->list->len > start)
    g_array_append_vals(set->nodes, &g_array_index(sets->list, uint32_t, start),
                        sets->list->len - start);
  gboolean first = set->tidy == 0;
  if (!first && set->nodes->len > 2 * set->tidy + UNTIDY_MAX)
    take_once(sets, set->nodes, 0);
  else if (!first)
    return;
  set->tidy = set->nodes->len;
}

const uint32_t *gs_dot_set_nodes(const GsDotSets *sets, guint number, guint *count) {
  const Set *set = sets->named->pdata[number];
  *count = set->nodes->len;
  return (const uint32_t *)(const void *)set->nodes->data;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node_internal.h"

/* What a wave brings back: nets by id, each of which counts once. */

static bool list_id(int64_t id, int64_t net, void *data) {
  GsCountedNet entry = {id, net};
  g_array_append_val((GArray *)data, entry);
  return true;
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  int64_t x = ((const GsCountedNet *)a)->id, y = ((const GsCountedNet *)b)->id;
  return x < y ? -1 : x > y;
}

/**
 * Leaves of an id that is there twice the first. Sorted rather than put into a
 * hash table: no choice of ids can make it quadratic.
 */
static void keep_each_once(GArray *listed) {
  g_array_sort(listed, compare_ids); /* is stable */
  GsCountedNet *entries = (GsCountedNet *)(void *)listed->data;
  guint kept = 0;
  for (guint i = 0; i < listed->len; i++) {
    if (i == 0 || entries[i].id != entries[i - 1].id)
      entries[kept++] = entries[i];
  }
  g_array_set_size(listed, kept);
}

int64_t gs_node_collected_sum(const GsNode *node, GsNets *oldest, GsEffects *effects) {
  int64_t sum = gs_nets_plus(gs_node_net(node), oldest ? oldest->sum : 0);
  bool may_repeat =
      oldest && (oldest->may_repeat & GS_NETS_TWICE || (node->recovers && node->may_answer_twice));
  if (!may_repeat && G_LIKELY(!effects->counted))
    return sum;
  if (!effects->listed_ids)
    effects->listed_ids = g_array_new(FALSE, FALSE, sizeof(GsCountedNet));
  GArray *listed = g_array_set_size(effects->listed_ids, 0);
  list_id(node->id, gs_node_net(node), listed);
  GsNets *part = oldest;
  while (part) {
    part = part->next;
    gs_nets_foreach(part, list_id, listed);
    if (part == oldest)
      break;
  }
  if (may_repeat) {
    keep_each_once(listed);
    sum = 0;
    for (guint i = 0; i < listed->len; i++)
      sum = gs_nets_plus(sum, g_array_index(listed, GsCountedNet, i).net);
  }
  if (effects->counted)
    g_array_append_vals(effects->counted, listed->data, listed->len);
  return sum;
}

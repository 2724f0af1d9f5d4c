/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_monitor_parts.h"

/* Islands that are made anew, since something went wrong or is right again. */

/** What a node was before islands are made anew. */
typedef struct {
  int64_t truth, truth_ns;
  bool in_sync, is_down;
} Former;

static Former *note_former(GsSyncMonitor *monitor) {
  Former *former = g_new(Former, monitor->count);
  for (uint32_t node = 0; node < monitor->count; node++) {
    uint32_t root = gs_sync_root_of(monitor, node);
    const GsSyncIsland *island = gs_sync_island_at(monitor, root);
    int64_t right = gs_sync_truth(monitor, root);
    former[node] = (Former){.truth = right,
                            .truth_ns = island->truth_ns,
                            .in_sync = monitor->members[node].gridnet == right,
                            .is_down = island->is_down};
  }
  return former;
}

/** All islands, of who is up and what works now. */
static void make_islands_anew(GsSyncMonitor *monitor) {
  for (uint32_t node = 0; node < monitor->count; node++) {
    monitor->members[node].parent = GS_SYNC_ROOT;
    monitor->members[node].next = GS_SYNC_NOBODY;
  }
  const GArray *links = monitor->siblings.there;
  g_autoptr(GArray) working = g_array_new(FALSE, FALSE, sizeof(GsEdge));
  for (guint i = 0; i < links->len; i++) {
    GsEdge link = g_array_index(links, GsEdge, i);
    if (!gs_sync_link_works(monitor, link.a, link.b))
      continue;
    g_array_append_val(working, link);
    gs_sync_join_members(monitor, link.a, link.b);
  }
  g_free(monitor->islands);
  gs_sync_make_islands(monitor);
  monitor->links = working->len;
  for (guint i = 0; i < working->len; i++)
    gs_sync_island_of(monitor, g_array_index(working, GsEdge, i).a)->links++;
  for (guint i = 0; i < monitor->open_nodes->len; i++)
    gs_sync_island_of(monitor, g_array_index(monitor->open_nodes, uint32_t, i))->open = true;
  monitor->down = 0;
  for (uint32_t node = 0; node < monitor->count; node++) {
    bool is_down = gs_fault_plan_node(monitor->faults, node, monitor->now_ns).is_down;
    gs_sync_island_of(monitor, node)->is_down = is_down;
    monitor->down += is_down;
  }
  monitor->island_count -= monitor->down;
  g_hash_table_remove_all(monitor->holders);
  monitor->counted = false;
  monitor->out_of_sync = 0;
  monitor->error = 0;
  gs_sync_count_holders(monitor);
}

/** An island that was made anew, as if its nodes had been joined at this moment. */
static void touch_anew(GsSyncMonitor *monitor, uint32_t root, const Former *former) {
  GsSyncIsland *island = gs_sync_island_at(monitor, root);
  GsTouchedIsland touched = {.root = root, .truth = former[root].truth};
  for (uint32_t node = root; node != GS_SYNC_NOBODY; node = monitor->members[node].next) {
    const Former *was = &former[node];
    touched.out_of_sync += !was->in_sync || was->is_down;
    touched.truth_ns = MAX(touched.truth_ns, was->truth_ns);
    touched.joined |= was->is_down || was->truth != touched.truth;
  }
  bool broken = touched.joined || gs_sync_truth(monitor, root) != touched.truth;
  island->truth_ns = broken ? monitor->now_ns : touched.truth_ns;
  monitor->truth_changed |= broken;
  island->touched = monitor->touched_islands->len;
  g_array_append_val(monitor->touched_islands, touched);
}

void gs_sync_monitor_change_islands(GsSyncMonitor *monitor, int64_t now_ns,
                                    const GsFaultPlan *faults) {
  gs_sync_advance(monitor, now_ns);
  gs_sync_settle_touched(monitor); /* on the wall clock two windows may have one moment */
  monitor->faults = faults;
  g_autofree Former *former = note_former(monitor);
  make_islands_anew(monitor);
  for (uint32_t node = 0; node < monitor->count; node++)
    if ((monitor->members[node].parent & GS_SYNC_ROOT) &&
        !gs_sync_island_at(monitor, node)->is_down)
      touch_anew(monitor, node, former);
}

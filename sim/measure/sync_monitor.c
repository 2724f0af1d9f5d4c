/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_monitor_parts.h"

/** How many nodes of an island hold a value: makes every change O(1), however large the island. */
typedef struct {
  int64_t value;
  uint32_t root;
  uint32_t nodes;
} Holders;

static guint holders_hash(gconstpointer key) {
  const Holders *holders = key;
  uint64_t h =
      ((uint64_t)holders->value ^ (uint64_t)holders->root << 40) * UINT64_C(0x9E3779B97F4A7C15);
  return (guint)(h >> 32);
}

static gboolean holders_equal(gconstpointer a, gconstpointer b) {
  const Holders *x = a, *y = b;
  return x->value == y->value && x->root == y->root;
}

static uint32_t holding(GsSyncMonitor *monitor, uint32_t root, int64_t value) {
  Holders key = {value, root, 0};
  const Holders *found = g_hash_table_lookup(monitor->holders, &key);
  return found ? found->nodes : 0;
}

static Holders *hold(GsSyncMonitor *monitor, uint32_t root, int64_t value, int32_t change) {
  Holders key = {value, root, 0};
  Holders *found = g_hash_table_lookup(monitor->holders, &key);
  if (!found) {
    found = g_memdup2(&key, sizeof key);
    g_hash_table_add(monitor->holders, found);
  }
  found->nodes += (uint32_t)change;
  if (found->nodes)
    return found;
  g_hash_table_remove(monitor->holders, &key);
  return NULL;
}

static uint32_t out_in(GsSyncMonitor *monitor, uint32_t root) {
  if (G_UNLIKELY(gs_sync_island_at(monitor, root)->is_down))
    return 0;
  return gs_sync_island_at(monitor, root)->size -
         holding(monitor, root, gs_sync_truth(monitor, root));
}

/** By how much a gridnet is wrong where the truth is known. */
static uint64_t error_of(const GsSyncMonitor *monitor, uint32_t root, int64_t gridnet) {
  const GsSyncIsland *island = gs_sync_island_at(monitor, root);
  if (island->open || island->is_down)
    return 0;
  return gridnet > island->true_net ? (uint64_t)gridnet - (uint64_t)island->true_net
                                    : (uint64_t)island->true_net - (uint64_t)gridnet;
}

static void end_wrong(GsSyncWrong *wrong, int64_t now_ns) {
  int64_t for_ns = now_ns - wrong->since_ns;
  if (for_ns > wrong->longest.for_ns)
    wrong->longest = (GsWrongSpan){wrong->since_ns, for_ns};
  wrong->since_ns = -1;
}

static void look_at_error(GsSyncMonitor *monitor, uint32_t node, uint64_t error) {
  GsSyncWrong *wrong = &monitor->wrong[node];
  if (error && wrong->since_ns < 0)
    wrong->since_ns = monitor->now_ns;
  else if (!error && wrong->since_ns >= 0)
    end_wrong(wrong, monitor->now_ns);
  monitor->peak = MAX(monitor->peak, error);
  if (error > monitor->worst.error)
    monitor->worst = (GsWorstError){error, node, monitor->now_ns};
}

/** Adds up the error of an island. */
static void add_up_error(GsSyncMonitor *monitor, uint32_t root) {
  GsSyncIsland *island = gs_sync_island_at(monitor, root);
  monitor->error -= island->error;
  island->error = 0;
  for (uint32_t node = root; node != GS_SYNC_NOBODY; node = monitor->members[node].next) {
    uint64_t error = error_of(monitor, root, monitor->members[node].gridnet);
    island->error += error;
    look_at_error(monitor, node, error);
  }
  monitor->error += island->error;
}

/** Counts who holds what; before that, gridnets are only noted. */
void gs_sync_count_holders(GsSyncMonitor *monitor) {
  if (monitor->counted)
    return;
  monitor->counted = monitor->looks_at_all = true;
  Holders *last = NULL;
  for (uint32_t node = 0; node < monitor->count; node++) {
    uint32_t root = gs_sync_root_of(monitor, node);
    int64_t gridnet = monitor->members[node].gridnet;
    /* Neighbours mostly hold the same. */
    if (last && last->root == root && last->value == gridnet)
      last->nodes++;
    else
      last = hold(monitor, root, gridnet, +1);
    monitor->out_of_sync +=
        gridnet != gs_sync_truth(monitor, root) && !gs_sync_island_at(monitor, root)->is_down;
    uint64_t error = error_of(monitor, root, gridnet);
    gs_sync_island_at(monitor, root)->error += error;
    monitor->error += error;
  }
}

/** An island before a change. */
typedef struct {
  uint32_t root;
  int64_t truth;
} Before;

static GsTouchedIsland *touched_at(const GsSyncMonitor *monitor, uint32_t root) {
  guint place = gs_sync_island_at(monitor, root)->touched;
  if (place >= monitor->touched_islands->len)
    return NULL;
  GsTouchedIsland *touched = &g_array_index(monitor->touched_islands, GsTouchedIsland, place);
  return touched->root == root ? touched : NULL;
}

static Before begin_change(GsSyncMonitor *monitor, uint32_t root) {
  uint32_t out = out_in(monitor, root);
  Before before = {root, gs_sync_truth(monitor, root)};
  monitor->out_of_sync -= out;
  if (!touched_at(monitor, root)) {
    GsSyncIsland *island = gs_sync_island_at(monitor, root);
    GsTouchedIsland touched = {
        .root = root, .out_of_sync = out, .truth = before.truth, .truth_ns = island->truth_ns};
    island->touched = monitor->touched_islands->len;
    g_array_append_val(monitor->touched_islands, touched);
  }
  return before;
}

static void end_change(GsSyncMonitor *monitor, Before before) {
  monitor->out_of_sync += out_in(monitor, before.root);
  if (gs_sync_truth(monitor, before.root) == before.truth)
    return;
  gs_sync_island_at(monitor, before.root)->truth_ns = monitor->now_ns;
  touched_at(monitor, before.root)->stale = true;
}

/** What two islands were before becomes one. */
static void join_touched(GsSyncMonitor *monitor, uint32_t to, uint32_t from) {
  GsTouchedIsland *whole = touched_at(monitor, to), *part = touched_at(monitor, from);
  whole->out_of_sync += part->out_of_sync;
  whole->truth_ns = MAX(whole->truth_ns, part->truth_ns);
  whole->joined |= part->joined || part->truth != whole->truth;
  whole->stale = true;
  part->root = GS_SYNC_NOBODY;
}

static void join(GsSyncMonitor *monitor, uint32_t a, uint32_t b) {
  GsSyncMember *members = monitor->members;
  uint32_t to = gs_sync_root_of(monitor, a), from = gs_sync_root_of(monitor, b);
  monitor->links++;
  if (to == from) {
    gs_sync_island_at(monitor, to)->links++;
    return;
  }
  if (gs_sync_island_at(monitor, to)->size < gs_sync_island_at(monitor, from)->size) {
    uint32_t swap = to;
    to = from;
    from = swap;
  }
  GsSyncIsland *joined = gs_sync_island_at(monitor, to), *other = gs_sync_island_at(monitor, from);
  Before smaller = begin_change(monitor, from), larger = begin_change(monitor, to);
  join_touched(monitor, to, from);
  for (uint32_t node = from; node != GS_SYNC_NOBODY; node = members[node].next) {
    hold(monitor, from, members[node].gridnet, -1);
    hold(monitor, to, members[node].gridnet, +1);
  }
  members[joined->last].next = from;
  joined->last = other->last;
  members[from].parent = to;
  joined->size += other->size;
  joined->links += other->links + 1;
  joined->true_net += other->true_net;
  joined->open |= other->open;
  joined->error += other->error;
  monitor->island_count--;
  monitor->truth_changed = true;
  end_change(monitor, larger);
  joined->truth_ns = gs_sync_truth(monitor, to) == smaller.truth
                         ? MAX(joined->truth_ns, other->truth_ns)
                         : monitor->now_ns;
}

/** The start's links without the bookkeeping of later ones: an island's root is its first node. */
void gs_sync_join_members(GsSyncMonitor *monitor, uint32_t a, uint32_t b) {
  a = gs_sync_root_of(monitor, a);
  b = gs_sync_root_of(monitor, b);
  if (a != b)
    monitor->members[MAX(a, b)].parent = MIN(a, b);
}

/** Of the members' parents: lists of members, sizes and true nets. */
void gs_sync_make_islands(GsSyncMonitor *monitor) {
  monitor->island_count = 0;
  for (uint32_t node = 0; node < monitor->count; node++)
    monitor->island_count += (monitor->members[node].parent & GS_SYNC_ROOT) != 0;
  monitor->islands = g_new0(GsSyncIsland, monitor->island_count);
  uint32_t made = 0;
  for (uint32_t node = 0; node < monitor->count; node++) {
    GsSyncMember *member = &monitor->members[node];
    if (member->parent & GS_SYNC_ROOT)
      member->parent = GS_SYNC_ROOT | made++;
    GsSyncIsland *island = gs_sync_island_of(monitor, node);
    if (island->size++)
      monitor->members[island->last].next = node;
    island->last = node;
    island->true_net += member->net;
  }
}

GsSyncMonitor *gs_sync_monitor_new(const GsScenario *scenario) {
  GsSyncMonitor *monitor = g_new0(GsSyncMonitor, 1);
  monitor->count = scenario->node_count;
  monitor->members = g_new(GsSyncMember, monitor->count);
  monitor->wrong = g_new(GsSyncWrong, monitor->count);
  monitor->holders = g_hash_table_new_full(holders_hash, holders_equal, g_free, NULL);
  gs_sync_links_init(&monitor->siblings, scenario);
  monitor->open_nodes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  monitor->touched_islands = g_array_new(FALSE, FALSE, sizeof(GsTouchedIsland));
  monitor->touched_nodes = g_array_new(FALSE, FALSE, sizeof(GsTouchedNode));
  gs_convergence_init(&monitor->convergence);
  gs_sync_recorder_init(&monitor->recorder);
  monitor->changed = true;
  for (uint32_t i = 0; i < monitor->count; i++) {
    int64_t net = scenario->nodes[i].production - scenario->nodes[i].consumption;
    monitor->wrong[i] = (GsSyncWrong){.since_ns = -1};
    monitor->members[i] =
        (GsSyncMember){.parent = GS_SYNC_ROOT, .next = GS_SYNC_NOBODY, .net = net, .gridnet = net};
  }
  if (!scenario->handshake)
    for (uint32_t i = 0; i < scenario->link_count; i++)
      gs_sync_join_members(monitor, scenario->links[i].a, scenario->links[i].b);
  gs_sync_make_islands(monitor);
  if (scenario->handshake)
    return monitor;
  monitor->links = scenario->link_count;
  for (uint32_t i = 0; i < scenario->link_count; i++)
    gs_sync_island_of(monitor, scenario->links[i].a)->links++;
  return monitor;
}

void gs_sync_monitor_free(GsSyncMonitor *monitor) {
  if (!monitor)
    return;
  g_free(monitor->members);
  g_free(monitor->wrong);
  g_free(monitor->islands);
  gs_sync_recorder_clear(&monitor->recorder);
  g_hash_table_unref(monitor->holders);
  gs_sync_links_clear(&monitor->siblings);
  g_array_unref(monitor->open_nodes);
  g_array_unref(monitor->touched_islands);
  g_array_unref(monitor->touched_nodes);
  gs_convergence_clear(&monitor->convergence);
  g_free(monitor);
}

int64_t gs_sync_monitor_true_net(GsSyncMonitor *monitor, uint32_t node) {
  return gs_sync_island_of(monitor, node)->true_net;
}

bool gs_sync_monitor_is_open(GsSyncMonitor *monitor, uint32_t node) {
  return gs_sync_island_of(monitor, node)->open;
}

bool gs_sync_monitor_in_sync(GsSyncMonitor *monitor, uint32_t node) {
  uint32_t root = gs_sync_root_of(monitor, node);
  return !gs_sync_island_at(monitor, root)->is_down &&
         monitor->members[node].gridnet == gs_sync_truth(monitor, root);
}

int64_t gs_sync_monitor_node_in_sync_since_ns(GsSyncMonitor *monitor, uint32_t node) {
  if (!gs_sync_monitor_in_sync(monitor, node))
    return -1;
  return MAX(monitor->members[node].set_ns, gs_sync_island_of(monitor, node)->truth_ns);
}

const GsSyncSeries *gs_sync_monitor_series(const GsSyncMonitor *monitor) {
  return &monitor->recorder.series;
}

uint64_t gs_sync_monitor_out_of_sync_node_ns(GsSyncMonitor *monitor, int64_t end_ns) {
  gs_sync_count_holders(monitor);
  uint64_t rest_ns = (uint64_t)(MAX(end_ns, monitor->now_ns) - monitor->now_ns);
  unsigned __int128 sum =
      monitor->out_of_sync_node_ns + (unsigned __int128)monitor->out_of_sync * rest_ns;
  return sum > UINT64_MAX ? UINT64_MAX : (uint64_t)sum;
}

uint32_t gs_sync_monitor_island(GsSyncMonitor *monitor, uint32_t node) {
  return gs_sync_root_of(monitor, node);
}

void gs_sync_monitor_island_size(GsSyncMonitor *monitor, uint32_t node, uint64_t *nodes,
                                 uint64_t *links) {
  const GsSyncIsland *island = gs_sync_island_of(monitor, node);
  *nodes = island->size;
  *links = island->links;
}

static void change_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet) {
  GsSyncMember *member = &monitor->members[node];
  uint32_t root = gs_sync_root_of(monitor, node);
  Before before = begin_change(monitor, root);
  hold(monitor, root, member->gridnet, -1);
  hold(monitor, root, gridnet, +1);
  if (member->set_ns != monitor->now_ns || !monitor->now_ns) {
    GsTouchedNode touched = {node, member->gridnet, member->set_ns};
    g_array_append_val(monitor->touched_nodes, touched);
  }
  if (!touched_at(monitor, root)->stale) {
    uint64_t less = error_of(monitor, root, member->gridnet);
    uint64_t more = error_of(monitor, root, gridnet);
    gs_sync_island_at(monitor, root)->error += (unsigned __int128)more - less;
    monitor->error += (unsigned __int128)more - less;
  }
  member->gridnet = gridnet;
  member->set_ns = monitor->now_ns;
  end_change(monitor, before);
}

void gs_sync_monitor_set_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet) {
  g_assert(!monitor->counted);
  monitor->members[node].gridnet = gridnet;
}

/**
 * What nobody could see at the end of a moment is no break: a change of the truth
 * that all nodes of the island follow at the same moment, and what is undone at it.
 */
void gs_sync_settle_touched(GsSyncMonitor *monitor) {
  GArray *islands = monitor->touched_islands, *nodes = monitor->touched_nodes;
  for (guint i = 0; i < islands->len; i++) {
    GsTouchedIsland *touched = &g_array_index(islands, GsTouchedIsland, i);
    if (touched->root == GS_SYNC_NOBODY)
      continue;
    touched->unbroken = !touched->out_of_sync && !out_in(monitor, touched->root);
    touched->same_truth =
        !touched->joined && gs_sync_truth(monitor, touched->root) == touched->truth;
    if (touched->unbroken || touched->same_truth)
      gs_sync_island_at(monitor, touched->root)->truth_ns = touched->truth_ns;
    if (touched->stale)
      add_up_error(monitor, touched->root);
  }
  for (guint i = nodes->len; i-- > 0;) {
    const GsTouchedNode *was = &g_array_index(nodes, GsTouchedNode, i);
    const GsTouchedIsland *touched = touched_at(monitor, gs_sync_root_of(monitor, was->node));
    GsSyncMember *member = &monitor->members[was->node];
    look_at_error(monitor, was->node, error_of(monitor, touched->root, member->gridnet));
    if (touched->unbroken || (touched->same_truth && member->gridnet == was->gridnet))
      member->set_ns = was->set_ns;
  }
  g_array_set_size(islands, 0);
  g_array_set_size(nodes, 0);
}

/** After all was counted anew. */
static void look_at_all_errors(GsSyncMonitor *monitor) {
  for (uint32_t node = 0; monitor->looks_at_all && node < monitor->count; node++)
    look_at_error(
        monitor, node,
        error_of(monitor, gs_sync_root_of(monitor, node), monitor->members[node].gridnet));
  monitor->looks_at_all = false;
}

/** All that was reported for the moment before is complete: is the grid in sync? */
static void judge(GsSyncMonitor *monitor) {
  gs_sync_count_holders(monitor);
  if (!monitor->changed)
    return;
  monitor->changed = false;
  gs_sync_settle_touched(monitor);
  look_at_all_errors(monitor);
  gs_sync_recorder_put(&monitor->recorder, monitor->now_ns, monitor->out_of_sync);
  gs_convergence_see(&monitor->convergence, monitor->out_of_sync,
                     (uint64_t)MIN(monitor->error, UINT64_MAX));
  gs_convergence_judge(&monitor->convergence, monitor->now_ns, !monitor->out_of_sync,
                       monitor->truth_changed);
  monitor->truth_changed = false;
}

/** Time passes with all as it is; sums that fit no more stay at the largest that does. */
static void add_time(GsSyncMonitor *monitor, int64_t now_ns) {
  uint64_t passed_ns = (uint64_t)(now_ns - monitor->now_ns);
  unsigned __int128 error;
  monitor->out_of_sync_node_ns += (unsigned __int128)monitor->out_of_sync * passed_ns;
  monitor->up_node_ns += (unsigned __int128)(monitor->count - monitor->down) * passed_ns;
  if (__builtin_mul_overflow(monitor->error, (unsigned __int128)passed_ns, &error) ||
      __builtin_add_overflow(monitor->error_node_ns, error, &monitor->error_node_ns))
    monitor->error_node_ns = ~(unsigned __int128)0;
}

void gs_sync_advance(GsSyncMonitor *monitor, int64_t now_ns) {
  g_assert(now_ns >= monitor->now_ns);
  gs_sync_count_holders(monitor);
  if (now_ns > monitor->now_ns)
    judge(monitor);
  add_time(monitor, now_ns);
  monitor->now_ns = now_ns;
  monitor->changed = true;
}

void gs_sync_monitor_disturb(GsSyncMonitor *monitor, int64_t now_ns, uint32_t cause) {
  gs_sync_advance(monitor, now_ns);
  gs_convergence_begin(&monitor->convergence, cause);
}

void gs_sync_monitor_gridnet(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             int64_t gridnet) {
  gs_sync_advance(monitor, now_ns);
  change_gridnet(monitor, node, gridnet);
}

void gs_sync_monitor_energy(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node, int64_t net,
                            uint32_t cause) {
  gs_sync_advance(monitor, now_ns);
  uint32_t root = gs_sync_root_of(monitor, node);
  GsSyncMember *member = &monitor->members[node];
  Before before = begin_change(monitor, root);
  monitor->truth_changed |= net != member->net;
  gs_sync_island_at(monitor, root)->true_net += net - member->net;
  member->net = net;
  end_change(monitor, before);
  gs_convergence_reopen(&monitor->convergence, cause);
}

void gs_sync_monitor_sibling(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             uint32_t sibling, uint32_t cause) {
  gs_sync_advance(monitor, now_ns);
  if (sibling >= monitor->count) {
    uint32_t root = gs_sync_root_of(monitor, node);
    Before before = begin_change(monitor, root);
    monitor->truth_changed |= !gs_sync_island_at(monitor, root)->open;
    gs_sync_island_at(monitor, root)->open = true;
    touched_at(monitor, root)->stale = true;
    g_array_append_val(monitor->open_nodes, node);
    end_change(monitor, before);
    return;
  }
  if (!gs_sync_links_add(&monitor->siblings, node, sibling))
    return;
  if (gs_sync_link_works(monitor, node, sibling))
    join(monitor, node, sibling);
  gs_convergence_reopen(&monitor->convergence, cause);
}

void gs_sync_monitor_forget_siblings(GsSyncMonitor *monitor, uint32_t node) {
  gs_sync_links_forget(&monitor->siblings, node);
}

bool gs_sync_monitor_is_down(GsSyncMonitor *monitor, uint32_t node) {
  return gs_sync_island_of(monitor, node)->is_down;
}

GsSyncErrors gs_sync_monitor_errors(GsSyncMonitor *monitor, int64_t end_ns) {
  gs_sync_count_holders(monitor);
  GsSyncMonitor then = *monitor;
  add_time(&then, MAX(end_ns, then.now_ns));
  return (GsSyncErrors){.worst = then.worst,
                        .error_node_ns = then.error_node_ns,
                        .up_node_ns = (uint64_t)MIN(then.up_node_ns, UINT64_MAX)};
}

GsSyncSums gs_sync_monitor_sums(GsSyncMonitor *monitor, int64_t end_ns) {
  gs_sync_count_holders(monitor);
  GsSyncMonitor then = *monitor;
  add_time(&then, MAX(end_ns, then.now_ns));
  return (GsSyncSums){.out_of_sync_node_ns = then.out_of_sync_node_ns,
                      .error_node_ns = then.error_node_ns,
                      .up_node_ns = then.up_node_ns};
}

GsWrongSpan gs_sync_monitor_longest_wrong(const GsSyncMonitor *monitor, uint32_t node,
                                          int64_t end_ns) {
  GsSyncWrong wrong = monitor->wrong[node];
  if (wrong.since_ns >= 0)
    end_wrong(&wrong, MAX(end_ns, monitor->now_ns));
  return wrong.longest;
}

uint64_t gs_sync_monitor_error(GsSyncMonitor *monitor, uint32_t node) {
  return error_of(monitor, gs_sync_root_of(monitor, node), monitor->members[node].gridnet);
}

uint64_t gs_sync_monitor_take_peak(GsSyncMonitor *monitor) {
  uint64_t peak = monitor->peak;
  monitor->peak = 0;
  return peak;
}

void gs_sync_monitor_wrong(const GsSyncMonitor *monitor, uint32_t cause, uint64_t *nodes,
                           uint64_t *by) {
  gs_convergence_wrong(&monitor->convergence, cause, nodes, by);
}

void gs_sync_monitor_settle(GsSyncMonitor *monitor, int64_t now_ns) {
  if (now_ns > monitor->now_ns)
    judge(monitor);
}

uint64_t gs_sync_monitor_links(const GsSyncMonitor *monitor) {
  return monitor->links;
}

uint32_t gs_sync_monitor_islands(const GsSyncMonitor *monitor) {
  return monitor->island_count;
}

uint32_t gs_sync_monitor_half_links(const GsSyncMonitor *monitor) {
  return g_hash_table_size(monitor->siblings.half_open);
}

uint32_t gs_sync_monitor_out_of_sync(GsSyncMonitor *monitor) {
  gs_sync_count_holders(monitor);
  return monitor->out_of_sync;
}

int64_t gs_sync_monitor_in_sync_since_ns(const GsSyncMonitor *monitor) {
  return monitor->convergence.in_sync_since_ns;
}

int64_t gs_sync_monitor_over_ns(const GsSyncMonitor *monitor, uint32_t cause) {
  return gs_convergence_over_ns(&monitor->convergence, cause);
}

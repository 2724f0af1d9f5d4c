/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_monitor.h"

#include "core/limits.h"
#include "sim/measure/convergence.h"

#define NOBODY UINT32_MAX

/** How many nodes of an island hold a value: makes every change O(1), however large the island. */
typedef struct {
  int64_t value;
  uint32_t root;
  uint32_t nodes;
} Holders;

/** Set in the `parent` of a root; the rest of it is the number of its island. */
#define ROOT (UINT32_C(1) << 31)
_Static_assert(GS_NODES_MAX < ROOT, "a parent and a root can be told apart");

typedef struct {
  uint32_t parent; /**< union-find */
  uint32_t next;   /**< of its island */
  int64_t net, gridnet;
  int64_t set_ns; /**< last change of its gridnet that is a break (see settle_touched) */
} Member;

/** Most grids have few, so they are not in the members. */
typedef struct {
  uint32_t last; /**< end of its list of members, which begins at the root */
  uint32_t size;
  uint64_t links;
  int64_t true_net;
  int64_t truth_ns; /**< last change of its truth that is a break */
  guint touched;    /**< its place among those that this moment touched, if it is there */
  bool open;        /**< it goes on in another process */
} Island;

/** An island, and a gridnet, as they were before the moment that is being told. */
typedef struct {
  uint32_t root;        /**< NOBODY: it has become part of another */
  uint32_t out_of_sync; /**< nodes */
  int64_t truth, truth_ns;
  bool joined;     /**< with one that had another truth */
  bool unbroken;   /**< judged: all its nodes were in sync before, and are */
  bool same_truth; /**< judged: as before */
} TouchedIsland;

typedef struct {
  uint32_t node;
  int64_t gridnet, set_ns;
} TouchedNode;

struct GsSyncMonitor {
  Member *members;
  Island *islands; /**< those of the start; joined ones are left unused */
  uint32_t count, island_count, out_of_sync;
  bool counted; /**< `holders` and `out_of_sync` hold: not before all start values are known */
  uint64_t links;
  GHashTable *holders;   /**< set of Holders */
  GHashTable *half_open; /**< pairs that one side has added */
  int64_t now_ns;
  unsigned __int128 out_of_sync_node_ns; /**< up to now_ns */
  GsSyncRecorder recorder;
  bool changed;            /**< since the last judgement */
  bool truth_changed;      /**< … a net or an island did */
  GArray *touched_islands; /**< … of TouchedIsland */
  GArray *touched_nodes;   /**< … of TouchedNode */
  GsConvergence convergence;
};

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

static uint32_t root_of(GsSyncMonitor *monitor, uint32_t node) {
  Member *members = monitor->members;
  while (!(members[node].parent & ROOT)) {
    uint32_t parent = members[node].parent;
    if (!(members[parent].parent & ROOT))
      members[node].parent = members[parent].parent;
    node = parent;
  }
  return node;
}

static Island *island_at(const GsSyncMonitor *monitor, uint32_t root) {
  return &monitor->islands[monitor->members[root].parent & ~ROOT];
}

static Island *island_of(GsSyncMonitor *monitor, uint32_t node) {
  return island_at(monitor, root_of(monitor, node));
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

/** Of an island that goes on elsewhere the truth is not known: its nodes are to agree. */
static int64_t truth(const GsSyncMonitor *monitor, uint32_t root) {
  const Island *island = island_at(monitor, root);
  return island->open ? monitor->members[root].gridnet : island->true_net;
}

static uint32_t out_in(GsSyncMonitor *monitor, uint32_t root) {
  return island_at(monitor, root)->size - holding(monitor, root, truth(monitor, root));
}

/** Counts who holds what; before that, gridnets are only noted. */
static void count_holders(GsSyncMonitor *monitor) {
  if (monitor->counted)
    return;
  monitor->counted = true;
  Holders *last = NULL;
  for (uint32_t node = 0; node < monitor->count; node++) {
    uint32_t root = root_of(monitor, node);
    int64_t gridnet = monitor->members[node].gridnet;
    /* Neighbours mostly hold the same. */
    if (last && last->root == root && last->value == gridnet)
      last->nodes++;
    else
      last = hold(monitor, root, gridnet, +1);
    monitor->out_of_sync += gridnet != truth(monitor, root);
  }
}

/** An island before a change. */
typedef struct {
  uint32_t root;
  int64_t truth;
} Before;

static TouchedIsland *touched_at(const GsSyncMonitor *monitor, uint32_t root) {
  guint place = island_at(monitor, root)->touched;
  if (place >= monitor->touched_islands->len)
    return NULL;
  TouchedIsland *touched = &g_array_index(monitor->touched_islands, TouchedIsland, place);
  return touched->root == root ? touched : NULL;
}

static Before begin_change(GsSyncMonitor *monitor, uint32_t root) {
  uint32_t out = out_in(monitor, root);
  Before before = {root, truth(monitor, root)};
  monitor->out_of_sync -= out;
  if (!touched_at(monitor, root)) {
    Island *island = island_at(monitor, root);
    TouchedIsland touched = {
        .root = root, .out_of_sync = out, .truth = before.truth, .truth_ns = island->truth_ns};
    island->touched = monitor->touched_islands->len;
    g_array_append_val(monitor->touched_islands, touched);
  }
  return before;
}

static void end_change(GsSyncMonitor *monitor, Before before) {
  monitor->out_of_sync += out_in(monitor, before.root);
  if (truth(monitor, before.root) != before.truth)
    island_at(monitor, before.root)->truth_ns = monitor->now_ns;
}

/** What two islands were before becomes one. */
static void join_touched(GsSyncMonitor *monitor, uint32_t to, uint32_t from) {
  TouchedIsland *whole = touched_at(monitor, to), *part = touched_at(monitor, from);
  whole->out_of_sync += part->out_of_sync;
  whole->truth_ns = MAX(whole->truth_ns, part->truth_ns);
  whole->joined |= part->joined || part->truth != whole->truth;
  part->root = NOBODY;
}

static void join(GsSyncMonitor *monitor, uint32_t a, uint32_t b) {
  Member *members = monitor->members;
  uint32_t to = root_of(monitor, a), from = root_of(monitor, b);
  monitor->links++;
  if (to == from) {
    island_at(monitor, to)->links++;
    return;
  }
  if (island_at(monitor, to)->size < island_at(monitor, from)->size) {
    uint32_t swap = to;
    to = from;
    from = swap;
  }
  Island *joined = island_at(monitor, to), *other = island_at(monitor, from);
  Before smaller = begin_change(monitor, from), larger = begin_change(monitor, to);
  join_touched(monitor, to, from);
  for (uint32_t node = from; node != NOBODY; node = members[node].next) {
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
  monitor->island_count--;
  monitor->truth_changed = true;
  end_change(monitor, larger);
  joined->truth_ns = truth(monitor, to) == smaller.truth ? MAX(joined->truth_ns, other->truth_ns)
                                                         : monitor->now_ns;
}

/** The start's links without the bookkeeping of later ones: an island's root is its first node. */
static void join_at_start(GsSyncMonitor *monitor, const GsScenario *scenario) {
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint32_t a = root_of(monitor, scenario->links[i].a);
    uint32_t b = root_of(monitor, scenario->links[i].b);
    if (a != b)
      monitor->members[MAX(a, b)].parent = MIN(a, b);
  }
}

static void make_islands(GsSyncMonitor *monitor) {
  for (uint32_t node = 0; node < monitor->count; node++)
    monitor->island_count += (monitor->members[node].parent & ROOT) != 0;
  monitor->islands = g_new0(Island, monitor->island_count);
  uint32_t made = 0;
  for (uint32_t node = 0; node < monitor->count; node++) {
    Member *member = &monitor->members[node];
    if (member->parent & ROOT)
      member->parent = ROOT | made++;
    Island *island = island_of(monitor, node);
    if (island->size++)
      monitor->members[island->last].next = node;
    island->last = node;
    island->true_net += member->net;
  }
}

GsSyncMonitor *gs_sync_monitor_new(const GsScenario *scenario) {
  GsSyncMonitor *monitor = g_new0(GsSyncMonitor, 1);
  monitor->count = scenario->node_count;
  monitor->members = g_new(Member, monitor->count);
  monitor->holders = g_hash_table_new_full(holders_hash, holders_equal, g_free, NULL);
  monitor->half_open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  monitor->touched_islands = g_array_new(FALSE, FALSE, sizeof(TouchedIsland));
  monitor->touched_nodes = g_array_new(FALSE, FALSE, sizeof(TouchedNode));
  gs_convergence_init(&monitor->convergence);
  gs_sync_recorder_init(&monitor->recorder);
  monitor->changed = true;
  for (uint32_t i = 0; i < monitor->count; i++) {
    int64_t net = scenario->nodes[i].production - scenario->nodes[i].consumption;
    monitor->members[i] = (Member){.parent = ROOT, .next = NOBODY, .net = net, .gridnet = net};
  }
  if (!scenario->handshake)
    join_at_start(monitor, scenario);
  make_islands(monitor);
  if (scenario->handshake)
    return monitor;
  monitor->links = scenario->link_count;
  for (uint32_t i = 0; i < scenario->link_count; i++)
    island_of(monitor, scenario->links[i].a)->links++;
  return monitor;
}

void gs_sync_monitor_free(GsSyncMonitor *monitor) {
  if (!monitor)
    return;
  g_free(monitor->members);
  g_free(monitor->islands);
  gs_sync_recorder_clear(&monitor->recorder);
  g_hash_table_unref(monitor->holders);
  g_hash_table_unref(monitor->half_open);
  g_array_unref(monitor->touched_islands);
  g_array_unref(monitor->touched_nodes);
  gs_convergence_clear(&monitor->convergence);
  g_free(monitor);
}

int64_t gs_sync_monitor_true_net(GsSyncMonitor *monitor, uint32_t node) {
  return island_of(monitor, node)->true_net;
}

bool gs_sync_monitor_is_open(GsSyncMonitor *monitor, uint32_t node) {
  return island_of(monitor, node)->open;
}

bool gs_sync_monitor_in_sync(GsSyncMonitor *monitor, uint32_t node) {
  return monitor->members[node].gridnet == truth(monitor, root_of(monitor, node));
}

int64_t gs_sync_monitor_node_in_sync_since_ns(GsSyncMonitor *monitor, uint32_t node) {
  if (!gs_sync_monitor_in_sync(monitor, node))
    return -1;
  return MAX(monitor->members[node].set_ns, island_of(monitor, node)->truth_ns);
}

const GsSyncSeries *gs_sync_monitor_series(const GsSyncMonitor *monitor) {
  return &monitor->recorder.series;
}

uint64_t gs_sync_monitor_out_of_sync_node_ns(GsSyncMonitor *monitor, int64_t end_ns) {
  count_holders(monitor);
  uint64_t rest_ns = (uint64_t)(MAX(end_ns, monitor->now_ns) - monitor->now_ns);
  unsigned __int128 sum =
      monitor->out_of_sync_node_ns + (unsigned __int128)monitor->out_of_sync * rest_ns;
  return sum > UINT64_MAX ? UINT64_MAX : (uint64_t)sum;
}

uint32_t gs_sync_monitor_island(GsSyncMonitor *monitor, uint32_t node) {
  return root_of(monitor, node);
}

void gs_sync_monitor_island_size(GsSyncMonitor *monitor, uint32_t node, uint64_t *nodes,
                                 uint64_t *links) {
  const Island *island = island_of(monitor, node);
  *nodes = island->size;
  *links = island->links;
}

static void change_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet) {
  Member *member = &monitor->members[node];
  uint32_t root = root_of(monitor, node);
  Before before = begin_change(monitor, root);
  hold(monitor, root, member->gridnet, -1);
  hold(monitor, root, gridnet, +1);
  if (member->set_ns != monitor->now_ns || !monitor->now_ns) {
    TouchedNode touched = {node, member->gridnet, member->set_ns};
    g_array_append_val(monitor->touched_nodes, touched);
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
static void settle_touched(GsSyncMonitor *monitor) {
  GArray *islands = monitor->touched_islands, *nodes = monitor->touched_nodes;
  for (guint i = 0; i < islands->len; i++) {
    TouchedIsland *touched = &g_array_index(islands, TouchedIsland, i);
    if (touched->root == NOBODY)
      continue;
    touched->unbroken = !touched->out_of_sync && !out_in(monitor, touched->root);
    touched->same_truth = !touched->joined && truth(monitor, touched->root) == touched->truth;
    if (touched->unbroken || touched->same_truth)
      island_at(monitor, touched->root)->truth_ns = touched->truth_ns;
  }
  for (guint i = nodes->len; i-- > 0;) {
    const TouchedNode *was = &g_array_index(nodes, TouchedNode, i);
    const TouchedIsland *touched = touched_at(monitor, root_of(monitor, was->node));
    Member *member = &monitor->members[was->node];
    if (touched->unbroken || (touched->same_truth && member->gridnet == was->gridnet))
      member->set_ns = was->set_ns;
  }
  g_array_set_size(islands, 0);
  g_array_set_size(nodes, 0);
}

/** All that was reported for the moment before is complete: is the grid in sync? */
static void judge(GsSyncMonitor *monitor) {
  count_holders(monitor);
  if (!monitor->changed)
    return;
  monitor->changed = false;
  settle_touched(monitor);
  gs_sync_recorder_put(&monitor->recorder, monitor->now_ns, monitor->out_of_sync);
  gs_convergence_judge(&monitor->convergence, monitor->now_ns, !monitor->out_of_sync,
                       monitor->truth_changed);
  monitor->truth_changed = false;
}

static void advance(GsSyncMonitor *monitor, int64_t now_ns) {
  g_assert(now_ns >= monitor->now_ns);
  count_holders(monitor);
  if (now_ns > monitor->now_ns)
    judge(monitor);
  monitor->out_of_sync_node_ns +=
      (unsigned __int128)monitor->out_of_sync * (uint64_t)(now_ns - monitor->now_ns);
  monitor->now_ns = now_ns;
  monitor->changed = true;
}

void gs_sync_monitor_disturb(GsSyncMonitor *monitor, int64_t now_ns, uint32_t cause) {
  advance(monitor, now_ns);
  gs_convergence_begin(&monitor->convergence, cause);
}

void gs_sync_monitor_gridnet(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             int64_t gridnet) {
  advance(monitor, now_ns);
  change_gridnet(monitor, node, gridnet);
}

void gs_sync_monitor_energy(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node, int64_t net,
                            uint32_t cause) {
  advance(monitor, now_ns);
  uint32_t root = root_of(monitor, node);
  Member *member = &monitor->members[node];
  Before before = begin_change(monitor, root);
  monitor->truth_changed |= net != member->net;
  island_at(monitor, root)->true_net += net - member->net;
  member->net = net;
  end_change(monitor, before);
  gs_convergence_reopen(&monitor->convergence, cause);
}

void gs_sync_monitor_sibling(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             uint32_t sibling, uint32_t cause) {
  advance(monitor, now_ns);
  if (sibling >= monitor->count) {
    uint32_t root = root_of(monitor, node);
    Before before = begin_change(monitor, root);
    monitor->truth_changed |= !island_at(monitor, root)->open;
    island_at(monitor, root)->open = true;
    end_change(monitor, before);
    return;
  }
  guint64 back = (guint64)sibling << 32 | node;
  if (g_hash_table_remove(monitor->half_open, &back)) {
    join(monitor, node, sibling);
    gs_convergence_reopen(&monitor->convergence, cause);
    return;
  }
  guint64 key = (guint64)node << 32 | sibling;
  g_hash_table_add(monitor->half_open, g_memdup2(&key, sizeof key));
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

uint32_t gs_sync_monitor_out_of_sync(GsSyncMonitor *monitor) {
  count_holders(monitor);
  return monitor->out_of_sync;
}

int64_t gs_sync_monitor_in_sync_since_ns(const GsSyncMonitor *monitor) {
  return monitor->convergence.in_sync_since_ns;
}

int64_t gs_sync_monitor_over_ns(const GsSyncMonitor *monitor, uint32_t cause) {
  return gs_convergence_over_ns(&monitor->convergence, cause);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_monitor.h"

#define NOBODY UINT32_MAX

/* How many nodes of an island hold a value: makes every change O(1), however large the island. */
typedef struct {
  int64_t value;
  uint32_t root;
  uint32_t nodes;
} Holders;

typedef struct {
  uint32_t parent, next, last; /* union-find; list of members, its end kept at the root */
  uint32_t size;               /* of the island, at the root */
  uint64_t links;              /* of the island, at the root */
  int64_t true_net;            /* of the island, at the root */
  bool open;                   /* the island goes on in another process; at the root */
  int64_t net, gridnet;
  int64_t set_ns;   /* last change of its gridnet */
  int64_t truth_ns; /* last change of the island's truth; at the root */
} Member;

struct GsSyncMonitor {
  Member *members;
  uint32_t count, islands, out_of_sync;
  uint64_t links;
  GHashTable *holders;   /* set of Holders */
  GHashTable *half_open; /* pairs that one side has added */
  int64_t now_ns, in_sync_since_ns;
  unsigned __int128 out_of_sync_node_ns; /* up to now_ns */
  GsSyncRecorder recorder;
  bool changed;    /* since the last judgement */
  GArray *over;    /* per cause: int64_t, -1 not yet */
  GArray *waiting; /* causes that are not over */
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
  while (members[node].parent != node) {
    members[node].parent = members[members[node].parent].parent;
    node = members[node].parent;
  }
  return node;
}

static uint32_t holding(GsSyncMonitor *monitor, uint32_t root, int64_t value) {
  Holders key = {value, root, 0};
  const Holders *found = g_hash_table_lookup(monitor->holders, &key);
  return found ? found->nodes : 0;
}

static void hold(GsSyncMonitor *monitor, uint32_t root, int64_t value, int32_t change) {
  Holders key = {value, root, 0};
  Holders *found = g_hash_table_lookup(monitor->holders, &key);
  if (!found) {
    found = g_memdup2(&key, sizeof key);
    g_hash_table_add(monitor->holders, found);
  }
  found->nodes += (uint32_t)change;
  if (!found->nodes)
    g_hash_table_remove(monitor->holders, &key);
}

/* Of an island that goes on elsewhere the truth is not known: its nodes are to agree. */
static int64_t truth(const GsSyncMonitor *monitor, uint32_t root) {
  const Member *island = &monitor->members[root];
  return island->open ? island->gridnet : island->true_net;
}

static uint32_t out_in(GsSyncMonitor *monitor, uint32_t root) {
  return monitor->members[root].size - holding(monitor, root, truth(monitor, root));
}

/* An island before a change. */
typedef struct {
  uint32_t root;
  int64_t truth;
} Before;

static Before begin_change(GsSyncMonitor *monitor, uint32_t root) {
  monitor->out_of_sync -= out_in(monitor, root);
  return (Before){root, truth(monitor, root)};
}

static void end_change(GsSyncMonitor *monitor, Before before) {
  monitor->out_of_sync += out_in(monitor, before.root);
  if (truth(monitor, before.root) != before.truth)
    monitor->members[before.root].truth_ns = monitor->now_ns;
}

static void join(GsSyncMonitor *monitor, uint32_t a, uint32_t b) {
  Member *members = monitor->members;
  uint32_t to = root_of(monitor, a), from = root_of(monitor, b);
  monitor->links++;
  if (to == from) {
    members[to].links++;
    return;
  }
  if (members[to].size < members[from].size) {
    uint32_t swap = to;
    to = from;
    from = swap;
  }
  Before smaller = begin_change(monitor, from), larger = begin_change(monitor, to);
  for (uint32_t node = from; node != NOBODY; node = members[node].next) {
    hold(monitor, from, members[node].gridnet, -1);
    hold(monitor, to, members[node].gridnet, +1);
  }
  members[members[to].last].next = from;
  members[to].last = members[from].last;
  members[from].parent = to;
  members[to].size += members[from].size;
  members[to].links += members[from].links + 1;
  members[to].true_net += members[from].true_net;
  members[to].open |= members[from].open;
  monitor->islands--;
  end_change(monitor, larger);
  members[to].truth_ns = truth(monitor, to) == smaller.truth
                             ? MAX(members[to].truth_ns, members[from].truth_ns)
                             : monitor->now_ns;
}

GsSyncMonitor *gs_sync_monitor_new(const GsScenario *scenario) {
  GsSyncMonitor *monitor = g_new0(GsSyncMonitor, 1);
  monitor->count = monitor->islands = scenario->node_count;
  monitor->members = g_new0(Member, monitor->count);
  monitor->holders = g_hash_table_new_full(holders_hash, holders_equal, g_free, NULL);
  monitor->half_open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  monitor->over = g_array_new(FALSE, FALSE, sizeof(int64_t));
  monitor->waiting = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  gs_sync_recorder_init(&monitor->recorder);
  monitor->changed = true;
  monitor->in_sync_since_ns = -1;
  for (uint32_t i = 0; i < monitor->count; i++) {
    int64_t net = scenario->nodes[i].production - scenario->nodes[i].consumption;
    monitor->members[i] = (Member){.parent = i,
                                   .next = NOBODY,
                                   .last = i,
                                   .size = 1,
                                   .true_net = net,
                                   .net = net,
                                   .gridnet = net};
    hold(monitor, i, net, +1);
  }
  for (uint32_t i = 0; !scenario->handshake && i < scenario->link_count; i++)
    join(monitor, scenario->links[i].a, scenario->links[i].b);
  return monitor;
}

void gs_sync_monitor_free(GsSyncMonitor *monitor) {
  if (!monitor)
    return;
  g_free(monitor->members);
  gs_sync_recorder_clear(&monitor->recorder);
  g_hash_table_unref(monitor->holders);
  g_hash_table_unref(monitor->half_open);
  g_array_unref(monitor->over);
  g_array_unref(monitor->waiting);
  g_free(monitor);
}

int64_t gs_sync_monitor_true_net(GsSyncMonitor *monitor, uint32_t node) {
  return monitor->members[root_of(monitor, node)].true_net;
}

bool gs_sync_monitor_is_open(GsSyncMonitor *monitor, uint32_t node) {
  return monitor->members[root_of(monitor, node)].open;
}

bool gs_sync_monitor_in_sync(GsSyncMonitor *monitor, uint32_t node) {
  return monitor->members[node].gridnet == truth(monitor, root_of(monitor, node));
}

int64_t gs_sync_monitor_node_in_sync_since_ns(GsSyncMonitor *monitor, uint32_t node) {
  if (!gs_sync_monitor_in_sync(monitor, node))
    return -1;
  return MAX(monitor->members[node].set_ns, monitor->members[root_of(monitor, node)].truth_ns);
}

const GsSyncSeries *gs_sync_monitor_series(const GsSyncMonitor *monitor) {
  return &monitor->recorder.series;
}

uint64_t gs_sync_monitor_out_of_sync_node_ns(const GsSyncMonitor *monitor, int64_t end_ns) {
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
  const Member *island = &monitor->members[root_of(monitor, node)];
  *nodes = island->size;
  *links = island->links;
}

static void change_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet) {
  Member *member = &monitor->members[node];
  uint32_t root = root_of(monitor, node);
  Before before = begin_change(monitor, root);
  hold(monitor, root, member->gridnet, -1);
  hold(monitor, root, gridnet, +1);
  member->gridnet = gridnet;
  member->set_ns = monitor->now_ns;
  end_change(monitor, before);
}

void gs_sync_monitor_set_gridnet(GsSyncMonitor *monitor, uint32_t node, int64_t gridnet) {
  change_gridnet(monitor, node, gridnet);
  monitor->changed = true;
}

/* All that was reported for the moment before is complete: is the grid in sync? */
static void judge(GsSyncMonitor *monitor) {
  if (!monitor->changed)
    return;
  monitor->changed = false;
  gs_sync_recorder_put(&monitor->recorder, monitor->now_ns, monitor->out_of_sync);
  if (monitor->out_of_sync) {
    monitor->in_sync_since_ns = -1;
    return;
  }
  if (monitor->in_sync_since_ns < 0)
    monitor->in_sync_since_ns = monitor->now_ns;
  for (guint i = 0; i < monitor->waiting->len; i++) {
    uint32_t cause = g_array_index(monitor->waiting, uint32_t, i);
    g_array_index(monitor->over, int64_t, cause) = monitor->now_ns;
  }
  g_array_set_size(monitor->waiting, 0);
}

static void advance(GsSyncMonitor *monitor, int64_t now_ns) {
  g_assert(now_ns >= monitor->now_ns);
  if (now_ns > monitor->now_ns)
    judge(monitor);
  monitor->out_of_sync_node_ns +=
      (unsigned __int128)monitor->out_of_sync * (uint64_t)(now_ns - monitor->now_ns);
  monitor->now_ns = now_ns;
  monitor->changed = true;
}

void gs_sync_monitor_disturb(GsSyncMonitor *monitor, int64_t now_ns, uint32_t cause) {
  advance(monitor, now_ns);
  int64_t not_over = -1;
  g_assert(cause == monitor->over->len);
  g_array_append_val(monitor->over, not_over);
  g_array_append_val(monitor->waiting, cause);
}

/* The truth changed because of a disturbance: it is not over before the nodes know. */
static void reopen(GsSyncMonitor *monitor, uint32_t cause) {
  if (cause >= monitor->over->len || g_array_index(monitor->over, int64_t, cause) < 0)
    return;
  g_array_index(monitor->over, int64_t, cause) = -1;
  g_array_append_val(monitor->waiting, cause);
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
  Member *member = &monitor->members[node], *island = &monitor->members[root];
  Before before = begin_change(monitor, root);
  island->true_net += net - member->net;
  member->net = net;
  end_change(monitor, before);
  reopen(monitor, cause);
}

void gs_sync_monitor_sibling(GsSyncMonitor *monitor, int64_t now_ns, uint32_t node,
                             uint32_t sibling, uint32_t cause) {
  advance(monitor, now_ns);
  if (sibling >= monitor->count) {
    uint32_t root = root_of(monitor, node);
    Before before = begin_change(monitor, root);
    monitor->members[root].open = true;
    end_change(monitor, before);
    return;
  }
  guint64 back = (guint64)sibling << 32 | node;
  if (g_hash_table_remove(monitor->half_open, &back)) {
    join(monitor, node, sibling);
    reopen(monitor, cause);
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
  return monitor->islands;
}

uint32_t gs_sync_monitor_out_of_sync(const GsSyncMonitor *monitor) {
  return monitor->out_of_sync;
}

int64_t gs_sync_monitor_in_sync_since_ns(const GsSyncMonitor *monitor) {
  return monitor->in_sync_since_ns;
}

int64_t gs_sync_monitor_over_ns(const GsSyncMonitor *monitor, uint32_t cause) {
  return g_array_index(monitor->over, int64_t, cause);
}

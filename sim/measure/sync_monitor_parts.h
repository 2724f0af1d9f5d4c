/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/limits.h"
#include "sim/measure/convergence.h"
#include "sim/measure/sync_links.h"
#include "sim/measure/sync_monitor.h"

/** Shared by the files that make up the monitor; nobody else's business. */

#define GS_SYNC_NOBODY UINT32_MAX

/** Set in the `parent` of a root; the rest of it is the number of its island. */
#define GS_SYNC_ROOT (UINT32_C(1) << 31)
_Static_assert(GS_NODES_MAX < GS_SYNC_ROOT, "a parent and a root can be told apart");

typedef struct {
  uint32_t parent; /**< union-find */
  uint32_t next;   /**< of its island */
  int64_t net, gridnet;
  int64_t set_ns; /**< last change of its gridnet that is a break (see settle_touched) */
} GsSyncMember;

/** Most grids have few, so they are not in the members. */
typedef struct {
  uint32_t last; /**< end of its list of members, which begins at the root */
  uint32_t size;
  uint64_t links;
  int64_t true_net;
  int64_t truth_ns;        /**< last change of its truth that is a break */
  guint touched;           /**< its place among those that this moment touched, if it is there */
  unsigned __int128 error; /**< of all its nodes together */
  bool open;               /**< it goes on in another process */
  bool is_down;            /**< no island: a node that is down */
} GsSyncIsland;

/** An island, and a gridnet, as they were before the moment that is being told. */
typedef struct {
  uint32_t root;        /**< GS_SYNC_NOBODY: it has become part of another */
  uint32_t out_of_sync; /**< nodes */
  int64_t truth, truth_ns;
  bool joined;     /**< with one that had another truth */
  bool unbroken;   /**< judged: all its nodes were in sync before, and are */
  bool same_truth; /**< judged: as before */
  bool stale;      /**< its error is to be added up anew */
} GsTouchedIsland;

typedef struct {
  uint32_t node;
  int64_t gridnet, set_ns;
} GsTouchedNode;

/** When a node was wrong. */
typedef struct {
  int64_t since_ns;    /**< -1: it is not */
  GsWrongSpan longest; /**< of those that are over */
} GsSyncWrong;

struct GsSyncMonitor {
  const GsFaultPlan *faults; /**< NULL: nothing has gone wrong yet */
  GsSyncMember *members;
  GsSyncWrong *wrong;    /**< of each node */
  GsSyncIsland *islands; /**< those of the start; joined ones are left unused */
  uint32_t count, island_count, out_of_sync;
  bool looks_at_all; /**< the largest error is looked for among all nodes */
  bool counted;      /**< `holders` and `out_of_sync` hold: not before all start values are known */
  uint64_t links;
  GHashTable *holders; /**< set of Holders */
  GsSyncLinks siblings;
  GArray *open_nodes; /**< of uint32_t: those with siblings in other processes */
  uint32_t down;      /**< nodes */
  int64_t now_ns;
  unsigned __int128 out_of_sync_node_ns; /**< up to now_ns */
  unsigned __int128 error;               /**< of all nodes together */
  unsigned __int128 error_node_ns, up_node_ns;
  GsWorstError worst;
  uint64_t peak; /**< largest error since somebody took it */
  GsSyncRecorder recorder;
  bool changed;            /**< since the last judgement */
  bool truth_changed;      /**< … a net or an island did */
  GArray *touched_islands; /**< … of GsTouchedIsland */
  GArray *touched_nodes;   /**< … of GsTouchedNode */
  GsConvergence convergence;
};

static inline uint32_t gs_sync_root_of(GsSyncMonitor *monitor, uint32_t node) {
  GsSyncMember *members = monitor->members;
  while (!(members[node].parent & GS_SYNC_ROOT)) {
    uint32_t parent = members[node].parent;
    if (!(members[parent].parent & GS_SYNC_ROOT))
      members[node].parent = members[parent].parent;
    node = parent;
  }
  return node;
}

static inline GsSyncIsland *gs_sync_island_at(const GsSyncMonitor *monitor, uint32_t root) {
  return &monitor->islands[monitor->members[root].parent & ~GS_SYNC_ROOT];
}

static inline GsSyncIsland *gs_sync_island_of(GsSyncMonitor *monitor, uint32_t node) {
  return gs_sync_island_at(monitor, gs_sync_root_of(monitor, node));
}

/** Of an island that goes on elsewhere the truth is not known: its nodes are to agree. */
static inline int64_t gs_sync_truth(const GsSyncMonitor *monitor, uint32_t root) {
  const GsSyncIsland *island = gs_sync_island_at(monitor, root);
  return island->open ? monitor->members[root].gridnet : island->true_net;
}

/** Whether a link works now in both directions, between nodes that are up. */
static inline bool gs_sync_link_works(const GsSyncMonitor *monitor, uint32_t a, uint32_t b) {
  return gs_fault_plan_works(monitor->faults, a, b, monitor->now_ns);
}

/** Counts who holds what, who is out of sync and by how much. */
void gs_sync_count_holders(GsSyncMonitor *monitor);
/** Makes the lists of members, sizes and true nets of islands from the members' parents. */
void gs_sync_make_islands(GsSyncMonitor *monitor);
/** Two nodes are of one island, whose root is its first node; before gs_sync_make_islands. */
void gs_sync_join_members(GsSyncMonitor *monitor, uint32_t a, uint32_t b);
/** Time goes on to that moment; what was told of moments before is judged. */
void gs_sync_advance(GsSyncMonitor *monitor, int64_t now_ns);
/** What was told of the moment so far is as the end of one. */
void gs_sync_settle_touched(GsSyncMonitor *monitor);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/faults/fault_plan.h"

/**
 * The faults of a scenario as people see them, for tables and drawings: what went
 * wrong from when to when, and how much of each sort did at any moment. A pure
 * function of scenario and seed; nothing is asked of a run.
 */

/** What a fault takes away. */
typedef enum {
  GS_FAULT_DOWN,   /**< nodes that crash or leave */
  GS_FAULT_CUT,    /**< links that are cut, partitions */
  GS_FAULT_PAUSED, /**< nodes that handle nothing */
  GS_FAULT_WEAK,   /**< slow nodes, degraded links */
} GsFaultSort;
#define GS_FAULT_SORTS 4
/** "down", "cut", "paused", "weak"; static. */
const char *gs_fault_sort_name(GsFaultSort sort);
/** Of a kind that goes wrong. */
GsFaultSort gs_fault_sort_of(GsScheduleKind kind);

/** One of them: an occurrence of the schedule, or one that came by chance. */
typedef struct {
  GsFaultSort sort;
  int64_t begin_ns;
  int64_t end_ns; /**< of all that it is of, excluded; GS_TIME_NEVER: for good */
  char *what;     /**< as gs_occurrence_describe */
  char *place;    /**< pointer into the scenario: "/schedule/2", "/faults/0" */
} GsListedFault;

/** So many faults of each sort hold from a moment on. */
typedef struct {
  int64_t at_ns;
  uint32_t count[GS_FAULT_SORTS];
} GsFaultLevel;

typedef struct {
  GArray *listed;   /**< of GsListedFault, the first ones, in the order in which they begin */
  uint32_t count;   /**< of all */
  GArray *of_nodes; /**< of GsFaultStretch: all of nodes, also of faults that are not listed */
  GArray *levels;   /**< of GsFaultLevel, by time */
  int64_t level_ns; /**< each stands for the largest of so long from then on; 0: for itself */
} GsFaultList;

/**
 * Lists the first `most` faults, and no more levels than `levels_most` (at least 2). NULL: nothing
 * goes wrong. O(n log n) in the nodes and links of all faults.
 */
GsFaultList *gs_fault_list_new(const GsScenario *scenario, uint32_t most, uint32_t levels_most);
/** NULL is fine. */
void gs_fault_list_free(GsFaultList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsFaultList, gs_fault_list_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/scenario.h"

/**
 * Walks through what a scenario's schedule (and its handshakes) make happen, in
 * order of time, then of the file; repeating entries are expanded as they come,
 * so memory does not grow with the number of repetitions.
 */
typedef struct GsSchedule GsSchedule;

/** One occurrence of an entry, for all its nodes: a disturbance. */
typedef struct {
  int64_t at_ns;
  const GsScheduleEntry *entry; /**< owned by the schedule (all handshakes: one) or its scenario */
  const GsScenarioLink *link;   /**< GS_DO_ADD_SIBLING: a is told to add b; the scenario's */
  uint64_t repetition;          /**< 0: the first; of a handshake: the link's index */
  bool ends;                    /**< a fault that is over by itself */
} GsOccurrence;

/**
 * Handshakes come first at their moment, in the order of the scenario's links,
 * then faults that are over by themselves, then the entries in the file's order. What would be
 * after the scenario's `until` does not occur. `scenario` is borrowed and must live longer.
 */
GsSchedule *gs_schedule_new(const GsScenario *scenario);
/** The same of faults alone. */
GsSchedule *gs_schedule_new_of_faults(const GsScenario *scenario);
void gs_schedule_free(GsSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsSchedule, gs_schedule_free)

/** The scenario that it is of. */
const GsScenario *gs_schedule_scenario(const GsSchedule *schedule);
/** Moment of the next occurrence; GS_TIME_NEVER when there is none. O(1). */
int64_t gs_schedule_peek_ns(const GsSchedule *schedule);
/** Takes the next occurrence; false when there is none. O(log entries). */
bool gs_schedule_pop(GsSchedule *schedule, GsOccurrence *occurrence);

/** Index of its entry in the scenario's schedule; UINT32_MAX: a handshake of `links`. O(1). */
uint32_t gs_occurrence_entry_index(const GsSchedule *schedule, const GsOccurrence *occurrence);
/** Number of nodes that an occurrence speaks to, and the i-th of them. O(1), where nodes are drawn
 * at each occurrence O(those) for another one than the last. */
uint32_t gs_occurrence_node_count(const GsSchedule *schedule, const GsOccurrence *occurrence);
uint32_t gs_occurrence_node(const GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t i);
/**
 * The energies that an occurrence tells a node, within [0, GS_ENERGY_MAX]:
 * constant, ramp or drawn (always the same for the same seed, entry, node and
 * repetition). Returns in has_* whether each is said at all.
 */
void gs_occurrence_energy(const GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t node,
                          bool *has_production, int64_t *production, bool *has_consumption,
                          int64_t *consumption);
/** The same of links that a fault names, with a and b as they were written; none where it is of all
 * of them. */
uint32_t gs_occurrence_link_count(const GsOccurrence *occurrence);
GsScenarioLink gs_occurrence_link(const GsSchedule *schedule, const GsOccurrence *occurrence,
                                  uint32_t i);
/** Group of each node in a partition, or GS_GROUP_NONE; valid until another occurrence is asked
 * for. */
const uint32_t *gs_occurrence_groups(const GsSchedule *schedule, const GsOccurrence *occurrence);
/** How long a fault lasts; GS_TIME_NEVER: it is not over by itself. At least 1 ns. */
int64_t gs_occurrence_lasts_ns(const GsSchedule *schedule, const GsOccurrence *occurrence);
/** The member by which an entry of that kind says what happens: "crash", "sync_grid"; of an energy,
 * which has none, "node". Static. */
const char *gs_schedule_kind_key(GsScheduleKind kind);
/** "A: production 0, consumption 10", "A adds B", "SyncGrid at * (1000 nodes)",
 * "UpdateNet at N17 (random)", "A crashes, keeps nothing", "cut A – B"; free with g_free.
 */
char *gs_occurrence_describe(const GsSchedule *schedule, const GsOccurrence *occurrence);

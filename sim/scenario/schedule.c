/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/schedule.h"

#include <math.h>

#include "core/limits.h"
#include "sim/scenario/draw_choice.h"

/** When an entry occurs next. */
typedef struct {
  int64_t at_ns;
  uint32_t entry;
  bool ends; /**< it is over */
  uint64_t repetition;
} Due;

/** What was drawn for one occurrence of a fault. */
typedef struct {
  uint32_t entry; /**< UINT32_MAX: none */
  uint64_t repetition;
  uint32_t *chosen; /**< nodes, links, or the group of each node */
} Drawn;

struct GsSchedule {
  const GsScenario *scenario;
  GsScheduleEntry handshake; /**< stands for all links that are made by a handshake */
  uint32_t next_link;
  Due *heap; /**< binary, the earliest first */
  uint32_t heap_count, heap_room;
  Drawn *drawn; /**< the last one that was asked for */
};

static bool is_before(const Due *a, const Due *b) {
  if (a->at_ns != b->at_ns)
    return a->at_ns < b->at_ns;
  if (a->ends != b->ends)
    return a->ends;
  return a->entry != b->entry ? a->entry < b->entry : a->repetition < b->repetition;
}

static void sift_down(GsSchedule *schedule, uint32_t at) {
  Due *heap = schedule->heap, moved = heap[at];
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child + 1 < schedule->heap_count && is_before(&heap[child + 1], &heap[child]))
      child++;
    if (child >= schedule->heap_count || !is_before(&heap[child], &moved))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static void push(GsSchedule *schedule, Due due) {
  if (schedule->heap_count == schedule->heap_room) {
    schedule->heap_room = MAX(4, 2 * schedule->heap_room);
    schedule->heap = g_renew(Due, schedule->heap, schedule->heap_room);
  }
  Due *heap = schedule->heap;
  uint32_t at = schedule->heap_count++;
  for (; at > 0 && is_before(&due, &heap[(at - 1) / 2]); at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = due;
}

/** The time from one occurrence of a fault that comes by chance to its next; the first counts from
 * `at`. */
static int64_t gap_ns(const GsScenario *scenario, uint32_t entry, uint64_t count) {
  GsDistribution gap = {.kind = GS_DISTRIBUTION_EXPONENTIAL,
                        .a = (double)scenario->schedule[entry].fault->mean_gap_ns};
  GsDraw at = {scenario->seed, GS_PURPOSE_FAULT_GAP, entry, count};
  return gs_distribution_draw(&gap, at, 1, GS_TIME_MAX_NS);
}

static bool comes_by_chance(const GsScheduleEntry *entry) {
  return entry->fault && entry->fault->mean_gap_ns > 0;
}

/** The last moment at which an entry can occur, and for a ramp the moment of its end. */
static int64_t entry_until_ns(const GsScenario *scenario, const GsScheduleEntry *entry) {
  return entry->until_ns == GS_TIME_NEVER ? scenario->until_ns : entry->until_ns;
}

static void push_first(GsSchedule *schedule, uint32_t index) {
  const GsScenario *scenario = schedule->scenario;
  const GsScheduleEntry *entry = &scenario->schedule[index];
  int64_t last = MIN(entry_until_ns(scenario, entry), scenario->until_ns);
  int64_t at = entry->at_ns;
  if (comes_by_chance(entry))
    at += MIN(gap_ns(scenario, index, 0), GS_TIME_MAX_NS - at);
  if (at <= scenario->until_ns && (!comes_by_chance(entry) || at <= last))
    push(schedule, (Due){.at_ns = at, .entry = index});
}

static GsSchedule *schedule_new(const GsScenario *scenario) {
  GsSchedule *schedule = g_new0(GsSchedule, 1);
  schedule->scenario = scenario;
  schedule->drawn = g_new(Drawn, 1);
  *schedule->drawn = (Drawn){.entry = UINT32_MAX};
  schedule->handshake = (GsScheduleEntry){
      .kind = GS_DO_ADD_SIBLING,
      .at_ns = scenario->handshake_at_ns,
      .until_ns = GS_TIME_NEVER,
      .expect = {.messages = -1, .converged_within_ns = -1},
  };
  return schedule;
}

GsSchedule *gs_schedule_new(const GsScenario *scenario) {
  GsSchedule *schedule = schedule_new(scenario);
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    push_first(schedule, i);
  return schedule;
}

GsSchedule *gs_schedule_new_of_faults(const GsScenario *scenario) {
  GsSchedule *schedule = schedule_new(scenario);
  schedule->next_link = scenario->link_count;
  for (uint32_t i = 0; scenario->has_faults && i < scenario->schedule_count; i++)
    if (scenario->schedule[i].fault)
      push_first(schedule, i);
  return schedule;
}

void gs_schedule_free(GsSchedule *schedule) {
  if (!schedule)
    return;
  g_free(schedule->heap);
  g_free(schedule->drawn->chosen);
  g_free(schedule->drawn);
  g_free(schedule);
}

static int64_t next_handshake_ns(const GsSchedule *schedule) {
  const GsScenario *scenario = schedule->scenario;
  if (!scenario->handshake || schedule->next_link == scenario->link_count)
    return GS_TIME_NEVER;
  int64_t at = scenario->handshake_at_ns + scenario->handshake_every_ns * schedule->next_link;
  return at <= scenario->until_ns ? at : GS_TIME_NEVER;
}

static int64_t next_entry_ns(const GsSchedule *schedule) {
  return schedule->heap_count > 0 ? schedule->heap[0].at_ns : GS_TIME_NEVER;
}

const GsScenario *gs_schedule_scenario(const GsSchedule *schedule) {
  return schedule->scenario;
}

int64_t gs_schedule_peek_ns(const GsSchedule *schedule) {
  return MIN(next_handshake_ns(schedule), next_entry_ns(schedule));
}

/** Moves the first of the heap to its next repetition, or removes it. */
static void advance_first(GsSchedule *schedule) {
  const GsScenario *scenario = schedule->scenario;
  Due *first = &schedule->heap[0];
  const GsScheduleEntry *entry = &scenario->schedule[first->entry];
  int64_t last = MIN(entry_until_ns(scenario, entry), scenario->until_ns);
  int64_t gap = entry->every_ns;
  if (comes_by_chance(entry))
    gap = gap_ns(scenario, first->entry, first->repetition + 1);
  if (!first->ends && gap > 0 && gap <= last - first->at_ns) {
    first->at_ns += gap;
    first->repetition++;
  } else {
    *first = schedule->heap[--schedule->heap_count];
  }
  if (schedule->heap_count > 0)
    sift_down(schedule, 0);
}

/** A fault that is over by itself occurs once more, then. */
static void push_end(GsSchedule *schedule, const GsOccurrence *occurrence) {
  if (occurrence->ends || !occurrence->entry->fault)
    return;
  int64_t lasts = gs_occurrence_lasts_ns(schedule, occurrence);
  if (lasts <= schedule->scenario->until_ns - occurrence->at_ns)
    push(schedule, (Due){.at_ns = occurrence->at_ns + lasts,
                         .entry = gs_occurrence_entry_index(schedule, occurrence),
                         .ends = true,
                         .repetition = occurrence->repetition});
}

bool gs_schedule_pop(GsSchedule *schedule, GsOccurrence *occurrence) {
  const GsScenario *scenario = schedule->scenario;
  int64_t handshake_ns = next_handshake_ns(schedule), entry_ns = next_entry_ns(schedule);
  if (handshake_ns == GS_TIME_NEVER && entry_ns == GS_TIME_NEVER)
    return false;
  if (handshake_ns <= entry_ns) {
    uint32_t link = schedule->next_link++;
    *occurrence = (GsOccurrence){.at_ns = handshake_ns,
                                 .entry = &schedule->handshake,
                                 .link = &scenario->links[link],
                                 .repetition = link};
    return true;
  }
  const GsScheduleEntry *entry = &scenario->schedule[schedule->heap[0].entry];
  *occurrence = (GsOccurrence){.at_ns = entry_ns,
                               .entry = entry,
                               .link = entry->kind == GS_DO_ADD_SIBLING ? &entry->link : NULL,
                               .repetition = schedule->heap[0].repetition,
                               .ends = schedule->heap[0].ends};
  advance_first(schedule);
  push_end(schedule, occurrence);
  return true;
}

uint32_t gs_occurrence_entry_index(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  if (occurrence->entry == &schedule->handshake)
    return UINT32_MAX;
  return (uint32_t)(occurrence->entry - schedule->scenario->schedule);
}

static GsDraw choice_at(const GsSchedule *schedule, uint32_t entry, uint64_t repetition) {
  return (GsDraw){.seed = schedule->scenario->seed,
                  .purpose = GS_PURPOSE_FAULT_CHOICE,
                  .who = entry,
                  .count = repetition << 24};
}

/** What is drawn for an occurrence: always the same. */
static const uint32_t *drawn_for(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  Drawn *drawn = schedule->drawn;
  const GsScenario *scenario = schedule->scenario;
  const GsFault *fault = occurrence->entry->fault;
  uint32_t entry = gs_occurrence_entry_index(schedule, occurrence);
  if (drawn->entry == entry && drawn->repetition == occurrence->repetition)
    return drawn->chosen;
  GsDraw at = choice_at(schedule, entry, occurrence->repetition);
  bool links = occurrence->entry->kind == GS_DO_CUT || occurrence->entry->kind == GS_DO_DEGRADE;
  g_free(drawn->chosen);
  if (occurrence->entry->kind == GS_DO_PARTITION)
    drawn->chosen = gs_draw_groups(at, scenario->node_count, fault->group_count);
  else
    drawn->chosen =
        gs_draw_some(at, links ? scenario->link_count : scenario->node_count, fault->drawn_count);
  drawn->entry = entry;
  drawn->repetition = occurrence->repetition;
  return drawn->chosen;
}

uint32_t gs_occurrence_node_count(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  if (occurrence->link)
    return 1;
  if (entry->fault && entry->fault->drawn_count && gs_occurrence_link_count(occurrence) == 0)
    return entry->fault->drawn_count;
  return entry->all ? schedule->scenario->node_count : entry->node_count;
}

uint32_t gs_occurrence_node(const GsSchedule *schedule, const GsOccurrence *occurrence,
                            uint32_t i) {
  g_assert(i < gs_occurrence_node_count(schedule, occurrence));
  if (occurrence->link)
    return occurrence->link->a;
  if (occurrence->entry->fault && occurrence->entry->fault->drawn_count)
    return drawn_for(schedule, occurrence)[i];
  return occurrence->entry->all ? i : occurrence->entry->nodes[i];
}

uint32_t gs_occurrence_link_count(const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  if (!entry->fault)
    return 0;
  bool draws_links = entry->kind == GS_DO_CUT || entry->kind == GS_DO_DEGRADE;
  return draws_links && entry->fault->drawn_count ? entry->fault->drawn_count
                                                  : entry->fault->link_count;
}

GsScenarioLink gs_occurrence_link(const GsSchedule *schedule, const GsOccurrence *occurrence,
                                  uint32_t i) {
  const GsFault *fault = occurrence->entry->fault;
  g_assert(i < gs_occurrence_link_count(occurrence));
  return fault->drawn_count ? schedule->scenario->links[drawn_for(schedule, occurrence)[i]]
                            : fault->links[i];
}

const uint32_t *gs_occurrence_groups(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const uint32_t *listed = occurrence->entry->fault->group_of;
  return listed ? listed : drawn_for(schedule, occurrence);
}

int64_t gs_occurrence_lasts_ns(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const GsFault *fault = occurrence->entry->fault;
  if (!fault->passes)
    return GS_TIME_NEVER;
  GsDraw at = {.seed = schedule->scenario->seed,
               .purpose = GS_PURPOSE_FAULT_LENGTH,
               .who = gs_occurrence_entry_index(schedule, occurrence),
               .count = occurrence->repetition};
  return gs_distribution_draw(&fault->lasts, at, 1, GS_TIME_MAX_NS);
}

/** `which`: 0 production, 1 consumption. */
static int64_t energy(const GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t node,
                      const GsScheduleValue *value, uint32_t which) {
  const GsScheduleEntry *entry = occurrence->entry;
  const GsDistribution *distribution = &value->distribution;
  if (value->ramp) {
    int64_t span = entry_until_ns(schedule->scenario, entry) - entry->at_ns;
    uint64_t last = (uint64_t)(span / entry->every_ns);
    double part = last > 0 ? (double)occurrence->repetition / (double)last : 0;
    return (int64_t)round(distribution->a + (distribution->b - distribution->a) * part);
  }
  GsDraw at = {
      .seed = schedule->scenario->seed,
      .purpose = GS_PURPOSE_SCHEDULE,
      .who = (uint64_t)gs_occurrence_entry_index(schedule, occurrence) << 32 | node,
      .count = occurrence->repetition % ((uint64_t)1 << 55) * 2 + which,
  };
  return gs_distribution_draw(distribution, at, 0, GS_ENERGY_MAX);
}

void gs_occurrence_energy(const GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t node,
                          bool *has_production, int64_t *production, bool *has_consumption,
                          int64_t *consumption) {
  const GsScheduleEntry *entry = occurrence->entry;
  *has_production = entry->production.given;
  *has_consumption = entry->consumption.given;
  *production = *consumption = 0;
  if (*has_production)
    *production = energy(schedule, occurrence, node, &entry->production, 0);
  if (*has_consumption)
    *consumption = energy(schedule, occurrence, node, &entry->consumption, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/schedule.h"

#include <math.h>

#include "core/limits.h"
#include "sim/base/quote.h"

/** When an entry occurs next. */
typedef struct {
  int64_t at_ns;
  uint32_t entry;
  uint64_t repetition;
} Due;

struct GsSchedule {
  const GsScenario *scenario;
  GsScheduleEntry handshake; /**< stands for all links that are made by a handshake */
  uint32_t next_link;
  Due *heap; /**< binary, the earliest first */
  uint32_t heap_count;
};

static bool is_before(const Due *a, const Due *b) {
  return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->entry < b->entry;
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

GsSchedule *gs_schedule_new(const GsScenario *scenario) {
  GsSchedule *schedule = g_new0(GsSchedule, 1);
  schedule->scenario = scenario;
  schedule->handshake = (GsScheduleEntry){
      .kind = GS_DO_ADD_SIBLING,
      .at_ns = scenario->handshake_at_ns,
      .until_ns = GS_TIME_NEVER,
      .expect = {.messages = -1, .converged_within_ns = -1},
  };
  schedule->heap = g_new(Due, scenario->schedule_count);
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    if (scenario->schedule[i].at_ns <= scenario->until_ns)
      schedule->heap[schedule->heap_count++] = (Due){scenario->schedule[i].at_ns, i, 0};
  for (uint32_t i = schedule->heap_count / 2; i > 0; i--)
    sift_down(schedule, i - 1);
  return schedule;
}

void gs_schedule_free(GsSchedule *schedule) {
  if (!schedule)
    return;
  g_free(schedule->heap);
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

int64_t gs_schedule_peek_ns(const GsSchedule *schedule) {
  return MIN(next_handshake_ns(schedule), next_entry_ns(schedule));
}

/** The last moment at which an entry can occur, and for a ramp the moment of its end. */
static int64_t entry_until_ns(const GsScenario *scenario, const GsScheduleEntry *entry) {
  return entry->until_ns == GS_TIME_NEVER ? scenario->until_ns : entry->until_ns;
}

/** Moves the first of the heap to its next repetition, or removes it. */
static void advance_first(GsSchedule *schedule) {
  const GsScenario *scenario = schedule->scenario;
  Due *first = &schedule->heap[0];
  const GsScheduleEntry *entry = &scenario->schedule[first->entry];
  int64_t last = MIN(entry_until_ns(scenario, entry), scenario->until_ns);
  if (entry->every_ns > 0 && entry->every_ns <= last - first->at_ns) {
    first->at_ns += entry->every_ns;
    first->repetition++;
  } else {
    *first = schedule->heap[--schedule->heap_count];
  }
  if (schedule->heap_count > 0)
    sift_down(schedule, 0);
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
                               .repetition = schedule->heap[0].repetition};
  advance_first(schedule);
  return true;
}

uint32_t gs_occurrence_entry_index(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  if (occurrence->entry == &schedule->handshake)
    return UINT32_MAX;
  return (uint32_t)(occurrence->entry - schedule->scenario->schedule);
}

uint32_t gs_occurrence_node_count(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  if (occurrence->link)
    return 1;
  return occurrence->entry->all ? schedule->scenario->node_count : occurrence->entry->node_count;
}

uint32_t gs_occurrence_node(const GsSchedule *schedule, const GsOccurrence *occurrence,
                            uint32_t i) {
  g_assert(i < gs_occurrence_node_count(schedule, occurrence));
  if (occurrence->link)
    return occurrence->link->a;
  return occurrence->entry->all ? i : occurrence->entry->nodes[i];
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

#define NAMES_SHOWN 3

static void describe_nodes(GString *out, const GsSchedule *schedule,
                           const GsOccurrence *occurrence) {
  const GsScenario *scenario = schedule->scenario;
  uint32_t count = gs_occurrence_node_count(schedule, occurrence);
  if (occurrence->entry->all) {
    g_string_append_printf(out, "* (%u node%s)", count, count == 1 ? "" : "s");
    return;
  }
  for (uint32_t i = 0; i < MIN(count, NAMES_SHOWN); i++)
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
                           scenario->nodes[gs_occurrence_node(schedule, occurrence, i)].name);
  if (count > NAMES_SHOWN)
    g_string_append_printf(out, ", … (%u %snodes)", count,
                           occurrence->entry->drawn ? "random " : "");
  else if (occurrence->entry->drawn)
    g_string_append(out, " (random)");
}

static void describe_energy(GString *out, const char *what, const GsScheduleValue *value,
                            bool alone, int64_t drawn) {
  bool same = alone || value->ramp || value->distribution.kind == GS_DISTRIBUTION_CONSTANT;
  if (!value->given)
    return;
  if (same)
    g_string_append_printf(out, "%s %" G_GINT64_FORMAT, what, drawn);
  else
    g_string_append_printf(out, "%s drawn", what);
}

char *gs_occurrence_describe(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  const GsScenario *scenario = schedule->scenario;
  GString *out = g_string_new(NULL);
  switch (entry->kind) {
  case GS_DO_UPDATE_ENERGY:
    describe_nodes(out, schedule, occurrence);
    bool has_production, has_consumption;
    int64_t production, consumption;
    uint32_t node = gs_occurrence_node(schedule, occurrence, 0);
    bool alone = gs_occurrence_node_count(schedule, occurrence) == 1;
    gs_occurrence_energy(schedule, occurrence, node, &has_production, &production, &has_consumption,
                         &consumption);
    g_string_append(out, ": ");
    describe_energy(out, "production", &entry->production, alone, production);
    if (has_production && has_consumption)
      g_string_append(out, ", ");
    describe_energy(out, "consumption", &entry->consumption, alone, consumption);
    break;
  case GS_DO_ADD_SIBLING:
    g_string_append_printf(out, "%s adds %s", scenario->nodes[occurrence->link->a].name,
                           scenario->nodes[occurrence->link->b].name);
    break;
  case GS_DO_SYNC_GRID:
  case GS_DO_UPDATE_NET:
    g_string_append(out, entry->kind == GS_DO_SYNC_GRID ? "SyncGrid at " : "UpdateNet at ");
    describe_nodes(out, schedule, occurrence);
    break;
  }
  return g_string_free(out, FALSE);
}

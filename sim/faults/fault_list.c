/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/faults/fault_list.h"

#include "sim/scenario/schedule.h"

const char *gs_fault_sort_name(GsFaultSort sort) {
  static const char *const names[GS_FAULT_SORTS] = {[GS_FAULT_DOWN] = "down",
                                                    [GS_FAULT_CUT] = "cut",
                                                    [GS_FAULT_PAUSED] = "paused",
                                                    [GS_FAULT_WEAK] = "weak"};
  return names[sort];
}

GsFaultSort gs_fault_sort_of(GsScheduleKind kind) {
  switch (kind) {
  case GS_DO_CRASH:
  case GS_DO_LEAVE:
    return GS_FAULT_DOWN;
  case GS_DO_CUT:
  case GS_DO_PARTITION:
    return GS_FAULT_CUT;
  case GS_DO_PAUSE:
    return GS_FAULT_PAUSED;
  default:
    return GS_FAULT_WEAK;
  }
}

/** From when to when a fault holds, whatever of it. */
typedef struct {
  GsFaultSort sort;
  int64_t begin_ns, end_ns;
} Whole;

static GArray *wholes_of(const GArray *stretches) {
  GArray *wholes = g_array_new(FALSE, TRUE, sizeof(Whole));
  for (guint i = 0; i < stretches->len; i++) {
    const GsFaultStretch *stretch = &g_array_index(stretches, GsFaultStretch, i);
    if (stretch->fault >= wholes->len)
      g_array_set_size(wholes, stretch->fault + 1);
    Whole *whole = &g_array_index(wholes, Whole, stretch->fault);
    whole->sort = gs_fault_sort_of(stretch->entry->kind);
    whole->begin_ns = stretch->begin_ns;
    whole->end_ns = MAX(whole->end_ns, stretch->end_ns);
  }
  return wholes;
}

/* ---- One by one ---- */

static char *place_of(const GsScenario *scenario, uint32_t entry) {
  uint32_t chance = 0; /* what comes by chance stands behind the schedule */
  while (chance < entry &&
         !(scenario->schedule[chance].fault && scenario->schedule[chance].fault->mean_gap_ns))
    chance++;
  const GsFault *fault = scenario->schedule[entry].fault;
  return fault->mean_gap_ns ? g_strdup_printf("/faults/%u", entry - chance)
                            : g_strdup_printf("/schedule/%u", entry);
}

static void clear_listed(gpointer data) {
  GsListedFault *fault = data;
  g_free(fault->what);
  g_free(fault->place);
}

static void list(GsFaultList *list, const GsScenario *scenario, const GArray *wholes,
                 uint32_t most) {
  g_autoptr(GsSchedule) schedule = gs_schedule_new_of_faults(scenario);
  GsOccurrence occurrence;
  while (list->listed->len < MIN(most, wholes->len) && gs_schedule_pop(schedule, &occurrence)) {
    if (occurrence.ends || !gs_schedule_kind_goes_wrong(occurrence.entry->kind))
      continue;
    const Whole *whole = &g_array_index(wholes, Whole, list->listed->len);
    GsListedFault fault = {
        .sort = whole->sort,
        .begin_ns = occurrence.at_ns,
        .end_ns = whole->end_ns,
        .what = gs_occurrence_describe(schedule, &occurrence),
        .place = place_of(scenario, gs_occurrence_entry_index(schedule, &occurrence))};
    g_array_append_val(list->listed, fault);
  }
}

/* ---- How many hold ---- */

typedef struct {
  int64_t at_ns;
  GsFaultSort sort;
  int change;
} Change;

static gint compare_changes(gconstpointer a, gconstpointer b) {
  int64_t x = ((const Change *)a)->at_ns, y = ((const Change *)b)->at_ns;
  return x < y ? -1 : x > y;
}

static GArray *changes_of(const GArray *wholes) {
  GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));
  for (guint i = 0; i < wholes->len; i++) {
    const Whole *whole = &g_array_index(wholes, Whole, i);
    Change begins = {whole->begin_ns, whole->sort, +1}, ends = {whole->end_ns, whole->sort, -1};
    g_array_append_val(changes, begins);
    if (whole->end_ns < GS_TIME_NEVER)
      g_array_append_val(changes, ends);
  }
  g_array_sort(changes, compare_changes);
  return changes;
}

/** Levels one by one. */
static GArray *all_levels(const GArray *changes) {
  GArray *levels = g_array_new(FALSE, FALSE, sizeof(GsFaultLevel));
  GsFaultLevel level = {0};
  for (guint i = 0; i < changes->len; i++) {
    const Change *change = &g_array_index(changes, Change, i);
    level.at_ns = change->at_ns;
    level.count[change->sort] += (uint32_t)change->change;
    bool complete =
        i + 1 == changes->len || g_array_index(changes, Change, i + 1).at_ns != change->at_ns;
    if (complete)
      g_array_append_val(levels, level);
  }
  return levels;
}

static void keep_largest(GsFaultLevel *bin, const GsFaultLevel *level) {
  for (int sort = 0; sort < GS_FAULT_SORTS; sort++)
    bin->count[sort] = MAX(bin->count[sort], level->count[sort]);
}

/** The largest of each sort in each of so many bins, and behind them what holds for good. */
static GArray *binned(const GArray *levels, uint32_t bins, int64_t *bin_ns) {
  const GsFaultLevel *all = (const GsFaultLevel *)(const void *)levels->data;
  int64_t first = all[0].at_ns, span = all[levels->len - 1].at_ns - first;
  *bin_ns = span / bins + 1;
  GArray *out = g_array_new(FALSE, TRUE, sizeof(GsFaultLevel));
  for (guint i = 0; i + 1 < levels->len; i++) {
    guint from = (guint)((all[i].at_ns - first) / *bin_ns);
    guint to = (guint)((all[i + 1].at_ns - 1 - first) / *bin_ns);
    if (to >= out->len)
      g_array_set_size(out, to + 1);
    for (guint bin = from; bin <= to; bin++)
      keep_largest(&g_array_index(out, GsFaultLevel, bin), &all[i]);
  }
  for (guint bin = 0; bin < out->len; bin++)
    g_array_index(out, GsFaultLevel, bin).at_ns = first + bin * *bin_ns;
  GsFaultLevel last = all[levels->len - 1];
  g_array_append_val(out, last);
  return out;
}

GsFaultList *gs_fault_list_new(const GsScenario *scenario, uint32_t most, uint32_t levels_most) {
  g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
  if (!plan)
    return NULL;
  GsFaultList *made = g_new0(GsFaultList, 1);
  g_autoptr(GArray) stretches = gs_fault_plan_stretches(plan);
  g_autoptr(GArray) wholes = wholes_of(stretches);
  made->count = wholes->len;
  made->listed = g_array_new(FALSE, FALSE, sizeof(GsListedFault));
  g_array_set_clear_func(made->listed, clear_listed);
  list(made, scenario, wholes, most);
  made->of_nodes = g_array_new(FALSE, FALSE, sizeof(GsFaultStretch));
  for (guint i = 0; i < stretches->len; i++)
    if (g_array_index(stretches, GsFaultStretch, i).node != UINT32_MAX)
      g_array_append_val(made->of_nodes, g_array_index(stretches, GsFaultStretch, i));
  g_autoptr(GArray) changes = changes_of(wholes);
  made->levels = all_levels(changes);
  if (made->levels->len > levels_most) {
    GArray *few = binned(made->levels, levels_most - 1, &made->level_ns);
    g_array_unref(made->levels);
    made->levels = few;
  }
  return made;
}

void gs_fault_list_free(GsFaultList *list) {
  if (!list)
    return;
  g_array_unref(list->listed);
  g_array_unref(list->of_nodes);
  g_array_unref(list->levels);
  g_free(list);
}

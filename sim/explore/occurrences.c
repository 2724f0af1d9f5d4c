/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/occurrences.h"

#include "sim/base/duration.h"
#include "sim/base/time.h"
#include "sim/scenario/schedule.h"

typedef struct {
  const GsTree *document;
  const GsScenario *scenario;
  GsSchedule *schedule;
  GsTree *list;
} Listing;

static GsTree *duration(int64_t ns) {
  g_autofree char *text = gs_duration_format(ns);
  return gs_tree_string(text);
}

static GsTree *name_of(const Listing *listing, uint32_t node) {
  return gs_tree_string(listing->scenario->nodes[node].name);
}

static GsTree *pair_of(const Listing *listing, GsScenarioLink link) {
  GsTree *pair = gs_tree_new(GS_JSON_ARRAY);
  gs_tree_add(pair, name_of(listing, link.a));
  gs_tree_add(pair, name_of(listing, link.b));
  return pair;
}

static GsTree *groups_of(const Listing *listing, const GsOccurrence *occurrence) {
  const uint32_t *group_of = gs_occurrence_groups(listing->schedule, occurrence);
  GsTree *groups = gs_tree_new(GS_JSON_ARRAY);
  for (uint32_t g = 0; g < occurrence->entry->fault->group_count; g++) {
    GsTree *group = gs_tree_new(GS_JSON_ARRAY);
    for (uint32_t node = 0; node < listing->scenario->node_count; node++)
      if (group_of[node] == g)
        gs_tree_add(group, name_of(listing, node));
    gs_tree_add(groups, group);
  }
  return groups;
}

/** The entry as it was written, but for its moments: at this one, once. */
static GsTree *once(const Listing *listing, const GsOccurrence *occurrence) {
  static const char *const moments[] = {"at", "every", "until", "from", "mean_gap", "expect", NULL};
  uint32_t index = gs_occurrence_entry_index(listing->schedule, occurrence);
  bool is_listed = index < listing->scenario->listed_count;
  const GsTree *entries = gs_tree_member(listing->document, is_listed ? "schedule" : "faults");
  const GsTree *written =
      gs_tree_at(entries, is_listed ? index : index - listing->scenario->listed_count);
  GsTree *entry = gs_tree_new(GS_JSON_OBJECT);
  gs_tree_set(entry, "at", duration(occurrence->at_ns));
  for (guint i = 0; i < gs_tree_count(written); i++) {
    const GsTree *member = gs_tree_at(written, i);
    if (!g_strv_contains(moments, member->key))
      gs_tree_set(entry, member->key, gs_tree_copy(member));
  }
  const GsFault *fault = occurrence->entry->fault;
  if (fault && fault->passes)
    gs_tree_set(entry, "for", duration(gs_occurrence_lasts_ns(listing->schedule, occurrence)));
  return entry;
}

static void list_node(const Listing *listing, const GsOccurrence *occurrence, uint32_t node) {
  GsTree *entry = once(listing, occurrence);
  bool has_production, has_consumption;
  int64_t production, consumption;
  gs_tree_set(entry, gs_schedule_kind_key(occurrence->entry->kind), name_of(listing, node));
  if (occurrence->entry->kind == GS_DO_UPDATE_ENERGY) {
    gs_occurrence_energy(listing->schedule, occurrence, node, &has_production, &production,
                         &has_consumption, &consumption);
    if (has_production)
      gs_tree_set(entry, "production", gs_tree_number((double)production));
    if (has_consumption)
      gs_tree_set(entry, "consumption", gs_tree_number((double)consumption));
  }
  gs_tree_add(listing->list, entry);
}

static void list_links(const Listing *listing, const GsOccurrence *occurrence) {
  bool degrades = occurrence->entry->kind == GS_DO_DEGRADE;
  uint32_t count = gs_occurrence_link_count(occurrence);
  if (occurrence->entry->fault->all_links || !count) {
    gs_tree_add(listing->list, once(listing, occurrence));
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    GsTree *entry = once(listing, occurrence);
    GsTree *pair = pair_of(listing, gs_occurrence_link(listing->schedule, occurrence, i));
    gs_tree_drop(entry, "links");
    gs_tree_set(entry, degrades ? "link" : gs_schedule_kind_key(occurrence->entry->kind), pair);
    gs_tree_add(listing->list, entry);
  }
}

static void list_occurrence(const Listing *listing, const GsOccurrence *occurrence) {
  switch (occurrence->entry->kind) {
  case GS_DO_ADD_SIBLING:
    gs_tree_add(listing->list, once(listing, occurrence));
    return;
  case GS_DO_PARTITION: {
    GsTree *entry = once(listing, occurrence);
    gs_tree_set(entry, "partition", groups_of(listing, occurrence));
    gs_tree_add(listing->list, entry);
    return;
  }
  case GS_DO_CUT:
  case GS_DO_HEAL:
  case GS_DO_DEGRADE:
    list_links(listing, occurrence);
    return;
  default:
    for (uint32_t i = 0; i < gs_occurrence_node_count(listing->schedule, occurrence); i++)
      list_node(listing, occurrence, gs_occurrence_node(listing->schedule, occurrence, i));
  }
}

bool gs_tree_list_occurrences(GsTree *document, const GsScenario *scenario, guint most) {
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  g_autoptr(GsTree) list = gs_tree_new(GS_JSON_ARRAY);
  Listing listing = {document, scenario, schedule, list};
  GsOccurrence occurrence;
  while (gs_schedule_pop(schedule, &occurrence) && gs_tree_count(list) <= most)
    if (!occurrence.ends && gs_occurrence_entry_index(schedule, &occurrence) != UINT32_MAX)
      list_occurrence(&listing, &occurrence);
  if (gs_tree_count(list) > most)
    return false;
  gs_tree_drop(document, "faults");
  gs_tree_set(document, "schedule", g_steal_pointer(&list));
  return true;
}

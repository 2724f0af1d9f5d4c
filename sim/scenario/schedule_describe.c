/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/duration.h"
#include "sim/scenario/schedule.h"

#define NAMES_SHOWN 3

const char *gs_schedule_kind_key(GsScheduleKind kind) {
  static const char *const keys[GS_SCHEDULE_KINDS] = {
      "node",   "add_sibling", "sync_grid", "update_net", "crash",     "restart", "pause",
      "resume", "leave",       "slow",      "cut",        "partition", "heal",    "degrade"};
  return keys[kind];
}

static void describe_nodes(GString *out, const GsScenario *scenario, const GsSchedule *schedule,
                           const GsOccurrence *occurrence) {
  uint32_t count = gs_occurrence_node_count(schedule, occurrence);
  if (occurrence->entry->all) {
    g_string_append_printf(out, "* (%u node%s)", count, count == 1 ? "" : "s");
    return;
  }
  bool drawn = occurrence->entry->drawn;
  for (uint32_t i = 0; i < MIN(count, NAMES_SHOWN); i++)
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
                           scenario->nodes[gs_occurrence_node(schedule, occurrence, i)].name);
  if (count > NAMES_SHOWN)
    g_string_append_printf(out, ", … (%u %snodes)", count, drawn ? "random " : "");
  else if (drawn)
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

static void describe_links(GString *out, const GsScenario *scenario, const GsSchedule *schedule,
                           const GsOccurrence *occurrence) {
  const GsFault *fault = occurrence->entry->fault;
  uint32_t count = gs_occurrence_link_count(occurrence);
  bool drawn = occurrence->entry->drawn;
  if (fault->all_links) {
    g_string_append(out, "* (all links)");
    return;
  }
  for (uint32_t i = 0; i < MIN(count, NAMES_SHOWN); i++) {
    GsScenarioLink link = gs_occurrence_link(schedule, occurrence, i);
    g_string_append_printf(out, "%s%s %s %s", i > 0 ? ", " : "", scenario->nodes[link.a].name,
                           fault->one_way ? "\u2192" : "\u2013", scenario->nodes[link.b].name);
  }
  if (count > NAMES_SHOWN)
    g_string_append_printf(out, ", \u2026 (%u %slinks)", count, drawn ? "random " : "");
  else if (drawn)
    g_string_append(out, " (random)");
}

static void describe_partition(GString *out, const GsScenario *scenario, const GsSchedule *schedule,
                               const GsOccurrence *occurrence) {
  const GsFault *fault = occurrence->entry->fault;
  const uint32_t *group_of = gs_occurrence_groups(schedule, occurrence);
  g_string_append_printf(out, "partition into %u%s groups", fault->group_count,
                         occurrence->entry->drawn ? " random" : "");
  const char *before = ": ";
  for (uint32_t group = 0; group < MIN(fault->group_count, NAMES_SHOWN); group++) {
    uint32_t first = UINT32_MAX, members = 0;
    for (uint32_t node = 0; node < scenario->node_count; node++)
      if (group_of[node] == group && members++ == 0)
        first = node;
    if (!members)
      continue;
    g_string_append_printf(out, "%s%s", before, scenario->nodes[first].name);
    if (members > 1)
      g_string_append_printf(out, " and %u more", members - 1);
    before = " | ";
  }
  if (fault->group_count > NAMES_SHOWN)
    g_string_append(out, " | \u2026");
}

static void describe_degrading(GString *out, const GsFault *fault) {
  if (fault->loss >= 0) {
    char loss[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(loss, sizeof loss, "%.6g", fault->loss);
    g_string_append_printf(out, ", loss %s", loss);
  }
  if (fault->latency_ns >= 0) {
    g_autofree char *latency = gs_duration_format(fault->latency_ns);
    g_string_append_printf(out, ", latency %s", latency);
  }
}

static void describe_node_fault(GString *out, const GsScenario *scenario,
                                const GsSchedule *schedule, const GsOccurrence *occurrence) {
  static const char *const keeps[][2] = {
      [GS_KEEPS_ALL] = {"", ""},
      [GS_KEEPS_ENERGY] = {", keeps its energies", ", keep their energies"},
      [GS_KEEPS_NOTHING] = {", keeps nothing", ", keep nothing"}};
  const GsFault *fault = occurrence->entry->fault;
  bool one = gs_occurrence_node_count(schedule, occurrence) == 1;
  bool ends = occurrence->ends;
  describe_nodes(out, scenario, schedule, occurrence);
  switch (occurrence->entry->kind) {
  case GS_DO_CRASH:
    g_string_append_printf(out, "%s%s",
                           one ? (ends ? " is back" : " crashes") : (ends ? " are back" : " crash"),
                           ends ? "" : keeps[fault->keeps][!one]);
    return;
  case GS_DO_RESTART:
    g_string_append(out, one ? " restarts" : " restart");
    return;
  case GS_DO_PAUSE:
    g_string_append(out, ends ? (one ? " goes on" : " go on") : (one ? " pauses" : " pause"));
    return;
  case GS_DO_RESUME:
    g_string_append(out, one ? " resumes" : " resume");
    return;
  case GS_DO_LEAVE:
    g_string_append(out, one ? " leaves" : " leave");
    return;
  default:
    g_string_append(out, one ? " is " : " are ");
    if (ends) {
      g_string_append(out, "as quick as before");
      return;
    }
    char by[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(by, sizeof by, "%.6g", fault->slow_by);
    g_string_append_printf(out, "slow by %s", by);
  }
}

static void describe_fault(GString *out, const GsScenario *scenario, const GsSchedule *schedule,
                           const GsOccurrence *occurrence) {
  const GsFault *fault = occurrence->entry->fault;
  bool ends = occurrence->ends;
  switch (occurrence->entry->kind) {
  case GS_DO_CUT:
  case GS_DO_DEGRADE:
    if (ends)
      g_string_append(out,
                      occurrence->entry->kind == GS_DO_CUT ? "no more cut " : "degraded no more ");
    else
      g_string_append(out, occurrence->entry->kind == GS_DO_CUT ? "cut " : "degrade ");
    describe_links(out, scenario, schedule, occurrence);
    if (!ends)
      describe_degrading(out, fault);
    return;
  case GS_DO_PARTITION:
    if (ends)
      g_string_append(out, "no more ");
    describe_partition(out, scenario, schedule, occurrence);
    return;
  case GS_DO_HEAL:
    g_string_append(out, "heal ");
    if (fault->all_links || fault->link_count)
      describe_links(out, scenario, schedule, occurrence);
    else
      describe_nodes(out, scenario, schedule, occurrence);
    return;
  default:
    describe_node_fault(out, scenario, schedule, occurrence);
  }
}

char *gs_occurrence_describe(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  const GsScenario *scenario = gs_schedule_scenario(schedule);
  GString *out = g_string_new(NULL);
  switch (entry->kind) {
  case GS_DO_UPDATE_ENERGY:
    describe_nodes(out, scenario, schedule, occurrence);
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
    describe_nodes(out, scenario, schedule, occurrence);
    break;
  default:
    describe_fault(out, scenario, schedule, occurrence);
  }
  return g_string_free(out, FALSE);
}

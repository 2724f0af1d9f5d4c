/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"
#include "sim/faults/fault_list.h"
#include "sim/faults/fault_plan.h"
#include "sim/scenario/schedule.h"

#define NODES 7

static GsScenario *parse(const char *text) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "faults.json", NULL, 0, &error);
  cr_assert_not_null(scenario, "%s in %s", error ? error->message : "", text);
  return scenario;
}

/** All occurrences of faults, in their order. */
static GArray *all_of(GsSchedule *schedule) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(GsOccurrence));
  GsOccurrence occurrence;
  while (gs_schedule_pop(schedule, &occurrence))
    g_array_append_val(all, occurrence);
  return all;
}

static bool names_node(GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t node) {
  for (uint32_t i = 0; i < gs_occurrence_node_count(schedule, occurrence); i++)
    if (gs_occurrence_node(schedule, occurrence, i) == node)
      return true;
  return false;
}

static bool names_link(GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t a,
                       uint32_t b) {
  for (uint32_t i = 0; i < gs_occurrence_link_count(occurrence); i++) {
    GsScenarioLink link = gs_occurrence_link(schedule, occurrence, i);
    if ((link.a == a && link.b == b) || (link.a == b && link.b == a))
      return true;
  }
  return occurrence->entry->fault->all_links;
}

static bool heals(GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t a, uint32_t b) {
  return occurrence->entry->kind == GS_DO_HEAL &&
         (names_link(schedule, occurrence, a, b) || names_node(schedule, occurrence, a) ||
          names_node(schedule, occurrence, b));
}

/** Of the occurrence at `place`: whether it is still on at a moment, when `ends` ends it. */
static bool holds(GsSchedule *schedule, GArray *all, guint place, int64_t at_ns, uint32_t a,
                  uint32_t b, GsScheduleKind end) {
  const GsOccurrence *begun = &g_array_index(all, GsOccurrence, place);
  int64_t lasts = gs_occurrence_lasts_ns(schedule, begun);
  if (begun->ends || begun->at_ns > at_ns ||
      (lasts < GS_TIME_NEVER && begun->at_ns + lasts <= at_ns))
    return false;
  for (guint i = place + 1; i < all->len; i++) {
    const GsOccurrence *later = &g_array_index(all, GsOccurrence, i);
    if (later->at_ns > at_ns)
      break;
    if (end == GS_DO_HEAL ? heals(schedule, later, a, b)
                          : later->entry->kind == end && names_node(schedule, later, a))
      return false;
  }
  return true;
}

static GsLinkFault link_oracle(GsSchedule *schedule, GArray *all, uint32_t from, uint32_t to,
                               int64_t at_ns) {
  GsLinkFault fault = {.loss = -1, .latency_ns = -1};
  for (guint i = 0; i < all->len; i++) {
    const GsOccurrence *begun = &g_array_index(all, GsOccurrence, i);
    const GsFault *of = begun->entry->fault;
    GsScheduleKind kind = begun->entry->kind;
    bool hit = false;
    if (kind == GS_DO_PARTITION) {
      const uint32_t *groups = gs_occurrence_groups(schedule, begun);
      hit = groups[from] != groups[to] && groups[from] != GS_GROUP_NONE &&
            groups[to] != GS_GROUP_NONE;
    } else if (kind == GS_DO_CUT || kind == GS_DO_DEGRADE) {
      hit = names_link(schedule, begun, from, to);
      if (of->one_way)
        hit &= gs_occurrence_link(schedule, begun, 0).a == from;
    }
    if (!hit || !holds(schedule, all, i, at_ns, from, to, GS_DO_HEAL))
      continue;
    fault.is_cut |= kind != GS_DO_DEGRADE;
    if (kind == GS_DO_DEGRADE) {
      fault.loss = MAX(fault.loss, of->loss);
      fault.latency_ns = MAX(fault.latency_ns, of->latency_ns);
    }
  }
  return fault;
}

static GsNodeFault node_oracle(GsSchedule *schedule, GArray *all, uint32_t node, int64_t at_ns) {
  GsNodeFault fault = {.slow_by = 1};
  for (guint i = 0; i < all->len; i++) {
    const GsOccurrence *begun = &g_array_index(all, GsOccurrence, i);
    GsScheduleKind kind = begun->entry->kind;
    GsScheduleKind end = kind == GS_DO_CRASH   ? GS_DO_RESTART
                         : kind == GS_DO_PAUSE ? GS_DO_RESUME
                                               : GS_DO_UPDATE_ENERGY;
    if (!names_node(schedule, begun, node) || !holds(schedule, all, i, at_ns, node, node, end))
      continue;
    fault.is_down |= kind == GS_DO_CRASH || kind == GS_DO_LEAVE;
    fault.is_gone |= kind == GS_DO_LEAVE;
    if (kind == GS_DO_CRASH)
      fault.keeps = MAX(fault.keeps, begun->entry->fault->keeps);
    if (kind == GS_DO_SLOW)
      fault.slow_by = MAX(fault.slow_by, begun->entry->fault->slow_by);
    if (kind == GS_DO_PAUSE)
      fault.resumes_ns = 1;
  }
  return fault;
}

static uint32_t below(uint32_t seed, uint32_t *count, uint32_t bound) {
  GsDraw at = {seed, GS_PURPOSE_SCHEDULE, 1, (*count)++};
  return (uint32_t)gs_random_below(at, bound);
}

static void append_links(GString *text, uint32_t seed, uint32_t *count) {
  uint32_t a = below(seed, count, NODES), b = (a + 1 + below(seed, count, NODES - 1)) % NODES;
  switch (below(seed, count, 4)) {
  case 0:
    g_string_append(text, "\"*\"");
    break;
  case 1:
    g_string_append(text, "{\"random\": 2}");
    break;
  default:
    g_string_append_printf(text, "[\"N%u\", \"N%u\"]", a + 1, b + 1);
  }
}

static void append_fault(GString *text, uint32_t seed, uint32_t *count, bool by_chance) {
  static const char *const last[] = {"", ", \"for\": \"3s\"",
                                     ", \"for\": {\"exponential\": \"2s\"}",
                                     ", \"for\": {\"uniform\": [\"1s\", \"4s\"]}"};
  static const char *const keeps[] = {"all", "energy", "nothing"};
  uint32_t node = 1 + below(seed, count, NODES), kind = below(seed, count, by_chance ? 6 : 10);
  const char *lasts = last[below(seed, count, 4)];
  switch (kind) {
  case 0:
    g_string_append_printf(text, "\"crash\": \"N%u\", \"keeps\": \"%s\"%s", node,
                           keeps[below(seed, count, 3)], lasts);
    break;
  case 1:
    g_string_append_printf(text, "\"pause\": {\"random\": 2}%s", lasts);
    break;
  case 2:
    g_string_append_printf(text, "\"slow\": \"N%u\", \"by\": %u%s", node, 1 + below(seed, count, 9),
                           lasts);
    break;
  case 3:
    g_string_append(text, "\"cut\": ");
    append_links(text, seed, count);
    g_string_append(text, lasts);
    break;
  case 4:
    g_string_append(text, "\"degrade\": {\"loss\": 0.5, \"latency\": \"1s\"}, \"links\": ");
    append_links(text, seed, count);
    g_string_append(text, lasts);
    break;
  case 5:
    g_string_append_printf(text, "\"partition\": %s%s",
                           node % 2 ? "{\"random\": 2}" : "[[\"N1\", \"N2\"], [\"N4\"], \"*rest\"]",
                           lasts);
    break;
  case 6:
    g_string_append_printf(text, "\"restart\": \"N%u\"", node);
    break;
  case 7:
    g_string_append_printf(text, "\"resume\": \"N%u\"", node);
    break;
  case 8:
    g_string_append_printf(text, "\"cut\": [\"N%u\", \"N%u\"], \"one_way\": true%s", node,
                           node % NODES + 1, lasts);
    break;
  default:
    if (node == 1)
      g_string_append(text, "\"heal\": \"*\"");
    else if (node % 2)
      g_string_append_printf(text, "\"heal\": [\"N%u\", \"N%u\"]", node, node - 1);
    else
      g_string_append_printf(text, "\"heal\": \"N%u\"", node);
  }
}

/** Whole seconds, so that much happens at one moment. */
static GsScenario *draw_scenario(uint32_t seed) {
  uint32_t count = 0;
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         "{\"topology\": {\"kind\": \"complete\", \"nodes\": %u}, \"seed\": %u, "
                         "\"until\": \"20s\", \"schedule\": [",
                         NODES, seed);
  for (uint32_t i = 0; i < 9; i++) {
    g_string_append_printf(text, "%s{\"at\": \"%us\", ", i ? ", " : "", below(seed, &count, 12));
    append_fault(text, seed, &count, false);
    g_string_append(text, below(seed, &count, 4) ? "}" : ", \"every\": \"5s\"}");
  }
  g_string_append(text, "], \"faults\": [{\"mean_gap\": \"5s\", ");
  append_fault(text, seed, &count, true);
  g_string_append(text, "}]}");
  return parse(text->str);
}

static void expect_node(const GsFaultPlan *plan, uint32_t node, int64_t at, GsNodeFault want) {
  GsNodeFault have = gs_fault_plan_node(plan, node, at);
  cr_assert(have.is_down == want.is_down && have.is_gone == want.is_gone &&
                have.keeps == want.keeps && have.slow_by == want.slow_by &&
                (have.resumes_ns > 0) == (want.resumes_ns > 0),
            "N%u at %" G_GINT64_FORMAT, node + 1, at);
  cr_assert(have.until_ns > at && (!have.resumes_ns || have.resumes_ns > at));
  cr_assert_eq(gs_fault_plan_node(plan, node, have.until_ns - 1).is_down, have.is_down);
  if (have.resumes_ns > 0 && have.resumes_ns < GS_TIME_NEVER)
    cr_assert_eq(gs_fault_plan_node(plan, node, have.resumes_ns).resumes_ns, 0);
}

static void expect_link(const GsFaultPlan *plan, uint32_t from, uint32_t to, int64_t at,
                        GsLinkFault want) {
  GsLinkFault have = gs_fault_plan_link(plan, from, to, at);
  cr_assert(have.is_cut == want.is_cut && have.loss == want.loss &&
                have.latency_ns == want.latency_ns,
            "N%u to N%u at %" G_GINT64_FORMAT, from + 1, to + 1, at);
  cr_assert_gt(have.until_ns, at);
  GsLinkFault last = gs_fault_plan_link(plan, from, to, have.until_ns - 1);
  cr_assert(last.is_cut == have.is_cut && last.loss == have.loss &&
            last.latency_ns == have.latency_ns);
}

Test(faults, of_a_plan_are_what_going_through_all_that_happened_before_says) {
  for (uint32_t seed = 1; seed <= 60; seed++) {
    g_autoptr(GsScenario) scenario = draw_scenario(seed);
    g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
    g_autoptr(GsSchedule) schedule = gs_schedule_new_of_faults(scenario);
    g_autoptr(GArray) all = all_of(schedule);
    for (int64_t at = 0; at <= 20 * GS_SECOND_NS; at += GS_SECOND_NS / 2)
      for (uint32_t a = 0; a < NODES; a++) {
        expect_node(plan, a, at, node_oracle(schedule, all, a, at));
        uint32_t b = (a + 1 + (uint32_t)(at / GS_SECOND_NS) % (NODES - 1)) % NODES;
        expect_link(plan, a, b, at, link_oracle(schedule, all, a, b, at));
      }
  }
}

Test(faults, none_make_no_plan_and_kinds_tell_what_there_is) {
  g_autoptr(GsScenario) none = parse("{\"nodes\": [{}, {}]}");
  cr_expect_null(gs_fault_plan_new(none));
  g_autoptr(GsScenario) slow =
      parse("{\"nodes\": [{}, {}], \"schedule\": [{\"at\": 1, \"slow\": \"N1\", \"by\": 2}]}");
  g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(slow);
  GsFaultKinds kinds = gs_fault_plan_kinds(plan);
  cr_expect(!kinds.may_lose && kinds.may_delay && !kinds.changes_islands);
  cr_expect_eq(kinds.least_latency_ns, GS_TIME_NEVER);
}

/* ---- As people see them ---- */

static bool covers(const GsFaultStretch *stretch, int64_t at_ns) {
  return stretch->begin_ns <= at_ns && at_ns < stretch->end_ns;
}

/** How many faults of each sort have a stretch at a moment, of nodes or links. */
static GsFaultLevel level_at(const GArray *stretches, int64_t at_ns) {
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  GsFaultLevel level = {.at_ns = at_ns};
  for (guint i = 0; i < stretches->len; i++) {
    const GsFaultStretch *stretch = &g_array_index(stretches, GsFaultStretch, i);
    if (covers(stretch, at_ns) && g_hash_table_add(seen, GUINT_TO_POINTER(stretch->fault + 1)))
      level.count[gs_fault_sort_of(stretch->entry->kind)]++;
  }
  return level;
}

static const GsFaultLevel *listed_level(const GsFaultList *list, int64_t at_ns) {
  static const GsFaultLevel none;
  const GsFaultLevel *found = &none;
  for (guint i = 0; i < list->levels->len; i++) {
    const GsFaultLevel *level = &g_array_index(list->levels, GsFaultLevel, i);
    if (level->at_ns <= at_ns)
      found = level;
  }
  return found;
}

Test(faults, as_stretches_say_of_nodes_what_the_plan_says) {
  for (uint32_t seed = 1; seed <= 60; seed++) {
    g_autoptr(GsScenario) scenario = draw_scenario(seed);
    g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
    g_autoptr(GArray) stretches = gs_fault_plan_stretches(plan);
    for (int64_t at = 0; at <= 20 * GS_SECOND_NS; at += GS_SECOND_NS / 2)
      for (uint32_t node = 0; node < NODES; node++) {
        bool down = false, paused = false;
        double slow_by = 1;
        for (guint i = 0; i < stretches->len; i++) {
          const GsFaultStretch *stretch = &g_array_index(stretches, GsFaultStretch, i);
          if (stretch->node != node || !covers(stretch, at))
            continue;
          GsFaultSort sort = gs_fault_sort_of(stretch->entry->kind);
          down |= sort == GS_FAULT_DOWN;
          paused |= sort == GS_FAULT_PAUSED;
          if (sort == GS_FAULT_WEAK)
            slow_by = MAX(slow_by, stretch->entry->fault->slow_by);
        }
        GsNodeFault fault = gs_fault_plan_node(plan, node, at);
        cr_assert_eq(fault.is_down, down);
        cr_assert_eq(fault.resumes_ns > 0, paused);
        cr_assert_eq(fault.slow_by, slow_by);
      }
  }
}

Test(faults, of_a_list_are_as_many_at_any_moment_as_there_are_stretches_of) {
  for (uint32_t seed = 1; seed <= 60; seed++) {
    g_autoptr(GsScenario) scenario = draw_scenario(seed);
    g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
    g_autoptr(GArray) stretches = gs_fault_plan_stretches(plan);
    g_autoptr(GsFaultList) list = gs_fault_list_new(scenario, 3, 1000);
    g_autoptr(GsFaultList) few = gs_fault_list_new(scenario, 0, 4);
    cr_assert_eq(list->listed->len, MIN(3, list->count));
    cr_assert_eq(few->listed->len, 0);
    cr_assert_eq(few->count, list->count);
    cr_assert_eq(list->level_ns, 0);
    cr_assert_leq(few->levels->len, 4);
    cr_assert_eq(few->level_ns > 0, list->levels->len > 4);
    for (int64_t at = 0; at <= 21 * GS_SECOND_NS; at += GS_SECOND_NS / 4) {
      GsFaultLevel want = level_at(stretches, at);
      cr_assert_arr_eq(listed_level(list, at)->count, want.count, sizeof want.count);
      for (int sort = 0; sort < GS_FAULT_SORTS; sort++)
        cr_assert_geq(listed_level(few, at)->count[sort], want.count[sort]);
    }
    for (guint i = 0; i < few->levels->len; i++) /* no more than there ever are */
      for (int sort = 0; sort < GS_FAULT_SORTS; sort++) {
        uint32_t most = 0;
        for (guint k = 0; k < list->levels->len; k++)
          most = MAX(most, g_array_index(list->levels, GsFaultLevel, k).count[sort]);
        cr_assert_leq(g_array_index(few->levels, GsFaultLevel, i).count[sort], most);
      }
  }
}

Test(faults, are_listed_with_what_ended_them_and_where_they_are_said) {
  g_autoptr(GsScenario) scenario =
      parse("{\"nodes\": [{}, {}, {}], \"links\": [[\"N1\", \"N2\"], [\"N2\", \"N3\"]], "
            "\"until\": \"60s\", \"schedule\": ["
            "{\"at\": 1, \"node\": \"N1\", \"production\": 5},"
            "{\"at\": 2, \"crash\": [\"N1\", \"N2\"], \"for\": \"5s\"},"
            "{\"at\": 4, \"restart\": \"N1\"},"
            "{\"at\": 3, \"cut\": [\"N2\", \"N3\"], \"for\": \"20s\"},"
            "{\"at\": 9, \"heal\": \"*\"},"
            "{\"at\": 10, \"leave\": \"N3\"}],"
            "\"faults\": [{\"pause\": \"N1\", \"mean_gap\": \"5s\", \"for\": \"1s\", "
            "\"from\": \"11s\"}]}");
  g_autoptr(GsFaultList) list = gs_fault_list_new(scenario, 4, 100);
  cr_assert_eq(list->listed->len, 4);
  cr_assert_gt(list->count, 4);
  static const struct {
    GsFaultSort sort;
    int64_t begin_s, end_s;
    const char *place, *what;
  } wanted[] = {{GS_FAULT_DOWN, 2, 7, "/schedule/1", "N1, N2 crash"},
                {GS_FAULT_CUT, 3, 9, "/schedule/3", "cut N2 \u2013 N3"},
                {GS_FAULT_DOWN, 10, -1, "/schedule/5", "N3 leaves"},
                {GS_FAULT_PAUSED, -1, -1, "/faults/0", "N1 (random) pauses"}};
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    const GsListedFault *fault = &g_array_index(list->listed, GsListedFault, i);
    cr_expect_eq(fault->sort, wanted[i].sort);
    cr_expect_str_eq(fault->place, wanted[i].place);
    cr_expect_str_eq(fault->what, wanted[i].what);
    if (wanted[i].begin_s < 0) {
      cr_expect_eq(fault->end_ns - fault->begin_ns, GS_SECOND_NS);
      continue;
    }
    cr_expect_eq(fault->begin_ns, wanted[i].begin_s * GS_SECOND_NS);
    cr_expect_eq(fault->end_ns,
                 wanted[i].end_s < 0 ? GS_TIME_NEVER : wanted[i].end_s * GS_SECOND_NS);
  }
  g_autoptr(GsScenario) none = parse("{\"nodes\": [{}, {}]}");
  cr_expect_null(gs_fault_list_new(none, 10, 10));
}

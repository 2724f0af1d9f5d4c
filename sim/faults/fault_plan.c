/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/faults/fault_plan.h"

#include "sim/faults/fault_spans.h"
#include "sim/scenario/schedule.h"

/** Partitions, and faults of all links, from a moment on. */
typedef struct {
  int64_t at_ns;
  uint32_t first, count; /**< in `holding` */
} WideSegment;

/** A link, or all of a node, was healed of what had begun before. */
typedef struct {
  int64_t at_ns;
  uint32_t before; /**< wide spans below this number */
} Heal;

struct GsFaultPlan {
  const GsScenario *scenario;
  GsFaultSpans *nodes; /**< by node */
  GsFaultSpans *links; /**< by pair */
  GsFaultKinds kinds;
  GArray *wide;        /**< of GsFaultSpan: of all links, and partitions */
  GArray *wide_groups; /**< of const uint32_t *: of those that are partitions; NULL: all links */
  GPtrArray *owned;    /**< groups that were drawn */
  GArray *segments;    /**< of WideSegment, by time */
  GArray *holding;     /**< of uint32_t: places in `wide` */
  GHashTable *healed;  /**< key of a pair, or of a node → GArray of Heal, by time */
  uint32_t begun;      /**< faults */
};

static uint64_t key_of_pair(uint32_t a, uint32_t b) {
  return (uint64_t)MIN(a, b) << 32 | MAX(a, b);
}

/** No pair has it: both of its ends would be the same. */
static uint64_t key_of_node(uint32_t node) {
  return (uint64_t)node << 32 | node;
}

/* ---- Making it ---- */

static void note_kind(GsFaultKinds *kinds, const GsScheduleEntry *entry) {
  const GsFault *fault = entry->fault;
  switch (entry->kind) {
  case GS_DO_CRASH:
  case GS_DO_LEAVE:
  case GS_DO_CUT:
  case GS_DO_PARTITION:
    kinds->may_lose = kinds->changes_islands = true;
    break;
  case GS_DO_PAUSE:
  case GS_DO_SLOW:
    kinds->may_delay = true;
    break;
  case GS_DO_DEGRADE:
    kinds->may_lose |= fault->loss > 0;
    kinds->may_delay |= fault->latency_ns >= 0;
    if (fault->latency_ns >= 0)
      kinds->least_latency_ns = MIN(kinds->least_latency_ns, fault->latency_ns);
    break;
  default:
    break;
  }
}

static int64_t end_ns(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  int64_t lasts = gs_occurrence_lasts_ns(schedule, occurrence);
  return lasts < GS_TIME_NEVER - occurrence->at_ns ? occurrence->at_ns + lasts : GS_TIME_NEVER;
}

static void add_wide(GsFaultPlan *plan, const GsFaultSpan *span, const uint32_t *groups) {
  g_array_append_val(plan->wide, *span);
  g_array_append_val(plan->wide_groups, groups);
}

static void add_partition(GsFaultPlan *plan, const GsSchedule *schedule,
                          const GsOccurrence *occurrence, const GsFaultSpan *span) {
  const uint32_t *groups = occurrence->entry->fault->group_of;
  if (!groups) {
    groups = g_memdup2(gs_occurrence_groups(schedule, occurrence),
                       plan->scenario->node_count * sizeof *groups);
    g_ptr_array_add(plan->owned, (gpointer)(uintptr_t)groups);
  }
  add_wide(plan, span, groups);
}

static bool some_wide_is_open(const GsFaultPlan *plan, int64_t now_ns) {
  for (guint i = 0; i < plan->wide->len; i++)
    if (g_array_index(plan->wide, GsFaultSpan, i).end_ns > now_ns)
      return true;
  return false;
}

static void heal_wide_for(GsFaultPlan *plan, uint64_t key, int64_t now_ns) {
  if (!some_wide_is_open(plan, now_ns))
    return;
  GArray *heals = g_hash_table_lookup(plan->healed, &key);
  if (!heals) {
    heals = g_array_new(FALSE, FALSE, sizeof(Heal));
    g_hash_table_insert(plan->healed, g_memdup2(&key, sizeof key), heals);
  }
  Heal heal = {now_ns, plan->wide->len};
  g_array_append_val(heals, heal);
}

static void heal(GsFaultPlan *plan, const GsSchedule *schedule, const GsOccurrence *occurrence) {
  int64_t now = occurrence->at_ns;
  if (occurrence->entry->fault->all_links) {
    gs_fault_spans_end_all(plan->links, now);
    for (guint i = 0; i < plan->wide->len; i++) {
      GsFaultSpan *span = &g_array_index(plan->wide, GsFaultSpan, i);
      span->end_ns = MIN(span->end_ns, now);
    }
    return;
  }
  for (uint32_t i = 0; i < gs_occurrence_link_count(occurrence); i++) {
    GsScenarioLink link = gs_occurrence_link(schedule, occurrence, i);
    uint64_t key = key_of_pair(link.a, link.b);
    gs_fault_spans_end(plan->links, key, GS_SPAN_ANY, now);
    heal_wide_for(plan, key, now);
  }
  for (uint32_t i = 0; i < gs_occurrence_node_count(schedule, occurrence); i++) {
    uint32_t node = gs_occurrence_node(schedule, occurrence, i);
    gs_fault_spans_end_of_node(plan->links, node, now);
    heal_wide_for(plan, key_of_node(node), now);
  }
}

static void add_links(GsFaultPlan *plan, const GsSchedule *schedule, const GsOccurrence *occurrence,
                      GsFaultSpan span) {
  if (occurrence->entry->fault->all_links) {
    add_wide(plan, &span, NULL);
    return;
  }
  for (uint32_t i = 0; i < gs_occurrence_link_count(occurrence); i++) {
    GsScenarioLink link = gs_occurrence_link(schedule, occurrence, i);
    span.from = link.a;
    gs_fault_spans_add(plan->links, key_of_pair(link.a, link.b), &span);
  }
}

static void add_nodes(GsFaultPlan *plan, const GsSchedule *schedule, const GsOccurrence *occurrence,
                      const GsFaultSpan *span) {
  GsScheduleKind kind = occurrence->entry->kind;
  for (uint32_t i = 0; i < gs_occurrence_node_count(schedule, occurrence); i++) {
    uint32_t node = gs_occurrence_node(schedule, occurrence, i);
    if (kind == GS_DO_RESTART)
      gs_fault_spans_end(plan->nodes, node, GS_DO_CRASH, occurrence->at_ns);
    else if (kind == GS_DO_RESUME)
      gs_fault_spans_end(plan->nodes, node, GS_DO_PAUSE, occurrence->at_ns);
    else
      gs_fault_spans_add(plan->nodes, node, span);
  }
}

static void add_occurrence(GsFaultPlan *plan, const GsSchedule *schedule,
                           const GsOccurrence *occurrence) {
  GsFaultSpan span = {.begin_ns = occurrence->at_ns,
                      .end_ns = end_ns(schedule, occurrence),
                      .entry = occurrence->entry,
                      .fault = plan->begun};
  plan->begun += gs_schedule_kind_goes_wrong(occurrence->entry->kind);
  switch (occurrence->entry->kind) {
  case GS_DO_PARTITION:
    add_partition(plan, schedule, occurrence, &span);
    break;
  case GS_DO_CUT:
  case GS_DO_DEGRADE:
    add_links(plan, schedule, occurrence, span);
    break;
  case GS_DO_HEAL:
    heal(plan, schedule, occurrence);
    break;
  default:
    add_nodes(plan, schedule, occurrence, &span);
  }
  note_kind(&plan->kinds, occurrence->entry);
}

static gint compare_moments(gconstpointer a, gconstpointer b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

/** Which wide faults hold from when on: they begin in the order of their numbers. */
static void make_segments(GsFaultPlan *plan) {
  g_autoptr(GArray) moments = g_array_new(FALSE, FALSE, sizeof(int64_t));
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  for (guint i = 0; i < plan->wide->len; i++) {
    GsFaultSpan *span = &g_array_index(plan->wide, GsFaultSpan, i);
    g_array_append_val(moments, span->begin_ns);
    g_array_append_val(moments, span->end_ns);
  }
  g_array_sort(moments, compare_moments);
  uint32_t next = 0;
  for (guint m = 0; m < moments->len; m++) {
    int64_t at = g_array_index(moments, int64_t, m);
    if (m > 0 && at == g_array_index(moments, int64_t, m - 1))
      continue;
    for (; next < plan->wide->len && g_array_index(plan->wide, GsFaultSpan, next).begin_ns <= at;
         next++)
      g_array_append_val(open, next);
    WideSegment segment = {.at_ns = at, .first = plan->holding->len};
    guint kept = 0;
    for (guint i = 0; i < open->len; i++) {
      uint32_t span = g_array_index(open, uint32_t, i);
      if (g_array_index(plan->wide, GsFaultSpan, span).end_ns > at)
        g_array_index(open, uint32_t, kept++) = span;
    }
    g_array_set_size(open, kept);
    g_array_append_vals(plan->holding, open->data, kept);
    segment.count = kept;
    g_array_append_val(plan->segments, segment);
  }
}

static void free_array(gpointer array) {
  g_array_unref(array);
}

GsFaultPlan *gs_fault_plan_new(const GsScenario *scenario) {
  if (!scenario->has_faults)
    return NULL;
  GsFaultPlan *plan = g_new0(GsFaultPlan, 1);
  plan->scenario = scenario;
  plan->nodes = gs_fault_spans_new();
  plan->links = gs_fault_spans_new();
  plan->kinds.least_latency_ns = GS_TIME_NEVER;
  plan->wide = g_array_new(FALSE, FALSE, sizeof(GsFaultSpan));
  plan->wide_groups = g_array_new(FALSE, FALSE, sizeof(const uint32_t *));
  plan->owned = g_ptr_array_new_with_free_func(g_free);
  plan->segments = g_array_new(FALSE, FALSE, sizeof(WideSegment));
  plan->holding = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  plan->healed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_array);
  g_autoptr(GsSchedule) schedule = gs_schedule_new_of_faults(scenario);
  GsOccurrence occurrence;
  while (gs_schedule_pop(schedule, &occurrence))
    if (!occurrence.ends)
      add_occurrence(plan, schedule, &occurrence);
  gs_fault_spans_finish(plan->nodes);
  gs_fault_spans_finish(plan->links);
  make_segments(plan);
  return plan;
}

void gs_fault_plan_free(GsFaultPlan *plan) {
  if (!plan)
    return;
  gs_fault_spans_free(plan->nodes);
  gs_fault_spans_free(plan->links);
  g_array_unref(plan->wide);
  g_array_unref(plan->wide_groups);
  g_ptr_array_unref(plan->owned);
  g_array_unref(plan->segments);
  g_array_unref(plan->holding);
  g_hash_table_unref(plan->healed);
  g_free(plan);
}

GsFaultKinds gs_fault_plan_kinds(const GsFaultPlan *plan) {
  return plan->kinds;
}

/* ---- Asking it ---- */

static void take_link_fault(GsLinkFault *link, const GsFault *fault, GsScheduleKind kind) {
  if (kind != GS_DO_DEGRADE) {
    link->is_cut = true;
    return;
  }
  link->loss = MAX(link->loss, fault->loss);
  link->latency_ns = MAX(link->latency_ns, fault->latency_ns);
}

/** Of which wide faults a link or node has been healed; tells when it is healed next. */
static uint32_t healed_before(const GsFaultPlan *plan, uint64_t key, int64_t at_ns,
                              int64_t *until_ns) {
  const GArray *heals = g_hash_table_lookup(plan->healed, &key);
  uint32_t before = 0;
  for (guint i = 0; heals && i < heals->len; i++) {
    const Heal *heal = &g_array_index(heals, Heal, i);
    if (heal->at_ns > at_ns) {
      *until_ns = MIN(*until_ns, heal->at_ns);
      break;
    }
    before = heal->before;
  }
  return before;
}

static const WideSegment *wide_at(const GsFaultPlan *plan, int64_t at_ns, int64_t *until_ns) {
  const WideSegment *all = (const WideSegment *)(const void *)plan->segments->data;
  guint low = gs_segments_begun(plan->segments, at_ns);
  if (low < plan->segments->len)
    *until_ns = MIN(*until_ns, all[low].at_ns);
  return low > 0 ? &all[low - 1] : NULL;
}

static bool is_parted(const uint32_t *groups, uint32_t a, uint32_t b) {
  return groups[a] != groups[b] && groups[a] != GS_GROUP_NONE && groups[b] != GS_GROUP_NONE;
}

static void take_wide(const GsFaultPlan *plan, uint32_t from, uint32_t to, int64_t at_ns,
                      GsLinkFault *link) {
  const WideSegment *segment = wide_at(plan, at_ns, &link->until_ns);
  if (!segment || !segment->count)
    return;
  uint32_t healed = 0;
  if (g_hash_table_size(plan->healed)) {
    healed = healed_before(plan, key_of_pair(from, to), at_ns, &link->until_ns);
    healed = MAX(healed, healed_before(plan, key_of_node(from), at_ns, &link->until_ns));
    healed = MAX(healed, healed_before(plan, key_of_node(to), at_ns, &link->until_ns));
  }
  for (uint32_t i = 0; i < segment->count; i++) {
    uint32_t number = g_array_index(plan->holding, uint32_t, segment->first + i);
    const uint32_t *groups = g_array_index(plan->wide_groups, const uint32_t *, number);
    const GsScheduleEntry *entry = g_array_index(plan->wide, GsFaultSpan, number).entry;
    if (number >= healed && (!groups || is_parted(groups, from, to)))
      take_link_fault(link, entry->fault, entry->kind);
  }
}

GsLinkFault gs_fault_plan_link(const GsFaultPlan *plan, uint32_t from, uint32_t to, int64_t at_ns) {
  GsLinkFault link = {.loss = -1, .latency_ns = -1, .until_ns = GS_TIME_NEVER};
  GsSpansHolding holding =
      gs_fault_spans_at(plan->links, key_of_pair(from, to), at_ns, &link.until_ns);
  for (uint32_t i = 0; i < holding.count; i++) {
    const GsFaultSpan *span = gs_fault_spans_held(plan->links, &holding, i);
    const GsFault *fault = span->entry->fault;
    if (!fault->one_way || span->from == from)
      take_link_fault(&link, fault, span->entry->kind);
  }
  take_wide(plan, from, to, at_ns, &link);
  return link;
}

GsNodeFault gs_fault_plan_node(const GsFaultPlan *plan, uint32_t node, int64_t at_ns) {
  GsNodeFault fault = {.slow_by = 1, .until_ns = GS_TIME_NEVER};
  GsSpansHolding holding = gs_fault_spans_at(plan->nodes, node, at_ns, &fault.until_ns);
  for (uint32_t i = 0; i < holding.count; i++) {
    const GsFaultSpan *span = gs_fault_spans_held(plan->nodes, &holding, i);
    const GsScheduleEntry *entry = span->entry;
    switch (entry->kind) {
    case GS_DO_LEAVE:
      fault.is_down = fault.is_gone = true;
      break;
    case GS_DO_CRASH:
      fault.is_down = true;
      fault.keeps = MAX(fault.keeps, entry->fault->keeps);
      break;
    case GS_DO_PAUSE:
      fault.resumes_ns = MAX(fault.resumes_ns, span->end_ns);
      break;
    default:
      fault.slow_by = MAX(fault.slow_by, entry->fault->slow_by);
    }
  }
  if (fault.resumes_ns) /* one pause may follow another */
    fault.resumes_ns = gs_fault_spans_pause_end_ns(plan->nodes, node, fault.resumes_ns);
  return fault;
}

bool gs_fault_plan_works(const GsFaultPlan *plan, uint32_t a, uint32_t b, int64_t at_ns) {
  return !plan || !(gs_fault_plan_node(plan, a, at_ns).is_down ||
                    gs_fault_plan_node(plan, b, at_ns).is_down ||
                    gs_fault_plan_link(plan, a, b, at_ns).is_cut ||
                    gs_fault_plan_link(plan, b, a, at_ns).is_cut);
}

/* ---- Telling all of it ---- */

static void add_stretch(GArray *out, const GsFaultSpan *span, uint32_t node) {
  GsFaultStretch stretch = {.fault = span->fault,
                            .node = node,
                            .entry = span->entry,
                            .begin_ns = span->begin_ns,
                            .end_ns = span->end_ns};
  g_array_append_val(out, stretch);
}

static gint compare_faults(gconstpointer a, gconstpointer b) {
  uint32_t x = ((const GsFaultStretch *)a)->fault, y = ((const GsFaultStretch *)b)->fault;
  return x < y ? -1 : x > y;
}

GArray *gs_fault_plan_stretches(const GsFaultPlan *plan) {
  GArray *out = g_array_new(FALSE, FALSE, sizeof(GsFaultStretch));
  g_autoptr(GArray) nodes = gs_fault_spans_all(plan->nodes);
  g_autoptr(GArray) pairs = gs_fault_spans_all(plan->links);
  g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(GsFaultStretch));
  for (guint i = 0; i < nodes->len; i++) {
    const GsKeyedSpan *keyed = &g_array_index(nodes, GsKeyedSpan, i);
    add_stretch(out, &keyed->span, (uint32_t)keyed->key);
  }
  for (guint i = 0; i < pairs->len; i++)
    add_stretch(links, &g_array_index(pairs, GsKeyedSpan, i).span, UINT32_MAX);
  for (guint i = 0; i < plan->wide->len; i++)
    add_stretch(links, &g_array_index(plan->wide, GsFaultSpan, i), UINT32_MAX);
  g_array_sort(links, compare_faults);
  g_array_append_vals(out, links->data, links->len);
  return out;
}

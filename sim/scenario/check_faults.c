/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_faults.h"
#include "sim/scenario/schedule.h"

/** What an entry says that cannot be: the first of it, and how often. */
typedef struct {
  char *text; /**< NULL: nothing */
  uint32_t count;
} Doubt;

/** Until when something is wrong; absent: it is not. */
typedef struct {
  const GsScenario *scenario;
  GHashTable *down, *paused, *gone; /**< node → int64_t */
  GHashTable *pairs, *ends;         /**< pair, and node that it is of → int64_t */
  GHashTable *named;                /**< kind of fault and node, by no chance → int64_t */
  GHashTable *cuts;                 /**< from and to of links, by no chance → int64_t */
  GHashTable *links;                /**< set of pairs; NULL: not needed yet */
  int64_t all_until_ns;             /**< of all links, and partitions */
  Doubt *doubts;                    /**< per entry */
  uint64_t effects;
  uint32_t too_many; /**< the entry that passed the limit; UINT32_MAX: none */
} Check;

static int64_t until_of(GHashTable *table, uint64_t key) {
  const int64_t *until = g_hash_table_lookup(table, &key);
  return until ? *until : -1;
}

static void set_until(GHashTable *table, uint64_t key, int64_t until_ns) {
  g_hash_table_replace(table, g_memdup2(&key, sizeof key), g_memdup2(&until_ns, sizeof until_ns));
}

static void raise_until(GHashTable *table, uint64_t key, int64_t until_ns) {
  if (until_of(table, key) < until_ns)
    set_until(table, key, until_ns);
}

static void doubt(Check *check, const GsScheduleEntry *entry, char *text) {
  Doubt *about = &check->doubts[entry - check->scenario->schedule];
  about->count++;
  if (about->text)
    g_free(text);
  else
    about->text = text;
}

static char *name_of(const Check *check, uint32_t node) {
  return gs_quote(check->scenario->nodes[node].name);
}

/** `what`: that the node is not, of which it has the end in `table`. */
static void end_node(Check *check, const GsOccurrence *occurrence, uint32_t node, GHashTable *table,
                     const char *what, const char *end) {
  g_autofree char *name = name_of(check, node);
  g_autofree char *at = gs_duration_format(occurrence->at_ns);
  if (until_of(check->gone, node) >= 0)
    doubt(check, occurrence->entry,
          g_strdup_printf("%s has left for good at %s; there is nothing to %s", name, at, end));
  else if (until_of(table, node) <= occurrence->at_ns)
    doubt(check, occurrence->entry,
          g_strdup_printf("%s is not %s at %s; there is nothing to %s", name, what, at, end));
  set_until(table, node, occurrence->at_ns);
}

/** Whether an entry hits the same in all runs, whatever the seed. */
static bool is_certain(const GsScheduleEntry *entry) {
  return entry->fault->mean_gap_ns == 0 && entry->fault->drawn_count == 0 && !entry->drawn;
}

static uint64_t named_key(GsScheduleKind kind, uint32_t node) {
  return (uint64_t)kind << 32 | node;
}

/** What comes by chance, or to all, may come to who is down already. */
static void begin_node(Check *check, const GsOccurrence *occurrence, uint32_t node,
                       int64_t until_ns) {
  const GsScheduleEntry *entry = occurrence->entry;
  uint64_t key = named_key(entry->kind, node);
  if (!is_certain(entry))
    return;
  bool is_gone = until_of(check->named, named_key(GS_DO_LEAVE, node)) > occurrence->at_ns;
  bool is_so = entry->kind != GS_DO_SLOW && until_of(check->named, key) > occurrence->at_ns;
  raise_until(check->named, key, until_ns);
  if (entry->all || (!is_gone && !is_so))
    return;
  g_autofree char *name = name_of(check, node);
  g_autofree char *at = gs_duration_format(occurrence->at_ns);
  const char *how = entry->kind == GS_DO_CRASH ? "down" : "paused";
  doubt(check, entry,
        is_gone
            ? g_strdup_printf("%s has left for good at %s; nothing more happens to it", name, at)
            : g_strdup_printf("%s is %s already at %s", name, how, at));
}

static void take_node(Check *check, const GsOccurrence *occurrence, uint32_t node,
                      int64_t until_ns) {
  if (gs_schedule_kind_goes_wrong(occurrence->entry->kind))
    begin_node(check, occurrence, node, until_ns);
  switch (occurrence->entry->kind) {
  case GS_DO_CRASH:
    raise_until(check->down, node, until_ns);
    break;
  case GS_DO_PAUSE:
    raise_until(check->paused, node, until_ns);
    break;
  case GS_DO_LEAVE:
    set_until(check->gone, node, until_ns);
    break;
  case GS_DO_RESTART:
    end_node(check, occurrence, node, check->down, "down", "restart");
    set_until(check->named, named_key(GS_DO_CRASH, node), occurrence->at_ns);
    break;
  case GS_DO_RESUME:
    end_node(check, occurrence, node, check->paused, "paused", "resume");
    set_until(check->named, named_key(GS_DO_PAUSE, node), occurrence->at_ns);
    break;
  default:
    break;
  }
}

static void learn_links(Check *check) {
  const GsScenario *scenario = check->scenario;
  if (check->links)
    return;
  check->links = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint64_t key = gs_pair_key(scenario->links[i].a, scenario->links[i].b);
    g_hash_table_add(check->links, g_memdup2(&key, sizeof key));
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    uint64_t key = gs_pair_key(entry->link.a, entry->link.b);
    if (entry->kind == GS_DO_ADD_SIBLING)
      g_hash_table_add(check->links, g_memdup2(&key, sizeof key));
  }
}

static uint64_t way_key(uint32_t from, uint32_t to) {
  return (uint64_t)from << 32 | to;
}

/** A cut of what is cut already, by no chance. */
static void take_cut(Check *check, const GsOccurrence *occurrence, GsScenarioLink link,
                     int64_t until_ns) {
  const GsScheduleEntry *entry = occurrence->entry;
  uint64_t there = way_key(link.a, link.b), back = way_key(link.b, link.a);
  if (!is_certain(entry))
    return;
  bool is_cut = until_of(check->cuts, there) > occurrence->at_ns &&
                (entry->fault->one_way || until_of(check->cuts, back) > occurrence->at_ns);
  raise_until(check->cuts, there, until_ns);
  if (!entry->fault->one_way)
    raise_until(check->cuts, back, until_ns);
  if (!is_cut)
    return;
  g_autofree char *a = name_of(check, link.a), *b = name_of(check, link.b);
  g_autofree char *at = gs_duration_format(occurrence->at_ns);
  doubt(check, entry,
        entry->fault->one_way
            ? g_strdup_printf("the link from %s to %s is cut already at %s", a, b, at)
            : g_strdup_printf("the link between %s and %s is cut already at %s", a, b, at));
}

static void take_link(Check *check, const GsOccurrence *occurrence, GsScenarioLink link,
                      int64_t until_ns) {
  uint64_t key = gs_pair_key(link.a, link.b);
  g_autofree char *a = name_of(check, link.a), *b = name_of(check, link.b);
  bool heals = occurrence->entry->kind == GS_DO_HEAL;
  learn_links(check);
  if (!g_hash_table_contains(check->links, &key)) {
    doubt(check, occurrence->entry, g_strdup_printf("%s and %s are not linked", a, b));
  } else if (heals && MAX(until_of(check->pairs, key), check->all_until_ns) <= occurrence->at_ns) {
    g_autofree char *at = gs_duration_format(occurrence->at_ns);
    doubt(check, occurrence->entry,
          g_strdup_printf("the link between %s and %s is neither cut nor degraded at %s; there is "
                          "nothing to heal",
                          a, b, at));
  }
  if (heals) {
    set_until(check->pairs, key, occurrence->at_ns);
    set_until(check->cuts, way_key(link.a, link.b), occurrence->at_ns);
    set_until(check->cuts, way_key(link.b, link.a), occurrence->at_ns);
    return;
  }
  if (occurrence->entry->kind == GS_DO_CUT)
    take_cut(check, occurrence, link, until_ns);
  raise_until(check->pairs, key, until_ns);
  raise_until(check->ends, link.a, until_ns);
  raise_until(check->ends, link.b, until_ns);
}

static gboolean is_over(gpointer key, gpointer until, gpointer now) {
  (void)key;
  return *(const int64_t *)until <= *(const int64_t *)now;
}

static void heal_all(Check *check, const GsOccurrence *occurrence) {
  g_hash_table_foreach_remove(check->pairs, is_over, (gpointer)(uintptr_t)&occurrence->at_ns);
  if (check->all_until_ns <= occurrence->at_ns && !g_hash_table_size(check->pairs)) {
    g_autofree char *at = gs_duration_format(occurrence->at_ns);
    doubt(check, occurrence->entry,
          g_strdup_printf("no link is cut or degraded at %s; there is nothing to heal", at));
  }
  g_hash_table_remove_all(check->pairs);
  g_hash_table_remove_all(check->ends);
  g_hash_table_remove_all(check->cuts);
  check->all_until_ns = occurrence->at_ns;
}

static gboolean is_of_node(gpointer key, gpointer until, gpointer node) {
  uint64_t way = *(const uint64_t *)key;
  (void)until;
  return way >> 32 == *(const uint32_t *)node || (uint32_t)way == *(const uint32_t *)node;
}

static void heal_node(Check *check, const GsOccurrence *occurrence, uint32_t node) {
  g_hash_table_foreach_remove(check->cuts, is_of_node, &node);
  if (MAX(until_of(check->ends, node), check->all_until_ns) > occurrence->at_ns)
    return;
  g_autofree char *name = name_of(check, node);
  g_autofree char *at = gs_duration_format(occurrence->at_ns);
  doubt(check, occurrence->entry,
        g_strdup_printf("no link of %s is cut or degraded at %s; there is nothing to heal", name,
                        at));
}

static void take_occurrence(Check *check, const GsSchedule *schedule,
                            const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  int64_t lasts = gs_occurrence_lasts_ns(schedule, occurrence);
  int64_t until =
      lasts < GS_TIME_NEVER - occurrence->at_ns ? occurrence->at_ns + lasts : GS_TIME_NEVER;
  if (entry->kind == GS_DO_PARTITION || entry->fault->all_links) {
    if (entry->kind == GS_DO_HEAL)
      heal_all(check, occurrence);
    else
      check->all_until_ns = MAX(check->all_until_ns, until);
    return;
  }
  for (uint32_t i = 0; i < gs_occurrence_link_count(occurrence); i++)
    take_link(check, occurrence, gs_occurrence_link(schedule, occurrence, i), until);
  for (uint32_t i = 0; i < gs_occurrence_node_count(schedule, occurrence); i++) {
    uint32_t node = gs_occurrence_node(schedule, occurrence, i);
    if (entry->kind == GS_DO_HEAL)
      heal_node(check, occurrence, node);
    else
      take_node(check, occurrence, node, until);
  }
}

/** How much of the plan an occurrence is. */
static uint64_t effects_of(const GsSchedule *schedule, const GsOccurrence *occurrence) {
  const GsScheduleEntry *entry = occurrence->entry;
  if (entry->kind == GS_DO_PARTITION && !entry->fault->group_of)
    return gs_schedule_scenario(schedule)->node_count;
  return MAX(1, (uint64_t)gs_occurrence_node_count(schedule, occurrence) +
                    gs_occurrence_link_count(occurrence));
}

/** Repeated often enough to pass the limit alone; what comes by chance is counted as it comes. */
static bool repeats_too_often(const Check *check, const GsScheduleEntry *entry) {
  const GsScenario *scenario = check->scenario;
  int64_t last = MIN(entry->until_ns, scenario->until_ns);
  if (!entry->fault || !entry->every_ns || last < entry->at_ns)
    return false;
  uint64_t nodes = entry->all ? scenario->node_count : entry->node_count;
  uint64_t hit = MAX(1, nodes + entry->fault->link_count);
  return (uint64_t)((last - entry->at_ns) / entry->every_ns) >= GS_FAULT_EFFECTS_MAX / hit;
}

static void walk(Check *check) {
  for (uint32_t i = 0; i < check->scenario->schedule_count; i++)
    if (repeats_too_often(check, &check->scenario->schedule[i])) {
      check->too_many = i;
      return;
    }
  g_autoptr(GsSchedule) schedule = gs_schedule_new_of_faults(check->scenario);
  GsOccurrence occurrence;
  while (gs_schedule_pop(schedule, &occurrence)) {
    if (occurrence.ends)
      continue;
    check->effects += effects_of(schedule, &occurrence);
    if (check->effects > GS_FAULT_EFFECTS_MAX) {
      check->too_many = gs_occurrence_entry_index(schedule, &occurrence);
      return;
    }
    take_occurrence(check, schedule, &occurrence);
  }
}

typedef struct {
  GsReader *reader;
  const Check *check;
  uint32_t first; /**< entry that is the first of the list */
} Told;

static bool tell(const GsJson *value, guint index, void *data) {
  const Told *told = data;
  uint32_t entry = told->first + index;
  const Doubt *about = &told->check->doubts[entry];
  if (entry == told->check->too_many)
    return gs_reader_fail_limit(told->reader, value,
                                "faults hit more than %u nodes and links, one by one",
                                GS_FAULT_EFFECTS_MAX);
  if (!about->text)
    return true;
  if (about->count == 1)
    gs_reader_warn(told->reader, value, "no-fault", 1, "%s", about->text);
  else
    gs_reader_warn(told->reader, value, "no-fault", about->count, "%s (and %u more like this)",
                   about->text, about->count - 1);
  return true;
}

static GHashTable *new_table(void) {
  return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

bool gs_check_faults(GsReader *reader, const GsJson *schedule, const GsJson *faults) {
  const GsScenario *scenario = reader->scenario;
  if (!scenario->has_faults)
    return true;
  Check check = {.scenario = scenario,
                 .down = new_table(),
                 .paused = new_table(),
                 .gone = new_table(),
                 .pairs = new_table(),
                 .ends = new_table(),
                 .named = new_table(),
                 .cuts = new_table(),
                 .all_until_ns = -1,
                 .doubts = g_new0(Doubt, scenario->schedule_count),
                 .too_many = UINT32_MAX};
  walk(&check);
  Told told = {reader, &check, 0};
  bool good = !schedule || gs_json_each(reader->doc, schedule, tell, &told);
  told.first = scenario->listed_count;
  good = good && (!faults || gs_json_each(reader->doc, faults, tell, &told));
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    g_free(check.doubts[i].text);
  g_free(check.doubts);
  g_hash_table_unref(check.down);
  g_hash_table_unref(check.paused);
  g_hash_table_unref(check.gone);
  g_hash_table_unref(check.pairs);
  g_hash_table_unref(check.ends);
  g_hash_table_unref(check.named);
  g_hash_table_unref(check.cuts);
  g_clear_pointer(&check.links, g_hash_table_unref);
  return good;
}

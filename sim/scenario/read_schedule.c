/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/base/random.h"
#include "sim/scenario/draw_choice.h"
#include "sim/scenario/read_faults.h"
#include "sim/scenario/read_parts.h"

#define MESSAGES_MAX GS_NODE_ID_MAX

/** The members that are an action, or a part of one. */
typedef struct {
  const char *key;
  GsScheduleKind kind;
} Action;

static const Action actions[] = {
    {"node", GS_DO_UPDATE_ENERGY},
    {"production", GS_DO_UPDATE_ENERGY},
    {"consumption", GS_DO_UPDATE_ENERGY},
    {"add_sibling", GS_DO_ADD_SIBLING},
    {"sync_grid", GS_DO_SYNC_GRID},
    {"update_net", GS_DO_UPDATE_NET},
    {"crash", GS_DO_CRASH},
    {"restart", GS_DO_RESTART},
    {"pause", GS_DO_PAUSE},
    {"resume", GS_DO_RESUME},
    {"leave", GS_DO_LEAVE},
    {"slow", GS_DO_SLOW},
    {"cut", GS_DO_CUT},
    {"partition", GS_DO_PARTITION},
    {"heal", GS_DO_HEAL},
    {"degrade", GS_DO_DEGRADE},
};

static const Action *read_kind(GsReader *reader, const GsJson *value, const char *actions_known) {
  const Action *first = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++) {
    const GsJson *member = gs_json_member(value, actions[i].key);
    if (!member)
      continue;
    if (first && first->kind != actions[i].kind) {
      gs_reader_fail(reader, member, "found \"%s\" and \"%s\"; an entry has one action", first->key,
                     actions[i].key);
      return NULL;
    }
    if (!first)
      first = &actions[i];
  }
  if (!first)
    gs_reader_fail(reader, value, "no action; must have %s", actions_known);
  return first;
}

static bool read_energy_action(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  const GsJson *production = gs_json_member(value, "production");
  const GsJson *consumption = gs_json_member(value, "consumption");
  if (!gs_json_member(value, "node"))
    return gs_reader_fail_missing(reader, value, "node", "an energy");
  if (!production && !consumption)
    return gs_reader_fail_missing(reader, value, "production\" or \"consumption", "an energy");
  if (!gs_read_energy(reader, production, true, &entry->production) ||
      !gs_read_energy(reader, consumption, true, &entry->consumption))
    return false;
  if (entry->every_ns == 0 && (entry->production.ramp || entry->consumption.ramp))
    return gs_reader_fail(reader, entry->production.ramp ? production : consumption,
                          "a ramp is over repetitions; give the entry an \"every\"");
  return true;
}

static bool read_add_sibling(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  const GsJson *every = gs_json_member(value, "every");
  if (every)
    return gs_reader_fail(reader, every, "\"add_sibling\" has no \"every\"; a link is made once");
  GsScenarioLink *link = &entry->link;
  GsLinkNetwork own;
  bool said;
  if (!gs_read_link_network(reader, value, &own, &said) ||
      !gs_read_pair(reader, gs_json_member(value, "add_sibling"), &link->a, &link->b))
    return false;
  if (said)
    entry->own_network = g_memdup2(&own, sizeof own);
  entry->nodes = g_memdup2(&link->a, sizeof link->a);
  entry->node_count = 1;
  return true;
}

static uint32_t *draw_nodes(const GsScenario *scenario, uint32_t count) {
  GsDraw at = {.seed = scenario->seed,
               .purpose = GS_PURPOSE_NODE_CHOICE,
               .who = scenario->schedule_count - 1 /* the entry that is being read */};
  return gs_draw_some(at, scenario->node_count, count);
}

/** {"random": K} */
static bool read_random(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  static const char *const allowed[] = {"random", NULL};
  const GsJson *random = gs_json_member(value, "random");
  uint32_t count = 0;
  if (!gs_read_allowed(reader, value, allowed))
    return false;
  if (!random)
    return gs_reader_fail_missing(reader, value, "random", "a choice of nodes by an object");
  if (!gs_read_count(reader, random, 1, reader->scenario->node_count, &count))
    return false;
  entry->drawn = true;
  if (entry->fault && entry->fault->mean_gap_ns) {
    entry->fault->drawn_count = count;
    return true;
  }
  if (count > GS_DRAWN_NODES_MAX - reader->drawn_nodes)
    return gs_reader_fail_limit(reader, random,
                                "the entries draw more than %u nodes together; use \"*\" for all",
                                GS_DRAWN_NODES_MAX);
  reader->drawn_nodes += count;
  entry->nodes = draw_nodes(reader->scenario, count);
  entry->node_count = count;
  return true;
}

bool gs_read_told(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  GsNodeChoice choice;
  switch (gs_json_type(value)) {
  case GS_JSON_OBJECT:
    return read_random(reader, value, entry);
  case GS_JSON_STRING:
  case GS_JSON_ARRAY:
    break;
  default:
    return gs_reader_fail_found(
        reader, value,
        "the name of a node, an array of names, \"*\", or an object such as {\"random\": 1}");
  }
  if (!gs_read_nodes_chosen(reader, value, &choice))
    return false;
  entry->all = choice.all;
  entry->nodes = choice.nodes;
  entry->node_count = choice.count;
  return true;
}

/** What a new link, or a fault of links, may say stands where nothing reads it. */
static bool has_nothing_of_links(GsReader *reader, const GsJson *value) {
  static const char *const links_only[] = {GS_LINK_NETWORK_MEMBERS};
  for (guint i = 0; i < G_N_ELEMENTS(links_only); i++) {
    const GsJson *member = gs_json_member(value, links_only[i]);
    bool degrades = strcmp(links_only[i], "loss") == 0 || strcmp(links_only[i], "latency") == 0;
    if (member)
      return gs_reader_fail(reader, member, "\"%s\" is of a link; it goes with \"add_sibling\"%s",
                            links_only[i], degrades ? ", or within \"degrade\": {…}" : "");
  }
  return true;
}

static bool read_action(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  static const char *const node_keys[] = {[GS_DO_UPDATE_ENERGY] = "node",
                                          [GS_DO_SYNC_GRID] = "sync_grid",
                                          [GS_DO_UPDATE_NET] = "update_net"};
  static const char actions_known[] =
      "\"node\" with \"production\" or \"consumption\", or \"add_sibling\", \"sync_grid\" or "
      "\"update_net\", or a fault: \"crash\", \"restart\", \"pause\", \"resume\", \"leave\", "
      "\"slow\", \"cut\", \"partition\", \"heal\" or \"degrade\"";
  const Action *action = read_kind(reader, value, actions_known);
  if (!action)
    return false;
  entry->kind = action->kind;
  if (!gs_read_fault_extras_fit(reader, value, entry->kind))
    return false;
  if (entry->kind == GS_DO_ADD_SIBLING)
    return read_add_sibling(reader, value, entry);
  if (!has_nothing_of_links(reader, value))
    return false;
  if (gs_schedule_kind_is_fault(entry->kind))
    return gs_read_fault(reader, value, action->key, entry);
  if (entry->kind == GS_DO_UPDATE_ENERGY && !read_energy_action(reader, value, entry))
    return false;
  return gs_read_told(reader, gs_json_member(value, node_keys[entry->kind]), entry);
}

static bool read_times(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  const GsJson *at = gs_json_member(value, "at"), *every = gs_json_member(value, "every");
  const GsJson *until = gs_json_member(value, "until");
  int64_t end_ns = reader->scenario->until_ns;
  if (!at)
    return gs_reader_fail_missing(reader, value, "at", "a schedule entry");
  if (!gs_read_duration(reader, at, &entry->at_ns) ||
      !gs_read_period(reader, every, &entry->every_ns) ||
      !gs_read_duration(reader, until, &entry->until_ns))
    return false;
  if (until && !every)
    return gs_reader_fail(reader, until, "\"until\" ends repetitions; it needs an \"every\"");
  if (until && entry->until_ns < entry->at_ns)
    return gs_reader_fail_found(reader, until, "at or after the entry's \"at\"");
  if (every && !until && end_ns == GS_TIME_NEVER)
    return gs_reader_fail(reader, every,
                          "this would never end; give the entry or the scenario an \"until\"");
  if (entry->at_ns > end_ns)
    gs_reader_warn(reader, at, "never-happens", 1,
                   "this never happens, the scenario ends before it");
  else if (until && entry->until_ns > end_ns)
    gs_reader_warn(reader, until, "ends-early", 1, "the scenario ends before this");
  return true;
}

static bool read_entry_expect(GsReader *reader, const GsJson *value, GsScheduleExpect *expect) {
  static const char *const allowed[] = {"messages", "converged_within", NULL};
  if (!value)
    return true;
  return gs_read_object(reader, value, allowed) &&
         gs_read_integer(reader, gs_json_member(value, "messages"), 0, MESSAGES_MAX,
                         &expect->messages) &&
         gs_read_duration(reader, gs_json_member(value, "converged_within"),
                          &expect->converged_within_ns);
}

/** The next one. */
static GsScheduleEntry *new_entry(GsReader *reader) {
  GsScheduleEntry *entry = &reader->scenario->schedule[reader->scenario->schedule_count++];
  *entry = (GsScheduleEntry){
      .until_ns = GS_TIME_NEVER,
      .expect = {.messages = -1, .converged_within_ns = -1},
  };
  return entry;
}

static bool read_entry(const GsJson *value, guint index, void *data) {
  static const char *const allowed[] = {"at",
                                        "every",
                                        "until",
                                        "expect",
                                        "node",
                                        "production",
                                        "consumption",
                                        "add_sibling",
                                        "sync_grid",
                                        "update_net",
                                        GS_LINK_NETWORK_MEMBERS,
                                        "crash",
                                        "restart",
                                        "pause",
                                        "resume",
                                        "leave",
                                        "slow",
                                        "cut",
                                        "partition",
                                        "heal",
                                        "degrade",
                                        "keeps",
                                        "by",
                                        "one_way",
                                        "link",
                                        "links",
                                        "for",
                                        NULL};
  GsReader *reader = data;
  (void)index;
  GsScheduleEntry *entry = new_entry(reader);
  return gs_read_object(reader, value, allowed) && read_times(reader, value, entry) &&
         read_action(reader, value, entry) && gs_check_entry_energy_sums(reader, value, entry) &&
         read_entry_expect(reader, gs_json_member(value, "expect"), &entry->expect);
}

/** From when to when it may come, and how often. */
static bool read_chance(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  const GsJson *gap = gs_json_member(value, "mean_gap"), *until = gs_json_member(value, "until");
  entry->fault = g_new0(GsFault, 1);
  entry->drawn = true;
  if (!gap)
    return gs_reader_fail_missing(reader, value, "mean_gap", "a fault that comes by chance");
  if (!gs_read_period(reader, gap, &entry->fault->mean_gap_ns) ||
      !gs_read_duration(reader, gs_json_member(value, "from"), &entry->at_ns) ||
      !gs_read_duration(reader, until, &entry->until_ns))
    return false;
  if (until && entry->until_ns < entry->at_ns)
    return gs_reader_fail_found(reader, until, "at or after its \"from\"");
  if (!until && reader->scenario->until_ns == GS_TIME_NEVER)
    return gs_reader_fail(reader, value,
                          "this would never end; give it or the scenario an \"until\"");
  return true;
}

static bool read_chance_entry(const GsJson *value, guint index, void *data) {
  static const char *const allowed[] = {
      "mean_gap", "from",  "until", "crash",   "pause", "leave", "slow", "cut", "partition",
      "degrade",  "keeps", "by",    "one_way", "link",  "links", "for",  NULL};
  static const char known[] =
      "\"crash\", \"pause\", \"leave\", \"slow\", \"cut\", \"partition\" or "
      "\"degrade\"";
  GsReader *reader = data;
  (void)index;
  GsScheduleEntry *entry = new_entry(reader);
  if (!gs_read_object(reader, value, allowed) || !read_chance(reader, value, entry))
    return false;
  const Action *action = read_kind(reader, value, known);
  if (!action)
    return false;
  entry->kind = action->kind;
  return gs_read_fault_extras_fit(reader, value, entry->kind) &&
         gs_read_fault(reader, value, action->key, entry);
}

bool gs_read_schedule(GsReader *reader, const GsJson *value, const GsJson *faults) {
  GsScenario *scenario = reader->scenario;
  if ((value && !gs_read_array(reader, value, 0)) || (faults && !gs_read_array(reader, faults, 0)))
    return false;
  if (!value && !faults)
    return true;
  gsize count = (value ? gs_json_count(value) : 0) + (faults ? gs_json_count(faults) : 0);
  scenario->schedule = g_new0(GsScheduleEntry, count);
  if (value && !gs_json_each(reader->doc, value, read_entry, reader))
    return false;
  scenario->listed_count = scenario->schedule_count;
  return (!faults || gs_json_each(reader->doc, faults, read_chance_entry, reader)) &&
         gs_check_faults(reader, value, faults);
}

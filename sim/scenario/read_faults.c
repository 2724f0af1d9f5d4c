/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/read_faults.h"

#include <string.h>

#include "sim/base/quote.h"
#include "sim/scenario/draw_choice.h"
#include "sim/scenario/read_parts.h"

#define SLOW_BY_MOST 1e6

/** Members that go with some actions only. */
static const char *const extras[] = {"keeps", "by", "one_way", "link", "links", "for"};

static bool goes_with(const char *extra, GsScheduleKind kind) {
  switch (kind) {
  case GS_DO_CRASH:
    return strcmp(extra, "keeps") == 0 || strcmp(extra, "for") == 0;
  case GS_DO_SLOW:
    return strcmp(extra, "by") == 0 || strcmp(extra, "for") == 0;
  case GS_DO_CUT:
    return strcmp(extra, "one_way") == 0 || strcmp(extra, "for") == 0;
  case GS_DO_DEGRADE:
    return strcmp(extra, "link") == 0 || strcmp(extra, "links") == 0 || strcmp(extra, "for") == 0;
  case GS_DO_PAUSE:
  case GS_DO_PARTITION:
    return strcmp(extra, "for") == 0;
  default:
    return false;
  }
}

#define LASTING                                                                                    \
  "a fault that lasts: \"crash\", \"pause\", \"slow\", \"cut\", \"partition\" or \"degrade\""

static const char *const owners[] = {"\"crash\"",   "\"slow\"",    "\"cut\"",
                                     "\"degrade\"", "\"degrade\"", LASTING};

bool gs_read_fault_extras_fit(GsReader *reader, const GsJson *value, GsScheduleKind kind) {
  for (guint i = 0; i < G_N_ELEMENTS(extras); i++) {
    const GsJson *member = gs_json_member(value, extras[i]);
    if (member && !goes_with(extras[i], kind))
      return gs_reader_fail(reader, member, "\"%s\" goes with %s", extras[i], owners[i]);
  }
  return true;
}

static bool read_keeps(GsReader *reader, const GsJson *value, GsKeeps *keeps) {
  static const char *const words[] = {"all", "energy", "nothing", NULL};
  guint word = *keeps;
  if (!gs_read_choice(reader, value, words, &word))
    return false;
  *keeps = (GsKeeps)word;
  return true;
}

static bool read_lasts(GsReader *reader, const GsJson *value, GsFault *fault) {
  if (!value)
    return true;
  fault->passes = true;
  if (!gs_read_delay(reader, value, false, &fault->lasts))
    return false;
  bool nothing = fault->lasts.kind == GS_DISTRIBUTION_CONSTANT && fault->lasts.a == 0;
  return !nothing || gs_reader_fail_found(reader, value, "a duration longer than 0");
}

/** {"random": K} of links or groups. */
static bool read_random(GsReader *reader, const GsJson *value, uint32_t least, uint32_t most,
                        const char *who, uint32_t *count) {
  static const char *const allowed[] = {"random", NULL};
  const GsJson *random = gs_json_member(value, "random");
  if (!gs_read_allowed(reader, value, allowed))
    return false;
  if (!random)
    return gs_reader_fail_missing(reader, value, "random", who);
  return gs_read_count(reader, random, least, most, count);
}

/** What an entry of the schedule draws, it draws once. */
static GsDraw choice_of(const GsReader *reader) {
  return (GsDraw){.seed = reader->scenario->seed,
                  .purpose = GS_PURPOSE_FAULT_CHOICE,
                  .who = reader->scenario->schedule_count - 1};
}

static bool read_random_links(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  const GsScenario *scenario = reader->scenario;
  GsFault *fault = entry->fault;
  uint32_t count = 0;
  if (!scenario->link_count)
    return gs_reader_fail(reader, value, "there is no link to draw");
  if (!read_random(reader, value, 1, scenario->link_count, "a choice of links by an object",
                   &count))
    return false;
  entry->drawn = true;
  if (fault->mean_gap_ns) {
    fault->drawn_count = count;
    return true;
  }
  g_autofree uint32_t *chosen = gs_draw_some(choice_of(reader), scenario->link_count, count);
  fault->links = g_new(GsScenarioLink, count);
  fault->link_count = count;
  for (uint32_t i = 0; i < count; i++)
    fault->links[i] = scenario->links[chosen[i]];
  return true;
}

/** ["A", "B"], or an array of such. */
static bool read_listed_links(GsReader *reader, const GsJson *value, GsFault *fault) {
  const GsJson *first = gs_json_first(value);
  bool one = !first || gs_json_type(first) != GS_JSON_ARRAY;
  guint count = one ? 1 : gs_json_count(value);
  fault->links = g_new0(GsScenarioLink, count);
  fault->link_count = count;
  if (one)
    return gs_read_pair(reader, value, &fault->links[0].a, &fault->links[0].b);
  GsScenarioLink *link = fault->links;
  for (const GsJson *item = first; item; item = gs_json_next(item), link++)
    if (!gs_read_pair(reader, item, &link->a, &link->b))
      return false;
  return true;
}

/** The links of a fault: one, several, drawn ones, or all. */
static bool read_links(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  switch (gs_json_type(value)) {
  case GS_JSON_OBJECT:
    return read_random_links(reader, value, entry);
  case GS_JSON_ARRAY:
    return read_listed_links(reader, value, entry->fault);
  case GS_JSON_STRING:
    if (strcmp(gs_json_string(value), "*") == 0) {
      entry->fault->all_links = true;
      return true;
    }
    break;
  default:
    break;
  }
  return gs_reader_fail_found(reader, value,
                              "a link such as [\"A\", \"B\"], an array of links, \"*\", or an "
                              "object such as {\"random\": 1}");
}

/** Puts the nodes of one group where no group has them yet. */
static bool read_group(GsReader *reader, const GsJson *value, uint32_t group, GsFault *fault,
                       bool *has_rest) {
  if (gs_json_type(value) == GS_JSON_STRING && strcmp(gs_json_string(value), "*rest") == 0) {
    if (*has_rest)
      return gs_reader_fail(reader, value, "\"*rest\" twice; all others are one group");
    *has_rest = true;
    return true;
  }
  if (gs_json_type(value) != GS_JSON_ARRAY)
    return gs_reader_fail_found(reader, value, "an array of names, or \"*rest\"");
  GsNodeChoice choice;
  if (!gs_read_nodes_chosen(reader, value, &choice))
    return false;
  g_autofree uint32_t *nodes = choice.nodes;
  for (uint32_t i = 0; i < choice.count; i++) {
    if (fault->group_of[nodes[i]] != GS_GROUP_NONE) {
      g_autofree char *name = gs_quote(reader->scenario->nodes[nodes[i]].name);
      return gs_reader_fail(reader, value, "%s is in two groups", name);
    }
    fault->group_of[nodes[i]] = group;
  }
  return true;
}

static bool read_groups(GsReader *reader, const GsJson *value, GsFault *fault) {
  const GsScenario *scenario = reader->scenario;
  if (!gs_read_array(reader, value, 0))
    return false;
  if (gs_json_count(value) < 2)
    return gs_reader_fail(reader, value, "found an array of %u; must be at least two groups",
                          gs_json_count(value));
  fault->group_of = g_new(uint32_t, scenario->node_count);
  memset(fault->group_of, 0xFF, scenario->node_count * sizeof *fault->group_of);
  bool has_rest = false;
  uint32_t group = 0, rest = GS_GROUP_NONE;
  for (const GsJson *item = gs_json_first(value); item; item = gs_json_next(item), group++) {
    bool had_rest = has_rest;
    if (!read_group(reader, item, group, fault, &has_rest))
      return false;
    if (has_rest && !had_rest)
      rest = group;
  }
  for (uint32_t i = 0; i < scenario->node_count; i++)
    if (fault->group_of[i] == GS_GROUP_NONE)
      fault->group_of[i] = rest;
  fault->group_count = group;
  return true;
}

static bool read_partition(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  GsFault *fault = entry->fault;
  uint32_t nodes = reader->scenario->node_count;
  if (gs_json_type(value) == GS_JSON_ARRAY)
    return read_groups(reader, value, fault);
  if (gs_json_type(value) != GS_JSON_OBJECT)
    return gs_reader_fail_found(reader, value,
                                "an array of groups such as [[\"A\"], \"*rest\"], or an object "
                                "such as {\"random\": 2}");
  if (nodes < 2)
    return gs_reader_fail(reader, value, "one node has nobody to be parted from");
  if (!read_random(reader, value, 2, nodes, "a choice of groups by an object", &fault->group_count))
    return false;
  entry->drawn = true;
  if (!fault->mean_gap_ns)
    fault->group_of = gs_draw_groups(choice_of(reader), nodes, fault->group_count);
  return true;
}

static bool read_degrade(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  static const char *const allowed[] = {"loss", "latency", NULL};
  const GsJson *degrade = gs_json_member(value, "degrade");
  const GsJson *link = gs_json_member(value, "link"), *links = gs_json_member(value, "links");
  GsFault *fault = entry->fault;
  if (!gs_read_object(reader, degrade, allowed) ||
      !gs_read_probability(reader, gs_json_member(degrade, "loss"), &fault->loss) ||
      !gs_read_duration(reader, gs_json_member(degrade, "latency"), &fault->latency_ns))
    return false;
  if (fault->loss < 0 && fault->latency_ns < 0)
    return gs_reader_fail_missing(reader, degrade, "loss\" or \"latency", "\"degrade\"");
  if (fault->latency_ns == 0)
    return gs_reader_fail(reader, gs_json_member(degrade, "latency"),
                          "a degraded link takes longer than 0");
  if (link && links)
    return gs_reader_fail(reader, links, "found \"link\" and \"links\"; give one of them");
  if (!link && !links)
    return gs_reader_fail_missing(reader, value, "link\" or \"links", "\"degrade\"");
  if (links)
    return read_links(reader, links, entry);
  fault->links = g_new0(GsScenarioLink, 1);
  fault->link_count = 1;
  return gs_read_pair(reader, link, &fault->links[0].a, &fault->links[0].b);
}

/** "*", a link, or all links of a node. */
static bool read_heal(GsReader *reader, const GsJson *value, GsScheduleEntry *entry) {
  if (gs_json_type(value) == GS_JSON_ARRAY)
    return read_listed_links(reader, value, entry->fault);
  if (gs_json_type(value) != GS_JSON_STRING)
    return gs_reader_fail_found(reader, value,
                                "\"*\", the name of a node, or a link such as [\"A\", \"B\"]");
  if (strcmp(gs_json_string(value), "*") == 0) {
    entry->fault->all_links = true;
    return true;
  }
  uint32_t node;
  if (!gs_reader_find_node(reader, value, gs_json_string(value), &node))
    return false;
  entry->nodes = g_memdup2(&node, sizeof node);
  entry->node_count = 1;
  return true;
}

bool gs_read_fault(GsReader *reader, const GsJson *value, const char *key, GsScheduleEntry *entry) {
  const GsJson *action = gs_json_member(value, key), *by = gs_json_member(value, "by");
  if (!entry->fault)
    entry->fault = g_new0(GsFault, 1);
  GsFault *fault = entry->fault;
  fault->loss = -1;
  fault->latency_ns = -1;
  reader->scenario->has_faults = true;
  if (!read_keeps(reader, gs_json_member(value, "keeps"), &fault->keeps) ||
      !gs_read_bool(reader, gs_json_member(value, "one_way"), &fault->one_way) ||
      !read_lasts(reader, gs_json_member(value, "for"), fault))
    return false;
  if (entry->kind == GS_DO_SLOW && !by)
    return gs_reader_fail_missing(reader, value, "by", "\"slow\"");
  if (!gs_read_number(reader, by, 1, SLOW_BY_MOST, &fault->slow_by))
    return false;
  switch (entry->kind) {
  case GS_DO_CUT:
    if (!read_links(reader, action, entry))
      return false;
    if (fault->one_way && fault->all_links)
      return gs_reader_fail(reader, gs_json_member(value, "one_way"),
                            "\"one_way\" is of links that are named, from the first to the second");
    return true;
  case GS_DO_DEGRADE:
    return read_degrade(reader, value, entry);
  case GS_DO_PARTITION:
    return read_partition(reader, action, entry);
  case GS_DO_HEAL:
    return read_heal(reader, action, entry);
  default:
    return gs_read_told(reader, action, entry);
  }
}

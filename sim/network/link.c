/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network/link.h"

#include <string.h>

#include "sim/scenario/chance.h"

/** Up to here a walk is faster than a hash. */
#define LINKS_WALKED 24

static guint64 pair_key(uint32_t a, uint32_t b) {
  return (guint64)MIN(a, b) << 32 | MAX(a, b);
}

/** What a link says about itself from a moment on. */
typedef struct {
  int64_t from_ns; /**< INT64_MIN: from the start */
  const GsLinkNetwork *network;
} Since;

/** All that a link says about itself, in the order of time, then of the schedule; or NULL. */
static const GArray *own_networks(const GsNetwork *network, uint32_t a, uint32_t b) {
  if (!network->own_networks)
    return NULL;
  guint64 key = pair_key(a, b);
  return g_hash_table_lookup(network->own_networks, &key);
}

/** What holds for a link at a moment. */
typedef struct {
  const GsLinkNetwork *network;
  guint changes;    /**< before it, of what held at the start */
  int64_t until_ns; /**< moment of the next one; INT64_MAX: none */
} Holding;

static Holding holding_at(const GsNetwork *network, uint32_t a, uint32_t b, int64_t now_ns) {
  const GArray *own = own_networks(network, a, b);
  Holding holding = {&network->all, 0, INT64_MAX};
  for (guint i = 0; own && i < own->len; i++) {
    const Since *since = &g_array_index(own, Since, i);
    if (since->from_ns > now_ns) {
      holding.until_ns = since->from_ns;
      break;
    }
    holding.network = since->network;
    holding.changes = i;
  }
  return holding;
}

/** The same both ways: drawn once per link and change. */
static int64_t latency_ns(const GsNetwork *network, uint32_t a, uint32_t b,
                          const Holding *holding) {
  GsDraw at = {network->scenario->seed, GS_PURPOSE_LATENCY, pair_key(a, b), holding->changes};
  return gs_distribution_draw(&holding->network->latency, at, 0, GS_TIME_MAX_NS);
}

static void free_own(gpointer own) {
  g_array_unref(own);
}

static void add_own(GsNetwork *network, const GsScenarioLink *link, int64_t from_ns,
                    const GsLinkNetwork *own) {
  if (!network->own_networks)
    network->own_networks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_own);
  guint64 key = pair_key(link->a, link->b);
  GArray *all = g_hash_table_lookup(network->own_networks, &key);
  if (!all) {
    all = g_array_sized_new(FALSE, FALSE, sizeof(Since), 1);
    g_hash_table_insert(network->own_networks, g_memdup2(&key, sizeof key), all);
  }
  guint place = all->len;
  while (place > 0 && g_array_index(all, Since, place - 1).from_ns > from_ns)
    place--;
  Since since = {from_ns, own};
  g_array_insert_val(all, place, since);
}

static void add_all_own(GsNetwork *network) {
  const GsScenario *scenario = network->scenario;
  for (guint i = 0; i < scenario->own_networks->len; i++) {
    const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, i);
    add_own(network, &scenario->links[own->link], INT64_MIN, &own->network);
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->own_network)
      add_own(network, &entry->link, entry->at_ns, entry->own_network);
  }
}

static bool is_constant(const GsDistribution *distribution, double value) {
  return distribution->kind == GS_DISTRIBUTION_CONSTANT && distribution->a == value;
}

void gs_network_link(GsNetwork *network, uint32_t a, uint32_t b, int64_t now_ns) {
  Holding holding = holding_at(network, a, b, now_ns);
  int64_t least =
      latency_ns(network, a, b, &holding) + gs_distribution_floor(&holding.network->jitter);
  network->lookahead_ns = MIN(network->lookahead_ns, least);
}

static bool is_same(const GsDistribution *one, const GsDistribution *other) {
  return one->kind == other->kind && one->a == other->a && one->b == other->b;
}

/** Takes note of what a link says of itself. */
static void survey(GsNetwork *network, const GsLinkNetwork *one) {
  network->uniform &= one->duplicate <= 0 && is_same(&one->latency, &network->all.latency) &&
                      is_same(&one->jitter, &network->all.jitter);
}

/** Finds out whether messages may fail, and whether nothing makes them differ but that. */
static void survey_all(GsNetwork *network) {
  const GsScenario *scenario = network->scenario;
  network->uniform =
      is_constant(&scenario->jitter, 0) && scenario->latency.kind == GS_DISTRIBUTION_CONSTANT;
  network->uniform &= scenario->duplicate <= 0;
  for (guint i = 0; i < scenario->own_networks->len; i++)
    survey(network, &g_array_index(scenario->own_networks, GsOwnNetwork, i).network);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    if (scenario->schedule[i].own_network)
      survey(network, scenario->schedule[i].own_network);
  }
  network->may_fail = gs_scenario_may_fail(scenario);
  if (network->faults) {
    GsFaultKinds kinds = gs_fault_plan_kinds(network->faults);
    network->may_fail |= kinds.may_lose || kinds.may_delay;
    network->uniform &= !kinds.may_delay;
    network->lookahead_ns = MIN(network->lookahead_ns, kinds.least_latency_ns);
  }
  network->uniform &= !network->may_fail || scenario->tries == 1;
  for (guint i = 0; i < scenario->pinned->len; i++)
    network->uniform &= g_array_index(scenario->pinned, GsPinnedMessage, i).latency_ns < 0;
}

/** What the scenario names may take less than all else. */
static void look_at_pinned(GsNetwork *network) {
  const GArray *pinned = network->scenario->pinned;
  for (guint i = 0; i < pinned->len; i++) {
    const GsPinnedMessage *message = &g_array_index(pinned, GsPinnedMessage, i);
    if (message->latency_ns >= 0)
      network->lookahead_ns = MIN(network->lookahead_ns, message->latency_ns);
    if (message->double_ns >= 0)
      network->lookahead_ns = MIN(network->lookahead_ns, message->double_ns);
  }
}

void gs_network_init(GsNetwork *network, const GsScenario *scenario) {
  *network = (GsNetwork){.scenario = scenario, .lookahead_ns = GS_TIME_MAX_NS};
  network->all = gs_scenario_link_network(scenario);
  network->faults = gs_fault_plan_new(scenario);
  add_all_own(network);
  survey_all(network);
  if (network->uniform) {
    Holding all = holding_at(network, 0, 0, 0);
    network->uniform_ns = network->lookahead_ns = latency_ns(network, 0, 0, &all);
    return;
  }
  look_at_pinned(network);
  for (uint32_t i = 0; i < scenario->link_count; i++)
    gs_network_link(network, scenario->links[i].a, scenario->links[i].b, INT64_MIN);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->kind == GS_DO_ADD_SIBLING)
      gs_network_link(network, entry->link.a, entry->link.b, entry->at_ns);
  }
}

static double usual_ns(const GsDistribution *distribution) {
  bool between = distribution->kind == GS_DISTRIBUTION_UNIFORM;
  return between ? (distribution->a + distribution->b) / 2 : distribution->a;
}

double gs_network_usual_ns(const GsNetwork *network) {
  return usual_ns(&network->scenario->latency) + usual_ns(&network->scenario->jitter);
}

void gs_network_clear(GsNetwork *network) {
  g_clear_pointer(&network->own_networks, g_hash_table_unref);
  g_clear_pointer(&network->faults, gs_fault_plan_free);
}

void gs_sender_links_clear(GsSenderLinks *set) {
  if (!set->made)
    return;
  g_clear_pointer(&set->made->by_to, g_hash_table_unref);
  g_free(set->made->odds);
  g_clear_pointer(&set->made, g_free);
}

void gs_sender_links_reserve(GsSenderLinks *set, uint32_t room) {
  g_assert(!set->made);
  set->made = g_malloc(sizeof *set->made + room * sizeof *set->made->links);
  *set->made = (GsLinks){.room = room};
}

void gs_link_take_network(const GsNetwork *network, GsLink *link, uint32_t from, int64_t now_ns) {
  Holding holding = holding_at(network, from, link->to, now_ns);
  link->jitter = &holding.network->jitter;
  link->has_jitter = !is_constant(link->jitter, 0);
  link->latency_ns = latency_ns(network, from, link->to, &holding);
  link->until_ns = holding.until_ns;
  link->count -= link->drawn;
  link->drawn = 0; /* of another distribution */
}

/** It looks for what holds when it is used. */
void gs_sender_links_add(GsSenderLinks *set, uint32_t to) {
  GsLinks *made = set->made;
  if (made->count == made->room) {
    made->room *= 2;
    made = set->made = g_realloc(made, sizeof *made + made->room * sizeof *made->links);
    if (made->odds) {
      made->odds = g_renew(GsLinkOdds, made->odds, made->room);
      memset(made->odds + made->count, 0, (made->room - made->count) * sizeof *made->odds);
    }
  }
  if (made->by_to)
    g_hash_table_insert(made->by_to, GUINT_TO_POINTER(to), GUINT_TO_POINTER(made->count));
  made->links[made->count++] = (GsLink){.to = to, .last_due_ns = INT64_MIN, .until_ns = INT64_MIN};
}

static void index_links(GsLinks *made) {
  made->by_to = g_hash_table_new(g_direct_hash, g_direct_equal);
  for (uint32_t i = 0; i < made->count; i++)
    g_hash_table_insert(made->by_to, GUINT_TO_POINTER(made->links[i].to), GUINT_TO_POINTER(i));
}

GsLink *gs_sender_links_look_for(GsSenderLinks *set, uint32_t to) {
  if (!set->made)
    gs_sender_links_reserve(set, 1);
  GsLinks *made = set->made;
  if (!made->by_to && made->count > LINKS_WALKED)
    index_links(made);
  gpointer index;
  if (made->by_to) {
    if (g_hash_table_lookup_extended(made->by_to, GUINT_TO_POINTER(to), NULL, &index))
      return &made->links[GPOINTER_TO_UINT(index)];
  } else {
    for (uint32_t i = 0; i < made->count; i++) {
      if (made->links[i].to == to)
        return &made->links[i];
    }
  }
  gs_sender_links_add(set, to);
  return &set->made->links[set->made->count - 1];
}

static GsDraw jitter_at(const GsNetwork *network, const GsLink *link, uint32_t from,
                        uint64_t count) {
  uint64_t who = (uint64_t)from << 32 | link->to;
  return (GsDraw){network->scenario->seed, GS_PURPOSE_JITTER, who, count};
}

static uint32_t short_jitter(int64_t jitter_ns) {
  return jitter_ns < GS_JITTER_LONG ? (uint32_t)jitter_ns : GS_JITTER_LONG;
}

/** Messages of a link before those whose jitters are drawn together: one wave needs no more. */
#define DRAWN_SINGLY 2

void gs_link_draw_jitters(const GsNetwork *network, GsLink *link, uint32_t from) {
  GsDraw at = jitter_at(network, link, from, link->count);
  int64_t jitters[GS_DRAWS];
  if (link->count < DRAWN_SINGLY) {
    jitters[GS_DRAWS - 1] = gs_distribution_draw(link->jitter, at, 0, GS_TIME_MAX_NS);
    link->drawn = 1;
  } else {
    gs_distribution_draw_next(link->jitter, &at, 0, GS_TIME_MAX_NS, jitters);
    link->drawn = GS_DRAWS;
  }
  for (uint32_t i = GS_DRAWS - link->drawn; i < GS_DRAWS; i++)
    link->jitters[i] = short_jitter(jitters[i]);
  link->count += link->drawn;
}

int64_t gs_link_long_jitter_ns(const GsNetwork *network, const GsLink *link, uint32_t from) {
  GsDraw at = jitter_at(network, link, from, link->count - link->drawn);
  return gs_distribution_draw(link->jitter, at, 0, GS_TIME_MAX_NS);
}

GsLinkOdds *gs_sender_links_odds(GsSenderLinks *set, const GsLink *link) {
  GsLinks *made = set->made;
  if (!made->odds)
    made->odds = g_new0(GsLinkOdds, made->room);
  return &made->odds[link - made->links];
}

static bool is_before(const GsPinnedMessage *pinned, uint32_t from, uint32_t to) {
  return pinned->from != from ? pinned->from < from : pinned->to < to;
}

/** Those of one direction of a link, which are in a row. */
static void find_pinned(const GsScenario *scenario, GsLinkOdds *odds, uint32_t from, uint32_t to) {
  const GsPinnedMessage *all = (const GsPinnedMessage *)(const void *)scenario->pinned->data;
  guint low = 0, high = scenario->pinned->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (is_before(&all[middle], from, to))
      low = middle + 1;
    else
      high = middle;
  }
  guint end = low;
  while (end < scenario->pinned->len && all[end].from == from && all[end].to == to)
    end++;
  if (end == low)
    return;
  odds->pinned = &all[low];
  odds->pinned_end = &all[end];
}

void gs_link_take_odds(const GsNetwork *network, const GsLink *link, GsLinkOdds *odds,
                       uint32_t from, int64_t now_ns) {
  Holding holding = holding_at(network, from, link->to, now_ns);
  odds->loss = holding.network->loss;
  odds->duplicate = holding.network->duplicate;
  odds->until_ns = holding.until_ns;
  if (odds->count == 0)
    find_pinned(network->scenario, odds, from, link->to);
}

const GsPinnedMessage *gs_link_next_pinned(GsLinkOdds *odds, uint64_t number) {
  if (!odds->pinned || odds->pinned->number != number)
    return NULL;
  const GsPinnedMessage *found = odds->pinned++;
  if (odds->pinned == odds->pinned_end)
    odds->pinned = NULL;
  return found;
}

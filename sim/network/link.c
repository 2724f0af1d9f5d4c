/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network/link.h"

/* Up to here a walk is faster than a hash. */
#define LINKS_WALKED 24

static guint64 pair_key(uint32_t a, uint32_t b) {
  return (guint64)MIN(a, b) << 32 | MAX(a, b);
}

/** What the link says about itself, or NULL. */
static const GsLinkNetwork *own_network(const GsNetwork *network, uint32_t a, uint32_t b) {
  if (!network->own_networks)
    return NULL;
  guint64 key = pair_key(a, b);
  return g_hash_table_lookup(network->own_networks, &key);
}

static const GsDistribution *jitter_of(const GsNetwork *network, uint32_t a, uint32_t b) {
  const GsLinkNetwork *own = own_network(network, a, b);
  return own ? &own->jitter : &network->scenario->jitter;
}

/* The same both ways: drawn once per link. */
static int64_t latency_ns(const GsNetwork *network, uint32_t a, uint32_t b) {
  const GsScenario *scenario = network->scenario;
  const GsLinkNetwork *own = own_network(network, a, b);
  GsDraw at = {scenario->seed, GS_PURPOSE_LATENCY, pair_key(a, b), 0};
  return gs_distribution_draw(own ? &own->latency : &scenario->latency, at, 0, GS_TIME_MAX_NS);
}

static void add_own(GsNetwork *network, const GsScenarioLink *link, const GsLinkNetwork *own) {
  if (!network->own_networks)
    network->own_networks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 key = pair_key(link->a, link->b);
  g_hash_table_insert(network->own_networks, g_memdup2(&key, sizeof key), (gpointer)(guintptr)own);
}

static void add_all_own(GsNetwork *network) {
  const GsScenario *scenario = network->scenario;
  for (guint i = 0; i < scenario->own_networks->len; i++) {
    const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, i);
    add_own(network, &scenario->links[own->link], &own->network);
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->own_network)
      add_own(network, &entry->link, entry->own_network);
  }
}

static bool is_constant(const GsDistribution *distribution, double value) {
  return distribution->kind == GS_DISTRIBUTION_CONSTANT && distribution->a == value;
}

static void bound_by(GsNetwork *network, const GsScenarioLink *link) {
  int64_t least = latency_ns(network, link->a, link->b) +
                  gs_distribution_floor(jitter_of(network, link->a, link->b));
  network->lookahead_ns = MIN(network->lookahead_ns, least);
}

void gs_network_init(GsNetwork *network, const GsScenario *scenario) {
  *network = (GsNetwork){.scenario = scenario, .lookahead_ns = GS_TIME_MAX_NS};
  add_all_own(network);
  network->uniform = !network->own_networks && is_constant(&scenario->jitter, 0) &&
                     scenario->latency.kind == GS_DISTRIBUTION_CONSTANT;
  if (network->uniform) {
    network->uniform_ns = network->lookahead_ns = latency_ns(network, 0, 0);
    return;
  }
  for (uint32_t i = 0; i < scenario->link_count; i++)
    bound_by(network, &scenario->links[i]);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    if (scenario->schedule[i].kind == GS_DO_ADD_SIBLING)
      bound_by(network, &scenario->schedule[i].link);
  }
}

void gs_network_clear(GsNetwork *network) {
  g_clear_pointer(&network->own_networks, g_hash_table_unref);
}

void gs_link_set_clear(GsLinkSet *set) {
  if (set->made)
    g_clear_pointer(&set->made->by_to, g_hash_table_unref);
  g_clear_pointer(&set->made, g_free);
}

/** Makes room for one more; links move. */
static GsLinks *grow(GsLinkSet *set) {
  GsLinks *made = set->made;
  if (made && made->count < made->room)
    return made;
  uint32_t room = made ? made->room * 2 : 2;
  set->made = g_realloc(made, sizeof *made + room * sizeof *made->links);
  if (!made)
    *set->made = (GsLinks){0};
  set->made->room = room;
  return set->made;
}

static GsLink *add_link(const GsNetwork *network, GsLinkSet *set, uint32_t from, uint32_t to) {
  GsLinks *made = grow(set);
  made->links[made->count] = (GsLink){.to = to,
                                      .jitter = jitter_of(network, from, to),
                                      .latency_ns = latency_ns(network, from, to),
                                      .last_due_ns = INT64_MIN};
  if (made->by_to) {
    g_hash_table_insert(made->by_to, GUINT_TO_POINTER(to), GUINT_TO_POINTER(made->count));
  } else if (made->count == LINKS_WALKED) {
    made->by_to = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (uint32_t i = 0; i <= made->count; i++)
      g_hash_table_insert(made->by_to, GUINT_TO_POINTER(made->links[i].to), GUINT_TO_POINTER(i));
  }
  return &made->links[made->count++];
}

static GsLink *find_link(const GsNetwork *network, GsLinkSet *set, uint32_t from, uint32_t to) {
  GsLinks *made = set->made;
  if (!made)
    return add_link(network, set, from, to);
  /* A node mostly speaks to all its siblings in turn. */
  if (made->cursor < made->count && made->links[made->cursor].to == to)
    return &made->links[made->cursor];
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
  return add_link(network, set, from, to);
}

int64_t gs_link_due_ns(const GsNetwork *network, GsLinkSet *set, uint32_t from, uint32_t to,
                       int64_t now_ns) {
  const GsScenario *scenario = network->scenario;
  GsLink *link = find_link(network, set, from, to);
  set->made->cursor = (uint32_t)(link - set->made->links) + 1;
  int64_t due = now_ns + link->latency_ns;
  if (link->jitter->kind != GS_DISTRIBUTION_CONSTANT || link->jitter->a > 0) {
    GsDraw at = {scenario->seed, GS_PURPOSE_JITTER, (uint64_t)from << 32 | to, link->count++};
    due += gs_distribution_draw(link->jitter, at, 0, GS_TIME_MAX_NS);
  }
  if (scenario->fifo) {
    due = MAX(due, link->last_due_ns);
    link->last_due_ns = due;
  }
  return due;
}

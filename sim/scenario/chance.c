/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/chance.h"

static bool varies(const GsDistribution *distribution) {
  return distribution->kind != GS_DISTRIBUTION_CONSTANT;
}

/** What is not known to be without chance has some. */
static bool graph_is_drawn(const GsScenario *scenario) {
  static const GsTopologyKind plain[] = {
      GS_TOPOLOGY_LINE,    GS_TOPOLOGY_RING,     GS_TOPOLOGY_STAR, GS_TOPOLOGY_TREE,
      GS_TOPOLOGY_LATTICE, GS_TOPOLOGY_COMPLETE, GS_TOPOLOGY_FILE};
  for (guint i = 0; i < G_N_ELEMENTS(plain); i++)
    if (scenario->topology_kind == plain[i])
      return false;
  return true;
}

/** What is certain is not drawn. */
static bool is_chance(double probability) {
  return probability > 0 && probability < 1;
}

static bool link_draws(const GsLinkNetwork *link) {
  return varies(&link->latency) || varies(&link->jitter) || is_chance(link->loss) ||
         is_chance(link->duplicate);
}

static bool network_draws(const GsScenario *scenario) {
  GsLinkNetwork all = gs_scenario_link_network(scenario);
  bool draws = link_draws(&all);
  for (guint i = 0; i < scenario->own_networks->len; i++)
    draws |= link_draws(&g_array_index(scenario->own_networks, GsOwnNetwork, i).network);
  return draws;
}

static bool fault_draws(const GsFault *fault) {
  return varies(&fault->lasts) || is_chance(fault->loss);
}

static bool entry_draws(const GsScheduleEntry *entry) {
  const GsLinkNetwork *own = entry->own_network;
  const GsFault *fault = entry->fault;
  return entry->drawn || (fault && fault_draws(fault)) || varies(&entry->production.distribution) ||
         varies(&entry->consumption.distribution) || (own && link_draws(own));
}

bool gs_scenario_draws(const GsScenario *scenario) {
  bool paced = scenario->receive_every_ns > 0 || scenario->send_every_ns > 0;
  bool draws = graph_is_drawn(scenario) || scenario->energies_drawn || network_draws(scenario) ||
               (paced && !scenario->paced_from_start);
  for (uint32_t i = 0; !draws && i < scenario->schedule_count; i++)
    draws = entry_draws(&scenario->schedule[i]);
  return draws;
}

static bool link_may_fail(const GsLinkNetwork *link) {
  return link->loss > 0 || link->duplicate > 0;
}

bool gs_scenario_may_fail(const GsScenario *scenario) {
  GsLinkNetwork all = gs_scenario_link_network(scenario);
  bool may = link_may_fail(&all) || scenario->pinned->len > 0;
  for (guint i = 0; !may && i < scenario->own_networks->len; i++)
    may = link_may_fail(&g_array_index(scenario->own_networks, GsOwnNetwork, i).network);
  for (uint32_t i = 0; !may && i < scenario->schedule_count; i++) {
    const GsLinkNetwork *own = scenario->schedule[i].own_network;
    may = own && link_may_fail(own);
  }
  return may;
}

/** Whether a link says nothing of itself, or may yet come to be so. */
static bool some_link_says_nothing(const GsScenario *scenario) {
  bool some = scenario->own_networks->len < scenario->link_count;
  for (uint32_t i = 0; !some && i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    some = entry->kind == GS_DO_ADD_SIBLING && !entry->own_network;
  }
  return some;
}

bool gs_scenario_may_lose(const GsScenario *scenario) {
  bool may = scenario->loss > 0 && some_link_says_nothing(scenario);
  for (guint i = 0; !may && i < scenario->pinned->len; i++)
    may = g_array_index(scenario->pinned, GsPinnedMessage, i).latency_ns < 0;
  for (guint i = 0; !may && i < scenario->own_networks->len; i++)
    may = g_array_index(scenario->own_networks, GsOwnNetwork, i).network.loss > 0;
  for (uint32_t i = 0; !may && i < scenario->schedule_count; i++) {
    const GsLinkNetwork *own = scenario->schedule[i].own_network;
    may = own && own->loss > 0;
  }
  return may;
}

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

static bool network_draws(const GsScenario *scenario) {
  bool draws = varies(&scenario->latency) || varies(&scenario->jitter);
  for (guint i = 0; i < scenario->own_networks->len; i++) {
    const GsLinkNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, i).network;
    draws |= varies(&own->latency) || varies(&own->jitter);
  }
  return draws;
}

static bool entry_draws(const GsScheduleEntry *entry) {
  const GsLinkNetwork *own = entry->own_network;
  return entry->drawn || (entry->fault && varies(&entry->fault->lasts)) ||
         varies(&entry->production.distribution) || varies(&entry->consumption.distribution) ||
         (own && (varies(&own->latency) || varies(&own->jitter)));
}

bool gs_scenario_draws(const GsScenario *scenario) {
  bool paced = scenario->receive_every_ns > 0 || scenario->send_every_ns > 0;
  bool draws = graph_is_drawn(scenario) || scenario->energies_drawn || network_draws(scenario) ||
               (paced && !scenario->paced_from_start);
  for (uint32_t i = 0; !draws && i < scenario->schedule_count; i++)
    draws = entry_draws(&scenario->schedule[i]);
  return draws;
}

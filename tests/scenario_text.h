/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/scenario.h"

/**
 * All that a scenario says of nodes, links, schedule and warnings, as text:
 * equal for scenarios that were read to the same end in different ways.
 */

static inline void gs_append_distribution(GString *text, const GsDistribution *distribution) {
  g_string_append_printf(text, " %d(%a %a)", (int)distribution->kind, distribution->a,
                         distribution->b);
}

static inline void gs_append_network(GString *text, const GsLinkNetwork *network) {
  gs_append_distribution(text, &network->latency);
  gs_append_distribution(text, &network->jitter);
  g_string_append_printf(text, " %a %a", network->loss, network->duplicate);
}

static inline void gs_append_schedule_value(GString *text, const GsScheduleValue *value) {
  g_string_append_printf(text, " %d%d", value->given, value->ramp);
  if (value->given)
    gs_append_distribution(text, &value->distribution);
}

static inline void gs_append_entry(GString *text, const GsScheduleEntry *entry) {
  g_string_append_printf(text,
                         "entry %d at %" G_GINT64_FORMAT " every %" G_GINT64_FORMAT
                         " until %" G_GINT64_FORMAT " all %d drawn %d link %u %u:",
                         (int)entry->kind, entry->at_ns, entry->every_ns, entry->until_ns,
                         entry->all, entry->drawn, entry->link.a, entry->link.b);
  for (uint32_t i = 0; i < entry->node_count; i++)
    g_string_append_printf(text, " %u", entry->nodes[i]);
  gs_append_schedule_value(text, &entry->production);
  gs_append_schedule_value(text, &entry->consumption);
  if (entry->own_network)
    gs_append_network(text, entry->own_network);
  g_string_append_printf(text, " expect %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                         entry->expect.messages, entry->expect.converged_within_ns);
}

/** Free with g_free. */
static inline char *gs_scenario_text(const GsScenario *scenario) {
  GString *text = g_string_new(scenario->name);
  g_string_append_printf(text, " seed %" G_GUINT64_FORMAT " until %" G_GINT64_FORMAT "\n",
                         scenario->seed, scenario->until_ns);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(
        text, "node %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
        node->id, node->name, node->production, node->consumption, node->http ? node->http : "-");
  }
  for (uint32_t i = 0; i < scenario->link_count; i++)
    g_string_append_printf(text, "link %u %u\n", scenario->links[i].a, scenario->links[i].b);
  for (guint i = 0; i < scenario->own_networks->len; i++) {
    const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, i);
    g_string_append_printf(text, "of link %u:", own->link);
    gs_append_network(text, &own->network);
    g_string_append_c(text, '\n');
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    gs_append_entry(text, &scenario->schedule[i]);
  for (guint i = 0; i < scenario->warnings->len; i++) {
    const GsWarning *warning = scenario->warnings->pdata[i];
    g_string_append_printf(text, "warning %s %u %s: %s\n", warning->kind, warning->count,
                           warning->place, warning->text);
  }
  return g_string_free(text, FALSE);
}

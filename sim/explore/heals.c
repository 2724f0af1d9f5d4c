/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/heals.h"

#include "sim/base/time.h"
#include "sim/faults/fault_plan.h"

static bool is_whole(const GsFaultPlan *plan, const GsScenarioLink *link, int64_t at_ns) {
  GsLinkFault there = gs_fault_plan_link(plan, link->a, link->b, at_ns);
  GsLinkFault back = gs_fault_plan_link(plan, link->b, link->a, at_ns);
  return !there.is_cut && !back.is_cut && there.loss <= 0 && back.loss <= 0;
}

static bool is_well(const GsFaultPlan *plan, uint32_t node, int64_t at_ns) {
  GsNodeFault fault = gs_fault_plan_node(plan, node, at_ns);
  return (!fault.is_down || fault.is_gone) && fault.resumes_ns == 0;
}

static bool loses_to_the_end(const GsScenario *scenario) {
  bool loses = scenario->loss > 0;
  for (guint i = 0; i < scenario->own_networks->len; i++)
    loses |= g_array_index(scenario->own_networks, GsOwnNetwork, i).network.loss > 0;
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsLinkNetwork *own = scenario->schedule[i].own_network;
    loses |= own && own->loss > 0;
  }
  return loses;
}

/** Whether messages are lost for some time, or by name. */
static bool loses(const GsScenario *scenario) {
  for (guint i = 0; i < scenario->pinned->len; i++)
    if (g_array_index(scenario->pinned, GsPinnedMessage, i).latency_ns < 0)
      return true;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    if (scenario->schedule[i].fault && scenario->schedule[i].fault->loss > 0)
      return true;
  return false;
}

/** After how long its nodes look again; 0: never. */
static int64_t resync_ns(const GsScenario *scenario) {
  const GsRecoveryRules *rules = gs_scenario_recovery(scenario, false);
  return rules ? rules->resync_ns : 0;
}

bool gs_loss_explains(const GsScenario *scenario, const GsResults *results, GsCheck check,
                      int64_t within_ns) {
  const GsNetworkFaults *faults = &results->network_faults;
  int64_t lost_ns = faults->last_by_chance_ns, period_ns = resync_ns(scenario);
  if (!faults->lost[GS_LOST_BY_CHANCE] || check == GS_CHECK_SUMS || check == GS_CHECK_IDS)
    return false;
  /* What is so at the end was only too late. */
  if (check == GS_CHECK_IN_SYNC && results->converged)
    return results->converged_at_ns - lost_ns <= within_ns;
  if (check == GS_CHECK_REST && results->quiescent && !results->open_waves)
    return results->quiescent_at_ns - lost_ns <= within_ns;
  return !period_ns || results->end_ns - lost_ns < period_ns;
}

bool gs_all_heals(const GsScenario *scenario) {
  if (loses_to_the_end(scenario) || (loses(scenario) && !resync_ns(scenario)))
    return false;
  g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
  int64_t end_ns = MIN(scenario->until_ns, GS_TIME_NEVER - 1);
  if (!plan)
    return true;
  for (uint32_t i = 0; i < scenario->node_count; i++)
    if (!is_well(plan, i, end_ns))
      return false;
  for (uint32_t i = 0; i < scenario->link_count; i++)
    if (!is_whole(plan, &scenario->links[i], end_ns))
      return false;
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->kind == GS_DO_ADD_SIBLING && !is_whole(plan, &entry->link, end_ns))
      return false;
  }
  return true;
}

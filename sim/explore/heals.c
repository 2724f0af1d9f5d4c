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

bool gs_all_heals(const GsScenario *scenario) {
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

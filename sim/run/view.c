/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/view.h"

#include "core/recovery.h"
#include "sim/run/engine.h"

static const GsNode *node_at(const GsRunView *view, uint32_t node) {
  g_assert(node < view->sim->actor_count);
  return &view->sim->actors[node].node;
}

uint32_t gs_run_view_node_count(const GsRunView *view) {
  return view->sim->actor_count;
}

int64_t gs_run_view_now_ns(const GsRunView *view) {
  return view->sim->now_ns;
}

const char *gs_run_view_name(const GsRunView *view, GsEndpoint endpoint) {
  return gs_simulation_name(view->sim, endpoint);
}

GsNodeView gs_run_view_node(const GsRunView *view, uint32_t node) {
  const GsNode *at = node_at(view, node);
  return (GsNodeView){.id = at->id,
                      .name = at->name,
                      .production = at->production,
                      .consumption = at->consumption,
                      .gridnet = at->gridnet,
                      .sibling_count = at->sibling_count,
                      .open_waves = gs_node_open_waves(at),
                      .digest = view->sim->actors[node].digest};
}

bool gs_run_view_in_sync(const GsRunView *view, uint32_t node) {
  return gs_sync_monitor_in_sync(view->monitor, node);
}

GsSiblingView gs_run_view_sibling(const GsRunView *view, uint32_t node, uint32_t index) {
  const GsNode *at = node_at(view, node);
  g_assert(index < at->sibling_count);
  const GsIdentity *sibling = gs_node_sibling(at, index);
  return (GsSiblingView){.endpoint = at->siblings[index].endpoint,
                         .id = sibling->id,
                         .name = sibling->name,
                         .is_suspected = gs_node_suspects(at, index)};
}

GsEndpoint gs_run_view_find_sibling(const GsRunView *view, uint32_t node, int64_t id) {
  const GsNode *at = node_at(view, node);
  uint32_t slot = gs_node_find_id(at, id);
  return slot == GS_SLOT_UNKNOWN ? GS_ENDPOINT_NONE : at->siblings[slot].endpoint;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/port.h"

#include <string.h>

static void clear_sibling(gpointer data) {
  g_free(((GsPortSibling *)data)->name);
}

void gs_port_init(GsPort *port, uint32_t actor, const GsScenarioNode *node) {
  *port = (GsPort){.actor = actor, .id = node->id, .name = node->name};
  pthread_mutex_init(&port->mutex, NULL);
  gs_strangers_init(&port->strangers);
  gs_asked_init(&port->asked);
  port->view.siblings = g_array_new(FALSE, FALSE, sizeof(GsPortSibling));
  g_array_set_clear_func(port->view.siblings, clear_sibling);
}

void gs_port_clear(GsPort *port) {
  g_array_unref(port->view.siblings);
  gs_strangers_clear(&port->strangers);
  gs_asked_clear(&port->asked);
  pthread_mutex_destroy(&port->mutex);
}

uint64_t gs_port_waiting(const GsPort *port) {
  uint64_t gone = port->view.tally.heard + port->lost;
  return port->accepted > gone ? port->accepted - gone : 0;
}

static bool same_siblings(const GsPortView *view, const GsNode *node) {
  if (view->siblings->len != node->sibling_count)
    return false;
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    const GsPortSibling *seen = &g_array_index(view->siblings, GsPortSibling, i);
    const GsIdentity *is = gs_node_sibling(node, i);
    if (seen->id != is->id || seen->endpoint != node->siblings[i].endpoint ||
        strcmp(seen->name, is->name) != 0)
      return false;
  }
  return true;
}

static void copy_siblings(GsPortView *view, const GsNode *node) {
  g_array_set_size(view->siblings, 0);
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    const GsIdentity *sibling = gs_node_sibling(node, i);
    GsPortSibling copy = {sibling->id, g_strdup(sibling->name), node->siblings[i].endpoint};
    g_array_append_val(view->siblings, copy);
  }
}

bool gs_port_refresh(GsPort *port, const GsSimulation *sim, GsSyncMonitor *monitor) {
  const GsNode *node = &sim->actors[port->actor].node;
  GsPortView *view = &port->view;
  pthread_mutex_lock(&port->mutex);
  bool siblings_changed = !same_siblings(view, node);
  bool changed = siblings_changed || view->production != node->production ||
                 view->consumption != node->consumption || view->gridnet != node->gridnet;
  view->now_ns = sim->now_ns;
  view->production = node->production;
  view->consumption = node->consumption;
  view->gridnet = node->gridnet;
  view->in_sync = gs_sync_monitor_in_sync(monitor, port->actor);
  view->open_waves = gs_node_open_waves(node);
  view->tally = port->tally;
  if (siblings_changed)
    copy_siblings(view, node);
  pthread_mutex_unlock(&port->mutex);
  return changed;
}

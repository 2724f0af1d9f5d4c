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

static bool same_siblings(const GsPort *port, const GsRunView *run, uint32_t count) {
  const GArray *shown = port->view.siblings;
  if (shown->len != count)
    return false;
  for (uint32_t i = 0; i < count; i++) {
    const GsPortSibling *seen = &g_array_index(shown, GsPortSibling, i);
    GsSiblingView is = gs_run_view_sibling(run, port->actor, i);
    if (seen->id != is.id || seen->endpoint != is.endpoint ||
        seen->is_suspected != is.is_suspected || strcmp(seen->name, is.name) != 0)
      return false;
  }
  return true;
}

static void copy_siblings(GsPort *port, const GsRunView *run, uint32_t count) {
  GArray *shown = port->view.siblings;
  g_array_set_size(shown, 0);
  for (uint32_t i = 0; i < count; i++) {
    GsSiblingView sibling = gs_run_view_sibling(run, port->actor, i);
    GsPortSibling copy = {sibling.id, g_strdup(sibling.name), sibling.endpoint,
                          sibling.is_suspected};
    g_array_append_val(shown, copy);
  }
}

bool gs_port_refresh(GsPort *port, const GsRunView *run) {
  GsNodeView node = gs_run_view_node(run, port->actor);
  GsPortView *view = &port->view;
  pthread_mutex_lock(&port->mutex);
  bool siblings_changed = !same_siblings(port, run, node.sibling_count);
  bool changed = siblings_changed || view->production != node.production ||
                 view->consumption != node.consumption || view->gridnet != node.gridnet;
  view->now_ns = gs_run_view_now_ns(run);
  view->production = node.production;
  view->consumption = node.consumption;
  view->gridnet = node.gridnet;
  view->in_sync = gs_run_view_in_sync(run, port->actor);
  view->open_waves = node.open_waves;
  view->tally = port->tally;
  if (siblings_changed)
    copy_siblings(port, run, node.sibling_count);
  pthread_mutex_unlock(&port->mutex);
  return changed;
}

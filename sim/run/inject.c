/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cost.h"
#include "core/wire/wire.h"
#include "sim/run/engine.h"

/** The island that a node will be in; of a node that is told of a sibling, with the new link. */
static void island_with(GsEngine *engine, uint32_t node, const GsScenarioLink *link,
                        uint64_t *nodes, uint64_t *links) {
  gs_sync_monitor_island_size(engine->monitor, node, nodes, links);
  if (!link)
    return;
  ++*links;
  if (gs_sync_monitor_island(engine->monitor, link->a) ==
      gs_sync_monitor_island(engine->monitor, link->b))
    return;
  uint64_t other_nodes, other_links;
  gs_sync_monitor_island_size(engine->monitor, link->b, &other_nodes, &other_links);
  *nodes += other_nodes;
  *links += other_links;
}

/** What an occurrence will lead to at one of its nodes (core/cost.h). */
static uint64_t expected_messages(GsEngine *engine, const GsOccurrence *occurrence, uint32_t node) {
  GsScheduleKind kind = occurrence->entry->kind;
  const GsScenarioLink *link = kind == GS_DO_ADD_SIBLING ? occurrence->link : NULL;
  if (link && gs_node_find_endpoint(&engine->sim.actors[node].node, link->b) != GS_SLOT_UNKNOWN)
    return 0;
  uint64_t nodes, links;
  island_with(engine, node, link, &nodes, &links);
  if (kind == GS_DO_UPDATE_NET)
    return gs_cost_wave(nodes, links);
  return link ? gs_cost_new_link(nodes, links) : gs_cost_sync(nodes, links);
}

static bool at_rest(const GsEngine *engine) {
  uint64_t under_way = engine->injected->len;
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    const GsLane *lane = &engine->sim.lanes[i];
    const GsNetworkFaults *faults = &lane->faults;
    under_way += lane->sent + faults->doubled - gs_network_faults_lost(faults) - lane->delivered;
    under_way += faults->undelivered - lane->reports;
  }
  return under_way == 0;
}

/** The closed form holds for a new link only when nothing else is under way meanwhile. */
static void expect_messages(GsEngine *engine, const GsOccurrence *occurrence, uint32_t node) {
  engine->links_told |= occurrence->entry->kind == GS_DO_ADD_SIBLING;
  engine->unforeseen |= engine->links_told && !at_rest(engine);
  engine->expected =
      gs_saturating_add(engine->expected, expected_messages(engine, occurrence, node));
}

static bool expects_something(GsEngine *engine, const GsOccurrence *occurrence) {
  if (gs_occurrence_entry_index(engine->schedule, occurrence) == UINT32_MAX)
    return false;
  const GsScheduleExpect *expect = &occurrence->entry->expect;
  return expect->messages >= 0 || expect->converged_within_ns >= 0;
}

/** Takes `what`. */
static uint32_t new_cause(GsEngine *engine, const GsOccurrence *occurrence, char *what) {
  uint32_t kept = engine->disturbances->len;
  engine->disturbed_ns = occurrence->at_ns;
  uint32_t cause = MIN(kept, GS_DISTURBANCES_KEPT); /* all that are left out share one */
  GsDisturbed disturbed = {.occurrence = *occurrence, .what = what};
  if (kept < GS_DISTURBANCES_KEPT) {
    g_array_append_val(engine->disturbances, disturbed);
    gs_sync_monitor_disturb(engine->monitor, occurrence->at_ns, cause);
  } else {
    engine->left_out++;
    engine->unchecked += !what && expects_something(engine, occurrence);
    g_free(what);
  }
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    gs_lane_reserve_causes(&engine->sim.lanes[i], cause + 1);
  return cause;
}

/** What foreign nodes send is no disturbance of its own each time: waves pass through all day. */
static uint32_t foreign_cause(GsEngine *engine) {
  if (engine->foreign_cause == UINT32_MAX) {
    GsOccurrence now = {.at_ns = engine->sim.now_ns};
    engine->foreign_cause = new_cause(engine, &now, g_strdup("messages of foreign nodes"));
  }
  return engine->foreign_cause;
}

static GsMessage message_for(GsEngine *engine, const GsOccurrence *occurrence, uint32_t node,
                             uint32_t cause) {
  static const GsMessageType types[] = {[GS_DO_UPDATE_ENERGY] = GS_UPDATE_ENERGY,
                                        [GS_DO_ADD_SIBLING] = GS_ADD_SIBLING,
                                        [GS_DO_SYNC_GRID] = GS_SYNC_GRID,
                                        [GS_DO_UPDATE_NET] = GS_UPDATE_NET};
  GsScheduleKind kind = occurrence->entry->kind;
  GsMessage message = {.from = GS_ENDPOINT_NONE,
                       .to = node,
                       .cause = cause & GS_CAUSE_MAX,
                       .slot = GS_SLOT_UNKNOWN,
                       .env = GS_TELL,
                       .type = types[kind] & 3u};
  if (kind == GS_DO_UPDATE_ENERGY) {
    bool has_production, has_consumption;
    gs_occurrence_energy(engine->schedule, occurrence, node, &has_production,
                         &message.energy.production, &has_consumption, &message.energy.consumption);
    message.has_production = has_production;
    message.has_consumption = has_consumption;
  } else if (kind == GS_DO_ADD_SIBLING) {
    const GsScenarioNode *sibling = &engine->scenario->nodes[occurrence->link->b];
    message.to_add = occurrence->link->b;
    message.sibling.id = sibling->id;
    message.sibling.name = sibling->name;
  }
  return message;
}

static void add_occurrence(GsEngine *engine, const GsOccurrence *occurrence) {
  uint32_t cause = new_cause(engine, occurrence, NULL);
  if (occurrence->entry->fault) {
    gs_engine_take_fault(engine, occurrence, cause);
    return;
  }
  uint32_t count = occurrence->entry->kind == GS_DO_ADD_SIBLING
                       ? 1
                       : gs_occurrence_node_count(engine->schedule, occurrence);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t node = occurrence->entry->kind == GS_DO_ADD_SIBLING
                        ? occurrence->link->a
                        : gs_occurrence_node(engine->schedule, occurrence, i);
    expect_messages(engine, occurrence, node);
    GsMessage message = message_for(engine, occurrence, node, cause);
    g_array_append_val(engine->injected, message);
  }
}

/** Mail names nodes here that its receiver will speak to, whether the scenario links them or not.
 */
static void link_by_mail(GsEngine *engine, const GsMessage *message) {
  GsSimulation *sim = &engine->sim;
  GsEndpoint other =
      message->type == GS_ADD_SIBLING && message->env == GS_TELL ? message->to_add : message->from;
  if (!sim->network.uniform && other < sim->actor_count && other != message->to)
    gs_network_link(&sim->network, message->to, other, sim->now_ns);
}

/** What an answer from outside brings becomes pieces of the memory that its receiver has. */
static GsNets *take_nets(GsPool *pool, const GArray *nets) {
  GsNets *root = NULL;
  for (guint i = 0; nets && i < nets->len; i++) {
    const GsWireNet *net = &g_array_index(nets, GsWireNet, i);
    GsNets *piece = gs_pool_take_nets(pool);
    gs_nets_init(piece, net->id, net->net);
    piece->may_repeat = true; /* another answer may have it too */
    if (root)
      gs_nets_add(root, piece);
    else
      root = piece;
  }
  return root;
}

static void add_mail(GsEngine *engine) {
  if (engine->sim.now_ns < engine->mail_ns)
    return;
  for (guint i = 0; i < engine->mail->len; i++) {
    GsOutsideMail *mail = &g_array_index(engine->mail, GsOutsideMail, i);
    if (gs_is_report(&mail->message)) {
      g_array_append_val(engine->injected, mail->message);
      continue;
    }
    GsOccurrence now = {.at_ns = engine->sim.now_ns};
    GsMessage message = mail->message;
    uint32_t cause =
        mail->what ? new_cause(engine, &now, g_steal_pointer(&mail->what)) : foreign_cause(engine);
    message.cause = cause & GS_CAUSE_MAX;
    message.hops = 0;
    if (mail->message.type == GS_UPDATE_NET && mail->message.env == GS_RESPONSE)
      message.nets =
          take_nets(&engine->sim.lanes[engine->sim.lane_of[mail->message.to]].pool, mail->nets);
    link_by_mail(engine, &message);
    g_array_append_val(engine->injected, message);
  }
  g_array_set_size(engine->mail, 0);
  engine->mail_ns = GS_TIME_NEVER;
}

void gs_engine_inject(GsEngine *engine) {
  g_array_set_size(engine->injected, 0);
  GsOccurrence occurrence;
  while (!engine->draining && gs_schedule_peek_ns(engine->schedule) == engine->sim.now_ns &&
         gs_schedule_pop(engine->schedule, &occurrence))
    add_occurrence(engine, &occurrence);
  add_mail(engine);
  gs_engine_sort_told(engine);
  /* Only now do the messages stay where they are. */
  for (guint i = 0; i < engine->injected->len; i++) {
    GsMessage *message = &g_array_index(engine->injected, GsMessage, i);
    uint32_t actor = gs_is_report(message) ? message->from : message->to;
    gs_lane_deliver(&engine->sim.lanes[engine->sim.lane_of[actor]], actor, message);
  }
}

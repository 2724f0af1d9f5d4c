/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/simulation.h"

#include "core/decimal.h"
#include "core/limits.h"
#include "core/recovery.h"
#include "sim/run/carrier.h"
#include "sim/run/wakes.h"

GsRunMemory *gs_run_memory_new(void) {
  return g_new0(GsRunMemory, 1);
}

void gs_run_memory_free(GsRunMemory *memory) {
  for (uint32_t i = 0; memory && i < GS_LANES_MAX; i++)
    gs_arenas_free(memory->lanes[i]);
  g_free(memory);
}

static void make_actor(GsSimulation *sim, uint32_t i, int64_t gridnet) {
  const GsScenario *scenario = sim->scenario;
  const GsLive *live = sim->live;
  const GsScenarioNode *from = &scenario->nodes[i];
  GsActor *actor = &sim->actors[i];
  GsNodeConfig config = {.id = from->id,
                         .name = from->name,
                         .endpoint = i,
                         .id_space = live ? live->id_space(i, live->data) : (uint64_t)from->id,
                         .hash_salt = live ? live->hash_salt : 0,
                         .open_waves_max = live ? GS_OPEN_WAVES_MAX : 0,
                         .may_answer_twice = sim->network.may_fail,
                         .is_paced = scenario->receive_every_ns > 0,
                         .protocol = scenario->protocol,
                         .sync = scenario->sync,
                         .directory = &sim->directory,
                         .recovery = gs_scenario_recovery(scenario, live != NULL)};
  *actor = (GsActor){.id_bytes = gs_decimal_bytes(from->id), .wake_ns = INT64_MAX};
  gs_node_init(&actor->node, &config);
  gs_node_set_start(&actor->node, from->production, from->consumption, gridnet);
  if (live)
    actor->tally = live->tally(i, live->data);
  if (scenario->receive_every_ns)
    actor->pace = gs_pace_new(scenario, i);
}

/** Gives all nodes room for their start siblings, out of one block. */
static void make_room_for_siblings(GsSimulation *sim) {
  const GsScenario *scenario = sim->scenario;
  g_autofree uint32_t *degree = g_new0(uint32_t, sim->actor_count);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    degree[scenario->links[i].a]++;
    degree[scenario->links[i].b]++;
  }
  GsSibling *room = sim->start_siblings = g_new(GsSibling, 2 * (gsize)scenario->link_count);
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    gs_node_lend_siblings(&sim->actors[i].node, room, degree[i]);
    room += degree[i];
  }
}

static void link_actors(GsSimulation *sim) {
  const GsScenario *scenario = sim->scenario;
  if (scenario->handshake)
    return;
  make_room_for_siblings(sim);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint32_t a = scenario->links[i].a, b = scenario->links[i].b;
    GsNode *node_a = &sim->actors[a].node, *node_b = &sim->actors[b].node;
    uint32_t slot_a = node_a->sibling_count, slot_b = node_b->sibling_count;
    gs_node_add_known_sibling(node_a, b, slot_b);
    gs_node_add_known_sibling(node_b, a, slot_a);
  }
}

/** How many stretches of actors each lane has where there are several lanes. */
#define STRETCHES_PER_LANE 8u

/**
 * Work goes with links, and passes over the grid in waves. So the actors are
 * cut, in their order, into stretches with about the same number of links, which
 * mostly talk within themselves, and lanes take them in turn, so that all have
 * something to do wherever a wave is.
 */
static void make_lanes(GsSimulation *sim, uint32_t lanes) {
  sim->lane_count = MIN(MAX(lanes, 1), MAX(sim->actor_count, 1));
  sim->lanes = g_new0(GsLane, sim->lane_count);
  sim->lane_of = g_new(uint16_t, sim->actor_count);
  for (uint32_t lane = 0; lane < sim->lane_count; lane++)
    gs_lane_init(&sim->lanes[lane], sim, lane);
  uint64_t total = 0, seen = 0;
  for (uint32_t i = 0; i < sim->actor_count; i++)
    total += sim->actors[i].node.sibling_count + 1;
  uint32_t stretches = MIN(sim->lane_count * STRETCHES_PER_LANE, sim->actor_count);
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    uint32_t stretch = MIN((uint32_t)(seen * stretches / total), stretches - 1);
    sim->lane_of[i] = (uint16_t)(stretch % sim->lane_count);
    seen += sim->actors[i].node.sibling_count + 1;
  }
}

static void start_wakes(GsSimulation *sim) {
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    gs_node_start_recovery(&sim->actors[i].node, 0);
    gs_wakes_plan(&sim->lanes[sim->lane_of[i]], i);
  }
}

void gs_simulation_init(GsSimulation *sim, const GsScenario *scenario, uint32_t lanes,
                        const int64_t *gridnet, bool tracing, const GsLive *live,
                        GsRunMemory *memory) {
  *sim = (GsSimulation){.scenario = scenario,
                        .actor_count = scenario->node_count,
                        .tracing = tracing,
                        .watched = live != NULL,
                        .live = live,
                        .memory = memory};
  sim->directory = (GsDirectory){.first = &scenario->nodes[0].identity,
                                 .stride = sizeof(GsScenarioNode),
                                 .count = scenario->node_count};
  gs_network_init(&sim->network, scenario);
  sim->faults = sim->network.faults;
  sim->carrier = gs_carrier_for(&sim->network);
  sim->wheel_time = gs_wheel_time(gs_carrier_bucket_ns(&sim->network));
  sim->actors = g_new(GsActor, sim->actor_count);
  sim->inboxes = g_new0(GsInbox, sim->actor_count);
  for (uint32_t i = 0; i < sim->actor_count; i++)
    make_actor(sim, i, gridnet[i]);
  link_actors(sim);
  make_lanes(sim, lanes);
  sim->wakes = scenario->receive_every_ns || gs_scenario_recovery(scenario, live != NULL);
  if (sim->wakes)
    start_wakes(sim);
}

const char *gs_simulation_name(const GsSimulation *sim, GsEndpoint endpoint) {
  if (endpoint < sim->actor_count)
    return sim->actors[endpoint].node.name;
  return sim->live ? sim->live->foreign_name(endpoint, sim->live->data) : NULL;
}

static void add_tally(GsCauseTally *sum, const GsCauseTally *tally) {
  for (uint32_t kind = 0; kind < GS_MESSAGE_KINDS; kind++)
    sum->sent[kind] += tally->sent[kind];
  sum->varying_bytes += tally->varying_bytes;
  sum->hops = MAX(sum->hops, tally->hops);
}

static void add_cause(GsCauseTally *sum, const GsLane *lane, uint32_t cause) {
  if (cause < lane->causes_room)
    add_tally(sum, &lane->causes[cause]);
}

GsCauseTally gs_simulation_cause(const GsSimulation *sim, uint32_t cause) {
  GsCauseTally sum = {0};
  for (uint32_t i = 0; i < sim->lane_count; i++)
    add_cause(&sum, &sim->lanes[i], cause);
  return sum;
}

GsLaneTotals gs_simulation_totals(const GsSimulation *sim) {
  GsLaneTotals totals = {0};
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    const GsLane *lane = &sim->lanes[i];
    totals.delivered += lane->delivered;
    totals.superseded += lane->superseded;
    totals.suspected += lane->suspected;
    totals.suspected_rightly += lane->suspected_rightly;
    totals.suspected_wrongly += lane->suspected_wrongly;
    totals.trusted_again += lane->trusted_again;
    totals.waves_limited += lane->waves_limited;
    totals.told_undelivered += lane->told_undelivered;
    gs_network_faults_add(&totals.faults, &lane->faults);
    totals.largest_mailbox = MAX(totals.largest_mailbox, lane->largest_mailbox);
    totals.held_bytes += lane->pool.held_bytes;
    for (uint32_t reason = 0; reason < GS_DROP_REASONS; reason++)
      totals.drops[reason] += lane->drops[reason];
    for (uint32_t cause = 0; cause < lane->causes_room; cause++)
      add_cause(&totals.sent, lane, cause);
    add_tally(&totals.recovery, &lane->recovery);
  }
  add_tally(&totals.sent, &totals.recovery);
  return totals;
}

void gs_simulation_end(GsSimulation *sim) {
  for (uint32_t i = 0; i < sim->actor_count; i++)
    gs_node_forget_waves(&sim->actors[i].node, &sim->lanes[sim->lane_of[i]].pool);
  for (uint32_t i = 0; i < sim->lane_count; i++)
    gs_lane_clear(&sim->lanes[i]);
  g_clear_pointer(&sim->lanes, g_free);
}

void gs_simulation_clear(GsSimulation *sim) {
  if (sim->lanes)
    gs_simulation_end(sim);
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    gs_sender_links_clear(&sim->actors[i].links);
    gs_pace_free(sim->actors[i].pace);
    gs_node_clear(&sim->actors[i].node, NULL);
  }
  g_free(sim->lane_of);
  g_free(sim->actors);
  g_free(sim->inboxes);
  g_free(sim->start_siblings);
  gs_network_clear(&sim->network);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/theory.h"

#include <string.h>

#include "sim/forecast/explanation.h"
#include "sim/network/link.h"
#include "sim/scenario/schedule.h"
#include "sim/topology/adjacency.h"

/** Room for searches from one node after the other. */
typedef struct {
  GsAdjacency *links;
  uint32_t *distance, *queue;
} Grid;

static void grid_clear(Grid *grid) {
  gs_adjacency_free(grid->links);
  g_free(grid->distance);
  g_free(grid->queue);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Grid, grid_clear)

static void grid_init(Grid *grid, const GsScenario *scenario) {
  uint32_t nodes = scenario->node_count;
  *grid = (Grid){.links = gs_adjacency_of(nodes, scenario->links, scenario->link_count),
                 .distance = g_new(uint32_t, nodes),
                 .queue = g_new(uint32_t, nodes)};
}

/**
 * Fills in `distance` from a node, and `queue` with the nodes of its island from the nearest to the
 * farthest; returns how many they are. Stops when it has found `most`, which need not be known.
 */
static uint32_t search(Grid *grid, uint32_t from, uint32_t most) {
  memset(grid->distance, 0xFF, grid->links->nodes * sizeof *grid->distance);
  return gs_adjacency_search(grid->links, from, most, grid->distance, grid->queue);
}

static int64_t net_before(const GsScenario *scenario, const uint32_t *island, uint32_t count) {
  int64_t net = 0;
  for (uint32_t i = 0; i < count; i++)
    net += scenario->nodes[island[i]].production - scenario->nodes[island[i]].consumption;
  return net;
}

static int64_t net_change(const GsSchedule *schedule, const GsOccurrence *occurrence, uint32_t node,
                          const GsScenarioNode *before) {
  bool has_production, has_consumption;
  int64_t production, consumption;
  gs_occurrence_energy(schedule, occurrence, node, &has_production, &production, &has_consumption,
                       &consumption);
  return (has_production ? production - before->production : 0) -
         (has_consumption ? consumption - before->consumption : 0);
}

/** The only occurrence of the schedule, when it is an UpdateEnergy of one node. */
static bool only_update(const GsScenario *scenario, GsSchedule *schedule,
                        GsOccurrence *occurrence) {
  bool paced = scenario->receive_every_ns > 0 || scenario->send_every_ns > 0;
  bool grows = scenario->handshake && scenario->link_count > 0;
  GsOccurrence second;
  return !paced && !grows && gs_schedule_pop(schedule, occurrence) &&
         !gs_schedule_pop(schedule, &second) && occurrence->entry->kind == GS_DO_UPDATE_ENERGY &&
         gs_occurrence_node_count(schedule, occurrence) == 1;
}

/** hops_low and hops_high on a uniform network; `island` is of u, in the order of a search. */
static void count_hops(Grid *grid, const uint32_t *island, const uint32_t *from_u, uint32_t count,
                       GsTheory *theory) {
  uint64_t sides = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t node = island[i];
    search(grid, node, count);
    uint32_t eccentricity = grid->distance[grid->queue[count - 1]];
    theory->hops_low = MAX(theory->hops_low, from_u[node] + 2 * eccentricity);
    sides += gs_adjacency_degree(grid->links, node);
  }
  bool tree = sides == 2 * ((uint64_t)count - 1);
  theory->hops_high = theory->hops_low + (tree ? 0 : 2);
}

static void find_hops(const GsScenario *scenario, GsTheory *theory) {
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence occurrence;
  if (!only_update(scenario, schedule, &occurrence))
    return;
  g_auto(Grid) grid;
  grid_init(&grid, scenario);
  uint32_t u = gs_occurrence_node(schedule, &occurrence, 0);
  uint32_t count = search(&grid, u, UINT32_MAX);
  int64_t before = net_before(scenario, grid.queue, count);
  int64_t change = net_change(schedule, &occurrence, u, &scenario->nodes[u]);
  /* After a cold start other islands may never learn their nets. */
  if (scenario->cold && count < scenario->node_count)
    return;
  theory->hops_known = true;
  if (count == 1 || (scenario->cold ? before + change : change) == 0)
    return;
  uint64_t each = (uint64_t)scenario->node_count + scenario->link_count;
  theory->hops_known = count * each <= GS_THEORY_WORK_MAX;
  if (!theory->hops_known)
    return;
  g_autofree uint32_t *island = g_memdup2(grid.queue, count * sizeof *grid.queue);
  g_autofree uint32_t *from_u = g_memdup2(grid.distance, grid.links->nodes * sizeof *grid.distance);
  count_hops(&grid, island, from_u, count, theory);
}

/** Hops × the time of one; GS_TIME_NEVER: beyond what can be counted. */
static int64_t time_of(uint32_t hops, int64_t one_ns) {
  int64_t time;
  return __builtin_mul_overflow((int64_t)hops, one_ns, &time) ? GS_TIME_NEVER : time;
}

/** Whether no message of a link can overtake one that was sent before. */
static bool keeps_order(const GsScenario *scenario) {
  if (scenario->fifo)
    return true;
  bool keeps = scenario->jitter.kind == GS_DISTRIBUTION_CONSTANT;
  for (guint i = 0; i < scenario->own_networks->len; i++)
    keeps &= g_array_index(scenario->own_networks, GsOwnNetwork, i).network.jitter.kind ==
             GS_DISTRIBUTION_CONSTANT;
  return keeps;
}

void gs_theory_of(const GsScenario *scenario, GsTheory *theory) {
  *theory = (GsTheory){0};
  g_autoptr(GsExplanation) explanation = gs_explain_messages(scenario);
  theory->messages = explanation->messages;
  theory->messages_known = explanation->trust == GS_FORECAST_EXACT &&
                           !explanation->more_occurrences && theory->messages < UINT64_MAX &&
                           keeps_order(scenario);
  find_hops(scenario, theory);
  if (theory->hops_low == 0)
    return;
  GsNetwork network;
  gs_network_init(&network, scenario);
  theory->time_low_ns = time_of(theory->hops_low, network.lookahead_ns);
  bool bounded = network.uniform && !network.may_fail;
  theory->time_high_ns = bounded ? time_of(theory->hops_high, network.uniform_ns) : -1;
  if (!bounded)
    theory->hops_high = GS_THEORY_NO_HOPS;
  gs_network_clear(&network);
}

bool gs_theory_growth_limit(GsTopologyKind kind, double *limit) {
  switch (kind) {
  case GS_TOPOLOGY_LINE:
  case GS_TOPOLOGY_RING:
  case GS_TOPOLOGY_STAR:
  case GS_TOPOLOGY_TREE:
  case GS_TOPOLOGY_LATTICE:
  case GS_TOPOLOGY_BARABASI_ALBERT:
  case GS_TOPOLOGY_WATTS_STROGATZ:
  case GS_TOPOLOGY_RANDOM_REGULAR:
    *limit = 2;
    return true;
  case GS_TOPOLOGY_COMPLETE:
    *limit = 3;
    return true;
  case GS_TOPOLOGY_ERDOS_RENYI:
  case GS_TOPOLOGY_GEOMETRIC:
  case GS_TOPOLOGY_FILE:
    break;
  }
  return false;
}

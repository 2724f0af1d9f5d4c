/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/memory_need.h"

#include <math.h>

#include "core/cost.h"
#include "core/limits.h"
#include "core/pool.h"
#include "core/wave_table.h"
#include "sim/base/thread.h"
#include "sim/forecast/forecast.h"
#include "sim/forecast/wave_load.h"
#include "sim/network/link.h"
#include "sim/run/sizes.h"
#include "sim/run/trace_record.h"
#include "sim/scenario/scenario_graph.h"

/* ---- What things take: all that is to be tuned when they change ---- */

/** A message on a link, where all links are alike and where they are not: in the log, in a block.
 */
#define MESSAGE_BYTES ((double)gs_run_sizes().letter)
#define DELIVERY_BYTES ((double)gs_run_sizes().delivery)
/** Lanes do not need the same, and blocks that became too small for tables are not all used again.
 */
#define MARGIN 1.25
/** Where a sample stands for all, one wave too few counted could halve the tables. */
#define SAMPLED 1.02
/** Of a thread that sleeps most of the time: 9 KiB of stack and mailbox, 19 KiB of the kernel. */
#define THREAD_BYTES (28u << 10)
/** Per node: actor, measurement, results; and the floods that it remembers. */
#define NODE_BYTES (gs_run_sizes().node + sizeof(GsNodeState) + 104)
#define NODE_FLOODS_BYTES (GS_RETIRED_FLOODS * sizeof(GsMasterId) + 16)
/** Per side of a link. */
#define SIDE_BYTES (sizeof(GsSibling) + sizeof(uint32_t))
#define OWN_SIDE_BYTES (sizeof(GsLink) + 16)
/** A trace record of sending and one of delivering, with their copies while they are sorted. */
#define TRACED_BYTES (2.2 * (double)sizeof(GsTraceRecord))
/** Where chains are looked for: as many times what waves and messages take, measured. */
#define CHAINS_TIMES 5.0
/** … and for each message at most. */
#define CHAIN_BYTES 150.0

/** Occurrences that are looked at, and moments at which those that overlap are added up. */
#define OCCURRENCES_MOST 100000u
#define MOMENTS_MOST 200u

/* ---- What happens ---- */

/** An occurrence of the schedule, measured by the largest disturbance there can be. */
typedef struct {
  int64_t at_ns;
  double size; /**< its messages, until it is known how many the largest one has */
  bool flood;
} Disturbance;

typedef struct {
  const GsScenario *scenario;
  GsNetwork network;
  GArray *disturbances; /**< of Disturbance, in order of time */
  uint32_t from;        /**< a node that the largest speaks to */
  bool waves_of_all;
  uint32_t islands;  /**< at the end */
  uint64_t messages; /**< of all occurrences; those that coalesce are fewer */
  double coalesced;  /**< size of what is under way when every node has one wave out */
} Plan;

static uint64_t whole(double value) {
  return value < 0x1p63 ? (uint64_t)value : UINT64_MAX;
}

/** The schedule's occurrences by their messages; those that speak to nobody are left out. */
static void walk_schedule(Plan *plan) {
  g_autoptr(GsForecast) forecast = gs_forecast_new(plan->scenario);
  g_autoptr(GsSchedule) schedule = gs_schedule_new(plan->scenario);
  GsOccurrence occurrence;
  double largest = 0;
  for (uint32_t i = 0; i < OCCURRENCES_MOST && gs_schedule_pop(schedule, &occurrence); i++) {
    double messages = (double)gs_forecast_occurrence(forecast, schedule, &occurrence);
    if (messages <= 0)
      continue;
    plan->messages = gs_saturating_add(plan->messages, whole(messages));
    bool link = occurrence.entry->kind == GS_DO_ADD_SIBLING;
    plan->waves_of_all |= occurrence.entry->kind != GS_DO_UPDATE_NET;
    if (messages > largest) {
      largest = messages;
      plan->from = link ? occurrence.link->a : gs_occurrence_node(schedule, &occurrence, 0);
    }
    Disturbance disturbance = {occurrence.at_ns, messages,
                               occurrence.entry->kind != GS_DO_UPDATE_NET};
    g_array_append_val(plan->disturbances, disturbance);
  }
  plan->islands = gs_forecast_islands(forecast);
}

/** Messages when every node of the grid starts a wave. */
static double waves_of_all(const GsAdjacency *grid) {
  g_autofree uint32_t *component = g_new(uint32_t, MAX(grid->nodes, 1));
  g_autofree uint32_t *sizes = NULL;
  uint32_t count = gs_adjacency_components(grid, component, &sizes);
  g_autofree uint64_t *ends = g_new0(uint64_t, MAX(count, 1));
  for (uint32_t i = 0; i < grid->nodes; i++)
    ends[component[i]] += gs_adjacency_degree(grid, i);
  double all = 0;
  for (uint32_t c = 0; c < count; c++)
    all += (double)gs_cost_waves_of_all(sizes[c], ends[c] / 2);
  return all;
}

/** Knows now the island, so that sizes can be told from messages. */
static void measure(Plan *plan, const GsAdjacency *grid, const GsWaveLoad *load) {
  double one = MAX((double)gs_cost_waves_of_all(load->nodes, load->links), 1);
  double flood = (double)gs_cost_flood(load->nodes, load->links);
  plan->coalesced = plan->islands > 1 ? MAX(waves_of_all(grid) / one, 1) : 1;
  for (guint i = 0; i < plan->disturbances->len; i++) {
    Disturbance *disturbance = &g_array_index(plan->disturbances, Disturbance, i);
    disturbance->size /= one + (disturbance->flood ? flood : 0);
  }
}

/* ---- What is under way at the same time ---- */

/** What one of very many waves of a table takes. */
static double wave_bytes(GsWaveForm form) {
  const uint64_t many = 1 << 20;
  return (double)gs_wave_table_bytes_for(many, form) / (double)many;
}

/** Bytes in each step, for a size of 1, relative to the most; only its form matters. */
static void form_of(const GsWaveLoad *load, double *form) {
  double most = 0;
  for (uint32_t s = 0; s < load->steps; s++) {
    double waves = 0;
    for (uint32_t w = 0; w < load->watched; w++)
      waves += load->open[(gsize)w * load->steps + s] * wave_bytes(load->forms[w]);
    form[s] = waves * load->nodes / load->watched + load->nets[s] * GS_POOL_NETS_BYTES +
              load->messages[s] * MESSAGE_BYTES;
    most = MAX(most, form[s]);
  }
  for (uint32_t s = 0; s < load->steps; s++)
    form[s] = most > 0 ? form[s] / most : 0;
}

static uint32_t peak_of(const double *form, uint32_t steps) {
  uint32_t peak = 0;
  for (uint32_t s = 1; s < steps; s++)
    if (form[s] > form[peak])
      peak = s;
  return peak;
}

/**
 * The most that is under way at the moment of a peak. The least time that a
 * message takes is all that is sure of when a disturbance will be over.
 */
static double overlapping(const Plan *plan, const GsWaveLoad *load) {
  double form[GS_WAVE_LOAD_STEPS], most = 0;
  form_of(load, form);
  uint32_t peak = peak_of(form, load->steps);
  double step_ns = load->step_hops * (double)plan->network.lookahead_ns;
  const Disturbance *all = (const Disturbance *)(const void *)plan->disturbances->data;
  guint count = plan->disturbances->len, stride = count / MOMENTS_MOST + 1;
  for (guint i = 0; i < count; i += stride) {
    double sum = 0;
    for (guint k = i; k < count && (double)(all[k].at_ns - all[i].at_ns) <= peak * step_ns; k++) {
      double since = step_ns > 0 ? (double)(all[k].at_ns - all[i].at_ns) / step_ns : 0;
      sum += all[k].size * form[peak - (uint32_t)since];
    }
    for (guint k = i; k-- > 0;) {
      double since = step_ns > 0 ? (double)(all[i].at_ns - all[k].at_ns) / step_ns : 0;
      if (all[k].at_ns < all[i].at_ns && (step_ns <= 0 || peak + since >= load->steps))
        break;
      sum += all[k].size * form[peak + (uint32_t)since];
    }
    most = MAX(most, sum);
  }
  return most;
}

/* ---- What that takes ---- */

/**
 * Adds the tables of waves to the bytes of each step. A table keeps what it had
 * until few waves are left.
 */
static void add_tables(const GsWaveLoad *load, double size, double floods, double *bytes) {
  double weight = (double)load->nodes / load->watched;
  double sure = load->sampled < load->nodes ? SAMPLED : 1;
  for (uint32_t w = 0; w < load->watched; w++) {
    uint64_t most = 0;
    for (uint32_t s = 0; s < load->steps; s++) {
      double open = load->open[(gsize)w * load->steps + s] * size;
      uint64_t waves = whole(ceil((open > 1 ? open * sure : open) - 0.01));
      waves = waves ? gs_saturating_add(waves, whole(floods)) : 0;
      most = waves > GS_WAVE_TABLE_FEW ? MAX(most, waves) : waves;
      bytes[s] += weight * (double)gs_wave_table_bytes_for(most, load->forms[w]);
    }
  }
}

static double most_of(const double *curve, uint32_t steps) {
  double most = 0;
  for (uint32_t s = 0; s < steps; s++)
    most = MAX(most, curve[s]);
  return most;
}

/**
 * What the pools hold when waves of that size and so many floods are under way;
 * `dense`: messages are most of it.
 */
static double pool_bytes(const Plan *plan, const GsWaveLoad *load, double size, double floods,
                         uint32_t lanes, bool *dense) {
  bool instant = plan->network.uniform && !plan->scenario->receive_every_ns;
  double message = instant ? MESSAGE_BYTES : DELIVERY_BYTES;
  double bytes[GS_WAVE_LOAD_STEPS] = {0}, nets = 0;
  add_tables(load, size, floods, bytes);
  double tables = most_of(bytes, load->steps);
  double messages = most_of(load->messages, load->steps) * size + load->flood_messages * floods;
  for (uint32_t s = 0; s < load->steps; s++) {
    nets = MAX(nets, load->nets[s] * size * GS_POOL_NETS_BYTES);
    bytes[s] += load->nets[s] * size * GS_POOL_NETS_BYTES +
                (load->messages[s] * size + load->flood_messages * floods) * message;
  }
  *dense = messages * message > tables + nets;
  double of_lane = MARGIN * most_of(bytes, load->steps) / lanes;
  return lanes * (double)gs_pool_held_for(whole(of_lane));
}

static uint64_t rest_bytes(const Plan *plan, const GsGraph *graph) {
  uint64_t side = SIDE_BYTES + (plan->network.uniform ? 0 : OWN_SIDE_BYTES);
  uint64_t node = NODE_BYTES + (plan->waves_of_all ? NODE_FLOODS_BYTES : 0);
  return graph->nodes * node + 2 * (uint64_t)graph->links * side;
}

/** Beside the run itself: records, and the chains of a second run where there is one. */
static double traced_bytes(const Plan *plan, const GsMemoryPlan *asked, double records,
                           double pool) {
  double traced = asked->tracing ? records : 0;
  bool searched = asked->searched_max > 0 && (plan->messages <= asked->searched_max ||
                                              plan->scenario->sync == GS_SYNC_COALESCE);
  if (!searched)
    return traced;
  double most = (double)asked->searched_max;
  return MAX(traced, MIN(records, most * TRACED_BYTES)) +
         MIN(CHAINS_TIMES * pool, most * CHAIN_BYTES);
}

static void fill(const Plan *plan, const GsMemoryPlan *asked, const GsWaveLoad *load,
                 GsMemoryNeed *need) {
  uint32_t lanes = gs_run_lanes(asked->workers, plan->scenario->node_count);
  double size = overlapping(plan, load), coalesced = MIN(size, plan->coalesced);
  double floods = plan->waves_of_all ? ceil(size) : 0, one = MIN(size, 1.0 / load->nodes);
  if (plan->scenario->sync == GS_SYNC_COALESCE)
    size = coalesced;
  bool dense;
  need->coalesced_bytes = whole(pool_bytes(plan, load, coalesced, floods, lanes, &dense));
  need->single_wave_bytes = whole(pool_bytes(plan, load, one, 0, lanes, &dense));
  need->pool_bytes = whole(pool_bytes(plan, load, size, floods, lanes, &need->dense));
  double records = most_of(load->messages, load->steps) * size * TRACED_BYTES;
  need->trace_bytes = whole(traced_bytes(plan, asked, records, (double)need->pool_bytes));
}

void gs_memory_need(const GsScenario *scenario, const GsMemoryPlan *asked, GsMemoryNeed *need) {
  *need = (GsMemoryNeed){0};
  Plan plan = {.scenario = scenario};
  plan.disturbances = g_array_new(FALSE, FALSE, sizeof(Disturbance));
  gs_network_init(&plan.network, scenario);
  walk_schedule(&plan);
  g_autoptr(GsGraph) graph = gs_scenario_links(scenario);
  need->rest_bytes = rest_bytes(&plan, graph);
  uint64_t lanes = gs_run_lanes(asked->workers, scenario->node_count);
  if (asked->runner == GS_RUNNER_THREADS) {
    uint64_t threads = scenario->node_count + lanes - 1;
    need->thread_bytes = threads * THREAD_BYTES;
    need->stack_bytes = threads * GS_ACTOR_STACK_BYTES;
  } else {
    need->stack_bytes = lanes * GS_WORKER_STACK_BYTES;
  }
  if (plan.disturbances->len > 0) {
    g_autoptr(GsAdjacency) grid = gs_adjacency_new(graph);
    g_autoptr(GsWaveLoad) load = gs_wave_load_new(grid, plan.from);
    measure(&plan, grid, load);
    fill(&plan, asked, load, need);
  }
  need->waves_of_all = plan.waves_of_all;
  uint64_t rest = need->rest_bytes + need->thread_bytes;
  uint64_t other = gs_saturating_add(rest, need->trace_bytes);
  need->bytes = gs_saturating_add(other, need->pool_bytes);
  need->coalesced_bytes = gs_saturating_add(other, need->coalesced_bytes);
  need->single_wave_bytes = gs_saturating_add(rest, need->single_wave_bytes);
  gs_network_clear(&plan.network);
  g_array_unref(plan.disturbances);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/wave_load.h"

#include <math.h>
#include <string.h>

/** Waves and nodes that stand for all: where the island has no more, it is all. */
#define SAMPLE_MOST 64u
#define SAMPLE_LEAST 2u
/** Visits of nodes and links by all waves that are looked at. */
#define VISITS ((uint64_t)1 << 25)

/** One wave, or the flood: when it reaches each node, from where, and when that has answered. */
typedef struct {
  const GsAdjacency *grid;
  uint32_t found;
  uint32_t *order, *parent, *reached, *finished;
} Walk;

static void walk_init(Walk *walk, const GsAdjacency *grid) {
  uint32_t room = MAX(grid->nodes, 1);
  *walk = (Walk){.grid = grid,
                 .order = g_new(uint32_t, room),
                 .parent = g_new(uint32_t, room),
                 .reached = g_new(uint32_t, room),
                 .finished = g_new(uint32_t, room)};
}

static void walk_clear(Walk *walk) {
  g_free(walk->order);
  g_free(walk->parent);
  g_free(walk->reached);
  g_free(walk->finished);
}

/** Finds out when it reaches each node of the island, in hops. */
static void spread(Walk *walk, uint32_t from) {
  const GsAdjacency *grid = walk->grid;
  memset(walk->reached, 0xFF, grid->nodes * sizeof *walk->reached);
  walk->order[0] = from;
  walk->parent[from] = UINT32_MAX;
  walk->reached[from] = 0;
  walk->found = 1;
  for (uint32_t head = 0; head < walk->found; head++) {
    uint32_t node = walk->order[head];
    for (uint32_t i = grid->starts[node]; i < grid->starts[node + 1]; i++) {
      uint32_t next = grid->neighbours[i];
      if (walk->reached[next] != UINT32_MAX)
        continue;
      walk->reached[next] = walk->reached[node] + 1;
      walk->parent[next] = node;
      walk->order[walk->found++] = next;
    }
  }
}

/** Those reached last answer first. Whoever knows the wave answers with nothing, at once. */
static void echo(Walk *walk) {
  for (uint32_t i = walk->found; i-- > 0;) {
    uint32_t node = walk->order[i], finished = walk->reached[node];
    for (uint32_t k = walk->grid->starts[node]; k < walk->grid->starts[node + 1]; k++) {
      uint32_t asked = walk->grid->neighbours[k];
      if (asked == walk->parent[node])
        continue;
      bool is_child = walk->parent[asked] == node;
      uint32_t back = is_child ? walk->finished[asked] + 1 : walk->reached[node] + 2;
      finished = MAX(finished, back);
    }
    walk->finished[node] = finished;
  }
}

/** Adds up what begins and ends, hop by hop, and in the end what there is. */
typedef struct {
  double *change;
  uint32_t hops;
} Curve;

static void add(const Curve *curve, uint32_t begin, uint32_t end, double weight) {
  curve->change[begin] += weight;
  curve->change[MIN(end, curve->hops)] -= weight;
}

/** What a wave that starts at `start` sends, and the nets that are on their way to its node. */
static void add_wave(const Walk *walk, uint32_t start, double weight, const Curve *messages,
                     const Curve *nets) {
  uint32_t from = walk->order[0], over = start + walk->finished[from];
  for (uint32_t i = 0; i < walk->found; i++) {
    uint32_t node = walk->order[i], at = start + walk->reached[node];
    uint32_t asks = gs_adjacency_degree(walk->grid, node) - (i > 0);
    uint32_t children = 0;
    for (uint32_t k = walk->grid->starts[node]; k < walk->grid->starts[node + 1]; k++)
      children += walk->parent[walk->grid->neighbours[k]] == node;
    /* A message is there while it is sent and, a hop later, while it is handled. */
    add(messages, at, at + 2, weight * asks);
    add(messages, at + 1, at + 3, weight * (asks - children));
    if (i == 0)
      continue;
    uint32_t answer = start + walk->finished[node];
    add(messages, answer, answer + 2, weight);
    add(nets, answer, over + 1, weight);
  }
}

/** The part of each step in which it is open, into the node's row. */
static void add_open(GsWaveLoad *load, double *row, double begin, double end, double weight) {
  uint32_t step = (uint32_t)(begin / load->step_hops);
  for (; step < load->steps && step * load->step_hops < end; step++) {
    double first = MAX(begin, step * load->step_hops);
    double last = MIN(end, (step + 1) * load->step_hops);
    row[step] += weight * (last - first) / load->step_hops;
  }
}

/** The most that there is at any hop of each step. */
static double *steps_of(const GsWaveLoad *load, const Curve *curve) {
  double *most = g_new0(double, load->steps), now = 0;
  for (uint32_t hop = 0; hop < curve->hops; hop++) {
    now += curve->change[hop];
    uint32_t step = MIN((uint32_t)(hop / load->step_hops), load->steps - 1);
    most[step] = MAX(most[step], now);
  }
  return most;
}

/** What the flood sends, and what of it is handled meanwhile, at most. */
static double most_of_flood(const Walk *flood) {
  uint64_t sent[2] = {0}, most = 0;
  uint32_t hop = 0;
  for (uint32_t i = 0; i < flood->found; i++) {
    uint32_t node = flood->order[i];
    if (flood->reached[node] != hop) {
      hop = flood->reached[node];
      sent[0] = sent[1];
      sent[1] = 0;
    }
    sent[1] += gs_adjacency_degree(flood->grid, node) - (i > 0);
    most = MAX(most, sent[0] + sent[1]);
  }
  return (double)most;
}

/** The i-th of `count` that are spread evenly over the flood's way. */
static uint32_t pick(const Walk *flood, uint32_t i, uint32_t count) {
  return flood->order[((uint64_t)i * 2 + 1) * flood->found / (2 * (uint64_t)count)];
}

static uint32_t sample_size(const Walk *flood) {
  uint64_t visits = flood->found;
  for (uint32_t i = 0; i < flood->found; i++)
    visits += 3 * (uint64_t)gs_adjacency_degree(flood->grid, flood->order[i]);
  uint32_t size = (uint32_t)CLAMP(VISITS / visits, SAMPLE_LEAST, SAMPLE_MOST);
  return MIN(size, flood->found);
}

GsWaveLoad *gs_wave_load_new(const GsAdjacency *grid, uint32_t from) {
  Walk flood, wave;
  walk_init(&flood, grid);
  walk_init(&wave, grid);
  spread(&flood, from);
  uint32_t sample = sample_size(&flood);
  double weight = (double)flood.found / sample;
  /* No way is longer than twice the longest from here; there, back, and after the flood. */
  uint32_t hops = 5 * flood.reached[flood.order[flood.found - 1]] + 5;
  GsWaveLoad *load = g_new0(GsWaveLoad, 1);
  load->nodes = flood.found;
  load->watched = sample;
  load->flood_messages = most_of_flood(&flood);
  load->steps = MIN(hops, GS_WAVE_LOAD_STEPS);
  load->step_hops = (double)hops / load->steps;
  load->open = g_new0(double, (gsize)load->steps *sample);
  load->forms = g_new(GsWaveForm, sample);
  for (uint32_t w = 0; w < sample; w++)
    load->forms[w] = gs_wave_form_for(gs_adjacency_degree(grid, pick(&flood, w, sample)));
  Curve messages = {g_new0(double, (gsize)hops + 1), hops};
  Curve nets = {g_new0(double, (gsize)hops + 1), hops};
  for (uint32_t i = 0; i < sample; i++) {
    uint32_t starter = pick(&flood, i, sample), start = flood.reached[starter];
    spread(&wave, starter);
    echo(&wave);
    add_wave(&wave, start, weight, &messages, &nets);
    for (uint32_t w = 0; w < sample; w++) {
      uint32_t node = pick(&flood, w, sample);
      /* Who has nobody else to ask answers at once and remembers nothing. */
      if (node == starter || gs_adjacency_degree(grid, node) > 1)
        add_open(load, load->open + (gsize)w * load->steps, start + wave.reached[node],
                 start + wave.finished[node] + 1, weight);
    }
  }
  load->messages = steps_of(load, &messages);
  load->nets = steps_of(load, &nets);
  g_free(messages.change);
  g_free(nets.change);
  walk_clear(&flood);
  walk_clear(&wave);
  return load;
}

void gs_wave_load_free(GsWaveLoad *load) {
  if (!load)
    return;
  g_free(load->open);
  g_free(load->forms);
  g_free(load->nets);
  g_free(load->messages);
  g_free(load);
}

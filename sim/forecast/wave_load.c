/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/wave_load.h"

#include <math.h>
#include <string.h>

/** Waves, and nodes, that stand for all: where the island has no more, it is all. */
#define SAMPLE_MOST 64u
#define WATCHED_MOST 64u
/** Visits of nodes and links by all waves that are looked at. */
#define VISITS ((uint64_t)1 << 24)

/** What a wave, or the flood, does at a node. */
typedef struct {
  uint32_t reached, parent, finished;
  uint32_t children; /**< whom it asked first */
} Visit;

/** One wave, or the flood: when it reaches each node, from where, and when that has answered. */
typedef struct {
  const GsAdjacency *grid;
  uint32_t found;
  uint32_t *order;
  Visit *visits; /**< by node */
} Walk;

static void walk_init(Walk *walk, const GsAdjacency *grid) {
  uint32_t room = MAX(grid->nodes, 1);
  *walk = (Walk){.grid = grid, .order = g_new(uint32_t, room), .visits = g_new(Visit, room)};
}

static void walk_clear(Walk *walk) {
  g_free(walk->order);
  g_free(walk->visits);
}

/**
 * Has fetched what nodes need that come later in the order: of the farthest where
 * their neighbours stand, of nearer ones these, of the nearest what is known of
 * them. In large grids each is a miss. Places beyond the order are none.
 */
static void fetch_ahead(const Walk *walk, uint32_t far, uint32_t middle, uint32_t near) {
  const GsAdjacency *grid = walk->grid;
  if (far < walk->found)
    __builtin_prefetch(&grid->starts[walk->order[far]]);
  if (middle < walk->found)
    __builtin_prefetch(&grid->neighbours[grid->starts[walk->order[middle]]]);
  if (near >= walk->found)
    return;
  uint32_t first = grid->starts[walk->order[near]];
  uint32_t end = MIN(grid->starts[walk->order[near] + 1], first + 16);
  for (uint32_t i = first; i < end; i++)
    __builtin_prefetch(&walk->visits[grid->neighbours[i]], 1);
}

/** Finds out when it reaches each node of the island, in hops. */
static void spread(Walk *walk, uint32_t from) {
  const GsAdjacency *grid = walk->grid;
  Visit *visits = walk->visits;
  for (uint32_t i = 0; i < grid->nodes; i++)
    visits[i].reached = UINT32_MAX;
  walk->order[0] = from;
  visits[from] = (Visit){.parent = UINT32_MAX};
  walk->found = 1;
  for (uint32_t head = 0; head < walk->found; head++) {
    uint32_t node = walk->order[head], reached = visits[node].reached + 1;
    fetch_ahead(walk, head + 12, head + 8, head + 4);
    for (uint32_t i = grid->starts[node]; i < grid->starts[node + 1]; i++) {
      uint32_t next = grid->neighbours[i];
      if (visits[next].reached != UINT32_MAX)
        continue;
      visits[next] = (Visit){.reached = reached, .parent = node};
      walk->order[walk->found++] = next;
    }
  }
}

/** Those reached last answer first. Whoever knows the wave answers with nothing, at once. */
static void echo(Walk *walk) {
  const GsAdjacency *grid = walk->grid;
  Visit *visits = walk->visits;
  for (uint32_t i = walk->found; i-- > 0;) {
    uint32_t node = walk->order[i];
    Visit *visit = &visits[node];
    uint32_t finished = visit->reached, children = 0;
    fetch_ahead(walk, i - 12, i - 8, i - 4);
    for (uint32_t k = grid->starts[node]; k < grid->starts[node + 1]; k++) {
      uint32_t asked = grid->neighbours[k];
      if (asked == visit->parent)
        continue;
      bool is_child = visits[asked].parent == node;
      uint32_t back = is_child ? visits[asked].finished + 1 : visit->reached + 2;
      finished = MAX(finished, back);
      children += is_child;
    }
    visit->finished = finished;
    visit->children = children;
  }
}

/**
 * Adds up what begins and ends, hop by hop, and in the end what there is. Where
 * there are very many hops, `grain` of them count as one, and what is there in
 * any of them as there in all.
 */
typedef struct {
  double *change;
  uint32_t hops, grain;
} Curve;

/** Most places of a curve. */
#define PLACES_MOST (1u << 20)

static void curve_init(Curve *curve, uint32_t hops) {
  *curve = (Curve){.hops = hops, .grain = hops / PLACES_MOST + 1};
  curve->change = g_new0(double, (gsize)hops / curve->grain + 2);
}

static void add(const Curve *curve, uint32_t begin, uint32_t end, double weight) {
  end = MIN(end, curve->hops);
  if (curve->grain > 1) {
    begin /= curve->grain;
    end = (end - 1) / curve->grain + 1;
  }
  curve->change[begin] += weight;
  curve->change[end] -= weight;
}

/** What a wave that starts at `start` sends, and the nets that are on their way to its node. */
static void add_wave(const Walk *walk, uint32_t start, double weight, const Curve *messages,
                     const Curve *nets) {
  uint32_t over = start + walk->visits[walk->order[0]].finished;
  for (uint32_t i = 0; i < walk->found; i++) {
    const Visit *visit = &walk->visits[walk->order[i]];
    uint32_t at = start + visit->reached;
    uint32_t asks = gs_adjacency_degree(walk->grid, walk->order[i]) - (i > 0);
    /* A message is there while it is sent and, a hop later, while it is handled. */
    add(messages, at, at + 2, weight * asks);
    add(messages, at + 1, at + 3, weight * (asks - visit->children));
    if (i == 0)
      continue;
    uint32_t answer = start + visit->finished;
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
  for (uint32_t hop = 0; hop < curve->hops; hop += curve->grain) {
    now += curve->change[hop / curve->grain];
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
    if (flood->visits[node].reached != hop) {
      hop = flood->visits[node].reached;
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

static uint32_t sample_size(const Walk *flood, uint64_t links) {
  uint64_t visits = flood->found + 6 * links;
  return MIN((uint32_t)CLAMP(VISITS / visits, 1, SAMPLE_MOST), flood->found);
}

/** Adds what a wave that starts at `start` opens at the nodes that are watched. */
static void watch(GsWaveLoad *load, const uint32_t *watched, const Walk *wave, uint32_t start,
                  double weight) {
  for (uint32_t w = 0; w < load->watched; w++) {
    const Visit *visit = &wave->visits[watched[w]];
    /* Who has nobody else to ask answers at once and remembers nothing. */
    if (watched[w] == wave->order[0] || gs_adjacency_degree(wave->grid, watched[w]) > 1)
      add_open(load, load->open + (gsize)w * load->steps, start + visit->reached,
               start + visit->finished + 1, weight);
  }
}

/** Looks at the waves of the sample; where that is one, at the one that starts with the flood. */
static void look(GsWaveLoad *load, Walk *flood, const Curve *messages, const Curve *nets) {
  g_autofree uint32_t *watched = g_new(uint32_t, load->watched);
  double weight = (double)load->nodes / load->sampled;
  for (uint32_t w = 0; w < load->watched; w++)
    watched[w] = pick(flood, w, load->watched);
  if (load->sampled == 1) {
    echo(flood);
    add_wave(flood, 0, weight, messages, nets);
    watch(load, watched, flood, 0, weight);
    return;
  }
  Walk wave;
  walk_init(&wave, flood->grid);
  for (uint32_t i = 0; i < load->sampled; i++) {
    uint32_t starter = pick(flood, i, load->sampled), start = flood->visits[starter].reached;
    spread(&wave, starter);
    echo(&wave);
    add_wave(&wave, start, weight, messages, nets);
    watch(load, watched, &wave, start, weight);
  }
  walk_clear(&wave);
}

GsWaveLoad *gs_wave_load_new(const GsAdjacency *grid, uint32_t from) {
  Walk flood;
  walk_init(&flood, grid);
  spread(&flood, from);
  GsWaveLoad *load = g_new0(GsWaveLoad, 1);
  load->nodes = flood.found;
  for (uint32_t i = 0; i < flood.found; i++)
    load->links += gs_adjacency_degree(grid, flood.order[i]);
  load->links /= 2;
  load->sampled = sample_size(&flood, load->links);
  load->watched = MIN(WATCHED_MOST, load->nodes);
  load->flood_messages = most_of_flood(&flood);
  /* No way is longer than twice the longest from here; there, back, and after the flood. */
  uint32_t hops = 5 * flood.visits[flood.order[flood.found - 1]].reached + 5;
  load->steps = MIN(hops, GS_WAVE_LOAD_STEPS);
  load->step_hops = (double)hops / load->steps;
  load->open = g_new0(double, (gsize)load->steps * load->watched);
  load->forms = g_new(GsWaveForm, load->watched);
  for (uint32_t w = 0; w < load->watched; w++)
    load->forms[w] = gs_wave_form_for(gs_adjacency_degree(grid, pick(&flood, w, load->watched)));
  Curve messages, nets;
  curve_init(&messages, hops);
  curve_init(&nets, hops);
  look(load, &flood, &messages, &nets);
  load->messages = steps_of(load, &messages);
  load->nets = steps_of(load, &nets);
  g_free(messages.change);
  g_free(nets.change);
  walk_clear(&flood);
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

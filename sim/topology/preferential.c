/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/preferential.h"

#include <string.h>

#include "sim/topology/igraph_guard.h"

/** Sums in a line: as many as a line of the cache holds. */
#define FAN 16u
/** FAN to the power of LEVELS_MOST numbers are more than there can be. */
#define LEVELS_MOST 8u

/**
 * Numbers, of which one is found by the sum of those up to it. In the lowest
 * level each sixteen are a line, which holds sums: of the first number, the
 * first two, … all sixteen. In the level above each sixteen lines are one
 * number each, and so on up to a level of one line. So a number is found, or
 * changed, by looking at one line of each level from end to end.
 */
typedef struct {
  uint32_t *sums[LEVELS_MOST]; /**< the lowest level first */
  uint32_t levels;
} SumTree;

static void sum_tree_init(SumTree *tree, uint32_t count) {
  tree->levels = 0;
  do {
    count = (count + FAN - 1) / FAN;
    gsize bytes = (gsize)count * FAN * sizeof(uint32_t);
    uint32_t *sums = g_aligned_alloc(1, bytes, 64);
    tree->sums[tree->levels++] = memset(sums, 0, bytes);
  } while (count > 1);
}

static void sum_tree_clear(SumTree *tree) {
  for (uint32_t level = 0; level < tree->levels; level++)
    g_aligned_free(tree->sums[level]);
}

static uint32_t sum_of_all(const SumTree *tree) {
  return tree->sums[tree->levels - 1][FAN - 1];
}

static uint32_t number_at(const SumTree *tree, uint32_t place) {
  const uint32_t *sum = &tree->sums[0][place];
  return place % FAN ? sum[0] - sum[-1] : sum[0];
}

/** Adds to a number; modulo 2^32, so that it may become less. */
static void add_at(SumTree *tree, uint32_t place, uint32_t more) {
  for (uint32_t level = 0; level < tree->levels; level++) {
    uint32_t first = place % FAN;
    place /= FAN;
    uint32_t *line = &tree->sums[level][(gsize)place * FAN];
    for (uint32_t i = 0; i < FAN; i++)
      line[i] += i >= first ? more : 0;
  }
}

/** The first place up to which the sum is more than that; it is less than the sum of all. */
static uint32_t place_of(const SumTree *tree, uint32_t sum) {
  uint32_t place = 0;
  for (uint32_t level = tree->levels; level-- > 0;) {
    const uint32_t *line = &tree->sums[level][(gsize)place * FAN];
    uint32_t before = 0;
    for (uint32_t i = 0; i < FAN; i++)
      before += line[i] <= sum;
    sum -= before ? line[before - 1] : 0;
    place = place * FAN + before;
  }
  return place;
}

/** To `m` of those before it, each time to one of those that are left. */
static void draw_links(SumTree *degrees, uint32_t node, uint32_t m, uint32_t *drawn,
                       GsEdge *edges) {
  for (uint32_t i = 0; i < m; i++) {
    double at = igraph_rng_get_unif(igraph_rng_default(), 0, sum_of_all(degrees));
    uint32_t to = place_of(degrees, (uint32_t)at);
    edges[i] = (GsEdge){to, node};
    drawn[i] = number_at(degrees, to);
    add_at(degrees, to, -drawn[i]);
  }
  for (uint32_t i = 0; i < m; i++)
    add_at(degrees, edges[i].a, drawn[i] + 1);
  add_at(degrees, node, m);
}

static void link_to_all(SumTree *degrees, uint32_t node, GsEdge *edges) {
  for (uint32_t to = 0; to < node; to++) {
    edges[to] = (GsEdge){to, node};
    add_at(degrees, to, 1);
  }
  add_at(degrees, node, node);
}

GsEdge *gs_preferential(uint32_t nodes, uint32_t m, uint64_t seed, uint32_t *links,
                        GError **error) {
  GsIgraphGuard guard;
  if (!gs_igraph_enter(&guard, seed, error))
    return NULL;
  GsEdge *edges = g_new(GsEdge, (gsize)nodes * m);
  g_autofree uint32_t *drawn = g_new(uint32_t, m);
  uint32_t made = 0;
  SumTree degrees;
  sum_tree_init(&degrees, nodes);
  for (uint32_t node = 1; node < nodes; node++) {
    if (node <= m)
      link_to_all(&degrees, node, edges + made);
    else
      draw_links(&degrees, node, m, drawn, edges + made);
    made += MIN(node, m);
  }
  sum_tree_clear(&degrees);
  gs_igraph_leave(&guard);
  *links = made;
  return edges;
}

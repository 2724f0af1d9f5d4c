/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/layout_levels.h"

#include <math.h>
#include <string.h>

#include "sim/topology/draws.h"
#include "sim/topology/layout_forces.h"
#include "sim/topology/layout_tree.h"

/** No smaller graph is made of so few nodes. */
#define COARSEST 16
/** How strong charges are, where a spring pulls by its length squared. */
#define CHARGE 0.2
/** Rounds of moving all nodes: more where nodes are few, for these make the shape of the whole. */
#define ROUNDS_NODES 100000
#define ROUNDS_MIN 40
#define ROUNDS_MAX 200
/** The last step, where the first is 1; each between is shorter than the one before. */
#define LAST_STEP 0.01
/** How far from where they are expected nodes start, so that none is on another. */
#define SCATTER 0.1
#define NONE UINT32_MAX

/** A graph, of whose nodes each may be many of the whole. */
typedef struct {
  GsAdjacency *adjacency;
  double *weights; /**< links of the whole, for each of `neighbours` */
  double *masses;  /**< nodes of the whole */
  uint32_t *group; /**< number in the next smaller graph, or NULL */
} Level;

static void level_free(gpointer data) {
  Level *level = data;
  gs_adjacency_free(level->adjacency);
  g_free(level->weights);
  g_free(level->masses);
  g_free(level->group);
  g_free(level);
}

static Level *level_new(uint32_t nodes, uint32_t ends) {
  Level *level = g_new0(Level, 1);
  level->adjacency = g_new(GsAdjacency, 1);
  level->adjacency->nodes = nodes;
  level->adjacency->starts = g_new0(uint32_t, (gsize)nodes + 2);
  level->adjacency->neighbours = g_new(uint32_t, MAX(ends, 1));
  level->weights = g_new(double, MAX(ends, 1));
  level->masses = g_new0(double, nodes);
  return level;
}

static Level *level_of(const GsAdjacency *island) {
  uint32_t ends = island->starts[island->nodes];
  Level *level = level_new(island->nodes, ends);
  memcpy(level->adjacency->starts, island->starts, (island->nodes + 1) * sizeof *island->starts);
  memcpy(level->adjacency->neighbours, island->neighbours, ends * sizeof *island->neighbours);
  for (uint32_t i = 0; i < ends; i++)
    level->weights[i] = 1;
  for (uint32_t i = 0; i < island->nodes; i++)
    level->masses[i] = 1;
  return level;
}

/** Nodes by the number of their neighbours, those of few first: ends of lines find a partner. */
static uint32_t *by_degree(const GsAdjacency *adjacency) {
  uint32_t n = adjacency->nodes;
  g_autofree uint32_t *starts = g_new0(uint32_t, (gsize)n + 1);
  uint32_t *order = g_new(uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    starts[gs_adjacency_degree(adjacency, i) + 1]++;
  for (uint32_t i = 0; i < n; i++)
    starts[i + 1] += starts[i];
  for (uint32_t i = 0; i < n; i++)
    order[starts[gs_adjacency_degree(adjacency, i)]++] = i;
  return order;
}

/**
 * Joins neighbours, where links are many and nodes few, then the rest to a
 * neighbour's group, so that at most half as many groups are as nodes. Returns how many.
 */
static uint32_t join(Level *level) {
  const GsAdjacency *adjacency = level->adjacency;
  uint32_t n = adjacency->nodes, count = 0;
  g_autofree uint32_t *order = by_degree(adjacency);
  g_autofree double *mass = g_memdup2(level->masses, n * sizeof *mass);
  g_autofree uint32_t *leader = g_new(uint32_t, n);
  memset(leader, 0xff, n * sizeof *leader);
  for (guint pass = 0; pass < 2; pass++)
    for (uint32_t at = 0; at < n; at++) {
      uint32_t node = order[at], best = NONE;
      double most = 0;
      if (leader[node] != NONE)
        continue;
      for (uint32_t k = adjacency->starts[node]; k < adjacency->starts[node + 1]; k++) {
        uint32_t other = adjacency->neighbours[k];
        if (pass == 0 && leader[other] != NONE)
          continue;
        double good = level->weights[k] / mass[leader[other] != NONE ? leader[other] : other];
        if (good > most) {
          most = good;
          best = other;
        }
      }
      if (best == NONE)
        continue;
      leader[best] = leader[node] = leader[best] != NONE ? leader[best] : best;
      mass[leader[best]] += level->masses[node];
    }
  /* Numbered by their first nodes, so that neighbours stay near in memory too. */
  level->group = g_new(uint32_t, n);
  memset(order, 0xff, n * sizeof *order);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t of = leader[i] != NONE ? leader[i] : i;
    if (order[of] == NONE)
      order[of] = count++;
    level->group[i] = order[of];
  }
  return count;
}

/** The nodes of each group one after the other, and where each group starts. */
static uint32_t *sort_members(const Level *level, uint32_t groups, uint32_t *starts) {
  uint32_t n = level->adjacency->nodes, *members = g_new(uint32_t, n);
  for (uint32_t i = 0; i < n; i++)
    starts[level->group[i] + 2]++;
  for (uint32_t i = 0; i < groups; i++)
    starts[i + 2] += starts[i + 1];
  for (uint32_t i = 0; i < n; i++)
    members[starts[level->group[i] + 1]++] = i;
  return members;
}

/** The graph of the groups. */
static Level *shrink(Level *level) {
  const GsAdjacency *fine = level->adjacency;
  uint32_t groups = join(level), ends = 0;
  Level *next = level_new(groups, fine->starts[fine->nodes]);
  g_autofree uint32_t *starts = g_new0(uint32_t, (gsize)groups + 2);
  g_autofree uint32_t *members = sort_members(level, groups, starts);
  g_autofree uint32_t *seen_at = g_new(uint32_t, groups);
  memset(seen_at, 0xff, groups * sizeof *seen_at);
  for (uint32_t g = 0; g < groups; g++) {
    uint32_t first = next->adjacency->starts[g] = ends;
    for (uint32_t m = starts[g]; m < starts[g + 1]; m++) {
      next->masses[g] += level->masses[members[m]];
      for (uint32_t k = fine->starts[members[m]]; k < fine->starts[members[m] + 1]; k++) {
        uint32_t to = level->group[fine->neighbours[k]];
        if (to == g)
          continue;
        if (seen_at[to] == NONE || seen_at[to] < first) {
          seen_at[to] = ends;
          next->adjacency->neighbours[ends] = to;
          next->weights[ends++] = 0;
        }
        next->weights[seen_at[to]] += level->weights[k];
      }
    }
  }
  next->adjacency->starts[groups] = ends;
  return next;
}

/** Moves each node by `step` in the direction of the forces on it. */
static void move(const Level *level, const GsPoint *pushes, double step, GsPoint *points) {
  const GsAdjacency *adjacency = level->adjacency;
  for (uint32_t i = 0; i < adjacency->nodes; i++) {
    double charge = CHARGE * level->masses[i];
    GsPoint force = {charge * pushes[i].x, charge * pushes[i].y};
    for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++) {
      GsPoint to = points[adjacency->neighbours[k]];
      double x = to.x - points[i].x, y = to.y - points[i].y;
      double pull = level->weights[k] * sqrt(x * x + y * y);
      force.x += pull * x;
      force.y += pull * y;
    }
    double square = force.x * force.x + force.y * force.y;
    if (square > 0) {
      points[i].x += step * force.x / sqrt(square);
      points[i].y += step * force.y / sqrt(square);
    }
  }
}

/** Nodes are moved by `length` at first, which is about how far they are from each other, then by
 * less and less, and come to rest. */
static void settle(const Level *level, GsLayoutTree *tree, GsPoint *pushes, double length,
                   GsPoint *points) {
  uint32_t nodes = level->adjacency->nodes;
  uint32_t rounds = CLAMP(ROUNDS_NODES / nodes, ROUNDS_MIN, ROUNDS_MAX);
  double step = length, cooling = pow(LAST_STEP, 1.0 / rounds);
  for (uint32_t round = 0; round < rounds; round++) {
    gs_layout_tree_repel(tree, points, level->masses, nodes, pushes);
    move(level, pushes, step, points);
    step *= cooling;
  }
}

static void scatter(GsDraws *draws, GsPoint *point) {
  point->x += SCATTER * (2 * gs_draws_unit(draws) - 1);
  point->y += SCATTER * (2 * gs_draws_unit(draws) - 1);
}

/** Where the smallest graph starts. */
static void start(const Level *level, GsDraws *draws, GsPoint *points) {
  uint32_t n = level->adjacency->nodes;
  double most = 1e-9, mass = 0;
  gs_layout_start(level->adjacency, points);
  for (uint32_t i = 0; i < n; i++) {
    most = fmax(most, fmax(fabs(points[i].x), fabs(points[i].y)));
    mass += level->masses[i];
  }
  for (uint32_t i = 0; i < n; i++) {
    points[i].x *= sqrt(mass) / most;
    points[i].y *= sqrt(mass) / most;
    scatter(draws, &points[i]);
  }
}

/** Nodes start between their own group and those of their neighbours. */
static void grow(const Level *level, const GsPoint *coarse, GsDraws *draws, GsPoint *points) {
  const GsAdjacency *adjacency = level->adjacency;
  for (uint32_t i = 0; i < adjacency->nodes; i++) {
    double share = 0.5 / MAX(gs_adjacency_degree(adjacency, i), 1);
    GsPoint own = coarse[level->group[i]];
    points[i] = (GsPoint){own.x / 2, own.y / 2};
    for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++) {
      GsPoint other = coarse[level->group[adjacency->neighbours[k]]];
      points[i].x += share * other.x;
      points[i].y += share * other.y;
    }
    scatter(draws, &points[i]);
  }
}

/** About how far nodes of a level are from each other. */
static double spacing(const GsAdjacency *island, const Level *level) {
  return sqrt((double)island->nodes / level->adjacency->nodes);
}

void gs_layout_levels(const GsAdjacency *island, GsPoint *points) {
  g_autoptr(GPtrArray) levels = g_ptr_array_new_with_free_func(level_free);
  Level *level = level_of(island);
  g_ptr_array_add(levels, level);
  for (; level->adjacency->nodes > COARSEST; g_ptr_array_add(levels, level))
    level = shrink(level);
  g_autoptr(GsLayoutTree) tree = gs_layout_tree_new(island->nodes);
  g_autofree GsPoint *pushes = g_new(GsPoint, island->nodes);
  g_autofree GsPoint *coarse = g_new(GsPoint, island->nodes);
  GsDraws draws = gs_draws(1, 0);
  start(level, &draws, points);
  settle(level, tree, pushes, spacing(island, level), points);
  for (guint i = levels->len - 1; i-- > 0;) {
    level = g_ptr_array_index(levels, i);
    memcpy(coarse, points, island->nodes * sizeof *coarse);
    grow(level, coarse, &draws, points);
    settle(level, tree, pushes, spacing(island, level), points);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/layout_tree.h"

#include <math.h>
#include <string.h>

/** Points that need no further division. */
#define LEAF 6
/** A cell is far when it is nearer than this times its side. */
#define FAR 1.1
/** The square is divided so often: into cells of a millionth of its side. */
#define DIVISIONS 20
#define INDEX_BITS 24
#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)
/** Points nearer than this, squared, are at the same place. */
#define SAME 1e-12

typedef struct {
  GsPoint middle;              /**< of mass */
  double mass, near;           /**< from here on it is far, squared */
  uint32_t first, count, skip; /**< points; the cell after the last below this one */
} Cell;

struct GsLayoutTree {
  uint32_t most, cells;
  uint64_t *keys, *spare; /**< place along Morton's curve, then the number of the point */
  GsPoint *points;        /**< in the order of the keys */
  double *masses;
  Cell *cell; /**< before those below it */
};

GsLayoutTree *gs_layout_tree_new(uint32_t most) {
  g_assert(most > 0 && most <= GS_LAYOUT_TREE_MAX);
  GsLayoutTree *tree = g_new0(GsLayoutTree, 1);
  tree->most = most;
  tree->keys = g_new(uint64_t, most);
  tree->spare = g_new(uint64_t, most);
  tree->points = g_new(GsPoint, most);
  tree->masses = g_new(double, most);
  tree->cell = g_new(Cell, 2 * (gsize)most); /* each has two below it, or none */
  return tree;
}

void gs_layout_tree_free(GsLayoutTree *tree) {
  if (!tree)
    return;
  g_free(tree->keys);
  g_free(tree->spare);
  g_free(tree->points);
  g_free(tree->masses);
  g_free(tree->cell);
  g_free(tree);
}

/** Makes room for a bit before each. */
static uint64_t spread(uint32_t number) {
  uint64_t bits = number;
  bits = (bits | bits << 16) & 0x0000ffff0000ffffULL;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ffULL;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0fULL;
  bits = (bits | bits << 2) & 0x3333333333333333ULL;
  return (bits | bits << 1) & 0x5555555555555555ULL;
}

static void number_places(GsLayoutTree *tree, const GsPoint *points, uint32_t count) {
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  for (uint32_t i = 0; i < count; i++) {
    left = fmin(left, points[i].x);
    right = fmax(right, points[i].x);
    top = fmin(top, points[i].y);
    bottom = fmax(bottom, points[i].y);
  }
  double side = fmax(right - left, bottom - top), most = (1U << DIVISIONS) - 1;
  double scale = side > 0 ? most / side : 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t column = (uint32_t)fmin((points[i].x - left) * scale, most);
    uint32_t row = (uint32_t)fmin((points[i].y - top) * scale, most);
    tree->keys[i] = (spread(column) | spread(row) << 1) << INDEX_BITS | i;
  }
}

/** By the places, 10 bits at a time from the last. */
static void sort_keys(GsLayoutTree *tree, uint32_t count) {
  enum { BITS = 10, VALUES = 1 << BITS };
  for (guint shift = INDEX_BITS; shift < 64; shift += BITS) {
    uint32_t starts[VALUES + 1] = {0};
    for (uint32_t i = 0; i < count; i++)
      starts[(tree->keys[i] >> shift) % VALUES + 1]++;
    for (guint i = 1; i < VALUES; i++)
      starts[i] += starts[i - 1];
    for (uint32_t i = 0; i < count; i++)
      tree->spare[starts[(tree->keys[i] >> shift) % VALUES]++] = tree->keys[i];
    uint64_t *swap = tree->keys;
    tree->keys = tree->spare;
    tree->spare = swap;
  }
}

static void weigh(const GsLayoutTree *tree, Cell *cell) {
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  GsPoint sum = {0, 0};
  double mass = 0;
  for (uint32_t i = cell->first; i < cell->first + cell->count; i++) {
    GsPoint at = tree->points[i];
    left = fmin(left, at.x);
    right = fmax(right, at.x);
    top = fmin(top, at.y);
    bottom = fmax(bottom, at.y);
    sum.x += tree->masses[i] * at.x;
    sum.y += tree->masses[i] * at.y;
    mass += tree->masses[i];
  }
  double side = fmax(right - left, bottom - top) * FAR;
  cell->middle = (GsPoint){sum.x / mass, sum.y / mass};
  cell->mass = mass;
  cell->near = side * side;
}

/** The cell of these points and those below it; as deep as there are divisions. */
static void build(GsLayoutTree *tree, uint32_t first, uint32_t end) {
  Cell *cell = &tree->cell[tree->cells++];
  *cell = (Cell){.first = first, .count = end - first};
  weigh(tree, cell);
  uint64_t differ = (tree->keys[first] ^ tree->keys[end - 1]) >> INDEX_BITS;
  if (end - first > LEAF && differ != 0) {
    /* The first division that tells some of them from others. */
    guint shift = (guint)(63 - __builtin_clzll(differ)) / 2 * 2 + INDEX_BITS;
    for (uint32_t from = first, to; from < end; from = to) {
      uint64_t quarter = tree->keys[from] >> shift;
      for (to = from + 1; to < end && tree->keys[to] >> shift == quarter; to++)
        ;
      build(tree, from, to);
    }
  }
  cell->skip = tree->cells;
}

/** By the others of its leaf. */
static GsPoint push_inside(const GsLayoutTree *tree, const Cell *leaf, uint32_t i) {
  GsPoint sum = {0, 0};
  for (uint32_t k = leaf->first; k < leaf->first + leaf->count; k++) {
    double x = tree->points[i].x - tree->points[k].x, y = tree->points[i].y - tree->points[k].y;
    double square = x * x + y * y;
    if (k == i)
      continue;
    if (square < SAME) {
      x = i < k ? -sqrt(SAME) : sqrt(SAME);
      y = 0;
      square = SAME;
    }
    sum.x += tree->masses[k] * x / square;
    sum.y += tree->masses[k] * y / square;
  }
  return sum;
}

static GsPoint push(const GsLayoutTree *tree, uint32_t i) {
  GsPoint at = tree->points[i], sum = {0, 0};
  for (uint32_t c = 0; c < tree->cells;) {
    const Cell *cell = &tree->cell[c];
    double x = at.x - cell->middle.x, y = at.y - cell->middle.y, square = x * x + y * y;
    if (square > cell->near && i - cell->first >= cell->count) {
      sum.x += cell->mass * x / square;
      sum.y += cell->mass * y / square;
      c = cell->skip;
    } else if (cell->skip == c + 1) {
      GsPoint inside = push_inside(tree, cell, i);
      sum.x += inside.x;
      sum.y += inside.y;
      c++;
    } else {
      c++;
    }
  }
  return sum;
}

void gs_layout_tree_repel(GsLayoutTree *tree, const GsPoint *points, const double *masses,
                          uint32_t count, GsPoint *forces) {
  g_assert(count > 0 && count <= tree->most);
  number_places(tree, points, count);
  sort_keys(tree, count);
  for (uint32_t i = 0; i < count; i++) {
    tree->points[i] = points[tree->keys[i] & INDEX_MASK];
    tree->masses[i] = masses[tree->keys[i] & INDEX_MASK];
  }
  tree->cells = 0;
  build(tree, 0, count);
  for (uint32_t i = 0; i < count; i++)
    forces[tree->keys[i] & INDEX_MASK] = push(tree, i);
}

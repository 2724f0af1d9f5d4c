/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/regular.h"

#include <string.h>

#include "sim/topology/link_set.h"

/** Most nodes up to which pairing takes no longer than switching would, by k. */
static const uint32_t exact_nodes_max[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX,
                                           UINT32_MAX, 10000,      200};

bool gs_regular_is_exact(uint32_t nodes, uint32_t k) {
  k = MIN(k, nodes - 1 - k);
  return k < G_N_ELEMENTS(exact_nodes_max) && nodes <= exact_nodes_max[k];
}

/** Pairs the ends from place `at` on; each end stands as often as a node has links. */
static GsEdge draw_pair(uint32_t *ends, uint32_t count, uint32_t at, GsDraws *draws) {
  uint32_t with = at + 1 + gs_draws_below(draws, count - at - 1);
  uint32_t other = ends[with];
  ends[with] = ends[at + 1];
  ends[at + 1] = other;
  return (GsEdge){ends[at], other};
}

static uint32_t *list_ends(uint32_t nodes, uint32_t k) {
  uint32_t *ends = g_new(uint32_t, (gsize)nodes * k + 1);
  for (uint32_t node = 0, at = 0; node < nodes; node++)
    for (uint32_t i = 0; i < k; i++)
      ends[at++] = node;
  return ends;
}

/** Whether the pairing makes no loop and no repetition; gives up at the first. */
static bool pair_all(uint32_t *ends, uint32_t count, uint32_t k, uint32_t *siblings,
                     uint32_t *degree, GsEdge *edges, GsDraws *draws) {
  for (uint32_t at = 0; at < count; at += 2) {
    GsEdge edge = draw_pair(ends, count, at, draws);
    if (edge.a == edge.b)
      return false;
    const uint32_t *known = siblings + (gsize)edge.a * k;
    for (uint32_t i = 0; i < degree[edge.a]; i++)
      if (known[i] == edge.b)
        return false;
    siblings[(gsize)edge.a * k + degree[edge.a]++] = edge.b;
    siblings[(gsize)edge.b * k + degree[edge.b]++] = edge.a;
    edges[at / 2] = edge;
  }
  return true;
}

GsEdge *gs_regular_by_pairing(uint32_t nodes, uint32_t k, GsDraws *draws) {
  uint32_t count = nodes * k;
  GsEdge *edges = g_new(GsEdge, MAX(count / 2, 1));
  g_autofree uint32_t *ends = list_ends(nodes, k);
  g_autofree uint32_t *siblings = g_new(uint32_t, (gsize)count + 1);
  g_autofree uint32_t *degree = g_new(uint32_t, nodes);
  do
    memset(degree, 0, nodes * sizeof *degree);
  while (!pair_all(ends, count, k, siblings, degree, edges, draws));
  return edges;
}

/** A random pairing: the good links first, then those at fault. Returns how many are good. */
static uint32_t pair_roughly(uint32_t *ends, uint32_t count, GsLinkSet *set, GsEdge *edges,
                             GsDraws *draws) {
  uint32_t good = 0, bad = count / 2;
  for (uint32_t at = 0; at < count; at += 2) {
    GsEdge edge = draw_pair(ends, count, at, draws);
    if (edge.a == edge.b || gs_link_set_has(set, edge.a, edge.b)) {
      edges[--bad] = edge;
    } else {
      gs_link_set_add(set, edge.a, edge.b);
      edges[good++] = edge;
    }
  }
  return good;
}

/** A link of the first `count`, in either direction. */
static GsEdge draw_link(const GsEdge *edges, uint32_t count, uint32_t *place, GsDraws *draws) {
  uint32_t draw = gs_draws_below(draws, 2 * count);
  *place = draw / 2;
  GsEdge edge = edges[*place];
  return draw % 2 ? (GsEdge){edge.b, edge.a} : edge;
}

/** Whether one–other can be made a link. */
static bool is_free(const GsLinkSet *set, uint32_t one, uint32_t other) {
  return one != other && !gs_link_set_has(set, one, other);
}

/** Exchanges each link at fault with a good one. False where none seems to fit. */
static bool mend(GsEdge *edges, uint32_t good, uint32_t count, GsLinkSet *set, GsDraws *draws) {
  for (uint32_t tries = 0; good < count;) {
    uint32_t place;
    if (good == 0 || tries++ > 100 * count)
      return false;
    GsEdge bad = edges[good], with = draw_link(edges, good, &place, draws);
    if (!is_free(set, bad.a, with.a) || !is_free(set, bad.b, with.b))
      continue;
    gs_link_set_remove(set, with.a, with.b);
    edges[place] = (GsEdge){bad.a, with.a};
    edges[good] = (GsEdge){bad.b, with.b};
    gs_link_set_add(set, bad.a, with.a);
    gs_link_set_add(set, bad.b, with.b);
    good++;
    tries = 0;
  }
  return true;
}

/** A try: two links by their places, the first one of them perhaps turned around. */
typedef struct {
  uint32_t place, with;
  bool turned;
} Try;

static void switch_links(GsEdge *edges, GsLinkSet *set, Try try) {
  GsEdge one = edges[try.place], other = edges[try.with];
  if (try.turned)
    one = (GsEdge){one.b, one.a};
  /* Where they share a node, one of the new links is there already, or a loop. */
  if (try.place == try.with || !is_free(set, one.a, other.b) || !is_free(set, other.a, one.b))
    return;
  gs_link_set_remove(set, one.a, one.b);
  gs_link_set_remove(set, other.a, other.b);
  edges[try.place] = (GsEdge){one.a, other.b};
  edges[try.with] = (GsEdge){other.a, one.b};
  gs_link_set_add(set, one.a, other.b);
  gs_link_set_add(set, other.a, one.b);
}

/** What tries draw does not depend on those before, so memory is asked for some ahead. */
static void switch_all(GsEdge *edges, uint32_t count, GsLinkSet *set, GsDraws *draws) {
  uint64_t tries = MAX((uint64_t)GS_REGULAR_SWITCHES * count, GS_REGULAR_SWITCHES_LEAST);
  Try ahead[16];
  for (; tries > 0; tries -= MIN(tries, G_N_ELEMENTS(ahead))) {
    uint64_t batch = MIN(tries, G_N_ELEMENTS(ahead));
    for (uint64_t i = 0; i < batch; i++) {
      uint32_t draw = gs_draws_below(draws, 2 * count);
      ahead[i] = (Try){draw / 2, gs_draws_below(draws, count), draw % 2};
      __builtin_prefetch(&edges[ahead[i].place]);
      __builtin_prefetch(&edges[ahead[i].with]);
    }
    for (uint64_t i = 0; i < batch; i++) {
      GsEdge one = edges[ahead[i].place], other = edges[ahead[i].with];
      gs_link_set_expect(set, one.a, one.b);
      gs_link_set_expect(set, other.a, other.b);
      gs_link_set_expect(set, ahead[i].turned ? one.b : one.a, other.b);
      gs_link_set_expect(set, other.a, ahead[i].turned ? one.a : one.b);
    }
    for (uint64_t i = 0; i < batch; i++)
      switch_links(edges, set, ahead[i]);
  }
}

GsEdge *gs_regular_by_switches(uint32_t nodes, uint32_t k, GsDraws *draws) {
  uint32_t count = nodes * k;
  GsEdge *edges = g_new(GsEdge, MAX(count / 2, 1));
  g_autofree uint32_t *ends = list_ends(nodes, k);
  for (;;) {
    g_autoptr(GsLinkSet) set = gs_link_set_new(nodes, count / 2);
    uint32_t good = pair_roughly(ends, count, set, edges, draws);
    if (!mend(edges, good, count / 2, set, draws))
      continue;
    if (count > 0)
      switch_all(edges, count / 2, set, draws);
    return edges;
  }
}

/** The links that are not among these, of which all nodes have k; frees these. */
static GsEdge *complement(uint32_t nodes, uint32_t k, GsEdge *edges) {
  uint64_t most = (uint64_t)nodes * (nodes - 1) / 2;
  uint32_t count = nodes * k / 2;
  g_autoptr(GsLinkSet) set = gs_link_set_new(nodes, count);
  for (uint32_t i = 0; i < count; i++)
    gs_link_set_add(set, edges[i].a, edges[i].b);
  GsEdge *others = g_new(GsEdge, MAX(most - count, 1)), *at = others;
  for (uint32_t a = 0; a < nodes; a++)
    for (uint32_t b = a + 1; b < nodes; b++)
      if (!gs_link_set_has(set, a, b))
        *at++ = (GsEdge){a, b};
  g_free(edges);
  return others;
}

GsEdge *gs_regular(uint32_t nodes, uint32_t k, uint64_t seed) {
  GsDraws draws = gs_draws(seed, GS_TOPOLOGY_RANDOM_REGULAR);
  uint32_t less = MIN(k, nodes - 1 - k);
  GsEdge *edges = gs_regular_is_exact(nodes, k) ? gs_regular_by_pairing(nodes, less, &draws)
                                                : gs_regular_by_switches(nodes, less, &draws);
  return less == k ? edges : complement(nodes, less, edges);
}

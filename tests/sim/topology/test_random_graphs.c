/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/topology/graph.h"
#include "sim/topology/igraph_guard.h"
#include "sim/topology/regular.h"
#include "sim/topology/topology.h"

/* Each random family states its law. Seeds are fixed, so a test always ends the same way; bounds
 * are about four standard deviations from what the law says. */

static GsGraph *make(GsTopologySpec spec, uint64_t seed) {
  g_autoptr(GError) error = NULL;
  spec.seed = seed;
  GsGraph *graph = gs_topology_make(&spec, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

static uint32_t *degrees(const GsGraph *graph) {
  uint32_t *degree = g_new0(uint32_t, graph->nodes);
  for (uint32_t i = 0; i < graph->links; i++) {
    degree[graph->edges[i].a]++;
    degree[graph->edges[i].b]++;
  }
  return degree;
}

static uint32_t least_degree(const GsGraph *graph) {
  g_autofree uint32_t *degree = degrees(graph);
  uint32_t least = UINT32_MAX;
  for (uint32_t i = 0; i < graph->nodes; i++)
    least = MIN(least, degree[i]);
  return least;
}

/** All classes are equally likely. */
static void assert_even(const uint32_t *counts, uint32_t classes, const char *what) {
  double total = 0, chi = 0;
  for (uint32_t i = 0; i < classes; i++)
    total += counts[i];
  for (uint32_t i = 0; i < classes; i++)
    chi += pow(counts[i] - total / classes, 2) / (total / classes);
  double free = classes - 1;
  cr_assert(fabs(chi - free) < 4 * sqrt(2 * free), "%s: chi-squared %g for %g degrees of freedom",
            what, chi, free);
}

static void assert_near(double value, double law, double deviation, const char *what) {
  cr_assert(fabs(value - law) < 4 * deviation, "%s: %g, not %g (deviation %g)", what, value, law,
            deviation);
}

/* ---- Erdős–Rényi ---- */

Test(random_graphs, erdos_renyi_by_p_has_binomially_many_links_and_favours_no_pair) {
  enum { NODES = 30, PAIRS = NODES * (NODES - 1) / 2, SEEDS = 1000 };
  const double p = 0.2;
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = NODES, .p = p};
  double sum = 0, squares = 0, chi = 0;
  uint32_t count[NODES][NODES] = {{0}};
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    sum += graph->links;
    squares += (double)graph->links * graph->links;
    for (uint32_t i = 0; i < graph->links; i++)
      count[graph->edges[i].a][graph->edges[i].b]++;
  }
  double variance = PAIRS * p * (1 - p), mean = sum / SEEDS;
  assert_near(mean, PAIRS * p, sqrt(variance / SEEDS), "mean");
  assert_near(squares / SEEDS - mean * mean, variance, variance * sqrt(2.0 / SEEDS), "variance");
  for (uint32_t a = 0; a < NODES; a++)
    for (uint32_t b = a + 1; b < NODES; b++)
      chi += pow(count[a][b] - SEEDS * p, 2) / (SEEDS * p * (1 - p));
  assert_near(chi, PAIRS, sqrt(2.0 * PAIRS), "chi-squared of pairs");
}

Test(random_graphs, erdos_renyi_by_links_is_each_graph_of_so_many_links_alike) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 5, .links = 3};
  g_autofree uint32_t *count = g_new0(uint32_t, 1000);
  uint32_t even[120], classes = 0;
  for (uint64_t seed = 0; seed < 6000; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    uint32_t code = 0;
    cr_assert_eq(graph->links, 3);
    for (uint32_t i = 0; i < 3; i++) /* pairs are numbered 0 to 9; the links are sorted */
      code = code * 10 + graph->edges[i].b * (graph->edges[i].b - 1) / 2 + graph->edges[i].a;
    count[code]++;
  }
  for (uint32_t i = 0; i < 1000; i++)
    if (count[i] > 0) {
      cr_assert(classes < 120);
      even[classes++] = count[i];
    }
  cr_assert_eq(classes, 120, "10 over 3 graphs, not %u", classes);
  assert_even(even, classes, "G(5, 3)");
}

/* ---- Barabási–Albert ---- */

Test(random_graphs, barabasi_albert_nodes_have_at_least_m_links_by_the_law_of_degrees) {
  enum { NODES = 20000 };
  for (uint32_t m = 1; m <= 3; m++) {
    GsTopologySpec spec = {.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = NODES, .m = m};
    g_autoptr(GsGraph) graph = make(spec, m);
    g_autofree uint32_t *degree = degrees(graph);
    uint32_t count[8] = {0};
    cr_assert_eq(least_degree(graph), m);
    for (uint32_t i = 0; i < NODES; i++)
      if (degree[i] < 8)
        count[degree[i]]++;
    for (uint32_t k = m; k < 8; k++) {
      /* Bollobás, Riordan, Spencer and Tusnády 2001. */
      double law = 2.0 * m * (m + 1) / (k * (k + 1.0) * (k + 2));
      assert_near(count[k] / (double)NODES, law, sqrt(law * (1 - law) / NODES),
                  "share of a degree");
    }
  }
}

/** As the library makes it. */
static GsGraph *made_by_igraph(uint32_t nodes, uint32_t m, uint64_t seed) {
  GsIgraphGuard guard;
  cr_assert(gs_igraph_enter(&guard, seed, NULL));
  igraph_t made;
  GsEdge *edges;
  uint32_t links;
  cr_assert_eq(igraph_barabasi_game(&made, nodes, 1, m, NULL, true, 0, IGRAPH_UNDIRECTED,
                                    IGRAPH_BARABASI_PSUMTREE, NULL),
               IGRAPH_SUCCESS);
  cr_assert(gs_igraph_take_edges(&made, "made", &nodes, &edges, &links, NULL));
  igraph_destroy(&made);
  gs_igraph_leave(&guard);
  return gs_graph_new(nodes, edges, links);
}

static void assert_as_igraph(uint32_t nodes, uint32_t m, uint64_t seed) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = nodes, .m = m};
  g_autoptr(GsGraph) own = make(spec, seed), other = made_by_igraph(nodes, m, seed);
  cr_assert_eq(own->links, other->links, "%u nodes, m %u", nodes, m);
  cr_assert_arr_eq(own->edges, other->edges, own->links * sizeof *own->edges, "%u nodes, m %u",
                   nodes, m);
}

Test(random_graphs, barabasi_albert_graphs_are_those_of_igraph_link_by_link) {
  for (uint32_t nodes = 2; nodes <= 40; nodes += 1 + nodes / 8)
    for (uint32_t m = 1; m < nodes; m += 1 + m / 4)
      assert_as_igraph(nodes, m, nodes * m);
  /* Of one line of sums, and as many as fill two and three levels, and one more. */
  static const uint32_t sizes[] = {16, 17, 256, 257, 4096, 4097};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    assert_as_igraph(sizes[i], 2 + i, i);
  assert_as_igraph(600, 300, 7);
}

/* ---- Watts–Strogatz ---- */

static uint32_t ring_distance(const GsGraph *graph, GsEdge edge) {
  return MIN(edge.b - edge.a, graph->nodes - (edge.b - edge.a));
}

static void assert_share_moved(GsTopologySpec spec, uint32_t seeds) {
  double moved = 0, links = 0;
  for (uint64_t seed = 0; seed < seeds; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    cr_assert_eq(graph->links, spec.nodes * spec.k / 2);
    cr_assert_geq(least_degree(graph), spec.k / 2);
    links += graph->links;
    for (uint32_t i = 0; i < graph->links; i++)
      moved += ring_distance(graph, graph->edges[i]) > spec.k / 2;
  }
  assert_near(moved / links, spec.p, sqrt(spec.p * (1 - spec.p) / links), "share of links moved");
}

Test(random_graphs, watts_strogatz_moves_each_link_once_with_probability_p) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 2000, .k = 4, .p = 0.1};
  assert_share_moved(spec, 20);
  spec.p = 0.5;
  assert_share_moved(spec, 5);
  spec.k = 2;
  assert_share_moved(spec, 5);
  spec.nodes = 10000; /* links are looked up in another way there */
  assert_share_moved(spec, 5);
}

Test(random_graphs, watts_strogatz_moves_links_to_any_node_alike) {
  enum { NODES = 101, CLASSES = NODES / 2 - 1 };
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = NODES, .k = 2, .p = 0.05};
  uint32_t count[CLASSES] = {0};
  for (uint64_t seed = 0; seed < 2000; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    for (uint32_t i = 0; i < graph->links; i++)
      if (ring_distance(graph, graph->edges[i]) > 1)
        count[ring_distance(graph, graph->edges[i]) - 2]++;
  }
  assert_even(count, CLASSES, "distances on the ring");
}

/** Of graphs in which one link was moved: which one, and to which of the three nodes. */
Test(random_graphs, watts_strogatz_moves_a_link_to_each_node_that_is_free_alike) {
  enum { NODES = 6, FREE = NODES - 3 };
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = NODES, .k = 2, .p = 0.05};
  uint32_t count[NODES * FREE] = {0};
  for (uint64_t seed = 0; seed < 6000; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    uint32_t ring = 0, chord = 0;
    for (uint32_t i = 0; i < graph->links; i++) {
      GsEdge edge = graph->edges[i];
      if (ring_distance(graph, edge) == 1)
        ring |= 1u << (edge.b == edge.a + 1 ? edge.a : edge.b);
      else
        chord = i;
    }
    uint32_t gone = ((1u << NODES) - 1) & ~ring;
    if (gone == 0 || (gone & (gone - 1)) != 0)
      continue;
    uint32_t node = (uint32_t)__builtin_ctz(gone);
    GsEdge edge = graph->edges[chord];
    uint32_t other = edge.a == node ? edge.b : edge.a;
    if (edge.a == node || edge.b == node) /* not so where a second one went back to the ring */
      count[node * FREE + (other + NODES - node) % NODES - 2]++;
  }
  assert_even(count, NODES * FREE, "links and where they went");
}

Test(random_graphs, watts_strogatz_nodes_keep_half_their_links_however_dense) {
  for (uint32_t n = 3; n <= 40; n++)
    for (uint32_t k = 2; k < n; k += 2)
      for (uint64_t seed = 0; seed < 3; seed++) {
        GsTopologySpec spec = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = n, .k = k, .p = 1};
        g_autoptr(GsGraph) graph = make(spec, seed);
        cr_assert_eq(graph->links, n * k / 2, "%u nodes, k %u", n, k);
        cr_assert_geq(least_degree(graph), k / 2, "%u nodes, k %u", n, k);
      }
}

/* ---- Random regular ---- */

typedef enum { ANY_WAY, BY_PAIRING, BY_SWITCHES } Way;

static GsGraph *make_regular(uint32_t nodes, uint32_t k, uint64_t seed, Way way) {
  GsDraws draws = gs_draws(seed, 99);
  if (way == ANY_WAY)
    return make((GsTopologySpec){.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = nodes, .k = k}, seed);
  return gs_graph_new(nodes,
                      way == BY_PAIRING ? gs_regular_by_pairing(nodes, k, &draws)
                                        : gs_regular_by_switches(nodes, k, &draws),
                      nodes * k / 2);
}

/** The graphs of 6 nodes with 3 links each: 60 prisms and 10 complete bipartite ones. */
static void assert_all_seventy_alike(Way way, const char *what) {
  g_autofree uint32_t *count = g_new0(uint32_t, 1 << 15);
  uint32_t even[70], classes = 0;
  for (uint64_t seed = 0; seed < 5600; seed++) {
    g_autoptr(GsGraph) graph = make_regular(6, 3, seed, way);
    uint32_t code = 0;
    cr_assert_eq(graph->links, 9);
    cr_assert_eq(least_degree(graph), 3);
    for (uint32_t i = 0; i < graph->links; i++)
      code |= 1u << (graph->edges[i].b * (graph->edges[i].b - 1) / 2 + graph->edges[i].a);
    count[code]++;
  }
  for (uint32_t i = 0; i < 1 << 15; i++)
    if (count[i] > 0) {
      cr_assert(classes < 70);
      even[classes++] = count[i];
    }
  cr_assert_eq(classes, 70, "%s: 70 graphs, not %u", what, classes);
  assert_even(even, classes, what);
}

Test(random_graphs, random_regular_is_each_of_the_seventy_graphs_of_six_nodes_alike) {
  assert_all_seventy_alike(ANY_WAY, "as scenarios get them");
  assert_all_seventy_alike(BY_PAIRING, "by pairing");
}

Test(random_graphs, random_regular_by_switches_is_each_of_the_seventy_alike_too) {
  assert_all_seventy_alike(BY_SWITCHES, "by switches");
}

/** Each node has `k` siblings. */
static uint32_t triangles(const GsGraph *graph, uint32_t k) {
  g_autofree uint32_t *siblings = g_new(uint32_t, graph->nodes * k);
  g_autofree uint32_t *degree = g_new0(uint32_t, graph->nodes);
  uint32_t count = 0;
  for (uint32_t i = 0; i < graph->links; i++) {
    GsEdge edge = graph->edges[i];
    siblings[edge.a * k + degree[edge.a]++] = edge.b;
    siblings[edge.b * k + degree[edge.b]++] = edge.a;
  }
  for (uint32_t i = 0; i < graph->links; i++)
    for (uint32_t a = 0; a < k; a++)
      for (uint32_t b = 0; b < k; b++)
        count += siblings[graph->edges[i].a * k + a] == siblings[graph->edges[i].b * k + b];
  return count / 3;
}

static double mean_triangles(uint32_t nodes, uint32_t k, uint32_t seeds, Way way) {
  double sum = 0;
  for (uint64_t seed = 0; seed < seeds; seed++) {
    g_autoptr(GsGraph) graph = make_regular(nodes, k, seed, way);
    sum += triangles(graph, k);
  }
  return sum / seeds;
}

Test(random_graphs, random_regular_has_as_many_triangles_as_uniform_graphs_have) {
  /* About Poisson distributed, with mean (k - 1)^3 / 6 for many nodes: 1.34 at 100 nodes. */
  assert_near(mean_triangles(100, 3, 2000, ANY_WAY), 1.34, sqrt(1.34 / 2000), "k = 3");
  assert_near(mean_triangles(100, 3, 2000, BY_SWITCHES), 1.34, sqrt(1.34 / 2000), "by switches");
  double exact = mean_triangles(60, 5, 300, BY_PAIRING);
  assert_near(mean_triangles(60, 5, 300, BY_SWITCHES), exact, sqrt(2 * exact / 300), "k = 5");
}

Test(random_graphs, random_regular_says_by_which_way_it_goes) {
  cr_assert(gs_regular_is_exact(1u << 20, 4));
  cr_assert(gs_regular_is_exact(10000, 5));
  cr_assert_not(gs_regular_is_exact(10002, 5));
  cr_assert(gs_regular_is_exact(200, 6));
  cr_assert_not(gs_regular_is_exact(201, 6));
  cr_assert_not(gs_regular_is_exact(20, 7));
  cr_assert(gs_regular_is_exact(20, 16), "what a graph of degree 3 leaves out");
  for (uint32_t k = 7; k < 20; k += 3) {
    g_autoptr(GsGraph) dense = make_regular(9000, 2 * k, k, ANY_WAY);
    cr_assert_eq(dense->links, 9000 * k);
    cr_assert_eq(least_degree(dense), 2 * k);
  }
}

static void expect_edges(GsGraph *graph, const char *what, const char *known) {
  g_autoptr(GsGraph) made = graph;
  g_autoptr(GString) text = g_string_new(NULL);
  for (uint32_t i = 0; i < made->links; i++)
    g_string_append_printf(text, "%u-%u ", made->edges[i].a, made->edges[i].b);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
  sum[12] = '\0';
  cr_expect_str_eq(sum, known, "%s: %s", what, sum);
}

/** Laws do not notice when a seed leads to another graph, and results of a seed are for good. */
Test(random_graphs, a_seed_makes_the_same_graph_as_ever) {
  expect_edges(make_regular(30, 3, 1, ANY_WAY), "regular by pairing", "8d071fb0de39");
  expect_edges(make_regular(30, 7, 2, ANY_WAY), "regular by switches", "5b4cb79c7834");
  expect_edges(make_regular(9000, 8, 3, ANY_WAY), "large regular by switches", "f541c395248b");
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 40, .k = 6, .p = 0.3};
  expect_edges(make(spec, 4), "small world", "2ba80982fad8");
  spec.nodes = 9000;
  expect_edges(make(spec, 5), "large small world", "eed8c44fbc64");
}

/* ---- Geometric ---- */

Test(random_graphs, geometric_links_what_is_near_and_ids_say_nothing_about_the_place) {
  enum { NODES = 200, SEEDS = 200 };
  const double r = 0.2;
  /* Two places of the unit square are nearer than r. */
  const double law = G_PI * r * r - 8 * pow(r, 3) / 3 + pow(r, 4) / 2;
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = NODES, .radius = r};
  double links = 0, next = 0, first = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    links += graph->links;
    for (uint32_t i = 0; i < graph->links; i++) {
      next += graph->edges[i].b == graph->edges[i].a + 1;
      first += graph->edges[i].a == 0;
    }
  }
  double pairs = NODES * (NODES - 1) / 2.0;
  cr_assert(fabs(links / SEEDS / pairs - law) < 0.01 * law, "%g, not %g", links / SEEDS / pairs,
            law);
  double alike = (NODES - 1) * SEEDS, deviation = sqrt(law * (1 - law) / alike);
  assert_near(next / alike, law, deviation, "nodes with ids next to each other");
  /* Places at edges have fewer links, so links of one node vary more than binomially. */
  assert_near(first / alike, law, 2 * deviation, "links of the first node");
}

Test(random_graphs, geometric_nodes_are_in_the_middle_alike) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 3, .radius = 0.5};
  uint32_t count[3] = {0};
  for (uint64_t seed = 0; seed < 3000; seed++) {
    g_autoptr(GsGraph) graph = make(spec, seed);
    g_autofree uint32_t *degree = degrees(graph);
    for (uint32_t i = 0; graph->links == 2 && i < 3; i++)
      count[i] += degree[i] == 2;
  }
  cr_assert_gt(count[0], 200);
  assert_even(count, 3, "middle of three");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdbool.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/topology/topology.h"

static GsGraph *make(const GsTopologySpec *spec) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = gs_topology_make(spec, &error);
  g_autofree char *what = gs_topology_describe(spec);
  cr_assert(graph, "%s: %s", what, error ? error->message : "no error");
  return graph;
}

static void assert_simple(const GsGraph *graph, const char *what) {
  for (uint32_t i = 0; i < graph->links; i++) {
    GsEdge edge = graph->edges[i];
    cr_assert(edge.a < edge.b && edge.b < graph->nodes, "%s: link %u", what, i);
    if (i > 0) {
      GsEdge last = graph->edges[i - 1];
      cr_assert(last.a < edge.a || (last.a == edge.a && last.b < edge.b), "%s: order at %u", what,
                i);
    }
  }
}

static uint32_t root(uint32_t *parent, uint32_t node) {
  while (parent[node] != node)
    node = parent[node] = parent[parent[node]];
  return node;
}

static uint32_t islands(const GsGraph *graph) {
  g_autofree uint32_t *parent = g_new(uint32_t, graph->nodes);
  uint32_t count = graph->nodes;
  for (uint32_t i = 0; i < graph->nodes; i++)
    parent[i] = i;
  for (uint32_t i = 0; i < graph->links; i++) {
    uint32_t a = root(parent, graph->edges[i].a), b = root(parent, graph->edges[i].b);
    if (a != b)
      count--;
    parent[a] = b;
  }
  return count;
}

static uint32_t degree(const GsGraph *graph, uint32_t node) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < graph->links; i++)
    count += graph->edges[i].a == node || graph->edges[i].b == node;
  return count;
}

static bool same(const GsGraph *one, const GsGraph *other) {
  return one->nodes == other->nodes && one->links == other->links &&
         memcmp(one->edges, other->edges, one->links * sizeof(GsEdge)) == 0;
}

/** Makes it and checks what every graph must be; `links` -1: any number. */
static void assert_graph(GsTopologySpec spec, uint32_t nodes, int64_t links, bool connected) {
  g_autofree char *what = gs_topology_describe(&spec);
  g_autoptr(GsGraph) graph = make(&spec);
  cr_assert_eq(graph->nodes, nodes, "%s: %u nodes", what, graph->nodes);
  cr_assert(links < 0 || graph->links == (uint64_t)links, "%s: %u links, not %d", what,
            graph->links, (int)links);
  cr_assert_null(graph->labels);
  cr_assert_eq(graph->parallel_dropped + graph->loops_dropped, 0);
  assert_simple(graph, what);
  if (connected)
    cr_assert_eq(islands(graph), 1, "%s: %u islands", what, islands(graph));
}

static void assert_refused(GsTopologySpec spec, int code, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = gs_topology_make(&spec, &error);
  cr_assert_null(graph, "%s", message);
  cr_assert(g_error_matches(error, GS_ERROR, code), "%s: %s", message,
            error ? error->message : "no error");
  cr_assert_str_eq(error->message, message);
}

Test(topology, the_fixed_families_have_the_links_that_their_formulas_say) {
  for (uint32_t n = 1; n <= 50; n++) {
    assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_LINE, .nodes = n}, n, n - 1, true);
    assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_RING, .nodes = n}, n, n < 3 ? n - 1 : n,
                 true);
    assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_STAR, .nodes = n}, n, n - 1, true);
    assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_COMPLETE, .nodes = n}, n, n * (n - 1) / 2,
                 true);
    for (uint32_t arity = 1; arity <= 4; arity++)
      assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_TREE, .nodes = n, .arity = arity}, n, n - 1,
                   true);
  }
}

/** Links along one dimension of a torus: none at 1, not twice the same at 2. */
static uint32_t around(uint32_t size) {
  return size < 3 ? size - 1 : size;
}

Test(topology, lattices_of_every_shape_are_simple_and_have_their_links) {
  for (uint32_t rows = 1; rows <= 7; rows++)
    for (uint32_t columns = 1; columns <= 7; columns++) {
      GsTopologySpec spec = {.kind = GS_TOPOLOGY_LATTICE, .rows = rows, .columns = columns};
      assert_graph(spec, rows * columns, rows * (columns - 1) + columns * (rows - 1), true);
      spec.nodes = rows * columns;
      spec.torus = true;
      assert_graph(spec, rows * columns, rows * around(columns) + columns * around(rows), true);
    }
}

Test(topology, nodes_of_a_lattice_are_counted_row_by_row) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_LATTICE, .rows = 2, .columns = 3};
  g_autoptr(GsGraph) graph = make(&spec);
  const GsEdge expected[] = {{0, 1}, {0, 3}, {1, 2}, {1, 4}, {2, 5}, {3, 4}, {4, 5}};
  cr_assert_eq(graph->links, G_N_ELEMENTS(expected));
  cr_assert_eq(memcmp(graph->edges, expected, sizeof expected), 0);
}

Test(topology, lines_stars_and_trees_begin_at_their_first_node) {
  GsTopologySpec spec = {.kind = GS_TOPOLOGY_TREE, .nodes = 7, .arity = 2};
  g_autoptr(GsGraph) tree = make(&spec);
  const GsEdge expected[] = {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}, {2, 6}};
  cr_assert_eq(memcmp(tree->edges, expected, sizeof expected), 0);
  spec = (GsTopologySpec){.kind = GS_TOPOLOGY_STAR, .nodes = 9};
  g_autoptr(GsGraph) star = make(&spec);
  cr_assert_eq(degree(star, 0), 8);
  spec = (GsTopologySpec){.kind = GS_TOPOLOGY_LINE, .nodes = 9};
  g_autoptr(GsGraph) line = make(&spec);
  for (uint32_t i = 0; i < 8; i++)
    cr_assert(line->edges[i].a == i && line->edges[i].b == i + 1);
}

Test(topology, random_families_have_the_links_that_their_formulas_say) {
  for (uint32_t n = 1; n <= 50; n++) {
    uint32_t all = n * (n - 1) / 2;
    GsTopologySpec random = {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = n, .seed = n};
    assert_graph(random, n, 0, false);
    random.p = 1;
    assert_graph(random, n, all, true);
    for (uint32_t links = 1; links <= all; links += 7) {
      random.links = links;
      assert_graph(random, n, links, false);
    }
    GsTopologySpec grown = {.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = n, .seed = n};
    for (grown.m = 1; grown.m < MIN(n, 6); grown.m++)
      assert_graph(grown, n, grown.m * n - grown.m * (grown.m + 1) / 2, true);
    GsTopologySpec small = {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = n, .seed = n};
    for (small.k = 2; small.k < n; small.k += 2)
      for (small.p = 0; small.p <= 1; small.p += 0.5)
        assert_graph(small, n, n * small.k / 2, small.p == 0);
    GsTopologySpec near = {.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = n, .seed = n};
    assert_graph(near, n, 0, false);
    near.radius = 1.5;
    assert_graph(near, n, all, true);
    near.radius = 0.3;
    assert_graph(near, n, -1, false);
  }
}

Test(topology, every_node_of_a_random_regular_graph_has_its_degree) {
  for (uint32_t n = 1; n <= 50; n++) {
    GsTopologySpec spec = {.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = n, .seed = n};
    for (spec.k = 0; spec.k < n; spec.k++) {
      if (n * spec.k % 2 != 0)
        continue;
      assert_graph(spec, n, n * spec.k / 2, false);
      g_autoptr(GsGraph) graph = make(&spec);
      for (uint32_t node = 0; node < n; node++)
        cr_assert_eq(degree(graph, node), spec.k, "n %u k %u node %u", n, spec.k, node);
    }
  }
}

static const GsTopologySpec random_specs[] = {
    {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 200, .p = 0.05},
    {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 200, .links = 900},
    {.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 200, .m = 2},
    {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 200, .k = 4, .p = 0.2},
    {.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = 200, .k = 3},
    {.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 200, .radius = 0.1},
};

Test(topology, the_same_seed_gives_the_same_graph_and_another_seed_another) {
  for (guint i = 0; i < G_N_ELEMENTS(random_specs); i++) {
    GsTopologySpec spec = random_specs[i];
    g_autofree char *what = gs_topology_describe(&spec);
    spec.seed = 42;
    g_autoptr(GsGraph) one = make(&spec);
    g_autoptr(GsGraph) again = make(&spec);
    spec.seed = UINT64_C(42) + (UINT64_C(1) << 40);
    g_autoptr(GsGraph) other = make(&spec);
    cr_assert(same(one, again), "%s", what);
    cr_assert_not(same(one, other), "%s", what);
  }
}

typedef struct {
  uint64_t seed;
  GsGraph *graphs[G_N_ELEMENTS(random_specs)];
} Work;

static void *make_all(void *data) {
  Work *work = data;
  for (guint i = 0; i < G_N_ELEMENTS(random_specs); i++) {
    GsTopologySpec spec = random_specs[i];
    spec.seed = work->seed;
    work->graphs[i] = gs_topology_make(&spec, NULL);
  }
  return NULL;
}

Test(topology, two_threads_at_once_get_what_they_would_get_one_after_the_other) {
  for (uint64_t round = 0; round < 10; round++) {
    Work alone[2] = {{.seed = round}, {.seed = round + 100}};
    Work both[2] = {{.seed = round}, {.seed = round + 100}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
      cr_assert_eq(pthread_create(&threads[i], NULL, make_all, &both[i]), 0);
    for (int i = 0; i < 2; i++)
      pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++) {
      make_all(&alone[i]);
      for (guint j = 0; j < G_N_ELEMENTS(random_specs); j++) {
        cr_assert(same(alone[i].graphs[j], both[i].graphs[j]));
        gs_graph_free(alone[i].graphs[j]);
        gs_graph_free(both[i].graphs[j]);
      }
    }
  }
}

Test(topology, impossible_graphs_are_refused_with_what_is_allowed) {
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_RING}, GS_ERROR_IMPOSSIBLE,
                 "ring: 0 nodes; there must be at least 1");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_TREE, .nodes = 3}, GS_ERROR_IMPOSSIBLE,
                 "tree: arity is 0; must be at least 1");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_LATTICE, .rows = 3}, GS_ERROR_IMPOSSIBLE,
                 "lattice: 3 rows and 0 columns; there must be at least 1 of each");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_LATTICE, .rows = 3, .columns = 3, .nodes = 8},
                 GS_ERROR_IMPOSSIBLE, "lattice: 8 nodes; 3 rows of 3 columns make 9");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 9, .p = 1.5},
                 GS_ERROR_IMPOSSIBLE, "erdos-renyi: p is 1.5; must be from 0 to 1");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 4, .links = 7},
                 GS_ERROR_IMPOSSIBLE, "erdos-renyi: 7 links; 4 nodes can have at most 6");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 4},
                 GS_ERROR_IMPOSSIBLE, "barabasi-albert: m is 0; must be at least 1");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 4, .m = 4},
                 GS_ERROR_IMPOSSIBLE,
                 "barabasi-albert: m is 4 with 4 nodes; m must be smaller than the number of "
                 "nodes");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 9, .k = 3},
                 GS_ERROR_IMPOSSIBLE, "watts-strogatz: k is 3; must be even and at least 2");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 4, .k = 4},
                 GS_ERROR_IMPOSSIBLE,
                 "watts-strogatz: k is 4 with 4 nodes; k must be smaller than the number of nodes");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = 5, .k = 3},
                 GS_ERROR_IMPOSSIBLE,
                 "random-regular: 5 nodes and k 3; nodes \u00d7 k must be even");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 5, .radius = -1},
                 GS_ERROR_IMPOSSIBLE, "geometric: radius is -1; must be at least 0");
}

Test(topology, graphs_that_are_too_large_are_refused_before_they_are_made) {
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_LINE, .nodes = GS_NODES_MAX + 1},
                 GS_ERROR_LIMIT, "line: 16777217 nodes; at most 16777216 are allowed");
  assert_refused(
      (GsTopologySpec){.kind = GS_TOPOLOGY_LATTICE, .rows = UINT32_MAX, .columns = UINT32_MAX},
      GS_ERROR_LIMIT, "lattice: 18446744065119617024 nodes; at most 16777216 are allowed");
  assert_refused((GsTopologySpec){.kind = GS_TOPOLOGY_COMPLETE, .nodes = 100000}, GS_ERROR_LIMIT,
                 "complete: 4999950000 links; at most 33554432 are allowed");
}

Test(topology, descriptions_say_what_was_asked_for) {
  const struct {
    GsTopologySpec spec;
    const char *text;
  } cases[] = {
      {{.kind = GS_TOPOLOGY_RING, .nodes = 1}, "ring, 1 node"},
      {{.kind = GS_TOPOLOGY_TREE, .nodes = 7, .arity = 2}, "tree, 7 nodes, arity=2"},
      {{.kind = GS_TOPOLOGY_LATTICE, .rows = 2, .columns = 3, .torus = true},
       "lattice, 6 nodes, 2\u00d73, torus"},
      {{.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 9, .p = 0.1}, "erdos-renyi, 9 nodes, p=0.1"},
      {{.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 9, .links = 20},
       "erdos-renyi, 9 nodes, links=20"},
      {{.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 9, .m = 2}, "barabasi-albert, 9 nodes, m=2"},
      {{.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 1000, .k = 4, .p = 0.1},
       "watts-strogatz, 1000 nodes, k=4, p=0.1"},
      {{.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = 8, .k = 3}, "random-regular, 8 nodes, k=3"},
      {{.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 8, .radius = 0.25},
       "geometric, 8 nodes, radius=0.25"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = gs_topology_describe(&cases[i].spec);
    cr_assert_str_eq(text, cases[i].text);
  }
  cr_assert_str_eq(gs_topology_kind_names[GS_TOPOLOGY_GEOMETRIC], "geometric");
  cr_assert_null(gs_topology_kind_names[GS_TOPOLOGY_FILE]);
}

Test(topology, a_million_nodes_take_seconds, .timeout = 120) {
  assert_graph((GsTopologySpec){.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 1000000, .m = 2},
               1000000, 1999997, true);
}

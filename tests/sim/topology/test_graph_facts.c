/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/scenario/scenario_graph.h"
#include "sim/topology/facts.h"
#include "sim/topology/graph.h"

static GsGraph *make(GsTopologySpec spec) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = gs_topology_make(&spec, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

static GsGraphFacts facts_of(const GsGraph *graph) {
  GsGraphFacts facts;
  g_autoptr(GError) error = NULL;
  cr_assert(gs_graph_facts(graph, &facts, &error), "%s", error ? error->message : "no error");
  return facts;
}

static GsGraphFacts facts_of_spec(GsTopologySpec spec) {
  g_autoptr(GsGraph) graph = make(spec);
  return facts_of(graph);
}

static void assert_near(double found, double wanted, const char *what) {
  cr_assert(fabs(found - wanted) <= 1e-8 * fabs(wanted), "%s: %.17g, not %.17g", what, found,
            wanted);
}

static bool equal(const GsGraphFacts *one, const GsGraphFacts *other) {
  return memcmp(one, other, sizeof *one) == 0;
}

/** Second-smallest eigenvalue of the Laplacian by Jacobi's rotations: slow, sure and short. */
static double connectivity(const GsGraph *graph) {
  uint32_t n = graph->nodes;
  g_autofree double *m = g_new0(double, (gsize)n *n);
  for (uint32_t i = 0; i < graph->links; i++) {
    uint32_t a = graph->edges[i].a, b = graph->edges[i].b;
    m[a * n + a]++;
    m[b * n + b]++;
    m[a * n + b] = m[b * n + a] = -1;
  }
  for (guint sweep = 0; sweep < 30; sweep++)
    for (uint32_t p = 0; p < n; p++)
      for (uint32_t q = p + 1; q < n; q++) {
        if (fabs(m[p * n + q]) < 1e-300)
          continue;
        double theta = 0.5 * atan2(2 * m[p * n + q], m[q * n + q] - m[p * n + p]);
        double c = cos(theta), s = sin(theta);
        for (uint32_t k = 0; k < n; k++) {
          double x = m[p * n + k], y = m[q * n + k];
          m[p * n + k] = c * x - s * y;
          m[q * n + k] = s * x + c * y;
        }
        for (uint32_t k = 0; k < n; k++) {
          double x = m[k * n + p], y = m[k * n + q];
          m[k * n + p] = c * x - s * y;
          m[k * n + q] = s * x + c * y;
        }
      }
  double first = INFINITY, second = INFINITY;
  for (uint32_t i = 0; i < n; i++) {
    double value = m[i * n + i];
    if (value < first) {
      second = first;
      first = value;
    } else if (value < second) {
      second = value;
    }
  }
  return second;
}

static bool linked(const GsGraph *graph, uint32_t a, uint32_t b) {
  for (uint32_t i = 0; i < graph->links; i++)
    if (graph->edges[i].a == MIN(a, b) && graph->edges[i].b == MAX(a, b))
      return true;
  return false;
}

/** All distances by relaxing links until nothing changes. */
static uint32_t *all_distances(const GsGraph *graph) {
  uint32_t n = graph->nodes;
  uint32_t *d = g_new(uint32_t, (gsize)n * n);
  for (uint32_t from = 0; from < n; from++) {
    uint32_t *row = d + (gsize)from * n;
    memset(row, 0xff, n * sizeof *row);
    row[from] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (uint32_t i = 0; i < 2 * graph->links; i++) {
        GsEdge edge = graph->edges[i / 2];
        uint32_t a = i % 2 ? edge.b : edge.a, b = i % 2 ? edge.a : edge.b;
        if (row[a] != UINT32_MAX && row[a] + 1 < row[b]) {
          row[b] = row[a] + 1;
          changed = true;
        }
      }
    }
  }
  return d;
}

static double clustering(const GsGraph *graph) {
  uint64_t triples = 0, closed = 0;
  for (uint32_t x = 0; x < graph->nodes; x++)
    for (uint32_t y = 0; y < graph->nodes; y++)
      for (uint32_t z = y + 1; z < graph->nodes; z++)
        if (y != x && z != x && linked(graph, x, y) && linked(graph, x, z)) {
          triples++;
          closed += linked(graph, y, z);
        }
  return triples > 0 ? (double)closed / (double)triples : 0;
}

/** Everything about the graph, worked out simply. */
static void assert_as_counted(const GsGraph *graph, const char *what) {
  uint32_t n = graph->nodes;
  GsGraphFacts facts = facts_of(graph);
  g_autofree uint32_t *d = all_distances(graph);
  g_autofree uint32_t *eccentricity = g_new(uint32_t, n);
  uint32_t components = 0, largest = 0, of_largest = 0, diameter = 0, radius = UINT32_MAX;
  uint64_t pairs = 0, sum = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t farthest = 0, size = 0, first = i;
    for (uint32_t k = 0; k < n; k++)
      if (d[i * n + k] != UINT32_MAX) {
        farthest = MAX(farthest, d[i * n + k]);
        size++;
        first = MIN(first, k);
        sum += d[i * n + k];
      }
    eccentricity[i] = farthest;
    pairs += size - 1;
    components += first == i;
    if (first == i && size > largest) {
      largest = size;
      of_largest = i;
    }
  }
  for (uint32_t i = 0; i < n; i++)
    if (d[of_largest * n + i] != UINT32_MAX) {
      diameter = MAX(diameter, eccentricity[i]);
      radius = MIN(radius, eccentricity[i]);
    }
  cr_assert_eq(facts.components, components, "%s", what);
  cr_assert_eq(facts.largest, largest, "%s", what);
  cr_assert_eq(facts.diameter, diameter, "%s", what);
  cr_assert_eq(facts.radius, radius, "%s", what);
  cr_assert(facts.distances_known);
  if (pairs > 0)
    assert_near(facts.mean_distance, (double)sum / (double)pairs, what);
  else
    cr_assert(isnan(facts.mean_distance));
  assert_near(facts.clustering, clustering(graph), what);
  if (components == 1 && n > 1)
    assert_near(facts.algebraic_connectivity, connectivity(graph), what);
  else
    cr_assert(n == 1 ? isnan(facts.algebraic_connectivity) : facts.algebraic_connectivity == 0);
}

Test(graph_facts, are_those_of_simple_graphs_in_closed_form) {
  for (uint32_t n = 3; n <= 40; n++) {
    GsGraphFacts line = facts_of_spec((GsTopologySpec){.kind = GS_TOPOLOGY_LINE, .nodes = n});
    cr_assert_eq(line.diameter, n - 1);
    cr_assert_eq(line.radius, n / 2);
    assert_near(line.mean_distance, (n + 1) / 3.0, "line");
    assert_near(line.algebraic_connectivity, 2 - 2 * cos(G_PI / n), "line");
    cr_assert_eq(line.degree_min, 1);
    cr_assert_eq(line.degree_max, 2);
    cr_assert_eq(line.clustering, 0);
    GsGraphFacts ring = facts_of_spec((GsTopologySpec){.kind = GS_TOPOLOGY_RING, .nodes = n});
    cr_assert_eq(ring.diameter, n / 2);
    cr_assert_eq(ring.radius, n / 2);
    assert_near(ring.algebraic_connectivity, 2 - 2 * cos(2 * G_PI / n), "ring");
    cr_assert_eq(ring.degree_mean, 2);
    cr_assert_eq(ring.clustering, n == 3);
    GsGraphFacts star = facts_of_spec((GsTopologySpec){.kind = GS_TOPOLOGY_STAR, .nodes = n});
    cr_assert_eq(star.diameter, 2);
    cr_assert_eq(star.radius, 1);
    assert_near(star.mean_distance, 2 - 2.0 / n, "star");
    assert_near(star.algebraic_connectivity, 1, "star");
    GsGraphFacts full = facts_of_spec((GsTopologySpec){.kind = GS_TOPOLOGY_COMPLETE, .nodes = n});
    cr_assert_eq(full.diameter, 1);
    cr_assert_eq(full.mean_distance, 1);
    cr_assert_eq(full.clustering, 1);
    cr_assert_eq(full.links, n * (n - 1) / 2);
    assert_near(full.algebraic_connectivity, n, "complete");
  }
}

Test(graph_facts, of_lattices_are_those_of_products) {
  static const uint32_t sizes[][2] = {{2, 3},   {3, 4},   {5, 9},  {7, 11},
                                      {10, 20}, {20, 30}, {40, 50}};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    uint32_t rows = sizes[i][0], columns = sizes[i][1];
    GsTopologySpec spec = {.kind = GS_TOPOLOGY_LATTICE, .rows = rows, .columns = columns};
    GsGraphFacts lattice = facts_of_spec(spec);
    cr_assert_eq(lattice.diameter, rows + columns - 2);
    assert_near(lattice.algebraic_connectivity, 2 - 2 * cos(G_PI / columns), "lattice");
    if (rows < 3)
      continue;
    spec.torus = true;
    GsGraphFacts torus = facts_of_spec(spec);
    cr_assert_eq(torus.diameter, rows / 2 + columns / 2);
    assert_near(torus.algebraic_connectivity, 2 - 2 * cos(2 * G_PI / columns), "torus");
  }
}

Test(graph_facts, of_random_graphs_are_as_counted) {
  for (uint64_t seed = 1; seed <= 6; seed++) {
    const GsTopologySpec specs[] = {
        {.kind = GS_TOPOLOGY_TREE, .nodes = 20 + (uint32_t)seed, .arity = 2},
        {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 30, .p = 0.07, .seed = seed},
        {.kind = GS_TOPOLOGY_ERDOS_RENYI, .nodes = 60, .p = 0.2, .seed = seed},
        {.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = 70, .m = 2, .seed = seed},
        {.kind = GS_TOPOLOGY_WATTS_STROGATZ, .nodes = 64, .k = 4, .p = 0.1, .seed = seed},
        {.kind = GS_TOPOLOGY_RANDOM_REGULAR, .nodes = 50, .k = 3, .seed = seed},
        {.kind = GS_TOPOLOGY_GEOMETRIC, .nodes = 60, .radius = 0.25, .seed = seed},
    };
    for (guint i = 0; i < G_N_ELEMENTS(specs); i++) {
      g_autoptr(GsGraph) graph = make(specs[i]);
      g_autofree char *what = gs_topology_describe(&specs[i]);
      assert_as_counted(graph, what);
    }
  }
}

static GsGraph *of_links(uint32_t nodes, const GsEdge *links, uint32_t count) {
  return gs_graph_new(nodes, g_memdup2(links, (count + 1) * sizeof *links), count);
}

Test(graph_facts, hold_for_one_node_for_two_and_for_islands) {
  static const GsEdge links[] = {{0, 1}, {1, 2}, {4, 5}, {5, 6}, {6, 7}, {4, 6}, {0, 0}};
  static const uint32_t cases[][2] = {{1, 0}, {2, 0}, {2, 1}, {3, 1}, {3, 2}, {8, 6}, {9, 5}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsGraph) graph = of_links(cases[i][0], links, cases[i][1]);
    assert_as_counted(graph, "listed");
  }
  g_autoptr(GsGraph) two = of_links(2, links, 1);
  cr_assert_eq(facts_of(two).algebraic_connectivity, 2);
}

Test(graph_facts, are_the_same_each_time) {
  for (uint32_t nodes = 40; nodes <= 2000; nodes = nodes * 7 / 2) {
    g_autoptr(GsGraph) graph =
        make((GsTopologySpec){.kind = GS_TOPOLOGY_BARABASI_ALBERT, .nodes = nodes, .m = 3});
    GsGraphFacts first = facts_of(graph);
    cr_assert(!isnan(first.algebraic_connectivity));
    for (guint i = 0; i < 3; i++) {
      /* Something else in between, since iteration keeps things of its own from call to call. */
      (void)facts_of_spec((GsTopologySpec){.kind = GS_TOPOLOGY_TREE, .nodes = 90 + i, .arity = 3});
      GsGraphFacts again = facts_of(graph);
      cr_assert(equal(&first, &again), "%u nodes", nodes);
    }
  }
}

Test(graph_facts, of_large_graphs_leave_out_what_would_take_too_long) {
  g_autoptr(GsGraph) graph = make((GsTopologySpec){.kind = GS_TOPOLOGY_RING, .nodes = 50000});
  GsGraphFacts facts = facts_of(graph);
  cr_assert(!facts.distances_known);
  cr_assert(isnan(facts.mean_distance));
  cr_assert_eq(facts.components, 1);
  assert_near(facts.algebraic_connectivity, 4 * pow(sin(G_PI / 50000), 2), "ring");
}

static GsGraph *graph_of(const char *text) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse(text, strlen(text), "test.json", NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no error");
  return gs_scenario_graph(scenario);
}

Test(graph_facts, of_a_scenario_count_the_links_that_it_will_make) {
  static const char nodes[] = "{\"nodes\": [{\"name\": \"A\"}, {\"name\": \"B\"}, {\"name\": "
                              "\"C\"}], \"links\": [[\"B\", \"A\"], [\"B\", \"C\"]]";
  static const struct {
    const char *rest;
    uint32_t links;
  } cases[] = {
      {"", 2},
      {"\"handshake\": {\"at\": 5, \"every\": 5}", 2},
      {"\"handshake\": {\"at\": 5, \"every\": 5}, \"until\": 9", 1},
      {"\"handshake\": {\"at\": 5, \"every\": 5}, \"until\": 4", 0},
      {"\"handshake\": {\"at\": 5, \"every\": 5}, \"until\": 10", 2},
      {"\"schedule\": [{\"at\": 1, \"add_sibling\": [\"C\", \"A\"]}]", 3},
      {"\"schedule\": [{\"at\": 1, \"add_sibling\": [\"A\", \"B\"]}]", 2},
      {"\"until\": 9, \"schedule\": [{\"at\": 10, \"add_sibling\": [\"C\", \"A\"]}]", 2},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strconcat(nodes, *cases[i].rest ? ", " : "", cases[i].rest, "}", NULL);
    g_autoptr(GsGraph) graph = graph_of(text);
    cr_assert_eq(graph->nodes, 3);
    cr_assert_eq(graph->links, cases[i].links, "%s: %u", text, graph->links);
    cr_assert_str_eq(graph->labels[2], "C");
    cr_assert_null(graph->labels[3]);
  }
}

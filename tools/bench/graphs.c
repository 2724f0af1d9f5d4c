/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "core/json/json_writer.h"
#include "sim/base/clock.h"
#include "tools/bench/bench.h"

/** What else there is to say of a kind. */
static const struct {
  const char *name, *parameters;
} kinds[] = {
    {"ring", ""},
    {"star", ""},
    {"complete", ""},
    {"tree", ""},
    {"barabasi-albert", ", \"m\": 2"},
    {"watts-strogatz", ", \"k\": 4, \"p\": 0.1"},
};

#define JITTER "\"jitter\": {\"exponential\": \"1ms\"}"
#define LATENCIES "\"latency\": {\"lognormal\": {\"median\": \"1ms\", \"sigma\": 0.5}}"
static const struct {
  const char *name, *members;
} networks[] = {
    {GS_BENCH_UNIFORM, "\"latency\": \"1ms\""},
    {"jitter", "\"latency\": \"1ms\", " JITTER},
    {"latencies", LATENCIES},
    {"both", LATENCIES ", " JITTER},
};

static const char *network_members(const char *network) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    if (!strcmp(networks[i].name, network))
      return networks[i].members;
  }
  gs_bench_require(false, "no network is called %s; there are uniform, jitter, latencies, both",
                   network);
  return NULL;
}

static char *quoted(const char *text) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
  gs_json_write_string(writer, text);
  return g_strdup(out->str);
}

/** The members of a topology in JSON, or NULL. */
static char *generated(const char *graph) {
  unsigned nodes, rows, columns;
  int end = 0;
  if (sscanf(graph, "lattice-%ux%u%n", &rows, &columns, &end) == 2 && !graph[end])
    return g_strdup_printf("\"kind\": \"lattice\", \"rows\": %u, \"columns\": %u", rows, columns);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    size_t length = strlen(kinds[i].name);
    end = 0;
    if (!strncmp(graph, kinds[i].name, length) && sscanf(graph + length, "-%u%n", &nodes, &end) &&
        end && !graph[length + (size_t)end])
      return g_strdup_printf("\"kind\": \"%s\", \"nodes\": %u%s", kinds[i].name, nodes,
                             kinds[i].parameters);
  }
  return NULL;
}

static GsScenario *load(const char *topology, const char *network, const char *schedule) {
  g_autofree char *text =
      g_strdup_printf("{\"topology\": {%s}, \"network\": {%s},"
                      " \"energy\": [{\"node\": \"*\", \"production\": {\"uniform\": [0, 10]}}],"
                      " \"schedule\": [%s]}",
                      topology, network, schedule);
  return gs_bench_parse(text);
}

/** A file's nodes have names of their own, in JSON here. */
static char *first_node(const char *topology) {
  g_autoptr(GsScenario) scenario = load(topology, network_members(GS_BENCH_UNIFORM), "");
  return quoted(scenario->nodes[0].name);
}

static GsScenario *load_work(const char *topology, const char *network, const char *first,
                             GsBenchWork work, double *load_s) {
  g_autofree char *schedule =
      work == GS_BENCH_WAVE
          ? g_strdup_printf("{\"at\": \"1s\", \"update_net\": %s}", first)
          : g_strdup_printf("{\"at\": \"1s\", \"node\": %s, \"production\": 25}", first);
  double before = gs_clock_s();
  GsScenario *scenario = load(topology, network, schedule);
  if (load_s)
    *load_s = gs_clock_s() - before;
  return scenario;
}

GsScenario *gs_bench_graph(const char *graph, const char *network, GsBenchWork work,
                           double *load_s) {
  const char *members = network_members(network);
  g_autofree char *kind = generated(graph);
  if (kind)
    return load_work(kind, members, "\"N1\"", work, load_s);
  g_autoptr(GString) names = g_string_new(" lattice-ROWSxCOLUMNS");
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    g_string_append_printf(names, " %s-NODES", kinds[i].name);
  gs_bench_require(g_file_test(graph, G_FILE_TEST_EXISTS),
                   "no graph or file is called %s; there are:%s", graph, names->str);
  g_autofree char *path = g_canonicalize_filename(graph, NULL);
  g_autofree char *name = quoted(path);
  g_autofree char *file = g_strdup_printf("\"file\": %s", name);
  g_autofree char *first = first_node(file);
  return load_work(file, members, first, work, load_s);
}

void gs_bench_print_edges(const char *graph) {
  g_autoptr(GsScenario) scenario = gs_bench_graph(graph, GS_BENCH_UNIFORM, GS_BENCH_UPDATE, NULL);
  printf("%u %u\n", scenario->node_count, scenario->link_count);
  for (uint32_t i = 0; i < scenario->link_count; i++)
    printf("%u %u\n", scenario->links[i].a + 1, scenario->links[i].b + 1);
}

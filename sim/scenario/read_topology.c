/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"
#include "sim/topology/family.h"

/** What each kind reads, in the order of GsTopologyKind. */
static const char *const *const members_of_kind[] = {
    [GS_TOPOLOGY_LINE] = (const char *const[]){"kind", "nodes", "seed", NULL},
    [GS_TOPOLOGY_RING] = (const char *const[]){"kind", "nodes", "seed", NULL},
    [GS_TOPOLOGY_STAR] = (const char *const[]){"kind", "nodes", "seed", NULL},
    [GS_TOPOLOGY_TREE] = (const char *const[]){"kind", "nodes", "arity", "seed", NULL},
    [GS_TOPOLOGY_LATTICE] = (const char *const[]){"kind", "rows", "columns", "torus", "seed", NULL},
    [GS_TOPOLOGY_COMPLETE] = (const char *const[]){"kind", "nodes", "seed", NULL},
    [GS_TOPOLOGY_ERDOS_RENYI] = (const char *const[]){"kind", "nodes", "p", "links", "seed", NULL},
    [GS_TOPOLOGY_BARABASI_ALBERT] = (const char *const[]){"kind", "nodes", "m", "seed", NULL},
    [GS_TOPOLOGY_WATTS_STROGATZ] = (const char *const[]){"kind", "nodes", "k", "p", "seed", NULL},
    [GS_TOPOLOGY_RANDOM_REGULAR] = (const char *const[]){"kind", "nodes", "k", "seed", NULL},
    [GS_TOPOLOGY_GEOMETRIC] = (const char *const[]){"kind", "nodes", "radius", "seed", NULL},
    [GS_TOPOLOGY_FILE] = (const char *const[]){"file", "format", "columns", "nodes", "unit", NULL},
};

static bool check_used(GsReader *reader, const GsJson *value, const char *const *used,
                       const char *who) {
  static const char *const all[] = {"kind",    "file",   "pypsa", "format", "nodes", "rows",
                                    "columns", "torus",  "arity", "p",      "links", "m",
                                    "k",       "radius", "seed",  "unit",   NULL};
  if (!gs_read_allowed(reader, value, all))
    return false;
  for (const GsJson *member = gs_json_first(value); member; member = gs_json_next(member)) {
    if (g_strv_contains(used, gs_json_key(member)))
      continue;
    g_autofree char *list = gs_quote_words(used, ", ");
    return gs_reader_fail(reader, member, "%s does not use \"%s\"; it uses %s", who,
                          gs_json_key(member), list);
  }
  return true;
}

static bool check_members(GsReader *reader, const GsJson *value, GsTopologyKind kind) {
  g_autofree char *who = g_strdup_printf("kind \"%s\"", gs_topology_kind_names[kind]);
  return check_used(reader, value, members_of_kind[kind], who);
}

/** Of what is read: a graph file, or the tables of a network. */
static bool check_file_members(GsReader *reader, const GsJson *value, bool tables) {
  static const char *const of_tables[] = {"pypsa", NULL};
  return check_used(reader, value, tables ? of_tables : members_of_kind[GS_TOPOLOGY_FILE],
                    tables ? "a network of PyPSA" : "a graph file");
}

static bool check_required(GsReader *reader, const GsJson *value, GsTopologyKind kind) {
  static const char *const required[] = {"nodes", "rows", "columns", "radius", NULL};
  g_autofree char *who = g_strdup_printf("kind \"%s\"", gs_topology_kind_names[kind]);
  for (guint i = 0; required[i]; i++)
    if (g_strv_contains(members_of_kind[kind], required[i]) && !gs_json_member(value, required[i]))
      return gs_reader_fail_missing(reader, value, required[i], who);
  if (kind != GS_TOPOLOGY_ERDOS_RENYI)
    return true;
  const GsJson *links = gs_json_member(value, "links");
  if (links && gs_json_member(value, "p"))
    return gs_reader_fail(reader, links, "found \"links\" and \"p\"; give one of them");
  if (!links && !gs_json_member(value, "p"))
    return gs_reader_fail_missing(reader, value, "p\" or \"links", who);
  return true;
}

static bool read_kind_and_size(GsReader *reader, const GsJson *value, GsTopologySpec *spec) {
  uint32_t most = reader->limits->max_nodes;
  return gs_read_count(reader, gs_json_member(value, "nodes"), 1, most, &spec->nodes) &&
         gs_read_count(reader, gs_json_member(value, "arity"), 1, most, &spec->arity) &&
         gs_read_count(reader, gs_json_member(value, "rows"), 1, most, &spec->rows) &&
         gs_read_count(reader, gs_json_member(value, "columns"), 1, most, &spec->columns) &&
         gs_read_bool(reader, gs_json_member(value, "torus"), &spec->torus) &&
         gs_read_number(reader, gs_json_member(value, "p"), 0, 1, &spec->p) &&
         gs_read_count(reader, gs_json_member(value, "links"), 1, reader->limits->max_links,
                       &spec->links) &&
         gs_read_count(reader, gs_json_member(value, "m"), 1, most, &spec->m) &&
         gs_read_count(reader, gs_json_member(value, "k"), 0, most, &spec->k) &&
         gs_read_number(reader, gs_json_member(value, "radius"), 0, 2, &spec->radius);
}

/** A file is named by a member of its own, so it is no kind. */
static bool read_kind(GsReader *reader, const GsJson *value, GsTopologyKind *kind) {
  const char *name = gs_json_type(value) == GS_JSON_STRING ? gs_json_string(value) : NULL;
  if (name && gs_family_find(name, kind))
    return true;
  g_autofree char *list = gs_family_list(), *meant = name ? gs_family_meant(name) : NULL;
  if (!meant)
    return gs_reader_fail_found(reader, value, list);
  g_autofree char *quoted = gs_quote(name);
  return gs_reader_fail(reader, value, "found %s; did you mean %s? It must be %s", quoted, meant,
                        list);
}

static bool read_generated(GsReader *reader, const GsJson *value, GsTopologySpec *spec) {
  GsTopologyKind kind;
  if (!read_kind(reader, gs_json_member(value, "kind"), &kind) ||
      !check_members(reader, value, kind) || !check_required(reader, value, kind))
    return false;
  *spec = gs_family_defaults(kind, 0);
  /* These are required, or one of two. */
  spec->p = kind == GS_TOPOLOGY_ERDOS_RENYI ? 0 : spec->p;
  int64_t seed = (int64_t)reader->scenario->seed;
  if (!read_kind_and_size(reader, value, spec) ||
      !gs_read_integer(reader, gs_json_member(value, "seed"), 0, GS_NODE_ID_MAX, &seed))
    return false;
  spec->seed = (uint64_t)seed;
  if (spec->kind == GS_TOPOLOGY_LATTICE) {
    uint64_t nodes = (uint64_t)spec->rows * spec->columns;
    if (nodes > reader->limits->max_nodes)
      return gs_reader_fail_limit(reader, value,
                                  "%" G_GUINT64_FORMAT " nodes; at most %u are allowed", nodes,
                                  reader->limits->max_nodes);
    spec->nodes = (uint32_t)nodes;
  }
  return true;
}

/** Names N1, N2, … of nodes that have none. */
static void number_nodes(GsScenario *scenario) {
  scenario->numbered = true;
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    char name[16], *at = name + sizeof name;
    *--at = '\0';
    for (uint32_t number = i + 1; number; number /= 10)
      *--at = (char)('0' + number % 10);
    *--at = 'N';
    scenario->nodes[i].name = g_string_chunk_insert(scenario->names, at);
  }
}

static bool take_nodes(GsReader *reader, const GsJson *value, const GsGraph *graph) {
  if (graph->nodes == 0)
    return gs_reader_fail(reader, value, "the graph has no nodes; must have at least one");
  if (graph->nodes > reader->limits->max_nodes)
    return gs_reader_fail_limit(reader, value, "%u nodes; at most %u are allowed", graph->nodes,
                                reader->limits->max_nodes);
  gs_reader_make_nodes(reader, graph->nodes);
  for (uint32_t i = 0; graph->labels && i < graph->nodes; i++)
    if (!gs_reader_name_node(reader, value, i, graph->labels[i]))
      return false;
  if (!graph->labels)
    number_nodes(reader->scenario);
  return true;
}

/** The graph's links become the scenario's. */
static bool take_links(GsReader *reader, const GsJson *value, GsGraph *graph) {
  GsScenario *scenario = reader->scenario;
  if (graph->links > reader->limits->max_links)
    return gs_reader_fail_limit(reader, value, "%u links; at most %u are allowed", graph->links,
                                reader->limits->max_links);
  scenario->links = g_steal_pointer(&graph->edges);
  scenario->link_count = graph->links;
  return true;
}

static GsGraph *generate(GsReader *reader, const GsJson *value) {
  GsTopologySpec spec;
  if (!read_generated(reader, value, &spec))
    return NULL;
  reader->scenario->topology = gs_topology_describe(&spec);
  reader->scenario->topology_kind = spec.kind;
  reader->scenario->topology_columns = spec.columns;
  g_autoptr(GError) problem = NULL;
  GsGraph *graph = gs_topology_make(&spec, &problem);
  if (!graph)
    gs_json_fail(reader->doc, value, reader->error, problem->code, "%s", problem->message);
  return graph;
}

/** Which of the three a topology is made of; NULL: none, or several, and the reader says so. */
static const GsJson *find_origin(GsReader *reader, const GsJson *value) {
  static const char *const origins[] = {"kind", "file", "pypsa"};
  const GsJson *found = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(origins); i++) {
    const GsJson *member = gs_json_member(value, origins[i]);
    if (member && found) {
      gs_reader_fail(reader, member, "found \"%s\" and \"%s\"; give one of them",
                     gs_json_key(found), origins[i]);
      return NULL;
    }
    found = member ? member : found;
  }
  if (!found)
    gs_reader_fail_missing(reader, value, "kind\", \"file\" or \"pypsa", "a topology");
  return found;
}

static GsGraph *read_origin(GsReader *reader, const GsJson *value, const char *origin) {
  if (strcmp(origin, "kind") == 0)
    return generate(reader, value);
  bool tables = strcmp(origin, "pypsa") == 0;
  if (!check_file_members(reader, value, tables))
    return NULL;
  return tables ? gs_read_pypsa(reader, value) : gs_read_graph_file(reader, value);
}

bool gs_read_topology(GsReader *reader, const GsJson *value) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_OBJECT)
    return gs_reader_fail_found(reader, value, "an object");
  const GsJson *origin = find_origin(reader, value);
  g_autoptr(GsGraph) graph = origin ? read_origin(reader, value, gs_json_key(origin)) : NULL;
  if (!graph || !take_nodes(reader, value, graph) || !take_links(reader, value, graph))
    return false;
  return gs_read_graph(reader, value, graph);
}

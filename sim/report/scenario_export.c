/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/scenario_export.h"

#include <math.h>

#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/scenario/chance.h"

/** Members that the nodes and links of a topology stand for, or that were about the text. */
static bool is_left_out(const char *key) {
  static const char *const left_out[] = {"$schema", "generator", "topology", "name", NULL};
  return g_strv_contains(left_out, key);
}

static void write_time(GsJsonWriter *json, double ns) {
  g_autofree char *text = gs_duration_format((int64_t)ns);
  gs_json_write_string(json, text);
}

/** In the form that says of latency and of jitter the same. */
static void write_delay(GsJsonWriter *json, const char *key, const GsDistribution *delay) {
  gs_json_write_key(json, key);
  gs_json_begin_object(json);
  switch (delay->kind) {
  case GS_DISTRIBUTION_UNIFORM:
    gs_json_write_key(json, "uniform");
    gs_json_begin_array(json);
    write_time(json, delay->a);
    write_time(json, delay->b);
    gs_json_end_array(json);
    break;
  case GS_DISTRIBUTION_LOGNORMAL:
    gs_json_write_key(json, "lognormal");
    gs_json_begin_object(json);
    gs_json_write_key(json, "median");
    write_time(json, delay->a);
    gs_json_member_double(json, "sigma", delay->b);
    gs_json_end_object(json);
    break;
  case GS_DISTRIBUTION_EXPONENTIAL:
    gs_json_write_key(json, "exponential");
    write_time(json, delay->a);
    break;
  case GS_DISTRIBUTION_CONSTANT:
  case GS_DISTRIBUTION_NORMAL: /* of energies only */
    gs_json_write_key(json, "constant");
    write_time(json, delay->a);
    break;
  }
  gs_json_end_object(json);
}

/** Where it is, as nodes of a scenario say it: y grows upwards. */
static void write_place(GsJsonWriter *json, const GsPlaces *places, uint32_t node) {
  if (!places || isnan(places->x[node]))
    return;
  bool earth = places->kind == GS_PLACES_ON_EARTH;
  double up = places->kind == GS_PLACES_DOWNWARD ? -1 : 1;
  gs_json_member_double(json, earth ? "longitude" : "x", places->x[node]);
  gs_json_member_double(json, earth ? "latitude" : "y", up * places->y[node]);
}

/** `drawn`: energies at the start are drawn by the member "energy", which stays. */
static void write_nodes(GsJsonWriter *json, const GsScenario *scenario, bool drawn) {
  gs_json_write_key(json, "nodes");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_int(json, "id", node->id);
    gs_json_member_string(json, "name", node->name);
    if (node->production != 0 && !drawn)
      gs_json_member_int(json, "production", node->production);
    if (node->consumption != 0 && !drawn)
      gs_json_member_int(json, "consumption", node->consumption);
    write_place(json, scenario->places, i);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_link(GsJsonWriter *json, const GsScenario *scenario, uint32_t link,
                       const GsLinkNetwork *own) {
  gs_json_compact_next(json);
  if (own) {
    gs_json_begin_object(json);
    gs_json_write_key(json, "between");
  }
  gs_json_begin_array(json);
  gs_json_write_string(json, scenario->nodes[scenario->links[link].a].name);
  gs_json_write_string(json, scenario->nodes[scenario->links[link].b].name);
  gs_json_end_array(json);
  if (!own)
    return;
  write_delay(json, "latency", &own->latency);
  write_delay(json, "jitter", &own->jitter);
  gs_json_end_object(json);
}

/** In the order in which handshakes make them. */
static void write_links(GsJsonWriter *json, const GsScenario *scenario) {
  guint next = 0;
  gs_json_write_key(json, "links");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    const GsOwnNetwork *own = next < scenario->own_networks->len
                                  ? &g_array_index(scenario->own_networks, GsOwnNetwork, next)
                                  : NULL;
    bool is_own = own && own->link == i;
    write_link(json, scenario, i, is_own ? &own->network : NULL);
    next += is_own;
  }
  gs_json_end_array(json);
}

/** The text with the overrides made. */
static GsJsonDoc *parse(const GsScenario *scenario, const char *text, gsize length,
                        const GsOverride *overrides, guint override_count, GError **error) {
  /* It has been read as a scenario, and is written out whole however long it is. */
  GsJsonLimits limits = {
      .max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .max_values = UINT64_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, scenario->source, &limits, error);
  if (!doc)
    return NULL;
  for (guint i = 0; i < override_count; i++)
    if (!gs_json_override(doc, overrides[i].path, overrides[i].value, error))
      return NULL;
  return g_steal_pointer(&doc);
}

bool gs_export_scenario(const GsScenario *scenario, const char *text, gsize length,
                        const GsOverride *overrides, guint override_count, GString *out,
                        GError **error) {
  g_autoptr(GsJsonDoc) doc = parse(scenario, text, length, overrides, override_count, error);
  if (!doc)
    return false;
  const GsJson *root = gs_json_root(doc);
  bool made = gs_json_member(root, "topology") != NULL;
  bool drawn = gs_json_member(root, "energy") && scenario->topology_kind != GS_TOPOLOGY_FILE;
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 2);
  gs_json_begin_object(json);
  gs_json_member_string(json, "name", scenario->name);
  for (const GsJson *member = gs_json_first(root); member; member = gs_json_next(member)) {
    if (is_left_out(gs_json_key(member)))
      continue;
    gs_json_write_key(json, gs_json_key(member));
    gs_json_write_value(json, member);
  }
  if (made && !gs_json_member(root, "unit") && scenario->topology_kind == GS_TOPOLOGY_FILE)
    gs_json_member_string(json, "unit", scenario->unit);
  if (made) {
    write_nodes(json, scenario, drawn);
    write_links(json, scenario);
  }
  gs_json_end_object(json);
  g_string_append_c(out, '\n');
  return true;
}

/** Members of which a graph has all, or that need a closer look. */
static bool is_in_graph(const char *key) {
  static const char *const there[] = {"$schema",  "generator", "name",    "nodes", "links",
                                      "topology", "energy",    "network", NULL};
  return g_strv_contains(there, key);
}

static bool is_drawn(const GsDistribution *latency) {
  return latency->kind != GS_DISTRIBUTION_CONSTANT;
}

static bool is_jitter(const GsDistribution *jitter) {
  return jitter->kind != GS_DISTRIBUTION_CONSTANT || jitter->a != 0;
}

static void add_network(GPtrArray *list, const GsScenario *scenario) {
  bool drawn = is_drawn(&scenario->latency), jitter = is_jitter(&scenario->jitter);
  for (guint i = 0; i < scenario->own_networks->len; i++) {
    const GsLinkNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, i).network;
    drawn |= is_drawn(&own->latency);
    jitter |= is_jitter(&own->jitter);
  }
  if (drawn)
    g_ptr_array_add(list, g_strdup("latencies that are drawn"));
  if (jitter)
    g_ptr_array_add(list, g_strdup("jitter"));
  if (!scenario->fifo)
    g_ptr_array_add(list, g_strdup("\"fifo\""));
}

static void add_nodes(GPtrArray *list, const GsScenario *scenario) {
  bool ids = false, http = false;
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    ids |= scenario->nodes[i].id != (int64_t)i + 1;
    http |= scenario->nodes[i].http != NULL;
  }
  if (ids)
    g_ptr_array_add(list, g_strdup("ids of nodes"));
  if (http)
    g_ptr_array_add(list, g_strdup("addresses of nodes"));
  if (scenario->energies_drawn)
    g_ptr_array_add(list, g_strdup("how energies are drawn"));
}

/** A graph has its links sorted; nodes come to know their siblings in the order of links. */
static void add_order(GPtrArray *list, const GsScenario *scenario) {
  for (uint32_t i = 1; i < scenario->link_count; i++) {
    const GsScenarioLink *before = &scenario->links[i - 1], *link = &scenario->links[i];
    if (before->a > link->a || (before->a == link->a && before->b > link->b)) {
      g_ptr_array_add(list, g_strdup("the order of links"));
      return;
    }
  }
}

char *gs_export_left_out(const GsScenario *scenario, const char *text, gsize length,
                         const GsOverride *overrides, guint override_count, GError **error) {
  g_autoptr(GsJsonDoc) doc = parse(scenario, text, length, overrides, override_count, error);
  if (!doc)
    return NULL;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  const GsJson *root = gs_json_root(doc);
  for (const GsJson *member = gs_json_first(root); member; member = gs_json_next(member)) {
    const char *key = gs_json_key(member);
    /* A seed from which nothing is drawn says nothing. */
    if (!is_in_graph(key) && (!g_str_equal(key, "seed") || gs_scenario_draws(scenario)))
      g_ptr_array_add(list, g_strdup_printf("\"%s\"", key));
  }
  add_network(list, scenario);
  add_nodes(list, scenario);
  add_order(list, scenario);
  GString *out = list->len ? g_string_new(NULL) : NULL;
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf(out, "%s%s",
                           i == 0               ? ""
                           : i + 1 == list->len ? " and "
                                                : ", ",
                           (const char *)list->pdata[i]);
  return out ? g_string_free(out, FALSE) : NULL;
}

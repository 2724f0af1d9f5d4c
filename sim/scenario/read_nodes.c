/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/address.h"
#include "core/limits.h"
#include "core/name.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

/** What must be unique among the nodes besides their names. */
typedef struct {
  GsReader *reader;
  GsIndexTable ids;
  GHashTable *http; /**< of their addresses, borrowed */
  GsReadPlaces *places;
} Unique;

void gs_reader_make_nodes(GsReader *reader, uint32_t count) {
  GsScenario *scenario = reader->scenario;
  scenario->nodes = g_new0(GsScenarioNode, count);
  scenario->node_count = count;
  for (uint32_t i = 0; i < count; i++)
    scenario->nodes[i].id = (int64_t)i + 1;
}

bool gs_reader_name_node(GsReader *reader, const GsJson *value, uint32_t index, const char *name) {
  GsScenario *scenario = reader->scenario;
  const char *problem = gs_name_problem(name);
  g_autofree char *quoted = NULL;
  if (problem) {
    quoted = gs_quote(name);
    return gs_reader_fail(reader, value, "the name %s %s; must be " GS_NAME_FORM, quoted, problem);
  }
  if (strcmp(name, "*") == 0)
    return gs_reader_fail(reader, value, "the name \"*\" means all nodes; choose another");
  if (!scenario->node_by_name.places)
    gs_index_table_init(&scenario->node_by_name, scenario->node_count);
  uint32_t other;
  if (!gs_scenario_find_node(scenario, name, &other)) {
    scenario->nodes[index].name = g_string_chunk_insert(scenario->names, name);
    gs_index_table_add(&scenario->node_by_name, gs_index_hash_text(name), index);
    return true;
  }
  quoted = gs_quote(name);
  return gs_reader_fail(reader, value, "two nodes have the name %s; names must differ", quoted);
}

static bool read_http(GsReader *reader, const GsJson *value, Unique *unique, char **http) {
  if (!value)
    return true;
  if (!gs_read_string(reader, value, http))
    return false;
  if (!gs_address_split(*http, 1, NULL, NULL))
    return gs_reader_fail_found(reader, value,
                                "an address " GS_ADDRESS_FORM ", such as \"127.0.0.1:8001\"");
  if (g_hash_table_add(unique->http, *http))
    return true;
  g_autofree char *quoted = gs_quote(*http);
  return gs_reader_fail(reader, value, "two nodes have the address %s; addresses must differ",
                        quoted);
}

static bool has_id(const void *nodes, uint32_t index, const void *id) {
  return ((const GsScenarioNode *)nodes)[index].id == *(const int64_t *)id;
}

static bool read_id(GsReader *reader, const GsJson *node, uint32_t index, Unique *unique) {
  int64_t *id = &reader->scenario->nodes[index].id;
  const GsJson *given = gs_json_member(node, "id");
  if (!gs_read_integer(reader, given, 0, GS_NODE_ID_MAX, id))
    return false;
  uint64_t hash = gs_index_hash_number((uint64_t)*id);
  uint32_t other;
  if (!gs_index_table_find(&unique->ids, hash, has_id, reader->scenario->nodes, id, &other)) {
    gs_index_table_add(&unique->ids, hash, index);
    return true;
  }
  return gs_reader_fail(reader, given ? given : node,
                        "two nodes have the id %" G_GINT64_FORMAT
                        "; ids must differ, and are the position from 1 where none is given",
                        *id);
}

static bool read_node(const GsJson *value, guint index, void *data) {
  static const char *const allowed[] = {
      "id", "name", "production", "consumption", "http", "longitude", "latitude", "x", "y", NULL};
  Unique *unique = data;
  GsReader *reader = unique->reader;
  GsScenarioNode *node = &reader->scenario->nodes[index];
  if (!gs_read_object(reader, value, allowed) || !read_id(reader, value, index, unique))
    return false;
  const GsJson *name = gs_json_member(value, "name");
  if (name && gs_json_type(name) != GS_JSON_STRING)
    return gs_reader_fail_found(reader, name, "a string");
  char number[32];
  const char *text = name ? gs_json_string(name) : number;
  if (!name)
    g_snprintf(number, sizeof number, "N%" G_GINT64_FORMAT, node->id);
  return gs_reader_name_node(reader, name ? name : value, index, text) &&
         gs_read_energy_number(reader, gs_json_member(value, "production"), 0, GS_ENERGY_MAX,
                               &node->production) &&
         gs_read_energy_number(reader, gs_json_member(value, "consumption"), 0, GS_ENERGY_MAX,
                               &node->consumption) &&
         read_http(reader, gs_json_member(value, "http"), unique, &node->http) &&
         gs_read_place(reader, value, index, unique->places);
}

bool gs_read_nodes(GsReader *reader, const GsJson *value) {
  if (!value)
    return true;
  if (!gs_read_array(reader, value, 1))
    return false;
  guint count = gs_json_count(value);
  if (count > reader->limits->max_nodes)
    return gs_reader_fail_limit(reader, value, "%u nodes; at most %u are allowed", count,
                                reader->limits->max_nodes);
  gs_reader_make_nodes(reader, count);
  GsReadPlaces places = {.x = NULL};
  Unique unique = {
      .reader = reader, .http = g_hash_table_new(g_str_hash, g_str_equal), .places = &places};
  gs_index_table_init(&unique.ids, count);
  bool good = gs_json_each(reader->doc, value, read_node, &unique);
  g_hash_table_unref(unique.http);
  gs_index_table_clear(&unique.ids);
  gs_read_places_finish(reader, value, &places);
  return good;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/quote.h"
#include "sim/scenario/read_util.h"

#define NAMES_LISTED 8

static const char *nearest_node(const GsScenario *scenario, const char *name) {
  /* Every other letter is near a single one. */
  if (g_utf8_strlen(name, -1) < 2)
    return NULL;
  g_autofree const char **names = g_new0(const char *, (gsize)scenario->node_count + 1);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    names[i] = scenario->nodes[i].name;
  return gs_nearest_word(name, names);
}

/** The nodes, or the first of many. */
static char *list_nodes(const GsScenario *scenario) {
  uint32_t count = scenario->node_count;
  g_autoptr(GString) out = g_string_new(NULL);
  for (uint32_t i = 0; i < MIN(count, NAMES_LISTED); i++) {
    g_autofree char *quoted = gs_quote(scenario->nodes[i].name);
    g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", quoted);
  }
  if (count <= NAMES_LISTED)
    return g_strdup_printf("allowed: %s", out->str);
  return g_strdup_printf("allowed: %s and %u more", out->str, count - NAMES_LISTED);
}

bool gs_reader_find_node(GsReader *reader, const GsJson *value, const char *name, uint32_t *node) {
  if (gs_scenario_find_node(reader->scenario, name, node))
    return true;
  if (strcmp(name, "*") == 0)
    return gs_reader_fail_found(reader, value, "the name of one node");
  g_autofree char *quoted = gs_quote(name);
  const char *nearest = nearest_node(reader->scenario, name);
  g_autofree char *suggestion = nearest ? gs_quote(nearest) : NULL;
  if (nearest)
    return gs_reader_fail(reader, value, "no node has the name %s; did you mean %s?", quoted,
                          suggestion);
  g_autofree char *list = list_nodes(reader->scenario);
  return gs_reader_fail(reader, value, "no node has the name %s; %s", quoted, list);
}

/** A name of a node. The value must be there. */
static bool read_node(GsReader *reader, const GsJson *value, uint32_t *node) {
  if (gs_json_type(value) != GS_JSON_STRING)
    return gs_reader_fail_found(reader, value, "the name of a node");
  return gs_reader_find_node(reader, value, gs_json_string(value), node);
}

bool gs_read_pair(GsReader *reader, const GsJson *value, uint32_t *a, uint32_t *b) {
  if (gs_json_type(value) != GS_JSON_ARRAY)
    return gs_reader_fail_found(reader, value, "an array of the names of two nodes");
  guint count = gs_json_count(value);
  if (count != 2)
    return gs_reader_fail(reader, value, "found an array of %u; must be the names of two nodes",
                          count);
  const GsJson *first = gs_json_first(value), *second = gs_json_next(first);
  if (!read_node(reader, first, a) || !read_node(reader, second, b))
    return false;
  if (*a != *b)
    return true;
  g_autofree char *quoted = gs_quote(gs_json_string(first));
  return gs_reader_fail(reader, second, "%s twice; a link is between two different nodes", quoted);
}

static bool read_list(GsReader *reader, const GsJson *array, GsNodeChoice *choice) {
  if (!gs_read_array(reader, array, 1))
    return false;
  g_autofree uint32_t *nodes = g_new(uint32_t, gs_json_count(array));
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  uint32_t count = 0;
  for (const GsJson *item = gs_json_first(array); item; item = gs_json_next(item)) {
    if (!read_node(reader, item, &nodes[count]))
      return false;
    if (!g_hash_table_add(seen, GUINT_TO_POINTER(nodes[count]))) {
      g_autofree char *quoted = gs_quote(gs_json_string(item));
      return gs_reader_fail(reader, item, "%s is listed twice; once is enough", quoted);
    }
    count++;
  }
  *choice = (GsNodeChoice){.nodes = g_steal_pointer(&nodes), .count = count};
  return true;
}

bool gs_read_nodes_chosen(GsReader *reader, const GsJson *value, GsNodeChoice *choice) {
  switch (gs_json_type(value)) {
  case GS_JSON_ARRAY:
    return read_list(reader, value, choice);
  case GS_JSON_STRING:
    break;
  default:
    return gs_reader_fail_found(reader, value, "the name of a node, an array of names, or \"*\"");
  }
  uint32_t node;
  if (strcmp(gs_json_string(value), "*") == 0) {
    *choice = (GsNodeChoice){.all = true};
    return true;
  }
  if (!read_node(reader, value, &node))
    return false;
  *choice = (GsNodeChoice){.nodes = g_memdup2(&node, sizeof node), .count = 1};
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/sweep_graph.h"

#include <string.h>

#include "core/json/json_writer.h"
#include "sim/base/source.h"
#include "sim/scenario/scenario_text.h"
#include "sim/topology/family.h"

static char *json_string(const char *text) {
  GString *json = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(json, 0);
  gs_json_write_string(writer, text);
  return g_string_free(json, FALSE);
}

/** The text of a JSON string; free with g_free. */
static char *string_of(const char *json) {
  GsJsonLimits limits = {.max_bytes = strlen(json), .max_depth = 1};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(json, strlen(json), NULL, &limits, NULL);
  const char *text = doc ? gs_json_string(gs_json_root(doc)) : NULL;
  return g_strdup(text ? text : json);
}

bool gs_axis_is_graph(const GsAxis *axis, const char *text, const char *path) {
  GsTopologyKind kind;
  return axis->kind == GS_AXIS_TOPOLOGY && !gs_family_find(text, &kind) &&
         gs_scenario_text_is_graph(path);
}

/** Takes `name` and `members`. */
static void add(GsAxis *axis, char *name, GPtrArray *members) {
  GsAxisValue *value = g_new0(GsAxisValue, 1);
  *value = (GsAxisValue){
      .text = name, .value = g_strdup(name), .topology = GS_TOPOLOGY_FILE, .members = members};
  g_ptr_array_add(axis->values, value);
}

void gs_axis_add_graph(GsAxis *axis, const char *path) {
  g_autoptr(GPtrArray) named = gs_scenario_text_members(path, path);
  GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < named->len; i += 2) {
    g_ptr_array_add(members, g_strdup(named->pdata[i]));
    g_ptr_array_add(members, json_string(named->pdata[i + 1]));
  }
  add(axis, gs_scenario_text_name(path), members);
}

void gs_axis_add_kept_graph(GsAxis *axis, GPtrArray *members) {
  g_autofree char *path = string_of(members->pdata[1]);
  /* A table of a network is in the folder that it is called by. */
  bool table = strcmp(members->pdata[0], "file") != 0;
  g_autofree char *folder = g_path_get_dirname(path);
  add(axis, gs_scenario_text_name(table ? folder : path), members);
}

/** Whether a member of a topology names a file. */
static bool names_file(const char *member) {
  return strcmp(member, "file") == 0 ||
         (g_str_has_prefix(member, "pypsa.") && strcmp(member, "pypsa.unused") != 0);
}

static void make_whole(GsAxisValue *value) {
  for (guint i = 0; i < value->members->len; i += 2) {
    if (!names_file(value->members->pdata[i]))
      continue;
    char **json = (char **)&value->members->pdata[i + 1];
    g_autofree char *path = string_of(*json);
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_free(*json);
    *json = json_string(whole);
  }
}

void gs_sweep_place_graphs(GsSweep *sweep) {
  const GsAxis *axis = gs_sweep_find_axis(sweep, GS_AXIS_TOPOLOGY);
  bool elsewhere = false;
  for (guint i = 0; i < sweep->bases->len; i++) {
    g_autofree char *folder = gs_source_folder(((GsSweepBase *)sweep->bases->pdata[i])->source);
    elsewhere |= strcmp(folder, ".") != 0;
  }
  if (!axis || !elsewhere || gs_input_files_sealed(sweep->files))
    return;
  for (guint i = 0; i < axis->values->len; i++) {
    GsAxisValue *value = axis->values->pdata[i];
    if (value->topology == GS_TOPOLOGY_FILE)
      make_whole(value);
  }
}

/* ---- Numbers of nodes ---- */

/** How many nodes the graph has, in a scenario that says nothing else. */
static bool count_nodes(const GsSweep *sweep, GsAxisValue *value, GError **error) {
  const GsSweepBase *base = sweep->bases->pdata[0];
  g_autoptr(GArray) overrides = g_array_new(FALSE, FALSE, sizeof(GsOverride));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < value->members->len; i += 2) {
    char *path = g_strconcat("topology.", (char *)value->members->pdata[i], NULL);
    g_ptr_array_add(paths, path);
    GsOverride one = {.path = path, .value = value->members->pdata[i + 1]};
    g_array_append_val(overrides, one);
  }
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.files = sweep->files;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse_within(&limits, "{}", 2, base->source,
                               (const GsOverride *)(void *)overrides->data, overrides->len, error);
  if (scenario)
    value->file_nodes = scenario->node_count;
  return scenario != NULL;
}

static bool has_number(const GsAxis *nodes, uint32_t number) {
  for (guint i = 0; i < nodes->values->len; i++) {
    const GsAxisValue *value = nodes->values->pdata[i];
    if ((uint32_t)value->number == number)
      return true;
  }
  return false;
}

static bool add_number(GsAxis *nodes, uint32_t number, GError **error) {
  g_autofree char *text = g_strdup_printf("%u", number);
  if (has_number(nodes, number))
    return true;
  if (!gs_axis_add(nodes, text, text, error))
    return false;
  GsAxisValue *added = nodes->values->pdata[nodes->values->len - 1];
  added->of_files_only = true;
  return true;
}

bool gs_sweep_number_graphs(GsSweep *sweep, GError **error) {
  const GsAxis *topology = gs_sweep_find_axis(sweep, GS_AXIS_TOPOLOGY);
  GsAxis *nodes = gs_sweep_find_axis(sweep, GS_AXIS_NODES);
  for (guint i = 0; topology && nodes && i < topology->values->len; i++) {
    GsAxisValue *value = topology->values->pdata[i];
    if (value->topology == GS_TOPOLOGY_FILE &&
        (!count_nodes(sweep, value, error) || !add_number(nodes, value->file_nodes, error)))
      return false;
  }
  return true;
}

static guint place_of(const GsSweep *sweep, GsAxisKind kind) {
  guint at = 0;
  while (at < sweep->axes->len && ((GsAxis *)sweep->axes->pdata[at])->kind != kind)
    at++;
  return at;
}

static void free_row(gpointer row) {
  g_strfreev(row);
}

void gs_sweep_drop_cells(GsSweep *sweep) {
  guint topology = place_of(sweep, GS_AXIS_TOPOLOGY), nodes = place_of(sweep, GS_AXIS_NODES);
  guint axes = sweep->axes->len;
  if (topology == axes || nodes == axes)
    return;
  uint32_t kept = 0;
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    const GsAxisValue *graph = gs_sweep_value(sweep, cell, topology);
    const GsAxisValue *number = gs_sweep_value(sweep, cell, nodes);
    bool of_file = graph->topology == GS_TOPOLOGY_FILE;
    if (of_file ? graph->file_nodes != (uint32_t)number->number : number->of_files_only)
      continue;
    uint32_t *cells = &g_array_index(sweep->cells, uint32_t, 0);
    memmove(cells + kept * axes, cells + cell * axes, axes * sizeof *cells);
    kept++;
  }
  if (kept == sweep->cell_count)
    return;
  sweep->cell_count = kept;
  g_array_set_size(sweep->cells, kept * axes);
  /* Not all combinations any more: who writes the sweep lists its cells. */
  sweep->listed = g_ptr_array_new_with_free_func(free_row);
}

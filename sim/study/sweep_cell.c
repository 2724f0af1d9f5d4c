/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/import/pypsa.h"
#include "sim/study/sweep.h"
#include "sim/study/sweep_keep.h"
#include "sim/topology/family.h"

/** What a cell changes in its base; owns its texts. */
typedef struct {
  const GsSweepBase *base;
  GArray *items;    /**< of GsOverride, borrowing from `texts` and the sweep */
  GPtrArray *texts; /**< of char * */
} Changes;

static void clear_changes(Changes *changes) {
  g_array_unref(changes->items);
  g_ptr_array_unref(changes->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Changes, clear_changes)

static void add(Changes *changes, const char *path, const char *value) {
  GsOverride item = {.path = path, .value = value};
  g_array_append_val(changes->items, item);
}

/** Takes `value`. */
static void add_text(Changes *changes, const char *path, char *value) {
  g_ptr_array_add(changes->texts, value);
  add(changes, path, value);
}

static void add_number(Changes *changes, const char *path, double value) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  add_text(changes, path, g_strdup(g_ascii_formatd(digits, sizeof digits, "%.6g", value)));
}

/** What a topology of the axis says about a member; NULL: nothing. */
static const char *find_member(const GsAxisValue *topology, const char *name) {
  for (guint i = 0; topology->members && i < topology->members->len; i += 2)
    if (g_str_equal(topology->members->pdata[i], name))
      return topology->members->pdata[i + 1];
  return NULL;
}

/** Families that need a parameter get the default for their size. */
static void add_parameters(Changes *changes, const GsAxisValue *topology, uint32_t nodes) {
  GsTopologySpec usual = gs_family_defaults(topology->topology, nodes);
  if (topology->topology == GS_TOPOLOGY_ERDOS_RENYI && !find_member(topology, "p") &&
      !find_member(topology, "links"))
    add_number(changes, "topology.p", usual.p);
  if (topology->topology == GS_TOPOLOGY_GEOMETRIC && !find_member(topology, "radius"))
    add_number(changes, "topology.radius", usual.radius);
}

/** The size of a topology of the axis: as the axis of nodes says, or it itself. */
static uint32_t size_of(const GsAxisValue *topology, const GsAxisValue *nodes) {
  if (nodes)
    return (uint32_t)nodes->number;
  const char *own = find_member(topology, "nodes");
  guint64 size = own ? g_ascii_strtoull(own, NULL, 10) : 0;
  return (uint32_t)MIN(size, GS_NODES_MAX);
}

static void add_nodes(Changes *changes, GsTopologyKind kind, uint32_t nodes) {
  if (kind != GS_TOPOLOGY_LATTICE) {
    add_text(changes, "topology.nodes", g_strdup_printf("%u", nodes));
    return;
  }
  GsTopologySpec usual = gs_family_defaults(kind, nodes);
  add_text(changes, "topology.rows", g_strdup_printf("%u", usual.rows));
  add_text(changes, "topology.columns", g_strdup_printf("%u", usual.columns));
}

/** The family that a base itself names; GS_TOPOLOGY_FILE: none. */
static GsTopologyKind kind_of_base(const GsSweepBase *base) {
  static const char *const read[] = {"topology", NULL};
  GsJsonLimits limits = {
      .max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .read_members = read};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(base->text, base->length, NULL, &limits, NULL);
  const GsJson *topology = doc ? gs_json_member(gs_json_root(doc), "topology") : NULL;
  const GsJson *kind = topology ? gs_json_member(topology, "kind") : NULL;
  const char *name = kind ? gs_json_string(kind) : NULL;
  GsTopologyKind found;
  return name && gs_family_find(name, &found) ? found : GS_TOPOLOGY_FILE;
}

static void add_topology(Changes *changes, const GsAxisValue *topology) {
  add(changes, "topology", NULL);
  if (topology->topology != GS_TOPOLOGY_FILE)
    add(changes, "topology.kind", gs_topology_kind_names[topology->topology]);
  for (guint i = 0; topology->members && i < topology->members->len; i += 2) {
    char *path = g_strconcat("topology.", (char *)topology->members->pdata[i], NULL);
    g_ptr_array_add(changes->texts, path);
    add(changes, path, topology->members->pdata[i + 1]);
  }
}

static const GsAxisValue *value_on(const GsSweep *sweep, uint32_t cell, GsAxisKind kind) {
  for (guint a = 0; a < sweep->axes->len; a++)
    if (((GsAxis *)sweep->axes->pdata[a])->kind == kind)
      return gs_sweep_value(sweep, cell, a);
  return NULL;
}

static const GsSweepBase *base_of(const GsSweep *sweep, uint32_t cell) {
  const GsAxisValue *scenario = value_on(sweep, cell, GS_AXIS_SCENARIO);
  for (guint i = 0; scenario && i < sweep->bases->len; i++) {
    const GsSweepBase *base = sweep->bases->pdata[i];
    if (g_str_equal(base->name, scenario->text))
      return base;
  }
  return sweep->bases->pdata[0];
}

/** What makes a cell out of its base, but for the seed. */
static Changes changes_of(const GsSweep *sweep, uint32_t cell) {
  Changes changes = {.base = base_of(sweep, cell),
                     .items = g_array_new(FALSE, FALSE, sizeof(GsOverride)),
                     .texts = g_ptr_array_new_with_free_func(g_free)};
  const GsAxisValue *topology = value_on(sweep, cell, GS_AXIS_TOPOLOGY);
  const GsAxisValue *nodes = value_on(sweep, cell, GS_AXIS_NODES);
  if (topology)
    add_topology(&changes, topology);
  bool of_file = topology && topology->topology == GS_TOPOLOGY_FILE;
  if (nodes && !of_file)
    add_nodes(&changes, topology ? topology->topology : kind_of_base(changes.base),
              (uint32_t)nodes->number);
  if (topology && !of_file)
    add_parameters(&changes, topology, size_of(topology, nodes));
  for (guint i = 0; i < sweep->overrides->len; i += 2)
    add(&changes, sweep->overrides->pdata[i], sweep->overrides->pdata[i + 1]);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    if (axis->kind == GS_AXIS_PATH)
      add(&changes, axis->path, gs_sweep_value(sweep, cell, a)->value);
  }
  return changes;
}

GsScenario *gs_sweep_scenario(const GsSweep *sweep, uint32_t cell, uint32_t repetition,
                              GError **error) {
  g_auto(Changes) changes = changes_of(sweep, cell);
  uint64_t seed = gs_sweep_seed(sweep, cell, repetition);
  add_text(&changes, "seed", g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)seed));
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.files = sweep->files;
  return gs_scenario_parse_within(
      &limits, changes.base->text, changes.base->length, changes.base->source,
      (const GsOverride *)(void *)changes.items->data, changes.items->len, error);
}

/** Lets the scenario name the file at the member by what it is called where it is kept. */
static bool name_kept_file(GsJsonDoc *doc, const GsSweepBase *base, const char *inputs_at,
                           const char *path, GError **error) {
  g_auto(GStrv) words = g_strsplit(path, ".", -1);
  const GsJson *value = gs_json_root(doc);
  for (char **word = words; *word && value; word++)
    value = gs_json_member(value, *word);
  const char *named = value ? gs_json_string(value) : NULL;
  const GsInputFile *input = named ? gs_sweep_base_input(base, named) : NULL;
  if (!input)
    return true;
  g_autofree char *name = gs_sweep_kept_name(input->named, input->fingerprint);
  g_autofree char *kept = g_build_filename(inputs_at, name, NULL);
  return gs_json_override(doc, path, kept, error);
}

static bool name_kept(GsJsonDoc *doc, const GsSweepBase *base, const char *inputs_at,
                      GError **error) {
  if (!name_kept_file(doc, base, inputs_at, "topology.file", error) ||
      !name_kept_file(doc, base, inputs_at, "topology.nodes.file", error))
    return false;
  for (GsPypsaTable table = 0; table < GS_PYPSA_TABLES; table++) {
    g_autofree char *path = g_strconcat("topology.pypsa.", gs_pypsa_table_name(table), NULL);
    if (!name_kept_file(doc, base, inputs_at, path, error))
      return false;
  }
  return true;
}

char *gs_sweep_scenario_text(const GsSweep *sweep, uint32_t cell, const char *inputs_at,
                             GError **error) {
  g_auto(Changes) changes = changes_of(sweep, cell);
  uint64_t seed = gs_sweep_seed(sweep, cell, 0);
  add_text(&changes, "seed", g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)seed));
  add(&changes, "$schema", NULL);
  /* Its members are known, and written out whole however long they are. */
  GsJsonLimits limits = {
      .max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .max_values = UINT64_MAX};
  const GsSweepBase *base = changes.base;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(base->text, base->length, base->source, &limits, error);
  if (!doc)
    return NULL;
  for (guint i = 0; i < changes.items->len; i++) {
    const GsOverride *item = &g_array_index(changes.items, GsOverride, i);
    if (!gs_json_override(doc, item->path, item->value, error))
      return NULL;
  }
  if (inputs_at && !name_kept(doc, base, inputs_at, error))
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(text, 2);
  gs_json_write_value(writer, gs_json_root(doc));
  g_string_append_c(text, '\n');
  return g_strdup(text->str);
}

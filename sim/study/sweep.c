/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/sweep.h"

#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/scenario/scenario_text.h"
#include "sim/study/sweep_graph.h"
#include "sim/topology/family.h"

const char gs_sweep_builtin[] =
    "{\n"
    "  \"name\": \"compare\",\n"
    "  \"network\": {\"latency\": \"1ms\"},\n"
    "  \"energy\": [\n"
    "    {\"node\": \"*\", \"production\": {\"uniform\": [0, 20]}, \"consumption\": {\"uniform\": "
    "[0, 20]}}\n"
    "  ],\n"
    "  \"schedule\": [{\"at\": \"1s\", \"node\": {\"random\": 1}, \"production\": 100}]\n"
    "}\n";
const char gs_sweep_builtin_words[] =
    "A grid at rest; then one node, drawn at random, produces 100.";

/** Sizes that topologies are compared at unless others are asked for. */
static const char *const usual_nodes[] = {"8", "16", "32", "64", "128", NULL};

void gs_axis_value_free(gpointer data) {
  GsAxisValue *value = data;
  g_free(value->text);
  g_free(value->value);
  g_clear_pointer(&value->members, g_ptr_array_unref);
  g_free(value);
}

static void axis_free(gpointer data) {
  GsAxis *axis = data;
  g_free(axis->path);
  g_ptr_array_unref(axis->values);
  g_free(axis);
}

static void base_free(gpointer data) {
  GsSweepBase *base = data;
  g_free(base->source);
  g_free(base->name);
  g_free(base->text);
  g_ptr_array_unref(base->inputs);
  g_free(base);
}

GsSweep *gs_sweep_new(void) {
  GsSweep *sweep = g_new0(GsSweep, 1);
  sweep->bases = g_ptr_array_new_with_free_func(base_free);
  sweep->axes = g_ptr_array_new_with_free_func(axis_free);
  sweep->overrides = g_ptr_array_new_with_free_func(g_free);
  sweep->cells = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  sweep->files = gs_input_files_new();
  sweep->seed = 1;
  sweep->repeat = GS_SWEEP_REPEAT;
  sweep->repeat_most = GS_SWEEP_REPEAT_MOST;
  return sweep;
}

void gs_sweep_free(GsSweep *sweep) {
  if (!sweep)
    return;
  g_free(sweep->name);
  g_free(sweep->about);
  g_free(sweep->sort);
  g_ptr_array_unref(sweep->bases);
  g_ptr_array_unref(sweep->axes);
  g_ptr_array_unref(sweep->overrides);
  g_array_unref(sweep->cells);
  g_clear_pointer(&sweep->listed, g_ptr_array_unref);
  gs_input_files_free(sweep->files);
  g_free(sweep);
}

/** "folder/ring.json": "ring"; the whole path where another base has that name. */
static char *name_of_base(const GsSweep *sweep, const char *source) {
  g_autofree char *name = gs_scenario_text_name(source);
  for (guint i = 0; i < sweep->bases->len; i++)
    if (g_str_equal(((GsSweepBase *)sweep->bases->pdata[i])->name, name))
      return g_strdup(source);
  return g_steal_pointer(&name);
}

void gs_sweep_add_base(GsSweep *sweep, const char *source, char *text, gsize length) {
  GsSweepBase *base = g_new0(GsSweepBase, 1);
  base->source = g_strdup(source);
  base->name = name_of_base(sweep, source);
  base->text = text;
  base->length = length;
  base->inputs = g_ptr_array_new_with_free_func(gs_input_file_free);
  g_ptr_array_add(sweep->bases, base);
}

bool gs_sweep_add_file(GsSweep *sweep, const char *path, GError **error) {
  GString *text = gs_scenario_text_read(path, error);
  if (!text)
    return false;
  gsize length = text->len;
  gs_sweep_add_base(sweep, path, g_string_free(text, FALSE), length);
  return true;
}

const GsInputFile *gs_sweep_base_input(const GsSweepBase *base, const char *named) {
  for (guint i = 0; i < base->inputs->len; i++) {
    const GsInputFile *input = base->inputs->pdata[i];
    if (g_str_equal(input->named, named))
      return input;
  }
  return NULL;
}

void gs_sweep_set(GsSweep *sweep, const char *path, const char *value) {
  g_ptr_array_add(sweep->overrides, g_strdup(path));
  g_ptr_array_add(sweep->overrides, g_strdup(value));
}

/* ---- Axes ---- */

static GsAxisKind kind_of_path(const char *path) {
  if (g_str_equal(path, "scenario"))
    return GS_AXIS_SCENARIO;
  if (g_str_equal(path, "topology"))
    return GS_AXIS_TOPOLOGY;
  if (g_str_equal(path, "nodes"))
    return GS_AXIS_NODES;
  return g_str_equal(path, "seed") ? GS_AXIS_SEED : GS_AXIS_PATH;
}

GsAxis *gs_sweep_axis(GsSweep *sweep, const char *path) {
  for (guint i = 0; i < sweep->axes->len; i++) {
    GsAxis *axis = sweep->axes->pdata[i];
    if (g_str_equal(axis->path, path))
      return axis;
  }
  GsAxis *axis = g_new0(GsAxis, 1);
  axis->kind = kind_of_path(path);
  axis->path = g_strdup(path);
  axis->values = g_ptr_array_new_with_free_func(gs_axis_value_free);
  g_ptr_array_add(sweep->axes, axis);
  return axis;
}

GsAxis *gs_sweep_find_axis(const GsSweep *sweep, GsAxisKind kind) {
  for (guint i = 0; i < sweep->axes->len; i++) {
    GsAxis *axis = sweep->axes->pdata[i];
    if (axis->kind == kind)
      return axis;
  }
  return NULL;
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool fail(GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autoptr(GError) own = g_error_new_valist(GS_ERROR, GS_ERROR_INPUT, format, args);
  va_end(args);
  /* Paths are keys of a file and may hold anything; a message is one line. */
  for (char *at = own->message; *at; at++)
    if (g_ascii_iscntrl(*at))
      *at = ' ';
  g_propagate_error(error, g_steal_pointer(&own));
  return false;
}

static bool read_topology(GsAxisValue *value, GError **error) {
  if (gs_family_find(value->text, &value->topology))
    return true;
  g_autofree char *quoted = gs_quote(value->text), *list = gs_family_list();
  g_autofree char *meant = gs_family_meant(value->text);
  if (!meant)
    return fail(error, "%s is no topology; give %s, or a graph file", quoted, list);
  return fail(error, "%s is no topology; did you mean %s? Give %s, or a graph file", quoted, meant,
              list);
}

static bool read_whole(const char *text, uint64_t least, uint64_t most, const char *what,
                       GError **error) {
  guint64 number;
  if (*text && text[strspn(text, "0123456789")] == '\0' &&
      g_ascii_string_to_unsigned(text, 10, least, most, &number, NULL))
    return true;
  g_autofree char *quoted = gs_quote(text);
  return fail(error,
              "%s is no %s; give a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
              quoted, what, (guint64)least, (guint64)most);
}

static bool check_value(const GsAxis *axis, GsAxisValue *value, GError **error) {
  if (!*value->text)
    return fail(error, "an empty value");
  if (!g_utf8_validate(value->text, -1, NULL))
    return fail(error, "this is not valid UTF-8");
  if (axis->kind == GS_AXIS_TOPOLOGY)
    return read_topology(value, error);
  if (axis->kind == GS_AXIS_NODES)
    return read_whole(value->text, 1, GS_NODES_MAX, "number of nodes", error);
  if (axis->kind == GS_AXIS_SEED)
    return read_whole(value->text, 0, GS_NODE_ID_MAX - GS_SWEEP_REPEAT_MAX, "seed", error);
  return true;
}

/** Whether all of a text is a number, as JSON writes it, or a percentage. */
static bool is_number(const char *text, double *number) {
  char *end;
  if (!strchr("-0123456789", text[0]))
    return false;
  *number = g_ascii_strtod(text, &end);
  if (end != text && g_str_equal(end, "%")) {
    *number /= 100;
    return true;
  }
  return *end == '\0' && end != text;
}

bool gs_axis_add(GsAxis *axis, const char *text, const char *value, GError **error) {
  GsAxisValue *added = g_new0(GsAxisValue, 1);
  added->text = g_strdup(text);
  added->value = g_strdup(value);
  added->is_number = is_number(text, &added->number);
  if (!check_value(axis, added, error)) {
    gs_axis_value_free(added);
    return false;
  }
  g_ptr_array_add(axis->values, added);
  return true;
}

void gs_axis_add_member(GsAxis *axis, const char *name, const char *text, const char *value) {
  GsAxisValue *last = axis->values->pdata[axis->values->len - 1];
  if (!last->members)
    last->members = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(last->members, g_strdup(name));
  g_ptr_array_add(last->members, g_strdup(value));
  g_autofree char *before = last->text;
  last->text = g_strdup_printf("%s %s=%s", before, name, text);
}

/* ---- Cells ---- */

static bool check_axis(const GsAxis *axis, GError **error) {
  if (axis->values->len == 0)
    return fail(error, "%s: no values; give at least one", axis->path);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < axis->values->len; i++) {
    const GsAxisValue *value = axis->values->pdata[i];
    if (!g_hash_table_add(seen, value->text)) {
      g_autofree char *quoted = gs_quote(value->text);
      return fail(error, "%s: %s is given twice", axis->path, quoted);
    }
  }
  return true;
}

static bool too_many(uint64_t cells, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%" G_GUINT64_FORMAT " cells or more; at most %u are allowed", (guint64)cells,
              GS_SWEEP_CELLS_MAX);
  return false;
}

static bool make_grid(GsSweep *sweep, GError **error) {
  uint64_t count = 1;
  for (guint a = 0; a < sweep->axes->len; a++) {
    count *= ((GsAxis *)sweep->axes->pdata[a])->values->len;
    if (count > GS_SWEEP_CELLS_MAX)
      return too_many(count, error);
  }
  sweep->cell_count = (uint32_t)count;
  g_array_set_size(sweep->cells, (guint)(count * sweep->axes->len));
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    uint32_t rest = cell;
    for (guint a = sweep->axes->len; a-- > 0;) {
      guint values = ((GsAxis *)sweep->axes->pdata[a])->values->len;
      g_array_index(sweep->cells, uint32_t, cell * sweep->axes->len + a) = rest % values;
      rest /= values;
    }
  }
  return true;
}

/** Cells as a file lists them: rows of texts, in the order of the axes. */
static bool make_listed(GsSweep *sweep, GError **error) {
  if (sweep->listed->len > GS_SWEEP_CELLS_MAX)
    return too_many(sweep->listed->len, error);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < sweep->listed->len; i++) {
    char **row = sweep->listed->pdata[i];
    g_autofree char *key = g_strjoinv("\n", row);
    if (!g_hash_table_add(seen, g_steal_pointer(&key)))
      return fail(error, "cells: number %u (counted from 0) is there twice", i);
    for (guint a = 0; a < sweep->axes->len; a++) {
      const GsAxis *axis = sweep->axes->pdata[a];
      uint32_t at = 0;
      while (!g_str_equal(((GsAxisValue *)axis->values->pdata[at])->text, row[a]))
        at++;
      g_array_append_val(sweep->cells, at);
    }
  }
  sweep->cell_count = sweep->listed->len;
  return true;
}

static void add_usual(GsSweep *sweep) {
  if (sweep->bases->len == 0) {
    gs_sweep_add_base(sweep, "compare", g_strdup(gs_sweep_builtin), strlen(gs_sweep_builtin));
    GsAxis *topology = gs_sweep_axis(sweep, "topology");
    bool all = topology->values->len == 0;
    for (int kind = 0; all && gs_topology_kind_names[kind]; kind++)
      gs_axis_add(topology, gs_topology_kind_names[kind], gs_topology_kind_names[kind], NULL);
  }
}

/** Whether a topology of the axis, or the bases, say how many nodes there are. */
static bool has_sizes(const GsSweep *sweep) {
  const GsAxis *topology = gs_sweep_find_axis(sweep, GS_AXIS_TOPOLOGY);
  for (guint i = 0; topology && i < topology->values->len; i++) {
    const GsAxisValue *value = topology->values->pdata[i];
    bool sized = value->topology == GS_TOPOLOGY_FILE;
    for (guint m = 0; value->members && m < value->members->len; m += 2)
      sized |= g_str_equal(value->members->pdata[m], "nodes") ||
               g_str_equal(value->members->pdata[m], "rows");
    if (!sized)
      return false;
  }
  return true;
}

/** Cells that are listed say all themselves: nothing is filled in. */
static bool check_listed(const GsSweep *sweep, GError **error) {
  const char *missing = NULL;
  if (sweep->bases->len == 0 && !gs_sweep_find_axis(sweep, GS_AXIS_TOPOLOGY))
    missing = "\"topology\", as there is no \"scenario\"";
  else if (!gs_sweep_find_axis(sweep, GS_AXIS_NODES) && !has_sizes(sweep))
    missing = "\"nodes\", as their topologies do not say how many";
  if (missing)
    return fail(error, "cells: each must have %s", missing);
  if (sweep->bases->len > 1 && !gs_sweep_find_axis(sweep, GS_AXIS_SCENARIO))
    return fail(error, "cells: they are of one \"scenario\", but %u are given", sweep->bases->len);
  return true;
}

bool gs_sweep_finish(GsSweep *sweep, GError **error) {
  if (sweep->listed && !check_listed(sweep, error))
    return false;
  add_usual(sweep);
  if (!gs_sweep_find_axis(sweep, GS_AXIS_NODES) && !has_sizes(sweep)) {
    GsAxis *nodes = gs_sweep_axis(sweep, "nodes");
    for (guint i = 0; usual_nodes[i]; i++)
      gs_axis_add(nodes, usual_nodes[i], usual_nodes[i], NULL);
  }
  gs_sweep_place_graphs(sweep);
  if (sweep->bases->len > 1) {
    GsAxis *scenario = gs_sweep_axis(sweep, "scenario");
    g_ptr_array_set_size(scenario->values, 0);
    for (guint i = 0; i < sweep->bases->len; i++) {
      const char *name = ((GsSweepBase *)sweep->bases->pdata[i])->name;
      if (!gs_axis_add(scenario, name, name, error))
        return false;
    }
  }
  if (sweep->axes->len == 0) { /* one scenario, repeated */
    GsAxis *scenario = gs_sweep_axis(sweep, "scenario");
    const char *name = ((GsSweepBase *)sweep->bases->pdata[0])->name;
    if (!gs_axis_add(scenario, name, name, error))
      return false;
  }
  if (!sweep->listed && !gs_sweep_number_graphs(sweep, error))
    return false;
  for (guint a = 0; a < sweep->axes->len; a++)
    if (!check_axis(sweep->axes->pdata[a], error))
      return false;
  sweep->repeat_most = MAX(sweep->repeat_most, sweep->repeat);
  if (sweep->listed)
    return make_listed(sweep, error);
  if (!make_grid(sweep, error))
    return false;
  gs_sweep_drop_cells(sweep);
  return true;
}

const GsAxisValue *gs_sweep_value(const GsSweep *sweep, uint32_t cell, uint32_t axis) {
  uint32_t index = g_array_index(sweep->cells, uint32_t, cell * sweep->axes->len + axis);
  return ((GsAxis *)sweep->axes->pdata[axis])->values->pdata[index];
}

char *gs_sweep_key(const GsSweep *sweep, uint32_t cell) {
  GString *key = g_string_new(NULL);
  for (guint a = 0; a < sweep->axes->len; a++)
    g_string_append_printf(key, "%s%s=%s", a ? "," : "", ((GsAxis *)sweep->axes->pdata[a])->path,
                           gs_sweep_value(sweep, cell, a)->text);
  return g_string_free(key, FALSE);
}

/** What an axis is called where there is little room: "latency". */
static const char *short_name(const GsAxis *axis) {
  const char *dot = strrchr(axis->path, '.');
  return dot ? dot + 1 : axis->path;
}

char *gs_sweep_label(const GsSweep *sweep, uint32_t cell, guint left_out) {
  GString *label = g_string_new(NULL);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    bool named = axis->kind == GS_AXIS_PATH || axis->kind == GS_AXIS_SEED;
    if (a == left_out)
      continue;
    if (label->len > 0)
      g_string_append(label, named ? ", " : " ");
    if (named)
      g_string_append_printf(label, "%s ", short_name(axis));
    g_string_append(label, gs_sweep_value(sweep, cell, a)->text);
  }
  if (label->len == 0)
    g_string_append(label, "all");
  return g_string_free(label, FALSE);
}

uint64_t gs_sweep_seed(const GsSweep *sweep, uint32_t cell, uint32_t repetition) {
  uint64_t first = sweep->seed;
  for (guint a = 0; a < sweep->axes->len; a++)
    if (((GsAxis *)sweep->axes->pdata[a])->kind == GS_AXIS_SEED)
      first = g_ascii_strtoull(gs_sweep_value(sweep, cell, a)->text, NULL, 10);
  return first + repetition;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/sweep_file.h"

#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/base/source.h"
#include "sim/study/metric.h"
#include "sim/study/sweep_graph.h"
#include "sim/study/sweep_keep.h"

#define PRECISION_LEAST 0.0001

typedef struct {
  GsSweep *sweep;
  GsJsonDoc *doc;
  const char *source;
  GError **error;
} Reader;

#define fail(reader, value, ...)                                                                   \
  gs_json_fail((reader)->doc, (value), (reader)->error, GS_ERROR_INPUT, __VA_ARGS__)

bool gs_sweep_is_one(const char *text, gsize length) {
  static const char *const nothing[] = {NULL};
  GsJsonLimits limits = {
      .max_bytes = GS_SWEEP_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .read_members = nothing};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, NULL, &limits, NULL);
  if (!doc || gs_json_type(gs_json_root(doc)) != GS_JSON_OBJECT)
    return false;
  const GsJson *root = gs_json_root(doc);
  return gs_json_member(root, "axes") || gs_json_member(root, "cells");
}

bool gs_sweep_read_precision(const char *text, double *precision, GError **error) {
  char *end;
  double value = g_ascii_strtod(text, &end);
  bool number = end != text && strspn(text, "0123456789.") == (gsize)(end - text);
  if (*end == '%') {
    value /= 100;
    end++;
  }
  if (number && *end == '\0' && value >= PRECISION_LEAST && value <= 1) {
    *precision = value;
    return true;
  }
  g_autofree char *quoted = gs_quote(text);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s is no precision; give a percentage from 0.01%% to 100%%, such as 5%%", quoted);
  return false;
}

/** Whether the object has members from `allowed` only. */
static bool check_members(Reader *reader, const GsJson *object, const char *const *allowed) {
  if (gs_json_type(object) != GS_JSON_OBJECT)
    return fail(reader, object, "found %s; must be an object",
                gs_json_type_name(gs_json_type(object)));
  for (const GsJson *member = gs_json_first(object); member; member = gs_json_next(member)) {
    const char *key = gs_json_key(member);
    if (g_strv_contains(allowed, key))
      continue;
    const char *nearest = gs_nearest_word(key, allowed);
    g_autofree char *list = gs_quote_words(allowed, " or ");
    if (nearest)
      return fail(reader, member, "unknown member; did you mean \"%s\"?", nearest);
    return fail(reader, member, "unknown member; allowed are %s", list);
  }
  return true;
}

/** A scalar as JSON ("\"1ms\"", "8"); NULL for what is no scalar. Free with g_free. */
static char *json_of(const GsJson *value) {
  GsJsonType type = gs_json_type(value);
  if (type == GS_JSON_OBJECT || type == GS_JSON_ARRAY || type == GS_JSON_NULL)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(text, 0);
  gs_json_write_value(writer, value);
  return g_strdup(text->str);
}

/** How a scalar is shown. */
static char *text_of(const GsJson *value) {
  return gs_json_type(value) == GS_JSON_STRING ? g_strdup(gs_json_string(value)) : json_of(value);
}

/** What else a topology says of itself. */
static bool add_topology_members(Reader *reader, GsAxis *axis, const GsJson *value,
                                 const GsJson *origin) {
  for (const GsJson *member = gs_json_first(value); member; member = gs_json_next(member)) {
    if (member == origin)
      continue;
    g_autofree char *json = json_of(member), *text = json ? text_of(member) : NULL;
    if (!json)
      return fail(reader, member, "found %s; must be a number, string or boolean",
                  gs_json_type_name(gs_json_type(member)));
    gs_axis_add_member(axis, gs_json_key(member), text, json);
  }
  return true;
}

/** {"file": "power.gml"} of a sweep that is kept: as its scenarios name it. */
static bool add_kept_graph(Reader *reader, GsAxis *axis, const GsJson *value) {
  g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(g_free);
  for (const GsJson *member = gs_json_first(value); member; member = gs_json_next(member)) {
    char *json = gs_json_string(member) ? json_of(member) : NULL;
    if (!json)
      return fail(reader, member, "found %s; must be a string",
                  gs_json_type_name(gs_json_type(member)));
    g_ptr_array_add(members, g_strdup(gs_json_key(member)));
    g_ptr_array_add(members, json);
  }
  gs_axis_add_kept_graph(axis, g_steal_pointer(&members));
  return true;
}

/** {"file": "power.gml"}, seen from the sweep. */
static bool add_graph(Reader *reader, GsAxis *axis, const GsJson *value) {
  static const char *const allowed[] = {"file", NULL};
  if (gs_input_files_sealed(reader->sweep->files))
    return add_kept_graph(reader, axis, value);
  const char *name = gs_json_string(gs_json_member(value, "file"));
  g_autofree char *path = name ? gs_input_path(reader->source, name) : NULL;
  if (!check_members(reader, value, allowed))
    return false;
  if (reader->sweep->no_files)
    return fail(reader, value, "files may not be read here");
  if (path && !g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *quoted = g_utf8_make_valid(path, -1);
    return fail(reader, value, "there is no file \"%s\"", quoted);
  }
  if (!path || !gs_axis_is_graph(axis, "", path))
    return fail(reader, value,
                "must be a graph file that can be read, such as "
                "{\"file\": \"power.gml\"}");
  gs_axis_add_graph(axis, path);
  return true;
}

/** {"kind": "watts-strogatz", "k": 6} */
static bool add_topology(Reader *reader, GsAxis *axis, const GsJson *value) {
  const GsJson *kind = gs_json_member(value, "kind");
  if (!kind && gs_json_first(value))
    return add_graph(reader, axis, value);
  if (!kind || gs_json_type(kind) != GS_JSON_STRING)
    return fail(reader, value, "no \"kind\"; a topology has one, such as \"ring\"");
  g_autoptr(GError) problem = NULL;
  if (!gs_axis_add(axis, gs_json_string(kind), gs_json_string(kind), &problem))
    return fail(reader, kind, "%s", problem->message);
  return add_topology_members(reader, axis, value, kind);
}

static bool has_base(const GsSweep *sweep, const char *name) {
  for (guint i = 0; name && i < sweep->bases->len; i++)
    if (g_str_equal(((GsSweepBase *)sweep->bases->pdata[i])->name, name))
      return true;
  return false;
}

/** {"shown": "8.0", "value": 8}: a value that is called otherwise than it is written. */
static bool add_shown(Reader *reader, GsAxis *axis, const GsJson *object) {
  static const char *const allowed[] = {"shown", "value", NULL};
  if (!check_members(reader, object, allowed))
    return false;
  const GsJson *shown = gs_json_member(object, "shown"), *value = gs_json_member(object, "value");
  const char *text = shown ? gs_json_string(shown) : NULL;
  g_autofree char *json = value ? json_of(value) : NULL;
  if (!text || !json)
    return fail(reader, object,
                "must be a value, or an object with \"shown\", a string, and \"value\"");
  g_autoptr(GError) problem = NULL;
  return gs_axis_add(axis, text, json, &problem) || fail(reader, object, "%s", problem->message);
}

static bool add_value(Reader *reader, GsAxis *axis, const GsJson *value) {
  bool object = gs_json_type(value) == GS_JSON_OBJECT;
  if (axis->kind == GS_AXIS_TOPOLOGY && object)
    return add_topology(reader, axis, value);
  if (axis->kind == GS_AXIS_SCENARIO && !has_base(reader->sweep, gs_json_string(value)))
    return fail(reader, value, "scenarios are named by \"scenario\"; none there has this name");
  if (object)
    return add_shown(reader, axis, value);
  const char *name = gs_json_string(value);
  bool may_read = !reader->sweep->no_files && !gs_input_files_sealed(reader->sweep->files);
  g_autofree char *path = name && may_read ? gs_input_path(reader->source, name) : NULL;
  if (path && gs_axis_is_graph(axis, name, path)) {
    gs_axis_add_graph(axis, path);
    return true;
  }
  g_autofree char *json = json_of(value), *text = json ? text_of(value) : NULL;
  if (!json)
    return fail(reader, value, "found %s; must be a number, string or boolean",
                gs_json_type_name(gs_json_type(value)));
  g_autoptr(GError) problem = NULL;
  return gs_axis_add(axis, text, json, &problem) || fail(reader, value, "%s", problem->message);
}

static bool read_bound(Reader *reader, const GsJson *range, const char *key, int64_t least,
                       int64_t *out) {
  const GsJson *value = gs_json_member(range, key);
  if (!value)
    return true;
  if (gs_json_integer(value, out) && *out >= least)
    return true;
  return fail(reader, value, "must be a whole number of at least %" G_GINT64_FORMAT, least);
}

/** {"from": 8, "to": 256, "times": 2} or {"from": 1, "to": 9, "step": 2} */
static bool add_range(Reader *reader, GsAxis *axis, const GsJson *range) {
  static const char *const allowed[] = {"from", "to", "step", "times", NULL};
  int64_t from = -1, to = -1, step = 1, times = 0;
  if (!check_members(reader, range, allowed) || !read_bound(reader, range, "from", 0, &from) ||
      !read_bound(reader, range, "to", 0, &to) || !read_bound(reader, range, "step", 1, &step) ||
      !read_bound(reader, range, "times", 2, &times))
    return false;
  if (from < 0 || to < from)
    return fail(reader, range, "a range has a \"from\" and a \"to\" that is not below it");
  if (times > 0 && (gs_json_member(range, "step") || from == 0))
    return fail(reader, range, "\"times\" goes with a \"from\" above 0 and without \"step\"");
  guint count = 0;
  for (int64_t at = from; at <= to; at = times ? at * times : at + step) {
    if (++count > GS_SWEEP_CELLS_MAX)
      return fail(reader, range, "more than %u values", GS_SWEEP_CELLS_MAX);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, at);
    g_autoptr(GError) problem = NULL;
    if (!gs_axis_add(axis, text, text, &problem))
      return fail(reader, range, "%s", problem->message);
    if (times && at > to / times)
      break;
  }
  return true;
}

static bool read_axis(Reader *reader, const GsJson *values) {
  GsAxis *axis = gs_sweep_axis(reader->sweep, gs_json_key(values));
  if (gs_json_type(values) == GS_JSON_OBJECT && axis->kind != GS_AXIS_SCENARIO)
    return add_range(reader, axis, values);
  if (gs_json_type(values) != GS_JSON_ARRAY)
    return fail(reader, values, "found %s; must be an array of values, or a range",
                gs_json_type_name(gs_json_type(values)));
  if (gs_json_count(values) == 0)
    return fail(reader, values, "no values; give at least one");
  for (const GsJson *value = gs_json_first(values); value; value = gs_json_next(value))
    if (!add_value(reader, axis, value))
      return false;
  return true;
}

static bool read_axes(Reader *reader, const GsJson *axes) {
  if (!axes)
    return true;
  if (gs_json_type(axes) != GS_JSON_OBJECT)
    return fail(reader, axes, "found %s; must be an object", gs_json_type_name(gs_json_type(axes)));
  for (const GsJson *axis = gs_json_first(axes); axis; axis = gs_json_next(axis))
    if (!read_axis(reader, axis))
      return false;
  return true;
}

static bool has_text(const GsAxis *axis, const char *text) {
  for (guint i = 0; i < axis->values->len; i++)
    if (g_str_equal(((GsAxisValue *)axis->values->pdata[i])->text, text))
      return true;
  return false;
}

/** A cell of the list: adds what is new to the axes, keeps the row. */
static bool read_cell(Reader *reader, const GsJson *cell, const GsJson *first) {
  GsSweep *sweep = reader->sweep;
  if (gs_json_type(cell) != GS_JSON_OBJECT || gs_json_count(cell) == 0)
    return fail(reader, cell, "must be an object with a value for each axis");
  g_autoptr(GPtrArray) row = g_ptr_array_new_with_free_func(g_free);
  for (const GsJson *axis = gs_json_first(first); axis; axis = gs_json_next(axis)) {
    const GsJson *value = gs_json_member(cell, gs_json_key(axis));
    if (!value)
      return fail(reader, cell, "no \"%s\"; all cells have the same members", gs_json_key(axis));
    GsAxis *to = gs_sweep_axis(sweep, gs_json_key(axis));
    if (!add_value(reader, to, value))
      return false;
    GsAxisValue *added = g_ptr_array_steal_index(to->values, to->values->len - 1);
    g_ptr_array_add(row, g_strdup(added->text));
    if (has_text(to, added->text))
      gs_axis_value_free(added);
    else
      g_ptr_array_add(to->values, added);
  }
  if (gs_json_count(cell) != row->len)
    return fail(reader, cell, "all cells have the same members");
  g_ptr_array_add(row, NULL);
  g_ptr_array_add(sweep->listed, g_ptr_array_free(g_steal_pointer(&row), FALSE));
  return true;
}

static void free_row(gpointer row) {
  g_strfreev(row);
}

static bool read_cells(Reader *reader, const GsJson *cells) {
  if (!cells)
    return true;
  if (gs_json_type(cells) != GS_JSON_ARRAY || gs_json_count(cells) == 0)
    return fail(reader, cells, "must be an array of at least one cell");
  reader->sweep->listed = g_ptr_array_new_with_free_func(free_row);
  const GsJson *first = gs_json_first(cells);
  for (const GsJson *cell = first; cell; cell = gs_json_next(cell))
    if (!read_cell(reader, cell, first))
      return false;
  return true;
}

static bool add_scenario(Reader *reader, const GsJson *value, const char *source) {
  if (gs_sweep_is_kept(value)) {
    g_autofree char *folder = g_path_get_dirname(source);
    return gs_sweep_read_kept(reader->sweep, reader->doc, value, folder, reader->error);
  }
  if (gs_json_type(value) == GS_JSON_OBJECT) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(text, 2);
    gs_json_write_value(writer, value);
    gs_sweep_add_base(reader->sweep, source, g_strdup(text->str), text->len);
    return true;
  }
  if (gs_json_type(value) != GS_JSON_STRING)
    return fail(reader, value, "found %s; must be a scenario or the name of a file",
                gs_json_type_name(gs_json_type(value)));
  if (reader->sweep->no_files)
    return fail(reader, value, "files may not be read here");
  g_autofree char *path = gs_input_path(source, gs_json_string(value));
  g_autoptr(GError) problem = NULL;
  if (gs_sweep_add_file(reader->sweep, path, &problem))
    return true;
  return gs_json_fail(reader->doc, value, reader->error, problem->code, "%s", problem->message);
}

static bool read_scenarios(Reader *reader, const GsJson *value, const char *source) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_ARRAY)
    return add_scenario(reader, value, source);
  for (const GsJson *item = gs_json_first(value); item; item = gs_json_next(item))
    if (!add_scenario(reader, item, source))
      return false;
  return true;
}

/** "set": ["network.jitter=1ms", …] */
static bool read_set(Reader *reader, const GsJson *value) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_ARRAY)
    return fail(reader, value, "found %s; must be an array of strings",
                gs_json_type_name(gs_json_type(value)));
  for (const GsJson *item = gs_json_first(value); item; item = gs_json_next(item)) {
    const char *text = gs_json_string(item), *equals = text ? strchr(text, '=') : NULL;
    if (!equals || equals == text)
      return fail(reader, item, "must be PATH=VALUE, such as \"network.latency=5ms\"");
    g_autofree char *path = g_strndup(text, (gsize)(equals - text));
    gs_sweep_set(reader->sweep, path, equals + 1);
  }
  return true;
}

static bool read_number(Reader *reader, const GsJson *value, int64_t least, int64_t most,
                        int64_t *out) {
  if (!value || (gs_json_integer(value, out) && *out >= least && *out <= most))
    return true;
  return fail(reader, value,
              "must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
}

static bool read_text(Reader *reader, const GsJson *value, char **out) {
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_STRING)
    return fail(reader, value, "found %s; must be a string",
                gs_json_type_name(gs_json_type(value)));
  g_free(*out);
  *out = g_strdup(gs_json_string(value));
  return true;
}

static bool read_plan(Reader *reader, const GsJson *root) {
  GsSweep *sweep = reader->sweep;
  g_autofree char *version = NULL, *commit = NULL;
  int64_t number = 0;
  if (!read_text(reader, gs_json_member(root, "version"), &version) ||
      !read_text(reader, gs_json_member(root, "commit"), &commit) ||
      !read_number(reader, gs_json_member(root, "format"), 1, INT32_MAX, &number) ||
      !read_number(reader, gs_json_member(root, "results_version"), 1, INT32_MAX, &number))
    return false;
  int64_t repeat = sweep->repeat, most = sweep->repeat_most, seed = (int64_t)sweep->seed;
  const GsJson *precision = gs_json_member(root, "precision");
  const GsJson *sort = gs_json_member(root, "sort");
  if (!read_text(reader, gs_json_member(root, "name"), &sweep->name) ||
      !read_text(reader, gs_json_member(root, "about"), &sweep->about) ||
      !read_text(reader, sort, &sweep->sort) ||
      !read_number(reader, gs_json_member(root, "repeat"), 1, GS_SWEEP_REPEAT_MAX, &repeat) ||
      !read_number(reader, gs_json_member(root, "repeat_max"), 1, GS_SWEEP_REPEAT_MAX, &most) ||
      !read_number(reader, gs_json_member(root, "seed"), 0, GS_NODE_ID_MAX - GS_SWEEP_REPEAT_MAX,
                   &seed))
    return false;
  sweep->repeat = (uint32_t)repeat;
  sweep->repeat_given |= gs_json_member(root, "repeat") != NULL;
  sweep->repeat_most = (uint32_t)most;
  sweep->seed = (uint64_t)seed;
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = precision ? text_of(precision) : NULL;
  if (precision && !gs_sweep_read_precision(text ? text : "", &sweep->precision, &problem))
    return fail(reader, precision, "%s", problem->message);
  if (sort && !gs_metric_find(sweep->sort, NULL, &problem))
    return fail(reader, sort, "%s", problem->message);
  return true;
}

bool gs_sweep_read(GsSweep *sweep, const char *text, gsize length, const char *source,
                   GError **error) {
  static const char *const allowed[] = {
      "$schema",   "name", "about", "scenario", "axes",   "cells",   "repeat", "repeat_max",
      "precision", "seed", "sort",  "set",      "format", "version", "commit", "results_version",
      NULL};
  GsJsonLimits limits = {
      .max_bytes = GS_SWEEP_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .read_members = allowed};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, source, &limits, error);
  if (!doc)
    return false;
  Reader reader = {sweep, doc, source, error};
  const GsJson *root = gs_json_root(doc);
  const GsJson *axes = gs_json_member(root, "axes"), *cells = gs_json_member(root, "cells");
  if (!check_members(&reader, root, allowed))
    return false;
  if (axes && cells)
    return fail(&reader, cells, "found \"axes\" and \"cells\"; give one of them");
  return read_plan(&reader, root) && read_set(&reader, gs_json_member(root, "set")) &&
         read_scenarios(&reader, gs_json_member(root, "scenario"), source) &&
         read_axes(&reader, axes) && read_cells(&reader, cells);
}

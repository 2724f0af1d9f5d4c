/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/limits.h"
#include "sim/base/plain_file.h"
#include "sim/base/replace_file.h"
#include "sim/base/text.h"
#include "sim/study/sweep_keep.h"

/** Names of kept files are cut there. */
#define STEM_BYTES_MAX 40
#define ENDING_BYTES_MAX 12

static GsSweepBase *base_of(const GsSweep *sweep, uint32_t cell) {
  for (guint a = 0; a < sweep->axes->len; a++) {
    if (((GsAxis *)sweep->axes->pdata[a])->kind != GS_AXIS_SCENARIO)
      continue;
    const char *name = gs_sweep_value(sweep, cell, a)->text;
    for (guint i = 0; i < sweep->bases->len; i++)
      if (g_str_equal(((GsSweepBase *)sweep->bases->pdata[i])->name, name))
        return sweep->bases->pdata[i];
  }
  return sweep->bases->pdata[0];
}

void gs_sweep_note_inputs(const GsSweep *sweep, uint32_t cell, const GsScenario *scenario) {
  GsSweepBase *base = base_of(sweep, cell);
  for (guint i = 0; i < scenario->inputs->len; i++) {
    const GsInputFile *input = scenario->inputs->pdata[i];
    if (!gs_sweep_base_input(base, input->named))
      g_ptr_array_add(base->inputs, gs_input_file_copy(input));
  }
}

/** Only letters, digits and a few signs of it, up to `most` bytes. */
static void append_plain(GString *out, const char *text, gsize length, gsize most) {
  for (gsize i = 0; i < MIN(length, most); i++)
    g_string_append_c(out, g_ascii_isalnum(text[i]) || strchr("-_", text[i]) ? text[i] : '_');
}

char *gs_sweep_kept_name(const char *named, const char *fingerprint) {
  g_autofree char *name = g_path_get_basename(named);
  const char *dot = strrchr(name, '.');
  gsize stem = dot ? (gsize)(dot - name) : strlen(name);
  GString *kept = g_string_new(NULL);
  append_plain(kept, name, stem, STEM_BYTES_MAX);
  g_string_append_printf(kept, "-%.*s", GS_FINGERPRINT_SHOWN, fingerprint);
  if (dot) { /* the format of a graph is known by it */
    g_string_append_c(kept, '.');
    append_plain(kept, dot + 1, strlen(dot + 1), ENDING_BYTES_MAX);
  }
  return g_string_free(kept, FALSE);
}

static char *kept_base_name(const GsSweepBase *base, const char *fingerprint) {
  g_autofree char *file = g_strconcat(base->name, ".json", NULL);
  return gs_sweep_kept_name(file, fingerprint);
}

/* ---- Files ---- */

static bool keep_file(const char *folder, const char *name, const void *bytes, gsize length,
                      GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  struct stat info;
  /* Its name says what is in it; who reads it looks whether that is so. */
  if (lstat(path, &info) == 0 && S_ISREG(info.st_mode) && (gsize)info.st_size == length)
    return true;
  return gs_replace_file(path, bytes, length, error);
}

static bool keep_base(const GsSweepBase *base, const char *folder, GError **error) {
  char fingerprint[GS_FINGERPRINT_DIGITS + 1];
  gs_fingerprint(base->text, base->length, fingerprint);
  g_autofree char *base_name = kept_base_name(base, fingerprint);
  if (!keep_file(folder, base_name, base->text, base->length, error))
    return false;
  for (guint i = 0; i < base->inputs->len; i++) {
    const GsInputFile *input = base->inputs->pdata[i];
    g_autofree char *name = gs_sweep_kept_name(input->named, input->fingerprint);
    gsize length;
    const void *bytes = g_bytes_get_data(input->content, &length);
    if (!keep_file(folder, name, bytes ? bytes : "", length, error))
      return false;
  }
  return true;
}

bool gs_sweep_keep_files(const GsSweep *sweep, const char *directory, GError **error) {
  g_autofree char *folder = g_build_filename(directory, "inputs", NULL);
  if (!gs_plain_folder(folder, error))
    return false;
  for (guint i = 0; i < sweep->bases->len; i++)
    if (!keep_base(sweep->bases->pdata[i], folder, error))
      return false;
  return true;
}

/* ---- Scenarios ---- */

typedef struct {
  GPtrArray *left_out; /**< NULL: nothing is embedded */
  gsize room;
  GsJsonWriter *json;
} Writing;

static void leave_out(Writing *writing, const char *named, gsize length) {
  g_autofree char *bytes = gs_text_bytes(length);
  g_autofree char *most = gs_text_bytes(GS_EMBEDDED_BYTES_MAX);
  g_ptr_array_add(
      writing->left_out,
      g_strdup_printf("%s (%s) is not embedded: all that is may have %s", named, bytes, most));
}

/** The content of a file where it is embedded, else its name. */
static void write_content(Writing *writing, const char *named, const char *kept, const char *bytes,
                          gsize length, const char *fingerprint) {
  GsJsonWriter *json = writing->json;
  gs_json_member_int(json, "bytes", (int64_t)length);
  gs_json_member_string(json, "sha256", fingerprint);
  if (!writing->left_out) {
    g_autofree char *file = g_strconcat("inputs/", kept, NULL);
    gs_json_member_string(json, "file", file);
    return;
  }
  if (length > writing->room) {
    leave_out(writing, named, length);
    return;
  }
  writing->room -= length;
  if (length == 0 || (g_utf8_validate(bytes, (gssize)length, NULL))) {
    g_autofree char *text = g_strndup(bytes ? bytes : "", length);
    gs_json_member_string(json, "text", text);
    return;
  }
  g_autofree char *base64 = g_base64_encode((const guchar *)bytes, length);
  gs_json_member_string(json, "base64", base64);
}

static void write_base(Writing *writing, const GsSweepBase *base) {
  GsJsonWriter *json = writing->json;
  char fingerprint[GS_FINGERPRINT_DIGITS + 1];
  gs_fingerprint(base->text, base->length, fingerprint);
  g_autofree char *kept = kept_base_name(base, fingerprint);
  gs_json_begin_object(json);
  gs_json_member_string(json, "name", base->name);
  gs_json_member_string(json, "source", base->source);
  write_content(writing, base->source, kept, base->text, base->length, fingerprint);
  gs_json_write_key(json, "inputs");
  gs_json_begin_array(json);
  for (guint i = 0; i < base->inputs->len; i++) {
    const GsInputFile *input = base->inputs->pdata[i];
    g_autofree char *name = gs_sweep_kept_name(input->named, input->fingerprint);
    gsize length = (gsize)input->bytes;
    const char *bytes = input->content ? g_bytes_get_data(input->content, NULL) : NULL;
    gs_json_begin_object(json);
    gs_json_member_string(json, "named", input->named);
    if (!input->content)
      writing->room = MIN(writing->room, length - 1); /* too large to have been kept */
    write_content(writing, input->named, name, bytes, length, input->fingerprint);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
  gs_json_end_object(json);
}

/* ---- Axes ---- */

/** A scalar as an override takes it; what it will be shown as is added to `shown`. */
static void write_scalar(GsJsonWriter *json, const char *value) {
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = 1};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(value, strlen(value), NULL, &limits, NULL);
  GsJsonType type = doc ? gs_json_type(gs_json_root(doc)) : GS_JSON_STRING;
  if (!doc || type == GS_JSON_NULL || type == GS_JSON_ARRAY || type == GS_JSON_OBJECT)
    gs_json_write_string(json, value);
  else
    gs_json_write_value(json, gs_json_root(doc));
}

/** Whether the value, read from a file, would be shown as it is now. */
static bool shows_itself(const GsAxisValue *value) {
  g_autoptr(GString) written = g_string_new(NULL);
  {
    g_autoptr(GsJsonWriter) json = gs_json_writer_new(written, 0);
    write_scalar(json, value->value);
  }
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = 1};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(written->str, written->len, NULL, &limits, NULL);
  const char *string = gs_json_string(gs_json_root(doc));
  return g_str_equal(string ? string : written->str, value->text);
}

static void write_axis_value(GsJsonWriter *json, const GsAxis *axis, const GsAxisValue *value) {
  gs_json_compact_next(json);
  if (axis->kind == GS_AXIS_SCENARIO || (axis->kind == GS_AXIS_TOPOLOGY && !value->members)) {
    gs_json_write_string(json, value->text);
    return;
  }
  if (axis->kind != GS_AXIS_TOPOLOGY && shows_itself(value)) {
    write_scalar(json, value->value);
    return;
  }
  gs_json_begin_object(json);
  if (axis->kind == GS_AXIS_TOPOLOGY) {
    if (value->topology != GS_TOPOLOGY_FILE)
      gs_json_member_string(json, "kind", gs_topology_kind_names[value->topology]);
    for (guint i = 0; i < value->members->len; i += 2) {
      gs_json_write_key(json, value->members->pdata[i]);
      write_scalar(json, value->members->pdata[i + 1]);
    }
  } else {
    gs_json_member_string(json, "shown", value->text);
    gs_json_write_key(json, "value");
    write_scalar(json, value->value);
  }
  gs_json_end_object(json);
}

static void write_axes(GsJsonWriter *json, const GsSweep *sweep) {
  gs_json_write_key(json, "axes");
  gs_json_begin_object(json);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    gs_json_write_key(json, axis->path);
    gs_json_begin_array(json);
    for (guint i = 0; i < axis->values->len; i++)
      write_axis_value(json, axis, axis->values->pdata[i]);
    gs_json_end_array(json);
  }
  gs_json_end_object(json);
}

static void write_cells(GsJsonWriter *json, const GsSweep *sweep) {
  gs_json_write_key(json, "cells");
  gs_json_begin_array(json);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    for (guint a = 0; a < sweep->axes->len; a++) {
      const GsAxis *axis = sweep->axes->pdata[a];
      gs_json_write_key(json, axis->path);
      write_axis_value(json, axis, gs_sweep_value(sweep, cell, a));
    }
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_plan(GsJsonWriter *json, const GsSweep *sweep) {
  if (sweep->name)
    gs_json_member_string(json, "name", sweep->name);
  if (sweep->about)
    gs_json_member_string(json, "about", sweep->about);
  if (sweep->repeat_given) /* else what draws nothing would be run more than once */
    gs_json_member_int(json, "repeat", sweep->repeat);
  if (sweep->precision > 0) {
    gs_json_member_double(json, "precision", sweep->precision);
    gs_json_member_int(json, "repeat_max", sweep->repeat_most);
  }
  gs_json_member_int(json, "seed", (int64_t)sweep->seed);
  if (sweep->sort)
    gs_json_member_string(json, "sort", sweep->sort);
  gs_json_write_key(json, "set");
  gs_json_begin_array(json);
  for (guint i = 0; i < sweep->overrides->len; i += 2) {
    g_autofree char *set = g_strdup_printf("%s=%s", (char *)sweep->overrides->pdata[i],
                                           (char *)sweep->overrides->pdata[i + 1]);
    gs_json_write_string(json, set);
  }
  gs_json_end_array(json);
}

void gs_sweep_write(const GsSweep *sweep, GPtrArray *left_out, GsJsonWriter *json) {
  Writing writing = {.left_out = left_out, .room = GS_EMBEDDED_BYTES_MAX, .json = json};
  write_plan(json, sweep);
  gs_json_write_key(json, "scenario");
  gs_json_begin_array(json);
  for (guint i = 0; i < sweep->bases->len; i++)
    write_base(&writing, sweep->bases->pdata[i]);
  gs_json_end_array(json);
  if (sweep->listed)
    write_cells(json, sweep);
  else
    write_axes(json, sweep);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/store_manifest.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/base/plain_file.h"
#include "sim/base/replace_file.h"
#include "sim/base/source.h"
#include "sim/report/version.h"
#include "sim/study/sweep_file.h"
#include "sim/study/sweep_keep.h"

/** Changes when study.json or the lines of runs have another form. */
#define FORMAT 3
/** Folders that an earlier study is set aside in. */
#define ASIDE_MAX 10000

void gs_manifest_clear(GsManifest *manifest) {
  gs_sweep_free(manifest->sweep);
  g_free(manifest->made_by);
}

/** What can be done about results that are in the way. */
#define HOW_TO_GO_ON "give --out another directory, or --fresh to begin anew there"

static bool fail(const char *directory, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool fail(const char *directory, GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *what = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: %s; " HOW_TO_GO_ON, directory, what);
  return false;
}

static char *path_in(const char *directory) {
  return g_build_filename(directory, "study.json", NULL);
}

bool gs_manifest_exists(const char *directory) {
  g_autofree char *path = path_in(directory);
  return gs_plain_exists(path);
}

/* ---- Reading ---- */

static const char *string_of(const GsJson *root, const char *key) {
  const GsJson *value = gs_json_member(root, key);
  const char *text = value ? gs_json_string(value) : NULL;
  return text ? text : "unknown";
}

static int64_t integer_of(const GsJson *root, const char *key) {
  const GsJson *value = gs_json_member(root, key);
  int64_t number = 0;
  return value && gs_json_integer(value, &number) ? number : 0;
}

/** Whether this program can go on with it at all. */
static bool check_form(const char *directory, const GsJson *root, GsManifest *manifest,
                       GError **error) {
  int64_t format = integer_of(root, "format"), results = integer_of(root, "results_version");
  if (format < FORMAT)
    return fail(directory, error, "holds a study in the form of an earlier gridsim (%s)",
                string_of(root, gs_json_member(root, "gridsim") ? "gridsim" : "version"));
  const char *version = string_of(root, "version"), *commit = string_of(root, "commit");
  manifest->made_by = g_strdup_printf("%s (%s)", version, commit);
  if (format != FORMAT || results != GS_RESULTS_VERSION)
    return fail(directory, error,
                "holds results of gridsim %s, which this one, %s, may not find the same",
                manifest->made_by, gs_version_text());
  manifest->same = g_str_equal(version, gs_version()) && gs_commit_is_same(commit, gs_commit());
  return true;
}

bool gs_manifest_read(const char *directory, GsManifest *manifest, GError **error) {
  g_autofree char *path = path_in(directory);
  GString *text = gs_plain_read(path, GS_SWEEP_BYTES_MAX, error);
  if (!text)
    return false;
  g_autoptr(GString) kept = text;
  GsJsonLimits limits = {.max_bytes = GS_SWEEP_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(kept->str, kept->len, path, &limits, error);
  if (!doc || !check_form(directory, gs_json_root(doc), manifest, error))
    return false;
  manifest->sweep = gs_sweep_new();
  return gs_sweep_read(manifest->sweep, kept->str, kept->len, path, error) &&
         gs_sweep_finish(manifest->sweep, error);
}

/* ---- Comparing ---- */

/** Texts in a list: "topology, nodes"; "none". */
static char *list_of(const GPtrArray *texts) {
  g_autoptr(GString) list = g_string_new(NULL);
  for (guint i = 0; i < texts->len; i++)
    g_string_append_printf(list, "%s%s", i ? ", " : "", (char *)texts->pdata[i]);
  return g_strdup(texts->len ? list->str : "none");
}

static char *axes_of(const GsSweep *sweep) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  for (guint a = 0; a < sweep->axes->len; a++)
    g_ptr_array_add(paths, ((GsAxis *)sweep->axes->pdata[a])->path);
  return list_of(paths);
}

static char *sets_of(const GsSweep *sweep) {
  g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < sweep->overrides->len; i += 2)
    g_ptr_array_add(sets, g_strdup_printf("%s=%s", (char *)sweep->overrides->pdata[i],
                                          (char *)sweep->overrides->pdata[i + 1]));
  return list_of(sets);
}

static bool same_text(const char *directory, const char *what, char *theirs, char *ours,
                      GError **error) {
  g_autofree char *before = theirs, *now = ours;
  return g_str_equal(before, now) ||
         fail(directory, error, "holds the results of another sweep: its %s: %s, here: %s", what,
              before, now);
}

static bool other_content(const char *directory, const char *file, const char *before,
                          const char *now, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: its runs were made with another content of %s: its fingerprint was %.*s, and is "
              "%.*s now; give the old content back, " HOW_TO_GO_ON,
              directory, file, GS_FINGERPRINT_SHOWN, before, GS_FINGERPRINT_SHOWN, now);
  return false;
}

static const GsSweepBase *base_of(const GsSweep *sweep, const char *name) {
  if (!gs_sweep_find_axis(sweep, GS_AXIS_SCENARIO))
    return sweep->bases->pdata[0];
  for (guint i = 0; i < sweep->bases->len; i++)
    if (g_str_equal(((GsSweepBase *)sweep->bases->pdata[i])->name, name))
      return sweep->bases->pdata[i];
  return NULL;
}

static bool check_base(const char *directory, const GsSweepBase *before, const GsSweepBase *now,
                       GError **error) {
  char theirs[GS_FINGERPRINT_DIGITS + 1], ours[GS_FINGERPRINT_DIGITS + 1];
  gs_fingerprint(before->text, before->length, theirs);
  gs_fingerprint(now->text, now->length, ours);
  if (!g_str_equal(theirs, ours) && !g_str_equal(before->name, now->name))
    return fail(directory, error,
                "holds the results of another scenario: %s (fingerprint %.*s), here: %s (%.*s)",
                before->source, GS_FINGERPRINT_SHOWN, theirs, now->source, GS_FINGERPRINT_SHOWN,
                ours);
  if (!g_str_equal(theirs, ours))
    return other_content(directory, now->source, theirs, ours, error);
  for (guint i = 0; i < now->inputs->len; i++) {
    const GsInputFile *input = now->inputs->pdata[i];
    const GsInputFile *known = gs_sweep_base_input(before, input->named);
    if (known && !g_str_equal(known->fingerprint, input->fingerprint))
      return other_content(directory, input->path, known->fingerprint, input->fingerprint, error);
  }
  return true;
}

bool gs_manifest_check(const char *directory, const GsManifest *before, const GsSweep *sweep,
                       GError **error) {
  const GsSweep *theirs = before->sweep;
  if (!same_text(directory, "first seed", g_strdup_printf("%" G_GUINT64_FORMAT, theirs->seed),
                 g_strdup_printf("%" G_GUINT64_FORMAT, sweep->seed), error) ||
      !same_text(directory, "axes", axes_of(theirs), axes_of(sweep), error) ||
      !same_text(directory, "changes by --set", sets_of(theirs), sets_of(sweep), error))
    return false;
  for (guint i = 0; i < sweep->bases->len; i++) {
    const GsSweepBase *now = sweep->bases->pdata[i], *known = base_of(theirs, now->name);
    if (known && !check_base(directory, known, now, error))
      return false;
  }
  return true;
}

/* ---- Writing ---- */

bool gs_manifest_write(const char *directory, const GsSweep *all, GError **error) {
  if (!gs_sweep_keep_files(all, directory, error))
    return false;
  g_autoptr(GString) text = g_string_new(NULL);
  {
    g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 2);
    gs_json_begin_object(json);
    gs_json_member_int(json, "format", FORMAT);
    gs_version_write(json);
    gs_sweep_write(all, NULL, json);
    gs_json_end_object(json);
  }
  g_string_append_c(text, '\n');
  g_autofree char *path = path_in(directory);
  return gs_replace_file(path, text->str, text->len, error);
}

/* ---- Beginning anew ---- */

static bool move(const char *directory, const char *folder, const char *name, GError **error) {
  g_autofree char *from = g_build_filename(directory, name, NULL);
  g_autofree char *to = g_build_filename(folder, name, NULL);
  if (g_rename(from, to) == 0 || errno == ENOENT)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be moved to %s: %s", from, folder,
              g_strerror(errno));
  return false;
}

char *gs_manifest_set_aside(const char *directory, GError **error) {
  /* All that a study writes; its description last, since it says that there is one. */
  static const char *const names[] = {"runs",         "scenarios",   "inputs",     "plots",
                                      "runs.csv",     "cells.csv",   "growth.csv", "effects.csv",
                                      "results.json", "report.html", "study.json"};
  g_autofree char *folder = NULL;
  int made = -1;
  for (int number = 1; made != 0 && number <= ASIDE_MAX; number++) {
    g_free(folder);
    folder = g_strdup_printf("%s%sbefore-%d", directory,
                             g_str_has_suffix(directory, "/") ? "" : "/", number);
    made = g_mkdir(folder, 0777);
    if (made != 0 && errno != EEXIST)
      break;
  }
  if (made != 0) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be made: %s", folder,
                g_strerror(errno));
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (!move(directory, folder, names[i], error))
      return NULL;
  return g_steal_pointer(&folder);
}

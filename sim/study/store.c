/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/error.h"
#include "core/json.h"
#include "core/json_writer.h"
#include "core/limits.h"
#include "sim/report/replace_file.h"
#include "sim/report/version.h"
#include "sim/scenario/source.h"

/** Changes when lines of another form are written. */
#define FORMAT 1
#define MANIFEST_BYTES_MAX ((uint64_t)64 << 20)
/** File names are cut there, and made unique again. */
#define NAME_BYTES_MAX 160

struct GsStore {
  char *directory;
  const GsSweep *sweep;
  int lock; /**< the directory, open and locked */
};

void gs_store_close(GsStore *store) {
  if (!store)
    return;
  if (store->lock >= 0)
    close(store->lock);
  g_free(store->directory);
  g_free(store);
}

static bool fail_system(const char *path, const char *what, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: %s: %s", path, what, g_strerror(errno));
  return false;
}

static bool fail(const GsStore *store, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool fail(const GsStore *store, GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *what = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: %s; give --out another directory",
              store->directory, what);
  return false;
}

/* ---- What was swept ---- */

static char *hash_of(const GsSweepBase *base) {
  return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)base->text, base->length);
}

static void write_fixed(const GsSweep *sweep, GsJsonWriter *json) {
  gs_json_write_key(json, "set");
  gs_json_begin_array(json);
  for (guint i = 0; i < sweep->overrides->len; i++)
    gs_json_write_string(json, sweep->overrides->pdata[i]);
  gs_json_end_array(json);
}

static void write_axes(const GsSweep *sweep, GsJsonWriter *json) {
  gs_json_write_key(json, "axes");
  gs_json_begin_array(json);
  for (guint i = 0; i < sweep->axes->len; i++)
    gs_json_write_string(json, ((GsAxis *)sweep->axes->pdata[i])->path);
  gs_json_end_array(json);
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/** Name and hash of each scenario, those that were there before too; in the order of names. */
static void write_scenarios(const GsSweep *sweep, const GsJson *before, GsJsonWriter *json) {
  g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const GsJson *old = before ? gs_json_member(before, "scenarios") : NULL;
  for (const GsJson *item = gs_json_first(old); item; item = gs_json_next(item))
    g_hash_table_insert(all, g_strdup(gs_json_key(item)), g_strdup(gs_json_string(item)));
  for (guint i = 0; i < sweep->bases->len; i++) {
    const GsSweepBase *base = sweep->bases->pdata[i];
    g_hash_table_insert(all, g_strdup(base->name), hash_of(base));
  }
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, all);
  while (g_hash_table_iter_next(&iter, &name, NULL))
    g_ptr_array_add(names, name);
  g_ptr_array_sort(names, compare_names);
  gs_json_write_key(json, "scenarios");
  gs_json_begin_object(json);
  for (guint i = 0; i < names->len; i++)
    gs_json_member_string(json, names->pdata[i], g_hash_table_lookup(all, names->pdata[i]));
  gs_json_end_object(json);
}

static char *manifest_text(const GsSweep *sweep, const GsJson *before) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 2);
  gs_json_begin_object(json);
  gs_json_member_int(json, "format", FORMAT);
  gs_json_member_string(json, "gridsim", gs_version());
  gs_json_member_int(json, "seed", (int64_t)sweep->seed);
  write_axes(sweep, json);
  write_fixed(sweep, json);
  write_scenarios(sweep, before, json);
  gs_json_end_object(json);
  g_string_append_c(text, '\n');
  return g_strdup(text->str);
}

/** A member as text; "" where there is none. Free with g_free. */
static char *member_text(const GsJson *root, const char *key) {
  const GsJson *value = gs_json_member(root, key);
  g_autoptr(GString) text = g_string_new(NULL);
  if (value) {
    g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 0);
    gs_json_write_value(json, value);
  }
  return g_strdup(text->str);
}

static bool check_scenarios(const GsStore *store, const GsJson *before, GError **error) {
  for (guint i = 0; i < store->sweep->bases->len; i++) {
    const GsSweepBase *base = store->sweep->bases->pdata[i];
    const GsJson *known = gs_json_member(gs_json_member(before, "scenarios"), base->name);
    g_autofree char *hash = hash_of(base);
    if (known && g_strcmp0(gs_json_string(known), hash) != 0)
      return fail(store, error, "holds the results of another scenario of the name \"%s\"",
                  base->name);
    if (!known && !gs_sweep_find_axis(store->sweep, GS_AXIS_SCENARIO))
      return fail(store, error, "holds the results of another scenario than \"%s\"", base->name);
  }
  return true;
}

static bool check_manifest(const GsStore *store, const GsJson *before, GError **error) {
  static const struct {
    const char *key, *what;
  } members[] = {{"format", "format"},
                 {"gridsim", "version of gridsim"},
                 {"seed", "first seed"},
                 {"axes", "axes"},
                 {"set", "changes by --set"}};
  g_autofree char *text = manifest_text(store->sweep, NULL);
  GsJsonLimits limits = {.max_bytes = MANIFEST_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, strlen(text), NULL, &limits, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
    g_autofree char *theirs = member_text(before, members[i].key);
    g_autofree char *ours = member_text(gs_json_root(doc), members[i].key);
    if (!g_str_equal(theirs, ours))
      return fail(store, error, "holds the results of another sweep: its %s: %s, here: %s",
                  members[i].what, *theirs ? theirs : "none", ours);
  }
  return check_scenarios(store, before, error);
}

static bool write_manifest(const GsStore *store, const GsJson *before, const char *path,
                           GError **error) {
  g_autofree char *text = manifest_text(store->sweep, before);
  return gs_replace_file(path, text, strlen(text), error);
}

/** A first manifest that was not finished does not count. */
static bool is_empty(const char *directory) {
  g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)) != NULL)
    if (!g_str_has_prefix(name, "study.json.new"))
      return false;
  return dir != NULL;
}

static bool open_manifest(const GsStore *store, GError **error) {
  g_autofree char *path = g_build_filename(store->directory, "study.json", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    if (!is_empty(store->directory))
      return fail(store, error, "is not empty, and no study made it");
    return write_manifest(store, NULL, path, error);
  }
  GsJsonLimits limits = {.max_bytes = MANIFEST_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  GString *text = gs_source_read(path, MANIFEST_BYTES_MAX, error);
  if (!text)
    return false;
  g_autoptr(GString) kept = text;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(kept->str, kept->len, path, &limits, error);
  if (!doc)
    return false;
  const GsJson *root = gs_json_root(doc);
  return check_manifest(store, root, error) && write_manifest(store, root, path, error);
}

/** Makes sure that nobody else writes there. */
static bool lock(GsStore *store, GError **error) {
  store->lock = open(store->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (store->lock < 0)
    return fail_system(store->directory, "cannot be opened", error);
  if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
    return true;
  if (errno == EWOULDBLOCK)
    return fail(store, error, "another gridsim is working there");
  return fail_system(store->directory, "cannot be locked", error);
}

GsStore *gs_store_open(const char *directory, const GsSweep *sweep, GError **error) {
  g_autoptr(GsStore) store = g_new0(GsStore, 1);
  *store = (GsStore){.directory = g_strdup(directory), .sweep = sweep, .lock = -1};
  if (g_mkdir_with_parents(directory, 0777) != 0) {
    fail_system(directory, "cannot be made", error);
    return NULL;
  }
  if (!lock(store, error) || !open_manifest(store, error))
    return NULL;
  g_autofree char *runs = g_build_filename(directory, "runs", NULL);
  if (g_mkdir_with_parents(runs, 0777) != 0) {
    fail_system(runs, "cannot be made", error);
    return NULL;
  }
  return g_steal_pointer(&store);
}

/* ---- Runs ---- */

char *gs_store_file_name(const char *key, const char *ending) {
  GString *name = g_string_new(NULL);
  for (const char *at = key; *at; at++) {
    if (g_ascii_isalnum(*at) || (strchr("=,+-_", *at)) || (*at == '.' && at != key))
      g_string_append_c(name, *at);
    else
      g_string_append_printf(name, "%%%02X", (guchar)*at);
  }
  if (name->len > NAME_BYTES_MAX) {
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
    g_string_truncate(name, NAME_BYTES_MAX);
    g_string_append_printf(name, "~%.16s", hash);
  }
  g_string_append(name, ending);
  return g_string_free(name, FALSE);
}

static char *path_of(const GsStore *store, uint32_t cell) {
  g_autofree char *key = gs_sweep_key(store->sweep, cell);
  g_autofree char *name = gs_store_file_name(key, ".jsonl");
  return g_build_filename(store->directory, "runs", name, NULL);
}

typedef struct {
  FILE *file;
  char *line;
  size_t room;
  off_t good; /**< bytes of the lines that were read */
  uint32_t count;
} Lines;

static void lines_close(Lines *lines) {
  if (lines->file)
    fclose(lines->file);
  free(lines->line);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lines, lines_close)

/** The next sample of the sequence; false at its end, or where it breaks off. */
static bool next_sample(const GsStore *store, uint32_t cell, Lines *lines, GsSample *sample) {
  ssize_t length = getline(&lines->line, &lines->room, lines->file);
  if (length <= 0 || lines->line[length - 1] != '\n' ||
      !gs_sample_read(sample, lines->line, (gsize)length))
    return false;
  if (sample->repetition != lines->count ||
      sample->seed != gs_sweep_seed(store->sweep, cell, lines->count)) {
    gs_sample_clear(sample);
    return false;
  }
  lines->good += length;
  lines->count++;
  return true;
}

bool gs_store_count(GsStore *store, uint32_t cell, uint32_t *count, GError **error) {
  g_autofree char *path = path_of(store, cell);
  g_auto(Lines) lines = {.file = fopen(path, "r+e")};
  *count = 0;
  if (!lines.file)
    return errno == ENOENT || fail_system(path, "cannot be opened", error);
  GsSample sample;
  while (next_sample(store, cell, &lines, &sample))
    gs_sample_clear(&sample);
  *count = lines.count;
  if (ftruncate(fileno(lines.file), lines.good) != 0)
    return fail_system(path, "cannot be cut", error);
  return true;
}

bool gs_store_append(GsStore *store, uint32_t cell, const GString *line, GError **error) {
  g_autofree char *path = path_of(store, cell);
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0)
    return fail_system(path, "cannot be written", error);
  gsize done = 0;
  while (done < line->len) {
    ssize_t wrote = write(file, line->str + done, line->len - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      break;
    done += (gsize)wrote;
  }
  bool good = done == line->len || fail_system(path, "cannot be written", error);
  close(file);
  return good;
}

bool gs_store_each(const GsStore *store, uint32_t cell, uint32_t most,
                   void (*visit)(const GsSample *sample, void *data), void *data, GError **error) {
  g_autofree char *path = path_of(store, cell);
  g_auto(Lines) lines = {.file = fopen(path, "re")};
  if (!lines.file)
    return errno == ENOENT || fail_system(path, "cannot be opened", error);
  GsSample sample;
  while (lines.count < most && next_sample(store, cell, &lines, &sample)) {
    visit(&sample, data);
    gs_sample_clear(&sample);
  }
  return true;
}

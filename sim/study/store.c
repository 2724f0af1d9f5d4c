/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/base/plain_file.h"
#include "sim/study/sealed_lines.h"
#include "sim/study/store_manifest.h"

/** File names are cut there, and made unique again. */
#define NAME_BYTES_MAX 160

struct GsStore {
  char *directory;
  const GsSweep *sweep;
  GsSweep *all;  /**< all that is kept */
  char *made_by; /**< NULL: surely by this program */
  int lock;      /**< the directory, open and locked */
};

void gs_store_close(GsStore *store) {
  if (!store)
    return;
  if (store->lock >= 0)
    close(store->lock);
  g_free(store->directory);
  g_free(store->made_by);
  gs_sweep_free(store->all);
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

/**
 * Whether a study may begin there: in an empty directory (a manifest that was not finished does not
 * count), or in one whose study was set aside.
 */
static bool may_begin(const char *directory) {
  g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
  bool empty = dir != NULL, set_aside = false;
  const char *name;
  while (dir && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *earlier = g_build_filename(directory, name, "study.json", NULL);
    empty &= g_str_has_prefix(name, "study.json.new") || g_str_equal(name, "inputs");
    set_aside |= g_str_has_prefix(name, "before-") && g_file_test(earlier, G_FILE_TEST_EXISTS);
  }
  return empty || set_aside;
}

static bool has_runs(const GsStore *store) {
  g_autofree char *runs = g_build_filename(store->directory, "runs", NULL);
  g_autoptr(GDir) dir = g_dir_open(runs, 0, NULL);
  return dir && g_dir_read_name(dir);
}

/** Goes on with what is there, if it is the same. */
static bool open_manifest(GsStore *store, GError **error) {
  g_auto(GsManifest) before = {0};
  bool there = gs_manifest_exists(store->directory);
  if (!there && !may_begin(store->directory))
    return fail(store, error, "is not empty, and no study made it");
  if (there && (!gs_manifest_read(store->directory, &before, error) ||
                !gs_manifest_check(store->directory, &before, store->sweep, error)))
    return false;
  store->all = gs_sweep_union(store->sweep, before.sweep, error);
  if (!store->all) {
    g_prefix_error(error, "%s: with what is there: ", store->directory);
    return false;
  }
  if (there && !before.same && has_runs(store)) {
    store->made_by = g_steal_pointer(&before.made_by);
    return true;
  }
  return gs_manifest_write(store->directory, store->all, error);
}

/** Makes sure that nobody else writes there. */
static bool lock(GsStore *store, int how, GError **error) {
  store->lock = open(store->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (store->lock < 0)
    return fail_system(store->directory, "cannot be opened", error);
  if (flock(store->lock, how | LOCK_NB) == 0)
    return true;
  if (errno == EWOULDBLOCK)
    return fail(store, error, "another gridsim is working there");
  return fail_system(store->directory, "cannot be locked", error);
}

/** The lines of runs are in no folder that a link leads to. */
static bool folder_of_runs(const GsStore *store, GError **error) {
  g_autofree char *runs = g_build_filename(store->directory, "runs", NULL);
  return gs_plain_folder(runs, error);
}

static GsStore *new_store(const char *directory, const GsSweep *sweep) {
  GsStore *store = g_new0(GsStore, 1);
  *store = (GsStore){.directory = g_strdup(directory), .sweep = sweep, .lock = -1};
  return store;
}

static GsStore *open_store(const char *directory, const GsSweep *sweep, bool fresh, char **aside,
                           GError **error) {
  g_autoptr(GsStore) store = new_store(directory, sweep);
  if (g_mkdir_with_parents(directory, 0777) != 0) {
    fail_system(directory, "cannot be made", error);
    return NULL;
  }
  if (!lock(store, LOCK_EX, error))
    return NULL;
  if (fresh && gs_manifest_exists(directory)) {
    *aside = gs_manifest_set_aside(directory, error);
    if (!*aside)
      return NULL;
  }
  if (!open_manifest(store, error))
    return NULL;
  return folder_of_runs(store, error) ? g_steal_pointer(&store) : NULL;
}

GsStore *gs_store_open(const char *directory, const GsSweep *sweep, GError **error) {
  return open_store(directory, sweep, false, NULL, error);
}

GsStore *gs_store_open_fresh(const char *directory, const GsSweep *sweep, char **aside,
                             GError **error) {
  *aside = NULL;
  return open_store(directory, sweep, true, aside, error);
}

GsStore *gs_store_read(const char *directory, GError **error) {
  g_autoptr(GsStore) store = new_store(directory, NULL);
  if (!lock(store, LOCK_SH, error))
    return NULL;
  if (!gs_manifest_exists(directory)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: has no study.json; must be the directory of gridsim compare --out", directory);
    return NULL;
  }
  g_auto(GsManifest) manifest = {0};
  if (!gs_manifest_read(directory, &manifest, error))
    return NULL;
  store->sweep = store->all = g_steal_pointer(&manifest.sweep);
  store->made_by = g_steal_pointer(&manifest.made_by);
  g_autofree char *runs = g_build_filename(directory, "runs", NULL);
  if (gs_plain_exists(runs) && !folder_of_runs(store, error))
    return NULL;
  return g_steal_pointer(&store);
}

const GsSweep *gs_store_all(const GsStore *store) {
  return store->all;
}

const char *gs_store_made_by(const GsStore *store) {
  return store->made_by;
}

bool gs_store_trust(GsStore *store, GError **error) {
  g_clear_pointer(&store->made_by, g_free);
  return gs_manifest_write(store->directory, store->all, error);
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

static char *path_of(const GsStore *store, const GsSweep *sweep, uint32_t cell) {
  g_autofree char *key = gs_sweep_key(sweep, cell);
  g_autofree char *name = gs_store_file_name(key, ".jsonl");
  return g_build_filename(store->directory, "runs", name, NULL);
}

/** The file of a cell, opened; true and `missing` when there is none. */
static bool open_lines(GsSealedLines *lines, const char *path, int flags, bool *missing,
                       GError **error) {
  int file = gs_plain_open(path, flags, missing, error);
  if (file >= 0)
    gs_sealed_lines_init(lines, path, file);
  return file >= 0 || *missing;
}

/** The next sample of the sequence; false at its end, or with the error. */
static bool next_sample(const GsSweep *sweep, uint32_t cell, GsSealedLines *lines, GsSample *sample,
                        GError **error) {
  gsize length;
  uint64_t number = lines->count;
  const char *line = gs_sealed_lines_next(lines, &length, error);
  if (!line)
    return false;
  if (!gs_sample_read(sample, line, length))
    return gs_sealed_lines_fail(lines, error, "is no run");
  uint64_t seed = gs_sweep_seed(sweep, cell, (uint32_t)number);
  if (sample->repetition == number && sample->seed == seed)
    return true;
  bool failed = gs_sealed_lines_fail(lines, error,
                                     "is repetition %u with seed %" G_GUINT64_FORMAT
                                     "; here must be repetition %" G_GUINT64_FORMAT
                                     " with seed %" G_GUINT64_FORMAT,
                                     sample->repetition, sample->seed, number, seed);
  gs_sample_clear(sample);
  return failed;
}

bool gs_store_count(GsStore *store, uint32_t cell, uint32_t *count, GError **error) {
  g_autofree char *path = path_of(store, store->sweep, cell);
  g_auto(GsSealedLines) lines = {0};
  bool missing;
  *count = 0;
  if (!open_lines(&lines, path, O_RDWR, &missing, error))
    return false;
  if (missing)
    return true;
  GsSample sample;
  GError *problem = NULL;
  while (next_sample(store->sweep, cell, &lines, &sample, &problem))
    gs_sample_clear(&sample);
  if (problem) {
    g_propagate_error(error, problem);
    return false;
  }
  *count = (uint32_t)lines.count;
  return gs_sealed_lines_cut(&lines, error);
}

bool gs_store_append(GsStore *store, uint32_t cell, const GString *line, GError **error) {
  g_assert(!store->made_by);
  g_autofree char *path = path_of(store, store->sweep, cell);
  g_autoptr(GString) sealed = g_string_new_len(line->str, (gssize)line->len);
  gs_line_seal(sealed);
  int file = gs_plain_open(path, O_WRONLY | O_CREAT | O_APPEND, NULL, error);
  if (file < 0)
    return false;
  gsize done = 0;
  while (done < sealed->len) {
    ssize_t wrote = write(file, sealed->str + done, sealed->len - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      break;
    done += (gsize)wrote;
  }
  bool good = done == sealed->len || fail_system(path, "cannot be written", error);
  close(file);
  return good;
}

static bool each(const GsStore *store, const GsSweep *sweep, uint32_t cell, uint32_t most,
                 void (*visit)(const GsSample *sample, void *data), void *data, GError **error) {
  g_autofree char *path = path_of(store, sweep, cell);
  g_auto(GsSealedLines) lines = {0};
  bool missing;
  if (!open_lines(&lines, path, O_RDONLY, &missing, error))
    return false;
  GsSample sample;
  GError *problem = NULL;
  while (!missing && lines.count < most && next_sample(sweep, cell, &lines, &sample, &problem)) {
    visit(&sample, data);
    gs_sample_clear(&sample);
  }
  if (problem)
    g_propagate_error(error, problem);
  return !problem;
}

bool gs_store_each(const GsStore *store, uint32_t cell, uint32_t most,
                   void (*visit)(const GsSample *sample, void *data), void *data, GError **error) {
  return each(store, store->sweep, cell, most, visit, data, error);
}

bool gs_store_each_kept(const GsStore *store, uint32_t cell,
                        void (*visit)(const GsSample *sample, void *data), void *data,
                        GError **error) {
  return each(store, store->all, cell, UINT32_MAX, visit, data, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/input_files.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "sim/base/source.h"

typedef struct {
  GBytes *bytes;
  char fingerprint[GS_FINGERPRINT_DIGITS + 1];
} Content;

struct GsInputFiles {
  pthread_mutex_t mutex;
  GHashTable *contents; /**< path → Content */
  char *where;          /**< NULL: not sealed */
};

GsInputFile *gs_input_file_copy(const GsInputFile *file) {
  GsInputFile *copy = g_new(GsInputFile, 1);
  *copy = *file;
  copy->named = g_strdup(file->named);
  copy->path = g_strdup(file->path);
  copy->content = file->content ? g_bytes_ref(file->content) : NULL;
  return copy;
}

void gs_input_file_free(gpointer data) {
  GsInputFile *file = data;
  g_free(file->named);
  g_free(file->path);
  g_clear_pointer(&file->content, g_bytes_unref);
  g_free(file);
}

char *gs_input_path(const char *source, const char *named) {
  g_autofree char *folder = gs_source_folder(source);
  /* Here "-" is a name like any other. */
  bool beside =
      !g_path_is_absolute(named) && (!g_str_equal(folder, ".") || g_str_equal(named, "-"));
  return beside ? g_build_filename(folder, named, NULL) : g_strdup(named);
}

void gs_fingerprint(const void *bytes, gsize length, char digits[GS_FINGERPRINT_DIGITS + 1]) {
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length);
  g_strlcpy(digits, sum, GS_FINGERPRINT_DIGITS + 1);
}

/** Takes `bytes`. */
static Content *content_new(GBytes *bytes) {
  Content *content = g_new(Content, 1);
  content->bytes = bytes;
  gsize length;
  const void *data = g_bytes_get_data(bytes, &length);
  gs_fingerprint(data, length, content->fingerprint);
  return content;
}

static void content_free(gpointer data) {
  Content *content = data;
  g_bytes_unref(content->bytes);
  g_free(content);
}

GsInputFiles *gs_input_files_new(void) {
  GsInputFiles *files = g_new0(GsInputFiles, 1);
  pthread_mutex_init(&files->mutex, NULL);
  files->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, content_free);
  return files;
}

void gs_input_files_free(GsInputFiles *files) {
  if (!files)
    return;
  pthread_mutex_destroy(&files->mutex);
  g_hash_table_unref(files->contents);
  g_free(files->where);
  g_free(files);
}

void gs_input_files_seal(GsInputFiles *files, const char *where) {
  pthread_mutex_lock(&files->mutex);
  g_free(files->where);
  files->where = g_strdup(where);
  pthread_mutex_unlock(&files->mutex);
}

bool gs_input_files_sealed(GsInputFiles *files) {
  pthread_mutex_lock(&files->mutex);
  bool sealed = files->where != NULL;
  pthread_mutex_unlock(&files->mutex);
  return sealed;
}

void gs_input_files_add(GsInputFiles *files, const char *path, GBytes *content) {
  pthread_mutex_lock(&files->mutex);
  g_hash_table_replace(files->contents, g_strdup(path), content_new(g_bytes_ref(content)));
  pthread_mutex_unlock(&files->mutex);
}

/** A scenario may be somebody else's: what it names must not make anybody wait. */
static Content *read_file(const char *path, uint64_t most, GError **error) {
  struct stat info;
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is %s; must be a regular file", path,
                S_ISDIR(info.st_mode) ? "a folder" : "no regular file");
    return NULL;
  }
  GString *text = gs_source_read(path, most, error);
  return text ? content_new(g_string_free_to_bytes(text)) : NULL;
}

/** Under the mutex. */
static const Content *read_shared(GsInputFiles *files, const char *path, uint64_t most,
                                  GError **error) {
  Content *content = g_hash_table_lookup(files->contents, path);
  if (!content && files->where) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is not in %s", path, files->where);
    return NULL;
  }
  if (!content) {
    content = read_file(path, most, error);
    if (!content)
      return NULL;
    g_hash_table_insert(files->contents, g_strdup(path), content);
  }
  gsize bytes = g_bytes_get_size(content->bytes);
  if (bytes <= most)
    return content;
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%s: %" G_GSIZE_FORMAT " bytes; at most %" G_GUINT64_FORMAT " are allowed", path,
              bytes, (guint64)most);
  return NULL;
}

GBytes *gs_input_files_read(GsInputFiles *files, const char *path, uint64_t most,
                            char fingerprint[GS_FINGERPRINT_DIGITS + 1], GError **error) {
  GBytes *bytes = NULL;
  if (files)
    pthread_mutex_lock(&files->mutex);
  Content *own = files ? NULL : read_file(path, most, error);
  const Content *content = files ? read_shared(files, path, most, error) : own;
  if (content) {
    bytes = g_bytes_ref(content->bytes);
    memcpy(fingerprint, content->fingerprint, sizeof content->fingerprint);
  }
  if (files)
    pthread_mutex_unlock(&files->mutex);
  if (own)
    content_free(own);
  return bytes;
}

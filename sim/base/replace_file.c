/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "sim/base/plain_file.h"

static bool fail(const char *path, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be written: %s", path,
              g_strerror(errno));
  return false;
}

static bool is_the_same(const char *path, const char *bytes, gsize length) {
  struct stat info;
  if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode) || (gsize)info.st_size != length)
    return false;
  g_autoptr(GString) there = gs_plain_read(path, length, NULL);
  return there && there->len == length && memcmp(there->str, bytes, length) == 0;
}

bool gs_replacement_begin(GsReplacement *replacement, const char *path, GError **error) {
  /* A name that nothing there has. */
  g_autofree char *beside = g_strconcat(path, ".new-XXXXXX", NULL);
  int descriptor = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0666);
  FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
  if (!file)
    return fail(path, error);
  *replacement = (GsReplacement){file, g_strdup(path), g_steal_pointer(&beside)};
  return true;
}

bool gs_replacement_end(GsReplacement *replacement, bool good, GError **error) {
  bool written = !ferror(replacement->file);
  written = fclose(replacement->file) == 0 && written;
  bool done = !good || (written && g_rename(replacement->beside, replacement->path) == 0) ||
              fail(replacement->path, error);
  if (!good || !done)
    g_unlink(replacement->beside);
  g_free(replacement->path);
  g_free(replacement->beside);
  *replacement = (GsReplacement){0};
  return done;
}

bool gs_replace_file(const char *path, const char *bytes, gsize length, GError **error) {
  if (is_the_same(path, bytes, length))
    return true;
  GsReplacement replacement;
  if (!gs_replacement_begin(&replacement, path, error))
    return false;
  fwrite(bytes, 1, length, replacement.file);
  return gs_replacement_end(&replacement, true, error);
}

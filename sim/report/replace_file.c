/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"

static bool fail(const char *path, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be written: %s", path,
              g_strerror(errno));
  return false;
}

static bool is_the_same(const char *path, const char *bytes, gsize length) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || (gsize)info.st_size != length)
    return false;
  g_autofree char *there = NULL;
  gsize size;
  return g_file_get_contents(path, &there, &size, NULL) && size == length &&
         memcmp(there, bytes, length) == 0;
}

bool gs_replace_file(const char *path, const char *bytes, gsize length, GError **error) {
  if (is_the_same(path, bytes, length))
    return true;
  /* A name that nothing there has. */
  g_autofree char *beside = g_strconcat(path, ".new-XXXXXX", NULL);
  int descriptor = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0666);
  FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
  if (!file)
    return fail(path, error);
  bool good = fwrite(bytes, 1, length, file) == length;
  good = fclose(file) == 0 && good && g_rename(beside, path) == 0;
  if (good)
    return true;
  fail(path, error);
  g_unlink(beside);
  return false;
}

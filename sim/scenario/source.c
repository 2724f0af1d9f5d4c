/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

static GString *fail_system(const char *path, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be read: %s", path, g_strerror(errno));
  return NULL;
}

static const char *kind_of_file(mode_t mode) {
  if (S_ISDIR(mode))
    return "a directory";
  if (S_ISFIFO(mode))
    return "a FIFO";
  return "a device";
}

static GString *read_all(int file, const char *path, uint64_t most, GError **error) {
  struct stat info;
  if (fstat(file, &info) != 0)
    return fail_system(path, error);
  if (!S_ISREG(info.st_mode)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: found %s; must be a regular file", path,
                kind_of_file(info.st_mode));
    return NULL;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  uint64_t size = (uint64_t)info.st_size;
  while (size <= most) {
    /* One byte more shows whether the file has grown meanwhile. */
    gsize length = text->len, room = MAX((gsize)size + 1, length + 4096) - length;
    g_string_set_size(text, length + room);
    ssize_t got = read(file, text->str + length, room);
    g_string_truncate(text, length + (gsize)MAX(got, 0));
    if (got < 0 && errno != EINTR)
      return fail_system(path, error);
    if (got == 0)
      return g_steal_pointer(&text);
    size = MAX(size, text->len);
  }
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%s: %" G_GUINT64_FORMAT " bytes; at most %" G_GUINT64_FORMAT " are allowed", path,
              size, most);
  return NULL;
}

GString *gs_source_read(const char *path, uint64_t most, GError **error) {
  /* Non-blocking, since opening a FIFO would wait for somebody to write to it. */
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (file < 0)
    return fail_system(path, error);
  GString *text = read_all(file, path, most, error);
  close(file);
  return text;
}

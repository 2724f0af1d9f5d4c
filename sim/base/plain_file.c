/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/plain_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

#define CHUNK_BYTES 65536u

static bool fail_system(const char *path, const char *what, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: %s: %s", path, what, g_strerror(errno));
  return false;
}

static bool fail_kind(const char *path, mode_t mode, const char *wanted, GError **error) {
  const char *found = S_ISLNK(mode)    ? "a symbolic link, which is not followed"
                      : S_ISDIR(mode)  ? "a directory"
                      : S_ISFIFO(mode) ? "a FIFO"
                      : S_ISSOCK(mode) ? "a socket"
                      : S_ISREG(mode)  ? "a file"
                                       : "a device";
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: found %s; must be %s", path, found, wanted);
  return false;
}

/** Says why it was not opened. */
static int fail_open(const char *path, int flags, GError **error) {
  int reason = errno;
  struct stat info;
  if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
    fail_kind(path, info.st_mode, "a regular file", error);
    return -1;
  }
  errno = reason;
  bool writes = (flags & O_ACCMODE) != O_RDONLY;
  fail_system(path, writes ? "cannot be written" : "cannot be read", error);
  return -1;
}

int gs_plain_open(const char *path, int flags, bool *missing, GError **error) {
  if (missing)
    *missing = false;
  /* Non-blocking: opening a FIFO or a device may wait for ever. */
  int file = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0666);
  if (file < 0 && errno == ENOENT && missing) {
    *missing = true;
    return -1;
  }
  if (file < 0)
    return fail_open(path, flags, error);
  struct stat info;
  bool good = fstat(file, &info) == 0 || fail_system(path, "cannot be read", error);
  if (good && !S_ISREG(info.st_mode))
    good = fail_kind(path, info.st_mode, "a regular file", error);
  if (good && (flags & O_ACCMODE) != O_RDONLY && info.st_nlink > 1) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: is a hard link: another name has the same file, which would be changed, too; "
                "give it a file of its own (cp)",
                path);
    good = false;
  }
  if (good)
    return file;
  close(file);
  return -1;
}

GString *gs_plain_read(const char *path, uint64_t most, GError **error) {
  int file = gs_plain_open(path, O_RDONLY, NULL, error);
  if (file < 0)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  ssize_t got = 1;
  while (got > 0 && text->len <= most) {
    gsize length = text->len;
    g_string_set_size(text, length + CHUNK_BYTES);
    do
      got = read(file, text->str + length, CHUNK_BYTES);
    while (got < 0 && errno == EINTR);
    g_string_truncate(text, length + (gsize)MAX(got, 0));
  }
  bool good = got >= 0 || fail_system(path, "cannot be read", error);
  close(file);
  if (good && text->len > most) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
                "%s: has more than the %" G_GUINT64_FORMAT " bytes that are allowed", path, most);
    good = false;
  }
  return good ? g_steal_pointer(&text) : NULL;
}

bool gs_plain_folder(const char *path, GError **error) {
  struct stat info;
  if (g_mkdir(path, 0777) == 0)
    return true;
  if (errno != EEXIST || lstat(path, &info) != 0)
    return fail_system(path, "cannot be made", error);
  return S_ISDIR(info.st_mode) || fail_kind(path, info.st_mode, "a folder", error);
}

bool gs_plain_exists(const char *path) {
  struct stat info;
  return lstat(path, &info) == 0;
}

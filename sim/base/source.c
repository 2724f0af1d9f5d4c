/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

/** What messages call standard input. */
static const char stdin_name[] = "(standard input)";

static GString *fail_system(const char *name, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be read: %s", name, g_strerror(errno));
  return NULL;
}

/** NULL: it can be read to its end. */
static const char *unreadable(int file, mode_t mode) {
  if (S_ISREG(mode) || S_ISFIFO(mode) || S_ISSOCK(mode) || isatty(file))
    return NULL;
  return S_ISDIR(mode) ? "a directory" : "a device";
}

/** Of bytes, or EAGAIN or EINTR: whether to go on, for what is no regular file. */
static bool wait_for_more(int file) {
  if (errno == EINTR)
    return true;
  struct pollfd more = {.fd = file, .events = POLLIN};
  return errno == EAGAIN && (poll(&more, 1, -1) >= 0 || errno == EINTR);
}

static GString *read_all(int file, const char *name, uint64_t most, GError **error) {
  struct stat info;
  if (fstat(file, &info) != 0)
    return fail_system(name, error);
  const char *found = unreadable(file, info.st_mode);
  if (found) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: found %s; must be a file or a pipe", name,
                found);
    return NULL;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  bool regular = S_ISREG(info.st_mode);
  uint64_t size = regular ? (uint64_t)info.st_size : 0;
  while (size <= most) {
    /* One byte more shows whether the file has grown meanwhile. */
    gsize length = text->len, room = MAX((gsize)size + 1, length + 65536) - length;
    g_string_set_size(text, length + room);
    ssize_t got = read(file, text->str + length, room);
    g_string_truncate(text, length + (gsize)MAX(got, 0));
    if (got < 0 && !wait_for_more(file))
      return fail_system(name, error);
    if (got == 0)
      return g_steal_pointer(&text);
    size = MAX(size, text->len);
  }
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%s: %s%" G_GUINT64_FORMAT " bytes; at most %" G_GUINT64_FORMAT " are allowed", name,
              regular ? "" : "at least ", size, most);
  return NULL;
}

/** Whether a FIFO is there that nobody has opened for writing yet: one waits for that. */
static bool waits_for_writer(int file) {
  struct stat info;
  return fstat(file, &info) == 0 && S_ISFIFO(info.st_mode);
}

GString *gs_source_read(const char *path, uint64_t most, GError **error) {
  if (strcmp(path, "-") == 0)
    return read_all(STDIN_FILENO, stdin_name, most, error);
  /* Non-blocking, since opening some devices would wait. */
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (file < 0)
    return fail_system(path, error);
  /* Until somebody writes, a FIFO reads as empty; a signal ends the waiting. */
  struct pollfd writer = {.fd = file, .events = POLLIN};
  if (waits_for_writer(file))
    poll(&writer, 1, -1);
  GString *text = read_all(file, path, most, error);
  close(file);
  return text;
}

const char *gs_source_name(const char *path) {
  return strcmp(path, "-") == 0 ? stdin_name : path;
}

bool gs_source_is_stream(const char *source) {
  return strcmp(source, stdin_name) == 0 || g_str_has_prefix(source, "/dev/") ||
         g_str_has_prefix(source, "/proc/");
}

char *gs_source_folder(const char *source) {
  return gs_source_is_stream(source) ? g_strdup(".") : g_path_get_dirname(source);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/base/replace_file.h"
#include "sim/cli/cli.h"

int gs_output_write(FILE *stream, const GString *text) {
  errno = 0;
  bool written = fwrite(text->str, 1, text->len, stream) == text->len && fflush(stream) == 0;
  return written ? 0 : errno ? errno : EIO;
}

/** Whether `stream` is a pipe or socket that nobody reads from any more. */
static bool is_abandoned(FILE *stream) {
  struct pollfd fd = {.fd = fileno(stream), .events = POLLOUT};
  return poll(&fd, 1, 0) == 1 && (fd.revents & POLLERR);
}

int gs_output_finish(int status, int write_error) {
  bool failed = ferror(stdout) || write_error;
  errno = 0;
  if (fflush(stdout) != 0)
    failed = true;
  int reason = write_error ? write_error : errno;
  if (!failed || reason == EPIPE || is_abandoned(stdout))
    return status;
  gs_cli_error("cannot write to standard output: %s",
               reason ? g_strerror(reason) : "an earlier write failed");
  return GS_EXIT_WRONG;
}

int gs_output_text(const GString *text, int status) {
  return gs_output_finish(status, gs_output_write(stdout, text));
}

static int write_directly(const char *path, const GString *text) {
  FILE *file = fopen(path, "w");
  if (!file)
    return errno;
  int reason = gs_output_write(file, text);
  if (fclose(file) != 0 && !reason)
    reason = errno;
  return reason;
}

bool gs_output_file(const char *path, const GString *text, GError **error) {
  struct stat info;
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
    int reason = write_directly(path, text);
    if (reason)
      g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be written: %s", path,
                  g_strerror(reason));
    return !reason;
  }
  /* A link stays one: the file that it leads to is replaced. */
  char *real = realpath(path, NULL);
  bool good = gs_replace_file(real ? real : path, text->str, text->len, error);
  free(real);
  return good;
}

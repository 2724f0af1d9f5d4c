/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/last_net.h"

#include <glib.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/json/json.h"
#include "sim/cli/cli.h"

#define LINE_BYTES 400

typedef struct {
  __rlimit_resource_t resource;
  const char *option; /**< of ulimit */
  rlim_t unit;        /**< in bytes, as the shell counts */
} Limit;
static const Limit limits[] = {
    {RLIMIT_AS, "-v", 1 << 10},
    {RLIMIT_DATA, "-d", 1 << 10},
    {RLIMIT_NPROC, "-u", 1},
    {RLIMIT_NOFILE, "-n", 1},
};

static bool is_limited(const Limit *limit, rlim_t *value) {
  struct rlimit found;
  if (getrlimit(limit->resource, &found) != 0 || found.rlim_cur == RLIM_INFINITY)
    return false;
  *value = found.rlim_cur / limit->unit;
  return true;
}

/** Raised by GLib itself, in the midst of nothing else: not only what is safe in any signal. */
static void end_in_words(int number) {
  (void)number;
  char line[LINE_BYTES];
  int used = snprintf(line, sizeof line,
                      "gridsim: the system did not give what GLib asked for (see above): no more "
                      "memory, threads or files;");
  bool any = false;
  for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
    rlim_t value;
    if (!is_limited(&limits[i], &value))
      continue;
    used +=
        snprintf(line + used, sizeof line - (size_t)used, "%s ulimit %s is %" PRIuMAX,
                 any ? "," : " raise the limits or do less:", limits[i].option, (uintmax_t)value);
    any = true;
  }
  used += snprintf(line + used, sizeof line - (size_t)used, any ? "\n" : " do less\n");
  ssize_t written = write(STDERR_FILENO, line, (size_t)used);
  (void)written;
  _exit(GS_EXIT_WRONG);
}

void gs_last_net_set(void) {
  rlim_t value;
  signal(SIGXFSZ, SIG_IGN);
#ifdef __GLIBC__
  if (is_limited(&limits[0], &value) || is_limited(&limits[1], &value))
    mallopt(M_ARENA_MAX, 1);
#endif
  gs_json_use_glib_memory();
  if (!g_getenv("G_DEBUG"))
    signal(SIGTRAP, end_in_words);
}

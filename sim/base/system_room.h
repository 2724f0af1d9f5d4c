/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * How much memory and how many threads this process may still take, by what the
 * system says of itself in files: /proc, and the control groups (both versions)
 * that the process is in. What cannot be read limits nothing. The files are read
 * anew each time.
 */

/** Where the texts come from, so that tests can give their own. */
typedef struct {
  /** Text of a file (free with g_free), or NULL when there is none. */
  char *(*read)(const char *path, void *data);
  void *data;
} GsSystemFiles;
extern const GsSystemFiles gs_system_files; /**< those of this system */

typedef struct {
  uint64_t free;     /**< bytes or threads; UINT64_MAX: nothing is known that limits it */
  uint64_t limit;    /**< of what leaves the least, all in all; UINT64_MAX likewise */
  const char *what;  /**< its name: "the memory of this machine", "kernel.pid_max"; static */
  const char *raise; /**< how to get more, or NULL; static */
  bool reserved;     /**< what is reserved counts, used or not, such as stacks of threads */
} GsRoom;

/**
 * Bytes: the least of MemAvailable, the process's control groups and all above
 * them (file pages that nobody used lately count as free), and the limits on
 * address space and data of the process.
 */
GsRoom gs_memory_room(const GsSystemFiles *files);
/**
 * Threads with stacks of their own: the least of kernel.pid_max,
 * kernel.threads-max, vm.max_map_count (a stack takes two mappings), the control
 * groups' pids.max and, where it binds, the user's limit on processes.
 */
GsRoom gs_thread_room(const GsSystemFiles *files);
/**
 * Whether a thread for each node, and `more` besides, can be started; the error
 * (GS_ERROR_SYSTEM) says what is in the way.
 */
bool gs_threads_fit(uint32_t nodes, uint32_t more, const GsSystemFiles *files, GError **error);

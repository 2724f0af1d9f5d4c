/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/system_room.h"

#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "sim/base/source.h"

#define FILE_BYTES_MAX ((uint64_t)16 << 20)
/** Version 1 of control groups says "no limit" with a number near 2^63. */
#define CGROUP_NO_LIMIT ((uint64_t)1 << 60)
/** A thread's stack and its guard page. */
#define MAPPINGS_PER_THREAD 2
/** Mappings and threads that are left for others: allocators, whatever starts meanwhile. */
#define MAPPINGS_LEFT 256
#define THREADS_LEFT 32
/** One part in so many of what may be reserved is left for allocators: they take more, and align
 * it. */
#define RESERVED_LEFT_PART 8
/** Capabilities that pass over the user's limit on processes. */
#define CAP_SYS_ADMIN 21
#define CAP_SYS_RESOURCE 24

static char *read_file(const char *path, void *data) {
  (void)data;
  GString *text = gs_source_read(path, FILE_BYTES_MAX, NULL);
  return text ? g_string_free(text, FALSE) : NULL;
}
const GsSystemFiles gs_system_files = {read_file, NULL};

static char *text_of(const GsSystemFiles *files, const char *path) {
  return files->read(path, files->data);
}

/** A number at the beginning of a text, after blanks; false where there is none ("max"). */
static bool number_in(const char *text, uint64_t *number) {
  text += strspn(text, " \t");
  if (!g_ascii_isdigit(*text))
    return false;
  *number = g_ascii_strtoull(text, NULL, 10);
  return true;
}

/** The number in the line that begins with a name. */
static bool line_number(const char *text, const char *name, uint64_t *number) {
  for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL)
    if (g_str_has_prefix(line, name))
      return number_in(line + strlen(name), number);
  return false;
}

static bool file_number(const GsSystemFiles *files, const char *path, uint64_t *number) {
  g_autofree char *text = text_of(files, path);
  return text && number_in(text, number);
}

static uint64_t left_of(uint64_t limit, uint64_t used) {
  return limit > used ? limit - used : 0;
}

static void narrow(GsRoom *room, uint64_t free, uint64_t limit, const char *what,
                   const char *raise) {
  if (free < room->free)
    *room = (GsRoom){.free = free, .limit = limit, .what = what, .raise = raise};
}

/* ---- Control groups ---- */

/** What to look at in the folder of a group. */
typedef void (*LookAt)(const GsSystemFiles *files, const char *folder, bool unified, GsRoom *room);

/** A group and all above it: each may limit those below. */
static void look_up(const GsSystemFiles *files, const char *mount, const char *group, bool unified,
                    LookAt look, GsRoom *room) {
  g_autofree char *path = g_strdup(group);
  for (;;) {
    gsize length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
      path[--length] = '\0';
    g_autofree char *folder = g_strconcat(mount, path, NULL);
    look(files, folder, unified, room);
    char *slash = strrchr(path, '/');
    if (!slash)
      return;
    *slash = '\0';
  }
}

/** Whether "cpu,memory" names a controller. */
static bool names(const char *controllers, const char *name) {
  g_auto(GStrv) list = g_strsplit(controllers, ",", -1);
  return g_strv_contains((const char *const *)list, name);
}

/** Lines of /proc/self/cgroup: "0::/a/b" of version 2, "4:memory:/a/b" of version 1. */
static void look_at_groups(const GsSystemFiles *files, const char *controller, LookAt look,
                           GsRoom *room) {
  g_autofree char *text = text_of(files, "/proc/self/cgroup");
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto(GStrv) parts = g_strsplit(*line, ":", 3);
    if (g_strv_length(parts) != 3 || parts[2][0] != '/')
      continue;
    if (g_str_equal(parts[0], "0") && !parts[1][0]) {
      look_up(files, "/sys/fs/cgroup", parts[2], true, look, room);
    } else if (names(parts[1], controller)) {
      g_autofree char *mount = g_strconcat("/sys/fs/cgroup/", controller, NULL);
      look_up(files, mount, parts[2], false, look, room);
    }
  }
}

static bool number_of(const GsSystemFiles *files, const char *folder, const char *name,
                      uint64_t *number) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return file_number(files, path, number);
}

static void look_at_memory(const GsSystemFiles *files, const char *folder, bool unified,
                           GsRoom *room) {
  uint64_t limit, used, idle = 0;
  const char *limit_name = unified ? "memory.max" : "memory.limit_in_bytes";
  const char *used_name = unified ? "memory.current" : "memory.usage_in_bytes";
  if (!number_of(files, folder, limit_name, &limit) || limit >= CGROUP_NO_LIMIT ||
      !number_of(files, folder, used_name, &used))
    return;
  g_autofree char *path = g_build_filename(folder, "memory.stat", NULL);
  g_autofree char *stat = text_of(files, path);
  if (stat && !line_number(stat, "total_inactive_file ", &idle))
    line_number(stat, "inactive_file ", &idle);
  narrow(room, left_of(limit, left_of(used, idle)), limit, "the memory of this control group",
         NULL);
}

static void look_at_threads(const GsSystemFiles *files, const char *folder, bool unified,
                            GsRoom *room) {
  (void)unified;
  uint64_t limit, used;
  if (number_of(files, folder, "pids.max", &limit) &&
      number_of(files, folder, "pids.current", &used))
    narrow(room, left_of(limit, used), limit, "pids.max of this control group",
           "raise the control group's pids.max (docker: --pids-limit, systemd: TasksMax)");
}

/* ---- Memory ---- */

static void look_at_machine(const GsSystemFiles *files, GsRoom *room) {
  g_autofree char *text = text_of(files, "/proc/meminfo");
  uint64_t free, total = 0;
  if (!text || !line_number(text, "MemAvailable:", &free))
    return;
  line_number(text, "MemTotal:", &total);
  narrow(room, free << 10, total << 10, "the memory of this machine", NULL);
}

static void narrow_reserved(GsRoom *room, uint64_t limit, uint64_t used, const char *what) {
  uint64_t left = left_of(limit, used), free = left - left / RESERVED_LEFT_PART;
  if (free < room->free)
    *room = (GsRoom){.free = free, .limit = limit, .what = what, .reserved = true};
}

static void look_at_limits(const GsSystemFiles *files, GsRoom *room) {
  g_autofree char *limits = text_of(files, "/proc/self/limits");
  g_autofree char *status = text_of(files, "/proc/self/status");
  uint64_t limit, used;
  if (!limits || !status)
    return;
  if (line_number(limits, "Max address space ", &limit) && line_number(status, "VmSize:", &used))
    narrow_reserved(room, limit, used << 10, "the limit on address space (ulimit -v)");
  if (line_number(limits, "Max data size ", &limit) && line_number(status, "VmData:", &used))
    narrow_reserved(room, limit, used << 10, "the limit on data (ulimit -d)");
}

GsRoom gs_memory_room(const GsSystemFiles *files) {
  GsRoom room = {.free = UINT64_MAX, .limit = UINT64_MAX};
  look_at_machine(files, &room);
  look_at_groups(files, "memory", look_at_memory, &room);
  look_at_limits(files, &room);
  return room;
}

/* ---- Threads ---- */

/** "0.10 0.20 0.30 2/345 6789": 345 threads and processes now. */
static uint64_t tasks_now(const GsSystemFiles *files) {
  g_autofree char *text = text_of(files, "/proc/loadavg");
  const char *slash = text ? strchr(text, '/') : NULL;
  uint64_t tasks = 0;
  return slash && number_in(slash + 1, &tasks) ? tasks : 0;
}

static void look_at_kernel(const GsSystemFiles *files, GsRoom *room) {
  uint64_t limit, tasks = tasks_now(files);
  if (file_number(files, "/proc/sys/kernel/pid_max", &limit))
    narrow(room, left_of(limit, tasks), limit, "kernel.pid_max", "raise it: sysctl kernel.pid_max");
  if (file_number(files, "/proc/sys/kernel/threads-max", &limit))
    narrow(room, left_of(limit, tasks), limit, "kernel.threads-max",
           "raise it: sysctl kernel.threads-max");
  if (!file_number(files, "/proc/sys/vm/max_map_count", &limit))
    return;
  g_autofree char *maps = text_of(files, "/proc/self/maps");
  uint64_t used = MAPPINGS_LEFT;
  for (const char *at = maps; at && (at = strchr(at, '\n')) != NULL; at++)
    used++;
  narrow(room, left_of(limit, used) / MAPPINGS_PER_THREAD, limit, "vm.max_map_count",
         "raise it: sysctl vm.max_map_count (two for each thread)");
}

/** Root's are not limited. How many others the user has is not known, only this process's. */
static void look_at_user(const GsSystemFiles *files, GsRoom *room) {
  g_autofree char *limits = text_of(files, "/proc/self/limits");
  g_autofree char *status = text_of(files, "/proc/self/status");
  uint64_t limit, used = 1, uid = 1;
  if (!limits || !status || !line_number(limits, "Max processes ", &limit))
    return;
  line_number(status, "Threads:", &used);
  line_number(status, "Uid:", &uid);
  const char *capabilities = strstr(status, "\nCapEff:");
  uint64_t able = capabilities ? g_ascii_strtoull(capabilities + strlen("\nCapEff:"), NULL, 16) : 0;
  uint64_t above = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_RESOURCE;
  if (uid == 0 || (able & above) != 0)
    return;
  narrow(room, left_of(limit, used), limit, "this user's limit on processes",
         "raise it: ulimit -u");
}

GsRoom gs_thread_room(const GsSystemFiles *files) {
  GsRoom room = {.free = UINT64_MAX, .limit = UINT64_MAX};
  look_at_kernel(files, &room);
  look_at_groups(files, "pids", look_at_threads, &room);
  look_at_user(files, &room);
  if (room.free != UINT64_MAX)
    room.free = left_of(room.free, THREADS_LEFT);
  return room;
}

bool gs_threads_fit(uint32_t nodes, uint32_t more, const GsSystemFiles *files, GError **error) {
  GsRoom room = gs_thread_room(files);
  if ((uint64_t)nodes + more <= room.free)
    return true;
  g_autofree char *others = more == 0 ? g_strdup("")
                            : more == 1
                                ? g_strdup(", and one more that sorts mail,")
                                : g_strdup_printf(", and %" PRIu32 " more that sort mail,", more);
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM,
              "one thread for each of %" PRIu32 " nodes%s is too much here: %s is %" PRIu64
              ", which leaves room for %" PRIu64 " threads; use --runner pool, or %s",
              nodes, others, room.what, room.limit, room.free, room.raise);
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/error.h"
#include "sim/base/system_room.h"

#define MIB ((uint64_t)1 << 20)

/* ---- Samples of the system's files ---- */

typedef struct {
  const char *path, *text;
} Sample;

static char *read_sample(const char *path, void *data) {
  for (const Sample *sample = data; sample->path; sample++)
    if (g_str_equal(sample->path, path))
      return g_strdup(sample->text);
  return NULL;
}

static GsRoom memory_in(Sample *samples) {
  return gs_memory_room(&(GsSystemFiles){read_sample, samples});
}

static GsRoom threads_in(Sample *samples) {
  return gs_thread_room(&(GsSystemFiles){read_sample, samples});
}

#define MEMINFO                                                                                    \
  {                                                                                                \
    "/proc/meminfo",                                                                               \
        "MemTotal:       24684084 kB\nMemFree:        1 kB\nMemAvailable:   2048 kB\n"             \
  }

Test(system_room, nothing_known_limits_nothing) {
  Sample none[] = {{NULL, NULL}};
  cr_assert_eq(memory_in(none).free, UINT64_MAX);
  cr_assert_eq(threads_in(none).free, UINT64_MAX);
  Sample odd[] = {{"/proc/meminfo", "MemAvailable: many"},
                  {"/proc/self/cgroup", "x\n1:2\n0::relative\n"},
                  {"/proc/self/limits", ""},
                  {"/proc/loadavg", ""},
                  {NULL, NULL}};
  cr_assert_eq(memory_in(odd).free, UINT64_MAX);
  cr_assert_eq(threads_in(odd).free, UINT64_MAX);
}

Test(system_room, free_is_what_the_machine_has) {
  Sample files[] = {MEMINFO, {NULL, NULL}};
  GsRoom room = memory_in(files);
  cr_assert_eq(room.free, 2 * MIB);
  cr_assert_eq(room.limit, UINT64_C(24684084) << 10);
  cr_assert_str_eq(room.what, "the memory of this machine");
}

Test(system_room, groups_and_those_above_them_limit_it) {
  Sample two[] = {MEMINFO,
                  {"/proc/self/cgroup", "0::/a/b\n"},
                  {"/sys/fs/cgroup/a/b/memory.max", "max\n"},
                  {"/sys/fs/cgroup/a/b/memory.current", "1\n"},
                  {"/sys/fs/cgroup/a/memory.max", "1000000\n"},
                  {"/sys/fs/cgroup/a/memory.current", "900000\n"},
                  {"/sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file 50000\nactive_file 7\n"},
                  {NULL, NULL}};
  GsRoom room = memory_in(two);
  cr_assert_eq(room.free, 150000);
  cr_assert_eq(room.limit, 1000000);
  cr_assert_str_eq(room.what, "the memory of this control group");

  Sample one[] = {
      MEMINFO,
      {"/proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/x\n0::/\n"},
      {"/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n"},
      {"/sys/fs/cgroup/memory/x/memory.usage_in_bytes", "9\n"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "700000\n"},
      {"/sys/fs/cgroup/memory/memory.usage_in_bytes", "600000\n"},
      {"/sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 20000\n"},
      {NULL, NULL}};
  cr_assert_eq(memory_in(one).free, 120000);
  one[3].text = "8000000";
  one[2].text = "8000500";
  cr_assert_eq(memory_in(one).free, 500, "the innermost leaves the least");
  one[3].text = "9000000";
  cr_assert_eq(memory_in(one).free, 0, "more than the limit is in use");
}

#define LIMITS(space, data, processes)                                                             \
  {                                                                                                \
    "/proc/self/limits",                                                                           \
        "Limit                     Soft Limit           Hard Limit           Units     \n"         \
        "Max data size             " data "            unlimited            bytes     \n"          \
        "Max processes             " processes "       96365                processes \n"          \
        "Max address space         " space "           unlimited            bytes     \n"          \
  }

Test(system_room, limits_of_the_process_limit_it) {
  Sample files[] = {MEMINFO,
                    LIMITS("1048576", "unlimited", "unlimited"),
                    {"/proc/self/status", "Name:\tx\nVmSize:\t  24 kB\nVmData:\t  1000 kB\n"},
                    {NULL, NULL}};
  GsRoom room = memory_in(files);
  /* An eighth is left for allocators. */
  cr_assert_eq(room.free, 875 << 10);
  cr_assert_str_eq(room.what, "the limit on address space (ulimit -v)");
  cr_assert(room.reserved);
  Sample data[] = {MEMINFO, LIMITS("unlimited", "1048576", "unlimited"), files[2], {NULL, NULL}};
  room = memory_in(data);
  cr_assert_eq(room.free, 21 << 10);
  cr_assert_str_eq(room.what, "the limit on data (ulimit -d)");
  cr_assert(room.reserved);
}

/* ---- Threads ---- */

#define KERNEL(pids, threads, maps)                                                                \
  {"/proc/loadavg", "0.00 0.01 0.05 1/200 5678\n"}, {"/proc/sys/kernel/pid_max", pids "\n"},       \
      {"/proc/sys/kernel/threads-max", threads "\n"}, {"/proc/sys/vm/max_map_count", maps "\n"}, { \
    "/proc/self/maps", "a\nb\nc\nd\n"                                                              \
  }

static void assert_threads(Sample *files, uint64_t free, uint64_t limit, const char *what) {
  GsRoom room = threads_in(files);
  cr_expect_eq(room.free, free, "%s: %" G_GUINT64_FORMAT, what, room.free);
  cr_expect_eq(room.limit, limit, "%s", what);
  cr_expect_str_eq(room.what, what);
  cr_expect(room.raise);
}

Test(system_room, each_limit_on_threads_is_named) {
  /* 32 are left for others, and 256 mappings. */
  Sample pids[] = {KERNEL("32768", "192730", "655300"), {NULL, NULL}};
  assert_threads(pids, 32768 - 200 - 32, 32768, "kernel.pid_max");
  Sample threads[] = {KERNEL("4194304", "50000", "655300"), {NULL, NULL}};
  assert_threads(threads, 50000 - 200 - 32, 50000, "kernel.threads-max");
  Sample maps[] = {KERNEL("4194304", "192730", "65530"), {NULL, NULL}};
  assert_threads(maps, (65530 - 256 - 4) / 2 - 32, 65530, "vm.max_map_count");
  Sample group[] = {KERNEL("4194304", "192730", "655300"),
                    {"/proc/self/cgroup", "0::/a\n"},
                    {"/sys/fs/cgroup/a/pids.max", "4096\n"},
                    {"/sys/fs/cgroup/a/pids.current", "96\n"},
                    {NULL, NULL}};
  assert_threads(group, 4000 - 32, 4096, "pids.max of this control group");
  group[6].text = "max\n";
  cr_assert_gt(threads_in(group).free, 4096);
}

Test(system_room, roots_processes_are_not_limited) {
  Sample files[] = {
      LIMITS("unlimited", "unlimited", "5000"),
      {"/proc/self/status",
       "Name:\tx\nUid:\t1000\t1000\t1000\t1000\nThreads:\t3\nCapEff:\t0000000000000000\n"},
      {NULL, NULL}};
  assert_threads(files, 5000 - 3 - 32, 5000, "this user's limit on processes");
  files[1].text = "Name:\tx\nUid:\t1000\t1000\nThreads:\t3\nCapEff:\t0000000001000000\n";
  cr_assert_eq(threads_in(files).free, UINT64_MAX);
  files[1].text = "Name:\tx\nUid:\t0\t0\t0\t0\nThreads:\t3\nCapEff:\t0000000000000000\n";
  cr_assert_eq(threads_in(files).free, UINT64_MAX);
}

Test(system_room, too_many_threads_are_refused_with_the_limit_and_what_to_do) {
  Sample files[] = {KERNEL("32768", "192730", "655300"), {NULL, NULL}};
  GsSystemFiles system = {read_sample, files};
  g_autoptr(GError) error = NULL;
  cr_assert(gs_threads_fit(32536, 0, &system, &error));
  cr_assert_not(gs_threads_fit(100000, 0, &system, &error));
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_SYSTEM));
  cr_assert_str_eq(error->message,
                   "one thread for each of 100000 nodes is too much here: kernel.pid_max is 32768, "
                   "which leaves room for 32536 threads; use --runner pool, or raise it: sysctl "
                   "kernel.pid_max");
}

Test(system_room, threads_that_sort_mail_count_too) {
  Sample files[] = {KERNEL("32768", "192730", "655300"), {NULL, NULL}};
  GsSystemFiles system = {read_sample, files};
  g_autoptr(GError) error = NULL;
  cr_assert(gs_threads_fit(32473, 63, &system, &error));
  cr_assert_not(gs_threads_fit(32474, 63, &system, &error));
  cr_assert_str_eq(error->message,
                   "one thread for each of 32474 nodes, and 63 more that sort mail, is too much "
                   "here: kernel.pid_max is 32768, which leaves room for 32536 threads; use "
                   "--runner pool, or raise it: sysctl kernel.pid_max");
}

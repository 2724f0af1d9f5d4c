/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/runner.h"
#include "sim/run/simulation.h"
#include "sim/run/thread.h"
#include "tools/bench/bench.h"

static gsize resident_bytes(void) {
  g_autofree char *text = NULL;
  gs_bench_require(g_file_get_contents("/proc/self/statm", &text, NULL, NULL), "no /proc");
  return (gsize)g_ascii_strtoull(strchr(text, ' '), NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}

static gsize heap_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/* Of the mapping of a thread's stack the descriptor is the end, from pthread_self() on. */
static void *measure_descriptor(void *data) {
  pthread_attr_t attributes;
  void *stack;
  size_t size;
  gs_bench_require(!pthread_getattr_np(pthread_self(), &attributes), "no thread attributes");
  pthread_attr_getstack(&attributes, &stack, &size);
  pthread_attr_destroy(&attributes);
  gsize *bytes = data;
  *bytes = (gsize)((char *)stack + size - (char *)pthread_self());
  return NULL;
}

static gsize descriptor_bytes(void) {
  pthread_t thread;
  gsize bytes = 0;
  gs_bench_require(gs_thread_start(&thread, GS_ACTOR_STACK_BYTES, measure_descriptor, &bytes, NULL),
                   "no thread");
  gs_thread_join(thread);
  return bytes;
}

static void add(GsBenchReport *report, const char *what, GsRunnerKind runner,
                const GsBenchOptions *options, gsize bytes) {
  double value = (double)bytes / options->actors;
  gs_bench_report_add(report, g_strdup(what), gs_runner_names[runner], options->cores,
                      GS_BENCH_BYTES, &value, 1);
}

void gs_bench_memory(GsBenchReport *report, const GsBenchOptions *options) {
  g_autoptr(GsScenario) scenario = gs_bench_scenario(
      "{'topology': {'kind': 'lattice', 'rows': 100, 'columns': %u}}", options->actors / 100);
  g_autofree int64_t *gridnet = g_new0(int64_t, scenario->node_count);
  gsize descriptor = descriptor_bytes();
  malloc_trim(0);
  gsize heap = heap_bytes(), resident = resident_bytes();
  GsSimulation sim;
  gs_simulation_init(&sim, scenario, options->cores, gridnet, false, NULL, NULL);
  gsize pool_heap = heap_bytes() - heap;
  g_autoptr(GError) error = NULL;
  GsRunner *runner = gs_runner_threads.start(&sim, &error);
  gs_bench_require(runner, "%s", error ? error->message : "");
  gsize thread_heap = heap_bytes() - heap + descriptor * options->actors;
  /* Only when all have run into their mailboxes have their stacks been touched. */
  g_usleep(200000);
  gsize with_stacks = resident_bytes() - resident;
  gs_runner_threads.stop(runner);
  gs_simulation_clear(&sim);
  add(report, "a node at rest", GS_RUNNER_POOL, options, pool_heap);
  add(report, "a node at rest, besides its stack", GS_RUNNER_THREADS, options, thread_heap);
  add(report, "a node at rest, resident, with its stack", GS_RUNNER_THREADS, options, with_stacks);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/thread.h"
#include "sim/run/runner.h"
#include "sim/run/simulation.h"
#include "tools/bench/bench.h"

static gsize heap_bytes(void) {
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/** Of the mapping of a thread's stack the descriptor is the end, from pthread_self() on. */
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

static void print_bytes(const GsBenchOptions *options, const char *what, GsRunnerKind runner,
                        gsize bytes) {
  gs_bench_print(&(GsBenchFigure){.what = what,
                                  .runner = gs_runner_names[runner],
                                  .workers = options->cores,
                                  .bytes = (double)bytes / gs_bench_actors(options)});
}

void gs_bench_memory(const GsBenchOptions *options) {
  uint32_t actors = gs_bench_actors(options);
  g_autoptr(GsScenario) scenario = gs_bench_scenario(
      "{'topology': {'kind': 'lattice', 'rows': 100, 'columns': %u}}", actors / 100);
  g_autofree int64_t *gridnet = g_new0(int64_t, scenario->node_count);
  gsize descriptor = descriptor_bytes();
  malloc_trim(0);
  gsize heap = heap_bytes(), resident = gs_bench_resident_bytes();
  GsSimulation sim;
  gs_simulation_init(&sim, scenario, options->cores, gridnet, false, NULL, NULL);
  gsize pool_heap = heap_bytes() - heap;
  g_autoptr(GError) error = NULL;
  GsRunner *runner = gs_runner_threads.start(&sim, &error);
  gs_bench_require(runner, "%s", error ? error->message : "");
  gsize thread_heap = heap_bytes() - heap + descriptor * actors;
  /* Only when all have run into their mailboxes have their stacks been touched. */
  g_usleep(200000);
  gsize with_stacks = gs_bench_resident_bytes() - resident;
  gs_runner_threads.stop(runner);
  gs_simulation_clear(&sim);
  print_bytes(options, "a node at rest", GS_RUNNER_POOL, pool_heap);
  print_bytes(options, "a node at rest, besides its stack", GS_RUNNER_THREADS, thread_heap);
  print_bytes(options, "a node at rest, resident, with its stack", GS_RUNNER_THREADS, with_stacks);
}

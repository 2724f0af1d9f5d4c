/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <sched.h>
#include <stdatomic.h>

#include "sim/base/thread.h"

static atomic_bool is_over;

static void *wait_for_end(void *data) {
  while (!atomic_load(&is_over))
    sched_yield();
  return data;
}

/** The processors of a thread that was kept on the one at `place`. */
static cpu_set_t kept_on(uint32_t place) {
  pthread_t thread;
  cpu_set_t set;
  atomic_store(&is_over, false);
  cr_assert(gs_thread_start(&thread, GS_WORKER_STACK_BYTES, wait_for_end, NULL, NULL));
  gs_thread_keep_on(thread, place);
  cr_assert(!pthread_getaffinity_np(thread, sizeof set, &set));
  atomic_store(&is_over, true);
  gs_thread_join(thread);
  return set;
}

Test(thread, is_kept_on_one_processor_for_each_place_that_there_is) {
  cpu_set_t all, seen;
  cr_assert(!sched_getaffinity(0, sizeof all, &all));
  CPU_ZERO(&seen);
  uint32_t count = gs_thread_processors();
  cr_assert_eq((int)count, CPU_COUNT(&all));
  for (uint32_t place = 0; place < count; place++) {
    cpu_set_t set = kept_on(place);
    cr_expect_eq(CPU_COUNT(&set), 1);
    CPU_OR(&seen, &seen, &set);
  }
  cr_expect(CPU_EQUAL(&seen, &all), "each processor once");
}

Test(thread, stays_where_it_was_at_a_place_that_there_is_not) {
  cpu_set_t all;
  cr_assert(!sched_getaffinity(0, sizeof all, &all));
  cpu_set_t set = kept_on(gs_thread_processors());
  cr_expect(CPU_EQUAL(&set, &all));
}

Test(thread, is_kept_where_the_caller_is_and_wakes_behind_whoever_runs_there) {
  pthread_t thread;
  cpu_set_t set;
  int policy;
  struct sched_param param;
  gs_thread_keep_on(pthread_self(), gs_thread_processors() - 1); /* so that it stays where it is */
  int here = sched_getcpu();
  atomic_store(&is_over, false);
  cr_assert(gs_thread_start(&thread, GS_WORKER_STACK_BYTES, wait_for_end, NULL, NULL));
  gs_thread_keep_here(thread);
  cr_assert(!pthread_getaffinity_np(thread, sizeof set, &set));
  cr_assert(!pthread_getschedparam(thread, &policy, &param));
  atomic_store(&is_over, true);
  gs_thread_join(thread);
  cr_expect_eq(CPU_COUNT(&set), 1);
  cr_expect(CPU_ISSET(here, &set));
  cr_expect_eq(policy, SCHED_BATCH);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/thread.h"

#include <limits.h>
#include <sched.h>

#include "core/error.h"

bool gs_thread_start(pthread_t *thread, gsize stack_bytes, void *(*work)(void *), void *data,
                     GError **error) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, MAX(stack_bytes, (gsize)PTHREAD_STACK_MIN));
  int failure = pthread_create(thread, &attributes, work, data);
  pthread_attr_destroy(&attributes);
  if (!failure)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "the system starts no more threads (%s)",
              g_strerror(failure));
  return false;
}

void gs_thread_join(pthread_t thread) {
  int failure = pthread_join(thread, NULL);
  g_assert(!failure);
}

uint32_t gs_thread_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set))
    return 1;
  return (uint32_t)MAX(CPU_COUNT(&set), 1);
}

void gs_thread_keep_on(pthread_t thread, uint32_t place) {
  cpu_set_t all, one;
  if (sched_getaffinity(0, sizeof all, &all))
    return;
  for (uint32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &all) || place--)
      continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_setaffinity_np(thread, sizeof one, &one);
    return;
  }
}

void gs_thread_keep_here(pthread_t thread) {
  int cpu = sched_getcpu();
  if (cpu < 0 || cpu >= CPU_SETSIZE)
    return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  if (!pthread_setaffinity_np(thread, sizeof one, &one))
    pthread_setschedparam(thread, SCHED_BATCH, &(struct sched_param){0});
}

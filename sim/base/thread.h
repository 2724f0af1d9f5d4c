/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/** Stack of an actor's thread: its work is one step of a node, whatever the size of the grid. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GS_ACTOR_STACK_BYTES ((gsize)512 << 10)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GS_ACTOR_STACK_BYTES ((gsize)512 << 10)
#endif
#endif
#ifndef GS_ACTOR_STACK_BYTES
#define GS_ACTOR_STACK_BYTES ((gsize)64 << 10)
#endif
/** Stack of a worker that runs many nodes. */
#define GS_WORKER_STACK_BYTES ((gsize)1 << 20)

/** Starts a thread with a stack of that size; GS_ERROR_SYSTEM when there is none to be had. */
bool gs_thread_start(pthread_t *thread, gsize stack_bytes, void *(*work)(void *), void *data,
                     GError **error);
void gs_thread_join(pthread_t thread);
/** How many processors this process may run on, at least 1. */
uint32_t gs_thread_processors(void);
/** Keeps a thread on one of them, by its place among them; where the system refuses, it is not
 * kept.
 */
void gs_thread_keep_on(pthread_t thread, uint32_t place);
/** Keeps a thread on the processor that the caller is on now, where whoever wakes it goes on until
 * that one sleeps itself (SCHED_BATCH): for threads of which one at a time has something to do.
 * Where the system refuses, all stays as it was. */
void gs_thread_keep_here(pthread_t thread);

/** Tells the processor that this thread waits, awake, for another. */
static inline void gs_thread_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdatomic.h>
#include <unistd.h>

#include "sim/base/thread.h"
#include "sim/run/runner.h"

/*
 * Workers wait for a window a little while awake before they go to sleep, since
 * to be woken takes as long as a hundred messages. Where there are more workers
 * than cores they sleep at once: to wait awake would keep others from working.
 */

/** Below this many messages a window is done before another thread is of use. */
#define WORTH_SHARING 400
/** Some tens of microseconds. */
#define SPINS 2000

typedef struct {
  GsRunner *runner;
  GsLane *lane;
  pthread_t thread;
} Worker;

struct GsRunner {
  GsSimulation *sim;
  Worker *workers; /**< for all lanes but the first, which the coordinator runs itself */
  uint32_t started;
  uint32_t spins;
  pthread_mutex_t mutex;
  pthread_cond_t go, done;
  uint32_t asleep;          /**< workers; under the mutex */
  _Atomic uint64_t window;  /**< number of the window that the workers are to run */
  _Atomic uint32_t running; /**< workers that have not finished it */
  bool ending;              /**< said with the last window */
  GsCollect collect;
  void *data;
};

static void run_lane(GsRunner *runner, GsLane *lane) {
  runner->collect(lane, runner->data);
  gs_lane_run_all(lane);
}

/** Returns when there is another window than `seen`, with its number. */
static uint64_t await_window(GsRunner *runner, uint64_t seen) {
  uint64_t window = seen;
  for (uint32_t i = 0; i < runner->spins && window == seen; i++) {
    gs_thread_relax();
    window = atomic_load_explicit(&runner->window, memory_order_acquire);
  }
  if (window != seen)
    return window;
  pthread_mutex_lock(&runner->mutex);
  runner->asleep++;
  while ((window = atomic_load(&runner->window)) == seen)
    pthread_cond_wait(&runner->go, &runner->mutex);
  runner->asleep--;
  pthread_mutex_unlock(&runner->mutex);
  return window;
}

static void finish_window(GsRunner *runner) {
  if (atomic_fetch_sub_explicit(&runner->running, 1, memory_order_acq_rel) > 1)
    return;
  pthread_mutex_lock(&runner->mutex);
  pthread_cond_signal(&runner->done);
  pthread_mutex_unlock(&runner->mutex);
}

static void await_workers(GsRunner *runner) {
  for (uint32_t i = 0; i < runner->spins; i++) {
    if (!atomic_load_explicit(&runner->running, memory_order_acquire))
      return;
    gs_thread_relax();
  }
  pthread_mutex_lock(&runner->mutex);
  while (atomic_load(&runner->running))
    pthread_cond_wait(&runner->done, &runner->mutex);
  pthread_mutex_unlock(&runner->mutex);
}

static void *work(void *data) {
  Worker *worker = data;
  GsRunner *runner = worker->runner;
  for (uint64_t seen = 0;;) {
    seen = await_window(runner, seen);
    if (runner->ending)
      return NULL;
    run_lane(runner, worker->lane);
    finish_window(runner);
  }
}

static void begin_window(GsRunner *runner) {
  atomic_store_explicit(&runner->running, runner->started, memory_order_relaxed);
  pthread_mutex_lock(&runner->mutex);
  atomic_fetch_add_explicit(&runner->window, 1, memory_order_release);
  if (runner->asleep)
    pthread_cond_broadcast(&runner->go);
  pthread_mutex_unlock(&runner->mutex);
}

static void stop(GsRunner *runner) {
  runner->ending = true;
  begin_window(runner);
  for (uint32_t i = 0; i < runner->started; i++)
    gs_thread_join(runner->workers[i].thread);
  pthread_mutex_destroy(&runner->mutex);
  pthread_cond_destroy(&runner->go);
  pthread_cond_destroy(&runner->done);
  g_free(runner->workers);
  g_free(runner);
}

static GsRunner *start(GsSimulation *sim, GError **error) {
  GsRunner *runner = g_new0(GsRunner, 1);
  runner->sim = sim;
  runner->spins = sim->lane_count <= sysconf(_SC_NPROCESSORS_ONLN) ? SPINS : 0;
  runner->workers = g_new0(Worker, sim->lane_count);
  pthread_mutex_init(&runner->mutex, NULL);
  pthread_cond_init(&runner->go, NULL);
  pthread_cond_init(&runner->done, NULL);
  for (uint32_t i = 1; i < sim->lane_count; i++) {
    Worker *worker = &runner->workers[i - 1];
    *worker = (Worker){.runner = runner, .lane = &sim->lanes[i]};
    if (!gs_thread_start(&worker->thread, GS_WORKER_STACK_BYTES, work, worker, error)) {
      g_prefix_error(error, "cannot start worker %u of %u: ", i + 1, sim->lane_count);
      stop(runner);
      return NULL;
    }
    runner->started++;
  }
  return runner;
}

static void run_window(GsRunner *runner, GsCollect collect, void *data, uint64_t messages) {
  GsSimulation *sim = runner->sim;
  runner->collect = collect;
  runner->data = data;
  if (messages < WORTH_SHARING || sim->lane_count == 1) {
    for (uint32_t i = 0; i < sim->lane_count; i++)
      run_lane(runner, &sim->lanes[i]);
    return;
  }
  begin_window(runner);
  run_lane(runner, &sim->lanes[0]);
  await_workers(runner);
}

const GsRunnerClass gs_runner_pool = {"pool", start, run_window, stop};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/runner.h"
#include "sim/run/thread.h"

/* Below this many messages a window is done before another thread is awake. */
#define WORTH_WAKING 400

typedef struct {
  GsRunner *runner;
  GsLane *lane;
  pthread_t thread;
} Worker;

struct GsRunner {
  GsSimulation *sim;
  Worker *workers; /**< for all lanes but the first, which the coordinator runs itself */
  uint32_t started;
  pthread_mutex_t mutex;
  pthread_cond_t go, done;
  uint64_t window;  /**< number of the window that the workers are to run */
  uint32_t running; /**< workers that have not finished it */
  bool ending;
  GsCollect collect;
  void *data;
};

static void run_lane(GsRunner *runner, GsLane *lane) {
  runner->collect(lane, runner->data);
  gs_lane_run_all(lane);
}

static void *work(void *data) {
  Worker *worker = data;
  GsRunner *runner = worker->runner;
  uint64_t seen = 0;
  pthread_mutex_lock(&runner->mutex);
  for (;;) {
    while (runner->window == seen && !runner->ending)
      pthread_cond_wait(&runner->go, &runner->mutex);
    if (runner->ending)
      break;
    seen = runner->window;
    pthread_mutex_unlock(&runner->mutex);
    run_lane(runner, worker->lane);
    pthread_mutex_lock(&runner->mutex);
    if (--runner->running == 0)
      pthread_cond_signal(&runner->done);
  }
  pthread_mutex_unlock(&runner->mutex);
  return NULL;
}

static void stop(GsRunner *runner) {
  pthread_mutex_lock(&runner->mutex);
  runner->ending = true;
  pthread_cond_broadcast(&runner->go);
  pthread_mutex_unlock(&runner->mutex);
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
  if (messages < WORTH_WAKING || sim->lane_count == 1) {
    for (uint32_t i = 0; i < sim->lane_count; i++)
      run_lane(runner, &sim->lanes[i]);
    return;
  }
  pthread_mutex_lock(&runner->mutex);
  runner->running = sim->lane_count - 1;
  runner->window++;
  pthread_cond_broadcast(&runner->go);
  pthread_mutex_unlock(&runner->mutex);
  run_lane(runner, &sim->lanes[0]);
  pthread_mutex_lock(&runner->mutex);
  while (runner->running)
    pthread_cond_wait(&runner->done, &runner->mutex);
  pthread_mutex_unlock(&runner->mutex);
}

const GsRunnerClass gs_runner_pool = {"pool", start, run_window, stop};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdatomic.h>

#include "tests/stress/stress.h"

/*
 * Runs that are stopped in the middle, at any moment at which they ask: what
 * there is so far is returned, and no thread is left behind.
 */

#define STOPS 16u
#define AT_ONCE 3u

static const char *const texts[] = {
    "{'topology': {'kind': 'ring', 'nodes': 100}, 'schedule': [{'at': 0, 'every': '1ms',"
    " 'until': '24h', 'node': '*', 'production': {'uniform': [0, 9]}}]}",
    "{'topology': {'kind': 'lattice', 'rows': 6, 'columns': 8}, 'network': {'latency': '1ms',"
    " 'jitter': {'exponential': '3ms'}, 'fifo': false}, 'schedule': [{'at': 0, 'every': '1ms',"
    " 'until': '24h', 'node': '*', 'production': {'uniform': [0, 9]}}]}",
};

typedef struct {
  uint32_t asked, stop_at; /**< the run goes on until it has asked so often */
  atomic_bool *interrupted;
} Stop;

static bool goes_on(const GsRunProgress *progress, void *data) {
  Stop *stop = data;
  stress_require(progress->messages > 0, "no message in a tenth of a second");
  if (stop->interrupted)
    return !atomic_load(stop->interrupted);
  return ++stop->asked < stop->stop_at;
}

static void run_and_stop(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers,
                         Stop *stop) {
  GsRunOptions options = {
      .runner = runner, .workers = workers, .progress = goes_on, .progress_data = stop};
  g_autoptr(GsResults) results = stress_run(scenario, &options);
  stress_require(results->stopped && !results->quiescent, "not stopped");
  stress_require(results->quiescent_at_ns == -1, "at rest, though stopped");
  uint64_t sent = gs_message_counts_total(&results->messages);
  stress_require(sent > 0 && results->delivered <= sent, "more delivered than sent");
}

static guint thread_count(void) {
  guint count = 0;
  GDir *tasks = g_dir_open("/proc/self/task", 0, NULL);
  stress_require(tasks, "no /proc");
  while (g_dir_read_name(tasks))
    count++;
  g_dir_close(tasks);
  return count;
}

/** A thread that was joined may be listed for a moment more. */
static void require_threads(guint count) {
  guint now = thread_count();
  for (guint tries = 0; now != count && tries < 500; tries++) {
    g_usleep(10000);
    now = thread_count();
  }
  stress_require(now == count, "%u threads, not %u", now, count);
}

static void stop_one_by_one(void) {
  guint before = 0;
  for (guint i = 0; i < STOPS; i++) {
    g_autoptr(GsScenario) scenario = stress_scenario(texts[i % G_N_ELEMENTS(texts)]);
    Stop stop = {.stop_at = 1 + i % 3};
    run_and_stop(scenario, (GsRunnerKind)(i / 2 % 2), 1 + i % 5, &stop);
    /* Sanitizers may start a thread of their own at the first one. */
    if (before)
      require_threads(before);
    else
      before = thread_count();
  }
}

typedef struct {
  guint number;
  atomic_bool interrupted;
} Interrupted;

static void *run_until_interrupted(void *data) {
  Interrupted *self = data;
  g_autoptr(GsScenario) scenario = stress_scenario(texts[self->number % G_N_ELEMENTS(texts)]);
  Stop stop = {.interrupted = &self->interrupted};
  run_and_stop(scenario, (GsRunnerKind)(self->number % 2), 2, &stop);
  return NULL;
}

/** As by Ctrl-C: another thread says when. */
static void interrupt_many(void) {
  Interrupted runs[AT_ONCE];
  pthread_t threads[AT_ONCE];
  for (guint i = 0; i < AT_ONCE; i++) {
    runs[i].number = i;
    atomic_init(&runs[i].interrupted, false);
    threads[i] = stress_thread(run_until_interrupted, &runs[i]);
  }
  for (guint i = 0; i < AT_ONCE; i++) {
    g_usleep(150000);
    atomic_store(&runs[i].interrupted, true);
  }
  for (guint i = 0; i < AT_ONCE; i++)
    stress_join(threads[i]);
}

int main(void) {
  stop_one_by_one();
  guint before = thread_count();
  for (guint round = 0; round < 3; round++) {
    interrupt_many();
    require_threads(before);
  }
  return 0;
}

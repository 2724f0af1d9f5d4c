/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/hunt.h"

#include <inttypes.h>
#include <pthread.h>

#include "core/error.h"
#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/explore/attempt.h"
#include "sim/explore/heals.h"

/** Runs that may be done before an earlier one is. */
#define AHEAD_MAX 256u
#define LOOK_EVERY_US 20000
#define PROGRESS_EVERY_S 0.1

/** What one run said. */
typedef struct {
  bool done, impossible, given_up, in_sync, at_rest;
  uint32_t kinds;
  uint64_t messages;
  GsFailure failure; /**< `says` NULL: none */
} Said;

typedef struct {
  const GsHuntOptions *options;
  GsHunt *hunt;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  Said ahead[AHEAD_MAX];
  uint64_t begun;
  uint32_t jobs; /**< threads that have not ended */
  bool full;     /**< no more are begun, or taken */
  int stop;      /**< atomic: runs under way are to end, too */
  GError *error; /**< the first */
  double end_s;
} Hunting;

static void clear_failure(gpointer failure) {
  g_free(((GsFailure *)failure)->says);
}

void gs_hunt_free(GsHunt *hunt) {
  if (!hunt)
    return;
  g_array_unref(hunt->failures);
  g_free(hunt);
}

static void take_results(const GsDrawPlan *draw, const GsScenario *scenario, uint64_t seed,
                         const GsResults *results, Said *said) {
  said->in_sync = results->converged;
  said->at_rest = results->quiescent;
  said->messages = gs_message_counts_total(&results->messages);
  for (guint i = 0; i < results->violations->len && !said->failure.says; i++) {
    const GsViolation *found = &g_array_index(results->violations, GsViolation, i);
    /* What a lost message alone can lead to is no finding. */
    if (draw->lossy_checks & gs_check_set(found->check) ||
        !gs_loss_explains(scenario, results, found->check, scenario->expect.within_ns))
      said->failure = (GsFailure){
          .seed = seed, .check = found->check, .says = gs_violation_text(results, found)};
  }
}

/** False: it was stopped, or there is an error. */
static bool run_seed(const GsHuntOptions *options, const GsAttempt *attempt, uint64_t seed,
                     GString *text, Said *said, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(GsScenario) scenario = NULL;
  g_string_truncate(text, 0);
  *said = (Said){.done = true, .kinds = gs_draw_scenario(options->draw, seed, text)};
  g_autoptr(GsResults) results = gs_attempt(attempt, text, &scenario, &problem);
  if (g_error_matches(problem, GS_ERROR, GS_ERROR_IMPOSSIBLE)) {
    said->impossible = true;
    return true;
  }
  if (problem) {
    g_propagate_prefixed_error(error, g_steal_pointer(&problem), "seed %" PRIu64 ": ", seed);
    return false;
  }
  if (!results) {
    said->given_up = !g_atomic_int_get(attempt->stop);
    return said->given_up;
  }
  take_results(options->draw, scenario, seed, results, said);
  return true;
}

static void count(GsHunt *hunt, uint64_t first_seed, const Said *said) {
  GsTried run = {1, said->in_sync, said->at_rest, said->failure.says != NULL, said->messages};
  if (said->given_up && !hunt->given_up++)
    hunt->given_up_seed = first_seed + hunt->runs;
  hunt->runs++;
  hunt->impossible += said->impossible;
  hunt->in_sync += run.in_sync;
  hunt->at_rest += run.at_rest;
  hunt->messages += run.messages;
  hunt->failed += run.failed;
  for (guint kind = 0; kind < GS_DRAWN_KINDS && !said->impossible; kind++) {
    if (!(said->kinds >> kind & 1))
      continue;
    GsTried *tried = &hunt->kinds[kind];
    tried->runs++;
    tried->in_sync += run.in_sync;
    tried->at_rest += run.at_rest;
    tried->failed += run.failed;
    tried->messages += run.messages;
  }
}

/** Adds up what is there without a gap. Under the mutex. */
static void take_in_order(Hunting *hunting) {
  GsHunt *hunt = hunting->hunt;
  for (Said *said; (said = &hunting->ahead[hunt->runs % AHEAD_MAX])->done && !hunting->full;) {
    said->done = false;
    count(hunt, hunting->options->first_seed, said);
    if (!said->failure.says)
      continue;
    g_array_append_val(hunt->failures, said->failure);
    said->failure.says = NULL;
    hunting->full = hunt->failures->len >= hunting->options->failures_max;
  }
}

/** Waits for a seed to run; false: there is none. Under the mutex. */
static bool take_seed(Hunting *hunting, uint64_t *number) {
  for (;;) {
    if (hunting->full || hunting->begun >= hunting->options->runs ||
        g_atomic_int_get(&hunting->stop) ||
        (hunting->options->seconds > 0 && gs_clock_s() >= hunting->end_s))
      return false;
    if (hunting->begun - hunting->hunt->runs < AHEAD_MAX)
      break;
    pthread_cond_wait(&hunting->changed, &hunting->mutex);
  }
  *number = hunting->begun++;
  return true;
}

static void *work(void *data) {
  Hunting *hunting = data;
  GsAttempt attempt = {.memory = gs_run_memory_new(),
                       .stop = &hunting->stop,
                       .messages_max = hunting->hunt->messages_max};
  g_autoptr(GString) text = g_string_new(NULL);
  uint64_t number;
  pthread_mutex_lock(&hunting->mutex);
  while (take_seed(hunting, &number)) {
    pthread_mutex_unlock(&hunting->mutex);
    Said said;
    g_autoptr(GError) error = NULL;
    uint64_t seed = hunting->options->first_seed + number;
    bool good = run_seed(hunting->options, &attempt, seed, text, &said, &error);
    pthread_mutex_lock(&hunting->mutex);
    if (good) {
      hunting->ahead[number % AHEAD_MAX] = said;
      take_in_order(hunting);
    } else {
      if (error && !hunting->error)
        hunting->error = g_steal_pointer(&error);
      g_atomic_int_set(&hunting->stop, 1);
    }
    pthread_cond_broadcast(&hunting->changed);
  }
  hunting->jobs--;
  pthread_cond_broadcast(&hunting->changed);
  pthread_mutex_unlock(&hunting->mutex);
  gs_run_memory_free(attempt.memory);
  return NULL;
}

/** Until all threads have ended, tells how far they are. */
static void look_on(Hunting *hunting, bool (*progress)(const GsHunt *, void *), void *data) {
  double began_s = gs_clock_s(), told_s = began_s;
  for (bool going = true; going;) {
    g_usleep(LOOK_EVERY_US);
    double now_s = gs_clock_s();
    pthread_mutex_lock(&hunting->mutex);
    going = hunting->jobs > 0;
    hunting->hunt->wall_s = now_s - began_s;
    GsHunt so_far = *hunting->hunt;
    pthread_mutex_unlock(&hunting->mutex);
    if (!going || now_s - told_s < PROGRESS_EVERY_S)
      continue;
    told_s = now_s;
    if (progress && !progress(&so_far, data)) {
      hunting->hunt->stopped = true;
      g_atomic_int_set(&hunting->stop, 1);
    }
  }
}

static bool start_jobs(Hunting *hunting, pthread_t *threads, uint32_t *started) {
  GError *error = NULL;
  for (; *started < hunting->options->jobs; (*started)++) {
    pthread_mutex_lock(&hunting->mutex);
    hunting->jobs++;
    pthread_mutex_unlock(&hunting->mutex);
    if (gs_thread_start(&threads[*started], GS_WORKER_STACK_BYTES, work, hunting, &error))
      continue;
    pthread_mutex_lock(&hunting->mutex);
    hunting->jobs--;
    if (hunting->error)
      g_error_free(error);
    else
      hunting->error = error;
    g_atomic_int_set(&hunting->stop, 1);
    pthread_mutex_unlock(&hunting->mutex);
    return false;
  }
  return true;
}

GsHunt *gs_hunt_run(const GsHuntOptions *options, bool (*progress)(const GsHunt *so_far, void *),
                    void *data, GError **error) {
  g_autoptr(GsHunt) hunt = g_new0(GsHunt, 1);
  hunt->failures = g_array_new(FALSE, FALSE, sizeof(GsFailure));
  hunt->messages_max = options->messages_max ? options->messages_max : GS_EXPLORED_MESSAGES_MAX;
  g_array_set_clear_func(hunt->failures, clear_failure);
  Hunting hunting = {.options = options, .hunt = hunt, .end_s = gs_clock_s() + options->seconds};
  pthread_mutex_init(&hunting.mutex, NULL);
  pthread_cond_init(&hunting.changed, NULL);
  g_autofree pthread_t *threads = g_new(pthread_t, options->jobs);
  uint32_t started = 0;
  start_jobs(&hunting, threads, &started);
  look_on(&hunting, progress, data);
  for (uint32_t i = 0; i < started; i++)
    gs_thread_join(threads[i]);
  for (guint i = 0; i < AHEAD_MAX; i++)
    if (hunting.ahead[i].done)
      g_free(hunting.ahead[i].failure.says);
  pthread_cond_destroy(&hunting.changed);
  pthread_mutex_destroy(&hunting.mutex);
  hunt->settled = hunt->runs;
  hunt->settled_failed = hunt->failed;
  if (hunting.error) {
    g_propagate_error(error, hunting.error);
    return NULL;
  }
  return g_steal_pointer(&hunt);
}

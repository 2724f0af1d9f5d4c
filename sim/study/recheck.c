/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/recheck.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/run/run.h"
#include "sim/study/one_run.h"

#define LOOK_EVERY_US 20000
#define PROGRESS_EVERY_S 0.1

/* ---- Choosing ---- */

static void take_line(char line[17], const char *text, gsize length) {
  char digits[GS_FINGERPRINT_DIGITS + 1];
  gs_fingerprint(text, length, digits);
  g_strlcpy(line, digits, 17);
}

char *gs_recheck_words(const GsRecheckRun *run) {
  switch (run->result) {
  case GS_RECHECK_NOT_DONE:
    return g_strdup("was not done again");
  case GS_RECHECK_SAME:
    return g_strdup("is the same");
  case GS_RECHECK_DIGEST:
    return g_strdup_printf("has the digest %s, and had %s", run->found, run->digest);
  case GS_RECHECK_FIGURES:
    return g_strdup("has the same digest, but other figures");
  case GS_RECHECK_POSSIBLE:
    break;
  }
  return g_strdup(*run->found ? "can be done, and could not" : "cannot be done, and could");
}

void gs_recheck_take(GsRecheckRun *run, uint32_t cell, const GsSample *sample) {
  *run = (GsRecheckRun){.cell = cell, .repetition = sample->repetition};
  g_strlcpy(run->digest, sample->problem ? "" : sample->digest, sizeof run->digest);
  g_autoptr(GString) line = g_string_new(NULL);
  gs_sample_write(sample, line);
  take_line(run->line, line->str, line->len);
}

typedef struct {
  GArray *runs;
  uint32_t cell;
  bool first_only;
} Taking;

static void take_sample(const GsSample *sample, void *data) {
  Taking *taking = data;
  if (taking->first_only && sample->repetition > 0)
    return;
  GsRecheckRun run;
  gs_recheck_take(&run, taking->cell, sample);
  g_array_append_val(taking->runs, run);
}

void gs_recheck_thin(GArray *runs, uint64_t most) {
  guint count = runs->len;
  if (count <= most)
    return;
  for (uint64_t i = 0; i < most; i++)
    g_array_index(runs, GsRecheckRun, i) =
        g_array_index(runs, GsRecheckRun, most > 1 ? i * (count - 1) / (most - 1) : 0);
  g_array_set_size(runs, (guint)most);
}

GArray *gs_recheck_choose(const GsStore *store, bool first_only, uint64_t most, uint64_t *count,
                          GError **error) {
  const GsSweep *all = gs_store_all(store);
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GsRecheckRun));
  Taking taking = {.runs = runs, .first_only = first_only};
  for (taking.cell = 0; taking.cell < all->cell_count; taking.cell++)
    if (!gs_store_each_kept(store, taking.cell, take_sample, &taking, error))
      return NULL;
  *count = runs->len;
  gs_recheck_thin(runs, most);
  return g_steal_pointer(&runs);
}

/* ---- Doing them again ---- */

typedef struct {
  const GsSweep *sweep;
  GArray *runs;
  const GsMemoryRoom *memory;
  uint32_t lanes, jobs;
  pthread_mutex_t mutex;
  guint next, done, working;
  bool *weighed; /**< per cell: its memory was looked at */
  int stop;      /**< atomic */
  GError *error;
} Again;

static bool on_progress(const GsRunProgress *progress, void *data) {
  (void)progress;
  return !g_atomic_int_get((int *)data);
}

/** Whether a run of the cell has the memory that it needs, with those beside it. */
static bool fits(const Again *again, const GsRecheckRun *run, GError **error) {
  if (!again->memory || again->memory->bytes == UINT64_MAX)
    return true;
  g_autoptr(GsScenario) scenario =
      gs_sweep_scenario(again->sweep, run->cell, run->repetition, NULL);
  if (!scenario)
    return true; /* the run will say why */
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL, .workers = again->lanes};
  GsMemoryRoom part = *again->memory;
  part.bytes /= MAX(again->jobs, 1);
  GsMemoryNeed need;
  gs_memory_need(scenario, &plan, &need);
  return gs_memory_fits(scenario, &plan, &need, &part, error);
}

static void judge(GsRecheckRun *run, const char *digest, const char *line) {
  g_strlcpy(run->found, digest, sizeof run->found);
  bool was = *run->digest, is = *digest;
  if (was != is)
    run->result = GS_RECHECK_POSSIBLE;
  else if (!g_str_equal(run->digest, digest))
    run->result = GS_RECHECK_DIGEST;
  else if (*run->line && *line && !g_str_equal(run->line, line))
    run->result = GS_RECHECK_FIGURES;
  else
    run->result = GS_RECHECK_SAME;
}

/** Does a run of which the whole sample is known. */
static bool do_sample(GsOneRun *one, GsRecheckRun *run, GError **error) {
  g_autoptr(GString) line = NULL;
  GString *text = gs_one_run_do(one, run->cell, run->repetition, error);
  if (!text)
    return false;
  line = text;
  g_auto(GsSample) sample = {0};
  char fingerprint[17];
  take_line(fingerprint, line->str, line->len);
  g_assert(gs_sample_read(&sample, line->str, line->len));
  judge(run, sample.problem ? "" : sample.digest, fingerprint);
  return true;
}

/** Does one of which only the digest is known. */
static bool do_digest(Again *again, GsRecheckRun *run, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(GsScenario) scenario =
      gs_sweep_scenario(again->sweep, run->cell, run->repetition, &problem);
  if (!scenario && g_error_matches(problem, GS_ERROR, GS_ERROR_IMPOSSIBLE)) {
    judge(run, "", "");
    return true;
  }
  if (!scenario) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
  }
  GsRunOptions options = {.runner = GS_RUNNER_POOL,
                          .workers = again->lanes,
                          .progress = on_progress,
                          .progress_data = &again->stop};
  g_autoptr(GsResults) results = gs_run(scenario, &options, error);
  if (!results || results->stopped)
    return false;
  judge(run, results->digest, "");
  return true;
}

static void *work(void *data) {
  Again *again = data;
  GsOneRun *one = gs_one_run_new(again->sweep, again->lanes, &again->stop);
  pthread_mutex_lock(&again->mutex);
  while (again->next < again->runs->len && !g_atomic_int_get(&again->stop)) {
    GsRecheckRun *run = &g_array_index(again->runs, GsRecheckRun, again->next++);
    bool weighed = again->weighed[run->cell];
    again->weighed[run->cell] = true;
    pthread_mutex_unlock(&again->mutex);
    g_autoptr(GError) error = NULL;
    bool good = (weighed || fits(again, run, &error)) &&
                (*run->line ? do_sample(one, run, &error) : do_digest(again, run, &error));
    pthread_mutex_lock(&again->mutex);
    again->done += good;
    if (!good)
      g_atomic_int_set(&again->stop, 1);
    if (error && !again->error)
      again->error = g_steal_pointer(&error);
  }
  again->working--;
  pthread_mutex_unlock(&again->mutex);
  gs_one_run_free(one);
  return NULL;
}

static void look_on(Again *again, const GsRecheckOptions *options) {
  double began_s = gs_clock_s(), told_s = 0;
  for (bool going = true; going;) {
    g_usleep(LOOK_EVERY_US);
    double now_s = gs_clock_s();
    pthread_mutex_lock(&again->mutex);
    going = again->working > 0;
    guint done = again->done;
    pthread_mutex_unlock(&again->mutex);
    if (!options->progress || !going || now_s - told_s < PROGRESS_EVERY_S)
      continue;
    told_s = now_s;
    if (!options->progress(done, again->runs->len, now_s - began_s, options->data))
      g_atomic_int_set(&again->stop, 1);
  }
}

bool gs_recheck(const GsSweep *sweep, GArray *runs, const GsRecheckOptions *options,
                GError **error) {
  long cores = MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
  uint32_t jobs = options->jobs ? options->jobs : (uint32_t)cores;
  jobs = MIN(jobs, MAX(runs->len, 1));
  Again again = {.sweep = sweep,
                 .runs = runs,
                 .memory = options->memory,
                 .lanes = (uint32_t)MAX(cores / jobs, 1),
                 .jobs = jobs,
                 .weighed = g_new0(bool, MAX(sweep->cell_count, 1))};
  pthread_mutex_init(&again.mutex, NULL);
  g_autofree pthread_t *threads = g_new0(pthread_t, jobs);
  uint32_t started = 0;
  for (; started < jobs; started++) {
    pthread_mutex_lock(&again.mutex);
    again.working++;
    bool good = gs_thread_start(&threads[started], GS_WORKER_STACK_BYTES, work, &again,
                                again.error ? NULL : &again.error);
    again.working -= !good;
    pthread_mutex_unlock(&again.mutex);
    if (!good)
      break;
  }
  look_on(&again, options);
  for (uint32_t i = 0; i < started; i++)
    gs_thread_join(threads[i]);
  pthread_mutex_destroy(&again.mutex);
  g_free(again.weighed);
  if (again.error)
    g_propagate_error(error, again.error);
  return !again.error;
}

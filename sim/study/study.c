/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/study.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/saturating.h"
#include "sim/base/clock.h"
#include "sim/base/text.h"
#include "sim/base/thread.h"
#include "sim/forecast/forecast.h"
#include "sim/run/run.h"
#include "sim/scenario/chance.h"
#include "sim/study/looks.h"
#include "sim/study/one_run.h"
#include "sim/study/statistics.h"
#include "sim/study/sweep_keep.h"

/** Runs of one cell that may be under way or waiting for an earlier one to be written. */
#define AHEAD_MAX 64u
#define LOOK_EVERY_US 20000
#define PROGRESS_EVERY_S 0.1

/** A cell while it is worked on. Runs are written in their order, whoever is done first. */
typedef struct {
  uint32_t written, begun, target;
  bool over;
  double weight;             /**< of one run */
  GString *ahead[AHEAD_MAX]; /**< lines that wait for earlier ones, by repetition; NULL: none */
} Cell;

typedef struct {
  const GsSweep *sweep;
  GsStudyRuns *runs;
  GsStore *store;
  pthread_mutex_t mutex;
  pthread_cond_t changed; /**< a run was written, or it is over */
  Cell *cells;
  uint32_t first_open;        /**< all cells before it are over */
  uint32_t running;           /**< runs under way */
  uint32_t jobs;              /**< threads that have not ended */
  int stop;                   /**< atomic */
  const GsMemoryRoom *memory; /**< NULL: not looked at */
  uint32_t lanes;             /**< of each run, when as many run at once as were asked for */
  uint64_t largest;           /**< bytes that the largest run needs */
  GError *error;              /**< the first */
} Study;

typedef struct {
  Study *study;
  pthread_t thread;
  GsOneRun *one;
} Job;

void gs_study_runs_free(GsStudyRuns *runs) {
  if (!runs)
    return;
  for (uint32_t i = 0; i < runs->cell_count; i++)
    g_free(runs->cells[i].problem);
  g_free(runs->cells);
  g_ptr_array_unref(runs->warnings);
  g_free(runs);
}

/* ---- What there is to do ---- */

static double nodes_of(const GsSweep *sweep, uint32_t cell) {
  for (guint a = 0; a < sweep->axes->len; a++)
    if (((GsAxis *)sweep->axes->pdata[a])->kind == GS_AXIS_NODES)
      return gs_sweep_value(sweep, cell, a)->number;
  return 0;
}

GsStudyRuns *gs_study_plan(const GsSweep *sweep, GError **error) {
  g_autoptr(GsStudyRuns) runs = g_new0(GsStudyRuns, 1);
  runs->cell_count = sweep->cell_count;
  runs->warnings = gs_study_warnings_new();
  runs->cells = g_new0(GsCellState, MAX(sweep->cell_count, 1));
  uint32_t impossible = 0;
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    if (nodes_of(sweep, cell) > GS_STUDY_TRIED_NODES_MAX)
      continue;
    g_autoptr(GError) problem = NULL;
    g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, cell, 0, &problem);
    if (scenario) {
      gs_sweep_note_inputs(sweep, cell, scenario);
      continue;
    }
    if (!g_error_matches(problem, GS_ERROR, GS_ERROR_IMPOSSIBLE)) {
      g_autofree char *key = gs_sweep_key(sweep, cell);
      g_propagate_prefixed_error(error, g_steal_pointer(&problem), "%s: ", key);
      return NULL;
    }
    runs->cells[cell].problem = g_strdup(problem->message);
    impossible++;
  }
  if (impossible < sweep->cell_count)
    return g_steal_pointer(&runs);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "no cell is possible; the first: %s",
              runs->cells[0].problem);
  return NULL;
}

/** About how much work a run of a cell is. */
static double weight_of(const GsSweep *sweep, uint32_t cell, const GsScenario *scenario) {
  if (gs_study_is_untried(sweep, cell))
    return nodes_of(sweep, cell);
  return 1000 + (double)gs_study_messages(scenario);
}

bool gs_study_is_untried(const GsSweep *sweep, uint32_t cell) {
  return nodes_of(sweep, cell) > GS_STUDY_TRIED_NODES_MAX;
}

uint64_t gs_study_messages(const GsScenario *scenario) {
  g_autoptr(GsForecast) forecast = gs_forecast_new(scenario);
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  uint64_t messages = 0;
  GsOccurrence occurrence;
  for (uint32_t i = 0; i < 100 && gs_schedule_peek_ns(schedule) < GS_TIME_NEVER &&
                       gs_schedule_pop(schedule, &occurrence);
       i++)
    messages = gs_saturating_add(messages, gs_forecast_occurrence(forecast, schedule, &occurrence));
  return messages;
}

typedef struct {
  double *values;
  uint32_t count;
} Values;

static void take_value(const GsSample *sample, void *data) {
  Values *values = data;
  double value = sample->problem ? (double)NAN : sample->metrics[GS_METRIC_CONVERGENCE];
  if (isfinite(value))
    values->values[values->count++] = value;
}

/**
 * Called when all planned runs of a cell are written: plans more while the
 * interval of its convergence time is too wide. Looks only after numbers of runs
 * that are known before (looks.h), so that it does not matter which runs were
 * done first.
 */
static bool plan_more(Study *study, uint32_t index) {
  const GsSweep *sweep = study->sweep;
  Cell *cell = &study->cells[index];
  cell->over = true;
  uint32_t next = gs_looks_next(sweep, cell->target);
  if (!study->runs->cells[index].drawn || next == 0)
    return true;
  g_autofree double *room = g_new(double, MAX(cell->written, 1));
  Values values = {room, 0};
  if (!gs_store_each(study->store, index, cell->written, take_value, &values, &study->error))
    return false;
  GsSummary summary;
  if (values.count > 0) {
    gs_summary_of(values.values, values.count, &summary);
    gs_summary_at_look(&summary, gs_looks_count(sweep));
    if (gs_summary_precision(&summary, GS_LOOK_EQUAL_RUNS) <= sweep->precision)
      return true;
  }
  study->runs->progress.runs += next - cell->target;
  cell->target = next;
  cell->over = false;
  return true;
}

/** Whether a run of a cell fits; the largest decides how many can run at once. */
static bool weigh_memory(Study *study, uint32_t index, const GsScenario *scenario) {
  if (!study->memory || study->memory->bytes == UINT64_MAX)
    return true;
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL, .workers = study->lanes};
  GsMemoryNeed need;
  gs_memory_need(scenario, &plan, &need);
  study->largest = MAX(study->largest, need.bytes);
  if (gs_memory_fits(scenario, &plan, &need, study->memory, &study->error))
    return true;
  g_autofree char *key = gs_sweep_key(study->sweep, index);
  g_prefix_error(&study->error, "%s: ", key);
  return false;
}

/**
 * Takes what is there before. With a precision the batches are gone through as
 * if they were done now, since more may be there than are needed.
 */
static bool begin_cell(Study *study, uint32_t index) {
  Cell *cell = &study->cells[index];
  GsCellState *state = &study->runs->cells[index];
  if (state->problem) {
    cell->over = true;
    return true;
  }
  uint32_t there;
  if (!gs_store_count(study->store, index, &there, &study->error))
    return false;
  state->kept = there;
  /* Where it is impossible its runs will say why. */
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(study->sweep, index, 0, NULL);
  if (scenario)
    gs_study_warnings_add(study->runs->warnings, index, scenario->warnings);
  state->drawn = !scenario || gs_scenario_draws(scenario);
  cell->target =
      state->drawn ? gs_looks_first(study->sweep) : gs_looks_without_chance(study->sweep);
  study->runs->progress.runs += cell->target;
  cell->weight = scenario ? weight_of(study->sweep, index, scenario) : 1;
  while (!cell->over && there >= cell->target) {
    cell->written = cell->target;
    if (!plan_more(study, index))
      return false;
  }
  cell->written = cell->begun = MIN(there, cell->target);
  study->runs->progress.runs_kept += cell->written;
  return cell->over || !scenario || weigh_memory(study, index, scenario);
}

/* ---- Doing it ---- */

/** The next run to do: true with cell and repetition. Under the mutex. */
static bool next_run(Study *study, uint32_t *index, uint32_t *repetition) {
  while (study->first_open < study->sweep->cell_count && study->cells[study->first_open].over)
    study->first_open++;
  for (uint32_t i = study->first_open; i < study->sweep->cell_count; i++) {
    Cell *cell = &study->cells[i];
    if (cell->over || cell->begun >= cell->target || cell->begun - cell->written >= AHEAD_MAX)
      continue;
    *index = i;
    *repetition = cell->begun++;
    return true;
  }
  return false;
}

/** Writes the lines that are next in their order. Under the mutex. Takes `line`. */
static bool deliver(Study *study, uint32_t index, uint32_t repetition, GString *line) {
  Cell *cell = &study->cells[index];
  cell->ahead[repetition % AHEAD_MAX] = line;
  for (GString **next; (next = &cell->ahead[cell->written % AHEAD_MAX]), *next != NULL;) {
    bool written = gs_store_append(study->store, index, *next, &study->error);
    g_string_free(*next, TRUE);
    *next = NULL;
    if (!written)
      return false;
    cell->written++;
    study->runs->progress.runs_done++;
  }
  return cell->written < cell->target || plan_more(study, index);
}

/** Waits for a run to do; false when there is nothing left. Under the mutex. */
static bool take_run(Study *study, uint32_t *cell, uint32_t *repetition) {
  for (;;) {
    if (g_atomic_int_get(&study->stop))
      return false;
    if (next_run(study, cell, repetition))
      return true;
    if (study->running == 0)
      return false;
    pthread_cond_wait(&study->changed, &study->mutex);
  }
}

static void *work(void *data) {
  Job *job = data;
  Study *study = job->study;
  uint32_t cell, repetition;
  pthread_mutex_lock(&study->mutex);
  while (take_run(study, &cell, &repetition)) {
    study->running++;
    pthread_mutex_unlock(&study->mutex);
    g_autoptr(GError) error = NULL;
    GString *line = gs_one_run_do(job->one, cell, repetition, &error);
    pthread_mutex_lock(&study->mutex);
    study->running--;
    if (error && !study->error)
      study->error = g_steal_pointer(&error);
    if (!line || !deliver(study, cell, repetition, line))
      g_atomic_int_set(&study->stop, 1);
    pthread_cond_broadcast(&study->changed);
  }
  pthread_cond_broadcast(&study->changed);
  study->jobs--;
  pthread_mutex_unlock(&study->mutex);
  return NULL;
}

static void tell_progress(Study *study, const Job *jobs, uint32_t count, double began_s) {
  GsStudyProgress *progress = &study->runs->progress;
  double all = 0, done = 0;
  for (uint32_t i = 0; i < study->sweep->cell_count; i++) {
    all += study->cells[i].weight * study->cells[i].target;
    done += study->cells[i].weight * study->cells[i].written;
  }
  progress->messages = 0;
  for (uint32_t i = 0; i < count; i++)
    progress->messages += gs_one_run_messages(jobs[i].one);
  progress->part = all > 0 ? done / all : 1;
  progress->wall_s = gs_clock_s() - began_s;
}

/** Until all jobs have ended, tells how far they are. */
static void look_on(Study *study, const Job *jobs, uint32_t count, const GsStudyOptions *options) {
  double began_s = gs_clock_s(), told_s = began_s;
  for (bool going = true; going;) {
    g_usleep(LOOK_EVERY_US);
    double now_s = gs_clock_s();
    pthread_mutex_lock(&study->mutex);
    going = study->jobs > 0;
    bool tell = options->progress && now_s - told_s >= PROGRESS_EVERY_S;
    if (tell || !going)
      tell_progress(study, jobs, count, began_s);
    GsStudyProgress progress = study->runs->progress;
    pthread_mutex_unlock(&study->mutex);
    if (!tell || !going)
      continue;
    told_s = now_s;
    if (!options->progress(&progress, options->data)) {
      study->runs->stopped = true;
      g_atomic_int_set(&study->stop, 1);
    }
  }
}

static long cores_here(void) {
  return MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
}

/** Cores that no run needs for itself help the others. */
static uint32_t lanes_with(uint32_t jobs) {
  return (uint32_t)MAX(cores_here() / jobs, 1);
}

/** As many as were asked for, or as there is memory for: all may be at their largest run at once.
 */
static uint32_t jobs_that_fit(const Study *study, uint32_t asked, const GsStudyOptions *options) {
  if (!study->largest || study->largest <= study->memory->bytes / asked)
    return asked;
  uint32_t jobs = (uint32_t)MAX(study->memory->bytes / study->largest, 1);
  g_autofree char *each = gs_text_bytes(study->largest);
  if (options->fewer_jobs)
    options->fewer_jobs(jobs, asked, each, options->data);
  return jobs;
}

static bool run_jobs(Study *study, uint32_t count, const GsStudyOptions *options) {
  uint32_t lanes = lanes_with(count);
  g_autofree Job *jobs = g_new0(Job, count);
  uint32_t started = 0;
  for (; started < count; started++) {
    Job *job = &jobs[started];
    *job = (Job){.study = study, .one = gs_one_run_new(study->sweep, lanes, &study->stop)};
    pthread_mutex_lock(&study->mutex);
    study->jobs++;
    bool good = gs_thread_start(&job->thread, GS_WORKER_STACK_BYTES, work, job,
                                study->error ? NULL : &study->error);
    study->jobs -= !good;
    pthread_mutex_unlock(&study->mutex);
    if (good)
      continue;
    g_atomic_int_set(&study->stop, 1);
    gs_one_run_free(job->one);
    break;
  }
  look_on(study, jobs, started, options);
  for (uint32_t i = 0; i < started; i++) {
    gs_thread_join(jobs[i].thread);
    gs_one_run_free(jobs[i].one);
  }
  return !study->error;
}

static void clear_cells(Study *study) {
  for (uint32_t i = 0; i < study->sweep->cell_count; i++) {
    Cell *cell = &study->cells[i];
    study->runs->cells[i].runs = cell->written;
    for (uint32_t a = 0; a < AHEAD_MAX; a++)
      if (cell->ahead[a])
        g_string_free(cell->ahead[a], TRUE);
  }
  g_free(study->cells);
}

bool gs_study_run(const GsSweep *sweep, GsStudyRuns *runs, GsStore *store,
                  const GsStudyOptions *options, GError **error) {
  uint32_t jobs = options->jobs ? options->jobs : (uint32_t)cores_here();
  Study study = {.sweep = sweep,
                 .runs = runs,
                 .store = store,
                 .memory = options->memory,
                 .lanes = lanes_with(jobs)};
  study.cells = g_new0(Cell, MAX(sweep->cell_count, 1));
  bool good = true;
  for (uint32_t cell = 0; good && cell < sweep->cell_count; cell++)
    good = begin_cell(&study, cell);
  runs->progress.runs_done = runs->progress.runs_kept;
  if (good) {
    pthread_mutex_init(&study.mutex, NULL);
    pthread_cond_init(&study.changed, NULL);
    good = run_jobs(&study, jobs_that_fit(&study, jobs, options), options);
    pthread_cond_destroy(&study.changed);
    pthread_mutex_destroy(&study.mutex);
  }
  clear_cells(&study);
  if (study.error)
    g_propagate_error(error, study.error);
  return good;
}

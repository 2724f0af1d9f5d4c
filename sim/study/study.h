/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/forecast/memory_fit.h"
#include "sim/study/store.h"
#include "sim/study/study_warnings.h"
#include "sim/study/sweep.h"

/**
 * Does the runs of a sweep, many at once. Which runs are done, and what is
 * written of them, depends on nothing but the sweep: not on the number of jobs,
 * and not on how often it was interrupted.
 */

/** Cells of more nodes are not tried before the first run: making their graphs takes long. */
#define GS_STUDY_TRIED_NODES_MAX 20000u

typedef struct {
  uint64_t runs, runs_done; /**< of those known to be needed; with a precision more may follow */
  uint64_t runs_kept;       /**< of those done: were there before */
  double part;              /**< of the work that is done, by messages: 0 to 1 */
  uint64_t messages;        /**< of the runs that were done now */
  double wall_s;
} GsStudyProgress;

typedef struct {
  uint32_t jobs; /**< runs at once; 0: the cores */
  /** Called about ten times a second by the thread that called; false ends it early. */
  bool (*progress)(const GsStudyProgress *progress, void *data);
  void *data;
  const GsMemoryRoom *memory; /**< that all runs together may use; NULL: as much as they need */
  /** Told when there is memory for fewer runs at once than were asked for; `each`: of one run. */
  void (*fewer_jobs)(uint32_t jobs, uint32_t asked, const char *each, void *data);
} GsStudyOptions;

/** What became of a cell. */
typedef struct {
  uint32_t runs; /**< that are in the store and used */
  uint32_t kept; /**< that were there before; perhaps more than are used */
  bool drawn;    /**< something is drawn from the seed; else one run is all there is */
  char *problem; /**< why there can be none, or NULL */
} GsCellState;

typedef struct {
  uint32_t cell_count;
  GsCellState *cells;
  bool stopped;        /**< by progress() */
  GPtrArray *warnings; /**< of GsStudyWarning: of the cells' scenarios, once they were begun */
  GsStudyProgress progress;
} GsStudyRuns;

void gs_study_runs_free(GsStudyRuns *runs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsStudyRuns, gs_study_runs_free)

/** Whether a cell has so many nodes that it is not tried. */
bool gs_study_is_untried(const GsSweep *sweep, uint32_t cell);
/** About how many messages a run of it takes: of its first 100 disturbances. */
uint64_t gs_study_messages(const GsScenario *scenario);

/**
 * Tries every cell without running it. An error when one is wrong (a value that
 * no scenario may have) or none is possible; cells that cannot be, such as a
 * 3-regular graph of 5 nodes, get their `problem`.
 */
GsStudyRuns *gs_study_plan(const GsSweep *sweep, GError **error);
/**
 * Does what is planned and not yet in the store. Errors: GS_ERROR_SYSTEM,
 * GS_ERROR_LIMIT (a run needs more memory than there is).
 */
bool gs_study_run(const GsSweep *sweep, GsStudyRuns *runs, GsStore *store,
                  const GsStudyOptions *options, GError **error);

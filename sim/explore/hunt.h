/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/draw.h"

/** Runs the scenarios of one seed after the other, on several threads, and keeps what fails. */

typedef struct {
  const GsDrawPlan *draw; /**< borrowed */
  uint64_t first_seed;
  uint64_t runs;         /**< at most */
  double seconds;        /**< of wall time, at most; 0: no limit */
  uint32_t jobs;         /**< threads */
  uint32_t failures_max; /**< ends with so many of them */
  uint64_t messages_max; /**< a run of more is given up; 0: GS_EXPLORED_MESSAGES_MAX */
} GsHuntOptions;

/** A run of more messages is given up: nodes that load a network with heavy tails may never rest.
 */
#define GS_EXPLORED_MESSAGES_MAX 5000000

/** A run that did not pass. */
typedef struct {
  uint64_t seed;
  GsCheck check; /**< the first of those that it failed */
  char *says;    /**< which check failed, when, where and what was found */
} GsFailure;

/** How runs of a kind ended. */
typedef struct {
  uint64_t runs, in_sync, at_rest, failed, messages;
} GsTried;

typedef struct {
  uint64_t runs_before, failed_before; /**< by the same command, which goes on */
  uint64_t runs;                       /**< that were done, of seeds one after the other */
  /** Of runs and failed: before the first failure that was not made small since it was stopped,
   * from which on the search is to go on; else all. */
  uint64_t settled, settled_failed;
  uint64_t impossible;           /**< of them, grids that cannot be */
  uint64_t messages_max;         /**< a run of more is given up */
  uint64_t given_up;             /**< of them, such runs */
  uint64_t given_up_seed;        /**< the first of those */
  GsTried kinds[GS_DRAWN_KINDS]; /**< those that had each */
  uint64_t in_sync, at_rest;     /**< runs that ended so */
  uint64_t messages;
  uint64_t failed;
  GArray *failures; /**< of GsFailure, in the order of their seeds */
  bool stopped;     /**< by progress() */
  double wall_s;
} GsHunt;

void gs_hunt_free(GsHunt *hunt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsHunt, gs_hunt_free)

/**
 * What is counted and found is of all seeds from the first on without a gap, and depends on no
 * number of threads; with a limit of time only how many there are does. `progress` is called about
 * ten times a second by the calling thread; false ends the hunt. Errors: a scenario that cannot be
 * read (GS_ERROR_INPUT), threads (GS_ERROR_SYSTEM).
 */
GsHunt *gs_hunt_run(const GsHuntOptions *options, bool (*progress)(const GsHunt *so_far, void *),
                    void *data, GError **error);

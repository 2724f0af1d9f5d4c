/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/forecast/memory_fit.h"
#include "sim/study/sample.h"
#include "sim/study/store.h"
#include "sim/study/sweep.h"

/** Runs that were done before, done again and compared. */

typedef enum {
  GS_RECHECK_NOT_DONE,
  GS_RECHECK_SAME,
  GS_RECHECK_DIGEST,  /**< another digest */
  GS_RECHECK_FIGURES, /**< the same digest, other figures */
  GS_RECHECK_POSSIBLE /**< one of both runs could not be done, the other could */
} GsRecheckResult;

/** A run as it is known. */
typedef struct {
  uint32_t cell, repetition;
  char digest[33]; /**< "": it could not be done */
  char line[17];   /**< fingerprint of its whole sample; "": only the digest is known */
  GsRecheckResult result;
  char found[33]; /**< the digest that it has now */
} GsRecheckRun;

/** What became of it: "has the digest …, and had …"; free with g_free. */
char *gs_recheck_words(const GsRecheckRun *run);
/** Fills in what a sample says. */
void gs_recheck_take(GsRecheckRun *run, uint32_t cell, const GsSample *sample);
/**
 * Of the kept runs of a store: with `first_only` the first one of up to `most` cells, otherwise up
 * to `most` of all, evenly chosen in both cases. Of GsRecheckRun; free with g_array_unref.
 * `count`: how many there are to choose from.
 */
GArray *gs_recheck_choose(const GsStore *store, bool first_only, uint64_t most, uint64_t *count,
                          GError **error);
/** Leaves `most` of them, evenly chosen. */
void gs_recheck_thin(GArray *runs, uint64_t most);

typedef struct {
  uint32_t jobs;              /**< runs at once; 0: the cores */
  const GsMemoryRoom *memory; /**< that all runs together may use; NULL: as much as they need */
  /** Called about ten times a second; false ends it early. May be NULL. */
  bool (*progress)(uint64_t done, uint64_t of, double wall_s, void *data);
  void *data;
} GsRecheckOptions;

/**
 * Does the runs (of GsRecheckRun) again and fills in their results; those that were not done when
 * it was ended early have none. Errors: GS_ERROR_SYSTEM, GS_ERROR_LIMIT (more memory than there
 * is), and those of scenarios that are wrong.
 */
bool gs_recheck(const GsSweep *sweep, GArray *runs, const GsRecheckOptions *options,
                GError **error);

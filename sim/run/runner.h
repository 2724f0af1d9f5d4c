/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/run/run.h"
#include "sim/run/simulation.h"

/**
 * Who runs the lanes of a window. Whatever the runner, each actor handles the
 * same messages in the same order.
 */
typedef struct GsRunner GsRunner;

/** How the work of a window reaches its lanes: collects the mail of one lane. */
typedef void (*GsCollect)(GsLane *lane, void *data);

typedef struct {
  const char *name;
  /** Starts its threads; NULL with `error` (GS_ERROR_SYSTEM) when it cannot, nothing left over. */
  GsRunner *(*start)(GsSimulation *sim, GError **error);
  /**
   * Has all lanes collect, then run their active actors; returns when all are
   * done. `messages` is about how many there are.
   */
  void (*run_window)(GsRunner *runner, GsCollect collect, void *data, uint64_t messages);
  /** Ends and joins all its threads. */
  void (*stop)(GsRunner *runner);
} GsRunnerClass;

extern const GsRunnerClass gs_runner_threads; /**< one thread per node */
extern const GsRunnerClass gs_runner_pool;    /**< one worker thread per lane */

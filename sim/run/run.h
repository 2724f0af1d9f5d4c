/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/measure/results.h"
#include "sim/scenario/scenario.h"

/**
 * Runs a scenario from its start to quiescence (or its `until`) and returns
 * what was measured. Simulations share nothing: hundreds can run at once in
 * one process.
 */

typedef enum {
  GS_RUNNER_THREADS, /**< one thread per node, woken through its GAsyncQueue mailbox */
  GS_RUNNER_POOL,    /**< many nodes per worker thread */
} GsRunnerKind;
extern const char *const gs_runner_names[]; /**< "threads", "pool", NULL */
/**
 * Up to this many nodes each gets a thread of its own unless the user says
 * otherwise; larger grids run several times as fast in a pool.
 */
#define GS_THREADS_NODES_MAX 1000u
static inline GsRunnerKind gs_runner_for(uint32_t nodes) {
  return nodes <= GS_THREADS_NODES_MAX ? GS_RUNNER_THREADS : GS_RUNNER_POOL;
}

typedef struct GsRunProgress {
  int64_t now_ns;    /**< simulated time reached */
  uint64_t messages; /**< sent so far */
  /** Forecast of all, exact by the closed form (docs/PROTOCOL.md); 0: none, since more is to be
   * told, or reasons may share a wave, or a link is made while something is under way. */
  uint64_t expected_messages;
  double wall_s;
} GsRunProgress;

/**
 * Memory for runs that are done one after the other by one thread. O(1) to
 * make; grows to what the largest of them needs.
 */
typedef struct GsRunMemory GsRunMemory;
GsRunMemory *gs_run_memory_new(void);
void gs_run_memory_free(GsRunMemory *memory);

typedef struct GsLive GsLive;
typedef struct GsTraceSink GsTraceSink;

typedef struct {
  GsRunnerKind runner;
  uint32_t workers;         /**< lanes that run at once; 0: the cores */
  const GsTraceSink *sinks; /**< told of every send, delivery, drop and gridnet change */
  guint sink_count;
  /** Called at multiples of `watch_every_ns` of simulated time while something happens, and at the
   * end. */
  int64_t watch_every_ns;
  void (*watch)(const GsResults *so_far, int64_t now_ns, void *data);
  void *watch_data;
  /** Called about ten times a second of wall time; returning false stops the run cleanly. */
  bool (*progress)(const GsRunProgress *progress, void *data);
  void *progress_data;
  GsCheckSet checks; /**< made besides those that the scenario expects; none on the wall clock */
  int64_t before_ns; /**< ends before this moment, whatever is under way; 0: as the scenario says */
  GsRunMemory *memory; /**< kept from one run to the next, which is faster; NULL: none is */
  const GsLive *live;  /**< runs on the wall clock, connected to this; NULL: virtual time */
} GsRunOptions;

/**
 * Runs it in the calling thread and those that the runner makes; all of them
 * have ended when it returns. Errors: GS_ERROR_SYSTEM (threads, memory). The scenario is borrowed.
 * The results are valid also when the run was stopped (then `stopped` is set).
 */
GsResults *gs_run(const GsScenario *scenario, const GsRunOptions *options, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/run/run.h"

/**
 * What the benchmarks share. All run in one process, one after the other, so
 * that their figures can be compared as ratios. Speed is reported and never
 * asserted; that the work was done exactly is asserted always.
 */

typedef struct {
  uint32_t repeat;
  uint32_t nodes;  /**< of the grid that is updated */
  uint32_t actors; /**< of the run that starts, asks once and stops */
  uint32_t cores;
  bool quick;        /**< only whether it works at all */
  const char *graph; /**< a graph file to run on too, or NULL */
} GsBenchOptions;

typedef enum { GS_BENCH_RATE, GS_BENCH_SECONDS, GS_BENCH_BYTES, GS_BENCH_UNITS } GsBenchUnit;

/** One line of the report. Of rates the largest is the best, otherwise the smallest. */
typedef struct {
  char *what;
  const char *runner;
  uint32_t workers;
  GsBenchUnit unit;
  double best, median;
} GsBenchRow;

/** Rows in the order they were measured; the first rate is the baseline of all rates. */
typedef struct {
  GArray *rows; /**< of GsBenchRow */
} GsBenchReport;

void gs_bench_report_init(GsBenchReport *report);
void gs_bench_report_clear(GsBenchReport *report);
/** Takes `what`; sorts `values`. */
void gs_bench_report_add(GsBenchReport *report, char *what, const char *runner, uint32_t workers,
                         GsBenchUnit unit, double *values, uint32_t count);
void gs_bench_report_print(const GsBenchReport *report, const GsBenchOptions *options, bool json);

/** A scenario from its JSON text, which may use ' for ". Ends the program where there is an error.
 */
GsScenario *gs_bench_scenario(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** Runs it and asserts that the grid ended at rest, in sync, after `messages` messages. */
GsResults *gs_bench_run(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers,
                        uint64_t messages);
/** The same with all options. */
GsResults *gs_bench_run_with(const GsScenario *scenario, const GsRunOptions *options,
                             uint64_t messages);
/** One wave, and one update, of a connected grid (docs/PROTOCOL.md). */
uint64_t gs_bench_wave_messages(const GsScenario *scenario);
uint64_t gs_bench_update_messages(const GsScenario *scenario);
/** Ends the program unless `ok`: a benchmark that did something else has measured nothing. */
void gs_bench_require(bool ok, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * The baseline: the same nodes in a single-threaded loop over one queue,
 * without a runner, lanes, threads, time or measurement.
 */
typedef struct GsBaseline GsBaseline;
GsBaseline *gs_baseline_new(const GsScenario *scenario);
void gs_baseline_free(GsBaseline *baseline);
/**
 * One UpdateEnergy at the first node, until nothing is left to do. Returns
 * seconds, asserts what gs_bench_run does. Memory is kept from run to run.
 */
double gs_baseline_update(GsBaseline *baseline, int64_t production);

/**
 * The ceiling of one core: the protocol written by hand for a single loop, with
 * sums in place of nets. Used like the baseline.
 */
typedef struct GsFifo GsFifo;
GsFifo *gs_fifo_new(const GsScenario *scenario);
void gs_fifo_free(GsFifo *fifo);
double gs_fifo_update(GsFifo *fifo, int64_t production);

/** Beside other runtimes (tools/bench/peers.py): one update of one of the graphs known by name. */
typedef struct {
  const char *graph;
  const char *runner; /**< "pool", "threads", "loop" (the baseline) or "bare" (the ceiling) */
  uint32_t workers;
  uint32_t repeat;
} GsBenchSync;
/** Prints the graph: "nodes links", then the ids of both ends of each link. */
void gs_bench_print_edges(const char *graph);
/** Runs it and prints a line for each repetition: messages, seconds, "right". */
void gs_bench_print_sync(const GsBenchSync *sync);

void gs_bench_updates(GsBenchReport *report, const GsBenchOptions *options);
void gs_bench_jitter(GsBenchReport *report, const GsBenchOptions *options);
void gs_bench_start_stop(GsBenchReport *report, const GsBenchOptions *options);
void gs_bench_memory(GsBenchReport *report, const GsBenchOptions *options);
void gs_bench_sweep(GsBenchReport *report, const GsBenchOptions *options);
void gs_bench_graph(GsBenchReport *report, const GsBenchOptions *options);

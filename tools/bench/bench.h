/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/run/run.h"

/**
 * One process of the benchmark: gridsim's part of what tools/bench/bench.py
 * makes tables of. Speed is reported and never asserted; that the work was done
 * exactly is asserted always. Figures go to standard output.
 */

/** Ends the program unless `ok`: a benchmark that did something else has measured nothing. */
void gs_bench_require(bool ok, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** A scenario from its JSON text. Ends the program where there is an error. */
GsScenario *gs_bench_parse(const char *text);
/** The same, where the text may use ' for ". */
GsScenario *gs_bench_scenario(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** Runs it and asserts that the grid ended at rest, in sync, after `messages` messages. */
GsResults *gs_bench_run(const GsScenario *scenario, const GsRunOptions *options, uint64_t messages);
/** One wave, and one update, of a connected grid (docs/PROTOCOL.md). */
uint64_t gs_bench_wave_messages(const GsScenario *scenario);
uint64_t gs_bench_update_messages(const GsScenario *scenario);

/** Memory of this process that is there now, and the most that ever was. 0: not known. */
uint64_t gs_bench_resident_bytes(void);
uint64_t gs_bench_peak_bytes(void);

typedef enum {
  GS_BENCH_WAVE,   /**< one UpdateNet at the first node */
  GS_BENCH_UPDATE, /**< one UpdateEnergy there: every node runs a wave */
} GsBenchWork;

/** The network whose messages all take 1 ms. */
#define GS_BENCH_UNIFORM "uniform"
/**
 * A graph for such work, by the name of a kind and its nodes ("ring-64",
 * "lattice-16x16") or by the path of a file, and its network: "uniform",
 * "jitter" (exponential, 1 ms, on 1 ms of latency), "latencies" (lognormal, of
 * each link its own) or "both". Ends the program where there is none. `load_s`:
 * what reading and making it took; may be NULL.
 */
GsScenario *gs_bench_graph(const char *graph, const char *network, GsBenchWork work,
                           double *load_s);
/** Prints it: "nodes links", then both ends of each link, counted from 1. */
void gs_bench_print_edges(const char *graph);

typedef struct {
  const char *graph, *network;
  GsBenchWork work;
  /** "pool", "threads", or for updates "loop" (the baseline, uniform networks only) or "bare" (the
   * ceiling). */
  const char *runner;
  uint32_t workers;
  uint32_t repeat;
} GsBenchRuns;
/**
 * Does it and prints a line for each repetition: messages, seconds, "right",
 * then seconds of loading, peak memory so far, memory before loading (bytes).
 */
void gs_bench_print_runs(const GsBenchRuns *runs);

/**
 * The baseline: gridsim's nodes in a single-threaded loop over one queue,
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
 * sums in place of nets; where the network is not uniform, by a binary heap.
 * Used like the baseline.
 */
typedef struct GsBare GsBare;
GsBare *gs_bare_new(const GsScenario *scenario);
void gs_bare_free(GsBare *bare);
double gs_bare_update(GsBare *bare, int64_t production);

/** What is measured besides such runs. */
typedef struct {
  uint32_t repeat;
  uint32_t cores;
  bool quick; /**< only whether it works at all */
} GsBenchOptions;

/** A figure; what is not measured is 0. */
typedef struct {
  const char *what, *runner;
  uint32_t workers;
  uint64_t messages;
  double seconds, bytes;
} GsBenchFigure;
/** Prints it as a line with tabs between: what, runner, workers, messages, seconds, bytes. */
void gs_bench_print(const GsBenchFigure *figure);

/** Print figures: first of all what is to find no memory ready that others left behind. */
void gs_bench_memory(const GsBenchOptions *options);
void gs_bench_start_stop(const GsBenchOptions *options);
void gs_bench_sweep(const GsBenchOptions *options);
/** Many nodes for hardly any work: their number. */
static inline uint32_t gs_bench_actors(const GsBenchOptions *options) {
  return options->quick ? 1000 : 10000;
}

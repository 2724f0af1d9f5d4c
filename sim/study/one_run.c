/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/one_run.h"

#include <stdatomic.h>
#include <string.h>

#include "core/error.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_graph.h"
#include "sim/study/sample.h"

struct GsOneRun {
  const GsSweep *sweep;
  uint32_t lanes;
  int *stop;
  GsGraph *graph; /**< of the last run, and what is known of it */
  GsGraphFacts facts;
  GsRunMemory *memory;
  _Atomic uint64_t messages; /**< of runs that are over */
  _Atomic uint64_t running;  /**< of the one that is not */
};

GsOneRun *gs_one_run_new(const GsSweep *sweep, uint32_t lanes, int *stop) {
  GsOneRun *one = g_new0(GsOneRun, 1);
  one->sweep = sweep;
  one->lanes = lanes;
  one->stop = stop;
  one->memory = gs_run_memory_new();
  return one;
}

void gs_one_run_free(GsOneRun *one) {
  if (!one)
    return;
  gs_graph_free(one->graph);
  gs_run_memory_free(one->memory);
  g_free(one);
}

uint64_t gs_one_run_messages(const GsOneRun *one) {
  return atomic_load_explicit(&one->messages, memory_order_relaxed) +
         atomic_load_explicit(&one->running, memory_order_relaxed);
}

static bool same_graph(const GsGraph *a, const GsGraph *b) {
  return a && a->nodes == b->nodes && a->links == b->links &&
         (a->links == 0 || memcmp(a->edges, b->edges, a->links * sizeof *a->edges) == 0);
}

/** Works the facts out unless the graph is the last one's, as in families without chance. */
static bool know_graph(GsOneRun *one, const GsScenario *scenario, GError **error) {
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  if (same_graph(one->graph, graph))
    return true;
  if (!gs_graph_facts(graph, &one->facts, error))
    return false;
  gs_graph_free(one->graph);
  one->graph = g_steal_pointer(&graph);
  return true;
}

static bool on_progress(const GsRunProgress *progress, void *data) {
  GsOneRun *one = data;
  atomic_store_explicit(&one->running, progress->messages, memory_order_relaxed);
  return !g_atomic_int_get(one->stop);
}

static bool run(GsOneRun *one, const GsScenario *scenario, uint32_t repetition, GsSample *sample,
                GError **error) {
  GsTheory theory;
  GsRunOptions options = {.runner = GS_RUNNER_POOL,
                          .workers = one->lanes,
                          .memory = one->memory,
                          .progress = on_progress,
                          .progress_data = one};
  if (!know_graph(one, scenario, error))
    return false;
  gs_theory_of(scenario, &theory);
  g_autoptr(GsResults) results = gs_run(scenario, &options, error);
  if (!results || results->stopped)
    return false;
  gs_sample_take(sample, repetition, results, &theory, &one->facts);
  atomic_store_explicit(&one->running, 0, memory_order_relaxed);
  atomic_fetch_add_explicit(&one->messages, gs_message_counts_total(&results->messages),
                            memory_order_relaxed);
  return true;
}

GString *gs_one_run_do(GsOneRun *one, uint32_t cell, uint32_t repetition, GError **error) {
  g_auto(GsSample) sample = {0};
  g_autoptr(GError) problem = NULL;
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(one->sweep, cell, repetition, &problem);
  if (!scenario) {
    if (g_error_matches(problem, GS_ERROR, GS_ERROR_SYSTEM)) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return NULL;
    }
    gs_sample_fail(&sample, repetition, gs_sweep_seed(one->sweep, cell, repetition),
                   problem->message);
  } else if (!run(one, scenario, repetition, &sample, error)) {
    return NULL;
  }
  GString *line = g_string_new(NULL);
  gs_sample_write(&sample, line);
  return line;
}

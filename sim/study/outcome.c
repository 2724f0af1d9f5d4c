/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/study/outcome.h"

/** The samples of a cell. */
typedef struct {
  GsOutcome *outcome;
  double *values[GS_METRICS];
  double fact_sums[GS_FACTS], theory_sums[5];
  uint32_t fact_counts[GS_FACTS], theory_counts[5];
  GArray *steps;   /**< of GsSampleStep, those of all runs one after the other */
  GArray *lengths; /**< of uint32_t: how many each run has */
  double longest_s;
} Collector;

void gs_outcome_free(gpointer data) {
  GsOutcome *outcome = data;
  g_free(outcome->key);
  g_free(outcome->label);
  g_free(outcome->problem);
  g_free(outcome);
}

static void add_mean(double value, double *sum, uint32_t *count) {
  if (!isfinite(value))
    return;
  *sum += value;
  ++*count;
}

static GsKnown both(GsKnown before, bool now) {
  return before == GS_NO || !now ? GS_NO : GS_YES;
}

static bool is_same(double a, double b) {
  return !(a < b) && !(a > b);
}

static void compare_with_theory(GsOutcome *outcome, const GsSample *sample) {
  if (isfinite(sample->messages))
    outcome->messages_equal = both(outcome->messages_equal,
                                   is_same(sample->messages, sample->metrics[GS_METRIC_MESSAGES]));
  double after = sample->metrics[GS_METRIC_CONVERGENCE];
  if (!isfinite(sample->low_s) && !isfinite(sample->high_s))
    return;
  /* NaN bounds hold nothing back; a convergence that never came is in no bounds. */
  outcome->within = both(outcome->within,
                         isfinite(after) && !(after < sample->low_s) && !(after > sample->high_s));
}

static void take(const GsSample *sample, void *data) {
  Collector *collector = data;
  GsOutcome *outcome = collector->outcome;
  outcome->runs++;
  if (sample->problem) {
    outcome->failed++;
    if (!outcome->problem)
      outcome->problem = g_strdup(sample->problem);
    return;
  }
  outcome->converged += sample->converged;
  for (int i = 0; i < GS_METRICS; i++)
    if (isfinite(sample->metrics[i]))
      collector->values[i][outcome->counted[i]++] = sample->metrics[i];
  for (int i = 0; i < GS_FACTS; i++)
    add_mean(sample->facts[i], &collector->fact_sums[i], &collector->fact_counts[i]);
  const double theory[] = {sample->messages, sample->hops_low, sample->hops_high, sample->low_s,
                           sample->high_s};
  for (guint i = 0; i < G_N_ELEMENTS(theory); i++)
    add_mean(theory[i], &collector->theory_sums[i], &collector->theory_counts[i]);
  compare_with_theory(outcome, sample);
  double after = sample->metrics[GS_METRIC_CONVERGENCE];
  if (!isfinite(after))
    return;
  collector->longest_s = MAX(collector->longest_s, after);
  if (outcome->sample_count < GS_OUTCOME_SAMPLES_MAX)
    outcome->samples[outcome->sample_count++] = after;
  g_array_append_vals(collector->steps, sample->steps, sample->step_count);
  g_array_append_val(collector->lengths, sample->step_count);
}

/** Means over the runs of the share of nodes in sync, at equal distances of time. */
static void fill_course(const Collector *collector) {
  GsOutcome *outcome = collector->outcome;
  double nodes = outcome->facts[GS_FACT_NODES];
  uint32_t runs = collector->lengths->len;
  for (uint32_t point = 0; point < GS_COURSE_POINTS; point++) {
    double t = collector->longest_s * point / (GS_COURSE_POINTS - 1);
    double sum = 0;
    guint first = 0;
    for (uint32_t run = 0; run < runs; run++) {
      uint32_t length = g_array_index(collector->lengths, uint32_t, run), out = 0;
      for (uint32_t i = 0; i < length; i++) {
        const GsSampleStep *step = &g_array_index(collector->steps, GsSampleStep, first + i);
        if (step->t_s <= t)
          out = step->out;
      }
      first += length;
      sum += 1 - out / nodes;
    }
    outcome->course_t_s[point] = t;
    outcome->course_share[point] = runs > 0 ? sum / runs : (double)NAN;
  }
}

static double mean_of(double sum, uint32_t count) {
  return count > 0 ? sum / count : (double)NAN;
}

static void finish(Collector *collector) {
  GsOutcome *outcome = collector->outcome;
  if (outcome->failed < outcome->runs) /* the others speak for the cell */
    g_clear_pointer(&outcome->problem, g_free);
  for (int i = 0; i < GS_METRICS; i++)
    if (outcome->counted[i] > 0)
      gs_summary_of(collector->values[i], outcome->counted[i], &outcome->metrics[i]);
  for (int i = 0; i < GS_FACTS; i++)
    outcome->facts[i] = mean_of(collector->fact_sums[i], collector->fact_counts[i]);
  double *theory[] = {&outcome->messages, &outcome->hops_low, &outcome->hops_high, &outcome->low_s,
                      &outcome->high_s};
  for (guint i = 0; i < G_N_ELEMENTS(theory); i++)
    *theory[i] = mean_of(collector->theory_sums[i], collector->theory_counts[i]);
  fill_course(collector);
}

GsOutcome *gs_outcome_new(const GsSweep *sweep, const GsStudyRuns *runs, uint32_t cell,
                          const GsStore *store, GError **error) {
  const GsCellState *state = &runs->cells[cell];
  GsOutcome *outcome = g_new0(GsOutcome, 1);
  outcome->cell = cell;
  outcome->key = gs_sweep_key(sweep, cell);
  outcome->label = gs_sweep_label(sweep, cell);
  outcome->problem = g_strdup(state->problem);
  outcome->messages_equal = outcome->within = GS_UNKNOWN;
  Collector collector = {.outcome = outcome,
                         .steps = g_array_new(FALSE, FALSE, sizeof(GsSampleStep)),
                         .lengths = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
  for (int i = 0; i < GS_METRICS; i++)
    collector.values[i] = g_new(double, MAX(state->runs, 1));
  bool good = state->problem || gs_store_each(store, cell, state->runs, take, &collector, error);
  if (good && !state->problem)
    finish(&collector);
  for (int i = 0; i < GS_METRICS; i++)
    g_free(collector.values[i]);
  g_array_unref(collector.steps);
  g_array_unref(collector.lengths);
  if (!good)
    g_clear_pointer(&outcome, gs_outcome_free);
  return outcome;
}

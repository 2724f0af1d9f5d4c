/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/study/looks.h"
#include "sim/study/outcome.h"

/** What messages, hops and times of theory are counted in. */
static const double theory_ticks[] = {1, 1, 1, 1e9, 1e9};

/** The samples of a cell. */
typedef struct {
  const GsFindings *findings;
  GsOutcome *outcome;
  double *values[GS_METRICS];
  double fact_sums[GS_FACTS];
  uint32_t fact_counts[GS_FACTS];
  GsExactMean theory[5];
  double longest_s;
  uint32_t looks;       /**< at intervals, one of which ended the study of the cell */
  uint32_t with_course; /**< runs that came into sync */
} Collector;

void gs_outcome_free(gpointer data) {
  GsOutcome *outcome = data;
  g_free(outcome->key);
  g_free(outcome->label);
  g_free(outcome->problem);
  for (guint i = 0; i < GS_EFFECT_METRICS; i++)
    g_free(outcome->series[i]);
  g_free(outcome);
}

int gs_outcome_compare(const GsOutcome *a, const GsOutcome *b, GsMetric metric) {
  if (a->counted[metric] == 0 || b->counted[metric] == 0)
    return (a->counted[metric] == 0) - (b->counted[metric] == 0);
  int order = gs_exact_compare(&a->means[metric], &b->means[metric]);
  return gs_metrics[metric].more_is_better ? -order : order;
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
  /* What nodes send on their own is in no closed form; older lines have none. */
  double own = sample->metrics[GS_METRIC_RECOVERY_MESSAGES];
  double caused = sample->metrics[GS_METRIC_MESSAGES] - (isfinite(own) ? own : 0);
  if (isfinite(sample->messages))
    outcome->messages_equal = both(outcome->messages_equal, is_same(sample->messages, caused));
  double after = sample->metrics[GS_METRIC_CONVERGENCE];
  if (!isfinite(sample->low_s) && !isfinite(sample->high_s))
    return;
  outcome->lower_only |= !isfinite(sample->high_s);
  /* NaN bounds hold nothing back; a convergence that never came is in no bounds. */
  outcome->within = both(outcome->within,
                         isfinite(after) && !(after < sample->low_s) && !(after > sample->high_s));
}

static void take(const GsSample *sample, void *data) {
  Collector *collector = data;
  GsOutcome *outcome = collector->outcome;
  for (guint i = 0; i < collector->findings->effect_metric_count; i++)
    outcome->series[i][outcome->runs] =
        sample->problem ? (double)NAN : sample->metrics[collector->findings->effect_metrics[i]];
  outcome->runs++;
  if (sample->problem) {
    outcome->failed++;
    if (!outcome->problem)
      outcome->problem = g_strdup(sample->problem);
    return;
  }
  outcome->converged += sample->converged;
  for (int i = 0; i < GS_METRICS; i++)
    if (isfinite(sample->metrics[i])) {
      collector->values[i][outcome->counted[i]++] = sample->metrics[i];
      gs_exact_add(&outcome->means[i], sample->metrics[i], gs_metrics[i].ticks);
    }
  for (int i = 0; i < GS_FACTS; i++)
    add_mean(sample->facts[i], &collector->fact_sums[i], &collector->fact_counts[i]);
  const double theory[] = {sample->messages, sample->hops_low, sample->hops_high, sample->low_s,
                           sample->high_s};
  for (guint i = 0; i < G_N_ELEMENTS(theory); i++)
    if (isfinite(theory[i]))
      gs_exact_add(&collector->theory[i], theory[i], theory_ticks[i]);
  compare_with_theory(outcome, sample);
  double after = sample->metrics[GS_METRIC_CONVERGENCE];
  if (!isfinite(after))
    return;
  collector->longest_s = MAX(collector->longest_s, after);
  if (outcome->sample_count < GS_OUTCOME_SAMPLES_MAX)
    outcome->samples[outcome->sample_count++] = after;
  collector->with_course++;
}

/** Adds the share of nodes in sync of a run, at equal distances of time. */
static void take_course(const GsSample *sample, void *data) {
  Collector *collector = data;
  GsOutcome *outcome = collector->outcome;
  if (sample->problem || !isfinite(sample->metrics[GS_METRIC_CONVERGENCE]))
    return;
  uint32_t at = 0, out = 0;
  for (uint32_t point = 0; point < GS_COURSE_POINTS; point++) {
    for (; at < sample->step_count && sample->steps[at].t_s <= outcome->course_t_s[point]; at++)
      out = sample->steps[at].out;
    outcome->course_share[point] +=
        (1 - out / sample->facts[GS_FACT_NODES]) / collector->with_course;
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
    if (outcome->counted[i] > 0) {
      gs_summary_of(collector->values[i], outcome->counted[i], &outcome->metrics[i]);
      gs_summary_at_look(&outcome->metrics[i], collector->looks);
      gs_summary_center(&outcome->metrics[i],
                        gs_exact_value(&outcome->means[i], gs_metrics[i].ticks));
    }
  for (int i = 0; i < GS_FACTS; i++)
    outcome->facts[i] = mean_of(collector->fact_sums[i], collector->fact_counts[i]);
  double *theory[] = {&outcome->messages, &outcome->hops_low, &outcome->hops_high, &outcome->low_s,
                      &outcome->high_s};
  for (guint i = 0; i < G_N_ELEMENTS(theory); i++)
    *theory[i] = gs_exact_value(&collector->theory[i], theory_ticks[i]);
  for (uint32_t point = 0; point < GS_COURSE_POINTS; point++) {
    outcome->course_t_s[point] = collector->longest_s * point / (GS_COURSE_POINTS - 1);
    outcome->course_share[point] = collector->with_course > 0 ? 0 : (double)NAN;
  }
}

GsOutcome *gs_outcome_new(const GsFindings *findings, const GsStudyRuns *runs, uint32_t cell,
                          const GsStore *store, GError **error) {
  const GsSweep *sweep = findings->sweep;
  const GsCellState *state = &runs->cells[cell];
  GsOutcome *outcome = g_new0(GsOutcome, 1);
  outcome->cell = cell;
  outcome->drawn = state->drawn;
  outcome->key = gs_sweep_key(sweep, cell);
  outcome->label = gs_sweep_label(sweep, cell, GS_NO_AXIS);
  outcome->problem = g_strdup(state->problem);
  outcome->messages_equal = outcome->within = GS_UNKNOWN;
  Collector collector = {.findings = findings, .outcome = outcome, .looks = gs_looks_count(sweep)};
  for (guint i = 0; i < findings->effect_metric_count; i++)
    outcome->series[i] = g_new(double, MAX(state->runs, 1));
  for (int i = 0; i < GS_METRICS; i++)
    collector.values[i] = g_new(double, MAX(state->runs, 1));
  bool good = state->problem || gs_store_each(store, cell, state->runs, take, &collector, error);
  /* The courses go to the longest of them, so they are gone through again. */
  if (good && !state->problem) {
    finish(&collector);
    good = gs_store_each(store, cell, state->runs, take_course, &collector, error);
  }
  for (int i = 0; i < GS_METRICS; i++)
    g_free(collector.values[i]);
  if (!good)
    g_clear_pointer(&outcome, gs_outcome_free);
  return outcome;
}

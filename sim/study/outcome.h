/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/study/exact.h"
#include "sim/study/statistics.h"
#include "sim/study/study.h"

/** What a study found: per cell, and across cells. */

/** Points of the course of a cell. */
#define GS_COURSE_POINTS 33u
/** Convergence times of a cell that are kept one by one, for pictures. */
#define GS_OUTCOME_SAMPLES_MAX 200u

/** A yes or no that may be unknown. */
typedef enum { GS_UNKNOWN = -1, GS_NO, GS_YES } GsKnown;

typedef struct {
  uint32_t cell;
  char *key, *label;
  char *problem;      /**< why there is nothing else; NULL: there is */
  uint32_t runs;      /**< that were done */
  uint32_t failed;    /**< that could not be, such as when a graph could not be made */
  bool drawn;         /**< something is drawn from the seed; else one run is all there is */
  uint32_t converged; /**< that ended with all nodes in sync */
  bool best;          /**< least mean of the sorting metric among those it is compared with */
  uint32_t counted[GS_METRICS];  /**< runs that have the metric */
  GsExactMean means[GS_METRICS]; /**< of those; what decides about order and ties */
  GsSummary metrics[GS_METRICS]; /**< of those; only where `counted` is not 0 */
  double facts[GS_FACTS];        /**< means; NaN: unknown */
  /** Means of what theory says; NaN: nothing. */
  double messages, hops_low, hops_high, low_s, high_s;
  GsKnown messages_equal; /**< every run had exactly the messages of the closed form */
  GsKnown within;         /**< every run converged within its own bounds */
  /** Mean share of nodes in sync, from the disturbance to the longest convergence. */
  double course_t_s[GS_COURSE_POINTS], course_share[GS_COURSE_POINTS];
  uint32_t sample_count;
  double samples[GS_OUTCOME_SAMPLES_MAX]; /**< convergence times, s */
} GsOutcome;

/** How a metric grows with the number of nodes, in the cells that differ by nothing else. */
typedef struct {
  uint32_t first_cell; /**< one of the group */
  char *label;         /**< of the group: "ring" */
  GsMetric metric;
  GsGrowth growth; /**< of the means */
  bool has_theory;
  GsGrowth theory; /**< fitted to the closed form over the same numbers of nodes */
  double limit;    /**< exponent that it tends to; NaN: not known */
} GsGrowthFinding;

/** Rank correlation of the mean convergence time with a fact of the graph, over all cells. */
typedef struct {
  GsFact fact;
  uint32_t cells;
  bool known;
  double rho;
} GsCorrelation;

typedef struct {
  const GsSweep *sweep; /**< borrowed */
  GsMetric sort;
  bool interrupted;     /**< not all runs were done */
  uint64_t runs;        /**< over all cells */
  guint compared;       /**< axis on which cells of a group differ */
  GPtrArray *outcomes;  /**< of GsOutcome, in the order of the cells */
  GArray *order;        /**< of uint32_t: cells as tables show them, group by group, sorted */
  GArray *groups;       /**< of uint32_t per cell: those that are compared with each other */
  GArray *growths;      /**< of GsGrowthFinding */
  GArray *correlations; /**< of GsCorrelation */
  GPtrArray *sentences; /**< of char *: what it comes to, in words */
  GPtrArray *warnings;  /**< of GsStudyWarning */
} GsFindings;

/** Reads the store cell by cell: memory is that of the largest cell and the outcomes. */
GsFindings *gs_findings_new(const GsSweep *sweep, const GsStudyRuns *runs, const GsStore *store,
                            GsMetric sort, GError **error);
/** NULL is fine. */
void gs_findings_free(GsFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsFindings, gs_findings_free)

/** For the files of study/. */
GsOutcome *gs_outcome_new(const GsSweep *sweep, const GsStudyRuns *runs, uint32_t cell,
                          const GsStore *store, GError **error);
void gs_outcome_free(gpointer outcome);
/** The mean of a metric; NaN where there is none. */
static inline double gs_outcome_mean(const GsOutcome *outcome, GsMetric metric) {
  return outcome->counted[metric] > 0 ? outcome->metrics[metric].mean : (double)__builtin_nan("");
}
/** −1, 0 or 1 by the exact means of a metric; what has none comes last. */
int gs_outcome_compare(const GsOutcome *a, const GsOutcome *b, GsMetric metric);
/** Whether all runs that could be done came into sync: only then a mean says all of the cell. */
static inline bool gs_outcome_all_converged(const GsOutcome *outcome) {
  return outcome->converged + outcome->failed == outcome->runs;
}
/** Runs without a time of convergence: they ended out of sync, or nothing disturbed them. */
static inline uint32_t gs_outcome_without_convergence(const GsOutcome *outcome) {
  return outcome->runs - outcome->failed - outcome->counted[GS_METRIC_CONVERGENCE];
}
/** Sentences, from the rest of the findings. */
void gs_findings_say(GsFindings *findings);

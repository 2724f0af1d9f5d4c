/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/exact.h"
#include "sim/study/statistics.h"
#include "sim/study/study.h"

/** What a study found: per cell, and across cells. */

/** Points of the course of a cell. */
#define GS_COURSE_POINTS 33u
/** Convergence times of a cell that are kept one by one, for pictures. */
#define GS_OUTCOME_SAMPLES_MAX 200u

/** Figures whose effects are worked out: convergence, messages, and what is sorted by. */
#define GS_EFFECT_METRICS 3u
#define GS_ALL_CELLS UINT32_MAX

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
  bool best;          /**< best mean of the sorting metric among those it is compared with */
  uint32_t counted[GS_METRICS];  /**< runs that have the metric */
  GsExactMean means[GS_METRICS]; /**< of those; what decides about order and ties */
  GsSummary metrics[GS_METRICS]; /**< of those; only where `counted` is not 0 */
  double facts[GS_FACTS];        /**< means; NaN: unknown */
  /** Means of what theory says; NaN: nothing. */
  double messages, hops_low, hops_high, low_s, high_s;
  GsKnown messages_equal; /**< every run had exactly the messages of the closed form */
  GsKnown within;         /**< every run converged within its own bounds, as far as there are any */
  bool lower_only; /**< of a run theory has a lower bound only: latencies differ or are drawn, or
                      messages may fail */
  /** Mean share of nodes in sync, from the disturbance to the longest convergence. */
  double course_t_s[GS_COURSE_POINTS], course_share[GS_COURSE_POINTS];
  /** Of each run that is in the store, in their order, the metrics of GsFindings.effect_metrics;
   * NaN: it has none. NULL beyond those. */
  double *series[GS_EFFECT_METRICS];
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

/**
 * Rank correlation of the mean convergence time with a fact of the graph, over the
 * cells of one setting: those that differ only by what makes graphs (topology,
 * nodes, topology.…). What other axes do would be in it otherwise.
 */
typedef struct {
  uint32_t first_cell; /**< of the setting */
  char *setting;       /**< "network.jitter 10ms"; "" where there is one only */
  GsFact fact;
  uint32_t cells;
  bool known;
  double rho;
} GsCorrelation;

/**
 * What a value of an axis changes against the first value of that axis, all else
 * being equal: of pairs of runs with the same seed. Runs without the figure (out
 * of sync) make no pair.
 */
typedef struct {
  guint axis;
  uint32_t value;           /**< index on the axis; against 0 */
  uint32_t cell, base_cell; /**< of a setting of the other axes; GS_ALL_CELLS: mean over all */
  uint32_t settings;        /**< that it is over */
  uint32_t settings_there;  /**< of GS_ALL_CELLS: that have both values */
  GsMetric metric;
  uint32_t pairs;                      /**< repetitions in which all its settings have the figure */
  uint32_t pairs_there;                /**< … that all have, also where a run ended out of sync */
  double difference, low, high;        /**< mean, and its interval: NaN for one pair */
  double ratio, ratio_low, ratio_high; /**< geometric mean; NaN where a figure is not above 0 */
} GsEffect;

typedef struct {
  const GsSweep *sweep; /**< borrowed */
  GsMetric sort;
  bool interrupted;    /**< not all runs were done */
  uint64_t runs;       /**< over all cells */
  guint compared;      /**< axis on which cells of a group differ */
  GPtrArray *outcomes; /**< of GsOutcome, in the order of the cells */
  GArray *order;       /**< of uint32_t: cells as tables show them, group by group, sorted */
  GArray *groups;      /**< of uint32_t per cell: those that are compared with each other */
  uint32_t group_count;
  GArray *growths; /**< of GsGrowthFinding */
  GsMetric effect_metrics[GS_EFFECT_METRICS];
  guint effect_metric_count;
  GArray *effects;      /**< of GsEffect: of a value and metric over all settings, then in each */
  uint32_t settings;    /**< of axes that make no graphs */
  GArray *correlations; /**< of GsCorrelation, all facts of a setting together */
  uint32_t cells_aside; /**< that the store keeps, too, but that are none of the sweep's */
  uint64_t runs_aside;  /**< of those */
  uint64_t runs_spare;  /**< of the sweep's cells, beyond its repetitions: kept, but not used */
  GPtrArray *sentences; /**< of char *: what it comes to, in words */
  const char *left_out; /**< the sentence about what is kept but not used, or NULL */
  GPtrArray *warnings;  /**< of GsStudyWarning */
} GsFindings;

/**
 * Reads the store cell by cell. Memory is that of the largest cell, of the outcomes,
 * and 16 to 24 bytes per run for its figures.
 */
GsFindings *gs_findings_new(const GsSweep *sweep, const GsStudyRuns *runs, const GsStore *store,
                            GsMetric sort, GError **error);
/** NULL is fine. */
void gs_findings_free(GsFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsFindings, gs_findings_free)

/** For the files of study/. */
GsOutcome *gs_outcome_new(const GsFindings *findings, const GsStudyRuns *runs, uint32_t cell,
                          const GsStore *store, GError **error);
/** A number per cell: equal for cells that differ on one axis only. Free with g_array_unref. */
GArray *gs_findings_group(const GsSweep *sweep, guint left_out, uint32_t *count);
/**
 * The values that all cells of its group share ("nodes 128, network.jitter 0"), or those that they
 * differ in ("ring"). Free with g_free.
 */
char *gs_findings_label(const GsFindings *findings, uint32_t cell, bool shared);
/** "network.jitter 10ms against 0". Free with g_free. */
char *gs_effect_label(const GsFindings *findings, const GsEffect *effect);
/** What a fact is called: where a graph is in several islands, the diameter of the largest. */
const char *gs_findings_fact(const GsFindings *findings, GsFact fact);
void gs_find_effects(GsFindings *findings);
void gs_find_correlations(GsFindings *findings);
void gs_outcome_free(gpointer outcome);
/** The mean of a metric; NaN where there is none. */
static inline double gs_outcome_mean(const GsOutcome *outcome, GsMetric metric) {
  return outcome->counted[metric] > 0 ? outcome->metrics[metric].mean : (double)__builtin_nan("");
}
/** −1, 0 or 1 by the exact means of a metric, the better one first; what has none comes last. */
int gs_outcome_compare(const GsOutcome *a, const GsOutcome *b, GsMetric metric);
/** What "within" is about: "both" bounds of each run, "lower": of some the lower one only, "none".
 */
static inline const char *gs_outcome_bounds(const GsOutcome *outcome) {
  return outcome->within == GS_UNKNOWN ? "none" : outcome->lower_only ? "lower" : "both";
}
/** Whether all runs that could be done came into sync: only then a mean says all of the cell. */
static inline bool gs_outcome_all_converged(const GsOutcome *outcome) {
  return outcome->converged + outcome->failed == outcome->runs;
}
/** Whether messages were lost, doubled or tried again in some run, or siblings suspected. */
bool gs_findings_has_failures(const GsFindings *findings);
/** Runs without a time of convergence: they ended out of sync, or nothing disturbed them. */
static inline uint32_t gs_outcome_without_convergence(const GsOutcome *outcome) {
  return outcome->runs - outcome->failed - outcome->counted[GS_METRIC_CONVERGENCE];
}
/** Sentences, from the rest of the findings. */
void gs_findings_say(GsFindings *findings);

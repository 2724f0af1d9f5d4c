/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/study/looks.h"
#include "tests/sim/study/made_findings.h"

/* Cells, effects and growth at their edges: unequal runs, runs out of sync, means of nothing. */

static const char *const two[][2] = {{"topology", "ring,star"}, {"nodes", "8"}};

static double always_five(uint32_t cell, uint32_t r) {
  return 5 + 0 * cell + 0 * r;
}

/** Differences of 2 and 4 ms in turn. */
static double two_or_four(uint32_t cell, uint32_t r) {
  return 10 + (cell == 1 ? (r % 2 ? 4 : 2) : 0);
}

Test(outcomes, where_all_cells_are_alike_none_is_the_best) {
  g_autoptr(GsSweep) sweep = gs_made_sweep(two, 2, 3);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, always_five);
  cr_expect(!gs_made_outcome(findings, 0)->best && !gs_made_outcome(findings, 1)->best);
}

static double first_once_never(uint32_t cell, uint32_t r) {
  return cell == 0 && r == 0 ? GS_MADE_NONE : 5;
}

Test(outcomes, a_cell_with_the_least_mean_of_which_a_run_ended_out_of_sync_is_not_the_best) {
  g_autoptr(GsSweep) sweep = gs_made_sweep(two, 2, 3);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, first_once_never);
  cr_expect(!gs_made_outcome(findings, 0)->best && gs_made_outcome(findings, 1)->best);
  cr_expect_eq(g_array_index(findings->order, uint32_t, 0), 1);
}

static double first_never(uint32_t cell, uint32_t r) {
  return cell == 0 ? GS_MADE_NONE : 5 + 0 * r;
}

Test(outcomes, a_cell_without_a_mean_comes_behind_one_that_has_one) {
  g_autoptr(GsSweep) sweep = gs_made_sweep(two, 2, 3);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, first_never);
  const GsOutcome *without = gs_made_outcome(findings, 0), *with = gs_made_outcome(findings, 1);
  cr_expect_eq(gs_outcome_compare(without, with, GS_METRIC_CONVERGENCE), 1);
  cr_expect_eq(gs_outcome_compare(with, without, GS_METRIC_CONVERGENCE), -1);
  cr_expect_eq(gs_outcome_compare(without, without, GS_METRIC_CONVERGENCE), 0);
}

/** The first run of the second cell is late, of the third early, of the fourth out of sync. */
static double one_outside(uint32_t cell, uint32_t r) {
  static const double first[] = {5, 7, 3, GS_MADE_NONE};
  return r == 0 ? first[cell] : 5;
}

Test(outcomes, one_run_outside_the_bounds_of_theory_is_enough) {
  static const char *const four[][2] = {{"topology", "ring,star,line,tree"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = gs_made_sweep(four, 2, 3);
  static const GsMadeRuns both = {.bounds = true, .low_ms = 5, .high_ms = 5};
  static const GsMadeRuns low = {.bounds = true, .low_ms = 4, .high_ms = GS_MADE_NONE};
  g_autoptr(GsFindings) within = gs_made_findings_of(sweep, one_outside, &both);
  g_autoptr(GsFindings) above = gs_made_findings_of(sweep, one_outside, &low);
  g_autoptr(GsFindings) unknown = gs_made_findings(sweep, one_outside);
  static const GsKnown known[][2] = {
      {GS_YES, GS_YES}, {GS_NO, GS_YES}, {GS_NO, GS_NO}, {GS_NO, GS_NO}};
  for (uint32_t cell = 0; cell < 4; cell++) {
    cr_expect_eq(gs_made_outcome(within, cell)->within, known[cell][0], "%u", cell);
    cr_expect_eq(gs_made_outcome(above, cell)->within, known[cell][1], "%u", cell);
    cr_expect_eq(gs_made_outcome(unknown, cell)->within, GS_UNKNOWN);
    cr_expect(gs_made_outcome(above, cell)->lower_only &&
              !gs_made_outcome(within, cell)->lower_only);
  }
}

/* ---- Effects ---- */

Test(outcomes, an_effect_takes_the_pairs_that_both_cells_have) {
  g_autoptr(GsSweep) sweep = gs_made_sweep(two, 2, 12);
  static const uint32_t fewer[] = {12, 8}, one[] = {1, 12};
  g_autoptr(GsFindings) some =
      gs_made_findings_of(sweep, two_or_four, &(GsMadeRuns){.runs = fewer});
  const GsEffect *effect = gs_made_effect(some, 0, GS_ALL_CELLS);
  cr_expect(effect->pairs == 8 && effect->pairs_there == 8);
  cr_expect_float_eq(effect->difference, 0.003, 1e-12);
  /* A cell in which nothing is drawn has been run once, and is the same in every repetition. */
  g_autoptr(GsFindings) undrawn =
      gs_made_findings_of(sweep, two_or_four, &(GsMadeRuns){.undrawn = 1, .runs = one});
  effect = gs_made_effect(undrawn, 0, GS_ALL_CELLS);
  cr_expect(effect->pairs == 12 && effect->pairs_there == 12);
  cr_expect_float_eq(effect->difference, 0.003, 1e-12);
}

static double from_nothing(uint32_t cell, uint32_t r) {
  return cell == 0 ? 0 : 5 + r;
}

static double to_nothing(uint32_t cell, uint32_t r) {
  return cell == 1 ? 0 : 5 + r;
}

Test(outcomes, there_is_a_difference_but_no_ratio_to_or_of_nothing) {
  g_autoptr(GsSweep) sweep = gs_made_sweep(two, 2, 3);
  g_autoptr(GsFindings) from = gs_made_findings(sweep, from_nothing);
  g_autoptr(GsFindings) to = gs_made_findings(sweep, to_nothing);
  const GsEffect *more = gs_made_effect(from, 0, GS_ALL_CELLS);
  const GsEffect *less = gs_made_effect(to, 0, GS_ALL_CELLS);
  cr_expect_float_eq(more->difference, 0.006, 1e-12);
  cr_expect_float_eq(less->difference, -0.006, 1e-12);
  cr_expect(isnan(more->ratio) && isnan(less->ratio));
}

Test(outcomes, an_effect_has_the_interval_of_one_of_as_many_looks_as_there_were) {
  g_autoptr(GsSweep) sweep = gs_made_sweep_begun(two, 2, 10);
  sweep->precision = 0.01;
  sweep->repeat_most = 100;
  cr_assert(gs_sweep_finish(sweep, NULL));
  uint32_t looks = gs_looks_count(sweep);
  cr_assert_gt(looks, 1);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, two_or_four);
  double differences[] = {2, 4, 2, 4, 2, 4, 2, 4, 2, 4};
  GsSummary known;
  gs_summary_of(differences, 10, &known);
  double once = known.ci_low;
  gs_summary_at_look(&known, looks);
  cr_assert_lt(known.ci_low, once);
  const GsEffect *effect = gs_made_effect(findings, 0, GS_ALL_CELLS);
  cr_expect_float_eq(effect->low, known.ci_low / 1e3, 1e-12);
  cr_expect_float_eq(effect->high, known.ci_high / 1e3, 1e-12);
}

/* ---- Growth ---- */

/** Of the convergence time, in the order in which they were found; how many there are. */
static guint growths_of(const GsFindings *findings, GsGrowth found[2]) {
  guint count = 0;
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *at = &g_array_index(findings->growths, GsGrowthFinding, i);
    if (at->metric == GS_METRIC_CONVERGENCE && count++ < 2)
      found[count - 1] = at->growth;
  }
  return count;
}

static double nothing_first(uint32_t cell, uint32_t r) {
  return cell == 0 ? 0 : (cell == 1 ? 10 : 20) + 0 * r;
}

Test(outcomes, a_mean_of_nothing_is_left_out_of_a_growth) {
  static const char *const sizes[][2] = {{"topology", "ring"}, {"nodes", "5,10,20"}};
  g_autoptr(GsSweep) sweep = gs_made_sweep(sizes, 2, 2);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, nothing_first);
  GsGrowth found[2];
  cr_assert_eq(growths_of(findings, found), 1);
  cr_expect_eq(found[0].n, 2);
  cr_expect_float_eq(found[0].exponent, 1, 1e-12);
}

/** Rings as their nodes, stars as the square of them. */
static double once_and_twice(uint32_t cell, uint32_t r) {
  static const double times[] = {5, 10, 20, 25, 100, 400};
  return times[cell] + 0 * r;
}

Test(outcomes, a_growth_is_among_cells_that_differ_in_size_alone) {
  static const char *const sizes[][2] = {{"topology", "ring,star"}, {"nodes", "5,10,20"}};
  g_autoptr(GsSweep) sweep = gs_made_sweep(sizes, 2, 2);
  g_autoptr(GsFindings) findings = gs_made_findings(sweep, once_and_twice);
  GsGrowth found[2];
  cr_assert_eq(growths_of(findings, found), 2);
  for (guint i = 0; i < 2; i++) {
    cr_expect_eq(found[i].n, 3);
    cr_expect_float_eq(found[i].exponent, i + 1, 1e-12);
  }
}

Test(outcomes, of_shares_of_time_in_sync_more_is_better) {
  GsOutcome often = {0}, seldom = {0};
  for (int metric = 0; metric < GS_METRICS; metric++) {
    often.counted[metric] = seldom.counted[metric] = 1;
    gs_exact_add(&often.means[metric], 0.75, gs_metrics[metric].ticks * 100);
    gs_exact_add(&seldom.means[metric], 0.5, gs_metrics[metric].ticks * 100);
    cr_expect_eq(gs_outcome_compare(&often, &seldom, (GsMetric)metric),
                 metric == GS_METRIC_IN_SYNC_SHARE ? -1 : 1, "%s", gs_metrics[metric].key);
  }
}

Test(outcomes, means_of_energies_without_bound_are_compared_too) {
  GsExactMean large = {0}, larger = {0};
  for (uint32_t i = 0; i < 1000; i++) {
    gs_exact_add(&large, 0x1p70, 1e12);
    gs_exact_add(&larger, 0x1.8p70, 1e12);
  }
  large.count = larger.count = UINT32_MAX;
  cr_expect_eq(gs_exact_compare(&large, &larger), -1);
  cr_expect_eq(gs_exact_compare(&larger, &large), 1);
  cr_expect_eq(gs_exact_compare(&large, &large), 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/study/quantity_text.h"
#include "sim/study/study_report.h"
#include "tests/sim/study/made_findings.h"

#define NONE GS_MADE_NONE
#define sweep_over gs_made_sweep
#define findings_of gs_made_findings

/* ---- Means that are equal ---- */

/** Three cells with a mean of 10.2 ms that floating point adds up differently, and a slower one. */
static double near(uint32_t cell, uint32_t r) {
  static const double around[] = {-0.3, 0.7, -0.4};
  return cell == 0   ? 10.2
         : cell == 1 ? 10.2 + around[r % 3]
         : cell == 2 ? 10.2 - around[r % 3]
                     : 11;
}

Test(findings, equal_means_are_all_the_best_however_they_add_up) {
  static const char *const axes[][2] = {{"topology", "ring,star,line,tree"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 21);
  g_autoptr(GsFindings) findings = findings_of(sweep, near);
  for (uint32_t cell = 0; cell < 4; cell++)
    cr_expect_eq(gs_made_outcome(findings, cell)->best, cell < 3, "cell %u", cell);
  cr_expect_eq(gs_made_outcome(findings, 1)->metrics[GS_METRIC_CONVERGENCE].mean, 0.0102);
  cr_expect_eq(gs_outcome_compare(gs_made_outcome(findings, 0), gs_made_outcome(findings, 2),
                                  GS_METRIC_CONVERGENCE),
               0);
  const GsCorrelation *links = &g_array_index(findings->correlations, GsCorrelation, GS_FACT_LINKS);
  /* Facts 1 2 3 4, times in ranks 2 2 2 4: deviations −1.5 −0.5 0.5 1.5 and −0.5 −0.5 −0.5 1.5. */
  cr_expect_float_eq(links->rho, 3 / sqrt(5 * 3), 1e-12);
}

Test(findings, sums_of_whole_numbers_are_compared_without_rounding) {
  GsExactMean a = {0}, b = {0}, c = {0};
  for (uint32_t i = 0; i < 1000000; i++)
    gs_exact_add(&a, 0.1, 1e9);
  gs_exact_add(&b, 0.1, 1e9);
  cr_expect_eq(gs_exact_compare(&a, &b), 0);
  cr_expect_eq(gs_exact_value(&a, 1e9), 0.1);
  for (uint32_t i = 0; i < 999999; i++)
    gs_exact_add(&c, 0.1, 1e9);
  gs_exact_add(&c, 0.100000001, 1e9);
  cr_expect_eq(gs_exact_compare(&a, &c), -1, "one nanosecond in a million runs");
  cr_expect_eq(gs_exact_compare(&c, &b), 1);
  GsExactMean large = {.sum = (__int128)1 << 90, .count = UINT32_MAX}, more = large;
  more.sum++;
  cr_expect_eq(gs_exact_compare(&large, &more), -1);
  cr_expect(isnan(gs_exact_value(&(GsExactMean){0}, 1)));
  GsExactMean rounded = {0};
  gs_exact_add(&rounded, 0.29, 100); /* 28.999999999999996 in floating point */
  cr_expect(rounded.sum == 29);
}

Test(findings, files_have_no_digits_of_rounding) {
  cr_expect_eq(gs_quantity_digits(0.010199999999999999, "s"), 0.0102);
  cr_expect_eq(gs_quantity_digits(0.014000000000000002, "s"), 0.014);
  cr_expect_eq(gs_quantity_digits(123456.123456789, "s"), 123456.123456789, "all nanoseconds stay");
  cr_expect_eq(gs_quantity_digits(1234567890123456, ""), 1234567890123456, "whole numbers stay");
  cr_expect_eq(gs_quantity_digits(1 / 3.0, ""), 0.333333333333);
  cr_expect(isnan(gs_quantity_digits(NONE, "s")));
  static const char *const axes[][2] = {{"topology", "ring,star,line,tree"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 21);
  g_autoptr(GsFindings) findings = findings_of(sweep, near);
  g_autoptr(GString) csv = g_string_new(NULL);
  gs_study_cells_csv(findings, csv);
  cr_expect_not(strstr(csv->str, "99999") || strstr(csv->str, "00000"), "%s", csv->str);
}

Test(findings, text_that_a_spreadsheet_would_take_for_a_formula_stands_behind_an_apostrophe) {
  static const char *const shown[][2] = {{"=1+1", "\"'=1+1\""}, {"+x", "\"'+x\""},
                                         {"-y", "\"'-y\""},     {"@z", "\"'@z\""},
                                         {"\tt", "\"'\tt\""},   {"\rr", "\"'\rr\""},
                                         {"'a", "\"''a\""},     {"=\"b\"", "\"'=\"\"b\"\"\""},
                                         {"-1ms", "\"'-1ms\""}, {"-1", "-1"},
                                         {"+2.5e3", "+2.5e3"},  {"plain=1", "plain=1"}};
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  cr_assert(gs_axis_add(gs_sweep_axis(sweep, "topology"), "ring", "ring", NULL) &&
            gs_axis_add(gs_sweep_axis(sweep, "nodes"), "8", "8", NULL));
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    g_autofree char *value = g_strdup_printf("n%u", i);
    cr_assert(gs_axis_add(gs_sweep_axis(sweep, "name"), shown[i][0], value, NULL));
  }
  sweep->repeat = 21;
  cr_assert(gs_sweep_finish(sweep, NULL));
  g_autoptr(GsFindings) findings = findings_of(sweep, near);
  g_autoptr(GString) cells = g_string_new(NULL), effects = g_string_new(NULL);
  gs_study_cells_csv(findings, cells);
  gs_study_effects_csv(findings, effects);
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    g_autofree char *row = g_strdup_printf("\nring,8,%s,21,0,", shown[i][1]);
    cr_expect(strstr(cells->str, row), "%s", row);
    g_autofree char *effect = g_strdup_printf(",%s,\"'=1+1\",", shown[i][1]);
    cr_expect(i == 0 || strstr(effects->str, effect), "%s", effect);
  }
}

/* ---- Runs that end out of sync ---- */

static double every_third_never(uint32_t cell, uint32_t r) {
  return cell == 0 && r % 3 == 0 ? NONE : 5;
}

Test(findings, runs_that_end_out_of_sync_are_counted_beside_the_mean) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 12);
  g_autoptr(GsFindings) findings = findings_of(sweep, every_third_never);
  cr_expect_eq(gs_outcome_without_convergence(gs_made_outcome(findings, 0)), 4);
  cr_expect_eq(gs_made_outcome(findings, 0)->metrics[GS_METRIC_CONVERGENCE].n, 8);
  g_autoptr(GString) table = g_string_new(NULL), csv = g_string_new(NULL);
  gs_study_table(findings, &(GsStudyAbout){"x", "y", NULL}, (GsStyle){.color = false}, table);
  cr_expect(strstr(table->str, "8 in sync of 12"), "%s", table->str);
  cr_expect(strstr(table->str, "5 ms of 8 runs"), "%s", table->str);
  gs_study_cells_csv(findings, csv);
  cr_expect(strstr(csv->str, "\nring,8,12,0,yes,1,8,4,no,,0.005,"), "%s", csv->str);
}

/* ---- Effects ---- */

static const char *const jittered[][2] = {
    {"topology", "ring,star"}, {"nodes", "8"}, {"network.jitter", "0,10ms"}};

/** Chance of the seed that all cells share, 2 ms at most; star 4 ms faster, jitter 3 ms slower. */
static double shared_chance(uint32_t cell, uint32_t r) {
  return 20 + (double)(r * 7 % 11) / 5 - (cell / 2 == 1 ? 4 : 0) + (cell % 2 == 1 ? 3 : 0);
}

Test(findings, pairs_of_the_same_seed_take_what_chance_does_to_both_out_of_a_difference) {
  g_autoptr(GsSweep) sweep = sweep_over(jittered, 3, 11);
  g_autoptr(GsFindings) findings = findings_of(sweep, shared_chance);
  const GsEffect *jitter = gs_made_effect(findings, 2, GS_ALL_CELLS);
  cr_expect_eq(jitter->settings, 2);
  cr_expect_eq(jitter->pairs, 11);
  const double exact[] = {jitter->difference, jitter->low, jitter->high};
  for (guint i = 0; i < 3; i++)
    cr_expect_float_eq(exact[i], 0.003, 1e-15,
                       "all pairs differ by 3 ms, so the interval has no "
                       "width");
  cr_expect_float_eq(gs_made_effect(findings, 0, GS_ALL_CELLS)->difference, -0.004, 1e-15);
  cr_expect_float_eq(gs_made_effect(findings, 2, 3)->difference, 0.003, 1e-15,
                     "in the setting star");
  cr_expect(gs_made_effect(findings, 2, 3)->ratio > gs_made_effect(findings, 2, 1)->ratio);
  const GsEffect *nodes = NULL;
  for (guint i = 0; i < findings->effects->len; i++)
    if (g_array_index(findings->effects, GsEffect, i).axis == 1)
      nodes = &g_array_index(findings->effects, GsEffect, i);
  cr_expect_null(nodes, "an axis of one value has no effect");
}

/** Differences of 2 and 4 ms in turn: mean 3, standard deviation √(10/9) over ten. */
static double two_or_four(uint32_t cell, uint32_t r) {
  return 10 + (cell == 1 ? (r % 2 ? 4 : 2) : 0);
}

Test(findings, an_effect_has_the_interval_of_its_differences) {
  static const char *const axes[][2] = {
      {"topology", "ring"}, {"nodes", "8"}, {"network.latency", "1ms,2ms"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 3, 10);
  g_autoptr(GsFindings) findings = findings_of(sweep, two_or_four);
  const GsEffect *at = gs_made_effect(findings, 2, GS_ALL_CELLS);
  /* t(0.975; 9) = 2.2621571628540993. */
  double half = 2.2621571628540993 * sqrt(10 / 9.0) / sqrt(10);
  cr_expect_float_eq(at->difference, 0.003, 1e-12);
  cr_expect_float_eq(at->low, (3 - half) / 1e3, 1e-12);
  cr_expect_float_eq(at->high, (3 + half) / 1e3, 1e-12);
  cr_expect_float_eq(at->ratio, sqrt(1.2 * 1.4), 1e-12);
  cr_expect(gs_made_said(
      findings, "network.latency 1ms, 10 ms on average. Last: network.latency 2ms, 13 ms"));
}

Test(findings, pairs_of_which_a_run_ended_out_of_sync_are_counted_apart) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 12);
  g_autoptr(GsFindings) findings = findings_of(sweep, every_third_never);
  cr_expect_eq(gs_made_effect(findings, 0, GS_ALL_CELLS)->pairs, 8);
  cr_expect_eq(gs_made_effect(findings, 0, GS_ALL_CELLS)->pairs_there, 12);
}

/* ---- Sentences ---- */

static double always_five(uint32_t cell, uint32_t r) {
  return 5 + 0 * cell + 0 * r;
}

/** Without jitter ring is first, with jitter star. */
static double turned(uint32_t cell, uint32_t r) {
  static const double means[] = {6, 60, 9, 50};
  return means[cell] + (r % 2 ? 1 : -1);
}

Test(findings, first_and_last_are_told_for_each_setting_of_other_axes) {
  g_autoptr(GsSweep) sweep = sweep_over(jittered, 3, 10);
  g_autoptr(GsFindings) findings = findings_of(sweep, turned);
  cr_expect(gs_made_said(findings,
                         "First in sync at nodes 8, network.jitter 0: ring, 6 ms on average. "
                         "Last: star, 9 ms, 1.5 times as much."));
  cr_expect(gs_made_said(findings,
                         "First in sync at nodes 8, network.jitter 10ms: star, 50 ms on average. "
                         "Last: ring, 60 ms, 1.2 times as much."));
  cr_expect(gs_made_said(findings,
                         "network.jitter 10ms against 0, as a mean over 2 settings of the other "
                         "axes (10 pairs of runs with the same seed): 47.5 ms later in sync, "));
  cr_expect(gs_made_said(findings, "All 40 runs ended with every node in sync."));
}

/** What the sentences say when the cells are as they are made here. */
static void expect_said_of(GsKnown first, GsKnown second, bool lower_only, const char *what) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 1);
  g_autoptr(GsFindings) findings = findings_of(sweep, always_five);
  const GsKnown known[] = {first, second};
  for (guint cell = 0; cell < 2; cell++) {
    GsOutcome *made = findings->outcomes->pdata[cell];
    made->messages_equal = made->within = known[cell];
    made->lower_only = lower_only;
  }
  g_ptr_array_set_size(findings->sentences, 0);
  gs_findings_say(findings);
  cr_expect(gs_made_said(findings, what), "%s", what);
}

Test(findings, closed_forms_and_bounds_are_told_right_of_no_one_two_and_more_cells) {
  static const struct {
    GsKnown first, second;
    const char *exact, *within, *lower;
  } cases[] = {
      {GS_YES, GS_YES,
       "Every run had exactly the messages of the closed form in both cells that have one.",
       "Every run converged within the bounds of theory in both cells that have two.",
       "Every run converged no earlier than the lower bound of theory in both cells that have no "
       "upper one:"},
      {GS_YES, GS_NO,
       "Every run had exactly the messages of the closed form in 1 of 2 cells that have one.",
       "Every run converged within the bounds of theory in 1 of 2 cells that have two.",
       "Every run converged no earlier than the lower bound of theory in 1 of 2 cells that have no "
       "upper one:"},
      {GS_NO, GS_NO,
       "Every run had exactly the messages of the closed form in none of 2 cells that have one.",
       "Every run converged within the bounds of theory in none of 2 cells that have two.",
       "Every run converged no earlier than the lower bound of theory in none of 2 cells that have "
       "no upper "
       "one:"},
      {GS_UNKNOWN, GS_YES,
       "Every run had exactly the messages of the closed form in the only cell that has one.",
       "Every run converged within the bounds of theory in the only cell that has two.",
       "Every run converged no earlier than the lower bound of theory in the only cell that has no "
       "upper one:"},
      {GS_NO, GS_UNKNOWN,
       "Not every run had exactly the messages of the closed form in the only cell that has one.",
       "Not every run converged within the bounds of theory in the only cell that has two.",
       "Not every run converged no earlier than the lower bound of theory in the only cell that "
       "has no upper "
       "one:"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    expect_said_of(cases[i].first, cases[i].second, false, cases[i].exact);
    expect_said_of(cases[i].first, cases[i].second, false, cases[i].within);
    expect_said_of(cases[i].first, cases[i].second, true, cases[i].lower);
  }
}

static void expect_exponents(double first, double second, bool second_known, const char *what) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8,9"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 1);
  g_autoptr(GsFindings) findings = findings_of(sweep, always_five);
  const double exponents[] = {first, second};
  g_array_set_size(findings->growths, 0);
  for (guint i = 0; i < 2; i++) {
    GsGrowthFinding growth = {.label = g_strdup(i ? "star" : "ring"),
                              .metric = GS_METRIC_MESSAGES,
                              .has_theory = i == 0 || second_known};
    growth.growth.exponent = exponents[i];
    growth.theory.exponent = 2;
    g_array_append_val(findings->growths, growth);
  }
  g_ptr_array_set_size(findings->sentences, 0);
  gs_findings_say(findings);
  cr_expect(gs_made_said(findings, what), "%s", what);
}

Test(findings, exponents_are_told_right_of_one_and_more) {
  expect_exponents(2, 2, true, "2 of 2 such exponents equal the one of the closed form");
  expect_exponents(2, 3, true, "1 of 2 such exponents equals the one of the closed form");
  expect_exponents(2, 3, false,
                   "The only such exponent that can be compared equals the one of the closed form");
  expect_exponents(
      1, 3, false,
      "The only such exponent that can be compared differs from the one of the closed form");
}

/** Of the first so many repetitions the second cell ends out of sync. */
static double once_never(uint32_t cell, uint32_t r) {
  return cell == 1 && r == 0 ? NONE : 5 + cell;
}

static double twice_never(uint32_t cell, uint32_t r) {
  return cell == 1 && r < 2 ? NONE : 5 + cell;
}

Test(findings, pairs_that_are_left_out_are_told_right_of_one_and_more) {
  g_autoptr(GsSweep) sweep = sweep_over(jittered, 3, 3);
  g_autoptr(GsFindings) once = findings_of(sweep, once_never);
  g_autoptr(GsFindings) twice = findings_of(sweep, twice_never);
  cr_expect(gs_made_said(once, "; of the other one ended out of sync or has no time)"));
  cr_expect(gs_made_said(twice, "; of each other one ended out of sync or has no time)"));
}

static double by_cell(uint32_t cell, uint32_t r) {
  return 10 + (cell < 6 ? 0 : cell == 11 ? -1 : 1) + r / 100.0;
}

Test(findings, first_and_last_of_many_settings_are_counted) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8,9,10,11,12,13"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 3);
  g_autoptr(GsFindings) findings = findings_of(sweep, by_cell);
  cr_expect(gs_made_said(findings,
                         "First in sync, over 6 settings of the other axes: ring in 5, star in 1. "
                         "Last: star in 5, ring in 1."));
  cr_expect(gs_made_said(findings,
                         "Over all cells the mean convergence time goes from 9.01 ms (star 13) to "
                         "11.01 ms (star 8, star 9 and 3 more)."));
}

/** Slower with each size, but faster with jitter: pooled there would be no order. */
static double falls_with_jitter(uint32_t cell, uint32_t r) {
  return (cell % 2 ? 1 : 100) + cell + r / 100.0;
}

Test(findings, correlations_are_within_settings_of_axes_that_make_no_graphs) {
  static const char *const axes[][2] = {
      {"topology", "ring"}, {"nodes", "8,9,10,11,12"}, {"network.jitter", "0,10ms"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 3, 3);
  g_autoptr(GsFindings) findings = findings_of(sweep, falls_with_jitter);
  cr_expect_eq(findings->settings, 2);
  cr_expect_eq(findings->correlations->len, 2 * GS_FACTS);
  for (guint i = 0; i < 2; i++) {
    const GsCorrelation *found =
        &g_array_index(findings->correlations, GsCorrelation, i * GS_FACTS + GS_FACT_LINKS);
    cr_expect_eq(found->cells, 5);
    cr_expect_float_eq(found->rho, 1, 1e-12);
    cr_expect_str_eq(found->setting, i ? "network.jitter 10ms" : "network.jitter 0");
  }
  cr_expect(gs_made_said(findings, "(rank correlation 1.00 over 5 cells in each of 2 settings)"));
}

/** 1 in the first cell and more in the others. */
static double rises(uint32_t cell, uint32_t r) {
  return 5 + cell + 0 * r;
}

Test(findings, all_facts_and_exponents_that_are_alike_are_named) {
  static const char *const axes[][2] = {{"topology", "ring"}, {"nodes", "8,9,10,11,12"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 1);
  g_autoptr(GsFindings) findings = findings_of(sweep, rises);
  for (guint i = 0; i < findings->correlations->len; i++) {
    GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    found->known = found->fact == GS_FACT_LINKS || found->fact == GS_FACT_DIAMETER ||
                   found->fact == GS_FACT_CLUSTERING;
    found->rho = found->fact == GS_FACT_LINKS ? 0.5 : 1 - 1e-15 * i;
  }
  g_ptr_array_set_size(findings->sentences, 0);
  gs_findings_say(findings);
  cr_expect(gs_made_said(findings,
                         "goes most with the diameter and the clustering (rank correlation 1.00 "
                         "over 5 cells)."));
  for (guint i = 0; i < findings->correlations->len; i++) {
    GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    found->rho = found->fact == GS_FACT_CLUSTERING ? -1 : found->rho;
  }
  gs_findings_say(findings);
  cr_expect(gs_made_said(findings,
                         "goes most with the diameter (rank correlation 1.00 over 5 cells) and "
                         "the clustering (rank correlation -1.00 over 5 cells)."));
  expect_exponents(2, 2 + 1e-14, true, "to the power of 2.00.");
  expect_exponents(2, 3, true, "to the power of 2.00 (ring) to 3.00 (star).");
}

Test(findings, one_run_of_one_cell_is_told_in_the_singular) {
  static const char *const axes[][2] = {{"topology", "ring"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 1);
  g_autoptr(GsFindings) findings = findings_of(sweep, always_five);
  cr_expect(gs_made_said(findings, "The only run ended with every node in sync."));
  for (guint i = 0; i < findings->sentences->len; i++)
    cr_expect_not(strstr(findings->sentences->pdata[i], "1 cells") ||
                  strstr(findings->sentences->pdata[i], "First in sync"));
}

Test(findings, seeds_that_have_no_effect_are_told_of_all_and_of_some_cells) {
  static const char *const axes[][2] = {
      {"topology", "ring,star"}, {"nodes", "8"}, {"seed", "1,2,3"}};
  for (uint32_t undrawn = 0; undrawn <= 6; undrawn += 3) {
    g_autoptr(GsSweep) sweep = sweep_over(axes, 3, 1);
    g_autoptr(GsFindings) findings =
        gs_made_findings_of(sweep, always_five, &(GsMadeRuns){.undrawn = undrawn});
    static const char *const told[] = {
        NULL, "The axis seed has no effect there: all 3 of its values give the same figures.",
        "The axis seed has no effect: all 3 of its values give the same figures."};
    if (undrawn > 0)
      cr_expect(gs_made_said(findings, told[undrawn / 3]));
    for (guint i = 0; undrawn == 0 && i < findings->sentences->len; i++)
      cr_expect_not(strstr(findings->sentences->pdata[i], "no effect"));
  }
  static const char *const one[][2] = {{"topology", "ring"}, {"nodes", "8"}, {"seed", "4"}};
  g_autoptr(GsSweep) sweep = sweep_over(one, 3, 1);
  g_autoptr(GsFindings) findings =
      gs_made_findings_of(sweep, always_five, &(GsMadeRuns){.undrawn = 1});
  for (guint i = 0; i < findings->sentences->len; i++)
    cr_expect_not(strstr(findings->sentences->pdata[i], "no effect"));
}

/** By hand: what cells of one setting have of seeds beyond those that differ. */
Test(findings, seeds_that_cells_share_are_told) {
  static const struct {
    const char *topologies, *seeds, *told;
    uint32_t repeat;
  } cases[] = {{"ring", "1,2,9", ": 3 of 12 runs have the seed of a run in another cell,", 4},
               {"ring", "9,1,2", ": 3 of 12 runs have the seed of a run in another cell,", 4},
               {"ring,star", "1,2,9", ": 6 of 24 runs have ", 4},
               {"ring", "1,2,3", ": 6 of 12 runs have ", 4},
               {"ring", "5,4", ": 1 of 4 runs has the seed of a run in another cell,", 2},
               {"ring", "1,5,9", NULL, 4},
               {"ring,star", "1", NULL, 4},
               {"ring", "1,2", NULL, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const axes[][2] = {
        {"topology", cases[i].topologies}, {"nodes", "8"}, {"seed", cases[i].seeds}};
    g_autoptr(GsSweep) sweep = sweep_over(axes, 3, cases[i].repeat);
    g_autoptr(GsFindings) findings = findings_of(sweep, always_five);
    const char *said = NULL;
    for (guint s = 0; s < findings->sentences->len; s++)
      if (strstr(findings->sentences->pdata[s], "closer together"))
        said = findings->sentences->pdata[s];
    cr_expect_eq(said != NULL, cases[i].told != NULL, "case %u", i);
    cr_expect(!said || strstr(said, cases[i].told), "case %u: %s", i, said);
  }
}

static double first_not_made(uint32_t cell, uint32_t r) {
  return r == 0 ? (double)INFINITY : 5 + cell;
}

Test(findings, runs_that_could_not_be_made_beside_others_are_told) {
  static const char *const axes[][2] = {{"topology", "ring"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 3);
  g_autoptr(GsFindings) findings = findings_of(sweep, first_not_made);
  cr_expect(gs_made_said(findings,
                         "1 of 3 runs could not be made in cells that have others, and is in "
                         "no figure."));
  cr_expect_null(gs_made_outcome(findings, 0)->problem);
}

Test(findings, hops_that_are_not_all_counted_are_told) {
  static const char *const axes[][2] = {{"topology", "ring"}, {"nodes", "8,9"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 3);
  GsMadeRuns runs = {.hops = GS_HOPS_MAX - 1};
  g_autoptr(GsFindings) all = gs_made_findings_of(sweep, always_five, &runs);
  for (guint i = 0; i < all->sentences->len; i++)
    cr_expect_null(strstr(all->sentences->pdata[i], "Hops are counted"));
  runs.hops++;
  g_autoptr(GsFindings) least = gs_made_findings_of(sweep, always_five, &runs);
  cr_expect(gs_made_said(least,
                         "Hops are counted up to 262143: in 2 cells some run reached that, so "
                         "that there they are at least what is told."));
}

Test(findings, a_graph_in_islands_has_the_diameter_of_the_largest) {
  static const char *const axes[][2] = {{"topology", "ring"}, {"nodes", "8,9"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 1);
  g_autoptr(GsFindings) findings = findings_of(sweep, always_five);
  cr_expect_str_eq(gs_findings_fact(findings, GS_FACT_DIAMETER), "diameter");
  ((GsOutcome *)findings->outcomes->pdata[1])->facts[GS_FACT_COMPONENTS] = 1.5;
  cr_expect_str_eq(gs_findings_fact(findings, GS_FACT_DIAMETER), "diameter of the largest island");
  cr_expect_str_eq(gs_findings_fact(findings, GS_FACT_LINKS), "links");
}

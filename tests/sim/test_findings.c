/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sim/study/outcome.h"
#include "sim/study/quantity_text.h"
#include "sim/study/study_report.h"

/** What is found in runs that are made up, so that what must come out is known. */

#define NONE ((double)NAN)

/** The convergence time in ms of a run; NONE: it ends out of sync. */
typedef double (*Made)(uint32_t cell, uint32_t repetition);

static GsSweep *sweep_over(const char *const axes[][2], guint count, uint32_t repeat) {
  GsSweep *sweep = gs_sweep_new();
  for (guint a = 0; a < count; a++) {
    g_auto(GStrv) values = g_strsplit(axes[a][1], ",", -1);
    for (char **value = values; *value; value++)
      cr_assert(gs_axis_add(gs_sweep_axis(sweep, axes[a][0]), *value, *value, NULL));
  }
  sweep->repeat = repeat;
  cr_assert(gs_sweep_finish(sweep, NULL));
  return sweep;
}

static void add_sample(GsStore *store, const GsSweep *sweep, uint32_t cell, uint32_t repetition,
                       double after_ms) {
  GsSample sample = {.repetition = repetition,
                     .seed = gs_sweep_seed(sweep, cell, repetition),
                     .converged = isfinite(after_ms)};
  for (int i = 0; i < GS_METRICS; i++)
    sample.metrics[i] = 100 + i;
  for (int i = 0; i < GS_FACTS; i++)
    sample.facts[i] = 1 + cell;
  sample.facts[GS_FACT_COMPONENTS] = 1;
  sample.metrics[GS_METRIC_CONVERGENCE] = round(after_ms * 1e6) / 1e9;
  sample.messages = sample.hops_low = sample.hops_high = sample.low_s = sample.high_s = NONE;
  g_autoptr(GString) line = g_string_new(NULL);
  gs_sample_write(&sample, line);
  cr_assert(gs_store_append(store, cell, line, NULL));
}

static void remove_all(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    if (g_unlink(inside) != 0)
      remove_all(inside);
  }
  g_rmdir(path);
}

static GsFindings *findings_of(const GsSweep *sweep, Made made) {
  g_autofree char *directory = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autoptr(GsStore) store = gs_store_open(directory, sweep, NULL);
  cr_assert(store);
  g_autoptr(GsStudyRuns) runs = gs_study_plan(sweep, NULL);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    for (uint32_t r = 0; r < sweep->repeat; r++)
      add_sample(store, sweep, cell, r, made(cell, r));
    runs->cells[cell].runs = sweep->repeat;
    runs->cells[cell].drawn = true;
  }
  GsFindings *findings = gs_findings_new(sweep, runs, store, GS_METRIC_CONVERGENCE, NULL);
  cr_assert(findings);
  remove_all(directory);
  return findings;
}

static const GsOutcome *outcome(const GsFindings *findings, uint32_t cell) {
  return findings->outcomes->pdata[cell];
}

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
    cr_expect_eq(outcome(findings, cell)->best, cell < 3, "cell %u", cell);
  cr_expect_eq(outcome(findings, 1)->metrics[GS_METRIC_CONVERGENCE].mean, 0.0102);
  cr_expect_eq(
      gs_outcome_compare(outcome(findings, 0), outcome(findings, 2), GS_METRIC_CONVERGENCE), 0);
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

/* ---- Runs that end out of sync ---- */

static double every_third_never(uint32_t cell, uint32_t r) {
  return cell == 0 && r % 3 == 0 ? NONE : 5;
}

Test(findings, runs_that_end_out_of_sync_are_counted_beside_the_mean) {
  static const char *const axes[][2] = {{"topology", "ring,star"}, {"nodes", "8"}};
  g_autoptr(GsSweep) sweep = sweep_over(axes, 2, 12);
  g_autoptr(GsFindings) findings = findings_of(sweep, every_third_never);
  cr_expect_eq(gs_outcome_without_convergence(outcome(findings, 0)), 4);
  cr_expect_eq(outcome(findings, 0)->metrics[GS_METRIC_CONVERGENCE].n, 8);
  g_autoptr(GString) table = g_string_new(NULL), csv = g_string_new(NULL);
  gs_study_table(findings, &(GsStudyAbout){"x", "y"}, (GsStyle){.color = false}, table);
  cr_expect(strstr(table->str, "8 in sync of 12"), "%s", table->str);
  cr_expect(strstr(table->str, "5 ms of 8 runs"), "%s", table->str);
  gs_study_cells_csv(findings, csv);
  cr_expect(strstr(csv->str, "\nring,8,12,0,yes,1,8,4,no,,0.005,"), "%s", csv->str);
}

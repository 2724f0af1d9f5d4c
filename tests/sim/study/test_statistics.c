/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "sim/base/random.h"
#include "sim/study/statistics.h"

#define expect_near(value, known)                                                                  \
  cr_expect_float_eq(value, known, 1e-12 * (1 + fabs((double)(known))), "%.17g, not %.17g", value, \
                     (double)(known))

static GsSummary summary_of(const double *values, uint32_t n) {
  g_autofree double *copy = g_memdup2(values, n * sizeof *values);
  GsSummary summary;
  gs_summary_of(copy, n, &summary);
  return summary;
}

Test(statistics, five_values_are_summed_up_as_by_hand) {
  static const double values[] = {5, 1, 4, 2, 3};
  GsSummary summary = summary_of(values, 5);
  cr_expect_eq(summary.n, 5);
  expect_near(summary.mean, 3);
  expect_near(summary.sd, sqrt(2.5));
  /* t(0.975; 4) = 2.7764451051977934. */
  expect_near(summary.ci_low, 3 - 2.7764451051977934 * sqrt(0.5));
  expect_near(summary.ci_high, 3 + 2.7764451051977934 * sqrt(0.5));
  expect_near(gs_summary_precision(&summary, 2), 2.7764451051977934 * sqrt(0.5) / 3);
  cr_expect_eq(summary.min, 1);
  expect_near(summary.p5, 1.2);
  cr_expect_eq(summary.p25, 2);
  cr_expect_eq(summary.median, 3);
  cr_expect_eq(summary.p75, 4);
  expect_near(summary.p95, 4.8);
  cr_expect_eq(summary.max, 5);
}

Test(statistics, two_values_have_the_widest_interval_that_there_is) {
  static const double values[] = {-1, -3};
  GsSummary summary = summary_of(values, 2);
  /* One degree of freedom is the Cauchy distribution: the quantile is tan(0.475 π). */
  double reach = tan(0.475 * G_PI);
  expect_near(summary.mean, -2);
  expect_near(summary.sd, sqrt(2));
  expect_near(summary.ci_low, -2 - reach);
  expect_near(summary.ci_high, -2 + reach);
  expect_near(gs_summary_precision(&summary, 2), reach / 2);
  expect_near(summary.median, -2);
  expect_near(summary.p5, -2.9);
}

Test(statistics, the_reach_of_intervals_is_the_known_quantile_for_few_and_many_values) {
  /* Two degrees of freedom have a closed form; many are a normal distribution with an expansion in
   * 1/n (Fisher and Cornish), whose next term is below 1e-13 at 10,000 degrees. */
  static const double three[] = {0, 3, 6};
  GsSummary summary = summary_of(three, 3);
  double two_degrees = 0.95 * sqrt(2 / (1 - 0.95 * 0.95));
  expect_near(summary.ci_high, 3 + two_degrees * 3 / sqrt(3));
  const uint32_t n = 10001;
  g_autofree double *values = g_new(double, n);
  for (uint32_t i = 0; i < n; i++)
    values[i] = i;
  gs_summary_of(values, n, &summary);
  double z = 1.959963984540054, v = n - 1;
  double reach = z + (pow(z, 3) + z) / (4 * v) +
                 (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * v * v) +
                 (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / (384 * v * v * v);
  expect_near(summary.sd, sqrt((double)n * (n + 1) / 12));
  expect_near(summary.ci_high - summary.mean, reach * summary.sd / sqrt(n));
}

Test(statistics, one_value_and_equal_values_have_no_spread) {
  static const double values[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
  for (uint32_t n = 1; n <= 7; n++) {
    GsSummary summary = summary_of(values, n);
    const double same[] = {summary.mean, summary.min, summary.p5,  summary.p25,
                           summary.p75,  summary.p95, summary.max, summary.median};
    for (guint i = 0; i < G_N_ELEMENTS(same); i++)
      cr_expect_eq(same[i], 0.1, "n = %u, figure %u", n, i);
    cr_expect(n == 1 ? isnan(summary.sd) && isnan(summary.ci_low) && isnan(summary.ci_high)
                     : summary.sd == 0 && summary.ci_low == 0.1 && summary.ci_high == 0.1);
    cr_expect_eq(gs_summary_precision(&summary, 2), n == 1 ? INFINITY : 0);
  }
}

Test(statistics, a_mean_of_zero_has_a_precision_only_without_spread) {
  static const double spread[] = {-1, 1}, none[] = {0, -0.0};
  GsSummary summary = summary_of(spread, 2);
  cr_expect_eq(gs_summary_precision(&summary, 2), INFINITY);
  summary = summary_of(none, 2);
  cr_expect_eq(gs_summary_precision(&summary, 2), 0);
}

static double unit(uint64_t study, uint64_t count) {
  return gs_random_unit(
      (GsDraw){.seed = 42, .purpose = GS_PURPOSE_JITTER, .who = study, .count = count});
}

Test(statistics, the_order_of_values_changes_no_bit) {
  double first[50], second[50];
  for (uint32_t i = 0; i < 50; i++)
    first[i] = i % 7 == 0 ? (i % 2 ? 0.0 : -0.0) : exp(40 * unit(0, i)) - 5;
  GsSummary expected = summary_of(first, 50);
  for (uint64_t shuffle = 1; shuffle <= 200; shuffle++) {
    memcpy(second, first, sizeof first);
    for (uint32_t i = 49; i > 0; i--) {
      uint32_t other = (uint32_t)(unit(shuffle, i) * (i + 1));
      double moved = second[i];
      second[i] = second[other];
      second[other] = moved;
    }
    GsSummary summary = summary_of(second, 50);
    cr_assert_eq(summary.n, expected.n); /* behind it is padding of any value */
    cr_assert_arr_eq(&summary.mean, &expected.mean, sizeof summary - offsetof(GsSummary, mean));
  }
}

typedef enum { NORMAL, UNIFORM, EXPONENTIAL } Shape;

/** With mean 3. */
static double drawn(Shape shape, uint64_t study, uint64_t i) {
  double u = unit(study, 2 * i);
  switch (shape) {
  case NORMAL:
    return 3 + sqrt(-2 * log(u)) * cos(2 * G_PI * unit(study, 2 * i + 1));
  case UNIFORM:
    return 6 * u;
  case EXPONENTIAL:
  default:
    return -3 * log(u);
  }
}

Test(statistics, the_intervals_of_95_percent_hold_the_true_mean_95_times_of_100) {
  /* Student's t is exact for the normal distribution and good for anything symmetric. A skewed one
   * needs more values: at 20 the intervals of an exponential hold its mean some 92 times of 100. */
  static const uint32_t sizes[] = {[NORMAL] = 20, [UNIFORM] = 20, [EXPONENTIAL] = 100};
  const uint32_t studies = 2000;
  for (Shape shape = NORMAL; shape <= EXPONENTIAL; shape++) {
    uint32_t held = 0;
    for (uint32_t study = 0; study < studies; study++) {
      double values[100];
      for (uint32_t i = 0; i < sizes[shape]; i++)
        values[i] = drawn(shape, (uint64_t)shape << 32 | study, i);
      GsSummary summary;
      gs_summary_of(values, sizes[shape], &summary);
      held += summary.ci_low <= 3 && 3 <= summary.ci_high;
    }
    double part = (double)held / studies;
    cr_expect(part >= 0.93 && part <= 0.97, "shape %d: %g", shape, part);
  }
}

Test(statistics, a_growth_without_noise_is_found_exactly) {
  static const double exponents[] = {-2, 0, 0.5, 1, 2, 3};
  static const double n[] = {16, 4, 8, 256, 1000};
  for (guint e = 0; e < G_N_ELEMENTS(exponents); e++) {
    double y[5];
    for (guint i = 0; i < 5; i++)
      y[i] = 7 * pow(n[i], exponents[e]);
    for (uint32_t count = 2; count <= 5; count++) {
      GsGrowth growth;
      cr_assert(gs_growth_fit(n, y, count, &growth));
      cr_expect_eq(growth.n, count);
      cr_expect_float_eq(growth.exponent, exponents[e], 1e-9);
      cr_expect_float_eq(growth.coefficient, 7, 1e-8);
      cr_expect(count == 2 ? isnan(growth.low) && isnan(growth.high)
                           : growth.low <= growth.exponent && growth.exponent <= growth.high &&
                                 growth.high - growth.low < 1e-6);
    }
  }
}

Test(statistics, a_growth_with_noise_has_the_interval_worked_out_by_hand) {
  /* Logarithms x = 0, 1, 2 and y = 0, 2, 1: slope 1/2, intercept 1/2, residuals −1/2, 1, −1/2;
   * s² = 3/2, its variance s²/2, and t(0.975; 1) = tan(0.475 π). */
  const double n[] = {1, G_E, G_E * G_E}, y[] = {1, G_E * G_E, G_E};
  const double n_turned[] = {n[2], n[0], n[1]}, y_turned[] = {y[2], y[0], y[1]};
  GsGrowth growth, turned;
  cr_assert(gs_growth_fit(n, y, 3, &growth));
  expect_near(growth.exponent, 0.5);
  expect_near(growth.coefficient, exp(0.5));
  expect_near(growth.high, 0.5 + tan(0.475 * G_PI) * sqrt(0.75));
  expect_near(growth.low, 0.5 - tan(0.475 * G_PI) * sqrt(0.75));
  cr_assert(gs_growth_fit(n_turned, y_turned, 3, &turned));
  cr_expect_eq(turned.exponent, growth.exponent);
  cr_expect_eq(turned.high, growth.high);
  cr_expect_eq(turned.coefficient, growth.coefficient);
}

Test(statistics, no_growth_is_made_up_from_too_little) {
  static const double n[] = {4, 4, 8}, y[] = {1, 2, 3}, zero[] = {0, 1, 2};
  static const double negative[] = {1, -1, 2}, not_finite[] = {1, 2, INFINITY};
  GsGrowth growth;
  cr_expect(gs_growth_fit(n, y, 3, &growth));
  cr_expect_not(gs_growth_fit(n, y, 2, &growth), "one n");
  cr_expect_not(gs_growth_fit(n, y, 1, &growth));
  cr_expect_not(gs_growth_fit(n, y, 0, &growth));
  cr_expect_not(gs_growth_fit(n, zero, 3, &growth));
  cr_expect_not(gs_growth_fit(zero, y, 3, &growth));
  cr_expect_not(gs_growth_fit(n, negative, 3, &growth));
  cr_expect_not(gs_growth_fit(n, not_finite, 3, &growth));
}

Test(statistics, ranks_correlate_with_ties_as_by_hand) {
  double rho;
  static const double rising[] = {-5, 0, 1, 100}, falling[] = {9, 4, 1, -1e9};
  cr_assert(gs_rank_correlation(rising, rising, 4, &rho));
  expect_near(rho, 1);
  cr_assert(gs_rank_correlation(rising, falling, 4, &rho));
  expect_near(rho, -1);
  /* Without ties 1 − 6 Σd² / (n (n² − 1)): d = 1, −1, 1, −1. */
  static const double crossed[] = {2, 1, 4, 3};
  cr_assert(gs_rank_correlation(rising, crossed, 4, &rho));
  expect_near(rho, 1 - 6 * 4.0 / 60);
  /* Ranks 1.5 1.5 3 4 and 1 3 3 3: deviations −1 −1 0.5 1.5 and −1.5 0.5 0.5 0.5. */
  static const double ties[] = {7, 7, 8, 9}, others[] = {1, 2, 2, 2};
  cr_assert(gs_rank_correlation(ties, others, 4, &rho));
  expect_near(rho, 2 / sqrt(4.5 * 3));
}

Test(statistics, a_rank_correlation_does_not_depend_on_the_order_of_pairs_or_on_scale) {
  double x[30], y[30], expected, rho;
  for (uint32_t i = 0; i < 30; i++) {
    x[i] = floor(6 * unit(9, i));
    y[i] = floor(4 * unit(10, i)) + x[i];
  }
  cr_assert(gs_rank_correlation(x, y, 30, &expected));
  for (uint32_t start = 1; start < 30; start++) {
    double x2[30], y2[30];
    for (uint32_t i = 0; i < 30; i++) {
      x2[i] = exp(x[(i * 7 + start) % 30]);
      y2[i] = 10 * y[(i * 7 + start) % 30] - 3;
    }
    cr_assert(gs_rank_correlation(x2, y2, 30, &rho));
    cr_expect_eq(rho, expected);
  }
  cr_assert(gs_rank_correlation(y, x, 30, &rho));
  expect_near(rho, expected);
}

Test(statistics, no_rank_correlation_is_made_up_from_too_little) {
  static const double same[] = {1, 1, 1}, other[] = {1, 2, 3};
  double rho;
  cr_expect(gs_rank_correlation(other, other, 3, &rho));
  cr_expect_not(gs_rank_correlation(same, other, 3, &rho));
  cr_expect_not(gs_rank_correlation(other, same, 3, &rho));
  cr_expect_not(gs_rank_correlation(other, other, 2, &rho));
  cr_expect_not(gs_rank_correlation(other, other, 0, &rho));
}

Test(statistics, a_growth_does_not_depend_on_the_order_of_points_of_one_size) {
  double n[20], y[20];
  GsGrowth expected, growth;
  for (uint32_t i = 0; i < 20; i++) {
    n[i] = 2 << i / 7;
    y[i] = 0.1 + unit(11, i);
  }
  cr_assert(gs_growth_fit(n, y, 20, &expected));
  for (uint32_t start = 1; start < 20; start++) {
    double n2[20], y2[20];
    for (uint32_t i = 0; i < 20; i++) {
      n2[i] = n[(i * 7 + start) % 20];
      y2[i] = y[(i * 7 + start) % 20];
    }
    cr_assert(gs_growth_fit(n2, y2, 20, &growth));
    cr_assert(growth.exponent == expected.exponent && growth.low == expected.low &&
              growth.high == expected.high && growth.coefficient == expected.coefficient);
  }
}

Test(statistics, values_that_differ_by_rounding_alone_are_of_one_level) {
  static const double values[] = {0.1 + 0.2, 5, 0.3, -2, 0.3 + 1e-9, 5 * (1 - 1e-15)};
  static const double known[] = {1, 3, 1, 0, 2, 3};
  double levels[6];
  gs_levels(values, 6, levels);
  for (guint i = 0; i < 6; i++)
    cr_expect_eq(levels[i], known[i], "%u: %g", i, levels[i]);
}

Test(statistics, an_interval_moves_with_its_mean) {
  GsSummary summary = {.n = 9, .mean = 10, .ci_low = 9, .ci_high = 11.5};
  gs_summary_center(&summary, 12);
  cr_expect(summary.mean == 12 && summary.ci_low == 11 && summary.ci_high == 13.5);
}

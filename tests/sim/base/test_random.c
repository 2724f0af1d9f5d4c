/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "sim/base/distribution.h"
#include "sim/base/random.h"

static GsDraw draw(uint64_t count) {
  return (GsDraw){.seed = 1, .purpose = GS_PURPOSE_JITTER, .who = 5, .count = count};
}

Test(random, the_block_of_zeros_is_the_published_answer) {
  const uint32_t known[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  uint32_t words[4];
  gs_random_block((GsDraw){.seed = 0}, words);
  cr_expect_arr_eq(words, known, sizeof known);
  cr_expect_eq(gs_random_u64((GsDraw){.seed = 0}), UINT64_C(0xe169c58d6627e8d5));
}

Test(random, the_block_of_the_digits_of_pi_is_the_published_answer) {
  const uint32_t known[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
  GsDraw at = {.seed = UINT64_C(0x299f31d0a4093822),
               .purpose = (GsPurpose)0x85,
               .who = UINT64_C(0x0370734413198a2e),
               .count = UINT64_C(0xa308d3243f6a88)};
  uint32_t words[4];
  gs_random_block(at, words);
  cr_expect_arr_eq(words, known, sizeof known);
}

Test(random, the_same_draw_is_the_same_and_every_coordinate_changes_it) {
  GsDraw at = {.seed = 7, .purpose = GS_PURPOSE_LATENCY, .who = 3, .count = 9};
  uint64_t value = gs_random_u64(at);
  cr_expect_eq(gs_random_u64(at), value);
  for (int bit = 0; bit < 64; bit++) {
    GsDraw seed = at, who = at, count = at;
    seed.seed ^= (uint64_t)1 << bit;
    who.who ^= (uint64_t)1 << bit;
    count.count ^= (uint64_t)1 << bit % 56;
    cr_expect_neq(gs_random_u64(seed), value);
    cr_expect_neq(gs_random_u64(who), value);
    cr_expect_neq(gs_random_u64(count), value);
  }
  for (int purpose = GS_PURPOSE_JITTER; purpose <= GS_PURPOSE_NODE_CHOICE; purpose++) {
    GsDraw other = at;
    other.purpose = (GsPurpose)purpose;
    cr_expect_neq(gs_random_u64(other), value);
  }
}

Test(random, a_unit_is_between_0_and_1_and_evenly_so) {
  double sum = 0, squares = 0;
  const int draws = 100000;
  for (int i = 0; i < draws; i++) {
    double unit = gs_random_unit(draw((uint64_t)i));
    cr_assert(unit > 0 && unit < 1);
    sum += unit;
    squares += unit * unit;
  }
  cr_expect_float_eq(sum / draws, 0.5, 0.005);
  cr_expect_float_eq(squares / draws, 1.0 / 3, 0.005);
}

Test(random, a_bounded_number_is_below_its_bound_and_evenly_so) {
  int counts[7] = {0};
  for (uint64_t i = 0; i < 70000; i++) {
    uint64_t number = gs_random_below(draw(i), 7);
    cr_assert(number < 7);
    counts[number]++;
  }
  /* 95 is the standard deviation of each. */
  for (int i = 0; i < 7; i++)
    cr_expect(abs(counts[i] - 10000) < 500, "%d: %d", i, counts[i]);
  cr_expect_eq(gs_random_below(draw(0), 1), 0);
}

Test(random, a_bound_that_rejects_much_is_met_all_the_same) {
  /* A third of all bits must be thrown away here; a modulo would favour the lower half. */
  const uint64_t bound = UINT64_C(3) << 62;
  uint64_t low = 0, below = 0;
  for (uint64_t i = 0; i < 30000; i++) {
    uint64_t number = gs_random_below(draw(i), bound);
    below += number < bound;
    low += number < bound / 3;
  }
  cr_expect_eq(below, 30000);
  cr_expect(low > 9500 && low < 10500, "%lu", (unsigned long)low);
}

Test(random, a_bound_that_rejects_much_favours_no_number) {
  /* Of four times as many bits as there are values mod 3, a quarter must be left out. */
  uint64_t counts[3] = {0}, bound = UINT64_C(3) << 62;
  for (uint64_t i = 0; i < 9000; i++)
    counts[gs_random_below(draw(i), bound) % 3]++;
  for (int i = 0; i < 3; i++)
    cr_expect(counts[i] > 2750 && counts[i] < 3250, "%d: %d", i, (int)counts[i]);
}

Test(distribution, a_whole_uniform_draw_includes_both_ends_and_favours_none) {
  GsDistribution uniform = {GS_DISTRIBUTION_UNIFORM, 3, 5};
  int counts[3] = {0};
  for (uint64_t i = 0; i < 30000; i++) {
    int64_t value = gs_distribution_draw(&uniform, draw(i), 0, 100);
    cr_assert(value >= 3 && value <= 5);
    counts[value - 3]++;
  }
  for (int i = 0; i < 3; i++)
    cr_expect(abs(counts[i] - 10000) < 500, "%d: %d", i + 3, counts[i]);
}

/** Mean and the share below `edge` of many draws. */
static void sample(GsDistribution distribution, double edge, double *mean, double *below) {
  const int draws = 100000;
  *mean = *below = 0;
  for (int i = 0; i < draws; i++) {
    int64_t value = gs_distribution_draw(&distribution, draw((uint64_t)i), -INT64_C(1000000000000),
                                         INT64_C(1000000000000));
    *mean += (double)value / draws;
    *below += ((double)value < edge) / (double)draws;
  }
}

Test(distribution, draws_have_the_means_and_medians_of_their_distribution) {
  double mean, below;
  sample((GsDistribution){GS_DISTRIBUTION_EXPONENTIAL, 1e6, 0}, 1e6, &mean, &below);
  cr_expect_float_eq(mean, 1e6, 1e4);
  cr_expect_float_eq(below, 1 - exp(-1), 0.006);
  sample((GsDistribution){GS_DISTRIBUTION_LOGNORMAL, 1e6, 0.5}, 1e6, &mean, &below);
  cr_expect_float_eq(mean, 1e6 * exp(0.125), 1e4);
  cr_expect_float_eq(below, 0.5, 0.006);
  sample((GsDistribution){GS_DISTRIBUTION_NORMAL, 1e6, 1e5}, 1.1e6, &mean, &below);
  cr_expect_float_eq(mean, 1e6, 1e3);
  cr_expect_float_eq(below, 0.8413, 0.005);
  sample((GsDistribution){GS_DISTRIBUTION_UNIFORM, 0, 1e6}, 1e5, &mean, &below);
  cr_expect_float_eq(mean, 5e5, 5e3);
  cr_expect_float_eq(below, 0.1, 0.005);
}

Test(distribution, draws_are_those_of_the_c_library_to_the_nanosecond) {
  /* Its logarithm is not used, since its last bit differs between machines. */
  GsDistribution exponential = {GS_DISTRIBUTION_EXPONENTIAL, 1e9, 0};
  for (uint64_t i = 0; i < 10000; i++) {
    double expected = -1e9 * log(gs_random_unit(draw(i)));
    int64_t value = gs_distribution_draw(&exponential, draw(i), 0, INT64_MAX);
    cr_assert_float_eq((double)value, expected, 0.5001);
  }
}

Test(distribution, draws_stay_within_their_bounds) {
  GsDistribution wild = {GS_DISTRIBUTION_LOGNORMAL, 1e12, 10};
  for (uint64_t i = 0; i < 1000; i++) {
    int64_t value = gs_distribution_draw(&wild, draw(i), 5, 1000);
    cr_assert(value >= 5 && value <= 1000);
  }
  GsDistribution low = gs_distribution_constant(-4), high = gs_distribution_constant(1e300);
  cr_expect_eq(gs_distribution_draw(&low, draw(0), 0, 10), 0);
  cr_expect_eq(gs_distribution_draw(&high, draw(0), 0, INT64_MAX), INT64_MAX);
  GsDistribution half = gs_distribution_constant(2.5);
  cr_expect_eq(gs_distribution_draw(&half, draw(0), 0, 10), 3);
}

Test(distribution, the_floor_is_never_above_a_draw) {
  const GsDistribution all[] = {
      gs_distribution_constant(7),          {GS_DISTRIBUTION_UNIFORM, 4, 9},
      {GS_DISTRIBUTION_EXPONENTIAL, 50, 0}, {GS_DISTRIBUTION_LOGNORMAL, 50, 1},
      {GS_DISTRIBUTION_NORMAL, 50, 60},
  };
  const int64_t floors[] = {7, 4, 0, 0, 0};
  for (guint k = 0; k < G_N_ELEMENTS(all); k++) {
    cr_expect_eq(gs_distribution_floor(&all[k]), floors[k]);
    for (uint64_t i = 0; i < 1000; i++)
      cr_assert_geq(gs_distribution_draw(&all[k], draw(i), 0, 1000), floors[k]);
  }
}

Test(distribution, the_ceiling_is_never_below_a_draw) {
  static const struct {
    GsDistribution distribution;
    int64_t ceiling;
  } cases[] = {
      {{GS_DISTRIBUTION_CONSTANT, 7.4, 0}, 7},      {{GS_DISTRIBUTION_UNIFORM, 4, 9}, 9},
      {{GS_DISTRIBUTION_EXPONENTIAL, 5, 0}, 185},   {{GS_DISTRIBUTION_EXPONENTIAL, 50, 0}, 1000},
      {{GS_DISTRIBUTION_LOGNORMAL, 50, 0}, 50},     {{GS_DISTRIBUTION_LOGNORMAL, 50, 10}, 1000},
      {{GS_DISTRIBUTION_LOGNORMAL, 2, 0.25}, 40},   {{GS_DISTRIBUTION_NORMAL, 50, 60}, 770},
      {{GS_DISTRIBUTION_LOGNORMAL, 50, 1e9}, 1000}, {{GS_DISTRIBUTION_CONSTANT, 0, 0}, 0},
  };
  for (guint k = 0; k < G_N_ELEMENTS(cases); k++) {
    const GsDistribution *distribution = &cases[k].distribution;
    cr_expect_eq(gs_distribution_ceiling(distribution, 1000), cases[k].ceiling, "%u: %zd", k,
                 (gssize)gs_distribution_ceiling(distribution, 1000));
    for (uint64_t i = 0; i < 1000; i++)
      cr_assert_leq(gs_distribution_draw(distribution, draw(i), 0, 1000), cases[k].ceiling);
  }
}

Test(distribution, some_draws_are_pinned_for_all_machines) {
  const GsDistribution exponential = {GS_DISTRIBUTION_EXPONENTIAL, 1e15, 0};
  const GsDistribution lognormal = {GS_DISTRIBUTION_LOGNORMAL, 1e15, 2};
  const GsDistribution normal = {GS_DISTRIBUTION_NORMAL, 1e15, 1e14};
  const GsDistribution uniform = {GS_DISTRIBUTION_UNIFORM, 0, 1e15};
  const GsDistribution *all[] = {&exponential, &lognormal, &normal, &uniform};
  uint64_t sums[4] = {0};
  for (guint k = 0; k < 4; k++)
    for (uint64_t i = 0; i < 1000; i++)
      sums[k] = sums[k] * 31 + (uint64_t)gs_distribution_draw(all[k], draw(i), 0, INT64_MAX);
  const uint64_t known[4] = {UINT64_C(4311559462521342361), UINT64_C(9436667862177614379),
                             UINT64_C(14903075629560170607), UINT64_C(7720215281118856410)};
  for (guint k = 0; k < 4; k++)
    cr_expect_eq(sums[k], known[k], "%u: %lu", k, (unsigned long)sums[k]);
}

Test(random, several_draws_at_once_are_those_one_by_one) {
  for (uint64_t i = 0; i < 20000; i++) {
    GsDraw at = {.seed = i * UINT64_C(0x9E3779B97F4A7C15),
                 .purpose = GS_PURPOSE_JITTER,
                 .who = i << 31 | i,
                 .count = i % 3 ? i : (UINT64_C(1) << (i % 56)) - (i % 56 > 5 ? i % 5 : 0)};
    double units[GS_DRAWS];
    gs_random_units(&at, units);
    for (int n = 0; n < GS_DRAWS; n++, at.count++)
      cr_assert_eq(units[n], gs_random_unit(at), "draw %d of %d", (int)i, n);
  }
}

static void expect_draws_one_by_one(GsDistribution distribution, uint64_t draws, int64_t low,
                                    int64_t high) {
  for (uint64_t i = 0; i < draws; i++) {
    GsDraw at = draw(i * 3);
    int64_t values[GS_DRAWS];
    gs_distribution_draw_next(&distribution, &at, low, high, values);
    for (int n = 0; n < GS_DRAWS; n++, at.count++)
      cr_assert_eq(values[n], gs_distribution_draw(&distribution, at, low, high), "%d of %g, %d",
                   distribution.kind, distribution.a, (int)at.count);
  }
}

Test(distribution, several_draws_at_once_are_those_one_by_one) {
  for (GsDistributionKind kind = GS_DISTRIBUTION_CONSTANT; kind <= GS_DISTRIBUTION_NORMAL; kind++)
    expect_draws_one_by_one((GsDistribution){kind, 1e6, kind == 1 ? 3e6 : 0.5}, 200, 10, 5000000);
  /* Small means have many draws of 0 and 1, large ones many that end in a half. */
  for (double mean = 0; mean < 0x1p70; mean = mean * 7 + 0.3)
    expect_draws_one_by_one((GsDistribution){GS_DISTRIBUTION_EXPONENTIAL, mean, 0}, 200, 0,
                            INT64_MAX);
  expect_draws_one_by_one((GsDistribution){GS_DISTRIBUTION_EXPONENTIAL, 0x1p45, 0}, 3000, 0,
                          INT64_MAX);
  expect_draws_one_by_one((GsDistribution){GS_DISTRIBUTION_EXPONENTIAL, -100, 0}, 200, -300, 300);
  expect_draws_one_by_one((GsDistribution){GS_DISTRIBUTION_EXPONENTIAL, 100, 0}, 200, -5, 0);
}

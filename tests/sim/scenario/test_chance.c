/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/scenario/chance.h"
#include "sim/study/looks.h"
#include "sim/study/statistics.h"
#include "tests/sim/sim_support.h"

/* What is drawn, what is not, and how sure a study is that stops when it is sure enough. */

#define RING "'topology': {'kind': 'ring', 'nodes': 6}"
#define TOLD "'schedule': [{'at': 1, 'node': 'N2', 'production': 5}]"

static const struct {
  const char *scenario;
  bool draws;
} known[] = {
    {"{" RING ", " TOLD "}", false},
    {"{" RING ", 'network': {'latency': '3ms', 'jitter': 0}, " TOLD "}", false},
    {"{" RING ", 'energy': [{'node': '*', 'production': 3}], " TOLD "}", false},
    {"{" RING ", 'schedule': [{'at': 1, 'every': 1, 'until': 4, 'node': 'N1', 'production':"
     " {'ramp': [0, 9]}}]}",
     false},
    {"{'topology': {'kind': 'lattice', 'rows': 2, 'columns': 3}, " TOLD "}", false},
    {"{" RING ", 'network': {'loss': 0, 'duplicate': 1}, " TOLD "}", false},
    {"{" RING ", 'network': {'loss': '5%'}, " TOLD "}", true},
    {"{" RING ", 'network': {'duplicate': 0.5}, " TOLD "}", true},
    {"{" RING ", 'network': {'jitter': '3ms'}, " TOLD "}", true},
    {"{" RING ", 'network': {'latency': {'uniform': [1, 2]}}, " TOLD "}", true},
    {"{" RING ", 'pace': {'receive': '1ms', 'send': '1ms'}, " TOLD "}", true},
    {"{" RING ", 'energy': [{'node': '*', 'consumption': {'uniform': [0, 9]}}], " TOLD "}", true},
    {"{" RING ", 'schedule': [{'at': 1, 'node': {'random': 1}, 'production': 5}]}", true},
    {"{" RING ", 'schedule': [{'at': 1, 'node': 'N1', 'production': {'uniform': [1, 9]}}]}", true},
    {"{'nodes': [{'id': 1, 'name': 'N1'}, {'id': 2, 'name': 'N2'}], 'links': [{'between': ['N1',"
     " 'N2'], 'jitter': '1ms'}], " TOLD "}",
     true},
    {"{'nodes': [{'id': 1, 'name': 'N1'}, {'id': 2, 'name': 'N2'}], 'schedule': [{'at': 1,"
     " 'add_sibling': ['N1', 'N2'], 'jitter': '1ms'}]}",
     true},
    {"{'topology': {'kind': 'random-regular', 'nodes': 6, 'k': 3}, " TOLD "}", true},
    {"{'topology': {'kind': 'geometric', 'nodes': 6, 'radius': 1}, " TOLD "}", true},
};

Test(chance, what_is_drawn_is_known_and_the_rest_is_the_same_for_every_seed) {
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    int64_t ended[2];
    for (uint64_t seed = 0; seed < 2; seed++) {
      g_autoptr(GString) text = g_string_new(known[i].scenario);
      g_autofree char *member = g_strdup_printf("{'seed': %" G_GUINT64_FORMAT ", ", (guint64)seed);
      g_string_replace(text, "{", member, 1);
      g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text->str);
      cr_expect_eq(gs_scenario_draws(scenario), known[i].draws, "%s", text->str);
      g_autoptr(GsResults) results = gs_test_run(scenario);
      ended[seed] = results->quiescent_at_ns;
    }
    if (!known[i].draws)
      cr_expect_eq(ended[0], ended[1], "%s", known[i].scenario);
  }
}

#define PAIR "'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [{'between': ['A', 'B']%s}]%s"

static const struct {
  const char *link, *more;
  bool may_lose;
} losing[] = {
    {"", "", false},
    {"", ", 'network': {'loss': 0, 'duplicate': 1, 'transport': {'tries': 16}}", false},
    {"", ", 'network': {'loss': 1e-9}", true},
    {"", ", 'network': {'loss': 0.1, 'transport': {'tries': 16}}", true},
    {", 'loss': 0.1", "", true},
    {", 'latency': 1", ", 'network': {'loss': 0.1}", true},
    {", 'loss': 0", ", 'network': {'loss': 0.1}", false},
    {", 'loss': 0",
     ", 'network': {'loss': 0.1}, 'schedule': [{'at': 1, 'add_sibling': ['A', 'B']}]", true},
    {"", ", 'schedule': [{'at': 1, 'add_sibling': ['A', 'B'], 'loss': 0.1}]", true},
    {"", ", 'schedule': [{'at': 1, 'add_sibling': ['A', 'B'], 'duplicate': 0.1}]", false},
    {"", ", 'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'lost': true}]}", true},
    {"", ", 'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'latency': 1}]}", false},
};

Test(chance, a_network_loses_where_a_link_does_or_a_message_that_is_lost_is_named) {
  for (guint i = 0; i < G_N_ELEMENTS(losing); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario("{" PAIR "}", losing[i].link, losing[i].more);
    cr_expect_eq(gs_scenario_may_lose(scenario), losing[i].may_lose, "%u", i);
    cr_expect_eq(scenario->may_lose, losing[i].may_lose, "%u", i);
    cr_expect(gs_scenario_may_fail(scenario) || !losing[i].may_lose, "%u", i);
    cr_expect_eq(!gs_scenario_recovery(scenario, false), !losing[i].may_lose, "%u", i);
  }
}

/* ---- Looks ---- */

Test(looks, are_few_and_known_before) {
  GsSweep sweep = {.repeat = 5, .repeat_most = 1000, .precision = 0.1};
  static const uint32_t wanted[] = {20, 40, 80, 160, 320, 640, 1000, 0};
  uint32_t runs = gs_looks_first(&sweep);
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++, runs = gs_looks_next(&sweep, runs))
    cr_expect_eq(runs, wanted[i]);
  cr_expect_eq(gs_looks_count(&sweep), 7);
  sweep.repeat_most = 12;
  cr_expect_eq(gs_looks_first(&sweep), 12);
  cr_expect_eq(gs_looks_count(&sweep), 1);
  sweep.precision = 0;
  cr_expect_eq(gs_looks_first(&sweep), 5);
  cr_expect_eq(gs_looks_count(&sweep), 1);
  sweep.repeat = GS_SWEEP_REPEAT_MAX;
  sweep.repeat_most = GS_SWEEP_REPEAT_MAX;
  sweep.precision = 0.1;
  cr_expect_eq(gs_looks_next(&sweep, gs_looks_first(&sweep)), 0);
}

typedef enum { NORMAL, UNIFORM, EXPONENTIAL, LOGNORMAL, WHOLE, TWO, SHAPES } Shape;

static double unit(uint64_t study, uint64_t count) {
  return gs_random_unit(
      (GsDraw){.seed = 7, .purpose = GS_PURPOSE_JITTER, .who = study, .count = count});
}

/** Around 10, with its true mean. */
static double drawn(Shape shape, uint64_t study, uint64_t i, double *mean) {
  double u = unit(study, 2 * i);
  double normal = sqrt(-2 * log(u)) * cos(2 * G_PI * unit(study, 2 * i + 1));
  *mean = 10;
  switch (shape) {
  case NORMAL:
    return 10 + 3 * normal;
  case UNIFORM:
    return 5 + 10 * u;
  case EXPONENTIAL:
    return 6 - 4 * log(u);
  case LOGNORMAL:
    *mean = 10 * exp(0.125 * 0.36);
    return 10 * exp(0.3 * normal);
  case WHOLE:
    *mean = 9.5;
    return 8 + floor(4 * u);
  case TWO:
  case SHAPES:
    break;
  }
  *mean = 11;
  return u < 0.75 ? 10 : 14;
}

/** Whether the interval of a study that ends when it is within a tenth holds the mean. */
static bool holds(const GsSweep *sweep, Shape shape, uint64_t study, uint32_t *runs) {
  double values[1000], sorted[1000], mean = 0;
  GsSummary summary;
  uint32_t have = 0;
  for (uint32_t look = gs_looks_first(sweep); look != 0; look = gs_looks_next(sweep, look)) {
    for (; have < look; have++)
      values[have] = drawn(shape, study, have, &mean);
    memcpy(sorted, values, have * sizeof *values);
    gs_summary_of(sorted, have, &summary);
    gs_summary_at_look(&summary, gs_looks_count(sweep));
    if (gs_summary_precision(&summary, GS_LOOK_EQUAL_RUNS) <= sweep->precision)
      break;
  }
  *runs += have;
  return summary.ci_low <= mean && mean <= summary.ci_high;
}

Test(looks, intervals_at_which_a_study_ended_hold_the_mean_at_least_95_times_of_100) {
  const GsSweep sweep = {.repeat = 5, .repeat_most = 1000, .precision = 0.1};
  const uint32_t studies = 300;
  for (Shape shape = NORMAL; shape < SHAPES; shape++) {
    uint32_t held = 0, runs = 0;
    for (uint32_t study = 0; study < studies; study++)
      held += holds(&sweep, shape, (uint64_t)shape << 32 | study, &runs);
    cr_expect_geq((double)held / studies, 0.95, "shape %d: %u of %u", shape, held, studies);
    cr_expect_lt(runs / studies, 200, "shape %d: %u runs", shape, runs);
  }
}

Test(looks, equal_values_say_enough_only_when_there_are_many) {
  double values[GS_LOOK_EQUAL_RUNS];
  GsSummary summary;
  for (uint32_t n = 1; n <= GS_LOOK_EQUAL_RUNS; n++) {
    for (uint32_t i = 0; i < n; i++)
      values[i] = 0.1;
    gs_summary_of(values, n, &summary);
    gs_summary_at_look(&summary, 7);
    cr_expect_eq(gs_summary_precision(&summary, GS_LOOK_EQUAL_RUNS),
                 n < GS_LOOK_EQUAL_RUNS ? INFINITY : 0);
  }
}

Test(looks, an_interval_at_one_of_many_looks_has_the_quantile_of_its_share) {
  /* t with 2 degrees of freedom has a closed form: p = 1 − 0.05/4 at two looks. */
  double values[] = {0, 3, 6};
  GsSummary summary;
  gs_summary_of(values, 3, &summary);
  gs_summary_at_look(&summary, 2);
  double c = 1 - 0.05 / 2, reach = c * sqrt(2 / (1 - c * c));
  cr_expect_float_eq(summary.ci_high, 3 + reach * sqrt(3), 1e-9);
  cr_expect_float_eq(summary.ci_low, 3 - reach * sqrt(3), 1e-9);
}

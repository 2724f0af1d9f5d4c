/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/base/random.h"
#include "tests/sim/sim_support.h"

/*
 * A thousand scenarios made by chance, of all that a grid, a network and a
 * schedule can be: one digest each, whoever runs them.
 */

typedef struct {
  uint64_t number; /**< of the scenario */
  uint32_t drawn;
} Chance;

static uint32_t draw(Chance *chance, uint32_t bound) {
  GsDraw at = {chance->number, GS_PURPOSE_PACE, 0, chance->drawn++};
  return (uint32_t)gs_random_below(at, bound);
}

static const char *one_of(Chance *chance, guint count, const char *const *texts) {
  return texts[draw(chance, count)];
}
#define ONE_OF(chance, ...)                                                                        \
  one_of(chance, G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})),                               \
         (const char *const[]){__VA_ARGS__})

static void add_topology(GString *text, Chance *chance, uint32_t nodes) {
  switch (draw(chance, 4)) {
  case 0:
    g_string_append_printf(text, "'topology': {'kind': 'lattice', 'rows': %u, 'columns': %u},",
                           1 + nodes / 6, 3 + draw(chance, 4));
    break;
  case 1:
    g_string_append_printf(text, "'topology': {'kind': 'erdos-renyi', 'nodes': %u, 'p': 0.2},",
                           nodes);
    break;
  default:
    g_string_append_printf(text, "'topology': {'kind': '%s', 'nodes': %u},",
                           ONE_OF(chance, "line", "ring", "star", "tree", "complete",
                                  "barabasi-albert", "watts-strogatz", "random-regular"),
                           nodes & ~1u);
  }
}

static void add_network(GString *text, Chance *chance) {
  if (draw(chance, 2))
    g_string_append_printf(text, "'network': {'latency': %s},",
                           ONE_OF(chance, "0", "'1ms'", "'1500us'"));
  else
    g_string_append_printf(
        text, "'network': {'latency': %s, 'jitter': %s, 'fifo': %s},",
        ONE_OF(chance, "'1ms'", "{'uniform': ['1ms', '9ms']}", "{'exponential': '5ms'}", "'2ns'",
               "{'lognormal': {'median': '1ms', 'sigma': 1.5}}", "{'uniform': ['1ms', '700ms']}"),
        ONE_OF(chance, "0", "'1ms'", "{'exponential': '3ms'}", "{'uniform': [0, '20ms']}"),
        ONE_OF(chance, "true", "true", "false"));
  if (!draw(chance, 6))
    g_string_append(text, "'pace': {'receive': '3ms', 'send': '5ms'},");
  if (!draw(chance, 4))
    g_string_append(text, "'sync': 'coalesce',");
  if (!draw(chance, 6))
    g_string_append(text, "'protocol': 'original',");
  if (!draw(chance, 5))
    g_string_append_printf(text, "'handshake': {'at': 0, 'every': %s},",
                           ONE_OF(chance, "0", "'1ms'", "'30ms'"));
}

static void add_schedule(GString *text, Chance *chance) {
  g_string_append(text, "'schedule': [");
  for (uint32_t left = 1 + draw(chance, 3); left; left--) {
    g_string_append_printf(text, "{'at': '%ums', ", 200 + draw(chance, 20));
    if (draw(chance, 2))
      g_string_append_printf(text, "'every': '%ums', 'until': '%ums', ", 1 + draw(chance, 9), 230);
    g_string_append_printf(
        text, "%s}%s",
        ONE_OF(chance, "'node': 'N1', 'production': {'uniform': [0, 99]}",
               "'node': ['N2', 'N3'], 'consumption': {'uniform': [0, 9]}", "'sync_grid': 'N2'",
               "'node': {'random': 2}, 'production': {'uniform': [0, 1000]}", "'update_net': '*'"),
        left > 1 ? ", " : "]");
  }
}

static char *scenario_text(uint64_t number) {
  Chance chance = {.number = number};
  GString *text = g_string_new("{");
  g_string_append_printf(text, "'seed': %u,", 1 + draw(&chance, 1000));
  add_topology(text, &chance, 6 + draw(&chance, 14));
  add_network(text, &chance);
  add_schedule(text, &chance);
  g_string_append(text, "}");
  return g_string_free(text, FALSE);
}

static void expect_one_digest(uint64_t number) {
  g_autofree char *text = scenario_text(number);
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  g_autoptr(GsResults) threads =
      gs_test_run_with(scenario, GS_RUNNER_THREADS, 1 + (uint32_t)(number % 3));
  static const uint32_t several[] = {2, 3, 8};
  const uint32_t workers[] = {1, several[number / 3 % 3]};
  for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
    g_autoptr(GsResults) pool = gs_test_run_with(scenario, GS_RUNNER_POOL, workers[i]);
    cr_assert_str_eq(pool->digest, threads->digest, "%u workers: %s", workers[i], text);
    cr_assert_eq(pool->delivered, threads->delivered);
    cr_assert_eq(pool->wire_bytes, threads->wire_bytes);
    cr_assert_eq(pool->largest_mailbox, threads->largest_mailbox, "%u workers: %s", workers[i],
                 text);
  }
}

static void expect_one_digest_each(uint64_t first, uint64_t end) {
  for (uint64_t number = first; number < end; number++)
    expect_one_digest(number);
}

Test(random_scenarios, threads_and_pools_agree_on_the_first_quarter) {
  expect_one_digest_each(0, 250);
}
Test(random_scenarios, threads_and_pools_agree_on_the_second_quarter) {
  expect_one_digest_each(250, 500);
}
Test(random_scenarios, threads_and_pools_agree_on_the_third_quarter) {
  expect_one_digest_each(500, 750);
}
Test(random_scenarios, threads_and_pools_agree_on_the_last_quarter) {
  expect_one_digest_each(750, 1000);
}

Test(random_scenarios, they_are_many_kinds_of_scenarios) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (uint64_t number = 0; number < 1000; number++)
    g_hash_table_add(seen, scenario_text(number));
  cr_expect_gt(g_hash_table_size(seen), 990);
}

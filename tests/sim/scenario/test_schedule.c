/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/scenario/schedule.h"

#define S GS_SECOND_NS
#define THREE_NODES "'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}]"

/** A scenario from text with ' in place of ". */
static GsScenario *read_text(const char *text) {
  g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(json, strlen(json), "grid.json", NULL, 0, &error);
  cr_assert_not_null(scenario, "%s", error ? error->message : "no error");
  return scenario;
}

/** All that occurs, one line each: "1s A: production 4". */
static char *transcript(const char *text) {
  g_autoptr(GsScenario) scenario = read_text(text);
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GString *out = g_string_new(NULL);
  GsOccurrence occurrence;
  int64_t peeked = gs_schedule_peek_ns(schedule);
  while (gs_schedule_pop(schedule, &occurrence)) {
    cr_expect_eq(occurrence.at_ns, peeked);
    g_autofree char *at = gs_duration_format(occurrence.at_ns);
    g_autofree char *what = gs_occurrence_describe(schedule, &occurrence);
    g_string_append_printf(out, "%s %s\n", at, what);
    peeked = gs_schedule_peek_ns(schedule);
  }
  cr_expect_eq(peeked, GS_TIME_NEVER);
  cr_expect_not(gs_schedule_pop(schedule, &occurrence));
  return g_string_free(out, FALSE);
}

static void expect_transcript(const char *text, const char *expected) {
  g_autofree char *actual = transcript(text);
  cr_expect_str_eq(actual, expected);
}

Test(schedule, nothing_occurs_without_entries) {
  expect_transcript("{'nodes': [{}]}", "");
}

Test(schedule, entries_occur_in_the_order_of_time_and_then_of_the_file) {
  expect_transcript("{" THREE_NODES ", 'schedule': ["
                    "{'at': '2s', 'node': 'C', 'production': 3, 'consumption': 4},"
                    "{'at': '1s', 'update_net': ['A', 'B']},"
                    "{'at': '2s', 'sync_grid': '*'},"
                    "{'at': 0, 'add_sibling': ['B', 'A']},"
                    "{'at': '2s', 'node': '*', 'consumption': 0}]}",
                    "0s B adds A\n"
                    "1s UpdateNet at A, B\n"
                    "2s C: production 3, consumption 4\n"
                    "2s SyncGrid at * (3 nodes)\n"
                    "2s * (3 nodes): consumption 0\n");
}

Test(schedule, repetitions_go_on_to_until_and_mix_with_the_others) {
  expect_transcript("{" THREE_NODES ", 'schedule': ["
                    "{'at': '1s', 'every': '2s', 'until': '5s', 'sync_grid': 'A'},"
                    "{'at': '0s', 'every': '3s', 'until': '8999ms', 'sync_grid': 'B'},"
                    "{'at': '3s', 'sync_grid': 'C'}]}",
                    "0s SyncGrid at B\n"
                    "1s SyncGrid at A\n"
                    "3s SyncGrid at A\n"
                    "3s SyncGrid at B\n"
                    "3s SyncGrid at C\n"
                    "5s SyncGrid at A\n"
                    "6s SyncGrid at B\n");
}

Test(schedule, nothing_occurs_after_the_scenarios_until) {
  expect_transcript("{" THREE_NODES ", 'until': '3s', 'schedule': ["
                    "{'at': '1s', 'every': '1s', 'sync_grid': 'A'},"
                    "{'at': '2s', 'every': '1s', 'until': '9s', 'sync_grid': 'B'},"
                    "{'at': '4s', 'sync_grid': 'C'}]}",
                    "1s SyncGrid at A\n"
                    "2s SyncGrid at A\n"
                    "2s SyncGrid at B\n"
                    "3s SyncGrid at A\n"
                    "3s SyncGrid at B\n");
}

Test(schedule, repetitions_end_at_the_last_possible_moment_without_overflow) {
  expect_transcript("{'nodes': [{}], 'schedule': [{'at': '36524d', 'every': '36525d', "
                    "'until': '36525d', 'sync_grid': 'N1'}]}",
                    "36524d SyncGrid at N1\n");
}

Test(schedule, a_link_of_a_handshake_is_made_before_the_entries_of_its_moment) {
  expect_transcript("{" THREE_NODES ", 'links': [['C', 'A'], ['A', 'B'], ['B', 'C']],"
                    "'handshake': {'at': '1s', 'every': '1s'}, 'schedule': ["
                    "{'at': '1s', 'sync_grid': 'A'}, {'at': '2500ms', 'sync_grid': 'B'}]}",
                    "1s A adds C\n"
                    "1s SyncGrid at A\n"
                    "2s A adds B\n"
                    "2.5s SyncGrid at B\n"
                    "3s B adds C\n");
}

Test(schedule, handshakes_are_all_at_once_by_default_and_end_with_the_scenario) {
  expect_transcript("{'topology': {'kind': 'ring', 'nodes': 3}, 'handshake': {}}",
                    "0s N1 adds N2\n0s N1 adds N3\n0s N2 adds N3\n");
  expect_transcript("{'topology': {'kind': 'ring', 'nodes': 3}, 'until': '1s',"
                    "'handshake': {'every': '1s'}}",
                    "0s N1 adds N2\n1s N1 adds N3\n");
}

Test(schedule, an_occurrence_knows_its_entry_link_nodes_and_repetition) {
  g_autoptr(GsScenario) scenario =
      read_text("{" THREE_NODES ", 'links': [['A', 'B'], ['B', 'C']], 'handshake': {},"
                "'schedule': [{'at': '9s', 'add_sibling': ['C', 'A'], 'latency': '5ms'},"
                "{'at': '1s', 'every': '1s', 'until': '2s', 'sync_grid': ['C', 'B']}]}");
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence o;
  for (uint32_t link = 0; link < 2; link++) {
    cr_assert(gs_schedule_pop(schedule, &o));
    cr_expect_eq(gs_occurrence_entry_index(schedule, &o), UINT32_MAX);
    cr_expect_eq(o.entry->kind, GS_DO_ADD_SIBLING);
    cr_expect_eq(o.entry->expect.messages, -1);
    cr_expect_eq(o.link, &scenario->links[link]);
    cr_expect_eq(o.repetition, link);
    cr_expect_eq(gs_occurrence_node_count(schedule, &o), 1);
    cr_expect_eq(gs_occurrence_node(schedule, &o, 0), link);
  }
  for (uint64_t repetition = 0; repetition < 2; repetition++) {
    cr_assert(gs_schedule_pop(schedule, &o));
    cr_expect_eq(gs_occurrence_entry_index(schedule, &o), 1);
    cr_expect_null(o.link);
    cr_expect_eq(o.repetition, repetition);
    cr_expect_eq(gs_occurrence_node_count(schedule, &o), 2);
    cr_expect_eq(gs_occurrence_node(schedule, &o, 0), 2);
    cr_expect_eq(gs_occurrence_node(schedule, &o, 1), 1);
  }
  cr_assert(gs_schedule_pop(schedule, &o));
  cr_expect_eq(gs_occurrence_entry_index(schedule, &o), 0);
  cr_expect_eq(o.link, &scenario->schedule[0].link);
  cr_expect_eq(gs_occurrence_node(schedule, &o, 0), 2);
}

Test(schedule, a_ramp_is_linear_and_meets_both_ends) {
  expect_transcript("{'nodes': [{}], 'schedule': [{'at': '1s', 'every': '1s', 'until': '5900ms',"
                    "'node': 'N1', 'production': {'ramp': [0, 10]},"
                    "'consumption': {'ramp': [1099511627776, 0]}}]}",
                    "1s N1: production 0, consumption 1099511627776\n"
                    "2s N1: production 3, consumption 824633720832\n"
                    "3s N1: production 5, consumption 549755813888\n"
                    "4s N1: production 8, consumption 274877906944\n"
                    "5s N1: production 10, consumption 0\n");
  expect_transcript("{'nodes': [{}], 'until': '2s', 'schedule': [{'at': '1s', 'every': '1s',"
                    "'node': 'N1', 'production': {'ramp': [5, 7]}}]}",
                    "1s N1: production 5\n2s N1: production 7\n");
  expect_transcript("{'nodes': [{}], 'until': '1s', 'schedule': [{'at': '1s', 'every': '1s',"
                    "'node': 'N1', 'production': {'ramp': [5, 7]}}]}",
                    "1s N1: production 5\n");
}

Test(schedule, draws_differ_by_node_repetition_and_member_but_not_by_order_or_run) {
  g_autoptr(GsScenario) scenario =
      read_text("{'topology': {'kind': 'ring', 'nodes': 20}, 'schedule': [{'at': 0, 'every': 1,"
                "'until': 3, 'node': '*', 'production': {'uniform': [0, 1000000]},"
                "'consumption': {'uniform': [0, 1000000]}}]}");
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  int64_t drawn[4][20];
  for (int run = 0; run < 2; run++) {
    g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
    GsOccurrence o;
    for (int repetition = 0; gs_schedule_pop(schedule, &o); repetition++)
      for (uint32_t i = 0; i < 20; i++) {
        uint32_t node = run == 0 ? i : 19 - i;
        bool has_production, has_consumption;
        int64_t production, consumption;
        gs_occurrence_energy(schedule, &o, node, &has_production, &production, &has_consumption,
                             &consumption);
        cr_expect(has_production && has_consumption);
        cr_expect(production >= 0 && production <= 1000000);
        if (run == 1)
          cr_expect_eq(drawn[repetition][node], production);
        drawn[repetition][node] = production;
        g_hash_table_add(seen, GSIZE_TO_POINTER(production));
        g_hash_table_add(seen, GSIZE_TO_POINTER(consumption));
      }
  }
  cr_expect_geq(g_hash_table_size(seen), 155);
}

/** The production that each of two entries draws at once for each of 20 nodes. */
static void draw_two(const char *production, int64_t drawn[2][20]) {
  g_autofree char *text = g_strdup_printf("{'topology': {'kind': 'ring', 'nodes': 20}, 'schedule': "
                                          "[{'at': 0, 'node': '*', 'production': %s},"
                                          " {'at': 0, 'node': '*', 'production': %s}]}",
                                          production, production);
  g_autoptr(GsScenario) scenario = read_text(text);
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence o;
  for (int entry = 0; gs_schedule_pop(schedule, &o); entry++)
    for (uint32_t node = 0; node < 20; node++) {
      bool has_production, has_consumption;
      int64_t consumption;
      gs_occurrence_energy(schedule, &o, node, &has_production, &drawn[entry][node],
                           &has_consumption, &consumption);
      cr_expect(has_production && !has_consumption);
    }
}

Test(schedule, two_entries_of_one_moment_draw_apart) {
  int64_t drawn[2][20];
  draw_two("{'uniform': [0, 1000000]}", drawn);
  for (uint32_t node = 0; node < 20; node++)
    cr_expect_neq(drawn[0][node], drawn[1][node]);
}

Test(schedule, an_energy_that_is_drawn_is_at_most_the_largest_that_may_be_given) {
  int64_t drawn[2][20];
  uint32_t most = 0;
  draw_two("{'exponential': 1099511627776}", drawn);
  for (uint32_t i = 0; i < 40; i++) {
    cr_expect_leq(drawn[i / 20][i % 20], GS_ENERGY_MAX);
    most += drawn[i / 20][i % 20] == GS_ENERGY_MAX;
  }
  cr_expect(most > 0, "one of e is beyond it");
}

Test(schedule, a_description_names_few_nodes_and_tells_one_draw) {
  expect_transcript(
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'schedule': ["
      "{'at': 0, 'node': ['N1', 'N2', 'N3', 'N4'], 'production': {'uniform': [2, 9]}},"
      "{'at': 0, 'node': ['N1', 'N2', 'N5'], 'production': 3},"
      "{'at': 0, 'node': 'N1', 'production': {'uniform': [7, 7]}}]}",
      "0s N1, N2, N3, … (4 nodes): production drawn\n0s N1, N2, N5: production 3\n"
      "0s N1: production 7\n");
}

Test(schedule, many_repeating_entries_come_in_order_and_complete) {
  g_autoptr(GString) text = g_string_new("{'nodes': [{}], 'until': '1s', 'schedule': [");
  uint64_t expected = 0;
  for (int i = 1; i <= 500; i++) {
    g_string_append_printf(text, "%s{'at': '%dus', 'every': '%dms', 'sync_grid': '*'}",
                           i > 1 ? "," : "", (i * 7919) % 1000, i);
    expected += (uint64_t)(1000000 - (i * 7919) % 1000) / (uint64_t)(i * 1000) + 1;
  }
  g_string_append(text, "]}");
  g_autoptr(GsScenario) scenario = read_text(text->str);
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence o, last = {.at_ns = -1};
  uint64_t count = 0;
  for (; gs_schedule_pop(schedule, &o); last = o, count++)
    cr_assert(o.at_ns > last.at_ns || (o.at_ns == last.at_ns && o.entry > last.entry));
  cr_expect_eq(count, expected);
}

/** A line with one entry that draws `count` of its nodes. */
static GsScenario *drawn_scenario(uint32_t seed, uint32_t nodes, uint32_t count) {
  g_autofree char *text =
      g_strdup_printf("{'seed': %u, 'topology': {'kind': 'line', 'nodes': %u}, 'schedule': ["
                      "{'at': 0, 'update_net': {'random': %u}}]}",
                      seed, nodes, count);
  return read_text(text);
}

Test(schedule, random_nodes_are_different_ones_and_fewer_of_them_are_the_first_of_more) {
  for (uint32_t seed = 1; seed <= 50; seed++) {
    g_autoptr(GsScenario) all = drawn_scenario(seed, 40, 40);
    for (uint32_t count = 1; count <= 40; count++) {
      g_autoptr(GsScenario) some = drawn_scenario(seed, 40, count);
      cr_assert_eq(some->schedule[0].node_count, count);
      cr_assert_arr_eq(some->schedule[0].nodes, all->schedule[0].nodes, count * sizeof(uint32_t));
    }
    bool seen[40] = {false};
    for (uint32_t i = 0; i < 40; i++) {
      uint32_t node = all->schedule[0].nodes[i];
      cr_assert(node < 40 && !seen[node], "seed %u: node %u twice", seed, node);
      seen[node] = true;
    }
  }
}

Test(schedule, random_nodes_are_evenly_spread_over_seeds_also_as_pairs) {
  enum { NODES = 7, SEEDS = 8400 };
  double pairs[NODES][NODES] = {{0}}, thirds[NODES] = {0};
  for (uint32_t seed = 1; seed <= SEEDS; seed++) {
    g_autoptr(GsScenario) scenario = drawn_scenario(seed, NODES, 3);
    const uint32_t *nodes = scenario->schedule[0].nodes;
    pairs[nodes[0]][nodes[1]]++;
    thirds[nodes[2]]++;
  }
  double of_pairs = 0, of_thirds = 0;
  for (uint32_t a = 0; a < NODES; a++) {
    of_thirds += pow(thirds[a] - SEEDS / 7.0, 2) / (SEEDS / 7.0);
    for (uint32_t b = 0; b < NODES; b++) {
      cr_expect(a != b || pairs[a][b] == 0);
      if (a != b)
        of_pairs += pow(pairs[a][b] - SEEDS / 42.0, 2) / (SEEDS / 42.0);
    }
  }
  /* Chi-square: beyond these once in 1,000 times. */
  cr_expect_lt(of_pairs, 74.7, "%g with 41 degrees of freedom", of_pairs);
  cr_expect_lt(of_thirds, 22.5, "%g with 6 degrees of freedom", of_thirds);
}

Test(schedule, a_random_node_is_at_the_same_part_of_grids_of_all_sizes) {
  for (uint32_t seed = 1; seed <= 100; seed++) {
    g_autoptr(GsScenario) large = drawn_scenario(seed, 1000, 1);
    for (uint32_t nodes = 1; nodes <= 50; nodes += 7) {
      g_autoptr(GsScenario) small = drawn_scenario(seed, nodes, 1);
      double low = large->schedule[0].nodes[0] / 1000.0, high = low + 0.001;
      uint32_t node = small->schedule[0].nodes[0];
      cr_expect(node >= (uint32_t)(low * nodes) && node <= (uint32_t)(high * nodes));
    }
  }
}

Test(schedule, random_nodes_depend_on_the_seed_and_the_entry_only_and_are_named) {
  static const char text[] = "{'seed': %u, 'topology': {'kind': 'ring', 'nodes': 100},"
                             " 'until': '1s', 'schedule': ["
                             "{'at': 0, 'node': {'random': 1}, 'production': 3},"
                             "{'at': '1s', 'sync_grid': {'random': 2}},"
                             "{'at': '100ms', 'every': '100ms', 'until': '200ms',"
                             " 'update_net': {'random': 5}}]}";
  const char *expected = "0s N54 (random): production 3\n"
                         "100ms UpdateNet at N79, N45, N61, … (5 random nodes)\n"
                         "200ms UpdateNet at N79, N45, N61, … (5 random nodes)\n"
                         "1s SyncGrid at N48, N47 (random)\n";
  g_autofree char *seed_1 = g_strdup_printf(text, 1), *seed_2 = g_strdup_printf(text, 2);
  g_autofree char *once = transcript(seed_1), *again = transcript(seed_1);
  g_autofree char *other = transcript(seed_2);
  cr_expect_str_eq(once, again);
  cr_expect_str_neq(once, other);
  cr_expect_str_eq(once, expected);
}

Test(schedule, faults_end_before_what_else_is_at_their_moment_and_with_the_scenario) {
  expect_transcript("{" THREE_NODES ", 'until': '3s', 'schedule': ["
                    "{'at': '2s', 'crash': 'B', 'for': '1s'},"
                    "{'at': '1s', 'crash': 'A', 'for': '1s'},"
                    "{'at': '2s', 'pause': 'C', 'for': '1001ms'}]}",
                    "1s A crashes\n"
                    "2s A is back\n"
                    "2s B crashes\n"
                    "2s C pauses\n"
                    "3s B is back\n");
}

Test(schedule, faults_that_come_by_chance_have_gaps_of_their_own) {
  g_autoptr(GsScenario) scenario = read_text("{" THREE_NODES ", 'until': '100s', 'faults': ["
                                             "{'mean_gap': '5s', 'crash': 'A'},"
                                             "{'mean_gap': '5s', 'crash': 'B'}]}");
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence occurrence;
  int64_t before = -1;
  uint32_t count = 0;
  for (; gs_schedule_pop(schedule, &occurrence); count++) {
    cr_expect_neq(occurrence.at_ns, before);
    before = occurrence.at_ns;
  }
  cr_expect(count > 10 && count < 90, "%u", count); /* 40 on average */
}

Test(schedule, the_nodes_that_a_schedule_draws_are_limited) {
  g_autoptr(GString) text = g_string_new("{'topology': {'kind': 'line', 'nodes': 1000000},"
                                         " 'schedule': [");
  for (uint32_t i = 0; i < 17; i++)
    g_string_append_printf(text, "%s{'at': 0, 'update_net': {'random': 1000000}}", i ? "," : "");
  g_string_append(text, "]}");
  g_strdelimit(text->str, "'", '"');
  g_autoptr(GError) error = NULL;
  cr_assert_null(gs_scenario_parse(text->str, text->len, "grid.json", NULL, 0, &error));
  cr_expect_eq(error->code, GS_ERROR_LIMIT);
  cr_expect(strstr(error->message, "/schedule/16/update_net/random: the entries draw more than "
                                   "16777216 nodes together; use \"*\" for all"),
            "%s", error->message);
}

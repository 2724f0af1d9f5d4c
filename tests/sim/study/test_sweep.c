/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "sim/study/study.h"
#include "sim/study/sweep_file.h"

/** A sweep from its JSON text, which may use ' for ". */
static bool read_sweep(GsSweep *sweep, const char *text, GError **error) {
  g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
  return gs_sweep_read(sweep, json, strlen(json), "sweep.json", error) &&
         gs_sweep_finish(sweep, error);
}

static GsSweep *must_read(const char *text) {
  g_autoptr(GError) error = NULL;
  GsSweep *sweep = gs_sweep_new();
  cr_assert(read_sweep(sweep, text, &error), "%s: %s", text, error ? error->message : "");
  return sweep;
}

Test(sweep, without_anything_said_it_compares_all_families_at_five_sizes) {
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  cr_assert(gs_sweep_finish(sweep, NULL));
  cr_expect_eq(sweep->cell_count, 11 * 5);
  g_autofree char *first = gs_sweep_key(sweep, 0), *last = gs_sweep_key(sweep, 54);
  cr_expect_str_eq(first, "topology=line,nodes=8");
  cr_expect_str_eq(last, "topology=geometric,nodes=128");
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, cell, 0, &error);
    cr_assert(scenario, "%s", error ? error->message : "");
    cr_expect_eq(scenario->node_count, gs_sweep_value(sweep, cell, 1)->number);
  }
}

Test(sweep, a_lattice_is_as_square_as_its_number_of_nodes_allows) {
  static const struct {
    const char *nodes;
    const char *said;
  } cases[] = {{"64", "8\u00d78"}, {"8", "2\u00d74"}, {"30", "5\u00d76"}, {"7", "1\u00d77"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsSweep) sweep = gs_sweep_new();
    gs_axis_add(gs_sweep_axis(sweep, "topology"), "lattice", "lattice", NULL);
    gs_axis_add(gs_sweep_axis(sweep, "nodes"), cases[i].nodes, cases[i].nodes, NULL);
    gs_sweep_add_base(sweep, "x", g_strdup("{}"), 2);
    cr_assert(gs_sweep_finish(sweep, NULL));
    g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, 0, 0, NULL);
    cr_assert(scenario && strstr(scenario->topology, cases[i].said), "%s", scenario->topology);
  }
}

Test(sweep, repetitions_have_the_same_seeds_in_all_cells) {
  g_autoptr(GsSweep) sweep = must_read("{'axes': {'topology': ['ring', 'star'], 'nodes': [8]},"
                                       " 'seed': 40}");
  for (uint32_t repetition = 0; repetition < 3; repetition++) {
    g_autoptr(GsScenario) ring = gs_sweep_scenario(sweep, 0, repetition, NULL);
    g_autoptr(GsScenario) star = gs_sweep_scenario(sweep, 1, repetition, NULL);
    cr_expect_eq(ring->seed, 40 + repetition);
    cr_expect_eq(star->seed, 40 + repetition);
    cr_expect_eq(ring->schedule[0].nodes[0], star->schedule[0].nodes[0], "common random numbers");
  }
}

Test(sweep, a_seed_of_an_axis_takes_the_place_of_the_first_seed) {
  g_autoptr(GsSweep) sweep =
      must_read("{'axes': {'topology': ['ring'], 'nodes': [8], 'seed': [5, 70]}, 'seed': 40}");
  for (uint32_t repetition = 0; repetition < 3; repetition++) {
    cr_expect_eq(gs_sweep_seed(sweep, 0, repetition), 5 + repetition);
    cr_expect_eq(gs_sweep_seed(sweep, 1, repetition), 70 + repetition);
  }
}

Test(sweep, cells_are_counted_with_the_last_axis_first) {
  static const char *const keys[] = {"topology=ring,nodes=8",  "topology=ring,nodes=9",
                                     "topology=ring,nodes=10", "topology=star,nodes=8",
                                     "topology=star,nodes=9",  "topology=star,nodes=10"};
  g_autoptr(GsSweep) sweep =
      must_read("{'axes': {'topology': ['ring', 'star'], 'nodes': [8, 9, 10]}}");
  cr_assert_eq(sweep->cell_count, G_N_ELEMENTS(keys));
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    cr_expect_str_eq(key, keys[cell]);
  }
}

Test(sweep, as_many_cells_as_the_limit_are_allowed) {
  static const char text[] = "{'scenario': {'topology': {'kind': 'ring', 'nodes': 4}}, 'axes': {"
                             "'network.latency': {'from': 1, 'to': %u, 'step': 1}}}";
  g_autofree char *most = g_strdup_printf(text, GS_SWEEP_CELLS_MAX / 2);
  g_autofree char *json = g_strdelimit(g_strdup(most), "'", '"');
  for (guint values = 2; values <= 3; values++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsSweep) sweep = gs_sweep_new();
    cr_assert(gs_sweep_read(sweep, json, strlen(json), "sweep.json", NULL));
    for (guint i = 0; i < values; i++)
      cr_assert(gs_axis_add(gs_sweep_axis(sweep, "fifo"), i ? "false" : "true", "true", NULL));
    cr_expect_eq(gs_sweep_finish(sweep, &error), values == 2);
  }
}

Test(sweep, a_precision_is_from_the_least_to_all_of_the_mean) {
  static const char *const good[] = {"0.01%", "100%"}, *const bad[] = {"0.0099%", "100.1%", "0%"};
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text =
        g_strdup_printf("{'axes': {'nodes': [8]}, 'repeat': 3, 'precision': '%s'}", good[i]);
    g_autoptr(GsSweep) sweep = must_read(text);
    cr_expect_float_eq(sweep->precision, i ? 1 : 0.0001, 1e-18);
  }
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *text = g_strdup_printf("{'axes': {'nodes': [8]}, 'precision': '%s'}", bad[i]);
    g_autoptr(GsSweep) sweep = gs_sweep_new();
    cr_expect_not(read_sweep(sweep, text, NULL), "%s", bad[i]);
  }
}

Test(sweep, the_most_repetitions_are_not_fewer_than_those_asked_for) {
  g_autoptr(GsSweep) sweep =
      must_read("{'axes': {'nodes': [8]}, 'repeat': 30000, 'precision': '5%'}");
  cr_expect_geq(sweep->repeat_most, 30000);
}

/** What is kept of a study that had the one sweep and then the other. */
static GsSweep *kept_of(const char *before, const char *asked) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsSweep) first = must_read(before), second = must_read(asked);
  GsSweep *all = gs_sweep_union(second, first, &error);
  cr_assert(all, "%s", error ? error->message : "");
  return all;
}

Test(sweep, what_is_kept_has_the_cells_and_repetitions_of_both_studies) {
  g_autoptr(GsSweep) grid =
      kept_of("{'axes': {'topology': ['ring', 'star'], 'nodes': [8]}, 'repeat': 9}",
              "{'axes': {'topology': ['ring', 'star'], 'nodes': [8, 9]}, 'repeat': 4}");
  cr_expect(grid->cell_count == 4 && !grid->listed, "all combinations");
  cr_expect_eq(grid->repeat, 9);
  g_autoptr(GsSweep) listed =
      kept_of("{'axes': {'topology': ['ring', 'star'], 'nodes': [8]}, 'repeat': 4}",
              "{'axes': {'topology': ['star'], 'nodes': [8, 9]}, 'repeat': 9}");
  cr_assert(listed->listed);
  cr_expect_eq(listed->repeat, 9);
  static const char *const keys[] = {"topology=star,nodes=8", "topology=star,nodes=9",
                                     "topology=ring,nodes=8"};
  cr_assert_eq(listed->cell_count, G_N_ELEMENTS(keys), "ring 9 was never asked for");
  for (uint32_t cell = 0; cell < listed->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(listed, cell);
    cr_expect_str_eq(key, keys[cell]);
  }
}

Test(sweep, axes_of_a_file_span_a_grid_with_ranges_objects_and_paths) {
  g_autoptr(GsSweep) sweep = must_read(
      "{'name': 'n', 'about': 'a', 'repeat': 3, 'precision': '5%', 'sort': 'hops', 'axes': {"
      " 'topology': ['ring', {'kind': 'watts-strogatz', 'k': 6, 'p': 0.5}],"
      " 'nodes': {'from': 8, 'to': 40, 'times': 2}, 'network.latency': ['1ms', 0.002]}}");
  cr_expect_eq(sweep->cell_count, 2 * 3 * 2);
  cr_expect_eq(sweep->repeat, 3);
  cr_expect_float_eq(sweep->precision, 0.05, 1e-15);
  g_autofree char *key = gs_sweep_key(sweep, 11);
  cr_expect_str_eq(key, "topology=watts-strogatz k=6 p=0.5,nodes=32,network.latency=0.002");
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, 11, 0, NULL);
  cr_assert(scenario);
  cr_expect_str_eq(scenario->topology, "watts-strogatz, 32 nodes, k=6, p=0.5");
  cr_expect_eq((int64_t)scenario->latency.a, 2000000);
  g_autoptr(GsSweep) steps = must_read("{'axes': {'nodes': {'from': 4, 'to': 9, 'step': 2}}}");
  cr_expect_eq(((GsAxis *)steps->axes->pdata[0])->values->len, 3);
}

Test(sweep, percentages_are_numbers_too) {
  g_autoptr(GsSweep) sweep =
      must_read("{'axes': {'network.loss': [0, '1%', '12.5%', '5 %', '1%%', '%']}}");
  static const struct {
    bool is_number;
    double number;
  } known[] = {{true, 0}, {true, 0.01}, {true, 0.125}, {false, 0}, {false, 0}, {false, 0}};
  const GsAxis *axis = NULL;
  for (guint a = 0; a < sweep->axes->len; a++)
    if (g_str_equal(((GsAxis *)sweep->axes->pdata[a])->path, "network.loss"))
      axis = sweep->axes->pdata[a];
  cr_assert(axis && axis->values->len == G_N_ELEMENTS(known));
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    const GsAxisValue *value = axis->values->pdata[i];
    cr_expect_eq(value->is_number, known[i].is_number, "%s", value->text);
    if (known[i].is_number)
      cr_expect_eq(value->number, known[i].number, "%s", value->text);
  }
}

Test(sweep, cells_can_be_listed_one_by_one) {
  g_autoptr(GsSweep) sweep = must_read("{'cells': [{'topology': 'ring', 'nodes': 8},"
                                       " {'topology': 'star', 'nodes': 16},"
                                       " {'topology': 'ring', 'nodes': 16}]}");
  cr_expect_eq(sweep->cell_count, 3);
  static const char *const keys[] = {"topology=ring,nodes=8", "topology=star,nodes=16",
                                     "topology=ring,nodes=16"};
  for (uint32_t cell = 0; cell < 3; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    cr_expect_str_eq(key, keys[cell]);
  }
}

Test(sweep, a_topology_takes_the_place_of_the_scenarios_own) {
  g_autoptr(GsSweep) sweep = must_read(
      "{'scenario': {'topology': {'kind': 'watts-strogatz', 'nodes': 30, 'k': 8},"
      " 'network': {'latency': '7ms'}, 'schedule': [{'at': 1, 'node': 'N1', 'production': 1}]},"
      " 'axes': {'topology': ['tree'], 'nodes': [9]}}");
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, 0, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "");
  cr_expect_str_eq(scenario->topology, "tree, 9 nodes, arity=2");
  cr_expect_eq((int64_t)scenario->latency.a, 7000000);
}

Test(sweep, families_get_the_defaults_of_their_own_size_wherever_it_is_said) {
  static const char *const axes[] = {
      "'topology': ['erdos-renyi', 'geometric', 'lattice'], 'nodes': [64]",
      "'topology': [{'kind': 'erdos-renyi', 'nodes': 64}, {'kind': 'geometric', 'nodes': 64}]"};
  static const char *const topologies[] = {"erdos-renyi, 64 nodes, p=0.129965",
                                           "geometric, 64 nodes, radius=0.249106",
                                           "lattice, 64 nodes, 8\u00d78"};
  for (guint i = 0; i < G_N_ELEMENTS(axes); i++) {
    g_autofree char *text = g_strdup_printf("{'axes': {%s}}", axes[i]);
    g_autoptr(GsSweep) sweep = must_read(text);
    cr_assert_eq(sweep->cell_count, i == 0 ? 3 : 2);
    for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
      g_autoptr(GError) error = NULL;
      g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, cell, 0, &error);
      cr_assert(scenario, "%s", error ? error->message : "");
      cr_expect_str_eq(scenario->topology, topologies[cell]);
    }
  }
}

Test(sweep, a_cell_as_a_scenario_file_gives_the_same_scenario) {
  g_autoptr(GsSweep) sweep = must_read(
      "{'axes': {'topology': ['geometric', 'lattice'], 'nodes': [30], 'network.jitter': ['2ms']}}");
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *text = gs_sweep_scenario_text(sweep, cell, NULL, NULL);
    cr_assert(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) file = gs_scenario_parse(text, strlen(text), "cell", NULL, 0, &error);
    cr_assert(file, "%s: %s", error ? error->message : "", text);
    g_autoptr(GsScenario) direct = gs_sweep_scenario(sweep, cell, 0, NULL);
    cr_expect_str_eq(file->topology, direct->topology);
    cr_expect_eq(file->link_count, direct->link_count);
    cr_expect_eq(file->seed, direct->seed);
    cr_expect(file->jitter.kind == direct->jitter.kind && file->jitter.a == direct->jitter.a &&
              file->jitter.b == direct->jitter.b);
  }
}

Test(sweep, wrong_sweeps_are_refused_with_place_and_reason) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"{'axes': {'topology': ['rinq']}}",
       "sweep.json:1:24: /axes/topology/0: \"rinq\" is no topology; did you mean \"ring\"? Give "
       "\"line\", \"ring\", \"star\", \"tree\", \"lattice\", \"complete\", \"erdos-renyi\", "
       "\"barabasi-albert\", \"watts-strogatz\", \"random-regular\" or \"geometric\", or a "
       "graph file"},
      {"{'axes': {'topology': [{'file': 'no-such.gml'}]}}",
       "sweep.json:1:24: /axes/topology/0: there is no file \"no-such.gml\""},
      {"{'axes': {'topology': [{'file': '/dev/null'}]}}",
       "sweep.json:1:24: /axes/topology/0: must be a graph file that can be read, such as "
       "{\"file\": \"power.gml\"}"},
      {"{'axes': {'topology': []}}",
       "sweep.json:1:23: /axes/topology: no values; give at least one"},
      {"{'axes': {'nodes': [0]}}", "sweep.json:1:21: /axes/nodes/0: \"0\" is no number of nodes; "
                                   "give a whole number from 1 to 16777216"},
      {"{'axes': {'nodes': [8, 8]}}", "nodes: \"8\" is given twice"},
      {"{'axes': {'nodes': 8}}",
       "sweep.json:1:20: /axes/nodes: found a number; must be an array of values, or a range"},
      {"{'axes': {'nodes': {'from': 8, 'to': 4}}}",
       "sweep.json:1:20: /axes/nodes: a range has a \"from\" and a \"to\" that is not below it"},
      {"{'axes': {}, 'cells': []}",
       "sweep.json:1:23: /cells: found \"axes\" and \"cells\"; give one of them"},
      {"{'axes': {'nodes': [8]}, 'repet': 3}",
       "sweep.json:1:35: /repet: unknown member; did you mean \"repeat\"?"},
      {"{'axes': {'nodes': [8]}, 'repeat': 0}",
       "sweep.json:1:36: /repeat: must be a whole number from 1 to 1000000"},
      {"{'axes': {'nodes': [8]}, 'precision': '0%'}",
       "sweep.json:1:39: /precision: \"0%\" is no precision; give a percentage from 0.01% to 100%, "
       "such as 5%"},
      {"{'cells': [{'nodes': 8}, {'topology': 'ring'}]}",
       "sweep.json:1:26: /cells/1: no \"nodes\"; all cells have the same members"},
      {"{'cells': [{'nodes': 8}]}",
       "cells: each must have \"topology\", as there is no \"scenario\""},
      {"{'cells': [{'topology': 'ring'}]}",
       "cells: each must have \"nodes\", as their topologies do not say how many"},
      {"{'cells': [{'topology': 'ring', 'nodes': 8}, {'nodes': 8, 'topology': 'ring'}]}",
       "cells: number 1 (counted from 0) is there twice"},
      {"{'axes': {'nodes': {'from': 1, 'to': 300}, 'seed': {'from': 1, 'to': 300}}}",
       "90000 cells or more; at most 20000 are allowed"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsSweep) sweep = gs_sweep_new();
    cr_expect_not(read_sweep(sweep, cases[i].text, &error), "%s", cases[i].text);
    cr_expect_str_eq(error ? error->message : "accepted", cases[i].message);
  }
}

Test(sweep, cells_that_cannot_be_are_marked_and_wrong_values_refused_before_anything_runs) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsSweep) sweep = must_read("{'axes': {'topology': ['ring', 'random-regular'],"
                                       " 'nodes': [5, 8]}}");
  g_autoptr(GsStudyRuns) runs = gs_study_plan(sweep, &error);
  cr_assert(runs, "%s", error ? error->message : "");
  cr_expect_null(runs->cells[0].problem);
  cr_expect(strstr(runs->cells[2].problem, "nodes \u00d7 k must be even"), "%s",
            runs->cells[2].problem);
  cr_expect_null(runs->cells[3].problem);

  g_autoptr(GsSweep) none = must_read("{'axes': {'topology': ['random-regular'], 'nodes': [5]}}");
  cr_expect_null(gs_study_plan(none, &error));
  cr_expect(error && g_str_has_prefix(error->message, "no cell is possible; the first: "), "%s",
            error->message);
  g_clear_error(&error);
  g_autoptr(GsSweep) wrong = must_read("{'axes': {'network.latencyy': ['1ms'], 'nodes': [8]},"
                                       " 'scenario': {'topology': {'kind': 'ring', 'nodes': 3}}}");
  cr_expect_null(gs_study_plan(wrong, &error));
  cr_expect(error && strstr(error->message, "did you mean \"latency\""), "%s", error->message);
}

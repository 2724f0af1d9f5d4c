/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#include "core/limits.h"
#include "sim/report/remove_folder.h"
#include "sim/scenario/scenario.h"

/* What a scenario makes of the energies and latencies of its graph file. */

/** The scenario of a graph in GML, with more members. */
static GsScenario *scenario_of(const char *graph, const char *more) {
  g_autofree char *folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "a.gml", NULL);
  g_autofree char *source = g_build_filename(folder, "grid.json", NULL);
  g_autofree char *json = g_strconcat("{\"topology\": {\"file\": \"a.gml\"}", more, "}", NULL);
  g_autoptr(GError) error = NULL;
  cr_assert(g_file_set_contents(path, graph, -1, NULL));
  GsScenario *scenario = gs_scenario_parse(json, strlen(json), source, NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no error");
  cr_assert(gs_remove_folder(folder, NULL));
  return scenario;
}

/** That it has one warning, of things not used, and which. */
static void assert_not_used(const GsScenario *scenario, const char *text) {
  cr_assert_eq(scenario->warnings->len, 1);
  const GsWarning *warning = scenario->warnings->pdata[0];
  cr_expect_str_eq(warning->kind, "not-used");
  cr_expect_str_eq(warning->text, text);
}

Test(import_scenario, nodes_begin_with_the_energies_of_the_file_and_the_scenario_says_so) {
  g_autoptr(GsScenario) scenario =
      scenario_of("graph [ node [ id 1 production 20 ] node [ id 2 production 1099511627776 "
                  "consumption 5.0 ] edge [ source 1 target 2 ] ]",
                  "");
  cr_expect_eq(scenario->nodes[0].production, 20);
  cr_expect_eq(scenario->nodes[0].consumption, 0);
  cr_expect_eq(scenario->nodes[1].production, GS_ENERGY_MAX);
  cr_expect_eq(scenario->nodes[1].consumption, 5);
  cr_expect(g_str_has_suffix(scenario->topology, "a.gml with its production and consumption"), "%s",
            scenario->topology);
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(import_scenario, energies_that_cannot_be_or_that_the_scenario_has_are_not_used_and_named) {
  static const char *const cases[][2] = {{"-1", "-1"}, {"\"inf\"", "no number"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *graph = g_strdup_printf(
        "graph [ node [ id 1 label \"a\" production %s ] node [ id 2 ] ]", cases[i][0]);
    g_autofree char *said = g_strdup_printf(
        "\"production\" of nodes in the graph file is not used: that of \"a\" is %s, and all must "
        "be numbers of 0 or more, with at most 18 digits",
        cases[i][1]);
    g_autoptr(GsScenario) scenario = scenario_of(graph, "");
    assert_not_used(scenario, said);
    cr_expect_eq(scenario->nodes[0].production, 0);
    cr_expect(g_str_has_suffix(scenario->topology, "a.gml"), "%s", scenario->topology);
  }
  g_autoptr(GsScenario) own =
      scenario_of("graph [ node [ id 1 production 7 ] node [ id 2 ] ]", ", \"energy\": []");
  assert_not_used(own, "\"production\" of nodes in the graph file is not used: the scenario has "
                       "\"energy\"");
}

/** The scenario of links a-b and b-c of which the first takes this. */
static GsScenario *with_latency(const char *value, const char *more) {
  g_autofree char *graph = g_strdup_printf(
      "graph [ node [ id \"a\" ] node [ id \"b\" ] node [ id \"c\" ] edge [ source \"b\" target "
      "\"c\" ] edge [ source \"b\" target \"a\" latency %s ] ]",
      value);
  return scenario_of(graph, more);
}

Test(import_scenario, links_take_the_latencies_of_the_file_and_the_rest_of_the_network) {
  g_autoptr(GsScenario) scenario =
      with_latency("\"1.000001ms\"", ", \"network\": {\"latency\": \"7ms\", \"jitter\": \"2ms\"}");
  cr_assert_eq(scenario->own_networks->len, 1);
  const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, 0);
  cr_expect_eq(own->link, 0);
  cr_expect_eq(own->network.latency.kind, GS_DISTRIBUTION_CONSTANT);
  cr_expect_eq(own->network.latency.a, 1000001);
  cr_expect_eq(own->network.jitter.kind, GS_DISTRIBUTION_UNIFORM);
  cr_expect_eq(own->network.jitter.b, 2e6);
  cr_expect_eq(scenario->latency.a, 7e6);
  cr_expect(g_str_has_suffix(scenario->topology, "a.gml with its latencies"), "%s",
            scenario->topology);
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(import_scenario, latencies_that_cannot_be_are_not_used_and_named) {
  static const char *const cases[][2] = {
      {"50", "50"}, {"\"50\"", "50"}, {"\"-1ms\"", "-1ms"}, {"\"soon\"", "soon"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = with_latency(cases[i][0], "");
    g_autofree char *said = g_strconcat(
        "\"latency\" of links in the graph file is not used: that of \"a\" and \"b\" is \"",
        cases[i][1], "\", and all must be durations with a unit, such as \"1.5ms\"", NULL);
    assert_not_used(scenario, said);
    cr_expect_eq(scenario->own_networks->len, 0);
    cr_expect(g_str_has_suffix(scenario->topology, "a.gml"), "%s", scenario->topology);
  }
}

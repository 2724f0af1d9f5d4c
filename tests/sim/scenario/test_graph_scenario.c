/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/scenario/scenario.h"

/* What scenarios make of graph files; what is in those is tried in test_import*.c. */

/** The scenario of a file net.json with this content, and more members; NULL with an error. */
static GsScenario *read_with(const char *content, const char *more, GError **error) {
  GsInputFiles *files = gs_input_files_new();
  g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
  gs_input_files_add(files, "net.json", bytes);
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.files = files;
  g_autofree char *text = g_strdup_printf("{\"topology\": {\"file\": \"net.json\"}%s}", more);
  GsScenario *scenario =
      gs_scenario_parse_within(&limits, text, strlen(text), "grid.json", NULL, 0, error);
  gs_input_files_free(files);
  return scenario;
}

static GsScenario *read_good(const char *content, const char *more) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = read_with(content, more, &error);
  cr_assert(scenario, "%s", error ? error->message : "no error");
  return scenario;
}

/** A file of nodes a and b, with what is said of the graph, of a and of the link. */
static char *file_of(const char *graph, const char *node, const char *link) {
  return g_strdup_printf("{\"graph\": {%s}, \"nodes\": [{\"id\": \"a\"%s%s}, {\"id\": \"b\"}], "
                         "\"links\": [{\"source\": \"b\", \"target\": \"a\"%s%s}]}",
                         graph, *node ? ", " : "", node, *link ? ", " : "", link);
}

static void assert_warned(const GsScenario *scenario, const char *kind, uint32_t count,
                          const char *text) {
  cr_assert_eq(scenario->warnings->len, 1);
  const GsWarning *warning = scenario->warnings->pdata[0];
  cr_expect_str_eq(warning->kind, kind);
  cr_expect_eq(warning->count, count);
  cr_expect_str_eq(warning->text, text);
}

static void assert_nothing_taken(const GsScenario *scenario) {
  cr_expect_eq(scenario->nodes[0].production, 0);
  cr_expect_str_eq(scenario->topology, "graph file net.json");
}

Test(graph_scenario, nodes_begin_with_the_energies_of_the_file_and_the_scenario_says_so) {
  g_autofree char *file =
      file_of("", "\"production\": \"1099511627776\", \"consumption\": 5.0", "");
  g_autoptr(GsScenario) scenario = read_good(file, "");
  cr_expect_eq(scenario->nodes[0].production, GS_ENERGY_MAX);
  cr_expect_eq(scenario->nodes[0].consumption, 5);
  cr_expect_str_eq(scenario->topology, "graph file net.json with its production and consumption");
  cr_expect_str_eq(scenario->unit, "kW");
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(graph_scenario, energies_that_cannot_be_or_that_the_scenario_has_are_not_used_and_named) {
  static const struct {
    const char *value, *more, *said;
  } cases[] = {
      {"-1", "",
       ": that of \"a\" is -1, and all must be numbers of 0 or more, with at most 18 "
       "digits"},
      {"\"inf\"", "",
       ": that of \"a\" is no number, and all must be numbers of 0 or more, with at "
       "most 18 digits"},
      {"5", ", \"energy\": []", ": the scenario has \"energy\""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *member = g_strconcat("\"production\": ", cases[i].value, NULL);
    g_autofree char *file = file_of("", member, "");
    g_autofree char *said =
        g_strconcat("\"production\" of nodes in the graph file is not used", cases[i].said, NULL);
    g_autoptr(GsScenario) scenario = read_good(file, cases[i].more);
    assert_warned(scenario, "not-used", 1, said);
    assert_nothing_taken(scenario);
  }
}

/** Unit of the file, of the scenario (NULL: none), the number there, and what it becomes. */
static const struct {
  const char *there, *wanted, *number, *unit;
  int64_t energy;
} scaled[] = {
    {"MW", NULL, "2.5", "kW", 2500},      {"MW", NULL, "3", "MW", 3},
    {"MW", NULL, "0.000001", "W", 1},     {"GW", NULL, "0.000000000012", "mW", 12},
    {"MW", "kW", "2.5", "kW", 2500},      {"MW", "W", "2.5", "W", 2500000},
    {"kW", "MW", "7000", "MW", 7},        {"kW", "kW", "7", "kW", 7},
    {"W", "GW", "25e9", "GW", 25},        {"MW", "mW", "0.000000001", "mW", 1},
    {"bananas", NULL, "7", "bananas", 7}, {"bananas", "bananas", "7", "bananas", 7},
};

Test(graph_scenario, energies_are_scaled_exactly_into_the_unit_that_is_named_or_holds_them) {
  for (guint i = 0; i < G_N_ELEMENTS(scaled); i++) {
    g_autofree char *graph = g_strdup_printf("\"unit\": \"%s\"", scaled[i].there);
    g_autofree char *member = g_strdup_printf("\"production\": \"%s\"", scaled[i].number);
    g_autofree char *more =
        scaled[i].wanted ? g_strdup_printf(", \"unit\": \"%s\"", scaled[i].wanted) : g_strdup("");
    g_autofree char *file = file_of(graph, member, "");
    g_autoptr(GsScenario) scenario = read_good(file, more);
    cr_expect_str_eq(scenario->unit, scaled[i].unit, "case %u", i);
    cr_expect_eq(scenario->nodes[0].production, scaled[i].energy, "case %u", i);
    cr_expect_eq(scenario->warnings->len, 0, "case %u", i);
    g_autofree char *with =
        strcmp(scaled[i].there, scaled[i].unit) == 0
            ? g_strdup_printf(" in \"%s\"", scaled[i].unit)
            : g_strdup_printf(" in \"%s\" (%s in the file)", scaled[i].unit, scaled[i].there);
    cr_expect(strstr(scenario->topology, with), "case %u: %s", i, scenario->topology);
  }
}

Test(graph_scenario, what_no_unit_holds_is_rounded_to_whole_watts_and_said) {
  static const struct {
    const char *number;
    int64_t watts;
  } cases[] = {{"0.0000015100", 2}, {"2.00000049990", 2000000}, {"2.00000050010", 2000001}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *member = g_strdup_printf("\"production\": \"%s1\"", cases[i].number);
    g_autofree char *file = file_of("\"unit\": \"MW\"", member, "");
    g_autoptr(GsScenario) scenario = read_good(file, "");
    cr_expect_str_eq(scenario->unit, "W");
    cr_expect_eq(scenario->nodes[0].production, cases[i].watts, "case %u", i);
    assert_warned(scenario, "rounded", 1,
                  "energies in the graph file have more digits than any unit could hold: 1 is "
                  "rounded to whole W");
  }
}

Test(graph_scenario, a_unit_that_does_not_hold_them_is_refused_with_one_that_would) {
  static const struct {
    const char *graph, *number, *unit, *message;
  } cases[] = {
      {"\"unit\": \"MW\"", "2.5", "MW",
       "grid.json:1:44: /unit: production of \"a\" in the graph file is 2.5 MW, and energies must "
       "be "
       "whole numbers of MW, at most 1099511627776; \"unit\": \"kW\" would do"},
      {"", "2.5", "kW",
       "grid.json:1:44: /unit: production of \"a\" in the graph file is 2.5 kW, and energies must "
       "be "
       "whole numbers of kW, at most 1099511627776; if the file has them in another unit, say "
       "\"topology\": {\"unit\": \"MW\"}, or whichever it is"},
      {"\"unit\": \"MW\"", "0.0000000001", "kW",
       "grid.json:1:44: /unit: production of \"a\" in the graph file is 0.0000000001 MW, and "
       "energies "
       "must be whole numbers of kW, at most 1099511627776; no unit would do; without \"unit\" "
       "they "
       "are rounded, and that is said"},
      {"\"unit\": \"MW\"", "2", "bananas",
       "grid.json:1:44: /unit: found \"bananas\"; the energies of the graph file are in MW, and "
       "the "
       "unit must be TW, GW, MW, kW, W or mW"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *member = g_strdup_printf("\"production\": \"%s\"", cases[i].number);
    g_autofree char *more = g_strdup_printf(", \"unit\": \"%s\"", cases[i].unit);
    g_autofree char *file = file_of(cases[i].graph, member, "");
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario = read_with(file, more, &error);
    cr_assert_null(scenario, "case %u", i);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_expect_str_eq(error->message, cases[i].message);
  }
}

/** The scenario of a file with 2.25 of the unit that the topology says. */
static GsScenario *read_in(const char *graph, const char *unit, const char *more, GError **error) {
  g_autofree char *file = file_of(graph, "\"production\": \"2.25\"", "");
  g_autofree char *topology =
      g_strdup_printf("net.json\"%s%s%s, \"format\": \"node-link", *unit ? ", \"unit\": \"" : "",
                      unit, *unit ? "\"" : "");
  GsInputFiles *files = gs_input_files_new();
  g_autoptr(GBytes) bytes = g_bytes_new(file, strlen(file));
  gs_input_files_add(files, "net.json", bytes);
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.files = files;
  g_autofree char *text = g_strdup_printf("{\"topology\": {\"file\": \"%s\"}%s}", topology, more);
  GsScenario *scenario =
      gs_scenario_parse_within(&limits, text, strlen(text), "grid.json", NULL, 0, error);
  gs_input_files_free(files);
  return scenario;
}

Test(graph_scenario, a_topology_says_the_unit_of_a_file_that_does_not) {
  static const struct {
    const char *unit, *more, *becomes;
    int64_t energy;
  } cases[] = {
      {"MW", "", "kW", 2250},
      {"MW", ", \"unit\": \"W\"", "W", 2250000},
      {"kW", "", "W", 2250},
      {"", "", "W", 2250}, /* it is in kW, as that of a scenario that says none */
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario = read_in("", cases[i].unit, cases[i].more, &error);
    cr_assert(scenario, "%s", error ? error->message : "");
    cr_expect_str_eq(scenario->unit, cases[i].becomes, "case %u", i);
    cr_expect_eq(scenario->nodes[0].production, cases[i].energy, "case %u", i);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) other = read_in("\"unit\": \"MW\"", "kW", "", &error);
  cr_assert_null(other);
  cr_expect_str_eq(error->message,
                   "grid.json:1:43: /topology/unit: found \"kW\"; the file says that "
                   "it is in MW");
}

Test(graph_scenario, links_take_the_latencies_of_the_file_and_the_rest_of_the_network) {
  g_autofree char *file = file_of("", "", "\"latency\": \"1.000001ms\"");
  g_autoptr(GsScenario) scenario =
      read_good(file, ", \"network\": {\"latency\": \"7ms\", \"jitter\": \"2ms\"}");
  cr_assert_eq(scenario->own_networks->len, 1);
  const GsOwnNetwork *own = &g_array_index(scenario->own_networks, GsOwnNetwork, 0);
  cr_expect_eq(own->link, 0);
  cr_expect_eq(own->network.latency.kind, GS_DISTRIBUTION_CONSTANT);
  cr_expect_eq(own->network.latency.a, 1000001);
  cr_expect_eq(own->network.jitter.kind, GS_DISTRIBUTION_UNIFORM);
  cr_expect_eq(own->network.jitter.b, 2e6);
  cr_expect_eq(scenario->latency.a, 7e6);
  cr_expect_str_eq(scenario->topology, "graph file net.json with its latencies");
  cr_expect_eq(scenario->warnings->len, 0);
}

Test(graph_scenario, latencies_that_cannot_be_are_not_used_and_named) {
  static const char *const cases[][2] = {
      {"50", "50"}, {"\"50\"", "50"}, {"\"-1ms\"", "-1ms"}, {"\"soon\"", "soon"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *member = g_strconcat("\"latency\": ", cases[i][0], NULL);
    g_autofree char *file = file_of("", "", member);
    g_autofree char *said = g_strconcat(
        "\"latency\" of links in the graph file is not used: that of \"a\" and \"b\" is \"",
        cases[i][1], "\", and all must be durations with a unit, such as \"1.5ms\"", NULL);
    g_autoptr(GsScenario) scenario = read_good(file, "");
    assert_warned(scenario, "not-used", 1, said);
    cr_expect_eq(scenario->own_networks->len, 0);
    assert_nothing_taken(scenario);
  }
}

Test(graph_scenario, notes_of_the_file_are_warnings_and_its_name_is_told) {
  g_autofree char *file = file_of("\"name\": \"north\"", "\"colour\": \"red\"", "\"weight\": 3");
  g_autoptr(GsScenario) scenario = read_good(file, "");
  cr_assert_eq(scenario->warnings->len, 2);
  cr_expect_str_eq(((GsWarning *)scenario->warnings->pdata[0])->text,
                   "\"colour\" of nodes in the file is not used (line 1, column 40: /nodes/0)");
  cr_expect_str_eq(((GsWarning *)scenario->warnings->pdata[1])->text,
                   "\"weight\" of links in the file is not used (line 1, column 94: /links/0)");
  cr_expect_str_eq(scenario->topology, "graph file net.json named \"north\"");
}

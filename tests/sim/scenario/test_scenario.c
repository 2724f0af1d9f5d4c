/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>

#include "sim/scenario/scenario.h"

#define MS INT64_C(1000000)
#define S GS_SECOND_NS

/** A scenario from text with ' in place of "; `source` is grid.json. */
static GsScenario *read_with(const char *text, const GsOverride *set, guint count) {
  g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
  g_autoptr(GError) error = NULL;
  GsScenario *scenario =
      gs_scenario_parse(json, strlen(json), "folder/grid.json", set, count, &error);
  cr_assert_not_null(scenario, "%s", error ? error->message : "no error");
  cr_assert_null(error);
  return scenario;
}

static GsScenario *read_text(const char *text) {
  return read_with(text, NULL, 0);
}

static void expect_distribution(const GsDistribution *distribution, GsDistributionKind kind,
                                double a, double b) {
  cr_expect_eq(distribution->kind, kind);
  cr_expect_eq(distribution->a, a);
  cr_expect_eq(distribution->b, b);
}

Test(scenario, the_smallest_one_has_the_documented_defaults) {
  g_autoptr(GsScenario) s = read_text("{'nodes': [{}]}");
  cr_expect_str_eq(s->source, "folder/grid.json");
  cr_expect_str_eq(s->name, "grid");
  cr_expect_null(s->about);
  cr_expect_str_eq(s->unit, "kW");
  cr_expect_eq(s->seed, 1);
  cr_expect_eq(s->node_count, 1);
  cr_expect_eq(s->nodes[0].id, 1);
  cr_expect_str_eq(s->nodes[0].name, "N1");
  cr_expect_eq(s->nodes[0].production, 0);
  cr_expect_eq(s->nodes[0].consumption, 0);
  cr_expect_null(s->nodes[0].http);
  cr_expect_eq(s->link_count, 0);
  cr_expect_not(s->handshake);
  cr_expect_null(s->topology);
  cr_expect_not(s->cold);
  expect_distribution(&s->latency, GS_DISTRIBUTION_CONSTANT, 1e6, 0);
  expect_distribution(&s->jitter, GS_DISTRIBUTION_CONSTANT, 0, 0);
  cr_expect(s->fifo);
  cr_expect_eq(s->receive_every_ns, 0);
  cr_expect_eq(s->send_every_ns, 0);
  cr_expect_eq(s->protocol, GS_PROTOCOL_ECHO);
  cr_expect_eq(s->sync, GS_SYNC_EVERY);
  cr_expect_eq(s->until_ns, GS_TIME_NEVER);
  cr_expect_eq(s->schedule_count, 0);
  cr_expect_eq(s->expect.converged, -1);
  cr_expect_eq(s->expect.converged_within_ns, -1);
  cr_expect_not(s->expect.gridnet_all_given);
  cr_expect_eq(s->expect.gridnets->len, 0);
  cr_expect_eq(s->expect.messages->len, 0);
  cr_expect_eq(s->warnings->len, 0);
}

Test(scenario, general_members_are_read) {
  g_autoptr(GsScenario) s = read_text(
      "{'$schema': 'x', 'name': 'Город', 'about': 'two\\nlines', 'unit': 'MW', 'nodes': [{}],"
      "'seed': 9007199254740991, 'protocol': 'original', 'sync': 'coalesce', 'start': 'cold',"
      "'until': '24h', 'pace': 'original'}");
  cr_expect_str_eq(s->name, "Город");
  cr_expect_str_eq(s->about, "two\nlines");
  cr_expect_str_eq(s->unit, "MW");
  cr_expect_eq(s->seed, UINT64_C(9007199254740991));
  cr_expect_eq(s->protocol, GS_PROTOCOL_ORIGINAL);
  cr_expect_eq(s->sync, GS_SYNC_COALESCE);
  cr_expect(s->cold);
  cr_expect_eq(s->until_ns, 86400 * S);
  cr_expect_eq(s->receive_every_ns, 1002 * MS);
  cr_expect_eq(s->send_every_ns, 2010 * MS);
}

Test(scenario, nodes_are_read_and_found_by_name) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{'name': 'A', 'production': 1099511627776, 'http': '127.0.0.1:8001'},"
      "{'id': 0, 'consumption': 7, 'http': '[::1]:65535'}, {'id': 9007199254740991}, {}]}");
  cr_assert_eq(s->node_count, 4);
  cr_expect_eq(s->nodes[0].production, INT64_C(1) << 40);
  cr_expect_str_eq(s->nodes[0].http, "127.0.0.1:8001");
  cr_expect_eq(s->nodes[1].id, 0);
  cr_expect_str_eq(s->nodes[1].name, "N0");
  cr_expect_eq(s->nodes[1].consumption, 7);
  cr_expect_str_eq(s->nodes[2].name, "N9007199254740991");
  cr_expect_eq(s->nodes[3].id, 4);
  uint32_t node = 77;
  cr_expect(gs_scenario_find_node(s, "N4", &node));
  cr_expect_eq(node, 3);
  cr_expect_not(gs_scenario_find_node(s, "a", &node));
  cr_expect_eq(node, 3);
}

Test(scenario, a_node_without_a_name_of_its_own_is_found_by_its_number_only) {
  static const char *const others[] = {"",    "N",    "N0",          "N01",  "N13", "n1", "1",
                                       "N1 ", "N 1",  "N+1",         "N-1",  "N1.", "M1", "NN1",
                                       "*",   "N120", "N4294967297", "N1\n", "Nx",  "N1x"};
  g_autoptr(GsScenario) s = read_text("{'topology': {'kind': 'ring', 'nodes': 12}}");
  for (uint32_t i = 0; i < 12; i++) {
    g_autofree char *name = g_strdup_printf("N%u", i + 1);
    uint32_t node = 77;
    cr_expect(gs_scenario_find_node(s, name, &node) && node == i, "%s", name);
    cr_expect_str_eq(s->nodes[i].name, name);
  }
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    uint32_t node = 77;
    cr_expect_not(gs_scenario_find_node(s, others[i], &node), "%s", others[i]);
    cr_expect_eq(node, 77);
  }
}

Test(scenario, links_are_read_with_the_lower_node_first_and_their_own_network) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {}, {}, {}], 'network': {'latency': '2ms', 'jitter': 0.001, 'fifo': false},"
      "'links': [['N2', 'N1'], {'between': ['N1', 'N3']},"
      "{'between': ['N2', 'N3'], 'latency': {'exponential': '1s'}, 'jitter': '0s'},"
      "{'between': ['N4', 'N3'], 'latency': '9ms'}]}");
  cr_assert_eq(s->link_count, 4);
  cr_expect_eq(s->links[0].a, 0);
  cr_expect_eq(s->links[0].b, 1);
  expect_distribution(&s->latency, GS_DISTRIBUTION_CONSTANT, 2e6, 0);
  expect_distribution(&s->jitter, GS_DISTRIBUTION_UNIFORM, 0, 1e6);
  cr_assert_eq(s->own_networks->len, 2);
  const GsOwnNetwork *own = &g_array_index(s->own_networks, GsOwnNetwork, 0);
  cr_expect_eq(own[0].link, 2);
  expect_distribution(&own[0].network.latency, GS_DISTRIBUTION_EXPONENTIAL, 1e9, 0);
  expect_distribution(&own[0].network.jitter, GS_DISTRIBUTION_CONSTANT, 0, 0);
  /* What it does not say is the scenario's. */
  cr_expect_eq(own[1].link, 3);
  expect_distribution(&own[1].network.latency, GS_DISTRIBUTION_CONSTANT, 9e6, 0);
  expect_distribution(&own[1].network.jitter, GS_DISTRIBUTION_UNIFORM, 0, 1e6);
  cr_expect_not(s->fifo);
}

Test(scenario, every_distribution_of_the_network_is_read) {
  static const struct {
    const char *text;
    GsDistribution latency, jitter;
  } good[] = {
      {"'5ms'", {GS_DISTRIBUTION_CONSTANT, 5e6, 0}, {GS_DISTRIBUTION_UNIFORM, 0, 5e6}},
      {"0.005", {GS_DISTRIBUTION_CONSTANT, 5e6, 0}, {GS_DISTRIBUTION_UNIFORM, 0, 5e6}},
      {"0", {GS_DISTRIBUTION_CONSTANT, 0, 0}, {GS_DISTRIBUTION_CONSTANT, 0, 0}},
      {"{'constant': '5ms'}",
       {GS_DISTRIBUTION_CONSTANT, 5e6, 0},
       {GS_DISTRIBUTION_CONSTANT, 5e6, 0}},
      {"{'uniform': ['1ms', 0.002]}",
       {GS_DISTRIBUTION_UNIFORM, 1e6, 2e6},
       {GS_DISTRIBUTION_UNIFORM, 1e6, 2e6}},
      {"{'uniform': ['2ms', '2ms']}",
       {GS_DISTRIBUTION_UNIFORM, 2e6, 2e6},
       {GS_DISTRIBUTION_UNIFORM, 2e6, 2e6}},
      {"{'exponential': '3ms'}",
       {GS_DISTRIBUTION_EXPONENTIAL, 3e6, 0},
       {GS_DISTRIBUTION_EXPONENTIAL, 3e6, 0}},
      {"{'lognormal': {'median': '3ms', 'sigma': 0.5}}",
       {GS_DISTRIBUTION_LOGNORMAL, 3e6, 0.5},
       {GS_DISTRIBUTION_LOGNORMAL, 3e6, 0.5}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{}], 'network': {'latency': %s, 'jitter': %s}}", good[i].text, good[i].text);
    g_autoptr(GsScenario) s = read_text(text);
    expect_distribution(&s->latency, good[i].latency.kind, good[i].latency.a, good[i].latency.b);
    expect_distribution(&s->jitter, good[i].jitter.kind, good[i].jitter.a, good[i].jitter.b);
  }
}

Test(scenario, a_pace_of_its_own_and_a_handshake_are_read) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {}], 'links': [['N1', 'N2']], 'pace': {'receive': '500ms', 'send': '2s'},"
      "'handshake': {'at': '1s', 'every': '10ms'}}");
  cr_expect_eq(s->receive_every_ns, 500 * MS);
  cr_expect_eq(s->send_every_ns, 2 * S);
  cr_expect(s->handshake);
  cr_expect_eq(s->handshake_at_ns, S);
  cr_expect_eq(s->handshake_every_ns, 10 * MS);
}

Test(scenario, every_kind_of_topology_makes_its_nodes_and_links) {
  static const struct {
    const char *text;
    uint32_t nodes, links;
  } good[] = {
      {"'kind': 'line', 'nodes': 6", 6, 5},
      {"'kind': 'ring', 'nodes': 6, 'seed': 3", 6, 6},
      {"'kind': 'star', 'nodes': 6", 6, 5},
      {"'kind': 'tree', 'nodes': 6", 6, 5},
      {"'kind': 'tree', 'nodes': 6, 'arity': 5", 6, 5},
      {"'kind': 'lattice', 'rows': 2, 'columns': 3", 6, 7},
      {"'kind': 'lattice', 'rows': 3, 'columns': 3, 'torus': true", 9, 18},
      {"'kind': 'complete', 'nodes': 6", 6, 15},
      {"'kind': 'erdos-renyi', 'nodes': 6, 'links': 7", 6, 7},
      {"'kind': 'erdos-renyi', 'nodes': 6, 'p': 1", 6, 15},
      {"'kind': 'barabasi-albert', 'nodes': 6", 6, 9},
      {"'kind': 'barabasi-albert', 'nodes': 6, 'm': 1", 6, 5},
      {"'kind': 'watts-strogatz', 'nodes': 10, 'p': 0", 10, 20},
      {"'kind': 'random-regular', 'nodes': 8", 8, 12},
      {"'kind': 'geometric', 'nodes': 6, 'radius': 2", 6, 15},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = g_strdup_printf("{'topology': {%s}}", good[i].text);
    g_autoptr(GsScenario) s = read_text(text);
    cr_expect_eq(s->node_count, good[i].nodes, "%s", good[i].text);
    cr_expect_eq(s->link_count, good[i].links, "%s: %u", good[i].text, s->link_count);
    cr_expect_not_null(s->topology);
    cr_expect_str_eq(s->nodes[5].name, "N6");
    cr_expect_eq(s->nodes[5].id, 6);
    for (uint32_t l = 0; l < s->link_count; l++)
      cr_expect(s->links[l].a < s->links[l].b);
  }
}

static uint64_t links_hash(const char *text) {
  g_autoptr(GsScenario) s = read_text(text);
  uint64_t hash = s->link_count;
  for (uint32_t l = 0; l < s->link_count; l++)
    hash = (hash * 31 + s->links[l].a) * 31 + s->links[l].b;
  return hash;
}

Test(scenario, a_generated_topology_follows_the_scenarios_seed_unless_it_has_its_own) {
  uint64_t one = links_hash("{'seed': 1, 'topology': {'kind': 'watts-strogatz', 'nodes': 200}}");
  uint64_t two = links_hash("{'seed': 2, 'topology': {'kind': 'watts-strogatz', 'nodes': 200}}");
  uint64_t own =
      links_hash("{'seed': 2, 'topology': {'kind': 'watts-strogatz', 'nodes': 200, 'seed': 1}}");
  cr_expect_neq(one, two);
  cr_expect_eq(one, own);
}

Test(scenario, a_graph_file_is_looked_for_beside_the_scenario_and_names_the_nodes) {
  g_autofree char *folder = g_dir_make_tmp("gridsim-XXXXXX", NULL);
  g_autofree char *graph = g_build_filename(folder, "grid.edges", NULL);
  g_autofree char *path = g_build_filename(folder, "city.json", NULL);
  g_file_set_contents(graph, "a b\nb c\nb a\na a\n", -1, NULL);
  g_file_set_contents(path, "{\"topology\": {\"file\": \"grid.edges\", \"format\": \"edges\"}}", -1,
                      NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) s = gs_scenario_load(path, NULL, 0, &error);
  cr_assert_not_null(s, "%s", error ? error->message : "");
  cr_expect_str_eq(s->name, "city");
  cr_expect_eq(s->node_count, 3);
  cr_expect_eq(s->link_count, 2);
  uint32_t node;
  cr_expect(gs_scenario_find_node(s, "c", &node));
  g_autofree char *place = g_strdup_printf("%s:1:14: /topology", path);
  cr_assert_eq(s->warnings->len, 2);
  const GsWarning *merged = s->warnings->pdata[0], *loops = s->warnings->pdata[1];
  cr_expect_str_eq(merged->kind, "links-merged");
  cr_expect_str_eq(loops->kind, "loops-dropped");
  cr_expect_str_eq(merged->place, place);
  cr_expect_str_eq(loops->place, place);
  cr_expect_eq(merged->count, 1);
  g_remove(graph);
  g_remove(path);
  g_rmdir(folder);
}

Test(scenario, start_energies_are_applied_in_order_and_draws_repeat) {
  const char *text = "{'topology': {'kind': 'ring', 'nodes': 50}, 'seed': 5, 'energy': ["
                     "{'node': '*', 'production': {'uniform': [100, 200]}, 'consumption': 3},"
                     "{'node': ['N1', 'N2'], 'production': 7},"
                     "{'node': 'N2', 'consumption': {'normal': {'mean': 5, 'sd': 0}}}]}";
  g_autoptr(GsScenario) s = read_text(text), again = read_text(text);
  cr_expect_eq(s->nodes[0].production, 7);
  cr_expect_eq(s->nodes[0].consumption, 3);
  cr_expect_eq(s->nodes[1].consumption, 5);
  bool differ = false;
  for (uint32_t i = 2; i < 50; i++) {
    cr_expect(s->nodes[i].production >= 100 && s->nodes[i].production <= 200);
    cr_expect_eq(s->nodes[i].production, again->nodes[i].production);
    differ |= s->nodes[i].production != s->nodes[2].production;
  }
  cr_expect(differ);
  GsOverride seed = {"seed", "6"};
  g_autoptr(GsScenario) other = read_with(text, &seed, 1);
  guint same = 0;
  for (uint32_t i = 2; i < 50; i++)
    same += s->nodes[i].production == other->nodes[i].production;
  cr_expect_lt(same, 10);
}

Test(scenario, energies_of_the_start_are_drawn_apart_for_each_entry_and_for_both_energies) {
  g_autoptr(GsScenario) two = read_text("{'topology': {'kind': 'ring', 'nodes': 20}, 'energy': ["
                                        "{'node': '*', 'consumption': {'uniform': [0, 1000000]}},"
                                        "{'node': '*', 'production': {'uniform': [0, 1000000]}}]}");
  g_autoptr(GsScenario) one = read_text("{'topology': {'kind': 'ring', 'nodes': 20}, 'energy': ["
                                        "{'node': '*', 'production': {'uniform': [0, 1000000]},"
                                        " 'consumption': {'uniform': [0, 1000000]}}]}");
  for (uint32_t i = 0; i < 20; i++) {
    cr_expect_neq(one->nodes[i].production, one->nodes[i].consumption);
    cr_expect_neq(two->nodes[i].production, two->nodes[i].consumption);
    cr_expect_neq(two->nodes[i].production, one->nodes[i].production);
    cr_expect_neq(two->nodes[i].production, one->nodes[i].consumption);
  }
}

Test(scenario, the_schedule_keeps_the_files_order_and_all_that_it_says) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {}, {}], 'until': '1h', 'schedule': ["
      "{'at': '2s', 'node': ['N3', 'N1'], 'production': 5,"
      " 'expect': {'messages': 12, 'converged_within': '10ms'}},"
      "{'at': 1, 'every': '1s', 'until': '9s', 'node': '*', 'consumption': {'ramp': [9, 1]}},"
      "{'at': 0, 'add_sibling': ['N2', 'N1'], 'latency': '7ms'},"
      "{'at': 0, 'every': '1s', 'sync_grid': 'N2'}, {'at': 0, 'update_net': '*'}]}");
  cr_assert_eq(s->schedule_count, 5);
  const GsScheduleEntry *e = s->schedule;
  cr_expect_eq(e[0].at_ns, 2 * S);
  cr_expect_eq(e[0].kind, GS_DO_UPDATE_ENERGY);
  cr_expect_eq(e[0].node_count, 2);
  cr_expect_eq(e[0].nodes[0], 2);
  cr_expect_eq(e[0].nodes[1], 0);
  cr_expect(e[0].production.given && !e[0].consumption.given);
  cr_expect_eq(e[0].expect.messages, 12);
  cr_expect_eq(e[0].expect.converged_within_ns, 10 * MS);
  cr_expect(e[1].all && e[1].consumption.ramp && e[1].until_ns == 9 * S && e[1].every_ns == S);
  expect_distribution(&e[1].consumption.distribution, GS_DISTRIBUTION_CONSTANT, 9, 1);
  cr_expect_eq(e[1].expect.messages, -1);
  cr_expect_eq(e[2].kind, GS_DO_ADD_SIBLING);
  cr_expect(e[2].link.a == 1 && e[2].link.b == 0);
  cr_assert(e[2].own_network && !e[1].own_network);
  expect_distribution(&e[2].own_network->latency, GS_DISTRIBUTION_CONSTANT, 7e6, 0);
  cr_expect(e[3].kind == GS_DO_SYNC_GRID && e[3].until_ns == GS_TIME_NEVER);
  cr_expect(e[4].kind == GS_DO_UPDATE_NET && e[4].all && e[4].every_ns == 0);
  cr_expect_eq(s->warnings->len, 0);
}

Test(scenario, every_distribution_of_an_energy_is_read) {
  static const struct {
    const char *text;
    GsDistribution distribution;
  } good[] = {
      {"5e3", {GS_DISTRIBUTION_CONSTANT, 5000, 0}},
      {"{'uniform': [3, 3]}", {GS_DISTRIBUTION_UNIFORM, 3, 3}},
      {"{'normal': {'mean': 2.5, 'sd': 1.5}}", {GS_DISTRIBUTION_NORMAL, 2.5, 1.5}},
      {"{'exponential': 0.5}", {GS_DISTRIBUTION_EXPONENTIAL, 0.5, 0}},
      {"{'lognormal': {'sigma': 10, 'median': 1}}", {GS_DISTRIBUTION_LOGNORMAL, 1, 10}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{}], 'schedule': [{'at': 0, 'node': 'N1', 'production': %s}]}", good[i].text);
    g_autoptr(GsScenario) s = read_text(text);
    const GsDistribution *d = &good[i].distribution;
    expect_distribution(&s->schedule[0].production.distribution, d->kind, d->a, d->b);
  }
}

Test(scenario, expectations_are_read) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {'name': 'a/b'}], 'expect': {'converged': false, 'converged_within': '3s',"
      "'gridnet': {'a/b': -9007199254740992, 'N1': 3}, 'messages': {'UpdateNet': 4, 'total': 0}}}");
  cr_expect_eq(s->expect.converged, 0);
  cr_expect_eq(s->expect.converged_within_ns, 3 * S);
  cr_assert_eq(s->expect.gridnets->len, 2);
  GsExpectGridnet first = g_array_index(s->expect.gridnets, GsExpectGridnet, 0);
  cr_expect(first.node == 1 && first.value == -(INT64_C(1) << 53));
  cr_assert_eq(s->expect.messages->len, 2);
  GsExpectMessages messages = g_array_index(s->expect.messages, GsExpectMessages, 0);
  cr_expect_str_eq(messages.key, "UpdateNet");
  cr_expect_eq(messages.count, 4);
  g_autoptr(GsScenario) all = read_text("{'nodes': [{}], 'expect': {'gridnet': -4}}");
  cr_expect(all->expect.gridnet_all_given && all->expect.gridnet_all == -4);
}

Test(scenario, settings_on_the_command_line_replace_and_add_members) {
  const GsOverride set[] = {
      {"seed", "9"},          {"network.latency", "5ms"}, {"nodes.1.production", "8"},
      {"pace", "original"},   {"name", "other"},          {"handshake.at", "2"},
      {"handshake.at", "3s"},
  };
  g_autoptr(GsScenario) s = read_with("{'seed': 4, 'nodes': [{}, {}]}", set, G_N_ELEMENTS(set));
  cr_expect_eq(s->seed, 9);
  cr_expect_eq(s->latency.a, 5e6);
  cr_expect_eq(s->nodes[1].production, 8);
  cr_expect_eq(s->send_every_ns, 2010 * MS);
  cr_expect_str_eq(s->name, "other");
  cr_expect_eq(s->handshake_at_ns, 3 * S);
}

Test(scenario, what_never_happens_is_warned_about_with_its_place) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {}], 'links': [['N1', 'N2']], 'until': '10s', 'handshake': {'at': '11s', "
      "'every': '1s'},\n"
      "'schedule': [{'at': '11s', 'sync_grid': '*'},\n"
      "{'at': '1s', 'every': '1s', 'until': '1min', 'sync_grid': '*'}]}");
  const char *const expected[] = {
      "folder/grid.json:1:75: /handshake: the scenario ends before its links are all made",
      "folder/grid.json:2:21: /schedule/0/at: this never happens, the scenario ends before it",
      "folder/grid.json:3:38: /schedule/1/until: the scenario ends before this",
  };
  cr_assert_eq(s->warnings->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_autofree char *line = gs_warning_line(s->warnings->pdata[i]);
    cr_expect_str_eq(line, expected[i]);
  }
}

Test(scenario, what_happens_at_the_very_end_is_not_warned_about) {
  g_autoptr(GsScenario) s = read_text(
      "{'nodes': [{}, {}, {}], 'links': [['N1', 'N2'], ['N2', 'N3']], 'until': '10s',"
      "'handshake': {'at': '9s', 'every': '1s'}, 'schedule': [{'at': '10s', 'sync_grid': '*'},"
      "{'at': '1s', 'every': '1s', 'until': '10s', 'sync_grid': '*'},"
      "{'at': '1s', 'every': '1s', 'until': '1s', 'sync_grid': '*'}]}");
  cr_expect_eq(s->warnings->len, 0);
  cr_expect_eq(s->schedule[2].until_ns, S);
  g_autoptr(GsScenario) long_one =
      read_text("{'nodes': [{}, {}, {}], 'links': [['N1', 'N2'], ['N2', 'N3']],"
                "'handshake': {'at': '25d', 'every': '36500d'}}");
  cr_expect_eq(long_one->handshake_at_ns + long_one->handshake_every_ns, GS_TIME_MAX_NS);
}

Test(scenario, of_very_many_warnings_only_the_first_are_kept) {
  g_autoptr(GString) text = g_string_new("{'nodes': [{}], 'until': 1, 'schedule': [");
  for (int i = 0; i < 30000; i++)
    g_string_append_printf(text, "%s{'at': 2, 'sync_grid': '*'}", i > 0 ? "," : "");
  g_string_append(text, "]}");
  g_autoptr(GsScenario) s = read_text(text->str);
  cr_assert_eq(s->warnings->len, 21);
  g_autofree char *last = gs_warning_line(s->warnings->pdata[20]);
  cr_expect_str_eq(last, "folder/grid.json: 29980 more warnings");
}

Test(scenario, a_hundred_thousand_nodes_and_links_take_linear_time, .timeout = 20) {
  g_autoptr(GString) text = g_string_new("{'nodes': [{}");
  for (int i = 2; i <= 100000; i++)
    g_string_append(text, ",{}");
  g_string_append(text, "], 'links': [['N1', 'N2']");
  for (int i = 3; i <= 100000; i++)
    g_string_append_printf(text, ",['N%d','N1']", i);
  g_string_append(text, "], 'schedule': [{'at': 0, 'node': ['N1'");
  for (int i = 2; i <= 100000; i++)
    g_string_append_printf(text, ",'N%d'", i);
  g_string_append(text, "], 'production': 1}]}");
  g_autoptr(GsScenario) s = read_text(text->str);
  cr_expect_eq(s->node_count, 100000);
  cr_expect_eq(s->link_count, 99999);
  cr_expect_eq(s->schedule[0].node_count, 100000);
}

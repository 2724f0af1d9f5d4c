/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/base/source.h"
#include "sim/scenario/scenario.h"
#include "tests/sim/scenario/bad_scenarios.h"

static char *with_double_quotes(const char *text) {
  return g_strdelimit(g_strdup(text), "'", '"');
}

static void expect_refused(const char *name, const char *text, const GsOverride *set, guint count,
                           const char *message) {
  g_autofree char *json = with_double_quotes(text);
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse(json, strlen(json), "bad.json", set, count, &error);
  cr_expect_null(scenario, "%s is accepted", name);
  if (!scenario)
    cr_expect_str_eq(error->message, message, "%s:\n  %s\nexpected:\n  %s", name, error->message,
                     message);
}

static void expect_all_refused(const BadScenario *bad) {
  for (; bad->name; bad++)
    expect_refused(bad->name, bad->text, NULL, 0, bad->message);
}

Test(bad_scenarios, wrong_json_and_wrong_general_members_are_refused_with_their_place) {
  expect_all_refused(gs_bad_form);
}

Test(bad_scenarios, wrong_nodes_links_topologies_and_energies_are_refused_with_their_place) {
  expect_all_refused(gs_bad_grid);
}

Test(bad_scenarios, wrong_schedules_and_expectations_are_refused_with_their_place) {
  expect_all_refused(gs_bad_schedule);
}

Test(bad_scenarios, wrong_faults_are_refused_with_their_place) {
  expect_all_refused(gs_bad_faults);
}

Test(bad_scenarios, wrong_fates_of_messages_are_refused_with_their_place) {
  expect_all_refused(gs_bad_network);
}

Test(bad_scenarios, wrong_settings_on_the_command_line_are_refused_with_their_path) {
  for (const BadSetting *bad = gs_bad_settings; bad->name; bad++) {
    GsOverride set = {bad->path, bad->value};
    g_autofree char *text = with_double_quotes(bad->text);
    g_autoptr(GsScenario) unset = gs_scenario_parse(text, strlen(text), "bad.json", NULL, 0, NULL);
    cr_expect_not_null(unset, "%s: the text itself is wrong", bad->name);
    expect_refused(bad->name, bad->text, &set, 1, bad->message);
  }
}

Test(bad_scenarios, there_are_many_of_them_and_no_name_is_there_twice) {
  const BadScenario *tables[] = {gs_bad_form, gs_bad_grid, gs_bad_schedule, gs_bad_faults,
                                 gs_bad_network};
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
    for (const BadScenario *bad = tables[i]; bad->name; bad++)
      cr_expect(g_hash_table_insert(names, (gpointer)(uintptr_t)bad->name, NULL), "%s", bad->name);
  cr_expect_geq(g_hash_table_size(names), 75);
}

static void expect_parse_error(const GsScenarioLimits *limits, const char *text, gsize length,
                               int code, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse_within(limits, text, length, "bad.json", NULL, 0, &error);
  cr_assert_null(scenario);
  cr_expect_eq(error->domain, GS_ERROR);
  cr_expect_eq(error->code, code);
  cr_expect_str_eq(error->message, message);
}

Test(bad_scenarios, a_document_that_is_too_deep_is_refused) {
  g_autofree char *text = g_strnfill(100000, '[');
  expect_parse_error(&gs_scenario_default_limits, text, 100000, GS_ERROR_LIMIT,
                     "bad.json:1:65: nested too deeply: at most 64 levels are allowed");
}

Test(bad_scenarios, limits_are_held_and_named) {
  static const struct {
    const char *text, *message;
    int code;
  } bad[] = {
      {"{'nodes': [{}, {}, {}, {}]}", "bad.json:1:11: /nodes: 4 nodes; at most 3 are allowed",
       GS_ERROR_LIMIT},
      {"{'nodes': [{}, {}, {}], 'links': [['N1', 'N2'], ['N1', 'N3'], ['N2', 'N3']]}",
       "bad.json:1:34: /links: 3 links; at most 2 are allowed", GS_ERROR_LIMIT},
      {"{'topology': {'kind': 'line', 'nodes': 4}}",
       "bad.json:1:40: /topology/nodes: found 4; must be a whole number from 1 to 3",
       GS_ERROR_INPUT},
      {"{'topology': {'kind': 'lattice', 'rows': 2, 'columns': 2}}",
       "bad.json:1:14: /topology: 4 nodes; at most 3 are allowed", GS_ERROR_LIMIT},
      {"{'topology': {'kind': 'ring', 'nodes': 3}}",
       "bad.json:1:14: /topology: 3 links; at most 2 are allowed", GS_ERROR_LIMIT},
      {"{'topology': {'file': '/dev/zero'}}",
       "bad.json:1:23: /topology/file: graph files may not be read here", GS_ERROR_INPUT},
      {"{'nodes': [{}], 'about': '                                                        '}",
       "bad.json:1:1: the document has 84 bytes, at most 80 are allowed", GS_ERROR_LIMIT},
  };
  GsScenarioLimits limits = {.max_bytes = 80,
                             .max_nodes = 3,
                             .max_links = 2,
                             .max_energy_sum = GS_ENERGY_SUM_MAX,
                             .no_files = true};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *text = with_double_quotes(bad[i].text);
    expect_parse_error(&limits, text, strlen(text), bad[i].code, bad[i].message);
  }
}

#define SUM_MAX "3298534883328"
#define HALF "549755813888"

/** Three nodes can have any energies under this limit, four only if they add up to no more. */
Test(bad_scenarios, energies_that_could_add_up_to_more_than_a_sum_holds_are_refused) {
  static const struct {
    const char *text, *message; /**< NULL: it is fine */
  } cases[] = {
      {"{'topology': {'kind': 'ring', 'nodes': 3}, 'energy': [{'node': '*', 'production':"
       " 1099511627776}], 'schedule': [{'at': 1, 'node': '*', 'production': 1099511627776}]}",
       NULL},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'energy': [{'node': '*', 'consumption':"
       " 824633720832}]}",
       NULL},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'unit': 'W',\n"
       "  'energy': [{'node': '*', 'consumption': 824633720833}]}",
       "bad.json:2:13: /energy: the consumption of all nodes adds up to more than " SUM_MAX
       " W, the most that sums can hold; in a larger unit the numbers are smaller"},
      {"{'nodes': [{'production': 1099511627776}, {'production': 1099511627776},\n"
       " {'production': 1099511627776}, {'production': 1}]}",
       "bad.json:1:11: /nodes: the production of all nodes adds up to more than " SUM_MAX
       " kW, the most that sums can hold; in a larger unit the numbers are smaller"},
      /* Entries for all nodes: the largest counts; for some: all do. */
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': [{'at': 1, 'node': '*', "
       "'production':"
       " " HALF "}, {'at': 2, 'node': '*', 'production': 7}, {'at': 3, 'node': ['N1', 'N2'],"
       " 'production': " HALF "}, {'at': 4, 'update_net': '*'}]}",
       NULL},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': [{'at': 1, 'node': '*', "
       "'production':"
       " " HALF "}, {'at': 3, 'node': ['N1', 'N2'], 'production': " HALF "},\n"
       " {'at': 4, 'node': 'N1', 'production': 1}]}",
       "bad.json:2:2: /schedule/2: with what is before this, the production of all nodes could add "
       "up to more than " SUM_MAX " kW, the most that sums can hold; in a larger unit the numbers "
       "are smaller"},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': [\n"
       " {'at': 0, 'every': 1, 'until': 5, 'node': '*', 'consumption': {'ramp': [1, 824633720833]}}"
       "]}",
       "bad.json:2:2: /schedule/0: with what is before this, the consumption of all nodes could "
       "add "
       "up to more than " SUM_MAX " kW, the most that sums can hold; in a larger unit the numbers "
       "are smaller"},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': [\n"
       " {'at': 0, 'node': '*', 'consumption': {'exponential': 1000000000}}]}",
       NULL},
      {"{'topology': {'kind': 'ring', 'nodes': 4}, 'schedule': [\n"
       " {'at': 0, 'node': '*', 'consumption': {'exponential': 100000000000}}]}",
       "bad.json:2:2: /schedule/0: with what is before this, the consumption of all nodes could "
       "add "
       "up to more than " SUM_MAX " kW, the most that sums can hold; in a larger unit the numbers "
       "are smaller"},
  };
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.max_energy_sum = 3 * GS_ENERGY_MAX;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = with_double_quotes(cases[i].text);
    if (cases[i].message) {
      expect_parse_error(&limits, text, strlen(text), GS_ERROR_LIMIT, cases[i].message);
      continue;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario =
        gs_scenario_parse_within(&limits, text, strlen(text), "good.json", NULL, 0, &error);
    cr_expect(scenario, "case %u: %s", i, error ? error->message : "no error");
  }
  /* As they are, no grid is refused that was not too large for a sum. */
  cr_expect_eq(gs_scenario_default_limits.max_energy_sum / GS_ENERGY_MAX, 1 << 20);
}

Test(bad_scenarios, a_name_of_more_than_200_bytes_is_refused_and_cut_in_the_message) {
  g_autofree char *name = g_strnfill(201, 'x');
  g_autofree char *cut = g_strnfill(60, 'x');
  g_autofree char *text = g_strdup_printf("{\"nodes\": [{\"name\": \"%s\"}]}", name);
  g_autofree char *message = g_strdup_printf(
      "bad.json:1:21: /nodes/0/name: the name \"%s…\" is longer than 200 bytes; must be 1 to 200 "
      "bytes without control characters",
      cut);
  expect_parse_error(&gs_scenario_default_limits, text, strlen(text), GS_ERROR_INPUT, message);
}

Test(bad_scenarios, of_many_nodes_only_some_are_listed) {
  const char *text =
      "{\"topology\": {\"kind\": \"ring\", \"nodes\": 1000}, \"schedule\": [{\"at\": "
      "0, \"sync_grid\": \"Moscow\"}]}";
  expect_parse_error(&gs_scenario_default_limits, text, strlen(text), GS_ERROR_INPUT,
                     "bad.json:1:83: /schedule/0/sync_grid: no node has the name \"Moscow\"; "
                     "allowed: \"N1\", \"N2\", \"N3\", \"N4\", \"N5\", \"N6\", \"N7\", \"N8\" and "
                     "992 more");
}

/* ---- Files: all below a folder of their own ---- */

static char *folder;

static void enter_folder(void) {
  folder = g_dir_make_tmp("gridsim-XXXXXX", NULL);
  cr_assert(folder && g_chdir(folder) == 0);
}

static void leave_folder(void) {
  g_remove("bad.json");
  g_assert(g_chdir("/") == 0 && g_rmdir(folder) == 0);
  g_free(folder);
}

static void expect_load_error(int code, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_scenario_load("bad.json", NULL, 0, &error);
  cr_assert_null(scenario);
  cr_expect_eq(error->code, code);
  cr_expect_str_eq(error->message, message);
}

static void write_file(const char *text) {
  cr_assert(g_file_set_contents("bad.json", text, -1, NULL));
}

TestSuite(bad_scenario_files, .init = enter_folder, .fini = leave_folder);

Test(bad_scenario_files, a_missing_file_is_refused) {
  expect_load_error(GS_ERROR_SYSTEM, "bad.json: cannot be read: No such file or directory");
}

Test(bad_scenario_files, an_empty_file_is_refused) {
  write_file("");
  expect_load_error(GS_ERROR_INPUT, "bad.json:1:1: the document is empty");
}

Test(bad_scenario_files, a_file_that_is_not_utf8_is_refused) {
  write_file("{\"name\": \"gr\374n\"}");
  expect_load_error(GS_ERROR_INPUT, "bad.json:1:13: the byte 0xFC is not valid UTF-8");
}

Test(bad_scenario_files, a_directory_is_refused) {
  cr_assert_eq(g_mkdir("bad.json", 0700), 0);
  expect_load_error(GS_ERROR_INPUT, "bad.json: found a directory; must be a file or a pipe, or a "
                                    "folder of PyPSA, which has buses.csv");
}

/** Somebody who opens it late, writes in two parts and goes away. */
static void *write_to_fifo(void *data) {
  const char *const *parts = data;
  g_usleep(20000);
  FILE *file = fopen("bad.json", "w");
  for (int i = 0; i < 2; i++) {
    fputs(parts[i], file);
    fflush(file);
    g_usleep(20000);
  }
  fclose(file);
  return NULL;
}

Test(bad_scenario_files, a_fifo_is_read_to_its_end, .timeout = 20) {
  const char *parts[] = {"{\"topology\": {\"kind\": \"ring\",", "\"nodes\": 7}}"};
  cr_assert_eq(mkfifo("bad.json", 0600), 0);
  g_autoptr(GThread) writer = g_thread_new("writer", write_to_fifo, parts);
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_scenario_load("bad.json", NULL, 0, &error);
  g_thread_join(g_steal_pointer(&writer));
  cr_assert_not_null(scenario, "%s", error ? error->message : "");
  cr_assert_eq(scenario->node_count, 7);
}

/** Somebody who writes without end, until nobody reads any more. */
static void *write_without_end(void *data) {
  (void)data;
  static const char spaces[65536] = {0};
  int file = open("bad.json", O_WRONLY);
  while (write(file, spaces, sizeof spaces) > 0)
    ;
  close(file);
  return NULL;
}

Test(bad_scenario_files, a_fifo_without_an_end_is_refused_at_the_limit, .timeout = 60) {
  signal(SIGPIPE, SIG_IGN);
  cr_assert_eq(mkfifo("bad.json", 0600), 0);
  g_autoptr(GThread) writer = g_thread_new("writer", write_without_end, NULL);
  g_autoptr(GError) error = NULL;
  cr_assert_null(gs_source_read("bad.json", 1 << 20, &error));
  g_thread_join(g_steal_pointer(&writer));
  cr_assert_eq(error->code, GS_ERROR_LIMIT);
  cr_assert(g_str_has_prefix(error->message, "bad.json: at least 1"), "%s", error->message);
  cr_assert(g_str_has_suffix(error->message, " bytes; at most 1048576 are allowed"));
}

Test(bad_scenario_files, standard_input_has_a_name_and_no_folder) {
  cr_assert_str_eq(gs_source_name("-"), "(standard input)");
  g_autofree char *here = gs_source_folder(gs_source_name("-"));
  g_autofree char *pipe = gs_source_folder("/dev/fd/63");
  g_autofree char *beside = gs_source_folder("grids/city.json");
  cr_assert_str_eq(here, ".");
  cr_assert_str_eq(pipe, ".");
  cr_assert_str_eq(beside, "grids");
}

Test(bad_scenario_files, a_device_is_refused) {
  cr_assert_eq(symlink("/dev/null", "bad.json"), 0);
  expect_load_error(GS_ERROR_INPUT, "bad.json: found a device; must be a file or a pipe");
}

Test(bad_scenario_files, a_socket_is_refused) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "bad.json"};
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
  expect_load_error(GS_ERROR_SYSTEM, "bad.json: cannot be read: No such device or address");
  close(listener);
}

Test(bad_scenario_files, an_unreadable_file_is_refused) {
  write_file("{}");
  cr_assert_eq(g_chmod("bad.json", 0), 0);
  if (geteuid() == 0)
    cr_skip("root reads every file");
  expect_load_error(GS_ERROR_SYSTEM, "bad.json: cannot be read: Permission denied");
}

Test(bad_scenario_files, a_file_that_is_too_large_is_refused_without_reading_it) {
  int file = open("bad.json", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  cr_assert_eq(ftruncate(file, (off_t)GS_SCENARIO_BYTES_MAX + 1), 0);
  close(file);
  expect_load_error(GS_ERROR_LIMIT, "bad.json: 536870913 bytes; at most 536870912 are allowed");
}

Test(bad_scenario_files, a_graph_file_that_is_a_directory_is_refused) {
  cr_assert_eq(g_mkdir("graph.gml", 0700), 0);
  write_file("{\"topology\": {\"file\": \"graph.gml\"}}");
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_scenario_load("bad.json", NULL, 0, &error);
  g_rmdir("graph.gml");
  cr_assert_null(scenario);
  cr_expect(g_str_has_prefix(error->message, "bad.json:1:23: /topology/file: graph.gml: "), "%s",
            error->message);
}

Test(bad_scenario_files, an_open_file_stays_open_neither_after_success_nor_after_failure) {
  write_file("{\"nodes\": [{}]}");
  int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(before);
  for (int i = 0; i < 3; i++) {
    g_autoptr(GsScenario) scenario = gs_scenario_load("bad.json", NULL, 0, NULL);
    cr_expect_not_null(scenario);
    g_autoptr(GsScenario) none = gs_scenario_load(".", NULL, 0, NULL);
    cr_expect_null(none);
  }
  int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(after);
  cr_expect_eq(before, after);
}

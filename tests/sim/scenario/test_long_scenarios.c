/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/resource.h>

#include "core/limits.h"
#include "tests/scenario_text.h"
#include "tests/sim/scenario/bad_scenarios.h"
#include "tests/sim/sim_support.h"

/*
 * Lists that are long are read element by element. How long, is up to the
 * caller; whatever it says, it must be the same scenario or the same error.
 */

/** What comes of a text: the scenario, or the error, in words. */
static char *outcome(const char *text, const char *source, const GsOverride *set, guint count,
                     uint64_t long_bytes) {
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.long_bytes = long_bytes;
  /* From a block of exactly that size, so that reading on is noticed. */
  gsize length = strlen(text);
  g_autofree char *exact = g_memdup2(text, length);
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse_within(&limits, exact, length, source, set, count, &error);
  return scenario ? gs_scenario_text(scenario)
                  : g_strdup_printf("error %d %s", error->code, error->message);
}

static void expect_alike(const char *text, const char *source, const GsOverride *set, guint count) {
  static const uint64_t least[] = {0, 3, 40, 200};
  g_autofree char *wanted = outcome(text, source, set, count, UINT64_MAX);
  for (guint i = 0; i < G_N_ELEMENTS(least); i++) {
    g_autofree char *found = outcome(text, source, set, count, least[i]);
    cr_expect_str_eq(found, wanted, "%s from %u bytes on:\n%s\nwanted\n%s", text, (guint)least[i],
                     found, wanted);
  }
}

static void expect_all_alike(const BadScenario *bad) {
  for (; bad->name; bad++) {
    g_autofree char *text = g_strdelimit(g_strdup(bad->text), "'", '"');
    expect_alike(text, "bad.json", NULL, 0);
  }
}

Test(long_scenarios, bad_ones_are_refused_with_the_same_words) {
  expect_all_alike(gs_bad_form);
  expect_all_alike(gs_bad_grid);
  expect_all_alike(gs_bad_schedule);
  expect_all_alike(gs_bad_faults);
}

Test(long_scenarios, bad_settings_are_refused_with_the_same_words) {
  for (const BadSetting *bad = gs_bad_settings; bad->name; bad++) {
    g_autofree char *text = g_strdelimit(g_strdup(bad->text), "'", '"');
    expect_alike(text, "bad.json", &(GsOverride){bad->path, bad->value}, 1);
  }
}

Test(long_scenarios, shipped_ones_are_read_the_same) {
  GDir *dir = g_dir_open(GS_TEST_SCENARIOS, 0, NULL);
  guint seen = 0;
  for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
    if (!g_str_has_suffix(name, ".json"))
      continue;
    g_autofree char *path = g_build_filename(GS_TEST_SCENARIOS, name, NULL);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    expect_alike(text, path, NULL, 0);
    seen++;
  }
  g_dir_close(dir);
  cr_assert_geq(seen, 18);
}

/** Numbers of all kinds before, in and behind the lists: each keeps its own exactness. */
static const char grid[] =
    "{\"seed\": 7, \"until\": 100.5, \"nodes\": [{\"production\": 1e1, \"http\": \"h:1\"},"
    "{\"name\": \"B, ]}\\\"\", \"id\": 40}, {\"consumption\": 3.0}, {}], \"unit\": \"W\","
    "\"links\": [[\"N1\", \"N3\"], {\"between\": [\"N4\", \"N3\"], \"latency\": 1.25},"
    "{\"between\": [\"B, ]}\\\"\", \"N1\"], \"jitter\": {\"uniform\": [0, 1.5]}}],"
    "\"network\": {\"latency\": 0.5}, \"schedule\": [{\"at\": 1.5, \"node\": \"N1\","
    "\"production\": 5}, {\"at\": 2, \"sync_grid\": \"*\"}, {\"at\": 3, \"every\": 0.5,"
    "\"update_net\": [\"N1\", \"N4\"]}, {\"at\": 999, \"update_net\": {\"random\": 2}}]}";

Test(long_scenarios, numbers_warnings_and_settings_of_elements_are_the_same) {
  static const GsOverride sets[][2] = {
      {{"seed", "9"}, {"unit", "MW"}},
      {{"nodes.0.production", "77"}, {"nodes.3.name", "last"}},
      {{"nodes.0.production", "77"}, {"nodes.0.production", "78"}},
      {{"nodes.1.id", NULL}, {"nodes.1.http", "h:9"}},
      {{"nodes.1.id", "1"}, {"nodes.2.consumption", "4"}},
      {{"nodes.0.production", "1.5"}, {"seed", "1"}},
      {{"nodes.4.production", "1"}, {"seed", "1"}},
      {{"nodes", NULL}, {"links", NULL}},
      {{"nodes", "3"}, {"seed", "1"}},
      {{"nodes.1", "3"}, {"seed", "1"}},
      {{"nodes.1", NULL}, {"seed", "1"}},
      {{"links.0.0", "N4"}, {"links.0.1", "N1"}},
      {{"links.0.0", "N9"}, {"seed", "1"}},
      {{"links.1.latency", "2s"}, {"links.2.jitter.uniform.1", "2s"}},
      {{"links.2.jitter", NULL}, {"links.2.latency", "7ms"}},
      {{"schedule.0.at", "4s"}, {"schedule.3.update_net.random", "1"}},
      {{"schedule.2.update_net.1", "N3"}, {"schedule", NULL}},
      {{"schedule.1.at", "never"}, {"until", "1s"}},
  };
  expect_alike(grid, "grid.json", NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS(sets); i++)
    expect_alike(grid, "grid.json", sets[i], 2);
}

Test(long_scenarios, a_name_that_is_repeated_in_an_element_is_refused_whatever_its_form) {
  static const char *const elements[] = {
      "{'at': 1, 'at': 2}",
      "{'at': 1, 'sync_grid': '*', '\\u0061t': 2}",
      "{'a\\t': 1, 'a\\u0009': 2}",
      "{'at': 1, 'node': {'random': 1, 'random': 1}, 'production': 4}",
      "[1, {'x': 1, 'y': {'z': 3}, 'x': [{'a': 1, 'a': 2}]}]",
      ("{'a': 1, 'b': 1, 'c': 1, 'd': 1, 'e': 1, 'f': 1, 'g': 1, 'h': 1, 'i': 1, 'j': 1, 'k': 1,"
       "'l': 1, 'm': 1, 'n': 1, 'o': 1, 'p': 1, 'q': 1, 'a': 2}"),
      "{'a': '}', 'b': '\\\\\\'', 'a ': [1, '{', 2], ' a': {}, '': 1, ' ': 1}",
      "{'': 1, '': 2}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(elements); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{}], 'schedule': [{'at': 1, 'sync_grid': '*'}, %s]}", elements[i]);
    expect_alike(g_strdelimit(text, "'", '"'), "twice.json", NULL, 0);
  }
  /* The first of several, in the order of the document. */
  expect_alike("{\"nodes\": [{\"id\": 1, \"id\": 2}], \"links\": [{\"a\": 1, \"a\": 2}]}", "x",
               NULL, 0);
  expect_alike("{\"unit\": {\"a\": 1, \"a\": 2}, \"nodes\": [{\"id\": 1, \"id\": 2}]}", "x", NULL,
               0);
  expect_alike("{\"nodes\": [{\"id\": 1, \"id\": 2}], \"unit\": {\"a\": 1, \"a\": 2}}", "x", NULL,
               0);
  expect_alike("{\"nodes\": [{\"id\": 1, \"id\": 2}], \"nodes\": [{}]}", "x", NULL, 0);
}

/* ---- Memory ---- */

static uint64_t peak_bytes(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (uint64_t)usage.ru_maxrss * 1024;
}

/** Of a tree each would take forty times its text. */
Test(long_scenarios, zeros_where_nothing_of_the_kind_belongs_are_refused_before_they_are_values) {
  static const char *const forms[][3] = {
      {"{\"foo\":[", "]}", "unknown member \"foo\""},
      {"{\"nodes\":[{}],\"schedule\":[[", "]]}", "values in one element of a list"},
      {"{\"network\":{\"foo\":[", "]}}", "values in the document without its long lists"},
      {"{\"seed\":[", "]}", "values in the document without its long lists"},
      {"[", "]", "values in the document"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autoptr(GString) text = g_string_new(forms[i][0]);
    for (guint j = 0; j < GS_JSON_VALUES_MAX + 10; j++)
      g_string_append(text, j ? ",0" : "0");
    g_string_append(text, forms[i][1]);
    uint64_t before = peak_bytes();
    g_autoptr(GError) error = NULL;
    cr_expect_null(gs_scenario_parse(text->str, text->len, "grid.json", NULL, 0, &error));
    cr_expect(strstr(error->message, forms[i][2]), "%s", error->message);
    cr_expect_lt(peak_bytes() - before, 10 * text->len, "%s took %u times", forms[i][0],
                 (guint)((peak_bytes() - before) / text->len));
  }
}

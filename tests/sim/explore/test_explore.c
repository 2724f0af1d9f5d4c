/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "sim/explore/attempt.h"
#include "sim/explore/explicit.h"
#include "sim/explore/heals.h"
#include "sim/explore/hunt.h"
#include "sim/explore/progress_file.h"
#include "sim/explore/report.h"
#include "sim/explore/shrink.h"
#include "sim/explore/simpler.h"
#include "sim/explore/transcript.h"
#include "tests/sim/sim_support.h"

static char *text_of(const GsTree *tree) {
  GString *out = g_string_new(NULL);
  gs_tree_write(tree, 0, out);
  g_strdelimit(out->str, "\"", '\'');
  return g_string_free(out, FALSE);
}

static void expect_text(const GsTree *tree, const char *expected) {
  g_autofree char *text = text_of(tree);
  cr_expect_str_eq(text, expected);
}

Test(explore, a_tree_reads_and_writes_the_same) {
  static const char text[] = "{'a': [1, 2.5, 'x', true, null], 'b': {}, 'c': {'d': [[]]}}";
  g_autoptr(GsTree) tree = gs_test_tree(text);
  g_autoptr(GsTree) copy = gs_tree_copy(tree);
  expect_text(copy, text);
}

Test(explore, a_node_is_forgotten_with_all_that_needs_it) {
  g_autoptr(GsTree) tree =
      gs_test_tree("{'nodes': [{'name': 'A'}, {'name': 'C'}], 'links': [['A', 'B'], ['A', 'C'],"
                   " {'between': ['B', 'C'], 'latency': 0}], 'schedule': [{'at': 1, 'node': 'B'},"
                   " {'at': 1, 'node': ['A', 'B', 'C']}, {'at': 2, 'add_sibling': ['B', 'A']}]}");
  gs_tree_forget_name(tree, "B");
  expect_text(tree, "{'nodes': [{'name': 'A'}, {'name': 'C'}], 'links': [['A', 'C']], 'schedule': "
                    "[{'at': 1, 'node': ['A', 'C']}]}");
}

Test(explore, a_value_is_simpler_only_one_way) {
  g_autoptr(GsTree) time = gs_tree_string("1.075s");
  g_autoptr(GPtrArray) simpler = gs_simpler_values(time);
  cr_assert_gt(simpler->len, 2);
  for (guint i = 0; i < simpler->len; i++) {
    g_autoptr(GPtrArray) again = gs_simpler_values(simpler->pdata[i]);
    for (guint k = 0; k < again->len; k++)
      cr_expect_str_neq(((GsTree *)again->pdata[k])->text, time->text);
  }
  g_autoptr(GsTree) zero = gs_tree_number(0);
  g_autoptr(GPtrArray) none = gs_simpler_values(zero);
  cr_expect_eq(none->len, 0);
}

typedef struct {
  GsTree *base;
  GPtrArray *families;
  GsDrawPlan draw;
} Plan;

static void plan_init(Plan *plan, const char *base) {
  *plan = (Plan){.base = gs_test_tree(base), .families = g_ptr_array_new()};
  for (guint i = 0; i < GS_TOPOLOGY_FILE; i++)
    g_ptr_array_add(plan->families, (gpointer)(guintptr)gs_topology_kind_names[i]);
  plan->draw = (GsDrawPlan){.base = plan->base,
                            .families = plan->families,
                            .least_nodes = 2,
                            .most_nodes = 3,
                            .checks = GS_CHECKS_ALL,
                            .lossy_checks = gs_check_set(GS_CHECK_SUMS)};
}

static void plan_clear(Plan *plan) {
  gs_tree_free(plan->base);
  g_ptr_array_unref(plan->families);
}

static GsScenario *draw(const Plan *plan, uint64_t seed, uint32_t *kinds) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  *kinds = gs_draw_scenario(&plan->draw, seed, text);
  GsScenario *scenario = gs_attempt_parse(text, &error);
  cr_assert(scenario || g_error_matches(error, GS_ERROR, GS_ERROR_IMPOSSIBLE), "%s\n%s",
            error ? error->message : "", text->str);
  return scenario;
}

static bool drawn(uint32_t kinds, GsDrawnKind kind) {
  return kinds >> kind & 1;
}

/** Of many grids, from one node on. */
static void draw_many(const char *base, void (*look)(const GsScenario *scenario, uint32_t kinds)) {
  Plan plan;
  plan_init(&plan, base);
  plan.draw.least_nodes = 1;
  plan.draw.most_nodes = 12;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    uint32_t kinds;
    g_autoptr(GsScenario) scenario = draw(&plan, seed, &kinds);
    if (scenario)
      look(scenario, kinds);
  }
  plan_clear(&plan);
}

static void look_whether_it_heals(const GsScenario *scenario, uint32_t kinds) {
  cr_expect_eq(gs_all_heals(scenario), !drawn(kinds, GS_DRAWN_LOSS_LASTS), "seed %" PRIu64,
               scenario->seed);
  uint32_t left = 0;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    left += scenario->schedule[i].kind == GS_DO_LEAVE;
  cr_expect_leq(3 * left, scenario->node_count);
  if (drawn(kinds, GS_DRAWN_OVERTAKING))
    cr_expect(drawn(kinds, GS_DRAWN_JITTER), "nothing overtakes where all take the same");
  GsCheckSet certain =
      drawn(kinds, GS_DRAWN_LOSS_LASTS) ? gs_check_set(GS_CHECK_SUMS) : GS_CHECKS_ALL;
  cr_expect_eq(scenario->expect.checks, certain);
  cr_expect_eq(scenario->expect.within_ns > 0, certain == GS_CHECKS_ALL);
  cr_expect(!drawn(kinds, GS_DRAWN_LOSS_LASTS) == (scenario->loss == 0));
}

Test(explore, what_goes_wrong_heals_but_for_those_who_leave) {
  draw_many("{}", look_whether_it_heals);
}

static void look_for_faults(const GsScenario *scenario, uint32_t kinds) {
  cr_expect_eq(kinds >> GS_DRAWN_FIRST_FAULT, 0);
  cr_expect_not(scenario->has_faults);
}

Test(explore, nodes_that_do_nothing_about_faults_meet_none) {
  draw_many("{'recovery': 'none'}", look_for_faults);
  draw_many("{'protocol': 'original'}", look_for_faults);
}

Test(explore, what_is_left_of_a_fault_at_the_end_is_seen) {
  static const struct {
    const char *entry;
    bool heals;
  } cases[] = {
      {"{'at': 1, 'crash': 'N2'}", false},
      {"{'at': 1, 'crash': 'N2', 'for': '1s'}", true},
      {"{'at': 1, 'crash': 'N2'}, {'at': 2, 'restart': 'N2'}", true},
      {"{'at': 1, 'pause': 'N1'}", false},
      {"{'at': 1, 'pause': 'N1', 'for': '1s'}", true},
      {"{'at': 1, 'leave': 'N3'}", true},
      {"{'at': 1, 'cut': ['N2', 'N3'], 'one_way': true}", false},
      {"{'at': 1, 'cut': '*'}, {'at': 2, 'heal': '*'}", true},
      {"{'at': 1, 'cut': ['N1', 'N3']}, {'at': 2, 'add_sibling': ['N1', 'N3']}", false},
      {"{'at': 1, 'degrade': {'loss': 0.1}, 'links': '*'}", false},
      {"{'at': 1, 'degrade': {'latency': '1s'}, 'links': '*'}", true},
      {"{'at': 1, 'slow': 'N1', 'by': 10}", true},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'line', 'nodes': 3}, 'schedule': [%s]}", cases[i].entry);
    cr_expect_eq(gs_all_heals(scenario), cases[i].heals, "%s", cases[i].entry);
  }
}

#define LOST "'network': {'messages': [{'link': ['N1', 'N2'], 'number': 1, 'lost': true}]}"
#define WEAK "'schedule': [{'at': 1, 'degrade': {'loss': 0.1}, 'links': '*', 'for': '1s'}]"

Test(explore, what_is_lost_is_made_good_by_who_looks_again) {
  static const struct {
    const char *members;
    bool heals;
  } cases[] = {
      {LOST, true}, /* nodes recover by default */
      {LOST ", 'recovery': 'none'", false},
      {LOST ", 'recovery': {'resync': 'never'}", false},
      {LOST ", 'recovery': 'standard'", true},
      {LOST ", 'schedule': [{'at': 1, 'crash': 'N2', 'for': '1s'}]", true},
      {"'network': {'messages': [{'link': ['N1', 'N2'], 'number': 1, 'latency': '9s'}]}", true},
      {WEAK, true},
      {WEAK ", 'recovery': {'resync': 'never'}", false},
      {"'network': {'loss': 0.1}, 'recovery': 'standard'", false},
      {"'network': {'loss': 0}, 'recovery': 'none'", true},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario =
        gs_test_scenario("{'topology': {'kind': 'line', 'nodes': 3}, %s}", cases[i].members);
    cr_expect_eq(gs_all_heals(scenario), cases[i].heals, "%s", cases[i].members);
  }
}

/** N1 changes at 1 s, and its first message is lost. */
static GsScenario *losing(const char *members) {
  return gs_test_scenario(
      "{'topology': {'kind': 'line', 'nodes': 3}, " LOST ", 'schedule': ["
      "{'at': '1s', 'node': 'N1', 'production': 5}, {'at': '11s', 'node': 'N1', 'production': 6}],"
      " %s}",
      members);
}

Test(explore, what_is_lost_explains_what_is_wrong_for_a_period) {
  static const struct {
    const char *members;
    bool explains;
  } cases[] = {{"'recovery': {'resync': '10s'}, 'until': '10999ms'", true},
               {"'recovery': {'resync': '10s'}, 'until': '11s'", false},
               {"'recovery': {'resync': 'never'}, 'until': '11s'", true},
               {"'recovery': 'none', 'until': '11s'", true}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = losing(cases[i].members);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_expect_eq(results->network_faults.last_by_chance_ns, GS_SECOND_NS);
    /* As if it was wrong and open, which looking again makes good. */
    results->converged = results->quiescent = false;
    for (GsCheck check = 0; check < GS_CHECKS; check++)
      cr_expect_eq(gs_loss_explains(scenario, results, check, -1),
                   cases[i].explains && check != GS_CHECK_SUMS && check != GS_CHECK_IDS, "%s: %s",
                   cases[i].members, gs_check_names[check]);
    results->network_faults.lost[GS_LOST_BY_CHANCE] = 0;
    cr_expect_not(gs_loss_explains(scenario, results, GS_CHECK_IN_SYNC, -1));
  }
}

Test(explore, what_is_lost_explains_that_it_takes_so_long_and_no_longer) {
  g_autoptr(GsScenario) scenario = losing("'recovery': 'standard'");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_assert(results->converged && results->quiescent);
  int64_t in_sync_ns = results->converged_at_ns - GS_SECOND_NS;
  int64_t at_rest_ns = results->quiescent_at_ns - GS_SECOND_NS;
  cr_expect(gs_loss_explains(scenario, results, GS_CHECK_IN_SYNC, in_sync_ns));
  cr_expect_not(gs_loss_explains(scenario, results, GS_CHECK_IN_SYNC, in_sync_ns - 1));
  cr_expect(gs_loss_explains(scenario, results, GS_CHECK_REST, at_rest_ns));
  cr_expect_not(gs_loss_explains(scenario, results, GS_CHECK_REST, at_rest_ns - 1));
}

static GsHunt *hunt(const Plan *plan, uint64_t runs, uint32_t jobs) {
  GsHuntOptions options = {
      .draw = &plan->draw, .first_seed = 1, .runs = runs, .jobs = jobs, .failures_max = 2};
  g_autoptr(GError) error = NULL;
  GsHunt *hunt = gs_hunt_run(&options, NULL, NULL, &error);
  cr_assert(hunt, "%s", error ? error->message : "");
  return hunt;
}

Test(explore, drawn_scenarios_of_all_kinds_pass_all_checks) {
  Plan plan;
  plan_init(&plan, "{}");
  g_autoptr(GsHunt) found = hunt(&plan, 140, 2);
  cr_expect_eq(found->runs, 140);
  for (guint kind = 0; kind < GS_DRAWN_KINDS; kind++)
    cr_expect_gt(found->kinds[kind].runs, 5, "%s", gs_drawn_names[kind]);
  cr_expect_eq(found->failures->len, 0, "%s",
               found->failures->len ? g_array_index(found->failures, GsFailure, 0).says : "");
  plan_clear(&plan);
}

Test(explore, runs_of_too_many_messages_are_given_up_and_counted) {
  Plan plan;
  plan_init(&plan, "{}");
  GsHuntOptions options = {.draw = &plan.draw,
                           .first_seed = 1,
                           .runs = 30,
                           .jobs = 2,
                           .failures_max = 1,
                           .messages_max = 100};
  g_autoptr(GsHunt) found = gs_hunt_run(&options, NULL, NULL, NULL);
  cr_assert_eq(found->runs, 30);
  cr_expect_gt(found->given_up, 0);
  cr_expect_lt(found->given_up, 30);
  cr_expect_leq(found->messages, 100 * (30 - found->given_up));
  cr_expect(found->given_up_seed >= 1 && found->given_up_seed <= 30);
  g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(GsFound));
  g_autoptr(GString) out = g_string_new(NULL);
  gs_explore_text(found, 1, none, out);
  cr_expect(strstr(out->str, " given up after 100 messages, unchecked"));
  cr_expect(strstr(out->str, "all checks of the others passed"));
  g_string_truncate(out, 0);
  gs_explore_json(found, 1, none, out);
  g_autofree char *told = g_strdup_printf("\"given_up_seed\": %" PRIu64 ",", found->given_up_seed);
  cr_expect(strstr(out->str, told), "%s", out->str);
  plan_clear(&plan);
}

Test(explore, a_lost_message_that_nobody_looks_for_is_no_finding) {
  static const char base[] =
      "{'nodes': [{'name': 'N1'}, {'name': 'N2'}], 'links': [['N1', 'N2']], 'recovery': 'none',"
      " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}], 'network': {'messages': ["
      "{'link': ['N1', 'N2'], 'number': 1, 'lost': true},"
      " {'link': ['N1', 'N2'], 'number': 2, 'lost': true}]}}";
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_ptr_array_add(names, (gpointer)(guintptr) "N1");
  g_ptr_array_add(names, (gpointer)(guintptr) "N2");
  Plan plan;
  plan_init(&plan, base);
  plan.draw.names = names;
  plan.draw.has_links = true;
  g_autoptr(GsHunt) found = hunt(&plan, 20, 1);
  cr_expect_eq(found->runs, 20);
  cr_expect_lt(found->in_sync, found->runs, "some fail for that reason");
  cr_expect_eq(found->failures->len, 0);
  /* Who says that it is certain all the same is told. */
  plan.draw.lossy_checks = GS_CHECKS_ALL;
  g_autoptr(GsHunt) all = hunt(&plan, 20, 1);
  cr_expect_eq(all->failures->len, 2);
  plan_clear(&plan);
}

Test(explore, a_search_goes_on_from_what_was_not_made_small) {
  static const GsFailure failures[] = {{.seed = 12}, {.seed = 15}, {.seed = 19}};
  g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(GsFound));
  g_array_set_size(found, G_N_ELEMENTS(failures));
  for (guint i = 0; i < found->len; i++)
    g_array_index(found, GsFound, i).failure = &failures[i];
  GsHunt hunt = {.runs = 10, .failed = 3, .settled = 10, .settled_failed = 3};
  gs_found_settle(found, 10, &hunt);
  cr_expect_eq(hunt.settled, 10);
  cr_expect_not(hunt.stopped);
  /* One that came to its limit is as small as it gets. */
  g_array_index(found, GsFound, 0).shrunk = (GsShrunk){.ended = true};
  g_array_index(found, GsFound, 1).shrunk = (GsShrunk){.ended = true, .stopped = true};
  g_array_index(found, GsFound, 2).shrunk = (GsShrunk){.ended = true, .stopped = true};
  gs_found_settle(found, 10, &hunt);
  cr_expect_eq(hunt.settled, 5);
  cr_expect_eq(hunt.settled_failed, 1);
  cr_expect(hunt.stopped);
}

#define ORIGINAL                                                                                   \
  "{'protocol': 'original', 'network': {'fifo': false, 'jitter': {'exponential': '9ms'}}}"

Test(explore, what_is_found_does_not_depend_on_the_number_of_threads) {
  Plan plan;
  plan_init(&plan, ORIGINAL);
  g_autoptr(GsHunt) one = hunt(&plan, 1000, 1);
  g_autoptr(GsHunt) three = hunt(&plan, 1000, 3);
  cr_assert_gt(one->failures->len, 0);
  cr_assert_eq(one->failures->len, three->failures->len);
  cr_expect_eq(one->runs, three->runs);
  cr_expect_eq(one->messages, three->messages);
  for (guint i = 0; i < one->failures->len; i++) {
    const GsFailure *a = &g_array_index(one->failures, GsFailure, i);
    const GsFailure *b = &g_array_index(three->failures, GsFailure, i);
    cr_expect_eq(a->seed, b->seed);
    cr_expect_str_eq(a->says, b->says);
  }
  plan_clear(&plan);
}

Test(explore, a_failure_is_made_small_and_still_fails) {
  Plan plan;
  plan_init(&plan, ORIGINAL);
  g_autoptr(GsHunt) found = hunt(&plan, 1000, 1);
  cr_assert_gt(found->failures->len, 0);
  const GsFailure *failure = &g_array_index(found->failures, GsFailure, 0);
  g_autoptr(GString) text = g_string_new(NULL);
  gs_draw_scenario(&plan.draw, failure->seed, text);
  g_autoptr(GsTree) tree = gs_tree_parse(text->str, text->len, NULL, NULL);
  g_autoptr(GsTree) again = gs_tree_copy(tree);
  GsShrunk shrunk = gs_shrink(tree, failure->check, NULL, NULL);
  cr_expect_not(shrunk.ended);
  cr_expect_leq(shrunk.nodes, 3);
  cr_expect_leq(shrunk.entries, 2);
  gs_shrink(again, failure->check, NULL, NULL);
  g_autofree char *first = text_of(tree), *second = text_of(again);
  cr_expect_str_eq(first, second);

  g_string_truncate(text, 0);
  gs_tree_write(tree, 0, text);
  g_autoptr(GsScenario) scenario = NULL;
  GsAttempt attempt = {.memory = NULL};
  g_autoptr(GsResults) results = gs_attempt(&attempt, text, &scenario, NULL);
  cr_assert(results);
  cr_assert_eq(results->violations->len, 1);
  cr_expect_eq(g_array_index(results->violations, GsViolation, 0).check, failure->check);
  g_autoptr(GString) told = g_string_new(NULL);
  cr_assert(gs_transcript(scenario, told, NULL));
  cr_expect(strstr(told->str, "is true"), "%s", told->str);
  g_auto(GStrv) lines = g_strsplit(told->str, "\n", -1);
  cr_expect_leq(g_strv_length(lines), GS_TRANSCRIPT_LINES_MAX + 20);
  plan_clear(&plan);
}

Test(explore, how_far_a_search_has_come_is_read_as_it_was_written) {
  g_autofree char *folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, GS_SEARCH_PROGRESS_NAME, NULL);
  g_autoptr(GError) error = NULL;
  GsSearchProgress read = {0}, written = {.search = "abc", .runs = 12345678901, .failures = 3};
  cr_expect_not(gs_search_progress_read(path, &read, &error));
  cr_expect_null(error, "no file is no error");
  cr_assert(gs_search_progress_write(path, &written, &error));
  cr_assert(gs_search_progress_read(path, &read, &error));
  cr_expect_str_eq(read.search, written.search);
  cr_expect_eq(read.runs, written.runs);
  cr_expect_eq(read.failures, written.failures);
  static const char *const bad[] = {"[]",
                                    "{}",
                                    "{\"search\": \"a\", \"runs\": -1, \"failures\": 0}",
                                    "{\"search\": \"a\", \"runs\": 1}",
                                    "x",
                                    ""};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) problem = NULL;
    cr_assert(g_file_set_contents(path, bad[i], -1, NULL));
    cr_expect_not(gs_search_progress_read(path, &read, &problem), "%s", bad[i]);
    cr_expect(problem && g_str_has_prefix(problem->message, path), "%s", bad[i]);
  }
  g_remove(path);
  g_rmdir(folder);
}

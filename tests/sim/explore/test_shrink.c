/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/explore/attempt.h"
#include "sim/explore/draw.h"
#include "sim/explore/explicit.h"
#include "sim/explore/occurrences.h"
#include "sim/explore/pins.h"
#include "sim/explore/shrink.h"
#include "sim/explore/transcript.h"
#include "sim/scenario/chance.h"
#include "tests/sim/sim_support.h"

/* What a failure is made of: chance is written out, and nothing is left that is not needed. */

static GString *text_of(const GsTree *tree) {
  GString *out = g_string_new(NULL);
  gs_tree_write(tree, 0, out);
  return out;
}

/** Digest of its run. */
static char *digest_of(const GsTree *tree) {
  g_autoptr(GString) text = text_of(tree);
  g_autoptr(GsScenario) scenario = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GsResults) results = gs_attempt(&(GsAttempt){.memory = NULL}, text, &scenario, &error);
  cr_expect(results, "%s: %s", text->str, error ? error->message : "");
  return g_strdup(results ? results->digest : "none");
}

static void expect_same_run(const GsTree *one, const GsTree *other) {
  g_autofree char *digest = digest_of(one), *expected = digest_of(other);
  g_autoptr(GString) text = text_of(one), before = text_of(other);
  cr_expect_str_eq(digest, expected, "%s\n%s", before->str, text->str);
}

/** Whether its run does not pass the check. */
static bool fails(const GsTree *tree, GsCheck check) {
  g_autoptr(GString) text = text_of(tree);
  g_autoptr(GsScenario) scenario = NULL;
  g_autoptr(GsResults) results = gs_attempt(&(GsAttempt){.memory = NULL}, text, &scenario, NULL);
  bool found = false;
  for (guint i = 0; results && i < results->violations->len; i++)
    found |= g_array_index(results->violations, GsViolation, i).check == check;
  return found;
}

static GsTree *with_seed(const char *text, uint32_t seed) {
  GsTree *tree = gs_test_tree(text);
  gs_tree_set(tree, "seed", gs_tree_number(seed));
  return tree;
}

Test(shrink, messages_that_are_named_do_what_chance_did) {
  static const char *const networks[] = {
      "{'fifo': false, 'latency': '2ms', 'jitter': {'exponential': '9ms'}}",
      "{'latency': {'uniform': ['1ms', '30ms']}, 'jitter': '5ms'}",
      "{'latency': '3ms', 'loss': 0.1, 'duplicate': 0.1, 'jitter': '5ms', 'fifo': false}",
      "{'latency': '3ms', 'loss': 0.1, 'duplicate': 0.1, 'transport': {'tries': 3}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++)
    for (uint32_t seed = 1; seed <= 20; seed++) {
      g_autofree char *text = g_strdup_printf(
          "{'recovery': 'standard', 'topology': {'kind': 'ring', 'nodes': 4}, 'network': %s,"
          " 'until': '20s',"
          " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5},"
          " {'at': '1.01s', 'node': 'N3', 'production': 7},"
          " {'at': '3s', 'crash': 'N2', 'for': '2s'}]}",
          networks[i]);
      g_autoptr(GsTree) drawn = with_seed(text, seed);
      g_autoptr(GString) written = text_of(drawn);
      GsTree *pins = gs_pins_of_run(&(GsAttempt){.memory = NULL}, written, 10000);
      cr_assert(pins);
      cr_assert(gs_pins_are_needed(drawn));
      g_autoptr(GsTree) named = gs_tree_copy(drawn);
      gs_pins_put(named, pins, i == 1 ? NULL : i == 0 ? "2ms" : "3ms");
      cr_expect_not(gs_pins_are_needed(named));
      expect_same_run(named, drawn);
    }
}

Test(shrink, messages_that_are_too_many_are_not_named) {
  g_autoptr(GsTree) tree = gs_test_tree("{'topology': {'kind': 'ring', 'nodes': 4},"
                                        " 'schedule': [{'at': 1, 'node': 'N1', 'production': 5}]}");
  g_autoptr(GString) text = text_of(tree);
  g_autoptr(GsTree) all = gs_pins_of_run(&(GsAttempt){.memory = NULL}, text, 45);
  g_autoptr(GsTree) none = gs_pins_of_run(&(GsAttempt){.memory = NULL}, text, 44);
  cr_expect_eq(gs_tree_count(all), 45);
  cr_expect_null(none);
}

#define GRID                                                                                       \
  "'topology': {'kind': 'ring', 'nodes': 5}, 'recovery': 'standard', 'network': {'latency': "      \
  "'2ms'}, "

Test(shrink, what_happens_is_the_same_when_it_is_listed) {
  static const char *const scenarios[] = {
      "{" GRID "'schedule': [{'at': '1s', 'every': '500ms', 'until': '4s', 'node': {'random': 2},"
      " 'production': {'uniform': [0, 50]}, 'consumption': {'ramp': [0, 70]}},"
      " {'at': '2s', 'sync_grid': '*'}, {'at': '3s', 'add_sibling': ['N1', 'N3'], 'latency': 0}]}",
      "{" GRID "'schedule': [{'at': '1s', 'cut': {'random': 2}, 'for': {'exponential': '2s'}},"
      " {'at': '2s', 'partition': {'random': 2}, 'for': '900ms'}, {'at': '7s', 'heal': '*'},"
      " {'at': '2s', 'degrade': {'loss': 1}, 'links': {'random': 2}, 'for': '3s'}]}",
      "{" GRID "'faults': [{'crash': {'random': 2}, 'mean_gap': '2s', 'for': {'exponential': '1s'},"
      " 'until': '9s', 'keeps': 'energy'}, {'cut': {'random': 1}, 'mean_gap': '1s', 'for': '300ms',"
      " 'until': '9s', 'one_way': true}, {'slow': 'N1', 'by': 10, 'mean_gap': '3s', 'for': '1s',"
      " 'until': '9s'}]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(scenarios); i++)
    for (uint32_t seed = 1; seed <= 10; seed++) {
      g_autoptr(GsTree) drawn = with_seed(scenarios[i], seed);
      g_autoptr(GString) text = text_of(drawn);
      g_autoptr(GError) error = NULL;
      g_autoptr(GsScenario) scenario = gs_attempt_parse(text, &error);
      cr_assert(scenario, "%s", error ? error->message : "");
      g_autoptr(GsTree) listed = gs_tree_copy(drawn);
      cr_assert(gs_tree_list_occurrences(listed, scenario, 400));
      cr_expect_null(gs_tree_member(listed, "faults"));
      g_autoptr(GString) said = text_of(listed);
      g_autoptr(GsScenario) read = gs_attempt_parse(said, &error);
      cr_assert(read, "%s: %s", said->str, error ? error->message : "");
      cr_expect_not(gs_scenario_draws(read), "%s", said->str);
      expect_same_run(listed, drawn);
      cr_expect_not(gs_tree_list_occurrences(drawn, scenario, 2));
    }
}

/** A scenario of a seed that does not pass in-sync; NULL: it passes. */
static GsTree *failing(uint32_t seed) {
  g_autoptr(GsTree) base =
      gs_test_tree("{'protocol': 'original', 'network': {'fifo': false, 'jitter':"
                   " {'exponential': '9ms'}}, 'sync': 'every', 'schedule': ["
                   "{'at': '1s', 'node': 'N1', 'production': 5},"
                   " {'at': '1.003s', 'node': 'N2', 'production': 7},"
                   " {'at': '1.02s', 'node': 'N1', 'consumption': 9}]}");
  g_autoptr(GPtrArray) families = g_ptr_array_new();
  g_ptr_array_add(families, (gpointer)(guintptr)gs_topology_kind_names[GS_TOPOLOGY_RING]);
  g_ptr_array_add(families, (gpointer)(guintptr)gs_topology_kind_names[GS_TOPOLOGY_LINE]);
  GsDrawPlan plan = {.base = base,
                     .families = families,
                     .least_nodes = 2,
                     .most_nodes = 4,
                     .checks = gs_check_set(GS_CHECK_IN_SYNC)};
  g_autoptr(GString) text = g_string_new(NULL);
  gs_draw_scenario(&plan, seed, text);
  g_autoptr(GsTree) tree = gs_tree_parse(text->str, text->len, NULL, NULL);
  return fails(tree, GS_CHECK_IN_SYNC) ? g_steal_pointer(&tree) : NULL;
}

static void expect_all_needed(GsTree *small, const char *key, const char *in) {
  const GsTree *list = gs_tree_member(in ? gs_tree_member(small, in) : small, key);
  for (guint i = 0; i < gs_tree_count(list); i++) {
    g_autoptr(GsTree) without = gs_tree_copy(small);
    gs_tree_remove(gs_tree_member(in ? gs_tree_member(without, in) : without, key), i, 1);
    cr_expect_not(fails(without, GS_CHECK_IN_SYNC), "%s %u", key, i);
  }
}

Test(shrink, nothing_can_be_left_out_of_what_is_left) {
  guint done = 0;
  for (uint32_t seed = 1; seed < 1000 && done < 6; seed++) {
    g_autoptr(GsTree) drawn = failing(seed);
    if (!drawn)
      continue;
    done++;
    g_autoptr(GsTree) again = gs_tree_copy(drawn);
    GsShrunk shrunk = gs_shrink(drawn, GS_CHECK_IN_SYNC, NULL, NULL);
    gs_shrink(again, GS_CHECK_IN_SYNC, NULL, NULL);
    g_autoptr(GString) text = text_of(drawn), other = text_of(again);
    cr_expect_str_eq(text->str, other->str);
    cr_expect(fails(drawn, GS_CHECK_IN_SYNC), "%s", text->str);
    cr_expect_not(shrunk.ended);
    cr_expect_leq(shrunk.nodes, 3, "%s", text->str);
    cr_expect_leq(shrunk.entries, 2, "%s", text->str);
    cr_expect_leq(shrunk.pins, 6, "%s", text->str);
    cr_expect_not(gs_pins_are_needed(drawn), "%s", text->str);
    expect_all_needed(drawn, "schedule", NULL);
    expect_all_needed(drawn, "links", NULL);
    expect_all_needed(drawn, "messages", "network");
  }
  cr_expect_eq(done, 6);
}

/** Makes it as small as it gets; what it says of recovery then, or "nothing". */
static const char *recovery_of_smallest(GsTree *tree) {
  gs_shrink(tree, GS_CHECK_IN_SYNC, NULL, NULL);
  g_autoptr(GString) text = text_of(tree);
  cr_expect(fails(tree, GS_CHECK_IN_SYNC), "%s", text->str);
  const GsTree *recovery = gs_tree_member(tree, "recovery");
  cr_expect(!recovery || recovery->text, "%s", text->str);
  return recovery ? recovery->text : "nothing";
}

Test(shrink, nodes_recover_as_in_what_was_found) {
  static const struct {
    const char *members, *recovery;
  } cases[] = {
      /* The fault is not needed, and with it the rules would be gone. */
      {"'schedule': [{'at': '1s', 'node': 'N1', 'production': 5},"
       " {'at': '1s', 'crash': 'N2', 'for': '2s'}]",
       "standard"},
      {"'recovery': {'limit': '1s', 'resync': '2s'},"
       " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]",
       "standard"},
      /* Where nothing is said the fault would bring the rules. */
      {"'recovery': 'none', 'energy': [{'node': '*', 'production': 7}],"
       " 'schedule': [{'at': '1s', 'crash': 'N2'}]",
       "none"},
      {"'recovery': 'none', 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]", "nothing"},
      {"'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}]", "nothing"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
        g_strdup_printf("{'topology': {'kind': 'line', 'nodes': 3}, 'network': {'latency': '9ms'},"
                        " %s, 'expect': {'checks': ['in-sync'], 'within': '1ms'}}",
                        cases[i].members);
    g_autoptr(GsTree) tree = gs_test_tree(text);
    cr_expect_str_eq(recovery_of_smallest(tree), cases[i].recovery, "%s", text);
  }
}

Test(shrink, what_a_lost_message_explains_is_not_taken_for_what_was_found) {
  static const struct {
    const char *until, *within;
    guint pins;
  } cases[] = {{"2s", "", 2}, {"10min", ", 'within': '100ms'", 1}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf(
        "{'nodes': [{'name': 'N1'}, {'name': 'N2'}], 'links': [['N1', 'N2']], 'until': '%s',"
        " 'recovery': {'limit': '30s', 'resync': '20s'}, 'network': {'messages': ["
        "{'link': ['N1', 'N2'], 'number': 1, 'lost': true},"
        " {'link': ['N1', 'N2'], 'number': 2, 'lost': true}]},"
        " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 5}],"
        " 'expect': {'checks': ['in-sync']%s}}",
        cases[i].until, cases[i].within);
    g_autoptr(GsTree) tree = gs_test_tree(text);
    gs_shrink(tree, GS_CHECK_IN_SYNC, NULL, NULL);
    g_autoptr(GString) left = text_of(tree);
    cr_expect(fails(tree, GS_CHECK_IN_SYNC), "%s", left->str);
    cr_expect_eq(gs_tree_count(gs_pins_in(tree)), cases[i].pins, "%s", left->str);
  }
}

static bool two_more(const GsShrunk *so_far, void *data) {
  (void)data;
  return so_far->tried < 2;
}

Test(shrink, who_is_stopped_says_so) {
  g_autoptr(GsTree) tree = gs_test_tree(
      "{'topology': {'kind': 'ring', 'nodes': 5}, 'recovery': 'none',"
      " 'schedule': [{'at': '1s', 'crash': 'N2'}], 'expect': {'checks': ['in-sync']}}");
  GsShrunk shrunk = gs_shrink(tree, GS_CHECK_IN_SYNC, two_more, NULL);
  cr_expect(shrunk.ended && shrunk.stopped);
  cr_expect_eq(shrunk.tried, 2);
}

Test(shrink, a_transcript_tells_what_goes_wrong) {
  g_autoptr(GsTree) tree = gs_test_tree(
      "{'recovery': 'standard', 'nodes': [{'name': 'A', 'production': 1}, {'name': 'B'}],"
      " 'links': [['A', 'B']], 'network': {'transport': {'tries': 2}, 'messages': ["
      "{'link': ['A', 'B'], 'number': 1, 'latency': '1ms', 'double': '9ms'},"
      " {'link': ['B', 'A'], 'number': 1, 'lost': true}]}, 'schedule': ["
      "{'at': '1s', 'node': 'A', 'production': 7}, {'at': '5s', 'crash': 'B', 'for': '1s'}]}");
  g_autoptr(GString) text = text_of(tree), told = g_string_new(NULL);
  g_autoptr(GsScenario) scenario = gs_attempt_parse(text, NULL);
  cr_assert(scenario && gs_transcript(scenario, told, NULL));
  static const char *const lines[] = {
      "A  … and the Ask UpdateNet of A:1 to B arrives once more at 1.009s\n",
      "B  sends A the Response UpdateNet of A:1, which is lost (chance)\n",
      "B  is told that A did not get the Response UpdateNet of A:1\n",
      "         5s     B crashes\n",
      "         6s     B is back\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    cr_expect(strstr(told->str, lines[i]), "%s\nin\n%s", lines[i], told->str);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/shrink.h"

#include <math.h>
#include <string.h>

#include "sim/explore/attempt.h"
#include "sim/explore/explicit.h"
#include "sim/explore/heals.h"
#include "sim/explore/occurrences.h"
#include "sim/explore/pins.h"
#include "sim/explore/simpler.h"
#include "sim/scenario/chance.h"

typedef struct {
  GsTree *best;
  GsCheck check;
  GsAttempt attempt;
  GString *text;
  bool draws; /**< what was run last does: it is another with another seed */
  GsShrunk shrunk;
  int64_t within_ns; /**< what nodes are given after the last disturbance; -1: not said */
  bool must_heal;    /**< all that goes wrong, since it did in what is made smaller */
  bool recovers;     /**< nodes have rules of recovery in what is made smaller */
  bool (*progress)(const GsShrunk *, void *);
  void *data;
} Shrinking;

static void count_left(Shrinking *shrinking) {
  shrinking->shrunk.nodes = gs_tree_count(gs_tree_member(shrinking->best, "nodes"));
  shrinking->shrunk.entries = gs_tree_count(gs_tree_member(shrinking->best, "schedule"));
  shrinking->shrunk.pins = gs_tree_count(gs_pins_in(shrinking->best));
}

/** What became of a smaller one. */
typedef enum { CANNOT_BE, PASSES, FAILS } Outcome;

/** Whether its `until` left less time after the last disturbance than nodes are to have: then how
 * it ended says nothing. */
static bool was_cut_short(const Shrinking *shrinking, const GsResults *results) {
  int64_t left_ns = results->end_ns - MAX(results->disturbed_at_ns, 0);
  return !results->quiescent && left_ns < shrinking->within_ns;
}

/**
 * Whether nodes have rules of recovery as before. That they have is to be said: what holds where
 * nothing is said changes with the last fault that is left out, and then it fails for another
 * reason.
 */
static bool recovers_as_before(const Shrinking *shrinking, const GsScenario *scenario) {
  if (!shrinking->recovers)
    return !gs_scenario_recovery(scenario, false);
  return scenario->recovery_said == GS_RECOVERY_RULES;
}

static Outcome try_out(Shrinking *shrinking, const GsTree *candidate) {
  g_string_truncate(shrinking->text, 0);
  gs_tree_write(candidate, 0, shrinking->text);
  g_autoptr(GsScenario) scenario = NULL;
  g_autoptr(GsResults) results = gs_attempt(&shrinking->attempt, shrinking->text, &scenario, NULL);
  if (!results || !results->violations || !recovers_as_before(shrinking, scenario))
    return CANNOT_BE;
  shrinking->draws = gs_scenario_draws(scenario);
  shrinking->shrunk.tried++;
  GsShrunk *shrunk = &shrinking->shrunk;
  shrunk->stopped |= shrinking->progress && !shrinking->progress(shrunk, shrinking->data);
  shrunk->ended |= shrunk->stopped || shrunk->tried >= GS_SHRINK_TRIED_MAX;
  bool heals = !shrinking->must_heal ||
               (gs_all_heals(scenario) &&
                !gs_loss_explains(scenario, results, shrinking->check, shrinking->within_ns));
  if (!heals || was_cut_short(shrinking, results))
    return PASSES;
  for (guint i = 0; i < results->violations->len; i++)
    if (g_array_index(results->violations, GsViolation, i).check == shrinking->check)
      return FAILS;
  return PASSES;
}

/** Keeps it if it fails with its own seed, or another; takes it in any case. */
static bool keep_if_fails(Shrinking *shrinking, GsTree *candidate, uint32_t seeds) {
  const GsTree *seed = gs_tree_member(candidate, "seed");
  double first = seed ? seed->number : 0;
  for (uint32_t i = 0; i < seeds && !shrinking->shrunk.ended; i++) {
    if (i > 0)
      gs_tree_set(candidate, "seed", gs_tree_number(i == first ? 0 : i));
    Outcome outcome = try_out(shrinking, candidate);
    if (outcome == CANNOT_BE || (outcome == PASSES && !shrinking->draws))
      break;
    if (outcome == PASSES)
      continue;
    gs_tree_free(shrinking->best);
    shrinking->best = candidate;
    count_left(shrinking);
    return true;
  }
  gs_tree_free(candidate);
  return false;
}

/* ---- Leaving out ---- */

static GsTree *find(GsTree *root, const guint *path, guint depth) {
  for (guint i = 0; i < depth; i++)
    root = gs_tree_at(root, path[i]);
  return root;
}

/** Leaves out as many as can be of the children of what is at a path, in ever smaller parts. */
static bool leave_out(Shrinking *shrinking, const guint *path, guint depth) {
  guint before = gs_tree_count(find(shrinking->best, path, depth)), part = MAX(before / 2, 1);
  for (; part > 0; part /= 2) {
    guint at = gs_tree_count(find(shrinking->best, path, depth));
    while (at > 0 && !shrinking->shrunk.ended) {
      guint from = at > part ? at - part : 0;
      GsTree *candidate = gs_tree_copy(shrinking->best);
      gs_tree_remove(find(candidate, path, depth), from, at - from);
      keep_if_fails(shrinking, candidate, GS_SHRINK_SEEDS);
      at = from;
    }
  }
  /* A seed that was left out is there again where another one was needed. */
  return gs_tree_count(find(shrinking->best, path, depth)) < before;
}

#define DEPTH_MAX 8u

static bool is_fixed(const GsTree *tree, guint depth) {
  static const char *const fixed[] = {"expect", "nodes", "seed", NULL};
  return depth == 1 && g_strv_contains(fixed, tree->key);
}

/** The same of all lists and objects from there on, the outer ones first. */
static bool leave_out_below(Shrinking *shrinking, guint *path, guint depth) {
  GsTree *here = find(shrinking->best, path, depth);
  if (!here->children || is_fixed(here, depth) || depth >= DEPTH_MAX)
    return false;
  bool helped = gs_tree_count(here) > 0 && leave_out(shrinking, path, depth);
  for (guint i = 0; i < gs_tree_count(find(shrinking->best, path, depth)); i++) {
    path[depth] = i;
    helped |= leave_out_below(shrinking, path, depth + 1);
  }
  return helped;
}

static bool leave_out_nodes(Shrinking *shrinking) {
  bool helped = false;
  for (guint at = gs_tree_count(gs_tree_member(shrinking->best, "nodes"));
       at-- > 0 && !shrinking->shrunk.ended;) {
    GsTree *candidate = gs_tree_copy(shrinking->best);
    const GsTree *node = gs_tree_at(gs_tree_member(candidate, "nodes"), at);
    g_autofree char *name = g_strdup(gs_tree_member(node, "name")->text);
    gs_tree_remove(gs_tree_member(candidate, "nodes"), at, 1);
    gs_tree_forget_name(candidate, name);
    helped |= keep_if_fails(shrinking, candidate, 4 * GS_SHRINK_SEEDS);
  }
  return helped;
}

/* ---- Simpler values ---- */

static bool simplify_below(Shrinking *shrinking, guint *path, guint depth) {
  const GsTree *here = find(shrinking->best, path, depth);
  bool helped = false;
  if (here->children && depth < DEPTH_MAX && !(depth == 1 && g_strcmp0(here->key, "expect") == 0)) {
    for (guint i = 0; i < gs_tree_count(find(shrinking->best, path, depth)); i++) {
      path[depth] = i;
      helped |= simplify_below(shrinking, path, depth + 1);
    }
    return helped;
  }
  g_assert(depth > 0); /* the whole is an object */
  if (depth == 1 && g_strcmp0(here->key, "seed") == 0)
    return false;
  g_autoptr(GPtrArray) simpler = gs_simpler_values(here);
  for (guint i = 0; i < simpler->len && !shrinking->shrunk.ended; i++) {
    GsTree *candidate = gs_tree_copy(shrinking->best);
    GsTree *parent = find(candidate, path, depth - 1);
    GsTree *value = gs_tree_copy(simpler->pdata[i]);
    value->key = g_strdup(gs_tree_at(parent, path[depth - 1])->key);
    gs_tree_free(parent->children->pdata[path[depth - 1]]);
    parent->children->pdata[path[depth - 1]] = value;
    if (keep_if_fails(shrinking, candidate, 2))
      return true;
  }
  return false;
}

/** Energies of nodes that are 0 need not be said. */
static void leave_zeroes_out(GsTree *scenario) {
  const GsTree *nodes = gs_tree_member(scenario, "nodes");
  for (guint i = 0; i < gs_tree_count(nodes); i++) {
    GsTree *node = gs_tree_at(nodes, i);
    for (guint m = gs_tree_count(node); m-- > 0;)
      if (gs_tree_at(node, m)->type == GS_JSON_NUMBER && gs_tree_at(node, m)->number == 0)
        gs_tree_remove(node, m, 1);
  }
}

/** Rules that say nothing of their own are the standard ones. */
static void name_recovery(Shrinking *shrinking) {
  const GsTree *recovery = gs_tree_member(shrinking->best, "recovery");
  if (!recovery || recovery->type != GS_JSON_OBJECT)
    return;
  GsTree *candidate = gs_tree_copy(shrinking->best);
  gs_tree_set(candidate, "recovery", gs_tree_string("standard"));
  keep_if_fails(shrinking, candidate, 1);
}

/** N1, N2, …, if that is all the same. */
static void rename_nodes(Shrinking *shrinking) {
  GsTree *candidate = gs_tree_copy(shrinking->best);
  gs_tree_number_names(candidate);
  keep_if_fails(shrinking, candidate, 1);
}

static void list_grid(Shrinking *shrinking) {
  GsTree *candidate = gs_tree_copy(shrinking->best);
  if (!gs_tree_make_explicit(candidate)) {
    gs_tree_free(candidate);
    return;
  }
  keep_if_fails(shrinking, candidate, 4 * GS_SHRINK_SEEDS);
}

/* ---- In the place of chance ---- */

/** Most entries that are listed of what happens, and messages that are named to begin with. */
#define LISTED 400u
#define NAMED 4000u
/** As many named messages can be read. */
#define READABLE 40u

/** One entry for each thing that happens, so that each can be left out. */
static bool list_occurrences(Shrinking *shrinking) {
  GsTree *candidate = gs_tree_copy(shrinking->best);
  g_string_truncate(shrinking->text, 0);
  gs_tree_write(candidate, 0, shrinking->text);
  g_autoptr(GsScenario) scenario = gs_attempt_parse(shrinking->text, NULL);
  if (scenario && gs_tree_list_occurrences(candidate, scenario, LISTED))
    return keep_if_fails(shrinking, candidate, 1);
  gs_tree_free(candidate);
  return false;
}

/** Most runs for one that is left out, with named messages of other numbers. */
#define RENUMBERED 300u

/** Goes on to the next smaller numbers of named messages, all of which begin with `most`; false:
 * there are none. */
static bool lower_numbers(GsTree *pins, const GsTree *most) {
  for (guint i = 0; i < gs_tree_count(pins); i++) {
    GsTree *number = gs_tree_member(gs_tree_at(pins, i), "number");
    if (--number->number >= 1)
      return true;
    number->number = gs_tree_member(gs_tree_at(most, i), "number")->number;
  }
  return false;
}

/** Without an entry, messages that matter may be earlier ones of their links. */
static bool leave_out_with_numbers(Shrinking *shrinking, guint entry) {
  g_autoptr(GsTree) without = gs_tree_copy(shrinking->best);
  gs_tree_remove(gs_tree_member(without, "schedule"), entry, 1);
  const GsTree *most = gs_pins_in(shrinking->best);
  for (guint i = 0; i < RENUMBERED && !shrinking->shrunk.ended; i++) {
    if (!lower_numbers(gs_pins_in(without), most))
      return false;
    if (keep_if_fails(shrinking, gs_tree_copy(without), 1))
      return true;
  }
  return false;
}

static bool leave_out_entries(Shrinking *shrinking) {
  bool helped = false;
  for (guint at = gs_tree_count(gs_tree_member(shrinking->best, "schedule")); at-- > 0;)
    helped |= leave_out_with_numbers(shrinking, at);
  return helped;
}

/** Leaves out named messages until each is needed; all others take `latency`. False: it does not
 * fail so. */
static bool name_messages(Shrinking *shrinking, const GsTree *pins, const char *latency) {
  GsTree *candidate = gs_tree_copy(shrinking->best);
  gs_pins_put(candidate, gs_tree_copy(pins), latency);
  if (!keep_if_fails(shrinking, candidate, 1))
    return false;
  const GsTree *network = gs_tree_member(shrinking->best, "network");
  guint path[2] = {0};
  for (guint i = 0; i < gs_tree_count(shrinking->best); i++)
    if (gs_tree_at(shrinking->best, i) == network)
      path[0] = i;
  for (guint i = 0; i < gs_tree_count(network); i++)
    if (gs_tree_at(network, i) == gs_pins_in(shrinking->best))
      path[1] = i;
  while (gs_tree_count(gs_pins_in(shrinking->best)) && leave_out(shrinking, path, 2))
    continue;
  return true;
}

/**
 * Names the messages that matter instead of drawing what becomes of each, with that latency of all
 * others which needs the fewest of them. Left as it is where too many are needed.
 */
static bool pin_messages(Shrinking *shrinking) {
  static const char *const latencies[] = {NULL, "10ms", "0"};
  g_string_truncate(shrinking->text, 0);
  gs_tree_write(shrinking->best, 0, shrinking->text);
  g_autoptr(GsTree) pins = gs_pins_of_run(&shrinking->attempt, shrinking->text, NAMED);
  if (!pins)
    return false;
  GsTree *drawn = g_steal_pointer(&shrinking->best), *fewest = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(latencies) && !shrinking->shrunk.ended; i++) {
    shrinking->best = gs_tree_copy(drawn);
    bool fails = name_messages(shrinking, pins, latencies[i]);
    guint count = gs_tree_count(gs_pins_in(shrinking->best));
    if (fails && count <= (fewest ? gs_tree_count(gs_pins_in(fewest)) - 1 : READABLE)) {
      gs_tree_free(fewest);
      fewest = g_steal_pointer(&shrinking->best);
    }
    g_clear_pointer(&shrinking->best, gs_tree_free);
  }
  bool helped = fewest != NULL;
  shrinking->best = helped ? fewest : g_steal_pointer(&drawn);
  gs_tree_free(drawn);
  count_left(shrinking);
  return helped;
}

static void expect_check(GsTree *scenario, GsCheck check) {
  GsTree *expect = gs_tree_new(GS_JSON_OBJECT), *checks = gs_tree_new(GS_JSON_ARRAY);
  const GsTree *before = gs_tree_member(scenario, "expect");
  bool is_bound = check == GS_CHECK_IN_SYNC || check == GS_CHECK_REST;
  const GsTree *within = is_bound ? gs_tree_member(before, "within") : NULL;
  gs_tree_add(checks, gs_tree_string(gs_check_names[check]));
  gs_tree_set(expect, "checks", checks);
  if (within)
    gs_tree_set(expect, "within", gs_tree_string(within->text));
  gs_tree_set(scenario, "expect", expect);
}

/** A run that never ends must not stop shrinking. */
#define MORE_MESSAGES 4u

/** How it is before anything is left out. */
static void begin(Shrinking *shrinking) {
  shrinking->within_ns = -1;
  gs_tree_write(shrinking->best, 0, shrinking->text);
  g_autoptr(GsScenario) scenario = NULL;
  g_autoptr(GsResults) results = gs_attempt(&shrinking->attempt, shrinking->text, &scenario, NULL);
  if (!results)
    return;
  shrinking->within_ns = scenario->expect.within_ns;
  shrinking->must_heal = gs_all_heals(scenario);
  shrinking->recovers = gs_scenario_recovery(scenario, false) != NULL;
  if (shrinking->recovers && scenario->recovery_said == GS_RECOVERY_UNSAID)
    gs_tree_set(shrinking->best, "recovery", gs_tree_string("standard"));
  uint64_t messages = gs_message_counts_total(&results->messages);
  shrinking->attempt.messages_max = 100000 + MORE_MESSAGES * messages;
}

/** Until nothing helps. */
static void make_smaller(Shrinking *shrinking) {
  guint path[DEPTH_MAX + 1] = {0};
  for (bool helped = true; helped && !shrinking->shrunk.ended;) {
    helped = false;
    if (gs_tree_member(shrinking->best, "nodes"))
      helped |= leave_out_nodes(shrinking);
    helped |= leave_out_below(shrinking, path, 0);
    helped |= simplify_below(shrinking, path, 0);
  }
}

GsShrunk gs_shrink(GsTree *scenario, GsCheck check, bool (*progress)(const GsShrunk *, void *),
                   void *data) {
  Shrinking shrinking = {.best = gs_tree_copy(scenario),
                         .check = check,
                         .attempt = {.memory = gs_run_memory_new()},
                         .text = g_string_new(NULL),
                         .progress = progress,
                         .data = data};
  begin(&shrinking);
  expect_check(shrinking.best, check);
  list_grid(&shrinking);
  make_smaller(&shrinking);
  /* What is left of chance is small enough now to be written out. */
  if (list_occurrences(&shrinking))
    make_smaller(&shrinking);
  if (gs_pins_are_needed(shrinking.best) && pin_messages(&shrinking))
    do
      make_smaller(&shrinking);
    while (leave_out_entries(&shrinking));
  name_recovery(&shrinking);
  if (gs_tree_member(shrinking.best, "nodes"))
    rename_nodes(&shrinking);
  leave_zeroes_out(shrinking.best);
  count_left(&shrinking);
  g_ptr_array_set_size(scenario->children, 0);
  while (gs_tree_count(shrinking.best))
    g_ptr_array_add(scenario->children, g_ptr_array_steal_index(shrinking.best->children, 0));
  gs_tree_free(shrinking.best);
  g_string_free(shrinking.text, TRUE);
  gs_run_memory_free(shrinking.attempt.memory);
  return shrinking.shrunk;
}

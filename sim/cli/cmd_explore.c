/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "core/error.h"
#include "sim/base/replace_file.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/explore_args.h"
#include "sim/cli/explore_resume.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/progress.h"
#include "sim/explore/attempt.h"
#include "sim/explore/report.h"
#include "sim/explore/shrink.h"
#include "sim/explore/transcript.h"
#include "sim/report/print.h"

typedef struct {
  ExploreArgs args;
  ExplorePlan plan;
  ExploreResume resume;
  GsInterrupt interrupt;
  GsProgressLine progress;
  GArray *found; /**< of GsFound */
} Explore;

static void clear_found(gpointer found) {
  gs_found_clear(found);
}

static void clear_explore(Explore *explore) {
  GOptionEntry entries[GS_EXPLORE_OPTIONS];
  gs_explore_list_options(&explore->args, entries);
  gs_options_clear(entries);
  gs_explore_plan_clear(&explore->plan);
  gs_explore_resume_clear(&explore->resume);
  g_clear_pointer(&explore->found, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Explore, clear_explore)

void gs_cmd_explore_help(GString *out) {
  ExploreArgs args = {0};
  GOptionEntry entries[GS_EXPLORE_OPTIONS];
  gs_explore_list_options(&args, entries);
  g_string_append(
      out,
      "Usage: gridsim explore [OPTION]… [SCENARIO]\n"
      "\n"
      "Draws a scenario for each of many seeds, runs it and checks it. What the scenario given\n"
      "says stays; what it leaves open is drawn: grid, energies, network, what disturbs it. A\n"
      "run that does not pass a check is made as small as it gets, and told line by line.\n"
      "\n"
      "Examples\n"
      "  gridsim explore --runs 200\n"
      "      grids of all families with 2 to 12 nodes\n"
      "  gridsim explore --set protocol=original --nodes 2..8 --out found\n"
      "      what is wrong with the original's rules, as files that gridsim run takes\n"
      "  gridsim explore --runs 100 scenarios/ieee14.json\n"
      "      this grid, in networks of all kinds\n"
      "  gridsim explore --runs 200 --from 201 --json\n"
      "      the next 200 seeds, for programs\n"
      "\n"
      "With --out the folder also has explored.json, which says how far the search has come: the\n"
      "same command goes on there; with a failure first that was being made smaller when it\n"
      "was stopped.\n"
      "\n"
      "Options\n");
  gs_options_describe(entries, out);
  g_string_append(out,
                  "\nExit status: 0 all runs passed their checks; 1 some did not; 2 wrong usage "
                  "or input;\n130 after Ctrl-C, with what there was so far.\n");
}

static bool on_hunt(const GsHunt *so_far, void *data) {
  Explore *explore = data;
  const GsHuntOptions *hunt = &explore->plan.hunt;
  /* What cannot be written now is an error at the end. */
  gs_explore_resume_save(&explore->resume, so_far, false, NULL);
  if (gs_interrupt_poll(&explore->interrupt))
    return false;
  g_autoptr(GString) line = g_string_new(NULL);
  g_autofree char *runs = gs_text_count(so_far->runs);
  double part = hunt->seconds > 0 ? so_far->wall_s / hunt->seconds : 0;
  part = MAX(part, (double)so_far->runs / (double)hunt->runs);
  g_string_append_printf(line, "%s runs  %.0f/s  %.0f %%", runs,
                         (double)so_far->runs / MAX(so_far->wall_s, 0.001), 100 * MIN(part, 1.0));
  gs_progress_estimate(line, part, so_far->wall_s);
  gs_progress_say(&explore->progress, line->str, so_far->wall_s);
  return true;
}

static bool on_shrink(const GsShrunk *so_far, void *data) {
  Explore *explore = data;
  if (gs_interrupt_poll(&explore->interrupt))
    return false;
  if (so_far->tried % 50)
    return true;
  g_autofree char *line = g_strdup_printf("shrinking: %u tried, %u nodes and %u entries left",
                                          so_far->tried, so_far->nodes, so_far->entries);
  gs_progress_say(&explore->progress, line, 2);
  return true;
}

/** The document of a failure's file: with a name and what it is about in front. */
static GString *write_scenario(const GsFailure *failure, const GsTree *scenario) {
  g_autoptr(GsTree) whole = gs_tree_new(GS_JSON_OBJECT);
  g_autofree char *name =
      g_strdup_printf("%s-%" PRIu64, gs_check_names[failure->check], failure->seed);
  g_autofree char *about = g_strdup_printf("Found by gridsim explore with seed %" PRIu64
                                           ", and made smaller: it does not pass the check %s.",
                                           failure->seed, gs_check_names[failure->check]);
  gs_tree_set(whole, "name", gs_tree_string(name));
  gs_tree_set(whole, "about", gs_tree_string(about));
  for (guint i = 0; i < gs_tree_count(scenario); i++) {
    GsTree *member = gs_tree_at(scenario, i);
    g_autofree char *key = g_strdup(member->key);
    if (!g_str_equal(key, "name") && !g_str_equal(key, "about"))
      gs_tree_set(whole, key, gs_tree_copy(member));
  }
  GString *text = g_string_new(NULL);
  gs_tree_write(whole, 2, text);
  g_string_append_c(text, '\n');
  return text;
}

static bool write_file(const Explore *explore, GsFound *found, GError **error) {
  const char *folder = explore->args.out;
  if (!folder)
    return true;
  g_autofree char *name = g_strdup_printf(
      "%s-%" PRIu64 ".json", gs_check_names[found->failure->check], found->failure->seed);
  found->file = g_build_filename(folder, name, NULL);
  return gs_replace_file(found->file, found->scenario->str, found->scenario->len, error);
}

static bool shrink_one(Explore *explore, const GsFailure *failure, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_draw_scenario(&explore->plan.draw, failure->seed, text);
  g_autoptr(GsTree) scenario = gs_tree_parse(text->str, text->len, NULL, error);
  if (!scenario)
    return false;
  GsFound found = {.failure = failure, .transcript = g_string_new(NULL)};
  found.shrunk = gs_shrink(scenario, failure->check, on_shrink, explore);
  found.scenario = write_scenario(failure, scenario);
  g_array_append_val(explore->found, found);
  GsFound *kept = &g_array_index(explore->found, GsFound, explore->found->len - 1);
  g_autoptr(GsScenario) read = gs_attempt_parse(kept->scenario, error);
  return read && gs_transcript(read, kept->transcript, error) && write_file(explore, kept, error);
}

static GsHunt *hunt(Explore *explore, GError **error) {
  gs_progress_init(&explore->progress, !explore->args.quiet);
  gs_interrupt_begin(&explore->interrupt);
  GsHunt *hunt = gs_hunt_run(&explore->plan.hunt, on_hunt, explore, error);
  bool good = hunt != NULL;
  for (guint i = 0; good && i < hunt->failures->len; i++)
    good = shrink_one(explore, &g_array_index(hunt->failures, GsFailure, i), error);
  if (good)
    gs_found_settle(explore->found, explore->plan.hunt.first_seed, hunt);
  good = good && gs_explore_resume_save(&explore->resume, hunt, true, error);
  gs_interrupt_end(&explore->interrupt);
  gs_progress_clear(&explore->progress);
  if (!good)
    g_clear_pointer(&hunt, gs_hunt_free);
  if (hunt) {
    hunt->runs_before = explore->resume.progress.runs;
    hunt->failed_before = explore->resume.progress.failures;
  }
  return hunt;
}

/** Returns GS_EXIT_DONE when there is something to do. */
static int read_command_line(Explore *explore, char **given) {
  GOptionEntry entries[GS_EXPLORE_OPTIONS];
  gs_explore_list_options(&explore->args, entries);
  g_auto(GStrv) args = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  if (!gs_options_parse(&args, entries, false, &error) ||
      (!explore->args.help && !gs_explore_plan_options(&explore->args, &explore->plan, &error)))
    return gs_cli_usage_error("explore", "explore: %s", error->message);
  char **operands = explore->args.operands;
  if (explore->args.help || !operands)
    return GS_EXIT_DONE;
  if (operands[1])
    return gs_cli_usage_error("explore", "explore: one scenario at a time, but got '%s' and '%s'",
                              operands[0], operands[1]);
  if (explore->args.topology || explore->args.nodes)
    return gs_cli_usage_error("explore",
                              "explore: --topology and --nodes are for grids that are "
                              "drawn, and '%s' has one",
                              operands[0]);
  return GS_EXIT_DONE;
}

static bool make_folder(const Explore *explore, GError **error) {
  const char *folder = explore->args.out;
  if (!folder || g_mkdir_with_parents(folder, 0777) == 0)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "--out: cannot make the folder %s: %s", folder,
              g_strerror(errno));
  return false;
}

int gs_cmd_explore(char **given) {
  g_auto(Explore) explore = {.found = g_array_new(FALSE, FALSE, sizeof(GsFound))};
  g_array_set_clear_func(explore.found, clear_found);
  int status = read_command_line(&explore, given);
  if (status != GS_EXIT_DONE)
    return status;
  g_autoptr(GString) out = g_string_new(NULL);
  if (explore.args.help) {
    gs_cmd_explore_help(out);
    return gs_output_text(out, GS_EXIT_DONE);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GsHunt) hunted = NULL;
  if (gs_explore_plan_base(&explore.args, &explore.plan, &error) && make_folder(&explore, &error) &&
      gs_explore_resume_begin(&explore.args, &explore.plan, &explore.resume, &error))
    hunted = hunt(&explore, &error);
  if (!hunted) {
    gs_cli_error("explore: %s", error->message);
    return GS_EXIT_WRONG;
  }
  uint64_t first = explore.plan.hunt.first_seed;
  if (explore.args.json)
    gs_explore_json(hunted, first, explore.found, out);
  else if (!explore.args.quiet)
    gs_explore_text(hunted, first, explore.found, out);
  status = hunted->failures->len || hunted->failed_before ? GS_EXIT_UNMET : GS_EXIT_DONE;
  if (explore.interrupt.signal) {
    g_autofree char *command =
        gs_explore_resume_command(given, &explore.plan, hunted, explore.args.out != NULL);
    gs_cli_error("explore: stopped; to go on: %s", command);
    status = GS_EXIT_SIGNAL + explore.interrupt.signal;
  }
  return gs_output_text(out, status);
}

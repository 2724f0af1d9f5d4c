/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/explore_resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/report/version.h"

/** What a crash of this program costs at most. */
#define SAVE_EVERY_S 5.0

void gs_explore_resume_clear(ExploreResume *resume) {
  g_clear_pointer(&resume->path, g_free);
}

/** All that decides what a seed is, and what is said of it. */
static void sign(const ExploreArgs *args, const ExplorePlan *plan, char search[65]) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_tree_write(plan->base, 0, text);
  for (guint i = 0; i < plan->families->len; i++)
    g_string_append_printf(text, "\n%s", (const char *)plan->families->pdata[i]);
  g_string_append_printf(text, "\n%u %u %u %" PRIu64 "\n%s\n%s", plan->draw.least_nodes,
                         plan->draw.most_nodes, plan->draw.checks, plan->hunt.first_seed,
                         args->operands ? args->operands[0] : "", gs_commit());
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
  g_strlcpy(search, sum, 65);
}

bool gs_explore_resume_begin(const ExploreArgs *args, ExplorePlan *plan, ExploreResume *resume,
                             GError **error) {
  if (!args->out)
    return true;
  GError *problem = NULL;
  GsSearchProgress before = {0};
  resume->path = g_build_filename(args->out, GS_SEARCH_PROGRESS_NAME, NULL);
  sign(args, plan, resume->progress.search);
  bool is_there = gs_search_progress_read(resume->path, &before, &problem);
  if (problem) {
    g_propagate_error(error, problem);
    return false;
  }
  if (is_there && !g_str_equal(before.search, resume->progress.search)) {
    if (!args->quiet)
      fprintf(stderr,
              "gridsim: explore: %s is of another search; this one begins at seed %" PRIu64 "\n",
              resume->path, plan->hunt.first_seed);
    return true;
  }
  resume->progress.runs = before.runs;
  resume->progress.failures = before.failures;
  plan->hunt.first_seed += before.runs;
  if (!args->lasts)
    plan->hunt.runs -= MIN(plan->hunt.runs, before.runs);
  return true;
}

bool gs_explore_resume_save(ExploreResume *resume, const GsHunt *so_far, bool is_over,
                            GError **error) {
  bool soon = so_far->wall_s - resume->saved_s < SAVE_EVERY_S;
  if (!resume->path || (!is_over && (soon || so_far->failed)))
    return true;
  resume->saved_s = so_far->wall_s;
  GsSearchProgress now = resume->progress;
  now.runs += is_over ? so_far->settled : so_far->runs;
  now.failures += is_over ? so_far->settled_failed : so_far->failed;
  return gs_search_progress_write(resume->path, &now, error);
}

/** Whether an argument is an option, with its value in it or behind it. */
static bool is_option(const char *argument, const char *option, bool *takes_next) {
  gsize length = strlen(option);
  *takes_next = g_str_equal(argument, option);
  return *takes_next || (g_str_has_prefix(argument, option) && argument[length] == '=');
}

char *gs_explore_resume_command(char *const *given, const ExplorePlan *plan, const GsHunt *hunt,
                                bool has_folder) {
  GString *command = g_string_new("gridsim");
  for (char *const *argument = given; *argument; argument++) {
    bool takes_next = false;
    bool is_other = !has_folder && (is_option(*argument, "--from", &takes_next) ||
                                    is_option(*argument, "--runs", &takes_next));
    if (is_other) {
      argument += takes_next && argument[1];
      continue;
    }
    g_autofree char *quoted =
        strpbrk(*argument, " \t\n\"'\\$`*?[]{}()<>|&;!~#") ? g_shell_quote(*argument) : NULL;
    g_string_append_printf(command, " %s", quoted ? quoted : *argument);
  }
  if (has_folder)
    return g_string_free(command, FALSE);
  g_string_append_printf(command, " --from %" PRIu64, plan->hunt.first_seed + hunt->settled);
  if (plan->hunt.seconds == 0)
    g_string_append_printf(command, " --runs %" PRIu64, plan->hunt.runs - hunt->settled);
  return g_string_free(command, FALSE);
}

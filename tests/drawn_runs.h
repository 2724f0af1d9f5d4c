/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "sim/cli/explore_args.h"
#include "sim/explore/attempt.h"
#include "sim/report/report_json.h"

/**
 * What `gridsim explore` draws, run by both runners with several numbers of workers: each must tell
 * the same of it, the digest and every figure. For tests and stress programs.
 */

/** What `gridsim explore` without options draws from. */
static inline void gs_drawn_plan(ExplorePlan *plan) {
  ExploreArgs args = {0};
  g_autoptr(GError) error = NULL;
  if (!gs_explore_plan_options(&args, plan, &error) || !gs_explore_plan_base(&args, plan, &error))
    g_error("%s", error->message);
}

static inline bool gs_drawn_goes_on(const GsRunProgress *progress, void *data) {
  (void)data;
  return progress->messages <= GS_EXPLORED_MESSAGES_MAX;
}

/** The document of a run, without which program did it, and how; NULL: it was given up. g_free. */
static inline char *gs_drawn_document(const GsScenario *scenario, GsRunnerKind runner,
                                      uint32_t workers) {
  GsRunOptions options = {.runner = runner, .workers = workers, .progress = gs_drawn_goes_on};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsResults) results = gs_run(scenario, &options, &error);
  if (!results)
    g_error("%s", error->message);
  if (results->stopped)
    return NULL;
  results->runner = "any";
  results->workers = 0;
  results->wall_s = results->start_s = results->stop_s = 0;
  results->memory_bytes = results->needed_bytes = 0;
  g_autoptr(GPtrArray) unmet = gs_results_unmet(results);
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (!out || gs_report_json(results, unmet, NULL, NULL, out) || fclose(out))
    g_error("no document");
  /* Version and commit are before it. */
  const char *told = strstr(text, "\"results_version\"");
  if (!told)
    g_error("a document without the version of results");
  char *document = g_strdup(told);
  free(text);
  return document;
}

/** The first line of each that is not in the other. Free with g_free. */
static inline char *gs_drawn_first_difference(const char *one, const char *other) {
  gsize line = 0;
  for (gsize i = 0; one[i] && one[i] == other[i]; i++)
    line = one[i] == '\n' ? i + 1 : line;
  return g_strdup_printf("%.*s and %.*s", (int)strcspn(one + line, "\n"), one + line,
                         (int)strcspn(other + line, "\n"), other + line);
}

typedef struct {
  uint64_t agreed, impossible, given_up; /**< scenarios */
  uint32_t kinds;                        /**< GsDrawnKind that those that agreed had, a bit each */
  GChecksum *documents;                  /**< of those that agreed, one after the other */
} GsDrawnRuns;

/** Runs the scenario of a seed eight times; NULL when all is the same, or what differs (g_free). */
static inline char *gs_drawn_difference(const GsDrawPlan *plan, uint64_t seed, GsDrawnRuns *runs) {
  static const uint32_t workers[] = {1, 2, 3, 8};
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  uint32_t kinds = gs_draw_scenario(plan, seed, text);
  g_autoptr(GsScenario) scenario = gs_attempt_parse(text, &error);
  if (!scenario) {
    bool impossible = g_error_matches(error, GS_ERROR, GS_ERROR_IMPOSSIBLE);
    runs->impossible += impossible;
    return impossible ? NULL : g_strdup(error->message);
  }
  g_autofree char *first = gs_drawn_document(scenario, GS_RUNNER_POOL, 1);
  char *differs = NULL;
  for (guint i = 1; first && !differs && i < 2 * G_N_ELEMENTS(workers); i++) {
    GsRunnerKind runner = i < G_N_ELEMENTS(workers) ? GS_RUNNER_POOL : GS_RUNNER_THREADS;
    uint32_t count = workers[i % G_N_ELEMENTS(workers)];
    g_autofree char *again = gs_drawn_document(scenario, runner, count);
    if (!again || strcmp(first, again) != 0) {
      g_autofree char *where = gs_drawn_first_difference(first, again ? again : "(it never ends)");
      differs = g_strdup_printf("seed %" PRIu64 ", %s with %u workers, pool with 1: %s\n%s", seed,
                                gs_runner_names[runner], count, where, text->str);
    }
  }
  runs->agreed += first && !differs;
  runs->kinds |= first && !differs ? kinds : 0;
  runs->given_up += !first;
  if (first && runs->documents)
    g_checksum_update(runs->documents, (const guchar *)first, (gssize)strlen(first));
  return differs;
}

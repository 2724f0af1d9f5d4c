/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/attempt.h"

static bool goes_on(const GsRunProgress *progress, void *data) {
  const GsAttempt *attempt = data;
  if (attempt->messages_max && progress->messages > attempt->messages_max)
    return false;
  return !attempt->stop || !g_atomic_int_get(attempt->stop);
}

GsScenario *gs_attempt_parse(const GString *text, GError **error) {
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.no_files = true;
  return gs_scenario_parse_within(&limits, text->str, text->len, "explored", NULL, 0, error);
}

GsResults *gs_attempt(const GsAttempt *attempt, const GString *text, GsScenario **scenario,
                      GError **error) {
  *scenario = gs_attempt_parse(text, error);
  if (!*scenario)
    return NULL;
  GsRunOptions options = {.runner = GS_RUNNER_POOL,
                          .workers = 1,
                          .memory = attempt->memory,
                          .sinks = attempt->sink,
                          .sink_count = attempt->sink ? 1 : 0,
                          .progress = goes_on,
                          .progress_data = (void *)(guintptr)attempt};
  GsResults *results = gs_run(*scenario, &options, error);
  /* How many messages there were when it was stopped depends on the clock; whether too many, not.
   */
  bool too_many = results && attempt->messages_max &&
                  gs_message_counts_total(&results->messages) > attempt->messages_max;
  if (results && (results->stopped || too_many))
    g_clear_pointer(&results, gs_results_free);
  return results;
}

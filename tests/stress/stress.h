/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"

/**
 * For stress programs: plain programs that end with status 0 when all went
 * well, so that they can run under any sanitizer.
 */

/** Ends the program with a message unless `ok`. */
static inline void stress_require(bool ok, const char *format, ...) G_GNUC_PRINTF(2, 3);
static inline void stress_require(bool ok, const char *format, ...) {
  if (ok)
    return;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  fprintf(stderr, "FAILED: %s\n", text);
  exit(1);
}

/** A scenario from its JSON text, which may use ' for ". */
static inline GsScenario *stress_scenario(const char *text) {
  g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(json, strlen(json), "stress.json", NULL, 0, &error);
  stress_require(scenario, "%s\n%s", error ? error->message : "", text);
  return scenario;
}

static inline GsResults *stress_run(const GsScenario *scenario, const GsRunOptions *options) {
  g_autoptr(GError) error = NULL;
  GsResults *results = gs_run(scenario, options, &error);
  stress_require(results, "%s", error ? error->message : "");
  return results;
}

/** Requires what holds at the end of a run that nobody stopped, and returns its digest. */
static inline char *stress_settled_digest(const GsScenario *scenario, GsRunnerKind runner,
                                          uint32_t workers) {
  GsRunOptions options = {.runner = runner, .workers = workers};
  g_autoptr(GsResults) results = stress_run(scenario, &options);
  const char *name = gs_runner_names[runner];
  stress_require(results->quiescent && results->converged, "%s, %u workers: not settled", name,
                 workers);
  stress_require(!results->open_waves, "%s, %u workers: open waves", name, workers);
  stress_require(results->delivered == gs_message_counts_total(&results->messages),
                 "%s, %u workers: a message was lost", name, workers);
  return g_strdup(results->digest);
}

static inline pthread_t stress_thread(void *(*work)(void *), void *data) {
  pthread_t thread;
  stress_require(!pthread_create(&thread, NULL, work, data), "no thread");
  return thread;
}

static inline void stress_join(pthread_t thread) {
  stress_require(!pthread_join(thread, NULL), "cannot join a thread");
}

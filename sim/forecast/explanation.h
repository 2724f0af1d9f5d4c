/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/forecast/memory_need.h"
#include "sim/scenario/scenario.h"

/** What a scenario is and will do, without running it. */

/** How far the forecast of messages can be trusted. */
typedef enum {
  GS_FORECAST_EXACT,          /**< every run gives this number */
  GS_FORECAST_AT_REST,        /**< if the grid is at rest when a link is made */
  GS_FORECAST_AT_MOST,        /**< reasons to sync are merged, or the end comes before */
  GS_FORECAST_LOSSLESS,       /**< if no message were lost or doubled, as they may be */
  GS_FORECAST_WITHOUT_FAULTS, /**< if nothing of what goes wrong in it went wrong */
} GsForecastTrust;

typedef struct {
  int64_t at_ns;
  char *what;
  uint64_t messages;
} GsForecastRow;

typedef struct {
  const GsScenario *scenario;     /**< borrowed */
  uint64_t links_at_start, links; /**< the second at the end */
  uint32_t islands_at_start, islands;
  uint32_t degree_min, degree_max;
  int64_t production, consumption; /**< at the start, over all nodes */
  uint64_t occurrences;
  bool more_occurrences; /**< than were counted */
  GArray *first;         /**< of GsForecastRow */
  uint64_t messages;
  GsForecastTrust trust;
  GsMemoryNeed memory; /**< as `gridsim run` would run it; 0 of gs_explain_messages */
} GsExplanation;

/** How `gridsim run` runs it without options. */
GsMemoryPlan gs_explanation_plan(const GsScenario *scenario);
/** O(nodes + links + occurrences), and what an estimate of memory takes. */
GsExplanation *gs_explain(const GsScenario *scenario);
/** The same without the memory, which takes by far the longest. */
GsExplanation *gs_explain_messages(const GsScenario *scenario);
void gs_explanation_free(GsExplanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsExplanation, gs_explanation_free)

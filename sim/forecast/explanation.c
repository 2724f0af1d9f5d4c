/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/explanation.h"

#include "core/saturating.h"
#include "sim/forecast/forecast.h"
#include "sim/run/last_search.h"
#include "sim/scenario/chance.h"
#include "sim/scenario/schedule.h"

/** Occurrences that are listed, and those that are counted one by one. */
#define FIRST_SHOWN 10
#define OCCURRENCES_COUNTED 1000000

static void row_clear(gpointer data) {
  g_free(((GsForecastRow *)data)->what);
}

static GsForecastTrust trust_of(const GsScenario *scenario) {
  if (scenario->has_faults)
    return GS_FORECAST_WITHOUT_FAULTS;
  if (gs_scenario_may_fail(scenario))
    return GS_FORECAST_LOSSLESS;
  if (scenario->sync == GS_SYNC_COALESCE || scenario->until_ns != GS_TIME_NEVER)
    return GS_FORECAST_AT_MOST;
  bool grows = scenario->handshake && scenario->link_count > 0;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    grows |= scenario->schedule[i].kind == GS_DO_ADD_SIBLING;
  return grows ? GS_FORECAST_AT_REST : GS_FORECAST_EXACT;
}

/** Goes through the schedule once: counts, lists the first, adds up messages. */
static void walk_schedule(GsExplanation *explanation, GsForecast *forecast) {
  g_autoptr(GsSchedule) schedule = gs_schedule_new(explanation->scenario);
  GsOccurrence occurrence;
  while (gs_schedule_peek_ns(schedule) <= explanation->scenario->until_ns &&
         gs_schedule_pop(schedule, &occurrence)) {
    if (explanation->occurrences == OCCURRENCES_COUNTED) {
      explanation->more_occurrences = true;
      return;
    }
    explanation->occurrences++;
    uint64_t messages = gs_forecast_occurrence(forecast, schedule, &occurrence);
    explanation->messages = gs_saturating_add(explanation->messages, messages);
    if (explanation->first->len < FIRST_SHOWN) {
      GsForecastRow row = {.at_ns = occurrence.at_ns,
                           .what = gs_occurrence_describe(schedule, &occurrence),
                           .messages = messages};
      g_array_append_val(explanation->first, row);
    }
  }
}

GsMemoryPlan gs_explanation_plan(const GsScenario *scenario) {
  return (GsMemoryPlan){.runner = gs_runner_for(scenario->node_count),
                        .searched_max = GS_LAST_MESSAGES_MAX};
}

GsExplanation *gs_explain_messages(const GsScenario *scenario) {
  GsExplanation *explanation = g_new0(GsExplanation, 1);
  explanation->scenario = scenario;
  explanation->first = g_array_new(FALSE, FALSE, sizeof(GsForecastRow));
  g_array_set_clear_func(explanation->first, row_clear);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    explanation->production += scenario->nodes[i].production;
    explanation->consumption += scenario->nodes[i].consumption;
  }
  g_autoptr(GsForecast) forecast = gs_forecast_new(scenario);
  explanation->links_at_start = gs_forecast_links(forecast);
  explanation->islands_at_start = gs_forecast_islands(forecast);
  walk_schedule(explanation, forecast);
  explanation->links = gs_forecast_links(forecast);
  explanation->islands = gs_forecast_islands(forecast);
  gs_forecast_degrees(forecast, &explanation->degree_min, &explanation->degree_max);
  explanation->trust = trust_of(scenario);
  return explanation;
}

GsExplanation *gs_explain(const GsScenario *scenario) {
  GsExplanation *explanation = gs_explain_messages(scenario);
  GsMemoryPlan plan = gs_explanation_plan(scenario);
  gs_memory_need(scenario, &plan, &explanation->memory);
  return explanation;
}

void gs_explanation_free(GsExplanation *explanation) {
  if (!explanation)
    return;
  g_array_unref(explanation->first);
  g_free(explanation);
}

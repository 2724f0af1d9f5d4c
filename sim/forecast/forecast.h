/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/schedule.h"

/**
 * How many messages a scenario leads to, worked out without running it, from
 * what waves and floods cost on its islands (core/cost.h). Holds exactly when
 * every reason to sync starts a wave and nothing is lost; what a new link leads
 * to, when it finds the grid at rest.
 */
typedef struct GsForecast GsForecast;

/** The grid as it is at the start. `scenario` is borrowed. */
GsForecast *gs_forecast_new(const GsScenario *scenario);
void gs_forecast_free(GsForecast *forecast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsForecast, gs_forecast_free)

/**
 * Messages that one occurrence of the schedule leads to, after all those that
 * were asked about before; a link that it makes is there from then on.
 * UINT64_MAX: more than can be counted.
 */
uint64_t gs_forecast_occurrence(GsForecast *forecast, const GsSchedule *schedule,
                                const GsOccurrence *occurrence);
/** Islands and live links now. */
uint32_t gs_forecast_islands(const GsForecast *forecast);
uint64_t gs_forecast_links(const GsForecast *forecast);
/** Fewest and most links of a node now. */
void gs_forecast_degrees(const GsForecast *forecast, uint32_t *min, uint32_t *max);

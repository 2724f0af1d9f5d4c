/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/measure/last_in_sync.h"
#include "sim/run/run.h"

/** By default it is looked for in runs of up to so many messages. */
#define GS_LAST_MESSAGES_MAX 200000u

typedef struct {
  uint64_t messages_max; /**< in runs with more it is not looked for */
  bool (*progress)(const GsRunProgress *progress, void *data); /**< as in GsRunOptions */
  void *progress_data;
} GsLastSearch;

/**
 * Finds which node was last in sync after the disturbance that took longest, and what it waited
 * for. Messages do not know what led to them; but a run is exactly repeatable, so it is done once
 * more, by one worker and up to that moment, and each message is noted with the one whose handling
 * led to it. What leads nowhere is forgotten at once.
 *
 * `results` are those of a run of the scenario in virtual time. Never NULL: the state says whether
 * it was found. Costs about as much as the run by one worker with a trace, and 150 bytes for each
 * message that is under way or has led to one that is. Thread-safe as gs_run is.
 */
GsLastInSync *gs_last_search(const GsScenario *scenario, const GsResults *results,
                             const GsLastSearch *search);

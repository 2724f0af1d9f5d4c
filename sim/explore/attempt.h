/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/run/run.h"

/** One run of a scenario's text by one worker, as exploring and shrinking do them by thousands. */
typedef struct {
  GsRunMemory *memory; /**< kept from run to run */
  int *stop;           /**< atomic: runs end soon when it is set; NULL: never */
  /** A run of more messages does not count: it may be one that never ends. 0: no limit. */
  uint64_t messages_max;
  const struct GsTraceSink *sink; /**< told what happens; NULL: nobody is */
} GsAttempt;

/**
 * Runs it; `scenario` lives as long as the results need. NULL with an error (GS_ERROR_IMPOSSIBLE:
 * there is no such grid) where it cannot be, and NULL without one when it was stopped, or does not
 * count.
 */
GsResults *gs_attempt(const GsAttempt *attempt, const GString *text, GsScenario **scenario,
                      GError **error);

/** Reads the scenario of an attempt: from its text alone, which reads no files. */
GsScenario *gs_attempt_parse(const GString *text, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/measure/results.h"
#include "sim/report/style.h"

/**
 * Appends what happened, for a person: the scenario, what disturbed the grid
 * and how it came back into sync, the nodes, the messages, the outcome. Many
 * disturbances, nodes or islands are summed up. `unmet` is what
 * gs_results_unmet() returned.
 */
void gs_report_text(const GsResults *results, const GPtrArray *unmet, GsStyle style, GString *out);
/** Its two parts, for what comes between them: all but the outcome, and that. */
void gs_report_text_details(const GsResults *results, GsStyle style, GString *out);
void gs_report_text_outcome(const GsResults *results, const GPtrArray *unmet, GsStyle style,
                            GString *out);

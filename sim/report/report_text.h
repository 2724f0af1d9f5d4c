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

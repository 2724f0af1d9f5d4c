/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

#include "sim/measure/results.h"
#include "sim/measure/served.h"
#include "sim/report/run_document.h"

/**
 * The results as one JSON document, described in docs/gridsim.1.scd. It is
 * written out piece by piece, so that a million nodes need no second copy.
 * `unmet` is what gs_results_unmet() returned; `served` what went over HTTP, or
 * NULL; `again` NULL for what cannot be done again. Returns 0, or the errno of a write to `out`
 * that failed.
 */
int gs_report_json(const GsResults *results, const GPtrArray *unmet, const GsServeReport *served,
                   GsReportAgain again, FILE *out);

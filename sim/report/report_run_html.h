/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/measure/results.h"
#include "sim/report/run_document.h"
#include "sim/report/run_record.h"

/** Of larger grids nodes are not listed. */
#define GS_RUN_HTML_NODES_MAX 2000u
/** Grids of more nodes or links are not drawn: a page of 1 MB at the most for it. */
#define GS_RUN_HTML_DRAWN_MAX 10000u
#define GS_RUN_HTML_LINKS_MAX 40000u
/** Disturbances that are listed one by one, the first ones. */
#define GS_RUN_HTML_DISTURBANCES_MAX 1000u

/**
 * Appends the page of a run: one HTML file (sim/report/html.h) with facts,
 * disturbances, the grid, gridnets and messages over time, and how to get the
 * same again. Nothing of the machine or of wall time is in it: the same run
 * gives the same bytes. `command` is the command line that made it; `unmet` as
 * gs_results_unmet; `again` writes what it takes to do it again. Errors: GS_ERROR_SYSTEM (memory
 * for the layout).
 */
bool gs_report_run_html(const GsResults *results, const GPtrArray *unmet, GsRunRecord *record,
                        const char *command, GsReportAgain again, GString *out, GError **error);
/** The document that the page shows. */
bool gs_report_run_document(const GsResults *results, const GPtrArray *unmet, GsRunRecord *record,
                            const char *command, GsReportAgain again, GString *out, GError **error);

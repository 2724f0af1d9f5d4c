/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/measure/results.h"
#include "sim/report/run_record.h"

/**
 * Writes the members of a document that the run can be done again from, which is not for reports to
 * know: gs_again_write_run of sim/study/again.h, or a test's.
 */
typedef void (*GsReportAgain)(const GsResults *results, GsJsonWriter *json);

/** Parts of the document behind the page of a run, for report_run_html. */

/** A moment or a length of time in seconds; a negative one writes null. */
void gs_run_document_seconds(GsJsonWriter *json, int64_t ns);
/** Members of an object: "spacetime", "rates", "steps", "bands". */
void gs_run_document_series(GsJsonWriter *json, const GsRunRecord *record);

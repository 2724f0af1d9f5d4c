/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/faults/fault_list.h"
#include "sim/measure/results.h"
#include "sim/report/run_record.h"

/**
 * Writes the members of a document that the run can be done again from, which is not for reports to
 * know: gs_again_write_run of sim/study/again.h, or a test's.
 */
typedef void (*GsReportAgain)(const GsResults *results, GsJsonWriter *json);

/** Faults that are listed one by one, the first ones. */
#define GS_RUN_HTML_FAULTS_MAX 500u
/** Changes of how many faults hold; with more, the largest numbers in so many stretches of time. */
#define GS_RUN_HTML_FAULT_LEVELS_MAX 1000u
/** Stretches in which single nodes are down, paused or slow, in the picture of messages. */
#define GS_RUN_HTML_FAULT_STRETCHES_MAX 4000u

/** Parts of the document behind the page of a run, for report_run_html. */

/** A moment or a length of time in seconds; a negative one writes null. */
void gs_run_document_seconds(GsJsonWriter *json, int64_t ns);
/** Members of an object: "spacetime", "rates", "steps", "bands", "errors"; `faults` may be NULL. */
void gs_run_document_series(GsJsonWriter *json, const GsRunRecord *record,
                            const GsFaultList *faults);
/** A member of an object: "faults", of which those that are listed are with the place of their
 * disturbance among those of the results; null where nothing goes wrong. */
void gs_run_document_faults(GsJsonWriter *json, const GsResults *results,
                            const GsFaultList *faults);
/** Members of an object: which nodes, by `number`, are down, paused or slow from when to when, as
 * far as they are `shown`; for the picture of messages. */
void gs_run_document_fault_stretches(GsJsonWriter *json, const GsFaultList *faults,
                                     const uint32_t *number, const bool *shown);

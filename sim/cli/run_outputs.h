/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "sim/cli/file_form.h"
#include "sim/report/report_run_html.h"
#include "sim/report/trace_chrome.h"
#include "sim/report/trace_lines.h"
#include "sim/report/trace_mermaid.h"
#include "sim/run/run.h"
#include "sim/run/trace.h"

/** What --trace writes. */
typedef enum {
  GS_TRACE_AS_LINES,   /**< JSON, a record a line */
  GS_TRACE_AS_CHROME,  /**< for Perfetto and chrome://tracing */
  GS_TRACE_AS_MERMAID, /**< a sequence diagram */
} GsTraceForm;
extern const char *const gs_trace_form_names[]; /**< "jsonl", "chrome", "mermaid", NULL */
extern const GsFileForm gs_trace_file_forms[];  /**< in the same order */
extern const GsFileForm gs_report_file_forms[]; /**< of --report: the page alone */

/**
 * The files that `gridsim run` writes while a scenario runs, next to its report.
 *
 * Start from zeros, gs_run_outputs_open(), run, gs_run_outputs_close(); gs_run_outputs_clear() at
 * the end in any case. Not moved in between: sinks point into it. One thread.
 */
typedef struct {
  const char *trace_path; /**< borrowed, what messages call the file */
  GsTraceForm trace_form;
  FILE *trace_file;    /**< NULL, standard output or our own */
  GsTraceLines *lines; /**< NULL unless it is written; so the next two */
  GsTraceChrome *chrome;
  GsTraceMermaid *mermaid;
  const char *report_path; /**< borrowed; NULL: no report is written */
  GsRunRecord *record;     /**< what the report will show */
  GsTraceSink sinks[2];
  guint sink_count;
} GsRunOutputs;

/** What is asked for: paths are borrowed until the end, NULL for what is not written. */
typedef struct {
  const char *trace; /**< a file's path, "-" for standard output */
  GsTraceForm trace_form;
  const char *report;
} GsRunWanted;

/**
 * Opens what is wanted and hangs it into options; the scenario is borrowed until the end. False
 * when a file cannot be written; said on standard error.
 */
bool gs_run_outputs_open(GsRunOutputs *outputs, const GsRunWanted *wanted,
                         const GsScenario *scenario, GsRunOptions *options);

/** Whether an output failed already, so that running on makes no sense. */
bool gs_run_outputs_failed(const GsRunOutputs *outputs);

/**
 * Ends the files after the run, however that ended.
 *
 * @return whether all is written; otherwise it is said on standard error. Standard output speaks
 *         for itself, see gs_output_finish().
 */
bool gs_run_outputs_close(GsRunOutputs *outputs, const GsResults *results);

/** Writes the report, if one is wanted, whole or not at all; false after saying why not. */
bool gs_run_outputs_report(GsRunOutputs *outputs, const GsResults *results, const GPtrArray *unmet,
                           const char *command);

/** Gives up what is still open. */
void gs_run_outputs_clear(GsRunOutputs *outputs);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/run_outputs.h"

#include <errno.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/study/again.h"

const char *const gs_trace_form_names[] = {"jsonl", "chrome", "mermaid", NULL};
const GsFileForm gs_trace_file_forms[] = {
    [GS_TRACE_AS_LINES] = {"lines of JSON", "jsonl ndjson"},
    [GS_TRACE_AS_CHROME] = {"a JSON document for Perfetto (--trace-format chrome)", "json"},
    [GS_TRACE_AS_MERMAID] = {"a Mermaid diagram", "mmd mermaid"},
    {NULL, NULL},
};
const GsFileForm gs_report_file_forms[] = {{"an HTML page", "html htm"}, {NULL, NULL}};

static GsTraceSink new_sink(GsRunOutputs *outputs, const GsScenario *scenario) {
  switch (outputs->trace_form) {
  case GS_TRACE_AS_CHROME:
    outputs->chrome = gs_trace_chrome_new(outputs->trace_file, scenario);
    return gs_trace_chrome_sink(outputs->chrome);
  case GS_TRACE_AS_MERMAID:
    outputs->mermaid = gs_trace_mermaid_new(scenario);
    return gs_trace_mermaid_sink(outputs->mermaid);
  case GS_TRACE_AS_LINES:
    break;
  }
  outputs->lines = gs_trace_lines_new(outputs->trace_file, scenario);
  return gs_trace_lines_sink(outputs->lines);
}

/** What is only written when the run is over. */
static void finish_trace(GsRunOutputs *outputs, const GsResults *results) {
  if (outputs->chrome)
    gs_trace_chrome_finish(outputs->chrome, results->end_ns);
  if (outputs->mermaid)
    gs_trace_mermaid_write(outputs->mermaid, outputs->trace_file);
}

static void add_sink(GsRunOutputs *outputs, GsTraceSink sink) {
  g_assert(outputs->sink_count < G_N_ELEMENTS(outputs->sinks));
  outputs->sinks[outputs->sink_count++] = sink;
}

static bool open_trace(GsRunOutputs *outputs, const GsRunWanted *wanted,
                       const GsScenario *scenario) {
  const char *trace = wanted->trace;
  outputs->trace_path = trace;
  outputs->trace_form = wanted->trace_form;
  outputs->trace_file = g_str_equal(trace, "-") ? stdout : fopen(trace, "we");
  if (!outputs->trace_file) {
    gs_cli_error("cannot write %s: %s", trace, g_strerror(errno));
    return false;
  }
  add_sink(outputs, new_sink(outputs, scenario));
  return true;
}

bool gs_run_outputs_open(GsRunOutputs *outputs, const GsRunWanted *wanted,
                         const GsScenario *scenario, GsRunOptions *options) {
  if (wanted->report) {
    outputs->report_path = wanted->report;
    outputs->record = gs_run_record_new(scenario);
    add_sink(outputs, gs_run_record_sink(outputs->record));
  }
  if (wanted->trace && !open_trace(outputs, wanted, scenario))
    return false;
  options->sinks = outputs->sinks;
  options->sink_count = outputs->sink_count;
  return true;
}

bool gs_run_outputs_failed(const GsRunOutputs *outputs) {
  return outputs->trace_file && ferror(outputs->trace_file);
}

bool gs_run_outputs_close(GsRunOutputs *outputs, const GsResults *results) {
  if (!outputs->trace_file)
    return true;
  finish_trace(outputs, results);
  FILE *file = g_steal_pointer(&outputs->trace_file);
  if (file == stdout)
    return true;
  bool failed_before = ferror(file);
  errno = 0;
  if (fclose(file) == 0 && !failed_before)
    return true;
  gs_cli_error("cannot write all of %s%s%s", outputs->trace_path, errno ? ": " : "",
               errno ? g_strerror(errno) : "");
  return false;
}

bool gs_run_outputs_report(GsRunOutputs *outputs, const GsResults *results, const GPtrArray *unmet,
                           const char *command) {
  if (!outputs->report_path)
    return true;
  gs_run_record_finish(outputs->record);
  g_autoptr(GString) page = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  if (gs_report_run_html(results, unmet, outputs->record, command, gs_again_write_run, page,
                         &error) &&
      gs_output_file(outputs->report_path, page, &error))
    return true;
  gs_cli_error("%s", error->message);
  return false;
}

void gs_run_outputs_clear(GsRunOutputs *outputs) {
  FILE *file = g_steal_pointer(&outputs->trace_file);
  if (file && file != stdout)
    fclose(file);
  g_clear_pointer(&outputs->lines, gs_trace_lines_free);
  g_clear_pointer(&outputs->chrome, gs_trace_chrome_free);
  g_clear_pointer(&outputs->mermaid, gs_trace_mermaid_free);
  g_clear_pointer(&outputs->record, gs_run_record_free);
}

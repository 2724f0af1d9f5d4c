/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/run_outputs.h"

#include <errno.h>
#include <string.h>

#include "sim/cli/cli.h"

const char *const gs_trace_form_names[] = {"jsonl", "chrome", "mermaid", NULL};

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
  return gs_trace_lines_sink(outputs->trace_file);
}

/* What is only written when the run is over. */
static void finish_trace(GsRunOutputs *outputs) {
  if (outputs->chrome)
    gs_trace_chrome_finish(outputs->chrome);
  if (outputs->mermaid)
    gs_trace_mermaid_write(outputs->mermaid, outputs->trace_file);
}

bool gs_run_outputs_open(GsRunOutputs *outputs, const char *trace, GsTraceForm form,
                         const GsScenario *scenario, GsRunOptions *options) {
  if (!trace)
    return true;
  outputs->trace_path = trace;
  outputs->trace_form = form;
  outputs->trace_file = g_str_equal(trace, "-") ? stdout : fopen(trace, "we");
  if (!outputs->trace_file) {
    gs_cli_error("cannot write %s: %s", trace, g_strerror(errno));
    return false;
  }
  outputs->sink = new_sink(outputs, scenario);
  options->sinks = &outputs->sink;
  options->sink_count = 1;
  return true;
}

bool gs_run_outputs_failed(const GsRunOutputs *outputs) {
  return outputs->trace_file && ferror(outputs->trace_file);
}

bool gs_run_outputs_close(GsRunOutputs *outputs) {
  if (!outputs->trace_file)
    return true;
  finish_trace(outputs);
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

void gs_run_outputs_clear(GsRunOutputs *outputs) {
  FILE *file = g_steal_pointer(&outputs->trace_file);
  if (file && file != stdout)
    fclose(file);
  g_clear_pointer(&outputs->chrome, gs_trace_chrome_free);
  g_clear_pointer(&outputs->mermaid, gs_trace_mermaid_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/run_outputs.h"

#include <errno.h>
#include <string.h>

#include "sim/cli/cli.h"

bool gs_run_outputs_open(GsRunOutputs *outputs, const char *trace, GsRunOptions *options) {
  if (!trace)
    return true;
  outputs->trace_path = trace;
  outputs->trace_file = g_str_equal(trace, "-") ? stdout : fopen(trace, "we");
  if (!outputs->trace_file) {
    gs_cli_error("cannot write %s: %s", trace, g_strerror(errno));
    return false;
  }
  outputs->sink = gs_trace_lines_sink(outputs->trace_file);
  options->sinks = &outputs->sink;
  options->sink_count = 1;
  return true;
}

bool gs_run_outputs_failed(const GsRunOutputs *outputs) {
  return outputs->trace_file && ferror(outputs->trace_file);
}

bool gs_run_outputs_close(GsRunOutputs *outputs) {
  FILE *file = g_steal_pointer(&outputs->trace_file);
  if (!file || file == stdout)
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
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/simulation.h"

/**
 * Where it is told what happens in a run: between windows, by the coordinator,
 * in the order of time, then node, then how the node did it. The same for every
 * runner and number of workers.
 */
struct GsTraceSink {
  void (*take)(const GsSimulation *sim, const GsTraceRecord *records, guint count, void *data);
  void *data;
};

/** Whether a record is one of those that are written as lines, and told over HTTP. */
static inline bool gs_trace_is_told(const GsTraceRecord *record) {
  return record->kind <= GS_TRACE_GRIDNET;
}
/** Appends such a record as one line of JSON, without its end. */
void gs_trace_format(GString *line, const GsSimulation *sim, const GsTraceRecord *record);
/** Writes records to `file` as JSON lines. Errors stay in the stream, for its owner to look at. */
GsTraceSink gs_trace_lines_sink(FILE *file);

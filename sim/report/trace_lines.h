/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/trace.h"
#include "sim/scenario/scenario.h"

/**
 * A run as lines of JSON (docs/TRACE.md): the same bytes as gs_trace_format() gives, put together
 * from pieces that are made once, since there are two lines for each of millions of messages.
 *
 * What a part of a window brought is in the stream when the sink returns. Errors stay in the
 * stream, for its owner. One thread.
 */
typedef struct GsTraceLines GsTraceLines;

/** `file` and `scenario` are borrowed until the end. O(nodes). */
GsTraceLines *gs_trace_lines_new(FILE *file, const GsScenario *scenario);
/** Frees it; NULL is fine. */
void gs_trace_lines_free(GsTraceLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTraceLines, gs_trace_lines_free)

/** What a run of the scenario is to tell; `lines` is borrowed. */
GsTraceSink gs_trace_lines_sink(GsTraceLines *lines);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/trace.h"

/**
 * A run in the Trace Event Format of Chrome, which Perfetto and chrome://tracing show: a track per
 * node, a slice per message that it handles, an arrow from where that was sent, and gridnets as
 * counters. Times are simulated, in microseconds with the nanoseconds as decimals.
 *
 * Slices have no duration, as handling takes no simulated time; viewers stack those of one node at
 * one moment (Perfetto up to 512). A message that no slice of its sender leads to, since paced
 * nodes send later, has a slice "send …" of its own. Messages still on their way at the end get a
 * slice in the category "on its way" when they would have come, so that every arrow has both ends.
 *
 * Written as it happens; memory holds the messages that are on their way and nothing else. One
 * thread.
 */
typedef struct GsTraceChrome GsTraceChrome;

/** Grids of up to this many nodes get a counter of each node's gridnet; slices tell it anyway. */
#define GS_TRACE_CHROME_COUNTERS_MAX 32u

/**
 * Begins the document. `file` and `scenario` are borrowed until the end; errors of writing stay in
 * the stream, for its owner. O(nodes).
 */
GsTraceChrome *gs_trace_chrome_new(FILE *file, const GsScenario *scenario);
/** What a run of the scenario is to tell; `chrome` is borrowed. */
GsTraceSink gs_trace_chrome_sink(GsTraceChrome *chrome);
/** Ends the document, however the run ended. Once. */
void gs_trace_chrome_finish(GsTraceChrome *chrome);
/** Frees it and writes nothing; NULL is fine. */
void gs_trace_chrome_free(GsTraceChrome *chrome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTraceChrome, gs_trace_chrome_free)

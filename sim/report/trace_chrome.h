/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/trace.h"

/**
 * A run in the Trace Event Format of Chrome, which Perfetto and chrome://tracing show: a track per
 * node. Times are simulated, in microseconds with the nanoseconds as decimals.
 *
 * - A message is a span (events b and e, category "message") from where it is sent to where it is
 *   handled, with from, to, kind, wave and cause, and an arrow (s and f) of the same number.
 * - Handling takes no simulated time: it is a slice (X) of no duration on the node's track, in the
 *   category "handled", which arrows lead to and from; viewers stack those of one moment (Perfetto
 *   up to 512). A message that no slice of its sender leads to, since paced nodes send later, has a
 *   slice "send …" of its own.
 * - An own wave is a span (category "wave") of its initiator from its begin to its end, with the
 *   sum; `superseded` where a later wave had started, `given_up` where there were too many.
 * - A node is out of sync in a span (category "out of sync"), and how many are is a counter; what
 *   counts is how a moment ends. In small grids gridnets are counters, too.
 * - A disturbance is an instant of the whole grid, when the first node handles it; those that
 *   results do not keep one by one share a cause, and each moment of them is one instant.
 *
 * What is open at the end of the run is closed there with `open_at_end`; a message then leads to a
 * slice in the category "not handled". What there are too many nodes for is said in `left_out` of
 * the document's `otherData`.
 *
 * Written as it happens; memory holds the messages that are on their way, the open waves and who
 * is in sync. One thread.
 */
typedef struct GsTraceChrome GsTraceChrome;

/** Grids of up to this many nodes get a counter of each node's gridnet; slices tell it anyway. */
#define GS_TRACE_CHROME_COUNTERS_MAX 32u
/** Grids of up to this many nodes get a span of each node that is out of sync: whenever the truth
 * changes, each is looked at. */
#define GS_TRACE_CHROME_SPANS_MAX 10000u

/**
 * Begins the document. `file` and `scenario` are borrowed until the end; errors of writing stay in
 * the stream, for its owner. O(nodes).
 */
GsTraceChrome *gs_trace_chrome_new(FILE *file, const GsScenario *scenario);
/** What a run of the scenario is to tell; `chrome` is borrowed. */
GsTraceSink gs_trace_chrome_sink(GsTraceChrome *chrome);
/** Ends the document, however the run ended, which was at `end_ns`. Once. */
void gs_trace_chrome_finish(GsTraceChrome *chrome, int64_t end_ns);
/** Frees it and writes nothing; NULL is fine. */
void gs_trace_chrome_free(GsTraceChrome *chrome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTraceChrome, gs_trace_chrome_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/trace.h"

/**
 * The events of a trace in Chrome's format, one by one: how each is written, not when. What they
 * mean: trace_chrome.h. Times are of the simulation and must not be negative. One thread.
 */
typedef struct GsChromeEvents GsChromeEvents;

/** The document's begin, up to its first event; `file` and `scenario` are borrowed. O(nodes). */
GsChromeEvents *gs_chrome_events_new(FILE *file, const GsScenario *scenario,
                                     const char *const *left_out);
/** Ends the document and gives it to the stream. Once. */
void gs_chrome_events_finish(GsChromeEvents *events);
/** Frees it; NULL is fine. */
void gs_chrome_events_free(GsChromeEvents *events);

/** How a span that is open at the end of the run is closed. */
typedef enum { GS_SPAN_ENDED, GS_SPAN_CUT } GsSpanEnd;

/** A node handles a message; what came of it is in the records that follow, before `end`. */
void gs_chrome_write_slice(GsChromeEvents *events, const GsTraceRecord *record,
                           const GsTraceRecord *end);
/** A slice that has nothing but a name, for an end of an arrow. */
void gs_chrome_write_bare_slice(GsChromeEvents *events, uint32_t node, int64_t time_ns,
                                const char *before, const GsMessage *message, const char *category);
/** A message is sent that will not arrive. */
void gs_chrome_write_lost(GsChromeEvents *events, const GsTraceRecord *record);
/** A message with its number is sent: its arrow and its span begin. */
void gs_chrome_write_sent(GsChromeEvents *events, const GsTraceRecord *record, uint64_t id);
/** … and end, where it is handled; of the message only from, to, env and type are looked at. */
void gs_chrome_write_arrived(GsChromeEvents *events, int64_t time_ns, const GsMessage *message,
                             uint64_t id, GsSpanEnd how);
/** A node suspects a sibling, or trusts it again. */
void gs_chrome_write_judgement(GsChromeEvents *events, const GsTraceRecord *record);
/** A node's own wave begins; the record tells of that. */
void gs_chrome_write_wave(GsChromeEvents *events, const GsTraceRecord *record);
/**
 * … and ends. `result` is the record of its end (then `used` says whether its sum counts), of
 * its being given up, or NULL: it was cut.
 */
void gs_chrome_write_wave_end(GsChromeEvents *events, uint32_t node, GsMasterId master,
                              int64_t time_ns, const GsTraceRecord *result, bool used);
/** A node falls out of sync, or is back in it. */
void gs_chrome_write_out_of_sync(GsChromeEvents *events, uint32_t node, int64_t time_ns);
void gs_chrome_write_in_sync(GsChromeEvents *events, uint32_t node, int64_t time_ns, GsSpanEnd how);
/** So many nodes are out of sync from now on. */
void gs_chrome_write_out_count(GsChromeEvents *events, int64_t time_ns, uint32_t count);
/** A node's gridnet. */
void gs_chrome_write_gridnet(GsChromeEvents *events, const GsTraceRecord *record);
/** A fault begins, or ends. */
void gs_chrome_write_fault(GsChromeEvents *events, const GsTraceRecord *record);
/** A disturbance begins; the record is of a message of the schedule that is handled. */
void gs_chrome_write_disturbance(GsChromeEvents *events, const GsTraceRecord *record);

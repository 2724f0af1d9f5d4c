/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/**
 * From when to when faults hold, by a key: a node, or a pair of nodes. They are
 * added in the order in which they begin, ended, and then asked for.
 */
typedef struct GsFaultSpans GsFaultSpans;

typedef struct {
  int64_t begin_ns, end_ns; /**< begin included, end excluded */
  const GsScheduleEntry *entry;
  uint32_t from;  /**< of a pair: the end that is named first */
  uint32_t fault; /**< which one it is of, in the order in which they begin */
} GsFaultSpan;

#define GS_SPAN_ANY GS_SCHEDULE_KINDS

GsFaultSpans *gs_fault_spans_new(void);
void gs_fault_spans_free(GsFaultSpans *spans);
/** They must begin one after the other. O(1). */
void gs_fault_spans_add(GsFaultSpans *spans, uint64_t key, const GsFaultSpan *span);
/** Ends those of a kind (GS_SPAN_ANY: of all) that a key has open. O(open). */
void gs_fault_spans_end(GsFaultSpans *spans, uint64_t key, guint kind, int64_t now_ns);
/** Ends all, or those of all pairs with a node. O(keys). */
void gs_fault_spans_end_all(GsFaultSpans *spans, int64_t now_ns);
void gs_fault_spans_end_of_node(GsFaultSpans *spans, uint32_t node, int64_t now_ns);
/** No more are added or ended; from now on they can be asked for. */
void gs_fault_spans_finish(GsFaultSpans *spans);

/** How many segments have begun at a moment; each has its begin (int64_t, ascending) as its first
 * member. O(log). */
guint gs_segments_begun(const GArray *segments, int64_t at_ns);

/** Those that hold from one moment on. */
typedef struct {
  const uint32_t *held;
  uint32_t count;
} GsSpansHolding;
/** What holds for a key at a moment; makes *until_ns the moment of the next change, if that is
 * earlier. O(log). */
GsSpansHolding gs_fault_spans_at(const GsFaultSpans *spans, uint64_t key, int64_t at_ns,
                                 int64_t *until_ns);
const GsFaultSpan *gs_fault_spans_held(const GsFaultSpans *spans, const GsSpansHolding *holding,
                                       uint32_t i);
/** All that were added, in that order; free with g_array_unref. */
typedef struct {
  uint64_t key;
  GsFaultSpan span;
} GsKeyedSpan;
GArray *gs_fault_spans_all(const GsFaultSpans *spans);
/** The end of all pauses of a node that follow one another without a gap; one ends at `end_ns`. */
int64_t gs_fault_spans_pause_end_ns(const GsFaultSpans *spans, uint64_t node, int64_t end_ns);

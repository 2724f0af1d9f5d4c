/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/run/trace_record.h"

/**
 * Records of a trace on their way from lanes to sinks. A lane writes its own
 * during a window; between windows those of all lanes are told in the order of
 * time, then node, then how the node did it, wherever possible without copies.
 */

/** What one lane wrote in a window. Start from zeros. */
typedef struct {
  GsTraceRecord *records;
  uint32_t count, room;
  bool unordered; /**< some record is of an earlier time, or at the same of an earlier node, than
                       the one before it */
} GsTraceBuffer;

void gs_trace_buffer_clear(GsTraceBuffer *buffer);
/** Makes room for more. */
void gs_trace_buffer_grow(GsTraceBuffer *buffer);

/** Adds a record: what is given, and the rest for the caller to fill in. Amortised O(1). */
static inline GsTraceRecord *gs_trace_buffer_add(GsTraceBuffer *buffer, int64_t time_ns,
                                                 uint32_t node) {
  if (G_UNLIKELY(buffer->count == buffer->room))
    gs_trace_buffer_grow(buffer);
  GsTraceRecord *record = &buffer->records[buffer->count];
  if (buffer->count > 0) {
    int64_t before_ns = record[-1].time_ns;
    buffer->unordered |= time_ns < before_ns || (time_ns == before_ns && node < record[-1].node);
  }
  record->time_ns = time_ns;
  record->node = node;
  buffer->count++;
  return record;
}

/** A record by what it is ordered by. */
typedef struct {
  int64_t time_ns;
  uint32_t node;
  const GsTraceRecord *record;
} GsTraceKey;

/** Scratch that is kept from window to window. Start from zeros. */
typedef struct {
  GsTraceKey *keys, *other;
  uint32_t *ends; /**< of stretches that are in order */
  GsTraceRecord *sorted;
  uint32_t room;
} GsTraceMerge;

void gs_trace_merge_clear(GsTraceMerge *merge);

/** What is told of a part of a window: all that a node did at a moment is in one part. */
typedef void (*GsTracePart)(const GsTraceRecord *records, uint32_t count, void *data);

/**
 * Tells what is in the buffers (at most GS_LANES_MAX of them, no node in two), in order and in
 * parts, and empties them. O(parts) where each buffer is in order; else O(n buffer n) and a copy.
 */
void gs_trace_merge(GsTraceMerge *merge, GsTraceBuffer *const *buffers, uint32_t log_count,
                    GsTracePart part, void *data);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/trace_buffer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ROOM_FIRST 64u
#define HUGE_BYTES ((gsize)1 << 21)

void gs_trace_buffer_clear(GsTraceBuffer *buffer) {
  free(buffer->records); /* as g_free does */
  *buffer = (GsTraceBuffer){0};
}

/**
 * Fresh memory in small pages costs as much as writing a line for each of its
 * records, so it is asked for in huge ones, before anything is in it.
 */
static GsTraceRecord *take_room(uint32_t room) {
  gsize bytes = room * sizeof(GsTraceRecord);
  void *memory = NULL;
  if (bytes < 2 * HUGE_BYTES || posix_memalign(&memory, HUGE_BYTES, bytes) != 0)
    return g_new(GsTraceRecord, room); /* which knows what to say where there is none */
  madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

void gs_trace_buffer_grow(GsTraceBuffer *buffer) {
  buffer->room = buffer->room ? 2 * buffer->room : ROOM_FIRST;
  GsTraceRecord *records = take_room(buffer->room);
  if (buffer->count > 0)
    memcpy(records, buffer->records, buffer->count * sizeof *records);
  free(buffer->records);
  buffer->records = records;
}

void gs_trace_merge_clear(GsTraceMerge *merge) {
  g_free(merge->keys);
  g_free(merge->other);
  g_free(merge->ends);
  g_free(merge->sorted);
  *merge = (GsTraceMerge){0};
}

/* ---- Buffers in order: the first of all is told up to where another one comes before ---- */

static bool record_before(const GsTraceRecord *a, const GsTraceRecord *b) {
  return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->node < b->node;
}

/** How many records from the begin on come before `next`: the first one does. */
static uint32_t count_before(const GsTraceRecord *records, uint32_t count,
                             const GsTraceRecord *next) {
  uint32_t low = 0, high = 1; /* the one at `low` does, the one at `high` may not */
  while (high < count && record_before(&records[high], next)) {
    low = high;
    high = MIN(2 * high, count);
  }
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (record_before(&records[middle], next))
      low = middle;
    else
      high = middle;
  }
  return high;
}

static void tell_in_order(GsTraceBuffer *const *buffers, uint32_t log_count, GsTracePart part,
                          void *data) {
  g_autofree uint32_t *told = g_new0(uint32_t, log_count);
  for (;;) {
    uint32_t first = UINT32_MAX;
    const GsTraceRecord *head = NULL, *next = NULL;
    for (uint32_t i = 0; i < log_count; i++) {
      if (told[i] == buffers[i]->count)
        continue;
      const GsTraceRecord *at = &buffers[i]->records[told[i]];
      if (!head || record_before(at, head)) {
        next = head;
        head = at;
        first = i;
      } else if (!next || record_before(at, next)) {
        next = at;
      }
    }
    if (!head)
      return;
    uint32_t left = buffers[first]->count - told[first];
    uint32_t count = next ? count_before(head, left, next) : left;
    part(head, count, data);
    told[first] += count;
  }
}

/* ---- Others: keys are merged, stretch by stretch as they are in order ---- */

static void make_room(GsTraceMerge *merge, uint32_t count) {
  if (count <= merge->room)
    return;
  merge->room = MAX(count, 2 * merge->room);
  merge->keys = g_renew(GsTraceKey, merge->keys, merge->room);
  merge->other = g_renew(GsTraceKey, merge->other, merge->room);
  merge->ends = g_renew(uint32_t, merge->ends, merge->room);
  g_free(merge->sorted);
  merge->sorted = g_new(GsTraceRecord, merge->room);
}

static inline bool key_before(const GsTraceKey *a, const GsTraceKey *b) {
  return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->node < b->node;
}

/** Fills in the keys and where stretches end; returns how many stretches there are. */
static uint32_t list_stretches(GsTraceMerge *merge, GsTraceBuffer *const *buffers,
                               uint32_t log_count) {
  uint32_t count = 0, stretches = 0;
  for (uint32_t i = 0; i < log_count; i++) {
    for (uint32_t r = 0; r < buffers[i]->count; r++) {
      const GsTraceRecord *record = &buffers[i]->records[r];
      merge->keys[count] = (GsTraceKey){record->time_ns, record->node, record};
      if (count > 0 && key_before(&merge->keys[count], &merge->keys[count - 1]))
        merge->ends[stretches++] = count;
      count++;
    }
  }
  merge->ends[stretches++] = count;
  return stretches;
}

/** Of those that are alike the first one's come first. */
static void merge_two(const GsTraceKey *a, const GsTraceKey *a_end, const GsTraceKey *b,
                      const GsTraceKey *b_end, GsTraceKey *out) {
  while (a < a_end && b < b_end)
    *out++ = key_before(b, a) ? *b++ : *a++;
  while (a < a_end)
    *out++ = *a++;
  while (b < b_end)
    *out++ = *b++;
}

/** Merges neighbours; returns how many stretches are left. */
static uint32_t merge_pairs(GsTraceMerge *merge, uint32_t stretches) {
  uint32_t from = 0, kept = 0;
  for (uint32_t s = 0; s < stretches; s += 2) {
    uint32_t middle = merge->ends[s], end = merge->ends[MIN(s + 1, stretches - 1)];
    merge_two(merge->keys + from, merge->keys + middle, merge->keys + middle, merge->keys + end,
              merge->other + from);
    merge->ends[kept++] = end;
    from = end;
  }
  GsTraceKey *keys = merge->keys;
  merge->keys = merge->other;
  merge->other = keys;
  return kept;
}

static void tell_sorted(GsTraceMerge *merge, GsTraceBuffer *const *buffers, uint32_t log_count,
                        uint32_t count, GsTracePart part, void *data) {
  make_room(merge, count);
  for (uint32_t left = list_stretches(merge, buffers, log_count); left > 1;)
    left = merge_pairs(merge, left);
  for (uint32_t i = 0; i < count; i++)
    merge->sorted[i] = *merge->keys[i].record;
  part(merge->sorted, count, data);
}

void gs_trace_merge(GsTraceMerge *merge, GsTraceBuffer *const *buffers, uint32_t log_count,
                    GsTracePart part, void *data) {
  uint32_t count = 0;
  bool unordered = false;
  for (uint32_t i = 0; i < log_count; i++) {
    count += buffers[i]->count;
    unordered |= buffers[i]->unordered;
  }
  if (count > 0 && unordered)
    tell_sorted(merge, buffers, log_count, count, part, data);
  else if (count > 0)
    tell_in_order(buffers, log_count, part, data);
  for (uint32_t i = 0; i < log_count; i++) {
    buffers[i]->count = 0;
    buffers[i]->unordered = false;
  }
}

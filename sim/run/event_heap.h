/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * A queue of events in the order (time, sender, sender's counter), which does
 * not depend on who put them in first. A four-way heap. Not thread-safe.
 */
typedef struct {
  int64_t time_ns;
  uint64_t order; /**< the sender's counter */
  const void *item;
  uint32_t sender, receiver; /**< the latter for those who want to know */
} GsEvent;

typedef struct {
  GsEvent *events;
  gsize count, room;
} GsEventHeap;

void gs_event_heap_clear(GsEventHeap *heap);
/** O(log count). */
void gs_event_heap_push(GsEventHeap *heap, GsEvent event);
/** Takes the first one; the heap must not be empty. O(log count). */
GsEvent gs_event_heap_pop(GsEventHeap *heap);

static inline int64_t gs_event_heap_peek_ns(const GsEventHeap *heap) {
  return heap->count ? heap->events[0].time_ns : INT64_MAX;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/event_heap.h"

#define WAYS 4

static inline bool before(const GsEvent *a, const GsEvent *b) {
  if (a->time_ns != b->time_ns)
    return a->time_ns < b->time_ns;
  if (a->sender != b->sender)
    return a->sender < b->sender;
  return a->order < b->order;
}

void gs_event_heap_clear(GsEventHeap *heap) {
  g_free(heap->events);
  *heap = (GsEventHeap){0};
}

void gs_event_heap_push(GsEventHeap *heap, GsEvent event) {
  if (heap->count == heap->room) {
    heap->room = MAX(16, heap->room * 2);
    heap->events = g_renew(GsEvent, heap->events, heap->room);
  }
  gsize i = heap->count++;
  while (i > 0 && before(&event, &heap->events[(i - 1) / WAYS])) {
    heap->events[i] = heap->events[(i - 1) / WAYS];
    i = (i - 1) / WAYS;
  }
  heap->events[i] = event;
}

GsEvent gs_event_heap_pop(GsEventHeap *heap) {
  g_assert(heap->count);
  GsEvent first = heap->events[0];
  GsEvent last = heap->events[--heap->count];
  gsize i = 0;
  for (;;) {
    gsize child = i * WAYS + 1, best = child;
    if (child >= heap->count)
      break;
    for (gsize c = child + 1; c < MIN(child + WAYS, heap->count); c++) {
      if (before(&heap->events[c], &heap->events[best]))
        best = c;
    }
    if (!before(&heap->events[best], &last))
      break;
    heap->events[i] = heap->events[best];
    i = best;
  }
  if (heap->count)
    heap->events[i] = last;
  return first;
}

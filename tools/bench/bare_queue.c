/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tools/bench/bare_queue.h"

#include <stdbool.h>

#define ROOM_AT_FIRST 1024u

void gs_bare_ring_grow(GsBareRing *ring) {
  uint64_t room = ring->room ? 2 * ring->room : ROOM_AT_FIRST, count = ring->tail - ring->head;
  GsBareMessage *wider = g_new(GsBareMessage, room);
  for (uint64_t i = 0; i < count; i++)
    wider[i] = ring->messages[(ring->head + i) & (ring->room - 1)];
  g_free(ring->messages);
  *ring = (GsBareRing){.messages = wider, .room = room, .tail = count};
}

static inline bool before(const GsBareEvent *a, const GsBareEvent *b) {
  return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

void gs_bare_heap_push(GsBareHeap *heap, int64_t due_ns, const GsBareMessage *message) {
  if (heap->count == heap->room) {
    heap->room = heap->room ? 2 * heap->room : ROOM_AT_FIRST;
    heap->events = g_renew(GsBareEvent, heap->events, heap->room);
  }
  GsBareEvent event = {due_ns, heap->pushed++, *message};
  uint64_t at = heap->count++;
  for (; at && before(&event, &heap->events[(at - 1) / 2]); at = (at - 1) / 2)
    heap->events[at] = heap->events[(at - 1) / 2];
  heap->events[at] = event;
}

GsBareEvent gs_bare_heap_pop(GsBareHeap *heap) {
  GsBareEvent first = heap->events[0], last = heap->events[--heap->count];
  uint64_t at = 0;
  for (uint64_t below; (below = 2 * at + 1) < heap->count; at = below) {
    if (below + 1 < heap->count && before(&heap->events[below + 1], &heap->events[below]))
      below++;
    if (!before(&heap->events[below], &last))
      break;
    heap->events[at] = heap->events[below];
  }
  heap->events[at] = last;
  return first;
}

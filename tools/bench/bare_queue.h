/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/**
 * What the messages of the bare loop wait in: a ring where all take the same
 * time, so that they arrive as they were sent; a binary heap by arrival where
 * each takes its own. All-zero ones are empty.
 */

typedef struct {
  uint32_t to, wave; /**< nodes from 0 */
  uint32_t slot;     /**< of the sender among the receiver's siblings */
  uint32_t kind;
  int64_t sum;
} GsBareMessage;

typedef struct {
  GsBareMessage *messages; /**< of `room` places, a power of two */
  uint64_t room, head, tail;
} GsBareRing;

void gs_bare_ring_grow(GsBareRing *ring);

static inline void gs_bare_ring_push(GsBareRing *ring, const GsBareMessage *message) {
  if (ring->tail - ring->head == ring->room)
    gs_bare_ring_grow(ring);
  ring->messages[ring->tail++ & (ring->room - 1)] = *message;
}

/** It must not be empty. */
static inline GsBareMessage gs_bare_ring_pop(GsBareRing *ring) {
  return ring->messages[ring->head++ & (ring->room - 1)];
}

typedef struct {
  int64_t due_ns;
  uint64_t order; /**< of two that are due at once, the one that was sent first */
  GsBareMessage message;
} GsBareEvent;

typedef struct {
  GsBareEvent *events;
  uint64_t count, room, pushed;
} GsBareHeap;

void gs_bare_heap_push(GsBareHeap *heap, int64_t due_ns, const GsBareMessage *message);
/** It must not be empty. */
GsBareEvent gs_bare_heap_pop(GsBareHeap *heap);

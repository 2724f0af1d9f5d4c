/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/event_heap.h"

/**
 * Deliveries that are on their way to a lane, in the order (time, sender,
 * sender's counter). With a million of them a heap's every step misses the
 * cache, so only the nearest are in one: the rest wait in buckets of time,
 * unsorted, until theirs is the next (a ladder queue; Tang, Goh and Thng, 2005).
 * Not thread-safe. Amortised O(1) for most, O(log) of those due at about the same time.
 */
#define GS_ARRIVAL_BUCKETS 256u

typedef struct {
  GsEvent *events;
  gsize count, room;
} GsEventBucket;

typedef struct {
  GsEventHeap near;       /**< all that is due before near_end_ns */
  int64_t near_end_ns;    /**< where bucket `next` begins; with none left: where `far` begins */
  int64_t width_ns;       /**< of a bucket */
  uint32_t next;          /**< first bucket that is not in `near` yet; GS_ARRIVAL_BUCKETS: none */
  GsEventBucket *buckets; /**< made when there is much to sort */
  GsEventBucket far;      /**< due after all buckets */
} GsArrivals;

void gs_arrivals_init(GsArrivals *arrivals);
void gs_arrivals_clear(GsArrivals *arrivals);
void gs_arrivals_push(GsArrivals *arrivals, GsEvent event);
/** Moment of the first one; INT64_MAX: there is none. */
int64_t gs_arrivals_peek_ns(GsArrivals *arrivals);
/** Takes the first one; there must be one. */
GsEvent gs_arrivals_pop(GsArrivals *arrivals);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/arrivals.h"

/* So few are sorted at once. */
#define FEW 64

void gs_arrivals_init(GsArrivals *arrivals) {
  *arrivals = (GsArrivals){.near_end_ns = INT64_MIN, .next = GS_ARRIVAL_BUCKETS};
}

void gs_arrivals_clear(GsArrivals *arrivals) {
  gs_event_heap_clear(&arrivals->near);
  for (uint32_t i = 0; arrivals->buckets && i < GS_ARRIVAL_BUCKETS; i++)
    g_free(arrivals->buckets[i].events);
  g_free(arrivals->buckets);
  g_free(arrivals->far.events);
  gs_arrivals_init(arrivals);
}

static void append(GsEventBucket *bucket, GsEvent event) {
  if (bucket->count == bucket->room) {
    bucket->room = MAX(16, bucket->room * 2);
    bucket->events = g_renew(GsEvent, bucket->events, bucket->room);
  }
  bucket->events[bucket->count++] = event;
}

void gs_arrivals_push(GsArrivals *arrivals, GsEvent event) {
  if (event.time_ns < arrivals->near_end_ns) {
    gs_event_heap_push(&arrivals->near, event);
    return;
  }
  GsEventBucket *bucket = &arrivals->far;
  if (arrivals->next < GS_ARRIVAL_BUCKETS) {
    uint64_t after = (uint64_t)(event.time_ns - arrivals->near_end_ns);
    uint64_t index = arrivals->next + after / (uint64_t)arrivals->width_ns;
    if (index < GS_ARRIVAL_BUCKETS)
      bucket = &arrivals->buckets[index];
  }
  append(bucket, event);
}

static void bring_near(GsArrivals *arrivals, GsEventBucket *bucket) {
  for (gsize i = 0; i < bucket->count; i++)
    gs_event_heap_push(&arrivals->near, bucket->events[i]);
  bucket->count = 0;
}

/* All buckets are used up: what is far is spread over them anew. */
static void spread(GsArrivals *arrivals) {
  GsEventBucket *far = &arrivals->far;
  int64_t first = INT64_MAX, last = INT64_MIN;
  for (gsize i = 0; i < far->count; i++) {
    first = MIN(first, far->events[i].time_ns);
    last = MAX(last, far->events[i].time_ns);
  }
  if (far->count <= FEW) {
    arrivals->near_end_ns = last + 1;
    bring_near(arrivals, far);
    return;
  }
  if (!arrivals->buckets)
    arrivals->buckets = g_new0(GsEventBucket, GS_ARRIVAL_BUCKETS);
  arrivals->near_end_ns = first;
  arrivals->width_ns = (last - first) / GS_ARRIVAL_BUCKETS + 1;
  arrivals->next = 0;
  gsize count = far->count;
  far->count = 0; /* everything finds a bucket, so nothing is appended here */
  for (gsize i = 0; i < count; i++)
    gs_arrivals_push(arrivals, far->events[i]);
  g_assert(!far->count);
}

static void refill(GsArrivals *arrivals) {
  while (!arrivals->near.count) {
    if (arrivals->next < GS_ARRIVAL_BUCKETS) {
      arrivals->near_end_ns += arrivals->width_ns;
      bring_near(arrivals, &arrivals->buckets[arrivals->next++]);
    } else if (arrivals->far.count) {
      spread(arrivals);
    } else {
      return;
    }
  }
}

int64_t gs_arrivals_peek_ns(GsArrivals *arrivals) {
  if (!arrivals->near.count)
    refill(arrivals);
  return gs_event_heap_peek_ns(&arrivals->near);
}

GsEvent gs_arrivals_pop(GsArrivals *arrivals) {
  if (!arrivals->near.count)
    refill(arrivals);
  return gs_event_heap_pop(&arrivals->near);
}

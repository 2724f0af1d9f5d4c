/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/base/random.h"
#include "sim/run/arrivals.h"

static uint64_t draw(guint seed, uint64_t count, uint64_t bound) {
  return gs_random_below((GsDraw){seed, GS_PURPOSE_TOPOLOGY, 5, count}, bound);
}

/** Delays as a network has them: many alike, some far ahead, some at once. */
static int64_t delay(guint seed, uint64_t count) {
  switch (draw(seed, count, 4)) {
  case 0:
    return 0;
  case 1:
    return 1000;
  case 2:
    return (int64_t)draw(seed, count + 1, 50000);
  default:
    return (int64_t)draw(seed, count + 1, seed % 2 ? 3000 : INT64_C(1) << 40);
  }
}

static void check_same(guint seed, guint steps, guint keep) {
  GsArrivals arrivals;
  GsEventHeap heap = {0};
  gs_arrivals_init(&arrivals);
  uint64_t count = 0, order = 0;
  int64_t now = 0;
  for (guint step = 0; step < steps || heap.count; step++) {
    bool push = step < steps && (heap.count < keep || draw(seed, count++, 2));
    if (push) {
      GsEvent event = {.time_ns = now + delay(seed, count),
                       .sender = (uint32_t)draw(seed, count + 2, 9),
                       .order = order++};
      count += 3;
      gs_event_heap_push(&heap, event);
      gs_arrivals_push(&arrivals, event);
    }
    cr_assert_eq(gs_arrivals_peek_ns(&arrivals), gs_event_heap_peek_ns(&heap));
    if (push || !heap.count)
      continue;
    GsEvent wanted = gs_event_heap_pop(&heap), found = gs_arrivals_pop(&arrivals);
    cr_assert_eq(found.time_ns, wanted.time_ns);
    cr_assert_eq(found.order, wanted.order, "seed %u step %u", seed, step);
    now = found.time_ns;
  }
  cr_assert_eq(gs_arrivals_peek_ns(&arrivals), INT64_MAX);
  gs_arrivals_clear(&arrivals);
  gs_event_heap_clear(&heap);
}

Test(arrivals, come_in_the_order_of_one_large_heap) {
  for (guint seed = 0; seed < 40; seed++)
    check_same(seed, 3000, seed * 25);
  check_same(100, 200000, 50000);
  check_same(101, 200000, 50000);
}

Test(arrivals, at_one_moment_are_ordered_by_sender_and_its_counter) {
  GsArrivals arrivals;
  gs_arrivals_init(&arrivals);
  for (guint i = 0; i < 999; i++) {
    guint last = 998 - i;
    gs_arrivals_push(&arrivals, (GsEvent){.time_ns = 7, .sender = last % 333, .order = last / 333});
  }
  for (guint i = 0; i < 999; i++) {
    GsEvent event = gs_arrivals_pop(&arrivals);
    cr_assert(event.sender == i / 3 && event.order == i % 3, "%u", i);
  }
  gs_arrivals_clear(&arrivals);
}

Test(arrivals, at_the_last_moment_of_what_is_near_come_in_the_order_of_senders) {
  GsArrivals arrivals;
  gs_arrivals_init(&arrivals);
  gs_arrivals_push(&arrivals, (GsEvent){.time_ns = 10, .sender = 5});
  gs_arrivals_push(&arrivals, (GsEvent){.time_ns = 20, .sender = 5});
  cr_assert_eq(gs_arrivals_pop(&arrivals).time_ns, 10);
  cr_assert_eq(arrivals.near_end_ns, 21);
  gs_arrivals_push(&arrivals, (GsEvent){.time_ns = 20, .sender = 1});
  cr_expect_eq(gs_arrivals_pop(&arrivals).sender, 1);
  cr_expect_eq(gs_arrivals_pop(&arrivals).sender, 5);
  gs_arrivals_clear(&arrivals);
}

/** The near ones end somewhere: just before, there and just behind it nothing is lost or late. */
Test(arrivals, at_the_edge_of_what_is_near_come_in_order) {
  for (int64_t width = 1; width < 40; width++) {
    GsArrivals arrivals;
    gs_arrivals_init(&arrivals);
    for (int64_t i = 0; i < 200; i++)
      gs_arrivals_push(&arrivals, (GsEvent){.time_ns = i * width * 100, .order = (uint64_t)i});
    int64_t before = 0;
    for (gsize left = 200 + 3 * 200; left > 0; left--) {
      GsEvent event = gs_arrivals_pop(&arrivals);
      cr_assert_geq(event.time_ns, before, "width %d", (int)width);
      before = event.time_ns;
      for (int64_t edge = -1; edge <= 1 && event.order < 200; edge++) {
        int64_t time = MAX(arrivals.near_end_ns + edge, before);
        gs_arrivals_push(&arrivals, (GsEvent){.time_ns = time, .order = 1000 + left});
        cr_assert_leq(gs_arrivals_peek_ns(&arrivals), time);
      }
    }
    cr_assert_eq(gs_arrivals_peek_ns(&arrivals), INT64_MAX);
    gs_arrivals_clear(&arrivals);
  }
}

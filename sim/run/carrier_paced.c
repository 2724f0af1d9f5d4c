/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier_timed.h"
#include "sim/run/pace.h"

static void collect(GsLane *lane, const GsExchange *exchange) {
  gs_timed_collect(lane, exchange);
  int64_t end = lane->sim->window_end_ns;
  while (gs_event_heap_peek_ns(&lane->wakes) < end)
    gs_lane_activate(lane, gs_event_heap_pop(&lane->wakes).sender);
}

static int64_t next_ns(GsLane *lane) {
  return MIN(gs_timed_next_ns(lane), gs_event_heap_peek_ns(&lane->wakes));
}

const GsCarrier gs_carrier_paced = {.name = "paced",
                                    .by_wheel = true,
                                    .collect = collect,
                                    .next_ns = next_ns,
                                    .take_mail = gs_timed_take_mail,
                                    .handle_mail = gs_pace_run,
                                    .window_end_ns = gs_timed_window_end_ns,
                                    .free_ns = gs_timed_free_ns,
                                    .mark_sent = gs_timed_mark_sent};

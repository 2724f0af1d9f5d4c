/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier.h"
#include "sim/run/lane_work.h"

/* What is in bundles is collected and handled in lane_bundles.c. */

static void collect(GsLane *lane, const GsExchange *exchange) {
  const GsLog *logs = gs_exchange_bundles(exchange, lane);
  if (logs)
    gs_lane_collect_logs(lane, logs, lane->sim->lane_count);
}

static int64_t next_ns(GsLane *lane) {
  (void)lane;
  return INT64_MAX;
}

static void run_actor(GsLane *lane, uint32_t index) {
  gs_lane_run_bundles(lane, index);
  GsActor *actor = &lane->sim->actors[index];
  actor->first = actor->last = NULL;
}

static int64_t window_end_ns(const GsSimulation *sim, int64_t moment) {
  (void)sim;
  return moment + 1;
}

static int64_t free_ns(const GsSimulation *sim) {
  return sim->now_ns;
}

static void mark_sent(GsLane *lane, const GsMessage *message, int64_t now_ns) {
  (void)now_ns;
  lane->kinds[gs_message_kind(message)]++;
}

const GsCarrier gs_carrier_moments = {.name = "moments",
                                      .may_be_late = true,
                                      .collect = collect,
                                      .next_ns = next_ns,
                                      .run_actor = run_actor,
                                      .window_end_ns = window_end_ns,
                                      .free_ns = free_ns,
                                      .mark_sent = mark_sent};

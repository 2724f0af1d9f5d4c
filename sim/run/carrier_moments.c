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

static void take_mail(GsMail *mail) {
  GsActor *actor = &mail->lane->sim->actors[mail->actor];
  GsInbox *inbox = &mail->lane->sim->inboxes[mail->actor];
  mail->told = actor->first;
  mail->bundles = inbox->first;
  actor->first = actor->last = NULL;
  inbox->first = inbox->last = NULL;
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
                                      .take_mail = take_mail,
                                      .handle_mail = gs_lane_handle_bundles,
                                      .window_end_ns = window_end_ns,
                                      .free_ns = free_ns,
                                      .mark_sent = mark_sent};

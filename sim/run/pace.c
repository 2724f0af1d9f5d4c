/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/pace.h"

#include "core/recovery.h"
#include "sim/run/carrier_timed.h"
#include "sim/run/lane_fates.h"
#include "sim/run/lane_work.h"
#include "sim/run/wakes.h"

#define MESSAGE_CLASS GS_POOL_CLASS_OF(GsMessage)
/**
 * Nodes were started one after the other in the while before time begins: at the
 * original's pace, within 48 s. It matters since its two periods are not quite
 * one to two: the tickers drift apart, and answers wait longer, the longer a node
 * runs. With this the documented ring converges as fast as real nodes did that
 * had been up for a minute or so (docs/PROTOCOL.md).
 */
#define STARTED_WITHIN_PERIODS 24u

GsPace *gs_pace_new(const GsScenario *scenario, uint32_t actor) {
  GsPace *pace = g_new0(GsPace, 1);
  pace->receive_every_ns = scenario->receive_every_ns;
  pace->send_every_ns = scenario->send_every_ns;
  GsDraw at = {scenario->seed, GS_PURPOSE_PACE, actor, 0};
  uint64_t span = (uint64_t)pace->send_every_ns;
  if (pace->send_every_ns < GS_TIME_MAX_NS / STARTED_WITHIN_PERIODS)
    span *= STARTED_WITHIN_PERIODS;
  pace->start_ns = scenario->paced_from_start ? 0 : -(int64_t)gs_random_below(at, span);
  pace->next_receive_ns = pace->next_send_ns = 0;
  pace->wake_ns = INT64_MAX;
  return pace;
}

void gs_pace_free(GsPace *pace) {
  if (!pace)
    return;
  g_queue_clear(&pace->inbox); /* the messages are memory of a pool that goes as a whole */
  g_queue_clear(&pace->outbox);
  g_free(pace);
}

/** Of a ticker that started at `start`, the first tick at or after both moments. */
static int64_t tick_from(int64_t start, int64_t every, int64_t unused, int64_t now) {
  int64_t from = MAX(unused, now);
  if (from <= start)
    return start;
  int64_t ticks = (from - start + every - 1) / every;
  return start + ticks * every;
}

static void keep(GsLane *lane, GQueue *queue, const GsMessage *message, uint32_t hops) {
  GsMessage *copy = gs_pool_take(&lane->pool, MESSAGE_CLASS);
  *copy = *message;
  copy->hops = hops & GS_HOPS_MAX;
  g_queue_push_tail(queue, copy);
}

/** What follows from an event waits for the ticker that sends. */
static void keep_sent(GsLane *lane, uint32_t actor, GsPace *pace, uint32_t hops, int64_t now) {
  for (uint32_t i = 0; i < lane->effects.message_count; i++) {
    keep(lane, &pace->outbox, &lane->effects.messages[i], hops);
    if (lane->trace)
      gs_lane_trace(lane, GS_TRACE_WAITS, actor, now, now, &lane->effects.messages[i], 0);
  }
}

static void receive(GsLane *lane, uint32_t actor, GsPace *pace, int64_t now) {
  GsMessage *message = g_queue_pop_head(&pace->inbox);
  gs_lane_handle(lane, actor, message, now);
  uint32_t hops = gs_lane_hops_after(message);
  gs_pool_give(&lane->pool, message, MESSAGE_CLASS);
  keep_sent(lane, actor, pace, hops, now);
}

static void send(GsLane *lane, uint32_t actor, GsPace *pace, int64_t now) {
  GsMessage *message = g_queue_pop_head(&pace->outbox);
  gs_timed_send(lane, actor, message, message->hops, now);
  gs_pool_give(&lane->pool, message, MESSAGE_CLASS);
}

/** What the transport says of messages is no mail. */
static void take_told(GsLane *lane, uint32_t actor, GsPace *pace, GsMessage *told, int64_t now) {
  if (!gs_is_report(told)) {
    keep(lane, &pace->inbox, told, told->hops);
    return;
  }
  gs_lane_handle_told(lane, actor, told, now);
  keep_sent(lane, actor, pace, gs_lane_hops_after(told), now);
}

static void forget(GsLane *lane, GQueue *queue) {
  for (GsMessage *message; (message = g_queue_pop_head(queue));) {
    if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
      gs_pool_give_nets(&lane->pool, message->nets);
    gs_pool_give(&lane->pool, message, MESSAGE_CLASS);
  }
}

void gs_pace_crash(GsLane *lane, GsPace *pace) {
  forget(lane, &pace->inbox);
  forget(lane, &pace->outbox);
  pace->wake_ns = INT64_MAX;
}

/** A letter comes into the inbox; what a node is told of its own messages is no mail. */
static void take_letter(GsLane *lane, uint32_t actor, GsPace *pace, const GsDealtLetter *dealt,
                        int64_t now) {
  GsEndpoint from = gs_dealt_from(dealt->key);
  if (gs_letter_is_report(from, actor)) {
    uint32_t hops = gs_lane_take_report(lane, actor, dealt->letter, now);
    keep_sent(lane, actor, pace, MIN(hops + 1, GS_HOPS_MAX), now);
    return;
  }
  GsMessage message = {.from = from, .to = actor};
  gs_letter_read(dealt->letter, &message);
  keep(lane, &pace->inbox, &message, message.hops);
}

/** For so long, at least, is the node busy with what waits at it. */
static int64_t backlog_ns(const GsPace *pace) {
  double receiving = (double)pace->receive_every_ns * pace->inbox.length;
  double sending = (double)pace->send_every_ns * pace->outbox.length;
  return (int64_t)MIN(MAX(receiving, sending), (double)GS_TIME_MAX_NS);
}

void gs_pace_run(const GsMail *mail) {
  GsLane *lane = mail->lane;
  uint32_t index = mail->actor, arrived = 0;
  const GsActor *actor = &lane->sim->actors[index];
  GsPace *pace = actor->pace;
  GsMessage *told = mail->told;
  int64_t now = lane->sim->now_ns, end = lane->sim->window_end_ns;
  for (;;) {
    int64_t arrival = INT64_MAX;
    if (told)
      arrival = now;
    else if (arrived < mail->letter_count)
      arrival = gs_dealt_due_ns(mail->letters[arrived].key, mail->begin_ns);
    int64_t in = INT64_MAX, out = INT64_MAX;
    int64_t acts = MAX(now, actor->resumes_ns);
    if (!g_queue_is_empty(&pace->inbox) && acts < GS_TIME_NEVER)
      in = tick_from(pace->start_ns, pace->receive_every_ns, pace->next_receive_ns, acts);
    if (!g_queue_is_empty(&pace->outbox) && acts < GS_TIME_NEVER)
      out = tick_from(pace->start_ns, pace->send_every_ns, pace->next_send_ns, acts);
    int64_t wake = MAX(gs_wakes_of_node(actor), lane->sim->now_ns);
    int64_t next = MIN(MIN(arrival, wake), MIN(in, out));
    if (next >= end) {
      pace->wake_ns = MIN(in, out);
      break;
    }
    now = next;
    if (arrival == now) {
      if (told) {
        GsMessage *message = told;
        told = told->next;
        take_told(lane, index, pace, message, now);
      } else {
        take_letter(lane, index, pace, &mail->letters[arrived++], now);
      }
      lane->largest_mailbox = MAX(lane->largest_mailbox, g_queue_get_length(&pace->inbox));
    } else if (wake == now) {
      lane->effects.backlog_ns = backlog_ns(pace);
      gs_wakes_handle(lane, index, now);
      lane->effects.backlog_ns = 0;
      keep_sent(lane, index, pace, 1, now);
    } else if (in == now) {
      receive(lane, index, pace, now);
      pace->next_receive_ns = now + 1;
    } else {
      send(lane, index, pace, now);
      pace->next_send_ns = now + 1;
    }
  }
}

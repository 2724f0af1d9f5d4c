/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier_timed.h"

#include "sim/run/lane_work.h"

#define DELIVERY_CLASS GS_POOL_CLASS_OF(GsDelivery)

static void take_in_log(GsLane *lane, const GsLog *log) {
  for (GsChunk *chunk = log->head; chunk; chunk = chunk->next) {
    const GsDelivery *deliveries = (const GsDelivery *)(const void *)chunk->items;
    for (gsize i = 0; i < chunk->used / sizeof *deliveries; i++) {
      GsDelivery *kept = gs_pool_take(&lane->pool, DELIVERY_CLASS);
      *kept = deliveries[i];
      GsEvent event = {.time_ns = kept->due_ns,
                       .order = kept->order,
                       .item = kept,
                       .sender = kept->message.from};
      gs_arrivals_push(&lane->arrivals, event);
    }
  }
}

void gs_timed_collect(GsLane *lane, const GsLog *logs, uint32_t stride) {
  for (uint32_t w = 0; logs && w < lane->sim->lane_count; w++)
    take_in_log(lane, &logs[w * stride]);
  int64_t end = lane->sim->window_end_ns;
  while (gs_arrivals_peek_ns(&lane->arrivals) < end) {
    GsDelivery *delivery = gs_arrivals_pop(&lane->arrivals).item;
    gs_lane_deliver(lane, delivery->message.to, &delivery->message);
  }
}

int64_t gs_timed_next_ns(GsLane *lane) {
  return gs_arrivals_peek_ns(&lane->arrivals);
}

int64_t gs_timed_window_end_ns(const GsSimulation *sim, int64_t moment) {
  return moment + MAX(sim->network.lookahead_ns, 1);
}

int64_t gs_timed_free_ns(const GsSimulation *sim) {
  return sim->window_end_ns;
}

void gs_timed_mark_sent(GsLane *lane, const GsMessage *message, int64_t now_ns) {
  uint32_t kind = gs_message_kind(message);
  GArray *marks = lane->marks;
  GsSentMark *last = marks->len ? &g_array_index(marks, GsSentMark, marks->len - 1) : NULL;
  if (last && last->time_ns == now_ns && last->kind == kind) {
    last->count++;
    return;
  }
  GsSentMark mark = {.time_ns = now_ns, .kind = kind, .count = 1};
  g_array_append_val(marks, mark);
}

void gs_timed_send(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                   int64_t now_ns) {
  GsSimulation *sim = lane->sim;
  GsActor *actor = &sim->actors[index];
  lane->sent++;
  gs_lane_count_sent(lane, actor, message);
  gs_lane_count_sent_by(actor, message);
  if (G_UNLIKELY(sim->counting))
    sim->carrier->mark_sent(lane, message, now_ns);
  if (gs_lane_leaves(sim, index, message->to)) {
    gs_lane_send_out(lane, index, message, hops, now_ns);
    return;
  }
  GsLog *log = &lane->out[sim->lane_of[message->to]];
  if (!log->tail || log->tail->used + sizeof(GsDelivery) > GS_CHUNK_BYTES)
    gs_log_add_chunk(log, &lane->pool);
  log->count++;
  GsDelivery *delivery = (GsDelivery *)(void *)(log->tail->items + log->tail->used);
  log->tail->used += sizeof *delivery;
  int64_t due = gs_link_due_ns(&sim->network, &actor->links, index, message->to, now_ns);
  g_assert(!sim->network.lookahead_ns || due >= sim->window_end_ns);
  /* The hops go into the copy: what the node has just written is read faster when left alone. */
  delivery->message = *message;
  delivery->message.hops = hops & GS_HOPS_MAX;
  delivery->due_ns = due;
  delivery->order = actor->sent++;
  log->min_due_ns = MIN(log->min_due_ns, due);
  if (lane->trace)
    gs_lane_trace_sent(lane, index, message, hops, now_ns, due);
}

/* Deliveries of a window came from this lane's memory, unless they were injected. */
void gs_timed_give_back(GsLane *lane, GsMessage *first) {
  for (GsMessage *message = first, *next; message; message = next) {
    next = message->next;
    if (message->from != GS_ENDPOINT_NONE && !message->outside)
      gs_pool_give(&lane->pool, message, DELIVERY_CLASS);
  }
}

static void run_actor(GsLane *lane, uint32_t index) {
  GsActor *actor = &lane->sim->actors[index];
  GsMessage *first = actor->first;
  int64_t before = -1;
  uint64_t waiting = 0;
  for (GsMessage *message = first, *next; message; message = next) {
    next = message->next;
    int64_t now = ((GsDelivery *)message)->due_ns;
    waiting = now == before ? waiting + 1 : 1;
    before = now;
    lane->largest_mailbox = MAX(lane->largest_mailbox, waiting);
    gs_lane_handle(lane, index, message, now);
    for (uint32_t i = 0; i < lane->effects.message_count; i++)
      gs_timed_send(lane, index, &lane->effects.messages[i], gs_lane_hops_after(message), now);
  }
  actor->first = actor->last = NULL;
  gs_timed_give_back(lane, first);
}

const GsCarrier gs_carrier_timed = {.name = "timed",
                                    .collect = gs_timed_collect,
                                    .next_ns = gs_timed_next_ns,
                                    .run_actor = run_actor,
                                    .window_end_ns = gs_timed_window_end_ns,
                                    .free_ns = gs_timed_free_ns,
                                    .mark_sent = gs_timed_mark_sent};

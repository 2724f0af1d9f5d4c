/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/lane.h"

#include <string.h>
#include <sys/mman.h>

#include "sim/run/lane_work.h"

#define DELIVERY_CLASS 7
#define NO_ACTOR UINT32_MAX

/* Fresh memory in small pages costs as much as fifty messages a page. */
static void ask_for_huge_pages(void *memory, gsize size) {
  if (size >= (gsize)1 << 21)
    madvise(memory, size, MADV_HUGEPAGE);
}

static gsize active_words(const GsSimulation *sim) {
  return (sim->actor_count + 63) / 64;
}

void gs_lane_init(GsLane *lane, GsSimulation *sim, uint32_t index) {
  *lane = (GsLane){.sim = sim, .index = index};
  gs_pool_init(&lane->pool, ask_for_huge_pages);
  if (sim->memory) {
    if (!sim->memory->lanes[index])
      sim->memory->lanes[index] = gs_arenas_new();
    gs_pool_use_arenas(&lane->pool, sim->memory->lanes[index]);
  }
  gs_arrivals_init(&lane->arrivals);
  gs_effects_init(&lane->effects, &lane->pool);
  lane->out = g_new0(GsLog, sim->lane_count);
  lane->active = g_new0(uint64_t, active_words(sim));
  lane->observations = g_array_new(FALSE, FALSE, sizeof(GsObservation));
  lane->records = g_array_new(FALSE, FALSE, sizeof(GsTraceRecord));
  gs_lane_set_trace(lane, sim->tracing);
  lane->marks = g_array_new(FALSE, FALSE, sizeof(GsSentMark));
  lane->outbound = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gs_lane_reserve_causes(lane, 1);
}

void gs_lane_clear(GsLane *lane) {
  gs_effects_clear(&lane->effects);
  gs_outbox_clear(&lane->outbox);
  gs_arrivals_clear(&lane->arrivals);
  gs_event_heap_clear(&lane->wakes);
  g_array_unref(lane->observations);
  g_array_unref(lane->records);
  g_array_unref(lane->marks);
  g_array_unref(lane->outbound);
  g_free(lane->out);
  g_free(lane->active);
  g_free(lane->causes);
  gs_pool_clear(&lane->pool);
}

void gs_lane_reserve_causes(GsLane *lane, uint32_t causes) {
  if (causes <= lane->causes_room)
    return;
  uint32_t room = MAX(causes, lane->causes_room * 2);
  lane->causes = g_renew(GsCauseTally, lane->causes, room);
  memset(lane->causes + lane->causes_room, 0, (room - lane->causes_room) * sizeof *lane->causes);
  lane->causes_room = room;
}

void gs_lane_activate(GsLane *lane, uint32_t actor) {
  uint64_t mask = UINT64_C(1) << actor % 64;
  if (lane->active[actor / 64] & mask)
    return;
  lane->active[actor / 64] |= mask;
  lane->cursor = lane->active_count++ ? MIN(lane->cursor, actor / 64) : actor / 64;
}

void gs_lane_deliver(GsLane *lane, uint32_t index, GsMessage *message) {
  GsActor *actor = &lane->sim->actors[index];
  message->next = NULL;
  if (actor->first) {
    actor->last->next = message;
  } else {
    actor->first = message;
    gs_lane_activate(lane, index);
  }
  actor->last = message;
}

void gs_lane_take_in_log(GsLane *lane, const GsLog *log) {
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

void gs_lane_collect_due(GsLane *lane) {
  int64_t end = lane->sim->window_end_ns;
  while (gs_arrivals_peek_ns(&lane->arrivals) < end) {
    GsDelivery *delivery = gs_arrivals_pop(&lane->arrivals).item;
    gs_lane_deliver(lane, delivery->message.to, &delivery->message);
  }
  while (gs_event_heap_peek_ns(&lane->wakes) < end)
    gs_lane_activate(lane, gs_event_heap_pop(&lane->wakes).sender);
}

int64_t gs_lane_next_ns(GsLane *lane) {
  return MIN(gs_arrivals_peek_ns(&lane->arrivals), gs_event_heap_peek_ns(&lane->wakes));
}

uint32_t gs_lane_next_active(GsLane *lane) {
  if (!lane->active_count)
    return NO_ACTOR;
  while (!lane->active[lane->cursor])
    lane->cursor++;
  uint64_t *word = &lane->active[lane->cursor];
  uint32_t actor = lane->cursor * 64 + (uint32_t)__builtin_ctzll(*word);
  *word &= *word - 1;
  lane->active_count--;
  return actor;
}

/* From here on actors lie in no near cache. */
#define MANY_ACTORS 512u
/* How many actors ahead their memory is asked for: first themselves, then what they point to. */
#define AHEAD 8u
#define NEAR 4u

static void ask_for_actor(const GsSimulation *sim, uint32_t index) {
  const char *actor = (const char *)&sim->actors[index];
  for (gsize line = 0; line < sizeof(GsActor); line += 64)
    __builtin_prefetch(actor + line);
  __builtin_prefetch(&sim->inboxes[index]);
}

static void ask_for_what_it_uses(const GsSimulation *sim, uint32_t index) {
  const GsActor *actor = &sim->actors[index];
  const GsBundle *bundle = sim->inboxes[index].first;
  __builtin_prefetch(actor->node.siblings);
  __builtin_prefetch(actor->node.waves.waves, 1);
  if (bundle)
    __builtin_prefetch(bundle);
}

static void run_looking_ahead(GsLane *lane) {
  uint32_t coming[AHEAD], asked = 0, run = 0;
  for (;; run++) {
    uint32_t next = NO_ACTOR;
    while (asked < run + AHEAD && (next = gs_lane_next_active(lane)) != NO_ACTOR) {
      coming[asked++ % AHEAD] = next;
      ask_for_actor(lane->sim, next);
    }
    if (run == asked)
      return;
    if (run + NEAR < asked)
      ask_for_what_it_uses(lane->sim, coming[(run + NEAR) % AHEAD]);
    gs_lane_run_actor(lane, coming[run % AHEAD]);
  }
}

void gs_lane_run_all(GsLane *lane) {
  if (lane->sim->actor_count >= MANY_ACTORS) {
    run_looking_ahead(lane);
    return;
  }
  for (uint32_t actor; (actor = gs_lane_next_active(lane)) != NO_ACTOR;)
    gs_lane_run_actor(lane, actor);
}

void gs_lane_send(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                  int64_t now_ns) {
  GsSimulation *sim = lane->sim;
  GsActor *actor = &sim->actors[index];
  lane->sent++;
  gs_lane_count_sent(lane, actor, message);
  gs_lane_count_sent_by(actor, message);
  if (G_UNLIKELY(sim->counting))
    gs_lane_mark_sent(lane, message, now_ns);
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

static void run_window(GsLane *lane, uint32_t index, GsActor *actor) {
  int64_t before = -1;
  uint64_t waiting = 0;
  for (GsMessage *message = actor->first, *next; message; message = next) {
    next = message->next;
    int64_t now = ((GsDelivery *)message)->due_ns;
    waiting = now == before ? waiting + 1 : 1;
    before = now;
    lane->largest_mailbox = MAX(lane->largest_mailbox, waiting);
    gs_lane_handle(lane, index, message, now);
    for (uint32_t i = 0; i < lane->effects.message_count; i++)
      gs_lane_send(lane, index, &lane->effects.messages[i], gs_lane_hops_after(message), now);
  }
}

/* Deliveries of a window came from this lane's memory, unless they were injected. */
static void give_deliveries_back(GsLane *lane, GsMessage *first) {
  for (GsMessage *message = first, *next; message; message = next) {
    next = message->next;
    if (message->from != GS_ENDPOINT_NONE && !message->outside)
      gs_pool_give(&lane->pool, message, DELIVERY_CLASS);
  }
}

void gs_lane_run_actor(GsLane *lane, uint32_t index) {
  GsActor *actor = &lane->sim->actors[index];
  GsMessage *first = actor->first;
  if (lane->sim->instant)
    gs_lane_run_bundles(lane, index);
  else if (actor->pace)
    gs_pace_run(lane, index);
  else
    run_window(lane, index, actor);
  actor->first = actor->last = NULL;
  if (!lane->sim->instant)
    give_deliveries_back(lane, first);
}

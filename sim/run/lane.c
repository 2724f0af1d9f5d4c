/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/lane.h"

#include <string.h>
#include <sys/mman.h>

#include "core/wire_size.h"
#include "sim/run/simulation.h"

#define DELIVERY_CLASS 7
#define CHUNK_BYTES (((gsize)1 << GS_CHUNK_CLASS) - offsetof(GsChunk, items))
#define CHUNK_MESSAGES (CHUNK_BYTES / sizeof(GsMessage))
#define CHUNK_DELIVERIES (CHUNK_BYTES / sizeof(GsDelivery))
#define NO_ACTOR UINT32_MAX

/* Fresh memory in small pages costs as much as fifty messages a page. */
static void ask_for_huge_pages(void *memory, gsize size) {
  if (size >= (gsize)1 << 21)
    madvise(memory, size, MADV_HUGEPAGE);
}

void gs_lane_init(GsLane *lane, GsSimulation *sim, uint32_t index, uint32_t first_actor,
                  uint32_t end_actor) {
  *lane = (GsLane){.sim = sim, .index = index, .first_actor = first_actor, .end_actor = end_actor};
  gs_pool_init(&lane->pool, ask_for_huge_pages);
  if (sim->memory) {
    if (!sim->memory->lanes[index])
      sim->memory->lanes[index] = gs_arenas_new();
    gs_pool_use_arenas(&lane->pool, sim->memory->lanes[index]);
  }
  gs_arrivals_init(&lane->arrivals);
  gs_effects_init(&lane->effects, &lane->pool);
  lane->out = g_new0(GsLog, sim->lane_count);
  lane->active = g_new0(uint64_t, (end_actor - first_actor + 63) / 64);
  lane->cursor = end_actor;
  lane->observations = g_array_new(FALSE, FALSE, sizeof(GsObservation));
  lane->records = g_array_new(FALSE, FALSE, sizeof(GsTraceRecord));
  gs_lane_set_trace(lane, sim->tracing);
  lane->outbound = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gs_lane_reserve_causes(lane, 1);
}

void gs_lane_clear(GsLane *lane) {
  gs_effects_clear(&lane->effects);
  gs_arrivals_clear(&lane->arrivals);
  gs_event_heap_clear(&lane->wakes);
  g_array_unref(lane->observations);
  g_array_unref(lane->records);
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
  uint32_t bit = actor - lane->first_actor;
  uint64_t mask = UINT64_C(1) << bit % 64;
  if (lane->active[bit / 64] & mask)
    return;
  lane->active[bit / 64] |= mask;
  lane->active_count++;
  lane->cursor = lane->first_actor;
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

void gs_lane_collect_log(GsLane *lane, const GsLog *log) {
  for (GsChunk *chunk = log->head; chunk; chunk = chunk->next) {
    GsMessage *messages = (GsMessage *)chunk->items;
    for (uint32_t i = 0; i < chunk->used; i++)
      gs_lane_deliver(lane, messages[i].to, &messages[i]);
  }
}

void gs_lane_take_in_log(GsLane *lane, const GsLog *log) {
  for (GsChunk *chunk = log->head; chunk; chunk = chunk->next) {
    const GsDelivery *deliveries = (const GsDelivery *)chunk->items;
    for (uint32_t i = 0; i < chunk->used; i++) {
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

void gs_lane_recycle_log(GsLane *writer, GsLog *log) {
  for (GsChunk *chunk = log->head, *next; chunk; chunk = next) {
    next = chunk->next;
    gs_pool_give(&writer->pool, chunk, GS_CHUNK_CLASS);
  }
  *log = (GsLog){.min_due_ns = INT64_MAX};
}

int64_t gs_lane_next_ns(GsLane *lane) {
  return MIN(gs_arrivals_peek_ns(&lane->arrivals), gs_event_heap_peek_ns(&lane->wakes));
}

uint32_t gs_lane_next_active(GsLane *lane) {
  uint32_t end = lane->end_actor - lane->first_actor;
  for (uint32_t bit = lane->cursor - lane->first_actor; lane->active_count && bit < end;) {
    uint64_t word = lane->active[bit / 64] >> bit % 64;
    if (!word) {
      bit = (bit / 64 + 1) * 64;
      continue;
    }
    bit += (uint32_t)__builtin_ctzll(word);
    lane->active[bit / 64] &= ~(UINT64_C(1) << bit % 64);
    lane->active_count--;
    lane->cursor = lane->first_actor + bit + 1;
    return lane->first_actor + bit;
  }
  return NO_ACTOR;
}

void gs_lane_run_all(GsLane *lane) {
  for (uint32_t actor = gs_lane_next_active(lane); actor != NO_ACTOR;
       actor = gs_lane_next_active(lane))
    gs_lane_run_actor(lane, actor);
}

static inline uint64_t mix(uint64_t digest, uint64_t value) {
  digest = (digest ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return digest ^ digest >> 32;
}

static void trace(GsLane *lane, GsTraceKind kind, uint32_t actor, int64_t now_ns, int64_t due_ns,
                  const GsMessage *message, int64_t value) {
  GsTraceRecord record = {.time_ns = now_ns,
                          .due_ns = due_ns,
                          .node = actor,
                          .sequence = lane->trace->len,
                          .kind = kind,
                          .message = *message,
                          .value = value};
  if (kind <= GS_TRACE_DELIVERY && message->type == GS_UPDATE_NET && message->env == GS_RESPONSE &&
      message->nets) {
    record.value = message->nets->sum;
    record.nets = message->nets->count;
  }
  g_array_append_val(lane->trace, record);
}

static void digest_delivery(GsActor *actor, const GsMessage *message, int64_t now_ns) {
  uint64_t digest = mix(actor->digest, (uint64_t)now_ns);
  digest = mix(digest, (uint64_t)message->from << 8 | message->type << 2 | message->env);
  digest = mix(digest, message->master.space ^ message->master.count << 40);
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE && message->nets)
    digest = mix(digest, (uint64_t)message->nets->sum ^ (uint64_t)message->nets->count << 48);
  else if (message->type == GS_UPDATE_ENERGY)
    digest = mix(digest, (uint64_t)message->energy.production ^
                             (uint64_t)message->energy.consumption << 20);
  actor->digest = digest;
}

/* `hops` are those of the message that led to it. */
static void take_gridnet(GsLane *lane, GsActor *actor, const GsNote *note, uint32_t hops) {
  actor->digest = mix(actor->digest, (uint64_t)note->value);
  GsCauseTally *tally = &lane->causes[note->cause];
  tally->hops = MAX(tally->hops, hops);
}

static void observe(GsLane *lane, uint32_t index, int64_t now_ns, const GsNote *note) {
  GsObservation observation = {now_ns, index, lane->observations->len, *note};
  g_array_append_val(lane->observations, observation);
}

static void take_notes(GsLane *lane, GsActor *actor, uint32_t index, uint32_t hops,
                       int64_t now_ns) {
  for (uint32_t i = 0; i < lane->effects.note_count; i++) {
    const GsNote *note = &lane->effects.notes[i];
    GsMessage about = {
        .cause = note->cause & GS_CAUSE_MAX, .hops = hops & GS_HOPS_MAX, .master = note->master};
    switch (note->kind) {
    case GS_NOTE_DROPPED:
      lane->drops[note->value]++;
      if (actor->tally)
        actor->tally->drops[note->value]++;
      if (lane->trace)
        trace(lane, GS_TRACE_DROP, index, now_ns, now_ns, &about, note->value);
      break;
    case GS_NOTE_SUPERSEDED:
      lane->superseded++;
      break;
    case GS_NOTE_GRIDNET:
      take_gridnet(lane, actor, note, hops);
      if (lane->trace)
        trace(lane, GS_TRACE_GRIDNET, index, now_ns, now_ns, &about, note->value);
      observe(lane, index, now_ns, note);
      break;
    case GS_NOTE_ENERGY:
    case GS_NOTE_SIBLING:
      if (lane->trace)
        trace(lane, note->kind == GS_NOTE_ENERGY ? GS_TRACE_ENERGY : GS_TRACE_SIBLING, index,
              now_ns, now_ns, &about, note->value);
      observe(lane, index, now_ns, note);
      break;
    case GS_NOTE_WAVE_START:
    case GS_NOTE_WAVE_DONE:
      break;
    }
  }
}

void gs_lane_handle(GsLane *lane, uint32_t index, GsMessage *message, int64_t now_ns) {
  GsActor *actor = &lane->sim->actors[index];
  lane->last_event_ns = MAX(lane->last_event_ns, now_ns);
  if (message->from != GS_ENDPOINT_NONE)
    lane->delivered++;
  if (actor->tally) {
    actor->tally->received[message->env][message->type]++;
    actor->tally->heard += message->outside;
  }
  digest_delivery(actor, message, now_ns);
  if (lane->trace)
    trace(lane, GS_TRACE_DELIVERY, index, now_ns, now_ns, message, 0);
  gs_effects_reset(&lane->effects);
  /* Everything in a simulation was checked when the scenario was read. */
  bool handled = gs_node_step(&actor->node, message, &lane->effects, NULL);
  g_assert(handled);
  if (lane->effects.note_count)
    take_notes(lane, actor, index, message->hops, now_ns);
}

static void *log_room(GsLane *lane, GsLog *log, uint32_t per_chunk, gsize item_size) {
  if (!log->tail || log->tail->used == per_chunk) {
    GsChunk *chunk = gs_pool_take(&lane->pool, GS_CHUNK_CLASS);
    chunk->next = NULL;
    chunk->used = 0;
    if (log->tail)
      log->tail->next = chunk;
    else
      log->head = chunk;
    log->tail = chunk;
  }
  log->count++;
  return (char *)log->tail->items + item_size * log->tail->used++;
}

/* On the wall clock: to a foreign node, or to an own one that is spoken to over the wire. */
static bool leaves_process(const GsSimulation *sim, uint32_t from, uint32_t to) {
  return sim->live && (to >= sim->actor_count || sim->live->leaves(from, to, sim->live->data));
}

/* The hops go into the copy: what the node has just written is read faster when it is left alone.
 */
static GsMessage *copy_message(GsMessage *to, const GsMessage *message, uint32_t hops) {
  *to = *message;
  to->hops = hops & GS_HOPS_MAX;
  return to;
}

void gs_lane_send(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                  int64_t now_ns) {
  GsSimulation *sim = lane->sim;
  lane->sent++;
  GsCauseTally *tally = &lane->causes[message->cause];
  tally->sent[message->env][message->type]++;
  tally->varying_bytes += gs_wire_varying_bytes(message, sim->actors[index].node.id);
  if (sim->actors[index].tally)
    sim->actors[index].tally->sent[message->env][message->type]++;
  if (leaves_process(sim, index, message->to)) {
    GsMessage leaving;
    g_array_append_vals(lane->outbound, copy_message(&leaving, message, hops), 1);
    if (lane->trace)
      trace(lane, GS_TRACE_SEND, index, now_ns, now_ns, &leaving, 0);
    return;
  }
  GsLog *log = &lane->out[sim->lane_of[message->to]];
  GsMessage *sent;
  int64_t due;
  if (sim->instant) {
    due = now_ns + sim->network.uniform_ns;
    sent = copy_message(log_room(lane, log, CHUNK_MESSAGES, sizeof *sent), message, hops);
  } else {
    GsActor *actor = &sim->actors[index];
    due = gs_link_due_ns(&sim->network, &actor->links, index, message->to, now_ns);
    g_assert(!sim->network.lookahead_ns || due >= sim->window_end_ns);
    GsDelivery *delivery = log_room(lane, log, CHUNK_DELIVERIES, sizeof *delivery);
    sent = copy_message(&delivery->message, message, hops);
    delivery->due_ns = due;
    delivery->order = actor->sent++;
  }
  log->min_due_ns = MIN(log->min_due_ns, due);
  if (lane->trace)
    trace(lane, GS_TRACE_SEND, index, now_ns, due, sent, 0);
}

static void send_all(GsLane *lane, uint32_t index, uint32_t hops, int64_t now_ns) {
  for (uint32_t i = 0; i < lane->effects.message_count; i++)
    gs_lane_send(lane, index, &lane->effects.messages[i], hops, now_ns);
}

/*
 * Messages of a large grid are each of another wave, which lies somewhere in
 * megabytes. So what the third and the second message from here will look at is
 * asked for while this one is handled.
 */
static void look_ahead(const GsWaveTable *waves, const GsMessage *message) {
  const GsMessage *near = message->next ? message->next->next : NULL;
  if (!near)
    return;
  gs_wave_table_prefetch_wave(waves, near->master);
  const GsMessage *far = near->next;
  if (!far)
    return;
  gs_wave_table_prefetch_bucket(waves, far->master);
  __builtin_prefetch(far->next);
}

static void run_instant(GsLane *lane, uint32_t index, GsActor *actor) {
  int64_t now = lane->sim->now_ns;
  uint64_t waiting = 0;
  for (GsMessage *message = actor->first, *next; message; message = next) {
    next = message->next;
    if (gs_wave_table_is_large(&actor->node.waves))
      look_ahead(&actor->node.waves, message);
    else
      __builtin_prefetch(next);
    waiting++;
    gs_lane_handle(lane, index, message, now);
    send_all(lane, index, gs_lane_hops_after(message), now);
  }
  lane->largest_mailbox = MAX(lane->largest_mailbox, waiting);
}

static void run_window(GsLane *lane, uint32_t index, GsActor *actor) {
  int64_t before = -1;
  uint64_t waiting = 0;
  for (GsMessage *message = actor->first, *next; message; message = next) {
    next = message->next;
    if (gs_wave_table_is_large(&actor->node.waves))
      look_ahead(&actor->node.waves, message);
    int64_t now = ((GsDelivery *)message)->due_ns;
    waiting = now == before ? waiting + 1 : 1;
    before = now;
    lane->largest_mailbox = MAX(lane->largest_mailbox, waiting);
    gs_lane_handle(lane, index, message, now);
    send_all(lane, index, gs_lane_hops_after(message), now);
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
    run_instant(lane, index, actor);
  else if (actor->pace)
    gs_pace_run(lane, index);
  else
    run_window(lane, index, actor);
  actor->first = actor->last = NULL;
  if (!lane->sim->instant)
    give_deliveries_back(lane, first);
}

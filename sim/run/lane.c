/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/lane.h"

#include <string.h>
#include <sys/mman.h>

#include "sim/run/carrier.h"
#include "sim/run/lane_work.h"

/** Fresh memory in small pages costs as much as fifty messages a page. */
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
  gs_dealer_init(&lane->dealer);
  if (sim->carrier->by_wheel)
    lane->wheels = g_new0(GsWheel, sim->lane_count);
  gs_effects_init(&lane->effects, &lane->pool);
  lane->out = g_new0(GsLog, sim->lane_count);
  lane->active = g_new0(uint64_t, active_words(sim));
  lane->observations = g_array_new(FALSE, FALSE, sizeof(GsObservation));
  gs_lane_set_trace(lane, sim->tracing);
  lane->marks = g_array_new(FALSE, FALSE, sizeof(GsSentMark));
  lane->outbound = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gs_lane_reserve_causes(lane, 1);
}

void gs_lane_clear(GsLane *lane) {
  gs_effects_clear(&lane->effects);
  gs_outbox_clear(&lane->outbox);
  gs_dealer_clear(&lane->dealer);
  g_free(lane->wheels);
  gs_event_heap_clear(&lane->wakes);
  g_array_unref(lane->observations);
  g_clear_pointer(&lane->waves, g_array_unref);
  g_clear_pointer(&lane->counted, g_array_unref);
  gs_trace_buffer_clear(&lane->records);
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

uint32_t gs_lane_next_active(GsLane *lane) {
  if (!lane->active_count)
    return GS_NO_ACTOR;
  while (!lane->active[lane->cursor])
    lane->cursor++;
  uint64_t *word = &lane->active[lane->cursor];
  uint32_t actor = lane->cursor * 64 + (uint32_t)__builtin_ctzll(*word);
  *word &= *word - 1;
  lane->active_count--;
  return actor;
}

/** How many actors ahead their memory is asked for: first themselves, then what they point to. */
#define AHEAD 8u
#define NEAR 4u

void gs_lane_ask_for_actor(const GsSimulation *sim, uint32_t index) {
  const char *actor = (const char *)&sim->actors[index];
  for (gsize line = 0; line < sizeof(GsActor); line += 64)
    __builtin_prefetch(actor + line);
  __builtin_prefetch(&sim->inboxes[index]);
}

static void ask_for_what_it_uses(const GsSimulation *sim, uint32_t index) {
  const GsActor *actor = &sim->actors[index];
  const GsBundle *bundle = sim->inboxes[index].first;
  gs_node_prefetch(&actor->node);
  if (bundle)
    __builtin_prefetch(bundle);
}

static void run_looking_ahead(GsLane *lane) {
  GsMail mail = {.lane = lane};
  uint32_t coming[AHEAD], asked = 0, run = 0;
  for (;; run++) {
    uint32_t next = GS_NO_ACTOR;
    while (asked < run + AHEAD && (next = gs_lane_next_active(lane)) != GS_NO_ACTOR) {
      coming[asked++ % AHEAD] = next;
      gs_lane_ask_for_actor(lane->sim, next);
    }
    if (run == asked)
      return;
    if (run + NEAR < asked)
      ask_for_what_it_uses(lane->sim, coming[(run + NEAR) % AHEAD]);
    gs_mail_take(&mail, coming[run % AHEAD]);
    gs_mail_handle(&mail);
  }
}

void gs_lane_run_all(GsLane *lane) {
  if (lane->sim->actor_count >= GS_MANY_ACTORS && !lane->sim->carrier->fetch) {
    run_looking_ahead(lane);
    return;
  }
  for (GsMail mail = {.lane = lane}; gs_mail_take_next(&mail);)
    gs_mail_handle(&mail);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/wakes.h"

#include "core/recovery.h"
#include "sim/run/lane_work.h"

static int64_t wake_of(const GsActor *actor) {
  int64_t wake = gs_wakes_of_node(actor);
  return actor->pace ? MIN(wake, actor->pace->wake_ns) : wake;
}

static void enter(GsLane *lane, uint32_t index, int64_t wake) {
  lane->sim->actors[index].wake_ns = wake;
  gs_event_heap_push(&lane->wakes, (GsEvent){.time_ns = wake, .sender = index});
}

void gs_wakes_plan(GsLane *lane, uint32_t index) {
  GsActor *actor = &lane->sim->actors[index];
  int64_t wake = wake_of(actor);
  bool waits =
      gs_node_is_waiting(&actor->node) || (actor->pace && actor->pace->wake_ns < INT64_MAX);
  if (waits != actor->waits) {
    lane->waiting += waits ? 1u : UINT32_MAX;
    actor->waits = waits;
  }
  if (wake < actor->wake_ns)
    enter(lane, index, wake);
}

/** The first entry that holds; the others come where their wakes are now. */
static bool first_that_holds(GsLane *lane, int64_t before_ns) {
  while (gs_event_heap_peek_ns(&lane->wakes) < before_ns) {
    GsEvent first = lane->wakes.events[0];
    GsActor *actor = &lane->sim->actors[first.sender];
    int64_t wake = wake_of(actor);
    if (first.time_ns == actor->wake_ns && wake <= first.time_ns)
      return true;
    gs_event_heap_pop(&lane->wakes);
    if (first.time_ns != actor->wake_ns) /* there is an earlier one */
      continue;
    actor->wake_ns = INT64_MAX;
    if (wake < INT64_MAX)
      enter(lane, first.sender, wake);
  }
  return false;
}

void gs_wakes_collect(GsLane *lane) {
  while (first_that_holds(lane, lane->sim->window_end_ns)) {
    GsEvent due = gs_event_heap_pop(&lane->wakes);
    lane->sim->actors[due.sender].wake_ns = INT64_MAX;
    gs_lane_activate(lane, due.sender);
  }
}

int64_t gs_wakes_next_ns(GsLane *lane) {
  return first_that_holds(lane, INT64_MAX) ? gs_event_heap_peek_ns(&lane->wakes) : INT64_MAX;
}

void gs_wakes_handle(GsLane *lane, uint32_t index, int64_t now_ns) {
  GsActor *actor = &lane->sim->actors[index];
  GsEffects *effects = &lane->effects;
  gs_effects_reset(effects);
  effects->now_ns = now_ns;
  effects->rests = lane->sim->rests;
  gs_node_wake(&actor->node, effects);
  if (lane->trace && (effects->note_count || effects->message_count)) {
    GsMessage about = {.from = GS_ENDPOINT_NONE, .to = index, .cause = GS_CAUSE_RECOVERY};
    gs_lane_trace(lane, GS_TRACE_WAKE, index, now_ns, now_ns, &about, 0);
  }
  if (effects->note_count)
    gs_lane_take_notes(lane, actor, index, 0, now_ns);
}

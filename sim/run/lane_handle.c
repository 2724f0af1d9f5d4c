/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recovery.h"
#include "sim/run/lane_work.h"

static inline GsTraceRecord *add_record(GsLane *lane, GsTraceKind kind, uint32_t actor,
                                        int64_t now_ns, int64_t due_ns, const GsMessage *message,
                                        int64_t value) {
  GsTraceRecord *record = gs_trace_buffer_add(lane->trace, now_ns, actor);
  record->due_ns = due_ns;
  record->kind = kind;
  record->message = *message;
  record->value = value;
  record->nets = 0;
  record->tries = 0;
  bool has_nets = kind == GS_TRACE_SEND || kind == GS_TRACE_DELIVERY || kind == GS_TRACE_DOUBLE;
  if (has_nets && message->type == GS_UPDATE_NET && message->env == GS_RESPONSE && message->nets) {
    record->value = message->nets->sum;
    record->nets = message->nets->count;
  }
  return record;
}

void gs_lane_trace(GsLane *lane, GsTraceKind kind, uint32_t actor, int64_t now_ns, int64_t due_ns,
                   const GsMessage *message, int64_t value) {
  add_record(lane, kind, actor, now_ns, due_ns, message, value);
}

/** `hops` are those of the message that led to it. */
static void take_gridnet(GsLane *lane, GsActor *actor, const GsNote *note, uint32_t hops) {
  actor->digest = gs_lane_mix(actor->digest, (uint64_t)note->value);
  GsCauseTally *tally = gs_lane_tally(lane, note->cause);
  tally->hops = MAX(tally->hops, hops);
}

static void observe(GsLane *lane, uint32_t index, int64_t now_ns, const GsNote *note) {
  GsObservation observation = {now_ns, index, lane->observations->len, *note};
  g_array_append_val(lane->observations, observation);
}

static void observe_wave(GsLane *lane, uint32_t index, int64_t now_ns, const GsNote *note) {
  GsWaveSeen seen = {now_ns, index, lane->counted_taken, *note};
  g_array_append_val(lane->waves, seen);
  if (note->kind == GS_NOTE_WAVE_DONE)
    lane->counted_taken += (uint32_t)note->value2;
}

/** Whether a node suspects a sibling rightly is known of those in this process. */
static void count_suspicion(GsLane *lane, uint32_t node, int64_t now_ns, GsEndpoint sibling) {
  lane->suspected++;
  if (sibling >= lane->sim->actor_count)
    return;
  if (gs_fault_plan_works(lane->sim->faults, node, sibling, now_ns))
    lane->suspected_wrongly++;
  else
    lane->suspected_rightly++;
}

static void count_recovery(GsLane *lane, GsTally *tally, uint32_t index, int64_t now_ns,
                           const GsNote *note) {
  GsTally none = {0};
  tally = tally ? tally : &none;
  switch (note->kind) {
  case GS_NOTE_SUSPECTED:
    count_suspicion(lane, index, now_ns, (GsEndpoint)note->value);
    tally->suspected++;
    break;
  case GS_NOTE_TRUSTED:
    lane->trusted_again++;
    tally->trusted_again++;
    break;
  case GS_NOTE_WAVE_LIMIT:
    lane->waves_limited++;
    tally->waves_limited++;
    break;
  default:
    lane->told_undelivered++;
    tally->told_undelivered++;
  }
}

static GsTraceKind judgement_of(GsNoteKind kind) {
  return kind == GS_NOTE_SUSPECTED ? GS_TRACE_SUSPECTED
         : kind == GS_NOTE_TRUSTED ? GS_TRACE_TRUSTED
                                   : GS_TRACE_LIMITED;
}

void gs_lane_take_notes(GsLane *lane, GsActor *actor, uint32_t index, uint32_t hops,
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
        gs_lane_trace(lane, GS_TRACE_DROP, index, now_ns, now_ns, &about, note->value);
      break;
    case GS_NOTE_SUSPECTED:
    case GS_NOTE_TRUSTED:
    case GS_NOTE_WAVE_LIMIT:
    case GS_NOTE_UNDELIVERED:
      count_recovery(lane, actor->tally, index, now_ns, note);
      if (G_UNLIKELY(lane->waves) && note->kind == GS_NOTE_WAVE_LIMIT)
        observe_wave(lane, index, now_ns, note);
      if (lane->trace && note->kind != GS_NOTE_UNDELIVERED) /* which has its message, too */
        gs_lane_trace(lane, judgement_of(note->kind), index, now_ns, now_ns, &about, note->value);
      break;
    case GS_NOTE_SUPERSEDED:
      lane->superseded++;
      if (lane->trace)
        gs_lane_trace(lane, GS_TRACE_SUPERSEDED, index, now_ns, now_ns, &about, note->value);
      break;
    case GS_NOTE_GRIDNET:
      take_gridnet(lane, actor, note, hops);
      if (lane->trace)
        gs_lane_trace(lane, GS_TRACE_GRIDNET, index, now_ns, now_ns, &about, note->value);
      observe(lane, index, now_ns, note);
      break;
    case GS_NOTE_ENERGY:
    case GS_NOTE_SIBLING:
      if (lane->trace)
        gs_lane_trace(lane, note->kind == GS_NOTE_ENERGY ? GS_TRACE_ENERGY : GS_TRACE_SIBLING,
                      index, now_ns, now_ns, &about, note->value);
      observe(lane, index, now_ns, note);
      break;
    case GS_NOTE_WAVE_START:
    case GS_NOTE_WAVE_DONE:
      if (G_UNLIKELY(lane->waves))
        observe_wave(lane, index, now_ns, note);
      if (lane->trace)
        gs_lane_trace(lane,
                      note->kind == GS_NOTE_WAVE_START ? GS_TRACE_WAVE_START : GS_TRACE_WAVE_DONE,
                      index, now_ns, now_ns, &about, note->value);
      break;
    }
  }
}

void gs_lane_start_again(GsLane *lane, GsActor *actor, uint32_t index, const GsMessage *message,
                         int64_t now_ns) {
  gs_effects_reset(&lane->effects);
  lane->effects.now_ns = now_ns;
  gs_node_start_again(&actor->node, (GsKeeps)message->master.count, message->master.space,
                      message->cause, &lane->effects);
  if (lane->effects.note_count)
    gs_lane_take_notes(lane, actor, index, message->hops, now_ns);
}

void gs_lane_handle(GsLane *lane, uint32_t index, GsMessage *message, int64_t now_ns) {
  GsActor *actor = &lane->sim->actors[index];
  lane->last_event_ns = MAX(lane->last_event_ns, now_ns);
  if (message->from != GS_ENDPOINT_NONE)
    lane->delivered++;
  gs_lane_count_received(actor, message);
  gs_lane_step(lane, actor, index, message, now_ns);
}

void gs_lane_handle_told(GsLane *lane, uint32_t index, GsMessage *told, int64_t now_ns) {
  if (!gs_is_report(told)) {
    gs_lane_handle(lane, index, told, now_ns);
    return;
  }
  GsActor *actor = &lane->sim->actors[index];
  lane->last_event_ns = MAX(lane->last_event_ns, now_ns);
  if (lane->trace)
    gs_lane_trace(lane, GS_TRACE_UNDELIVERED, index, now_ns, now_ns, told, 0);
  gs_effects_reset(&lane->effects);
  lane->effects.now_ns = now_ns;
  gs_node_undelivered(&actor->node, told, &lane->effects);
  if (lane->effects.note_count)
    gs_lane_take_notes(lane, actor, index, told->hops, now_ns);
}

void gs_lane_trace_sent(GsLane *lane, GsTraceKind kind, uint32_t index, const GsMessage *message,
                        uint32_t hops, int64_t now_ns, int64_t due_ns) {
  gs_lane_trace_tried(lane, kind, index, message, hops, now_ns, due_ns, 1);
}

void gs_lane_trace_tried(GsLane *lane, GsTraceKind kind, uint32_t index, const GsMessage *message,
                         uint32_t hops, int64_t now_ns, int64_t due_ns, uint32_t tries) {
  GsTraceRecord *record = add_record(lane, kind, index, now_ns, due_ns, message, 0);
  record->message.hops = hops & GS_HOPS_MAX;
  record->tries = tries > 1 ? tries : 0;
}

void gs_lane_trace_lost(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                        int64_t now_ns, GsLossReason reason, uint32_t tries) {
  gs_lane_trace_tried(lane, GS_TRACE_LOST, index, message, hops, now_ns, now_ns, tries);
  lane->trace->records[lane->trace->count - 1].value = (int64_t)reason;
}

void gs_lane_make_links(GsActor *actor) {
  gs_sender_links_reserve(&actor->links, MAX(actor->node.sibling_count, 1));
  for (uint32_t i = 0; i < actor->node.sibling_count; i++)
    gs_sender_links_add(&actor->links, actor->node.siblings[i].endpoint);
}

void gs_lane_send_out(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                      int64_t now_ns) {
  GsMessage leaving = *message;
  leaving.hops = hops & GS_HOPS_MAX;
  g_array_append_val(lane->outbound, leaving);
  if (lane->trace)
    gs_lane_trace_sent(lane, GS_TRACE_SEND, index, message, hops, now_ns, now_ns);
}

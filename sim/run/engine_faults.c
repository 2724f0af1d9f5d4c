/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/engine.h"
#include "sim/run/lane_work.h"
#include "sim/run/pace.h"
#include "sim/run/trace.h"
#include "sim/run/wakes.h"

/** Ids of nodes are below it; above stands how often a node has started again. */
#define INCARNATION_SHIFT 53
_Static_assert(GS_NODE_ID_MAX < INT64_C(1) << INCARNATION_SHIFT, "an id space has room for both");

static GsLane *lane_of(GsEngine *engine, uint32_t node) {
  return &engine->sim.lanes[engine->sim.lane_of[node]];
}

/** Who is down does not handle it. A start that is not handled leaves what the next one keeps. */
static void lose_told(GsEngine *engine, const GsMessage *message) {
  GsActor *actor = &engine->sim.actors[message->to];
  if (message->env == GS_ENV_START)
    actor->keeps = MAX(actor->keeps, (GsKeeps)message->master.count);
  else
    engine->told_lost++;
}

/** What it was told and waits for it is gone. */
static void forget_held(GsEngine *engine, uint32_t node) {
  guint kept = 0;
  for (guint i = 0; i < engine->held->len; i++) {
    const GsMessage *message = &g_array_index(engine->held, GsMessage, i);
    if (message->to != node)
      g_array_index(engine->held, GsMessage, kept++) = *message;
    else
      lose_told(engine, message);
  }
  g_array_set_size(engine->held, kept);
}

static void crash(GsEngine *engine, uint32_t node) {
  GsActor *actor = &engine->sim.actors[node];
  GsLane *lane = lane_of(engine, node);
  actor->is_down = true;
  actor->digest = gs_lane_mix(actor->digest, (uint64_t)engine->sim.now_ns);
  gs_node_crash(&actor->node, &lane->pool);
  if (actor->pace)
    gs_pace_crash(lane, actor->pace);
  forget_held(engine, node);
}

/** It starts as the first thing that it handles now. */
static void start_again(GsEngine *engine, uint32_t node, uint32_t cause) {
  GsActor *actor = &engine->sim.actors[node];
  actor->is_down = false;
  actor->starts++;
  if (actor->keeps != GS_KEEPS_ALL)
    g_array_append_val(engine->forgetful, node);
  GsMessage start = {
      .from = GS_ENDPOINT_NONE,
      .to = node,
      .cause = cause & GS_CAUSE_MAX,
      .slot = GS_SLOT_UNKNOWN,
      .env = GS_ENV_START,
      .master = {(uint64_t)actor->node.id | (uint64_t)actor->starts << INCARNATION_SHIFT,
                 actor->keeps}};
  actor->keeps = GS_KEEPS_ALL;
  g_array_append_val(engine->starting, start);
}

/** Has an actor be as the plan has it from now on. */
static void follow_plan(GsEngine *engine, uint32_t node, uint32_t cause) {
  GsActor *actor = &engine->sim.actors[node];
  GsNodeFault fault = gs_fault_plan_node(engine->sim.faults, node, engine->sim.now_ns);
  engine->islands_change |= fault.is_down != actor->is_down;
  if (fault.is_down) {
    if (!actor->is_down)
      crash(engine, node);
    actor->keeps = MAX(actor->keeps, fault.keeps);
  } else if (actor->is_down) {
    start_again(engine, node, cause);
  }
  actor->resumes_ns = fault.resumes_ns;
  if (engine->sim.wakes)
    gs_wakes_plan(lane_of(engine, node), node);
}

static void tell_fault(const GsEngine *engine, const GsTraceRecord *record) {
  const GsRunOptions *options = engine->options;
  for (guint i = 0; i < options->sink_count; i++)
    options->sinks[i].take(&engine->view, record, 1, options->sinks[i].data);
}

/** A record for each node or link that is named. */
static void trace_fault(const GsEngine *engine, const GsOccurrence *occurrence, uint32_t cause) {
  const GsFault *fault = occurrence->entry->fault;
  GsScheduleKind kind = occurrence->entry->kind;
  bool begins = gs_schedule_kind_goes_wrong(kind) && !occurrence->ends;
  uint32_t nodes = gs_occurrence_node_count(engine->schedule, occurrence);
  uint32_t links = gs_occurrence_link_count(occurrence);
  GsTraceRecord record = {.time_ns = engine->sim.now_ns,
                          .due_ns = engine->sim.now_ns,
                          .node = UINT32_MAX,
                          .kind = begins ? GS_TRACE_FAULT : GS_TRACE_FAULT_END,
                          .value = kind,
                          .nets = kind == GS_DO_PARTITION ? fault->group_count : fault->one_way};
  record.message.cause = cause & GS_CAUSE_MAX;
  record.message.to = GS_ENDPOINT_NONE;
  if (fault->all_links || kind == GS_DO_PARTITION) {
    tell_fault(engine, &record);
    return;
  }
  for (uint32_t i = 0; i < links; i++) {
    GsScenarioLink link = gs_occurrence_link(engine->schedule, occurrence, i);
    record.node = link.a;
    record.message.to = link.b;
    tell_fault(engine, &record);
  }
  for (uint32_t i = 0; !links && i < nodes; i++) {
    record.node = gs_occurrence_node(engine->schedule, occurrence, i);
    tell_fault(engine, &record);
  }
}

void gs_engine_take_fault(GsEngine *engine, const GsOccurrence *occurrence, uint32_t cause) {
  GsScheduleKind kind = occurrence->entry->kind;
  engine->unforeseen = true;
  if (engine->sim.tracing)
    trace_fault(engine, occurrence, cause);
  /* What is right can change with it, though no message ever follows. */
  engine->last_event_ns = MAX(engine->last_event_ns, engine->sim.now_ns);
  if (kind == GS_DO_CUT || kind == GS_DO_PARTITION || kind == GS_DO_HEAL)
    engine->islands_change = true;
  if (kind > GS_DO_LEAVE)
    return;
  for (uint32_t i = 0; i < gs_occurrence_node_count(engine->schedule, occurrence); i++)
    follow_plan(engine, gs_occurrence_node(engine->schedule, occurrence, i), cause);
}

/** Who is paused handles it later, who is down never. */
static bool is_taken(GsEngine *engine, const GsMessage *message) {
  const GsActor *actor = &engine->sim.actors[message->to];
  if (actor->is_down)
    lose_told(engine, message);
  else if (actor->resumes_ns)
    g_array_append_val(engine->held, *message);
  return !actor->is_down && !actor->resumes_ns;
}

static void tell_islands(GsEngine *engine) {
  GsIslandNews news = {.now_ns = engine->sim.now_ns,
                       .faults = engine->sim.faults,
                       .forgetful = (const uint32_t *)(void *)engine->forgetful->data,
                       .forgetful_count = engine->forgetful->len};
  gs_island_news_tell(&news, engine->monitor);
  for (guint i = 0; i < engine->options->sink_count; i++) {
    const GsTraceSink *sink = &engine->options->sinks[i];
    if (sink->islands)
      sink->islands(&news, sink->data);
  }
  engine->changed_ns = news.now_ns;
  engine->islands_change = false;
  g_array_set_size(engine->forgetful, 0);
}

void gs_engine_sort_told(GsEngine *engine) {
  if (!engine->sim.faults)
    return;
  if (engine->islands_change)
    tell_islands(engine);
  if (!engine->starting->len && !engine->held->len && !engine->injected->len)
    return;
  /* What was held, then who starts, then what is new. */
  g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  const GArray *all[] = {engine->held, engine->starting, engine->injected};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_array_append_vals(told, all[i]->data, all[i]->len);
  g_array_set_size(engine->held, 0);
  g_array_set_size(engine->starting, 0);
  g_array_set_size(engine->injected, 0);
  for (guint i = 0; i < told->len; i++) {
    const GsMessage *message = &g_array_index(told, GsMessage, i);
    if (is_taken(engine, message))
      g_array_append_val(engine->injected, *message);
  }
}

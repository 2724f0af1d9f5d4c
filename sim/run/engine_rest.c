/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/engine.h"
#include "sim/run/wakes.h"

/** So many periods of looking again that changed nothing end a run. */
#define RESYNCS_IN_VAIN 2

static bool somebody_waits(const GsEngine *engine) {
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    if (engine->sim.lanes[i].waiting)
      return true;
  return false;
}

/** On the wall clock: while no foreign node has said anything, the truth is known here. */
static bool rests_live(const GsEngine *engine) {
  return engine->foreign_cause == UINT32_MAX && !gs_sync_monitor_out_of_sync(engine->monitor);
}

bool gs_engine_rests(const GsEngine *engine, int64_t moment) {
  if (engine->options->live)
    return rests_live(engine);
  const GsRecoveryRules *rules = gs_scenario_recovery(engine->scenario, false);
  if (!rules || gs_schedule_peek_ns(engine->schedule) < GS_TIME_NEVER)
    return false;
  /* A link that one side alone has is no link of the truth: only looking again makes it one. */
  bool is_well =
      !gs_sync_monitor_out_of_sync(engine->monitor) && !gs_sync_monitor_half_links(engine->monitor);
  return is_well || moment - engine->changed_ns > RESYNCS_IN_VAIN * rules->resync_ns;
}

/** When an actor that has a pace does something next. */
static int64_t next_tick_ns(const GsEngine *engine) {
  const GsSimulation *sim = &engine->sim;
  int64_t next = INT64_MAX;
  for (uint32_t i = 0; engine->scenario->receive_every_ns && i < sim->actor_count; i++)
    next = MIN(next, sim->actors[i].pace->wake_ns);
  return next;
}

int64_t gs_engine_with_wakes(GsEngine *engine, int64_t next) {
  int64_t wake = INT64_MAX;
  if (engine->draining) /* what is under way may arrive and be handled; nobody begins anything */
    return MIN(next, next_tick_ns(engine));
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    wake = MIN(wake, gs_wakes_next_ns(&engine->sim.lanes[i]));
  if (next < GS_TIME_NEVER || wake == INT64_MAX || engine->options->live || somebody_waits(engine))
    return MIN(next, wake);
  return gs_engine_rests(engine, wake) ? GS_TIME_NEVER : wake;
}

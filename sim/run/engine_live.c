/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/engine.h"

/*
 * The same windows as in virtual time, but none before the clock has come to
 * it: a window holds what is due and nothing later, and mail from outside is
 * told at the moment that the clock shows. An engine that falls behind works on
 * wider windows, and so catches up.
 */

static void set_traces(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  GsSimulation *sim = &engine->sim;
  sim->tracing = engine->options->trace || live->traces(live->data);
  for (uint32_t i = 0; i < sim->lane_count; i++)
    gs_lane_set_trace(&sim->lanes[i], sim->tracing);
}

static void send_outbound(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    GsLane *lane = &engine->sim.lanes[i];
    for (guint m = 0; m < lane->outbound->len; m++) {
      GsMessage *message = &g_array_index(lane->outbound, GsMessage, m);
      live->send(&engine->sim, message, live->data);
      if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
        gs_pool_give_nets(&lane->pool, message->nets);
    }
    g_array_set_size(lane->outbound, 0);
  }
}

static void watch(GsEngine *engine) {
  const GsRunOptions *options = engine->options;
  if (!options->watch || engine->wall_ns < engine->next_watch_ns)
    return;
  gs_engine_fill_states(engine);
  options->watch(engine->results, engine->next_watch_ns, options->watch_data);
  /* Moments that were missed are not made up for. */
  int64_t every = options->watch_every_ns;
  engine->next_watch_ns = (engine->wall_ns / every + 1) * every;
}

/* False when the run is over. */
static bool begin_draining(GsEngine *engine, bool ending, int64_t *drain_end_ns) {
  if (engine->draining)
    return engine->wall_ns <= *drain_end_ns;
  if (!ending && engine->wall_ns <= engine->until_ns)
    return true;
  engine->draining = true;
  engine->stopped = ending;
  *drain_end_ns = engine->wall_ns + GS_DRAIN_NS;
  return true;
}

void gs_engine_run_live(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  int64_t free_ns = 0, drain_end_ns = GS_TIME_NEVER;
  bool ending = false;
  for (;;) {
    int64_t moment = gs_engine_next_moment(engine);
    int64_t until = engine->draining ? drain_end_ns : engine->until_ns;
    int64_t wake = MIN(moment, until < GS_TIME_NEVER ? until + 1 : until);
    if (engine->options->watch)
      wake = MIN(wake, engine->next_watch_ns);
    live->look(&engine->sim, wake > engine->wall_ns, live->data);
    engine->wall_ns = MAX(engine->wall_ns, live->wait(wake, &ending, live->data));
    watch(engine);
    live->receive(&engine->sim, engine->mail, live->data);
    if (!begin_draining(engine, ending, &drain_end_ns))
      break;
    moment = gs_engine_next_moment(engine);
    if (engine->mail->len)
      moment = MIN(moment, engine->wall_ns);
    else if (engine->draining && moment == GS_TIME_NEVER)
      break;
    moment = MAX(moment, free_ns);
    if (moment > engine->wall_ns && !engine->mail->len)
      continue;
    set_traces(engine);
    gs_engine_run_window(engine, moment);
    free_ns = engine->sim.instant ? moment : engine->sim.window_end_ns;
    send_outbound(engine);
  }
  engine->quiescent = gs_engine_next_moment(engine) == GS_TIME_NEVER;
}

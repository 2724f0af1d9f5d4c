/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier.h"
#include "sim/run/engine.h"

/*
 * The same windows as in virtual time, but none before the clock has come to
 * it: a window holds what is due and nothing later, and mail from outside is
 * told at the moment that the clock shows. An engine that falls behind works on
 * wider windows, and so catches up; where windows are single moments, what is
 * under way arrives late instead.
 */

/** Less than this behind the clock is no reason to be late. */
#define LATE_NS (20 * GS_MILLISECOND_NS)

static void set_traces(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  gs_engine_set_traces(engine, gs_engine_is_traced(engine) || live->traces(live->data));
}

static void send_outbound(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    GsLane *lane = &engine->sim.lanes[i];
    for (guint m = 0; m < lane->outbound->len; m++) {
      GsMessage *message = &g_array_index(lane->outbound, GsMessage, m);
      live->send(&engine->view, message, live->data);
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

/** What was accepted before this is still told and handled. */
static void begin_draining(GsEngine *engine, bool ending) {
  engine->draining = true;
  engine->stopped = ending;
  engine->until_ns = engine->wall_ns + GS_DRAIN_NS;
  engine->options->live->close(engine->options->live->data);
}

/** The clock is far ahead of a network of moments: all that is under way comes so much later. */
static int64_t be_late(GsEngine *engine, int64_t moment) {
  int64_t until = engine->draining ? engine->wall_ns
                                   : MIN(engine->wall_ns, gs_schedule_peek_ns(engine->schedule));
  if (!engine->sim.carrier->may_be_late || until - moment < LATE_NS)
    return moment;
  gs_exchange_delay(&engine->exchange, until - moment);
  return until;
}

static int64_t next_moment(GsEngine *engine) {
  return MIN(gs_engine_next_moment(engine), engine->mail_ns);
}

static int64_t next_wake(GsEngine *engine) {
  int64_t moment = next_moment(engine);
  if (engine->draining && moment == GS_TIME_NEVER)
    return engine->wall_ns;
  int64_t wake = MIN(moment, MIN(engine->until_ns, GS_TIME_NEVER - 1) + 1);
  return engine->options->watch ? MIN(wake, engine->next_watch_ns) : wake;
}

/** Mail that comes while other mail waits for its moment is told with it. */
static void wait_and_receive(GsEngine *engine, bool *ending) {
  const GsLive *live = engine->options->live;
  int64_t wake = next_wake(engine);
  bool had_mail = engine->mail->len;
  live->look(&engine->view, wake > engine->wall_ns, live->data);
  int64_t now_ns = live->wait(wake, !had_mail, ending, live->data);
  engine->wall_ns = MAX(engine->wall_ns, now_ns);
  watch(engine);
  live->receive(&engine->view, engine->mail, live->data);
  if (engine->mail->len && !had_mail)
    engine->mail_ns =
        (engine->wall_ns + GS_MAIL_GRAIN_NS - 1) / GS_MAIL_GRAIN_NS * GS_MAIL_GRAIN_NS;
}

void gs_engine_run_live(GsEngine *engine) {
  const GsLive *live = engine->options->live;
  int64_t free_ns = 0;
  bool ending = false;
  for (;;) {
    wait_and_receive(engine, &ending);
    /* What the schedule says for the last moment is still told. */
    bool over = engine->wall_ns > engine->until_ns &&
                (engine->draining || gs_schedule_peek_ns(engine->schedule) > engine->until_ns);
    if (!engine->draining && (ending || over)) {
      begin_draining(engine, ending);
      continue;
    }
    int64_t moment = next_moment(engine);
    if (engine->draining && (over || moment == GS_TIME_NEVER))
      break;
    moment = be_late(engine, MAX(moment, free_ns));
    if (moment > engine->wall_ns)
      continue;
    set_traces(engine);
    gs_engine_run_window(engine, moment);
    free_ns = engine->sim.carrier->free_ns(&engine->sim);
    send_outbound(engine);
  }
  live->look(&engine->view, true, live->data);
  engine->quiescent = gs_engine_next_moment(engine) == GS_TIME_NEVER;
}

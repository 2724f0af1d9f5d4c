/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/engine.h"

#include <string.h>

#include "sim/base/clock.h"
#include "sim/run/carrier.h"
#include "sim/run/sizes.h"
#include "sim/run/trace.h"
#include "sim/run/wakes.h"

#define PROGRESS_EVERY_S 0.1

const char *const gs_runner_names[] = {"threads", "pool", NULL};

/** Nets are made where nodes answer and end where waves started: even that out now and then. */
static void balance_pools(GsSimulation *sim) {
  const uint64_t slack = 4096;
  for (uint32_t i = 1; i < sim->lane_count; i++) {
    GsPool *a = &sim->lanes[i - 1].pool, *b = &sim->lanes[i].pool;
    if (a->free_nets_count > 2 * b->free_nets_count + slack)
      gs_pool_balance_nets(a, b);
    else if (b->free_nets_count > 2 * a->free_nets_count + slack)
      gs_pool_balance_nets(b, a);
  }
}

static gint compare_observations(gconstpointer a, gconstpointer b) {
  const GsObservation *x = a, *y = b;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->node != y->node)
    return x->node < y->node ? -1 : 1;
  return x->sequence < y->sequence ? -1 : 1;
}

static void tell_monitor(GsSyncMonitor *monitor, const GsObservation *seen) {
  const GsNote *note = &seen->note;
  if (note->kind == GS_NOTE_GRIDNET)
    gs_sync_monitor_gridnet(monitor, seen->time_ns, seen->node, note->value);
  else if (note->kind == GS_NOTE_ENERGY)
    gs_sync_monitor_energy(monitor, seen->time_ns, seen->node, note->value, note->cause);
  else
    gs_sync_monitor_sibling(monitor, seen->time_ns, seen->node, (uint32_t)note->value, note->cause);
}

static void observe(GsEngine *engine) {
  GsSimulation *sim = &engine->sim;
  GArray *all = engine->observations;
  g_array_set_size(all, 0);
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    GArray *seen = sim->lanes[i].observations;
    g_array_append_vals(all, seen->data, seen->len);
    g_array_set_size(seen, 0);
    engine->last_event_ns = MAX(engine->last_event_ns, sim->lanes[i].last_event_ns);
  }
  if (all->len > 1)
    g_array_sort(all, compare_observations);
  for (guint i = 0; i < all->len; i++)
    tell_monitor(engine->monitor, &g_array_index(all, GsObservation, i));
  if (all->len)
    engine->changed_ns = g_array_index(all, GsObservation, all->len - 1).time_ns;
}

/** How much the lanes have sent in this window. */
static void tell_sent(GsEngine *engine, const GsTraceSink *sink) {
  const GsSimulation *sim = &engine->sim;
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    const GsLane *lane = &sim->lanes[i];
    for (uint32_t kind = 0; kind < GS_MESSAGE_KINDS; kind++) {
      if (lane->kinds[kind])
        sink->sent(sim->now_ns, kind, lane->kinds[kind], sink->data);
    }
    for (guint m = 0; m < lane->marks->len; m++) {
      const GsSentMark *mark = &g_array_index(lane->marks, GsSentMark, m);
      sink->sent(mark->time_ns, mark->kind, mark->count, sink->data);
    }
  }
}

static void tell_news(GsEngine *engine) {
  GsWindowNews news = {.changes = (const GsObservation *)(void *)engine->observations->data,
                       .change_count = engine->observations->len,
                       .now_ns = engine->sim.now_ns,
                       .told = engine->injected->len,
                       .last_ns = engine->last_event_ns};
  const GsRunOptions *options = engine->options;
  for (guint i = 0; i < options->sink_count; i++) {
    const GsTraceSink *sink = &options->sinks[i];
    if (sink->sent)
      tell_sent(engine, sink);
    if (sink->news)
      sink->news(&news, sink->data);
  }
  for (uint32_t i = 0; engine->sim.counting && i < engine->sim.lane_count; i++) {
    GsLane *lane = &engine->sim.lanes[i];
    memset(lane->kinds, 0, sizeof lane->kinds);
    g_array_set_size(lane->marks, 0);
  }
}

bool gs_engine_is_traced(const GsEngine *engine) {
  const GsRunOptions *options = engine->options;
  bool wanted = false;
  for (guint i = 0; i < options->sink_count; i++)
    wanted |= !options->sinks[i].wants || options->sinks[i].wants(options->sinks[i].data);
  return wanted;
}

void gs_engine_set_traces(GsEngine *engine, bool wanted) {
  engine->sim.tracing = wanted;
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    gs_lane_set_trace(&engine->sim.lanes[i], wanted);
}

/** A part of what the lanes recorded, to all that listen. */
static void tell_part(const GsTraceRecord *records, uint32_t count, void *data) {
  const GsEngine *engine = data;
  const GsRunOptions *options = engine->options;
  for (guint i = 0; i < options->sink_count; i++)
    options->sinks[i].take(&engine->view, records, count, options->sinks[i].data);
  const GsLive *live = options->live;
  if (engine->live_listens)
    live->happened(&engine->view, records, count, live->data);
}

static void tell_sinks(GsEngine *engine) {
  GsSimulation *sim = &engine->sim;
  const GsLive *live = engine->options->live;
  if (!sim->tracing)
    return;
  engine->live_listens = live && live->traces(live->data);
  GsTraceBuffer *buffers[GS_LANES_MAX];
  for (uint32_t i = 0; i < sim->lane_count; i++)
    buffers[i] = &sim->lanes[i].records;
  gs_trace_merge(&engine->merge, buffers, sim->lane_count, tell_part, engine);
  if (!engine->live_listens && !gs_engine_is_traced(engine))
    gs_engine_set_traces(engine, false);
}

int64_t gs_engine_next_moment(GsEngine *engine) {
  int64_t next = engine->draining ? GS_TIME_NEVER : gs_schedule_peek_ns(engine->schedule);
  next = MIN(next, gs_exchange_next_ns(&engine->exchange));
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    next = MIN(next, engine->sim.carrier->next_ns(&engine->sim.lanes[i]));
  return engine->sim.wakes ? gs_engine_with_wakes(engine, next) : next;
}

static void watch_until(GsEngine *engine, int64_t moment) {
  if (!engine->options->watch)
    return;
  if (engine->next_watch_ns >= moment)
    return;
  gs_engine_fill_states(engine);
  engine->options->watch(engine->results, engine->next_watch_ns, engine->options->watch_data);
  /* Nothing happens until `moment`: the lines in between would be the same. */
  int64_t every = engine->options->watch_every_ns;
  engine->next_watch_ns = (moment + every - 1) / every * every;
}

static void open_window(GsEngine *engine, int64_t moment) {
  GsSimulation *sim = &engine->sim;
  int64_t end = sim->carrier->window_end_ns(sim, moment);
  if (engine->until_ns < GS_TIME_NEVER)
    end = MIN(end, engine->until_ns + 1);
  if (engine->options->live) /* what is due, and nothing before its time */
    end = MIN(end, MAX(engine->wall_ns, moment) + 1);
  else if (engine->options->watch)
    end = MIN(end, MAX(engine->next_watch_ns + 1, moment + 1));
  sim->now_ns = moment;
  sim->window_end_ns = end;
}

static void collect(GsLane *lane, void *data) {
  lane->sim->carrier->collect(lane, data);
  if (G_UNLIKELY(lane->sim->wakes))
    gs_wakes_collect(lane);
}

void gs_engine_run_window(GsEngine *engine, int64_t moment) {
  GsSimulation *sim = &engine->sim;
  open_window(engine, moment);
  sim->rests = sim->wakes && gs_engine_rests(engine, moment);
  gs_engine_inject(engine);
  /* What comes next from the schedule begins a window of its own; mail may have made links. */
  int64_t next = MIN(gs_schedule_peek_ns(engine->schedule), moment + sim->network.lookahead_ns);
  sim->window_end_ns = MIN(sim->window_end_ns, MAX(next, moment + 1));
  uint64_t messages = engine->injected->len + gs_exchange_open(&engine->exchange, moment);
  engine->runner_class->run_window(engine->runner, collect, &engine->exchange, messages);
  gs_exchange_close(&engine->exchange);
  observe(engine);
  gs_engine_tell_checks(engine);
  tell_news(engine);
  tell_sinks(engine);
  balance_pools(sim);
}

static uint64_t forecast(const GsEngine *engine) {
  bool all_told = gs_schedule_peek_ns(engine->schedule) > engine->until_ns;
  bool exact = engine->scenario->sync == GS_SYNC_EVERY && !engine->unforeseen &&
               !engine->sim.network.may_fail;
  return all_told && exact ? engine->expected : 0;
}

static bool goes_on(GsEngine *engine) {
  double now = gs_clock_s();
  if (!engine->options->progress || now - engine->asked_s < PROGRESS_EVERY_S)
    return true;
  engine->asked_s = now;
  uint64_t messages = 0;
  for (uint32_t i = 0; i < engine->sim.lane_count; i++)
    messages += engine->sim.lanes[i].sent;
  GsRunProgress progress = {.now_ns = engine->sim.now_ns,
                            .messages = messages,
                            .expected_messages = forecast(engine),
                            .wall_s = now - engine->began_s};
  return engine->options->progress(&progress, engine->options->progress_data);
}

static void run_to_the_end(GsEngine *engine) {
  for (;;) {
    int64_t moment = gs_engine_next_moment(engine);
    if (moment == GS_TIME_NEVER) {
      engine->quiescent = true;
      break;
    }
    if (moment > engine->until_ns)
      break;
    watch_until(engine, moment);
    gs_engine_run_window(engine, moment);
    if (!goes_on(engine)) {
      engine->stopped = true;
      break;
    }
  }
}

static void start_values(GsEngine *engine, int64_t *gridnet) {
  const GsScenario *scenario = engine->scenario;
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    gridnet[i] = scenario->cold ? 0 : gs_sync_monitor_true_net(engine->monitor, i);
    gs_sync_monitor_set_gridnet(engine->monitor, i, gridnet[i]);
  }
}

static void clear_mail(gpointer data) {
  GsOutsideMail *mail = data;
  g_free(mail->what);
  g_clear_pointer(&mail->nets, g_array_unref);
}

static void clear_disturbed(gpointer disturbed) {
  g_free(((GsDisturbed *)disturbed)->what);
}

static void engine_init(GsEngine *engine, const GsScenario *scenario, const GsRunOptions *options) {
  *engine = (GsEngine){.scenario = scenario, .options = options, .disturbed_ns = -1};
  engine->injected = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  engine->starting = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  engine->held = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  engine->forgetful = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  engine->disturbances = g_array_new(FALSE, FALSE, sizeof(GsDisturbed));
  g_array_set_clear_func(engine->disturbances, clear_disturbed);
  engine->mail = g_array_new(FALSE, FALSE, sizeof(GsOutsideMail));
  g_array_set_clear_func(engine->mail, clear_mail);
  engine->mail_ns = GS_TIME_NEVER;
  engine->foreign_cause = UINT32_MAX;
  engine->observations = g_array_new(FALSE, FALSE, sizeof(GsObservation));
  engine->schedule = gs_schedule_new(scenario);
  engine->monitor = gs_sync_monitor_new(scenario);
  engine->view = (GsRunView){.sim = &engine->sim, .monitor = engine->monitor};
  engine->until_ns = MIN(scenario->until_ns, GS_TIME_MAX_NS);
  if (options->before_ns)
    engine->until_ns = MIN(engine->until_ns, options->before_ns - 1);
  engine->runner_class = options->runner == GS_RUNNER_POOL ? &gs_runner_pool : &gs_runner_threads;
  g_autofree int64_t *gridnet = g_new(int64_t, scenario->node_count);
  start_values(engine, gridnet);
  gs_simulation_init(&engine->sim, scenario, gs_run_lanes(options->workers, scenario->node_count),
                     gridnet, gs_engine_is_traced(engine), options->live, options->memory);
  for (guint i = 0; i < options->sink_count; i++)
    engine->sim.counting |= options->sinks[i].sent != NULL;
  engine->sim.watched |= engine->sim.counting;
  gs_exchange_init(&engine->exchange, &engine->sim);
  gs_engine_start_checks(engine);
}

static void engine_clear(GsEngine *engine) {
  gs_exchange_clear(&engine->exchange);
  g_array_unref(engine->injected);
  g_array_unref(engine->starting);
  g_array_unref(engine->held);
  g_array_unref(engine->forgetful);
  g_array_unref(engine->disturbances);
  g_array_unref(engine->mail);
  g_array_unref(engine->observations);
  gs_trace_merge_clear(&engine->merge);
  gs_schedule_free(engine->schedule);
  gs_sync_monitor_free(engine->monitor);
  gs_simulation_clear(&engine->sim);
  gs_checker_free(engine->checker);
  if (engine->waves)
    g_array_unref(engine->waves);
  gs_results_free(engine->results);
}

GsResults *gs_run(const GsScenario *scenario, const GsRunOptions *options, GError **error) {
  g_assert(!options->watch || options->watch_every_ns > 0);
  GsEngine engine;
  double before = gs_clock_s();
  engine_init(&engine, scenario, options);
  engine.results = g_new0(GsResults, 1);
  engine.runner = engine.runner_class->start(&engine.sim, error);
  if (!engine.runner) {
    engine_clear(&engine);
    return NULL;
  }
  engine.began_s = engine.asked_s = gs_clock_s();
  engine.results->start_s = engine.began_s - before;
  if (options->live)
    gs_engine_run_live(&engine);
  else
    run_to_the_end(&engine);
  double end = gs_clock_s();
  engine.results->wall_s = end - engine.began_s;
  engine.runner_class->stop(engine.runner);
  engine.results->stop_s = gs_clock_s() - end;
  gs_engine_fill_results(&engine);
  gs_engine_end_checks(&engine);
  if (options->watch)
    options->watch(engine.results, engine.results->now_ns, options->watch_data);
  GsResults *results = g_steal_pointer(&engine.results);
  engine_clear(&engine);
  return results;
}

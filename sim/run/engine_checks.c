/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/engine.h"

#include "core/holdings.h"

/** What is seen of a wave, and where what it counted is. */
typedef struct {
  GsWaveSeen seen;
  const GsCountedNet *counted;
} Told;

void gs_engine_start_checks(GsEngine *engine) {
  const GsScenario *scenario = engine->scenario;
  GsCheckSet checks = scenario->expect.checks | engine->options->checks;
  if (engine->options->live)
    return;
  engine->checker = gs_checker_new(scenario, checks);
  if (!gs_check_set_needs_waves(checks))
    return;
  engine->waves = g_array_new(FALSE, FALSE, sizeof(Told));
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    GsLane *lane = &engine->sim.lanes[i];
    lane->waves = g_array_new(FALSE, FALSE, sizeof(GsWaveSeen));
    lane->counted = g_array_new(FALSE, FALSE, sizeof(GsCountedNet));
    lane->effects.counted = lane->counted;
  }
}

static void tell_nets(GsEngine *engine) {
  for (guint i = 0; i < engine->observations->len; i++) {
    const GsObservation *seen = &g_array_index(engine->observations, GsObservation, i);
    if (seen->note.kind == GS_NOTE_ENERGY)
      gs_checker_net(engine->checker, seen->time_ns, seen->node, seen->note.value);
  }
}

/** A node's are in their order already, since it is of one lane, and sorting keeps it. */
static gint compare_told(gconstpointer a, gconstpointer b) {
  const GsWaveSeen *x = &((const Told *)a)->seen, *y = &((const Told *)b)->seen;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->node < y->node ? -1 : x->node > y->node;
}

static void gather_waves(GsEngine *engine) {
  g_array_set_size(engine->waves, 0);
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    const GsLane *lane = &engine->sim.lanes[i];
    for (guint w = 0; w < lane->waves->len; w++) {
      Told told = {.seen = g_array_index(lane->waves, GsWaveSeen, w)};
      told.counted = (const GsCountedNet *)(void *)lane->counted->data + told.seen.first_counted;
      g_array_append_val(engine->waves, told);
    }
  }
  if (engine->waves->len > 1)
    g_array_sort(engine->waves, compare_told);
}

void gs_engine_tell_checks(GsEngine *engine) {
  if (!engine->waves)
    return;
  tell_nets(engine);
  gather_waves(engine);
  for (guint i = 0; i < engine->waves->len; i++) {
    const Told *told = &g_array_index(engine->waves, Told, i);
    const GsWaveSeen *seen = &told->seen;
    if (seen->note.kind == GS_NOTE_WAVE_START)
      gs_checker_wave_starts(engine->checker, seen->time_ns, seen->node, seen->note.master);
    else if (seen->note.kind == GS_NOTE_WAVE_LIMIT)
      gs_checker_wave_is_given_up(engine->checker, seen->node, seen->note.master);
    else
      gs_checker_wave_is_back(engine->checker, seen->time_ns, seen->node, &seen->note,
                              told->counted);
  }
  for (uint32_t i = 0; i < engine->sim.lane_count; i++) {
    GsLane *lane = &engine->sim.lanes[i];
    g_array_set_size(lane->waves, 0);
    g_array_set_size(lane->counted, 0);
    lane->counted_taken = 0;
  }
}

void gs_engine_check_holdings(GsEngine *engine) {
  if (!engine->checker || !engine->quiescent || engine->stopped)
    return;
  uint64_t disturbances = engine->results->disturbance_count;
  disturbances += engine->results->disturbances_left_out;
  for (uint32_t i = 0; i < engine->sim.actor_count; i++) {
    const GsNode *node = &engine->sim.actors[i].node;
    GsNodeHoldings holds = gs_node_holdings(node);
    GsNodeHoldings most =
        gs_checker_most_held(engine->sim.actor_count, disturbances, node->sibling_count);
    gs_checker_holds(engine->checker, engine->last_event_ns, i, &holds, &most);
  }
}

void gs_engine_end_checks(GsEngine *engine) {
  if (engine->checker)
    gs_checker_judge(engine->checker, engine->results);
  g_clear_pointer(&engine->checker, gs_checker_free);
  g_clear_pointer(&engine->waves, g_array_unref);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/trace_chrome.h"

#include "sim/measure/sync_monitor.h"
#include "sim/report/chrome_events.h"
#include "sim/report/flights.h"

/** A node's own wave that is not back. */
typedef struct {
  GsMasterId master;
  uint32_t node;
} OpenWave;

struct GsTraceChrome {
  GsChromeEvents *events;
  const GsScenario *scenario;
  bool paced;
  uint64_t sent;
  GsFlights *flights;
  GHashTable *waves;                         /**< set of OpenWave */
  int64_t told_ns[GS_DISTURBANCES_KEPT + 1]; /**< when a cause was last told; -1: not */

  GsSyncMonitor *monitor;
  int64_t now_ns;     /**< the moment that is being told */
  GArray *moved;      /**< of uint32_t: nodes that have another gridnet since the moment before */
  bool truth_moved;   /**< … or may be judged by another truth: any of them */
  bool *out_of_sync;  /**< per node: its span is open; NULL: too many nodes */
  uint32_t out_count; /**< as last written */
};

static guint hash_wave(gconstpointer key) {
  const OpenWave *wave = key;
  uint64_t hash = (wave->master.space ^ wave->master.count << 24) * UINT64_C(0x9E3779B97F4A7C15);
  return (guint)(hash >> 32);
}

static gboolean equal_waves(gconstpointer a, gconstpointer b) {
  return gs_master_id_equal(((const OpenWave *)a)->master, ((const OpenWave *)b)->master);
}

/* ---- Being in sync ---- */

static void write_state(GsTraceChrome *chrome, uint32_t node) {
  bool out = !gs_sync_monitor_in_sync(chrome->monitor, node) &&
             !gs_sync_monitor_is_down(chrome->monitor, node);
  if (out == chrome->out_of_sync[node])
    return;
  chrome->out_of_sync[node] = out;
  if (out)
    gs_chrome_write_out_of_sync(chrome->events, node, chrome->now_ns);
  else
    gs_chrome_write_in_sync(chrome->events, node, chrome->now_ns, GS_SPAN_ENDED);
}

/** What counts is how a moment ends. */
static void end_moment(GsTraceChrome *chrome) {
  if (chrome->out_of_sync && chrome->truth_moved) {
    for (uint32_t i = 0; i < chrome->scenario->node_count; i++)
      write_state(chrome, i);
  } else if (chrome->out_of_sync) {
    for (guint i = 0; i < chrome->moved->len; i++)
      write_state(chrome, g_array_index(chrome->moved, uint32_t, i));
  }
  g_array_set_size(chrome->moved, 0);
  chrome->truth_moved = false;
  uint32_t count = gs_sync_monitor_out_of_sync(chrome->monitor);
  if (count == chrome->out_count)
    return;
  chrome->out_count = count;
  gs_chrome_write_out_count(chrome->events, chrome->now_ns, count);
}

static void move_on(GsTraceChrome *chrome, int64_t now_ns) {
  if (now_ns <= chrome->now_ns)
    return;
  if (chrome->moved->len || chrome->truth_moved)
    end_moment(chrome);
  chrome->now_ns = now_ns;
}

static void begin_states(GsTraceChrome *chrome) {
  const GsScenario *scenario = chrome->scenario;
  chrome->monitor = gs_sync_monitor_new(scenario);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    gs_sync_monitor_set_gridnet(chrome->monitor, i,
                                scenario->cold ? 0 : gs_sync_monitor_true_net(chrome->monitor, i));
  chrome->moved = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  chrome->truth_moved = true;
  chrome->out_count = UINT32_MAX;
  if (scenario->node_count <= GS_TRACE_CHROME_SPANS_MAX)
    chrome->out_of_sync = g_new0(bool, scenario->node_count);
}

/* ---- What happens ---- */

GsTraceChrome *gs_trace_chrome_new(FILE *file, const GsScenario *scenario) {
  const char *left_out[3] = {NULL};
  guint count = 0;
  if (scenario->node_count > GS_TRACE_CHROME_COUNTERS_MAX)
    left_out[count++] = "counters of gridnets: too many nodes";
  if (scenario->node_count > GS_TRACE_CHROME_SPANS_MAX)
    left_out[count++] = "spans of single nodes out of sync: too many nodes";
  GsTraceChrome *chrome = g_new0(GsTraceChrome, 1);
  chrome->events = gs_chrome_events_new(file, scenario, left_out);
  chrome->scenario = scenario;
  chrome->paced = scenario->receive_every_ns || scenario->send_every_ns;
  chrome->flights = gs_flights_new();
  chrome->waves = g_hash_table_new_full(hash_wave, equal_waves, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(chrome->told_ns); i++)
    chrome->told_ns[i] = -1;
  begin_states(chrome);
  return chrome;
}

void gs_trace_chrome_free(GsTraceChrome *chrome) {
  if (!chrome)
    return;
  gs_flights_free(chrome->flights);
  g_hash_table_unref(chrome->waves);
  g_array_unref(chrome->moved);
  g_free(chrome->out_of_sync);
  gs_sync_monitor_free(chrome->monitor);
  gs_chrome_events_free(chrome->events);
  g_free(chrome);
}

/** A cause is a disturbance, told once; those that are not kept one by one share the last. */
static void take_told(GsTraceChrome *chrome, const GsTraceRecord *record) {
  int64_t *told_ns = &chrome->told_ns[record->message.cause];
  bool again =
      record->message.cause < GS_DISTURBANCES_KEPT ? *told_ns >= 0 : *told_ns == record->time_ns;
  if (again)
    return;
  *told_ns = record->time_ns;
  gs_chrome_write_disturbance(chrome->events, record);
}

static void take_delivery(GsTraceChrome *chrome, const GsTraceRecord *record,
                          const GsTraceRecord *end) {
  const GsMessage *message = &record->message;
  if (message->from == GS_ENDPOINT_NONE)
    take_told(chrome, record);
  gs_chrome_write_slice(chrome->events, record, end);
  if (message->from != GS_ENDPOINT_NONE)
    gs_chrome_write_arrived(chrome->events, record->time_ns, message,
                            gs_flights_take(chrome->flights, message), GS_SPAN_ENDED);
}

static void take_sent(GsTraceChrome *chrome, const GsTraceRecord *record,
                      const GsTraceRecord *handled) {
  if (chrome->paced || !handled || handled->node != record->node ||
      handled->time_ns != record->time_ns)
    gs_chrome_write_bare_slice(chrome->events, record->node, record->time_ns, "send ",
                               &record->message, "send");
  gs_flights_put(chrome->flights, &record->message, record->due_ns, ++chrome->sent);
  gs_chrome_write_sent(chrome->events, record, chrome->sent);
}

static void take_wave_start(GsTraceChrome *chrome, const GsTraceRecord *record) {
  OpenWave *wave = g_new(OpenWave, 1);
  *wave = (OpenWave){.master = record->message.master, .node = record->node};
  g_hash_table_add(chrome->waves, wave);
  gs_chrome_write_wave(chrome->events, record);
}

/** It is back, or was given up; others' waves that a node gives up do not end by that. */
static void take_wave_end(GsTraceChrome *chrome, const GsTraceRecord *record, bool used) {
  OpenWave key = {.master = record->message.master};
  const OpenWave *wave = g_hash_table_lookup(chrome->waves, &key);
  if (!wave || wave->node != record->node)
    return;
  gs_chrome_write_wave_end(chrome->events, record->node, key.master, record->time_ns, record, used);
  g_hash_table_remove(chrome->waves, &key);
}

static void take_state(GsTraceChrome *chrome, const GsTraceRecord *record) {
  if (record->kind == GS_TRACE_GRIDNET) {
    gs_sync_monitor_gridnet(chrome->monitor, record->time_ns, record->node, record->value);
    g_array_append_val(chrome->moved, record->node);
    if (chrome->scenario->node_count <= GS_TRACE_CHROME_COUNTERS_MAX)
      gs_chrome_write_gridnet(chrome->events, record);
    return;
  }
  chrome->truth_moved = true;
  if (record->kind == GS_TRACE_ENERGY)
    gs_sync_monitor_energy(chrome->monitor, record->time_ns, record->node, record->value,
                           UINT32_MAX);
  else
    gs_sync_monitor_sibling(chrome->monitor, record->time_ns, record->node, (uint32_t)record->value,
                            UINT32_MAX);
}

static void take_islands(const GsIslandNews *news, void *data) {
  GsTraceChrome *chrome = data;
  move_on(chrome, news->now_ns);
  gs_island_news_tell(news, chrome->monitor);
  chrome->truth_moved = true;
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
  GsTraceChrome *chrome = data;
  const GsTraceRecord *handled = NULL, *end = records + count;
  for (const GsTraceRecord *record = records; record < end; record++) {
    move_on(chrome, record->time_ns);
    switch (record->kind) {
    case GS_TRACE_DELIVERY:
      handled = record;
      take_delivery(chrome, record, end);
      break;
    case GS_TRACE_SEND:
      take_sent(chrome, record, handled);
      break;
    case GS_TRACE_GRIDNET:
    case GS_TRACE_ENERGY:
    case GS_TRACE_SIBLING:
      take_state(chrome, record);
      break;
    case GS_TRACE_WAVE_START:
      take_wave_start(chrome, record);
      break;
    case GS_TRACE_WAVE_DONE:
      take_wave_end(chrome, record, record + 1 == end || record[1].kind != GS_TRACE_SUPERSEDED);
      break;
    case GS_TRACE_DROP:
      if (record->value == GS_DROP_GIVEN_UP)
        take_wave_end(chrome, record, false);
      break;
    case GS_TRACE_LOST:
      gs_chrome_write_lost(chrome->events, record);
      break;
    case GS_TRACE_DOUBLE:
      gs_flights_put(chrome->flights, &record->message, record->due_ns, ++chrome->sent);
      gs_chrome_write_sent(chrome->events, record, chrome->sent);
      break;
    case GS_TRACE_UNDELIVERED:
      gs_chrome_write_bare_slice(chrome->events, record->node, record->time_ns, "not delivered ",
                                 &record->message, "undelivered");
      break;
    case GS_TRACE_LIMITED:
      take_wave_end(chrome, record, false);
      break;
    case GS_TRACE_SUSPECTED:
    case GS_TRACE_TRUSTED:
      gs_chrome_write_judgement(chrome->events, record);
      break;
    case GS_TRACE_FAULT:
    case GS_TRACE_FAULT_END:
      gs_chrome_write_fault(chrome->events, record);
      break;
    case GS_TRACE_SUPERSEDED:
    case GS_TRACE_WAITS:
    case GS_TRACE_WAKE:
      break;
    }
  }
}

GsTraceSink gs_trace_chrome_sink(GsTraceChrome *chrome) {
  return (GsTraceSink){.take = take, .islands = take_islands, .data = chrome};
}

/* ---- The end ---- */

static void cut_flights(GsTraceChrome *chrome) {
  g_autoptr(GArray) left = gs_flights_left(chrome->flights);
  for (guint i = 0; i < left->len; i++) {
    const GsFlight *flight = &g_array_index(left, GsFlight, i);
    GsMessage message = {.from = flight->from,
                         .to = flight->to,
                         .env = flight->kind & 3u,
                         .type = flight->kind >> 2 & 3u};
    gs_chrome_write_bare_slice(chrome->events, flight->to, chrome->now_ns, "", &message,
                               "not handled");
    gs_chrome_write_arrived(chrome->events, chrome->now_ns, &message, flight->id, GS_SPAN_CUT);
  }
}

static gint compare_waves(gconstpointer a, gconstpointer b) {
  const OpenWave *x = *(OpenWave *const *)a, *y = *(OpenWave *const *)b;
  if (x->node != y->node)
    return x->node < y->node ? -1 : 1;
  return (x->master.count > y->master.count) - (x->master.count < y->master.count);
}

static void cut_waves(GsTraceChrome *chrome) {
  g_autoptr(GPtrArray) left = g_ptr_array_new();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, chrome->waves);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    g_ptr_array_add(left, key);
  g_ptr_array_sort(left, compare_waves);
  for (guint i = 0; i < left->len; i++) {
    const OpenWave *wave = left->pdata[i];
    gs_chrome_write_wave_end(chrome->events, wave->node, wave->master, chrome->now_ns, NULL, false);
  }
}

void gs_trace_chrome_finish(GsTraceChrome *chrome, int64_t end_ns) {
  if (chrome->moved->len || chrome->truth_moved)
    end_moment(chrome);
  move_on(chrome, end_ns);
  cut_flights(chrome);
  cut_waves(chrome);
  for (uint32_t i = 0; chrome->out_of_sync && i < chrome->scenario->node_count; i++) {
    if (chrome->out_of_sync[i])
      gs_chrome_write_in_sync(chrome->events, i, chrome->now_ns, GS_SPAN_CUT);
  }
  gs_chrome_events_finish(chrome->events);
}

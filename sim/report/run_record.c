/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/run_record.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BIN_NS 1000

/** Where all messages take the same time they come in beats, of which each bin should have the same
 * number: otherwise rates look like a comb. */
static int64_t first_rate_ns(const GsScenario *scenario) {
  const GsDistribution *latency = &scenario->latency, *jitter = &scenario->jitter;
  bool beats = latency->kind == GS_DISTRIBUTION_CONSTANT && latency->a >= 1 &&
               jitter->kind == GS_DISTRIBUTION_CONSTANT && jitter->a == 0 &&
               !scenario->receive_every_ns;
  return beats ? gs_distribution_floor(latency) : FIRST_BIN_NS;
}

uint32_t gs_run_record_sampled(const GsRunRecord *record) {
  return MIN(record->scenario->node_count, GS_RECORD_SAMPLED_MAX);
}

/** Evenly over the nodes: all of them where they are few. */
static uint32_t sampled_node(const GsRunRecord *record, uint32_t i) {
  return (uint32_t)((uint64_t)i * record->scenario->node_count / gs_run_record_sampled(record));
}

/* ---- Steps: each change of a small grid ---- */

static void add_step(GsRunRecord *record, int64_t at_ns, uint32_t node, bool truth, int64_t value) {
  if (!record->steps)
    return;
  if (record->steps->len == GS_RECORD_STEPS_MAX) {
    record->steps_cut = true;
    return;
  }
  GsRecordedStep step = {
      .at_ns = at_ns, .value = value, .node = node, .truth = truth, .none = record->is_down[node]};
  g_array_append_val(record->steps, step);
}

/** It is down from now on, or back: its lines have a gap. */
static void add_gap(GsRunRecord *record, int64_t at_ns, uint32_t node) {
  add_step(record, at_ns, node, false, record->gridnet[node]);
  add_step(record, at_ns, node, true, gs_sync_monitor_true_net(record->monitor, node));
}

static void add_truths(GsRunRecord *record, int64_t at_ns) {
  for (uint32_t i = 0; record->steps && i < record->scenario->node_count; i++) {
    int64_t truth = gs_sync_monitor_true_net(record->monitor, i);
    if (truth == record->truth[i] || record->is_down[i])
      continue;
    record->truth[i] = truth;
    add_step(record, at_ns, i, true, truth);
  }
}

/* ---- Bands: how all nodes stand ---- */

static int compare_values(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/** Where a value is among those of the sampled nodes, or would be: the first place not below it. */
static uint32_t place_of(const GsRunRecord *record, int64_t value) {
  uint32_t low = 0, high = record->sorted_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (record->sorted[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** A sampled node's value changes: those between move by one. */
static void replace_sorted(GsRunRecord *record, int64_t from, int64_t to) {
  int64_t *sorted = record->sorted;
  uint32_t old = place_of(record, from), next = place_of(record, to);
  if (next > old) {
    next--;
    memmove(sorted + old, sorted + old + 1, (next - old) * sizeof *sorted);
  } else {
    memmove(sorted + next + 1, sorted + next, (old - next) * sizeof *sorted);
  }
  sorted[next] = to;
}

static bool is_sampled(const GsRunRecord *record, uint32_t node) {
  uint64_t count = gs_run_record_sampled(record), nodes = record->scenario->node_count;
  return sampled_node(record, (uint32_t)((node * count + nodes - 1) / nodes)) == node;
}

/** What is right for the sampled nodes; it changes far less often than gridnets. */
static void note_truths(GsRunRecord *record) {
  if (!record->truth_moved)
    return;
  record->truth_moved = false;
  record->truth_min = INT64_MAX;
  record->truth_max = INT64_MIN;
  for (uint32_t i = 0; i < gs_run_record_sampled(record); i++) {
    if (record->is_down[sampled_node(record, i)])
      continue;
    int64_t truth = gs_sync_monitor_true_net(record->monitor, sampled_node(record, i));
    record->truth_min = MIN(record->truth_min, truth);
    record->truth_max = MAX(record->truth_max, truth);
  }
}

/** The largest error of the sampled nodes. */
static uint64_t standing_error(GsRunRecord *record) {
  uint64_t worst = 0;
  for (uint32_t i = 0; i < gs_run_record_sampled(record); i++)
    worst = MAX(worst, gs_sync_monitor_error(record->monitor, sampled_node(record, i)));
  return worst;
}

/** Of a moment of which all is told. */
static GsRecordedBand band_now(GsRunRecord *record, int64_t at_ns) {
  note_truths(record);
  uint64_t standing = standing_error(record), peak = gs_sync_monitor_take_peak(record->monitor);
  GsRecordedBand band = {.at_ns = at_ns,
                         .out_of_sync = gs_sync_monitor_out_of_sync(record->monitor),
                         .true_net_min = record->truth_min,
                         .true_net_max = record->truth_max,
                         .none = !record->sorted_count,
                         .sums = gs_sync_monitor_sums(record->monitor, at_ns),
                         .worst = MAX(standing, peak)};
  for (uint32_t quarter = 0; !band.none && quarter < G_N_ELEMENTS(band.gridnet); quarter++)
    band.gridnet[quarter] = record->sorted[(uint64_t)(record->sorted_count - 1) * quarter / 4];
  return band;
}

/** The first stands for how it began and stays; of the others the last of each wider bin does. */
static void widen_bands(GsRunRecord *record) {
  GArray *bands = record->bands;
  record->band_ns *= 2;
  guint kept = 1;
  for (guint i = 1; i < bands->len; i++) {
    GsRecordedBand *last = &g_array_index(bands, GsRecordedBand, kept - 1);
    const GsRecordedBand *band = &g_array_index(bands, GsRecordedBand, i);
    bool same_bin = kept > 1 && last->at_ns / record->band_ns == band->at_ns / record->band_ns;
    if (same_bin)
      last[-1].worst = MAX(last[-1].worst, last->worst);
    g_array_index(bands, GsRecordedBand, same_bin ? kept - 1 : kept++) = *band;
  }
  g_array_set_size(bands, kept);
}

static void close_band(GsRunRecord *record) {
  if (!record->moved)
    return;
  record->moved = false;
  gs_sync_monitor_settle(record->monitor, INT64_MAX);
  GsRecordedBand band = band_now(record, record->moved_ns);
  g_array_append_val(record->bands, band);
  while (record->bands->len > GS_RECORD_BINS_MAX)
    widen_bands(record);
}

static void move_on(GsRunRecord *record, int64_t now_ns) {
  if (!record->moved || now_ns == record->moved_ns)
    return;
  if (now_ns / record->band_ns != record->moved_ns / record->band_ns) {
    close_band(record);
    return;
  }
  gs_sync_monitor_settle(record->monitor, now_ns);
  GsRecordedBand *last = &g_array_index(record->bands, GsRecordedBand, record->bands->len - 1);
  uint64_t peak = gs_sync_monitor_take_peak(record->monitor);
  last->worst = MAX(last->worst, peak);
}

static void moved(GsRunRecord *record, int64_t now_ns) {
  record->moved = true;
  record->moved_ns = now_ns;
}

/* ---- Messages ---- */

static void widen_rates(GsRunRecord *record) {
  GArray *rates = record->rates;
  record->rate_ns *= 2;
  guint kept = 0;
  for (guint i = 0; i < rates->len; i++) {
    GsRecordedRate rate = g_array_index(rates, GsRecordedRate, i);
    rate.bin /= 2;
    GsRecordedRate *last = kept ? &g_array_index(rates, GsRecordedRate, kept - 1) : NULL;
    if (!last || last->bin != rate.bin) {
      g_array_index(rates, GsRecordedRate, kept++) = rate;
      continue;
    }
    for (int kind = 0; kind < GS_ENVELOPE_TYPES * GS_MESSAGE_TYPES; kind++)
      last->counts[kind / GS_MESSAGE_TYPES][kind % GS_MESSAGE_TYPES] +=
          rate.counts[kind / GS_MESSAGE_TYPES][kind % GS_MESSAGE_TYPES];
  }
  g_array_set_size(rates, kept);
}

/** The counts of a bin; those that are asked for lie near the end. */
static GsRecordedRate *rate_at(GsRunRecord *record, int64_t bin) {
  GArray *rates = record->rates;
  guint place = rates->len;
  while (place > 0 && g_array_index(rates, GsRecordedRate, place - 1).bin > bin)
    place--;
  if (!place || g_array_index(rates, GsRecordedRate, place - 1).bin < bin) {
    GsRecordedRate rate = {.bin = bin};
    g_array_insert_val(rates, place, rate);
    return &g_array_index(rates, GsRecordedRate, place);
  }
  return &g_array_index(rates, GsRecordedRate, place - 1);
}

static void happened(GsRunRecord *record, int64_t now_ns) {
  if (record->first_ns < 0 || now_ns < record->first_ns)
    record->first_ns = now_ns;
  record->last_ns = MAX(record->last_ns, now_ns);
}

static void take_sent(int64_t time_ns, uint32_t kind, uint64_t count, void *data) {
  GsRunRecord *record = data;
  GsRecordedRate *rate = rate_at(record, time_ns / record->rate_ns);
  rate->counts[kind & 3][kind >> 2] += count;
  record->happened_count += count;
  happened(record, time_ns);
  while (record->rates->len > GS_RECORD_BINS_MAX)
    widen_rates(record);
}

static void keep_message(GsRunRecord *record, const GsTraceRecord *sent) {
  GsRecordedMessage kept = {.message = sent->message,
                            .sent_ns = sent->time_ns,
                            .due_ns = sent->kind == GS_TRACE_LOST ? -1 : sent->due_ns,
                            .sum = sent->value,
                            .nets = sent->nets};
  if (kept.message.type == GS_UPDATE_NET)
    kept.message.nets = NULL;
  g_array_append_val(record->messages, kept);
}

static bool wants_messages(void *data) {
  const GsRunRecord *record = data;
  return record->messages->len < GS_RECORD_MESSAGES_MAX;
}

static void take_messages(const GsRunView *view, const GsTraceRecord *records, guint count,
                          void *data) {
  (void)view;
  for (guint i = 0; i < count && wants_messages(data); i++) {
    /* What the schedule tells is nowhere sent. */
    if (records[i].kind == GS_TRACE_SEND || records[i].kind == GS_TRACE_LOST ||
        (records[i].kind == GS_TRACE_DELIVERY && records[i].message.from == GS_ENDPOINT_NONE))
      keep_message(data, &records[i]);
  }
}

/* ---- What changes ---- */

static void take_gridnet(GsRunRecord *record, int64_t now, uint32_t node, int64_t gridnet) {
  gs_sync_monitor_gridnet(record->monitor, now, node, gridnet);
  if (is_sampled(record, node) && !record->is_down[node])
    replace_sorted(record, record->gridnet[node], gridnet);
  record->gridnet[node] = gridnet;
  record->changed_ns[node] = now;
  add_step(record, now, node, false, gridnet);
}

static void take_truth(GsRunRecord *record, const GsObservation *seen) {
  GsSyncMonitor *monitor = record->monitor;
  int64_t now = seen->time_ns;
  if (seen->note.kind == GS_NOTE_ENERGY)
    gs_sync_monitor_energy(monitor, now, seen->node, seen->note.value, UINT32_MAX);
  else
    gs_sync_monitor_sibling(monitor, now, seen->node, (uint32_t)seen->note.value, UINT32_MAX);
  record->truth_ns[gs_sync_monitor_island(monitor, seen->node)] = now;
  record->truth_moved = true;
  add_truths(record, now);
}

/** Gridnets of the sampled nodes that are up. */
static void sort_gridnets(GsRunRecord *record) {
  record->sorted_count = 0;
  for (uint32_t i = 0; i < gs_run_record_sampled(record); i++)
    if (!record->is_down[sampled_node(record, i)])
      record->sorted[record->sorted_count++] = record->gridnet[sampled_node(record, i)];
  qsort(record->sorted, record->sorted_count, sizeof *record->sorted, compare_values);
}

/** When the truth of each node last changed, through islands that are made anew. */
static void follow_truths(GsRunRecord *record, int64_t now_ns, const int64_t *truth,
                          const int64_t *since_ns) {
  uint32_t nodes = record->scenario->node_count;
  for (uint32_t i = 0; i < nodes; i++)
    record->truth_ns[i] = 0;
  for (uint32_t i = 0; i < nodes; i++) {
    int64_t *truth_ns = &record->truth_ns[gs_sync_monitor_island(record->monitor, i)];
    bool is_down = gs_sync_monitor_is_down(record->monitor, i);
    bool same =
        is_down == record->is_down[i] && truth[i] == gs_sync_monitor_true_net(record->monitor, i);
    *truth_ns = MAX(*truth_ns, same ? since_ns[i] : now_ns);
  }
}

static void take_islands(const GsIslandNews *news, void *data) {
  GsRunRecord *record = data;
  uint32_t nodes = record->scenario->node_count;
  happened(record, news->now_ns);
  move_on(record, news->now_ns);
  g_autofree int64_t *truth = g_new(int64_t, nodes), *since_ns = g_new(int64_t, nodes);
  for (uint32_t i = 0; i < nodes; i++) {
    truth[i] = gs_sync_monitor_true_net(record->monitor, i);
    since_ns[i] = record->truth_ns[gs_sync_monitor_island(record->monitor, i)];
  }
  gs_island_news_tell(news, record->monitor);
  follow_truths(record, news->now_ns, truth, since_ns);
  for (uint32_t i = 0; i < nodes; i++) {
    bool is_down = gs_sync_monitor_is_down(record->monitor, i);
    bool changes = is_down != record->is_down[i];
    record->is_down[i] = is_down;
    if (changes && record->steps)
      add_gap(record, news->now_ns, i);
    if (changes && record->truth)
      record->truth[i] = gs_sync_monitor_true_net(record->monitor, i);
  }
  sort_gridnets(record);
  record->truth_moved = true;
  add_truths(record, news->now_ns);
  moved(record, news->now_ns);
}

static void take_news(const GsWindowNews *news, void *data) {
  GsRunRecord *record = data;
  if (news->told) {
    record->happened_count += news->told;
    happened(record, news->now_ns);
  }
  for (guint i = 0; i < news->change_count; i++) {
    const GsObservation *seen = &news->changes[i];
    happened(record, seen->time_ns);
    move_on(record, seen->time_ns);
    if (seen->note.kind == GS_NOTE_GRIDNET)
      take_gridnet(record, seen->time_ns, seen->node, seen->note.value);
    else
      take_truth(record, seen);
    moved(record, seen->time_ns);
  }
  if (record->first_ns >= 0)
    record->last_ns = MAX(record->last_ns, news->last_ns);
}

static void begin(GsRunRecord *record) {
  for (uint32_t i = 0; i < record->scenario->node_count; i++) {
    int64_t truth = gs_sync_monitor_true_net(record->monitor, i);
    record->gridnet[i] = record->scenario->cold ? 0 : truth;
    gs_sync_monitor_set_gridnet(record->monitor, i, record->gridnet[i]);
    add_step(record, 0, i, false, record->gridnet[i]);
    add_step(record, 0, i, true, truth);
    if (record->truth)
      record->truth[i] = truth;
  }
  sort_gridnets(record);
  record->truth_moved = true;
  gs_sync_monitor_settle(record->monitor, INT64_MAX);
  GsRecordedBand band = band_now(record, 0);
  g_array_append_val(record->bands, band);
}

GsRunRecord *gs_run_record_new(const GsScenario *scenario) {
  GsRunRecord *record = g_new0(GsRunRecord, 1);
  uint32_t nodes = scenario->node_count;
  record->scenario = scenario;
  record->monitor = gs_sync_monitor_new(scenario);
  record->gridnet = g_new0(int64_t, nodes);
  record->changed_ns = g_new0(int64_t, nodes);
  record->truth_ns = g_new0(int64_t, nodes);
  record->is_down = g_new0(bool, nodes);
  record->sorted = g_new(int64_t, gs_run_record_sampled(record));
  record->messages = g_array_new(FALSE, FALSE, sizeof(GsRecordedMessage));
  record->rates = g_array_new(FALSE, FALSE, sizeof(GsRecordedRate));
  record->bands = g_array_new(FALSE, FALSE, sizeof(GsRecordedBand));
  record->rate_ns = first_rate_ns(scenario);
  record->band_ns = FIRST_BIN_NS;
  record->first_ns = record->last_ns = -1;
  if (nodes <= GS_RECORD_STEPS_NODES_MAX) {
    record->steps = g_array_new(FALSE, FALSE, sizeof(GsRecordedStep));
    record->truth = g_new0(int64_t, nodes);
  }
  begin(record);
  return record;
}

GsTraceSink gs_run_record_sink(GsRunRecord *record) {
  return (GsTraceSink){.take = take_messages,
                       .wants = wants_messages,
                       .news = take_news,
                       .sent = take_sent,
                       .islands = take_islands,
                       .data = record};
}

/* ---- Afterwards ---- */

static GsSyncSums difference(GsSyncSums later, GsSyncSums sums) {
  return (GsSyncSums){later.out_of_sync_node_ns - sums.out_of_sync_node_ns,
                      later.error_node_ns - sums.error_node_ns, later.up_node_ns - sums.up_node_ns};
}

void gs_run_record_finish(GsRunRecord *record) {
  close_band(record);
  int64_t at_ns = g_array_index(record->bands, GsRecordedBand, record->bands->len - 1).at_ns;
  record->last_second = difference(gs_sync_monitor_sums(record->monitor, at_ns + GS_SECOND_NS),
                                   gs_sync_monitor_sums(record->monitor, at_ns));
  if (!wants_messages(record))
    record->messages_cut = record->happened_count - record->messages->len;
  while ((record->last_ns - record->first_ns) / record->rate_ns >= GS_RECORD_RATES_SHOWN)
    widen_rates(record);
}

bool gs_run_record_error(const GsRunRecord *record, guint i, GsRecordedError *error) {
  const GsRecordedBand *band = &g_array_index(record->bands, GsRecordedBand, i);
  bool last = i + 1 == record->bands->len;
  if (!last && band[1].at_ns == band->at_ns)
    return false;
  GsSyncSums sums = last ? record->last_second : difference(band[1].sums, band->sums);
  *error = (GsRecordedError){.at_ns = band->at_ns, .none = !sums.up_node_ns, .worst = band->worst};
  if (!error->none) {
    error->in_sync_share = 1 - (double)sums.out_of_sync_node_ns / (double)sums.up_node_ns;
    error->mean_error = (double)sums.error_node_ns / (double)sums.up_node_ns;
    error->worst = MAX(error->worst, (uint64_t)error->mean_error); /* of nodes not looked at */
  }
  return true;
}

int64_t gs_run_record_since_ns(GsRunRecord *record, uint32_t node, int64_t *truth_ns) {
  *truth_ns = record->truth_ns[gs_sync_monitor_island(record->monitor, node)];
  if (!gs_sync_monitor_in_sync(record->monitor, node))
    return -1;
  return MAX(record->changed_ns[node], *truth_ns);
}

void gs_run_record_free(GsRunRecord *record) {
  if (!record)
    return;
  gs_sync_monitor_free(record->monitor);
  g_free(record->gridnet);
  g_free(record->changed_ns);
  g_free(record->truth_ns);
  g_free(record->truth);
  g_free(record->sorted);
  g_free(record->is_down);
  g_array_unref(record->messages);
  g_array_unref(record->rates);
  g_array_unref(record->bands);
  if (record->steps)
    g_array_unref(record->steps);
  g_free(record);
}

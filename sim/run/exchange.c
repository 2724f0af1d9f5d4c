/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/exchange.h"

#include <string.h>

#include "sim/run/carrier.h"

static void batch_free(gpointer data) {
  GsBatch *batch = data;
  g_free(batch->logs);
  g_free(batch);
}

void gs_exchange_init(GsExchange *exchange, GsSimulation *sim) {
  *exchange = (GsExchange){.sim = sim};
  g_queue_init(&exchange->batches);
  exchange->spare = g_ptr_array_new_with_free_func(batch_free);
  uint32_t lanes = sim->lane_count;
  if (sim->carrier->by_wheel) {
    exchange->handed = g_new0(GsLetterList, lanes * lanes);
    exchange->kept = g_new0(GsLetterList, lanes * lanes);
  }
  for (uint32_t i = 0; i < lanes * lanes; i++)
    sim->lanes[i / lanes].out[i % lanes].min_due_ns = INT64_MAX;
}

void gs_exchange_clear(GsExchange *exchange) {
  g_queue_clear_full(&exchange->batches, batch_free);
  g_ptr_array_unref(exchange->spare);
  g_free(exchange->handed);
  g_free(exchange->kept);
}

/* ---- Bundles ---- */

static GsBatch *batch_new(GsExchange *exchange) {
  uint32_t lanes = exchange->sim->lane_count;
  if (exchange->spare->len)
    return g_ptr_array_steal_index_fast(exchange->spare, exchange->spare->len - 1);
  GsBatch *batch = g_new0(GsBatch, 1);
  batch->logs = g_new0(GsLog, lanes * lanes);
  return batch;
}

/** Takes what the lanes have just sent out of their hands. */
static void commit_mail(GsExchange *exchange) {
  GsSimulation *sim = exchange->sim;
  uint64_t count = 0;
  int64_t due = INT64_MAX;
  for (uint32_t w = 0; w < sim->lane_count; w++) {
    for (uint32_t r = 0; r < sim->lane_count; r++) {
      const GsLog *log = &sim->lanes[w].out[r];
      count += log->count;
      if (log->count)
        due = MIN(due, log->min_due_ns);
    }
  }
  if (!count)
    return;
  GsBatch *batch = batch_new(exchange);
  batch->count = count;
  batch->due_ns = due;
  for (uint32_t w = 0; w < sim->lane_count; w++) {
    memcpy(&batch->logs[w * sim->lane_count], sim->lanes[w].out, sim->lane_count * sizeof(GsLog));
    for (uint32_t r = 0; r < sim->lane_count; r++)
      sim->lanes[w].out[r] = (GsLog){.min_due_ns = INT64_MAX};
  }
  g_queue_push_tail(&exchange->batches, batch);
}

static void recycle(GsExchange *exchange) {
  GsSimulation *sim = exchange->sim;
  GsBatch *batch = g_steal_pointer(&exchange->delivering);
  if (!batch)
    return;
  for (uint32_t i = 0; i < sim->lane_count * sim->lane_count; i++)
    gs_log_recycle(&batch->logs[i], &sim->lanes[i / sim->lane_count].pool);
  g_ptr_array_add(exchange->spare, batch);
}

static int64_t next_batch_ns(const GsExchange *exchange) {
  const GsBatch *first = exchange->batches.head ? exchange->batches.head->data : NULL;
  return first ? first->due_ns : INT64_MAX;
}

static uint64_t open_batch(GsExchange *exchange, int64_t moment) {
  if (next_batch_ns(exchange) > moment)
    return 0;
  exchange->delivering = g_queue_pop_head(&exchange->batches);
  return exchange->delivering->count;
}

const GsLog *gs_exchange_bundles(const GsExchange *exchange, const GsLane *lane) {
  return exchange->delivering ? &exchange->delivering->logs[lane->index] : NULL;
}

void gs_exchange_delay(GsExchange *exchange, int64_t by_ns) {
  for (GList *link = exchange->batches.head; link; link = link->next)
    ((GsBatch *)link->data)->due_ns += by_ns;
}

/* ---- Letters ---- */

static int64_t next_letter_ns(const GsExchange *exchange) {
  const GsSimulation *sim = exchange->sim;
  int64_t next = INT64_MAX;
  for (uint32_t w = 0; w < sim->lane_count; w++) {
    for (uint32_t r = 0; r < sim->lane_count; r++)
      next = MIN(next, gs_wheel_next_ns(&sim->lanes[w].wheels[r], &sim->wheel_time));
  }
  return next;
}

static uint64_t sent_by_all(const GsSimulation *sim) {
  uint64_t sent = 0;
  for (uint32_t i = 0; i < sim->lane_count; i++)
    sent += sim->lanes[i].sent;
  return sent;
}

/** Of what waits in a bucket, the part that is due in this window; where windows are narrower than
 * buckets anyway, about as much as was sent in the last one. */
static uint64_t about_due(const GsExchange *exchange, int64_t moment, uint64_t sent) {
  const GsSimulation *sim = exchange->sim;
  int64_t width = sim->wheel_time.width_ns;
  if (sim->network.lookahead_ns < width)
    return sent - exchange->sent;
  uint64_t waiting = exchange->handed_count;
  for (uint32_t i = 0; i < sim->lane_count; i++)
    waiting += gs_dealer_count(&sim->lanes[i].dealer);
  int64_t end_ns = (sim->wheel_time.bucket + 1) * width;
  double part = (double)(sim->window_end_ns - moment) / (double)(end_ns - moment);
  return (uint64_t)((double)waiting * MIN(part, 1));
}

static uint64_t open_bucket(GsExchange *exchange, int64_t moment) {
  GsSimulation *sim = exchange->sim;
  uint32_t lanes = sim->lane_count;
  int64_t before = sim->wheel_time.bucket;
  sim->wheel_time.bucket = MAX(before, moment / sim->wheel_time.width_ns);
  exchange->handed_count = 0;
  for (uint32_t i = 0; i < lanes * lanes; i++) {
    GsLane *writer = &sim->lanes[i / lanes];
    gs_wheel_take(&writer->wheels[i % lanes], &sim->wheel_time, before, &writer->pool,
                  &exchange->handed[i]);
    exchange->handed_count += exchange->handed[i].count;
  }
  uint64_t sent = sent_by_all(sim), due = about_due(exchange, moment, sent);
  exchange->sent = sent;
  return due;
}

const GsLetterList *gs_exchange_letters(const GsExchange *exchange, const GsLane *lane) {
  return exchange->handed_count ? &exchange->handed[lane->index] : NULL;
}

static void close_bucket(GsExchange *exchange) {
  GsSimulation *sim = exchange->sim;
  uint32_t lanes = sim->lane_count;
  uint64_t waiting = 0;
  for (uint32_t i = 0; i < lanes; i++)
    waiting += gs_dealer_count(&sim->lanes[i].dealer);
  for (uint32_t i = 0; i < lanes * lanes; i++) {
    gs_letter_list_append(&exchange->kept[i], &exchange->handed[i]);
    if (!waiting)
      gs_letter_list_recycle(&exchange->kept[i], &sim->lanes[i / lanes].pool);
  }
}

/* ---- Both ---- */

int64_t gs_exchange_next_ns(const GsExchange *exchange) {
  return exchange->handed ? next_letter_ns(exchange) : next_batch_ns(exchange);
}

uint64_t gs_exchange_open(GsExchange *exchange, int64_t moment) {
  return exchange->handed ? open_bucket(exchange, moment) : open_batch(exchange, moment);
}

void gs_exchange_close(GsExchange *exchange) {
  if (exchange->handed) {
    close_bucket(exchange);
  } else {
    recycle(exchange);
    commit_mail(exchange);
  }
}

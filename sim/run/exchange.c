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
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    for (uint32_t r = 0; r < sim->lane_count; r++)
      sim->lanes[i].out[r].min_due_ns = INT64_MAX;
  }
}

void gs_exchange_clear(GsExchange *exchange) {
  g_queue_clear_full(&exchange->batches, batch_free);
  g_ptr_array_unref(exchange->spare);
}

static GsBatch *batch_new(GsExchange *exchange) {
  uint32_t lanes = exchange->sim->lane_count;
  if (exchange->spare->len)
    return g_ptr_array_steal_index_fast(exchange->spare, exchange->spare->len - 1);
  GsBatch *batch = g_new0(GsBatch, 1);
  batch->logs = g_new0(GsLog, lanes * lanes);
  return batch;
}

/* Takes what the lanes have just sent out of their hands. */
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

int64_t gs_exchange_next_ns(const GsExchange *exchange) {
  const GsBatch *first = exchange->batches.head ? exchange->batches.head->data : NULL;
  return first ? first->due_ns : INT64_MAX;
}

uint64_t gs_exchange_open(GsExchange *exchange, int64_t moment) {
  int64_t next = gs_exchange_next_ns(exchange);
  bool waits = exchange->sim->carrier->waits_in_exchange && next > moment;
  if (next == INT64_MAX || waits)
    return 0;
  exchange->delivering = g_queue_pop_head(&exchange->batches);
  return exchange->delivering->count;
}

void gs_exchange_collect(const GsExchange *exchange, GsLane *lane) {
  const GsSimulation *sim = exchange->sim;
  const GsBatch *batch = exchange->delivering;
  sim->carrier->collect(lane, batch ? &batch->logs[lane->index] : NULL, sim->lane_count);
}

void gs_exchange_close(GsExchange *exchange) {
  recycle(exchange);
  commit_mail(exchange);
}

void gs_exchange_delay(GsExchange *exchange, int64_t by_ns) {
  for (GList *link = exchange->batches.head; link; link = link->next)
    ((GsBatch *)link->data)->due_ns += by_ns;
}

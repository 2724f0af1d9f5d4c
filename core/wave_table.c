/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wave_table.h"

#include <string.h>

/* Small tables are not worth giving back and taking again. */
#define LOG2_SMALLEST 3

/* Ids are counters: without mixing, those of one node would share their buckets. */
static inline uint32_t bucket_of(const GsWaveTable *table, GsMasterId master) {
  uint64_t space = (master.space + table->salt) * (2 * table->salt + 1);
  uint64_t h = (space ^ (master.count << 32 | master.count >> 32)) * 0x9E3779B97F4A7C15u;
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93u;
  return (uint32_t)(h >> (64 - table->log2_buckets));
}

static guint waves_class(guint log2_room) {
  return log2_room + 6;
}

static guint buckets_class(guint log2_buckets) {
  return MAX(log2_buckets + 2, GS_POOL_CLASS_MIN);
}

static void free_arrays(const GsWaveTable *table, GsPool *pool) {
  if (!table->waves)
    return;
  gs_pool_give(pool, table->waves, waves_class(table->log2_room));
  gs_pool_give(pool, table->buckets, buckets_class(table->log2_buckets));
}

void gs_wave_table_clear(GsWaveTable *table, GsPool *pool) {
  free_arrays(table, pool);
  *table = (GsWaveTable){.salt = table->salt};
}

static void link_wave(GsWaveTable *table, uint32_t index) {
  GsWave *wave = &table->waves[index];
  uint32_t *bucket = &table->buckets[bucket_of(table, wave->master)];
  wave->next = *bucket;
  *bucket = index;
}

/* Moves what is in the table to arrays of another size, without gaps. */
static void resize(GsWaveTable *table, GsPool *pool, guint log2_room) {
  GsWaveTable old = *table;
  table->log2_room = (uint8_t)log2_room;
  table->log2_buckets = (uint8_t)(log2_room + 1);
  table->waves = gs_pool_take(pool, waves_class(log2_room));
  table->buckets = gs_pool_take(pool, buckets_class(table->log2_buckets));
  memset(table->buckets, 0xFF, sizeof *table->buckets << table->log2_buckets);
  table->used = 0;
  table->first_free = GS_WAVE_NONE;
  if (!old.waves)
    return;
  for (gsize b = 0; b < (gsize)1 << old.log2_buckets; b++) {
    for (uint32_t i = old.buckets[b]; i != GS_WAVE_NONE; i = old.waves[i].next) {
      table->waves[table->used] = old.waves[i];
      link_wave(table, table->used++);
    }
  }
  free_arrays(&old, pool);
}

GsWave *gs_wave_table_find(const GsWaveTable *table, GsMasterId master) {
  if (!table->count)
    return NULL;
  uint32_t i = table->buckets[bucket_of(table, master)];
  while (i != GS_WAVE_NONE) {
    GsWave *wave = &table->waves[i];
    if (gs_master_id_equal(wave->master, master))
      return wave;
    i = wave->next;
  }
  return NULL;
}

void gs_wave_table_prefetch_bucket(const GsWaveTable *table, GsMasterId master) {
  if (table->count)
    __builtin_prefetch(&table->buckets[bucket_of(table, master)]);
}

void gs_wave_table_prefetch_wave(const GsWaveTable *table, GsMasterId master) {
  if (!table->count)
    return;
  uint32_t i = table->buckets[bucket_of(table, master)];
  if (i != GS_WAVE_NONE)
    __builtin_prefetch(&table->waves[i]);
}

GsWave *gs_wave_table_insert(GsWaveTable *table, GsPool *pool, GsMasterId master) {
  if (!table->waves || table->count == 1u << table->log2_room)
    resize(table, pool, table->waves ? table->log2_room + 1u : LOG2_SMALLEST);
  uint32_t index = table->first_free;
  if (index != GS_WAVE_NONE)
    table->first_free = table->waves[index].next;
  else
    index = table->used++;
  table->waves[index] = (GsWave){.master = master};
  link_wave(table, index);
  table->count++;
  return &table->waves[index];
}

void gs_wave_table_remove(GsWaveTable *table, GsPool *pool, GsWave *wave) {
  uint32_t index = (uint32_t)(wave - table->waves);
  uint32_t *link = &table->buckets[bucket_of(table, wave->master)];
  while (*link != index)
    link = &table->waves[*link].next;
  *link = wave->next;
  wave->kind = GS_WAVE_FREE;
  wave->next = table->first_free;
  table->first_free = index;
  table->count--;
  if (!table->count)
    gs_wave_table_clear(table, pool);
  else if (table->log2_room > LOG2_SMALLEST && table->count <= 4)
    resize(table, pool, LOG2_SMALLEST);
}

gsize gs_wave_table_bytes(const GsWaveTable *table) {
  if (!table->waves)
    return 0;
  return ((gsize)1 << waves_class(table->log2_room)) +
         ((gsize)1 << buckets_class(table->log2_buckets));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool.h"
#include "core/wave.h"

/**
 * The waves of a node by their id: an array of waves, and, when there are more
 * than a few, chained hashing over it; both from the pool and given back when
 * the node comes to rest. Floods are in it too, with an order of their own.
 */
typedef struct {
  char *waves;       /**< of the table's form */
  uint32_t *buckets; /**< number of the first wave, GS_WAVE_NONE: none; NULL: few waves */
  uint32_t count, used, room, first_free;
  GsWaveForm form;
  uint8_t waves_class;
  uint8_t bucket_shift; /**< of a hash, to the number of a bucket */
  uint32_t floods, oldest_flood, newest_flood;
  /**
   * Of hashes, odd; 0: any. Secret where ids come from outside: then nobody can
   * choose ids that share a bucket.
   */
  uint64_t factor;
} GsWaveTable;

/** A table that had more goes back to what so few take; before, it keeps what it has. */
#define GS_WAVE_TABLE_FEW 2u

/** What a table's `factor` is to be for a salt. */
static inline uint64_t gs_wave_table_factor(uint64_t salt) {
  return 2 * salt + 0x9E3779B97F4A7C15u;
}

/** Empties it, and keeps its factor. */
void gs_wave_table_clear(GsWaveTable *table, GsPool *pool);

/** The place with a number below `used`, also a free one. */
static inline GsWave *gs_wave_table_at(const GsWaveTable *table, uint32_t number) {
  gsize place = table->form ? number * gs_wave_form_bytes(table->form) : number * sizeof(GsWave);
  return (GsWave *)(void *)(table->waves + place);
}

/**
 * Where a wave is to be found in a table that has buckets. Ids are counters: a
 * factor spreads neighbours as evenly as can be, and is secret where ids come
 * from outside.
 */
static inline uint32_t gs_wave_table_bucket_of(const GsWaveTable *table, GsMasterId master) {
  uint64_t factor = table->factor;
  return (uint32_t)((master.space + master.count * factor) * factor >> table->bucket_shift);
}

/** The wave, or NULL. Valid until the next insert or remove. O(1). */
static inline GsWave *gs_wave_table_find(const GsWaveTable *table, GsMasterId master) {
  if (table->buckets) {
    uint32_t number = table->buckets[gs_wave_table_bucket_of(table, master)];
    while (number != GS_WAVE_NONE) {
      GsWave *wave = gs_wave_table_at(table, number);
      if (gs_wave_is(wave, table->form, master))
        return wave;
      number = gs_wave_next(wave, table->form);
    }
    return NULL;
  }
  for (uint32_t i = 0; i < table->used; i++) {
    GsWave *wave = gs_wave_table_at(table, i);
    if (gs_wave_is(wave, table->form, master) && wave->kind != GS_WAVE_FREE)
      return wave;
  }
  return NULL;
}

/** Whether its waves are too many for the processor's nearest cache. */
static inline bool gs_wave_table_is_large(const GsWaveTable *table) {
  return table->room >= 512;
}
/**
 * A find in three steps with some time between them, each of which has fetched
 * what the next one looks at: the bucket, the number of its first wave (or
 * GS_WAVE_NONE), what that wave has collected. The table may change between them:
 * the number is a guess.
 */
static inline uint32_t gs_wave_table_bucket(const GsWaveTable *table, GsMasterId master) {
  if (!table->buckets)
    return 0;
  uint32_t bucket = gs_wave_table_bucket_of(table, master);
  __builtin_prefetch(&table->buckets[bucket]);
  return bucket;
}

static inline uint32_t gs_wave_table_first_in(const GsWaveTable *table, uint32_t bucket) {
  if (!table->buckets || bucket >> (64 - table->bucket_shift))
    return GS_WAVE_NONE;
  uint32_t number = table->buckets[bucket];
  if (number != GS_WAVE_NONE)
    __builtin_prefetch(gs_wave_table_at(table, number), 1);
  return number;
}

static inline void gs_wave_table_prefetch_nets(const GsWaveTable *table, uint32_t number) {
  if (number < table->used)
    __builtin_prefetch(gs_wave_table_at(table, number)->nets, 1);
}

/** As gs_wave_table_find, which is faster where the guess at its number is right. */
static inline GsWave *gs_wave_table_find_at(const GsWaveTable *table, uint32_t guess,
                                            GsMasterId master) {
  if (guess < table->used) {
    GsWave *wave = gs_wave_table_at(table, guess);
    if (gs_wave_is(wave, table->form, master) && wave->kind != GS_WAVE_FREE)
      return wave;
  }
  return gs_wave_table_find(table, master);
}

/** What a wave is about to be; decides about the form. */
typedef struct {
  GsMasterId master; /**< must not be in the table */
  GsWaveKind kind;
  uint32_t slots; /**< of the node; none are awaited yet */
  uint64_t mark;
  uint32_t parent_slot;
  GsEndpoint parent; /**< where the slot is unknown */
} GsWaveStart;
/** What gs_wave_table_insert does where the form, the room or the wave is not as usual. */
GsWave *gs_wave_table_insert_any(GsWaveTable *table, GsPool *pool, const GsWaveStart *start);

/** A new wave, the last of the floods if it is one. Amortised O(1). */
static inline GsWave *gs_wave_table_insert(GsWaveTable *table, GsPool *pool,
                                           const GsWaveStart *start) {
  bool is_usual = !table->form && table->count < table->room && start->kind == GS_WAVE_RELAY &&
                  MAX(start->slots, start->parent_slot) < GS_WAVE_NARROW_SLOTS &&
                  (start->master.count | start->mark) <= UINT32_MAX;
  if (G_UNLIKELY(!is_usual))
    return gs_wave_table_insert_any(table, pool, start);
  GsWave *waves = (GsWave *)(void *)table->waves;
  uint32_t number = table->first_free, next = 0;
  if (number == GS_WAVE_NONE)
    number = table->used++;
  else
    table->first_free = gs_wave_next(&waves[number], 0);
  if (table->buckets) {
    uint32_t *bucket = &table->buckets[gs_wave_table_bucket_of(table, start->master)];
    next = *bucket;
    *bucket = number;
  }
  waves[number] = (GsWave){.space = start->master.space,
                           .count = (uint32_t)start->master.count,
                           .mark = (uint32_t)start->mark,
                           .next = next & GS_WAVE_NARROW_NONE,
                           .parent_slot = start->parent_slot & (GS_WAVE_NARROW_SLOTS - 1),
                           .kind = GS_WAVE_RELAY};
  table->count++;
  return &waves[number];
}

/** What gs_wave_table_remove does where the form, what is left or the wave is not as usual. */
void gs_wave_table_remove_any(GsWaveTable *table, GsPool *pool, GsWave *wave);

/**
 * Removes it and gives memory back when little is left. A flood must be the
 * oldest. Amortised O(1).
 */
static inline void gs_wave_table_remove(GsWaveTable *table, GsPool *pool, GsWave *wave) {
  uint32_t number = (uint32_t)(wave - (GsWave *)(void *)table->waves);
  bool is_usual =
      !table->form && wave->kind != GS_WAVE_FLOOD && table->count > GS_WAVE_TABLE_FEW + 1;
  if (is_usual && table->buckets) {
    GsMasterId master = {wave->space, wave->count};
    uint32_t *bucket = &table->buckets[gs_wave_table_bucket_of(table, master)];
    is_usual = *bucket == number;
    if (is_usual)
      *bucket = gs_wave_next(wave, 0);
  }
  if (G_UNLIKELY(!is_usual)) {
    gs_wave_table_remove_any(table, pool, wave);
    return;
  }
  wave->kind = GS_WAVE_FREE;
  gs_wave_set_next(wave, 0, table->first_free);
  table->first_free = number;
  table->count--;
}

/** The flood that was inserted first; there is one. */
static inline GsWave *gs_wave_table_oldest_flood(const GsWaveTable *table) {
  return gs_wave_table_at(table, table->oldest_flood);
}
/** From now on the form is not narrower than that. */
void gs_wave_table_widen(GsWaveTable *table, GsPool *pool, GsWaveForm form);
gsize gs_wave_table_bytes(const GsWaveTable *table);

/**
 * gs_wave_table_bytes of a table that came to have so many waves; 0: of one that is empty.
 * UINT64_MAX: beyond counting.
 */
uint64_t gs_wave_table_bytes_for(uint64_t waves, GsWaveForm form);

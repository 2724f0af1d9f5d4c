/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wave_table.h"

#include <string.h>

/** Up to here all waves are looked at in turn. */
#define ROOM_WITHOUT_BUCKETS 8u
_Static_assert(GS_WAVE_TABLE_FEW < ROOM_WITHOUT_BUCKETS, "few waves need no buckets");
/** Numbers of narrow waves, and the mark of none. */
#define NARROW_ROOM_MOST GS_WAVE_NARROW_NONE

/** Twice as many as waves at least. */
static guint log2_buckets_for(uint64_t room) {
  return g_bit_storage(room - 1) + 1;
}

static guint buckets_class(guint log2_buckets) {
  return MAX(log2_buckets + 2, GS_POOL_CLASS_MIN);
}

static void free_arrays(const GsWaveTable *table, GsPool *pool) {
  if (table->waves)
    gs_pool_give(pool, table->waves, table->waves_class);
  if (table->buckets)
    gs_pool_give(pool, table->buckets, buckets_class(64u - table->bucket_shift));
}

void gs_wave_table_clear(GsWaveTable *table, GsPool *pool) {
  free_arrays(table, pool);
  *table = (GsWaveTable){.factor = table->factor};
}

static inline void link_wave(GsWaveTable *table, GsWave *wave, uint32_t number) {
  if (!table->buckets)
    return;
  uint32_t *bucket =
      &table->buckets[gs_wave_table_bucket_of(table, gs_wave_master(wave, table->form))];
  gs_wave_set_next(wave, table->form, *bucket);
  *bucket = number;
}

static void free_place(GsWaveTable *table, GsWave *wave, uint32_t number) {
  wave->kind = GS_WAVE_FREE;
  gs_wave_set_next(wave, table->form, table->first_free);
  table->first_free = number;
}

/** Empty arrays with room for that many waves of that form. */
static void make_arrays(GsWaveTable *table, GsPool *pool, uint32_t room, GsWaveForm form) {
  gsize bytes = gs_wave_form_bytes(form);
  guint waves_class = gs_pool_class(room * bytes);
  gsize places = ((gsize)1 << waves_class) / bytes;
  table->waves_class = (uint8_t)waves_class;
  table->room = (uint32_t)MIN(places, form ? GS_WAVE_NONE : NARROW_ROOM_MOST);
  table->form = form;
  table->waves = gs_pool_take(pool, waves_class);
  table->buckets = NULL;
  table->first_free = GS_WAVE_NONE;
  if (table->room <= ROOM_WITHOUT_BUCKETS)
    return;
  guint log2_buckets = log2_buckets_for(table->room);
  table->bucket_shift = (uint8_t)(64 - log2_buckets);
  table->buckets = gs_pool_take(pool, buckets_class(log2_buckets));
  memset(table->buckets, 0xFF, sizeof *table->buckets << log2_buckets);
  if (!table->factor)
    table->factor = gs_wave_table_factor(0);
}

/** All at once; none is free. */
static void link_narrow(GsWaveTable *table) {
  GsWave *waves = (GsWave *)(void *)table->waves;
  for (uint32_t i = 0; i < table->used; i++) {
    GsMasterId master = {waves[i].space, waves[i].count};
    uint32_t *bucket = &table->buckets[gs_wave_table_bucket_of(table, master)];
    gs_wave_set_next(&waves[i], 0, *bucket);
    *bucket = i;
  }
}

/** Numbers stay as they are. */
static void grow(GsWaveTable *table, GsPool *pool, uint32_t room, GsWaveForm form) {
  GsWaveTable old = *table;
  make_arrays(table, pool, room, form);
  if (form == old.form && old.used)
    memcpy(table->waves, old.waves, old.used * gs_wave_form_bytes(form));
  if (!form && old.count == old.used) {
    if (table->buckets)
      link_narrow(table);
    free_arrays(&old, pool);
    return;
  }
  for (uint32_t i = 0; i < old.used; i++) {
    GsWave *wave = gs_wave_table_at(table, i);
    if (form != old.form)
      gs_wave_copy(wave, form, gs_wave_table_at(&old, i), old.form);
    if (wave->kind == GS_WAVE_FREE)
      free_place(table, wave, i);
    else
      link_wave(table, wave, i);
  }
  free_arrays(&old, pool);
}

/** Moves the few that are left to small arrays; the form stays. Floods first, in their order. */
static void shrink(GsWaveTable *table, GsPool *pool) {
  GsWaveTable old = *table;
  make_arrays(table, pool, old.count, old.form);
  table->used = 0;
  uint32_t flood = old.oldest_flood;
  for (; table->used < old.floods; table->used++) {
    GsWave *wave = gs_wave_table_at(table, table->used), *from = gs_wave_table_at(&old, flood);
    flood = from->next_flood;
    gs_wave_copy(wave, old.form, from, old.form);
    wave->next_flood = table->used + 1;
  }
  table->oldest_flood = 0;
  table->newest_flood = old.floods - 1;
  for (uint32_t i = 0; table->used < old.count; i++) {
    const GsWave *from = gs_wave_table_at(&old, i);
    if (gs_wave_asks(from))
      gs_wave_copy(gs_wave_table_at(table, table->used++), old.form, from, old.form);
  }
  for (uint32_t i = 0; i < table->used; i++)
    link_wave(table, gs_wave_table_at(table, i), i);
  free_arrays(&old, pool);
}

static GsWaveForm form_for(const GsWaveTable *table, const GsWaveStart *start) {
  GsWaveForm form = gs_wave_form_for(start->slots);
  bool is_short = start->master.count <= UINT32_MAX && start->mark <= UINT32_MAX &&
                  table->room < NARROW_ROOM_MOST;
  bool has_parent = start->kind == GS_WAVE_RELAY && start->parent_slot == GS_SLOT_UNKNOWN;
  return MAX(table->form, is_short && !has_parent ? form : MAX(form, 1));
}

static uint32_t take_place(GsWaveTable *table) {
  uint32_t number = table->first_free;
  if (number == GS_WAVE_NONE)
    return table->used++;
  table->first_free = gs_wave_next(gs_wave_table_at(table, number), table->form);
  return number;
}

static void append_flood(GsWaveTable *table, uint32_t number) {
  if (table->floods++)
    gs_wave_table_at(table, table->newest_flood)->next_flood = number;
  else
    table->oldest_flood = number;
  table->newest_flood = number;
}

GsWave *gs_wave_table_insert_any(GsWaveTable *table, GsPool *pool, const GsWaveStart *start) {
  GsWaveForm form = form_for(table, start);
  if (table->count == table->room)
    grow(table, pool, MAX(1, 2 * table->room), form);
  else if (form != table->form)
    grow(table, pool, table->used + 1, form);
  uint32_t number = take_place(table);
  GsWave *wave = gs_wave_table_at(table, number);
  *wave = (GsWave){.space = start->master.space,
                   .count = (uint32_t)start->master.count,
                   .mark = (uint32_t)start->mark,
                   .kind = start->kind};
  if (form) {
    GsWaveWide *wide = gs_wave_wide(wave);
    wide->count_high = (uint32_t)(start->master.count >> 32);
    wide->mark_high = (uint32_t)(start->mark >> 32);
    wave->parent = start->parent;
  }
  gs_wave_set_parent_slot(wave, form, start->parent_slot);
  link_wave(table, wave, number);
  if (start->kind == GS_WAVE_FLOOD)
    append_flood(table, number);
  table->count++;
  return wave;
}

static void unlink_wave(GsWaveTable *table, const GsWave *wave, uint32_t number) {
  if (!table->buckets)
    return;
  uint32_t *bucket =
      &table->buckets[gs_wave_table_bucket_of(table, gs_wave_master(wave, table->form))];
  if (*bucket == number) {
    *bucket = gs_wave_next(wave, table->form);
    return;
  }
  GsWave *before = gs_wave_table_at(table, *bucket);
  while (gs_wave_next(before, table->form) != number)
    before = gs_wave_table_at(table, gs_wave_next(before, table->form));
  gs_wave_set_next(before, table->form, gs_wave_next(wave, table->form));
}

void gs_wave_table_remove_any(GsWaveTable *table, GsPool *pool, GsWave *wave) {
  gsize place = (gsize)((char *)wave - table->waves);
  /* A division is slow where its divisor is not known. */
  uint32_t number =
      (uint32_t)(table->form ? place / gs_wave_form_bytes(table->form) : place / sizeof *wave);
  unlink_wave(table, wave, number);
  if (wave->kind == GS_WAVE_FLOOD) {
    g_assert(number == table->oldest_flood);
    table->oldest_flood = wave->next_flood;
    table->floods--;
  }
  free_place(table, wave, number);
  table->count--;
  if (!table->count)
    gs_wave_table_clear(table, pool);
  else if (table->buckets && table->count <= GS_WAVE_TABLE_FEW)
    shrink(table, pool);
}

void gs_wave_table_widen(GsWaveTable *table, GsPool *pool, GsWaveForm form) {
  if (table->waves && table->form < form)
    grow(table, pool, table->used, form);
}

gsize gs_wave_table_bytes(const GsWaveTable *table) {
  return (table->waves ? (gsize)1 << table->waves_class : 0) +
         (table->buckets ? (gsize)1 << buckets_class(64u - table->bucket_shift) : 0);
}

uint64_t gs_wave_table_bytes_for(uint64_t waves, GsWaveForm form) {
  uint64_t wave = gs_wave_form_bytes(form), largest = UINT64_C(1) << GS_POOL_CLASS_MAX;
  if (!waves)
    return 0;
  if (waves > largest / wave)
    return UINT64_MAX;
  uint64_t arrays = UINT64_C(1) << gs_pool_class(waves * wave), room = arrays / wave;
  if (room <= ROOM_WITHOUT_BUCKETS)
    return arrays;
  return arrays + (UINT64_C(1) << buckets_class(log2_buckets_for(room)));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"
#include "core/pool.h"

/** A wave or flood that a node takes part in or remembers. One cache line. */
typedef enum {
  GS_WAVE_OWN,    /**< started here */
  GS_WAVE_RELAY,  /**< passed on, answers still out */
  GS_WAVE_CLOSED, /**< answered; late duplicate Asks may still come */
  GS_WAVE_FLOOD,  /**< a SyncGrid that was passed on */
  GS_WAVE_FREE,   /**< no wave: a free place in the table */
} GsWaveKind;

typedef struct {
  GsMasterId master;
  uint64_t parent_req; /**< of the Ask to answer; OWN: unused; FLOOD: own wave that retires it */
  GsNets *nets;        /**< parts collected so far, linked by `next` */
  /**
   * Per sibling slot that was asked: `pending`, its Response is still out;
   * `awaited`, its own Ask of this wave may still come (it answered `{}` and so
   * sends one, or has not answered yet). With more than 64 slots both are in a
   * block of the pool: words of pending, then words of awaited.
   */
  union {
    struct {
      uint64_t pending, awaited;
    };
    struct {
      uint64_t *wide;
      uint64_t wide_words;
    };
    GsMasterId next_flood; /**< FLOOD: the one remembered after it */
  };
  uint32_t next;     /**< in its bucket, or in the free list */
  GsEndpoint parent; /**< who to answer */
  uint32_t parent_slot : 24;
  uint32_t kind : 3;
  uint32_t is_wide : 1;
  uint32_t pending_left; /**< Responses still out; CLOSED: duplicate Asks still to come */
} GsWave;

_Static_assert(sizeof(GsWave) == 64 || sizeof(void *) != 8, "a wave is one cache line");

/**
 * The waves of a node by their id: chained hashing over an array of waves, both
 * from the pool and given back when the node comes to rest.
 */
typedef struct {
  GsWave *waves;
  uint32_t *buckets; /**< index of the first wave, GS_WAVE_NONE: none */
  uint32_t count, used, first_free;
  uint8_t log2_room, log2_buckets; /**< 0: nothing allocated */
  /** 0, or secret where ids come from outside: then nobody can choose ids that share a bucket. */
  uint64_t salt;
} GsWaveTable;

#define GS_WAVE_NONE UINT32_MAX

void gs_wave_table_clear(GsWaveTable *table, GsPool *pool);
/** The wave, or NULL. Valid until the next insert or remove. O(1). */
GsWave *gs_wave_table_find(const GsWaveTable *table, GsMasterId master);
/** Whether its waves are too many for the processor's nearer caches. */
static inline bool gs_wave_table_is_large(const GsWaveTable *table) {
  return table->log2_room >= 8;
}
/**
 * Asks the processor for what a find will look at first, and, some time later,
 * for what it will look at then: misses of several finds overlap.
 */
void gs_wave_table_prefetch_bucket(const GsWaveTable *table, GsMasterId master);
void gs_wave_table_prefetch_wave(const GsWaveTable *table, GsMasterId master);
/** A new wave with that id (which must not be in it), otherwise zero. Amortised O(1). */
GsWave *gs_wave_table_insert(GsWaveTable *table, GsPool *pool, GsMasterId master);
/** Removes it and gives memory back when little is left. Amortised O(1). */
void gs_wave_table_remove(GsWaveTable *table, GsPool *pool, GsWave *wave);
gsize gs_wave_table_bytes(const GsWaveTable *table);

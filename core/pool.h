/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/nets.h"

/**
 * Memory for waves, messages and nets, reused within a run: blocks in powers of
 * two and nets of one size. A first touch of fresh memory costs as much as
 * fifty messages, malloc across threads as much as three. One pool per thread
 * of execution; not thread-safe. All its memory goes with it.
 */

/** Smallest block: 2^6 bytes. */
#define GS_POOL_CLASS_MIN 6
#define GS_POOL_CLASS_MAX 40

typedef struct GsPoolBlock GsPoolBlock;

/**
 * Memory that pools have used and others may use again: many short runs would
 * otherwise spend a fifth of their time on fresh memory. Not thread-safe.
 */
typedef struct GsArenas GsArenas;

GsArenas *gs_arenas_new(void);
/** Frees what no pool uses; those that use it must be cleared before. NULL is fine. */
void gs_arenas_free(GsArenas *arenas);

typedef struct GsPool {
  GsPoolBlock *free_blocks[GS_POOL_CLASS_MAX + 1];
  GsNets *free_nets; /**< trees: taking one splices its parts in */
  uint64_t free_nets_count;
  char *arena, *arena_end;
  gsize arena_size; /**< of the next arena */
  GArray *arenas;   /**< of memory and size */
  GsArenas *spare;  /**< where arenas come from and go to; NULL: the system */
  gsize held_bytes;
  /** Told of each new arena, so that the runtime can ask for huge pages; may be NULL. */
  void (*advise)(void *memory, gsize size);
} GsPool;

void gs_pool_init(GsPool *pool, void (*advise)(void *memory, gsize size));
/** Takes memory from `spare` first and leaves it there when it is cleared. Before the first use. */
void gs_pool_use_arenas(GsPool *pool, GsArenas *spare);
/** Frees everything that was ever taken from it (or balanced into it: clear all such pools
 * together). */
void gs_pool_clear(GsPool *pool);

/** The class whose blocks hold at least `size` bytes. */
guint gs_pool_class(gsize size);
/** The same of a type, as a constant; it has 2 to 2^31 bytes. */
#define GS_POOL_CLASS_OF(type)                                                                     \
  MAX((guint)GS_POOL_CLASS_MIN, 32u - (guint)__builtin_clz((guint)sizeof(type) - 1))
/** A block of 2^class bytes, aligned to 64, uninitialised. O(1). */
void *gs_pool_take(GsPool *pool, guint block_class);
void gs_pool_give(GsPool *pool, void *block, guint block_class);

/** What a piece of nets takes. */
#define GS_POOL_NETS_BYTES 64
/**
 * What a fresh pool holds (held_bytes) that was asked for so many bytes, in blocks that share
 * arenas: what is asked for, and what is left of the last arena. UINT64_MAX: beyond counting.
 */
uint64_t gs_pool_held_for(uint64_t bytes);

/** One piece of nets, uninitialised. */
GsNets *gs_pool_take_nets(GsPool *pool);
/** Gives back a whole tree of nets; NULL is fine. O(1). */
void gs_pool_give_nets(GsPool *pool, GsNets *nets);
/** Gives back all trees that were collected (gs_nets_collect); NULL is fine. O(1). */
void gs_pool_give_collected(GsPool *pool, GsNets *oldest);
/** A tree with the same ids, nets and sum, flat, in memory of its own; NULL of NULL. Flattens
 * `nets` (gs_nets_foreach). O(count), without recursion. */
GsNets *gs_pool_copy_nets(GsPool *pool, GsNets *nets);
/** Moves free nets from one pool to another until they have about the same. O(moved). */
void gs_pool_balance_nets(GsPool *rich, GsPool *poor);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/bundle.h"

/**
 * Where letters wait that each have a moment of their own: a timing wheel
 * (Varghese and Lauck, 1987). Time is cut into buckets of one width; letters of
 * a bucket lie together in the order in which they were put in, so that putting
 * in is appending. The nearest 64 buckets have places of their own, then 63
 * blocks of 64 buckets, and what is farther lies in one heap, which is looked
 * through once in 4096 buckets. A wheel belongs to whoever puts in; the bucket
 * that is open is the same for all wheels of a simulation. Not thread-safe.
 */

/** Of a letter: when it arrives, and what a bundle says for all of its letters. */
typedef struct {
  int64_t due_ns;
  GsEndpoint to, from;
} GsPostmark;

/**
 * Postmarks, and behind them, at its end, as many letters: dealing reads nothing
 * else of a letter than its postmark, and handling nothing but the letter.
 */
typedef struct GsLetterChunk GsLetterChunk;
struct GsLetterChunk {
  GsLetterChunk *next;
  uint16_t count, room;
  uint32_t block_class;
  GsPostmark marks[];
};

_Static_assert(sizeof(GsPostmark) == 16,
               "most of what is under way on real networks, with 32 more");

static inline GsLetter *gs_letter_chunk_letters(const GsLetterChunk *chunk) {
  char *end = (char *)(uintptr_t)chunk + ((gsize)1 << chunk->block_class);
  return (GsLetter *)(void *)end - chunk->room;
}

/** Letters in the order in which they were added. All-zero is empty. */
typedef struct {
  GsLetterChunk *head, *tail;
  GsMessage *wholes;  /**< that letters stand for; linked by `next` */
  int64_t min_due_ns; /**< unless it is empty */
  uint64_t count;
} GsLetterList;

/** Adds a chunk; the list's last one is full, or there is none. */
GsLetterChunk *gs_letter_list_grow(GsLetterList *list, GsPool *pool);
/** Room for one more with that postmark, uninitialised. O(1). */
static inline GsLetter *gs_letter_list_add(GsLetterList *list, GsPool *pool, GsPostmark mark) {
  GsLetterChunk *chunk = list->tail;
  if (G_UNLIKELY(!chunk || chunk->count == chunk->room))
    chunk = gs_letter_list_grow(list, pool);
  list->count++;
  list->min_due_ns = MIN(list->min_due_ns, mark.due_ns);
  chunk->marks[chunk->count] = mark;
  return &gs_letter_chunk_letters(chunk)[chunk->count++];
}
/** Puts all of `more` behind what is in the list; `more` is empty then. O(wholes of more). */
void gs_letter_list_append(GsLetterList *list, GsLetterList *more);
/** Gives its memory back to the pool of the lane that wrote it, and empties it. */
void gs_letter_list_recycle(GsLetterList *list, GsPool *pool);

#define GS_WHEEL_SLOTS 64

typedef struct {
  int64_t width_ns; /**< of a bucket, at least 1 */
  int64_t bucket;   /**< number of the one that is open: nothing is put into those before */
  uint64_t inverse; /**< 2^inverse_bits / width_ns, rounded up */
  uint32_t inverse_bits;
} GsWheelTime;

/** Bucket 0 is open. */
GsWheelTime gs_wheel_time(int64_t width_ns);

/** The number of a moment's bucket, from 0 on: moment / width, without the time that dividing
 * takes. Exact for all moments (Granlund and Montgomery, 1994). */
static inline int64_t gs_wheel_bucket_of(const GsWheelTime *time, int64_t moment_ns) {
  unsigned __int128 product = (unsigned __int128)(uint64_t)moment_ns * time->inverse;
  return (int64_t)(product >> time->inverse_bits);
}

/** All-zero is empty. */
typedef struct {
  uint64_t near_set, block_set; /**< bit per place: it is not empty */
  GsLetterList far;
  GsLetterList near[GS_WHEEL_SLOTS];   /**< by number of the bucket modulo 64 */
  GsLetterList blocks[GS_WHEEL_SLOTS]; /**< by number of the bucket / 64 modulo 64 */
} GsWheel;

/** Where letters go that are due beyond the near buckets. */
GsLetterList *gs_wheel_beyond(GsWheel *wheel, const GsWheelTime *time, int64_t bucket);
/** The list that a letter due then is to be added to. What is due before the open bucket begins
 * goes into that. O(1). */
static inline GsLetterList *gs_wheel_list(GsWheel *wheel, const GsWheelTime *time, int64_t due_ns) {
  int64_t bucket = MAX(gs_wheel_bucket_of(time, due_ns), time->bucket);
  if (G_UNLIKELY(bucket - time->bucket >= GS_WHEEL_SLOTS))
    return gs_wheel_beyond(wheel, time, bucket);
  uint32_t slot = (uint32_t)bucket % GS_WHEEL_SLOTS;
  wheel->near_set |= UINT64_C(1) << slot;
  return &wheel->near[slot];
}
/** Moment of the first letter; INT64_MAX: there is none. O(1). */
int64_t gs_wheel_next_ns(const GsWheel *wheel, const GsWheelTime *time);
/**
 * Moves all letters of buckets up to the open one behind those of `list`, in the
 * order of buckets, then of being put in. `before` is the bucket that was open at
 * the last call, `pool` the writer's. Amortised O(1) per letter, at most three times
 * in its life unless it waits for more than 4096 buckets.
 */
void gs_wheel_take(GsWheel *wheel, const GsWheelTime *time, int64_t before, GsPool *pool,
                   GsLetterList *list);

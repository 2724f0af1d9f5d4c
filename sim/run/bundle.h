/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/letter.h"
#include "core/limits.h"
#include "core/pool.h"

/**
 * How a uniform network carries messages: what a node sends to one sibling in a
 * window lies together, half the size that messages have for the node, and is
 * delivered with a few instructions however much it is.
 */

/** Most letters of a bundle. */
#define GS_BUNDLE_LETTERS_MOST 255u

typedef struct GsBundle GsBundle;
struct GsBundle {
  GsBundle *next; /**< of the receiver, in the order of senders */
  GsEndpoint to;
  uint32_t from : 24; /**< an actor */
  uint32_t count : 8; /**< of letters */
  GsLetter letters[];
};

_Static_assert(GS_NODES_MAX <= 1 << 24, "the number of an actor fits");

static inline gsize gs_bundle_bytes(uint32_t count) {
  return sizeof(GsBundle) + count * sizeof(GsLetter);
}

#define GS_CHUNK_CLASS 12
/** A piece of a log: bundles, or deliveries of networks that are not uniform. */
typedef struct GsChunk GsChunk;
struct GsChunk {
  GsChunk *next;
  uint32_t used; /**< bytes */
  char items[] __attribute__((aligned(16)));
};
#define GS_CHUNK_BYTES ((uint32_t)(((gsize)1 << GS_CHUNK_CLASS) - offsetof(GsChunk, items)))

/** What one lane sends to another in a window. */
typedef struct {
  GsChunk *head, *tail;
  GsMessage *wholes; /**< that letters stand for; linked by `next` */
  int64_t min_due_ns;
  uint64_t count; /**< of messages */
} GsLog;

/** What gs_log_add_letters does where they do not fit the last chunk, or are many. */
void gs_log_add_more_letters(GsLog *log, GsPool *pool, GsEndpoint from, GsEndpoint to,
                             const GsLetter *letters, uint32_t count);

/** Puts letters at its end; most are so few that a call would take longer than it copies. */
static inline void gs_log_add_letters(GsLog *log, GsPool *pool, GsEndpoint from, GsEndpoint to,
                                      const GsLetter *letters, uint32_t count) {
  GsChunk *chunk = log->tail;
  if (!chunk || count > 8 || chunk->used + gs_bundle_bytes(count) > GS_CHUNK_BYTES) {
    gs_log_add_more_letters(log, pool, from, to, letters, count);
    return;
  }
  GsBundle *bundle = (GsBundle *)(void *)(chunk->items + chunk->used);
  bundle->to = to;
  bundle->from = from & 0xFFFFFF;
  bundle->count = count & GS_BUNDLE_LETTERS_MOST;
  for (uint32_t i = 0; i < count; i++)
    bundle->letters[i] = letters[i];
  chunk->used += (uint32_t)gs_bundle_bytes(count);
  log->count += count;
}

/** Gives its memory back to the pool of the lane that wrote it, and empties it. */
void gs_log_recycle(GsLog *log, GsPool *pool);

/** The bundle that many bytes into a chunk; NULL: that is its end. */
static inline GsBundle *gs_chunk_bundle(GsChunk *chunk, gsize at) {
  return at < chunk->used ? (GsBundle *)(void *)(chunk->items + at) : NULL;
}

/** A letter that stands for a message as it is, which is added to those that go with the log. */
void gs_letter_write_whole(GsLetter *letter, const GsMessage *message, uint32_t hops,
                           GsMessage **wholes, GsPool *pool);

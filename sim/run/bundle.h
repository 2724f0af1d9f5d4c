/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/limits.h"
#include "core/message.h"
#include "core/pool.h"

/**
 * How a uniform network carries messages: what a node sends to one sibling in a
 * window lies together, half the size that messages have for the node, and is
 * delivered with a few instructions however much it is.
 */

/** A message without what its bundle says; 32 bytes. */
typedef struct {
  uint64_t space;
  uint32_t count, req; /**< lower halves; the upper ones are 0 */
  uint32_t past, head; /**< as in GsMessage, and in `whole` which of these it is: */
  union {
    GsNets *nets;
    GsMessage *whole; /**< the message itself, where it does not fit: it is rare */
  };
} GsLetter;

_Static_assert(sizeof(GsLetter) == 32, "two letters to a cache line");

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

/** Makes a new chunk the last one. */
void gs_log_add_chunk(GsLog *log, GsPool *pool);
/** Puts letters at its end. */
void gs_log_add_letters(GsLog *log, GsPool *pool, GsEndpoint from, GsEndpoint to,
                        const GsLetter *letters, uint32_t count);
/** Gives its memory back to the pool of the lane that wrote it, and empties it. */
void gs_log_recycle(GsLog *log, GsPool *pool);

/** The bundle that many bytes into a chunk; NULL: that is its end. */
static inline GsBundle *gs_chunk_bundle(GsChunk *chunk, gsize at) {
  return at < chunk->used ? (GsBundle *)(void *)(chunk->items + at) : NULL;
}

/** Whether a message fits a letter; if not, gs_letter_write_whole. */
static inline bool gs_letter_fits(const GsMessage *message) {
  return message->type >= GS_SYNC_GRID && (message->master.count | message->req) <= UINT32_MAX;
}

/** Makes a letter of a message that fits. */
static inline void gs_letter_write(GsLetter *letter, const GsMessage *message, uint32_t hops) {
  letter->space = message->master.space;
  letter->count = (uint32_t)message->master.count;
  letter->req = (uint32_t)message->req;
  letter->past = message->past | hops << GS_CAUSE_BITS;
  letter->head = message->head;
  letter->nets = message->nets;
}

/** A letter that stands for a message as it is, which goes with the log. */
void gs_letter_write_whole(GsLetter *letter, const GsMessage *message, uint32_t hops, GsLog *log,
                           GsPool *pool);

/** Makes the message of a letter again; `from` and `to` are there. */
static inline void gs_letter_read(const GsLetter *letter, GsMessage *message) {
  message->past = letter->past;
  message->head = letter->head;
  message->master.space = letter->space;
  message->master.count = letter->count;
  message->req = letter->req;
  message->nets = letter->nets;
  if (G_UNLIKELY(message->whole))
    *message = *letter->whole;
}

/**
 * Letters that the actor at work has written and that are not in a log yet, by
 * the receiver's slot among its siblings. One per lane; reused.
 */
typedef struct {
  GsLetter *end;  /**< where the next one goes */
  GsEndpoint to;  /**< of those that are there */
  uint16_t left;  /**< that still fit; 0: nothing was begun, or it is full */
  bool is_listed; /**< in `written` */
} GsOutboxSlot;

typedef struct {
  GsOutboxSlot *slots;
  GsLetter *letters; /**< `per_slot` for each slot */
  uint32_t *written; /**< slots with letters */
  uint32_t slot_count, per_slot, written_count;
  gsize slots_room, letters_room;
} GsOutbox;

/** The letters of a slot. */
static inline GsLetter *gs_outbox_letters(const GsOutbox *outbox, uint32_t slot) {
  return &outbox->letters[(gsize)slot * outbox->per_slot];
}

void gs_outbox_clear(GsOutbox *outbox);
/** Gets it ready for an actor with that many siblings; it is empty. */
void gs_outbox_open(GsOutbox *outbox, uint32_t siblings);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"
#include "core/outbox.h"
#include "core/pool.h"

/**
 * What follows from handling a message: messages to send, in order, and notes
 * about what changed. Reused from step to step, so that nothing is allocated in
 * the steady state. One per thread of execution.
 */

typedef enum {
  GS_NOTE_GRIDNET,     /**< value: the new gridnet */
  GS_NOTE_ENERGY,      /**< value: the new net; value2: the one before */
  GS_NOTE_SIBLING,     /**< value: endpoint of a sibling that is new or has moved; value2: its id */
  GS_NOTE_WAVE_START,  /**< master: an own wave started */
  GS_NOTE_WAVE_DONE,   /**< master: an own wave is back; value: its sum; value2: of so many ids, as
                          GsEffects.counted has them */
  GS_NOTE_SUPERSEDED,  /**< master: its result was not used, a later own wave had started */
  GS_NOTE_DROPPED,     /**< value: GsDropReason */
  GS_NOTE_SUSPECTED,   /**< value: endpoint of a sibling that nobody waits for any more */
  GS_NOTE_TRUSTED,     /**< value: endpoint of one that was suspected, and no longer is */
  GS_NOTE_WAVE_LIMIT,  /**< master: an own wave was ended by its limit, without a result */
  GS_NOTE_UNDELIVERED, /**< value: endpoint that a message did not reach, as its transport says */
} GsNoteKind;

typedef enum {
  GS_DROP_UNKNOWN_ASKER, /**< an Ask whose sender cannot be answered */
  GS_DROP_SELF_SIBLING,  /**< told to add itself */
  GS_DROP_KNOWN_SIBLING, /**< told to add a sibling that it has: nothing to do */
  GS_DROP_LATE_RESPONSE, /**< a Response to no open Ask */
  GS_DROP_SEEN_FLOOD,    /**< a SyncGrid seen before, as the protocol says */
  GS_DROP_TOO_MANY,      /**< a named limit (siblings) is reached */
  GS_DROP_NOT_A_MESSAGE, /**< a type and envelope that mean nothing together */
  GS_DROP_REPEATED_ASK,  /**< an Ask that came before and has, or will have, its Response */
  GS_DROP_GIVEN_UP,      /**< an open wave, one of the oldest, since there were too many */
} GsDropReason;
#define GS_DROP_REASONS 9
/** "unknown-asker", …; static. */
const char *gs_drop_reason_name(GsDropReason reason);

typedef struct {
  GsNoteKind kind;
  uint32_t cause;
  int64_t value, value2;
  GsMasterId master;
} GsNote;

/** An id that an own wave counted, and the net that it had there. */
typedef struct {
  int64_t id, net;
} GsCountedNet;

typedef struct {
  GsMessage *messages; /**< `from`, `to`, `cause` filled in; nets owned by the message */
  uint32_t message_count, message_room;
  GsNote *notes;
  uint32_t note_count, note_room;
  /**
   * Borrowed; NULL: everything becomes a message. Otherwise what follows from an Ask or a Response
   * of UpdateNet is written here where it can be, and counted below until whoever runs nodes takes
   * the figures away. What is for the same sibling among the messages comes after it.
   */
  GsOutbox *outbox;
  uint64_t asks, responses; /**< UpdateNet, that were written into the outbox */
  uint64_t nets_bytes;      /**< of those responses, as gs_wire_varying_bytes has them */
  GsPool *pool;             /**< borrowed: memory for waves and nets */
  int64_t now_ns;           /**< told: when what is handled happens; only recovery looks at it */
  int64_t backlog_ns;       /**< told: for so long is the node busy with what waits at it, to be
                                 handled or sent; only recovery of nodes with a pace looks at it */
  bool rests;               /**< told: there is no need to look again whether gridnets hold */
  GArray *listed_ids;       /**< of GsCountedNet: scratch of counting nets id by id */
  /** Of GsCountedNet, borrowed; NULL: nobody asks. What each own wave that is back was summed up
   * of is put behind what is there, in the order of their notes. */
  GArray *counted;
} GsEffects;

void gs_effects_init(GsEffects *effects, GsPool *pool);
/** Frees the buffers; messages in them must have been taken. */
void gs_effects_clear(GsEffects *effects);

/** Doubles the room for messages. */
void gs_effects_grow(GsEffects *effects);
/** Room for one more message, uninitialised; valid until the next call. */
static inline GsMessage *gs_effects_add_message(GsEffects *effects) {
  if (G_UNLIKELY(effects->message_count == effects->message_room))
    gs_effects_grow(effects);
  return &effects->messages[effects->message_count++];
}
void gs_effects_add_note(GsEffects *effects, GsNoteKind kind, uint32_t cause, int64_t value,
                         int64_t value2, GsMasterId master);

/** Forgets what is in it, keeps the room. */
static inline void gs_effects_reset(GsEffects *effects) {
  effects->message_count = 0;
  effects->note_count = 0;
}

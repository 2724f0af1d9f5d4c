/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"

/**
 * A message from one sibling to another without what both know: half its size.
 * Most messages of a run are such letters; few do not fit.
 */

/** A message without its sender and its receiver. */
typedef struct {
  uint64_t space;
  uint32_t count, req;                    /**< lower halves; the upper ones are 0 */
  uint32_t cause_and_hops, slot_and_kind; /**< as in GsMessage; is_whole: with `whole_message` */
  union {
    GsNets *nets;
    GsMessage *whole_message; /**< the message itself, where it does not fit: it is rare */
  };
} GsLetter;

_Static_assert(sizeof(GsLetter) == 32, "two letters to a cache line");

/** Whether a message fits a letter; if not, it goes as a whole. */
static inline bool gs_letter_fits(const GsMessage *message) {
  return gs_message_has_master(message) && (message->master.count | message->req) <= UINT32_MAX;
}

/** Makes a letter of a message that fits. */
static inline void gs_letter_write(GsLetter *letter, const GsMessage *message, uint32_t hops) {
  letter->space = message->master.space;
  letter->count = (uint32_t)message->master.count;
  letter->req = (uint32_t)message->req;
  letter->cause_and_hops = message->cause_and_hops | hops << GS_CAUSE_BITS;
  letter->slot_and_kind = message->slot_and_kind;
  letter->nets = message->nets;
}

/** Whether it stands for a message as it is. */
static inline bool gs_letter_is_whole(const GsLetter *letter) {
  GsMessage message;
  message.slot_and_kind = letter->slot_and_kind;
  return message.is_whole;
}

/** Makes the message of a letter again; `from` and `to` are there. */
static inline void gs_letter_read(const GsLetter *letter, GsMessage *message) {
  message->cause_and_hops = letter->cause_and_hops;
  message->slot_and_kind = letter->slot_and_kind;
  message->master.space = letter->space;
  message->master.count = letter->count;
  message->req = letter->req;
  message->nets = letter->nets;
  if (G_UNLIKELY(message->is_whole))
    *message = *letter->whole_message;
}

/** Whether it is an Ask or a Response of UpdateNet, and not as a whole. */
static inline bool gs_letter_is_net(const GsLetter *letter) {
  uint32_t kind = letter->slot_and_kind >> GS_ENV_SHIFT; /* with flags, which it must not have */
  return kind == GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET) ||
         kind == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET);
}

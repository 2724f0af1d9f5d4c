/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"
#include "sim/run/bundle.h"
#include "sim/run/letter_sort.h"

typedef struct GsLane GsLane;

/**
 * The mail of one actor in one window: all that it has to handle, as its carrier
 * brings it. This is what goes through an actor's mailbox. Whoever has a mail
 * has the lane that it is handled with, too: so of the actors of a lane one at a
 * time has its mail in hand, and no memory of a lane needs a lock.
 */
typedef struct {
  GsLane *lane;    /**< whose memory it is handled with; it stays the same */
  uint32_t actor;  /**< whose mail it is */
  GsMessage *told; /**< by the schedule or from outside, linked by `next`; comes first */
  union {
    const GsBundle *bundles;      /**< moments: what its siblings sent, in the order of senders */
    const GsDealtLetter *letters; /**< timed and paced: the same, by time */
  };
  uint32_t letter_count; /**< timed and paced */
} GsMail;

/** Takes the mail of the lane's next actor that has some in this window; false: all had theirs. */
bool gs_mail_take_next(GsMail *mail);
/** Takes that of an actor which has some and whose turn it is. */
void gs_mail_take(GsMail *mail, uint32_t actor);
/** Has the actor's node handle all of it, one after the other, and sends what follows. */
void gs_mail_handle(const GsMail *mail);

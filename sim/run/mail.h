/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"
#include "sim/run/bundle.h"
#include "sim/run/letter_sort.h"

typedef struct GsLane GsLane;

/** Steps in which a carrier has fetched what a mail needs. */
#define GS_FETCH_STEPS 4u

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
  int64_t begin_ns;      /**< the same: from then on the keys of letters count */
  uint32_t *guesses;     /**< timed: where the waves of its first letters probably are */
} GsMail;

/** Mails that a lane has in view; a power of two. */
#define GS_MAILS_COMING 8u
/** So many of a mail's letters are looked ahead at. */
#define GS_LETTERS_COMING 32u

/**
 * The mails of a lane that come next in its window. What they need lies in no near cache, and the
 * place of each thing is known only from the one before: so it is fetched step by step, each
 * step for a mail that is some mails further on.
 */
typedef struct {
  uint32_t found, taken, handed; /**< mails of this window so far: whose actor is known, … */
  uint32_t fetched[GS_FETCH_STEPS];
  struct {
    GsMail mail;
    uint32_t guesses[GS_LETTERS_COMING];
  } mails[GS_MAILS_COMING]; /**< by number, modulo how many there are */
} GsMailsComing;

/** Takes the mail of the lane's next actor that has some in this window; false: all had theirs. */
bool gs_mail_take_next(GsMail *mail);
/** Takes that of an actor which has some and whose turn it is. */
void gs_mail_take(GsMail *mail, uint32_t actor);
/** Has the actor's node handle all of it, one after the other, and sends what follows. */
void gs_mail_handle(const GsMail *mail);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/event_heap.h"
#include "sim/run/letter_sort.h"
#include "sim/run/mail.h"

/**
 * Deals the letters of the bucket that is open out to a lane's actors, where each
 * letter has a moment of its own: what one actor has lies together, and is put in
 * the order (time, sender, sender's counter) when the actor looks at it; no order
 * of all is needed. Where buckets are wider than windows, since some message may
 * take next to no time, letters come into the open bucket all the while; there a
 * heap has them, and only what is due in a window is dealt out. Letters are not
 * copied: the memory of their senders holds them until the bucket is over.
 */

/** Which of the dealt letters are an actor's and not handled yet. */
typedef struct {
  uint32_t next, end;
  bool is_sorted;
} GsStretch;

typedef struct {
  GsDealtLetter *dealt;
  gsize dealt_room;
  int64_t begin_ns;  /**< from then on the keys of what is dealt count */
  uint32_t *waiting; /**< actors to whom was dealt, and who may have some left */
  gsize waiting_room;
  uint32_t waiting_count;
  uint64_t left;   /**< dealt and not handled */
  int64_t left_ns; /**< earliest of what this window leaves; INT64_MAX: nothing */

  GsEventHeap soon; /**< buckets wider than windows; an event's item is a GsLetter */
  uint64_t pushed;  /**< into it so far */

  GsDealtLetter *scratch; /**< of sorting, and what is taken from the heap */
  gsize scratch_room;
  uint32_t *places; /**< the same: of sorting, and for whom it is */
  gsize places_room;
} GsDealer;

/** An all-zero one is empty, but for its left_ns. */
void gs_dealer_init(GsDealer *dealer);
void gs_dealer_clear(GsDealer *dealer);
/** Takes in what is handed over (lists[w * stride] is from lane w; NULL: nothing is), and
 * activates whoever has mail in this window. */
void gs_dealer_collect(GsLane *lane, const GsLetterList *lists, uint32_t stride);
/** Moment of the earliest that waits; INT64_MAX: none. O(1). */
int64_t gs_dealer_next_ns(const GsDealer *dealer);
/** How many letters wait, in all. */
uint64_t gs_dealer_count(const GsDealer *dealer);

/** Makes what an actor has in this window its mail's letters, in order. They stay where they are
 * until the lane collects again. */
void gs_dealer_take(GsMail *mail);

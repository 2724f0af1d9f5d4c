/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/letter.h"

/**
 * The letters that a node writes to its siblings, by slot: what goes to one
 * lies together, in order. Whoever runs nodes opens it for one, lets it handle
 * messages, and takes the letters out. Reused; one per thread of execution.
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

void gs_outbox_clear(GsOutbox *outbox);
/** Makes room for more slots or letters than it has. */
void gs_outbox_grow(GsOutbox *outbox, uint32_t slots, gsize letters);

/** It is to stay in the processor's cache, whatever the number of siblings. */
#define GS_OUTBOX_PER_SLOT_MOST 32u
#define GS_OUTBOX_LETTERS 4096u

/** Gets it ready for a node with that many siblings; it is empty. */
static inline void gs_outbox_open(GsOutbox *outbox, uint32_t siblings) {
  uint32_t per_slot = GS_OUTBOX_PER_SLOT_MOST;
  if (siblings > GS_OUTBOX_LETTERS / GS_OUTBOX_PER_SLOT_MOST)
    per_slot = MAX(1, GS_OUTBOX_LETTERS / siblings);
  gsize letters = (gsize)siblings * per_slot;
  if (G_UNLIKELY(siblings > outbox->slots_room || letters > outbox->letters_room))
    gs_outbox_grow(outbox, siblings, letters);
  outbox->slot_count = siblings;
  outbox->per_slot = per_slot;
}

/** The letters of a slot. */
static inline GsLetter *gs_outbox_letters(const GsOutbox *outbox, uint32_t slot) {
  return &outbox->letters[(gsize)slot * outbox->per_slot];
}

/** Begins a slot that is empty: from now on it is for that endpoint. */
static inline void gs_outbox_begin(GsOutbox *outbox, uint32_t slot, GsEndpoint to) {
  GsOutboxSlot *at = &outbox->slots[slot];
  at->end = gs_outbox_letters(outbox, slot);
  at->left = (uint16_t)outbox->per_slot;
  at->to = to;
  if (at->is_listed)
    return;
  at->is_listed = true;
  outbox->written[outbox->written_count++] = slot;
}

/** Where the next letter to a slot goes; NULL: it is full, or has letters to somebody else. */
static inline GsLetter *gs_outbox_add(GsOutbox *outbox, uint32_t slot, GsEndpoint to) {
  GsOutboxSlot *at = &outbox->slots[slot];
  if (!at->left || at->to != to) {
    if (at->is_listed)
      return NULL;
    gs_outbox_begin(outbox, slot, to);
  }
  at->left--;
  return at->end++;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/kept_nets.h"
#include "core/message.h"

/**
 * A wave or flood that a node takes part in or remembers, as it lies in a
 * GsWaveTable. Grids whose nodes all have waves of all others open at once are
 * bound by the memory that this takes, so there are two forms, and all waves of
 * a table have the same: narrow, 32 bytes, where nodes have few siblings and
 * ids are short, as in simulations; and wide, with a GsWaveWide behind it.
 */

typedef enum {
  GS_WAVE_OWN,    /**< started here */
  GS_WAVE_RELAY,  /**< passed on, answers still out */
  GS_WAVE_CLOSED, /**< answered; late duplicate Asks may still come */
  GS_WAVE_FLOOD,  /**< a SyncGrid that was passed on */
  GS_WAVE_FREE,   /**< no wave: a free place in the table */
} GsWaveKind;

/** Slots that a narrow wave can keep account of. */
#define GS_WAVE_NARROW_SLOTS 16u
#define GS_WAVE_NONE UINT32_MAX
/** The mark of none in a narrow wave, which can have fewer numbers. */
#define GS_WAVE_NARROW_NONE ((1u << 22) - 1)
/** Largest age. */
#define GS_WAVE_AGE_MAX 7u
/** From here on it has been out for longer than an answer takes. */
#define GS_WAVE_AGE_LATE 2u

/**
 * Read and written by the functions below only. Per sibling slot that was asked
 * there are two bits: `pending`, its Response is still out; `awaited`, its own
 * Ask of this wave may still come (it answered `{}` and so sends one, or has
 * not answered yet). `age` is for recovery, and 0 for who has none: it grows
 * each time that the node looks at its open waves, and ever more slowly.
 */
typedef struct {
  uint64_t space;
  uint32_t count; /**< lower half of that of the wave's id */
  uint32_t mark;  /**< lower half of gs_wave_mark */
  union {
    GsNets *nets;     /**< collected so far, as gs_nets_collect has them */
    GsKeptNets *kept; /**< CLOSED: what it was answered; NULL: that is not kept */
  };
  union {
    struct {
      uint16_t pending, awaited; /**< narrow */
    };
    GsEndpoint parent;   /**< wide, where parent_slot is unknown: who to answer */
    uint32_t next_flood; /**< FLOOD: the one remembered after it */
  };
  union {
    struct {
      uint32_t next : 22, parent_slot : 4, age : 3, kind : 3;
    };
    struct {
      uint32_t wide_parent_slot : 24, wide_spare : 2, wide_age : 3, wide_kind : 3;
    };
  };
} GsWave;

_Static_assert(sizeof(GsWave) == 32 || sizeof(void *) != 8, "two waves to a cache line");

/** What stands behind a wide wave. */
typedef struct {
  uint32_t count_high, mark_high;
  uint32_t next;
  uint32_t left;    /**< Responses still out; CLOSED: duplicate Asks still to come */
  uint64_t slots[]; /**< words of pending, then words of awaited */
} GsWaveWide;

/** The form of all waves of a table: words of bits per account; 0: narrow. */
typedef uint32_t GsWaveForm;

/** Whether it is a wave of Asks, of which more may come; no flood and no free place. */
static inline bool gs_wave_asks(const GsWave *wave) {
  return wave->kind == GS_WAVE_OWN || wave->kind == GS_WAVE_RELAY || wave->kind == GS_WAVE_CLOSED;
}

static inline GsWaveForm gs_wave_form_for(uint32_t slots) {
  return slots <= GS_WAVE_NARROW_SLOTS ? 0 : (slots + 63) / 64;
}

static inline gsize gs_wave_form_bytes(GsWaveForm form) {
  return sizeof(GsWave) +
         (form ? sizeof(GsWaveWide) + (gsize)2 * form * sizeof(uint64_t) : (gsize)0);
}

static inline GsWaveWide *gs_wave_wide(const GsWave *wave) {
  return (GsWaveWide *)(uintptr_t)(wave + 1);
}

static inline GsMasterId gs_wave_master(const GsWave *wave, GsWaveForm form) {
  uint64_t high = form ? gs_wave_wide(wave)->count_high : 0;
  return (GsMasterId){wave->space, high << 32 | wave->count};
}

static inline bool gs_wave_is(const GsWave *wave, GsWaveForm form, GsMasterId master) {
  return wave->space == master.space && wave->count == (uint32_t)master.count &&
         (form ? gs_wave_wide(wave)->count_high : 0) == master.count >> 32;
}

/** Of the Ask to answer, its `req`; OWN: unused; FLOOD: the own wave that retires it. */
static inline uint64_t gs_wave_mark(const GsWave *wave, GsWaveForm form) {
  uint64_t high = form ? gs_wave_wide(wave)->mark_high : 0;
  return high << 32 | wave->mark;
}

static inline bool gs_wave_has_mark(const GsWave *wave, GsWaveForm form, uint64_t mark) {
  return wave->mark == (uint32_t)mark && gs_wave_mark(wave, form) == mark;
}

static inline uint32_t gs_wave_next(const GsWave *wave, GsWaveForm form) {
  if (form)
    return gs_wave_wide(wave)->next;
  return wave->next == GS_WAVE_NARROW_NONE ? GS_WAVE_NONE : wave->next;
}

static inline void gs_wave_set_next(GsWave *wave, GsWaveForm form, uint32_t next) {
  if (form)
    gs_wave_wide(wave)->next = next;
  else
    wave->next = next & GS_WAVE_NARROW_NONE;
}

/** The slot of whom to answer, or GS_SLOT_UNKNOWN. */
static inline uint32_t gs_wave_parent_slot(const GsWave *wave, GsWaveForm form) {
  return form ? wave->wide_parent_slot : wave->parent_slot;
}

static inline void gs_wave_set_parent_slot(GsWave *wave, GsWaveForm form, uint32_t slot) {
  if (form)
    wave->wide_parent_slot = slot & GS_SLOT_UNKNOWN;
  else
    wave->parent_slot = slot & (GS_WAVE_NARROW_SLOTS - 1); /* a wave of an unknown one is wide */
}

/** Whether the Response of a slot was still out; from now on it is not. */
static inline bool gs_wave_take_pending(GsWave *wave, GsWaveForm form, uint32_t slot) {
  if (!form) {
    uint32_t bit = slot < GS_WAVE_NARROW_SLOTS ? 1u << slot : 0;
    bool was = wave->pending & bit;
    wave->pending = (uint16_t)(wave->pending & ~bit);
    return was;
  }
  GsWaveWide *wide = gs_wave_wide(wave);
  uint64_t bit = UINT64_C(1) << slot % 64, *word = &wide->slots[slot / 64];
  if (slot / 64 >= form || !(*word & bit))
    return false;
  *word ^= bit;
  wide->left--;
  return true;
}

/** Whether the Response of a slot is still out. */
static inline bool gs_wave_is_pending(const GsWave *wave, GsWaveForm form, uint32_t slot) {
  if (!form)
    return slot < GS_WAVE_NARROW_SLOTS && wave->pending >> slot & 1;
  return slot / 64 < form && gs_wave_wide(wave)->slots[slot / 64] >> slot % 64 & 1;
}

/** Of a wave that is not closed: whether all have answered. */
static inline bool gs_wave_is_answered(const GsWave *wave, GsWaveForm form) {
  return form ? !gs_wave_wide(wave)->left : !wave->pending;
}

/** Of a closed wave: whether it was closed although somebody had not answered. O(slots / 64). */
static inline bool gs_wave_is_given_up(const GsWave *wave, GsWaveForm form) {
  if (!form)
    return wave->pending;
  for (uint32_t i = 0; i < form; i++)
    if (gs_wave_wide(wave)->slots[i])
      return true;
  return false;
}

/** Whether an Ask of a slot was still to come; from now on it is not. */
static inline bool gs_wave_take_awaited(GsWave *wave, GsWaveForm form, uint32_t slot) {
  if (!form) {
    uint32_t bit = slot < GS_WAVE_NARROW_SLOTS ? 1u << slot : 0;
    bool was = wave->awaited & bit;
    wave->awaited = (uint16_t)(wave->awaited & ~bit);
    return was;
  }
  GsWaveWide *wide = gs_wave_wide(wave);
  uint64_t bit = UINT64_C(1) << slot % 64, *word = &wide->slots[form + slot / 64];
  if (slot / 64 >= form || !(*word & bit))
    return false;
  *word ^= bit;
  wide->left -= wave->kind == GS_WAVE_CLOSED;
  return true;
}
/** Of a closed wave: whether no Ask is to come any more. */
static inline bool gs_wave_is_over(const GsWave *wave, GsWaveForm form) {
  return form ? !gs_wave_wide(wave)->left : !wave->awaited;
}

/** What gs_wave_await and gs_wave_close do with a wide wave. */
void gs_wave_await_wide(GsWave *wave, GsWaveForm form, uint32_t slots, uint32_t except);
bool gs_wave_close_wide(GsWave *wave, GsWaveForm form);

/** From now on all slots below `slots` but `except` are pending and awaited. O(slots / 64). */
static inline void gs_wave_await(GsWave *wave, GsWaveForm form, uint32_t slots, uint32_t except) {
  if (form) {
    gs_wave_await_wide(wave, form, slots, except);
    return;
  }
  uint32_t bits = (1u << slots) - 1;
  if (except < slots)
    bits &= ~(1u << except);
  wave->pending = wave->awaited = (uint16_t)bits;
}

/** It is answered: closed if Asks are still to come, which is what it returns. O(slots / 64). */
static inline bool gs_wave_close(GsWave *wave, GsWaveForm form) {
  if (form)
    return gs_wave_close_wide(wave, form);
  wave->kind = GS_WAVE_CLOSED;
  return wave->awaited;
}
/** No Ask is to come any more. */
void gs_wave_await_none(GsWave *wave, GsWaveForm form);
/**
 * The sibling of a slot is no more, that of slot `last` has taken its place;
 * if it was the one to answer, this is where it is. Wide only. O(1).
 */
void gs_wave_forget_slot(GsWave *wave, GsWaveForm form, uint32_t slot, uint32_t last,
                         GsEndpoint endpoint);
/** Copies a wave into another form that is not narrower; `next` has to be set again. */
void gs_wave_copy(GsWave *to, GsWaveForm to_form, const GsWave *from, GsWaveForm from_form);

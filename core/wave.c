/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wave.h"

#include <string.h>

static uint64_t *awaited_words(const GsWave *wave, GsWaveForm form) {
  return gs_wave_wide(wave)->slots + form;
}

static bool take_bit(uint64_t *words, GsWaveForm form, uint32_t slot) {
  if (slot / 64 >= form)
    return false;
  uint64_t bit = UINT64_C(1) << slot % 64;
  bool was = words[slot / 64] & bit;
  words[slot / 64] &= ~bit;
  return was;
}

void gs_wave_await_wide(GsWave *wave, GsWaveForm form, uint32_t slots, uint32_t except) {
  GsWaveWide *wide = gs_wave_wide(wave);
  for (uint32_t i = 0; i < form; i++) {
    uint32_t first = i * 64, here = slots > first ? slots - first : 0;
    wide->slots[i] = here >= 64 ? UINT64_MAX : (UINT64_C(1) << here) - 1;
  }
  wide->left = slots - take_bit(wide->slots, form, except);
  memcpy(awaited_words(wave, form), wide->slots, form * sizeof *wide->slots);
}

bool gs_wave_close_wide(GsWave *wave, GsWaveForm form) {
  wave->kind = GS_WAVE_CLOSED;
  uint32_t left = 0;
  for (uint32_t i = 0; i < form; i++)
    left += (uint32_t)__builtin_popcountll(awaited_words(wave, form)[i]);
  gs_wave_wide(wave)->left = left;
  return left;
}

void gs_wave_await_none(GsWave *wave, GsWaveForm form) {
  if (form)
    memset(awaited_words(wave, form), 0, form * sizeof(uint64_t));
  else
    wave->awaited = 0;
}

static void move_bit(uint64_t *words, GsWaveForm form, uint32_t from, uint32_t to) {
  if (take_bit(words, form, from))
    words[to / 64] |= UINT64_C(1) << to % 64;
}

void gs_wave_forget_slot(GsWave *wave, GsWaveForm form, uint32_t slot, uint32_t last,
                         GsEndpoint endpoint) {
  GsWaveWide *wide = gs_wave_wide(wave);
  bool pending = take_bit(wide->slots, form, slot);
  bool awaited = take_bit(awaited_words(wave, form), form, slot);
  wide->left -= wave->kind == GS_WAVE_CLOSED ? awaited : pending;
  move_bit(wide->slots, form, last, slot);
  move_bit(awaited_words(wave, form), form, last, slot);
  if (wave->wide_parent_slot == slot) {
    wave->wide_parent_slot = GS_SLOT_UNKNOWN;
    wave->parent = endpoint;
  } else if (wave->wide_parent_slot == last) {
    wave->wide_parent_slot = slot & GS_SLOT_UNKNOWN;
  }
}

static void copy_slots(GsWave *to, GsWaveForm to_form, const GsWave *from, GsWaveForm from_form) {
  GsWaveWide *wide = gs_wave_wide(to);
  memset(wide->slots, 0, (gsize)2 * to_form * sizeof *wide->slots);
  if (!from_form) {
    wide->slots[0] = from->pending;
    wide->slots[to_form] = from->awaited;
    wide->left =
        (uint32_t)__builtin_popcount(from->kind == GS_WAVE_CLOSED ? from->awaited : from->pending);
    return;
  }
  const GsWaveWide *old = gs_wave_wide(from);
  wide->left = old->left;
  memcpy(wide->slots, old->slots, from_form * sizeof *wide->slots);
  memcpy(wide->slots + to_form, old->slots + from_form, from_form * sizeof *wide->slots);
}

void gs_wave_copy(GsWave *to, GsWaveForm to_form, const GsWave *from, GsWaveForm from_form) {
  if (to_form == from_form) {
    memcpy(to, from, gs_wave_form_bytes(from_form));
    return;
  }
  *to = *from;
  GsWaveWide *wide = gs_wave_wide(to);
  wide->count_high = from_form ? gs_wave_wide(from)->count_high : 0;
  wide->mark_high = from_form ? gs_wave_wide(from)->mark_high : 0;
  if (from->kind == GS_WAVE_FREE)
    return;
  if (!from_form)
    to->wide_parent_slot = from->parent_slot;
  to->wide_kind = from->kind;
  if (from->kind == GS_WAVE_FLOOD)
    return;
  copy_slots(to, to_form, from, from_form);
}

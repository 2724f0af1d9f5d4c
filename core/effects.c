/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/effects.h"

const char *gs_drop_reason_name(GsDropReason reason) {
  static const char *const names[GS_DROP_REASONS] = {
      "unknown-asker", "self-sibling",  "known-sibling", "late-response", "seen-flood",
      "too-many",      "not-a-message", "repeated-ask",  "given-up"};
  return names[reason];
}

void gs_effects_init(GsEffects *effects, GsPool *pool) {
  *effects = (GsEffects){.pool = pool};
}

void gs_effects_clear(GsEffects *effects) {
  g_free(effects->messages);
  g_free(effects->notes);
  g_clear_pointer(&effects->listed_ids, g_array_unref);
  *effects = (GsEffects){0};
}

void gs_effects_grow(GsEffects *effects) {
  effects->message_room = MAX(16, effects->message_room * 2);
  effects->messages = g_renew(GsMessage, effects->messages, effects->message_room);
}

void gs_effects_add_note(GsEffects *effects, GsNoteKind kind, uint32_t cause, int64_t value,
                         int64_t value2, GsMasterId master) {
  if (effects->note_count == effects->note_room) {
    effects->note_room = MAX(8, effects->note_room * 2);
    effects->notes = g_renew(GsNote, effects->notes, effects->note_room);
  }
  effects->notes[effects->note_count++] =
      (GsNote){.kind = kind, .cause = cause, .value = value, .value2 = value2, .master = master};
}

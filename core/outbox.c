/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/outbox.h"

void gs_outbox_clear(GsOutbox *outbox) {
  g_free(outbox->slots);
  g_free(outbox->written);
  g_free(outbox->letters);
  *outbox = (GsOutbox){0};
}

void gs_outbox_grow(GsOutbox *outbox, uint32_t slots, gsize letters) {
  if (slots > outbox->slots_room) {
    g_free(outbox->slots);
    g_free(outbox->written);
    outbox->slots_room = MAX(slots, 2 * outbox->slots_room);
    outbox->slots = g_new0(GsOutboxSlot, outbox->slots_room);
    outbox->written = g_new(uint32_t, outbox->slots_room);
  }
  if (letters > outbox->letters_room) {
    g_free(outbox->letters);
    outbox->letters_room = MAX(letters, 2 * outbox->letters_room);
    outbox->letters = g_new(GsLetter, outbox->letters_room);
  }
}

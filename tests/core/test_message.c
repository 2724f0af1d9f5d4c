/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/message.h"

/** Where bits lie in a word is the compiler's choice: what is read from the word relies on it. */
Test(message, the_kind_is_read_from_the_head_whatever_else_is_in_it) {
  for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++) {
    for (uint32_t env = 0; env < 4; env++) {
      GsMessage message = {.slot = GS_SLOT_UNKNOWN,
                           .env = env & 3u,
                           .type = type & 3u,
                           .has_production = true,
                           .has_consumption = true,
                           .outside = true,
                           .is_whole = true};
      cr_expect_eq(gs_message_kind(&message), GS_MESSAGE_KIND(env, type));
      uint32_t head = gs_message_slot_and_kind(5, (GsEnvelopeType)env, (GsMessageType)type);
      GsMessage made = {.slot_and_kind = head};
      cr_expect(made.slot == 5 && made.env == env && made.type == type && !made.is_whole);
    }
  }
}

Test(message, hops_stand_above_the_cause) {
  GsMessage message = {.cause_and_hops = GS_CAUSE_MAX | 77u << GS_CAUSE_BITS};
  cr_expect_eq(message.cause, GS_CAUSE_MAX);
  cr_expect_eq(message.hops, 77);
}

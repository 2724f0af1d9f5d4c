/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/message.h"

const char *gs_envelope_type_name(GsEnvelopeType type) {
  static const char *const names[GS_ENVELOPE_TYPES] = {"Tell", "Ask", "Response"};
  return names[type];
}

const char *gs_message_type_name(GsMessageType type) {
  static const char *const names[GS_MESSAGE_TYPES] = {"AddSibling", "UpdateEnergy", "SyncGrid",
                                                      "UpdateNet"};
  return names[type];
}

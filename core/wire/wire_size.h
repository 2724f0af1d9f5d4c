/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "core/message.h"
#include "core/nets.h"

/**
 * How long the JSON bodies of messages are (wire.h), without writing them: a
 * fixed part per envelope and type, and what varies from message to message.
 * Counted is what a node sends to a node, both at loopback addresses of
 * GS_WIRE_ADDRESS_BYTES, at a time that takes GS_WIRE_TIMESTAMP_BYTES, with all
 * members that a served node writes. Where an id is in `nets` twice it is
 * counted twice; on the wire it would be there once.
 */

/** "127.0.0.1:" and a port of five digits. */
#define GS_WIRE_ADDRESS_BYTES 15
/** As the original writes it: ten digits, a point, seven digits. */
#define GS_WIRE_TIMESTAMP_BYTES 18

typedef struct {
  uint32_t fixed[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES];
} GsWireSizes;

/** Finds the fixed parts by encoding a sample of each. Some microseconds. */
void gs_wire_sizes_init(GsWireSizes *sizes);

/** For gs_wire_varying_bytes: messages that are rare. */
uint64_t gs_wire_varying_bytes_of_rare(const GsMessage *message, int64_t sender_id);

/**
 * What a message has beyond the fixed part; `sender_id` is the sending node's
 * id. O(1), but O(length) of the name in AddSibling. Pure.
 */
static inline uint64_t gs_wire_varying_bytes(const GsMessage *message, int64_t sender_id) {
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
    return message->nets ? message->nets->text_bytes - 2 : 0; /* no separator before the first */
  if (gs_message_has_master(message) && message->env != GS_RESPONSE)
    return gs_decimal_bytes(sender_id);
  return gs_wire_varying_bytes_of_rare(message, sender_id);
}

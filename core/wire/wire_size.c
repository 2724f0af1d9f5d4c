/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wire/wire_size.h"

#include "core/json/json_writer.h"
#include "core/wire/wire.h"

#define SAMPLE_ADDRESS "127.0.0.1:10000"
#define SAMPLE_TIMESTAMP 1795340169.0905697
_Static_assert(sizeof SAMPLE_ADDRESS == GS_WIRE_ADDRESS_BYTES + 1, "the sample is as long as said");

/** Without what varies: of ids the sample has one digit, of a name none. */
static uint32_t fixed_bytes(GsEnvelopeType env, GsMessageType type) {
  char address[] = SAMPLE_ADDRESS, no_name[] = "";
  GsWireEnvelope sample = {.env = env,
                           .type = type,
                           .to = address,
                           .timestamp = SAMPLE_TIMESTAMP,
                           .has_id = true,
                           .has_req_id = true,
                           .has_master_req_id = true,
                           .has_timestamp = true,
                           .has_return_id = env != GS_RESPONSE,
                           .has_msg_id = true,
                           .sibling_name = no_name,
                           .sibling_address = address,
                           .has_nets = true};
  g_autoptr(GString) body = g_string_new(NULL);
  gs_wire_encode(&sample, body);
  return (uint32_t)body->len - (env != GS_RESPONSE) - (type == GS_ADD_SIBLING);
}

void gs_wire_sizes_init(GsWireSizes *sizes) {
  for (uint32_t env = 0; env < GS_ENVELOPE_TYPES; env++)
    for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++)
      sizes->fixed[env][type] = fixed_bytes((GsEnvelopeType)env, (GsMessageType)type);
}

/** As a JSON string, without its quotes. */
static uint64_t name_bytes(const char *name) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(text, 0);
  gs_json_write_string(writer, name);
  return text->len - 2;
}

uint64_t gs_wire_varying_bytes_of_rare(const GsMessage *message, int64_t sender_id) {
  uint64_t bytes = message->env == GS_RESPONSE ? 0 : gs_decimal_bytes(sender_id);
  if (message->type == GS_ADD_SIBLING)
    return bytes + gs_decimal_bytes(message->sibling.id) + name_bytes(message->sibling.name);
  if (message->has_production)
    bytes += sizeof ", \"production\": " - 1 + gs_decimal_bytes(message->energy.production);
  if (message->has_consumption)
    bytes += sizeof ", \"consumption\": " - 1 + gs_decimal_bytes(message->energy.consumption);
  return bytes;
}

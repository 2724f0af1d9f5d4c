/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wire/wire_size.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#include "core/limits.h"
#include "core/wire/wire.h"
#include "tests/core/node_support.h"

static void expect_bytes(int64_t value) {
  char text[32];
  uint32_t length = (uint32_t)g_snprintf(text, sizeof text, "%" PRId64, value);
  cr_assert_eq(gs_decimal_bytes(value), length, "%s: %u", text, gs_decimal_bytes(value));
}

Test(wire_size, integers_are_as_long_as_printf_makes_them) {
  expect_bytes(INT64_MIN);
  expect_bytes(INT64_MAX);
  for (int bit = 0; bit < 63; bit++) {
    int64_t power = INT64_C(1) << bit;
    for (int64_t value = power - 2; value <= power + 1; value++) {
      expect_bytes(value);
      expect_bytes(-value);
    }
  }
  for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
    for (int64_t value = power - 1; value <= power + 1; value++) {
      expect_bytes(value);
      expect_bytes(-value);
    }
  }
}

typedef struct {
  int64_t sender;
  GsMessage message;
} Sent;

static bool list_net(int64_t id, int64_t net, void *data) {
  gs_wire_add_net(data, id, net);
  return true;
}

static uint64_t encoded_bytes(const Sent *sent) {
  const GsMessage *message = &sent->message;
  char address[] = "127.0.0.1:54321";
  g_auto(GsWireEnvelope) envelope = {.env = message->env,
                                     .type = message->type,
                                     .to = g_strdup(address),
                                     .timestamp = 1795340169.0905697,
                                     .return_id = sent->sender,
                                     .has_id = true,
                                     .has_req_id = true,
                                     .has_master_req_id = true,
                                     .has_timestamp = true,
                                     .has_return_id = message->env != GS_RESPONSE,
                                     .has_msg_id = true,
                                     .has_nets = message->type == GS_UPDATE_NET};
  if (message->type == GS_ADD_SIBLING) {
    envelope.sibling_id = message->sibling.id;
    envelope.sibling_name = g_strdup(message->sibling.name);
    envelope.sibling_address = g_strdup(address);
  } else if (message->type == GS_UPDATE_ENERGY) {
    envelope.has_production = message->has_production;
    envelope.has_consumption = message->has_consumption;
    envelope.production = message->energy.production;
    envelope.consumption = message->energy.consumption;
  } else if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE && message->nets) {
    gs_nets_foreach(message->nets, list_net, &envelope);
  }
  g_autoptr(GString) body = g_string_new(NULL);
  gs_wire_encode(&envelope, body);
  cr_assert(strstr(body->str, "\"1795340169.0905697\""), "%s", body->str);
  return body->len;
}

static Sent random_message(GsNets *pieces, guint room, uint64_t *state) {
  static const char *const names[] = {"A", "House 12", "\"quoted\" \\", "Zürich", "日本"};
  Sent sent = {.sender =
                   (int64_t)(gs_test_random(state, GS_NODE_ID_MAX) >> gs_test_random(state, 53))};
  GsMessage *message = &sent.message;
  message->env = gs_test_random(state, GS_ENVELOPE_TYPES) & 3u;
  message->type = gs_test_random(state, GS_MESSAGE_TYPES) & 3u;
  if (message->type == GS_ADD_SIBLING) {
    message->sibling.id = (int64_t)gs_test_random(state, 100000);
    message->sibling.name = names[gs_test_random(state, G_N_ELEMENTS(names))];
  } else if (message->type == GS_UPDATE_ENERGY) {
    message->has_production = gs_test_random(state, 2) & 1u;
    message->has_consumption = gs_test_random(state, 2) & 1u;
    message->energy.production = (int64_t)gs_test_random(state, GS_ENERGY_MAX);
    message->energy.consumption = (int64_t)gs_test_random(state, 120);
  } else if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE) {
    guint count = (guint)gs_test_random(state, room);
    for (guint i = 0; i < count; i++)
      gs_nets_init(&pieces[i], (int64_t)i * 37, (int64_t)gs_test_random(state, 30000) - 15000);
    for (guint left = count; left-- > 1;)
      gs_nets_add(&pieces[gs_test_random(state, left)], &pieces[left]);
    message->nets = count ? pieces : NULL;
  }
  return sent;
}

Test(wire_size, fixed_and_varying_part_are_the_length_of_the_body) {
  GsWireSizes sizes;
  gs_wire_sizes_init(&sizes);
  for (uint64_t seed = 1; seed <= 5000; seed++) {
    uint64_t state = seed;
    GsNets pieces[40];
    Sent sent = random_message(pieces, G_N_ELEMENTS(pieces), &state);
    const GsMessage *message = &sent.message;
    for (int repetition = 0; repetition < 2; repetition++) { /* a walk changes nothing */
      uint64_t said =
          sizes.fixed[message->env][message->type] + gs_wire_varying_bytes(message, sent.sender);
      cr_assert_eq(said, encoded_bytes(&sent), "seed %" PRIu64 ": %s %s", seed,
                   gs_envelope_type_name(message->env), gs_message_type_name(message->type));
    }
  }
}

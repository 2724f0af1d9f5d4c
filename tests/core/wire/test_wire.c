/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/wire/wire.h"
#include "tests/wire_equal.h"

static void must_decode(GsWireEnvelope *envelope, const char *body) {
  GError *error = NULL;
  cr_assert(gs_wire_decode(envelope, body, strlen(body), &error), "%s: %s", body,
            error ? error->message : "");
  cr_assert_null(error);
}

static void expect_refusal(const char *body, gsize length, int code, const char *message) {
  GsWireEnvelope envelope, empty = {0};
  g_autoptr(GError) error = NULL;
  cr_assert_not(gs_wire_decode(&envelope, body, length, &error), "accepted: %.200s", body);
  cr_expect(g_error_matches(error, GS_ERROR, code), "%.200s", body);
  cr_expect(strstr(error->message, message), "%.200s\n got  %s\n want %s", body, error->message,
            message);
  cr_expect(envelopes_are_equal(&envelope, &empty) && !envelope.nets);
}

/** Envelopes as real nodes send them: they must come out as they went in, byte by byte. */
Test(wire, documented_envelopes_are_kept_to_the_byte) {
  static const char *const bodies[] = {
      "{\"to\": \"127.0.0.1:9999\", \"msgType\": \"UpdateNet\", \"envType\": \"Ask\", "
      "\"msg\": {\"id\": \"25cd18b8-e658-11f1-b905-02fc00000001\", \"nets\": {}}, "
      "\"id\": \"25cd1c3c-e658-11f1-b905-02fc00000001\", \"timestamp\": \"1795340169.0905697\", "
      "\"returnId\": \"91\", \"reqId\": \"25cd1bba-e658-11f1-b905-02fc00000001\", "
      "\"masterReqId\": \"25cd1b42-e658-11f1-b905-02fc00000001\"}",
      "{\"to\": \"127.0.0.1:8081\", \"msgType\": \"UpdateNet\", \"envType\": \"Response\", "
      "\"msg\": {\"id\": \"25cd18b8-e658-11f1-b905-02fc00000001\", \"nets\": {\"1\": -10, \"2\": "
      "15}}, \"id\": \"25cd1c3c-e658-11f1-b905-02fc00000001\", \"timestamp\": \"1795340169.5\", "
      "\"reqId\": \"25cd1bba-e658-11f1-b905-02fc00000001\", "
      "\"masterReqId\": \"25cd1b42-e658-11f1-b905-02fc00000001\"}",
      "{\"to\": \"node-b.example:8082\", \"msgType\": \"AddSibling\", \"envType\": \"Ask\", "
      "\"msg\": {\"id\": \"00000000-0000-0001-0000-000000000002\", \"siblingId\": \"4\", "
      "\"siblingName\": \"D\", \"siblingAddress\": \"127.0.0.1:8084\"}, "
      "\"id\": \"ffffffff-ffff-ffff-ffff-ffffffffffff\", \"timestamp\": \"1795340169.0\", "
      "\"returnId\": \"4\", \"reqId\": \"25cd1bba-e658-11f1-b905-02fc00000001\"}",
      "{\"to\": \"[::1]:65535\", \"msgType\": \"SyncGrid\", \"envType\": \"Tell\", "
      "\"msg\": {\"id\": \"25cd18b8-e658-11f1-b905-02fc00000001\"}, \"returnId\": \"0\"}",
      "{\"msgType\": \"UpdateEnergy\", \"envType\": \"Tell\", \"msg\": {\"production\": 5, "
      "\"consumption\": 10}}",
      "{\"msgType\": \"UpdateNet\", \"envType\": \"Tell\", \"msg\": {}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_auto(GsWireEnvelope) envelope;
    g_autoptr(GString) out = g_string_new(NULL);
    must_decode(&envelope, bodies[i]);
    gs_wire_encode(&envelope, out);
    cr_expect_str_eq(out->str, bodies[i], "got  %s\nwant %s", out->str, bodies[i]);
  }
}

Test(wire, every_member_of_a_documented_envelope_is_read) {
  g_auto(GsWireEnvelope) e;
  must_decode(&e, "{\"to\": \"127.0.0.1:9999\", \"msgType\": \"UpdateNet\", \"envType\": "
                  "\"Response\", \"msg\": {\"id\": \"25cd18b8-e658-11f1-b905-02fc00000001\", "
                  "\"nets\": {\"2\": -10, \"1\": 15}}, \"timestamp\": \"1795340169.0905697\", "
                  "\"returnId\": \"91\", \"reqId\": \"25CD1BBA-e658-11f1-b905-02fc00000001\"}");
  GsMasterId master = {0, 0};
  cr_expect(e.env == GS_RESPONSE && e.type == GS_UPDATE_NET);
  cr_expect_str_eq(e.to, "127.0.0.1:9999");
  cr_expect(e.has_msg_id && e.msg_id.space == 0x25cd18b8e65811f1 &&
            e.msg_id.count == 0xb90502fc00000001);
  cr_expect(!e.has_id && e.has_timestamp && e.timestamp == 1795340169.0905697);
  cr_expect_not(e.has_return_id, "a Response has none");
  cr_expect(e.has_nets && e.nets->len == 2);
  const GsWireNet *nets = (const GsWireNet *)(void *)e.nets->data;
  cr_expect(nets[0].id == 2 && nets[0].net == -10 && nets[1].id == 1 && nets[1].net == 15,
            "document order");
  cr_expect(!e.has_master_req_id && gs_wire_master_id(&e, &master));
  cr_expect(gs_master_id_equal(master, e.req_id) && master.space == 0x25cd1bbae65811f1);
}

Test(wire, a_persons_messages_are_understood) {
  g_auto(GsWireEnvelope) energy, sibling, sync, net;
  GsMasterId master = {0, 0};
  must_decode(&energy, "{\n\"envType\": \"Tell\",\n\"msgType\": \"UpdateEnergy\",\n\"msg\": {\n"
                       "\"production\": 0,\n\"consumption\": 10\n}\n}");
  cr_expect(energy.type == GS_UPDATE_ENERGY && energy.has_production && energy.has_consumption);
  cr_expect(energy.production == 0 && energy.consumption == 10);
  cr_expect_not(gs_wire_master_id(&energy, &master));
  must_decode(&sibling, "{\"envType\": \"Tell\", \"msgType\": \"AddSibling\", \"msg\": "
                        "{\"siblingName\": \"B\", \"siblingAddress\": \"127.0.0.1:8082\", "
                        "\"siblingId\": \"2\"}}");
  cr_expect(sibling.type == GS_ADD_SIBLING && sibling.sibling_id == 2);
  cr_expect_str_eq(sibling.sibling_name, "B");
  cr_expect_str_eq(sibling.sibling_address, "127.0.0.1:8082");
  must_decode(&sync, "{\"envType\": \"Tell\", \"msgType\": \"SyncGrid\"}");
  cr_expect(sync.type == GS_SYNC_GRID && sync.env == GS_TELL);
  must_decode(&net, "{\"envType\": \"Ask\", \"msgType\": \"UpdateNet\", \"msg\": null}");
  cr_expect(!net.has_nets && !net.nets);
}

typedef struct {
  const char *body;
  GsWireEnvelope expected;
} Lenient;

Test(wire, nulls_strings_and_unknown_members_are_taken_as_meant) {
  static const Lenient cases[] = {
      {"{\"envType\":\"Tell\",\"msgType\":\"UpdateEnergy\",\"msg\":{\"production\":\"7\","
       "\"consumption\":null,\"colour\":[{}]},\"returnId\":3,\"extra\":{\"envType\":1}}",
       {.type = GS_UPDATE_ENERGY,
        .has_production = true,
        .production = 7,
        .has_return_id = true,
        .return_id = 3}},
      {"{\"envType\":\"Tell\",\"msgType\":\"UpdateEnergy\",\"msg\":{}}",
       {.type = GS_UPDATE_ENERGY}},
      {"{\"envType\":\"Tell\",\"msgType\":\"UpdateEnergy\",\"msg\":{\"production\":1e3}}",
       {.type = GS_UPDATE_ENERGY, .has_production = true, .production = 1000}},
      {"{\"envType\":\"Ask\",\"msgType\":\"UpdateNet\",\"msg\":{\"nets\":null},\"to\":null,"
       "\"id\":null,\"timestamp\":null,\"returnId\":null,\"reqId\":null,\"masterReqId\":null}",
       {.env = GS_ASK, .type = GS_UPDATE_NET}},
      {"{\"envType\":\"Ask\",\"msgType\":\"SyncGrid\",\"msg\":{\"nets\":3,\"siblingId\":{}},"
       "\"timestamp\":12}",
       {.env = GS_ASK, .type = GS_SYNC_GRID, .has_timestamp = true, .timestamp = 12}},
      {"{\"envType\":\"Tell\",\"msgType\":\"SyncGrid\",\"timestamp\":-0.0}",
       {.type = GS_SYNC_GRID, .has_timestamp = true}},
      {"{\"envType\":\"Response\",\"msgType\":\"UpdateNet\",\"returnId\":[]}",
       {.env = GS_RESPONSE, .type = GS_UPDATE_NET}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(GsWireEnvelope) envelope;
    must_decode(&envelope, cases[i].body);
    cr_expect(envelopes_are_equal(&envelope, &cases[i].expected), "%s", cases[i].body);
    cr_expect_not(signbit(envelope.timestamp), "%s", cases[i].body);
  }
}

static void expect_msg_refusals(const char *type, const char *const (*cases)[2], gsize count) {
  for (gsize i = 0; i < count; i++) {
    g_autofree char *body =
        g_strdup_printf("{\"envType\": \"Tell\", \"msgType\": \"%s\"%s}", type, cases[i][0]);
    expect_refusal(body, strlen(body), GS_ERROR_INPUT, cases[i][1]);
  }
}

Test(wire, a_wrong_envelope_is_refused_by_the_name_of_its_member) {
  static const char *const whole[][2] = {
      {"", "line 1, column 1: the document is empty"},
      {"hello", "line 1, column 1: expected a value, found 'hello'"},
      {"[]", "line 1, column 1: must be an object with envType, msgType and msg, found an array"},
      {"{}", "line 1, column 1: the member /envType is missing; it must be one of Tell, Ask, "
             "Response"},
      {"{\"envType\": \"tell\"}",
       "line 1, column 13: /envType: must be one of Tell, Ask, Response, found \"tell\" (did you "
       "mean Tell?)"},
      {"{\"envType\": 1}", "/envType: must be one of Tell, Ask, Response, found 1"},
      {"{\"envType\": \"Ask\"}", "the member /msgType is missing; it must be one of AddSibling, "
                                 "UpdateEnergy, SyncGrid, UpdateNet"},
      {"{\"envType\": \"Ask\", \"msgType\": \"UpdateNets\"}",
       "/msgType: must be one of AddSibling, UpdateEnergy, SyncGrid, UpdateNet, found "
       "\"UpdateNets\" (did you mean UpdateNet?)"},
      {"{\"envType\": \"Ask\", \"msgType\": {}}", "/msgType: must be one of AddSibling, "
                                                  "UpdateEnergy, SyncGrid, UpdateNet, found an "
                                                  "object"},
      {"{\"envType\": \"Ask\", \"envType\": \"Ask\"}",
       "/envType: a member of this name is already"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(whole); i++)
    expect_refusal(whole[i][0], strlen(whole[i][0]), GS_ERROR_INPUT, whole[i][1]);
  static const char *const members[][2] = {
      {", \"msg\": []", "/msg: must be an object, found an array"},
      {", \"msg\": \"\"", "/msg: must be an object, found \"\""},
      {", \"to\": 5", "/to: must be an address HOST:PORT with a port from 1 to 65535, found 5"},
      {", \"to\": \"localhost\"", "/to: must be an address HOST:PORT"},
      {", \"id\": \"x\"", "/id: must be a UUID (8-4-4-4-12 hexadecimal digits), found \"x\""},
      {", \"reqId\": 1", "/reqId: must be a UUID"},
      {", \"reqId\": \"25cd18b8-e658-11f1-b905-02fc0000001\"", "/reqId: must be a UUID"},
      {", \"reqId\": \"25cd18b8-e658-11f1-b905-02fc000000012\"", "/reqId: must be a UUID"},
      {", \"masterReqId\": \"25cd18b8ee658-11f1-b905-02fc00000001\"",
       "/masterReqId: must be a UUID"},
      {", \"msg\": {\"id\": \"\"}", "/msg/id: must be a UUID"},
      {", \"timestamp\": \"now\"",
       "/timestamp: must be a time in seconds since 1970 (a number, or a "
       "string of one), found \"now\""},
      {", \"timestamp\": -1", "/timestamp: must be a time"},
      {", \"timestamp\": \"1e300\"", "/timestamp: must be a time"},
      {", \"timestamp\": []", "/timestamp: must be a time"},
      {", \"returnId\": -1", "/returnId: must be an integer from 0 to 9007199254740991, found -1"},
      {", \"returnId\": 9007199254740992", "/returnId: must be an integer from 0 to"},
      {", \"returnId\": 1.5",
       "/returnId: must be an integer from 0 to 9007199254740991, found 1.5"},
      {", \"returnId\": \"4 \"", "/returnId: must be an integer from 0 to"},
  };
  expect_msg_refusals("SyncGrid", members, G_N_ELEMENTS(members));
}

Test(wire, a_wrong_sibling_is_refused) {
  static const char *const wrong[][2] = {
      {"", "the member /msg is missing; it must be an object"},
      {", \"msg\": null", "the member /msg is missing; it must be an object"},
      {", \"msg\": {}", "/msg: the member /msg/siblingId is missing; it must be a node's id"},
      {", \"msg\": {\"siblingId\": 1}", "/msg: the member /msg/siblingName is missing; it must be "
                                        "a string of 1 to 200 bytes without "
                                        "control characters"},
      {", \"msg\": {\"siblingId\": 1, \"siblingName\": \"B\"}",
       "/msg: the member /msg/siblingAddress is missing; it must be an address HOST:PORT"},
      {", \"msg\": {\"siblingId\": \"B\", \"siblingName\": \"B\", \"siblingAddress\": \"b:1\"}",
       "/msg/siblingId: must be an integer from 0 to 9007199254740991, found \"B\""},
      {", \"msg\": {\"siblingId\": 1, \"siblingName\": \"\", \"siblingAddress\": \"b:1\"}",
       "/msg/siblingName: must be a string of 1 to 200 bytes without control characters, found "
       "\"\""},
      {", \"msg\": {\"siblingId\": 1, \"siblingName\": \"a\\nb\", \"siblingAddress\": \"b:1\"}",
       "/msg/siblingName: must be a string of 1 to 200 bytes without control characters, found "
       "\"aU+000Ab\""},
      {", \"msg\": {\"siblingId\": 1, \"siblingName\": 5, \"siblingAddress\": \"b:1\"}",
       "/msg/siblingName: must be a string"},
      {", \"msg\": {\"siblingId\": 1, \"siblingName\": \"B\", \"siblingAddress\": \"b:0\"}",
       "/msg/siblingAddress: must be an address HOST:PORT with a port from 1 to 65535, found "
       "\"b:0\""},
  };
  expect_msg_refusals("AddSibling", wrong, G_N_ELEMENTS(wrong));
}

Test(wire, numbers_are_good_up_to_their_limits_and_no_further) {
  static const struct {
    const char *type, *msg;
    const char *pointer; /**< NULL: good */
  } cases[] = {
      {"UpdateEnergy", "{\"production\": 0, \"consumption\": 1099511627776}", NULL},
      {"UpdateEnergy", "{\"production\": \"1099511627776\"}", NULL},
      {"UpdateEnergy", "{\"production\": 1099511627777}",
       "/msg/production: must be an integer from 0 to 1099511627776, found 1099511627777"},
      {"UpdateEnergy", "{\"consumption\": -1}", "/msg/consumption: must be an integer from 0 to"},
      {"UpdateEnergy", "{\"consumption\": 0.5}", "/msg/consumption: must be"},
      {"UpdateEnergy", "{\"production\": 0.99999999999999999999}", "/msg/production: must be"},
      {"UpdateEnergy", "{\"production\": true}",
       "/msg/production: must be an integer from 0 to "
       "1099511627776, found a boolean"},
      {"UpdateNet", "{\"nets\": {\"0\": -1099511627776, \"9007199254740991\": 1099511627776}}",
       NULL},
      {"UpdateNet", "{\"nets\": {\"0\": \"-5\"}}", NULL},
      {"UpdateNet", "{\"nets\": {\"0\": -1099511627777}}",
       "/msg/nets/0: must be an integer from -1099511627776 to 1099511627776, found "
       "-1099511627777"},
      {"UpdateNet", "{\"nets\": {\"0\": 1099511627777}}", "/msg/nets/0: must be an integer from"},
      {"UpdateNet", "{\"nets\": {\"0\": null}}", "/msg/nets/0: must be an integer from"},
      {"UpdateNet", "{\"nets\": {\"9007199254740992\": 1}}",
       "/msg/nets/9007199254740992: a member's name must be a node's id, an integer from 0 to "
       "9007199254740991, found \"9007199254740992\""},
      {"UpdateNet", "{\"nets\": {\"-1\": 1}}", "/msg/nets/-1: a member's name must be a node's id"},
      {"UpdateNet", "{\"nets\": {\"1.0\": 1}}", NULL},
      {"UpdateNet", "{\"nets\": {\"1.5\": 1}}",
       "/msg/nets/1.5: a member's name must be a node's id"},
      {"UpdateNet", "{\"nets\": {\"\": 1}}", "/msg/nets/: a member's name must be a node's id"},
      {"UpdateNet", "{\"nets\": {\"A\": 1}}", "/msg/nets/A: a member's name must be a node's id"},
      {"UpdateNet", "{\"nets\": []}",
       "/msg/nets: must be an object of node ids and nets, or null, found an array"},
      {"UpdateNet", "{\"nets\": {\"2\": 1, \"7\": 1, \"1\": 1, \"7.0\": 1, \"20e-1\": 1}}",
       "/msg/nets/7.0: the node id 7 is given twice, first as \"7\""},
      {"UpdateNet", "{\"nets\": {\"0\": 1, \"-0\": 1}}",
       "/msg/nets/-0: the node id 0 is given twice, first as \"0\""},
      {"UpdateNet", "{\"nets\": {\"1\": 1, \"1\": 1}}", "/msg/nets/1: a member of this name is"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *body =
        g_strdup_printf("{\"envType\": \"Response\", \"msgType\": \"%s\", \"msg\": %s}",
                        cases[i].type, cases[i].msg);
    g_auto(GsWireEnvelope) envelope = {0};
    if (cases[i].pointer)
      expect_refusal(body, strlen(body), GS_ERROR_INPUT, cases[i].pointer);
    else
      must_decode(&envelope, body);
  }
}

Test(wire, uuids_have_one_form) {
  char text[GS_UUID_BYTES];
  GsMasterId id = {0, 0};
  gs_uuid_format((GsMasterId){0x0123456789abcdef, 0xfedcba9876543210}, text);
  cr_expect_str_eq(text, "01234567-89ab-cdef-fedc-ba9876543210");
  cr_expect(gs_uuid_parse(text, &id) && id.space == 0x0123456789abcdef &&
            id.count == 0xfedcba9876543210);
  for (int length = 0; length < 36; length++) {
    g_autofree char *shorter = g_strndup(text, (gsize)length);
    cr_expect_not(gs_uuid_parse(shorter, &id));
  }
}

static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static int64_t draw(uint64_t *state, int64_t least, int64_t most) {
  uint64_t size = next_random(state) >> next_random(state) % 64;
  return least + (int64_t)(size % ((uint64_t)(most - least) + 1));
}

static bool draw_id(uint64_t *state, GsMasterId *id) {
  *id = (GsMasterId){next_random(state), next_random(state)};
  return next_random(state) & 1;
}

static void draw_envelope(uint64_t *state, GsWireEnvelope *e) {
  static const char *const names[] = {"A", "Grün \"7\"", "\\", "😀", "a/b~"};
  *e = (GsWireEnvelope){.env = (GsEnvelopeType)draw(state, 0, 2),
                        .type = (GsMessageType)draw(state, 0, 3)};
  if (draw(state, 0, 1))
    e->to = g_strdup_printf("host-%d:%d", (int)draw(state, 0, 99), (int)draw(state, 1, 65535));
  e->has_id = draw_id(state, &e->id);
  e->has_req_id = draw_id(state, &e->req_id);
  e->has_master_req_id = draw_id(state, &e->master_req_id);
  e->has_msg_id = draw_id(state, &e->msg_id);
  e->has_timestamp = draw(state, 0, 1);
  e->timestamp = (double)draw(state, 0, GS_NODE_ID_MAX) / 4096;
  e->has_return_id = e->env != GS_RESPONSE && draw(state, 0, 1);
  e->return_id = draw(state, 0, GS_NODE_ID_MAX);
  if (e->type == GS_ADD_SIBLING) {
    e->sibling_id = draw(state, 0, GS_NODE_ID_MAX);
    e->sibling_name = g_strdup(names[draw(state, 0, G_N_ELEMENTS(names) - 1)]);
    e->sibling_address = g_strdup("127.0.0.1:8081");
  } else if (e->type == GS_UPDATE_ENERGY) {
    e->has_production = draw(state, 0, 1);
    e->has_consumption = draw(state, 0, 1);
    e->production = draw(state, 0, GS_ENERGY_MAX);
    e->consumption = draw(state, 0, GS_ENERGY_MAX);
  } else if (e->type == GS_UPDATE_NET) {
    e->has_nets = draw(state, 0, 1);
    int64_t id = draw(state, 0, 1000), down = draw(state, 0, 1);
    for (int64_t left = e->has_nets ? draw(state, 0, 40) : 0; left > 0; left--) {
      gs_wire_add_net(e, down ? GS_NODE_ID_MAX - id : id,
                      draw(state, -GS_ENERGY_MAX, GS_ENERGY_MAX));
      id += draw(state, 1, 1 << 20);
    }
  }
}

Test(wire, what_is_encoded_decodes_equal) {
  uint64_t state = 2026;
  g_autoptr(GString) out = g_string_new(NULL);
  for (int round = 0; round < 500; round++) {
    g_auto(GsWireEnvelope) sent, got;
    draw_envelope(&state, &sent);
    g_string_truncate(out, 0);
    gs_wire_encode(&sent, out);
    must_decode(&got, out->str);
    cr_assert(envelopes_are_equal(&sent, &got), "%s", out->str);
  }
}

Test(wire, a_body_of_too_many_values_is_refused_before_it_takes_memory) {
  gsize half = (gsize)2 * GS_NETS_MAX + 8;
  g_autoptr(GString) body = g_string_sized_new(half * 2 + 64);
  g_string_append(body, "{\"x\":[0");
  while (body->len < half * 2)
    g_string_append(body, ",0");
  g_string_append(body, "]}");
  expect_refusal(body->str, body->len, GS_ERROR_LIMIT, "has more than 2097152 values");
}

Test(wire, what_a_message_shows_of_a_wrong_text_is_whole_characters) {
  for (guint ascii = 0; ascii < 4; ascii++) {
    g_autoptr(GString) word = g_string_new(NULL);
    g_autofree char *lead = g_strnfill(ascii, 'a');
    g_string_append(word, lead);
    for (guint i = 0; i < 40; i++)
      g_string_append(word, "\xe2\x82\xac"); /* three bytes each */
    g_autofree char *body = g_strdup_printf("{\"envType\": \"%s\", \"msgType\": \"SyncGrid\", "
                                            "\"msg\": {}, \"reqId\": \"%s\"}",
                                            ascii % 2 ? "Tell" : word->str, word->str);
    g_auto(GsWireEnvelope) envelope = {0};
    g_autoptr(GError) error = NULL;
    cr_assert(!gs_wire_decode(&envelope, body, strlen(body), &error));
    cr_expect(g_utf8_validate(error->message, -1, NULL), "%s", error->message);
  }
}

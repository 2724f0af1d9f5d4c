/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "tests/sim/serve/foreign_node.h"

/* A foreign node in waves: what it is sent to the letter, and what it may answer. */

#define ALONE "{'nodes': [{'name': 'A', 'production': 10}]}"
/** Nodes that do nothing about faults trust their sums unless something in them is marked. */
#define ALONE_WITHOUT_RECOVERY "{'nodes': [{'name': 'A', 'production': 10}], 'recovery': 'none'}"
#define APART "{'nodes': [{'name': 'A', 'production': 10}, {'name': 'B', 'consumption': 3}]}"
#define PAIR                                                                                       \
  "{'nodes': [{'name': 'A', 'production': 10}, {'name': 'B', 'consumption': 3}],"                  \
  " 'links': [['A', 'B']]}"
#define TRIANGLE                                                                                   \
  "{'nodes': [{'name': 'A', 'production': 10}, {'name': 'B', 'consumption': 3}, {'name': 'C',"     \
  " 'production': 5}], 'links': [['A', 'B'], ['B', 'C'], ['C', 'A']]}"

static void tell_energy(GsTestServe *serve, char node, int production) {
  gs_test_serve_tell(serve, node,
                     "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'production': %d}}",
                     production);
}

/** An Ask UpdateNet with this in `msg` and these ids. */
static void ask(GsTestServe *serve, char node, const char *msg, const char *ids) {
  gs_test_serve_tell(serve, node, "{'msgType': 'UpdateNet', 'envType': 'Ask', 'msg': {%s}%s}", msg,
                     ids);
}

static void assert_id(GsMasterId id, const char *uuid) {
  g_autofree char *text = gs_foreign_uuid_text(id);
  cr_assert_str_eq(text, uuid);
}

/** The Response that the foreign node gets has exactly these nets, in any order. */
static void expect_nets(GsForeign *foreign, const char *req, const char *master, guint count,
                        const GsWireNet *nets) {
  g_auto(GsWireEnvelope) response = gs_foreign_expect(foreign, GS_RESPONSE, GS_UPDATE_NET);
  cr_assert_eq(response.has_req_id, req != NULL);
  if (req)
    assert_id(response.req_id, req);
  if (master)
    assert_id(response.master_req_id, master);
  cr_assert(response.has_nets);
  cr_assert_eq(response.nets ? response.nets->len : 0, count);
  for (guint i = 0; i < count; i++) {
    guint found = 0;
    for (guint n = 0; n < count; n++) {
      GsWireNet net = g_array_index(response.nets, GsWireNet, n);
      found += net.id == nets[i].id && net.net == nets[i].net;
    }
    cr_assert_eq(found, 1, "net of %" PRId64, nets[i].id);
  }
}

/* ---- To the letter ---- */

/** A text with @U for a UUID, @T for a time, @X and @A for addresses. */
static void assert_form(const char *text, const char *form, const GsForeign *x,
                        GsTestServe *serve) {
  const char *const meanings[][2] = {
      {"@U", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
      {"@T", "[0-9]{10}\\.[0-9]+"},
      {"@X", gs_foreign_address(x)},
      {"@A", gs_test_serve_address(serve, 'A')}};
  g_autoptr(GString) pattern = g_string_new(form);
  for (guint i = 0; i < G_N_ELEMENTS(meanings); i++)
    g_string_replace(pattern, meanings[i][0], meanings[i][1], 0);
  cr_assert(g_regex_match_simple(pattern->str, text, G_REGEX_RAW, 0), "%s\n%s", text, pattern->str);
}

#define ENDING "\"id\": ?\"@U\", ?\"timestamp\": ?\"@T\""
#define ASKING ", ?\"returnId\": ?\"1\", ?\"reqId\": ?\"@U\", ?\"masterReqId\": ?\"@U\"\\}$"
#define ANSWERING ", ?\"reqId\": ?\"@U\", ?\"masterReqId\": ?\"@U\"\\}$"
#define BEGINNING(env, type)                                                                       \
  "^\\{\"to\": ?\"@X\", ?\"msgType\": ?\"" type "\", ?\"envType\": ?\"" env                        \
  "\", ?\"msg\": ?\\{\"id\": ?\"@U\""
#define SIBLING                                                                                    \
  ", ?\"siblingId\": ?\"1\", ?\"siblingName\": ?\"A\", ?\"siblingAddress\": ?\"@A\"\\}, ?"

Test(foreign_node, is_sent_what_real_nodes_send) {
  static const char *const forms[] = {
      BEGINNING("Ask", "AddSibling") SIBLING ENDING ASKING,
      BEGINNING("Ask", "UpdateNet") ", ?\"nets\": ?\\{\\}\\}, ?" ENDING ASKING,
      BEGINNING("Tell", "SyncGrid") "\\}, ?" ENDING ASKING,
      BEGINNING("Response", "UpdateNet") ", ?\"nets\": ?\\{\"1\": ?-10\\}\\}, ?" ENDING ANSWERING,
      BEGINNING("Response", "AddSibling") SIBLING ENDING ANSWERING};
  GsTestServe *serve = gs_test_serve_new("{'nodes': [{'name': 'A', 'consumption': 10}]}");
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Tell', 'msgType': 'AddSibling', 'msg': {'siblingName': 'X', "
                     "'siblingAddress': '%s', 'siblingId': '91'}}",
                     gs_foreign_address(&x));
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&x, GS_ASK, GS_ADD_SIBLING);
  g_autofree char *req = gs_foreign_uuid_text(asked.req_id);
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingId': '91',"
                     " 'siblingName': 'X', 'siblingAddress': '%s'}, 'reqId': '%s'}",
                     gs_foreign_address(&x), req);
  for (int i = 0; i < 2; i++) {
    G_GNUC_UNUSED g_auto(GsWireEnvelope) any = gs_foreign_take(&x);
  }
  ask(serve, 'A', "", ", 'returnId': '91', 'reqId': '25cd1bba-e658-11f1-b905-02fc00000001'");
  G_GNUC_UNUSED g_auto(GsWireEnvelope) response = gs_foreign_take(&x);
  gs_foreign_befriend(&x, serve, 'A');
  cr_assert_eq(gs_test_listener_requests(x.listener), G_N_ELEMENTS(forms));
  cr_assert_eq(gs_test_listener_connections(x.listener), 1, "one connection is used again");
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autofree char *body = gs_test_listener_body(x.listener, i);
    g_autofree char *head = gs_test_listener_head(x.listener, i);
    g_autofree char *wanted =
        g_strdup_printf("^GET /messaging HTTP/1\\.1\r\nHost: @X\r\nAccept: \\*/\\*\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n$",
                        strlen(body));
    assert_form(body, forms[i], &x, serve);
    assert_form(head, wanted, &x, serve);
  }
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

/* ---- Its place in a wave ---- */

Test(foreign_node, as_initiator_gets_every_net_once) {
  static const char *const forms[] = {"'nets': {}", "'nets': null", "",
                                      "'id': '25cd18b8-e658-11f1-b905-02fc00000001', 'nets': {}"};
  static const GsWireNet nets[] = {{1, 10}, {2, -3}, {3, 5}};
  GsTestServe *serve = gs_test_serve_new(TRIANGLE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autofree char *req = gs_foreign_uuid(), *master = gs_foreign_uuid();
    g_autofree char *ids =
        g_strdup_printf(", 'returnId': '91', 'reqId': '%s', 'masterReqId': '%s'", req, master);
    ask(serve, 'A', forms[i], ids);
    expect_nets(&x, req, master, G_N_ELEMENTS(nets), nets);
  }
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

Test(foreign_node, is_answered_with_each_id_once_though_another_one_repeats_it) {
  static const GsWireNet nets[] = {{1, 10}, {92, 50}, {93, 7}};
  static const char req[] = "25cd1bba-e658-11f1-b905-0000000000aa";
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x, y;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&y, 92, "Y", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&y, serve, 'A');
  ask(serve, 'A', "", ", 'returnId': '91', 'reqId': '25cd1bba-e658-11f1-b905-0000000000aa'");
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&y, GS_ASK, GS_UPDATE_NET);
  gs_foreign_answer(serve, 'A', &asked, "'92': 50, '1': 20, '93': 7");
  expect_nets(&x, req, NULL, G_N_ELEMENTS(nets), nets);
  gs_foreign_quiet(&x);
  gs_foreign_quiet(&y);
  gs_foreign_end(&x);
  gs_foreign_end(&y);
  gs_test_serve_end(serve);
}

Test(foreign_node, as_leaf_is_asked_once_in_each_wave) {
  GsTestServe *serve = gs_test_serve_new(PAIR);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  x.net = 100;
  gs_foreign_befriend(&x, serve, 'A');
  tell_energy(serve, 'A', 20);
  gs_foreign_be_leaves(&x, NULL, serve, 'A', "\"gridnet\": 117,");
  gs_test_serve_soon(serve, 'B', "\"gridnet\": 117,");
  cr_assert_eq(gs_test_listener_requests(x.listener), 4, "handshake, two waves and a flood");
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

/** Passes an Ask on as a node in the middle does; the new reqId. */
static char *pass_on(GsTestServe *serve, char node, const GsWireEnvelope *asked) {
  char *req = gs_foreign_uuid();
  g_autofree char *master = gs_foreign_uuid_text(asked->master_req_id);
  g_autofree char *ids =
      g_strdup_printf(", 'returnId': '91', 'reqId': '%s', 'masterReqId': '%s'", req, master);
  ask(serve, node, "'nets': {}", ids);
  return req;
}

Test(foreign_node, in_the_middle_connects_two_own_nodes) {
  GsTestServe *serve = gs_test_serve_new(APART);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&x, serve, 'B');
  tell_energy(serve, 'A', 20);
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&x, GS_ASK, GS_UPDATE_NET);
  g_auto(GsWireEnvelope) flood = gs_foreign_expect(&x, GS_TELL, GS_SYNC_GRID);
  cr_assert_eq(asked.return_id, 1);
  cr_assert_eq(flood.return_id, 1);
  g_autofree char *master = gs_foreign_uuid_text(asked.master_req_id);
  g_autofree char *req = pass_on(serve, 'B', &asked);
  expect_nets(&x, req, master, 1, (GsWireNet[]){{2, -3}});
  gs_foreign_answer(serve, 'A', &asked, "'2': -3, '91': 100");
  gs_test_serve_soon(serve, 'A', "\"gridnet\": 117,");
  /* The flood makes B ask too. */
  g_autofree char *flood_id = gs_foreign_uuid_text(flood.master_req_id);
  gs_test_serve_tell(serve, 'B',
                     "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {}, 'returnId': '91', "
                     "'reqId': '%s', 'masterReqId': '%s'}",
                     flood_id, flood_id);
  g_auto(GsWireEnvelope) back = gs_foreign_expect(&x, GS_ASK, GS_UPDATE_NET);
  cr_assert_eq(back.return_id, 2);
  g_autofree char *second = pass_on(serve, 'A', &back);
  expect_nets(&x, second, NULL, 1, (GsWireNet[]){{1, 20}});
  gs_foreign_answer(serve, 'B', &back, "'1': 20, '91': 100");
  gs_test_serve_soon(serve, 'B', "\"gridnet\": 117,");
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

/** X between A and B: passes Asks and answers on for waves that it does not start itself. */
typedef struct {
  GsWireEnvelope asked; /**< by the node of this letter */
  char from;
  char *passed; /**< as this reqId */
} Relayed;

static void relay_answer(GsTestServe *serve, const Relayed *relayed, const GsWireEnvelope *answer) {
  g_autoptr(GString) nets = g_string_new("'91': 100");
  for (guint i = 0; answer->nets && i < answer->nets->len; i++) {
    GsWireNet net = g_array_index(answer->nets, GsWireNet, i);
    g_string_append_printf(nets, ", '%" PRId64 "': %" PRId64, net.id, net.net);
  }
  gs_foreign_answer(serve, relayed->from, &relayed->asked, nets->str);
}

/** Does what the message asks for. */
static void relay(GsTestServe *serve, GArray *open, GsWireEnvelope *message) {
  if (message->env == GS_RESPONSE) {
    g_autofree char *req = gs_foreign_uuid_text(message->req_id);
    for (guint i = 0; i < open->len; i++)
      if (strcmp(g_array_index(open, Relayed, i).passed, req) == 0)
        relay_answer(serve, &g_array_index(open, Relayed, i), message);
    return;
  }
  char from = message->return_id == 1 ? 'A' : 'B', to = from == 'A' ? 'B' : 'A';
  if (message->env == GS_TELL) {
    g_autofree char *master = gs_foreign_uuid_text(message->master_req_id);
    gs_test_serve_tell(serve, to,
                       "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {}, 'returnId': '91', "
                       "'reqId': '%s', 'masterReqId': '%s'}",
                       master, master);
    return;
  }
  Relayed relayed = {.asked = *message, .from = from, .passed = pass_on(serve, to, message)};
  g_array_append_val(open, relayed);
}

static guint sent_by(GsTestServe *serve, char node) {
  g_autofree char *state = gs_test_serve_state(serve, node);
  const char *sent = strstr(state, "\"sent\"");
  return (guint)g_ascii_strtoull(strstr(sent, "\"total\": ") + strlen("\"total\": "), NULL, 10);
}

Test(foreign_node, in_the_middle_connects_two_own_chains) {
  GsTestServe *serve = gs_test_serve_new(
      "{'nodes': [{'name': 'A', 'production': 10}, {'name': 'B', 'consumption': 3},"
      " {'name': 'C', 'production': 5}, {'name': 'D', 'consumption': 1}],"
      " 'links': [['A', 'C'], ['B', 'D']]}");
  g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Relayed));
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&x, serve, 'B');
  tell_energy(serve, 'A', 20);
  /* A flood, and four waves of an Ask and an answer. */
  for (int i = 0; i < 1 + 4 * 2; i++) {
    GsWireEnvelope message = gs_foreign_take(&x);
    relay(serve, open, &message);
    if (message.env != GS_ASK)
      gs_wire_envelope_clear(&message);
  }
  guint sent = 0;
  for (char node = 'A'; node <= 'D'; node++) {
    gs_test_serve_soon(serve, node, "\"gridnet\": 121,");
    sent += sent_by(serve, node);
  }
  /* A tree of five nodes costs 4 · 11; X starts no wave, which saves 8, and sends 9 itself. */
  cr_assert_eq(sent, 44 - 8 - 9 + 2, "%u", sent);
  gs_foreign_quiet(&x);
  for (guint i = 0; i < open->len; i++) {
    gs_wire_envelope_clear(&g_array_index(open, Relayed, i).asked);
    g_free(g_array_index(open, Relayed, i).passed);
  }
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

/* ---- Answers of all kinds ---- */

typedef struct {
  GsTestServe *serve;
  GsForeign x, y;
  GsWireEnvelope ask_x, ask_y; /**< what A asked for its last wave */
} Star;

/** A is told, and asks both; the flood is taken too. */
static void star_update(Star *star, int production) {
  gs_wire_envelope_clear(&star->ask_x);
  gs_wire_envelope_clear(&star->ask_y);
  tell_energy(star->serve, 'A', production);
  star->ask_x = gs_foreign_expect(&star->x, GS_ASK, GS_UPDATE_NET);
  star->ask_y = gs_foreign_expect(&star->y, GS_ASK, GS_UPDATE_NET);
  G_GNUC_UNUSED g_auto(GsWireEnvelope) flood_x = gs_foreign_expect(&star->x, GS_TELL, GS_SYNC_GRID);
  G_GNUC_UNUSED g_auto(GsWireEnvelope) flood_y = gs_foreign_expect(&star->y, GS_TELL, GS_SYNC_GRID);
}

/** A alone with two foreign siblings, its energy just told. */
static void star_begin_in(Star *star, const char *scenario) {
  *star = (Star){.serve = gs_test_serve_new(scenario)};
  gs_foreign_start(&star->x, 91, "X", NULL, 0);
  gs_foreign_start(&star->y, 92, "Y", NULL, 0);
  gs_foreign_befriend(&star->x, star->serve, 'A');
  gs_foreign_befriend(&star->y, star->serve, 'A');
  star_update(star, 20);
}

static void star_begin(Star *star) {
  star_begin_in(star, ALONE);
}

static void star_end(Star *star) {
  gs_foreign_quiet(&star->x);
  gs_foreign_quiet(&star->y);
  gs_wire_envelope_clear(&star->ask_x);
  gs_wire_envelope_clear(&star->ask_y);
  gs_foreign_end(&star->x);
  gs_foreign_end(&star->y);
  gs_test_serve_end(star->serve);
}

Test(foreign_node, an_id_in_two_answers_counts_once) {
  static const char *const scenarios[] = {ALONE, ALONE_WITHOUT_RECOVERY};
  for (guint i = 0; i < G_N_ELEMENTS(scenarios); i++) {
    Star star;
    star_begin_in(&star, scenarios[i]);
    gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 100, '93': 7");
    gs_foreign_answer(star.serve, 'A', &star.ask_y, "'93': 7, '92': 50, '1': 20");
    gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 177,");
    star_end(&star);
  }
}

Test(foreign_node, a_second_answer_to_the_same_ask_is_dropped) {
  Star star;
  star_begin(&star);
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 100");
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 1000, '93': 1");
  gs_test_serve_soon(star.serve, 'A', "\"dropped\": {\"late-response\": 1}");
  gs_test_serve_soon(star.serve, 'A', "\"open_waves\": 1,");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 50");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 170,");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 51");
  gs_test_serve_soon(star.serve, 'A', "\"dropped\": {\"late-response\": 2}");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 170,");
  star_end(&star);
}

Test(foreign_node, empty_answers_add_nothing) {
  Star star;
  star_begin(&star);
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 5");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 25,");
  star_update(&star, 30);
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 30,");
  star_end(&star);
}

Test(foreign_node, a_late_answer_overwrites_nothing) {
  Star star;
  star_begin(&star);
  GsWireEnvelope old_x = star.ask_x, old_y = star.ask_y;
  star.ask_x = star.ask_y = (GsWireEnvelope){0};
  star_update(&star, 30);
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 100");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 50");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 180,");
  gs_foreign_answer(star.serve, 'A', &old_x, "'91': 1");
  gs_foreign_answer(star.serve, 'A', &old_y, "'92': 1");
  gs_test_serve_soon(star.serve, 'A', "\"open_waves\": 0,");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 180,");
  gs_wire_envelope_clear(&old_x);
  gs_wire_envelope_clear(&old_y);
  star_end(&star);
}

Test(foreign_node, that_never_answers_holds_up_that_wave_alone) {
  Star star;
  star_begin(&star);
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 50");
  star_update(&star, 30);
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 100");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 50");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 180,");
  gs_test_serve_soon(star.serve, 'A', "\"open_waves\": 1,");
  star_end(&star);
}

Test(foreign_node, answers_to_no_ask_are_dropped) {
  Star star;
  star_begin(&star);
  GsWireEnvelope unknown = star.ask_x;
  unknown.req_id.space ^= 1; /* of another node's Ask, and of nobody's */
  gs_foreign_answer(star.serve, 'A', &unknown, "'91': 1");
  unknown.req_id = (GsMasterId){1, 2};
  gs_foreign_answer(star.serve, 'A', &unknown, "'91': 1");
  gs_foreign_answer(star.serve, 'A', &star.ask_x, "'91': 100");
  g_autofree char *master = gs_foreign_uuid_text(star.ask_x.master_req_id);
  gs_test_serve_tell(star.serve, 'A',
                     "{'envType': 'Response', 'msgType': 'UpdateNet', 'msg': {'nets': {'92': 1}},"
                     " 'masterReqId': '%s'}",
                     master);
  gs_test_serve_tell(star.serve, 'A', "{'envType': 'Response', 'msgType': 'UpdateNet', 'msg': {}}");
  gs_test_serve_soon(star.serve, 'A', "\"open_waves\": 1,");
  gs_foreign_answer(star.serve, 'A', &star.ask_y, "'92': 50");
  gs_test_serve_soon(star.serve, 'A', "\"gridnet\": 170,");
  star_end(&star);
}

/* ---- Ids that are left out ---- */

Test(foreign_node, may_leave_ids_out_of_an_ask) {
  static const GsWireNet nets[] = {{1, 10}};
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  static const char req[] = "25cd1bba-e658-11f1-b905-0000000000aa";
  static const char master[] = "25cd1bba-e658-11f1-b905-0000000000bb";
  ask(serve, 'A', "", ", 'returnId': 91, 'masterReqId': '25cd1bba-e658-11f1-b905-0000000000bb'");
  expect_nets(&x, NULL, master, 1, nets);
  ask(serve, 'A', "", ", 'returnId': '91', 'reqId': '25cd1bba-e658-11f1-b905-0000000000aa'");
  expect_nets(&x, req, req, 1, nets);
  for (int i = 0; i < 2; i++) {
    ask(serve, 'A', "'nets': null", ", 'returnId': '91'");
    expect_nets(&x, NULL, NULL, 1, nets);
  }
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

Test(foreign_node, may_begin_two_waves_without_ids_at_once) {
  static const GsWireNet nets[] = {{1, 10}, {92, 50}};
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x, y;
  GsWireEnvelope asked[2];
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&y, 92, "Y", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&y, serve, 'A');
  for (guint i = 0; i < 2; i++) {
    ask(serve, 'A', "", ", 'returnId': '91'");
    asked[i] = gs_foreign_expect(&y, GS_ASK, GS_UPDATE_NET);
  }
  cr_assert_not(gs_master_id_equal(asked[0].master_req_id, asked[1].master_req_id));
  for (guint i = 0; i < 2; i++) {
    gs_foreign_answer(serve, 'A', &asked[i], "'92': 50");
    expect_nets(&x, NULL, NULL, G_N_ELEMENTS(nets), nets);
    gs_wire_envelope_clear(&asked[i]);
  }
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_foreign_end(&y);
  gs_test_serve_end(serve);
}

Test(foreign_node, an_ask_of_nobody_known_is_dropped) {
  GsTestServe *serve = gs_test_serve_new(PAIR);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  ask(serve, 'A', "", ", 'reqId': '25cd1bba-e658-11f1-b905-0000000000aa'");
  ask(serve, 'A', "", ", 'returnId': '77', 'reqId': '25cd1bba-e658-11f1-b905-0000000000ab'");
  ask(serve, 'A', "", "");
  gs_test_serve_soon(serve, 'A', "\"dropped\": {\"unknown-asker\": 3}");
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

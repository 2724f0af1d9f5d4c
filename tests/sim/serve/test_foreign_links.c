/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/http/http_support.h"
#include "tests/sim/serve/foreign_node.h"

/* A foreign node in handshakes and floods, and when its connections fail. */

#define ALONE "{'nodes': [{'name': 'A', 'production': 10}]}"
#define PAIR                                                                                       \
  "{'nodes': [{'name': 'A', 'production': 10}, {'name': 'B', 'consumption': 3}],"                  \
  " 'links': [['A', 'B']]}"

static void tell_energy(GsTestServe *serve, int production) {
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'production': %d}}",
                     production);
}

/** A person tells A to add it. */
static void tell_add(GsTestServe *serve, const GsForeign *x) {
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Tell', 'msgType': 'AddSibling', 'msg': {'siblingName': '%s', "
                     "'siblingAddress': '%s', 'siblingId': '%" PRId64 "'}}",
                     x->name, gs_foreign_address(x), x->id);
}

/** It answers A's Ask to be its sibling. */
static void accept_sibling(GsTestServe *serve, const GsForeign *x, const GsWireEnvelope *asked) {
  g_autofree char *req = gs_foreign_uuid_text(asked->req_id);
  g_autofree char *master = gs_foreign_uuid_text(asked->master_req_id);
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingName': '%s',"
                     " 'siblingAddress': '%s', 'siblingId': '%" PRId64 "'}, 'reqId': '%s', "
                     "'masterReqId': '%s'}",
                     x->name, gs_foreign_address(x), x->id, req, master);
}

static void tell_sync(GsTestServe *serve, int64_t return_id, const char *ids) {
  gs_test_serve_tell(serve, 'A',
                     "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {'id': '%s'}, "
                     "'returnId': '%" PRId64 "'%s}",
                     "25cd18b8-e658-11f1-b905-02fc00000001", return_id, ids);
}

static void take(GsForeign *x, GsEnvelopeType env, GsMessageType type) {
  G_GNUC_UNUSED g_auto(GsWireEnvelope) envelope = gs_foreign_expect(x, env, type);
}

static guint siblings_of(GsTestServe *serve, char node) {
  g_autofree char *state = gs_test_serve_state(serve, node);
  guint count = 0;
  for (const char *at = state; (at = strstr(at, "    {\"id\"")); at++)
    count++;
  return count;
}

/* ---- Handshakes ---- */

Test(foreign_links, a_repeated_handshake_is_answered_again) {
  GsTestServe *serve = gs_test_serve_new(PAIR);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  for (int i = 0; i < 3; i++)
    gs_foreign_befriend(&x, serve, 'A');
  gs_test_serve_soon(serve, 'A', "\"AddSibling\": 3");
  cr_assert_eq(siblings_of(serve, 'A'), 2);
  tell_add(serve, &x);
  gs_test_serve_soon(serve, 'A', "\"known-sibling\": 1");
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

Test(foreign_links, handshakes_may_cross) {
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  x.net = 5;
  tell_add(serve, &x);
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&x, GS_ASK, GS_ADD_SIBLING);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_quiet(&x);
  accept_sibling(serve, &x, &asked);
  gs_foreign_be_leaves(&x, NULL, serve, 'A', "\"gridnet\": 15,");
  cr_assert_eq(siblings_of(serve, 'A'), 1);
  cr_assert_eq(gs_test_listener_requests(x.listener), 4, "Ask, Response, then a wave and a flood");
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

Test(foreign_links, a_node_that_starts_anew_as_another_takes_the_place) {
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  x.id = 92;
  x.name = "Z";
  x.net = 5;
  gs_foreign_befriend(&x, serve, 'A');
  gs_test_serve_soon(serve, 'A', "{\"id\": 92, \"name\": \"Z\"");
  cr_assert_eq(siblings_of(serve, 'A'), 1);
  tell_energy(serve, 20);
  gs_foreign_be_leaves(&x, NULL, serve, 'A', "\"gridnet\": 25,");
  cr_assert_eq(gs_test_listener_requests(x.listener), 4);
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_test_serve_end(serve);
}

Test(foreign_links, a_node_that_moves_is_found_at_its_new_address) {
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x, moved;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&moved, 91, "X", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_end(&x);
  tell_energy(serve, 15);
  gs_test_serve_soon(serve, 'A', "\"up\": false,"); /* now it is known to be gone */
  gs_foreign_befriend(&moved, serve, 'A');
  gs_test_serve_soon(serve, 'A', gs_foreign_address(&moved));
  cr_assert_eq(siblings_of(serve, 'A'), 1);
  tell_energy(serve, 20);
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&moved, GS_ASK, GS_UPDATE_NET);
  gs_foreign_answer(serve, 'A', &asked, "'91': 5");
  gs_test_serve_soon(serve, 'A', "\"gridnet\": 25,");
  take(&moved, GS_TELL, GS_SYNC_GRID);
  gs_foreign_quiet(&moved);
  gs_foreign_end(&moved);
  gs_test_serve_end(serve);
}

/* ---- Floods ---- */

/** What a foreign sibling was sent in all, beside the handshake. */
typedef struct {
  guint asks, floods, others;
} Got;

static Got count_messages(const GsForeign *x, const char *flood) {
  Got got = {0};
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 1; i < gs_test_listener_requests(x->listener); i++) {
    g_autofree char *body = gs_test_listener_body(x->listener, i);
    g_auto(GsWireEnvelope) envelope;
    cr_assert(gs_wire_decode(&envelope, body, strlen(body), NULL));
    bool asks = envelope.env == GS_ASK && envelope.type == GS_UPDATE_NET;
    bool floods = envelope.env == GS_TELL && envelope.type == GS_SYNC_GRID;
    got.asks += asks;
    got.floods += floods;
    got.others += !asks && !floods;
    cr_assert_eq(envelope.return_id, 1, "whoever passes something on is who to answer");
    cr_assert(g_hash_table_add(ids, gs_foreign_uuid_text(envelope.req_id)), "reqId twice");
    if (asks)
      cr_assert(g_hash_table_add(ids, gs_foreign_uuid_text(envelope.master_req_id)),
                "asked twice in one wave");
    g_autofree char *master = gs_foreign_uuid_text(envelope.master_req_id);
    cr_assert(!floods || strcmp(master, flood) == 0, "the flood keeps its id");
  }
  return got;
}

Test(foreign_links, a_flood_is_passed_on_once_to_each_other_sibling) {
  static const char flood[] = "25cd1b42-e658-11f1-b905-02fc00000001";
  static const char ids[] = ", 'reqId': '25cd1bba-e658-11f1-b905-02fc00000001', 'masterReqId': "
                            "'25cd1b42-e658-11f1-b905-02fc00000001'";
  GsTestServe *serve = gs_test_serve_new(PAIR);
  GsForeign x, y;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&y, 92, "Y", NULL, 0);
  x.net = 100;
  y.net = 50;
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&y, serve, 'A');
  tell_sync(serve, 91, ids);
  gs_foreign_be_leaves(&x, &y, serve, 'A', "\"gridnet\": 157,");
  gs_test_serve_soon(serve, 'B', "\"gridnet\": 157,");
  tell_sync(serve, 91, ids);
  tell_sync(serve, 92, ids);
  gs_test_serve_soon(serve, 'A', "\"dropped\": {\"seen-flood\": 2}");
  gs_foreign_quiet(&x);
  gs_foreign_quiet(&y);
  Got got_x = count_messages(&x, flood), got_y = count_messages(&y, flood);
  cr_assert(got_x.asks == 2 && got_x.floods == 0 && got_x.others == 0, "%u %u %u", got_x.asks,
            got_x.floods, got_x.others);
  cr_assert(got_y.asks == 2 && got_y.floods == 1 && got_y.others == 0, "%u %u %u", got_y.asks,
            got_y.floods, got_y.others);
  gs_foreign_end(&x);
  gs_foreign_end(&y);
  gs_test_serve_end(serve);
}

Test(foreign_links, floods_without_ids_are_floods_of_their_own) {
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x, y;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&y, 92, "Y", NULL, 0);
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&y, serve, 'A');
  GsMasterId masters[2];
  for (int i = 0; i < 2; i++) {
    tell_sync(serve, 91, "");
    take(&x, GS_ASK, GS_UPDATE_NET);
    take(&y, GS_ASK, GS_UPDATE_NET);
    g_auto(GsWireEnvelope) passed = gs_foreign_expect(&y, GS_TELL, GS_SYNC_GRID);
    masters[i] = passed.master_req_id;
    cr_assert(masters[i].space || masters[i].count);
  }
  cr_assert(!gs_master_id_equal(masters[0], masters[1]));
  gs_foreign_quiet(&x);
  gs_foreign_end(&x);
  gs_foreign_end(&y);
  gs_test_serve_end(serve);
}

/* ---- Connections ---- */

/** How often the first whole request was sent; all further ones must be others. */
static guint sends_of_first(const GsForeign *x) {
  g_autofree char *first = gs_test_listener_body(x->listener, 0);
  guint sends = 0, count = gs_test_listener_requests(x->listener);
  for (guint i = 0; i < count; i++) {
    g_autofree char *body = gs_test_listener_body(x->listener, i);
    sends += strcmp(body, first) == 0;
  }
  return sends;
}

/** A asks it to be its sibling; all goes well in the end. */
static guint befriend_with(const GsTestStep *steps, guint count) {
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", steps, count);
  x.net = 5;
  tell_add(serve, &x);
  g_auto(GsWireEnvelope) asked = gs_foreign_expect(&x, GS_ASK, GS_ADD_SIBLING);
  gs_foreign_quiet(&x);
  while (gs_test_listener_requests(x.listener) > x.read)
    take(&x, GS_ASK, GS_ADD_SIBLING);
  accept_sibling(serve, &x, &asked);
  gs_foreign_be_leaves(&x, NULL, serve, 'A', "\"gridnet\": 15,");
  gs_test_serve_soon(serve, 'A', "\"up\": true,");
  guint sends = sends_of_first(&x);
  cr_assert_eq(gs_test_listener_requests(x.listener), sends + 2);
  gs_test_listener_free(x.listener);
  gs_test_serve_end(serve);
  return sends;
}

Test(foreign_links, a_message_is_sent_again_until_it_arrives) {
  static const GsTestStep before_it[] = {{.at_once = true, .then = GS_TEST_CLOSE},
                                         {.read_bytes = 20, .then = GS_TEST_CLOSE},
                                         {.read_bytes = 150, .then = GS_TEST_RESET},
                                         {.answer = GS_TEST_200}};
  cr_assert_eq(befriend_with(before_it, G_N_ELEMENTS(before_it)), 1);
}

Test(foreign_links, a_message_that_had_its_answer_is_never_sent_again) {
  static const GsTestStep cut[] = {
      {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .then = GS_TEST_CLOSE},
      {.answer = GS_TEST_200, .then = GS_TEST_CLOSE},
      {.answer = GS_TEST_200}};
  cr_assert_eq(befriend_with(cut, G_N_ELEMENTS(cut)), 1);
}

/** Two tries that were read and not answered: it may have arrived, and nobody can know. */
Test(foreign_links, a_message_without_an_answer_is_sent_again) {
  static const GsTestStep unanswered[] = {{.then = GS_TEST_RESET},
                                          {.answer = "HTTP/1.1 2", .then = GS_TEST_CLOSE},
                                          {.answer = GS_TEST_200}};
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x;
  gs_foreign_start(&x, 91, "X", unanswered, G_N_ELEMENTS(unanswered));
  tell_add(serve, &x);
  for (int i = 0; i < 3; i++)
    take(&x, GS_ASK, GS_ADD_SIBLING);
  cr_assert_eq(sends_of_first(&x), 3);
  gs_foreign_quiet(&x);
  gs_test_listener_free(x.listener);
  gs_test_serve_end(serve);
}

Test(foreign_links, others_are_served_while_one_is_down) {
  static const GsTestStep fine = {.answer = GS_TEST_200};
  GsTestServe *serve = gs_test_serve_new(ALONE);
  GsForeign x, y;
  gs_foreign_start(&x, 91, "X", NULL, 0);
  gs_foreign_start(&y, 92, "Y", NULL, 0);
  x.net = 100;
  y.net = 50;
  gs_foreign_befriend(&x, serve, 'A');
  gs_foreign_befriend(&y, serve, 'A');
  uint16_t port = gs_test_listener_port(x.listener);
  gs_foreign_end(&x);
  for (int i = 0; i < 2; i++) {
    tell_energy(serve, 20 + i);
    g_auto(GsWireEnvelope) asked = gs_foreign_expect(&y, GS_ASK, GS_UPDATE_NET);
    gs_foreign_answer(serve, 'A', &asked, "'92': 50");
    take(&y, GS_TELL, GS_SYNC_GRID);
  }
  gs_test_serve_soon(serve, 'A', "\"up\": false,");
  gs_test_serve_soon(serve, 'A', "\"up\": true,");
  /* It comes back, with its queue and its memory as they were. */
  x.listener = gs_test_listener_new_at(port, &fine, 1);
  x.read = 0;
  tell_energy(serve, 30);
  g_auto(GsWireEnvelope) last = gs_foreign_expect(&y, GS_ASK, GS_UPDATE_NET);
  gs_foreign_answer(serve, 'A', &last, "'92': 50");
  for (bool arrived = false; !arrived;) {
    g_auto(GsWireEnvelope) asked = gs_foreign_take(&x);
    arrived = gs_master_id_equal(asked.master_req_id, last.master_req_id);
    if (asked.env == GS_ASK)
      gs_foreign_answer(serve, 'A', &asked, "'91': 100");
  }
  gs_test_serve_soon(serve, 'A', "\"gridnet\": 180,");
  g_autofree char *state = gs_test_serve_state(serve, 'A');
  cr_assert(!strstr(state, "\"up\": false"), "%s", state);
  gs_foreign_end(&x);
  gs_foreign_end(&y);
  gs_test_serve_end(serve);
}

Test(foreign_links, a_caller_may_hang_up_at_any_point) {
  static const char body[] = "{\"envType\": \"Tell\", \"msgType\": \"UpdateEnergy\", \"msg\": "
                             "{\"production\": 77}}";
  GsTestServe *serve = gs_test_serve_new(ALONE);
  g_autofree char *request = g_strdup_printf(
      "GET /messaging HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Accept: */*\r\nContent-Length: %zu\r\n\r\n%s",
      strlen(body), body);
  gsize whole = strlen(request), head = whole - strlen(body);
  const gsize cuts[] = {0, 1, 20, head - 2, head, head + 1, whole - 1};
  for (guint i = 0; i < G_N_ELEMENTS(cuts); i++) {
    int fd = gs_test_connect(gs_test_serve_address(serve, 'A'));
    cr_assert(gs_test_send(fd, request, cuts[i]));
    close(fd);
  }
  gs_test_serve_soon(serve, 'A', "\"accepted\": 0, ");
  int fd = gs_test_connect(gs_test_serve_address(serve, 'A'));
  cr_assert(gs_test_send(fd, request, whole));
  close(fd);
  gs_test_serve_soon(serve, 'A', "\"production\": 77,");
  fd = gs_test_connect(gs_test_serve_address(serve, 'A'));
  for (int i = 0; i < 3; i++) {
    cr_assert(gs_test_send(fd, request, whole));
    g_auto(GsTestReply) reply = gs_test_read_reply(fd, 10);
    cr_assert_eq(reply.status, 200, "a connection can be used again");
  }
  close(fd);
  gs_test_serve_soon(serve, 'A', "\"accepted\": 4, \"handled\": 4,");
  gs_test_serve_end(serve);
}

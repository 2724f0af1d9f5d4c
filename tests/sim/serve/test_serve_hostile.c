/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"
#include "sim/base/clock.h"
#include "sim/serve/routes.h"
#include "tests/sim/serve/served_grid.h"
#include "tests/sim/sim_support.h"

/* What people, broken programs and attackers send to a served grid, and what it answers. */

#define SOON 20.0
#define BOM "\xEF\xBB\xBF"
#define SYNC "{\"envType\": \"Tell\", \"msgType\": \"SyncGrid\", \"msg\": {}}"
#define HEAD "GET /messaging HTTP/1.1\r\nHost: localhost\r\n"

static GsScenario *two_nodes(void) {
  return gs_test_scenario("{'name': 't', 'network': {'latency': 0}, 'nodes': ["
                          "{'id': 71, 'name': 'A'}, {'id': 72, 'name': 'B'}]}");
}

static void begin(GsServedGrid *grid) {
  gs_served_prepare(grid, two_nodes());
  gs_served_begin(grid);
}

static void expect_refusal(const GsServedGrid *grid, const char *body, gsize length, guint status,
                           const char *reason) {
  g_auto(GsTestReply) reply = gs_served_post(grid, 0, body, length);
  cr_expect_eq(reply.status, status, "%u, not %u, for %.100s: %s", reply.status, status, body,
               reply.body->str);
  cr_expect(g_str_has_prefix(reply.body->str, "{\"title\": \""), "%s", reply.body->str);
  cr_expect(strstr(reply.body->str, reason), "no %s in %s", reason, reply.body->str);
  cr_expect(gs_test_reply_has(&reply, "content-type: application/json"));
}

Test(serve_hostile, bodies_that_are_no_message_are_refused_with_the_reason) {
  static const struct {
    const char *body, *reason;
  } cases[] = {
      {"", "the body is empty"},
      {" ", "the document is empty"},
      {"hello", "expected a value"},
      {"{\"envType\": \"Tell\"", "line 1"},
      {SYNC "x", "line 1"},
      {"\"\xFF\"", "UTF-8"},
      {"{\"envType\": \"\xC0\xAF\"}", "UTF-8"},
      {BOM SYNC, "byte order mark"},
      {"[]", "must be an object with envType"},
      {"{}", "/envType is missing"},
      {"{\"envType\": \"Yell\", \"msgType\": \"SyncGrid\"}", "/envType: must be one of Tell"},
      {"{\"envType\": \"Tell\", \"msgType\": \"DropGrid\"}", "/msgType: must be one of AddSibling"},
      {"{\"envType\": 1, \"msgType\": \"SyncGrid\"}", "/envType"},
      {"{\"envType\": \"Tell\", \"msgType\": null}", "/msgType is missing"},
      {"{\"envType\": \"Tell\", \"envType\": \"Ask\"}", "/envType: a member of this name"},
      {"{\"envType\": \"Tell\", \"msgType\": \"UpdateEnergy\"}", "/msg is missing"},
      {"{\"envType\": \"Tell\", \"msgType\": \"SyncGrid\", \"msg\": 1e999}", "too large"},
  };
  GsServedGrid grid;
  begin(&grid);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    expect_refusal(&grid, cases[i].body, strlen(cases[i].body), 400, cases[i].reason);
  expect_refusal(&grid, SYNC "\0", sizeof SYNC, 400, "line 1");
  g_autofree char *deep = g_strnfill(1000000, '[');
  expect_refusal(&grid, deep, 1000000, 400, "deep");
  cr_expect_eq(gs_served_number(&grid, 0, "accepted"), 0);
  /* `to` is not looked at. */
  cr_expect_eq(gs_served_tell(&grid, 0,
                              "{'envType': 'Tell', 'msgType': 'SyncGrid', 'to': '%s', 'msg': {}}",
                              gs_served_at(&grid, 1)),
               200);
  gs_served_await(&grid, 0, "'accepted': 1, 'handled': 1,");
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
}

/* ---- Every member ---- */

typedef enum { ENERGY, NET, ID, OPTIONAL_ID, UUID, NAME, ADDRESS, OBJECT } Kind;

static const struct {
  Kind kind;
  const char *name, *form; /**< an envelope with %s where the value goes */
} members[] = {
    {ENERGY, "/msg/production",
     "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'production': %s}}"},
    {ENERGY, "/msg/consumption",
     "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'consumption': %s}}"},
    {NET, "/msg/nets/7",
     "{'envType': 'Response', 'msgType': 'UpdateNet', 'msg': {'nets': {'7': %s}}}"},
    {OBJECT, "/msg/nets", "{'envType': 'Ask', 'msgType': 'UpdateNet', 'msg': {'nets': %s}}"},
    {OBJECT, "/msg", "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': %s}"},
    {UUID, "/msg/id", "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {'id': %s}}"},
    {UUID, "/id", "{'envType': 'Tell', 'msgType': 'UpdateNet', 'msg': {}, 'id': %s}"},
    {UUID, "/reqId", "{'envType': 'Ask', 'msgType': 'UpdateNet', 'msg': {}, 'reqId': %s}"},
    {UUID, "/masterReqId",
     "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {}, 'masterReqId': %s}"},
    {OPTIONAL_ID, "/returnId",
     "{'envType': 'Ask', 'msgType': 'UpdateNet', 'msg': {}, 'returnId': %s}"},
    {ADDRESS, "/to", "{'envType': 'Tell', 'msgType': 'UpdateNet', 'msg': {}, 'to': %s}"},
    {ID, "/msg/siblingId",
     "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingId': %s, "
     "'siblingName': 'F', 'siblingAddress': '127.0.0.1:1'}}"},
    {NAME, "/msg/siblingName",
     "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingId': 9, "
     "'siblingName': %s, 'siblingAddress': '127.0.0.1:1'}}"},
    {ADDRESS, "/msg/siblingAddress",
     "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingId': 9, "
     "'siblingName': 'F', 'siblingAddress': %s}}"},
};

#define IS(kind) (1u << (kind))
#define IDS (IS(ID) | IS(OPTIONAL_ID))
#define NUMBERS (IS(ENERGY) | IS(NET) | IDS)
#define TEXTS (IS(NAME))

static const struct {
  const char *value;
  guint good_for; /**< kinds that it is a value of */
} values[] = {
    {"0", NUMBERS},
    {"-0", NUMBERS},
    {"1", NUMBERS},
    {"1099511627775", NUMBERS},
    {"1099511627776", NUMBERS},
    {"1099511627777", IDS},
    {"9007199254740991", IDS},
    {"9007199254740992", 0},
    {"9007199254740993", 0},
    {"9223372036854775807", 0},
    {"9223372036854775808", 0},
    {"18446744073709551616", 0},
    {"100000000000000000000000000000000000000000", 0},
    {"-1", IS(NET)},
    {"-1099511627776", IS(NET)},
    {"-1099511627777", 0},
    {"-9223372036854775808", 0},
    {"1.5", 0},
    {"0.1", 0},
    {"4.0", NUMBERS},
    {"4e0", NUMBERS},
    {"1e12", NUMBERS},
    {"1e300", 0},
    {"1e400", 0},
    {"-1e400", 0},
    {"1e-400", 0},
    {"1e999999999999", 0},
    {"NaN", 0},
    {"Infinity", 0},
    {"04", 0},
    {"+4", 0},
    {"0x4", 0},
    {"'4'", NUMBERS | TEXTS},
    {"'1099511627777'", IDS | TEXTS},
    {"' 4'", TEXTS},
    {"'4 '", TEXTS},
    {"'NaN'", TEXTS},
    {"''", 0},
    {"'\\u0000'", 0},
    {"true", 0},
    {"[]", 0},
    {"{}", IS(OBJECT)},
    {"{'a': 1}", 0}, /* good as /msg: members that are not known are ignored */
    {"null", IS(ENERGY) | IS(OPTIONAL_ID) | IS(UUID) | IS(OBJECT)},
    {"'25cd18b8-e658-11f1-b905-02fc00000001'", IS(UUID) | TEXTS},
    {"'25cd18b8-e658-11f1-b905-02fc0000000'", TEXTS},
    {"'{25cd18b8-e658-11f1-b905-02fc00000001}'", TEXTS},
    {"'127.0.0.1:1'", IS(ADDRESS) | TEXTS},
    {"'127.0.0.1:0'", TEXTS},
    {"'127.0.0.1:65536'", TEXTS},
    {"'127.0.0.1:-1'", TEXTS},
    {"'127.0.0.1'", TEXTS},
    {"':1'", TEXTS},
    {"'http://127.0.0.1:1'", TEXTS},
    {"'127.0.0.1:1/x'", TEXTS},
};

static bool is_good(gsize member, gsize value) {
  const char *name = members[member].name;
  if (strcmp(values[value].value, "{'a': 1}") == 0)
    return strcmp(name, "/msg") == 0;
  if (strcmp(values[value].value, "null") == 0 && strcmp(name, "/to") == 0)
    return true;
  return values[value].good_for & IS(members[member].kind);
}

Test(serve_hostile, every_member_takes_its_own_type_and_range_and_no_other) {
  GsServedGrid grid;
  begin(&grid);
  guint good = 0;
  for (gsize m = 0; m < G_N_ELEMENTS(members); m++)
    for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
      g_auto(GStrv) around = g_strsplit(members[m].form, "%s", 2);
      g_autofree char *body = g_strconcat(around[0], values[v].value, around[1], NULL);
      g_strdelimit(body, "'", '"');
      g_auto(GsTestReply) reply = gs_served_post(&grid, 0, body, strlen(body));
      guint wanted = is_good(m, v) ? 200 : 400;
      good += wanted == 200;
      cr_expect_eq(reply.status, wanted, "%u for %s: %s", reply.status, body, reply.body->str);
      /* What JSON does not have at all is named by its place instead. */
      cr_expect(wanted == 200 || strstr(reply.body->str, members[m].name) ||
                    strstr(reply.body->str, "line 1, column"),
                "%s for %s", reply.body->str, body);
    }
  gs_served_await(&grid, 0, "'handled': %u, 'waiting': 0, 'lost': 0", good);
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
}

/* ---- Requests ---- */

Test(serve_hostile, lengths_that_lie_and_slow_senders_hold_up_nobody) {
  GsServedGrid grid;
  gs_served_prepare(&grid, two_nodes());
  grid.limits.request_timeout_s = 1;
  gs_served_begin(&grid);
  const char *at = gs_served_at(&grid, 0);
  int drip = gs_test_connect(at), more = gs_test_connect(at), less = gs_test_connect(at);
  g_autofree char *chunked =
      g_strdup_printf(HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n%.5s\r\n%zx;a=b\r\n%s\r\n"
                           "0\r\n\r\n",
                      SYNC, sizeof SYNC - 6, &SYNC[5]);
  gs_test_send_text(drip, HEAD "Content-Length: 100\r\n\r\n{");
  gs_test_send_text(more, HEAD "Content-Length: 100\r\n\r\n" SYNC);
  gs_test_send_text(less, HEAD "Content-Length: 5\r\n\r\n" SYNC);
  g_auto(GsTestReply) pieces = gs_test_ask(at, chunked);
  cr_expect_eq(pieces.status, 200);
  for (int i = 0; i < 10; i++) { /* meanwhile the slow one goes on */
    gs_served_assert_lives(&grid, 0);
    gs_test_send_text(drip, " ");
    usleep(150000);
  }
  g_auto(GsTestReply) too_slow = gs_test_read_reply(drip, SOON);
  g_auto(GsTestReply) too_short = gs_test_read_reply(more, SOON);
  g_auto(GsTestReply) too_long = gs_test_read_reply(less, SOON);
  cr_expect_eq(too_slow.status, 408);
  cr_expect_eq(too_short.status, 408);
  cr_expect_eq(too_long.status, 400);
  static const char *const broken[] = {
      HEAD "Content-Length: -1\r\n\r\n",
      HEAD "Content-Length: 99999999999999999999999\r\n\r\n",
      HEAD "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      HEAD "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "GET /messaging\r\n\r\n",
      "\x16\x03\x01\x02\x01\x01\xFC\x03\x03\r\n\r\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
    g_auto(GsTestReply) reply = gs_test_ask(at, broken[i]);
    cr_expect(reply.status == 400 || reply.status == 413 || reply.status == 0, "%u for %s",
              reply.status, broken[i]);
  }
  gs_served_await(&grid, 0, "'accepted': 11, 'handled': 11,");
  close(drip);
  close(more);
  close(less);
  gs_served_end(&grid);
}

static long peak_kib(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

Test(serve_hostile, a_body_beyond_the_limit_is_not_taken_in) {
  GsServedGrid grid;
  begin(&grid);
  gsize piece = (gsize)1 << 20;
  g_autofree char *filler = g_strnfill(piece, ' ');
  gs_served_assert_lives(&grid, 0);
  long before = peak_kib();
  int announced = gs_test_connect(gs_served_at(&grid, 0));
  gs_test_send_text(announced, HEAD "Content-Length: 104857600\r\n\r\n");
  for (int i = 0; i < 100 && gs_test_send(announced, filler, piece); i++)
    ;
  g_auto(GsTestReply) reply =
      gs_test_ask(gs_served_at(&grid, 0), HEAD "Content-Length: 104857600\r\n\r\n");
  cr_expect_eq(reply.status, 413);
  cr_expect_lt(peak_kib() - before, 20 << 10, "%ld KiB more", peak_kib() - before);
  gs_served_assert_lives(&grid, 0);
  close(announced);
  gs_served_end(&grid);
}

Test(serve_hostile, thousands_of_connections_leave_room_for_others) {
  GsServedGrid grid;
  begin(&grid);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  /* Both ends are in this process. */
  guint count = (guint)MIN(6000, files.rlim_cur / 2 - 200);
  g_autofree int *fd = g_new(int, count);
  for (guint i = 0; i < count; i++)
    fd[i] = gs_test_connect(gs_served_at(&grid, 0));
  /* Those that wait make room, for whoever comes. */
  int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000002)};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  to.sin_port = htons((uint16_t)atoi(strrchr(gs_served_at(&grid, 0), ':') + 1));
  cr_assert_eq(bind(other, (struct sockaddr *)&from, sizeof from), 0);
  cr_assert_eq(connect(other, (struct sockaddr *)&to, sizeof to), 0);
  g_autofree char *request =
      g_strdup_printf(HEAD "Content-Length: %zu\r\n\r\n" SYNC, sizeof SYNC - 1);
  gs_test_send_text(other, request);
  g_auto(GsTestReply) reply = gs_test_read_reply(other, SOON);
  cr_expect_eq(reply.status, 200, "%u with %u connections", reply.status, count);
  close(other);
  for (guint i = 0; i < count; i++)
    close(fd[i]);
  for (double end = gs_clock_s() + SOON; gs_clock_s() < end; usleep(10000))
    if (gs_served_tell(&grid, 0, SYNC) == 200)
      break;
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
}

/* ---- The mailbox ---- */

Test(serve_hostile, a_full_mailbox_says_so_and_accepts_again_when_it_has_room) {
  GsServedGrid grid;
  gs_served_prepare(&grid, gs_test_scenario("{'name': 't', 'nodes': [{'name': 'A'}, "
                                            "{'name': 'B'}], 'pace': {'receive': '500ms', "
                                            "'send': '500ms'}}"));
  grid.options.mailbox_max = 3;
  gs_served_begin(&grid);
  guint accepted = 0, full = 0;
  for (int i = 0; i < 20; i++) {
    g_auto(GsTestReply) reply = gs_served_post(&grid, 0, SYNC, sizeof SYNC - 1);
    accepted += reply.status == 200;
    full += reply.status == 503;
    cr_expect(reply.status == 200 || gs_test_reply_has(&reply, "retry-after: 1"));
    cr_expect(reply.status == 200 || strstr(reply.body->str, "mailbox is full"));
    cr_expect_leq(gs_served_number(&grid, 0, "waiting"), 3);
  }
  cr_expect_eq(accepted + full, 20);
  cr_expect_geq(accepted, 3);
  cr_expect_geq(full, 10);
  cr_expect_eq(gs_served_tell(&grid, 1, SYNC), 200, "another node has a mailbox of its own");
  gs_served_await(&grid, 0, "'waiting': 0,");
  cr_expect_eq(gs_served_tell(&grid, 0, SYNC), 200);
  cr_expect_eq(gs_served_number(&grid, 0, "refused_full"), full);
  gs_served_end(&grid);
}

/** A Response of as many nets as are needed for 16 MiB. */
static GString *large_answer(void) {
  GString *body =
      g_string_new("{\"envType\": \"Response\", \"msgType\": \"UpdateNet\", \"msg\": {\"nets\": {");
  for (int id = 0; body->len < (gsize)16 << 20; id++)
    g_string_append_printf(body, "%s\"%d\": 1000000000000", id ? ", " : "", id);
  g_string_append(body, "}}}");
  return body;
}

Test(serve_hostile, messages_that_wait_at_a_slow_node_take_no_more_memory_than_is_allowed) {
  GsServedGrid grid;
  gs_served_prepare(&grid, gs_test_scenario("{'name': 't', 'nodes': [{'name': 'A'}], "
                                            "'pace': {'receive': '1h', 'send': '1h'}}"));
  gs_served_begin(&grid);
  g_autoptr(GString) body = large_answer();
  guint most = (guint)(GS_HTTP_MAILBOX_BYTES_MAX / body->len), accepted = 0;
  for (guint i = 0; i < most + 3; i++) {
    g_auto(GsTestReply) reply = gs_served_post(&grid, 0, body->str, body->len);
    accepted += reply.status == 200;
    cr_expect(reply.status == 200 || reply.status == 503);
  }
  cr_expect_leq(accepted, most + 1, "%u of %u", accepted, most); /* one may be handled at once */
  cr_expect_geq(accepted, most);
  gs_served_end(&grid);
}

Test(serve_hostile, messages_that_were_handled_or_lost_make_room_for_more) {
  GsServedGrid grid;
  gs_served_prepare(&grid, gs_test_scenario("{'name': 't', 'nodes': [{'name': 'A'}]}"));
  gs_served_begin(&grid);
  /* White space is part of a body, and quickly read. */
  g_autoptr(GString) body = g_string_new(SYNC);
  gsize length = body->len;
  g_string_set_size(body, (gsize)32 << 20);
  memset(body->str + length, ' ', body->len - length);
  guint enough = (guint)(2 * GS_HTTP_MAILBOX_BYTES_MAX / body->len);
  for (guint i = 1; i <= enough; i++) {
    g_auto(GsTestReply) reply = gs_served_post(&grid, 0, body->str, body->len);
    cr_assert_eq(reply.status, 200, "body %u of %u", i, enough);
    gs_served_await(&grid, 0, "'handled': %u,", i);
  }
  gs_served_end(&grid);
}

/* ---- Tokens ---- */

Test(serve_hostile, only_the_very_token_fits) {
  static const struct {
    const char *authorization, *token;
    bool fits;
  } cases[] = {
      {"Bearer secret", "secret", true},
      {"bearer secret", "secret", true},
      {NULL, "secret", false},
      {"", "secret", false},
      {"Bearer", "secret", false},
      {"Bearer ", "secret", false},
      {"secret", "secret", false},
      {"Basic secret", "secret", false},
      {"Bearer secre", "secret", false},
      {"Bearer secrets", "secret", false},
      {"Bearer secretsecret", "secret", false},
      {"Bearer Secret", "secret", false},
      {"Bearer secret ", "secret", false},
      {"Bearer  secret", "secret", false},
      {"Bearer aa", "a", false},
      {"Bearer a", "aa", false},
      {"Bearer x", "", false},
      {"Bearer s\xC3\xA9", "s\xC3\xA9", true},
      {"Bearer s\xC3\xA8", "s\xC3\xA9", false},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_expect_eq(gs_routes_token_fits(cases[i].authorization, cases[i].token), cases[i].fits,
                 "%s, %s", cases[i].authorization, cases[i].token);
}

Test(serve_hostile, without_the_token_nothing_is_accepted_or_told) {
  GsServedGrid grid;
  gs_served_prepare(&grid, two_nodes());
  grid.options.token = "secret";
  gs_served_begin(&grid);
  const char *at = gs_served_at(&grid, 0);
  static const char *const paths[] = {"/messaging", "/state", "/metrics", "/events"};
  static const char *const headers[] = {"", "Authorization: Bearer secre\r\n",
                                        "Authorization: Basic secret\r\n"};
  for (gsize p = 0; p < G_N_ELEMENTS(paths); p++)
    for (gsize h = 0; h < G_N_ELEMENTS(headers); h++) {
      g_autofree char *request =
          g_strdup_printf("GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", paths[p], headers[h]);
      g_auto(GsTestReply) reply = gs_test_ask(at, request);
      cr_expect_eq(reply.status, 401, "%u for %s", reply.status, request);
      cr_expect(gs_test_reply_has(&reply, "www-authenticate: Bearer"));
      cr_expect(!strstr(reply.body->str, "secret"));
    }
  g_autofree char *good = g_strdup_printf(
      HEAD "Authorization: Bearer secret\r\nContent-Length: %zu\r\n\r\n" SYNC, sizeof SYNC - 1);
  g_auto(GsTestReply) accepted = gs_test_ask(at, good);
  cr_expect_eq(accepted.status, 200);
  g_auto(GsTestReply) health = gs_test_ask(at, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_expect_eq(health.status, 200);
  gs_served_end(&grid);
}

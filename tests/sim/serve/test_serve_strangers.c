/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/serve/foreign.h"
#include "tests/sim/http/http_listener.h"
#include "tests/sim/serve/served_grid.h"
#include "tests/sim/sim_support.h"

/* Foreign nodes that lie, are not there, never answer or are too many. */

#define SOON 20.0

static void begin(GsServedGrid *grid) {
  gs_served_prepare(grid, gs_test_scenario("{'name': 't', 'network': {'latency': 0}, 'nodes': ["
                                           "{'id': 1, 'name': 'A'}, {'id': 2, 'name': 'B'}]}"));
  gs_served_begin(grid);
}

static guint add_sibling(const GsServedGrid *grid, const char *env, int64_t id,
                         const char *address) {
  return gs_served_tell(grid, 0,
                        "{'envType': '%s', 'msgType': 'AddSibling', 'msg': {'siblingId': %" PRId64
                        ", 'siblingName': 'F%" PRId64 "', 'siblingAddress': '%s'}}",
                        env, id, id, address);
}

static guint ask_net(const GsServedGrid *grid, int64_t from, int number) {
  return gs_served_tell(grid, 0,
                        "{'envType': 'Ask', 'msgType': 'UpdateNet', 'msg': {}, "
                        "'returnId': '%" PRId64 "', "
                        "'reqId': '25cd18b8-e658-11f1-b905-%012d'}",
                        from, number);
}

/** An address of 127.0.0.1 where nobody listens; the socket keeps it so. */
static int closed_port(char *address, gsize size) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  cr_assert_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
  cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
  g_snprintf(address, size, "127.0.0.1:%u", ntohs(at.sin_port));
  return fd;
}

Test(serve_strangers, only_loopback_may_be_named_however_it_is_written) {
  static const char *const forbidden[] = {
      "10.0.0.1:80",        "192.168.1.1:80",     "169.254.169.254:80",   "93.184.216.34:80",
      "0.0.0.0:80",         "255.255.255.255:80", "128.0.0.1:80",         "example.org:80",
      "localhost.:80",      "localhost.evil:80",  "127.0.0.1.evil:80",    "2130706433:80",
      "0x7f000001:80",      "0x7f.0.0.1:80",      "017700000001:80",      "0177.0.0.1:80",
      "127.1:80",           "127.0.0.01:80",      "127.0.0.1.:80",        "[::]:80",
      "[2001:db8::1]:80",   "[fe80::1]:80",       "[::ffff:10.0.0.1]:80", "[::ffff:0.0.0.0]:80",
      "[64:ff9b::a00:1]:80"};
  static const char *const envelopes[] = {"Tell", "Ask", "Response"};
  GsServedGrid grid;
  begin(&grid);
  guint asked = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++)
    for (gsize e = 0; e < G_N_ELEMENTS(envelopes); e++, asked++) {
      g_autofree char *body = g_strdup_printf(
          "{\"envType\": \"%s\", \"msgType\": \"AddSibling\", \"msg\": {\"siblingId\": 9, "
          "\"siblingName\": \"F\", \"siblingAddress\": \"%s\"}}",
          envelopes[e], forbidden[i]);
      g_auto(GsTestReply) reply = gs_served_post(&grid, 0, body, strlen(body));
      cr_expect_eq(reply.status, 403, "%u for %s", reply.status, body);
      cr_expect(strstr(reply.body->str, "\"title\": \"403 Forbidden\", \"description\": \""), "%s",
                reply.body->str);
    }
  gs_served_await(&grid, 0, "'forbidden': %u}", asked);
  gs_served_await(&grid, 0, "'accepted': 0, 'handled': 0,");
  gs_served_await(&grid, 0, "'siblings': []");
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
}

Test(serve_strangers, a_node_is_never_its_own_sibling_nor_taken_for_another) {
  GsServedGrid grid;
  begin(&grid);
  char closed[32];
  int port = closed_port(closed, sizeof closed);
  const char *own = gs_served_at(&grid, 0), *other = gs_served_at(&grid, 1);
  g_autofree char *local = g_strdup_printf("LocalHost%s", strchr(own, ':'));
  cr_expect_eq(add_sibling(&grid, "Tell", 1, closed), 409);
  cr_expect_eq(add_sibling(&grid, "Tell", 9, own), 200);
  cr_expect_eq(add_sibling(&grid, "Tell", 9, local), 200);
  cr_expect_eq(add_sibling(&grid, "Ask", 1, closed), 409);
  gs_served_await(&grid, 0, "'dropped': {'self-sibling': 2}");
  /* Own nodes introduce themselves in memory, so that whoever says so over HTTP is none of them. */
  cr_expect_eq(add_sibling(&grid, "Ask", 2, other), 200);
  cr_expect_eq(add_sibling(&grid, "Response", 2, other), 200);
  cr_expect_eq(add_sibling(&grid, "Ask", 1, own), 200);
  gs_served_await(&grid, 0, "'dropped': {'unknown-asker': 3, 'self-sibling': 2}");
  gs_served_await(&grid, 0, "'siblings': []");
  gs_served_await(&grid, 1, "'siblings': []");
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
  close(port);
}

Test(serve_strangers, a_sibling_that_is_not_there_is_shown_as_down_and_the_node_goes_on) {
  GsServedGrid grid;
  begin(&grid);
  char closed[32], never[32];
  int ports[] = {closed_port(closed, sizeof closed), closed_port(never, sizeof never)};
  cr_expect_eq(add_sibling(&grid, "Tell", 8, never), 200);
  cr_expect_eq(add_sibling(&grid, "Ask", 9, closed), 200);
  gs_served_await(&grid, 0,
                  "'siblings': [\n    {'id': 9, 'name': 'F9', 'foreign': true, "
                  "'address': '%s', 'up': false,",
                  closed);
  gs_served_await(&grid, 0, "'last_error': '");
  for (int i = 0; i < 5; i++)
    gs_served_assert_lives(&grid, 0);
  gs_served_assert_lives(&grid, 1);
  cr_expect_eq(gs_served_number(&grid, 0, "open_waves"), 5);
  gs_served_end(&grid);
  for (gsize i = 0; i < G_N_ELEMENTS(ports); i++)
    close(ports[i]);
}

Test(serve_strangers, asks_of_nobody_start_nothing) {
  GsServedGrid grid;
  begin(&grid);
  char closed[32];
  int port = closed_port(closed, sizeof closed);
  cr_expect_eq(add_sibling(&grid, "Ask", 9, closed), 200);
  for (int i = 0; i < 50; i++)
    cr_assert_eq(ask_net(&grid, 77, i), 200);
  cr_expect_eq(gs_served_tell(&grid, 0, "{'envType': 'Ask', 'msgType': 'UpdateNet'}"), 200);
  gs_served_await(&grid, 0, "'dropped': {'unknown-asker': 51}");
  cr_expect_eq(gs_served_number(&grid, 0, "open_waves"), 0);
  /* Nor does an answer to what was never asked change anything. */
  cr_expect_eq(gs_served_tell(&grid, 0,
                              "{'envType': 'Response', 'msgType': 'UpdateNet', "
                              "'msg': {'nets': {'9': 5}}, "
                              "'reqId': '25cd18b8-e658-11f1-b905-02fc00000001'}"),
               200);
  gs_served_await(&grid, 0, "'dropped': {'unknown-asker': 51, 'late-response': 1}");
  cr_expect_eq(gs_served_number(&grid, 0, "gridnet"), 0);
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
  close(port);
}

/** Sends them one after the other on one connection; how many were accepted. Others must get 503.
 */
static guint introduce_many(const GsServedGrid *grid, const char *env, guint count) {
  guint accepted = 0;
  int fd = gs_test_connect(gs_served_at(grid, 0));
  for (guint i = 0; i < count; i++) {
    g_autofree char *body = g_strdup_printf(
        "{\"envType\": \"%s\", \"msgType\": \"AddSibling\", \"msg\": {\"siblingId\": %u, "
        "\"siblingName\": \"F%u\", \"siblingAddress\": \"127.%u.%u.1:9\"}}",
        env, 100 + i, i, 1 + i / 256, i % 256);
    g_autofree char *request = g_strdup_printf(
        "GET /messaging HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
        body);
    gs_test_send_text(fd, request);
    g_auto(GsTestReply) reply = gs_test_read_reply(fd, SOON);
    accepted += reply.status == 200;
    cr_assert(reply.status == 200 ||
              (reply.status == 503 && gs_test_reply_has(&reply, "retry-after: 1") &&
               strstr(reply.body->str, "foreign nodes are known here, which is the limit")));
  }
  close(fd);
  return accepted;
}

Test(serve_strangers, no_more_foreign_nodes_than_the_limit_are_taken_in) {
  GsServedGrid grid;
  begin(&grid);
  guint beyond = 50;
  cr_expect_eq(introduce_many(&grid, "Ask", GS_FOREIGN_MAX + beyond), GS_FOREIGN_MAX);
  gs_served_await(&grid, 0, "'accepted': %u, 'handled': %u, 'waiting': 0, 'lost': 0",
                  GS_FOREIGN_MAX, GS_FOREIGN_MAX);
  gs_served_await(&grid, 0, "'refused_peers': %u,", beyond);
  gs_served_assert_lives(&grid, 0);
  gs_served_assert_lives(&grid, 1);
  gs_served_end(&grid);
}

Test(serve_strangers, who_was_only_named_makes_room_for_a_neighbour) {
  GsServedGrid grid;
  begin(&grid);
  guint count = GS_FOREIGN_MAX + 50;
  guint accepted = introduce_many(&grid, "Tell", count);
  cr_expect_geq(accepted, GS_FOREIGN_MAX);
  GsTestListener *there = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  const char *at = gs_test_listener_address(there);
  /* The places of those that are being asked are kept until that has failed. */
  guint status = add_sibling(&grid, "Tell", 7, at), refused = 0;
  for (double deadline = gs_clock_s() + SOON; status == 503 && gs_clock_s() < deadline; refused++) {
    usleep(20000);
    status = add_sibling(&grid, "Tell", 7, at);
  }
  cr_expect_eq(status, 200);
  for (double deadline = gs_clock_s() + SOON; gs_clock_s() < deadline; usleep(5000))
    if (gs_test_listener_requests(there) > 0)
      break;
  cr_expect_geq(gs_test_listener_requests(there), 1, "it is asked beside all that are not there");
  cr_expect_eq(add_sibling(&grid, "Response", 7, at), 200);
  gs_served_await(&grid, 0, "'siblings': [\n    {'id': 7, 'name': 'F7', 'foreign': true");
  cr_expect_eq(gs_served_number(&grid, 0, "refused_peers"), count - accepted + refused);
  gs_served_assert_lives(&grid, 0);
  gs_served_end(&grid);
  gs_test_listener_free(there);
}

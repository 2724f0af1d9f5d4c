/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "sim/base/clock.h"
#include "sim/http/server.h"
#include "tests/sim/http/http_support.h"

#define HEADERS "Host: test\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HEADERS "\r\n"
/** Long enough for anything that should happen, on a busy machine. */
#define SOON 10.0

/** Says back what it got, or does what the path asks for. */
static void handle(const GsHttpRequest *request, GsHttpResponse *response, void *data) {
  guint *calls = data;
  __atomic_add_fetch(calls, 1, __ATOMIC_RELAXED);
  if (strcmp(request->path, "/empty") == 0)
    return;
  if (strcmp(request->path, "/events") == 0) {
    if (gs_http_response_events(response))
      g_string_append(response->body, "data: first\n\n");
  } else if (strcmp(request->path, "/missing") == 0) {
    gs_http_response_error(response, 405, NULL);
    response->allow = "GET, OPTIONS";
    response->retry_after_s = 7;
    response->www_authenticate = "Bearer";
  } else if (strcmp(request->path, "/large") == 0) {
    for (guint i = 0; i < 4 << 20; i++)
      g_string_append_c(response->body, 'x');
  } else {
    g_string_printf(response->body, "%s %s ?%s @%u auth=%s %zu:", request->method, request->path,
                    request->query ? request->query : "", request->address,
                    request->authorization ? request->authorization : "", request->body_length);
    g_string_append_len(response->body, request->body, (gssize)MIN(request->body_length, 64));
  }
}

typedef struct {
  GsHttpServer *server;
  GsHttpLimits limits;
  guint calls;
  char *at;
} Fixture;

static void prepare(Fixture *f) {
  *f = (Fixture){0};
  gs_http_default_limits(&f->limits);
}

static void begin(Fixture *f) {
  g_autoptr(GError) error = NULL;
  const char *addresses[] = {"127.0.0.1:0", "[::1]:0"};
  f->server = gs_http_server_new(addresses, 2, false, &f->limits, handle, &f->calls, &error);
  cr_assert(f->server, "%s", error ? error->message : "");
  gs_http_server_allow_hosts(f->server, (const char *const[]){"test", NULL});
  cr_assert(gs_http_server_start(f->server, &error));
  f->at = g_strdup(gs_http_server_address(f->server, 0));
}

static void end(Fixture *f) {
  gs_http_server_free(f->server);
  g_free(f->at);
}

static GsHttpServerStats stats_of(Fixture *f) {
  GsHttpServerStats stats;
  gs_http_server_stats(f->server, GS_HTTP_ALL_ADDRESSES, &stats);
  return stats;
}

/** Until so many connections are open. */
static bool wait_for_connections(Fixture *f, guint wanted) {
  double deadline = gs_clock_s() + SOON;
  while (stats_of(f).connections != wanted && gs_clock_s() < deadline)
    usleep(2000);
  return stats_of(f).connections == wanted;
}

static void expect_reply(Fixture *f, const char *request, guint status, const char *body) {
  g_auto(GsTestReply) reply = gs_test_ask(f->at, request);
  cr_expect_eq(reply.status, status, "%u, not %u, for: %.200s", reply.status, status, request);
  if (body)
    cr_expect_str_eq(reply.body->str, body, "for: %.200s", request);
  cr_expect(gs_test_reply_has(&reply, "content-type: application/json"), "for: %.200s", request);
  if (status >= 400) {
    cr_expect(g_str_has_prefix(reply.body->str, "{\"title\": \""), "%s", reply.body->str);
    cr_expect(gs_test_reply_has(&reply, "connection: close"), "for: %.200s", request);
  }
}

Test(http_server, requests_reach_the_callback_and_answers_the_client) {
  Fixture f;
  prepare(&f);
  begin(&f);
  expect_reply(&f, GET("/empty"), 200, "");
  expect_reply(&f, GET("/a/b?c=d"), 200, "GET /a/b ?c=d @0 auth= 0:");
  expect_reply(&f, GET("http://test/a"), 200, "GET /a ? @0 auth= 0:");
  expect_reply(&f, "OPTIONS * HTTP/1.1\r\n" HEADERS "\r\n", 200, "OPTIONS * ? @0 auth= 0:");
  expect_reply(&f, "GET / HTTP/1.0\r\n\r\n", 200, "GET / ? @0 auth= 0:");
  expect_reply(&f, "\r\nGET / HTTP/1.1\nHost: test\n\n", 200, "GET / ? @0 auth= 0:");
  expect_reply(&f, "GET /m HTTP/1.1\r\n" HEADERS "Content-Length: 5\r\n\r\nhello", 200,
               "GET /m ? @0 auth= 5:hello");
  expect_reply(&f,
               "POST /m HTTP/1.1\r\n" HEADERS "Authorization: Bearer t\r\n"
               "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
               200, "POST /m ? @0 auth=Bearer t 5:hello");
  g_auto(GsTestReply) other = gs_test_ask(gs_http_server_address(f.server, 1), GET("/six"));
  cr_expect_str_eq(other.body->str, "GET /six ? @1 auth= 0:");
  g_auto(GsTestReply) missing = gs_test_ask(f.at, GET("/missing"));
  cr_expect_eq(missing.status, 405);
  cr_expect_str_eq(missing.body->str, "{\"title\": \"405 Method Not Allowed\"}");
  cr_expect(gs_test_reply_has(&missing, "allow: GET, OPTIONS"));
  cr_expect(gs_test_reply_has(&missing, "retry-after: 7"));
  cr_expect(gs_test_reply_has(&missing, "www-authenticate: Bearer"));
  cr_expect_eq(f.calls, 10);
  GsHttpServerStats stats = stats_of(&f);
  cr_expect_eq(stats.answered[200], 9);
  cr_expect_eq(stats.answered[405], 1);
  cr_expect_eq(stats.accepted, 10);
  gs_http_server_stats(f.server, 1, &stats);
  cr_expect_eq(stats.answered[200], 1);
  end(&f);
}

Test(http_server, connections_are_kept_and_requests_may_come_in_any_pieces) {
  static const struct {
    const char *text, *body;
  } requests[] = {
      {GET("/one"), "GET /one ? @0 auth= 0:"},
      {"GET /two HTTP/1.1\r\n" HEADERS "Content-Length: 2\r\n\r\nhi", "GET /two ? @0 auth= 2:hi"},
      {"PUT /three HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\n"
       "3\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
       "PUT /three ? @0 auth= 5:hello"},
      {GET("/empty"), ""},
  };
  Fixture f;
  prepare(&f);
  begin(&f);
  for (gsize piece = 1; piece <= 80; piece += piece < 8 ? 1 : 31) {
    int fd = gs_test_connect(f.at);
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
      gsize length = strlen(requests[i].text);
      for (gsize at = 0; at < length; at += piece)
        cr_assert(gs_test_send(fd, requests[i].text + at, MIN(piece, length - at)));
      g_auto(GsTestReply) reply = gs_test_read_reply(fd, SOON);
      cr_expect_eq(reply.status, 200, "%s", requests[i].text);
      cr_expect_str_eq(reply.body->str, requests[i].body);
    }
    close(fd);
  }
  g_auto(GsTestReply) head = gs_test_ask(f.at, "HEAD / HTTP/1.1\r\n" HEADERS "\r\n");
  cr_expect(strstr(head.head, " 200 ") != NULL);
  int fd = gs_test_connect(f.at);
  gs_test_send_text(fd, GET("/large"));
  g_auto(GsTestReply) large = gs_test_read_reply(fd, SOON);
  cr_expect_eq(large.body->len, 4 << 20);
  /* One that sends a request and says that there will be no more. */
  gs_test_send_text(fd, GET("/last"));
  shutdown(fd, SHUT_WR);
  g_auto(GsTestReply) last = gs_test_read_reply(fd, SOON);
  cr_expect_eq(last.status, 200);
  cr_expect(gs_test_is_closed(fd, SOON));
  close(fd);
  end(&f);
}

Test(http_server, broken_requests_get_an_error_in_json) {
  static const struct {
    const char *text;
    guint status;
  } bad[] = {
      {"GARBAGE\r\n\r\n", 400},
      {"\x16\x03\x01\x02", 400},
      {"GET /\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\n" HEADERS "\r\n", 400},
      {"G(T / HTTP/1.1\r\n" HEADERS "\r\n", 400},
      {"GET / HTTP/3.0\r\n" HEADERS "\r\n", 505},
      {"GET / HTTX/1.1\r\n" HEADERS "\r\n", 400},
      {"GET nopath HTTP/1.1\r\n" HEADERS "\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS HEADERS "\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Nothing\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "A : b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "A: b\r\n folded\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "A: \x01\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: -1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length:\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: 1, 1\r\n\r\nx", 400},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: 99999999999999999999999\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: 999999999999\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\n" HEADERS "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", 400},
      {"GET / HTTP/1.1\r\n" HEADERS
       "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"GET / HTTP/1.1\r\n" HEADERS "Transfer-Encoding: gzip\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\n" HEADERS
       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
  };
  Fixture f;
  prepare(&f);
  begin(&f);
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    expect_reply(&f, bad[i].text, bad[i].status, NULL);
  /* Two equal lengths are one length. */
  expect_reply(&f, "GET / HTTP/1.1\r\n" HEADERS "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
               200, "GET / ? @0 auth= 1:x");
  cr_expect_eq(f.calls, 1);
  /* Chunks that are none; and the same things behind a good request. */
  int fd = gs_test_connect(f.at);
  gs_test_send_text(fd, "GET / HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
  g_auto(GsTestReply) chunk = gs_test_read_reply(fd, SOON);
  cr_expect_eq(chunk.status, 400);
  cr_expect(gs_test_is_closed(fd, SOON));
  close(fd);
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    fd = gs_test_connect(f.at);
    gs_test_send_text(fd, GET("/empty"));
    g_auto(GsTestReply) good = gs_test_read_reply(fd, SOON);
    cr_expect_eq(good.status, 200);
    gs_test_send_text(fd, bad[i].text);
    g_auto(GsTestReply) reply = gs_test_read_reply(fd, SOON);
    cr_expect_eq(reply.status, bad[i].status, "%u, not %u, behind a good request, for: %s",
                 reply.status, bad[i].status, bad[i].text);
    cr_expect(g_str_has_prefix(reply.body->str, "{\"title\": \""), "%s", reply.body->str);
    cr_expect(gs_test_is_closed(fd, SOON), "for: %s", bad[i].text);
    close(fd);
  }
  cr_expect(wait_for_connections(&f, 0));
  end(&f);
}

Test(http_server, sizes_have_limits) {
  Fixture f;
  prepare(&f);
  f.limits.body_bytes_max = 100000;
  f.limits.bodies_bytes_max = 150000;
  f.limits.header_bytes_max = 1000;
  begin(&f);
  g_autofree char *name = g_strnfill(1000, 'n');
  g_autofree char *long_target = g_strdup_printf("GET /%s HTTP/1.1\r\n" HEADERS "\r\n", name);
  expect_reply(&f, long_target, 431, NULL);
  g_autofree char *long_header = g_strdup_printf("GET / HTTP/1.1\r\nX: %s\r\n\r\n", name);
  expect_reply(&f, long_header, 431, NULL);
  g_autofree char *body = g_strnfill(100001, 'b');
  g_autofree char *fits =
      g_strdup_printf("POST / HTTP/1.1\r\n" HEADERS "Content-Length: 100000\r\n\r\n%s", body + 1);
  g_autofree char *too_long =
      g_strdup_printf("POST / HTTP/1.1\r\n" HEADERS "Content-Length: 100001\r\n\r\n%s", body);
  g_autofree char *chunked = g_strdup_printf(
      "POST / HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
      100001, body);
  expect_reply(&f, fits, 200, NULL);
  expect_reply(&f, chunked, 413, NULL);
  cr_expect_eq(f.calls, 1);
  /* Refused before the body is sent, which the client then need not do. */
  int fd = gs_test_connect(f.at);
  gs_test_send(fd, too_long, 100);
  g_auto(GsTestReply) early = gs_test_read_reply(fd, SOON);
  cr_expect_eq(early.status, 413);
  close(fd);
  /* "Expect: 100-continue" is answered before either. */
  fd = gs_test_connect(f.at);
  gs_test_send_text(fd, "POST / HTTP/1.1\r\n" HEADERS
                        "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  g_auto(GsTestReply) go_on = gs_test_read_reply(fd, SOON);
  cr_expect_eq(go_on.status, 100);
  gs_test_send_text(fd, "hi");
  g_auto(GsTestReply) done = gs_test_read_reply(fd, SOON);
  cr_expect_str_eq(done.body->str, "POST / ? @0 auth= 2:hi");
  close(fd);
  /* Bodies that each fit may not fit together. */
  int half = gs_test_connect(f.at);
  gs_test_send(half, fits, strlen(fits) - 1);
  usleep(100000);
  expect_reply(&f, fits, 503, NULL);
  gs_test_send_text(half, "b");
  g_auto(GsTestReply) whole = gs_test_read_reply(half, SOON);
  cr_expect_eq(whole.status, 200);
  expect_reply(&f, fits, 200, NULL);
  close(half);
  end(&f);
}

Test(http_server, connections_have_limits) {
  Fixture f;
  prepare(&f);
  f.limits.connections_max = 20;
  f.limits.connections_per_peer_max = 12;
  f.limits.events_keep_alive_s = 1;
  begin(&f);
  int fd[20];
  const char *six = gs_http_server_address(f.server, 1);
  for (guint i = 0; i < 20; i++) {
    fd[i] = gs_test_connect(i < 12 ? f.at : six);
    gs_test_send_text(fd[i], GET("/events")); /* one that is in use makes no room */
    g_autoptr(GString) begun = g_string_new(NULL);
    cr_expect(gs_test_read_until(fd[i], begun, "data: first\n\n", SOON));
  }
  cr_expect(wait_for_connections(&f, 20));
  /* Of this client there are only 8. */
  g_auto(GsTestReply) full = gs_test_ask(six, "");
  cr_expect_eq(full.status, 503);
  cr_expect(gs_test_reply_has(&full, "retry-after: 1"));
  cr_expect(strstr(full.body->str, "too many connections are open") != NULL);
  /* There is room, but not for that client. */
  close(fd[19]);
  cr_expect(wait_for_connections(&f, 19));
  expect_reply(&f, "", 503,
               "{\"title\": \"503 Service Unavailable\", "
               "\"description\": \"too many connections from this address are open\"}");
  g_auto(GsTestReply) other = gs_test_ask(six, GET("/empty"));
  cr_expect_eq(other.status, 200);
  for (guint i = 0; i < 19; i++)
    close(fd[i]);
  cr_expect(wait_for_connections(&f, 0));
  cr_expect_eq(stats_of(&f).refused, 2);
  cr_expect_eq(stats_of(&f).gave_way, 0);
  expect_reply(&f, GET("/empty"), 200, "");
  end(&f);
}

/** Whether so many of the clients are told to go, or just cut off, before long. */
static bool are_gone(Fixture *f, guint64 wanted) {
  double deadline = gs_clock_s() + SOON;
  while (stats_of(f).gave_way < wanted && gs_clock_s() < deadline)
    usleep(2000);
  return stats_of(f).gave_way == wanted && wait_for_connections(f, 20);
}

Test(http_server, clients_that_wait_make_room_on_other_addresses_and_idle_ones_on_their_own) {
  static const char *const begun[] = {
      "", "GET / HTT", "POST / HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\n5\r\nab"};
  for (guint b = 0; b < G_N_ELEMENTS(begun); b++) {
    Fixture f;
    prepare(&f);
    f.limits.connections_max = 20;
    begin(&f);
    int fd[23];
    const char *six = gs_http_server_address(f.server, 1);
    for (guint i = 0; i < 20; i++) {
      fd[i] = gs_test_connect(f.at);
      gs_test_send_text(fd[i], begun[b]);
    }
    cr_expect(wait_for_connections(&f, 20));
    for (guint i = 0; i < 3; i++) { /* the other address has had none of its share */
      fd[20 + i] = gs_test_connect(six);
      gs_test_send_text(fd[20 + i], GET("/empty"));
      g_auto(GsTestReply) reply = gs_test_read_reply(fd[20 + i], SOON);
      cr_expect_eq(reply.status, 200, "behind '%s': %u", begun[b], reply.status);
    }
    cr_expect(are_gone(&f, 3), "behind '%s': %u gave way, %u are open", begun[b],
              (guint)stats_of(&f).gave_way, stats_of(&f).connections);
    cr_expect_eq(stats_of(&f).refused, 0);
    for (guint i = 0; i < 20; i++)
      close(fd[i]);
    cr_expect(wait_for_connections(&f, 3));
    for (guint i = 20; i < 23; i++)
      close(fd[i]);
    end(&f);
  }
}

Test(http_server, slow_clients_are_cut_off) {
  Fixture f;
  prepare(&f);
  f.limits.request_timeout_s = 1;
  f.limits.idle_timeout_s = 2;
  begin(&f);
  /* Drips a byte now and then: in the head, in a body, and in a later request. */
  static const char *const starts[] = {
      "G", "POST / HTTP/1.1\r\n" HEADERS "Content-Length: 100000\r\n\r\n",
      "POST / HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\nfffff\r\n", GET("/empty")};
  int fd[G_N_ELEMENTS(starts)];
  double began = gs_clock_s();
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
    fd[i] = gs_test_connect(f.at);
    gs_test_send_text(fd[i], starts[i]);
  }
  int silent = gs_test_connect(f.at);
  g_auto(GsTestReply) good = gs_test_read_reply(fd[3], SOON);
  cr_expect_eq(good.status, 200);
  while (gs_clock_s() - began < 2.5) {
    usleep(100000);
    for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
      gs_test_send_text(fd[i], "G");
  }
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++) {
    g_auto(GsTestReply) reply = gs_test_read_reply(fd[i], SOON);
    cr_expect_eq(reply.status, 408, "%u for: %s", reply.status, starts[i]);
    close(fd[i]);
  }
  g_auto(GsTestReply) none = gs_test_read_reply(silent, SOON);
  cr_expect_eq(none.status, 0);
  cr_expect(gs_test_is_closed(silent, 0.1));
  close(silent);
  cr_expect_eq(stats_of(&f).timed_out, G_N_ELEMENTS(starts));
  cr_expect(wait_for_connections(&f, 0));
  end(&f);
}

Test(http_server, events_reach_the_streams_of_their_address) {
  Fixture f;
  prepare(&f);
  f.limits.events_max = 2;
  f.limits.events_keep_alive_s = 1;
  begin(&f);
  int here = gs_test_connect(f.at);
  int there = gs_test_connect(gs_http_server_address(f.server, 1));
  g_autoptr(GString) mine = g_string_new(NULL);
  g_autoptr(GString) other = g_string_new(NULL);
  gs_test_send_text(here, GET("/events"));
  gs_test_send_text(there, GET("/events"));
  cr_expect(gs_test_read_until(here, mine, "data: first\n\n", SOON));
  cr_expect(gs_test_read_until(there, other, "data: first\n\n", SOON));
  cr_expect(strstr(mine->str, "Content-Type: text/event-stream") != NULL);
  gs_http_server_publish(f.server, 0, "data: a\n\n", 9);
  gs_http_server_publish(f.server, 1, "data: b\n\n", 9);
  gs_http_server_publish(f.server, 0, "data: c\n\n", 9);
  cr_expect(gs_test_read_until(here, mine, "data: c\n\n", SOON));
  cr_expect(gs_test_read_until(there, other, "data: b\n\n", SOON));
  cr_expect(strstr(mine->str, "data: a\n\n") != NULL);
  cr_expect(strstr(mine->str, "data: b") == NULL);
  cr_expect(strstr(other->str, "data: a") == NULL);
  expect_reply(&f, GET("/events"), 503, NULL);
  cr_expect_eq(stats_of(&f).streams, 2);
  cr_expect(gs_test_read_until(here, mine, ": keep-alive\n\n", SOON));
  /* A client that is gone is noticed, and makes room. */
  close(there);
  cr_expect(wait_for_connections(&f, 1));
  cr_expect_eq(stats_of(&f).streams, 1);
  gs_http_server_stop_accepting(f.server);
  cr_expect(gs_test_read_until(here, mine, "\r\n0\r\n\r\n", SOON));
  gs_http_server_publish(f.server, 0, "data: late\n\n", 12);
  close(here);
  end(&f);
}

Test(http_server, an_address_has_its_own_limit_of_event_streams) {
  Fixture f;
  prepare(&f);
  f.limits.events_max = 3;
  f.limits.events_per_address_max = 1;
  begin(&f);
  const char *second = gs_http_server_address(f.server, 1);
  int here = gs_test_connect(f.at), there = gs_test_connect(second);
  g_autoptr(GString) mine = g_string_new(NULL), other = g_string_new(NULL);
  gs_test_send_text(here, GET("/events"));
  cr_expect(gs_test_read_until(here, mine, "data: first\n\n", SOON));
  expect_reply(&f, GET("/events"), 503, NULL);
  gs_test_send_text(there, GET("/events"));
  cr_expect(gs_test_read_until(there, other, "data: first\n\n", SOON));
  close(here);
  close(there);
  end(&f);
}

Test(http_server, a_slow_reader_of_events_is_cut_off_and_others_are_not) {
  Fixture f;
  prepare(&f);
  f.limits.events_backlog_bytes = 20000;
  begin(&f);
  int slow = gs_test_connect(f.at);
  int quick = gs_test_connect(f.at);
  g_autoptr(GString) text = g_string_new(NULL);
  gs_test_send_text(slow, GET("/events"));
  gs_test_send_text(quick, GET("/events"));
  cr_expect(gs_test_read_until(quick, text, "first", SOON));
  cr_expect(wait_for_connections(&f, 2));
  g_autofree char *padding = g_strnfill(10000, 'p');
  guint sent = 0;
  double deadline = gs_clock_s() + SOON;
  while (stats_of(&f).cut_streams == 0 && gs_clock_s() < deadline) {
    g_autofree char *event = g_strdup_printf("data: %s %u.\n\n", padding, sent);
    g_autofree char *number = g_strdup_printf(" %u.\n\n", sent++);
    gs_http_server_publish(f.server, 0, event, strlen(event));
    g_string_truncate(text, 0);
    cr_assert(gs_test_read_until(quick, text, number, SOON));
  }
  cr_expect_eq(stats_of(&f).cut_streams, 1);
  cr_expect(gs_test_is_closed(slow, SOON));
  cr_expect(wait_for_connections(&f, 1));
  close(slow);
  close(quick);
  end(&f);
}

Test(http_server, clients_may_leave_at_any_point) {
  static const char text[] = "POST /m HTTP/1.1\r\n" HEADERS "Transfer-Encoding: chunked\r\n\r\n"
                             "3\r\nhel\r\n0\r\n\r\n";
  Fixture f;
  prepare(&f);
  begin(&f);
  for (gsize length = 0; length < sizeof text; length++) {
    for (int reset = 0; reset < 2; reset++) {
      int fd = gs_test_connect(f.at);
      const struct linger abrupt = {.l_onoff = reset};
      setsockopt(fd, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
      gs_test_send(fd, text, length);
      close(fd);
    }
  }
  cr_expect(wait_for_connections(&f, 0));
  expect_reply(&f, GET("/empty"), 200, "");
  end(&f);
}

Test(http_server, stopping_finishes_what_is_under_way) {
  Fixture f;
  prepare(&f);
  f.limits.stop_grace_s = 1;
  begin(&f);
  g_autofree char *at = g_strdup(f.at);
  int idle = gs_test_connect(at);
  int kept = gs_test_connect(at);
  int half = gs_test_connect(at);
  gs_test_send_text(kept, GET("/empty"));
  g_auto(GsTestReply) reply = gs_test_read_reply(kept, SOON);
  cr_expect_eq(reply.status, 200);
  gs_test_send_text(half, "GET / HTTP/1.1\r\n" HEADERS "Content-Length: 5\r\n\r\nhe");
  usleep(100000);
  double began = gs_clock_s();
  gs_http_server_stop_accepting(f.server);
  cr_expect(gs_clock_s() - began > 0.9, "the half request has its grace");
  cr_expect(gs_test_is_closed(idle, SOON));
  cr_expect(gs_test_is_closed(kept, SOON));
  cr_expect(gs_test_is_closed(half, SOON));
  cr_expect_eq(stats_of(&f).connections, 0);
  close(idle);
  close(kept);
  close(half);
  end(&f);
  /* Never started, and stopped at once. */
  begin(&f);
  end(&f);
  g_autoptr(GError) error = NULL;
  const char *address = at;
  f.server = gs_http_server_new(&address, 1, false, &f.limits, handle, &f.calls, &error);
  cr_assert(f.server, "the address is free again");
  gs_http_server_free(f.server);
  gs_http_server_free(NULL);
}

Test(http_server, addresses_that_cannot_be_had_are_named) {
  Fixture f;
  prepare(&f);
  begin(&f);
  const struct {
    const char *addresses[2];
    int code;
    const char *says;
  } bad[] = {
      {{"127.0.0.1:0", "8081"}, GS_ERROR_INPUT, "'8081' is not an address"},
      {{"127.0.0.1:0", ":8081"}, GS_ERROR_INPUT, "':8081' is not an address"},
      {{"127.0.0.1:0", "::1:8081"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "[::1:8081"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "127.0.0.1:65536"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "127.0.0.1:-1"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "127.0.0.1:"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "example.org:80"}, GS_ERROR_INPUT, "is not an address"},
      {{"127.0.0.1:0", "0.0.0.0:0"}, GS_ERROR_INPUT, "--listen-any"},
      {{"127.0.0.1:0", "[::]:0"}, GS_ERROR_INPUT, "--listen-any"},
      {{"127.0.0.1:18099", "localhost:18099"}, GS_ERROR_INPUT, "'localhost:18099' is the same"},
      {{"127.0.0.1:0", f.at}, GS_ERROR_SYSTEM, "something else listens there"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    GsHttpServer *server =
        gs_http_server_new(bad[i].addresses, 2, false, &f.limits, handle, &f.calls, &error);
    cr_assert_null(server, "%s", bad[i].addresses[1]);
    cr_expect(g_error_matches(error, GS_ERROR, bad[i].code), "%s", error->message);
    cr_expect(strstr(error->message, bad[i].says) != NULL, "%s", error->message);
    cr_expect(strstr(error->message, bad[i].addresses[1]) != NULL, "%s", error->message);
  }
  g_autoptr(GError) error = NULL;
  const char *nowhere = "203.0.113.7:0";
  cr_assert_null(gs_http_server_new(&nowhere, 1, true, &f.limits, handle, &f.calls, &error));
  cr_expect(strstr(error->message, "no such address") != NULL, "%s", error->message);
  const char *any[] = {"0.0.0.0:0", "[::1]:0"};
  GsHttpServer *server = gs_http_server_new(any, 2, true, &f.limits, handle, &f.calls, NULL);
  cr_assert(server);
  cr_assert(gs_http_server_start(server, NULL));
  const char *colon = strrchr(gs_http_server_address(server, 0), ':');
  g_autofree char *reach = g_strdup_printf("127.0.0.1%s", colon);
  g_auto(GsTestReply) reply = gs_test_ask(reach, "GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  cr_expect_str_eq(reply.body->str, "GET /x ? @0 auth= 0:");
  gs_http_server_free(server);
  end(&f);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "core/error.h"
#include "sim/base/clock.h"
#include "sim/http/client.h"
#include "tests/sim/http/http_listener.h"

/** A client, and what it said became of messages; `seen` is safe to read after a drain or stop. */
typedef struct {
  GsHttpClient *client;
  GArray *seen; /**< of Seen */
  GsHttpPeer *resend;
} Sender;

typedef struct {
  GsHttpPeer *peer;
  GsHttpOutcome outcome;
  guint status;
} Seen;

/** Short times, so that tests are quick; long enough for a busy machine to answer in time. */
static const GsHttpClientLimits QUICK = {
    .timeout_ms = 5000, .connect_timeout_ms = 3000, .backoff_first_ms = 1, .backoff_most_ms = 20};
#define DRAIN_MS 60000

static void note(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about, void *data) {
  (void)about;
  Sender *sender = data;
  Seen seen = {peer, outcome, status};
  g_array_append_val(sender->seen, seen);
  if (sender->resend && sender->seen->len < 10) {
    g_autoptr(GBytes) body = g_bytes_new_static("again", 5);
    cr_assert(gs_http_client_send(sender->client, sender->resend, body, NULL));
  }
}

static void sender_start_with(Sender *sender, const GsHttpClientLimits *limits,
                              const GsHttpAllow *allow) {
  g_autoptr(GError) error = NULL;
  *sender = (Sender){.seen = g_array_new(FALSE, FALSE, sizeof(Seen))};
  sender->client = gs_http_client_new(allow, "/messaging", limits, note, sender, &error);
  cr_assert(sender->client, "%s", error ? error->message : "no message");
}

static void sender_start(Sender *sender, const GsHttpClientLimits *limits) {
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  sender_start_with(sender, limits, allow);
}

static void sender_end(Sender *sender) {
  gs_http_client_free(sender->client);
  g_array_unref(sender->seen);
}

static GsHttpPeer *peer_at(Sender *sender, const char *address) {
  g_autoptr(GError) error = NULL;
  GsHttpPeer *peer = gs_http_client_peer(sender->client, address, &error);
  cr_assert(peer, "%s", error ? error->message : "no message");
  return peer;
}

static bool send_text(Sender *sender, GsHttpPeer *peer, const char *text) {
  g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
  return gs_http_client_send(sender->client, peer, body, NULL);
}

static void drain(Sender *sender) {
  cr_assert(gs_http_client_drain(sender->client, DRAIN_MS));
}

static const Seen *seen(const Sender *sender, guint index) {
  cr_assert_lt(index, sender->seen->len);
  return &g_array_index(sender->seen, Seen, index);
}

static GsHttpPeerStats stats(Sender *sender, const GsHttpPeer *peer) {
  GsHttpPeerStats out;
  gs_http_client_peer_stats(sender->client, peer, &out);
  return out;
}

/** Sends one message to a listener with these steps; its outcome. */
typedef struct {
  GsHttpOutcome outcome;
  guint status, requests, connections;
  GsHttpPeerStats stats;
} Tried;

static Tried try_steps(const GsTestStep *steps, guint count, const GsHttpClientLimits *limits) {
  GsTestListener *listener = gs_test_listener_new(steps, count);
  Sender sender;
  sender_start(&sender, limits);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(listener));
  cr_assert(send_text(&sender, peer, "{\"a\": 1}"));
  drain(&sender);
  cr_assert_eq(sender.seen->len, 1);
  Tried tried = {seen(&sender, 0)->outcome, seen(&sender, 0)->status,
                 gs_test_listener_requests(listener), gs_test_listener_connections(listener),
                 stats(&sender, peer)};
  sender_end(&sender);
  gs_test_listener_free(listener);
  return tried;
}
#define TRY(limits, ...)                                                                           \
  try_steps((const GsTestStep[]){__VA_ARGS__},                                                     \
            sizeof((const GsTestStep[]){__VA_ARGS__}) / sizeof(GsTestStep), limits)

Test(http_client, a_message_is_the_documented_request) {
  GsTestListener *listener = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  g_setenv("http_proxy", "http://127.0.0.1:1", TRUE);
  Sender sender;
  sender_start(&sender, &QUICK);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(listener));
  cr_assert(send_text(&sender, peer, "{\"msg\": {}}"));
  cr_assert(send_text(&sender, peer, ""));
  g_autofree char *large = g_strnfill(3 << 20, 'y');
  cr_assert(send_text(&sender, peer, large));
  drain(&sender);
  for (guint i = 0; i < 3; i++) {
    static const guint lengths[] = {11, 0, 3 << 20};
    g_autofree char *head = gs_test_listener_head(listener, i);
    g_autofree char *expected =
        g_strdup_printf("GET /messaging HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n"
                        "Content-Type: application/json\r\nContent-Length: %u\r\n\r\n",
                        gs_test_listener_address(listener), lengths[i]);
    cr_expect_str_eq(head, expected);
    cr_expect_eq(seen(&sender, i)->outcome, GS_HTTP_DELIVERED);
    cr_expect_eq(seen(&sender, i)->status, 200);
    cr_expect_eq(seen(&sender, i)->peer, peer);
  }
  g_autofree char *first = gs_test_listener_body(listener, 0);
  g_autofree char *third = gs_test_listener_body(listener, 2);
  cr_expect_str_eq(first, "{\"msg\": {}}");
  cr_expect(strcmp(third, large) == 0);
  cr_expect_eq(gs_test_listener_connections(listener), 1);
  sender_end(&sender);
  gs_test_listener_free(listener);
}

Test(http_client, order_is_kept_on_one_connection) {
  /* Now and then a try fails, and what follows must not overtake. */
  GsTestStep steps[300];
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
    steps[i] = (GsTestStep){
        .answer = i % 50 == 49 ? "HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\n!" : GS_TEST_200};
  steps[G_N_ELEMENTS(steps) - 1].answer = GS_TEST_200;
  GsTestListener *listener = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
  Sender sender;
  sender_start(&sender, &QUICK);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(listener));
  for (guint i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf("%u", i);
    cr_assert(send_text(&sender, peer, text));
  }
  drain(&sender);
  cr_assert_eq(gs_test_listener_requests(listener), 1005);
  for (guint i = 0, next = 0; i < 1005; i++) {
    g_autofree char *body = gs_test_listener_body(listener, i);
    g_autofree char *expected = g_strdup_printf("%u", next);
    cr_assert_str_eq(body, expected, "request %u", i);
    if (i >= 299 || i % 50 != 49)
      next++;
  }
  GsHttpPeerStats after = stats(&sender, peer);
  cr_expect_eq(after.delivered, 1000);
  cr_expect_eq(after.retried, 5);
  cr_expect_eq(after.waiting, 0);
  cr_expect_eq(after.waiting_bytes, 0);
  cr_expect_eq(after.connections, 1);
  cr_expect_eq(gs_test_listener_connections(listener), 1);
  sender_end(&sender);
  gs_test_listener_free(listener);
}

Test(http_client, the_status_decides) {
  static const struct {
    guint status;
    GsHttpOutcome outcome;
    guint requests;
  } cases[] = {
      {200, GS_HTTP_DELIVERED, 1}, {202, GS_HTTP_DELIVERED, 1}, {299, GS_HTTP_DELIVERED, 1},
      {301, GS_HTTP_REFUSED, 1},   {307, GS_HTTP_REFUSED, 1},   {400, GS_HTTP_REFUSED, 1},
      {401, GS_HTTP_REFUSED, 1},   {404, GS_HTTP_REFUSED, 1},   {407, GS_HTTP_REFUSED, 1},
      {413, GS_HTTP_REFUSED, 1},   {417, GS_HTTP_REFUSED, 1},   {408, GS_HTTP_FAILED, 3},
      {425, GS_HTTP_FAILED, 3},    {429, GS_HTTP_FAILED, 3},    {500, GS_HTTP_FAILED, 3},
      {503, GS_HTTP_FAILED, 3},    {599, GS_HTTP_FAILED, 3},
  };
  GsHttpClientLimits limits = QUICK;
  limits.tries_max = 3;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *answer = g_strdup_printf("HTTP/1.1 %u Something\r\nLocation: /x\r\n"
                                              "Content-Length: 2\r\n\r\nno",
                                              cases[i].status);
    Tried tried = TRY(&limits, {.answer = answer});
    cr_expect_eq(tried.outcome, cases[i].outcome, "%u", cases[i].status);
    cr_expect_eq(tried.status, cases[i].status);
    cr_expect_eq(tried.requests, cases[i].requests, "%u: %u", cases[i].status, tried.requests);
    cr_expect_eq(tried.stats.last_status, cases[i].status);
    cr_expect_eq(tried.stats.up, cases[i].outcome != GS_HTTP_FAILED);
    cr_expect_eq(tried.stats.down_since_s > 0, cases[i].outcome == GS_HTTP_FAILED);
    cr_expect_eq(tried.stats.retried, cases[i].requests - 1);
    if (cases[i].status >= 300)
      cr_expect(strstr(tried.stats.last_error, "status"), "%s", tried.stats.last_error);
  }
}

Test(http_client, a_pause_asked_for_is_kept_up_to_the_longest) {
  GsHttpClientLimits limits = QUICK;
  limits.backoff_most_ms = 400;
  const char *busy = "HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n";
  double start = gs_clock_s();
  Tried tried = TRY(&limits, {.answer = busy}, {.answer = GS_TEST_200});
  double took = gs_clock_s() - start;
  cr_expect_eq(tried.outcome, GS_HTTP_DELIVERED);
  cr_expect_eq(tried.stats.retried, 1);
  cr_expect_eq(tried.connections, 1);
  cr_expect(took >= 0.4 && took < 30, "%g s", took);
  cr_expect(tried.stats.up);
  cr_expect_eq(tried.stats.down_since_s, 0);
}

Test(http_client, an_answer_that_breaks_off_anywhere_is_dealt_with) {
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const guint line = strlen("HTTP/1.1 200 OK\r\n");
  for (guint length = 0; length < sizeof answer; length++) {
    for (GsTestThen then = GS_TEST_CLOSE; then <= GS_TEST_RESET; then++) {
      Tried tried = TRY(&QUICK, {.answer = length ? answer : NULL, .length = length, .then = then},
                        {.answer = GS_TEST_200});
      cr_assert_eq(tried.outcome, GS_HTTP_DELIVERED, "%u bytes", length);
      /* A reset may overtake what was sent before. */
      if (length >= line && then == GS_TEST_CLOSE)
        cr_assert_eq(tried.requests, 1, "%u bytes: it was answered, so it is not sent again",
                     length);
      else
        cr_assert_leq(tried.requests, 2, "%u bytes", length);
    }
  }
}

Test(http_client, a_connection_that_ends_anywhere_in_a_request_is_made_again) {
  static const guint at[] = {0, 1, 20, 100, 117};
  for (guint i = 0; i < G_N_ELEMENTS(at); i++) {
    for (GsTestThen then = GS_TEST_CLOSE; then <= GS_TEST_RESET; then++) {
      Tried tried = TRY(&QUICK, {.read_bytes = at[i], .at_once = at[i] == 0, .then = then},
                        {.answer = GS_TEST_200});
      cr_expect_eq(tried.outcome, GS_HTTP_DELIVERED);
      cr_expect_eq(tried.connections, 2);
      cr_expect_eq(tried.requests, 1);
    }
  }
}

Test(http_client, nonsense_fails_and_is_never_taken_for_an_answer) {
  static const char *const nonsense[] = {
      "nonsense\r\n\r\n",
      "\n",
      "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/9.9 200 OK\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n",
      "\x16\x03\x01\x02",
      "HTTP/1.1 101 Switch\r\n\r\n",
      "\x1b[31m{\"title\": 1}",
  };
  GsHttpClientLimits limits = QUICK;
  limits.tries_max = 2;
  for (guint i = 0; i < G_N_ELEMENTS(nonsense); i++) {
    Tried tried = TRY(&limits, {.answer = nonsense[i], .then = GS_TEST_CLOSE});
    cr_expect_eq(tried.outcome, GS_HTTP_FAILED, "%s", nonsense[i]);
    cr_expect_not(tried.stats.up);
    cr_expect(tried.stats.last_error[0], "%s", nonsense[i]);
    for (const char *c = tried.stats.last_error; *c; c++)
      cr_expect(g_ascii_isprint(*c));
  }
}

Test(http_client, an_endless_answer_is_not_waited_for) {
  GsHttpClientLimits limits = QUICK;
  limits.timeout_ms = 60000;
  limits.tries_max = 1;
  double start = gs_clock_s();
  const char *body = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
  Tried tried = TRY(&limits, {.answer = body, .padding = 1000000});
  cr_expect_eq(tried.outcome, GS_HTTP_DELIVERED);
  cr_expect_eq(tried.requests, 1);
  Tried head = TRY(&limits, {.answer = "HTTP/1.1 404 No\r\nX: ", .padding = 1000000});
  cr_expect_eq(head.outcome, GS_HTTP_REFUSED);
  g_autoptr(GString) interim = g_string_new(NULL);
  for (guint i = 0; i < 10000; i++)
    g_string_append(interim, "HTTP/1.1 103 Hints\r\nA: b\r\n\r\n");
  Tried hints = TRY(&limits, {.answer = interim->str});
  cr_expect_eq(hints.outcome, GS_HTTP_FAILED);
  cr_expect_lt(gs_clock_s() - start, 30);
}

Test(http_client, late_answers_are_waited_for_and_missing_ones_are_not) {
  GsHttpClientLimits limits = QUICK;
  Tried late = TRY(&limits, {.answer = GS_TEST_200, .delay_ms = 300});
  cr_expect_eq(late.outcome, GS_HTTP_DELIVERED);
  cr_expect_eq(late.requests, 1);
  limits.timeout_ms = 150;
  limits.tries_max = 2;
  double start = gs_clock_s();
  Tried never = TRY(&limits, {.then = GS_TEST_KEEP});
  double took = gs_clock_s() - start;
  cr_expect_eq(never.outcome, GS_HTTP_FAILED);
  cr_expect_eq(never.status, 0);
  cr_expect_eq(never.requests, 2);
  cr_expect(took >= 0.3 && took < 30, "%g s", took);
  cr_expect(strstr(never.stats.last_error, "timed out"), "%s", never.stats.last_error);
}

Test(http_client, an_idle_connection_that_was_closed_is_made_again_without_a_failure) {
  GsTestListener *listener =
      gs_test_listener_new((GsTestStep[]){{.answer = GS_TEST_200, .then = GS_TEST_CLOSE}}, 1);
  Sender sender;
  sender_start(&sender, &QUICK);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(listener));
  for (guint i = 0; i < 50; i++)
    cr_assert(send_text(&sender, peer, "{}"));
  drain(&sender);
  cr_expect_eq(gs_test_listener_requests(listener), 50);
  cr_expect_eq(gs_test_listener_connections(listener), 50);
  cr_expect_eq(stats(&sender, peer).delivered, 50);
  sender_end(&sender);
  gs_test_listener_free(listener);
}

Test(http_client, a_dead_peer_fails_and_holds_nobody_up) {
  g_autofree char *dead = gs_test_dead_address(), *silent = gs_test_silent_address();
  GsTestListener *mute = gs_test_listener_new(&(GsTestStep){.then = GS_TEST_KEEP}, 1);
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  GsHttpClientLimits limits = {.timeout_ms = 60000, .connect_timeout_ms = 60000};
  limits.tries_max = 2;
  Sender sender;
  sender_start(&sender, &limits);
  GsHttpPeer *to[] = {peer_at(&sender, dead), peer_at(&sender, silent),
                      peer_at(&sender, gs_test_listener_address(mute)),
                      peer_at(&sender, gs_test_listener_address(good))};
  double start = gs_clock_s();
  for (guint i = 0; i < 1000; i++)
    for (guint j = 0; j < G_N_ELEMENTS(to); j++)
      cr_assert(send_text(&sender, to[j], "{}"));
  while (stats(&sender, to[3]).waiting > 0 || stats(&sender, to[0]).failed == 0)
    g_usleep(1000);
  double took = gs_clock_s() - start;
  cr_expect_lt(took, 30, "%g s", took);
  GsHttpPeerStats refused = stats(&sender, to[0]);
  cr_expect_not(refused.up);
  cr_expect(refused.down_since_s >= start && refused.down_since_s <= gs_clock_s());
  cr_expect(strstr(refused.last_error, "connect"), "%s", refused.last_error);
  cr_expect_eq(stats(&sender, to[1]).waiting, 1000);
  cr_expect_eq(stats(&sender, to[2]).waiting, 1000);
  cr_expect_eq(stats(&sender, to[3]).delivered, 1000);
  cr_expect_not(gs_http_client_drain(sender.client, 10));
  start = gs_clock_s();
  gs_http_client_stop(sender.client);
  cr_expect_lt(gs_clock_s() - start, 10);
  guint abandoned = 0;
  for (guint i = 0; i < sender.seen->len; i++)
    abandoned += seen(&sender, i)->outcome == GS_HTTP_ABANDONED;
  cr_expect_eq(sender.seen->len, 4000);
  cr_expect_geq(abandoned, 2000);
  cr_expect_eq(stats(&sender, to[1]).abandoned, 1000);
  cr_expect(gs_http_client_drain(sender.client, 0));
  cr_expect_not(send_text(&sender, to[3], "{}"), "nothing is taken after the end");
  sender_end(&sender);
  gs_test_listener_free(mute);
  gs_test_listener_free(good);
}

Test(http_client, dead_peers_take_half_of_the_connections_at_most) {
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  /* They close the first connection, and never answer on later ones. */
  const GsTestStep steps[] = {{.at_once = true, .then = GS_TEST_CLOSE}, {.then = GS_TEST_KEEP}};
  GsTestListener *mute[8];
  GsHttpClientLimits limits = {
      .timeout_ms = 60000, .connections_max = 4, .backoff_first_ms = 50, .tries_max = 2};
  Sender sender;
  sender_start(&sender, &limits);
  for (guint i = 0; i < G_N_ELEMENTS(mute); i++) {
    mute[i] = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
    GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(mute[i]));
    cr_assert(send_text(&sender, peer, "{}"));
    while (stats(&sender, peer).up)
      g_usleep(100);
  }
  for (guint tried = 0; tried < 2; g_usleep(1000)) {
    tried = 0;
    for (guint i = 0; i < G_N_ELEMENTS(mute); i++)
      tried += gs_test_listener_requests(mute[i]);
  }
  g_usleep(100000); /* more may not be tried now, so all pauses end */
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(good));
  double start = gs_clock_s();
  for (guint i = 0; i < 2000; i++)
    cr_assert(send_text(&sender, peer, "{}"));
  while (stats(&sender, peer).waiting > 0 && gs_clock_s() - start < 30)
    g_usleep(1000);
  cr_expect_eq(stats(&sender, peer).delivered, 2000);
  sender_end(&sender);
  gs_test_listener_free(good);
  for (guint i = 0; i < G_N_ELEMENTS(mute); i++)
    gs_test_listener_free(mute[i]);
}

Test(http_client, a_dead_peer_comes_back_while_others_have_all_connections) {
  GsTestListener *good[4];
  const GsTestStep steps[] = {{.at_once = true, .then = GS_TEST_CLOSE}, {.answer = GS_TEST_200}};
  GsTestListener *late = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
  GsHttpClientLimits limits = QUICK;
  limits.connections_max = 2;
  Sender sender;
  sender_start(&sender, &limits);
  GsHttpPeer *peers[4], *last = peer_at(&sender, gs_test_listener_address(late));
  for (guint i = 0; i < 4; i++) {
    good[i] = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
    peers[i] = peer_at(&sender, gs_test_listener_address(good[i]));
  }
  cr_assert(send_text(&sender, last, "{}"));
  double start = gs_clock_s();
  while (stats(&sender, last).delivered == 0 && gs_clock_s() - start < 30)
    for (guint i = 0; i < 4; i++)
      if (stats(&sender, peers[i]).waiting < 100)
        cr_assert(send_text(&sender, peers[i], "{}"));
  cr_expect_eq(stats(&sender, last).delivered, 1);
  sender_end(&sender);
  gs_test_listener_free(late);
  for (guint i = 0; i < 4; i++)
    gs_test_listener_free(good[i]);
}

Test(http_client, more_peers_than_connections_all_get_theirs) {
  GsTestListener *listeners[12];
  GsHttpClientLimits limits = QUICK;
  limits.connections_max = 3;
  Sender sender;
  sender_start(&sender, &limits);
  for (guint i = 0; i < 12; i++)
    listeners[i] = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  for (guint i = 0; i < 1200; i++)
    cr_assert(
        send_text(&sender, peer_at(&sender, gs_test_listener_address(listeners[i % 12])), "{}"));
  drain(&sender);
  for (guint i = 0; i < 12; i++) {
    cr_expect_eq(gs_test_listener_requests(listeners[i]), 100);
    gs_test_listener_free(listeners[i]);
  }
  sender_end(&sender);
}

Test(http_client, a_full_queue_takes_nothing_more) {
  GsTestListener *mute = gs_test_listener_new(&(GsTestStep){.then = GS_TEST_KEEP}, 1);
  GsHttpClientLimits limits = {.queue_max = 10, .queue_bytes_max = 100, .peers_max = 2};
  Sender sender;
  sender_start(&sender, &limits);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(mute));
  for (guint i = 0; i < 25; i++)
    cr_expect_eq(send_text(&sender, peer, "12345"), i < 10, "%u", i);
  cr_expect_eq(stats(&sender, peer).waiting, 10);
  cr_expect_eq(stats(&sender, peer).waiting_bytes, 50);
  cr_expect_eq(stats(&sender, peer).dropped_full, 15);
  g_autofree char *dead = gs_test_dead_address();
  GsHttpPeer *other = peer_at(&sender, dead);
  g_autofree char *fifty = g_strnfill(50, 'x'), *more = g_strnfill(101, 'x');
  cr_expect_not(send_text(&sender, other, more));
  cr_expect(send_text(&sender, other, fifty));
  cr_expect_eq(stats(&sender, other).dropped_full, 1);
  g_autoptr(GError) error = NULL;
  cr_expect_null(gs_http_client_peer(sender.client, "127.0.0.1:9", &error));
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_LIMIT));
  cr_expect_str_eq(error->message, "\"127.0.0.1:9\" is one peer too many; at most 2 can be");
  sender_end(&sender);
  gs_test_listener_free(mute);
}

Test(http_client, what_waits_for_a_peer_is_limited_in_bytes_together) {
  GsTestListener *mute = gs_test_listener_new(&(GsTestStep){.then = GS_TEST_KEEP}, 1);
  GsHttpClientLimits limits = {.queue_max = 1000, .queue_bytes_max = 100};
  Sender sender;
  sender_start(&sender, &limits);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(mute));
  g_autofree char *fifty = g_strnfill(50, 'x');
  for (guint i = 0; i < 3; i++)
    cr_expect_eq(send_text(&sender, peer, fifty), i < 2, "%u", i);
  sender_end(&sender);
  gs_test_listener_free(mute);
}

Test(http_client, peers_are_the_same_for_the_same_address) {
  Sender sender;
  sender_start(&sender, &QUICK);
  GsHttpPeer *peer = peer_at(&sender, "LocalHost:81");
  cr_expect_eq(peer_at(&sender, "localhost:81"), peer);
  cr_expect_neq(peer_at(&sender, "localhost:82"), peer);
  cr_expect_str_eq(gs_http_peer_address(peer), "localhost:81");
  static const char *const bad[] = {"",      "localhost",    "localhost:0", "http://localhost:1",
                                    "a b:1", "localhost:1/x"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    cr_expect_null(gs_http_client_peer(sender.client, bad[i], &error), "%s", bad[i]);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT), "%s", bad[i]);
  }
  sender_end(&sender);
}

Test(http_client, addresses_that_are_not_allowed_are_never_called) {
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  Sender sender;
  sender_start(&sender, &QUICK);
  g_autofree char *mapped = g_strdup_printf("[::ffff:127.0.0.1]:%u", gs_test_listener_port(good));
  g_autofree char *named = g_strdup_printf("localhost:%u", gs_test_listener_port(good));
  g_autofree char *odd = g_strdup_printf("127.1:%u", gs_test_listener_port(good));
  g_autofree char *any = g_strdup_printf("0.0.0.0:%u", gs_test_listener_port(good));
  const char *addresses[] = {"192.0.2.1:80", odd, any, "example.invalid:80", mapped, named};
  for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
    for (guint j = 0; j < 3; j++)
      cr_assert(send_text(&sender, peer_at(&sender, addresses[i]), "{}"));
    drain(&sender);
    GsHttpPeerStats after = stats(&sender, peer_at(&sender, addresses[i]));
    bool allowed = i >= 4;
    cr_expect_eq(after.forbidden, allowed ? 0 : 3, "%s", addresses[i]);
    cr_expect_eq(after.delivered, allowed ? 3 : 0, "%s: %s", addresses[i], after.last_error);
    cr_expect_eq(seen(&sender, 3 * i + 2)->outcome,
                 allowed ? GS_HTTP_DELIVERED : GS_HTTP_FORBIDDEN);
    if (!allowed)
      cr_expect(strstr(after.last_error, "may not be called") || i == 1, "%s", after.last_error);
  }
  cr_expect_eq(gs_test_listener_requests(good), 6);
  sender_end(&sender);
  gs_test_listener_free(good);
}

Test(http_client, a_message_to_an_idle_client_goes_at_once) {
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  Sender sender;
  sender_start(&sender, &QUICK);
  GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(good));
  double start = gs_clock_s();
  for (guint i = 0; i < 60; i++) {
    cr_assert(send_text(&sender, peer, "{}"));
    drain(&sender);
  }
  cr_expect_lt(gs_clock_s() - start, 20);
  sender_end(&sender);
  gs_test_listener_free(good);
}

Test(http_client, what_hears_of_an_outcome_may_send) {
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  Sender sender;
  sender_start(&sender, &QUICK);
  sender.resend = peer_at(&sender, gs_test_listener_address(good));
  cr_assert(send_text(&sender, sender.resend, "{}"));
  drain(&sender);
  cr_expect_eq(gs_test_listener_requests(good), 10);
  cr_expect_eq(sender.seen->len, 10);
  sender_end(&sender);
  /* To one that is not allowed, too. */
  sender_start(&sender, &QUICK);
  sender.resend = peer_at(&sender, "192.0.2.1:80");
  cr_assert(send_text(&sender, sender.resend, "{}"));
  drain(&sender);
  cr_expect_eq(sender.seen->len, 10);
  sender_end(&sender);
  gs_test_listener_free(good);
}

Test(http_client, a_client_may_end_at_once_and_in_the_middle) {
  for (guint i = 0; i < 20; i++) {
    GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
    Sender sender;
    sender_start(&sender, i % 2 ? NULL : &QUICK);
    GsHttpPeer *peer = peer_at(&sender, gs_test_listener_address(good));
    for (guint j = 0; j < i * 50; j++)
      cr_assert(send_text(&sender, peer, "{}"));
    gs_http_client_drain(sender.client, i % 4);
    gs_http_client_stop(sender.client);
    GsHttpPeerStats after = stats(&sender, peer);
    cr_expect_eq(sender.seen->len, i * 50);
    cr_expect_eq(after.delivered + after.abandoned, i * 50);
    cr_expect_eq(after.waiting, 0);
    cr_expect_leq(after.delivered, gs_test_listener_requests(good));
    sender_end(&sender);
    gs_test_listener_free(good);
  }
  gs_http_client_free(NULL);
}

Test(http_client, a_path_that_is_none_is_refused) {
  static const char *const bad[] = {"", "messaging", "/a b", "/a#b", "/a\r\nX: y", "http://x/"};
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    cr_expect_null(gs_http_client_new(allow, bad[i], NULL, NULL, NULL, &error), "%s", bad[i]);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT), "%s", bad[i]);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/http/client.h"
#include "tests/sim/http/http_listener.h"

#define DRAIN_MS 60000

static void count(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about, void *data) {
  (void)about;
  (void)peer;
  (void)outcome;
  (void)status;
  ++*(guint *)data;
}

Test(http_probe, a_probe_finds_out_whether_anybody_is_there_and_is_no_message) {
  static const GsTestStep busy = {
      .answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"};
  GsTestListener *there = gs_test_listener_new(&busy, 1), *gone = gs_test_listener_new(&busy, 1);
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  guint told = 0;
  GsHttpClient *client = gs_http_client_new(allow, "/messaging", NULL, count, &told, NULL);
  cr_assert(client);
  GsHttpPeer *peer = gs_http_client_peer(client, gs_test_listener_address(there), NULL);
  GsHttpPeer *nobody = gs_http_client_peer(client, gs_test_listener_address(gone), NULL);
  gs_test_listener_free(gone);
  cr_assert(gs_http_client_probe(client, peer));
  cr_assert(gs_http_client_probe(client, nobody));
  cr_assert(gs_http_client_drain(client, DRAIN_MS));
  GsHttpPeerStats answers, silence;
  gs_http_client_peer_stats(client, peer, &answers);
  gs_http_client_peer_stats(client, nobody, &silence);
  cr_expect(!answers.silent && !answers.probing && answers.probed_s > 0);
  cr_expect(silence.silent && !silence.probing && silence.probed_s <= 0);
  cr_expect_eq(gs_test_listener_requests(there), 1, "it is tried once");
  cr_expect_eq(told, 0, "and no message");
  cr_expect_eq(answers.refused + answers.failed + silence.failed + silence.waiting, 0);
  gs_http_client_free(client);
  gs_test_listener_free(there);
}

static void note_about(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about,
                       void *data) {
  (void)peer;
  (void)outcome;
  (void)status;
  *(void **)data = about;
}

Test(http_probe, a_peer_is_forgotten_when_it_has_nothing_to_do_and_makes_room) {
  GsTestListener *there = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  g_autofree char *nowhere = gs_test_dead_address();
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  g_autoptr(GBytes) body = g_bytes_new_static("x", 1);
  void *about = NULL;
  GsHttpClientLimits limits = {.peers_max = 1, .backoff_first_ms = 60000, .backoff_most_ms = 60000};
  GsHttpClient *client = gs_http_client_new(allow, "/messaging", &limits, note_about, &about, NULL);
  cr_assert(client);
  GsHttpPeer *peer = gs_http_client_peer(client, gs_test_listener_address(there), NULL);
  cr_assert_null(gs_http_client_peer(client, nowhere, NULL), "there is room for one");
  cr_assert(gs_http_client_send(client, peer, body, there));
  cr_assert(gs_http_client_drain(client, DRAIN_MS));
  cr_expect_eq(about, there);
  cr_expect(gs_http_client_forget(client, peer));
  peer = gs_http_client_peer(client, nowhere, NULL);
  cr_assert(peer, "now there is room");
  cr_assert(gs_http_client_send(client, peer, body, NULL));
  cr_expect(!gs_http_client_forget(client, peer), "its message has no outcome yet");
  gs_http_client_free(client);
  gs_test_listener_free(there);
}

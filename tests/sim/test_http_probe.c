/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/http/client.h"
#include "tests/sim/http_listener.h"

#define DRAIN_MS 60000

static void count(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *data) {
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/http/client.h"

#define PATIENCE_MS 8000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  int listening;
  GsHttpClient *client;
  GsHttpPeer *peer;
  guint outcomes; /**< atomic */
} Fuzz;

static void require(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "FAILED: %s\n", what);
  abort();
}

static void on_done(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about,
                    void *data) {
  (void)about;
  Fuzz *fuzz = data;
  (void)peer;
  bool taken = status >= 200 && status < 300;
  require((outcome == GS_HTTP_DELIVERED) == taken, "another outcome than the status says");
  require(outcome == GS_HTTP_DELIVERED || outcome == GS_HTTP_REFUSED || outcome == GS_HTTP_FAILED,
          "an outcome that cannot be");
  __atomic_add_fetch(&fuzz->outcomes, 1, __ATOMIC_RELEASE);
}

static void begin(Fuzz *fuzz) {
  const GsHttpClientLimits limits = {.tries_max = 1,
                                     .timeout_ms = 4000,
                                     .backoff_first_ms = 1,
                                     .backoff_most_ms = 1,
                                     .answer_bytes_max = 2000};
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof where;
  fuzz->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(fuzz->listening >= 0 &&
              bind(fuzz->listening, (const struct sockaddr *)&where, sizeof where) == 0 &&
              listen(fuzz->listening, 16) == 0 &&
              getsockname(fuzz->listening, (struct sockaddr *)&where, &length) == 0,
          "no socket");
  fuzz->client = gs_http_client_new(allow, "/messaging", &limits, on_done, fuzz, NULL);
  require(fuzz->client, "no client");
  g_autofree char *address = g_strdup_printf("127.0.0.1:%u", ntohs(where.sin_port));
  fuzz->peer = gs_http_client_peer(fuzz->client, address, NULL);
  require(fuzz->peer, "no peer");
}

/** What a peer answers to a message: it has one outcome, which is that of the status, if any. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Fuzz fuzz;
  if (!fuzz.client)
    begin(&fuzz);
  guint before = __atomic_load_n(&fuzz.outcomes, __ATOMIC_ACQUIRE);
  g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);
  require(gs_http_client_send(fuzz.client, fuzz.peer, body, NULL), "the queue is full");
  /* libFuzzer's own timer interrupts what waits here. */
  int fd = (int)TEMP_FAILURE_RETRY(accept4(fuzz.listening, NULL, NULL, SOCK_CLOEXEC));
  char request[2000];
  require(fd >= 0 && TEMP_FAILURE_RETRY(recv(fd, request, sizeof request, 0)) > 0, "no request");
  ssize_t sent = TEMP_FAILURE_RETRY(send(fd, data, size, MSG_NOSIGNAL));
  (void)sent;
  shutdown(fd, SHUT_WR);
  require(gs_http_client_drain(fuzz.client, PATIENCE_MS), "no outcome");
  require(__atomic_load_n(&fuzz.outcomes, __ATOMIC_ACQUIRE) == before + 1, "not one outcome");
  close(fd);
  GsHttpPeerStats stats;
  gs_http_client_peer_stats(fuzz.client, fuzz.peer, &stats);
  require(g_str_is_ascii(stats.last_error) && !strpbrk(stats.last_error, "\r\n"),
          "an error that is no line of ASCII");
  return 0;
}

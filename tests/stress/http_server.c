/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/http/server.h"

/* Clients with good, broken, slow and abandoned requests and with event
 * streams, publishers, and a server that is stopped in the middle of it at
 * another moment each time. Meant for ThreadSanitizer; says nothing when all
 * is well. */

#define ROUNDS 25
#define CLIENTS 6
#define PUBLISHERS 2
#define LIMIT_S 10.0
#define STACK_BYTES ((gsize)1 << 20)
#define HOST "Host: localhost\r\n"

typedef struct {
  GsHttpServer *server;
  in_port_t port[2];
  bool done; /**< atomic */
  guint answered;
} Round;

typedef struct {
  Round *round;
  pthread_t thread;
  guint number;
} Worker;

static void handle(const GsHttpRequest *request, GsHttpResponse *response, void *data) {
  Round *round = data;
  if (strcmp(request->path, "/events") == 0) {
    if (gs_http_response_events(response))
      g_string_append(response->body, "data: first\n\n");
    return;
  }
  gs_http_server_publish(round->server, request->address, "data: request\n\n", 15);
  g_string_append_len(response->body, request->body, (gssize)request->body_length);
}

static bool is_done(Round *round) {
  return __atomic_load_n(&round->done, __ATOMIC_ACQUIRE);
}

static int connect_to(const Round *round, guint address) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = round->port[address]};
  const struct timeval patience = {.tv_sec = 2};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    abort();
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&where, sizeof where) == 0)
    return fd;
  close(fd);
  return -1;
}

/** What clients send; a '|' is where this one stops for a while, a '!' where it leaves. */
static const char *const texts[] = {
    "GET /a HTTP/1.1\r\n" HOST "\r\n",
    "GET /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
    "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\n",
    "GET /|a HTTP/1.1\r\n|" HOST "Content-Length: 5\r\n\r\nhe|llo",
    "GET /events HTTP/1.1\r\n" HOST "\r\n",
    "GET /events HTTP/1.1\r\n" HOST "\r\n|!",
    "GET /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhe!",
    "GET /a!",
    "NONSENSE\r\n\r\n",
    "GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
};

/** False when this client leaves. */
static bool send_text(int fd, const char *text) {
  while (*text) {
    size_t length = strcspn(text, "|!");
    if (length > 0 && send(fd, text, length, MSG_NOSIGNAL) < 0)
      return false;
    text += length;
    if (*text == '!')
      return false;
    if (*text++ == '|')
      usleep(300);
    else
      break;
  }
  return true;
}

static void *be_client(void *data) {
  Worker *worker = data;
  char buffer[2048];
  for (guint i = worker->number * 5; !is_done(worker->round); i++) {
    int fd = connect_to(worker->round, i % 2);
    for (guint j = 0; fd >= 0 && j < 4; j++) {
      bool stays = send_text(fd, texts[(i + j) % G_N_ELEMENTS(texts)]);
      if (!stays || recv(fd, buffer, sizeof buffer, 0) <= 0)
        break;
      __atomic_add_fetch(&worker->round->answered, 1, __ATOMIC_RELAXED);
    }
    if (fd >= 0)
      close(fd);
  }
  return NULL;
}

static void *be_publisher(void *data) {
  Worker *worker = data;
  GsHttpServerStats stats;
  char event[512];
  memset(event, 'e', sizeof event);
  memcpy(event, "data: ", 6);
  memcpy(event + sizeof event - 2, "\n\n", 2);
  while (!is_done(worker->round)) {
    gs_http_server_publish(worker->round->server, worker->number % 2, event, sizeof event);
    gs_http_server_stats(worker->round->server, GS_HTTP_ALL_ADDRESSES, &stats);
    usleep(100);
  }
  return NULL;
}

static void start_workers(Round *round, Worker *workers) {
  for (guint i = 0; i < CLIENTS + PUBLISHERS; i++) {
    workers[i] = (Worker){.round = round, .number = i};
    void *(*work)(void *) = i < CLIENTS ? be_client : be_publisher;
    if (!gs_thread_start(&workers[i].thread, STACK_BYTES, work, &workers[i], NULL))
      abort();
  }
}

static guint run_round(guint number) {
  static const char *const addresses[] = {"127.0.0.1:0", "127.0.0.1:0"};
  Round round = {0};
  Worker workers[CLIENTS + PUBLISHERS];
  GsHttpLimits limits;
  gs_http_default_limits(&limits);
  limits.stop_grace_s = 1;
  limits.events_max = 3;
  limits.events_backlog_bytes = 2000;
  limits.connections_max = number % 2 ? 4 : 64;
  round.server = gs_http_server_new(addresses, 2, false, &limits, handle, &round, NULL);
  if (!round.server || !gs_http_server_start(round.server, NULL))
    abort();
  for (guint i = 0; i < 2; i++)
    round.port[i] =
        htons((uint16_t)atoi(strrchr(gs_http_server_address(round.server, i), ':') + 1));
  start_workers(&round, workers);
  usleep(1000 + number * 37 % 17 * 10000);
  gs_http_server_stop_accepting(round.server);
  __atomic_store_n(&round.done, true, __ATOMIC_RELEASE);
  for (guint i = 0; i < CLIENTS + PUBLISHERS; i++)
    gs_thread_join(workers[i].thread);
  gs_http_server_free(round.server);
  return round.answered;
}

int main(void) {
  double began = gs_clock_s();
  guint answered = 0;
  for (guint i = 0; i < ROUNDS && gs_clock_s() - began < LIMIT_S; i++)
    answered += run_round(i);
  if (answered > 0)
    return 0;
  fprintf(stderr, "no request was answered\n");
  return 1;
}

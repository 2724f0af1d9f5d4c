/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Several threads send to several peers, of which some are dead, answer badly or
 * close, while others look at statistics; the client is stopped at odd moments,
 * with the threads still sending. Each message that was taken must have exactly
 * one outcome, and those of one thread to one peer must stay in order. Takes
 * about 5 s; an argument says how many seconds instead.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/http/client.h"

#define LISTENERS 3u
#define PEERS (LISTENERS + 2) /* one that nobody listens on, one that is forbidden */
#define THREADS 4u
#define CONNECTIONS_MAX 64u
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                      \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

typedef struct {
  int fd, stop[2];
  guint index;
  char address[32];
  pthread_t thread;
  int64_t newest[THREADS]; /**< number of the last message of each sender */
  uint64_t requests;
} Listener;

typedef struct {
  Listener listeners[LISTENERS];
  int dead_fd;
  GsHttpClient *client;
  GsHttpPeer *peers[PEERS];
  uint64_t outcomes[5]; /**< the client's thread counts, others read after it ended */
} World;

typedef struct {
  World *world;
  guint index;
  pthread_t thread;
  uint64_t taken;
  int64_t next;
} Sender;

static int bind_loopback(char *address, gsize size) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, length) == 0);
  CHECK(getsockname(fd, (struct sockaddr *)&at, &length) == 0);
  g_snprintf(address, size, "127.0.0.1:%u", ntohs(at.sin_port));
  return fd;
}

/** One request, "sender number" as its body; false when the connection is to be closed. */
static bool answer(Listener *listener, int fd) {
  char request[1024];
  ssize_t length = recv(fd, request, sizeof request - 1, 0);
  if (length <= 0)
    return false;
  request[length] = '\0';
  /* They are small and come one at a time, so nearly always in one piece. */
  const char *body = strstr(request, "\r\n\r\n");
  guint sender;
  long long number;
  if (!body || sscanf(body, "%u %lld;", &sender, &number) != 2)
    return false;
  CHECK(sender < THREADS);
  CHECK(number >= listener->newest[sender]); /* equal when it is sent again */
  listener->newest[sender] = number;
  uint64_t turn = ++listener->requests;
  const char *text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  if (listener->index == 1 && turn % 7 == 0)
    text = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nRetry-After: 0\r\n\r\nbusy";
  else if (listener->index == 1 && turn % 11 == 0)
    text = "nonsense\r\n\r\n";
  if (listener->index == 2 && turn % 5 == 0)
    return false;
  return send(fd, text, strlen(text), MSG_NOSIGNAL) > 0 && !(listener->index == 2 && turn % 3 == 0);
}

static void *listen_all(void *data) {
  Listener *listener = data;
  struct pollfd fds[CONNECTIONS_MAX + 2] = {{.fd = listener->stop[0], .events = POLLIN},
                                            {.fd = listener->fd, .events = POLLIN}};
  guint count = 2;
  while (poll(fds, count, -1) >= 0 && !fds[0].revents) {
    for (guint i = count - 1; i >= 2; i--) {
      if (fds[i].revents && !answer(listener, fds[i].fd)) {
        close(fds[i].fd);
        fds[i] = fds[--count];
      }
    }
    if (fds[1].revents && count < G_N_ELEMENTS(fds)) {
      int fd = accept(listener->fd, NULL, NULL);
      CHECK(fd >= 0);
      fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
  }
  while (count > 2)
    close(fds[--count].fd);
  return NULL;
}

static void done(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about, void *data) {
  (void)about;
  World *world = data;
  (void)status;
  world->outcomes[outcome]++;
  if (outcome == GS_HTTP_FORBIDDEN)
    CHECK(peer == world->peers[PEERS - 1]);
}

static void *send_many(void *data) {
  Sender *sender = data;
  World *world = sender->world;
  guint refused = 0;
  while (refused < 100) { /* all queues full, or stopped */
    char text[64];
    int length = g_snprintf(text, sizeof text, "%u %lld;", sender->index, (long long)sender->next);
    g_autoptr(GBytes) body = g_bytes_new(text, (gsize)length);
    GsHttpPeer *peer = world->peers[sender->next % PEERS];
    CHECK(gs_http_client_peer(world->client, gs_http_peer_address(peer), NULL) == peer);
    if (gs_http_client_send(world->client, peer, body, NULL)) {
      sender->taken++;
      refused = 0;
    } else {
      refused++;
    }
    if (++sender->next % 64 == 0) {
      GsHttpPeerStats stats;
      gs_http_client_peer_stats(world->client, peer, &stats);
      CHECK(stats.waiting <= 200);
      g_usleep(500);
    }
  }
  return NULL;
}

static void start_world(World *world) {
  for (guint i = 0; i < LISTENERS; i++) {
    Listener *listener = &world->listeners[i];
    listener->index = i;
    listener->fd = bind_loopback(listener->address, sizeof listener->address);
    for (guint j = 0; j < THREADS; j++)
      listener->newest[j] = -1;
    CHECK(listen(listener->fd, 64) == 0 && pipe(listener->stop) == 0);
    CHECK(gs_thread_start(&listener->thread, (gsize)1 << 20, listen_all, listener, NULL));
  }
  GsHttpClientLimits limits = {.queue_max = 200,
                               .timeout_ms = 3000,
                               .backoff_first_ms = 1,
                               .backoff_most_ms = 5,
                               .tries_max = 3};
  char dead[32];
  world->dead_fd = bind_loopback(dead, sizeof dead);
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  world->client = gs_http_client_new(allow, "/x", &limits, done, world, NULL);
  CHECK(world->client);
  for (guint i = 0; i < LISTENERS; i++)
    world->peers[i] = gs_http_client_peer(world->client, world->listeners[i].address, NULL);
  world->peers[LISTENERS] = gs_http_client_peer(world->client, dead, NULL);
  world->peers[LISTENERS + 1] = gs_http_client_peer(world->client, "192.0.2.1:80", NULL);
}

static uint64_t end_world(World *world, const Sender *senders) {
  uint64_t taken = 0, told = 0, counted = 0;
  for (guint i = 0; i < THREADS; i++)
    taken += senders[i].taken;
  for (guint i = 0; i < G_N_ELEMENTS(world->outcomes); i++)
    told += world->outcomes[i];
  for (guint i = 0; i < PEERS; i++) {
    GsHttpPeerStats stats;
    gs_http_client_peer_stats(world->client, world->peers[i], &stats);
    CHECK(stats.waiting == 0 && stats.waiting_bytes == 0);
    counted += stats.delivered + stats.refused + stats.failed + stats.forbidden + stats.abandoned;
  }
  CHECK(told == taken && counted == taken);
  gs_http_client_free(world->client);
  for (guint i = 0; i < LISTENERS; i++) {
    Listener *listener = &world->listeners[i];
    CHECK(write(listener->stop[1], "", 1) == 1);
    gs_thread_join(listener->thread);
    close(listener->stop[0]);
    close(listener->stop[1]);
    close(listener->fd);
  }
  close(world->dead_fd);
  return world->outcomes[GS_HTTP_DELIVERED];
}

static uint64_t round_of(guint run_ms, bool drain) {
  World world = {0};
  Sender senders[THREADS] = {0};
  start_world(&world);
  for (guint i = 0; i < THREADS; i++) {
    senders[i] = (Sender){.world = &world, .index = i};
    CHECK(gs_thread_start(&senders[i].thread, (gsize)1 << 20, send_many, &senders[i], NULL));
  }
  if (drain)
    gs_http_client_drain(world.client, run_ms);
  else
    g_usleep(run_ms * 1000);
  gs_http_client_stop(world.client);
  for (guint i = 0; i < THREADS; i++)
    gs_thread_join(senders[i].thread);
  return end_world(&world, senders);
}

int main(int argc, char **argv) {
  double until = gs_clock_s() + (argc > 1 ? atof(argv[1]) : 5);
  uint64_t delivered = 0;
  guint rounds = 0;
  /* Moments from 0 to 400 ms, early ones more often. */
  for (; rounds < 3 || gs_clock_s() < until; rounds++) {
    guint moment = rounds * 7919 % 21;
    delivered += round_of(moment * moment, rounds % 3 == 2);
  }
  printf("%u clients, %llu messages delivered\n", rounds, (unsigned long long)delivered);
  CHECK(delivered > 0);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* gridsim-hostile STREAMS DRIPS PEERS VICTIM PORT…: until it is told to end by SIGTERM, holds up
 * served nodes at these ports of 127.0.0.1 as far as it can, in one thread:
 *
 * - STREAMS event streams that it never reads, opened again when they are cut,
 * - DRIPS clients that send a byte of a request each second, and come again when they are cut,
 * - PEERS nodes that make themselves siblings of VICTIM, which is told something new a hundred
 *   times a second, and then never answer, answer
 *   byte by byte, without end, with nonsense, 503 or a redirection, or hang up.
 *
 * Then prints "hostile", and how many streams, drips and peers' connections there were at once at
 * most, and in all. */

#define TICK_MS 10
#define TICKS_PER_S (1000 / TICK_MS)
#define EVENTS 256
/* A stream that was cut is opened again in the next round of a second. */

typedef enum { STREAM, DRIP, LISTENER, CALL } Kind;

typedef struct {
  Kind kind;
  int fd; /**< -1: none */
  guint number;
  gsize at; /**< of a drip: bytes sent */
} Thing;

typedef struct {
  int epoll;
  in_port_t victim, *ports;
  int teller; /**< a connection to the victim, -1: none */
  guint port_count;
  Thing *things; /**< streams, drips and listeners */
  guint count;
  GHashTable *calls; /**< connections of siblings, as a set of Thing */
  guint open[4], most[4], all[4];
} Hostile;

static volatile sig_atomic_t told_to_end;

static void end(int number) {
  (void)number;
  told_to_end = 1;
}

static const char drip_text[] =
    "POST /messaging HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaa";

/** What a sibling says to whatever it is sent; NULL: nothing. */
static const char *const answers[] = {
    NULL, /* never answers */
    "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
    "SSH-2.0-nonsense\r\n\r\n",
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "", /* hangs up */
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
};

static void fail(const char *what) {
  fprintf(stderr, "gridsim-hostile: %s: %s\n", what, g_strerror(errno));
  exit(2);
}

static void watch(Hostile *hostile, Thing *thing, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = thing};
  if (epoll_ctl(hostile->epoll, EPOLL_CTL_ADD, thing->fd, &event) != 0)
    fail("epoll");
  hostile->all[thing->kind]++;
  hostile->open[thing->kind]++;
  hostile->most[thing->kind] = MAX(hostile->most[thing->kind], hostile->open[thing->kind]);
}

static void drop(Hostile *hostile, Thing *thing) {
  if (thing->fd >= 0) {
    close(thing->fd);
    hostile->open[thing->kind]--;
  }
  thing->fd = -1;
  if (thing->kind == CALL)
    g_hash_table_remove(hostile->calls, thing); /* frees it */
}

static int connect_to(in_port_t port) {
  struct sockaddr_in where = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), small = 4096;
  if (fd < 0)
    fail("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (connect(fd, (const struct sockaddr *)&where, sizeof where) == 0 || errno == EINPROGRESS)
    return fd;
  close(fd);
  return -1;
}

static void open_thing(Hostile *hostile, Thing *thing) {
  static const char subscribe[] = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  thing->fd = connect_to(hostile->ports[thing->number % hostile->port_count]);
  thing->at = 0;
  if (thing->fd < 0)
    return;
  watch(hostile, thing, EPOLLRDHUP);
  if (thing->kind == STREAM && send(thing->fd, subscribe, strlen(subscribe), MSG_NOSIGNAL) < 0)
    drop(hostile, thing);
}

/** One that is cut off is opened again; a drip sends its next byte. */
static void nudge(Hostile *hostile, Thing *thing) {
  if (thing->kind == LISTENER)
    return;
  if (thing->fd < 0)
    open_thing(hostile, thing);
  else if (thing->kind == DRIP &&
           send(thing->fd, &drip_text[thing->at++ % strlen(drip_text)], 1, MSG_NOSIGNAL) < 0 &&
           errno != EAGAIN)
    drop(hostile, thing);
}

static void listen_as(Hostile *hostile, Thing *thing) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  thing->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (thing->fd < 0 || bind(thing->fd, (const struct sockaddr *)&at, sizeof at) != 0 ||
      listen(thing->fd, 64) != 0 || getsockname(thing->fd, (struct sockaddr *)&at, &length) != 0)
    fail("a sibling cannot listen");
  watch(hostile, thing, EPOLLIN);
  g_autofree char *body = g_strdup_printf(
      "{\"envType\": \"Ask\", \"msgType\": \"AddSibling\", \"msg\": {\"siblingId\": %u, "
      "\"siblingName\": \"H%u\", \"siblingAddress\": \"127.0.0.1:%u\"}}",
      1000 + thing->number, thing->number, ntohs(at.sin_port));
  g_autofree char *request = g_strdup_printf("POST /messaging HTTP/1.1\r\nHost: localhost\r\n"
                                             "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                                             strlen(body), body);
  Thing asks = {.fd = connect_to(hostile->victim)};
  char answer[512];
  usleep(20000);
  if (asks.fd < 0 || send(asks.fd, request, strlen(request), MSG_NOSIGNAL) < 0)
    fail("a sibling cannot ask");
  for (guint tries = 0; tries < 500 && recv(asks.fd, answer, sizeof answer, 0) < 0; tries++)
    usleep(TICK_MS * 1000);
  close(asks.fd);
}

static void take_call(Hostile *hostile, const Thing *listener) {
  int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0)
    return;
  Thing *call = g_new0(Thing, 1);
  *call = (Thing){.kind = CALL, .fd = fd, .number = listener->number};
  g_hash_table_add(hostile->calls, call);
  watch(hostile, call, EPOLLIN | EPOLLRDHUP);
}

static void answer_call(Hostile *hostile, Thing *call, bool over) {
  char bytes[65536];
  const char *answer = answers[call->number % G_N_ELEMENTS(answers)];
  ssize_t length = recv(call->fd, bytes, sizeof bytes, 0);
  bool hangs_up = answer && !*answer;
  if (over || length == 0 || (length < 0 && errno != EAGAIN) || hangs_up ||
      (answer && send(call->fd, answer, strlen(answer), MSG_NOSIGNAL) < 0 && errno != EAGAIN))
    drop(hostile, call);
}

static void handle(Hostile *hostile, const struct epoll_event *event) {
  Thing *thing = event->data.ptr;
  bool over = event->events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP);
  if (thing->kind == LISTENER)
    take_call(hostile, thing);
  else if (thing->kind == CALL)
    answer_call(hostile, thing, over);
  else if (over)
    drop(hostile, thing);
}

/** Something new for the victim, so that it has to speak to its siblings. */
static void tell(Hostile *hostile, guint count) {
  char answers_of_before[4096];
  g_autofree char *body = g_strdup_printf(
      "{\"envType\": \"Tell\", \"msgType\": \"UpdateEnergy\", \"msg\": {\"production\": %u}}",
      count % 1000);
  g_autofree char *request = g_strdup_printf(
      "POST /messaging HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
      body);
  if (hostile->teller < 0)
    hostile->teller = connect_to(hostile->victim);
  else if (recv(hostile->teller, answers_of_before, sizeof answers_of_before, 0) == 0 ||
           (send(hostile->teller, request, strlen(request), MSG_NOSIGNAL) < 0 && errno != EAGAIN)) {
    close(hostile->teller);
    hostile->teller = -1;
  }
}

static void go_on(Hostile *hostile) {
  struct epoll_event events[EVENTS];
  guint per_tick = (hostile->count + TICKS_PER_S - 1) / TICKS_PER_S, next = 0;
  gint64 due = g_get_monotonic_time();
  guint ticks = 0;
  while (!told_to_end && hostile->count > 0) {
    int ready = epoll_wait(hostile->epoll, events, EVENTS, TICK_MS);
    for (int i = 0; i < ready; i++)
      handle(hostile, &events[i]);
    if (g_get_monotonic_time() < due)
      continue;
    due = g_get_monotonic_time() + TICK_MS * 1000;
    tell(hostile, ticks++);
    for (guint i = 0; i < per_tick; i++, next = (next + 1) % hostile->count)
      nudge(hostile, &hostile->things[next]);
  }
}

int main(int argc, char **argv) {
  guint counts[3];
  if (argc < 6) {
    fputs("usage: gridsim-hostile STREAMS DRIPS PEERS VICTIM PORT...\n", stderr);
    return 2;
  }
  Hostile hostile = {.epoll = epoll_create1(EPOLL_CLOEXEC),
                     .port_count = (guint)argc - 5,
                     .victim = (in_port_t)atoi(argv[4]),
                     .teller = -1};
  for (int i = 0; i < 3; i++)
    hostile.count += counts[i] = (guint)CLAMP(atoi(argv[1 + i]), 0, 100000);
  hostile.ports = g_new0(in_port_t, hostile.port_count);
  for (guint i = 0; i < hostile.port_count; i++)
    hostile.ports[i] = (in_port_t)atoi(argv[5 + i]);
  hostile.things = g_new0(Thing, hostile.count);
  hostile.calls = g_hash_table_new_full(NULL, NULL, g_free, NULL);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  signal(SIGTERM, end);
  signal(SIGINT, end);
  Thing *thing = hostile.things;
  for (guint kind = STREAM; kind <= LISTENER; kind++)
    for (guint i = 0; i < counts[kind]; i++, thing++) {
      *thing = (Thing){.kind = kind, .fd = -1, .number = i};
      if (kind == LISTENER)
        listen_as(&hostile, thing);
    }
  go_on(&hostile);
  printf("hostile %u %u %u %u %u %u\n", hostile.most[STREAM], hostile.all[STREAM],
         hostile.most[DRIP], hostile.all[DRIP], hostile.most[CALL], hostile.all[CALL]);
  g_hash_table_unref(hostile.calls);
  g_free(hostile.things);
  g_free(hostile.ports);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/http/http_listener.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/thread.h"

typedef struct {
  int fd;
  GString *received;
} Connection;

typedef struct {
  char *head, *body;
} Request;

struct GsTestListener {
  int fd, stop[2];
  char *address;
  uint16_t port;
  GsTestStep *steps;
  guint count, next;      /**< the thread's */
  GPtrArray *connections; /**< the thread's, of Connection */
  pthread_t thread;
  pthread_mutex_t mutex;
  GArray *requests; /**< under the mutex, like the next */
  guint accepted;
};

static void connection_free(void *data) {
  Connection *connection = data;
  close(connection->fd);
  g_string_free(connection->received, TRUE);
  g_free(connection);
}

static void clear_request(void *data) {
  Request *request = data;
  g_free(request->head);
  g_free(request->body);
}

/** At that port, or a free one if it is 0. */
static int listen_on_loopback(int backlog, uint16_t *port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  cr_assert_geq(fd, 0);
  if (*port)
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  cr_assert_eq(bind(fd, (struct sockaddr *)&at, length), 0);
  /* Its connections must not keep the port from the next one there. */
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (backlog >= 0)
    cr_assert_eq(listen(fd, backlog), 0);
  cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
  *port = ntohs(at.sin_port);
  return fd;
}

static void send_all(int fd, const char *bytes, gsize length) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    bytes += sent;
    length -= (gsize)sent;
  }
}

/** Waits, unless the test ends. */
static void wait_ms(const GsTestListener *listener, guint ms) {
  struct pollfd stop = {.fd = listener->stop[0], .events = POLLIN};
  poll(&stop, 1, (int)ms);
}

/** Does a step; false when it closed the connection. */
static bool act(GsTestListener *listener, Connection *connection) {
  const GsTestStep *step = &listener->steps[listener->next];
  if (listener->next + 1 < listener->count)
    listener->next++;
  if (step->delay_ms)
    wait_ms(listener, step->delay_ms);
  if (step->answer)
    send_all(connection->fd, step->answer, step->length ? step->length : strlen(step->answer));
  char padding[4096];
  memset(padding, 'x', sizeof padding);
  for (gsize left = step->padding; left > 0; left -= MIN(left, sizeof padding))
    send_all(connection->fd, padding, MIN(left, sizeof padding));
  if (step->then == GS_TEST_RESET)
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
               sizeof(struct linger));
  if (step->then != GS_TEST_KEEP)
    g_ptr_array_remove(listener->connections, connection);
  return step->then == GS_TEST_KEEP;
}

/** Takes a whole request off the front of what was received. */
static bool take_request(GsTestListener *listener, Connection *connection) {
  GString *received = connection->received;
  const char *end = strstr(received->str, "\r\n\r\n");
  const char *length = end ? strstr(received->str, "\r\nContent-Length: ") : NULL;
  if (!end)
    return false;
  gsize body = length ? (gsize)g_ascii_strtoull(length + 18, NULL, 10) : 0;
  gsize head = (gsize)(end + 4 - received->str);
  if (received->len < head + body)
    return false;
  Request request = {g_strndup(received->str, head), g_strndup(received->str + head, body)};
  g_string_erase(received, 0, (gssize)(head + body));
  pthread_mutex_lock(&listener->mutex);
  g_array_append_val(listener->requests, request);
  pthread_mutex_unlock(&listener->mutex);
  return true;
}

/** Reads what is there and acts on it; removes the connection when it ended. */
static void serve(GsTestListener *listener, Connection *connection) {
  char bytes[65536];
  ssize_t count = recv(connection->fd, bytes, sizeof bytes, 0);
  if (count <= 0) {
    g_ptr_array_remove(listener->connections, connection);
    return;
  }
  g_string_append_len(connection->received, bytes, count);
  for (;;) {
    guint early = listener->steps[listener->next].read_bytes;
    if (early ? connection->received->len < early : !take_request(listener, connection))
      return;
    if (early)
      g_string_set_size(connection->received, 0);
    if (!act(listener, connection))
      return;
  }
}

static void take_connection(GsTestListener *listener) {
  Connection *connection = g_new(Connection, 1);
  connection->fd = accept(listener->fd, NULL, NULL);
  connection->received = g_string_new(NULL);
  cr_assert_geq(connection->fd, 0);
  g_ptr_array_add(listener->connections, connection);
  pthread_mutex_lock(&listener->mutex);
  listener->accepted++;
  pthread_mutex_unlock(&listener->mutex);
  if (listener->steps[listener->next].at_once)
    act(listener, connection);
}

static void *run(void *data) {
  GsTestListener *listener = data;
  for (;;) {
    struct pollfd fds[66] = {{.fd = listener->stop[0], .events = POLLIN},
                             {.fd = listener->fd, .events = POLLIN}};
    Connection *polled[64];
    guint count = MIN(listener->connections->len, 64);
    for (guint i = 0; i < count; i++) {
      polled[i] = listener->connections->pdata[i];
      fds[i + 2] = (struct pollfd){.fd = polled[i]->fd, .events = POLLIN};
    }
    poll(fds, count + 2, -1);
    if (fds[0].revents)
      return NULL;
    for (guint i = 0; i < count; i++)
      if (fds[i + 2].revents)
        serve(listener, polled[i]);
    if (fds[1].revents)
      take_connection(listener);
  }
}

GsTestListener *gs_test_listener_new(const GsTestStep *steps, guint count) {
  return gs_test_listener_new_at(0, steps, count);
}

GsTestListener *gs_test_listener_new_at(uint16_t port, const GsTestStep *steps, guint count) {
  GsTestListener *listener = g_new0(GsTestListener, 1);
  listener->port = port;
  listener->fd = listen_on_loopback(64, &listener->port);
  listener->address = g_strdup_printf("127.0.0.1:%u", listener->port);
  listener->steps = g_memdup2(steps, count * sizeof *steps);
  listener->count = count;
  listener->connections = g_ptr_array_new_with_free_func(connection_free);
  listener->requests = g_array_new(FALSE, FALSE, sizeof(Request));
  g_array_set_clear_func(listener->requests, clear_request);
  pthread_mutex_init(&listener->mutex, NULL);
  cr_assert_eq(pipe(listener->stop), 0);
  cr_assert(gs_thread_start(&listener->thread, (gsize)1 << 20, run, listener, NULL));
  return listener;
}

const char *gs_test_listener_address(const GsTestListener *listener) {
  return listener->address;
}

uint16_t gs_test_listener_port(const GsTestListener *listener) {
  return listener->port;
}

guint gs_test_listener_connections(GsTestListener *listener) {
  pthread_mutex_lock(&listener->mutex);
  guint count = listener->accepted;
  pthread_mutex_unlock(&listener->mutex);
  return count;
}

guint gs_test_listener_requests(GsTestListener *listener) {
  pthread_mutex_lock(&listener->mutex);
  guint count = listener->requests->len;
  pthread_mutex_unlock(&listener->mutex);
  return count;
}

static char *part(GsTestListener *listener, guint index, bool head) {
  pthread_mutex_lock(&listener->mutex);
  cr_assert_lt(index, listener->requests->len);
  const Request *request = &g_array_index(listener->requests, Request, index);
  char *copy = g_strdup(head ? request->head : request->body);
  pthread_mutex_unlock(&listener->mutex);
  return copy;
}

char *gs_test_listener_head(GsTestListener *listener, guint index) {
  return part(listener, index, true);
}

char *gs_test_listener_body(GsTestListener *listener, guint index) {
  return part(listener, index, false);
}

void gs_test_listener_free(GsTestListener *listener) {
  cr_assert_eq(write(listener->stop[1], "", 1), 1);
  gs_thread_join(listener->thread);
  g_ptr_array_unref(listener->connections);
  g_array_unref(listener->requests);
  pthread_mutex_destroy(&listener->mutex);
  close(listener->fd);
  close(listener->stop[0]);
  close(listener->stop[1]);
  g_free(listener->address);
  g_free(listener->steps);
  g_free(listener);
}

/* These keep their sockets until the test's process ends, so that nobody else gets the port. */

char *gs_test_dead_address(void) {
  uint16_t port = 0;
  listen_on_loopback(-1, &port);
  return g_strdup_printf("127.0.0.1:%u", port);
}

char *gs_test_silent_address(void) {
  uint16_t port = 0;
  listen_on_loopback(0, &port);
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  /* The queue of connections that nobody accepts fills up; more are not answered. */
  for (int i = 0; i < 4; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    cr_assert_geq(fd, 0);
    connect(fd, (struct sockaddr *)&at, sizeof at);
  }
  return g_strdup_printf("127.0.0.1:%u", port);
}

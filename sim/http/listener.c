/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/address.h"
#include "core/error.h"

/** Connections that wait for being accepted, per address. */
#define BACKLOG 4096
/** Connections accepted from one socket before the others have their turn. */
#define ACCEPTS_IN_A_ROW 64
#define EVENTS_AT_ONCE 64
/** Pause when the process has no file descriptor left, so as not to spin. */
#define OUT_OF_FILES_PAUSE_MS 50
/** What is read and thrown away of a refused client, so that closing does not reset it. */
#define DRAINED_BYTES 16384
#define DRAINED_PIECES_MAX 8
/** The kernel's numbers; the header that names them does not go with <linux/tcp.h>. */
#define STATE_ESTABLISHED 1
#define STATE_CLOSED 7
#define STATE_CLOSE_WAIT 8
#define MAPPED_IPV4 "\0\0\0\0\0\0\0\0\0\0\xff\xff"
/** What an epoll event is about: a client's address, which is even, or one of these. */
#define STOP_EVENT ((uint64_t)1)
#define SOCKET_EVENT(number) ((uint64_t)(number)*2 + 3)
#define SOCKET_NUMBER(event) ((guint)(((event)-3) / 2))

typedef struct {
  int fd;
  struct sockaddr_storage where;
  char *text; /**< as bound */
} Socket;

struct GsHttpListener {
  Socket *sockets;
  guint count;
  int epoll;
  int stop; /**< an eventfd */
};

/* ---- Addresses ---- */

static socklen_t length_of(const struct sockaddr_storage *where) {
  return where->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static bool parse_address(const char *text, struct sockaddr_storage *where) {
  *where = (struct sockaddr_storage){0};
  gsize length;
  uint16_t port;
  if (!gs_address_split(text, 0, &length, &port))
    return false;
  bool bracketed = text[0] == '[';
  g_autofree char *host = g_strndup(text + bracketed, length - 2 * bracketed);
  if (bracketed) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)where;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    return inet_pton(AF_INET6, host, &six->sin6_addr) == 1;
  }
  struct sockaddr_in *four = (struct sockaddr_in *)where;
  four->sin_family = AF_INET;
  four->sin_port = htons(port);
  four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return g_ascii_strcasecmp(host, "localhost") == 0 ||
         inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

static bool is_loopback(const struct sockaddr_storage *where) {
  if (where->ss_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)where)->sin6_addr);
  return ntohl(((const struct sockaddr_in *)where)->sin_addr.s_addr) >> 24 == 127;
}

static in_port_t port_of(const struct sockaddr_storage *where) {
  return where->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)where)->sin6_port
                                      : ((const struct sockaddr_in *)where)->sin_port;
}

static char *address_text(const struct sockaddr_storage *where) {
  char host[INET6_ADDRSTRLEN];
  if (where->ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)where)->sin6_addr, host, sizeof host);
    return g_strdup_printf("[%s]:%u", host, ntohs(port_of(where)));
  }
  inet_ntop(AF_INET, &((const struct sockaddr_in *)where)->sin_addr, host, sizeof host);
  return g_strdup_printf("%s:%u", host, ntohs(port_of(where)));
}

GsHttpIp gs_http_ip(const struct sockaddr *address) {
  GsHttpIp client = {0};
  if (address->sa_family == AF_INET6) {
    memcpy(client.bytes, (const char *)address + offsetof(struct sockaddr_in6, sin6_addr), 16);
  } else {
    memcpy(client.bytes, MAPPED_IPV4, 12);
    memcpy(client.bytes + 12, (const char *)address + offsetof(struct sockaddr_in, sin_addr), 4);
  }
  return client;
}

bool gs_http_ip_is_loopback(const GsHttpIp *ip) {
  static const uint8_t six[16] = {[15] = 1};
  if (memcmp(ip->bytes, MAPPED_IPV4, 12) == 0)
    return ip->bytes[12] == 127;
  return memcmp(ip->bytes, six, sizeof six) == 0;
}

/* ---- Binding ---- */

static const char *why(int failure) {
  switch (failure) {
  case EADDRINUSE:
    return "something else listens there already";
  case EACCES:
    return "no permission; ports below 1024 are for the administrator";
  case EADDRNOTAVAIL:
    return "this machine has no such address";
  default:
    return g_strerror(failure);
  }
}

static bool read_addresses(GsHttpListener *listener, const char *const *addresses, bool allow_any,
                           GError **error) {
  for (guint i = 0; i < listener->count; i++) {
    struct sockaddr_storage *where = &listener->sockets[i].where;
    if (!parse_address(addresses[i], where)) {
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                  "'%s' is not an address to listen on; allowed are HOST:PORT with an IPv4 "
                  "address, an IPv6 address in brackets or localhost, and a port from 0 (any "
                  "free one) to 65535",
                  addresses[i]);
      return false;
    }
    if (!allow_any && !is_loopback(where)) {
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                  "'%s' can be reached from other machines; allowed without --listen-any are "
                  "127.0.0.1, [::1] and localhost",
                  addresses[i]);
      return false;
    }
    for (guint j = 0; port_of(where) && j < i; j++) {
      if (memcmp(&listener->sockets[j].where, where, length_of(where)) == 0) {
        g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                    "'%s' is the same address as '%s'; each can be given once", addresses[i],
                    addresses[j]);
        return false;
      }
    }
  }
  return true;
}

static bool try_listen(Socket *listening) {
  const int on = 1;
  int fd = socket(listening->where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  listening->fd = fd;
  if (fd < 0)
    return false;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
    return false;
  if (listening->where.ss_family == AF_INET6 &&
      setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
    return false;
  socklen_t length = sizeof listening->where;
  return bind(fd, (const struct sockaddr *)&listening->where, length_of(&listening->where)) == 0 &&
         listen(fd, BACKLOG) == 0 &&
         getsockname(fd, (struct sockaddr *)&listening->where, &length) == 0;
}

static bool watch(const GsHttpListener *listener, int fd, uint64_t about) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = about};
  return epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool open_all(GsHttpListener *listener, const char *const *addresses, GError **error) {
  listener->epoll = epoll_create1(EPOLL_CLOEXEC);
  listener->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (listener->epoll < 0 || listener->stop < 0 || !watch(listener, listener->stop, STOP_EVENT)) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "cannot wait for connections: %s",
                g_strerror(errno));
    return false;
  }
  for (guint i = 0; i < listener->count; i++) {
    Socket *listening = &listener->sockets[i];
    if (!try_listen(listening) || !watch(listener, listening->fd, SOCKET_EVENT(i))) {
      g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "cannot listen on '%s': %s", addresses[i],
                  why(errno));
      return false;
    }
    listening->text = address_text(&listening->where);
  }
  return true;
}

GsHttpListener *gs_http_listener_new(const char *const *addresses, guint count, bool allow_any,
                                     GError **error) {
  GsHttpListener *listener = g_new0(GsHttpListener, 1);
  listener->sockets = g_new0(Socket, count);
  listener->count = count;
  listener->epoll = listener->stop = -1;
  for (guint i = 0; i < count; i++)
    listener->sockets[i].fd = -1;
  if (read_addresses(listener, addresses, allow_any, error) && open_all(listener, addresses, error))
    return listener;
  gs_http_listener_free(listener);
  return NULL;
}

guint gs_http_listener_count(const GsHttpListener *listener) {
  return listener->count;
}

const char *gs_http_listener_address(const GsHttpListener *listener, guint address) {
  g_assert(address < listener->count);
  return listener->sockets[address].text;
}

static void close_socket(int *fd) {
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static void close_listening(GsHttpListener *listener) {
  for (guint i = 0; i < listener->count; i++)
    close_socket(&listener->sockets[i].fd);
}

void gs_http_listener_free(GsHttpListener *listener) {
  if (!listener)
    return;
  close_listening(listener);
  close_socket(&listener->epoll);
  close_socket(&listener->stop);
  for (guint i = 0; i < listener->count; i++)
    g_free(listener->sockets[i].text);
  g_free(listener->sockets);
  g_free(listener);
}

/* ---- Accepting ---- */

/** False when there is no file descriptor left to accept with. */
static bool accept_some(GsHttpListener *listener, guint address, const GsHttpListenerCalls *calls) {
  for (guint i = 0; i < ACCEPTS_IN_A_ROW; i++) {
    struct sockaddr_storage client;
    socklen_t length = sizeof client;
    int fd = accept4(listener->sockets[address].fd, (struct sockaddr *)&client, &length,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
      calls->accepted(fd, address, (const struct sockaddr *)&client, length, calls->data);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      return false;
    else if (errno != EINTR && errno != ECONNABORTED)
      return true;
  }
  return true;
}

static void client_event(const struct epoll_event *event, const GsHttpListenerCalls *calls) {
  bool left = event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
  calls->readable(event->data.ptr, left, calls->data);
}

void gs_http_listener_run(GsHttpListener *listener, guint tick_ms,
                          const GsHttpListenerCalls *calls) {
  struct epoll_event events[EVENTS_AT_ONCE];
  bool running = true;
  while (running) {
    int ready = epoll_wait(listener->epoll, events, EVENTS_AT_ONCE, (int)tick_ms);
    bool room = true;
    for (int i = 0; i < ready; i++) {
      uint64_t about = events[i].data.u64;
      if (about == STOP_EVENT)
        running = false;
      else if (about % 2 == 0)
        client_event(&events[i], calls);
      else
        room = accept_some(listener, SOCKET_NUMBER(about), calls) && room;
    }
    calls->tick(calls->data);
    struct pollfd stop = {.fd = listener->stop, .events = POLLIN};
    if (running && !room)
      poll(&stop, 1, OUT_OF_FILES_PAUSE_MS);
  }
  close_listening(listener);
}

bool gs_http_listener_watch(GsHttpListener *listener, int fd, void *client, GsHttpWatch watch) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = client};
  if (watch != GS_HTTP_WATCH_EACH)
    event.events |= EPOLLONESHOT;
  int what = watch == GS_HTTP_WATCH_NEW ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  return epoll_ctl(listener->epoll, what, fd, &event) == 0;
}

void gs_http_listener_unwatch(GsHttpListener *listener, int fd) {
  epoll_ctl(listener->epoll, EPOLL_CTL_DEL, fd, NULL);
}

void gs_http_listener_stop(GsHttpListener *listener) {
  const uint64_t one = 1;
  ssize_t written = write(listener->stop, &one, sizeof one);
  g_assert(written == sizeof one);
}

/* ---- Sockets of clients ---- */

guint gs_http_open_files(guint wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
    return 1024;
  if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = MIN((rlim_t)wanted, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
      limit.rlim_cur = before;
  }
  return (guint)MIN(limit.rlim_cur, (rlim_t)G_MAXINT);
}

GsHttpSocketState gs_http_socket_state(int fd) {
  struct tcp_info info = {0};
  socklen_t length = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
    return (GsHttpSocketState){.sending = true};
  bool open = info.tcpi_state == STATE_ESTABLISHED, left = info.tcpi_state == STATE_CLOSE_WAIT;
  return (GsHttpSocketState){.received = info.tcpi_bytes_received,
                             .left = left || info.tcpi_state == STATE_CLOSED,
                             .sending = open || left};
}

gsize gs_http_socket_unread(int fd) {
  int unread = 0;
  return ioctl(fd, FIONREAD, &unread) == 0 ? (gsize)unread : 0;
}

gssize gs_http_socket_peek(int fd, char *bytes, gsize room) {
  return recv(fd, bytes, room, MSG_PEEK | MSG_DONTWAIT);
}

void gs_http_socket_cut(int fd, const char *text, gsize length) {
  if (length > 0) {
    /* Who is cut off may have no room for being told so. */
    ssize_t sent = send(fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
  }
  shutdown(fd, SHUT_RDWR);
}

void gs_http_socket_end(int fd, const char *text, gsize length) {
  char drained[DRAINED_BYTES];
  if (length > 0) {
    ssize_t sent = send(fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
  }
  shutdown(fd, SHUT_WR);
  for (guint i = 0; i < DRAINED_PIECES_MAX; i++) {
    if (recv(fd, drained, sizeof drained, MSG_DONTWAIT) <= 0)
      break;
  }
}

void gs_http_socket_refuse(int fd, const char *text, gsize length) {
  gs_http_socket_end(fd, text, length);
  close(fd);
}

void gs_http_socket_expect_progress(int fd, guint seconds) {
  unsigned milliseconds = seconds * 1000;
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

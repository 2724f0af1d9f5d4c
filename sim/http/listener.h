/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/**
 * Listening TCP sockets, and the few things that the server does to a client's
 * socket by itself. The only file of sim/ that opens sockets.
 */
typedef struct GsHttpListener GsHttpListener;

/** An IP address, IPv4 as IPv4-mapped IPv6. */
typedef struct {
  uint8_t bytes[16];
} GsHttpIp;

/** A client came in on that address. `fd` is non-blocking and belongs to the callee. */
typedef void (*GsHttpAccepted)(int fd, guint address, const struct sockaddr *client,
                               socklen_t peer_length, void *data);
/** A watched client sent something, or left (`left`; there may be bytes to read before that). */
typedef void (*GsHttpReadable)(void *client, bool left, void *data);
/** Called when all that was reported together was told, and at least once per tick. */
typedef void (*GsHttpTick)(void *data);

/**
 * Binds all addresses ("127.0.0.1:8081", "[::1]:0", "localhost:80"; port 0
 * takes a free one), and listens on all of them, or on none: GS_ERROR_INPUT
 * names the address that is none, is given twice, or is no loopback address
 * without `allow_any`; GS_ERROR_SYSTEM the one that the system refuses.
 * The kernel completes handshakes from here on; they wait for gs_http_listener_run.
 */
GsHttpListener *gs_http_listener_new(const char *const *addresses, guint count, bool allow_any,
                                     GError **error);
guint gs_http_listener_count(const GsHttpListener *listener);
/** As bound, with the real port. Borrowed. */
const char *gs_http_listener_address(const GsHttpListener *listener, guint address);

typedef struct {
  GsHttpAccepted accepted;
  GsHttpReadable readable;
  GsHttpTick tick;
  void *data;
} GsHttpListenerCalls;

/** Accepts on the caller's thread until gs_http_listener_stop; then closes all listening sockets.
 */
void gs_http_listener_run(GsHttpListener *listener, guint tick_ms,
                          const GsHttpListenerCalls *calls);
typedef enum {
  GS_HTTP_WATCH_NEW,   /**< for the first time: once */
  GS_HTTP_WATCH_AGAIN, /**< once more */
  GS_HTTP_WATCH_EACH,  /**< whenever more arrives, until gs_http_listener_unwatch */
} GsHttpWatch;

/**
 * While it runs, `readable` is called when something arrives on `fd`, or is
 * there already. From any thread. False when the system refuses.
 */
bool gs_http_listener_watch(GsHttpListener *listener, int fd, void *client, GsHttpWatch watch);
void gs_http_listener_unwatch(GsHttpListener *listener, int fd);
/** Makes gs_http_listener_run return soon. From any thread. */
void gs_http_listener_stop(GsHttpListener *listener);
void gs_http_listener_free(GsHttpListener *listener);

/** Raises the soft limit of open files towards `wanted`; returns what it is then. */
guint gs_http_open_files(guint wanted);
GsHttpIp gs_http_ip(const struct sockaddr *address);
bool gs_http_ip_is_loopback(const GsHttpIp *ip);
typedef struct {
  uint64_t
      received; /**< bytes in its life; the end of what the other side sends may count as one */
  gsize unread; /**< of them, that nobody has read yet */
  bool left;    /**< the other side sends no more */
  bool sending; /**< this side may still send */
} GsHttpSocketState;

/** Zeros, and `sending`, when the system does not say. */
GsHttpSocketState gs_http_socket_state(int fd);
/** How many bytes have arrived and were not read. */
gsize gs_http_socket_unread(int fd);
/** What has arrived and was not read, which stays so. 0 at the end, negative when there is nothing.
 */
gssize gs_http_socket_peek(int fd, char *bytes, gsize room);
/** Sends as much as fits without waiting, and ends the connection in both directions. */
void gs_http_socket_cut(int fd, const char *text, gsize length);
/**
 * The same, but what the client has sent is read and thrown away, so that it gets the answer;
 * whoever owns the socket closes it.
 */
void gs_http_socket_end(int fd, const char *text, gsize length);
/** The same, and closes it. */
void gs_http_socket_refuse(int fd, const char *text, gsize length);
/** The connection fails when sent bytes stay unacknowledged for that long. */
void gs_http_socket_expect_progress(int fd, guint seconds);

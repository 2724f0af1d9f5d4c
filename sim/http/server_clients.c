/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "sim/base/clock.h"
#include "sim/http/head.h"
#include "sim/http/server_parts.h"

/* Connections from being accepted to being closed. One that waits for a request,
 * the first or a later one, waits here, until the head is there and is
 * well-formed: only then does libmicrohttpd, whose own answers to broken requests
 * are not what clients of this server can read, get to see it. Between requests
 * it is suspended there. Idle clients cost little that way. */

/** Longest body in chunks, with its head: it is looked at before it is read. */
#define CHUNKED_BYTES_MAX ((gsize)64 << 10)
/** Between looks for connections that became idle while the server stops. */
#define STOP_CHECK_S 0.01

/* ---- The list of connections ---- */

static guint hash_client(gconstpointer client) {
  guint hash = 5381;
  for (guint i = 0; i < sizeof(GsHttpIp); i++)
    hash = hash * 33 + ((const GsHttpIp *)client)->bytes[i];
  return hash;
}

static gboolean same_client(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(GsHttpIp)) == 0;
}

/** With the server's lock. */
static void add_to_client(GsHttpServer *server, const GsHttpIp *client, int difference) {
  guint count =
      GPOINTER_TO_UINT(g_hash_table_lookup(server->clients_at, client)) + (guint)difference;
  if (count > 0)
    g_hash_table_insert(server->clients_at, g_memdup2(client, sizeof *client),
                        GUINT_TO_POINTER(count));
  else
    g_hash_table_remove(server->clients_at, client);
}

static GsHttpConnection *connection_at(const GsHttpServer *server, guint position) {
  return g_ptr_array_index(server->connections, position);
}

/** With the server's lock. */
static GsHttpConnection *add_connection(GsHttpServer *server, int fd, guint address,
                                        const GsHttpIp *client) {
  GsHttpConnection *connection = gs_http_connection_new(server, fd, address, client);
  connection->position = server->connections->len;
  connection->waiting = true;
  g_ptr_array_add(server->connections, connection);
  server->open_at[address]++;
  add_to_client(server, client, 1);
  return connection;
}

/** With the server's lock: forgets and frees a connection whose socket is or will be closed. */
static void remove_connection(GsHttpServer *server, GsHttpConnection *connection) {
  guint position = connection->position;
  g_ptr_array_remove_index_fast(server->connections, position);
  if (position < server->connections->len)
    connection_at(server, position)->position = position;
  server->open_at[connection->address]--;
  add_to_client(server, &connection->client, -1);
  gs_http_connection_free(connection);
  if (server->connections->len == 0)
    pthread_cond_signal(&server->all_closed);
}

/* ---- Accepting ---- */

static const char *const no_watch = "the system refuses to watch more connections";

/** Answers a client that libmicrohttpd does not know, and closes its socket. */
static void turn_away(GsHttpServer *server, int fd, guint address, guint status,
                      const char *description) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_http_error_text(text, status, description);
  gs_http_socket_refuse(fd, text->str, text->len);
  gs_http_count_answer(server, address, status);
}

bool gs_http_is_waiting(GsHttpConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  bool waiting = connection->waiting;
  pthread_mutex_unlock(&connection->lock);
  return waiting;
}

/** A connection that waited belongs to libmicrohttpd again. */
static void give_back(GsHttpConnection *connection, GsHttpState state) {
  pthread_mutex_lock(&connection->lock);
  connection->waiting = false;
  connection->state = state;
  pthread_mutex_unlock(&connection->lock);
  MHD_resume_connection(connection->mhd);
}

/** With the server's lock: a waiting client gets an answer, or none with status 0, and is gone. */
static void dismiss(GsHttpServer *server, GsHttpConnection *connection, guint status,
                    const char *description) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_http_listener_unwatch(server->listener, connection->fd);
  if (status) {
    gs_http_error_text(text, status, description);
    gs_http_count_answer(server, connection->address, status);
  }
  if (connection->mhd) {
    gs_http_socket_end(connection->fd, text->str, text->len);
    gs_http_socket_cut(connection->fd, NULL, 0);
    give_back(connection, GS_HTTP_CUT); /* to find out that it is over */
  } else {
    gs_http_socket_refuse(connection->fd, text->str, text->len);
    remove_connection(server, connection);
  }
}

/**
 * With the server's lock: a connection that waits makes room; false when none does.
 * It is closed when all that was reported together is done: it may be reported, too.
 */
static bool make_room(GsHttpServer *server, guint address) {
  GsHttpConnection *other = gs_http_who_gives_way(server, address);
  if (!other)
    return false;
  GS_HTTP_COUNT(server->stats[other->address].gave_way);
  other->leaving = true;
  g_ptr_array_add(server->leaving, other);
  return true;
}

/** With the server's lock. */
static void dismiss_leaving(GsHttpServer *server) {
  for (guint i = 0; i < server->leaving->len; i++) {
    GsHttpConnection *connection = server->leaving->pdata[i];
    connection->leaving = false;
    dismiss(server, connection, connection->watched ? 503 : 0, "others need the connection");
  }
  g_ptr_array_set_size(server->leaving, 0);
}

/** Why no connection is taken from that client, or NULL. With the server's lock. */
static const char *why_refused(GsHttpServer *server, const GsHttpIp *client, guint address) {
  gpointer count = g_hash_table_lookup(server->clients_at, client);
  if (GPOINTER_TO_UINT(count) >= server->limits.connections_per_peer_max &&
      !(server->shares_only && gs_http_ip_is_loopback(client)))
    return "too many connections from this address are open";
  guint staying = server->connections->len - server->leaving->len;
  if (staying < server->limits.connections_max || make_room(server, address))
    return NULL;
  return "too many connections are open";
}

static void on_accepted(int fd, guint address, const struct sockaddr *from, socklen_t from_length,
                        void *data) {
  (void)from_length;
  GsHttpServer *server = data;
  GsHttpIp client = gs_http_ip(from);
  GS_HTTP_COUNT(server->stats[address].accepted);
  pthread_mutex_lock(&server->lock);
  const char *refused = why_refused(server, &client, address);
  GsHttpConnection *connection = refused ? NULL : add_connection(server, fd, address, &client);
  if (connection && !gs_http_listener_watch(server->listener, fd, connection, GS_HTTP_WATCH_NEW)) {
    remove_connection(server, connection);
    refused = no_watch;
  }
  pthread_mutex_unlock(&server->lock);
  if (!refused)
    return;
  GS_HTTP_COUNT(server->stats[address].refused);
  turn_away(server, fd, address, 503, refused);
}

/** No more calls about it. */
static void hush(GsHttpServer *server, GsHttpConnection *connection) {
  bool each = connection->watch == GS_HTTP_WATCH_EACH;
  if (each)
    gs_http_listener_unwatch(server->listener, connection->fd);
  connection->watch = each ? GS_HTTP_WATCH_NEW : GS_HTTP_WATCH_AGAIN;
}

/** With the server's lock: from here on the socket belongs to libmicrohttpd. */
static void hand_over(GsHttpServer *server, GsHttpConnection *connection, bool left, gsize bytes) {
  int fd = connection->fd;
  hush(server, connection);
  connection->left = left;
  connection->handed_over += bytes;
  if (connection->mhd) {
    give_back(connection, GS_HTTP_RECEIVING);
    return;
  }
  GsHttpConnection *stale = g_hash_table_lookup(server->arriving, GINT_TO_POINTER(fd));
  if (stale) /* closed without having been taken up, for want of memory */
    remove_connection(server, stale);
  connection->waiting = false;
  g_hash_table_insert(server->arriving, GINT_TO_POINTER(fd), connection);
}

/** The rest of handing over, without the lock, which callbacks take. */
static void add_to_library(GsHttpServer *server, GsHttpConnection *connection, int fd) {
  /* An address is only needed for limits of libmicrohttpd's that are not in use. */
  const struct sockaddr_in nowhere = {.sin_family = AF_INET};
  if (MHD_add_connection(server->daemon, fd, (const struct sockaddr *)&nowhere, sizeof nowhere) ==
      MHD_YES)
    return;
  /* It has closed the socket, and nobody else knows the connection. */
  pthread_mutex_lock(&server->lock);
  GS_HTTP_COUNT(server->stats[connection->address].refused);
  g_hash_table_remove(server->arriving, GINT_TO_POINTER(fd));
  remove_connection(server, connection);
  pthread_mutex_unlock(&server->lock);
}

/** Whether a request may be handed over: its head is there, of one in chunks all of it. */
static GsHttpHead look(const GsHttpServer *server, gsize length, gsize *bytes,
                       GsHttpComplaint *complaint) {
  GsHttpFrame frame = {0};
  GsHttpHead head =
      gs_http_head_look(server->peeked, length, server->limits.header_bytes_max, &frame, complaint);
  *bytes = frame.head_bytes + frame.length;
  if (head != GS_HTTP_HEAD_COMPLETE || frame.ambiguous || !frame.chunked)
    return head;
  gsize used;
  head = gs_http_chunks_look(server->peeked + frame.head_bytes, length - frame.head_bytes,
                             CHUNKED_BYTES_MAX, &used, complaint);
  *bytes = frame.head_bytes + used;
  return head;
}

static gsize room_to_peek(const GsHttpServer *server) {
  return server->limits.header_bytes_max + CHUNKED_BYTES_MAX + 1;
}

/** More will come before it can be handed over. */
static bool watch_pieces(GsHttpServer *server, GsHttpConnection *connection) {
  if (connection->watch == GS_HTTP_WATCH_EACH)
    return true;
  connection->watch = GS_HTTP_WATCH_EACH;
  return gs_http_listener_watch(server->listener, connection->fd, connection, GS_HTTP_WATCH_EACH);
}

static void on_readable(void *client, bool left, void *data) {
  GsHttpServer *server = data;
  GsHttpConnection *connection = client;
  g_assert(gs_http_is_waiting(connection));
  if (connection->leaving)
    return;
  int fd = connection->fd;
  bool is_new = !connection->mhd;
  GsHttpComplaint complaint = {0};
  GsHttpHead head = GS_HTTP_HEAD_PARTIAL;
  gsize bytes = 0;
  gssize length = gs_http_socket_peek(fd, server->peeked, room_to_peek(server));
  if (length > 0)
    head = look(server, (gsize)length, &bytes, &complaint);
  pthread_mutex_lock(&server->lock);
  if (length > 0 && !connection->watched) {
    connection->watched = true;
    connection->since = gs_clock_s();
  }
  if (head == GS_HTTP_HEAD_COMPLETE)
    hand_over(server, connection, left, bytes);
  else if (head == GS_HTTP_HEAD_WRONG || left || length == 0)
    dismiss(server, connection, complaint.status, complaint.description);
  else if (!watch_pieces(server, connection))
    dismiss(server, connection, 503, no_watch);
  pthread_mutex_unlock(&server->lock);
  if (head == GS_HTTP_HEAD_COMPLETE && is_new)
    add_to_library(server, connection, fd);
}

/** With the connection's lock: it waits for the head of its next request. */
static void wait_again(GsHttpConnection *connection) {
  MHD_suspend_connection(connection->mhd);
  connection->waiting = true;
  connection->state = GS_HTTP_IDLE;
  connection->since = gs_clock_s();
  connection->watched = false;
}

bool gs_http_clients_take_back(GsHttpConnection *connection) {
  GsHttpServer *server = connection->server;
  GsHttpSocketState socket = gs_http_socket_state(connection->fd);
  uint64_t known = connection->handed_over + socket.left;
  /* What libmicrohttpd has read beyond the request nobody has looked at. */
  bool ahead =
      socket.received > known && socket.received - gs_http_socket_unread(connection->fd) > known;
  if (ahead || !socket.sending) {
    gs_http_socket_cut(connection->fd, NULL, 0);
    return false;
  }
  pthread_mutex_lock(&connection->lock);
  /* Who stops the server looks at all connections, with their locks, after it has said so. */
  bool kept =
      connection->state != GS_HTTP_CUT && !__atomic_load_n(&server->stopping, __ATOMIC_ACQUIRE);
  if (kept)
    wait_again(connection);
  /* It may be readable already, and another thread's from here on. */
  if (kept &&
      !gs_http_listener_watch(server->listener, connection->fd, connection, connection->watch)) {
    gs_http_socket_cut(connection->fd, NULL, 0);
    connection->waiting = false;
    connection->state = GS_HTTP_CUT;
    MHD_resume_connection(connection->mhd);
  }
  pthread_mutex_unlock(&connection->lock);
  return kept;
}

void gs_http_on_connection(void *data, struct MHD_Connection *mhd, void **context,
                           enum MHD_ConnectionNotificationCode code) {
  GsHttpServer *server = data;
  pthread_mutex_lock(&server->lock);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    GsHttpConnection *connection = g_hash_table_lookup(server->arriving, GINT_TO_POINTER(fd));
    g_assert(connection);
    g_hash_table_remove(server->arriving, GINT_TO_POINTER(fd));
    connection->mhd = mhd;
    gs_http_set_state(connection, GS_HTTP_RECEIVING);
    *context = connection;
  } else {
    remove_connection(server, *context);
    *context = NULL;
  }
  pthread_mutex_unlock(&server->lock);
}

/* ---- Time limits ---- */

/** With the connection's lock. */
static void cut(GsHttpConnection *connection, const GString *text) {
  connection->state = GS_HTTP_CUT;
  gs_http_socket_cut(connection->fd, text ? text->str : NULL, text ? text->len : 0);
}

static const char *const late = "the request did not arrive in time";

static void count_late(const GsHttpConnection *connection) {
  GS_HTTP_COUNT(connection->server->stats[connection->address].timed_out);
}

static void cut_late_request(GsHttpConnection *connection) {
  g_autoptr(GString) text = g_string_new(NULL);
  guint status = connection->refused_status ? connection->refused_status : 408;
  gs_http_error_text(text, status, status == 408 ? late : "the request is too large");
  cut(connection, text);
  gs_http_count_answer(connection->server, connection->address, status);
  count_late(connection);
}

/**
 * With the connection's lock. A client that sends no more but owes the rest of a
 * request is gone: libmicrohttpd misses the end of what it sends when that is
 * there before it looks for the first time.
 */
static void look_at_socket(GsHttpConnection *connection) {
  GsHttpSocketState socket = gs_http_socket_state(connection->fd);
  bool same = connection->watched && socket.received == connection->received;
  connection->watched = true;
  connection->received = socket.received;
  if (same && socket.left)
    cut(connection, NULL);
}

static void check_connection(GsHttpConnection *connection, double now, bool stopping) {
  const GsHttpLimits *limits = &connection->server->limits;
  pthread_mutex_lock(&connection->lock);
  if (connection->state == GS_HTTP_RECEIVING)
    look_at_socket(connection);
  double age = now - connection->since;
  switch (connection->state) {
  case GS_HTTP_IDLE:
    if (stopping || age > limits->idle_timeout_s)
      cut(connection, NULL);
    break;
  case GS_HTTP_RECEIVING:
    if (age > limits->request_timeout_s)
      cut_late_request(connection);
    break;
  case GS_HTTP_ANSWERING:
    if (age > limits->idle_timeout_s)
      cut(connection, NULL);
    break;
  case GS_HTTP_NEW:
  case GS_HTTP_STREAMING:
  case GS_HTTP_CUT:
    break;
  }
  pthread_mutex_unlock(&connection->lock);
}

/** With the server's lock. */
static void check_waiting(GsHttpConnection *connection, double now, bool stopping) {
  const GsHttpLimits *limits = &connection->server->limits;
  double age = now - connection->since;
  if (connection->watched && age > limits->request_timeout_s) {
    count_late(connection);
    dismiss(connection->server, connection, 408, late);
  } else if (stopping || age > limits->idle_timeout_s) {
    dismiss(connection->server, connection, 0, NULL);
  }
}

/** With the server's lock. */
static void check_connections(GsHttpServer *server, bool stopping) {
  double now = gs_clock_s();
  /* Backwards, since one that is removed makes room for the last one. */
  for (guint i = server->connections->len; i-- > 0;) {
    GsHttpConnection *connection = connection_at(server, i);
    if (gs_http_is_waiting(connection))
      check_waiting(connection, now, stopping);
    else
      check_connection(connection, now, stopping);
  }
}

static void on_tick(void *data) {
  GsHttpServer *server = data;
  double now = gs_clock_s();
  if (server->leaving->len > 0) {
    pthread_mutex_lock(&server->lock);
    dismiss_leaving(server);
    pthread_mutex_unlock(&server->lock);
  }
  if (now < server->next_sweep_s)
    return;
  server->next_sweep_s = now + server->sweep_s;
  pthread_mutex_lock(&server->lock);
  check_connections(server, false);
  pthread_mutex_unlock(&server->lock);
  gs_http_streams_keep_alive(server, now);
}

/* ---- Life ---- */

/** A condition whose time limits are those of the clock that gs_clock_s reads. */
static void init_monotonic(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

void gs_http_clients_init(GsHttpServer *server) {
  pthread_mutex_init(&server->lock, NULL);
  init_monotonic(&server->all_closed);
  server->connections = g_ptr_array_new();
  server->arriving = g_hash_table_new(NULL, NULL);
  server->clients_at = g_hash_table_new_full(hash_client, same_client, g_free, NULL);
  server->leaving = g_ptr_array_new();
  server->open_at = g_new0(guint, gs_http_listener_count(server->listener));
  server->peeked = g_malloc(room_to_peek(server));
}

void gs_http_clients_clear(GsHttpServer *server) {
  /* Those that libmicrohttpd closed without having taken them up. */
  while (server->connections->len > 0)
    remove_connection(server, connection_at(server, 0));
  g_ptr_array_free(server->connections, TRUE);
  g_hash_table_destroy(server->arriving);
  g_hash_table_destroy(server->clients_at);
  g_ptr_array_free(server->leaving, TRUE);
  g_free(server->open_at);
  g_free(server->peeked);
  pthread_cond_destroy(&server->all_closed);
  pthread_mutex_destroy(&server->lock);
}

void *gs_http_clients_run(void *data) {
  GsHttpServer *server = data;
  const GsHttpListenerCalls calls = {on_accepted, on_readable, on_tick, server};
  gs_http_listener_run(server->listener, (guint)(server->sweep_s * 1000), &calls);
  return NULL;
}

void gs_http_clients_close(GsHttpServer *server) {
  double now = gs_clock_s();
  double end = now + server->limits.stop_grace_s;
  pthread_mutex_lock(&server->lock);
  check_connections(server, true);
  while (server->connections->len > 0 && now < end) {
    double until = now + STOP_CHECK_S;
    struct timespec time = {.tv_sec = (time_t)until,
                            .tv_nsec = (long)((until - (double)(time_t)until) * 1e9)};
    pthread_cond_timedwait(&server->all_closed, &server->lock, &time);
    check_connections(server, true);
    now = gs_clock_s();
  }
  pthread_mutex_unlock(&server->lock);
}

guint gs_http_clients_count(GsHttpServer *server, guint address) {
  guint count = 0;
  pthread_mutex_lock(&server->lock);
  for (guint i = 0; i < server->connections->len; i++)
    count += address == GS_HTTP_ALL_ADDRESSES || connection_at(server, i)->address == address;
  pthread_mutex_unlock(&server->lock);
  return count;
}

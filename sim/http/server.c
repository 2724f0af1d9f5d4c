/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/server.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "core/json_writer.h"
#include "core/limits.h"
#include "sim/http/server_parts.h"
#include "sim/run/clock.h"
#include "sim/run/thread.h"

#define SERVING_THREADS 2
/** The acceptor only formats addresses and short texts. */
#define ACCEPTOR_STACK_BYTES ((gsize)256 << 10)
/** Open files that are left to others: one in so many of all. */
#define FILES_LEFT_SHARE 4
/** Connections left to other clients when one takes all it may: one in so many. */
#define PEER_RESERVE_SHARE 16
/** Shortest and longest time between two sweeps, and how many fall into the shortest time limit. */
#define SWEEP_MIN_S 0.05
#define SWEEP_MAX_S 1.0
#define SWEEPS_PER_LIMIT 8
/** Between looks for connections that became idle while the server stops. */
#define STOP_CHECK_S 0.01

void gs_http_default_limits(GsHttpLimits *limits) {
  *limits = (GsHttpLimits){
      .body_bytes_max = GS_ENVELOPE_BYTES_MAX,
      .bodies_bytes_max = 4 * GS_ENVELOPE_BYTES_MAX,
      .header_bytes_max = (gsize)32 << 10,
      .connections_max = 4096,
      .idle_timeout_s = 60,
      .request_timeout_s = 15,
      .events_max = 256,
      .events_backlog_bytes = (gsize)1 << 20,
      .events_keep_alive_s = 15,
      .stop_grace_s = 3,
  };
}

/* --- errors -------------------------------------------------------------------- */

static const char *reason(guint status) {
  // The names that clients know; newer ones say "Content" for "Payload".
  return status == 413 ? "Payload Too Large" : MHD_get_reason_phrase_for(status);
}

void gs_http_error_body(GString *out, guint status, const char *description) {
  char title[64];
  g_snprintf(title, sizeof title, "%u %s", status, reason(status));
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
  gs_json_begin_object(writer);
  gs_json_write_key(writer, "title");
  gs_json_write_string(writer, title);
  if (description) {
    gs_json_write_key(writer, "description");
    gs_json_write_string(writer, description);
  }
  gs_json_end_object(writer);
}

void gs_http_response_error(GsHttpResponse *response, guint status, const char *description) {
  response->status = status;
  g_string_truncate(response->body, 0);
  gs_http_error_body(response->body, status, description);
}

void gs_http_error_text(GString *out, guint status, const char *description) {
  g_autoptr(GString) body = g_string_new(NULL);
  gs_http_error_body(body, status, description);
  g_string_append_printf(out,
                         "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
                         "%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                         status, reason(status), status == 503 ? "Retry-After: 1\r\n" : "",
                         body->len, body->str);
}

/* --- connections come and go ----------------------------------------------------- */

static guint hash_peer(gconstpointer peer) {
  guint hash = 5381;
  for (guint i = 0; i < sizeof(GsHttpIp); i++)
    hash = hash * 33 + ((const GsHttpIp *)peer)->bytes[i];
  return hash;
}

static gboolean same_peer(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, sizeof(GsHttpIp)) == 0;
}

/** With the server's lock. */
static guint add_to_peer(GsHttpServer *server, const GsHttpIp *peer, int difference) {
  gpointer key, value;
  if (!g_hash_table_lookup_extended(server->peers, peer, &key, &value)) {
    key = g_memdup2(peer, sizeof *peer);
    value = NULL;
  } else {
    g_hash_table_steal(server->peers, key);
  }
  guint count = GPOINTER_TO_UINT(value) + (guint)difference;
  if (count > 0)
    g_hash_table_insert(server->peers, key, GUINT_TO_POINTER(count));
  else
    g_free(key);
  return count;
}

/** With the server's lock: forgets and frees a connection whose socket is or will be closed. */
static void remove_connection(GsHttpServer *server, GsHttpConnection *connection) {
  guint position = connection->position;
  g_ptr_array_remove_index_fast(server->connections, position);
  if (position < server->connections->len)
    ((GsHttpConnection *)g_ptr_array_index(server->connections, position))->position = position;
  add_to_peer(server, &connection->peer, -1);
  gs_http_connection_free(connection);
  if (server->connections->len == 0)
    pthread_cond_signal(&server->all_closed);
}

/** Why no connection is taken from that client, or NULL. With the server's lock. */
static const char *why_refused(GsHttpServer *server, const GsHttpIp *peer) {
  if (server->connections->len >= server->limits.connections_max)
    return "too many connections are open";
  gpointer count = g_hash_table_lookup(server->peers, peer);
  if (GPOINTER_TO_UINT(count) >= server->limits.connections_per_peer_max)
    return "too many connections from this address are open";
  return NULL;
}

static void refuse_client(GsHttpServer *server, int fd, guint address, const char *description) {
  g_autoptr(GString) text = g_string_new(NULL);
  GsHttpServerStats *stats = &server->stats[address];
  gs_http_error_text(text, 503, description);
  gs_http_socket_refuse(fd, text->str, text->len);
  GS_HTTP_COUNT(stats->refused);
  GS_HTTP_COUNT(stats->answered[5]);
}

static void on_accepted(int fd, guint address, const struct sockaddr *from, socklen_t from_length,
                        void *data) {
  GsHttpServer *server = data;
  GsHttpIp peer = gs_http_ip(from);
  GS_HTTP_COUNT(server->stats[address].accepted);
  pthread_mutex_lock(&server->lock);
  const char *refused = why_refused(server, &peer);
  GsHttpConnection *stale = g_hash_table_lookup(server->arriving, GINT_TO_POINTER(fd));
  if (stale) { // libmicrohttpd closed it without having taken it up
    g_hash_table_remove(server->arriving, GINT_TO_POINTER(fd));
    remove_connection(server, stale);
  }
  GsHttpConnection *connection = NULL;
  if (!refused) {
    connection = gs_http_connection_new(server, fd, address, &peer);
    connection->position = server->connections->len;
    g_ptr_array_add(server->connections, connection);
    g_hash_table_insert(server->arriving, GINT_TO_POINTER(fd), connection);
    add_to_peer(server, &peer, 1);
  }
  pthread_mutex_unlock(&server->lock);
  if (refused)
    refuse_client(server, fd, address, refused);
  else if (MHD_add_connection(server->daemon, fd, from, from_length) != MHD_YES)
    GS_HTTP_COUNT(server->stats[address].refused); // found as stale later
}

static void on_connection(void *data, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode code) {
  GsHttpServer *server = data;
  pthread_mutex_lock(&server->lock);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    GsHttpConnection *connection = g_hash_table_lookup(server->arriving, GINT_TO_POINTER(fd));
    g_assert(connection);
    g_hash_table_remove(server->arriving, GINT_TO_POINTER(fd));
    pthread_mutex_lock(&connection->lock);
    connection->state = GS_HTTP_IDLE;
    pthread_mutex_unlock(&connection->lock);
    *context = connection;
  } else {
    remove_connection(server, *context);
    *context = NULL;
  }
  pthread_mutex_unlock(&server->lock);
}

/* --- time limits ----------------------------------------------------------------- */

/** With the connection's lock. */
static void cut(GsHttpConnection *connection, const GString *text) {
  connection->state = GS_HTTP_CUT;
  gs_http_socket_cut(connection->fd, text ? text->str : NULL, text ? text->len : 0);
}

static void cut_late_request(GsHttpConnection *connection) {
  g_autoptr(GString) text = g_string_new(NULL);
  GsHttpServerStats *stats = &connection->server->stats[connection->address];
  if (connection->refused_status)
    gs_http_error_text(text, connection->refused_status, "the request is too large");
  else
    gs_http_error_text(text, 408, "the request did not arrive in time");
  cut(connection, text);
  GS_HTTP_COUNT(stats->timed_out);
  GS_HTTP_COUNT(stats->answered[4]);
}

/** With the connection's lock: finds that an idle connection's next request has begun to arrive. */
static void look_for_request(GsHttpConnection *connection, double now) {
  uint64_t received = gs_http_socket_received(connection->fd);
  if (!connection->watched) {
    connection->watched = true;
    connection->received = received;
  } else if (received > connection->received) {
    connection->state = GS_HTTP_RECEIVING;
    connection->since = now;
  }
}

static void check_connection(GsHttpConnection *connection, double now, bool stopping) {
  const GsHttpLimits *limits = &connection->server->limits;
  pthread_mutex_lock(&connection->lock);
  double age = now - connection->since;
  switch (connection->state) {
  case GS_HTTP_IDLE:
    look_for_request(connection, now);
    if (connection->state == GS_HTTP_IDLE && (stopping || age > limits->idle_timeout_s))
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
static void check_connections(GsHttpServer *server, bool stopping) {
  double now = gs_clock_s();
  for (guint i = 0; i < server->connections->len; i++)
    check_connection(g_ptr_array_index(server->connections, i), now, stopping);
}

static void on_tick(void *data) {
  GsHttpServer *server = data;
  double now = gs_clock_s();
  if (now < server->next_sweep_s)
    return;
  server->next_sweep_s = now + server->sweep_s;
  pthread_mutex_lock(&server->lock);
  check_connections(server, false);
  pthread_mutex_unlock(&server->lock);
  gs_http_streams_keep_alive(server, now);
}

static void *accept_clients(void *data) {
  GsHttpServer *server = data;
  gs_http_listener_run(server->listener, (guint)(server->sweep_s * 1000), on_accepted, on_tick,
                       server);
  return NULL;
}

/* --- life ------------------------------------------------------------------------ */

static void settle_limits(GsHttpServer *server, guint addresses) {
  GsHttpLimits *limits = &server->limits;
  guint wanted =
      limits->connections_max + limits->connections_max / (FILES_LEFT_SHARE - 1) + addresses + 1;
  guint files = gs_http_open_files(wanted);
  guint most = files - MIN(files, addresses) - files / FILES_LEFT_SHARE;
  limits->connections_max = CLAMP(limits->connections_max, 1, MAX(most, 1));
  guint per_peer = limits->connections_max - limits->connections_max / PEER_RESERVE_SHARE;
  if (limits->connections_per_peer_max == 0)
    limits->connections_per_peer_max = per_peer;
  guint shortest =
      MIN(MIN(limits->idle_timeout_s, limits->request_timeout_s), limits->events_keep_alive_s);
  server->sweep_s = CLAMP((double)shortest / SWEEPS_PER_LIMIT, SWEEP_MIN_S, SWEEP_MAX_S);
}

/** A condition whose time limits are those of the clock that gs_clock_s reads. */
static void init_monotonic(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
}

GsHttpServer *gs_http_server_new(const char *const *addresses, guint count, bool allow_any,
                                 const GsHttpLimits *limits, GsHttpHandle handle, void *data,
                                 GError **error) {
  GsHttpListener *listener = gs_http_listener_new(addresses, count, allow_any, error);
  if (!listener)
    return NULL;
  GsHttpServer *server = g_new0(GsHttpServer, 1);
  server->listener = listener;
  server->limits = *limits;
  server->handle = handle;
  server->data = data;
  server->stats = g_new0(GsHttpServerStats, count);
  server->connections = g_ptr_array_new();
  server->arriving = g_hash_table_new(NULL, NULL);
  server->peers = g_hash_table_new_full(hash_peer, same_peer, g_free, NULL);
  server->empty = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(server->empty, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  pthread_mutex_init(&server->lock, NULL);
  init_monotonic(&server->all_closed);
  gs_http_streams_init(server);
  settle_limits(server, count);
  return server;
}

const char *gs_http_server_address(const GsHttpServer *server, guint address) {
  return gs_http_listener_address(server->listener, address);
}

/**
 * Its own limit of connections must never be reached (0.9.75 then forgets to
 * release a lock), so it is far above ours; its own time limits are off, since
 * any byte extends them.
 */
static bool start_daemon(GsHttpServer *server, GError **error) {
  guint most = (server->limits.connections_max + 64) * 2 * SERVING_THREADS;
  gsize memory = 2 * server->limits.header_bytes_max + ((gsize)8 << 10);
  errno = 0;
  server->daemon =
      MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
                           MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME,
                       0, NULL, NULL, gs_http_on_request, server, MHD_OPTION_THREAD_POOL_SIZE,
                       (unsigned)SERVING_THREADS, MHD_OPTION_CONNECTION_LIMIT, most,
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_TIMEOUT,
                       0u, MHD_OPTION_URI_LOG_CALLBACK, gs_http_on_target, server,
                       MHD_OPTION_NOTIFY_COMPLETED, gs_http_on_completed, server,
                       MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
  if (server->daemon)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "the HTTP server does not start: %s",
              errno ? g_strerror(errno) : "no reason given");
  return false;
}

bool gs_http_server_start(GsHttpServer *server, GError **error) {
  g_assert(!server->started && !server->stopped);
  if (!start_daemon(server, error))
    return false;
  server->started =
      gs_thread_start(&server->acceptor, ACCEPTOR_STACK_BYTES, accept_clients, server, error);
  return server->started;
}

/** Waits until all connections are closed, at most until their grace is over. */
static void wait_for_connections(GsHttpServer *server) {
  double now = gs_clock_s();
  double end = now + server->limits.stop_grace_s;
  pthread_mutex_lock(&server->lock);
  while (server->connections->len > 0 && now < end) {
    check_connections(server, true);
    double until = now + STOP_CHECK_S;
    struct timespec time = {.tv_sec = (time_t)until,
                            .tv_nsec = (long)((until - (double)(time_t)until) * 1e9)};
    pthread_cond_timedwait(&server->all_closed, &server->lock, &time);
    now = gs_clock_s();
  }
  pthread_mutex_unlock(&server->lock);
}

void gs_http_server_stop_accepting(GsHttpServer *server) {
  g_assert(!server->stopped);
  server->stopped = true;
  __atomic_store_n(&server->stopping, true, __ATOMIC_RELEASE);
  if (server->started) {
    gs_http_listener_stop(server->listener);
    gs_thread_join(server->acceptor);
  }
  // libmicrohttpd aborts when a suspended connection is left.
  gs_http_streams_end(server);
  if (server->started)
    wait_for_connections(server);
  MHD_stop_daemon(server->daemon);
  server->daemon = NULL;
}

void gs_http_server_free(GsHttpServer *server) {
  if (!server)
    return;
  if (!server->stopped)
    gs_http_server_stop_accepting(server);
  // Those that libmicrohttpd closed without having taken them up.
  while (server->connections->len > 0)
    remove_connection(server, g_ptr_array_index(server->connections, 0));
  gs_http_listener_free(server->listener);
  MHD_destroy_response(server->empty);
  gs_http_streams_clear(server);
  g_ptr_array_free(server->connections, TRUE);
  g_hash_table_destroy(server->arriving);
  g_hash_table_destroy(server->peers);
  pthread_cond_destroy(&server->all_closed);
  pthread_mutex_destroy(&server->lock);
  g_free(server->stats);
  g_free(server);
}

/* --- statistics ------------------------------------------------------------------ */

static void add_counter(uint64_t *sum, const uint64_t *counter) {
  *sum += __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void add_stats(GsHttpServerStats *sum, const GsHttpServerStats *stats) {
  for (guint i = 0; i < G_N_ELEMENTS(sum->answered); i++)
    add_counter(&sum->answered[i], &stats->answered[i]);
  add_counter(&sum->accepted, &stats->accepted);
  add_counter(&sum->refused, &stats->refused);
  add_counter(&sum->timed_out, &stats->timed_out);
  add_counter(&sum->cut_streams, &stats->cut_streams);
  add_counter(&sum->dropped_events, &stats->dropped_events);
}

void gs_http_server_stats(GsHttpServer *server, guint address, GsHttpServerStats *stats) {
  bool all = address == GS_HTTP_ALL_ADDRESSES;
  guint count = gs_http_listener_count(server->listener);
  g_assert(all || address < count);
  *stats = (GsHttpServerStats){0};
  for (guint i = 0; i < count; i++) {
    if (all || i == address)
      add_stats(stats, &server->stats[i]);
  }
  stats->streams = gs_http_streams_count(server, address);
  pthread_mutex_lock(&server->lock);
  for (guint i = 0; i < server->connections->len; i++) {
    const GsHttpConnection *connection = g_ptr_array_index(server->connections, i);
    stats->connections += all || connection->address == address;
  }
  pthread_mutex_unlock(&server->lock);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/server.h"

#include <errno.h>

#include "core/error.h"
#include "core/json/json_writer.h"
#include "sim/base/thread.h"
#include "sim/http/limits.h"
#include "sim/http/server_parts.h"

#define SERVING_THREADS 2
/** The acceptor only formats addresses and short texts. */
#define ACCEPTOR_STACK_BYTES ((gsize)256 << 10)
/** What libmicrohttpd may take for a connection besides the head of a request and as much again. */
#define CONNECTION_BYTES ((gsize)24 << 10)
/** More connections than any system takes. */
#define CONNECTIONS_MOST (1u << 20)
/** Open files that are left to others: one in so many of all. */
#define FILES_LEFT_SHARE 4
/** Connections left to other clients when one takes all it may: one in so many. */
#define PEER_RESERVE_SHARE 16
/** Shortest and longest time between two sweeps, and how many fall into the shortest time limit. */
#define SWEEP_MIN_S 0.05
#define SWEEP_MAX_S 1.0
#define SWEEPS_PER_LIMIT 8

void gs_http_default_limits(GsHttpLimits *limits) {
  *limits = (GsHttpLimits){
      .body_bytes_max = GS_ENVELOPE_BYTES_MAX,
      .bodies_bytes_max = GS_HTTP_BODIES_BYTES_MAX,
      .header_bytes_max = GS_HTTP_HEAD_BYTES_MAX,
      .connections_max = GS_HTTP_CONNECTIONS_MAX,
      .idle_timeout_s = GS_HTTP_IDLE_S_MAX,
      .request_timeout_s = GS_HTTP_REQUEST_S_MAX,
      .events_max = GS_HTTP_EVENTS_MAX,
      .events_per_address_max = GS_HTTP_EVENTS_PER_ADDRESS_MAX,
      .events_backlog_bytes = GS_HTTP_EVENTS_BACKLOG_BYTES_MAX,
      .events_keep_alive_s = 15,
      .stop_grace_s = GS_HTTP_STOP_S_MAX,
  };
}

/* ---- Errors ---- */

static const char *reason(guint status) {
  /* The names that clients know; newer ones say "Content" for "Payload". */
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

/* ---- Life ---- */

static void settle_limits(GsHttpServer *server, guint addresses) {
  GsHttpLimits *limits = &server->limits;
  limits->connections_max = MIN(limits->connections_max, CONNECTIONS_MOST);
  guint wanted =
      limits->connections_max + limits->connections_max / (FILES_LEFT_SHARE - 1) + addresses + 1;
  guint files = gs_http_open_files(wanted);
  guint most = files - MIN(files, addresses) - files / FILES_LEFT_SHARE;
  limits->connections_max = CLAMP(limits->connections_max, 1, MAX(most, 1));
  guint per_peer = limits->connections_max - limits->connections_max / PEER_RESERVE_SHARE;
  server->shares_only = limits->connections_per_peer_max == 0;
  if (server->shares_only)
    limits->connections_per_peer_max = per_peer;
  guint shortest =
      MIN(MIN(limits->idle_timeout_s, limits->request_timeout_s), limits->events_keep_alive_s);
  server->sweep_s = CLAMP((double)shortest / SWEEPS_PER_LIMIT, SWEEP_MIN_S, SWEEP_MAX_S);
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
  server->empty = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(server->empty, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  settle_limits(server, count);
  gs_http_clients_init(server);
  gs_http_streams_init(server);
  return server;
}

void gs_http_server_allow_hosts(GsHttpServer *server, const char *const *names) {
  g_assert(!server->started);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (; names && *names; names++)
    g_strv_builder_add(builder, *names);
  g_strfreev(server->host_names);
  server->host_names = g_strv_builder_end(builder);
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
  gsize memory = 2 * server->limits.header_bytes_max + CONNECTION_BYTES;
  errno = 0;
  server->daemon =
      MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET |
                           MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME,
                       0, NULL, NULL, gs_http_on_request, server, MHD_OPTION_THREAD_POOL_SIZE,
                       (unsigned)SERVING_THREADS, MHD_OPTION_CONNECTION_LIMIT, most,
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_TIMEOUT,
                       0u, MHD_OPTION_URI_LOG_CALLBACK, gs_http_on_target, server,
                       MHD_OPTION_NOTIFY_COMPLETED, gs_http_on_completed, server,
                       MHD_OPTION_NOTIFY_CONNECTION, gs_http_on_connection, server, MHD_OPTION_END);
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
      gs_thread_start(&server->acceptor, ACCEPTOR_STACK_BYTES, gs_http_clients_run, server, error);
  return server->started;
}

void gs_http_server_stop_accepting(GsHttpServer *server) {
  g_assert(!server->stopped);
  server->stopped = true;
  __atomic_store_n(&server->stopping, true, __ATOMIC_RELEASE);
  if (server->started) {
    gs_http_listener_stop(server->listener);
    gs_thread_join(server->acceptor);
  }
  /* libmicrohttpd aborts when a suspended connection is left. */
  gs_http_streams_end(server);
  if (server->started)
    gs_http_clients_close(server);
  MHD_stop_daemon(server->daemon);
  server->daemon = NULL;
}

void gs_http_server_free(GsHttpServer *server) {
  if (!server)
    return;
  if (!server->stopped)
    gs_http_server_stop_accepting(server);
  MHD_destroy_response(server->empty);
  gs_http_streams_clear(server);
  gs_http_clients_clear(server);
  gs_http_listener_free(server->listener);
  g_strfreev(server->host_names);
  g_free(server->stats);
  g_free(server);
}

/* ---- Statistics ---- */

void gs_http_count_answer(GsHttpServer *server, guint address, guint status) {
  GsHttpServerStats *stats = &server->stats[address];
  GS_HTTP_COUNT(stats->answered[MIN(status, GS_HTTP_STATUSES - 1)]);
}

static void add_counter(uint64_t *sum, const uint64_t *counter) {
  *sum += __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void add_stats(GsHttpServerStats *sum, const GsHttpServerStats *stats) {
  for (guint i = 0; i < G_N_ELEMENTS(sum->answered); i++)
    add_counter(&sum->answered[i], &stats->answered[i]);
  add_counter(&sum->accepted, &stats->accepted);
  add_counter(&sum->refused, &stats->refused);
  add_counter(&sum->timed_out, &stats->timed_out);
  add_counter(&sum->gave_way, &stats->gave_way);
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
  stats->connections = gs_http_clients_count(server, address);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * An HTTP/1.1 server on many addresses that knows nothing about grids: it
 * collects requests with their bodies, has a callback answer them, and keeps
 * streams of server-sent events open. A fixed handful of threads serves any
 * number of addresses and connections.
 */
typedef struct GsHttpServer GsHttpServer;

/** What clients may take, each at least 1; the defaults are gs_http_default_limits'. */
typedef struct {
  gsize body_bytes_max;   /**< of one request: 413 beyond */
  gsize bodies_bytes_max; /**< of all bodies under way: 503 beyond */
  gsize header_bytes_max; /**< request line and headers: 431 beyond */
  guint connections_max;  /**< in all: 503 beyond; lowered if open files do not suffice */
  /** Per client's IP address: 503 beyond; 0 leaves a reserve to others, and no limit for loopback,
   * where all clients have one address: there who waits gives way, by listening address. */
  guint connections_per_peer_max;
  guint idle_timeout_s;         /**< without a request; also for taking a response */
  guint request_timeout_s;      /**< from a request's first byte to its last: 408 beyond */
  guint events_max;             /**< open event streams: 503 beyond */
  guint events_per_address_max; /**< of those, per listening address: 503 beyond */
  /** Kept per listening address; whoever is further behind, at most twice that, is cut and counted.
   */
  gsize events_backlog_bytes;
  guint events_keep_alive_s; /**< a comment after that long without an event */
  guint stop_grace_s;        /**< for finishing requests when the server stops */
} GsHttpLimits;

void gs_http_default_limits(GsHttpLimits *limits);

/** Everything is borrowed, for the duration of the callback. */
typedef struct {
  const char *method;
  const char *path;          /**< as sent, without query; starts with '/' unless it is "*" */
  const char *query;         /**< what follows the '?', or NULL */
  const char *body;          /**< NUL-terminated; may hold NULs */
  gsize body_length;         /**< bytes */
  const char *authorization; /**< that header's value, or NULL */
  guint address;             /**< which of the listening addresses it came in on */
} GsHttpRequest;

/** Starts as an empty 200 in JSON; the callback changes what it wants otherwise. */
typedef struct {
  guint status;                 /**< 200…599 */
  const char *content_type;     /**< literal or outlives the callback; ignored for events */
  GString *body;                /**< to append to; belongs to the server */
  const char *allow;            /**< for 405, or NULL */
  guint retry_after_s;          /**< for 503 and 429, or 0 */
  const char *www_authenticate; /**< for 401, or NULL */
} GsHttpResponse;

/** Answers a request. Called on the server's threads, several at once; must not block. */
typedef void (*GsHttpHandle)(const GsHttpRequest *request, GsHttpResponse *response, void *data);

/**
 * Binds and listens on all addresses, as gs_http_listener_new says (errors
 * too), and answers nobody before gs_http_server_start. Raises the process's
 * soft limit of open files if the connections need it.
 */
GsHttpServer *gs_http_server_new(const char *const *addresses, guint count, bool allow_any,
                                 const GsHttpLimits *limits, GsHttpHandle handle, void *data,
                                 GError **error);
/**
 * Names by which this machine may be asked for, besides addresses and localhost
 * (NULL-terminated, copied; NULL: none): requests for others get 421, since a
 * name can be made to lead here by anybody. Before gs_http_server_start.
 */
void gs_http_server_allow_hosts(GsHttpServer *server, const char *const *names);
/** As bound, for example "127.0.0.1:8081". Borrowed. */
const char *gs_http_server_address(const GsHttpServer *server, guint address);
/** Starts to answer. GS_ERROR_SYSTEM when there are no threads to be had; then only free it. */
bool gs_http_server_start(GsHttpServer *server, GError **error);
/**
 * Refuses new connections, closes idle ones and event streams, and finishes
 * requests under way within `stop_grace_s`. Returns when no callback runs any
 * more and none will. Once, from a thread that is not the server's own.
 */
void gs_http_server_stop_accepting(GsHttpServer *server);
/** Stops first if need be. NULL is fine. */
void gs_http_server_free(GsHttpServer *server);

/* ---- Answering ---- */

/**
 * Makes the response a stream of server-sent events: the body goes first, then
 * what is published on the request's address from this call on (so call it
 * before reading the state that the body describes). False when `events_max`
 * streams are open; the server then answers 503 whatever the callback does.
 */
bool gs_http_response_events(GsHttpResponse *response);
/** Appends `{"title": "404 Not Found", "description": "…"}`; without description if NULL. */
void gs_http_error_body(GString *out, guint status, const char *description);
/** Sets the status and replaces the body by gs_http_error_body. */
void gs_http_response_error(GsHttpResponse *response, guint status, const char *description);

/**
 * Sends text, complete events such as "data: …\n\n", to all event streams of
 * an address. From any thread, callbacks included; never waits for a client.
 * Costs next to nothing while no stream is open.
 */
void gs_http_server_publish(GsHttpServer *server, guint address, const char *text, gsize length);

/* ---- Statistics ---- */

#define GS_HTTP_ALL_ADDRESSES G_MAXUINT
/** Statuses are below this. */
#define GS_HTTP_STATUSES 600

typedef struct {
  uint64_t answered[GS_HTTP_STATUSES]; /**< responses by status */
  uint64_t accepted;                   /**< connections, the refused ones included */
  uint64_t refused;                    /**< connections beyond a limit */
  uint64_t timed_out;                  /**< requests that did not arrive in time */
  uint64_t gave_way;                   /**< connections that waited and made room for others */
  uint64_t cut_streams;                /**< streams of clients that read too slowly */
  uint64_t dropped_events;             /**< publications while those were still being closed */
  guint connections;                   /**< open now */
  guint streams;                       /**< open now */
} GsHttpServerStats;

/** Of one listening address, or GS_HTTP_ALL_ADDRESSES. From any thread. */
void gs_http_server_stats(GsHttpServer *server, guint address, GsHttpServerStats *stats);

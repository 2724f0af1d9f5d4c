/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <microhttpd.h>
#include <pthread.h>

#include "sim/http/listener.h"
#include "sim/http/server.h"

/**
 * What the server's files share. Locks are taken in this order: the server's,
 * a connection's, a channel's; libmicrohttpd's own come last and are never
 * held while it calls us.
 */

typedef enum {
  GS_HTTP_NEW,       /**< waits for its first request, or is being handed to libmicrohttpd */
  GS_HTTP_IDLE,      /**< waits for another request, or ends */
  GS_HTTP_RECEIVING, /**< a request has begun to arrive */
  GS_HTTP_ANSWERING, /**< a request is being answered */
  GS_HTTP_STREAMING, /**< an event stream */
  GS_HTTP_CUT,       /**< shut down by us */
} GsHttpState;

/** One client's connection. Without a remark: only touched by the thread that serves it. */
typedef struct {
  GsHttpServer *server;
  int fd;
  guint address;
  GsHttpIp client;
  guint position;             /**< in the server's list; under the server's lock */
  struct MHD_Connection *mhd; /**< NULL until libmicrohttpd has it */
  uint64_t handed_over;       /**< bytes of the requests that it was given to read */
  bool leaving;               /**< gives way to others; only the acceptor knows it */
  GsHttpWatch watch;          /**< how the socket was watched last, or will be the next time */

  pthread_mutex_t lock;
  GsHttpState state;    /**< under `lock`, as are the next ones */
  bool waiting;         /**< for the head of a request: it belongs to the acceptor */
  double since;         /**< when the state began, as the clock says */
  uint64_t received;    /**< bytes, when they were last counted */
  bool watched;         /**< `received` is set; when waiting: the first byte is there */
  guint refused_status; /**< the request will be refused with it, or 0 */

  bool left;       /**< the client sends nothing beyond its first request */
  bool ends;       /**< after the request that is under way */
  bool begun;      /**< the request's headers were looked at */
  GString *target; /**< the request's target */
  GString *body;
  gsize charged; /**< bytes of the body that count in the server's total */
  GString *reply;
} GsHttpConnection;

/** One event stream; all of it belongs to its channel's lock. */
typedef struct {
  GsHttpConnection *connection; /**< its socket is open while the stream is in the channel's list */
  guint position;               /**< in that list */
  GString *own;                 /**< goes out before the backlog: how it begins, signs of life */
  uint64_t place;               /**< what it has read up to, as GsHttpChannel.begin counts */
  double last_s;                /**< when it was sent something */
  bool cut;                     /**< it was too slow */
  struct MHD_Connection *mhd;   /**< NULL until the response is queued */
} GsHttpStream;

/** The event streams of one address. */
typedef struct {
  pthread_mutex_t lock;
  GPtrArray *list;   /**< GsHttpStream */
  GPtrArray *asleep; /**< those that have read all and are suspended */
  GString *backlog;  /**< what was published last; at its end is the newest */
  uint64_t begin;    /**< bytes published before the backlog begins */
  guint cut;         /**< streams in the list that were cut */
  guint open;        /**< length of the list; read without the lock */
  bool closed;       /**< no more streams, and those that are there end */
} GsHttpChannel;

struct GsHttpServer {
  GsHttpLimits limits;
  char **host_names; /**< that requests may ask for; NULL: none */
  GsHttpHandle handle;
  void *data;
  GsHttpListener *listener;
  struct MHD_Daemon *daemon;
  struct MHD_Response *empty; /**< 200 without a body, shared */
  pthread_t acceptor;
  bool shares_only; /**< nobody said how much one client may take: on this machine, all */
  bool started;
  bool stopped;
  bool stopping; /**< atomic */
  double next_sweep_s;
  double sweep_s; /**< seconds between sweeps */

  pthread_mutex_t lock;
  pthread_cond_t all_closed; /**< when stopping */
  GPtrArray *connections;    /**< GsHttpConnection; under `lock`, as are the next ones */
  GHashTable *arriving;      /**< fd → GsHttpConnection being handed to libmicrohttpd */
  GHashTable *clients_at;    /**< GsHttpIp → number of connections */
  guint *open_at;            /**< connections per listening address */
  GPtrArray *leaving;        /**< those that give way; only the acceptor uses it */
  guint look_next;           /**< where gs_http_who_gives_way looks next */

  char *peeked; /**< room for a request's head, for the acceptor */

  GsHttpChannel *channels;  /**< per address */
  guint streams_open;       /**< in all; atomic */
  gsize bodies_bytes;       /**< atomic */
  GsHttpServerStats *stats; /**< per address; atomic members */
};

#define GS_HTTP_COUNT(counter) ((void)__atomic_add_fetch(&(counter), 1, __ATOMIC_RELAXED))

/** What a callback fills in, and where it belongs to. */
typedef struct {
  GsHttpResponse response; /**< first: the callback's pointer leads back here */
  GsHttpConnection *connection;
  GsHttpStream *stream;
  bool no_stream; /**< one was asked for, and there was none to be had */
} GsHttpAnswer;

/** The whole response that ends a connection, as text to send past libmicrohttpd. */
void gs_http_error_text(GString *out, guint status, const char *description);
void gs_http_count_answer(GsHttpServer *server, guint address, guint status);
void gs_http_set_state(GsHttpConnection *connection, GsHttpState state);

/* ---- server_connection.c: libmicrohttpd's callbacks ---- */

void *gs_http_on_target(void *data, const char *target, struct MHD_Connection *mhd);
enum MHD_Result gs_http_on_request(void *data, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_length, void **context);
void gs_http_on_completed(void *data, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode code);
GsHttpConnection *gs_http_connection_new(GsHttpServer *server, int fd, guint address,
                                         const GsHttpIp *client);
void gs_http_connection_free(GsHttpConnection *connection);

/* ---- server_clients.c ---- */

void gs_http_clients_init(GsHttpServer *server);
void gs_http_clients_clear(GsHttpServer *server);
/**
 * After a request, on the thread that served it: takes the connection back from libmicrohttpd, to
 * wait for the head of the next one. False when it is not kept.
 */
bool gs_http_clients_take_back(GsHttpConnection *connection);
/** The acceptor's work; `server` is one. */
void *gs_http_clients_run(void *server);
/** Waits until all connections are closed, at most until their grace is over. */
void gs_http_clients_close(GsHttpServer *server);
guint gs_http_clients_count(GsHttpServer *server, guint address);
void gs_http_on_connection(void *data, struct MHD_Connection *mhd, void **context,
                           enum MHD_ConnectionNotificationCode code);

/** Whether a connection waits for the head of a request. */
bool gs_http_is_waiting(GsHttpConnection *connection);

/* ---- server_room.c ---- */

/** With the server's lock: which connection makes room for a new one; NULL: none. */
GsHttpConnection *gs_http_who_gives_way(GsHttpServer *server, guint for_address);

/* ---- server_events.c ---- */

void gs_http_streams_init(GsHttpServer *server);
void gs_http_streams_clear(GsHttpServer *server);
/** NULL when there are too many. */
GsHttpStream *gs_http_stream_open(GsHttpConnection *connection);
/** Gives up a stream that was not queued. */
void gs_http_stream_discard(GsHttpStream *stream);
/** The response that sends `first` and then the events; owns the stream. */
struct MHD_Response *gs_http_stream_response(GsHttpStream *stream, struct MHD_Connection *mhd,
                                             const GString *first);
/** Comments to quiet streams. */
void gs_http_streams_keep_alive(GsHttpServer *server, double now);
/** Ends all streams, and lets none be opened again. */
void gs_http_streams_end(GsHttpServer *server);
guint gs_http_streams_count(GsHttpServer *server, guint address);

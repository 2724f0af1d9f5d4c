/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/http/allow.h"

/**
 * Sends messages to peers over HTTP/1.1, each peer's in the order in which they
 * were given. A message is the body of one GET request. A peer has at most one
 * request under way, so what follows waits until the one before has its outcome;
 * peers do not wait for each other. Connections are kept and used again.
 *
 * A try that fails (no connection, no answer in time, a broken answer, or one of
 * 408, 425, 429 and 5xx) is made again after a pause that doubles with each failure
 * in a row of that peer. Once a status line has come it decides, even if the rest
 * of the answer does not: a message whose answer was lost may arrive twice, one
 * that was taken or refused is never sent again.
 *
 * One thread does all of it: about 20 to 50 µs of its time per message on loopback.
 */
typedef struct GsHttpClient GsHttpClient;
/** Someone to send to; owned by the client, lives as long as it, or until it is forgotten. */
typedef struct GsHttpPeer GsHttpPeer;

/** What a client may use; 0 stands for the default, which sim/http/limits.h names. */
typedef struct {
  guint queue_max;          /**< messages of one peer that wait or are under way */
  gsize queue_bytes_max;    /**< bytes of them, so no message can be longer */
  guint timeout_ms;         /**< one try, from looking up the name to the answer's end */
  guint connect_timeout_ms; /**< of that, until there is a connection */
  guint tries_max;          /**< tries of one message */
  guint backoff_first_ms;   /**< pause after the first failure in a row: 100 */
  guint backoff_most_ms;    /**< longest pause, also when the peer asks for longer */
  guint peers_max;
  guint connections_max;  /**< open connections, idle or busy, of all peers */
  gsize answer_bytes_max; /**< longest answer, head and body; longer ones are cut */
} GsHttpClientLimits;

typedef enum {
  GS_HTTP_DELIVERED, /**< answered 2xx */
  GS_HTTP_REFUSED,   /**< answered 3xx, which is not followed, or 4xx but 408, 425 and 429 */
  GS_HTTP_FAILED,    /**< all tries failed */
  GS_HTTP_FORBIDDEN, /**< the address is not allowed; nothing was sent */
  GS_HTTP_ABANDONED, /**< the client was stopped before there was an outcome */
} GsHttpOutcome;

/**
 * Called once for every message that gs_http_client_send took, on the client's
 * thread, with nothing locked; what it does holds up all peers. `status` is that of
 * the last try, 0 when no answer came. It may send, and look at statistics; it must
 * not drain, stop, forget or free. `about` is what came with the message, else NULL.
 */
typedef void (*GsHttpDone)(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about,
                           void *data);

/**
 * Starts a client and its thread. `allow` is copied; `path` is what is asked of
 * every peer, such as "/messaging". `limits` and `done` may be NULL. GS_ERROR_INPUT
 * for a path that is none, GS_ERROR_SYSTEM when there is no thread or memory to be
 * had. Free with gs_http_client_free.
 */
GsHttpClient *gs_http_client_new(const GsHttpAllow *allow, const char *path,
                                 const GsHttpClientLimits *limits, GsHttpDone done, void *data,
                                 GError **error);

/**
 * The peer at "host:port", the same for the same text in either case of letters until
 * it is forgotten. An address that is not allowed has a peer too: all its messages are
 * GS_HTTP_FORBIDDEN and its statistics tell why. GS_ERROR_INPUT when the text is no
 * address, GS_ERROR_LIMIT when there are peers_max. Thread-safe.
 */
GsHttpPeer *gs_http_client_peer(GsHttpClient *client, const char *address, GError **error);
/** Its address in lower case; lives as long as the peer. Thread-safe. */
const char *gs_http_peer_address(const GsHttpPeer *peer);

/**
 * Gives a message to a peer's queue, with a reference to `body`; its outcome is told with `about`
 * (may be NULL), which nothing else is done with. False, and nothing
 * taken, when the queue is full or the client stopped. Never blocks. Thread-safe:
 * messages of one thread to one peer keep their order.
 */
bool gs_http_client_send(GsHttpClient *client, GsHttpPeer *peer, GBytes *body, void *about);

/**
 * Whether the queue is full; what was to be sent is counted as dropped then. Cheaper than
 * writing a message that nobody takes. Thread-safe.
 */
bool gs_http_client_drops(GsHttpClient *client, GsHttpPeer *peer);

/**
 * Finds out whether anybody is there: an empty request, which no node takes for a
 * message, tried once, after what waits. Whatever its status, an answer is one:
 * see `silent`, `probing` and `probed_s` of the statistics. It is counted nowhere
 * else and `done` is not called. Nothing happens while another probe has no outcome.
 * False when the client stopped. Never blocks. Thread-safe.
 */
bool gs_http_client_probe(GsHttpClient *client, GsHttpPeer *peer);

/**
 * Frees a peer that nobody will use any more, and makes room for another. False, and
 * nothing done, while it has messages without an outcome, or `done` has not returned.
 * O(peers). Thread-safe.
 */
bool gs_http_client_forget(GsHttpClient *client, GsHttpPeer *peer);

/** What became of a peer's messages so far. */
typedef struct {
  guint waiting;         /**< in the queue, with the one under way */
  gsize waiting_bytes;   /**< their bodies */
  uint64_t delivered;    /**< messages by outcome … */
  uint64_t refused;      /**< … */
  uint64_t failed;       /**< … */
  uint64_t forbidden;    /**< … */
  uint64_t abandoned;    /**< … */
  uint64_t retried;      /**< tries after a message's first */
  uint64_t dropped_full; /**< messages not taken since the queue was full */
  uint64_t connections;  /**< connections made */
  bool up;               /**< false after a try that failed; true before the first */
  bool silent;           /**< whether the last try, also of a probe, had no answer at all */
  bool probing;          /**< a probe has no outcome yet */
  double probed_s;       /**< moment (gs_clock_s) of the last answer to a probe; 0: none */
  double down_since_s;   /**< moment (gs_clock_s) of the first failure in a row; 0 while up */
  guint last_status;     /**< of the last answer; 0 before the first */
  char last_error[128];  /**< why the last try that failed did, one line of ASCII; "" if none did */
} GsHttpPeerStats;
/** Thread-safe. */
void gs_http_client_peer_stats(GsHttpClient *client, const GsHttpPeer *peer, GsHttpPeerStats *out);

/**
 * Waits until every message has its outcome and `done` has returned, or that many
 * milliseconds are over; true for the former. Thread-safe.
 */
bool gs_http_client_drain(GsHttpClient *client, guint timeout_ms);

/**
 * Ends the thread; what has no outcome yet gets GS_HTTP_ABANDONED, also what is
 * under way and may arrive nevertheless. From then on nothing is taken; peers and
 * statistics stay. Does not wait for peers. To be called by one thread, while
 * others may still send.
 */
void gs_http_client_stop(GsHttpClient *client);
/** Stops and frees it, with its peers; nobody may use it any more. NULL is fine. */
void gs_http_client_free(GsHttpClient *client);

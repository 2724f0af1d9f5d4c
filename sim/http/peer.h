/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/http/client.h"

/**
 * What a client knows of a peer: its queue, its failures, its statistics. For the
 * client only, which lets one thread at a time call what changes a peer.
 */

typedef struct GsHttpMessage GsHttpMessage;
struct GsHttpMessage {
  GsHttpMessage *next;
  GBytes *body;
  guint tries; /**< begun */
  bool probe;  /**< see gs_http_client_probe; its body is empty */
  void *about; /**< what the sender is told with its outcome */
};

typedef enum {
  GS_HTTP_PEER_IDLE,    /**< nothing to send */
  GS_HTTP_PEER_READY,   /**< waits for its turn */
  GS_HTTP_PEER_BUSY,    /**< with the client's thread */
  GS_HTTP_PEER_PAUSING, /**< not to be tried before due_s */
} GsHttpPeerState;

struct GsHttpPeer {
  char *address, *url; /**< these three never change */
  bool allowed;
  GList link; /**< of the list that the state tells */
  GsHttpPeerState state;
  GsHttpMessage *first, *last; /**< the first stays here until its outcome */
  void *transfer;              /**< the client's, while a try is under way */
  guint failures;              /**< in a row */
  guint turns;                 /**< messages after which it was ready at once */
  double due_s;                /**< gs_clock_s from which it may be tried again */
  GsHttpPeerStats stats;
};

/** `address` is a good one, in lower case. Free with gs_http_peer_free. */
GsHttpPeer *gs_http_peer_new(const GsHttpAllow *allow, const char *address, const char *path);
/** Its queue is empty. */
void gs_http_peer_free(GsHttpPeer *peer);

/** False, and counted as dropped, when that would be more than the limits let wait; not a probe. */
bool gs_http_peer_push(GsHttpPeer *peer, GsHttpMessage *message, const GsHttpClientLimits *limits);
/**
 * Takes the first message, which has its outcome, out of the queue and counts it. `status` of its
 * last try, 0: no answer.
 */
GsHttpMessage *gs_http_peer_take_first(GsHttpPeer *peer, GsHttpOutcome outcome, guint status);
/** A message with a reference to `body`. */
GsHttpMessage *gs_http_message_new(GBytes *body);
void gs_http_message_free(GsHttpMessage *message);

/** A try worked. */
void gs_http_peer_note_success(GsHttpPeer *peer);
/** A try failed: the peer is to pause, at least as long as it asked for where the limits let it. */
void gs_http_peer_note_failure(GsHttpPeer *peer, guint retry_after_ms,
                               const GsHttpClientLimits *limits);
/** Keeps a reason for its statistics; what is no printable ASCII becomes '?'. */
void gs_http_peer_set_error(GsHttpPeer *peer, const char *text);

/** What is given (may be NULL), with the defaults where that is 0. */
GsHttpClientLimits gs_http_client_limits(const GsHttpClientLimits *given);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/peer.h"

#include "sim/base/clock.h"
#include "sim/http/limits.h"

GsHttpPeer *gs_http_peer_new(const GsHttpAllow *allow, const char *address, const char *path) {
  GsHttpPeer *peer = g_new0(GsHttpPeer, 1);
  g_autoptr(GError) reason = NULL;
  peer->address = g_strdup(address);
  peer->url = g_strdup_printf("http://%s%s", address, path);
  peer->link.data = peer;
  peer->stats.up = true;
  peer->allowed = gs_http_allow_check(allow, address, &reason);
  if (!peer->allowed)
    gs_http_peer_set_error(peer, reason->message);
  return peer;
}

void gs_http_peer_free(GsHttpPeer *peer) {
  g_free(peer->address);
  g_free(peer->url);
  g_free(peer);
}

const char *gs_http_peer_address(const GsHttpPeer *peer) {
  return peer->address;
}

GsHttpMessage *gs_http_message_new(GBytes *body) {
  GsHttpMessage *message = g_new0(GsHttpMessage, 1);
  message->body = g_bytes_ref(body);
  return message;
}

void gs_http_message_free(GsHttpMessage *message) {
  g_bytes_unref(message->body);
  g_free(message);
}

static void append(GsHttpPeer *peer, GsHttpMessage *message) {
  if (peer->last)
    peer->last->next = message;
  else
    peer->first = message;
  peer->last = message;
}

bool gs_http_peer_push(GsHttpPeer *peer, GsHttpMessage *message, const GsHttpClientLimits *limits) {
  if (message->probe) {
    peer->stats.probing = true;
    append(peer, message);
    return true;
  }
  gsize length = g_bytes_get_size(message->body);
  if (peer->stats.waiting >= limits->queue_max ||
      length > limits->queue_bytes_max - peer->stats.waiting_bytes) {
    peer->stats.dropped_full++;
    return false;
  }
  peer->stats.waiting++;
  peer->stats.waiting_bytes += length;
  append(peer, message);
  return true;
}

static uint64_t *counter(GsHttpPeerStats *stats, GsHttpOutcome outcome) {
  switch (outcome) {
  case GS_HTTP_DELIVERED:
    return &stats->delivered;
  case GS_HTTP_REFUSED:
    return &stats->refused;
  case GS_HTTP_FAILED:
    return &stats->failed;
  case GS_HTTP_FORBIDDEN:
    return &stats->forbidden;
  case GS_HTTP_ABANDONED:
    return &stats->abandoned;
  }
  g_assert_not_reached();
}

GsHttpMessage *gs_http_peer_take_first(GsHttpPeer *peer, GsHttpOutcome outcome, guint status) {
  GsHttpMessage *message = peer->first;
  peer->first = message->next;
  if (!peer->first)
    peer->last = NULL;
  if (message->probe) {
    peer->stats.probing = false;
    if (status)
      peer->stats.probed_s = gs_clock_s();
    return message;
  }
  peer->stats.waiting--;
  peer->stats.waiting_bytes -= g_bytes_get_size(message->body);
  (*counter(&peer->stats, outcome))++;
  return message;
}

void gs_http_peer_note_success(GsHttpPeer *peer) {
  peer->failures = 0;
  peer->stats.up = true;
  peer->stats.down_since_s = 0;
}

void gs_http_peer_note_failure(GsHttpPeer *peer, guint retry_after_ms,
                               const GsHttpClientLimits *limits) {
  double now = gs_clock_s();
  guint64 pause_ms = (guint64)limits->backoff_first_ms << MIN(peer->failures, 31);
  pause_ms = MIN(MAX(pause_ms, retry_after_ms), limits->backoff_most_ms);
  peer->failures++;
  peer->due_s = now + (double)pause_ms / 1e3;
  if (peer->stats.up)
    peer->stats.down_since_s = now;
  peer->stats.up = false;
}

void gs_http_peer_set_error(GsHttpPeer *peer, const char *text) {
  g_strlcpy(peer->stats.last_error, text, sizeof peer->stats.last_error);
  for (char *at = peer->stats.last_error; *at; at++)
    if (!g_ascii_isprint(*at))
      *at = '?';
}

GsHttpClientLimits gs_http_client_limits(const GsHttpClientLimits *given) {
  GsHttpClientLimits limits = given ? *given : (GsHttpClientLimits){0};
#define DEFAULT(member, value) (limits.member = limits.member ? limits.member : (value))
  DEFAULT(queue_max, GS_HTTP_QUEUE_MAX);
  DEFAULT(queue_bytes_max, GS_HTTP_QUEUE_BYTES_MAX);
  DEFAULT(timeout_ms, GS_HTTP_TRY_MS_MAX);
  DEFAULT(connect_timeout_ms, GS_HTTP_CONNECT_MS_MAX);
  DEFAULT(tries_max, GS_HTTP_TRIES_MAX);
  DEFAULT(backoff_first_ms, 100);
  DEFAULT(backoff_most_ms, GS_HTTP_PAUSE_MS_MAX);
  DEFAULT(peers_max, GS_HTTP_CLIENT_PEERS_MAX);
  DEFAULT(connections_max, GS_HTTP_CALLS_MAX);
  DEFAULT(answer_bytes_max, GS_HTTP_ANSWER_BYTES_MAX);
#undef DEFAULT
  return limits;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/limits.h"

/** What clients and peers may take, by name: the defaults of GsHttpLimits and GsHttpClientLimits.
 */

/** Longest request line with headers, in bytes. */
#define GS_HTTP_HEAD_BYTES_MAX ((gsize)32 << 10)
/** Bodies of all requests under way, in bytes. */
#define GS_HTTP_BODIES_BYTES_MAX ((gsize)4 * GS_ENVELOPE_BYTES_MAX)
/** Open connections of clients; fewer where the process may open fewer files. */
#define GS_HTTP_CONNECTIONS_MAX 4096u
/** How long a connection may be without a request, or a client without taking its answer. */
#define GS_HTTP_IDLE_S_MAX 60u
/** From a request's first byte to its last. */
#define GS_HTTP_REQUEST_S_MAX 15u
/** Open event streams, in all and per listening address. */
#define GS_HTTP_EVENTS_MAX 256u
#define GS_HTTP_EVENTS_PER_ADDRESS_MAX 64u
/** What is kept of events for streams that are behind, per listening address. */
#define GS_HTTP_EVENTS_BACKLOG_BYTES_MAX ((gsize)1 << 20)
/** For requests under way when the server stops. */
#define GS_HTTP_STOP_S_MAX 3u

/** Messages of one peer that wait or are under way, and bytes of them. */
#define GS_HTTP_QUEUE_MAX 4096u
#define GS_HTTP_QUEUE_BYTES_MAX ((gsize)GS_ENVELOPE_BYTES_MAX)
/** One try of a message to the end of its answer, and of that until there is a connection. */
#define GS_HTTP_TRY_MS_MAX 10000u
#define GS_HTTP_CONNECT_MS_MAX 2000u
/** Tries of one message, and the longest pause between two. */
#define GS_HTTP_TRIES_MAX 4u
#define GS_HTTP_PAUSE_MS_MAX 2000u
/** Peers that a client knows; who serves says how many. */
#define GS_HTTP_CLIENT_PEERS_MAX 4096u
/** Open connections to peers. */
#define GS_HTTP_CALLS_MAX 256u
/** Longest answer of a peer, head and body. */
#define GS_HTTP_ANSWER_BYTES_MAX ((gsize)64 << 10)

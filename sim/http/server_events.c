/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/http/server_parts.h"
#include "sim/run/clock.h"

/** Room that libmicrohttpd asks to be filled at once. */
#define BLOCK_BYTES ((size_t)8 << 10)
/** A sent part of the backlog that is worth moving the rest for. */
#define SENT_BYTES_KEPT ((gsize)64 << 10)
#define KEEP_ALIVE ": keep-alive\n\n"

void gs_http_streams_init(GsHttpServer *server) {
  pthread_mutex_init(&server->streams.lock, NULL);
  server->streams.list = g_ptr_array_new();
}

void gs_http_streams_clear(GsHttpServer *server) {
  g_assert(server->streams.list->len == 0);
  g_ptr_array_free(server->streams.list, TRUE);
  pthread_mutex_destroy(&server->streams.lock);
}

static GsHttpStream *stream_at(const GsHttpStreams *streams, guint position) {
  return g_ptr_array_index(streams->list, position);
}

GsHttpStream *gs_http_stream_open(GsHttpConnection *connection) {
  GsHttpStreams *streams = &connection->server->streams;
  GsHttpStream *stream = NULL;
  pthread_mutex_lock(&streams->lock);
  if (!streams->closed && streams->list->len < connection->server->limits.events_max) {
    stream = g_new0(GsHttpStream, 1);
    stream->connection = connection;
    stream->position = streams->list->len;
    stream->backlog = g_string_new(NULL);
    stream->last_s = gs_clock_s();
    g_ptr_array_add(streams->list, stream);
    __atomic_store_n(&streams->open, streams->list->len, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&streams->lock);
  return stream;
}

void gs_http_stream_discard(GsHttpStream *stream) {
  GsHttpStreams *streams = &stream->connection->server->streams;
  pthread_mutex_lock(&streams->lock);
  g_ptr_array_remove_index_fast(streams->list, stream->position);
  if (stream->position < streams->list->len)
    stream_at(streams, stream->position)->position = stream->position;
  __atomic_store_n(&streams->open, streams->list->len, __ATOMIC_RELEASE);
  pthread_mutex_unlock(&streams->lock);
  g_string_free(stream->backlog, TRUE);
  g_free(stream);
}

static void free_stream(void *stream) {
  gs_http_stream_discard(stream);
}

/** Sends what there is; sleeps until there is something; ends. On the connection's thread. */
static ssize_t read_stream(void *data, uint64_t position, char *out, size_t room) {
  (void)position;
  GsHttpStream *stream = data;
  GsHttpStreams *streams = &stream->connection->server->streams;
  pthread_mutex_lock(&streams->lock);
  ssize_t result = 0;
  gsize waiting = stream->backlog->len - stream->sent;
  if (waiting > 0) {
    gsize length = MIN(waiting, room);
    memcpy(out, stream->backlog->str + stream->sent, length);
    stream->sent += length;
    if (stream->sent == stream->backlog->len || stream->sent > SENT_BYTES_KEPT) {
      g_string_erase(stream->backlog, 0, (gssize)stream->sent);
      stream->sent = 0;
    }
    result = (ssize_t)length;
  } else if (stream->ending) {
    result = MHD_CONTENT_READER_END_OF_STREAM;
  } else {
    stream->suspended = true;
    MHD_suspend_connection(stream->mhd);
  }
  pthread_mutex_unlock(&streams->lock);
  return result;
}

struct MHD_Response *gs_http_stream_response(GsHttpStream *stream, struct MHD_Connection *mhd,
                                             const GString *first) {
  GsHttpStreams *streams = &stream->connection->server->streams;
  pthread_mutex_lock(&streams->lock);
  stream->mhd = mhd;
  g_string_prepend_len(stream->backlog, first->str, (gssize)first->len);
  pthread_mutex_unlock(&streams->lock);
  gs_http_socket_expect_progress(stream->connection->fd,
                                 stream->connection->server->limits.idle_timeout_s);
  struct MHD_Response *response = MHD_create_response_from_callback(
      MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, stream, free_stream);
  if (!response)
    return NULL;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
  MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
  return response;
}

/** With the streams' lock. */
static void wake(GsHttpStream *stream) {
  if (!stream->suspended)
    return;
  stream->suspended = false;
  MHD_resume_connection(stream->mhd);
}

/** With the streams' lock. */
static void append(GsHttpStream *stream, const char *text, gsize length, double now) {
  GsHttpServer *server = stream->connection->server;
  GsHttpServerStats *stats = &server->stats[stream->connection->address];
  if (stream->ending) {
    GS_HTTP_COUNT(stats->dropped_events);
  } else if (stream->backlog->len - stream->sent + length > server->limits.events_backlog_bytes) {
    GS_HTTP_COUNT(stats->dropped_events);
    GS_HTTP_COUNT(stats->cut_streams);
    stream->ending = true;
    gs_http_socket_cut(stream->connection->fd, NULL, 0);
  } else {
    g_string_append_len(stream->backlog, text, (gssize)length);
    stream->last_s = now;
  }
  wake(stream);
}

void gs_http_server_publish(GsHttpServer *server, guint address, const char *text, gsize length) {
  GsHttpStreams *streams = &server->streams;
  if (__atomic_load_n(&streams->open, __ATOMIC_ACQUIRE) == 0 || length == 0)
    return;
  double now = gs_clock_s();
  pthread_mutex_lock(&streams->lock);
  for (guint i = 0; i < streams->list->len; i++) {
    GsHttpStream *stream = stream_at(streams, i);
    if (stream->connection->address == address)
      append(stream, text, length, now);
  }
  pthread_mutex_unlock(&streams->lock);
}

void gs_http_streams_keep_alive(GsHttpServer *server, double now) {
  GsHttpStreams *streams = &server->streams;
  pthread_mutex_lock(&streams->lock);
  for (guint i = 0; i < streams->list->len; i++) {
    GsHttpStream *stream = stream_at(streams, i);
    if (!stream->ending && now - stream->last_s >= server->limits.events_keep_alive_s)
      append(stream, KEEP_ALIVE, strlen(KEEP_ALIVE), now);
  }
  pthread_mutex_unlock(&streams->lock);
}

void gs_http_streams_end(GsHttpServer *server) {
  GsHttpStreams *streams = &server->streams;
  pthread_mutex_lock(&streams->lock);
  streams->closed = true;
  for (guint i = 0; i < streams->list->len; i++) {
    stream_at(streams, i)->ending = true;
    wake(stream_at(streams, i));
  }
  pthread_mutex_unlock(&streams->lock);
}

guint gs_http_streams_count(GsHttpServer *server, guint address) {
  GsHttpStreams *streams = &server->streams;
  guint count = 0;
  pthread_mutex_lock(&streams->lock);
  for (guint i = 0; i < streams->list->len; i++)
    count +=
        address == GS_HTTP_ALL_ADDRESSES || stream_at(streams, i)->connection->address == address;
  pthread_mutex_unlock(&streams->lock);
  return count;
}

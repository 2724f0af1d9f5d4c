/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/clock.h"
#include "sim/http/server_parts.h"

/* Streams of server-sent events. What is published on an address is written once,
 * into that address's backlog; each stream has a place in it. So publishing costs the
 * same however many streams there are that do not read, and only those that wait
 * for more are woken. */

/** Room that libmicrohttpd asks to be filled at once. */
#define BLOCK_BYTES ((size_t)8 << 10)
/** A backlog is cut back to the limit when it has become so many times as long. */
#define BACKLOG_SLACK 2
#define KEEP_ALIVE ": keep-alive\n\n"

void gs_http_streams_init(GsHttpServer *server) {
  guint addresses = gs_http_listener_count(server->listener);
  server->channels = g_new0(GsHttpChannel, addresses);
  for (guint i = 0; i < addresses; i++) {
    pthread_mutex_init(&server->channels[i].lock, NULL);
    server->channels[i].list = g_ptr_array_new();
    server->channels[i].asleep = g_ptr_array_new();
    server->channels[i].backlog = g_string_new(NULL);
  }
}

void gs_http_streams_clear(GsHttpServer *server) {
  for (guint i = 0; i < gs_http_listener_count(server->listener); i++) {
    GsHttpChannel *channel = &server->channels[i];
    g_assert(channel->list->len == 0);
    g_ptr_array_free(channel->list, TRUE);
    g_ptr_array_free(channel->asleep, TRUE);
    g_string_free(channel->backlog, TRUE);
    pthread_mutex_destroy(&channel->lock);
  }
  g_free(server->channels);
}

static GsHttpChannel *channel_of(const GsHttpConnection *connection) {
  return &connection->server->channels[connection->address];
}

static GsHttpStream *stream_at(const GsHttpChannel *channel, guint position) {
  return g_ptr_array_index(channel->list, position);
}

/** With the channel's lock: where the next event will stand. */
static uint64_t end_of(const GsHttpChannel *channel) {
  return channel->begin + channel->backlog->len;
}

static bool take_place(GsHttpServer *server) {
  guint open = __atomic_add_fetch(&server->streams_open, 1, __ATOMIC_RELAXED);
  if (open <= server->limits.events_max)
    return true;
  __atomic_sub_fetch(&server->streams_open, 1, __ATOMIC_RELAXED);
  return false;
}

GsHttpStream *gs_http_stream_open(GsHttpConnection *connection) {
  GsHttpChannel *channel = channel_of(connection);
  GsHttpStream *stream = NULL;
  pthread_mutex_lock(&channel->lock);
  if (!channel->closed && channel->list->len < connection->server->limits.events_per_address_max &&
      take_place(connection->server)) {
    stream = g_new0(GsHttpStream, 1);
    stream->connection = connection;
    stream->position = channel->list->len;
    stream->own = g_string_new(NULL);
    stream->place = end_of(channel);
    stream->last_s = gs_clock_s();
    g_ptr_array_add(channel->list, stream);
    __atomic_store_n(&channel->open, channel->list->len, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&channel->lock);
  return stream;
}

void gs_http_stream_discard(GsHttpStream *stream) {
  GsHttpChannel *channel = channel_of(stream->connection);
  pthread_mutex_lock(&channel->lock);
  g_ptr_array_remove_index_fast(channel->list, stream->position);
  if (stream->position < channel->list->len)
    stream_at(channel, stream->position)->position = stream->position;
  channel->cut -= stream->cut;
  __atomic_store_n(&channel->open, channel->list->len, __ATOMIC_RELEASE);
  if (channel->list->len == 0) {
    channel->begin = end_of(channel);
    g_string_free(channel->backlog, TRUE);
    channel->backlog = g_string_new(NULL);
  }
  pthread_mutex_unlock(&channel->lock);
  __atomic_sub_fetch(&stream->connection->server->streams_open, 1, __ATOMIC_RELAXED);
  g_string_free(stream->own, TRUE);
  g_free(stream);
}

static void free_stream(void *stream) {
  gs_http_stream_discard(stream);
}

/** With the channel's lock: what the stream has not sent of its own or of the backlog. */
static gsize copy_some(const GsHttpChannel *channel, GsHttpStream *stream, char *out, gsize room) {
  if (stream->own->len > 0) {
    gsize length = MIN(stream->own->len, room);
    memcpy(out, stream->own->str, length);
    g_string_erase(stream->own, 0, (gssize)length);
    return length;
  }
  gsize length = (gsize)MIN(end_of(channel) - stream->place, room);
  memcpy(out, channel->backlog->str + (stream->place - channel->begin), length);
  stream->place += length;
  return length;
}

/** Sends what there is; sleeps until there is something; ends. On the connection's thread. */
static ssize_t read_stream(void *data, uint64_t position, char *out, size_t room) {
  (void)position;
  GsHttpStream *stream = data;
  GsHttpChannel *channel = channel_of(stream->connection);
  pthread_mutex_lock(&channel->lock);
  ssize_t result = stream->cut ? 0 : (ssize_t)copy_some(channel, stream, out, room);
  if (result > 0) {
    stream->last_s = gs_clock_s();
  } else if (stream->cut || channel->closed) {
    result = MHD_CONTENT_READER_END_OF_STREAM;
  } else {
    g_ptr_array_add(channel->asleep, stream);
    MHD_suspend_connection(stream->mhd);
  }
  pthread_mutex_unlock(&channel->lock);
  return result;
}

struct MHD_Response *gs_http_stream_response(GsHttpStream *stream, struct MHD_Connection *mhd,
                                             const GString *first) {
  GsHttpChannel *channel = channel_of(stream->connection);
  pthread_mutex_lock(&channel->lock);
  stream->mhd = mhd;
  g_string_prepend_len(stream->own, first->str, (gssize)first->len);
  pthread_mutex_unlock(&channel->lock);
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

/** With the channel's lock: those that sleep, for wake_all; NULL: none. */
static GPtrArray *steal_asleep(GsHttpChannel *channel) {
  if (channel->asleep->len == 0)
    return NULL;
  GPtrArray *woken = channel->asleep;
  channel->asleep = g_ptr_array_new();
  return woken;
}

/** Without the lock: who sleeps is not closed before it was woken, and only one wakes it. */
static void wake_all(GPtrArray *woken) {
  if (!woken)
    return;
  for (guint i = 0; i < woken->len; i++)
    MHD_resume_connection(((GsHttpStream *)woken->pdata[i])->mhd);
  g_ptr_array_free(woken, TRUE);
}

/** With the channel's lock: forgets the oldest of the backlog, and cuts who was still to read it.
 */
static void cut_back(GsHttpServer *server, guint address) {
  GsHttpChannel *channel = &server->channels[address];
  gsize forgotten = channel->backlog->len - server->limits.events_backlog_bytes;
  g_string_erase(channel->backlog, 0, (gssize)forgotten);
  channel->begin += forgotten;
  for (guint i = 0; i < channel->list->len; i++) {
    GsHttpStream *stream = stream_at(channel, i);
    if (stream->cut || stream->place >= channel->begin)
      continue;
    stream->cut = true;
    channel->cut++;
    GS_HTTP_COUNT(server->stats[address].cut_streams);
    gs_http_socket_cut(stream->connection->fd, NULL, 0);
  }
}

void gs_http_server_publish(GsHttpServer *server, guint address, const char *text, gsize length) {
  GsHttpChannel *channel = &server->channels[address];
  if (__atomic_load_n(&channel->open, __ATOMIC_ACQUIRE) == 0 || length == 0)
    return;
  pthread_mutex_lock(&channel->lock);
  if (channel->list->len > channel->cut)
    g_string_append_len(channel->backlog, text, (gssize)length);
  if (channel->backlog->len > BACKLOG_SLACK * server->limits.events_backlog_bytes)
    cut_back(server, address);
  __atomic_add_fetch(&server->stats[address].dropped_events, channel->cut, __ATOMIC_RELAXED);
  GPtrArray *woken = steal_asleep(channel);
  pthread_mutex_unlock(&channel->lock);
  wake_all(woken);
}

void gs_http_streams_keep_alive(GsHttpServer *server, double now) {
  for (guint a = 0; a < gs_http_listener_count(server->listener); a++) {
    GsHttpChannel *channel = &server->channels[a];
    pthread_mutex_lock(&channel->lock);
    bool any = false;
    for (guint i = 0; i < channel->asleep->len; i++) {
      GsHttpStream *stream = channel->asleep->pdata[i];
      if (now - stream->last_s < server->limits.events_keep_alive_s)
        continue;
      g_string_append(stream->own, KEEP_ALIVE); /* between two events: it has read all there are */
      any = true;
    }
    GPtrArray *woken = any ? steal_asleep(channel) : NULL;
    pthread_mutex_unlock(&channel->lock);
    wake_all(woken);
  }
}

void gs_http_streams_end(GsHttpServer *server) {
  for (guint a = 0; a < gs_http_listener_count(server->listener); a++) {
    GsHttpChannel *channel = &server->channels[a];
    pthread_mutex_lock(&channel->lock);
    channel->closed = true;
    GPtrArray *woken = steal_asleep(channel);
    pthread_mutex_unlock(&channel->lock);
    wake_all(woken);
  }
}

guint gs_http_streams_count(GsHttpServer *server, guint address) {
  return address == GS_HTTP_ALL_ADDRESSES
             ? __atomic_load_n(&server->streams_open, __ATOMIC_RELAXED)
             : __atomic_load_n(&server->channels[address].open, __ATOMIC_RELAXED);
}

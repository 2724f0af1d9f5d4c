/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/clock.h"
#include "sim/http/origin.h"
#include "sim/http/server_parts.h"

/** A buffer that grew larger than this is given back when its request is done. */
#define BUFFER_BYTES_KEPT ((gsize)64 << 10)
#define JSON_TYPE "application/json"

GsHttpConnection *gs_http_connection_new(GsHttpServer *server, int fd, guint address,
                                         const GsHttpIp *client) {
  GsHttpConnection *connection = g_new0(GsHttpConnection, 1);
  connection->server = server;
  connection->fd = fd;
  connection->address = address;
  connection->client = *client;
  connection->since = gs_clock_s();
  connection->target = g_string_new(NULL);
  connection->body = g_string_new(NULL);
  connection->reply = g_string_new(NULL);
  pthread_mutex_init(&connection->lock, NULL);
  return connection;
}

static void release_body(GsHttpConnection *connection) {
  if (connection->charged)
    __atomic_sub_fetch(&connection->server->bodies_bytes, connection->charged, __ATOMIC_RELAXED);
  connection->charged = 0;
}

void gs_http_connection_free(GsHttpConnection *connection) {
  release_body(connection);
  g_string_free(connection->target, TRUE);
  g_string_free(connection->body, TRUE);
  g_string_free(connection->reply, TRUE);
  pthread_mutex_destroy(&connection->lock);
  g_free(connection);
}

void gs_http_set_state(GsHttpConnection *connection, GsHttpState state) {
  double now = gs_clock_s();
  pthread_mutex_lock(&connection->lock);
  /* The time of a request runs on while it is handed over. */
  bool same_time = connection->state == GS_HTTP_NEW;
  if (connection->state != GS_HTTP_CUT) {
    connection->state = state;
    connection->since = same_time ? connection->since : now;
    connection->watched = false;
  }
  pthread_mutex_unlock(&connection->lock);
}

static GsHttpConnection *connection_of(struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info->socket_context;
}

/** A request line has arrived. The result is the context of the request's other callbacks. */
void *gs_http_on_target(void *data, const char *target, struct MHD_Connection *mhd) {
  (void)data;
  GsHttpConnection *connection = connection_of(mhd);
  pthread_mutex_lock(&connection->lock);
  bool begun = connection->state == GS_HTTP_RECEIVING;
  connection->refused_status = 0;
  pthread_mutex_unlock(&connection->lock);
  if (!begun)
    gs_http_set_state(connection, GS_HTTP_RECEIVING);
  connection->begun = false;
  g_string_assign(connection->target, target ? target : "");
  g_string_truncate(connection->body, 0);
  return connection;
}

static void empty_buffer(GString **buffer) {
  if ((*buffer)->allocated_len <= BUFFER_BYTES_KEPT) {
    g_string_truncate(*buffer, 0);
  } else {
    g_string_free(*buffer, TRUE);
    *buffer = g_string_new(NULL);
  }
}

void gs_http_on_completed(void *data, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode code) {
  (void)data;
  (void)mhd;
  GsHttpConnection *connection = *context;
  if (!connection)
    return;
  release_body(connection);
  empty_buffer(&connection->body);
  empty_buffer(&connection->reply);
  if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK || connection->ends ||
      !gs_http_clients_take_back(connection))
    gs_http_set_state(connection, GS_HTTP_IDLE);
}

/* ---- Answering ---- */

static struct MHD_Response *make_response(const GsHttpResponse *response, bool close) {
  const GString *body = response->body;
  struct MHD_Response *made =
      MHD_create_response_from_buffer(body->len, body->str, MHD_RESPMEM_MUST_COPY);
  if (!made)
    return NULL;
  if (response->content_type)
    MHD_add_response_header(made, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type);
  if (response->allow)
    MHD_add_response_header(made, MHD_HTTP_HEADER_ALLOW, response->allow);
  if (response->www_authenticate)
    MHD_add_response_header(made, MHD_HTTP_HEADER_WWW_AUTHENTICATE, response->www_authenticate);
  if (response->retry_after_s) {
    char seconds[16];
    g_snprintf(seconds, sizeof seconds, "%u", response->retry_after_s);
    MHD_add_response_header(made, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
  }
  if (close)
    MHD_add_response_header(made, MHD_HTTP_HEADER_CONNECTION, "close");
  return made;
}

static bool is_plain(const GsHttpResponse *response) {
  return response->status == 200 && response->body->len == 0 && !response->allow &&
         !response->www_authenticate && !response->retry_after_s &&
         g_strcmp0(response->content_type, JSON_TYPE) == 0;
}

static enum MHD_Result send_response(GsHttpConnection *connection, struct MHD_Connection *mhd,
                                     const GsHttpResponse *response, bool close) {
  gs_http_count_answer(connection->server, connection->address, response->status);
  close = close || connection->ends || connection->left ||
          __atomic_load_n(&connection->server->stopping, __ATOMIC_ACQUIRE);
  connection->ends = close;
  if (!close && is_plain(response))
    return MHD_queue_response(mhd, 200, connection->server->empty);
  struct MHD_Response *made = make_response(response, close);
  if (!made)
    return MHD_NO;
  enum MHD_Result result = MHD_queue_response(mhd, response->status, made);
  MHD_destroy_response(made);
  return result;
}

/** Answers with an error of the server's own, and closes the connection. */
static enum MHD_Result refuse(GsHttpConnection *connection, struct MHD_Connection *mhd,
                              guint status, const char *description) {
  GsHttpResponse response = {.content_type = JSON_TYPE, .body = connection->reply};
  gs_http_set_state(connection, GS_HTTP_ANSWERING);
  gs_http_response_error(&response, status, description);
  if (status == 503)
    response.retry_after_s = 1;
  return send_response(connection, mhd, &response, true);
}

static enum MHD_Result send_stream(const GsHttpAnswer *answer, struct MHD_Connection *mhd) {
  GsHttpConnection *connection = answer->connection;
  struct MHD_Response *made = gs_http_stream_response(answer->stream, mhd, answer->response.body);
  if (!made) {
    gs_http_stream_discard(answer->stream);
    return MHD_NO;
  }
  gs_http_count_answer(connection->server, connection->address, 200);
  connection->ends = true;
  gs_http_set_state(connection, GS_HTTP_STREAMING);
  enum MHD_Result result = MHD_queue_response(mhd, 200, made);
  MHD_destroy_response(made);
  return result;
}

bool gs_http_response_events(GsHttpResponse *response) {
  GsHttpAnswer *answer = (GsHttpAnswer *)response;
  if (!answer->stream)
    answer->stream = gs_http_stream_open(answer->connection);
  answer->no_stream = !answer->stream;
  return answer->stream;
}

/** Of "http://host/path?query", which a request may also name, "/path?query". */
static const char *without_host(const char *target) {
  if (g_ascii_strncasecmp(target, "http://", 7) != 0)
    return target;
  const char *path = target + 7 + strcspn(target + 7, "/?");
  return *path == '/' ? path : "/";
}

static enum MHD_Result answer_request(GsHttpConnection *connection, struct MHD_Connection *mhd,
                                      const char *method) {
  GsHttpServer *server = connection->server;
  g_autofree char *path = NULL;
  const char *target = without_host(connection->target->str);
  const char *question = strchr(target, '?');
  if (question)
    path = g_strndup(target, (gsize)(question - target));
  GsHttpRequest request = {
      .method = method,
      .path = path ? path : target,
      .query = question ? question + 1 : NULL,
      .body = connection->body->str,
      .body_length = connection->body->len,
      .authorization = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Authorization"),
      .address = connection->address,
  };
  GsHttpAnswer answer = {
      .response = {.status = 200, .content_type = JSON_TYPE, .body = connection->reply},
      .connection = connection,
  };
  server->handle(&request, &answer.response, server->data);
  release_body(connection); /* before the client can know, and send the next one */
  if (answer.no_stream)
    return refuse(connection, mhd, 503, "too many event streams are open");
  if (answer.stream && answer.response.status == 200 && strcmp(method, "HEAD") != 0)
    return send_stream(&answer, mhd);
  if (answer.stream)
    gs_http_stream_discard(answer.stream);
  return send_response(connection, mhd, &answer.response, false);
}

/* ---- What is wrong with a request ---- */

typedef struct {
  guint hosts;
  guint lengths;
  guint encodings;
  const char *length;
  const char *encoding;
  bool different_lengths;
  bool bad_form;
  bool close; /**< the client wants no further request */
  guint origins;
  GsHttpOrigin origin;
} Headers;

static enum MHD_Result look_at_header(void *data, enum MHD_ValueKind kind, const char *name,
                                      const char *value) {
  (void)kind;
  Headers *headers = data;
  value = value ? value : "";
  if (!gs_http_is_token(name) || !gs_http_is_text(value)) {
    headers->bad_form = true;
  } else if (g_ascii_strcasecmp(name, "Host") == 0) {
    headers->hosts++;
    headers->origin.host = value;
  } else if (g_ascii_strcasecmp(name, "Origin") == 0) {
    headers->origins++;
    headers->origin.origin = value;
  } else if (g_ascii_strcasecmp(name, "Sec-Fetch-Site") == 0) {
    headers->origin.fetch_site = value;
  } else if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0) {
    headers->encodings++;
    headers->encoding = value;
  } else if (g_ascii_strcasecmp(name, "Content-Length") == 0) {
    headers->different_lengths |= headers->length && strcmp(headers->length, value) != 0;
    headers->lengths++;
    headers->length = value;
  } else if (g_ascii_strcasecmp(name, "Connection") == 0) {
    headers->close |= g_ascii_strcasecmp(value, "keep-alive") != 0;
  }
  return MHD_YES;
}

/** What must be refused with 400 or 501, or NULL. */
static const char *wrong_form(const Headers *headers, const char *method, const char *target,
                              const char *version, guint *status) {
  bool old = strcmp(version, "HTTP/1.0") == 0;
  *status = 400;
  if (headers->bad_form)
    return "a header has characters that are not allowed there";
  if (!gs_http_is_token(method))
    return "the method has characters that are not allowed there";
  if (target[0] != '/' && strcmp(target, "*") != 0)
    return "the request's target must be a path";
  if (headers->hosts > 1 || (headers->hosts == 0 && !old))
    return "a request must have one Host header";
  if (headers->origins > 1)
    return "a request may have one Origin header";
  if (headers->different_lengths)
    return "the request has Content-Length headers that differ";
  if (headers->encodings && headers->lengths)
    return "the request has both Content-Length and Transfer-Encoding";
  if (headers->encodings > 1 || (headers->encodings && old))
    return "the request's Transfer-Encoding is ambiguous";
  *status = 501;
  if (headers->encodings && g_ascii_strcasecmp(headers->encoding, "chunked") != 0)
    return "of transfer encodings, only chunked is known";
  return NULL;
}

static gsize header_bytes(struct MHD_Connection *mhd) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}

/** The headers have arrived, the body has not. */
static enum MHD_Result begin_request(GsHttpConnection *connection, struct MHD_Connection *mhd,
                                     const char *method, const char *version) {
  const GsHttpLimits *limits = &connection->server->limits;
  g_autofree char *description = NULL;
  Headers headers = {0};
  guint status;
  connection->begun = true;
  MHD_get_connection_values(mhd, MHD_HEADER_KIND, look_at_header, &headers);
  const char *wrong =
      wrong_form(&headers, method, without_host(connection->target->str), version, &status);
  if (wrong)
    return refuse(connection, mhd, status, wrong);
  GsHttpComplaint complaint;
  headers.origin.target = connection->target->str;
  if (!gs_http_origin_check(&headers.origin, (const char *const *)connection->server->host_names,
                            &complaint))
    return refuse(connection, mhd, complaint.status, complaint.description);
  /* libmicrohttpd ends the connection then, and we must know it. */
  connection->ends = headers.close || strcmp(version, "HTTP/1.1") != 0;
  if (header_bytes(mhd) > limits->header_bytes_max) {
    description =
        g_strdup_printf("request line and headers are longer than %" G_GSIZE_FORMAT " bytes",
                        limits->header_bytes_max);
    return refuse(connection, mhd, 431, description);
  }
  /* libmicrohttpd has read the number already, and refused what is none. */
  if (headers.length && g_ascii_strtoull(headers.length, NULL, 10) > limits->body_bytes_max) {
    description = g_strdup_printf("the body is longer than %" G_GSIZE_FORMAT " bytes",
                                  limits->body_bytes_max);
    return refuse(connection, mhd, 413, description);
  }
  return MHD_YES;
}

static void refuse_later(GsHttpConnection *connection, guint status) {
  pthread_mutex_lock(&connection->lock);
  connection->refused_status = status;
  pthread_mutex_unlock(&connection->lock);
  release_body(connection);
  empty_buffer(&connection->body);
}

/** Keeps a piece of the body, or notes that the body is too much: then the rest is thrown away. */
static void take_piece(GsHttpConnection *connection, const char *piece, gsize length) {
  GsHttpServer *server = connection->server;
  if (connection->refused_status)
    return;
  if (length > server->limits.body_bytes_max - connection->body->len) {
    refuse_later(connection, 413);
    return;
  }
  gsize all = __atomic_add_fetch(&server->bodies_bytes, length, __ATOMIC_RELAXED);
  connection->charged += length;
  if (all > server->limits.bodies_bytes_max)
    refuse_later(connection, 503);
  else
    g_string_append_len(connection->body, piece, (gssize)length);
}

static bool may_answer(GsHttpConnection *connection) {
  gs_http_set_state(connection, GS_HTTP_ANSWERING);
  pthread_mutex_lock(&connection->lock);
  bool may = connection->state != GS_HTTP_CUT;
  pthread_mutex_unlock(&connection->lock);
  return may;
}

enum MHD_Result gs_http_on_request(void *data, struct MHD_Connection *mhd, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_length, void **context) {
  (void)data;
  (void)url;
  GsHttpConnection *connection = *context;
  if (!connection->begun)
    return begin_request(connection, mhd, method, version);
  if (*upload_length > 0) {
    take_piece(connection, upload, *upload_length);
    *upload_length = 0;
    return MHD_YES;
  }
  if (!may_answer(connection))
    return MHD_NO;
  if (connection->refused_status == 413)
    return refuse(connection, mhd, 413, "the body is longer than this server takes");
  if (connection->refused_status)
    return refuse(connection, mhd, 503, "too many bodies of requests are under way");
  return answer_request(connection, mhd, method);
}

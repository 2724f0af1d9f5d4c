/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/http/server.h"

#define PATIENCE_S 10
#define GOOD "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "FAILED: %s\n", what);
  abort();
}

static void handle(const GsHttpRequest *request, GsHttpResponse *response, void *data) {
  (void)data;
  require(request->path[0] == '/' || strcmp(request->path, "*") == 0, "a path that is none");
  require(strlen(request->path) > 0 && request->body[request->body_length] == '\0', "no end");
  if (request->body_length > 0 && request->body[0] == '!')
    gs_http_response_error(response, 404, NULL);
}

static const char *serve(void) {
  static GsHttpServer *server;
  if (!server) {
    GsHttpLimits limits;
    const char *address = "127.0.0.1:0";
    gs_http_default_limits(&limits);
    limits.body_bytes_max = 2000;
    server = gs_http_server_new(&address, 1, false, &limits, handle, NULL, NULL);
    require(server && gs_http_server_start(server, NULL), "no server");
  }
  return gs_http_server_address(server, 0);
}

/**
 * Whoever ends a connection first keeps its ports for a minute. So each thousand of them comes from
 * another address of this machine, and what fails for want of a port, or since libFuzzer's timer
 * interrupts it, is tried again.
 */
static int connect_from(guint number, const struct sockaddr_in *where) {
  struct sockaddr_in from = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(0x7f010001 + number / 1000 % 0xffff)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(fd >= 0, "no socket");
  if (bind(fd, (const struct sockaddr *)&from, sizeof from) == 0 &&
      connect(fd, (const struct sockaddr *)where, sizeof *where) == 0)
    return fd;
  int failure = errno;
  close(fd);
  errno = failure;
  return -1;
}

static int connect_to(const char *address) {
  static guint number;
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct timeval patience = {.tv_sec = PATIENCE_S};
  where.sin_port = htons((uint16_t)atoi(strrchr(address, ':') + 1));
  int fd = -1;
  for (guint tries = 0; fd < 0 && tries < PATIENCE_S * 100; tries++) {
    fd = connect_from(number++, &where);
    if (fd < 0)
      usleep(10000);
  }
  if (fd < 0)
    perror("connect");
  require(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0,
          "no connection");
  return fd;
}

/** Appends what comes up to the text, or to the end if it is NULL. */
static void read_to(int fd, const char *text, GString *out) {
  char bytes[4096];
  while (!text || !strstr(out->str, text)) {
    /* libFuzzer's own timer interrupts what waits here. */
    ssize_t length = TEMP_FAILURE_RETRY(recv(fd, bytes, sizeof bytes, 0));
    /* Who is cut off with bytes unread is reset, which ends it, too. */
    bool reset = length < 0 && !text && errno == ECONNRESET;
    require(length >= 0 || reset, "neither an answer nor an end");
    require(length > 0 || !text, "an end instead of an answer");
    if (length <= 0)
      return;
    g_string_append_len(out, bytes, length);
  }
}

/** One answer after the other, each of our form; the last one may be cut off by a reset. */
static void check_answers(const char *at) {
  while (*at) {
    require(g_str_has_prefix(at, "HTTP/1.1 ") && g_ascii_isdigit(at[9]), "no status line");
    bool goes_on = at[9] == '1', fails = at[9] >= '4';
    const char *end = strstr(at, "\r\n\r\n");
    if (!end)
      return;
    g_autofree char *head = g_ascii_strdown(at, end + 2 - at);
    const char *length = strstr(head, "\r\ncontent-length: ");
    at = end + 4;
    if (goes_on)
      continue;
    require(strstr(head, "\r\ncontent-type: application/json\r\n") && length, "not ours");
    gsize body = (gsize)atoi(length + strlen("\r\ncontent-length: "));
    require(!fails || body == 0 || !*at || g_str_has_prefix(at, "{\"title\": \"") ||
                g_str_has_prefix(at, "HTTP/1.1 "),
            "an error in another form");
    bool without_body = g_str_has_prefix(at, "HTTP/1.1 "); /* of a HEAD */
    at += without_body ? 0 : MIN(body, strlen(at));
  }
}

/** Whatever comes behind a good request: each answer is one of ours, and the connection ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  int fd = connect_to(serve());
  g_autoptr(GString) good = g_string_new(NULL), rest = g_string_new(NULL);
  require(TEMP_FAILURE_RETRY(send(fd, GOOD, strlen(GOOD), MSG_NOSIGNAL)) > 0, "nobody reads");
  read_to(fd, "\r\n\r\n", good);
  require(g_str_has_prefix(good->str, "HTTP/1.1 200 "), "no answer to a good request");
  ssize_t sent = TEMP_FAILURE_RETRY(send(fd, data, size, MSG_NOSIGNAL));
  (void)sent;
  shutdown(fd, SHUT_WR);
  read_to(fd, NULL, rest);
  check_answers(rest->str);
  close(fd);
  return 0;
}

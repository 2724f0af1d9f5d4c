/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/http/http_support.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/clock.h"

int gs_test_connect(const char *address) {
  const char *colon = strrchr(address, ':');
  g_autofree char *host = g_strndup(address, (gsize)(colon - address));
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = four.sin_port};
  bool is_six = host[0] == '[';
  if (is_six) {
    host[strlen(host) - 1] = '\0';
    cr_assert_eq(inet_pton(AF_INET6, host + 1, &six.sin6_addr), 1);
  } else {
    cr_assert_eq(inet_pton(AF_INET, host, &four.sin_addr), 1);
  }
  int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  cr_assert(fd >= 0);
  int result = is_six ? connect(fd, (struct sockaddr *)&six, sizeof six)
                      : connect(fd, (struct sockaddr *)&four, sizeof four);
  cr_assert_eq(result, 0, "%s: %s", address, g_strerror(errno));
  return fd;
}

bool gs_test_send(int fd, const char *bytes, gsize length) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent < 0)
      return false;
    bytes += sent;
    length -= (gsize)sent;
  }
  return true;
}

bool gs_test_send_text(int fd, const char *text) {
  return gs_test_send(fd, text, strlen(text));
}

/** Appends up to `most` bytes, or only looks at them; 0 at the end, -1 when the time passes. */
static ssize_t receive(int fd, GString *out, gsize most, int flags, double deadline) {
  char buffer[16384];
  double left = deadline - gs_clock_s();
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  if (left < 0 || poll(&wait, 1, (int)(left * 1000) + 1) == 0)
    return -1;
  ssize_t length = recv(fd, buffer, MIN(most, sizeof buffer), flags);
  if (length <= 0)
    return 0;
  g_string_append_len(out, buffer, length);
  return length;
}

bool gs_test_read_until(int fd, GString *out, const char *text, double seconds) {
  double deadline = gs_clock_s() + seconds;
  g_autoptr(GString) ignored = g_string_new(NULL);
  gsize searched = 0;
  while (!strstr(out->str + searched, text)) {
    /* Looks first, so that nothing behind the text is taken. */
    gsize before = out->len;
    ssize_t length = receive(fd, out, G_MAXSIZE, MSG_PEEK, deadline);
    if (length <= 0)
      return false;
    const char *found = strstr(out->str + searched, text);
    if (found)
      g_string_truncate(out, (gsize)(found - out->str) + strlen(text));
    else
      searched = out->len - MIN(out->len, strlen(text));
    receive(fd, ignored, out->len - before, 0, deadline);
    g_string_truncate(ignored, 0);
  }
  return true;
}

static gsize content_length(const char *head) {
  g_autofree char *lower = g_ascii_strdown(head, -1);
  const char *found = strstr(lower, "\ncontent-length:");
  return found ? strtoul(found + strlen("\ncontent-length:"), NULL, 10) : 0;
}

GsTestReply gs_test_read_reply(int fd, double seconds) {
  GsTestReply reply = {.body = g_string_new(NULL)};
  g_autoptr(GString) head = g_string_new(NULL);
  double deadline = gs_clock_s() + seconds;
  bool complete = gs_test_read_until(fd, head, "\r\n\r\n", seconds);
  reply.head = g_strdup(head->str);
  if (!complete)
    return reply;
  reply.status = (guint)strtoul(head->str + strlen("HTTP/1.1 "), NULL, 10);
  gsize length = content_length(reply.head);
  while (reply.body->len < length) {
    if (receive(fd, reply.body, length - reply.body->len, 0, deadline) <= 0) {
      reply.status = 0;
      break;
    }
  }
  return reply;
}

void gs_test_reply_clear(GsTestReply *reply) {
  g_free(reply->head);
  if (reply->body)
    g_string_free(reply->body, TRUE);
  *reply = (GsTestReply){0};
}

bool gs_test_reply_has(const GsTestReply *reply, const char *line) {
  g_autofree char *head = g_ascii_strdown(reply->head, -1);
  g_autofree char *wanted = g_ascii_strdown(line, -1);
  g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
  return g_strv_contains((const char *const *)lines, wanted);
}

GsTestReply gs_test_ask(const char *address, const char *text) {
  int fd = gs_test_connect(address);
  gs_test_send_text(fd, text);
  GsTestReply reply = gs_test_read_reply(fd, 10);
  close(fd);
  return reply;
}

bool gs_test_is_closed(int fd, double seconds) {
  g_autoptr(GString) ignored = g_string_new(NULL);
  double deadline = gs_clock_s() + seconds;
  ssize_t length;
  do {
    length = receive(fd, ignored, G_MAXSIZE, 0, deadline);
  } while (length > 0);
  return length == 0;
}

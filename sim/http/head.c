/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/head.h"

#include <stdbool.h>
#include <string.h>

/** Most digits of a Content-Length: more would not fit 64 bits. */
#define LENGTH_DIGITS_MAX 18
/** Most headers, parameters and cookies together: each costs memory beyond its bytes. */
#define PARTS_MAX 200
/** Longest Cookie header; nobody here reads cookies, but libmicrohttpd copies them. */
#define COOKIE_BYTES_MAX 4096

typedef struct {
  const char *start;
  gsize length;
} Span;

typedef struct {
  guint *status;
  const char **description;
} Complaint;

static bool wrong(const Complaint *complaint, guint status, const char *description) {
  *complaint->status = status;
  *complaint->description = description;
  return false;
}

static bool is_token(Span span) {
  for (gsize i = 0; i < span.length; i++) {
    char c = span.start[i];
    if (!g_ascii_isgraph(c) || strchr("\"(),/:;<=>?@[\\]{}", c))
      return false;
  }
  return span.length > 0;
}

/** No control characters; bytes beyond ASCII are allowed. */
static bool is_text(Span span) {
  for (gsize i = 0; i < span.length; i++) {
    if (g_ascii_iscntrl(span.start[i]) && span.start[i] != '\t')
      return false;
  }
  return true;
}

bool gs_http_is_token(const char *text) {
  return is_token((Span){text, strlen(text)});
}

bool gs_http_is_text(const char *text) {
  return is_text((Span){text, strlen(text)});
}

static bool is_digits(Span span) {
  for (gsize i = 0; i < span.length; i++) {
    if (!g_ascii_isdigit(span.start[i]))
      return false;
  }
  return span.length > 0;
}

static bool has_name(Span name, const char *wanted) {
  return name.length == strlen(wanted) && g_ascii_strncasecmp(name.start, wanted, name.length) == 0;
}

/** What stands before the separator; the rest is what stands behind it. */
static bool split(Span *rest, char separator, Span *before) {
  const char *found = rest->length > 0 ? memchr(rest->start, separator, rest->length) : NULL;
  if (!found)
    return false;
  *before = (Span){rest->start, (gsize)(found - rest->start)};
  *rest = (Span){found + 1, rest->length - before->length - 1};
  return true;
}

static Span stripped(Span span) {
  while (span.length > 0 && (*span.start == ' ' || *span.start == '\t'))
    span = (Span){span.start + 1, span.length - 1};
  while (span.length > 0 &&
         (span.start[span.length - 1] == ' ' || span.start[span.length - 1] == '\t'))
    span.length--;
  return span;
}

static bool check_version(Span version, const Complaint *complaint) {
  const char *v = version.start;
  if (version.length != 8 || memcmp(v, "HTTP/", 5) != 0 || !g_ascii_isdigit(v[5]) || v[6] != '.' ||
      !g_ascii_isdigit(v[7]))
    return wrong(complaint, 400, "the request line does not end in a version such as HTTP/1.1");
  if (v[5] != '1')
    return wrong(complaint, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  return true;
}

static bool check_request_line(Span line, const Complaint *complaint) {
  Span method, target;
  if (!split(&line, ' ', &method) || !split(&line, ' ', &target) || !is_token(method) ||
      target.length == 0 || !is_text(target) || memchr(target.start, '\t', target.length))
    return wrong(complaint, 400, "the request does not begin with METHOD PATH VERSION");
  return check_version(line, complaint);
}

static bool check_header(Span line, const Complaint *complaint) {
  Span name;
  if (!split(&line, ':', &name) || !is_token(name))
    return wrong(complaint, 400, "a header is not of the form NAME: VALUE");
  if (!is_text(line))
    return wrong(complaint, 400, "a header has control characters");
  Span value = stripped(line);
  if (has_name(name, "Cookie") && value.length > COOKIE_BYTES_MAX)
    return wrong(complaint, 431, "the cookies are longer than this server takes");
  if (!has_name(name, "Content-Length"))
    return true;
  if (!is_digits(value))
    return wrong(complaint, 400, "the Content-Length is not a number");
  if (value.length > LENGTH_DIGITS_MAX)
    return wrong(complaint, 413, "the Content-Length is beyond all limits");
  return true;
}

/** A line and what counts in it. */
static guint parts_of(Span line) {
  guint parts = 1;
  for (gsize i = 0; i < line.length; i++)
    parts += line.start[i] == '&' || line.start[i] == ';';
  return parts;
}

static bool check_line(Span line, bool in_headers, guint *parts, const Complaint *complaint) {
  *parts += parts_of(line);
  if (*parts > PARTS_MAX)
    return wrong(complaint, 431, "too many headers, parameters or cookies");
  return in_headers ? check_header(line, complaint) : check_request_line(line, complaint);
}

GsHttpHead gs_http_head_look(const char *bytes, gsize length, gsize most, guint *status,
                             const char **description) {
  const Complaint complaint = {status, description};
  Span rest = {bytes, MIN(length, most)};
  Span line;
  bool in_headers = false;
  guint parts = 0;
  while (split(&rest, '\n', &line)) {
    if (line.length > 0 && line.start[line.length - 1] == '\r')
      line.length--;
    if (line.length == 0 && in_headers)
      return GS_HTTP_HEAD_COMPLETE;
    // Empty lines before a request are skipped.
    if (line.length > 0 && !check_line(line, in_headers, &parts, &complaint))
      return GS_HTTP_HEAD_WRONG;
    in_headers = in_headers || line.length > 0;
  }
  if (length > most) {
    wrong(&complaint, 431, "request line and headers are longer than this server takes");
    return GS_HTTP_HEAD_WRONG;
  }
  // Something that is no HTTP at all, such as TLS, may never send an end of line.
  if (rest.length > 0 && rest.start[rest.length - 1] == '\r')
    rest.length--;
  if (is_text(rest))
    return GS_HTTP_HEAD_PARTIAL;
  wrong(&complaint, 400, "the request has control characters");
  return GS_HTTP_HEAD_WRONG;
}

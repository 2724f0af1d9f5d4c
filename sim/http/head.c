/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/head.h"

#include <stdbool.h>
#include <string.h>

/** Most digits of a Content-Length: more would not fit 64 bits. */
#define LENGTH_DIGITS_MAX 18
/** Most digits of a chunk's size. */
#define CHUNK_DIGITS_MAX 8
/** Most headers, parameters and cookies together: each costs memory beyond its bytes. */
#define PARTS_MAX 200
/** Longest Cookie header; nobody here reads cookies, but libmicrohttpd copies them. */
#define COOKIE_BYTES_MAX 4096

typedef struct {
  const char *start;
  gsize length;
} Span;

static bool wrong(GsHttpComplaint *complaint, guint status, const char *description) {
  *complaint = (GsHttpComplaint){status, description};
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

static bool check_version(Span version, GsHttpComplaint *complaint) {
  const char *v = version.start;
  if (version.length != 8 || memcmp(v, "HTTP/", 5) != 0 || !g_ascii_isdigit(v[5]) || v[6] != '.' ||
      !g_ascii_isdigit(v[7]))
    return wrong(complaint, 400, "the request line does not end in a version such as HTTP/1.1");
  if (v[5] != '1')
    return wrong(complaint, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  return true;
}

static bool check_request_line(Span line, GsHttpComplaint *complaint) {
  Span method, target;
  if (!split(&line, ' ', &method) || !split(&line, ' ', &target) || !is_token(method) ||
      target.length == 0 || !is_text(target) || memchr(target.start, '\t', target.length))
    return wrong(complaint, 400, "the request does not begin with METHOD PATH VERSION");
  return check_version(line, complaint);
}

/** A Content-Length as digits; equal ones may be repeated. */
static bool take_length(Span value, bool *given, GsHttpFrame *frame, GsHttpComplaint *complaint) {
  if (!is_digits(value))
    return wrong(complaint, 400, "the Content-Length is not a number");
  if (value.length > LENGTH_DIGITS_MAX)
    return wrong(complaint, 413, "the Content-Length is beyond all limits");
  guint64 length = 0;
  for (gsize i = 0; i < value.length; i++)
    length = length * 10 + (guint64)(value.start[i] - '0');
  frame->ambiguous |= *given && length != frame->length;
  frame->length = length;
  *given = true;
  return true;
}

/** What was seen of a head so far. */
typedef struct {
  guint parts;
  bool in_headers, has_length;
  GsHttpFrame frame;
} Seen;

/**
 * Whether blanks stand behind the value. They are allowed there, but libmicrohttpd
 * takes them for a part of the value: of one that frames a body, it would read another
 * request than is read here.
 */
static bool has_blanks_behind(Span line) {
  return line.length > 0 && strchr(" \t", line.start[line.length - 1]);
}

static bool check_header(Span line, Seen *seen, GsHttpComplaint *complaint) {
  Span name;
  if (!split(&line, ':', &name) || !is_token(name))
    return wrong(complaint, 400, "a header is not of the form NAME: VALUE");
  if (!is_text(line))
    return wrong(complaint, 400, "a header has control characters");
  Span value = stripped(line);
  if (has_name(name, "Cookie") && value.length > COOKIE_BYTES_MAX)
    return wrong(complaint, 431, "the cookies are longer than this server takes");
  if ((has_name(name, "Content-Length") || has_name(name, "Transfer-Encoding")) &&
      has_blanks_behind(line))
    return wrong(complaint, 400, "a header that frames the body has blanks behind its value");
  if (has_name(name, "Content-Length"))
    return take_length(value, &seen->has_length, &seen->frame, complaint);
  if (has_name(name, "Transfer-Encoding")) {
    seen->frame.ambiguous |= seen->frame.chunked || !has_name(value, "chunked");
    seen->frame.chunked = true;
  }
  return true;
}

/** A line and what counts in it. */
static guint parts_of(Span line) {
  guint parts = 1;
  for (gsize i = 0; i < line.length; i++)
    parts += line.start[i] == '&' || line.start[i] == ';';
  return parts;
}

static bool check_line(Span line, Seen *seen, GsHttpComplaint *complaint) {
  seen->parts += parts_of(line);
  if (seen->parts > PARTS_MAX)
    return wrong(complaint, 431, "too many headers, parameters or cookies");
  return seen->in_headers ? check_header(line, seen, complaint)
                          : check_request_line(line, complaint);
}

/** The next line without its end; false when that is not there. */
static bool next_line(Span *rest, Span *line) {
  if (!split(rest, '\n', line))
    return false;
  if (line->length > 0 && line->start[line->length - 1] == '\r')
    line->length--;
  return true;
}

GsHttpHead gs_http_head_look(const char *bytes, gsize length, gsize most, GsHttpFrame *frame,
                             GsHttpComplaint *complaint) {
  Span rest = {bytes, MIN(length, most)};
  Span line;
  Seen seen = {0};
  while (next_line(&rest, &line)) {
    if (line.length == 0 && seen.in_headers) {
      *frame = seen.frame;
      frame->head_bytes = (gsize)(rest.start - bytes);
      frame->ambiguous |= frame->chunked && seen.has_length;
      return GS_HTTP_HEAD_COMPLETE;
    }
    /* Empty lines before a request are skipped. */
    if (line.length > 0 && !check_line(line, &seen, complaint))
      return GS_HTTP_HEAD_WRONG;
    seen.in_headers = seen.in_headers || line.length > 0;
  }
  if (length > most) {
    wrong(complaint, 431, "request line and headers are longer than this server takes");
    return GS_HTTP_HEAD_WRONG;
  }
  /* Something that is no HTTP at all, such as TLS, may never send an end of line. */
  if (rest.length > 0 && rest.start[rest.length - 1] == '\r')
    rest.length--;
  if (is_text(rest))
    return GS_HTTP_HEAD_PARTIAL;
  wrong(complaint, 400, "the request has control characters");
  return GS_HTTP_HEAD_WRONG;
}

/* ---- Chunks ---- */

/** The size that a chunk begins with; what may stand behind a semicolon means nothing here. */
static bool read_size(Span line, guint64 *size) {
  Span digits = line;
  split(&line, ';', &digits);
  *size = 0;
  for (gsize i = 0; i < digits.length; i++) {
    if (!g_ascii_isxdigit(digits.start[i]))
      return false;
    *size = *size << 4 | (guint64)g_ascii_xdigit_value(digits.start[i]);
  }
  return digits.length > 0 && digits.length <= CHUNK_DIGITS_MAX;
}

/** Chunks are framed by CR LF and nothing else; false at once where LF stands alone. */
static bool next_framed(Span *rest, Span *line, bool *bare) {
  if (!split(rest, '\n', line))
    return false;
  *bare = line->length == 0 || line->start[line->length - 1] != '\r';
  line->length -= !*bare;
  return true;
}

static GsHttpHead wrong_chunk(GsHttpComplaint *complaint, guint status, const char *description) {
  wrong(complaint, status, description);
  return GS_HTTP_HEAD_WRONG;
}

/** The lines behind the last chunk, up to an empty one. */
static GsHttpHead look_at_trailers(Span *rest, GsHttpComplaint *complaint) {
  Span line;
  bool bare;
  while (next_framed(rest, &line, &bare)) {
    Seen seen = {0};
    if (bare)
      return wrong_chunk(complaint, 400, "a line behind the chunks does not end in CR LF");
    if (line.length == 0)
      return GS_HTTP_HEAD_COMPLETE;
    if (!check_header(line, &seen, complaint))
      return GS_HTTP_HEAD_WRONG;
    if (seen.has_length || seen.frame.chunked)
      return wrong_chunk(complaint, 400, "behind the chunks stands a header that frames them");
  }
  return GS_HTTP_HEAD_PARTIAL;
}

static GsHttpHead look_at_chunks(Span *rest, GsHttpComplaint *complaint) {
  Span line;
  guint64 size;
  bool bare;
  while (next_framed(rest, &line, &bare)) {
    if (bare || !is_text(line) || !read_size(line, &size))
      return wrong_chunk(complaint, 400, "a chunk of the body does not begin with its size");
    if (size == 0)
      return look_at_trailers(rest, complaint);
    if (size >= rest->length)
      return GS_HTTP_HEAD_PARTIAL;
    *rest = (Span){rest->start + size, rest->length - size};
    if (rest->length < 2 && rest->start[0] == '\r')
      return GS_HTTP_HEAD_PARTIAL;
    if (rest->start[0] != '\r' || rest->start[1] != '\n')
      return wrong_chunk(complaint, 400, "a chunk of the body does not end where its size says");
    *rest = (Span){rest->start + 2, rest->length - 2};
  }
  return GS_HTTP_HEAD_PARTIAL;
}

GsHttpHead gs_http_chunks_look(const char *bytes, gsize length, gsize most, gsize *used,
                               GsHttpComplaint *complaint) {
  Span rest = {bytes, MIN(length, most)};
  GsHttpHead found = look_at_chunks(&rest, complaint);
  *used = (gsize)(rest.start - bytes);
  if (found != GS_HTTP_HEAD_PARTIAL || length <= most)
    return found;
  return wrong_chunk(complaint, 413,
                     "a body in chunks is longer than this server takes; one with "
                     "a Content-Length may be longer");
}

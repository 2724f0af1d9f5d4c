/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
  GS_HTTP_HEAD_PARTIAL, /**< well-formed so far */
  GS_HTTP_HEAD_COMPLETE,
  GS_HTTP_HEAD_WRONG,
} GsHttpHead;

/** How far a request reaches, as its head says; of a complete head. */
typedef struct {
  gsize head_bytes; /**< with the empty line behind it, and those before the request */
  guint64 length;   /**< of the body; 0 where none is announced */
  bool chunked;     /**< the body comes in chunks: see gs_http_chunks_look */
  bool ambiguous;   /**< lengths that differ, or both forms: to be refused */
} GsHttpFrame;

/** Why something is refused. */
typedef struct {
  guint status;            /**< 0: it is not */
  const char *description; /**< a literal */
} GsHttpComplaint;

/**
 * Looks at the first bytes of a request: the request line and the headers, up
 * to the empty line behind them. When they are wrong, `complaint` (400, 413,
 * 431 or 505) says how; when they are complete, `frame` says how far the request
 * reaches; what may stand in them, and what it means, is for later. Lines may
 * end in LF without CR. Pure; linear in the length, which is looked at up to
 * `most` bytes.
 */
GsHttpHead gs_http_head_look(const char *bytes, gsize length, gsize most, GsHttpFrame *frame,
                             GsHttpComplaint *complaint);

/**
 * Looks at a body in chunks (RFC 9112, section 7.1), up to the end of its
 * trailers: whether it is all there, and well-formed; then `used` is its length
 * with all that frames it. At most `most` bytes of that: 413. Pure; linear.
 */
GsHttpHead gs_http_chunks_look(const char *bytes, gsize length, gsize most, gsize *used,
                               GsHttpComplaint *complaint);

/** Whether a method or a header's name is one. */
bool gs_http_is_token(const char *text);
/** Whether a header's value has no control characters. */
bool gs_http_is_text(const char *text);

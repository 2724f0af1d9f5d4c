/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
  GS_HTTP_HEAD_PARTIAL, /**< well-formed so far */
  GS_HTTP_HEAD_COMPLETE,
  GS_HTTP_HEAD_WRONG,
} GsHttpHead;

/**
 * Looks at the first bytes of a request: the request line and the headers, up
 * to the empty line behind them. When they are wrong, `status` (400, 413, 431
 * or 505) and `description` (a literal) say how; what may stand in them, and
 * what it means, is for later. Lines may end in LF without CR. Pure; linear in
 * the length, which is looked at up to `most` bytes.
 */
GsHttpHead gs_http_head_look(const char *bytes, gsize length, gsize most, guint *status,
                             const char **description);

/** Whether a method or a header's name is one. */
bool gs_http_is_token(const char *text);
/** Whether a header's value has no control characters. */
bool gs_http_is_text(const char *text);

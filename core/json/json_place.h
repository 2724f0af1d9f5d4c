/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Places in a JSON text, for messages. Nothing is kept per value: a place is
 * found again by scanning the text, which only errors pay for. Internal to the
 * JSON reader.
 */

typedef struct {
  const char *bytes; /**< borrowed */
  gsize length;
  const char *source; /**< NULL: no name */
} GsJsonText;

typedef struct {
  gsize line, column; /**< from 1; columns count characters, not bytes */
} GsJsonPlace;

/** "grid.json:3:14", or "line 3, column 14" without a source; free with g_free. */
char *gs_json_place_text(const GsJsonText *text, gsize offset);

/** Ways through a text that is known to be valid; `end` is behind its last byte. */
const char *gs_json_skip_space(const char *at, const char *end);
/** From an opening quote to behind the closing one. */
const char *gs_json_skip_string(const char *at);
/** From behind a member's key to its value. */
const char *gs_json_skip_colon(const char *at, const char *end);
/** From the first byte of a value to behind its last; adds the numbers in it to *numbers. */
const char *gs_json_skip_value(const char *at, const char *end, uint64_t *numbers);

/**
 * The offset of a value in a text that is known to be valid: the
 * `ordinals[0]`th child of the root, of it the `ordinals[1]`th child, and so on;
 * `depth` 0 is the root. With `key`, of the last member's key. O(length).
 */
gsize gs_json_find_offset(const GsJsonText *text, const guint *ordinals, guint depth, bool key);

/** Sets `error` to "place: message", as gs_json_fail does. Returns false. */
bool gs_json_fail_at(const GsJsonText *text, gsize offset, GError **error, int code,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);
/**
 * Sets `error` to `message`, made fit to be one line on a terminal: control
 * characters are written as U+XXXX and what is very long is cut.
 */
void gs_json_set_error(GError **error, int code, const char *message);
/** What stands at `at`, for "found …": "'x'", "U+0007", "the end of the document". */
char *gs_json_describe_char(const char *at, const char *end);

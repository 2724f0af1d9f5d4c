/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/json/json.h"
#include "core/json/json_place.h"

/**
 * The strict scan (RFC 8259) that a text must pass before cJSON may read it,
 * and what only the text can tell: whether a number is exactly an integer.
 * Internal to the JSON reader.
 */

/** Longest number, in bytes: cJSON silently stops reading one after so many. */
#define GS_JSON_NUMBER_BYTES_MAX 63
/** Deepest nesting that can be asked for: cJSON's own limit. */
#define GS_JSON_DEPTH_CEILING 1000

typedef struct {
  const char *end;     /**< behind its last byte; on an error where the error is */
  const char *problem; /**< NULL: it is a number as JSON has them; static */
  bool is_integer;     /**< exactly an integer, and at most 2^53 in size */
  int64_t integer;
} GsJsonNumber;

/** Reads the number that starts at `at` (a digit or a sign). */
GsJsonNumber gs_json_scan_number(const char *at, const char *end);
/** A text of at most GS_JSON_NUMBER_BYTES_MAX bytes as a double, in any locale. */
double gs_json_number_value(const char *at, gsize length);

/** One bit per number of a document, in document order: is it exactly an integer. */
typedef struct {
  GByteArray *bits;
  uint64_t count;
} GsJsonIntegerBits;

/**
 * Checks the whole text: size, UTF-8, syntax, depth, numbers. Appends to
 * `integers`. O(length).
 */
bool gs_json_scan(const GsJsonText *text, const GsJsonLimits *limits, GsJsonIntegerBits *integers,
                  GError **error);

/** The number of values in a text; of an invalid one any number. For limits on memory. O(length).
 */
uint64_t gs_json_count_values(const char *text, gsize length);

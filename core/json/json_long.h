/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/json/json.h"
#include "core/json/json_place.h"

/**
 * Long arrays in a JSON text that is known to be valid: a tree of one takes ten
 * times its text, so they stay text and are taken apart element by element.
 * Internal to the JSON reader.
 */

typedef struct {
  const char *start;     /**< its opening bracket */
  const char *end;       /**< behind its closing bracket */
  guint count;           /**< elements */
  uint64_t numbers;      /**< numbers in it */
  uint64_t first_number; /**< how many numbers of the document stand before it */
  guint member;          /**< which member of the root it is, from 0 */
  bool unread;           /**< an array or object that nobody reads; `count` is 0 */
} GsJsonLong;

/**
 * Finds what of the root's members is to stay text by `limits` (whose names have
 * no escapes): long arrays, and what nobody reads. Appends it to `found`, and
 * sets `rest` to the text with an empty array or object in the place of each, or
 * to NULL when there is nothing; free with g_string_free. The error
 * (GS_ERROR_LIMIT): what remains, or an element of a long array, has too many
 * values. O(length).
 */
bool gs_json_leave_out(const GsJsonText *text, const GsJsonLimits *limits, GArray *found,
                       GString **rest, GError **error);

/** Goes through the elements of a long array. */
typedef struct {
  const char *at, *end;
  uint64_t number; /**< numbers of the document before `at` */
} GsJsonElements;

/** One element, as text. */
typedef struct {
  const char *start;
  gsize length;
  uint64_t first_number;
} GsJsonElement;

GsJsonElements gs_json_elements(const GsJsonLong *array);
/** The next element; false at the end. O(its length). */
bool gs_json_next_element(GsJsonElements *elements, GsJsonElement *element);

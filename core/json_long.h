/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/json_place.h"

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
} GsJsonLong;

/**
 * Finds arrays of at least `least` bytes that are members of the root under one
 * of `keys` (NULL-terminated, without escapes), and appends them to `found`.
 * Returns the text with an empty array in the place of each, or NULL when there
 * are none; free with g_string_free. O(length).
 */
GString *gs_json_leave_out_long(const GsJsonText *text, const char *const *keys, uint64_t least,
                                GArray *found);

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

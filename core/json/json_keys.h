/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json_long.h"

/** Members of one name in one object, which JSON readers may not let pass. Internal to the JSON
 * reader. */

/**
 * The first key that an earlier one equals, and which that is; false when all
 * differ. O(n log n), whatever the keys.
 */
bool gs_json_find_repeated(const char *const *keys, guint count, guint *repeated, guint *earlier);

/**
 * Whether an object in the element may have two members of one name: false
 * where a look at the text is enough to say no. O(length).
 */
bool gs_json_may_repeat_keys(const GsJsonElement *element);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/json/json_writer.h"
#include "sim/measure/results.h"

/** Which node was last in sync and what it waited for, in the reports of a run. */

/** A text names up to so many messages of a chain; of a longer one the first and the last … */
#define GS_CHAIN_ALL_SHOWN 8u
/** … so many. */
#define GS_CHAIN_END_SHOWN 3u

/**
 * One sentence: who was last, when, and the chain; or why that is not known, and how to get it.
 * Names are made clean. NULL: nobody asked, or nothing was told to the grid. Free with g_free.
 */
char *gs_last_text(const GsResults *results);
/** The member "last_in_sync": an object, or null where nobody asked. */
void gs_last_write(const GsResults *results, GsJsonWriter *json);

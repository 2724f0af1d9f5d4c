/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Durations as people write them ("10ms", "1.5s", "15min", "24h"), in int64_t
 * nanoseconds from 0 to GS_TIME_MAX_NS (sim/base/time.h). Pure.
 */

/**
 * Reads a number and a unit (ns, us, ms, s, min, h, d), rounded to the nearest
 * nanosecond, halves up; exact however many digits there are. Errors
 * (GS_ERROR_INPUT) quote the text and say what is allowed, without a place.
 */
bool gs_duration_parse(const char *text, int64_t *ns, GError **error);
/** The same for a number of seconds. */
bool gs_duration_from_seconds(double seconds, int64_t *ns, GError **error);

/**
 * "1.5s", "250ms", "15min", "1d"; "never" for GS_TIME_NEVER. Reads back as the
 * same number of nanoseconds. Free with g_free.
 */
char *gs_duration_format(int64_t ns);

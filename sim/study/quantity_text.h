/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** A figure as people read it, by its unit: "5.02 ms", "4,145,153", "1.2 MiB". Free with g_free. */
char *gs_quantity_text(double value, const char *unit);
/** A difference, with its sign: "+5.02 ms", "−1,200", "0". Free with g_free. */
char *gs_difference_text(double value, const char *unit);
/**
 * A figure with the digits that mean something, for files: whole numbers as they
 * are, times to the nanosecond, else twelve digits; so 0.010199999999999999 s,
 * which a mean may come to, is 0.0102.
 */
double gs_quantity_digits(double value, const char *unit);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** Text from outside, made fit for a message of one line. */

/** The text in double quotes, control characters escaped, long ones cut. Free with g_free. */
char *gs_quote(const char *text);
/** The shortest text that reads back as the same double; free with g_free. */
char *gs_format_number(double number);
/** `"a", "b" or "c"`; free with g_free. */
char *gs_quote_words(const char *const *words, const char *last_separator);

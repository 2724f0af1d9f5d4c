/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/base/distribution.h"

/** Numbers, times and foreign text as people read them. All results: free with g_free. */

/** 6005001: "6,005,001". */
char *gs_text_count(uint64_t count);
char *gs_text_int(int64_t value);
/** So many decimals, and no sign before what is shown as 0: "1.95", "-0.30", "0.00". */
char *gs_text_fixed(double value, int decimals);
/** The same with a sign: "+1.00", "-0.30", "0.00". */
char *gs_text_signed(double value, int decimals);
/** 3 and "node": "3 nodes"; 1: "1 node". */
char *gs_text_plural(uint64_t count, const char *noun);
/** The beginning of a sentence about all of them: "The only run", "Both runs", "All 160 runs". */
char *gs_text_all(uint64_t count, const char *noun);
/** "3 of 8 nodes"; where there is but one: "the only node". */
char *gs_text_part(uint64_t part, uint64_t count, const char *noun);
/** A moment for reading: "340 µs", "1.004 s", "2 min 3.5 s", "3 d 4 h". At most three decimals. */
char *gs_text_duration(int64_t ns);
/** A measured time, to four digits: "90.71 ms". */
char *gs_text_span(int64_t ns);
/** What a latency or jitter is: "1 ms", "1 ms to 5 ms", "exponential, mean 2 ms". */
char *gs_text_delay(const GsDistribution *delay);
/** 12345678 bytes: "11.8 MiB". */
char *gs_text_bytes(uint64_t bytes);
/** Foreign text with control characters, and those that turn text around or are not seen, made
 * visible as JSON does, so that it cannot drive a terminal: JSON of one line stays what it says. */
char *gs_text_clean(const char *text);

/** Columns that text takes on a terminal; escape codes are not known to it. */
guint gs_text_width(const char *text);
/** The text, or its beginning and "…" where it is wider than `width` columns. */
char *gs_text_fit(const char *text, guint width);
/** The same with "…" in the middle, where the end says as much as the beginning. */
char *gs_text_fit_middle(const char *text, guint width);
/** Appends `text` broken at spaces into lines of at most `width` columns, each after `indent`. */
void gs_text_wrap(GString *out, const char *text, guint indent, guint width);
/**
 * Appends `lines` with those wider than `width` columns broken at spaces. They go on
 * below where their last column of text began, or indented by two more than they
 * were. Escape codes take no room; a word that is wider than a line stays whole.
 */
void gs_text_fit_lines(GString *out, const char *lines, guint width);

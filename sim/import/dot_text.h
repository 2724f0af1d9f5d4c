/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/import/draft.h"

/** Behind so many bytes a label is cut, which is longer than any name may be. */
#define GS_DOT_LABEL_BYTES_MAX 1024

/**
 * Adds a label as it is drawn, on one line: \\n, \\l and \\r are blanks, \\N is `node` and \\G is
 * `graph` (as they are drawn; NULL: the letter), another letter behind a backslash is itself;
 * "&amp;", "&#252;", "&#xfc;" and "&uuml;" are characters. Entities that are not known stay as they
 * are and are counted. O(what is added).
 */
void gs_dot_append_label(GString *out, const char *text, gsize length, const char *node,
                         const char *graph, guint *unknown);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/report/style.h"

/**
 * Aligned columns for a terminal: two spaces in front and between, widths by
 * what characters take on the screen, headings faint, numbers to the right. On a
 * terminal that is narrower, columns of text are shortened and then columns are left
 * out from the right; a line below says so.
 */
typedef struct GsTable GsTable;

GsTable *gs_table_new(void);
void gs_table_free(GsTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTable, gs_table_free)

/**
 * Adds a column; all columns come before the first cell. Text wider than
 * `max_width` columns is cut (0: never). A NULL heading is empty.
 */
void gs_table_column(GsTable *table, const char *heading, bool right, guint max_width);
/** Lets the column added last shrink, by cutting its cells in the middle, where the table is wider
 * than `width` columns (on a terminal: than that). One column of a table. */
void gs_table_shrinks(GsTable *table, guint width);
/** Leaves the column added last out where the table would be wider than what it shrinks to. One
 * column of a table, and not the first. */
void gs_table_optional(GsTable *table);
/** Adds the next cell; rows fill themselves from left to right. Takes `text`; NULL is empty. */
void gs_table_cell(GsTable *table, char *text, GsStyleKind style);
/** A row that stands alone instead of cells, such as "… 980 more"; only between rows. */
void gs_table_line(GsTable *table, const char *text);
void gs_table_print(const GsTable *table, GsStyle style, GString *out);

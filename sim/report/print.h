/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/measure/results.h"
#include "sim/report/style.h"

/** Parts that the reports for a person are put together from. */

/** Columns that running text fills, and those of a terminal that is narrower. */
#define GS_PRINT_WIDTH 88
guint gs_print_width(GsStyle style);
/** Columns that tables shrink to where there is no terminal. */
#define GS_PRINT_TABLE_WIDTH 100
/**
 * The end of what is printed: on a terminal, the lines that are longer than it is wide are
 * broken at spaces, and go on below where their text began. From `from` on.
 */
void gs_print_fit(GString *out, gsize from, GsStyle style);

/** Name and what it is about. */
void gs_print_heading(const char *name, const char *about, GsStyle style, GString *out);
/** What --set changed, if anything: what the author says may not hold any more. */
void gs_print_set(const char *set, GsStyle style, GString *out);
/** An empty line and a heading. */
void gs_print_section(const char *heading, GsStyle style, GString *out);
/** A labelled line; long ones go on below the first. */
void gs_print_fact(GString *out, GsStyle style, const char *label, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/** The same with the text in a style. */
void gs_print_mark(GString *out, GsStyle style, GsStyleKind kind, const char *label,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

/** What disturbed the grid: all of it, or the first, the last and a summary. */
void gs_print_disturbances(const GsResults *results, GsStyle style, GString *out);
/** The nodes: all of them, or a summary and those out of sync; and the islands. */
void gs_print_nodes(const GsResults *results, GsStyle style, GString *out);

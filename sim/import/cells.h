/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * The rows of a table cut into cells (RFC 4180): a cell may be in double quotes, in which
 * separators and line ends are text and "" is one quote. Lines end in LF, CR LF or CR. Beyond the
 * standard: blanks around a cell are not a part of it unless they are in quotes, rows may differ in
 * length, lines without anything are skipped, and a quote inside of a cell without quotes is text.
 * There are no comments here; they are not a thing of tables.
 *
 * The text must be valid UTF-8; a byte order mark at its beginning is skipped. Pure, not
 * thread-safe, linear in the text.
 */

/** For `separator`: any run of blanks and tabs; then no cell but a quoted one can be empty. */
#define GS_CELLS_BLANKS ' '
/** Most cells of a row. */
#define GS_CELLS_MAX ((guint)1 << 22)

/** Not NUL-terminated; stands until the next row is read. */
typedef struct {
  const char *text;
  uint32_t length;
  bool quoted;  /**< was in quotes, which are not a part of it */
  bool doubled; /**< for cells.c alone */
} GsCell;

/** Where reading stands, and the last row that was read. */
typedef struct {
  GsCell *cells;
  guint count;       /**< of `cells`, at least 1 */
  guint64 line;      /**< in which the row begins, from 1 */
  const char *row;   /**< its text as it is in the file, for messages, */
  gsize row_length;  /**< without its line end */
  char separator;    /**< ',', ';', '\t' or GS_CELLS_BLANKS; may be changed between rows */
  const char *at;    /**< what is still to be read */
  const char *end;   /**< of the text */
  guint64 next_line; /**< of `at` */
  guint room;        /**< of `cells` */
  GString *unquoted; /**< cells in which a quote was doubled */
} GsCells;

/** The text must live as long. Clear with gs_cells_clear. */
void gs_cells_init(GsCells *cells, const char *text, gsize length, char separator);
void gs_cells_clear(GsCells *cells);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsCells, gs_cells_clear)

/**
 * Reads the next row. False: there is none, or with `*problem` (static, else NULL) the row that
 * begins in `line` is none: a quote is not closed, text follows a closing one, too many cells.
 */
bool gs_cells_next(GsCells *cells, const char **problem);

/**
 * For forms that have comments: the first character of the next line that is not empty, or '\0',
 * and behind it `*second`, where the line has one; that line is then read, or skipped whole.
 */
char gs_cells_peek(GsCells *cells, char *second);
void gs_cells_skip_line(GsCells *cells);

/** Whether the cell is that ASCII text, letters being small or not. */
bool gs_cell_is(const GsCell *cell, const char *text);

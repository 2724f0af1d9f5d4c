/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * The text of a MATPOWER case cut into statements of MATLAB, without doing any of them. Comments,
 * blanks and continued lines are taken out of the way; strings and brackets are kept together.
 * Pure, linear.
 */

typedef struct {
  const char *start;
  const char *at, *end; /**< what is still to be read; at first all from `start` */
  guint64 line;         /**< of `at`, from 1 */
  guint depth;          /**< of for, if, while, switch, try: statements in them may not be done */
} GsMatlab;

/** One statement: "left = right", or without "=" all of it in `right`. Not NUL-terminated. */
typedef struct {
  const char *left;
  gsize left_length;
  const char *right;
  gsize right_length;
  guint64 line;       /**< of its beginning, and */
  guint64 right_line; /**< of that of `right` */
  bool conditional;   /**< in a loop or condition */
} GsStatement;

/** The next statement; false: there is none, or with `*problem` (static) it cannot be read. */
bool gs_matlab_next(GsMatlab *matlab, GsStatement *statement, const char **problem);

/** A cell of a matrix or list in brackets, as it is written, a string without its quotes. */
typedef struct {
  const char *text;
  gsize length;
  char quote; /**< of a string, in which a doubled one stands for one; else 0 */
} GsMatlabCell;

typedef struct {
  const char *at, *end;
  guint64 line;
} GsMatlabRows;

/** For "[…]" or "{…}" in a statement's right side; false: it is something else. */
bool gs_matlab_open(const GsStatement *statement, char bracket, GsMatlabRows *rows);
/**
 * The next row that has cells: up to `room` of them are kept, and all are counted. False: no more.
 * Its line is `*line`.
 */
bool gs_matlab_row(GsMatlabRows *rows, GsMatlabCell *cells, guint room, guint *count,
                   guint64 *line);

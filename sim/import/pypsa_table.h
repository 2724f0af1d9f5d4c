/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/import/cells.h"
#include "sim/import/pypsa.h"

/** A table of a network of PyPSA, row by row: its first row names the columns, its first column the
 * rows. Not thread-safe; clear with gs_pypsa_rows_clear. */
typedef struct {
  const char *path;
  GBytes *content; /**< unpacked */
  GsCells cells;   /**< the row that was read */
  char **names;    /**< of columns, as many as there are */
  guint columns;
  bool failed; /**< a row could not be read */
} GsPypsaRows;

#define GS_PYPSA_NO_COLUMN G_MAXUINT

/** Reads the heading of a table that is there. Errors: GS_ERROR_INPUT, "PATH:LINE: …". */
bool gs_pypsa_rows_init(GsPypsaRows *rows, const GsPypsaFile *files, GsPypsaTable table,
                        GError **error);
void gs_pypsa_rows_clear(GsPypsaRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsPypsaRows, gs_pypsa_rows_clear)

/** The number of the column, or GS_PYPSA_NO_COLUMN. */
guint gs_pypsa_column(const GsPypsaRows *rows, const char *name);
/** The next row. False: there is none, or `failed` with an error. */
bool gs_pypsa_next(GsPypsaRows *rows, GError **error);
/** A cell of the row; an empty one where the row is shorter, or there is no such column. */
GsCell gs_pypsa_cell(const GsPypsaRows *rows, guint column);
/** GS_ERROR_INPUT with the place of the row; always false. */
bool gs_pypsa_wrong(const GsPypsaRows *rows, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

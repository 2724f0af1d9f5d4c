/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/cells.h"
#include "sim/import/readers.h"

/** What the files about tables and lists share. */

/** No column. */
#define GS_NO_COLUMN G_MAXUINT

/** How the columns of the ends of links are said, in a scenario and beside it. */
#define GS_SAY_ENDS                                                                                \
  "\"columns\": {\"from\": \u2026, \"to\": \u2026} (--set topology.columns.from=\u2026 --set "     \
  "topology.columns.to=\u2026)"

/** What separates cells; better ones come first. */
typedef enum { GS_BY_TABS, GS_BY_SEMICOLONS, GS_BY_COMMAS, GS_BY_BLANKS, GS_BY } GsBy;

extern const char gs_by_char[GS_BY];

/** A line that a message shows. */
typedef struct {
  const char *text; /**< NULL: there is none */
  gsize length;
  guint64 line;
} GsSheetLine;

/** What is where in all lines but comments and empty ones. */
typedef struct {
  guint64 rows;
  GsSheetLine first;
  struct {
    guint64 rows;    /**< that have two cells or more when this separates */
    guint64 gaps;    /**< that have not, but with another separator */
    guint cells_max; /**< of a row */
    GsSheetLine gap; /**< the first */
  } by[GS_BY];
  bool commas_in_numbers; /**< all commas stand between digits */
  bool commas_late;       /**< and behind two words in blanks */
} GsSurvey;

/** A table that is read, of links or of nodes. */
typedef struct {
  const char *path; /**< stands in front of messages */
  const char *text;
  gsize length;
  const GsImportColumns *columns;
  GsSurvey survey;
  GsBy by;
  bool has_header;
  bool guessed_header; /**< nodes could have its names, but none has */
  char **names;        /**< of the columns, by the header; NULL-terminated, or NULL, */
  guint named;         /**< so many */
  guint shift;         /**< columns in front of those that the header names */
  guint from, to;      /**< columns of the ends of a link */
  guint latency;
  GsOccurrences comments;
} GsSheet;

/** One row of it, without comments behind it. */
typedef struct {
  GsCells cells;
  guint count;
  bool any;    /**< one was read */
  bool braced; /**< what begins with a brace behind the ends was made one cell */
} GsSheetRow;

void gs_sheet_clear(GsSheet *table);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsSheet, gs_sheet_clear)

/** "PATH:LINE: message"; always false. Line 0: without. */
bool gs_sheet_wrong(const GsSheet *table, guint64 line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/** To the beginning of the table. The row must be all zeros, or have been read. */
void gs_sheet_rewind(GsSheet *table, GsSheetRow *row);
void gs_sheet_row_clear(GsSheetRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsSheetRow, gs_sheet_row_clear)
/** The next row that is no comment, with `*failed` set where it cannot be read. */
bool gs_sheet_next(GsSheet *table, GsSheetRow *row, bool *failed, GError **error);
/** The row as a message can show it. Free with g_free. */
char *gs_sheet_shown(const GsSheetRow *row);

/** Whether the first line says what separates cells, and names no node: "sep=;", as Excel reads and
 * writes it. */
bool gs_sheet_says_separator(const char *text, gsize length, GsBy *by);
GsSurvey gs_sheet_survey(const char *text, gsize length);
/** Finds what separates the cells in the whole table, or asks. */
bool gs_sheet_find_separator(GsSheet *table, bool named_csv, bool named_tsv, GError **error);

/** Whether the cell is a number, with a point or a comma. */
bool gs_cell_is_number(const GsCell *cell);
/** A whole number without sign, such as a count; false: it is none. */
bool gs_cell_is_count(const GsCell *cell, guint64 *count);

/** The cell with that text, else one that differs by letters being small; or GS_NO_COLUMN. */
guint gs_cells_find(const GsCell *cells, guint count, const char *text);
/** How many pairs of names that are known to be those of ends are in the row; the first of them,
 * which is `*weak` where nodes may be called so. */
guint gs_sheet_ends(const GsCell *cells, guint count, guint *from, guint *to, bool *weak);
/** Finds the header and the columns of links. */
bool gs_sheet_find_columns(GsSheet *table, GError **error);
/** The column of that name or, where there is no header, of that place from 1. */
guint gs_sheet_column(const GsSheet *table, const char *name);
/** Whether the first row has words in a column where all others, two at least, have numbers. */
bool gs_sheet_looks_headed(GsSheet *table, bool *headed, GError **error);
/** Keeps the row's cells as names of columns. */
void gs_sheet_take_header(GsSheet *table, const GsSheetRow *row);
/** "name", or "column 3". Free with g_free. */
char *gs_sheet_column_name(const GsSheet *table, guint column);

/** What a list without a header is. Where words behind the ends could be neighbours of the first as
 * well as what is said of the link, it is asked. */
typedef enum { GS_LIST_OF_LINKS, GS_LIST_ADJACENCY } GsListKind;
/** `skip_first`: the first line holds counts. */
bool gs_sheet_find_kind(GsSheet *table, bool skip_first, GsListKind *kind, GError **error);
/** Whether the first line counts nodes and links; asked where it may do so. */
bool gs_sheet_find_counts(GsSheet *table, bool *counts, GError **error);

/** Whether it is a list whose lines are no links, though they could be taken for some: METIS,
 * multiline adjacency lists of networkx, TGF of yEd, LGL (by the ending of `path`); the error says
 * which. Time linear in the text. */
bool gs_sheet_is_foreign(const GsSheet *table, const char *path, GError **error);

/** The table of nodes beside the links. */
bool gs_sheet_read_nodes(GsDraft *draft, const GsImport *import, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/decimal.h"
#include "sim/import/cells.h"
#include "sim/import/readers.h"

/** More rows or columns than any grid can have are read as this. */
#define SIZE_MAX_READ ((guint64)1 << 40)

typedef struct {
  GsDraft *draft;
  GsCells cells;
  bool coordinates, pattern;
  guint below;           /**< an array begins so far below its diagonal */
  bool symmetric;        /**< half of it is there */
  guint64 size, entries; /**< as said */
  guint64 read;
  guint column;
  GsOccurrences zeros;
  GError **error;
} Matrix;

static bool next_row(Matrix *matrix, bool *any) {
  const char *problem;
  char second;
  while (gs_cells_peek(&matrix->cells, &second) == '%')
    gs_cells_skip_line(&matrix->cells);
  *any = gs_cells_next(&matrix->cells, &problem);
  return !problem ||
         gs_read_wrong(matrix->draft, matrix->cells.line, matrix->error, "found %s", problem);
}

static bool wrong_row(const Matrix *matrix, const char *allowed) {
  g_autofree char *shown = gs_shown(matrix->cells.row, matrix->cells.row_length);
  return gs_read_wrong(matrix->draft, matrix->cells.line, matrix->error, "found %s; must be %s",
                       shown, allowed);
}

static bool whole(const GsCell *cell, guint64 *number) {
  *number = 0;
  for (uint32_t i = 0; i < cell->length && *number <= SIZE_MAX_READ; i++) {
    if (!g_ascii_isdigit(cell->text[i]))
      return false;
    *number = *number * 10 + (guint64)(cell->text[i] - '0');
  }
  return cell->length > 0 && *number <= SIZE_MAX_READ;
}

/* ---- What it says of itself ---- */

static bool is_one(const GsCell *cell, const char *const *words) {
  for (; *words; words++)
    if (gs_cell_is(cell, *words))
      return true;
  return false;
}

/** "%%MatrixMarket matrix coordinate pattern symmetric". */
static bool read_banner(Matrix *matrix) {
  static const char *const fields[] = {"real", "double", "complex", "integer", "pattern", NULL};
  static const char *const symmetries[] = {"general", "symmetric", "skew-symmetric", "hermitian",
                                           NULL};
  static const char *const formats[] = {"coordinate", "array", NULL};
  const char *problem;
  const GsCell *cells;
  bool any = gs_cells_next(&matrix->cells, &problem);
  cells = matrix->cells.cells;
  if (!any || matrix->cells.count != 5 || !gs_cell_is(&cells[0], "%%matrixmarket") ||
      !gs_cell_is(&cells[1], "matrix") || !is_one(&cells[2], formats) ||
      !is_one(&cells[3], fields) || !is_one(&cells[4], symmetries)) {
    g_autofree char *shown = any ? gs_shown(matrix->cells.row, matrix->cells.row_length)
                                 : g_strdup(problem ? problem : "nothing");
    return gs_read_wrong(matrix->draft, 1, matrix->error,
                         "found %s; must be \"%%%%MatrixMarket matrix\", then coordinate or array, "
                         "then real, integer, complex or pattern, then general, symmetric, "
                         "skew-symmetric or hermitian",
                         shown);
  }
  matrix->coordinates = gs_cell_is(&cells[2], "coordinate");
  matrix->pattern = gs_cell_is(&cells[3], "pattern");
  matrix->symmetric = !gs_cell_is(&cells[4], "general");
  matrix->below = gs_cell_is(&cells[4], "skew-symmetric") ? 1 : 0;
  return matrix->coordinates || !matrix->pattern ||
         wrong_row(matrix, "coordinate where the numbers are a pattern");
}

/** Rows and columns are the nodes. */
static bool make_nodes(Matrix *matrix) {
  return gs_draft_count_nodes(matrix->draft, matrix->size, matrix->error);
}

static bool read_size(Matrix *matrix) {
  guint64 columns;
  bool any;
  const char *allowed = matrix->coordinates ? "the numbers of rows, columns and entries"
                                            : "the numbers of rows and columns";
  guint count = matrix->coordinates ? 3 : 2;
  if (!next_row(matrix, &any))
    return false;
  if (!any)
    return gs_read_wrong(matrix->draft, 0, matrix->error, "ends before %s", allowed);
  const GsCell *cells = matrix->cells.cells;
  if (matrix->cells.count != count || !whole(&cells[0], &matrix->size) ||
      !whole(&cells[1], &columns) || (count == 3 && !whole(&cells[2], &matrix->entries)))
    return wrong_row(matrix, allowed);
  if (matrix->size != columns)
    return wrong_row(matrix, "as many rows as columns: in a graph both are the nodes, and in any "
                             "other matrix they are not");
  if (matrix->coordinates)
    return make_nodes(matrix);
  guint64 size = MIN(matrix->size, (guint64)G_MAXUINT32);
  matrix->entries = !matrix->symmetric  ? size * size
                    : matrix->below > 0 ? size * (size - MIN(size, 1)) / 2
                                        : size * (size + 1) / 2;
  return make_nodes(matrix);
}

/* ---- Entries ---- */

/** Whether the value is 0, as which entries may stand that are no links. */
static bool is_zero(const GsCell *cells, guint count) {
  for (guint i = 0; i < count; i++) {
    GsDecimal value = gs_decimal_parse(cells[i].text, cells[i].length, '.');
    if (value.state != GS_DECIMAL_NUMBER || value.digits != 0)
      return false;
  }
  return count > 0;
}

static void take(Matrix *matrix, guint64 row, guint64 column, const GsCell *values, guint count) {
  if (is_zero(values, count)) {
    if (matrix->coordinates)
      gs_occurs(&matrix->zeros, matrix->cells.line);
    return;
  }
  uint32_t link =
      gs_draft_link(matrix->draft, (uint32_t)(row - 1), (uint32_t)(column - 1), matrix->cells.line);
  if (count > 0)
    gs_draft_say(matrix->draft, GS_OF_LINKS, matrix->column, link, values[0].text, values[0].length,
                 matrix->cells.line);
}

static bool read_entry(Matrix *matrix) {
  const GsCell *cells = matrix->cells.cells;
  guint64 row, column;
  guint count = matrix->cells.count;
  if (count < 2 || count > 4 || !whole(&cells[0], &row) || !whole(&cells[1], &column) || row < 1 ||
      column < 1 || row > matrix->size || column > matrix->size) {
    g_autofree char *allowed =
        g_strdup_printf("a row and a column, each from 1 to %" G_GUINT64_FORMAT "%s", matrix->size,
                        matrix->pattern ? "" : ", and a value");
    return wrong_row(matrix, allowed);
  }
  take(matrix, row, column, &cells[2], matrix->pattern ? 0 : count - 2);
  return true;
}

/** Of an array all values stand, column by column; of a symmetric one those below the diagonal. */
static bool read_values(Matrix *matrix, guint64 *row, guint64 *column) {
  if (matrix->read >= matrix->entries)
    return true;
  if (matrix->cells.count > 2)
    return wrong_row(matrix, "one value in a line");
  take(matrix, *row, *column, matrix->cells.cells, matrix->cells.count);
  if (++*row > matrix->size) {
    ++*column;
    *row = matrix->symmetric ? *column + matrix->below : 1;
  }
  return true;
}

static bool read_entries(Matrix *matrix) {
  guint64 row = 1 + matrix->below, column = 1;
  bool any = true;
  while (next_row(matrix, &any) && any) {
    if (!(matrix->coordinates ? read_entry(matrix) : read_values(matrix, &row, &column)) ||
        !gs_draft_fits(matrix->draft, matrix->error))
      return false;
    matrix->read++;
  }
  if (any)
    return false;
  if (matrix->read == matrix->entries)
    return true;
  return gs_read_wrong(matrix->draft, 0, matrix->error,
                       "entries: %" G_GUINT64_FORMAT " found, %" G_GUINT64_FORMAT
                       " said in front of them; the file may be cut off",
                       matrix->read, matrix->entries);
}

bool gs_read_matrix_market(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                           GError **error) {
  (void)import;
  Matrix matrix = {.draft = draft, .error = error};
  gs_cells_init(&matrix.cells, text, length, GS_CELLS_BLANKS);
  bool ok = read_banner(&matrix) && read_size(&matrix);
  if (ok) {
    matrix.column = gs_draft_column(draft, GS_OF_LINKS, "value", GS_ROLE_UNUSED);
    if (!matrix.symmetric)
      gs_draft_set_directed(draft);
    ok = read_entries(&matrix);
  }
  if (ok)
    gs_draft_note(draft, "not-used", matrix.zeros, "an entry of 0 is no link",
                  "%s entries of 0 are no links");
  gs_cells_clear(&matrix.cells);
  return ok;
}

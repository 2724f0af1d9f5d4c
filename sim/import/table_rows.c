/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <string.h>

#include "core/error.h"
#include "sim/import/table_parts.h"

void gs_sheet_clear(GsSheet *table) {
  g_clear_pointer(&table->names, g_strfreev);
}

bool gs_sheet_wrong(const GsSheet *table, guint64 line, GError **error, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *message = g_strdup_vprintf(format, list);
  va_end(list);
  if (line > 0)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s:%" G_GUINT64_FORMAT ": %s", table->path, line,
                message);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: %s", table->path, message);
  return false;
}

void gs_sheet_row_clear(GsSheetRow *row) {
  gs_cells_clear(&row->cells);
}

void gs_sheet_rewind(GsSheet *table, GsSheetRow *row) {
  gs_sheet_row_clear(row);
  *row = (GsSheetRow){0};
  table->comments = (GsOccurrences){0};
  gs_cells_init(&row->cells, table->text, table->length, gs_by_char[table->by]);
}

char *gs_sheet_shown(const GsSheetRow *row) {
  return gs_shown(row->cells.row, row->cells.row_length);
}

static bool is_mark(const GsCell *cell) {
  return !cell->quoted && cell->length > 0 && (cell->text[0] == '#' || cell->text[0] == '%');
}

/** "#" alone, "# so", "##": no name begins so. */
static bool is_loose(const GsCell *cell) {
  return cell->length == 1 || strchr(" \t#%", cell->text[1]);
}

/** Lines that are comments without a doubt may hold anything, such as one quote. */
static void skip_comments(GsSheet *table, GsSheetRow *row) {
  GsBy by;
  if (row->cells.next_line == 1 && gs_sheet_says_separator(table->text, table->length, &by))
    gs_cells_skip_line(&row->cells);
  char second, first = gs_cells_peek(&row->cells, &second);
  while ((first == '#' || first == '%') && (!second || strchr(" \t#%", second))) {
    gs_occurs(&table->comments, row->cells.next_line);
    gs_cells_skip_line(&row->cells);
    first = gs_cells_peek(&row->cells, &second);
  }
}

static bool ask_comment(const GsSheet *table, const GsSheetRow *row, const GsCell *cell,
                        GError **error) {
  g_autofree char *line = gs_sheet_shown(row);
  g_autofree char *shown = gs_shown(cell->text, cell->length);
  return gs_sheet_wrong(table, row->cells.line, error,
                        "found %s: %s may be a name or begin a comment; put double quotes round a "
                        "name, and a blank behind the %c of a comment",
                        line, shown, cell->text[0]);
}

/** Whether the words of a comment name the columns: "#source target". */
static bool is_commented_header(const GsSheetRow *row) {
  GsCell first = row->cells.cells[0];
  guint from, to;
  bool weak;
  row->cells.cells[0].text++;
  row->cells.cells[0].length--;
  guint pairs = gs_sheet_ends(row->cells.cells, row->cells.count, &from, &to, &weak);
  row->cells.cells[0] = first;
  return pairs > 0;
}

/**
 * Lists of words have comments, tables have none: "#solar" is a name in them. What could be both is
 * asked.
 */
static bool see_comment(GsSheet *table, const GsSheetRow *row, bool *comment, GError **error) {
  const GsCell *cell = &row->cells.cells[0];
  bool list = table->by == GS_BY_BLANKS || table->by == GS_BY_TABS;
  bool like_others =
      row->cells.count >= 2 && row->cells.count <= table->survey.by[table->by].cells_max;
  *comment = false;
  if (!is_mark(cell))
    return true;
  *comment = is_loose(cell) || (list && (cell->text[0] == '%' || !like_others));
  if (!*comment && is_commented_header(row))
    *comment = true;
  if (*comment)
    gs_occurs(&table->comments, row->cells.line);
  return *comment || (!list && like_others) || ask_comment(table, row, cell, error);
}

/** Takes off what is behind the words of a list: a comment, or attributes in braces. */
static bool cut_behind(GsSheet *table, GsSheetRow *row, GError **error) {
  const GsCell *cells = row->cells.cells;
  row->braced = false;
  for (guint i = 1; i < row->count; i++) {
    if (i >= 2 && !cells[i].quoted && cells[i].length > 0 && cells[i].text[0] == '{') {
      row->count = i + 1;
      row->braced = true;
      return true;
    }
    if (table->by != GS_BY_BLANKS || !is_mark(&cells[i]))
      continue;
    if (i == 1 && !is_loose(&cells[i]))
      return ask_comment(table, row, &cells[i], error);
    row->count = i;
    gs_occurs(&table->comments, row->cells.line);
  }
  return true;
}

bool gs_sheet_next(GsSheet *table, GsSheetRow *row, bool *failed, GError **error) {
  const char *problem;
  bool comment = true;
  *failed = false;
  while (comment) {
    skip_comments(table, row);
    if (!gs_cells_next(&row->cells, &problem)) {
      *failed = problem != NULL;
      return problem && gs_sheet_wrong(table, row->cells.line, error, "found %s; %s", problem,
                                       strstr(problem, "quote")
                                           ? "quotes must stand round a whole cell, and be doubled "
                                             "inside of it"
                                           : "so many are allowed in a line");
    }
    row->count = row->cells.count;
    if (!see_comment(table, row, &comment, error) || (!comment && !cut_behind(table, row, error))) {
      *failed = true;
      return false;
    }
  }
  return true;
}

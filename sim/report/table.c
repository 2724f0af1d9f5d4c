/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/table.h"

#include <string.h>

#include "sim/report/text.h"

#define GAP "  "
/** A column that shrinks keeps at least this. */
#define SHRUNK_MIN 16
/** In place of the width of a column that is left out. */
#define LEFT_OUT G_MAXUINT

typedef struct {
  char *heading;
  bool right;
  guint max_width;
  guint width;
} Column;

typedef struct {
  char *text;
  GsStyleKind style;
  bool line; /**< takes a whole row */
} Cell;

struct GsTable {
  GArray *columns;
  GArray *cells;
  guint filled;    /**< cells of the row that is being filled */
  guint shrinking; /**< index of the column that shrinks */
  guint page;      /**< columns to shrink to; 0: none does */
  guint optional;  /**< index of the column that may be left out; 0: none */
};

static void column_clear(gpointer data) {
  g_free(((Column *)data)->heading);
}

static void cell_clear(gpointer data) {
  g_free(((Cell *)data)->text);
}

GsTable *gs_table_new(void) {
  GsTable *table = g_new0(GsTable, 1);
  table->columns = g_array_new(FALSE, FALSE, sizeof(Column));
  g_array_set_clear_func(table->columns, column_clear);
  table->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
  g_array_set_clear_func(table->cells, cell_clear);
  return table;
}

void gs_table_free(GsTable *table) {
  if (!table)
    return;
  g_array_unref(table->columns);
  g_array_unref(table->cells);
  g_free(table);
}

void gs_table_column(GsTable *table, const char *heading, bool right, guint max_width) {
  g_assert(table->cells->len == 0);
  Column column = {.heading = g_strdup(heading ? heading : ""),
                   .right = right,
                   .max_width = max_width,
                   .width = gs_text_width(heading ? heading : "")};
  g_array_append_val(table->columns, column);
}

void gs_table_shrinks(GsTable *table, guint page) {
  table->shrinking = table->columns->len - 1;
  table->page = page;
}

void gs_table_optional(GsTable *table) {
  g_assert(table->columns->len > 1);
  table->optional = table->columns->len - 1;
}

void gs_table_cell(GsTable *table, char *text, GsStyleKind style) {
  Column *column = &g_array_index(table->columns, Column, table->filled);
  Cell cell = {.text = text ? text : g_strdup(""), .style = style};
  if (column->max_width > 0) {
    g_autofree char *whole = cell.text;
    cell.text = gs_text_fit(whole, column->max_width);
  }
  column->width = MAX(column->width, gs_text_width(cell.text));
  g_array_append_val(table->cells, cell);
  table->filled = (table->filled + 1) % table->columns->len;
}

void gs_table_line(GsTable *table, const char *text) {
  g_assert(table->filled == 0);
  Cell cell = {.text = g_strdup(text), .style = GS_STYLE_FAINT, .line = true};
  g_array_append_val(table->cells, cell);
}

/** Appends one cell with its padding; the last of a row gets none at its end. */
static void print_cell(const Column *column, guint width, const char *whole, GsStyleKind kind,
                       bool last, GsStyle style, GString *out) {
  if (width == LEFT_OUT)
    return;
  g_autofree char *text = gs_text_fit_middle(whole, width);
  int padding = (int)(width - gs_text_width(text));
  g_string_append(out, GAP);
  if (column->right)
    g_string_append_printf(out, "%*s", padding, "");
  g_string_append_printf(out, "%s%s%s", gs_style_begin(style, kind), text,
                         gs_style_end(style, kind));
  if (!column->right && !last)
    g_string_append_printf(out, "%*s", padding, "");
}

/** Width of each column as printed. */
static guint *widths_of(const GsTable *table) {
  guint count = table->columns->len, total = 0;
  guint *widths = g_new(guint, count);
  for (guint i = 0; i < count; i++) {
    widths[i] = g_array_index(table->columns, Column, i).width;
    total += widths[i] + (guint)strlen(GAP);
  }
  if (table->page > 0 && total > table->page && table->optional) {
    total -= widths[table->optional] + (guint)strlen(GAP);
    widths[table->optional] = LEFT_OUT;
  }
  if (table->page > 0 && total > table->page) {
    guint *width = &widths[table->shrinking];
    guint excess = total - table->page;
    *width = MAX(*width > excess ? *width - excess : 0, MIN(*width, SHRUNK_MIN));
  }
  return widths;
}

/** Ends a line without the spaces that empty cells left there. */
static void end_line(GString *out) {
  gsize length = out->len;
  while (length > 0 && out->str[length - 1] == ' ')
    length--;
  g_string_truncate(out, length);
  g_string_append_c(out, '\n');
}

void gs_table_print(const GsTable *table, GsStyle style, GString *out) {
  guint columns = table->columns->len;
  g_autofree guint *widths = widths_of(table);
  bool headed = false;
  for (guint i = 0; i < columns; i++)
    headed |= g_array_index(table->columns, Column, i).heading[0] != '\0';
  for (guint i = 0; headed && i < columns; i++) {
    const Column *column = &g_array_index(table->columns, Column, i);
    print_cell(column, widths[i], column->heading, GS_STYLE_FAINT, i + 1 == columns, style, out);
  }
  if (headed)
    end_line(out);

  guint at = 0;
  for (guint i = 0; i < table->cells->len; i++) {
    const Cell *cell = &g_array_index(table->cells, Cell, i);
    if (cell->line) {
      g_string_append_printf(out, GAP "%s%s%s", gs_style_begin(style, cell->style), cell->text,
                             gs_style_end(style, cell->style));
      end_line(out);
      continue;
    }
    const Column *column = &g_array_index(table->columns, Column, at);
    print_cell(column, widths[at], cell->text, cell->style, at + 1 == columns, style, out);
    at = (at + 1) % columns;
    if (at == 0)
      end_line(out);
  }
}

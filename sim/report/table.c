/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/table.h"

#include <string.h>

#include "sim/base/text.h"

#define GAP "  "
/** A column that shrinks keeps at least this. */
#define SHRUNK_MIN 16
/** Columns of the line that says what is left out, where there is no terminal. */
#define LEFT_OUT_WIDTH 88
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
  guint filled;       /**< cells of the row that is being filled */
  guint shrinking;    /**< index of the column that shrinks */
  guint shrunk_width; /**< columns to shrink to; 0: none does */
  guint optional;     /**< index of the column that may be left out; 0: none */
  guint cut;          /**< texts cut to the most that their column takes */
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

void gs_table_shrinks(GsTable *table, guint width) {
  table->shrinking = table->columns->len - 1;
  table->shrunk_width = width;
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
    table->cut += gs_text_width(whole) > column->max_width;
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

static guint leave_out(guint *widths, guint column) {
  guint room = widths[column] + (guint)strlen(GAP);
  widths[column] = LEFT_OUT;
  return room;
}

/** Takes up to `excess` from a column, which keeps at least SHRUNK_MIN. Returns what it took. */
static guint shrink(guint *widths, guint column, guint excess) {
  guint least = MIN(widths[column], SHRUNK_MIN);
  guint taken = MIN(excess, widths[column] - least);
  widths[column] -= taken;
  return taken;
}

/** Columns of text give way, the widest first; then columns are left out from the right. */
static void fit_terminal(const GsTable *table, guint *widths, guint total, guint terminal) {
  guint count = table->columns->len;
  while (total > terminal) {
    guint widest = count;
    for (guint i = 0; i < count; i++)
      if (!g_array_index(table->columns, Column, i).right && widths[i] != LEFT_OUT &&
          widths[i] > SHRUNK_MIN && (widest == count || widths[i] > widths[widest]))
        widest = i;
    if (widest == count)
      break;
    total -= shrink(widths, widest, 1);
  }
  for (guint i = count; i-- > 1 && total > terminal;)
    if (widths[i] != LEFT_OUT)
      total -= leave_out(widths, i);
  /* What was left out may have made room for the texts. */
  for (guint i = 0; i < count && total < terminal; i++) {
    guint whole = g_array_index(table->columns, Column, i).width;
    if (widths[i] == LEFT_OUT || widths[i] == whole)
      continue;
    guint more = MIN(terminal - total, whole - widths[i]);
    widths[i] += more;
    total += more;
  }
}

/** Width of each column as printed. */
static guint *widths_of(const GsTable *table, GsStyle style) {
  guint count = table->columns->len, total = 0;
  guint *widths = g_new(guint, count);
  for (guint i = 0; i < count; i++) {
    widths[i] = g_array_index(table->columns, Column, i).width;
    total += widths[i] + (guint)strlen(GAP);
  }
  guint width = style.columns > 0 ? style.columns : table->shrunk_width;
  if (width > 0 && total > width && table->optional)
    total -= leave_out(widths, table->optional);
  if (width > 0 && total > width && table->shrunk_width > 0)
    total -= shrink(widths, table->shrinking, total - width);
  if (style.columns > 0)
    fit_terminal(table, widths, total, width);
  return widths;
}

/** What a reader does not see of the table, and where to see it. */
static void print_left_out(const GsTable *table, const guint *widths, GsStyle style, GString *out) {
  g_autoptr(GString) names = g_string_new(NULL);
  guint columns = table->columns->len, cut = table->cut, at = 0;
  for (guint i = 0; i < columns; i++)
    if (widths[i] == LEFT_OUT && g_array_index(table->columns, Column, i).heading[0])
      g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                             g_array_index(table->columns, Column, i).heading);
  for (guint i = 0; i < table->cells->len; i++) {
    const Cell *cell = &g_array_index(table->cells, Cell, i);
    if (cell->line)
      continue;
    cut += widths[at] != LEFT_OUT && gs_text_width(cell->text) > widths[at];
    at = (at + 1) % columns;
  }
  if (names->len == 0 && cut == 0)
    return;
  g_autoptr(GString) line = g_string_new("(");
  if (names->len > 0)
    g_string_append_printf(line, "no room for: %s", names->str);
  if (cut > 0)
    g_string_append_printf(line, "%s%u %s shortened", names->len ? "; " : "", cut,
                           cut == 1 ? "text is" : "texts are");
  g_string_append(line, "; --json has all)");
  g_string_append(out, gs_style_begin(style, GS_STYLE_FAINT));
  gs_text_wrap(out, line->str, (guint)strlen(GAP),
               style.columns > 0 ? style.columns : LEFT_OUT_WIDTH);
  g_string_append(out, gs_style_end(style, GS_STYLE_FAINT));
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
  g_autofree guint *widths = widths_of(table, style);
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
  print_left_out(table, widths, style, out);
}

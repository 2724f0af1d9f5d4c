/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/decimal.h"
#include "sim/import/table_parts.h"

/** Longer words are none of those that are known. */
#define WORD_MAX 32
/** So many names of columns are told. */
#define NAMES_SHOWN 12

/** Names of the ends of links, without what is no letter or digit; nodes may have the weak ones. */
static const struct {
  const char *from, *to;
  bool weak;
} pairs[] = {
    {"source", "target", false},
    {"from", "to", false},
    {"bus0", "bus1", false},
    {"fbus", "tbus", false},
    {"frombus", "tobus", false},
    {"busfrom", "busto", false},
    {"fromnode", "tonode", false},
    {"nodefrom", "nodeto", false},
    {"fromnodeid", "tonodeid", false},
    {"fromid", "toid", false},
    {"idfrom", "idto", false},
    {"frombusid", "tobusid", false},
    {"sourceid", "targetid", false},
    {"sourcenode", "targetnode", false},
    {"sourcename", "targetname", false},
    {"fromname", "toname", false},
    {"src", "dst", false},
    {"src", "dest", false},
    {"source", "destination", false},
    {"origin", "destination", false},
    {"node0", "node1", false},
    {"node1", "node2", false},
    {"nodea", "nodeb", false},
    {"bus1", "bus2", false},
    {"startnode", "endnode", false},
    {"start", "end", false},
    {"tail", "head", false},
    {"vertex1", "vertex2", false},
    {"u", "v", true},
    {"i", "j", true},
};

guint gs_cells_find(const GsCell *cells, guint count, const char *text) {
  gsize length = strlen(text);
  for (guint i = 0; i < count; i++)
    if (cells[i].length == length && memcmp(cells[i].text, text, length) == 0)
      return i;
  for (guint i = 0; i < count; i++)
    if (gs_cell_is(&cells[i], text))
      return i;
  return GS_NO_COLUMN;
}

/** The cell's letters and digits, small. */
static void word_of(const GsCell *cell, char word[WORD_MAX + 1]) {
  guint length = 0;
  if (cell->length <= WORD_MAX)
    for (uint32_t i = 0; i < cell->length; i++)
      if (g_ascii_isalnum(cell->text[i]) || (guchar)cell->text[i] >= 0x80)
        word[length++] = g_ascii_tolower(cell->text[i]);
  word[length] = '\0';
}

guint gs_sheet_ends(const GsCell *cells, guint count, guint *from, guint *to, bool *weak) {
  guint first[G_N_ELEMENTS(pairs)][2], found = 0;
  memset(first, 0xff, sizeof first);
  for (guint i = 0; i < count; i++) {
    char word[WORD_MAX + 1];
    word_of(&cells[i], word);
    for (guint k = 0; k < G_N_ELEMENTS(pairs) && *word; k++) {
      guint side = g_str_equal(word, pairs[k].to);
      if ((side == 1 || g_str_equal(word, pairs[k].from)) && first[k][side] == GS_NO_COLUMN)
        first[k][side] = i;
    }
  }
  *weak = true;
  for (guint k = 0; k < G_N_ELEMENTS(pairs); k++) {
    if (first[k][0] == GS_NO_COLUMN || first[k][1] == GS_NO_COLUMN || (pairs[k].weak && found > 0))
      continue;
    if (found++ == 0) {
      *from = first[k][0];
      *to = first[k][1];
      *weak = pairs[k].weak;
    }
  }
  return found;
}

/* ---- Numbers ---- */

bool gs_cell_is_number(const GsCell *cell) {
  return gs_decimal_parse(cell->text, cell->length, '.').state == GS_DECIMAL_NUMBER ||
         gs_decimal_parse(cell->text, cell->length, ',').state == GS_DECIMAL_NUMBER;
}

bool gs_cell_is_count(const GsCell *cell, guint64 *count) {
  if (cell->quoted || cell->length == 0 || cell->length > 10)
    return false;
  *count = 0;
  for (uint32_t i = 0; i < cell->length; i++) {
    if (!g_ascii_isdigit(cell->text[i]))
      return false;
    *count = *count * 10 + (guint64)(cell->text[i] - '0');
  }
  return true;
}

/* ---- The header ---- */

char *gs_sheet_column_name(const GsSheet *table, guint column) {
  guint named = table->named;
  if (column >= table->shift && column - table->shift < named &&
      *table->names[column - table->shift])
    return g_strdup(table->names[column - table->shift]);
  return g_strdup_printf("column %u", column + 1);
}

guint gs_sheet_column(const GsSheet *table, const char *name) {
  guint64 place;
  GsCell cell = {.text = name, .length = (uint32_t)strlen(name)};
  if (!table->has_header)
    return gs_cell_is_count(&cell, &place) && place >= 1 &&
                   place <= table->survey.by[table->by].cells_max
               ? (guint)place - 1
               : GS_NO_COLUMN;
  for (guint i = 0; table->names[i]; i++)
    if (g_str_equal(table->names[i], name))
      return i + table->shift;
  for (guint i = 0; table->names[i]; i++)
    if (g_ascii_strcasecmp(table->names[i], name) == 0)
      return i + table->shift;
  return GS_NO_COLUMN;
}

void gs_sheet_take_header(GsSheet *table, const GsSheetRow *row) {
  table->has_header = true;
  table->named = row->cells.count;
  table->names = g_new0(char *, row->cells.count + 1);
  for (guint i = 0; i < row->cells.count; i++)
    table->names[i] = g_strndup(row->cells.cells[i].text, row->cells.cells[i].length);
}

/** R writes no name above the names of rows: each of them has a cell more than the header. */
static bool find_shift(GsSheet *table, GsSheetRow *row, GError **error) {
  bool failed;
  guint named = table->named;
  if (gs_sheet_next(table, row, &failed, error) && row->count == named + 1 &&
      row->cells.cells[named].length > 0)
    table->shift = 1;
  return !failed;
}

bool gs_sheet_looks_headed(GsSheet *table, bool *headed, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed;
  gs_sheet_rewind(table, &row);
  *headed = false;
  if (!gs_sheet_next(table, &row, &failed, error))
    return !failed;
  guint count = row.count, left = 0;
  g_autofree guint8 *numbers = g_new0(guint8, count);
  g_autofree bool *out = g_new0(bool, count);
  for (guint i = 0; i < count; i++) {
    out[i] = row.cells.cells[i].length == 0 || gs_cell_is_number(&row.cells.cells[i]);
    left += !out[i];
  }
  while (left > 0 && gs_sheet_next(table, &row, &failed, error))
    for (guint i = 0; i < MIN(count, row.count); i++) {
      if (out[i] || row.cells.cells[i].length == 0)
        continue;
      out[i] = !gs_cell_is_number(&row.cells.cells[i]);
      left -= out[i];
      numbers[i] = MIN(numbers[i] + 1, 2);
    }
  for (guint i = 0; i < count && !failed; i++)
    *headed = *headed || (!out[i] && numbers[i] == 2);
  return left == 0 || !failed;
}

/** The names of columns as a message can show them. */
static char *names_shown(const GsSheetRow *row) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < MIN(row->cells.count, NAMES_SHOWN); i++) {
    g_autofree char *shown = gs_shown(row->cells.cells[i].text, row->cells.cells[i].length);
    g_string_append_printf(out, "%s%s", i ? ", " : "", shown);
  }
  if (row->cells.count > NAMES_SHOWN)
    g_string_append_printf(out, " and %u more", row->cells.count - NAMES_SHOWN);
  return g_string_free(out, FALSE);
}

static bool is_text(const GsSheetRow *row, guint column, const char *text) {
  const GsCell *cell = &row->cells.cells[column];
  return column < row->count && cell->length == strlen(text) &&
         memcmp(cell->text, text, cell->length) == 0;
}

/** "Bus 1": nodes are called so, too. */
static bool is_numbered(const GsCell *cell) {
  return cell->length > 0 && g_ascii_isdigit(cell->text[cell->length - 1]);
}

/** Nodes may be called "u" and "v", too: then other lines have these names. */
static bool is_named_elsewhere(GsSheet *table, GsSheetRow *row, guint from, guint to, bool *named,
                               GError **error) {
  bool failed = false;
  g_autofree char *one = g_strndup(row->cells.cells[from].text, row->cells.cells[from].length);
  g_autofree char *two = g_strndup(row->cells.cells[to].text, row->cells.cells[to].length);
  *named = false;
  while (!*named && gs_sheet_next(table, row, &failed, error))
    *named = is_text(row, from, one) || is_text(row, to, one) || is_text(row, from, two) ||
             is_text(row, to, two);
  return !failed;
}

static bool not_there(const GsSheet *table, const GsSheetRow *row, const char *name,
                      GError **error) {
  g_autofree char *shown = gs_shown(name, strlen(name));
  g_autofree char *names = names_shown(row);
  return gs_sheet_wrong(table, row->cells.line, error, "has no column %s; its columns are %s%s",
                        shown, names,
                        table->has_header ? ""
                                          : ", or \"1\", \"2\", \u2026 in a table without a "
                                            "line that names them");
}

/** As the scenario says. */
static bool take_told(GsSheet *table, GsSheetRow *row, GError **error) {
  const GsImportColumns *columns = table->columns;
  guint from = gs_cells_find(row->cells.cells, row->cells.count, columns->from);
  guint to = gs_cells_find(row->cells.cells, row->cells.count, columns->to);
  if (from != GS_NO_COLUMN && to != GS_NO_COLUMN)
    gs_sheet_take_header(table, row);
  bool no_from = from == GS_NO_COLUMN;
  table->from = table->has_header ? from : gs_sheet_column(table, columns->from);
  table->to = table->has_header ? to : gs_sheet_column(table, columns->to);
  if (table->from == GS_NO_COLUMN || table->to == GS_NO_COLUMN)
    return not_there(table, row,
                     no_from && table->from == GS_NO_COLUMN ? columns->from : columns->to, error);
  if (table->from == table->to)
    return gs_sheet_wrong(table, 0, error,
                          "both ends of links are in the column \"%s\"; must be in two",
                          columns->from);
  return !table->has_header || find_shift(table, row, error);
}

/** As the first row says, or as the columns stand. */
static bool take_found(GsSheet *table, GsSheetRow *row, GError **error) {
  guint from = 0, to = 1;
  bool weak, named = false, headed = false;
  guint found = gs_sheet_ends(row->cells.cells, row->cells.count, &from, &to, &weak);
  g_autofree char *names = names_shown(row);
  guint64 line = row->cells.line;
  if (found > 1)
    return gs_sheet_wrong(table, line, error,
                          "several pairs of the columns %s could be the ends of links; say which "
                          "by " GS_SAY_ENDS,
                          names);
  if (found == 1) {
    const GsCell *one = &row->cells.cells[from], *two = &row->cells.cells[to];
    bool numbered = is_numbered(one) || is_numbered(two);
    weak = weak || (numbered && (memchr(one->text, ' ', one->length) || one->quoted));
    gs_sheet_take_header(table, row);
    if ((weak || numbered) && !is_named_elsewhere(table, row, from, to, &named, error))
      return false;
    if (!named) {
      table->guessed_header = weak;
      table->from = from;
      table->to = to;
      gs_sheet_rewind(table, row);
      bool failed;
      return gs_sheet_next(table, row, &failed, error) && find_shift(table, row, error);
    }
    table->has_header = false;
    table->named = 0;
    g_clear_pointer(&table->names, g_strfreev);
  }
  if (!gs_sheet_looks_headed(table, &headed, error))
    return false;
  return !headed ||
         gs_sheet_wrong(table, line, error,
                        "found %s over columns of numbers: names of columns, of which none are "
                        "known to be the ends of links, or a line like the others; say " GS_SAY_ENDS
                        " with two of these names, or with the "
                        "places \"1\" and \"2\"",
                        names);
}

bool gs_sheet_find_columns(GsSheet *table, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed;
  table->from = 0;
  table->to = 1;
  table->latency = GS_NO_COLUMN;
  gs_sheet_rewind(table, &row);
  if (!gs_sheet_next(table, &row, &failed, error))
    return !failed && gs_sheet_wrong(table, 0, error, "has no nodes; must have at least one");
  if (!(table->columns->from ? take_told(table, &row, error) : take_found(table, &row, error)))
    return false;
  table->from += table->has_header ? table->shift : 0;
  table->to += table->has_header ? table->shift : 0;
  if (!table->columns->latency)
    return true;
  table->latency = gs_sheet_column(table, table->columns->latency);
  g_auto(GsSheetRow) first = {0};
  gs_sheet_rewind(table, &first);
  return table->latency != GS_NO_COLUMN ||
         (gs_sheet_next(table, &first, &failed, error) &&
          not_there(table, &first, table->columns->latency, error));
}

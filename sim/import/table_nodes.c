/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/decimal.h"
#include "sim/import/table_parts.h"

/** Names of the column of ids, the best first. */
static const char *const id_names[] = {"id",  "node",  "name",   "nodeid", "node_id", "bus",
                                       "key", "bus_i", "bus_id", "busid",  "label"};
/** Columns of nodes that are known, by which a header is told, too. */
static const char *const known_names[] = {"production", "consumption", "longitude", "lon", "lng",
                                          "latitude",   "lat",         "x",         "y"};

typedef struct {
  GsSheet table;
  GsDraft *draft;
  guint id, production, consumption;
  guint *columns; /**< of the draft, by those of the table */
  guint count;
  GsOccurrences short_rows;
} Nodes;

/** The column of ids that the first row names; GS_NO_COLUMN: it names none. */
static guint find_id(const GsSheetRow *row) {
  for (guint i = 0; i < G_N_ELEMENTS(id_names); i++) {
    guint column = gs_cells_find(row->cells.cells, row->cells.count, id_names[i]);
    if (column != GS_NO_COLUMN)
      return column;
  }
  for (guint i = 0; i < G_N_ELEMENTS(known_names); i++)
    if (gs_cells_find(row->cells.cells, row->cells.count, known_names[i]) != GS_NO_COLUMN)
      return 0;
  return GS_NO_COLUMN;
}

static bool has_told(const GsSheetRow *row, const GsImportColumns *told) {
  const char *names[] = {told->id, told->production, told->consumption};
  guint found = 0;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    found +=
        names[i] && gs_cells_find(row->cells.cells, row->cells.count, names[i]) != GS_NO_COLUMN;
  return found > 0;
}

static bool not_there(const Nodes *nodes, guint64 line, const char *name, GError **error) {
  g_autofree char *shown = gs_shown(name, strlen(name));
  return gs_sheet_wrong(&nodes->table, line, error,
                        "has no column %s; must be one that this line names, or \"1\", \"2\", "
                        "\u2026 in a table of nodes without such a line",
                        shown);
}

/** Which columns say what. */
static bool find_columns(Nodes *nodes, const GsImportColumns *told, GError **error) {
  g_auto(GsSheetRow) row = {0};
  GsSheet *table = &nodes->table;
  bool failed, headed = false;
  gs_sheet_rewind(table, &row);
  if (!gs_sheet_next(table, &row, &failed, error))
    return !failed && gs_sheet_wrong(table, 0, error, "has no nodes; must have at least one");
  guint named = find_id(&row);
  guint64 line = row.cells.line;
  if (named != GS_NO_COLUMN || has_told(&row, told))
    gs_sheet_take_header(table, &row);
  else if (!told->id && !gs_sheet_looks_headed(table, &headed, error))
    return false;
  if (headed)
    return gs_sheet_wrong(
        table, line, error,
        "the first line is of words over columns of numbers: names of columns, of "
        "which none is known to be the names of nodes, or a node; say "
        "\"columns\": {\"id\": \u2026} (--set topology.nodes.columns.id=\u2026) with one of them, "
        "or with the place "
        "\"1\"");
  nodes->id = told->id ? gs_sheet_column(table, told->id) : named == GS_NO_COLUMN ? 0 : named;
  const char *energies[] = {told->id, told->production, told->consumption};
  for (guint i = 0; i < G_N_ELEMENTS(energies); i++)
    if (energies[i] && gs_sheet_column(table, energies[i]) == GS_NO_COLUMN)
      return not_there(nodes, line, energies[i], error);
  nodes->production = told->production ? gs_sheet_column(table, told->production) : GS_NO_COLUMN;
  nodes->consumption = told->consumption ? gs_sheet_column(table, told->consumption) : GS_NO_COLUMN;
  return true;
}

/** "1,500", "12,000": the comma may also stand between thousands. */
static bool may_be_thousands(const GsCell *cell) {
  const char *comma = memchr(cell->text, ',', cell->length);
  const char *start = cell->text + (cell->length > 0 && strchr("+-", *cell->text) != NULL);
  return comma && comma > start && comma <= start + 3 && *start != '0' &&
         cell->text + cell->length - comma == 4;
}

static bool is_energy(const Nodes *nodes, guint column) {
  g_autofree char *name = gs_sheet_column_name(&nodes->table, column);
  return column == nodes->production || column == nodes->consumption ||
         g_ascii_strcasecmp(name, "production") == 0 ||
         g_ascii_strcasecmp(name, "consumption") == 0;
}

static bool ask_thousands(const Nodes *nodes, guint64 line, const char *shown, GError **error) {
  return gs_sheet_wrong(&nodes->table, line, error,
                        "found %s: its comma may stand before decimals, or between thousands; "
                        "write such numbers with a point, or without commas",
                        shown);
}

/**
 * Whether numbers are written with a comma: some are, and none with a point. Energies in which all
 * commas could stand between thousands are asked.
 */
static bool find_point(Nodes *nodes, GError **error) {
  g_auto(GsSheetRow) row = {0};
  g_autofree char *thousands = NULL;
  guint64 line = 0;
  bool failed, commas = false, points = false, decimals = false;
  gs_sheet_rewind(&nodes->table, &row);
  while (gs_sheet_next(&nodes->table, &row, &failed, error))
    for (guint i = 0; i < row.count; i++) {
      const GsCell *cell = &row.cells.cells[i];
      if (cell->length == 0 || i == nodes->id || !gs_cell_is_number(cell))
        continue;
      bool comma = memchr(cell->text, ',', cell->length) != NULL;
      commas = commas || comma;
      points = points || memchr(cell->text, '.', cell->length);
      decimals = decimals || (comma && !may_be_thousands(cell));
      if (!thousands && comma && may_be_thousands(cell) && is_energy(nodes, i)) {
        thousands = gs_shown(cell->text, cell->length);
        line = row.cells.line;
      }
    }
  if (failed)
    return false;
  if (commas && !points && !decimals && thousands)
    return ask_thousands(nodes, line, thousands, error);
  if (commas && !points)
    gs_draft_set_point(nodes->draft, ',');
  return true;
}

/** The draft's column for one of the table. */
static guint column_of(Nodes *nodes, guint column) {
  if (column >= nodes->count) {
    guint room = MAX(column + 1, 2 * nodes->count);
    nodes->columns = g_renew(guint, nodes->columns, room);
    while (nodes->count < room)
      nodes->columns[nodes->count++] = GS_NO_COLUMN;
  }
  if (nodes->columns[column] != GS_NO_COLUMN)
    return nodes->columns[column];
  const GsSheet *table = &nodes->table;
  g_autofree char *name = gs_sheet_column_name(table, column);
  GsRole role = GS_ROLE_BY_NAME;
  if (column == nodes->production)
    role = GS_ROLE_PRODUCTION;
  else if (column == nodes->consumption)
    role = GS_ROLE_CONSUMPTION;
  nodes->columns[column] = gs_draft_column(nodes->draft, GS_OF_NODES, name, role);
  return nodes->columns[column];
}

static bool read_row(Nodes *nodes, const GsSheetRow *row, GError **error) {
  const GsCell *cells = row->cells.cells;
  if (nodes->id >= row->count || cells[nodes->id].length == 0) {
    gs_occurs(&nodes->short_rows, row->cells.line);
    return true;
  }
  const GsCell *id = &cells[nodes->id];
  uint32_t before = gs_draft_nodes(nodes->draft);
  uint32_t node = gs_draft_node(nodes->draft, id->text, id->length);
  if (gs_draft_nodes(nodes->draft) == before) {
    g_autofree char *shown = gs_shown(id->text, id->length);
    return gs_sheet_wrong(&nodes->table, row->cells.line, error,
                          "a second line for the node %s; must be one", shown);
  }
  for (guint i = 0; i < row->count; i++)
    if (i != nodes->id && cells[i].length > 0)
      gs_draft_say(nodes->draft, GS_OF_NODES, column_of(nodes, i), node, cells[i].text,
                   cells[i].length, 0);
  return gs_draft_fits(nodes->draft, error);
}

static bool read_rows(Nodes *nodes, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed = false, first = true;
  gs_sheet_rewind(&nodes->table, &row);
  for (; gs_sheet_next(&nodes->table, &row, &failed, error); first = false)
    if (!(first && nodes->table.has_header) && !read_row(nodes, &row, error))
      return false;
  gs_draft_note(nodes->draft, "comments", (GsOccurrences){.count = nodes->table.comments.count},
                "a comment in the table of nodes was skipped",
                "%s comments in the table of nodes were skipped");
  gs_draft_note(nodes->draft, "not-used", (GsOccurrences){.count = nodes->short_rows.count},
                "a line of the table of nodes names no node, and is left out",
                "%s lines of the table of nodes name no node, and are left out");
  return !failed;
}

/** One name a line needs nothing that separates. */
static bool find_separator(GsSheet *table, const char *path, GError **error) {
  table->survey = gs_sheet_survey(table->text, table->length);
  guint64 separated = 0;
  for (GsBy by = 0; by < GS_BY; by++)
    separated += table->survey.by[by].rows;
  table->by = GS_BY_COMMAS;
  return separated == 0 || gs_sheet_find_separator(table, g_str_has_suffix(path, ".csv"),
                                                   g_str_has_suffix(path, ".tsv"), error);
}

bool gs_sheet_read_nodes(GsDraft *draft, const GsImport *import, GError **error) {
  gsize length;
  const char *text = g_bytes_get_data(import->nodes_content, &length);
  Nodes nodes = {.draft = draft,
                 .table = {.path = import->nodes_path,
                           .text = text ? text : "",
                           .length = length,
                           .columns = &(GsImportColumns){0}}};
  GsForm form = gs_form_of_text(nodes.table.text, length);
  if (form.how || form.format != GS_GRAPH_TABLE)
    return gs_sheet_wrong(&nodes.table, 0, error, "is %s; must be a table of nodes",
                          form.what ? form.what : "empty");
  bool ok = find_separator(&nodes.table, import->nodes_path, error) &&
            find_columns(&nodes, &import->columns, error) && find_point(&nodes, error) &&
            read_rows(&nodes, error);
  g_free(nodes.columns);
  gs_sheet_clear(&nodes.table);
  return ok;
}

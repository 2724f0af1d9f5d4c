/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/table_parts.h"

/** A table or list of links as it is read. */
typedef struct {
  GsSheet table;
  GsDraft *draft;
  bool adjacency;
  bool skip_first; /**< a line of names or of counts */
  bool colons;     /**< of an adjacency list: nodes have one behind them */
  guint type;      /**< column that says of each link whether it has a direction */
  guint *columns;  /**< of the draft, by those of the table */
  guint count;
  uint32_t first_ends[2]; /**< nodes of the first link, */
  bool again;             /**< one of which was found again */
  GsOccurrences one_end, no_end;
} Links;

/* ---- What is said of links ---- */

static guint column_of(Links *links, guint column) {
  if (column >= links->count) {
    guint room = MAX(column + 1, 2 * links->count);
    links->columns = g_renew(guint, links->columns, room);
    while (links->count < room)
      links->columns[links->count++] = GS_NO_COLUMN;
  }
  if (links->columns[column] == GS_NO_COLUMN) {
    g_autofree char *name = gs_sheet_column_name(&links->table, column);
    GsRole role = column == links->table.latency ? GS_ROLE_LATENCY : GS_ROLE_BY_NAME;
    links->columns[column] = gs_draft_column(links->draft, GS_OF_LINKS, name, role);
  }
  return links->columns[column];
}

/** Gephi says of each link whether it has a direction; false: it is another type. */
static bool take_type(Links *links, const GsCell *cell) {
  if (gs_cell_is(cell, "directed"))
    gs_draft_set_directed(links->draft);
  return gs_cell_is(cell, "directed") || gs_cell_is(cell, "undirected");
}

static void say(Links *links, const GsSheetRow *row, uint32_t link) {
  const GsCell *cells = row->cells.cells;
  for (guint i = 0; i < row->count; i++) {
    if (i == links->table.from || i == links->table.to || cells[i].length == 0 ||
        (i == links->type && take_type(links, &cells[i])))
      continue;
    gs_draft_say(links->draft, GS_OF_LINKS, column_of(links, i), link, cells[i].text,
                 cells[i].length, row->cells.line);
  }
}

/* ---- Rows ---- */

static bool read_link(Links *links, const GsSheetRow *row) {
  static const GsCell none = {0};
  const GsCell *cells = row->cells.cells;
  guint from = links->table.from, to = links->table.to;
  const GsCell *one = from < row->count ? &cells[from] : &none;
  const GsCell *two = to < row->count ? &cells[to] : &none;
  bool any = false;
  if (one->length == 0 || two->length == 0) {
    const GsCell *end = one->length > 0 ? one : two;
    for (guint i = 0; i < row->count; i++)
      any = any || cells[i].length > 0;
    if (end->length > 0)
      gs_draft_node(links->draft, end->text, end->length);
    if (any)
      gs_occurs(end->length > 0 ? &links->one_end : &links->no_end, row->cells.line);
    return true;
  }
  uint32_t a = gs_draft_node(links->draft, one->text, one->length);
  uint32_t b = gs_draft_node(links->draft, two->text, two->length);
  uint32_t link = gs_draft_link(links->draft, a, b, row->cells.line);
  if (link == 0) {
    links->first_ends[0] = a;
    links->first_ends[1] = b;
  } else if (a == links->first_ends[0] || a == links->first_ends[1] || b == links->first_ends[0] ||
             b == links->first_ends[1]) {
    links->again = true;
  }
  if (row->count > 2)
    say(links, row, link);
  return true;
}

static bool read_neighbours(Links *links, const GsSheetRow *row, GError **error) {
  const GsCell *cells = row->cells.cells;
  gsize length = cells[0].length;
  if (length > 0 && !cells[0].quoted && links->colons && cells[0].text[length - 1] == ':')
    length--;
  if (length == 0) {
    gs_occurs(&links->no_end, row->cells.line);
    return true;
  }
  uint32_t node = gs_draft_node(links->draft, cells[0].text, length);
  for (guint i = 1; i < row->count; i++) {
    if (cells[i].length == 0)
      continue;
    uint32_t other = gs_draft_node(links->draft, cells[i].text, cells[i].length);
    gs_draft_link(links->draft, node, other, row->cells.line);
    if ((i & 0xffff) == 0 && !gs_draft_fits(links->draft, error))
      return false;
  }
  return true;
}

static bool read_rows(Links *links, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed = false, skip = links->skip_first;
  gs_sheet_rewind(&links->table, &row);
  for (; gs_sheet_next(&links->table, &row, &failed, error); skip = false) {
    if (skip)
      continue;
    if (!(links->adjacency ? read_neighbours(links, &row, error) : read_link(links, &row)) ||
        !gs_draft_fits(links->draft, error))
      return false;
  }
  return !failed;
}

/* ---- What is told of it ---- */

static void note_kind(Links *links, GsSheetLine first) {
  const GsSheet *table = &links->table;
  GsOccurrences one = {.count = 1, .first_line = first.line};
  g_autofree char *shown = gs_shown(first.text, first.length);
  if (links->adjacency)
    gs_draft_note(links->draft, "adjacency", (GsOccurrences){.count = 1},
                  "each line was read as a node and its neighbours", NULL);
  if (table->guessed_header) {
    g_autofree char *text =
        g_strdup_printf("%s was taken for names of columns, since no node is called so", shown);
    gs_draft_note(links->draft, "header", one, text, NULL);
  }
  if (links->skip_first && !table->has_header) {
    g_autofree char *text =
        g_strdup_printf("%s was taken for counts of nodes and links, and is no link", shown);
    gs_draft_note(links->draft, "counts", one, text, NULL);
  }
  if (!links->adjacency && !links->skip_first && !table->columns->from && !links->again &&
      gs_draft_links(links->draft) >= 3) {
    g_autofree char *text = g_strdup_printf(
        "%s was read as a link, and no other line has these names: if it names the columns, say "
        "them by " GS_SAY_ENDS,
        shown);
    gs_draft_note(links->draft, "header", one, text, NULL);
  }
}

static void note(Links *links, GsSheetLine first, uint32_t listed, uint32_t all) {
  note_kind(links, first);
  gs_draft_note(links->draft, "comments", links->table.comments, "a comment was skipped",
                "%s comments were skipped");
  gs_draft_note(links->draft, "isolated", links->one_end,
                "a line with one name is a node without a link",
                "%s lines with one name are nodes, and no links");
  gs_draft_note(links->draft, "not-used", links->no_end,
                "a line that names no end of a link is left out",
                "%s lines that name no end of a link are left out");
  if (listed > 0)
    gs_draft_note(links->draft, "not-listed", (GsOccurrences){.count = all - listed},
                  "a node of a link is not in the table of nodes, and was added",
                  "%s nodes of links are not in the table of nodes, and were added");
}

/* ---- The whole ---- */

static void find_type(Links *links) {
  links->type = links->table.has_header ? gs_sheet_column(&links->table, "type") : GS_NO_COLUMN;
}

/** What lists hold that do not say so. */
static bool find_list(Links *links, const GsImport *import, GError **error) {
  GsListKind kind = GS_LIST_OF_LINKS;
  links->adjacency = import->format == GS_GRAPH_ADJACENCY;
  links->colons = links->adjacency;
  links->skip_first = links->table.has_header;
  if (links->table.has_header || import->columns.from)
    return !links->adjacency ||
           gs_sheet_wrong(&links->table, links->table.survey.first.line, error,
                          "the line names columns; an adjacency list has none");
  if (!gs_sheet_find_counts(&links->table, &links->skip_first, error))
    return false;
  if (import->format != GS_GRAPH_AUTO)
    return true;
  if (!gs_sheet_find_kind(&links->table, links->skip_first, &kind, error))
    return false;
  links->adjacency = kind == GS_LIST_ADJACENCY;
  links->colons = links->adjacency;
  return true;
}

static bool named(const char *path, const char *ending) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  return g_str_has_suffix(lower, ending);
}

bool gs_read_table(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                   GError **error) {
  Links links = {.draft = draft,
                 .table = {.path = gs_draft_source(draft),
                           .text = text,
                           .length = length,
                           .columns = &import->columns}};
  if (import->format == GS_GRAPH_AUTO && !import->columns.from &&
      gs_sheet_is_foreign(&links.table, import->path, error))
    return false;
  bool ok = !import->nodes_content || gs_sheet_read_nodes(draft, import, error);
  uint32_t listed = gs_draft_nodes(draft);
  ok = ok &&
       gs_sheet_find_separator(&links.table, named(import->path, ".csv"),
                               named(import->path, ".tsv"), error) &&
       gs_sheet_find_columns(&links.table, error) && find_list(&links, import, error);
  if (ok) {
    GsSheetLine first = links.table.survey.first;
    find_type(&links);
    if (links.adjacency)
      gs_draft_set_mirrored(draft);
    ok = read_rows(&links, error);
    if (ok)
      note(&links, first, listed, gs_draft_nodes(draft));
  }
  g_free(links.columns);
  gs_sheet_clear(&links.table);
  return ok;
}

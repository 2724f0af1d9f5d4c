/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/decimal.h"
#include "sim/import/cells.h"
#include "sim/import/readers.h"

typedef enum {
  START,
  VERTICES,
  ARCS,
  EDGES,
  ARCS_LISTS,
  EDGES_LISTS,
  MATRIX,
  SKIPPED,
} Section;

static const struct {
  const char *name;
  Section section;
} sections[] = {{"*vertices", VERTICES},    {"*arcs", ARCS},          {"*edges", EDGES},
                {"*arcslist", ARCS_LISTS},  {"*arclist", ARCS_LISTS}, {"*edgeslist", EDGES_LISTS},
                {"*edgelist", EDGES_LISTS}, {"*matrix", MATRIX}};

typedef struct {
  GsDraft *draft;
  GsCells cells;
  Section section;
  bool has_vertices;
  uint32_t count; /**< of vertices */
  bool *listed;   /**< of each whether it had its line */
  guint label, x, y, z, shape, weight, more;
  uint32_t matrix_row;
  bool beside;           /**< in a partition or the like, whose *Vertices are no network */
  GsOccurrences skipped; /**< lines of sections that are not read */
  GsOccurrences two_mode;
  GError **error;
} Pajek;

static bool wrong_row(const Pajek *pajek, const char *allowed) {
  g_autofree char *shown = gs_shown(pajek->cells.row, pajek->cells.row_length);
  return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error, "found %s; must be %s", shown,
                       allowed);
}

static bool whole(const GsCell *cell, guint64 *number) {
  *number = 0;
  for (uint32_t i = 0; i < cell->length; i++) {
    if (!g_ascii_isdigit(cell->text[i]) || i > 9)
      return false;
    *number = *number * 10 + (guint64)(cell->text[i] - '0');
  }
  return cell->length > 0;
}

/** The number of a vertex; false: it is none. */
static bool vertex_of(const Pajek *pajek, const GsCell *cell, uint32_t *vertex) {
  guint64 number;
  if (!whole(cell, &number) || number < 1 || number > pajek->count) {
    g_autofree char *shown = gs_shown(cell->text, cell->length);
    return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                         "found %s; must be the number of a vertex, from 1 to %u", shown,
                         pajek->count);
  }
  *vertex = (uint32_t)(number - 1);
  return true;
}

/* ---- Sections ---- */

/** All vertices are there, with a line of their own or not. */
static bool open_vertices(Pajek *pajek) {
  guint64 count, first;
  const GsCell *cells = pajek->cells.cells;
  if (pajek->has_vertices)
    return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                         "a second network begins; must be one in a file");
  if (pajek->cells.count < 2 || pajek->cells.count > 3 || !whole(&cells[1], &count) ||
      (pajek->cells.count == 3 && !whole(&cells[2], &first)))
    return wrong_row(pajek, "*Vertices and their number");
  if (pajek->cells.count == 3)
    gs_occurs(&pajek->two_mode, pajek->cells.line);
  if (!gs_draft_count_nodes(pajek->draft, count, pajek->error))
    return false;
  pajek->has_vertices = true;
  pajek->count = gs_draft_nodes(pajek->draft);
  pajek->listed = g_new0(bool, MAX(pajek->count, 1));
  return true;
}

/** What stands beside networks in a project, with a line of *Vertices of its own. */
static bool is_beside(const char *word) {
  static const char *const words[] = {"*partition", "*vector", "*permutation", "*cluster",
                                      "*hierarchy"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_ascii_strcasecmp(word, words[i]) == 0)
      return true;
  return false;
}

static bool open_section(Pajek *pajek) {
  const GsCell *name = &pajek->cells.cells[0];
  g_autofree char *word = g_strndup(name->text, name->length);
  /* "*Arcs:1" is one of several kinds of links. */
  if (strchr(word, ':'))
    *strchr(word, ':') = '\0';
  pajek->section = SKIPPED;
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (g_ascii_strcasecmp(word, sections[i].name) == 0)
      pajek->section = sections[i].section;
  if (g_ascii_strcasecmp(word, "*network") == 0) {
    gsize rest = pajek->cells.row_length - name->length;
    g_autofree char *title = g_strstrip(g_strndup(name->text + name->length, rest));
    pajek->section = START;
    pajek->beside = false;
    if (pajek->has_vertices)
      return open_vertices(pajek);
    gs_draft_say(pajek->draft, GS_OF_GRAPH,
                 gs_draft_column(pajek->draft, GS_OF_GRAPH, "name", GS_ROLE_BY_NAME), 0, title,
                 strlen(title), pajek->cells.line);
    return true;
  }
  if (pajek->section == VERTICES && !pajek->beside)
    return open_vertices(pajek);
  if (pajek->section == VERTICES || pajek->section == SKIPPED) {
    pajek->beside = pajek->section == SKIPPED && is_beside(word);
    pajek->section = SKIPPED;
    gs_occurs(&pajek->skipped, pajek->cells.line);
    return true;
  }
  return pajek->has_vertices || wrong_row(pajek, "*Vertices and their number first");
}

/* ---- Lines ---- */

static void say(Pajek *pajek, GsOf of, guint column, uint32_t index, const GsCell *cell) {
  gs_draft_say(pajek->draft, of, column, index, cell->text, cell->length, pajek->cells.line);
}

static bool is_number(const GsCell *cell) {
  return !cell->quoted &&
         gs_decimal_parse(cell->text, cell->length, '.').state != GS_DECIMAL_NO_NUMBER;
}

/** Number, label, x, y, z, then how it is drawn. */
static bool read_vertex(Pajek *pajek) {
  const GsCell *cells = pajek->cells.cells;
  const guint places[] = {pajek->x, pajek->y, pajek->z};
  uint32_t vertex;
  if (!vertex_of(pajek, &cells[0], &vertex))
    return false;
  if (pajek->listed[vertex])
    return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                         "a second line for the vertex %u; must be one", vertex + 1);
  pajek->listed[vertex] = true;
  guint at = 1;
  if (at < pajek->cells.count)
    say(pajek, GS_OF_NODES, pajek->label, vertex, &cells[at++]);
  for (guint i = 0; i < 3 && at < pajek->cells.count && is_number(&cells[at]); i++)
    say(pajek, GS_OF_NODES, places[i], vertex, &cells[at++]);
  if (at < pajek->cells.count)
    say(pajek, GS_OF_NODES, pajek->shape, vertex, &cells[at]);
  return true;
}

static bool read_link(Pajek *pajek) {
  const GsCell *cells = pajek->cells.cells;
  uint32_t from, to;
  if (pajek->cells.count < 2)
    return wrong_row(pajek, "the numbers of two vertices");
  if (!vertex_of(pajek, &cells[0], &from) || !vertex_of(pajek, &cells[1], &to))
    return false;
  uint32_t link = gs_draft_link(pajek->draft, from, to, pajek->cells.line);
  guint at = 2;
  if (at < pajek->cells.count && is_number(&cells[at]))
    say(pajek, GS_OF_LINKS, pajek->weight, link, &cells[at++]);
  if (at < pajek->cells.count)
    say(pajek, GS_OF_LINKS, pajek->more, link, &cells[at]);
  return true;
}

static bool read_list(Pajek *pajek) {
  uint32_t from, to = 0;
  if (!vertex_of(pajek, &pajek->cells.cells[0], &from))
    return false;
  for (guint i = 1; i < pajek->cells.count; i++) {
    if (!vertex_of(pajek, &pajek->cells.cells[i], &to))
      return false;
    gs_draft_link(pajek->draft, from, to, pajek->cells.line);
  }
  return true;
}

static bool read_matrix_row(Pajek *pajek) {
  const GsCell *cells = pajek->cells.cells;
  if (pajek->matrix_row >= pajek->count || pajek->cells.count != pajek->count)
    return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                         "found %u numbers in row %u of *Matrix; must be %u rows of %u numbers",
                         pajek->cells.count, pajek->matrix_row + 1, pajek->count, pajek->count);
  for (uint32_t i = 0; i < pajek->count; i++) {
    GsDecimal value = gs_decimal_parse(cells[i].text, cells[i].length, '.');
    if (value.state != GS_DECIMAL_NUMBER) {
      g_autofree char *shown = gs_shown(cells[i].text, cells[i].length);
      return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                           "found %s in *Matrix; must be a number", shown);
    }
    if (value.digits == 0)
      continue;
    uint32_t link = gs_draft_link(pajek->draft, pajek->matrix_row, i, pajek->cells.line);
    if (value.digits != 1 || value.exponent != 0)
      say(pajek, GS_OF_LINKS, pajek->weight, link, &cells[i]);
  }
  pajek->matrix_row++;
  return true;
}

static bool read_line(Pajek *pajek) {
  switch (pajek->section) {
  case VERTICES:
    return read_vertex(pajek);
  case ARCS:
    gs_draft_set_directed(pajek->draft);
    return read_link(pajek);
  case EDGES:
    return read_link(pajek);
  case ARCS_LISTS:
    gs_draft_set_directed(pajek->draft);
    return read_list(pajek);
  case EDGES_LISTS:
    return read_list(pajek);
  case MATRIX:
    gs_draft_set_directed(pajek->draft);
    return read_matrix_row(pajek);
  case SKIPPED:
    gs_occurs(&pajek->skipped, pajek->cells.line);
    return true;
  default:
    return wrong_row(pajek, "*Vertices and their number first");
  }
}

static bool read_lines(Pajek *pajek) {
  const char *problem = NULL;
  char second;
  while (true) {
    if (gs_cells_peek(&pajek->cells, &second) == '%') {
      gs_cells_skip_line(&pajek->cells);
      continue;
    }
    if (!gs_cells_next(&pajek->cells, &problem))
      break;
    const GsCell *first = &pajek->cells.cells[0];
    bool opens = !first->quoted && first->length > 0 && first->text[0] == '*';
    if (!(opens ? open_section(pajek) : read_line(pajek)) ||
        !gs_draft_fits(pajek->draft, pajek->error))
      return false;
  }
  if (problem)
    return gs_read_wrong(pajek->draft, pajek->cells.line, pajek->error,
                         "found %s; labels must be in double quotes", problem);
  if (pajek->section == MATRIX && pajek->matrix_row < pajek->count)
    return gs_read_wrong(pajek->draft, 0, pajek->error,
                         "has %u rows in *Matrix; must have %u: it may be cut off",
                         pajek->matrix_row, pajek->count);
  return pajek->has_vertices || gs_read_wrong(pajek->draft, 0, pajek->error, "has no *Vertices");
}

static void open_columns(Pajek *pajek) {
  GsDraft *draft = pajek->draft;
  pajek->label = gs_draft_column(draft, GS_OF_NODES, "label", GS_ROLE_BY_NAME);
  pajek->x = gs_draft_column(draft, GS_OF_NODES, "x", GS_ROLE_X);
  pajek->y = gs_draft_column(draft, GS_OF_NODES, "y", GS_ROLE_DOWN_Y);
  pajek->z = gs_draft_column(draft, GS_OF_NODES, "z", GS_ROLE_UNUSED);
  pajek->shape = gs_draft_column(draft, GS_OF_NODES, "how it is drawn", GS_ROLE_UNUSED);
  pajek->weight = gs_draft_column(draft, GS_OF_LINKS, "weight", GS_ROLE_UNUSED);
  pajek->more = gs_draft_column(draft, GS_OF_LINKS, "how it is drawn", GS_ROLE_UNUSED);
}

bool gs_read_pajek(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                   GError **error) {
  (void)import;
  Pajek pajek = {.draft = draft, .error = error};
  open_columns(&pajek);
  gs_cells_init(&pajek.cells, text, length, GS_CELLS_BLANKS);
  bool ok = read_lines(&pajek);
  if (ok) {
    gs_draft_note(draft, "not-used", pajek.skipped,
                  "a line of a section that says no network is left out",
                  "%s lines of sections that say no network are left out");
    gs_draft_note(draft, "not-used", pajek.two_mode,
                  "the network has two kinds of vertices, which are not told apart here", NULL);
  }
  gs_cells_clear(&pajek.cells);
  g_free(pajek.listed);
  return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/cells.h"

#include <string.h>

void gs_cells_init(GsCells *cells, const char *text, gsize length, char separator) {
  static const char bom[] = "\xef\xbb\xbf";
  gsize skipped = length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0 ? strlen(bom) : 0;
  *cells =
      (GsCells){.separator = separator, .at = text + skipped, .end = text + length, .next_line = 1};
}

void gs_cells_clear(GsCells *cells) {
  g_free(cells->cells);
  if (cells->unquoted)
    g_string_free(cells->unquoted, TRUE);
  *cells = (GsCells){0};
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static bool ends_line(char c) {
  return c == '\n' || c == '\r';
}

/** What is skipped around cells: a tab that separates them is not. */
static void skip_blanks(GsCells *cells) {
  while (cells->at < cells->end && is_blank(*cells->at) && *cells->at != cells->separator)
    cells->at++;
  if (cells->separator == GS_CELLS_BLANKS)
    while (cells->at < cells->end && is_blank(*cells->at))
      cells->at++;
}

/** Over the end of a line, if one is there. */
static void skip_line_end(GsCells *cells) {
  if (cells->at == cells->end)
    return;
  char first = *cells->at++;
  if (first == '\r' && cells->at < cells->end && *cells->at == '\n')
    cells->at++;
  cells->next_line++;
}

/** Behind the opening quote; false: it is not closed. */
static bool take_quoted(GsCells *cells, GsCell *cell) {
  cell->text = cells->at;
  cell->quoted = true;
  for (; cells->at < cells->end; cells->at++) {
    if (*cells->at == '\n' ||
        (*cells->at == '\r' && (cells->at + 1 == cells->end || cells->at[1] != '\n')))
      cells->next_line++;
    if (*cells->at != '"')
      continue;
    if (cells->at + 1 < cells->end && cells->at[1] == '"') {
      cell->doubled = true;
      cells->at++;
      continue;
    }
    cell->length = (uint32_t)(cells->at++ - cell->text);
    return true;
  }
  return false;
}

static void take_plain(GsCells *cells, GsCell *cell) {
  const char *at = cells->at, *end = cells->end;
  cell->text = at;
  if (cells->separator == GS_CELLS_BLANKS)
    while (at < end && !is_blank(*at) && !ends_line(*at))
      at++;
  else
    while (at < end && *at != cells->separator && !ends_line(*at))
      at++;
  cells->at = at;
  while (at > cell->text && is_blank(at[-1]))
    at--;
  cell->length = (uint32_t)(at - cell->text);
}

static GsCell *add_cell(GsCells *cells) {
  if (cells->count == cells->room) {
    cells->room = MAX(2 * cells->room, 16);
    cells->cells = g_renew(GsCell, cells->cells, cells->room);
  }
  GsCell *cell = &cells->cells[cells->count++];
  *cell = (GsCell){0};
  return cell;
}

/** Doubled quotes become one; the texts lie one behind the other, together shorter than the row. */
static void undouble(GsCells *cells) {
  if (!cells->unquoted)
    cells->unquoted = g_string_new(NULL);
  g_string_set_size(cells->unquoted, cells->row_length);
  char *to = cells->unquoted->str;
  for (guint i = 0; i < cells->count; i++) {
    GsCell *cell = &cells->cells[i];
    if (!cell->doubled)
      continue;
    char *start = to;
    for (uint32_t k = 0; k < cell->length; k++) {
      *to++ = cell->text[k];
      k += cell->text[k] == '"';
    }
    cell->text = start;
    cell->length = (uint32_t)(to - start);
  }
}

/** One cell, and what separates it from the next. `*more`: there is a next. */
static bool take_cell(GsCells *cells, bool *doubled, bool *more, const char **problem) {
  GsCell *cell = add_cell(cells);
  if (cells->at < cells->end && *cells->at == '"') {
    cells->at++;
    if (!take_quoted(cells, cell)) {
      *problem = "a quote that is not closed";
      return false;
    }
    *doubled = *doubled || cell->doubled;
  } else {
    take_plain(cells, cell);
  }
  const char *behind = cells->at;
  skip_blanks(cells);
  bool at_end = cells->at == cells->end || ends_line(*cells->at);
  bool blanks = cells->separator == GS_CELLS_BLANKS;
  *more = !at_end && (blanks ? cells->at > behind : *cells->at == cells->separator);
  if (!at_end && !*more)
    *problem = "text behind a closing quote";
  else if (*more && cells->count == GS_CELLS_MAX)
    *problem = "more than 4194304 cells";
  if (*more && !blanks) {
    cells->at++;
    skip_blanks(cells);
  }
  return !*problem;
}

/** To the first line that has more than blanks; false: there is none. */
static bool find_row(GsCells *cells) {
  while (cells->at < cells->end) {
    const char *start = cells->at;
    while (cells->at < cells->end && is_blank(*cells->at))
      cells->at++;
    if (cells->at < cells->end && !ends_line(*cells->at)) {
      /* A tab at the beginning is an empty cell where tabs separate. */
      cells->at = start;
      skip_blanks(cells);
      return true;
    }
    skip_line_end(cells);
  }
  return false;
}

bool gs_cells_next(GsCells *cells, const char **problem) {
  *problem = NULL;
  if (!find_row(cells))
    return false;
  cells->count = 0;
  cells->line = cells->next_line;
  cells->row = cells->at;
  bool more = true, doubled = false;
  while (more)
    if (!take_cell(cells, &doubled, &more, problem))
      return false;
  cells->row_length = (gsize)(cells->at - cells->row);
  skip_line_end(cells);
  if (doubled)
    undouble(cells);
  return true;
}

char gs_cells_peek(GsCells *cells, char *second) {
  *second = '\0';
  if (!find_row(cells))
    return '\0';
  if (cells->at + 1 < cells->end && !ends_line(cells->at[1]))
    *second = cells->at[1];
  return *cells->at;
}

void gs_cells_skip_line(GsCells *cells) {
  while (cells->at < cells->end && !ends_line(*cells->at))
    cells->at++;
  skip_line_end(cells);
}

bool gs_cell_is(const GsCell *cell, const char *text) {
  return strlen(text) == cell->length && g_ascii_strncasecmp(cell->text, text, cell->length) == 0;
}

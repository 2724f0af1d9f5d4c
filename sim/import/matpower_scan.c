/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/matpower_scan.h"

#include <string.h>

static bool is_word_byte(char byte) {
  return g_ascii_isalnum(byte) || byte == '_';
}

/** Behind these a quote turns a matrix around; elsewhere it begins a string. */
static bool quote_turns(const char *start, const char *at) {
  return at > start && (is_word_byte(at[-1]) || strchr(")]}'.", at[-1]) != NULL);
}

/** Behind a string that begins at `at`; NULL: the line ends in it. */
static const char *skip_string(const char *at, const char *end) {
  char quote = *at++;
  for (; at < end && *at != '\n'; at++) {
    if (*at != quote)
      continue;
    if (at + 1 < end && at[1] == quote)
      at++;
    else
      return at + 1;
  }
  return NULL;
}

static bool starts_with(const char *at, const char *end, const char *word) {
  gsize length = strlen(word);
  return (gsize)(end - at) >= length && memcmp(at, word, length) == 0;
}

/** The end of the line, where its newline is. */
static const char *line_end(const char *at, const char *end) {
  const char *newline = memchr(at, '\n', (gsize)(end - at));
  return newline ? newline : end;
}

/** Whether the line holds nothing but this mark of a block of comments. */
static bool is_block_mark(const char *line, const char *end, const char *mark) {
  const char *last = line_end(line, end);
  while (line < last && g_ascii_isspace(*line))
    line++;
  if (!starts_with(line, last, mark))
    return false;
  for (line += 2; line < last; line++)
    if (!g_ascii_isspace(*line))
      return false;
  return true;
}

/** From the line of "%{" to behind that of its "%}"; blocks may be in blocks. */
static const char *skip_block(const char *at, const char *end, guint64 *line) {
  for (guint depth = 0; at < end;) {
    depth += is_block_mark(at, end, "%{");
    depth -= is_block_mark(at, end, "%}");
    at = line_end(at, end);
    if (depth == 0)
      return at;
    if (at < end) {
      at++;
      (*line)++;
    }
  }
  return at;
}

/** Past blanks, empty statements and comments. */
static void skip_to_statement(GsMatlab *matlab) {
  bool begins_line = matlab->at == matlab->start || matlab->at[-1] == '\n';
  while (matlab->at < matlab->end) {
    char byte = *matlab->at;
    if (byte == '%' || byte == '#') {
      matlab->at = begins_line && is_block_mark(matlab->at, matlab->end, "%{")
                       ? skip_block(matlab->at, matlab->end, &matlab->line)
                       : line_end(matlab->at, matlab->end);
    } else if (starts_with(matlab->at, matlab->end, "...")) {
      matlab->at = line_end(matlab->at, matlab->end);
    } else if (g_ascii_isspace(byte) || byte == ';' || byte == ',') {
      matlab->line += byte == '\n';
      begins_line |= byte == '\n';
      matlab->at++;
    } else {
      return;
    }
  }
}

/** Whether a "=" at this place sets something, and does not compare. */
static bool sets(const char *start, const char *at, const char *end) {
  return (at + 1 >= end || at[1] != '=') && (at == start || !strchr("=~!<>", at[-1]));
}

/** Counts what opens and closes parts that may not be done. */
static void count_depth(GsMatlab *matlab, const GsStatement *statement) {
  static const char *const opens[] = {"for", "if", "while", "switch", "try", "parfor"};
  const char *text = statement->left ? statement->left : statement->right;
  gsize length = 0, all = statement->left ? statement->left_length : statement->right_length;
  while (length < all && is_word_byte(text[length]))
    length++;
  for (guint i = 0; i < G_N_ELEMENTS(opens); i++)
    if (length == strlen(opens[i]) && memcmp(text, opens[i], length) == 0)
      matlab->depth++;
  bool closes = (length == 3 && memcmp(text, "end", 3) == 0) ||
                (length > 3 && length == all && memcmp(text, "end", 3) == 0);
  if (closes && matlab->depth > 0)
    matlab->depth--;
}

/** Where a statement ends, and its "=" (NULL: none). */
static const char *find_end(GsMatlab *matlab, const char **equals, guint64 *equals_line,
                            const char **problem) {
  const char *start = matlab->at, *at = start, *end = matlab->end;
  gint64 depth = 0;
  *equals = NULL;
  while (at < end) {
    char byte = *at;
    if ((byte == '\'' && !quote_turns(start, at)) || byte == '"') {
      at = skip_string(at, end);
      if (!at) {
        *problem = "a string does not end on its line";
        return NULL;
      }
      continue;
    }
    bool is_comment = byte == '%' || byte == '#';
    if (depth == 0 && is_comment)
      return at;
    if (is_comment) {
      at = line_end(at, end);
      continue;
    }
    if (starts_with(at, end, "...")) {
      at = line_end(at, end);
      matlab->line += at < end;
      at += at < end;
      continue;
    }
    if (depth == 0 && (byte == '\n' || byte == ';' || byte == ','))
      return at;
    depth += strchr("([{", byte) && byte ? 1 : strchr(")]}", byte) && byte ? -1 : 0;
    if (byte == '\n')
      matlab->line++;
    if (byte == '=' && depth == 0 && !*equals && sets(start, at, end)) {
      *equals = at;
      *equals_line = matlab->line;
    }
    at++;
  }
  if (depth > 0)
    *problem = "a bracket is not closed";
  return depth > 0 ? NULL : at;
}

static void trim(const char **text, gsize *length) {
  while (*length > 0 && g_ascii_isspace(**text)) {
    (*text)++;
    (*length)--;
  }
  while (*length > 0 && g_ascii_isspace((*text)[*length - 1]))
    (*length)--;
}

bool gs_matlab_next(GsMatlab *matlab, GsStatement *statement, const char **problem) {
  *problem = NULL;
  skip_to_statement(matlab);
  if (matlab->at >= matlab->end)
    return false;
  *statement = (GsStatement){.line = matlab->line, .conditional = matlab->depth > 0};
  const char *start = matlab->at, *equals;
  guint64 equals_line = 0;
  const char *end = find_end(matlab, &equals, &equals_line, problem);
  if (!end) {
    matlab->line = statement->line;
    return false;
  }
  matlab->at = end;
  statement->right = equals ? equals + 1 : start;
  statement->right_length = (gsize)(end - statement->right);
  statement->right_line = equals ? equals_line : statement->line;
  if (equals) {
    statement->left = start;
    statement->left_length = (gsize)(equals - start);
    trim(&statement->left, &statement->left_length);
  }
  const char *before = statement->right;
  trim(&statement->right, &statement->right_length);
  for (; before < statement->right; before++)
    statement->right_line += *before == '\n';
  count_depth(matlab, statement);
  return true;
}

/* ---- Rows ---- */

bool gs_matlab_open(const GsStatement *statement, char bracket, GsMatlabRows *rows) {
  char closes = bracket == '[' ? ']' : '}';
  const char *text = statement->right;
  gsize length = statement->right_length;
  if (length < 2 || text[0] != bracket || text[length - 1] != closes)
    return false;
  *rows = (GsMatlabRows){.at = text + 1, .end = text + length - 1, .line = statement->right_line};
  return true;
}

/** Past what parts cells and says nothing; true: a row ends here. */
static bool skip_gap(GsMatlabRows *rows) {
  while (rows->at < rows->end) {
    char byte = *rows->at;
    if (byte == '%' || byte == '#') {
      rows->at = line_end(rows->at, rows->end);
    } else if (starts_with(rows->at, rows->end, "...")) {
      rows->at = line_end(rows->at, rows->end);
      rows->line += rows->at < rows->end;
      rows->at += rows->at < rows->end;
    } else if (byte == ';' || byte == '\n') {
      rows->line += byte == '\n';
      rows->at++;
      return true;
    } else if (g_ascii_isspace(byte) || byte == ',') {
      rows->at++;
    } else {
      return false;
    }
  }
  return true;
}

static GsMatlabCell take_cell(GsMatlabRows *rows) {
  const char *start = rows->at;
  if (*start == '\'' || *start == '"') {
    const char *end = skip_string(start, rows->end);
    rows->at = end ? end : rows->end;
    return (GsMatlabCell){
        .text = start + 1, .length = (gsize)(rows->at - start) - (end ? 2 : 1), .quote = *start};
  }
  while (rows->at < rows->end && !g_ascii_isspace(*rows->at) && !strchr(",;%#", *rows->at))
    rows->at++;
  return (GsMatlabCell){.text = start, .length = (gsize)(rows->at - start)};
}

bool gs_matlab_row(GsMatlabRows *rows, GsMatlabCell *cells, guint room, guint *count,
                   guint64 *line) {
  *count = 0;
  while (rows->at < rows->end) {
    if (skip_gap(rows)) {
      if (*count > 0)
        return true;
      continue;
    }
    if (*count == 0)
      *line = rows->line;
    GsMatlabCell cell = take_cell(rows);
    if (*count < room)
      cells[*count] = cell;
    (*count)++;
  }
  return *count > 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/decimal.h"
#include "sim/import/draft_ids.h"
#include "sim/import/table_parts.h"

/** Squares of more numbers are matrices; of fewer their values are looked at. */
#define MATRIX_MAX 1024

/* Lists without a line that names the columns: what their further words are. */

/** The row's cells without empty ones behind the last word. */
static guint words_of(const GsSheetRow *row) {
  guint count = row->count;
  while (count > 0 && row->cells.cells[count - 1].length == 0)
    count--;
  return count;
}

static char *text_of(const GsCell *cell) {
  return g_strndup(cell->text, cell->length);
}

/** Adds the cell's text; whether it is new. */
static bool add_name(GsDraftIds *names, const GsCell *cell) {
  guint before = names->ids->len;
  gs_draft_ids_add(names, cell->text, cell->length);
  return names->ids->len > before;
}

static bool has_name(const GsDraftIds *names, const char *text, gsize length) {
  uint32_t number;
  return gs_draft_ids_find(names, text, length, &number);
}

/* ---- Counts in the first line ---- */

typedef struct {
  guint64 rows;     /**< behind the first */
  GsDraftIds names; /**< of the ends in them */
} Rest;

/** The rows behind the first; false: one cannot be read. */
static bool see_rest(GsSheet *table, GsSheetRow *row, Rest *rest, GError **error) {
  bool failed;
  while (gs_sheet_next(table, row, &failed, error)) {
    rest->rows++;
    for (guint i = 0; i < MIN(row->count, 2); i++)
      if (row->cells.cells[i].length > 0)
        add_name(&rest->names, &row->cells.cells[i]);
  }
  return !failed;
}

/** Whether it may be the number of links: of the lines behind, of which some may be comments. */
static bool may_count(const GsSheet *table, const GsSheetRow *row, guint64 counts[3]) {
  guint words = words_of(row);
  if (words == 0 || words > 3)
    return false;
  for (guint i = 0; i < words; i++)
    if (!gs_cell_is_count(&row->cells.cells[i], &counts[i]))
      return false;
  return words == 1 || counts[words - 1] + 1 >= table->survey.rows;
}

/** Whether they are counts beyond doubt; `*maybe`: they may be. */
static bool are_counts(guint words, const guint64 counts[3], const Rest *rest, bool known,
                       bool *maybe) {
  guint nodes = rest->names.ids->len;
  *maybe = false;
  if (rest->rows == 0)
    return false;
  if (words == 1)
    return counts[0] == nodes || counts[0] == rest->rows;
  if (counts[words - 1] != rest->rows)
    return false;
  if (words == 3 && counts[0] == counts[1])
    return true;
  *maybe = counts[0] >= nodes || (words == 3 && counts[0] + counts[1] >= nodes);
  return counts[0] == nodes && !known;
}

bool gs_sheet_find_counts(GsSheet *table, bool *counts, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed, maybe = false;
  guint64 found[3] = {0};
  *counts = false;
  gs_sheet_rewind(table, &row);
  if (!gs_sheet_next(table, &row, &failed, error))
    return !failed;
  if (!may_count(table, &row, found))
    return true;
  guint words = words_of(&row);
  g_autofree char *shown = gs_sheet_shown(&row);
  g_autofree char *one = text_of(&row.cells.cells[0]);
  g_autofree char *two = text_of(&row.cells.cells[words - 1]);
  guint64 line = row.cells.line;
  Rest rest = {0};
  gs_draft_ids_init(&rest.names);
  bool seen = see_rest(table, &row, &rest, error);
  bool known = has_name(&rest.names, one, strlen(one)) && has_name(&rest.names, two, strlen(two));
  *counts = are_counts(words, found, &rest, known, &maybe);
  gs_draft_ids_clear(&rest.names);
  if (!seen)
    return false;
  return *counts || !maybe ||
         gs_sheet_wrong(table, line, error,
                        "found %s, and %" G_GUINT64_FORMAT
                        " lines behind it: it counts nodes and links, or is a link of \"%s\" and "
                        "\"%s\"; take the line out, or put double quotes round the names",
                        shown, rest.rows, one, words == 3 ? "\u2026" : two);
}

/* ---- What the words are ---- */

/** What all rows have in common. */
typedef struct {
  guint64 rows;
  guint fewest, most;
  bool ends_numbers;    /**< all ends are numbers, */
  bool further_numbers; /**< and all words behind them, */
  bool further_whole;   /**< which are whole */
  bool braced;
  bool colons;   /**< all first words end in a colon, */
  bool parted;   /**< or have one with a blank behind it: "1: 2, 3" */
  bool distinct; /**< all first words differ */
  GsSheetLine first, longer;
  GsDraftIds firsts;
} Words;

/** "1: 2" of "1: 2, 3", where commas separate. */
static bool is_parted(const GsCell *cell) {
  const char *colon = cell->quoted ? NULL : memchr(cell->text, ':', cell->length);
  return colon && colon > cell->text && colon + 1 < cell->text + cell->length &&
         g_ascii_isspace(colon[1]);
}

static void see_words(Words *words, const GsSheetRow *row) {
  guint count = words_of(row);
  const GsCell *cells = row->cells.cells;
  if (count == 0)
    return;
  words->rows++;
  words->fewest = MIN(words->fewest, count);
  words->most = MAX(words->most, count);
  words->braced = words->braced || row->braced;
  words->colons = words->colons && !cells[0].quoted && cells[0].length > 1 &&
                  cells[0].text[cells[0].length - 1] == ':';
  words->parted = words->parted && is_parted(&cells[0]);
  if (!words->first.text)
    words->first = (GsSheetLine){
        .text = row->cells.row, .length = row->cells.row_length, .line = row->cells.line};
  for (guint i = 0; i < MIN(count, 2); i++)
    words->ends_numbers = words->ends_numbers && gs_cell_is_number(&cells[i]);
  for (guint i = 2; i < count && words->further_numbers; i++) {
    guint64 whole;
    words->further_numbers = gs_cell_is_number(&cells[i]);
    words->further_whole = words->further_whole && gs_cell_is_count(&cells[i], &whole);
  }
  if (words->distinct)
    words->distinct = add_name(&words->firsts, &cells[0]);
  if (count >= 3 && !words->longer.text)
    words->longer = (GsSheetLine){
        .text = row->cells.row, .length = row->cells.row_length, .line = row->cells.line};
}

/** To the first row that is looked at. */
static bool open_rows(GsSheet *table, GsSheetRow *row, bool skip_first, bool *failed,
                      GError **error) {
  gs_sheet_rewind(table, row);
  *failed = false;
  return !skip_first || gs_sheet_next(table, row, failed, error);
}

/** Whether each word is the first of a line: so nodes and their neighbours are listed. */
static bool is_closed(GsSheet *table, const Words *words, bool skip_first, bool *closed,
                      GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed = false;
  *closed = words->distinct;
  if (!*closed || !open_rows(table, &row, skip_first, &failed, error))
    return !failed;
  while (*closed && gs_sheet_next(table, &row, &failed, error))
    for (guint i = 1; i < words_of(&row) && *closed; i++)
      *closed = row.cells.cells[i].length == 0 ||
                has_name(&words->firsts, row.cells.cells[i].text, row.cells.cells[i].length);
  return !failed;
}

/** As many columns as rows, of numbers: the matrix is symmetric, or of zeros and ones. */
static bool is_matrix(GsSheet *table, const Words *words, bool skip_first, bool *matrix,
                      GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed = false, binary = true, symmetric = true;
  *matrix = words->fewest == words->most && words->rows == words->most && words->ends_numbers &&
            words->further_numbers;
  if (!*matrix || words->most > MATRIX_MAX || !open_rows(table, &row, skip_first, &failed, error))
    return !failed;
  guint size = words->most;
  g_autofree double *values = g_new0(double, (gsize)size *size);
  for (guint r = 0; r < size && gs_sheet_next(table, &row, &failed, error);)
    if (words_of(&row) == size) {
      for (guint c = 0; c < size; c++) {
        g_autofree char *text = text_of(&row.cells.cells[c]);
        double value = g_ascii_strtod(text, NULL);
        values[(gsize)r * size + c] = value;
        binary = binary && (value == 0 || value == 1);
      }
      r++;
    }
  for (guint r = 0; r < size; r++)
    for (guint c = 0; c < r; c++)
      symmetric = symmetric && !(values[(gsize)r * size + c] < values[(gsize)c * size + r]) &&
                  !(values[(gsize)r * size + c] > values[(gsize)c * size + r]);
  *matrix = binary || symmetric;
  return !failed;
}

static bool ask(const GsSheet *table, const Words *words, GError **error) {
  g_autofree char *shown = gs_shown(words->longer.text, words->longer.length);
  return gs_sheet_wrong(table, words->longer.line, error,
                        "found %s: a node and its neighbours, or the two ends of a link and what "
                        "else is said of it; say \"format\": \"adjacency\" or \"edges\"",
                        shown);
}

static bool ask_parted(const GsSheet *table, const Words *words, GError **error) {
  g_autofree char *shown = gs_shown(words->first.text, words->first.length);
  return gs_sheet_wrong(table, words->first.line, error,
                        "found %s: a node and its neighbours, or names with a colon in them; put "
                        "blanks alone between neighbours, or say \"format\": \"edges\"",
                        shown);
}

static bool decide(GsSheet *table, const Words *words, bool skip_first, GsListKind *kind,
                   GError **error) {
  bool closed, matrix;
  if (words->parted && words->rows > 0)
    return ask_parted(table, words, error);
  if (words->colons)
    *kind = GS_LIST_ADJACENCY;
  if (words->colons || words->most < 3 || words->braced)
    return true;
  if (!is_matrix(table, words, skip_first, &matrix, error))
    return false;
  if (matrix)
    return gs_sheet_wrong(
        table, words->longer.line, error,
        "is a matrix of %u rows and columns of numbers, which is not read: a list "
        "of links, or Matrix Market, says it; or say \"format\": \"edges\" if "
        "these are links with what else is said of them",
        words->most);
  if (words->further_numbers && (!words->ends_numbers || !words->further_whole))
    return true;
  if (!is_closed(table, words, skip_first, &closed, error))
    return false;
  bool even = words->fewest == words->most;
  *kind = closed && !even ? GS_LIST_ADJACENCY : GS_LIST_OF_LINKS;
  return closed != even || ask(table, words, error);
}

bool gs_sheet_find_kind(GsSheet *table, bool skip_first, GsListKind *kind, GError **error) {
  g_auto(GsSheetRow) row = {0};
  bool failed = false;
  *kind = GS_LIST_OF_LINKS;
  Words words = {.fewest = G_MAXUINT,
                 .ends_numbers = true,
                 .further_numbers = true,
                 .further_whole = true,
                 .colons = true,
                 .parted = true,
                 .distinct = true};
  if (!open_rows(table, &row, skip_first, &failed, error))
    return !failed;
  gs_draft_ids_init(&words.firsts);
  /* Nothing has to be found out of a list of two words a line. */
  bool open = true;
  while (open && gs_sheet_next(table, &row, &failed, error)) {
    see_words(&words, &row);
    open = table->survey.by[table->by].cells_max >= 3 || words.colons || words.parted;
  }
  bool ok = !open || (!failed && decide(table, &words, skip_first, kind, error));
  gs_draft_ids_clear(&words.firsts);
  return ok;
}

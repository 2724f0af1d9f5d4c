/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/table_parts.h"

const char gs_by_char[GS_BY] = {'\t', ';', ',', GS_CELLS_BLANKS};
/** "semicolons"; static. */
static const char *const by_name[GS_BY] = {"tabs", "semicolons", "commas", "blanks"};

/* ---- What is where ---- */

/** A line as it is gone through. */
typedef struct {
  guint separators[GS_BY]; /**< those outside of quotes; runs of blanks */
  bool commas_in_numbers, commas_late;
} Line;

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static bool separates(char c) {
  return is_blank(c) || c == ',' || c == ';';
}

/** Behind the closing quote, or the end. */
static const char *skip_quoted(const char *at, const char *end, guint64 *line) {
  for (at++; at < end; at++) {
    *line += *at == '\n';
    if (*at != '"')
      continue;
    if (at + 1 == end || at[1] != '"')
      return at + 1;
    at++;
  }
  return end;
}

/** Attributes in braces, or a comment behind words: what separates there separates no cells. */
static bool ends_cells(const Line *line, const char *at, const char *start) {
  if (at == start || !separates(at[-1]))
    return false;
  return *at == '{' || ((*at == '#' || *at == '%') && line->separators[GS_BY_TABS] == 0 &&
                        line->separators[GS_BY_SEMICOLONS] == 0 &&
                        line->separators[GS_BY_COMMAS] == 0 && line->separators[GS_BY_BLANKS] >= 2);
}

static void see_comma(Line *line, const char *at, const char *start, const char *end) {
  bool in_number = at > start && g_ascii_isdigit(at[-1]) && at + 1 < end && g_ascii_isdigit(at[1]);
  line->separators[GS_BY_COMMAS]++;
  line->commas_in_numbers = line->commas_in_numbers && in_number;
  line->commas_late = line->commas_late && line->separators[GS_BY_BLANKS] >= 2;
}

/** Goes through one line from `start`, where no blank is; gives its end. */
static const char *see_line(Line *line, const char *start, const char *end, guint64 *number) {
  const char *at = start;
  *line = (Line){.commas_in_numbers = true, .commas_late = true};
  while (at < end && *at != '\n' && *at != '\r') {
    if (*at == '"' && (at == start || separates(at[-1]))) {
      at = skip_quoted(at, end, number);
      continue;
    }
    if (ends_cells(line, at, start)) {
      while (at < end && *at != '\n' && *at != '\r')
        at++;
      break;
    }
    if (is_blank(*at)) {
      const char *run = at;
      for (; at < end && is_blank(*at); at++)
        line->separators[GS_BY_TABS] += *at == '\t';
      line->separators[GS_BY_BLANKS] += at < end && *at != '\n' && *at != '\r' && run > start;
      continue;
    }
    if (*at == ',')
      see_comma(line, at, start, end);
    line->separators[GS_BY_SEMICOLONS] += *at == ';';
    at++;
  }
  return at;
}

static void count_line(GsSurvey *survey, const Line *line, GsSheetLine shown) {
  bool any = false;
  survey->rows++;
  if (!survey->first.text)
    survey->first = shown;
  for (GsBy by = 0; by < GS_BY; by++)
    any = any || line->separators[by] > 0;
  for (GsBy by = 0; by < GS_BY; by++) {
    guint cells = line->separators[by] + 1;
    survey->by[by].rows += cells > 1;
    survey->by[by].cells_max = MAX(survey->by[by].cells_max, cells);
    if (cells == 1 && any && survey->by[by].gaps++ == 0)
      survey->by[by].gap = shown;
  }
  survey->commas_in_numbers = survey->commas_in_numbers && line->commas_in_numbers;
  survey->commas_late = survey->commas_late && line->commas_late;
}

bool gs_sheet_says_separator(const char *text, gsize length, GsBy *by) {
  static const char bom[] = "\xef\xbb\xbf", word[] = "sep=";
  bool marked = length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0;
  const char *at = text + (marked ? strlen(bom) : 0), *end = text + length;
  bool quoted = at < end && *at == '"';
  at += quoted;
  if ((gsize)(end - at) < strlen(word) + 1 + quoted ||
      g_ascii_strncasecmp(at, word, strlen(word)) != 0)
    return false;
  at += strlen(word);
  const char *rest = at + 1 + quoted;
  if ((quoted && at[1] != '"') || (rest < end && *rest != '\n' && *rest != '\r'))
    return false;
  for (*by = GS_BY_TABS; *by < GS_BY_BLANKS; (*by)++)
    if (*at == gs_by_char[*by])
      return true;
  return false;
}

static GsSurvey survey_of(const char *text, gsize length, bool hashes_too) {
  static const char bom[] = "\xef\xbb\xbf";
  const char *at = text, *end = text + length;
  GsSurvey survey = {.commas_in_numbers = true, .commas_late = true};
  guint64 number = 1;
  GsBy by;
  bool says = gs_sheet_says_separator(text, length, &by);
  if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
    at += strlen(bom);
  while (at < end) {
    const char *start = at;
    guint64 first = number;
    Line line;
    while (start < end && is_blank(*start))
      start++;
    at = see_line(&line, start, end, &number);
    /* A tab in front of all is an empty cell. */
    for (const char *blank = at; blank < start; blank++)
      line.separators[GS_BY_TABS] += *blank == '\t';
    bool comment = start < end && (*start == '#' || *start == '%') && !hashes_too;
    comment = comment || (says && first == 1);
    if (at > start && !comment)
      count_line(&survey, &line,
                 (GsSheetLine){.text = start, .length = (gsize)(at - start), .line = first});
    if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n')
      at++;
    if (at < end)
      at++, number++;
  }
  return survey;
}

GsSurvey gs_sheet_survey(const char *text, gsize length) {
  GsSurvey survey = survey_of(text, length, false);
  return survey.rows > 0 ? survey : survey_of(text, length, true);
}

/* ---- What separates cells ---- */

/** The first two cells of a line, as they are by that separator: "A" and "B,C". */
static char *two_cells(GsSheetLine line, GsBy by) {
  g_auto(GsCells) cells;
  const char *problem;
  gs_cells_init(&cells, line.text, line.length, gs_by_char[by]);
  if (!gs_cells_next(&cells, &problem))
    return g_strdup("?");
  g_autofree char *one = gs_shown(cells.cells[0].text, cells.cells[0].length);
  if (cells.count == 1)
    return g_strdup_printf("one cell %s", one);
  g_autofree char *two = gs_shown(cells.cells[1].text, cells.cells[1].length);
  return g_strdup_printf("%s and %s%s", one, two, cells.count > 2 ? ", \u2026" : "");
}

static bool ask(const GsSheet *table, GsSheetLine line, GsBy one, GsBy other, GError **error) {
  g_autofree char *by_one = two_cells(line, one);
  g_autofree char *by_other = two_cells(line, other);
  g_autofree char *shown = gs_shown(line.text, line.length);
  return gs_sheet_wrong(
      table, line.line, error,
      "found %s, which is %s where %s separate, and %s where %s do; must be the same in "
      "the whole file: names with blanks or separators in them must be in double quotes",
      shown, by_one, by_name[one], by_other, by_name[other]);
}

/** Whether the first row names the ends of links where this separates. */
static bool names_ends(const GsSheet *table, GsBy by) {
  GsSheetLine first = table->survey.first;
  g_auto(GsCells) cells;
  const char *problem;
  guint from, to;
  bool weak;
  gs_cells_init(&cells, first.text, first.length, gs_by_char[by]);
  if (!gs_cells_next(&cells, &problem))
    return false;
  const GsImportColumns *columns = table->columns;
  if (columns->from)
    return gs_cells_find(cells.cells, cells.count, columns->from) != GS_NO_COLUMN &&
           gs_cells_find(cells.cells, cells.count, columns->to) != GS_NO_COLUMN;
  return gs_sheet_ends(cells.cells, cells.count, &from, &to, &weak) > 0 && !weak;
}

/** Where commas separate in each line, and blanks too: they may be those of numbers. */
static bool commas_or_blanks(GsSheet *table, GError **error) {
  const GsSurvey *survey = &table->survey;
  bool numbers = survey->commas_in_numbers && survey->by[GS_BY_BLANKS].rows == survey->rows;
  table->by = numbers ? GS_BY_BLANKS : GS_BY_COMMAS;
  return !numbers || survey->commas_late ||
         ask(table, survey->first, GS_BY_COMMAS, GS_BY_BLANKS, error);
}

/** Nothing separates in all lines that have separators. */
static bool none_fits(GsSheet *table, bool named_csv, GError **error) {
  const GsSurvey *survey = &table->survey;
  GsBy most = GS_BY_TABS, gap_by = GS_BY_BLANKS;
  for (GsBy by = GS_BY_TABS; by < GS_BY_BLANKS; by++)
    if (survey->by[by].rows > survey->by[most].rows)
      most = by;
  table->by = most;
  GsSheetLine gap = survey->by[most].gap;
  /* In what is called CSV blanks separate nothing. */
  if (named_csv)
    return true;
  for (GsBy by = GS_BY_TABS; by < GS_BY_BLANKS; by++)
    if (memchr(gap.text, gs_by_char[by], gap.length))
      gap_by = by;
  return ask(table, gap, most, gap_by, error);
}

static bool by_what_fits(GsSheet *table, bool named_csv, GError **error) {
  const GsSurvey *survey = &table->survey;
  bool fits[GS_BY], any = false;
  for (GsBy by = 0; by < GS_BY; by++) {
    fits[by] = survey->by[by].rows > 0 && survey->by[by].gaps == 0;
    any = any || survey->by[by].rows > 0;
  }
  g_autofree char *shown = gs_shown(survey->first.text, survey->first.length);
  if (!any)
    return gs_sheet_wrong(table, survey->first.line, error,
                          "found %s, and no line has more than one name; links are two names in "
                          "a line, separated by commas, semicolons, tabs or blanks",
                          shown);
  if (fits[GS_BY_TABS]) {
    table->by = GS_BY_TABS;
    return true;
  }
  if (fits[GS_BY_SEMICOLONS] && fits[GS_BY_COMMAS]) {
    table->by = GS_BY_SEMICOLONS;
    return survey->commas_in_numbers ||
           ask(table, survey->first, GS_BY_SEMICOLONS, GS_BY_COMMAS, error);
  }
  if (fits[GS_BY_SEMICOLONS]) {
    table->by = GS_BY_SEMICOLONS;
    return true;
  }
  if (fits[GS_BY_COMMAS])
    return commas_or_blanks(table, error);
  bool strong = survey->by[GS_BY_TABS].rows + survey->by[GS_BY_SEMICOLONS].rows +
                    survey->by[GS_BY_COMMAS].rows >
                0;
  bool tabs_alone = survey->by[GS_BY_SEMICOLONS].rows + survey->by[GS_BY_COMMAS].rows == 0;
  table->by = GS_BY_BLANKS;
  /* Tabs are blanks where all lines have the same number of words. */
  if (!strong || (tabs_alone && fits[GS_BY_BLANKS] && survey->by[GS_BY_BLANKS].cells_max == 2) ||
      (fits[GS_BY_BLANKS] && survey->commas_in_numbers && survey->commas_late &&
       survey->by[GS_BY_SEMICOLONS].rows == 0))
    return true;
  return none_fits(table, named_csv, error);
}

bool gs_sheet_find_separator(GsSheet *table, bool named_csv, bool named_tsv, GError **error) {
  table->survey = gs_sheet_survey(table->text, table->length);
  if (!table->survey.first.text)
    return gs_sheet_wrong(table, 0, error, "has no nodes; must have at least one");
  if (gs_sheet_says_separator(table->text, table->length, &table->by) &&
      table->survey.by[table->by].rows > 0)
    return true;
  for (GsBy by = 0; by < GS_BY; by++) {
    table->by = by;
    if (table->survey.by[by].rows > 0 && names_ends(table, by))
      return true;
  }
  table->by = GS_BY_TABS;
  if (named_tsv && table->survey.by[GS_BY_TABS].rows > 0)
    return true;
  return by_what_fits(table, named_csv, error);
}

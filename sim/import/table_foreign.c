/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/draft_ids.h"
#include "sim/import/table_parts.h"

/* Lists whose lines are no links, and would be read as such without a word. */

/** A text that is gone through by lines and words. */
typedef struct {
  const char *at, *end;      /**< behind the line */
  const char *line, *finish; /**< the line, */
  const char *word;          /**< and a word of it */
  gsize length;
} Lines;

static bool is_end(char c) {
  return c == '\n' || c == '\r';
}

/** The next line that begins with none of the marks. */
static bool next_line(Lines *lines, const char *marks) {
  while (lines->at < lines->end) {
    lines->line = lines->at;
    while (lines->at < lines->end && !is_end(*lines->at))
      lines->at++;
    lines->finish = lines->at;
    if (lines->at < lines->end)
      lines->at += *lines->at == '\r' && lines->at + 1 < lines->end && lines->at[1] == '\n' ? 2 : 1;
    lines->word = lines->line;
    lines->length = 0;
    if (lines->line == lines->finish || !strchr(marks, *lines->line))
      return true;
  }
  return false;
}

static bool next_word(Lines *lines) {
  const char *at = lines->word + lines->length;
  while (at < lines->finish && (*at == ' ' || *at == '\t'))
    at++;
  lines->word = at;
  while (at < lines->finish && *at != ' ' && *at != '\t')
    at++;
  lines->length = (gsize)(at - lines->word);
  return lines->length > 0;
}

/** Whether the word is a whole number, of at most nine digits. */
static bool is_whole(const Lines *lines, guint64 *number) {
  *number = 0;
  for (gsize i = 0; i < lines->length; i++) {
    if (!g_ascii_isdigit(lines->word[i]) || i > 8)
      return false;
    *number = *number * 10 + (guint64)(lines->word[i] - '0');
  }
  return lines->length > 0;
}

/** The text need not end in NUL. */
static bool is_bits(const char *word, gsize length) {
  for (gsize i = 0; i < length; i++)
    if (word[i] != '0' && word[i] != '1')
      return false;
  return true;
}

/* ---- METIS ---- */

/** What the first line says: nodes and links, which weights there are, and how many a node has. */
typedef struct {
  guint64 nodes, links, ahead, step;
} Metis;

static bool read_metis_head(Lines *lines, Metis *metis) {
  guint64 weights = 1;
  if (!next_line(lines, "%") || !next_word(lines) || !is_whole(lines, &metis->nodes) ||
      !next_word(lines) || !is_whole(lines, &metis->links) || metis->links == 0)
    return false;
  metis->ahead = 0;
  metis->step = 1;
  if (!next_word(lines))
    return true;
  const char *format = lines->word;
  gsize length = lines->length;
  if (length > 3 || !is_bits(format, length))
    return false;
  if (next_word(lines) && (!is_whole(lines, &weights) || next_word(lines)))
    return false;
  metis->step += format[length - 1] == '1';
  metis->ahead = length > 1 && format[length - 2] == '1' ? weights : 0;
  metis->ahead += length > 2 && format[0] == '1';
  return true;
}

/** Differs for each pair, and adds up to nothing where each pair is there in both directions. */
static guint64 mixed(guint64 from, guint64 to) {
  guint64 x = from * 0x9e3779b97f4a7c15u ^ (to + 0x632be59bd9b4e019u) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 30)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/** Line v lists the neighbours of node v: as many lines and neighbours as the first line says, and
 * each neighbour lists the node, too. No list of links is so by chance. */
static bool is_metis(const char *text, gsize length) {
  Lines lines = {.at = text, .end = text + length};
  Metis metis;
  guint64 ends = 0, odd = 0, other;
  if (!read_metis_head(&lines, &metis))
    return false;
  for (guint64 node = 1; node <= metis.nodes; node++) {
    if (!next_line(&lines, "%"))
      return false;
    for (guint64 i = 0; next_word(&lines); i++) {
      if (i < metis.ahead || (i - metis.ahead) % metis.step != 0)
        continue;
      if (!is_whole(&lines, &other) || other < 1 || other > metis.nodes || other == node ||
          ++ends > 2 * metis.links)
        return false;
      odd += mixed(node, other) - mixed(other, node);
    }
  }
  while (next_line(&lines, "%"))
    if (next_word(&lines))
      return false;
  return ends == 2 * metis.links && odd == 0;
}

/* ---- Multiline adjacency lists ---- */

/** A node and how many neighbours it has, then each of these in a line of its own, alone or with
 * attributes in braces. */
static bool is_multiline(const char *text, gsize length) {
  Lines lines = {.at = text, .end = text + length};
  guint64 left = 0, neighbours = 0;
  while (next_line(&lines, "#")) {
    if (!next_word(&lines))
      continue;
    bool more = next_word(&lines);
    if (left > 0) {
      if (more && *lines.word != '{')
        return false;
      left--;
      neighbours++;
    } else if (!more || !is_whole(&lines, &left) || next_word(&lines)) {
      return false;
    }
  }
  return left == 0 && neighbours > 0;
}

/* ---- Trivial Graph Format ---- */

/** Nodes with their labels, a line that is "#" alone, then links between these nodes. */
static bool is_trivial(const char *text, gsize length) {
  Lines lines = {.at = text, .end = text + length};
  GsDraftIds nodes;
  bool links = false, labels = false, fits = true;
  uint32_t number;
  gs_draft_ids_init(&nodes);
  while (fits && next_line(&lines, "")) {
    if (!next_word(&lines))
      continue;
    if (lines.length == 1 && *lines.word == '#' && !links) {
      fits = nodes.ids->len > 0 && !next_word(&lines);
      links = true;
    } else if (links) {
      for (int i = 0; i < 2 && fits; i++)
        fits = (i == 0 || next_word(&lines)) &&
               gs_draft_ids_find(&nodes, lines.word, lines.length, &number);
    } else {
      fits = *lines.word != '#' &&
             gs_draft_ids_add(&nodes, lines.word, lines.length) + 1 == nodes.ids->len;
      labels = labels || next_word(&lines);
    }
  }
  gs_draft_ids_clear(&nodes);
  return fits && links && labels;
}

/* ---- The kinds ---- */

bool gs_sheet_is_foreign(const GsSheet *table, const char *path, GError **error) {
  static const char bom[] = "\xef\xbb\xbf";
  const char *text = table->text, *what = NULL;
  gsize length = table->length;
  g_autofree char *lower = g_ascii_strdown(path, -1);
  if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0) {
    text += strlen(bom);
    length -= strlen(bom);
  }
  if (is_metis(text, length))
    what = "a graph in METIS form";
  else if (is_multiline(text, length))
    what = "a multiline adjacency list";
  else if (is_trivial(text, length))
    what = "a graph in the Trivial Graph Format";
  else if (g_str_has_suffix(lower, ".lgl"))
    what = "a graph in LGL form";
  return what && !gs_sheet_wrong(table, 0, error,
                                 "is %s, which is not read; a program that knows it (networkx, "
                                 "igraph, Gephi) can write GraphML or GML; or say \"format\": "
                                 "\"edges\" if its lines are links",
                                 what);
}

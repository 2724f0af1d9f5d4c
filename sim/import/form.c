/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/form.h"

#include <string.h>

#include "sim/import/dot_scan.h"

/** Bytes of a text that are looked at. */
#define LOOKED_AT_MAX ((gsize)4096)

static const struct {
  const char *name, *title;
} formats[GS_GRAPH_FORMATS] = {
    [GS_GRAPH_AUTO] = {NULL, NULL},
    [GS_GRAPH_GRAPHML] = {"graphml", "GraphML"},
    [GS_GRAPH_GML] = {"gml", "GML"},
    [GS_GRAPH_TABLE] = {"edges", "a table or list of links"},
    [GS_GRAPH_MATRIX_MARKET] = {"matrix-market", "Matrix Market"},
    [GS_GRAPH_NODE_LINK] = {"node-link", "a node\u2013link document in JSON"},
    [GS_GRAPH_PAJEK] = {"pajek", "Pajek"},
    [GS_GRAPH_MATPOWER] = {"matpower", "a MATPOWER case"},
    [GS_GRAPH_ADJACENCY] = {"adjacency", "an adjacency list"},
    [GS_GRAPH_DOT] = {"dot", "DOT"},
};

const char *gs_graph_format_name(GsGraphFormat format) {
  return formats[format].name;
}

const char *gs_graph_format_title(GsGraphFormat format) {
  return formats[format].title;
}

/* ---- By content ---- */

/** What a text is told by: words near its beginning, in small letters. */
typedef struct {
  const char *starts; /**< what it begins with behind blanks */
  const char *holds;  /**< what is somewhere in its beginning, too; NULL: need not be */
  GsForm form;
} Mark;

#define READ(number, text)                                                                         \
  { .format = (number), .what = (text) }
#define REFUSED(text, advice)                                                                      \
  { .what = (text), .how = (advice) }

#define CONVERT                                                                                    \
  "it is not read; a program that knows it (networkx, igraph, Gephi) can write GraphML or GML"
#define UTF_16 "convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"
#define FETCH "get the file itself"

/** The first that fits. */
static const Mark marks[] = {
    {"\x1f\x8b", NULL, REFUSED("packed with gzip twice", "unpack it first (gunzip)")},
    {"pk\x03\x04", NULL, REFUSED("a ZIP archive", "unpack it first (unzip)")},
    {"bzh", NULL, REFUSED("packed with bzip2", "unpack it first (bunzip2)")},
    {"\xfd"
     "7zxz",
     NULL, REFUSED("packed with xz", "unpack it first (unxz)")},
    {"\x28\xb5\x2f\xfd", NULL, REFUSED("packed with zstd", "unpack it first (unzstd)")},
    {"%pdf-", NULL, REFUSED("a PDF document", FETCH)},
    {"\xff\xfe", NULL, REFUSED("text in UTF-16", UTF_16)},
    {"\xfe\xff", NULL, REFUSED("text in UTF-16", UTF_16)},
    {"<", "<graphml", READ(GS_GRAPH_GRAPHML, "a graph in GraphML")},
    {"<", ":graphml", READ(GS_GRAPH_GRAPHML, "a graph in GraphML")},
    {"<", "<gexf", REFUSED("a graph in GEXF", CONVERT)},
    {"<", "<html", REFUSED("an HTML page", FETCH)},
    {"<", "<!doctype html", REFUSED("an HTML page", FETCH)},
    {"<", NULL, REFUSED("XML of another kind than GraphML", CONVERT)},
    {"version https://git-lfs", NULL,
     REFUSED("a pointer of Git LFS", "get the file itself (git lfs pull)")},
    {"not found", NULL, REFUSED("the answer of a server that had no such file", FETCH)},
    {"404: not found", NULL, REFUSED("the answer of a server that had no such file", FETCH)},
    {"404 not found", NULL, REFUSED("the answer of a server that had no such file", FETCH)},
    {"%%matrixmarket", NULL, READ(GS_GRAPH_MATRIX_MARKET, "a graph in Matrix Market form")},
    {"*vertices", NULL, READ(GS_GRAPH_PAJEK, "a graph in Pajek form")},
    {"*network", NULL, READ(GS_GRAPH_PAJEK, "a graph in Pajek form")},
    {"*partition", "*network", READ(GS_GRAPH_PAJEK, "a graph in Pajek form")},
    {"*vector", "*network", READ(GS_GRAPH_PAJEK, "a graph in Pajek form")},
    {"%", "*vertices", READ(GS_GRAPH_PAJEK, "a graph in Pajek form")},
    {"p edge ", NULL, REFUSED("a graph in DIMACS form", CONVERT)},
    {"p col ", NULL, REFUSED("a graph in DIMACS form", CONVERT)},
    {"p sp ", NULL, REFUSED("a graph in DIMACS form", CONVERT)},
    {"c ", "\np edge ", REFUSED("a graph in DIMACS form", CONVERT)},
    {"c ", "\np col ", REFUSED("a graph in DIMACS form", CONVERT)},
    {"c ", "\np sp ", REFUSED("a graph in DIMACS form", CONVERT)},
    {"c\n", "\np ", REFUSED("a graph in DIMACS form", CONVERT)},
    {"dl ", "n", REFUSED("a graph in UCINET's DL form", CONVERT)},
    {"dl\n", "n", REFUSED("a graph in UCINET's DL form", CONVERT)},
    {"nodedef>", NULL, REFUSED("a graph in GDF", CONVERT)},
    {"edgedef>", NULL, REFUSED("a graph in GDF", CONVERT)},
    {"#!", NULL, REFUSED("a script", FETCH)},
    {">>graph6<<", NULL, REFUSED("a graph in graph6 form", CONVERT)},
    {">>digraph6<<", NULL, REFUSED("a graph in digraph6 form", CONVERT)},
    {">>sparse6<<", NULL, REFUSED("a graph in sparse6 form", CONVERT)},
    {"[", "{",
     REFUSED("an array in JSON", "a graph in JSON is an object that has \"nodes\" and \"links\"")},
    {"{", NULL, READ(GS_GRAPH_NODE_LINK, "a document in JSON")},
};

static bool fits(const Mark *mark, const char *beginning) {
  return g_str_has_prefix(beginning, mark->starts) &&
         (!mark->holds || strstr(beginning, mark->holds));
}

/** Whether the word stands there alone. */
static bool is_word(const char *at, const char *word) {
  gsize length = strlen(word);
  return strncmp(at, word, length) == 0 && !g_ascii_isalnum(at[length]) && at[length] != '_';
}

/** GML: keys with values, of which one is a graph in brackets; # begins a comment. */
static bool is_gml(const char *beginning) {
  const char *at = beginning;
  while (*at) {
    at += strspn(at, " \t\r\n");
    if (*at == '#') {
      at += strcspn(at, "\n");
      continue;
    }
    if (is_word(at, "graph")) {
      at += strlen("graph");
      at += strspn(at, " \t\r\n");
      return *at == '[';
    }
    if (!g_ascii_isalpha(*at))
      return false;
    /* A key and what it says, on one line: Creator "me", Version 1. */
    gsize key = strspn(at, G_CSET_a_2_z G_CSET_DIGITS "_");
    gsize blanks = strspn(at + key, " \t");
    if (blanks == 0 || !at[key + blanks] || !strchr("\"0123456789+-.", at[key + blanks]))
      return false;
    at += key + blanks;
    at += *at == '"' ? 1 + strcspn(at + 1, "\"") + 1 : strcspn(at, " \t\r\n");
    if (at > beginning + strlen(beginning))
      return false;
  }
  return false;
}

/** MATPOWER: a function that gives back a case, behind comments, however many there are. */
static bool is_matpower(const char *text, gsize length) {
  const char *at = text, *end = text + length;
  while (at < end && (*at == '%' || g_ascii_isspace(*at))) {
    const char *newline = *at == '%' ? memchr(at, '\n', (gsize)(end - at)) : at;
    at = newline ? newline + 1 : end;
  }
  g_autofree char *code = g_strndup(at, MIN((gsize)(end - at), LOOKED_AT_MAX));
  return (is_word(code, "function") && strchr(code, '=') != NULL) ||
         g_str_has_prefix(code, "mpc.") || g_str_has_prefix(code, "mpc =");
}

/** The beginning without a mark of its encoding and blanks, in small letters. */
static char *beginning_of(const char *text, gsize length) {
  static const char bom[] = "\xef\xbb\xbf";
  if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0) {
    text += strlen(bom);
    length -= strlen(bom);
  }
  while (length > 0 && g_ascii_isspace(*text)) {
    text++;
    length--;
  }
  return g_ascii_strdown(text, (gssize)MIN(length, LOOKED_AT_MAX));
}

/** A character that the end cuts through is one: a part of a text may be looked at. */
static bool is_utf8(const char *text, gsize length) {
  const char *end = text;
  if (g_utf8_validate_len(text, length, &end))
    return true;
  gsize rest = length - (gsize)(end - text);
  return rest < 4 && (guchar)*end >= 0xc2 &&
         g_utf8_get_char_validated(end, (gssize)rest) == (gunichar)-2;
}

GsForm gs_form_of_text(const char *text, gsize length) {
  g_autofree char *beginning = beginning_of(text, length);
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
    if (fits(&marks[i], beginning))
      return marks[i].form;
  if (memchr(text, '\0', MIN(length, LOOKED_AT_MAX))) {
    bool wide = length >= 4 && (!text[0] != !text[1]) && (!text[2] != !text[3]);
    return wide ? (GsForm)REFUSED("text in UTF-16", UTF_16)
                : (GsForm)REFUSED("no text", "graph files are text");
  }
  if (gs_dot_begins(text, length))
    return (GsForm)READ(GS_GRAPH_DOT, "a graph in DOT");
  if (is_matpower(text, length))
    return (GsForm)READ(GS_GRAPH_MATPOWER, "a MATPOWER case");
  if (is_gml(beginning))
    return (GsForm)READ(GS_GRAPH_GML, "a graph in GML");
  if (!is_utf8(text, length))
    return (GsForm)REFUSED("text in another encoding than UTF-8",
                           "convert it first, from Latin-1 for example by "
                           "iconv -f ISO-8859-1 -t UTF-8");
  return *beginning ? (GsForm)READ(GS_GRAPH_TABLE, "a list of links or a table") : (GsForm){0};
}

/* ---- By name ---- */

GsGraphFormat gs_form_of_name(const char *path) {
  static const struct {
    const char *ending;
    GsGraphFormat format;
  } endings[] = {
      {".graphml", GS_GRAPH_GRAPHML},   {".gml", GS_GRAPH_GML},    {".edges", GS_GRAPH_TABLE},
      {".edgelist", GS_GRAPH_TABLE},    {".csv", GS_GRAPH_TABLE},  {".tsv", GS_GRAPH_TABLE},
      {".mtx", GS_GRAPH_MATRIX_MARKET}, {".net", GS_GRAPH_PAJEK},  {".paj", GS_GRAPH_PAJEK},
      {".json", GS_GRAPH_NODE_LINK},    {".m", GS_GRAPH_MATPOWER}, {".adjlist", GS_GRAPH_ADJACENCY},
      {".dot", GS_GRAPH_DOT},           {".gv", GS_GRAPH_DOT},
  };
  g_autofree char *lower = g_ascii_strdown(path, -1);
  for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i].ending))
      return endings[i].format;
  return GS_GRAPH_AUTO;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/recognise.h"

#include <string.h>

#include "core/error.h"

/** Bytes of a text that are looked at. */
#define LOOKED_AT_MAX ((gsize)4096)

/** What a text is told by: a word near its beginning, in small letters. */
typedef struct {
  const char *starts; /**< what it begins with, or NULL */
  const char *holds;  /**< what is somewhere in its beginning, or NULL */
  const char *what;   /**< "a graph in GraphML" */
  const char *how;    /**< how it is used; NULL: as a graph file */
} Kind;

#define GENERATOR "gridsim"
#define NOT_READ "it is not read; graph files may be GraphML, GML or lists of links"

static const Kind kinds[] = {
    {"\x1f\x8b", NULL, "compressed with gzip", "unpack it first (gunzip)"},
    {"\xff\xfe", NULL, "text in UTF-16", "convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"},
    {"\xfe\xff", NULL, "text in UTF-16", "convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"},
    {"<", "<graphml", "a graph in GraphML", NULL},
    {"<", "<gexf", "a graph in GEXF", NOT_READ},
    {"<", "content=\"" GENERATOR, "a page of gridsim", "gridsim verify does again what it shows"},
    {"<", "<html", "an HTML page", "a scenario is JSON"},
    {"<", "<!doctype html", "an HTML page", "a scenario is JSON"},
    {"<", NULL, "XML of another kind than GraphML", "a scenario is JSON"},
    {"%%matrixmarket", NULL, "a graph in Matrix Market form", NOT_READ},
    {"*vertices", NULL, "a graph in Pajek form", NOT_READ},
    {"version https://git-lfs", NULL, "a pointer of Git LFS", "get the file itself (git lfs pull)"},
    {"strict", "{", "a graph in DOT", NOT_READ},
    {"digraph", "{", "a graph in DOT", NOT_READ},
    {"graph", "{", "a graph in DOT", NOT_READ},
    {"p edge", NULL, "a graph in DIMACS form", NOT_READ},
    {"graph", "[", "a graph in GML", NULL},
    {"creator", "graph", "a graph in GML", NULL},
};

static bool refuse(const char *source, const char *what, const char *how, GError **error) {
  if (how)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is %s, and no scenario: %s", source, what,
                how);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: is %s, and no scenario; one of it is, for example: "
                "echo '{\"topology\": {\"file\": \"%s\"}}' | gridsim run -",
                source, what, source);
  return true;
}

static bool fits(const Kind *kind, const char *beginning) {
  return (!kind->starts || g_str_has_prefix(beginning, kind->starts)) &&
         (!kind->holds || strstr(beginning, kind->holds));
}

/** Words of a line, parted by what parts the columns of tables. */
static guint words_of(const char *line, gsize length) {
  guint words = 0;
  bool inside = false;
  for (gsize i = 0; i < length; i++) {
    bool parts = strchr(" \t,;\r", line[i]) != NULL;
    words += !parts && !inside;
    inside = !parts;
  }
  return words;
}

/** Whether the first line that is no comment is one of a table or list of links. */
static bool is_table(const char *beginning) {
  const char *line = beginning;
  while (*line == '#' || *line == '%' || *line == '\n' || *line == '\r') {
    line = strchr(line, '\n');
    if (!line)
      return false;
    line++;
  }
  gsize length = strcspn(line, "\n");
  return strcspn(line, "{}[]:") >= length && words_of(line, length) >= 2;
}

bool gs_recognise_text(const char *text, gsize length, const char *source, GError **error) {
  static const char bom[] = "\xef\xbb\xbf";
  if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
    text += strlen(bom), length -= strlen(bom);
  if (length == 0)
    return false;
  gsize looked_at = MIN(length, LOOKED_AT_MAX);
  g_autofree char *beginning = g_ascii_strdown(text, (gssize)looked_at);
  g_strchug(beginning);
  if (*beginning && strchr("{[\"", *beginning))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (fits(&kinds[i], beginning))
      return refuse(source, kinds[i].what, kinds[i].how, error);
  if (memchr(text, '\0', looked_at))
    return refuse(source, "no text", "a scenario is JSON", error);
  return *beginning != '\0' && is_table(beginning) &&
         refuse(source, "a list of links or a table", NULL, error);
}

static bool has(const GsJson *root, const char *key) {
  return gs_json_member(root, key) != NULL;
}

bool gs_recognise_document(const GsJson *root, const char *source, GError **error) {
  if (gs_json_type(root) != GS_JSON_OBJECT)
    return false;
  if (has(root, "again"))
    return refuse(source, "a document of results", "gridsim verify does again what it tells",
                  error);
  if (has(root, "axes") || has(root, "cells"))
    return refuse(source, "a sweep", "gridsim compare runs it", error);
  if (has(root, "directed") || has(root, "multigraph"))
    return refuse(source, "a graph as a node\u2013link document", NOT_READ, error);
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/recognise.h"

#include <string.h>

#include "core/error.h"
#include "sim/import/form.h"
#include "sim/import/unpack.h"

/** Bytes of a text that are looked at. */
#define LOOKED_AT_MAX ((gsize)4096)

#define GENERATOR "content=\"gridsim"
#define IN_JSON "a scenario is JSON"
#define OTHER_JSON                                                                                 \
  "it is not read as a graph; a node\u2013link document has \"nodes\" and \"links\""

/** `how` NULL: it is a graph that can be read. */
static bool refuse(const char *source, const char *what, const char *how, GError **error) {
  if (how)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is %s, and no scenario: %s", source, what,
                how);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: is %s, and no scenario: give the file by its name, or name it in one: "
                "{\"topology\": {\"file\": \"NAME\"}}",
                source, what);
  return true;
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

bool gs_recognise_table(const char *text, gsize length) {
  g_autofree char *beginning = g_strndup(text, MIN(length, LOOKED_AT_MAX));
  return is_table(g_strchug(beginning));
}

/** HTML: the pages that this program makes are told from others. */
static bool refuse_page(const char *beginning, const char *source, GError **error) {
  if (!strstr(beginning, "<html") && !strstr(beginning, "<!doctype html"))
    return false;
  bool own = strstr(beginning, GENERATOR) != NULL;
  return refuse(source, own ? "a page of gridsim" : "an HTML page",
                own ? "gridsim verify does again what it shows" : IN_JSON, error);
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
  if (*beginning == '<' && refuse_page(beginning, source, error))
    return true;
  if (gs_is_packed(text, length))
    return refuse(source, "packed with gzip", "unpack it first (gunzip)", error);
  GsForm form = gs_form_of_text(text, looked_at);
  if (form.format == GS_GRAPH_TABLE)
    return is_table(beginning) && refuse(source, form.what, NULL, error);
  if (form.format != GS_GRAPH_AUTO)
    return refuse(source, form.what, NULL, error);
  return form.how && refuse(source, form.what, form.how, error);
}

static bool has(const GsJson *root, const char *key) {
  return gs_json_member(root, key) != NULL;
}

/** Of the first link: whether there is one, and has ends as graphs have them. */
typedef struct {
  bool any, has_ends;
} FirstLink;

static bool see_link(const GsJson *link, guint index, void *data) {
  (void)index;
  *(FirstLink *)data =
      (FirstLink){.any = true, .has_ends = has(link, "source") && has(link, "target")};
  return false;
}

/** Of the first node: scenarios have numbers as ids. */
static bool see_node(const GsJson *node, guint index, void *data) {
  (void)index;
  const GsJson *id = gs_json_member(node, "id");
  *(bool *)data = id && gs_json_type(id) == GS_JSON_STRING;
  return false;
}

bool gs_recognise_node_link(GsJsonDoc *doc) {
  const GsJson *root = gs_json_root(doc);
  if (gs_json_type(root) != GS_JSON_OBJECT || has(root, "topology") || has(root, "schedule"))
    return false;
  if (has(root, "directed") || has(root, "multigraph"))
    return true;
  FirstLink first = {0};
  bool named = false;
  const GsJson *nodes = gs_json_member(root, "nodes");
  const GsJson *links = gs_json_member(root, "links"), *edges = gs_json_member(root, "edges");
  if (!links)
    links = edges;
  if (!links || gs_json_type(links) != GS_JSON_ARRAY)
    return false;
  gs_json_each(doc, links, see_link, &first);
  if (!first.any && nodes && gs_json_type(nodes) == GS_JSON_ARRAY)
    gs_json_each(doc, nodes, see_node, &named);
  return first.has_ends || named;
}

bool gs_recognise_document(GsJsonDoc *doc, const char *source, GError **error) {
  const GsJson *root = gs_json_root(doc);
  if (gs_json_type(root) != GS_JSON_OBJECT)
    return false;
  if (has(root, "again"))
    return refuse(source, "a document of results", "gridsim verify does again what it tells",
                  error);
  if (has(root, "axes") || has(root, "cells"))
    return refuse(source, "a sweep", "gridsim compare runs it", error);
  if (gs_recognise_node_link(doc))
    return refuse(source, "a graph as a node\u2013link document", NULL, error);
  const char *other =
      has(root, "topology") || has(root, "nodes") ? NULL : gs_form_of_document(root);
  return other && refuse(source, other, OTHER_JSON, error);
}

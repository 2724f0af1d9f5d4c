/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/gml_scan.h"
#include "sim/import/readers.h"

/* The format is that of Himsolt's "GML: A portable Graph File Format" (1997), and of what programs
 * make of it. */

/** Deepest that lists may be in others. */
#define DEPTH_MAX 100

/** What a list is; those in an OTHER are OTHERs. */
typedef enum {
  OTHER, /**< left out, with all that is in it */
  TOP,   /**< the file */
  GRAPH,
  NODE,
  LINK,
  GRAPHICS,       /**< of a node */
  LABEL_GRAPHICS, /**< of a node, by yEd */
} Part;

typedef struct {
  GsDraft *draft;
  GsGmlScan scan;
  Part parts[DEPTH_MAX + 1];
  guint64 lines[DEPTH_MAX + 1]; /**< where they begin */
  guint depth;
  uint32_t index; /**< of the node or link that has begun */
  bool any_graph;
  GsOccurrences more_graphs, drawings, unknown_entities;
  GError **error;
} Reading;

static bool wrong_token(Reading *reading, const GsGmlToken *token, const char *must) {
  if (token->kind == GS_GML_WRONG)
    return gs_read_wrong(reading->draft, token->line, reading->error, "%s", token->problem);
  if (token->kind == GS_GML_END)
    return gs_read_wrong(reading->draft, token->line, reading->error, "ends where there must be %s",
                         must);
  g_autofree char *shown = gs_shown(token->text, token->length);
  return gs_read_wrong(reading->draft, token->line, reading->error, "found %s; must be %s", shown,
                       must);
}

/* ---- Nodes and links ---- */

/** The value of that key in the list that has begun, wherever in it; false: there is none. */
static bool look_ahead(const Reading *reading, const char *key, GsGmlToken *value) {
  GsGmlScan scan = reading->scan;
  GsGmlToken token;
  guint depth = 1;
  bool wanted = false, is_key = true;
  while (depth > 0) {
    gs_gml_next(&scan, &token);
    if (token.kind == GS_GML_END || token.kind == GS_GML_WRONG)
      return false;
    if (wanted && token.kind != GS_GML_CLOSE) {
      *value = token;
      return true;
    }
    wanted = depth == 1 && is_key && token.kind == GS_GML_WORD && gs_gml_is(&token, key);
    is_key = !is_key || token.kind == GS_GML_OPEN || token.kind == GS_GML_CLOSE;
    depth += token.kind == GS_GML_OPEN;
    depth -= token.kind == GS_GML_CLOSE;
  }
  return false;
}

/** Whole numbers are the same with zeros and a plus before them. */
static char *id_text(Reading *reading, const GsGmlToken *value) {
  GsGmlToken id = *value;
  gsize digits = 0;
  while (digits < id.length && g_ascii_isdigit(id.text[id.length - 1 - digits]))
    digits++;
  bool plus = digits + 1 == id.length && *id.text == '+';
  if (id.kind == GS_GML_NUMBER && (digits == id.length || plus)) {
    id.text += plus;
    id.length -= plus;
    while (id.length > 1 && *id.text == '0') {
      id.text++;
      id.length--;
    }
  }
  return gs_gml_unquote(&id, &reading->unknown_entities);
}

/** The id that stands under the key in the list that has begun. Free with g_free. */
static char *find_id(Reading *reading, const char *list, const char *key, guint64 line) {
  GsGmlToken value;
  if (!look_ahead(reading, key, &value)) {
    gs_read_wrong(reading->draft, line, reading->error, "this %s has no \"%s\", and must have it",
                  list, key);
    return NULL;
  }
  if (value.kind != GS_GML_NUMBER && value.kind != GS_GML_TEXT) {
    g_autofree char *shown = gs_shown(value.text, value.length);
    gs_read_wrong(reading->draft, value.line, reading->error,
                  "found %s as \"%s\"; must be a number or a text in quotes", shown, key);
    return NULL;
  }
  return id_text(reading, &value);
}

static bool start_node(Reading *reading, guint64 line) {
  g_autofree char *id = find_id(reading, "node", "id", line);
  return id &&
         gs_draft_declare(reading->draft, id, strlen(id), line, &reading->index, reading->error) &&
         gs_draft_fits(reading->draft, reading->error);
}

static bool start_link(Reading *reading, guint64 line) {
  g_autofree char *from = find_id(reading, "edge", "source", line);
  g_autofree char *to = from ? find_id(reading, "edge", "target", line) : NULL;
  if (!to)
    return false;
  uint32_t one = gs_draft_end(reading->draft, from, strlen(from), line);
  uint32_t other = gs_draft_end(reading->draft, to, strlen(to), line);
  reading->index = gs_draft_link(reading->draft, one, other, line);
  return gs_draft_fits(reading->draft, reading->error);
}

/* ---- What is said of them ---- */

static void say(Reading *reading, GsOf of, const char *name, GsRole role, const char *text,
                guint64 line) {
  guint column = gs_draft_column(reading->draft, of, name, role);
  uint32_t index = of == GS_OF_GRAPH ? 0 : reading->index;
  gs_draft_say(reading->draft, of, column, index, text, strlen(text), line);
}

/** Whether a key says nothing besides what was read already, or what writes the format. */
static bool is_known(Part part, const GsGmlToken *key) {
  static const struct {
    Part part;
    const char *key;
  } known[] = {{NODE, "id"},     {LINK, "source"},    {LINK, "target"},
               {LINK, "id"},     {LINK, "key"},       {TOP, "Creator"},
               {TOP, "Version"}, {GRAPH, "directed"}, {GRAPH, "multigraph"}};
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (known[i].part == part && gs_gml_is(key, known[i].key))
      return true;
  return false;
}

static bool is_zero(const GsGmlToken *value) {
  for (gsize i = 0; i < value->length; i++)
    if (!strchr("+-0.", value->text[i]))
      return false;
  return true;
}

/** A number or a text under a key. */
static void take_value(Reading *reading, const GsGmlToken *key, const GsGmlToken *value) {
  Part part = reading->parts[reading->depth];
  if (part == GRAPH && gs_gml_is(key, "directed") && !is_zero(value))
    gs_draft_set_directed(reading->draft);
  if (part == OTHER || is_known(part, key))
    return;
  g_autofree char *text = gs_gml_unquote(value, &reading->unknown_entities);
  g_autofree char *name = g_strndup(key->text, key->length);
  if (part == GRAPHICS && gs_gml_is(key, "x"))
    say(reading, GS_OF_NODES, "graphics.x", GS_ROLE_X, text, key->line);
  else if (part == GRAPHICS && gs_gml_is(key, "y"))
    say(reading, GS_OF_NODES, "graphics.y", GS_ROLE_DOWN_Y, text, key->line);
  else if (part == LABEL_GRAPHICS && gs_gml_is(key, "text"))
    say(reading, GS_OF_NODES, "LabelGraphics.text", GS_ROLE_LABEL, text, key->line);
  else if (part == GRAPHICS || part == LABEL_GRAPHICS)
    gs_occurs(&reading->drawings, key->line);
  else
    say(reading,
        part == NODE   ? GS_OF_NODES
        : part == LINK ? GS_OF_LINKS
                       : GS_OF_GRAPH,
        name, GS_ROLE_BY_NAME, text, key->line);
}

/** What a list under a key is. */
static Part part_of(Reading *reading, Part parent, const GsGmlToken *key) {
  static const struct {
    Part parent;
    const char *key;
    Part part;
  } lists[] = {
      {TOP, "graph", GRAPH},
      {GRAPH, "node", NODE},
      {GRAPH, "edge", LINK},
      {NODE, "graphics", GRAPHICS},
      {NODE, "LabelGraphics", LABEL_GRAPHICS},
  };
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    if (lists[i].parent == parent && gs_gml_is(key, lists[i].key))
      return lists[i].part;
  g_autofree char *name = g_strndup(key->text, key->length);
  if (parent == GRAPHICS || parent == LABEL_GRAPHICS)
    gs_occurs(&reading->drawings, key->line);
  else if (parent != OTHER)
    say(reading,
        parent == NODE   ? GS_OF_NODES
        : parent == LINK ? GS_OF_LINKS
                         : GS_OF_GRAPH,
        name, GS_ROLE_UNUSED, "[]", key->line);
  return OTHER;
}

static bool open_list(Reading *reading, const GsGmlToken *key) {
  if (reading->depth == DEPTH_MAX)
    return gs_read_wrong(reading->draft, key->line, reading->error,
                         "lists are in others more than %d deep; at most so deep they may be",
                         DEPTH_MAX);
  Part part = part_of(reading, reading->parts[reading->depth], key);
  if (part == GRAPH && gs_draft_nodes(reading->draft) > 0) {
    gs_occurs(&reading->more_graphs, key->line);
    part = OTHER;
  }
  reading->any_graph |= part == GRAPH;
  reading->parts[++reading->depth] = part;
  reading->lines[reading->depth] = key->line;
  return part == NODE ? start_node(reading, key->line)
                      : part != LINK || start_link(reading, key->line);
}

/* ---- The file ---- */

/** One key with its value, or the end of a list. */
static bool read_pair(Reading *reading, const GsGmlToken *key) {
  GsGmlToken value;
  if (key->kind == GS_GML_CLOSE) {
    if (reading->depth-- > 0)
      return true;
    return gs_read_wrong(reading->draft, key->line, reading->error,
                         "found \"]\", and no \"[\" before it");
  }
  if (key->kind != GS_GML_WORD)
    return wrong_token(reading, key, "a key, such as node or label");
  gs_gml_next(&reading->scan, &value);
  if (value.kind == GS_GML_OPEN)
    return open_list(reading, key);
  if (value.kind != GS_GML_NUMBER && value.kind != GS_GML_TEXT) {
    g_autofree char *shown = gs_shown(key->text, key->length);
    g_autofree char *must =
        g_strdup_printf("the value of %s: a number, a text in quotes or a list in brackets", shown);
    return wrong_token(reading, &value, must);
  }
  take_value(reading, key, &value);
  return true;
}

static bool read_all(Reading *reading) {
  GsGmlToken key;
  for (gs_gml_next(&reading->scan, &key); key.kind != GS_GML_END; gs_gml_next(&reading->scan, &key))
    if (!read_pair(reading, &key))
      return false;
  if (reading->depth > 0)
    return gs_read_wrong(reading->draft, key.line, reading->error,
                         "is cut off: the list that begins in line %" G_GUINT64_FORMAT
                         " has no \"]\"",
                         reading->lines[reading->depth]);
  return reading->any_graph || gs_read_wrong(reading->draft, 0, reading->error,
                                             "has no graph [ \u2026 ]; GML must have one");
}

bool gs_read_gml(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                 GError **error) {
  (void)import;
  Reading reading = {.draft = draft, .scan = gs_gml_scan(text, length), .error = error};
  reading.parts[0] = TOP;
  /* Of several columns of labels the first counts: yEd's own stands in where there is none. */
  gs_draft_column(draft, GS_OF_NODES, "label", GS_ROLE_LABEL);
  if (!read_all(&reading) || !gs_draft_all_declared(draft, error))
    return false;
  gs_draft_note(draft, "not-used", reading.more_graphs, "a further graph of the file was left out",
                "%s further graphs of the file were left out");
  gs_draft_note(draft, "not-used", reading.drawings,
                "of how nodes are drawn only labels and places are used; a value more is not",
                "of how nodes are drawn only labels and places are used; %s values more are not");
  gs_draft_note(draft, "renamed", reading.unknown_entities,
                "what looks like an entity and is none that is known stayed as it is",
                "%s that look like entities and are none that are known stayed as they are");
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "sim/import/form.h"
#include "sim/import/readers.h"

/** Deeper documents than any that programs write. */
#define DEPTH_MAX 64
/** Arrays of this size are read element by element. */
#define LONG_BYTES ((uint64_t)64 << 10)

typedef struct {
  GsDraft *draft;
  GsJsonDoc *doc;
  bool by_place;                    /**< nodes have no ids: links name their places, from 0 */
  bool word_ids;                    /**< ids are strings */
  bool number_ids;                  /**< ids are numbers */
  uint32_t listed;                  /**< nodes of the list */
  guint nodes_member, links_member; /**< which of the root's */
  GError **error;
} NodeLink;

/* ---- Values ---- */

/** The number as people write it; exact for integers, and for what has at most 15 digits. */
static void number_text(const GsJson *value, char text[G_ASCII_DTOSTR_BUF_SIZE]) {
  double number = gs_json_number(value);
  g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.15g", number);
  if (g_ascii_strtod(text, NULL) < number || g_ascii_strtod(text, NULL) > number)
    g_ascii_dtostr(text, G_ASCII_DTOSTR_BUF_SIZE, number);
}

/** What a member says of a node, a link or the graph. */
static void say(NodeLink *reading, GsOf of, uint32_t index, const GsJson *member, guint64 line) {
  const char *name = gs_json_key(member);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const char *text = "[]";
  GsRole role = GS_ROLE_BY_NAME;
  switch (gs_json_type(member)) {
  case GS_JSON_NULL:
    return;
  case GS_JSON_STRING:
    text = gs_json_string(member);
    break;
  case GS_JSON_NUMBER:
    number_text(member, number);
    text = number;
    break;
  case GS_JSON_BOOL:
    text = gs_json_bool(member) ? "true" : "false";
    break;
  default:
    /* Lists and objects: only that they are there is told. */
    role = GS_ROLE_UNUSED;
  }
  guint column = gs_draft_column(reading->draft, of, name, role);
  gs_draft_say(reading->draft, of, column, index, text, strlen(text), line);
}

static void say_all(NodeLink *reading, GsOf of, uint32_t index, const GsJson *object,
                    const char *const *known, guint64 line) {
  for (const GsJson *member = gs_json_first(object); member; member = gs_json_next(member))
    if (!g_strv_contains(known, gs_json_key(member)))
      say(reading, of, index, member, line);
}

/** The text of an id; false: the value is none. */
static bool id_text(NodeLink *reading, const GsJson *value, char number[32], const char **text) {
  int64_t integer;
  if (gs_json_type(value) == GS_JSON_STRING) {
    *text = gs_json_string(value);
    return **text || gs_json_fail(reading->doc, value, reading->error, GS_ERROR_INPUT,
                                  "found an empty id; must be a word or a whole number");
  }
  if (gs_json_type(value) == GS_JSON_NUMBER && gs_json_integer(value, &integer)) {
    g_snprintf(number, 32, "%" G_GINT64_FORMAT, integer);
    *text = number;
    return true;
  }
  return gs_json_fail(reading->doc, value, reading->error, GS_ERROR_INPUT,
                      "found %s; an id must be a string, or a whole number of at most 2^53",
                      gs_json_type(value) == GS_JSON_NUMBER
                          ? "a number that is no whole one or too large to be exact"
                          : gs_json_type_name(gs_json_type(value)));
}

/* ---- Nodes ---- */

static bool name_by_place(NodeLink *reading, const GsJson *element, guint index) {
  char place[32];
  if (index > 0 && !reading->by_place)
    return gs_json_fail(reading->doc, element, reading->error, GS_ERROR_INPUT,
                        "this node has no \"id\", others have one; must be all or none");
  reading->by_place = true;
  g_snprintf(place, sizeof place, "%u", index);
  gs_draft_node(reading->draft, place, strlen(place));
  return true;
}

static bool name_by_id(NodeLink *reading, const GsJson *id, guint index) {
  char number[32];
  const char *text;
  if (index > 0 && reading->by_place)
    return gs_json_fail(reading->doc, id, reading->error, GS_ERROR_INPUT,
                        "this node has an \"id\", others have none; must be all or none");
  if (!id_text(reading, id, number, &text))
    return false;
  uint32_t known;
  g_autofree char *shown = gs_shown(text, strlen(text));
  if (gs_draft_find(reading->draft, text, strlen(text), &known))
    return gs_json_fail(reading->doc, id, reading->error, GS_ERROR_INPUT,
                        "a second node with the id %s; ids must be unique", shown);
  gs_draft_node(reading->draft, text, strlen(text));
  *(gs_json_type(id) == GS_JSON_STRING ? &reading->word_ids : &reading->number_ids) = true;
  return true;
}

static bool read_node(const GsJson *element, guint index, void *data) {
  static const char *const known[] = {"id", NULL};
  NodeLink *reading = data;
  bool is_object = gs_json_type(element) == GS_JSON_OBJECT;
  const GsJson *id = is_object ? gs_json_member(element, "id") : element;
  if (!(id ? name_by_id(reading, id, index) : name_by_place(reading, element, index)))
    return false;
  reading->listed = index + 1;
  if (is_object)
    say_all(reading, GS_OF_NODES, index, element, known,
            gs_draft_json_line(reading->nodes_member, index));
  return gs_draft_fits(reading->draft, reading->error);
}

/* ---- Links ---- */

/** A number where ids are words may be an id or a place in the list: both must be the same. */
static bool check_reading(NodeLink *reading, const GsJson *value, bool found, uint32_t node) {
  int64_t place;
  if (reading->number_ids || !reading->word_ids || !gs_json_integer(value, &place))
    return true;
  bool is_place = place >= 0 && place < reading->listed;
  if (found && (!is_place || (uint32_t)place == node))
    return true;
  return gs_json_fail(reading->doc, value, reading->error, GS_ERROR_INPUT,
                      "found the number %" G_GINT64_FORMAT ", and ids of nodes are strings: it %s; "
                      "must be an \"id\" of a node",
                      place,
                      !found ? "is none of them, and could be a place in \"nodes\""
                             : "could be the id as well as a place in \"nodes\"");
}

static bool read_end(NodeLink *reading, const GsJson *element, const char *key, uint32_t *node) {
  const GsJson *value = gs_json_member(element, key);
  char number[32];
  const char *text;
  if (!value)
    return gs_json_fail(reading->doc, element, reading->error, GS_ERROR_INPUT,
                        "no \"%s\"; a link must have \"source\" and \"target\"", key);
  /* Programs that have drawn the graph write the whole node in place of its id. */
  if (gs_json_type(value) == GS_JSON_OBJECT && gs_json_member(value, "id"))
    value = gs_json_member(value, "id");
  if (!id_text(reading, value, number, &text))
    return false;
  bool found = gs_draft_find(reading->draft, text, strlen(text), node);
  if (!reading->by_place && gs_json_type(value) == GS_JSON_NUMBER &&
      !check_reading(reading, value, found, *node))
    return false;
  if (found)
    return true;
  g_autofree char *shown = gs_shown(text, strlen(text));
  return gs_json_fail(
      reading->doc, value, reading->error, GS_ERROR_INPUT, "found %s; must be %s", shown,
      reading->by_place ? "the place of a node in \"nodes\", from 0, since they have "
                          "no \"id\""
                        : "the \"id\" of a node");
}

static bool read_link(const GsJson *element, guint index, void *data) {
  static const char *const known[] = {"source", "target", "key", NULL};
  NodeLink *reading = data;
  uint32_t from = 0, to = 0;
  if (gs_json_type(element) != GS_JSON_OBJECT)
    return gs_json_fail(reading->doc, element, reading->error, GS_ERROR_INPUT,
                        "found %s; a link must be an object with \"source\" and \"target\"",
                        gs_json_type_name(gs_json_type(element)));
  if (!read_end(reading, element, "source", &from) || !read_end(reading, element, "target", &to))
    return false;
  guint64 line = gs_draft_json_line(reading->links_member, index);
  uint32_t link = gs_draft_link(reading->draft, from, to, line);
  say_all(reading, GS_OF_LINKS, link, element, known, line);
  return gs_draft_fits(reading->draft, reading->error);
}

/* ---- The document ---- */

const char *gs_form_of_document(const GsJson *root) {
  static const char *const kinds[][2] = {
      {"adjacency", "adjacency data of networkx"},
      {"elements", "a network of Cytoscape in JSON"},
      {"features", "GeoJSON"},
      {"_module", "a network of pandapower in JSON"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (gs_json_member(root, kinds[i][0]))
      return kinds[i][1];
  const GsJson *graph = gs_json_member(root, "graph"), *graphs = gs_json_member(root, "graphs");
  if (graphs && gs_json_type(graphs) == GS_JSON_ARRAY)
    return "graphs in JSON Graph Format";
  /* Documents of networkx have one, too, beside lists; what is in it may not have been read. */
  static const char *const beside[] = {"nodes", "links", "edges", "directed", "multigraph"};
  bool alone = graph && gs_json_type(graph) == GS_JSON_OBJECT;
  for (guint i = 0; i < G_N_ELEMENTS(beside); i++)
    alone = alone && !gs_json_member(root, beside[i]);
  return alone ? "a graph in JSON Graph Format" : NULL;
}

/** What else in JSON it is, by a member that it has. */
static const char *other_kind(const GsJson *root) {
  static const char *const kinds[][2] = {
      {"topology", "a scenario of gridsim"},
      {"schedule", "a scenario of gridsim"},
      {"axes", "a sweep of gridsim"},
      {"again", "a document of results of gridsim"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (gs_json_member(root, kinds[i][0]))
      return kinds[i][1];
  return gs_form_of_document(root);
}

static bool find_parts(NodeLink *reading, const GsJson **nodes, const GsJson **links) {
  const GsJson *root = gs_json_root(reading->doc);
  bool is_object = gs_json_type(root) == GS_JSON_OBJECT;
  *nodes = is_object ? gs_json_member(root, "nodes") : NULL;
  *links = is_object ? gs_json_member(root, "links") : NULL;
  const GsJson *edges = is_object ? gs_json_member(root, "edges") : NULL;
  const char *other = is_object && !(*nodes && (*links || edges)) ? other_kind(root) : NULL;
  if (other)
    return gs_json_fail(reading->doc, root, reading->error, GS_ERROR_INPUT,
                        "is %s, which is not read as a graph; a node\u2013link document has "
                        "\"nodes\" and \"links\"",
                        other);
  if (*links && edges)
    return gs_json_fail(reading->doc, edges, reading->error, GS_ERROR_INPUT,
                        "found \"links\" and \"edges\"; one of them must be there");
  *links = *links ? *links : edges;
  if (!*nodes || !*links)
    return gs_json_fail(
        reading->doc, root, reading->error, GS_ERROR_INPUT,
        "no \"%s\"; a node\u2013link document must have \"nodes\" and \"links\" (or "
        "\"edges\")",
        *nodes ? "links" : "nodes");
  const GsJson *parts[] = {*nodes, *links};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    if (gs_json_type(parts[i]) != GS_JSON_ARRAY)
      return gs_json_fail(reading->doc, parts[i], reading->error, GS_ERROR_INPUT,
                          "found %s; must be an array", gs_json_type_name(gs_json_type(parts[i])));
  return true;
}

/** Where what notes tell of will be found again. */
static void number_members(NodeLink *reading, const char *text, gsize length, const GsJson *nodes,
                           const GsJson *links) {
  guint number = 0;
  gs_draft_set_json(reading->draft, text, length);
  const GsJson *root = gs_json_root(reading->doc);
  for (const GsJson *member = gs_json_first(root); member; member = gs_json_next(member)) {
    if (member == nodes)
      reading->nodes_member = number;
    if (member == links)
      reading->links_member = number;
    gs_draft_json_member(reading->draft, gs_json_key(member));
    number++;
  }
}

/** What is said of the graph as a whole. */
static void say_of_graph(NodeLink *reading) {
  static const char *const known[] = {"nodes",      "links", "edges", "directed",
                                      "multigraph", "graph", NULL};
  static const char *const none[] = {NULL};
  const GsJson *root = gs_json_root(reading->doc);
  const GsJson *directed = gs_json_member(root, "directed"), *graph = gs_json_member(root, "graph");
  if (directed && gs_json_type(directed) == GS_JSON_BOOL && gs_json_bool(directed))
    gs_draft_set_directed(reading->draft);
  guint number = 0;
  for (const GsJson *member = gs_json_first(root); member; member = gs_json_next(member)) {
    guint64 line = gs_draft_json_line(number++, G_MAXUINT);
    if (member == graph && gs_json_type(graph) == GS_JSON_OBJECT)
      say_all(reading, GS_OF_GRAPH, 0, graph, none, line);
    if (!g_strv_contains(known, gs_json_key(member)))
      say(reading, GS_OF_GRAPH, 0, member, line);
  }
}

bool gs_read_node_link(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                       GError **error) {
  static const char *const long_members[] = {"nodes", "links", "edges", NULL};
  (void)import;
  const GsJsonLimits limits = {.max_bytes = GS_GRAPH_BYTES_MAX,
                               .max_depth = DEPTH_MAX,
                               .long_members = long_members,
                               .long_bytes = LONG_BYTES};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, gs_draft_source(draft), &limits, error);
  if (!doc)
    return false;
  NodeLink reading = {.draft = draft, .doc = doc, .error = error};
  const GsJson *nodes, *links;
  if (!find_parts(&reading, &nodes, &links))
    return false;
  number_members(&reading, text, length, nodes, links);
  if (!gs_json_each(doc, nodes, read_node, &reading))
    return false;
  say_of_graph(&reading);
  return gs_json_each(doc, links, read_link, &reading);
}

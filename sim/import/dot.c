/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/error.h"
#include "sim/import/dot_scan.h"
#include "sim/import/dot_sets.h"
#include "sim/import/dot_values.h"
#include "sim/import/readers.h"
#include "sim/topology/graph.h"

/* The language is described on Graphviz's page "DOT Language". */

/** Subgraphs in subgraphs. */
#define DEPTH_MAX 256

/** One end of an edge: a node, several that commas part, or the nodes of a subgraph. */
typedef struct {
  enum { A_NODE, NODES, A_SUBGRAPH, A_SET } kind;
  guint first, last; /**< the node; places in the list of nodes; the set of a subgraph by name */
  guint64 line;
} End;

/** A subgraph that is open, the graph itself first, and the statement in it that is read. */
typedef struct {
  guint number;
  bool named;
  guint set;      /**< of one with a name */
  guint start;    /**< of its nodes in the list */
  guint mark;     /**< of defaults before it */
  guint ends;     /**< where those of its statement begin */
  bool wants_end; /**< behind "--" or "->" */
  guint64 line;
} Frame;

typedef struct {
  GsDraft *draft;
  GsDotScan scan;
  GsDotValues values;
  GsDotSets sets;
  GArray *frames, *ends;
  guint subgraphs; /**< numbers that are given */
  bool directed;
  GsOccurrences ports;
  GString *name; /**< of the attribute that is read */
  GError **error;
} Dot;

static Frame *top(const Dot *dot) {
  return &g_array_index(dot->frames, Frame, dot->frames->len - 1);
}

static bool next(Dot *dot) {
  return gs_dot_next(&dot->scan, dot->error);
}

static bool unexpected(const Dot *dot, const char *allowed) {
  g_autofree char *shown = gs_dot_shown(&dot->scan.token);
  return gs_read_wrong(dot->draft, dot->scan.token.line, dot->error, "found %s; must be %s", shown,
                       allowed);
}

static bool expect(Dot *dot, char mark, const char *allowed) {
  return next(dot) && (gs_dot_is_mark(&dot->scan.token, mark) || unexpected(dot, allowed));
}

static bool is_keyword(const GsDotToken *token) {
  static const char *const keywords[] = {"node", "edge", "graph", "digraph", "subgraph", "strict"};
  for (guint i = 0; i < G_N_ELEMENTS(keywords); i++)
    if (gs_dot_is_keyword(token, keywords[i]))
      return true;
  return false;
}

/* ---- Attributes ---- */

/** What a list of attributes is about: one thing, several, what follows, or a subgraph. */
typedef struct {
  enum { ONE, SEVERAL, DEFAULTS, OF_SUBGRAPH } kind;
  GsOf of;
  uint32_t index; /**< of the one */
} About;

static bool take_value(Dot *dot, const About *about) {
  const GsDotToken *value = &dot->scan.token;
  const char *name = dot->name->str;
  switch (about->kind) {
  case DEFAULTS:
    return gs_dot_default(&dot->values, about->of, name, value, dot->error);
  case SEVERAL:
    return gs_dot_gather(&dot->values, about->of, name, value, dot->error);
  case OF_SUBGRAPH:
    gs_occurs(&dot->values.of_subgraphs, value->line);
    return true;
  default:
    gs_dot_say(&dot->values, about->of, about->index, name, value);
    return true;
  }
}

/** From behind the name of one: "= value". */
static bool read_value(Dot *dot, const About *about) {
  g_string_truncate(dot->name, 0);
  g_string_append_len(dot->name, dot->scan.token.text, (gssize)dot->scan.token.length);
  return expect(dot, '=', "\"=\" and the value of the attribute") && next(dot) &&
         (gs_dot_is_id(&dot->scan.token) || unexpected(dot, "the value of the attribute")) &&
         take_value(dot, about);
}

/** All lists in brackets that stand there. */
static bool read_lists(Dot *dot, const About *about) {
  while (gs_dot_peek(&dot->scan) == '[') {
    if (!next(dot))
      return false;
    for (;;) {
      if (!next(dot))
        return false;
      if (gs_dot_is_mark(&dot->scan.token, ']'))
        break;
      if (!gs_dot_is_id(&dot->scan.token))
        return unexpected(dot, "the name of an attribute, or \"]\"");
      if (!read_value(dot, about))
        return false;
      char follows = gs_dot_peek(&dot->scan);
      if ((follows == ',' || follows == ';') && !next(dot))
        return false;
    }
  }
  return true;
}

/** What "graph [...]" and "name = value" are about, here. */
static About about_graph(const Dot *dot) {
  return (About){.kind = dot->frames->len > 1 ? OF_SUBGRAPH : ONE, .of = GS_OF_GRAPH};
}

static bool read_defaults(Dot *dot) {
  About about = about_graph(dot);
  if (!gs_dot_is_keyword(&dot->scan.token, "graph"))
    about = (About){
        .kind = DEFAULTS,
        .of = gs_dot_is_keyword(&dot->scan.token, "node") ? GS_OF_NODES : GS_OF_LINKS,
    };
  if (gs_dot_peek(&dot->scan) != '[')
    return next(dot) &&
           unexpected(dot, "\"[\" behind \"node\", \"edge\" and \"graph\", which as names must be "
                           "in quotes");
  return read_lists(dot, &about);
}

/* ---- Edges ---- */

static const uint32_t *nodes_of(const Dot *dot, const End *end, guint *count) {
  if (end->kind == A_SET)
    return gs_dot_set_nodes(&dot->sets, end->first, count);
  *count = end->kind == A_NODE ? 1 : end->last - end->first;
  /* Where there are none the list may not have begun. */
  return end->kind == A_NODE || *count == 0
             ? &end->first
             : (const uint32_t *)(const void *)dot->sets.list->data + end->first;
}

/** Each node of one end with each of the other. */
static bool link_ends(Dot *dot, const End *from, const End *to) {
  guint froms, tos;
  const uint32_t *one = nodes_of(dot, from, &froms), *other = nodes_of(dot, to, &tos);
  if (tos == 0)
    return true;
  double links = gs_draft_links(dot->draft);
  links += (double)froms * tos;
  if (froms > 1 && tos > 1 &&
      !gs_graph_check_size(gs_draft_source(dot->draft), 0, links, dot->error))
    return false;
  for (guint i = 0; i < froms; i++)
    for (guint k = 0; k < tos; k++)
      gs_dot_link(&dot->values, one[i], other[k], to->line);
  return gs_draft_fits(dot->draft, dot->error);
}

/** Reads what is said of the only end of a statement. */
static bool say_of_end(Dot *dot, const End *end) {
  About about = {.kind = OF_SUBGRAPH, .of = GS_OF_NODES};
  if (end->kind == A_NODE) {
    about.kind = ONE;
    about.index = end->first;
  } else if (end->kind == NODES) {
    about.kind = SEVERAL;
  }
  if (!read_lists(dot, &about))
    return false;
  guint count;
  const uint32_t *nodes = nodes_of(dot, end, &count);
  if (end->kind == NODES)
    gs_dot_spread(&dot->values, nodes, 0, count);
  return true;
}

/** Makes the links of a statement, and reads what is said of them. */
static bool link_all(Dot *dot, const End *ends, guint count) {
  uint32_t first = gs_draft_links(dot->draft);
  for (guint i = 1; i < count; i++)
    if (!link_ends(dot, &ends[i - 1], &ends[i]))
      return false;
  uint32_t links = gs_draft_links(dot->draft) - first;
  About about = {.kind = links == 1 ? ONE : SEVERAL, .of = GS_OF_LINKS, .index = first};
  if (!read_lists(dot, &about))
    return false;
  gs_dot_spread(&dot->values, NULL, first, links);
  return true;
}

/** The ends of the statement are all there. */
static bool finish_statement(Dot *dot) {
  guint first = top(dot)->ends, count = dot->ends->len - first;
  const End *ends = &g_array_index(dot->ends, End, first);
  if (!(count == 1 ? say_of_end(dot, ends) : link_all(dot, ends, count)))
    return false;
  g_array_set_size(dot->ends, first);
  /* What is in no subgraph is an end nowhere else. */
  if (dot->frames->len == 1)
    g_array_set_size(dot->sets.list, 0);
  return gs_draft_fits(dot->draft, dot->error);
}

/** Behind an end: one more, or what is said of what is there. */
static bool follow_end(Dot *dot) {
  Frame *frame = top(dot);
  frame->wants_end = gs_dot_peek_link(&dot->scan);
  if (!frame->wants_end)
    return finish_statement(dot);
  if (!next(dot))
    return false;
  GsDotKind allowed = dot->directed ? GS_DOT_ARROW : GS_DOT_LINE;
  if (dot->scan.token.kind == allowed)
    return true;
  return gs_read_wrong(dot->draft, dot->scan.token.line, dot->error,
                       "found \"%s\" in a %s; must be \"%s\"", dot->directed ? "--" : "->",
                       dot->directed ? "digraph" : "graph", dot->directed ? "->" : "--");
}

static bool add_end(Dot *dot, End end) {
  g_array_append_val(dot->ends, end);
  return follow_end(dot);
}

/** "a", "a:port", "a:port:n": in Graphviz the place of the node where an edge ends. */
static bool read_node(Dot *dot, uint32_t *node) {
  if (is_keyword(&dot->scan.token))
    return unexpected(dot, "a node; keywords as names must be in quotes");
  *node = gs_dot_node(&dot->values, &dot->scan.token);
  g_array_append_val(dot->sets.list, *node);
  for (guint i = 0; i < 2 && gs_dot_peek(&dot->scan) == ':'; i++) {
    if (!next(dot) || !next(dot))
      return false;
    if (!gs_dot_is_id(&dot->scan.token))
      return unexpected(dot, "a port behind \":\"");
    if (i == 0)
      gs_occurs(&dot->ports, dot->scan.token.line);
  }
  return true;
}

/** "a", or "a, b, c". */
static bool read_nodes(Dot *dot) {
  End end = {.kind = A_NODE, .line = dot->scan.token.line};
  guint start = dot->sets.list->len;
  if (!read_node(dot, &end.first))
    return false;
  while (gs_dot_peek(&dot->scan) == ',') {
    uint32_t node;
    if (!next(dot) || !next(dot))
      return false;
    if (!gs_dot_is_id(&dot->scan.token))
      return unexpected(dot, "a node behind \",\"");
    if (!read_node(dot, &node))
      return false;
    end = (End){NODES, start, dot->sets.list->len, end.line};
  }
  return add_end(dot, end);
}

/* ---- Subgraphs ---- */

/** At its "{". */
static bool open_subgraph(Dot *dot, bool named, guint set) {
  if (dot->frames->len > DEPTH_MAX) {
    g_set_error(dot->error, GS_ERROR, GS_ERROR_LIMIT,
                "%s:%" G_GUINT64_FORMAT ": a subgraph in %d others; at most %d are allowed",
                gs_draft_source(dot->draft), dot->scan.token.line, DEPTH_MAX, DEPTH_MAX - 1);
    return false;
  }
  Frame frame = {.number = named ? 2 * set + 1 : 2 * dot->subgraphs++ + 2,
                 .named = named,
                 .set = set,
                 .start = dot->sets.list->len,
                 .mark = gs_dot_mark(&dot->values),
                 .ends = dot->ends->len,
                 .line = dot->scan.token.line};
  g_array_append_val(dot->frames, frame);
  return true;
}

/** "subgraph", with a name or not; without "{" it is one that was there before. */
static bool read_subgraph(Dot *dot) {
  guint64 line = dot->scan.token.line;
  char follows = gs_dot_peek(&dot->scan);
  guint set = 0;
  bool named = follows != '{';
  if (named) {
    if (!next(dot))
      return false;
    if (!gs_dot_is_id(&dot->scan.token) || is_keyword(&dot->scan.token))
      return unexpected(dot, "a name or \"{\" behind \"subgraph\"");
    set = gs_dot_set(&dot->sets, top(dot)->number, dot->scan.token.text, dot->scan.token.length);
  }
  if (gs_dot_peek(&dot->scan) == '{')
    return next(dot) && open_subgraph(dot, named, set);
  return add_end(dot, (End){.kind = A_SET, .first = set, .line = line});
}

/** At the "}" of the graph or a subgraph. */
static bool close_subgraph(Dot *dot) {
  Frame frame = *top(dot);
  g_array_set_size(dot->frames, dot->frames->len - 1);
  gs_dot_undo(&dot->values, frame.mark);
  if (dot->frames->len == 0)
    return true;
  gs_dot_sets_close(&dot->sets, frame.start);
  End end = {.kind = A_SUBGRAPH,
             .first = frame.start,
             .last = dot->sets.list->len,
             .line = dot->scan.token.line};
  if (frame.named) {
    gs_dot_set_add(&dot->sets, frame.set, frame.start);
    end.kind = A_SET;
    end.first = frame.set;
  }
  return add_end(dot, end);
}

/* ---- The graph ---- */

/** What an end may be, or where none is wanted, a statement. */
static bool read_piece(Dot *dot) {
  const GsDotToken *token = &dot->scan.token;
  bool wants_end = top(dot)->wants_end;
  if (!next(dot))
    return false;
  if (gs_dot_is_mark(token, '{'))
    return open_subgraph(dot, false, 0);
  if (gs_dot_is_keyword(token, "subgraph"))
    return read_subgraph(dot);
  if (wants_end)
    return gs_dot_is_id(token) ? read_nodes(dot) : unexpected(dot, "a node or a subgraph");
  if (gs_dot_is_mark(token, ';'))
    return true;
  if (gs_dot_is_mark(token, '}'))
    return close_subgraph(dot);
  if (gs_dot_is_keyword(token, "node") || gs_dot_is_keyword(token, "edge") ||
      gs_dot_is_keyword(token, "graph"))
    return read_defaults(dot);
  if (token->kind == GS_DOT_END) {
    g_autofree char *message =
        g_strdup_printf("\"}\" for the \"{\" in line %" G_GUINT64_FORMAT, top(dot)->line);
    return unexpected(dot, message);
  }
  if (!gs_dot_is_id(token))
    return unexpected(dot, "a node, an edge, a subgraph, an attribute or \"}\"");
  if (gs_dot_peek(&dot->scan) != '=')
    return read_nodes(dot);
  About about = about_graph(dot);
  return read_value(dot, &about);
}

/** "strict digraph name {". */
static bool read_head(Dot *dot) {
  const GsDotToken *token = &dot->scan.token;
  if (!next(dot) || (gs_dot_is_keyword(token, "strict") && !next(dot)))
    return false;
  dot->directed = gs_dot_is_keyword(token, "digraph");
  if (!dot->directed && !gs_dot_is_keyword(token, "graph"))
    return unexpected(dot, "\"graph\" or \"digraph\", of which \"strict\" may stand in front");
  if (dot->directed)
    gs_draft_set_directed(dot->draft);
  if (!next(dot))
    return false;
  if (gs_dot_is_id(token)) {
    gs_dot_values_name(&dot->values, token);
    if (!next(dot))
      return false;
  }
  if (!gs_dot_is_mark(token, '{'))
    return unexpected(dot, "\"{\"");
  Frame frame = {.line = token->line};
  g_array_append_val(dot->frames, frame);
  return true;
}

/** Behind the graph: nothing, or others. */
static bool read_rest(Dot *dot) {
  const GsDotToken *token = &dot->scan.token;
  if (!next(dot))
    return false;
  if (token->kind == GS_DOT_END)
    return true;
  if (!gs_dot_is_keyword(token, "strict") && !gs_dot_is_keyword(token, "graph") &&
      !gs_dot_is_keyword(token, "digraph"))
    return unexpected(dot, "the end of the file, for the graph has ended");
  gs_draft_note(dot->draft, "not-used", (GsOccurrences){1, token->line},
                "the file has more than one graph, and only the first is read", NULL);
  return true;
}

static bool read_all(Dot *dot) {
  if (!read_head(dot))
    return false;
  while (dot->frames->len > 0)
    if (!read_piece(dot))
      return false;
  if (!read_rest(dot))
    return false;
  gs_draft_note(dot->draft, "not-used", dot->ports, "a port of a node is not used",
                "%s ports of nodes are not used");
  gs_dot_values_finish(&dot->values);
  return true;
}

bool gs_read_dot(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                 GError **error) {
  (void)import;
  Dot dot = {.draft = draft, .error = error};
  dot.frames = g_array_new(FALSE, FALSE, sizeof(Frame));
  dot.ends = g_array_new(FALSE, FALSE, sizeof(End));
  dot.name = g_string_new(NULL);
  gs_dot_begin(&dot.scan, draft, text, length);
  gs_dot_values_begin(&dot.values, draft);
  gs_dot_sets_begin(&dot.sets);
  bool read = read_all(&dot);
  gs_dot_sets_clear(&dot.sets);
  gs_dot_values_clear(&dot.values);
  gs_dot_clear(&dot.scan);
  g_string_free(dot.name, TRUE);
  g_array_unref(dot.ends);
  g_array_unref(dot.frames);
  return read;
}

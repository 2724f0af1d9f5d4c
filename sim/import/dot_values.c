/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/dot_values.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/import/dot_text.h"

/** Longest "x,y!" in bytes. */
#define POSITION_BYTES_MAX 128

/** A value that several nodes or links have. */
typedef struct {
  guint column;
  char *text;
  gsize length;
  bool html;
  guint64 line;
} Shared;

typedef struct {
  GsOf of;
  guint slot;
  Shared before;
} Undo;

typedef struct {
  double x, y;
  guint64 line;
} Position;

static void clear_shared(gpointer data) {
  g_free(((Shared *)data)->text);
}

static void clear_undo(gpointer data) {
  g_free(((Undo *)data)->before.text);
}

void gs_dot_values_begin(GsDotValues *values, GsDraft *draft) {
  *values = (GsDotValues){.draft = draft, .text = g_string_new(NULL)};
  for (guint i = 0; i < G_N_ELEMENTS(values->defaults); i++) {
    values->defaults[i] = g_array_new(FALSE, FALSE, sizeof(Shared));
    g_array_set_clear_func(values->defaults[i], clear_shared);
  }
  values->undo = g_array_new(FALSE, FALSE, sizeof(Undo));
  g_array_set_clear_func(values->undo, clear_undo);
  values->gathered = g_array_new(FALSE, FALSE, sizeof(Shared));
  g_array_set_clear_func(values->gathered, clear_shared);
  values->positions = g_array_new(FALSE, FALSE, sizeof(Position));
  values->label = gs_draft_column(draft, GS_OF_NODES, "label", GS_ROLE_BY_NAME);
  values->pos = gs_draft_column(draft, GS_OF_NODES, "pos", GS_ROLE_UNUSED);
}

void gs_dot_values_clear(GsDotValues *values) {
  g_free(values->graph);
  for (guint i = 0; i < G_N_ELEMENTS(values->defaults); i++)
    g_clear_pointer(&values->defaults[i], g_array_unref);
  g_clear_pointer(&values->undo, g_array_unref);
  g_clear_pointer(&values->gathered, g_array_unref);
  g_clear_pointer(&values->positions, g_array_unref);
  if (values->text)
    g_string_free(values->text, TRUE);
  values->text = NULL;
}

void gs_dot_values_name(GsDotValues *values, const GsDotToken *id) {
  g_free(values->graph);
  values->graph = g_strndup(id->text, id->length);
}

/* ---- Values ---- */

/** The label that is drawn. It stands until the next one is made. */
static const GString *drawn(GsDotValues *values, const char *text, gsize length, const char *node,
                            guint64 line) {
  guint unknown = 0;
  g_string_truncate(values->text, 0);
  gs_dot_append_label(values->text, text, length, node, values->graph, &unknown);
  if (unknown > 0)
    gs_occurs(&values->entities, line);
  return values->text;
}

/** A node that has no label, or none that can be used, is drawn with its id. */
static void say_id(GsDotValues *values, uint32_t node, guint64 line) {
  const char *id = gs_draft_id(values->draft, node);
  const GString *text = drawn(values, id, strlen(id), NULL, line);
  gs_draft_say(values->draft, GS_OF_NODES, values->label, node, text->str, text->len, line);
}

static void say_label(GsDotValues *values, guint column, uint32_t node, const GsDotToken *value) {
  if (value->kind == GS_DOT_HTML)
    gs_occurs(&values->html_labels, value->line);
  if (value->kind == GS_DOT_HTML || value->length == 0) {
    if (column == values->label)
      say_id(values, node, value->line);
    return;
  }
  const GString *text =
      drawn(values, value->text, value->length, gs_draft_id(values->draft, node), value->line);
  gs_draft_say(values->draft, GS_OF_NODES, column, node, text->str, text->len, value->line);
}

/** "x,y", "x,y!" and "x,y,z": false: it is nothing of that. */
static bool read_position(const GsDotToken *value, Position *position) {
  char text[POSITION_BYTES_MAX + 1], *end;
  if (value->length > POSITION_BYTES_MAX)
    return false;
  g_strlcpy(text, value->text, value->length + 1);
  position->x = g_ascii_strtod(text, &end);
  if (end == text || *end != ',')
    return false;
  const char *rest = end + 1;
  position->y = g_ascii_strtod(rest, &end);
  return end > rest && (*end == '\0' || *end == '!' || *end == ',') && isfinite(position->x) &&
         isfinite(position->y);
}

static void say_position(GsDotValues *values, uint32_t node, const GsDotToken *value) {
  Position position = {.line = value->line};
  const Position nowhere = {.x = (double)NAN};
  if (value->length == 0)
    return;
  if (!read_position(value, &position)) {
    gs_occurs(&values->no_places, value->line);
    return;
  }
  gs_occurs(&values->places, value->line);
  while (values->positions->len <= node)
    g_array_append_val(values->positions, nowhere);
  g_array_index(values->positions, Position, node) = position;
}

static void say_of_node(GsDotValues *values, guint column, uint32_t node, const GsDotToken *value) {
  GsRole role = gs_draft_role(values->draft, GS_OF_NODES, column);
  if (column == values->pos) {
    say_position(values, node, value);
    return;
  }
  if (role == GS_ROLE_LABEL) {
    say_label(values, column, node, value);
    return;
  }
  values->x |= role == GS_ROLE_X;
  values->y |= role == GS_ROLE_Y;
  values->longitude |= role == GS_ROLE_LONGITUDE;
  values->latitude |= role == GS_ROLE_LATITUDE;
  gs_draft_say(values->draft, GS_OF_NODES, column, node, value->text, value->length, value->line);
}

static void say_of_graph(GsDotValues *values, guint column, const GsDotToken *value) {
  GsRole role = gs_draft_role(values->draft, GS_OF_GRAPH, column);
  if (role == GS_ROLE_LABEL && value->kind == GS_DOT_HTML) {
    gs_occurs(&values->html_labels, value->line);
  } else if (role == GS_ROLE_UNUSED) {
    gs_draft_say(values->draft, GS_OF_GRAPH, column, 0, value->text, value->length, value->line);
  } else {
    const GString *text = drawn(values, value->text, value->length, NULL, value->line);
    values->named |= role == GS_ROLE_LABEL && text->len > 0;
    gs_draft_say(values->draft, GS_OF_GRAPH, column, 0, text->str, text->len, value->line);
  }
}

/** There is one column of latencies, so that each of many links has one text of them. */
static guint find_column(GsDotValues *values, GsOf of, const char *name) {
  bool latency = of == GS_OF_LINKS && g_ascii_strcasecmp(name, "latency") == 0;
  return gs_draft_column(values->draft, of, latency ? "latency" : name, GS_ROLE_BY_NAME);
}

static bool is_used(const GsDotValues *values, GsOf of, guint column) {
  return gs_draft_role(values->draft, of, column) != GS_ROLE_UNUSED ||
         (of == GS_OF_NODES && column == values->pos);
}

void gs_dot_say(GsDotValues *values, GsOf of, uint32_t index, const char *name,
                const GsDotToken *value) {
  guint column = find_column(values, of, name);
  if (of == GS_OF_GRAPH)
    say_of_graph(values, column, value);
  else if (of == GS_OF_NODES)
    say_of_node(values, column, index, value);
  else
    gs_draft_say(values->draft, of, column, index, value->text, value->length, value->line);
}

/* ---- Defaults ---- */

/** The place of the column's value among those that are kept, made where there is none. */
static bool find_slot(GsDotValues *values, GArray *kept, GsOf of, guint column,
                      const GsDotToken *value, guint *slot, GError **error) {
  gsize most = of == GS_OF_NODES ? GS_DOT_NODES_VALUE_BYTES_MAX : GS_DOT_LINKS_VALUE_BYTES_MAX;
  *slot = 0;
  while (*slot < kept->len && g_array_index(kept, Shared, *slot).column != column)
    (*slot)++;
  /* Of HTML only that it is there counts. */
  if (value->kind != GS_DOT_HTML && value->length > most) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
                "%s:%" G_GUINT64_FORMAT ": a value of %" G_GSIZE_FORMAT
                " bytes for several %s; at most %" G_GSIZE_FORMAT " are allowed",
                gs_draft_source(values->draft), value->line, value->length,
                of == GS_OF_NODES ? "nodes" : "links", most);
    return false;
  }
  if (*slot == GS_DOT_SHARED_MAX) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
                "%s:%" G_GUINT64_FORMAT
                ": more than %d names of labels, energies and places for several nodes; at most so "
                "many are allowed",
                gs_draft_source(values->draft), value->line, GS_DOT_SHARED_MAX);
    return false;
  }
  if (*slot == kept->len) {
    Shared none = {.column = column};
    g_array_append_val(kept, none);
  }
  return true;
}

static Shared shared(guint column, const GsDotToken *value) {
  bool html = value->kind == GS_DOT_HTML;
  gsize length = html ? 0 : value->length;
  return (Shared){column, g_strndup(value->text, length), length, html, value->line};
}

/** Whether nothing is made of it; then that is counted once, however many it is of. */
static bool is_only_counted(GsDotValues *values, GsOf of, guint column, const GsDotToken *value) {
  if (is_used(values, of, column))
    return false;
  gs_draft_say(values->draft, of, column, 0, value->text, value->length, value->line);
  return true;
}

bool gs_dot_default(GsDotValues *values, GsOf of, const char *name, const GsDotToken *value,
                    GError **error) {
  guint column = find_column(values, of, name), slot;
  if (is_only_counted(values, of, column, value))
    return true;
  if (!find_slot(values, values->defaults[of], of, column, value, &slot, error))
    return false;
  Shared *now = &g_array_index(values->defaults[of], Shared, slot);
  Undo undo = {of, slot, *now};
  g_array_append_val(values->undo, undo);
  *now = shared(column, value);
  return true;
}

bool gs_dot_gather(GsDotValues *values, GsOf of, const char *name, const GsDotToken *value,
                   GError **error) {
  guint column = find_column(values, of, name), slot;
  if (is_only_counted(values, of, column, value))
    return true;
  if (!find_slot(values, values->gathered, of, column, value, &slot, error))
    return false;
  Shared *now = &g_array_index(values->gathered, Shared, slot);
  g_free(now->text);
  *now = shared(column, value);
  return true;
}

static GsDotToken token_of(const Shared *one, guint64 line) {
  return (GsDotToken){.kind = one->html ? GS_DOT_HTML : GS_DOT_QUOTED,
                      .text = one->text,
                      .length = one->length,
                      .line = line};
}

void gs_dot_spread(GsDotValues *values, const uint32_t *nodes, uint32_t first, uint32_t count) {
  for (guint k = 0; k < values->gathered->len; k++) {
    const Shared *one = &g_array_index(values->gathered, Shared, k);
    GsDotToken value = token_of(one, one->line);
    for (uint32_t i = 0; i < count; i++)
      if (nodes)
        say_of_node(values, one->column, nodes[i], &value);
      else
        gs_draft_say(values->draft, GS_OF_LINKS, one->column, first + i, value.text, value.length,
                     value.line);
  }
  g_array_set_size(values->gathered, 0);
}

guint gs_dot_mark(const GsDotValues *values) {
  return values->undo->len;
}

void gs_dot_undo(GsDotValues *values, guint mark) {
  for (guint i = values->undo->len; i > mark; i--) {
    Undo *undo = &g_array_index(values->undo, Undo, i - 1);
    Shared *now = &g_array_index(values->defaults[undo->of], Shared, undo->slot);
    char *text = now->text;
    *now = undo->before;
    undo->before.text = text;
  }
  g_array_set_size(values->undo, mark);
}

/** A default of which nothing was said, or no more, has no text. */
static bool next_default(const GArray *defaults, guint64 line, guint *at, guint *column,
                         GsDotToken *value) {
  while (*at < defaults->len && !g_array_index(defaults, Shared, *at).text)
    (*at)++;
  if (*at == defaults->len)
    return false;
  const Shared *one = &g_array_index(defaults, Shared, (*at)++);
  *column = one->column;
  *value = token_of(one, line);
  return true;
}

/* ---- Nodes and links ---- */

uint32_t gs_dot_node(GsDotValues *values, const GsDotToken *id) {
  uint32_t before = gs_draft_nodes(values->draft);
  uint32_t node = gs_draft_node(values->draft, id->text, id->length);
  if (node != before)
    return node;
  if (id->kind == GS_DOT_HTML)
    gs_occurs(&values->html_ids, id->line);
  else if (memchr(id->text, '\\', id->length) || memchr(id->text, '&', id->length))
    say_id(values, node, id->line);
  guint column;
  GsDotToken value;
  for (guint at = 0; next_default(values->defaults[GS_OF_NODES], id->line, &at, &column, &value);)
    say_of_node(values, column, node, &value);
  return node;
}

uint32_t gs_dot_link(GsDotValues *values, uint32_t from, uint32_t to, guint64 line) {
  uint32_t link = gs_draft_link(values->draft, from, to, line);
  guint column;
  GsDotToken value;
  for (guint at = 0; next_default(values->defaults[GS_OF_LINKS], line, &at, &column, &value);)
    gs_draft_say(values->draft, GS_OF_LINKS, column, link, value.text, value.length, line);
  return link;
}

/* ---- At the end ---- */

static void say_number(GsDraft *draft, guint column, uint32_t node, double number, guint64 line) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_dtostr(text, sizeof text, number);
  gs_draft_say(draft, GS_OF_NODES, column, node, text, strlen(text), line);
}

static void take_positions(GsDotValues *values) {
  GsDraft *draft = values->draft;
  if ((values->x && values->y) || (values->longitude && values->latitude)) {
    gs_draft_note(draft, "not-used", values->places,
                  "\"pos\" of a node is not used, for the file has other places",
                  "\"pos\" of %s nodes is not used, for the file has other places");
    return;
  }
  if (values->places.count == 0)
    return;
  guint x = gs_draft_column(draft, GS_OF_NODES, "x of pos", GS_ROLE_X);
  guint y = gs_draft_column(draft, GS_OF_NODES, "y of pos", GS_ROLE_Y);
  for (guint i = 0; i < values->positions->len; i++) {
    const Position *position = &g_array_index(values->positions, Position, i);
    if (isnan(position->x))
      continue;
    say_number(draft, x, i, position->x, position->line);
    say_number(draft, y, i, position->y, position->line);
  }
}

void gs_dot_values_finish(GsDotValues *values) {
  GsDraft *draft = values->draft;
  if (!values->named && values->graph) {
    guint column = gs_draft_column(draft, GS_OF_GRAPH, "label", GS_ROLE_BY_NAME);
    const GString *text = drawn(values, values->graph, strlen(values->graph), NULL, 1);
    gs_draft_say(draft, GS_OF_GRAPH, column, 0, text->str, text->len, 1);
  }
  take_positions(values);
  gs_draft_note(draft, "not-used", values->no_places, "a \"pos\" is not x,y, and not used",
                "%s times \"pos\" is not x,y, and not used");
  gs_draft_note(draft, "not-used", values->html_labels, "a label in HTML is not used",
                "%s labels in HTML are not used");
  gs_draft_note(draft, "not-used", values->html_ids,
                "an id in HTML is taken as the text that stands there",
                "%s ids in HTML are taken as the texts that stand there");
  gs_draft_note(draft, "not-used", values->entities,
                "a label has an entity that is not known and stays as it is",
                "%s labels have entities that are not known and stay as they are");
  gs_draft_note(draft, "not-used", values->of_subgraphs, "an attribute of a subgraph is not used",
                "%s attributes of subgraphs are not used");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/graphml_keys.h"
#include "sim/import/graphml_notes.h"
#include "sim/import/graphml_tags.h"
#include "sim/import/readers.h"

/* The format is described at graphml.graphdrawing.org; what yEd and others put into <data> is
 * theirs. */

/** Largest hyperedge: it becomes links between each two of its nodes. */
#define HYPEREDGE_NODES_MAX 100

/** What an element is; those in an OTHER are OTHERs. */
typedef enum {
  OTHER, /**< left out, with all that is in it */
  ROOT,
  KEY,
  DEFAULT,
  GRAPH,
  NODE,
  LINK,
  HYPEREDGE,
  DATA,
  DRAWING, /**< within data */
  LABEL,   /**< within that: text of a label */
} Part;

/** An element that has begun and not ended. */
typedef struct {
  Part part;
  uint32_t index;        /**< of its node or link */
  bool directed;         /**< what links of this graph are if they do not say it */
  bool nested;           /**< a graph within a node or link */
  bool labelled, placed; /**< a drawing said so of this node */
} Frame;

typedef struct {
  GsDraft *draft;
  GsXml *xml;
  const char *text; /**< all of the file */
  gsize length;
  GsKeys keys;
  bool keys_only, all_keys; /**< only keys are looked at; that was done */
  Frame frames[GS_XML_DEPTH_MAX + 1];
  GsXmlEvent event;
  GsKey *key;     /**< of the data or default that has begun, or NULL */
  GString *said;  /**< text of it */
  GString *label; /**< text of a label within it */
  guint elements; /**< within it */
  guint64 said_line;
  GArray *ends; /**< uint32_t: nodes of the hyperedge that has begun */
  GsGraphmlOccurrences occurrences;
  GError **error;
} Reading;

static Frame *frame_at(Reading *reading, guint depth) {
  return &reading->frames[depth];
}

static bool wrong_without(Reading *reading, const char *element, const char *attribute) {
  return gs_read_wrong(reading->draft, reading->event.line, reading->error,
                       "<%s> has no \"%s\", and must have it", element, attribute);
}

/* ---- Attributes of elements ---- */

/** Says what attributes of an element besides these say. */
static void say_attributes(Reading *reading, GsOf of, uint32_t index, const char *const *known) {
  guint count;
  const GsXmlAttribute *list = gs_xml_attributes(reading->xml, &count);
  for (guint i = 0; i < count; i++) {
    const GsXmlAttribute *one = &list[i];
    if (!one->prefixed &&
        (g_strv_contains(known, one->name) || g_str_has_prefix(one->name, "parse.")))
      continue;
    guint column = gs_draft_column(reading->draft, of, one->name,
                                   one->prefixed ? GS_ROLE_UNUSED : GS_ROLE_BY_NAME);
    gs_draft_say(reading->draft, of, column, index, one->value, strlen(one->value),
                 reading->event.line);
  }
}

/* ---- Elements that begin ---- */

static bool start_key(Reading *reading, Frame *frame, const Frame *parent) {
  (void)frame, (void)parent;
  reading->key = gs_keys_declare(&reading->keys, reading->xml, &reading->event);
  return true;
}

static bool start_default(Reading *reading, Frame *frame, const Frame *parent) {
  (void)frame, (void)parent;
  g_string_truncate(reading->said, 0);
  reading->elements = 0;
  return true;
}

static bool start_graph(Reading *reading, Frame *frame, const Frame *parent) {
  static const char *const known[] = {"id", "edgedefault", NULL};
  const char *direction = gs_xml_attribute(reading->xml, "edgedefault");
  frame->directed = direction && strcmp(direction, "directed") == 0;
  frame->nested = parent->part != ROOT;
  frame->index = 0;
  if (parent->part == NODE)
    gs_occurs(&reading->occurrences.groups, reading->event.line);
  if (reading->keys_only) {
    frame->part = OTHER;
  } else if (!frame->nested && gs_draft_nodes(reading->draft) > 0) {
    gs_occurs(&reading->occurrences.more_graphs, reading->event.line);
    frame->part = OTHER;
  } else if (!frame->nested) {
    say_attributes(reading, GS_OF_GRAPH, 0, known);
  }
  return true;
}

static bool start_node(Reading *reading, Frame *frame, const Frame *parent) {
  static const char *const known[] = {"id", "yfiles.foldertype", NULL};
  const char *id = gs_xml_attribute(reading->xml, "id");
  (void)parent;
  if (!id || !*id)
    return wrong_without(reading, "node", "id");
  if (!gs_draft_declare(reading->draft, id, strlen(id), reading->event.line, &frame->index,
                        reading->error))
    return false;
  say_attributes(reading, GS_OF_NODES, frame->index, known);
  return gs_draft_fits(reading->draft, reading->error);
}

static bool start_link(Reading *reading, Frame *frame, const Frame *parent) {
  static const char *const known[] = {"id",         "source",     "target", "directed",
                                      "sourceport", "targetport", NULL};
  const char *from = gs_xml_attribute(reading->xml, "source");
  const char *to = gs_xml_attribute(reading->xml, "target");
  const char *directed = gs_xml_attribute(reading->xml, "directed");
  if (!from || !*from || !to || !*to)
    return wrong_without(reading, "edge", from && *from ? "target" : "source");
  guint64 line = reading->event.line;
  uint32_t one = gs_draft_end(reading->draft, from, strlen(from), line);
  uint32_t other = gs_draft_end(reading->draft, to, strlen(to), line);
  frame->index = gs_draft_link(reading->draft, one, other, line);
  if (directed ? strcmp(directed, "true") == 0 || strcmp(directed, "1") == 0 : parent->directed)
    gs_draft_set_directed(reading->draft);
  if (gs_xml_attribute(reading->xml, "sourceport") || gs_xml_attribute(reading->xml, "targetport"))
    gs_occurs(&reading->occurrences.port_links, line);
  say_attributes(reading, GS_OF_LINKS, frame->index, known);
  return gs_draft_fits(reading->draft, reading->error);
}

static bool start_hyperedge(Reading *reading, Frame *frame, const Frame *parent) {
  (void)frame, (void)parent;
  g_array_set_size(reading->ends, 0);
  return true;
}

static bool start_endpoint(Reading *reading, Frame *frame, const Frame *parent) {
  const char *id = gs_xml_attribute(reading->xml, "node");
  (void)parent;
  frame->part = OTHER;
  if (!id || !*id)
    return wrong_without(reading, "endpoint", "node");
  if (reading->ends->len == HYPEREDGE_NODES_MAX)
    return gs_read_wrong(reading->draft, reading->event.line, reading->error,
                         "a hyperedge of more than %d nodes; at most so many are allowed, since "
                         "it becomes links between each two of them",
                         HYPEREDGE_NODES_MAX);
  uint32_t node = gs_draft_end(reading->draft, id, strlen(id), reading->event.line);
  g_array_append_val(reading->ends, node);
  if (gs_xml_attribute(reading->xml, "port"))
    gs_occurs(&reading->occurrences.port_links, reading->event.line);
  return gs_draft_fits(reading->draft, reading->error);
}

static bool read_late_keys(Reading *reading);

static bool start_data(Reading *reading, Frame *frame, const Frame *parent) {
  const char *id = gs_xml_attribute(reading->xml, "key");
  (void)parent;
  g_string_truncate(reading->said, 0);
  g_string_truncate(reading->label, 0);
  reading->elements = 0;
  reading->said_line = reading->event.line;
  if (reading->keys_only) {
    frame->part = OTHER;
    return true;
  }
  if (!id)
    return wrong_without(reading, "data", "key");
  reading->key = gs_keys_find(&reading->keys, id);
  if (!reading->key && !reading->all_keys) {
    g_autofree char *copy = g_strdup(id);
    if (!read_late_keys(reading))
      return false;
    reading->key = gs_keys_find(&reading->keys, copy);
  }
  if (!reading->key) {
    gs_occurs(&reading->occurrences.no_key, reading->event.line);
    frame->part = OTHER;
  }
  return true;
}

static bool start_port(Reading *reading, Frame *frame, const Frame *parent) {
  (void)parent;
  gs_occurs(&reading->occurrences.ports, reading->event.line);
  frame->part = OTHER;
  return true;
}

/* ---- What yEd draws ---- */

static double number_of(const GsXml *xml, const char *name) {
  const char *text = gs_xml_attribute(xml, name);
  return text ? g_ascii_strtod(text, NULL) : 0;
}

/** The middle of a rectangle, y growing down. */
static void place(Reading *reading, Frame *node, const char *const *names) {
  if (node->placed || !gs_xml_attribute(reading->xml, names[0]) ||
      !gs_xml_attribute(reading->xml, names[1]))
    return;
  node->placed = true;
  for (guint i = 0; i < 2; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double middle = number_of(reading->xml, names[i]) + number_of(reading->xml, names[i + 2]) / 2;
    g_ascii_dtostr(text, sizeof text, middle);
    guint column = gs_draft_column(reading->draft, GS_OF_NODES, i ? "Geometry.y" : "Geometry.x",
                                   i ? GS_ROLE_DOWN_Y : GS_ROLE_X);
    gs_draft_say(reading->draft, GS_OF_NODES, column, node->index, text, strlen(text),
                 reading->event.line);
  }
}

/** The element that data are of: a node, a link, a graph, a hyperedge or the file. */
static Frame *owner_of_data(Reading *reading, guint depth) {
  while (depth > 0 && frame_at(reading, depth)->part != DATA)
    depth--;
  return frame_at(reading, depth - 1);
}

/** The first label of a node counts. */
static void say_label(Reading *reading, Frame *owner, const char *text) {
  bool of_node = owner->part == NODE;
  if (!*text || (!of_node && owner->part != LINK))
    return;
  if (of_node && owner->labelled) {
    gs_occurs(&reading->occurrences.more_labels, reading->event.line);
    return;
  }
  owner->labelled = true;
  GsOf of = of_node ? GS_OF_NODES : GS_OF_LINKS;
  guint column = gs_draft_column(reading->draft, of, of_node ? "NodeLabel" : "EdgeLabel",
                                 of_node ? GS_ROLE_LABEL : GS_ROLE_UNUSED);
  gs_draft_say(reading->draft, of, column, owner->index, text, strlen(text), reading->event.line);
}

/** An element within data. */
static void start_drawing(Reading *reading, Frame *frame) {
  static const char *const geometry[] = {"x", "y", "width", "height"};
  static const char *const rectangle[] = {"X", "Y", "Width", "Height"};
  const char *name = reading->event.name;
  Frame *owner = owner_of_data(reading, reading->event.depth - 1);
  reading->elements++;
  frame->part = DRAWING;
  if (owner->part == NODE && strcmp(name, "Geometry") == 0)
    place(reading, owner, geometry);
  else if (owner->part == NODE && strcmp(name, "RectD") == 0)
    place(reading, owner, rectangle);
  else if (strcmp(name, "Label") == 0 && gs_xml_attribute(reading->xml, "Text"))
    say_label(reading, owner, gs_xml_attribute(reading->xml, "Text"));
  else if (strcmp(name, "NodeLabel") == 0 || strcmp(name, "EdgeLabel") == 0 ||
           strcmp(name, "Label.Text") == 0) {
    frame->part = LABEL;
    g_string_truncate(reading->label, 0);
  }
}

/* ---- Elements that end ---- */

/** What data say of an element; of a drawing only that it is there. */
static void end_data(Reading *reading, const Frame *owner) {
  const char *text = g_strstrip(reading->said->str);
  bool drawn = !*text && reading->elements > 0;
  GsOf of = owner->part == NODE ? GS_OF_NODES : owner->part == LINK ? GS_OF_LINKS : GS_OF_GRAPH;
  if (owner->part == HYPEREDGE || owner->nested) {
    gs_occurs(&reading->occurrences.lost_data, reading->said_line);
    return;
  }
  if (drawn && of == GS_OF_NODES && (owner->labelled || owner->placed)) {
    gs_occurs(&reading->occurrences.drawings, reading->said_line);
    return;
  }
  uint32_t same;
  /* Its own id once more. */
  if (of == GS_OF_NODES && strcmp(reading->key->name, "id") == 0 &&
      gs_draft_find(reading->draft, text, strlen(text), &same) && same == owner->index)
    return;
  /* An empty list of pictures, as yEd writes it at the end. */
  if (drawn && owner->part == ROOT && reading->elements == 1)
    return;
  guint column = drawn ? gs_draft_column(reading->draft, of, reading->key->name, GS_ROLE_UNUSED)
                       : gs_key_column(reading->key, reading->draft, of);
  text = drawn ? "drawn" : text;
  gs_draft_say(reading->draft, of, column, owner->index, text, strlen(text), reading->said_line);
}

/** The links of a hyperedge. */
static bool end_hyperedge(Reading *reading) {
  const uint32_t *ends = (const uint32_t *)(const void *)reading->ends->data;
  guint count = reading->ends->len;
  guint64 line = reading->event.line;
  for (guint i = 0; i < count; i++)
    for (guint k = i + 1; k < count; k++)
      gs_draft_link(reading->draft, ends[i], ends[k], line);
  gs_occurs(count < 2 ? &reading->occurrences.small_hyperedges : &reading->occurrences.hyperedges,
            line);
  return gs_draft_fits(reading->draft, reading->error);
}

static bool end_element(Reading *reading) {
  guint depth = reading->event.depth;
  switch (frame_at(reading, depth)->part) {
  case KEY:
    reading->key = NULL;
    return true;
  case DEFAULT:
    if (reading->key && reading->elements == 0)
      gs_key_say_default(reading->key, reading->draft, g_strstrip(reading->said->str),
                         reading->event.line);
    return true;
  case DATA:
    end_data(reading, frame_at(reading, depth - 1));
    reading->key = NULL;
    return true;
  case LABEL:
    say_label(reading, owner_of_data(reading, depth), g_strstrip(reading->label->str));
    return true;
  case HYPEREDGE:
    return end_hyperedge(reading);
  default:
    return true;
  }
}

/* ---- All elements ---- */

static const struct {
  Part parent;
  const char *name;
  Part part;
  bool (*start)(Reading *, Frame *, const Frame *); /**< may make an OTHER of it */
} elements[] = {
    {GRAPH, "node", NODE, start_node},
    {GRAPH, "edge", LINK, start_link},
    {NODE, "data", DATA, start_data},
    {LINK, "data", DATA, start_data},
    {GRAPH, "data", DATA, start_data},
    {ROOT, "data", DATA, start_data},
    {HYPEREDGE, "data", DATA, start_data},
    {ROOT, "key", KEY, start_key},
    {KEY, "default", DEFAULT, start_default},
    {ROOT, "graph", GRAPH, start_graph},
    {NODE, "graph", GRAPH, start_graph},
    {LINK, "graph", GRAPH, start_graph},
    {NODE, "port", OTHER, start_port},
    {GRAPH, "hyperedge", HYPEREDGE, start_hyperedge},
    {HYPEREDGE, "endpoint", OTHER, start_endpoint},
};

/** One that GraphML has not in that place. */
static void leave_out(Reading *reading, const Frame *parent) {
  const char *name = reading->event.name;
  GsGraphmlOccurrences *occurrences = &reading->occurrences;
  bool known = !reading->event.foreign;
  /* What a key is for is nothing that is said of the graph. */
  if (parent->part == KEY)
    return;
  gs_occurs(known && strcmp(name, "desc") == 0      ? &occurrences->descriptions
            : known && strcmp(name, "locator") == 0 ? &occurrences->locators
                                                    : &occurrences->unknown,
            reading->event.line);
}

static bool start_root(Reading *reading, Frame *frame) {
  g_autofree char *shown = gs_shown(reading->event.name, strlen(reading->event.name));
  frame->part = ROOT;
  return strcmp(reading->event.name, "graphml") == 0 ||
         gs_read_wrong(reading->draft, reading->event.line, reading->error,
                       "begins with the element %s; GraphML begins with \"graphml\"", shown);
}

static bool start_element(Reading *reading) {
  guint depth = reading->event.depth;
  if (depth > GS_XML_DEPTH_MAX)
    return gs_read_wrong(reading->draft, reading->event.line, reading->error, "is too deep");
  Frame *frame = frame_at(reading, depth);
  *frame = (Frame){.part = OTHER};
  if (depth == 0)
    return start_root(reading, frame);
  const Frame *parent = frame_at(reading, depth - 1);
  switch (parent->part) {
  case OTHER:
    return true;
  case DEFAULT:
    reading->elements++;
    return true;
  case DATA:
  case DRAWING:
  case LABEL:
    start_drawing(reading, frame);
    return true;
  default:
    break;
  }
  for (guint i = 0; !reading->event.foreign && i < G_N_ELEMENTS(elements); i++)
    if (elements[i].parent == parent->part && strcmp(elements[i].name, reading->event.name) == 0) {
      frame->part = elements[i].part;
      return elements[i].start(reading, frame, parent);
    }
  leave_out(reading, parent);
  return true;
}

static void take_text(Reading *reading) {
  Part part = reading->event.depth > 0 ? frame_at(reading, reading->event.depth - 1)->part : OTHER;
  if (part == DATA || part == DEFAULT)
    g_string_append(reading->said, reading->event.text);
  else if (part == LABEL)
    g_string_append(reading->label, reading->event.text);
}

/** All of the file, or with `keys_only` its keys. */
static bool read_all(Reading *reading) {
  bool good = true;
  reading->xml = gs_xml_open(reading->draft, reading->text, reading->length, reading->error);
  reading->said = g_string_new(NULL);
  reading->label = g_string_new(NULL);
  reading->ends = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  if (!reading->xml)
    good = false;
  while (good) {
    good = gs_xml_next(reading->xml, &reading->event, reading->error);
    if (!good || reading->event.kind == GS_XML_DONE)
      break;
    if (reading->event.kind == GS_XML_START)
      good = start_element(reading);
    else if (reading->event.kind == GS_XML_END)
      good = end_element(reading);
    else
      take_text(reading);
  }
  g_array_unref(reading->ends);
  g_string_free(reading->label, TRUE);
  g_string_free(reading->said, TRUE);
  gs_xml_free(reading->xml);
  return good;
}

/** Keys may be declared behind the data that have them, which is seldom: the file is read twice. */
static bool read_late_keys(Reading *reading) {
  Reading other = {.draft = reading->draft,
                   .text = reading->text,
                   .length = reading->length,
                   .keys = reading->keys,
                   .keys_only = true,
                   .error = reading->error};
  reading->all_keys = true;
  return read_all(&other);
}

bool gs_read_graphml(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                     GError **error) {
  (void)import;
  Reading reading = {.draft = draft, .text = text, .length = length, .error = error};
  gs_keys_init(&reading.keys);
  /* Of several columns of labels the first counts: people see these. */
  gs_draft_column(draft, GS_OF_NODES, "NodeLabel", GS_ROLE_LABEL);
  bool good = read_all(&reading) && gs_draft_all_declared(draft, error);
  reading.occurrences.repeated_keys = reading.keys.repeated;
  if (good)
    gs_graphml_note(draft, &reading.occurrences);
  gs_keys_clear(&reading.keys);
  return good;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_svg.h"

#include <math.h>
#include <stdbool.h>

#include "sim/base/text.h"
#include "sim/base/xml_text.h"
#include "sim/report/graph_labels.h"

/** Side of what the points fill, and room around it. */
#define SIDE 800.0
#define MARGIN 50.0
/** Widest label that fits into a node, in characters. */
#define INSIDE_WIDTH 4
/** Where a label beside a node is cut; the whole name is in the node's title. */
#define BESIDE_WIDTH 16
#define BESIDE_SIZE 13.0
/** Width of a column of text, as a share of its size, and height of a line. */
#define COLUMN_WIDTH 0.62
#define LINE_HEIGHT 1.15

static const char style_text[] =
    "  <style>\n"
    "    .links { fill: none; stroke: #8b93a1; }\n"
    "    .nodes { fill: #2f7fd1; stroke: #ffffff; stroke-opacity: 0.6; }\n"
    "    text { font-family: system-ui, sans-serif; text-anchor: middle; unicode-bidi: plaintext; "
    "}\n"
    "    .inside { fill: #ffffff; }\n"
    "    .beside { fill: #737d8c; }\n"
    "    .start { text-anchor: start; }\n"
    "    .end { text-anchor: end; }\n"
    "  </style>\n";

static void append_number(GString *out, double value) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.1f", value));
}

static void append_point(GString *out, GsPoint point) {
  append_number(out, point.x);
  g_string_append_c(out, ' ');
  append_number(out, point.y);
}

static GsPoint place_of(const GsGraphPicture *picture, uint32_t node) {
  GsPoint point = picture->points[node];
  return (GsPoint){MARGIN + SIDE * point.x, MARGIN + SIDE * point.y};
}

/** On a map some are close to each other: where there are few, the nearest two do not overlap. */
static double map_spacing(const GsGraphPicture *picture) {
  uint32_t nodes = picture->graph->nodes;
  double step = SIDE * (nodes <= GS_SVG_LABELS_MAX ? 0.5 : 0.25) / sqrt(nodes + 4.0);
  double nearest = step;
  for (uint32_t i = 0; nodes <= GS_SVG_LABELS_MAX && i < nodes; i++)
    for (uint32_t k = 0; k < i; k++)
      nearest = fmin(nearest, hypot(picture->points[i].x - picture->points[k].x,
                                    picture->points[i].y - picture->points[k].y) *
                                  SIDE);
  return fmax(nearest * 1.6, step / 4);
}

/** About how far nodes are from their nearest neighbours. */
static double spacing(const GsGraphPicture *picture) {
  uint32_t nodes = picture->graph->nodes;
  if (picture->graph->places)
    return map_spacing(picture);
  switch (picture->kind) {
  case GS_TOPOLOGY_RING:
  case GS_TOPOLOGY_STAR:
  case GS_TOPOLOGY_COMPLETE:
  case GS_TOPOLOGY_WATTS_STROGATZ:
    return SIDE * G_PI / nodes;
  case GS_TOPOLOGY_LINE:
  case GS_TOPOLOGY_TREE:
    return SIDE * 0.6 / sqrt(nodes);
  case GS_TOPOLOGY_LATTICE:
    return SIDE * 0.8 / sqrt(nodes);
  default: /* by forces: closer in some places than in others */
    return SIDE *
           (nodes <= GS_SVG_LABELS_MAX      ? 0.8
            : nodes <= GS_LAYOUT_FORCES_MAX ? 0.5
                                            : 0.35) /
           sqrt(nodes);
  }
}

/** A link that would run through other nodes of a row or column goes around them. */
static bool goes_around(const GsGraphPicture *picture, GsEdge edge) {
  uint32_t columns = picture->columns;
  if (picture->kind != GS_TOPOLOGY_LATTICE || columns == 0)
    return false;
  bool same_row = edge.a / columns == edge.b / columns;
  bool same_column = edge.a % columns == edge.b % columns;
  return same_row ? edge.b - edge.a > 1 : same_column && edge.b - edge.a > columns;
}

static void append_link(const GsGraphPicture *picture, GsEdge edge, GString *out) {
  GsPoint a = place_of(picture, edge.a), b = place_of(picture, edge.b);
  g_string_append_c(out, 'M');
  append_point(out, a);
  if (goes_around(picture, edge)) {
    double bend = fmin(0.35 * spacing(picture) * 1.5, MARGIN);
    GsPoint middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
    bool upright = fabs(a.x - b.x) < fabs(a.y - b.y);
    g_string_append_c(out, 'Q');
    append_point(out, upright ? (GsPoint){middle.x + bend, middle.y}
                              : (GsPoint){middle.x, middle.y - bend});
    g_string_append_c(out, ' ');
  } else {
    g_string_append_c(out, 'L');
  }
  append_point(out, b);
}

static void append_links(const GsGraphPicture *picture, double radius, GString *out) {
  const GsGraph *graph = picture->graph;
  double width = CLAMP(radius / 4, 0.4, 2);
  /* Where there are very many, the picture is not to become one blot. */
  if (graph->links > 8 * (double)graph->nodes)
    width *= 0.5;
  g_string_append(out, "  <path class=\"links\" stroke-width=\"");
  append_number(out, fmax(width, 0.3));
  g_string_append(out, "\" d=\"");
  for (uint32_t i = 0; i < graph->links; i++)
    append_link(picture, graph->edges[i], out);
  g_string_append(out, "\"/>\n");
}

/** A name on one line that does not turn around what is beside it. */
static char *clean_name(const char *name) {
  GString *clean = g_string_new(NULL);
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  for (char *at = valid; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    bool turns = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                 (c >= 0x2066 && c <= 0x2069);
    bool breaks = g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029;
    g_string_append_unichar(clean, turns || breaks ? ' ' : c);
  }
  return g_strstrip(g_string_free(clean, FALSE));
}

static void append_text(GString *out, const char *class, double size, GsPoint at,
                        const char *text) {
  g_string_append_printf(out, "    <text class=\"%s\" font-size=\"", class);
  append_number(out, size);
  g_string_append(out, "\" x=\"");
  append_number(out, at.x);
  g_string_append(out, "\" y=\"");
  append_number(out, at.y);
  g_string_append(out, "\">");
  gs_xml_append(out, text);
  g_string_append(out, "</text>\n");
}

/** The names of the nodes as they are shown, and where; NULL: they are not. */
typedef struct {
  char **texts;
  GsLabelPlace *places; /**< of width 0: inside of its node */
} Labels;

static void clear_labels(Labels *labels) {
  g_strfreev(labels->texts);
  g_free(labels->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Labels, clear_labels)

static Labels place_labels(const GsGraphPicture *picture, double radius) {
  const GsGraph *graph = picture->graph;
  if (!graph->labels || graph->nodes > GS_SVG_LABELS_MAX)
    return (Labels){NULL, NULL};
  Labels labels = {g_new0(char *, (gsize)graph->nodes + 1), g_new(GsLabelPlace, graph->nodes)};
  g_autofree GsPoint *points = g_new(GsPoint, graph->nodes);
  g_autofree double *widths = g_new(double, graph->nodes);
  for (uint32_t i = 0; i < graph->nodes; i++) {
    g_autofree char *name = clean_name(graph->labels[i]);
    labels.texts[i] = gs_text_fit(name, BESIDE_WIDTH);
    guint columns = gs_text_width(labels.texts[i]);
    bool inside = radius >= 10 && columns <= INSIDE_WIDTH;
    widths[i] = inside ? 0 : MAX(columns, 1) * COLUMN_WIDTH * BESIDE_SIZE;
    points[i] = place_of(picture, i);
  }
  gs_labels_place(graph, points, radius, widths, LINE_HEIGHT * BESIDE_SIZE, labels.places);
  return labels;
}

static void append_labels(const GsGraphPicture *picture, const Labels *labels, double radius,
                          GString *out) {
  static const char *const classes[] = {[GS_LABEL_START] = "beside start",
                                        [GS_LABEL_MIDDLE] = "beside",
                                        [GS_LABEL_END] = "beside end"};
  g_string_append(out, "  <g>\n");
  for (uint32_t i = 0; i < picture->graph->nodes; i++) {
    const GsLabelPlace *place = &labels->places[i];
    GsPoint at = place_of(picture, i);
    if (place->width > 0) {
      double share = (double[]){0, 0.5, 1}[place->anchor];
      at = (GsPoint){place->left + share * place->width, place->top + 0.8 * place->height};
      append_text(out, classes[place->anchor], BESIDE_SIZE, at, labels->texts[i]);
    } else {
      at.y += radius * 0.75 * 0.36;
      append_text(out, "inside", radius * 0.75, at, labels->texts[i]);
    }
  }
  g_string_append(out, "  </g>\n");
}

static void append_nodes(const GsGraphPicture *picture, double radius, GString *out) {
  const GsGraph *graph = picture->graph;
  g_string_append(out, "  <g class=\"nodes\" stroke-width=\"");
  append_number(out, fmin(1, radius / 4));
  g_string_append(out, "\">\n");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    GsPoint at = place_of(picture, i);
    g_string_append(out, "    <circle cx=\"");
    append_number(out, at.x);
    g_string_append(out, "\" cy=\"");
    append_number(out, at.y);
    g_string_append(out, "\" r=\"");
    append_number(out, radius);
    if (graph->labels && graph->nodes <= GS_SVG_TITLES_MAX) {
      g_autofree char *name = clean_name(graph->labels[i]);
      g_string_append(out, "\"><title>");
      gs_xml_append(out, name);
      g_string_append(out, "</title></circle>\n");
    } else {
      g_string_append(out, "\"/>\n");
    }
  }
  g_string_append(out, "  </g>\n");
}

/** What is to be seen: nodes with a margin, and all names. */
static void append_view_box(const GsGraphPicture *picture, const Labels *labels, GString *out) {
  double left = INFINITY, right = 0, top = INFINITY, bottom = 0;
  for (uint32_t i = 0; i < picture->graph->nodes; i++) {
    GsPoint at = place_of(picture, i);
    left = fmin(left, at.x - MARGIN);
    right = fmax(right, at.x + MARGIN);
    top = fmin(top, at.y - MARGIN);
    bottom = fmax(bottom, at.y + MARGIN);
    if (!labels->places || !(labels->places[i].width > 0))
      continue;
    GsLabelPlace place = labels->places[i];
    left = fmin(left, place.left - 4);
    right = fmax(right, place.left + place.width + 4);
    top = fmin(top, place.top - 4);
    bottom = fmax(bottom, place.top + place.height + 4);
  }
  if (picture->graph->nodes == 0)
    left = top = 0;
  append_point(out, (GsPoint){left, top});
  g_string_append_c(out, ' ');
  append_point(out, (GsPoint){fmax(right - left, 2 * MARGIN), fmax(bottom - top, 2 * MARGIN)});
}

void gs_graph_svg(const GsGraphPicture *picture, GString *out) {
  const GsGraph *graph = picture->graph;
  double radius = CLAMP(0.3 * spacing(picture), 1, graph->nodes <= GS_SVG_LABELS_MAX ? 18 : 9);
  g_auto(Labels) labels = place_labels(picture, radius);
  g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"");
  append_view_box(picture, &labels, out);
  g_string_append(out, "\">\n  <title>");
  gs_xml_append(out, picture->title);
  g_string_append(out, "</title>\n");
  if (picture->description) {
    g_string_append(out, "  <desc>");
    gs_xml_append(out, picture->description);
    g_string_append(out, "</desc>\n");
  }
  g_string_append(out, style_text);
  append_links(picture, radius, out);
  append_nodes(picture, radius, out);
  if (labels.texts)
    append_labels(picture, &labels, radius, out);
  g_string_append(out, "</svg>\n");
}

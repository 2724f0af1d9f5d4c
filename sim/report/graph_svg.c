/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_svg.h"

#include <math.h>
#include <stdbool.h>

#include "sim/report/text.h"
#include "sim/report/xml_text.h"

/** Side of what the points fill, and room around it. */
#define SIDE 800.0
#define MARGIN 50.0
/** Widest label that fits into a node, in characters. */
#define INSIDE_WIDTH 4
/** Where a label beside a node is cut. */
#define BESIDE_WIDTH 16

static const char style_text[] =
    "  <style>\n"
    "    .links { fill: none; stroke: #8b93a1; }\n"
    "    .nodes { fill: #2f7fd1; stroke: #ffffff; stroke-opacity: 0.6; }\n"
    "    text { font-family: system-ui, sans-serif; text-anchor: middle; }\n"
    "    .inside { fill: #ffffff; }\n"
    "    .beside { fill: #7c8594; }\n"
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

/** About how far nodes are from their nearest neighbours. */
static double spacing(const GsGraphPicture *picture) {
  uint32_t nodes = picture->graph->nodes;
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
    return SIDE * (nodes <= GS_SVG_LABELS_MAX ? 0.8 : 0.5) / sqrt(nodes);
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

static void append_label(const GsGraphPicture *picture, uint32_t node, double radius,
                         GString *out) {
  GsPoint at = place_of(picture, node);
  g_autofree char *label = gs_text_fit(picture->graph->labels[node], BESIDE_WIDTH);
  bool inside = radius >= 10 && gs_text_width(label) <= INSIDE_WIDTH;
  double size = inside ? radius * 0.75 : 13;
  g_string_append_printf(out, "    <text class=\"%s\" font-size=\"", inside ? "inside" : "beside");
  append_number(out, size);
  g_string_append(out, "\" x=\"");
  append_number(out, at.x);
  g_string_append(out, "\" y=\"");
  append_number(out, inside ? at.y + size * 0.36 : at.y - radius - 4);
  g_string_append(out, "\">");
  gs_xml_append(out, label);
  g_string_append(out, "</text>\n");
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
    g_string_append(out, "\"/>\n");
  }
  g_string_append(out, "  </g>\n");
}

void gs_graph_svg(const GsGraphPicture *picture, GString *out) {
  const GsGraph *graph = picture->graph;
  double bottom = 0, right = 0, left = 1, top = 1;
  for (uint32_t i = 0; i < graph->nodes; i++) {
    left = fmin(left, picture->points[i].x);
    right = fmax(right, picture->points[i].x);
    top = fmin(top, picture->points[i].y);
    bottom = fmax(bottom, picture->points[i].y);
  }
  /* What the points leave free is left out. */
  g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"");
  append_point(out, (GsPoint){SIDE * fmin(left, right), SIDE * fmin(top, bottom)});
  g_string_append_c(out, ' ');
  append_point(out, (GsPoint){SIDE * fmax(right - left, 0) + 2 * MARGIN,
                              SIDE * fmax(bottom - top, 0) + 2 * MARGIN});
  g_string_append(out, "\">\n  <title>");
  gs_xml_append(out, picture->title);
  g_string_append(out, "</title>\n");
  if (picture->description) {
    g_string_append(out, "  <desc>");
    gs_xml_append(out, picture->description);
    g_string_append(out, "</desc>\n");
  }
  g_string_append(out, style_text);
  double radius = CLAMP(0.3 * spacing(picture), 1, graph->nodes <= GS_SVG_LABELS_MAX ? 18 : 9);
  append_links(picture, radius, out);
  append_nodes(picture, radius, out);
  if (graph->labels && graph->nodes <= GS_SVG_LABELS_MAX) {
    g_string_append(out, "  <g>\n");
    for (uint32_t i = 0; i < graph->nodes; i++)
      append_label(picture, i, radius, out);
    g_string_append(out, "  </g>\n");
  }
  g_string_append(out, "</svg>\n");
}

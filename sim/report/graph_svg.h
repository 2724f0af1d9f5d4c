/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/topology/layout.h"

/** Up to so many nodes carry their names. */
#define GS_SVG_LABELS_MAX 60
/** Up to so many have their names in titles, which are shown where one points at them. */
#define GS_SVG_TITLES_MAX 5000

/** What is drawn; everything is borrowed. */
typedef struct {
  const GsGraph *graph; /**< its labels are the nodes' names; NULL: none are drawn */
  GsTopologyKind kind;
  uint32_t columns;        /**< of a lattice, so that links around a torus go around; else 0 */
  const GsPoint *points;   /**< from gs_graph_layout */
  const char *title;       /**< for readers of the picture, not drawn */
  const char *description; /**< NULL: none */
} GsGraphPicture;

/**
 * Appends the picture as an SVG document: all in one, legible on light and dark
 * ground, numbers with a point whatever the locale. Names beside nodes are cut at
 * 16 columns, keep off nodes, links and each other where they can (gs_labels_place),
 * and do not change the direction of other text. O(nodes + links).
 */
void gs_graph_svg(const GsGraphPicture *picture, GString *out);

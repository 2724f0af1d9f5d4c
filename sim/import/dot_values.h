/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/import/dot_scan.h"

/**
 * What attributes of a graph in DOT say, and which ones nodes and links begin with: a default holds
 * for what comes after it, until its subgraph ends. Only defaults of which something is made are
 * kept; subgraphs do not copy them. Not thread-safe.
 */

/** Longest value, in bytes, of which something is made and which is of several nodes or links. */
#define GS_DOT_NODES_VALUE_BYTES_MAX 256
#define GS_DOT_LINKS_VALUE_BYTES_MAX 64
/** So many such values are kept at once of nodes, and of links. */
#define GS_DOT_SHARED_MAX 16

typedef struct {
  GsDraft *draft;
  char *graph;                           /**< its id, or NULL */
  GArray *defaults[2];                   /**< by GsOf: of nodes, of links */
  GArray *undo;                          /**< what they were before */
  GArray *gathered;                      /**< see gs_dot_gather */
  GArray *positions;                     /**< "pos" by node */
  guint label, pos;                      /**< columns of nodes */
  bool x, y, longitude, latitude, named; /**< said of a node; named: of the graph */
  GString *text;                         /**< a label that is made */
  GsOccurrences html_labels, html_ids, entities, of_subgraphs, places, no_places;
} GsDotValues;

void gs_dot_values_begin(GsDotValues *values, GsDraft *draft);
void gs_dot_values_clear(GsDotValues *values);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsDotValues, gs_dot_values_clear)

/** The graph's id. */
void gs_dot_values_name(GsDotValues *values, const GsDotToken *id);

/** What nodes or links begin with from now on; GS_ERROR_LIMIT. */
bool gs_dot_default(GsDotValues *values, GsOf of, const char *name, const GsDotToken *value,
                    GError **error);
/** At the beginning of a subgraph: to be given to gs_dot_undo at its end. */
guint gs_dot_mark(const GsDotValues *values);
void gs_dot_undo(GsDotValues *values, guint mark);

/** The node of that id, which is made with the defaults where there is none. */
uint32_t gs_dot_node(GsDotValues *values, const GsDotToken *id);
/** A link, made with the defaults. */
uint32_t gs_dot_link(GsDotValues *values, uint32_t from, uint32_t to, guint64 line);

/** Says it of a node or link, or of the graph. */
void gs_dot_say(GsDotValues *values, GsOf of, uint32_t index, const char *name,
                const GsDotToken *value);
/** Keeps what is to be said of several nodes or links; the last word counts. GS_ERROR_LIMIT. */
bool gs_dot_gather(GsDotValues *values, GsOf of, const char *name, const GsDotToken *value,
                   GError **error);
/** Says what was gathered of those nodes; NULL: of as many links from `first` on. */
void gs_dot_spread(GsDotValues *values, const uint32_t *nodes, uint32_t first, uint32_t count);

/** Takes places from "pos" where there are no other ones, and notes what is not used. */
void gs_dot_values_finish(GsDotValues *values);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/topology/topology.h"

/**
 * A graph as a file tells it, while a reader goes through the file: nodes by
 * their ids, links in the order of the file, what is said of each, and notes of
 * what will not be in the grid as it is in the file. Readers say what they find
 * and decide nothing: what a label, a place or an energy is, is decided here, so
 * that all formats are alike. Not thread-safe; no lock, no file, no clock.
 *
 * Lines are counted from 1; 0 is no line (a format without lines). Of JSON a
 * line is a place in the document (gs_draft_json_line).
 */
typedef struct GsDraft GsDraft;

/** How often something was, and where first. */
typedef struct {
  guint64 count;
  guint64 first_line;
} GsOccurrences;

/** What a column says of its nodes or links. */
typedef enum {
  GS_ROLE_BY_NAME, /**< what its name says: see gs_draft_column */
  GS_ROLE_UNUSED,
  GS_ROLE_LABEL,
  GS_ROLE_UNIT, /**< of the graph: what energies are in */
  GS_ROLE_PRODUCTION,
  GS_ROLE_CONSUMPTION,
  GS_ROLE_LATENCY,
  GS_ROLE_LONGITUDE,
  GS_ROLE_LATITUDE,
  GS_ROLE_X,      /**< to the right */
  GS_ROLE_Y,      /**< up */
  GS_ROLE_DOWN_Y, /**< down, as on a screen */
  GS_ROLES,
} GsRole;

typedef enum { GS_OF_NODES, GS_OF_LINKS, GS_OF_GRAPH, GS_OFS } GsOf;

/** `source` stands in front of messages; it must live as long. */
GsDraft *gs_draft_new(const char *source);
void gs_draft_free(GsDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsDraft, gs_draft_free)

const char *gs_draft_source(const GsDraft *draft);

/**
 * The node of that id, which is made where there is none. Ids are any bytes without NUL; what is
 * no UTF-8 has to be refused before. O(1).
 */
uint32_t gs_draft_node(GsDraft *draft, const char *id, gsize length);
/** Makes nodes with the ids 1, 2, … up to `count`; false (GS_ERROR_LIMIT) before it makes one,
 * where they are too many. */
bool gs_draft_count_nodes(GsDraft *draft, guint64 count, GError **error);
/** Whether there is a node of that id. */
bool gs_draft_find(const GsDraft *draft, const char *id, gsize length, uint32_t *node);
uint32_t gs_draft_nodes(const GsDraft *draft);
/** Its id, until the draft is finished; the draft's. */
const char *gs_draft_id(const GsDraft *draft, uint32_t node);

/** A node that the file lists: an error where it has listed that id before. O(1). */
bool gs_draft_declare(GsDraft *draft, const char *id, gsize length, guint64 line, uint32_t *node,
                      GError **error);
/** The node at the end of a link, which may be listed later: see gs_draft_all_declared. O(1). */
uint32_t gs_draft_end(GsDraft *draft, const char *id, gsize length, guint64 line);
/** An error that names the first end of a link that no one listed. */
bool gs_draft_all_declared(const GsDraft *draft, GError **error);

/** The number of the link, by which more is said of it. */
uint32_t gs_draft_link(GsDraft *draft, uint32_t from, uint32_t to, guint64 line);
uint32_t gs_draft_links(const GsDraft *draft);

/** GS_ERROR_LIMIT where there are more nodes or links than are allowed; to be asked now and then.
 */
bool gs_draft_fits(const GsDraft *draft, GError **error);

/** The links have a direction: it will be said that the grid's have none. */
void gs_draft_set_directed(GsDraft *draft);
/** A link may stand at each of its ends, as in adjacency lists: both are one, and nothing is said.
 */
void gs_draft_set_mirrored(GsDraft *draft);
/** What energies are in, such as "MW" (copied). Unsaid: what the file calls the graph's unit, else
 * the scenario's. */
void gs_draft_set_unit(GsDraft *draft, const char *unit);

/**
 * The column of that name, made where there is none; by GS_ROLE_BY_NAME its name decides:
 * label (best), name or shared name; production, consumption; latency; longitude or lon, lng, long;
 * latitude or lat; x and y. Names differ by letters being small or not only where both are there.
 */
guint gs_draft_column(GsDraft *draft, GsOf of, const char *name, GsRole role);
/** What it says, which is never GS_ROLE_BY_NAME. */
GsRole gs_draft_role(const GsDraft *draft, GsOf of, guint column);
/** Says it of one node or link (of the graph: 0); the last word counts. Empty text says nothing. */
void gs_draft_say(GsDraft *draft, GsOf of, guint column, uint32_t index, const char *text,
                  gsize length, guint64 line);
/** Says it of all nodes or links (or of the graph) of which the column says nothing. O(1). */
void gs_draft_say_otherwise(GsDraft *draft, GsOf of, guint column, const char *text, gsize length,
                            guint64 line);
/** Adds to an energy of the node; the column must be of energies. */
void gs_draft_add(GsDraft *draft, guint column, uint32_t node, GsDecimal number, guint64 line);
/** How its numbers are written: ',' in place of '.'. */
void gs_draft_set_point(GsDraft *draft, char point);

void gs_occurs(GsOccurrences *occurrences, guint64 line);
/** Lines in the notes that follow are those of this part of what is read: "lines.csv" (must live as
 * long); NULL: there is one part only. */
void gs_draft_set_part(GsDraft *draft, const char *part);
/** What is read is JSON: notes tell lines as line, column and pointer. The text is borrowed until
 * the draft is finished. */
void gs_draft_set_json(GsDraft *draft, const char *text, gsize length);
/** The next member of the root: places in it are told by its number, from 0, and its key. */
void gs_draft_json_member(GsDraft *draft, const char *key);
/** The `line` of an element of that member; G_MAXUINT: of the member itself. */
static inline guint64 gs_draft_json_line(guint member, guint element) {
  return ((guint64)member + 1) << 32 | (guint32)(element + 1);
}
/**
 * A note for whoever uses the file, of a kind such as "not-used"; nothing where the occurrences is
 * 0. `one` is the sentence for a count of 1: "a row of other lengths is left out"; `many` is for
 * more, its %s is the count: "%s rows of other lengths are left out". The first line is added.
 */
void gs_draft_note(GsDraft *draft, const char *kind, GsOccurrences occurrences, const char *one,
                   const char *many);

/**
 * Makes the graph: merges parallel links, leaves out loops, gives names (the label, else the id),
 * takes what the columns say, and notes all that. The draft is used up, and only to be freed.
 * Errors: GS_ERROR_INPUT (no nodes), GS_ERROR_LIMIT. O(nodes + links).
 */
GsGraph *gs_draft_finish(GsDraft *draft, GError **error);

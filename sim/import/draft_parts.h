/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"
#include "sim/import/draft_ids.h"

/** What the two files about drafts share. */

typedef struct {
  uint32_t from, to;
} GsDraftLink;

/** Links whose lines are evenly spaced, as most are. */
typedef struct {
  guint64 line;   /**< of the first */
  uint32_t first; /**< link */
  uint32_t step;
} GsDraftLines;

/** What a file says of its nodes or links under one name. */
typedef struct {
  char *name;
  GsRole role;
  GsOccurrences said;
  GsOccurrences no_places; /**< what was said as a place and is no number */
  bool used;               /**< something was made of it */
  GPtrArray *texts;        /**< of labels and latencies: by index, NULL where nothing was said */
  GArray *numbers;         /**< of energies: GsDecimal by index */
  GArray *places;          /**< of places: double by index, NaN where none can be read */
  char *otherwise;         /**< what it says of those of which it says nothing; NULL: nothing */
} GsColumn;

struct GsDraft {
  const char *source;
  const char *part; /**< of what is read, whose lines notes tell; NULL: it has no parts */
  GsDraftIds ids;
  GArray *links; /**< GsDraftLink, and their lines: */
  GArray *lines; /**< GsDraftLines */
  GArray *named; /**< by node: line in which it was only named (gs_draft_end), 0: it is declared */
  GPtrArray *columns[GS_OFS];
  GHashTable *column_of[GS_OFS]; /**< name → place in `columns` + 1 */
  GPtrArray *notes;
  const char *json; /**< NULL: it is none */
  gsize json_length;
  GPtrArray *json_keys; /**< of the root's members */
  char *unit;
  char point;
  bool directed, mirrored;
};

/** Of that link. O(log of the runs). */
guint64 gs_draft_line(const GsDraft *draft, uint32_t link);

/** Adds a note as it is; `first_line` 0: it has none. */
void gs_draft_add_note(GsDraft *draft, const char *kind, guint64 count, const char *text,
                       guint64 first_line);

/** NaN where it is no number. */
double gs_draft_read_place(const char *text, gsize length, char point);

/** The column of that role that counts, or NULL: of several the first with a value. */
GsColumn *gs_draft_find_role(const GsDraft *draft, GsOf of, GsRole role);

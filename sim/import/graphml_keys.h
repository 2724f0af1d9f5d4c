/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"
#include "sim/import/graphml_xml.h"

/** What a <key> of GraphML declares: what data with its id say, and of what. */
typedef struct {
  char *name;            /**< of the column */
  bool truth;            /**< yes or no: no number, no name */
  bool of[GS_OFS];       /**< what it is for */
  const char *tag;       /**< where it is declared */
  guint columns[GS_OFS]; /**< of the draft, plus 1; 0: not asked for yet */
} GsKey;

/** The keys of a file. Not thread-safe. */
typedef struct {
  GHashTable *by_id;
  GsOccurrences repeated; /**< declared with an id that another key has */
} GsKeys;

void gs_keys_init(GsKeys *keys);
void gs_keys_clear(GsKeys *keys);

/**
 * Takes the <key> that has just begun. NULL: it has no id that can be used, or one that was taken,
 * and counts for nothing. The same key of the same file may be seen twice.
 */
GsKey *gs_keys_declare(GsKeys *keys, const GsXml *xml, const GsXmlEvent *event);
/** The key of that id, or NULL. */
GsKey *gs_keys_find(const GsKeys *keys, const char *id);

/** The column in which it speaks of these. */
guint gs_key_column(GsKey *key, GsDraft *draft, GsOf of);
/** Its <default>, for all of which no data say more. */
void gs_key_say_default(GsKey *key, GsDraft *draft, const char *text, guint64 line);

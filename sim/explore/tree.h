/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/json/json.h"

/**
 * A JSON document that can be changed: what shrinking works on. A value owns what is in it. Order
 * is kept. One thread at a time.
 */
typedef struct GsTree {
  char *key; /**< of an object's member; otherwise NULL */
  GsJsonType type;
  char *text;          /**< of a string */
  double number;       /**< of a number, and 1 of a true bool */
  GPtrArray *children; /**< of GsTree, of an array or object */
} GsTree;

/** From text that is JSON; errors as gs_json_parse. */
GsTree *gs_tree_parse(const char *text, gsize length, const char *source, GError **error);
GsTree *gs_tree_of(const GsJson *value);
GsTree *gs_tree_copy(const GsTree *tree);
/** NULL is fine. */
void gs_tree_free(GsTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTree, gs_tree_free)

GsTree *gs_tree_new(GsJsonType type);
GsTree *gs_tree_string(const char *text);
GsTree *gs_tree_number(double number);

/** Number of children; 0 of a scalar. */
guint gs_tree_count(const GsTree *tree);
GsTree *gs_tree_at(const GsTree *tree, guint index);
/** NULL: there is none. */
GsTree *gs_tree_member(const GsTree *object, const char *key);
/** Puts a member in the place of one of its key, or at the end; takes `value`. */
void gs_tree_set(GsTree *object, const char *key, GsTree *value);
/** Puts a value at the end of an array; takes it. */
void gs_tree_add(GsTree *array, GsTree *value);
/** Takes children out. */
void gs_tree_remove(GsTree *tree, guint index, guint count);
void gs_tree_drop(GsTree *object, const char *key);

/** Appends it as text; `indent` as gs_json_writer_new, with elements of long lists a line each. */
void gs_tree_write(const GsTree *tree, guint indent, GString *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/tree.h"

#include "core/json/json_writer.h"
#include "core/limits.h"

static void free_child(gpointer tree) {
  gs_tree_free(tree);
}

GsTree *gs_tree_new(GsJsonType type) {
  GsTree *tree = g_new0(GsTree, 1);
  tree->type = type;
  if (type == GS_JSON_ARRAY || type == GS_JSON_OBJECT)
    tree->children = g_ptr_array_new_with_free_func(free_child);
  return tree;
}

GsTree *gs_tree_string(const char *text) {
  GsTree *tree = gs_tree_new(GS_JSON_STRING);
  tree->text = g_strdup(text);
  return tree;
}

GsTree *gs_tree_number(double number) {
  GsTree *tree = gs_tree_new(GS_JSON_NUMBER);
  tree->number = number;
  return tree;
}

void gs_tree_free(GsTree *tree) {
  if (!tree)
    return;
  g_free(tree->key);
  g_free(tree->text);
  g_clear_pointer(&tree->children, g_ptr_array_unref);
  g_free(tree);
}

GsTree *gs_tree_of(const GsJson *value) {
  GsTree *tree = gs_tree_new(gs_json_type(value));
  tree->key = g_strdup(gs_json_key(value));
  tree->text = g_strdup(gs_json_string(value));
  if (tree->type == GS_JSON_NUMBER)
    tree->number = gs_json_number(value);
  if (tree->type == GS_JSON_BOOL)
    tree->number = gs_json_bool(value);
  for (const GsJson *child = tree->children ? gs_json_first(value) : NULL; child;
       child = gs_json_next(child))
    g_ptr_array_add(tree->children, gs_tree_of(child));
  return tree;
}

GsTree *gs_tree_parse(const char *text, gsize length, const char *source, GError **error) {
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, source, &limits, error);
  return doc ? gs_tree_of(gs_json_root(doc)) : NULL;
}

GsTree *gs_tree_copy(const GsTree *tree) {
  GsTree *copy = gs_tree_new(tree->type);
  copy->key = g_strdup(tree->key);
  copy->text = g_strdup(tree->text);
  copy->number = tree->number;
  for (guint i = 0; i < gs_tree_count(tree); i++)
    g_ptr_array_add(copy->children, gs_tree_copy(gs_tree_at(tree, i)));
  return copy;
}

guint gs_tree_count(const GsTree *tree) {
  return tree && tree->children ? tree->children->len : 0;
}

GsTree *gs_tree_at(const GsTree *tree, guint index) {
  return tree->children->pdata[index];
}

GsTree *gs_tree_member(const GsTree *object, const char *key) {
  for (guint i = 0; i < gs_tree_count(object); i++)
    if (g_strcmp0(gs_tree_at(object, i)->key, key) == 0)
      return gs_tree_at(object, i);
  return NULL;
}

void gs_tree_set(GsTree *object, const char *key, GsTree *value) {
  g_free(value->key);
  value->key = g_strdup(key);
  for (guint i = 0; i < gs_tree_count(object); i++) {
    if (g_strcmp0(gs_tree_at(object, i)->key, key) != 0)
      continue;
    gs_tree_free(gs_tree_at(object, i));
    object->children->pdata[i] = value;
    return;
  }
  g_ptr_array_add(object->children, value);
}

void gs_tree_add(GsTree *array, GsTree *value) {
  g_ptr_array_add(array->children, value);
}

void gs_tree_remove(GsTree *tree, guint index, guint count) {
  if (count)
    g_ptr_array_remove_range(tree->children, index, count);
}

void gs_tree_drop(GsTree *object, const char *key) {
  for (guint i = gs_tree_count(object); i-- > 0;)
    if (g_strcmp0(gs_tree_at(object, i)->key, key) == 0)
      gs_tree_remove(object, i, 1);
}

/** Whether its children have lines of their own: lists of the document, and of messages. */
static bool is_long(const GsTree *tree, guint depth) {
  if (depth == 1)
    return g_strcmp0(tree->key, "messages") == 0;
  return depth == 0 && (tree->type == GS_JSON_ARRAY || gs_tree_member(tree, "messages"));
}

static void write_tree(const GsTree *tree, guint depth, GsJsonWriter *json) {
  switch (tree->type) {
  case GS_JSON_NULL:
    gs_json_write_null(json);
    return;
  case GS_JSON_BOOL:
    gs_json_write_bool(json, tree->number != 0);
    return;
  case GS_JSON_NUMBER:
    gs_json_write_double(json, tree->number);
    return;
  case GS_JSON_STRING:
    gs_json_write_string(json, tree->text);
    return;
  case GS_JSON_ARRAY:
  case GS_JSON_OBJECT:
    break;
  }
  bool is_object = tree->type == GS_JSON_OBJECT;
  (is_object ? gs_json_begin_object : gs_json_begin_array)(json);
  for (guint i = 0; i < gs_tree_count(tree); i++) {
    const GsTree *child = gs_tree_at(tree, i);
    if (is_object)
      gs_json_write_key(json, child->key);
    if (child->children && !is_long(child, depth))
      gs_json_compact_next(json);
    write_tree(child, depth + 1, json);
  }
  (is_object ? gs_json_end_object : gs_json_end_array)(json);
}

void gs_tree_write(const GsTree *tree, guint indent, GString *out) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, indent);
  write_tree(tree, 0, json);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/explicit.h"

#include "sim/explore/attempt.h"
#include "sim/explore/pins.h"

static GsTree *list_nodes(const GsScenario *scenario) {
  GsTree *nodes = gs_tree_new(GS_JSON_ARRAY);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    GsTree *object = gs_tree_new(GS_JSON_OBJECT);
    gs_tree_set(object, "name", gs_tree_string(node->name));
    if (node->id != (int64_t)i + 1)
      gs_tree_set(object, "id", gs_tree_number((double)node->id));
    if (node->production)
      gs_tree_set(object, "production", gs_tree_number((double)node->production));
    if (node->consumption)
      gs_tree_set(object, "consumption", gs_tree_number((double)node->consumption));
    gs_tree_add(nodes, object);
  }
  return nodes;
}

static GsTree *list_links(const GsScenario *scenario) {
  GsTree *links = gs_tree_new(GS_JSON_ARRAY);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    GsTree *pair = gs_tree_new(GS_JSON_ARRAY);
    gs_tree_add(pair, gs_tree_string(scenario->nodes[scenario->links[i].a].name));
    gs_tree_add(pair, gs_tree_string(scenario->nodes[scenario->links[i].b].name));
    gs_tree_add(links, pair);
  }
  return links;
}

void gs_tree_list_grid(GsTree *document, const GsScenario *scenario) {
  gs_tree_set(document, "nodes", list_nodes(scenario));
  if (gs_tree_member(document, "topology"))
    gs_tree_set(document, "links", list_links(scenario));
  gs_tree_drop(document, "topology");
  gs_tree_drop(document, "energy");
}

bool gs_tree_make_explicit(GsTree *scenario) {
  g_autoptr(GString) text = g_string_new(NULL);
  gs_tree_write(scenario, 0, text);
  g_autoptr(GsScenario) read = gs_attempt_parse(text, NULL);
  if (read)
    gs_tree_list_grid(scenario, read);
  return read != NULL;
}

/** Whether nothing sensible is left of it without the name. */
static bool forget(GsTree *tree, const char *name) {
  if (tree->type == GS_JSON_STRING)
    return g_str_equal(tree->text, name);
  if (!tree->children)
    return false;
  guint before = gs_tree_count(tree);
  bool all_names = true, lost = false;
  for (guint i = 0; i < before; i++)
    all_names &= gs_tree_at(tree, i)->type == GS_JSON_STRING;
  for (guint i = before; i-- > 0;) {
    if (g_strcmp0(gs_tree_at(tree, i)->key, name) != 0 && !forget(gs_tree_at(tree, i), name))
      continue;
    gs_tree_remove(tree, i, 1);
    lost = true;
  }
  if (!lost)
    return false;
  bool is_pair = tree->type == GS_JSON_ARRAY && all_names && before == 2;
  return tree->type == GS_JSON_OBJECT || is_pair || gs_tree_count(tree) == 0;
}

void gs_tree_forget_name(GsTree *scenario, const char *name) {
  for (guint i = gs_tree_count(scenario); i-- > 0;) {
    GsTree *member = gs_tree_at(scenario, i);
    if (member->children && g_strcmp0(member->key, "nodes") != 0)
      forget(member, name);
  }
}

typedef struct {
  const char *before, *after;
} Renamed;

static void rename_in(GsTree *tree, const GArray *names) {
  for (guint i = 0; tree->type == GS_JSON_STRING && i < names->len; i++) {
    const Renamed *renamed = &g_array_index(names, Renamed, i);
    if (!g_str_equal(tree->text, renamed->before))
      continue;
    g_free(tree->text);
    tree->text = g_strdup(renamed->after);
    return;
  }
  for (guint i = 0; i < gs_tree_count(tree); i++)
    rename_in(gs_tree_at(tree, i), names);
}

void gs_tree_number_names(GsTree *scenario) {
  GsTree *nodes = gs_tree_member(scenario, "nodes");
  g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(Renamed));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < gs_tree_count(nodes); i++) {
    char *before = g_strdup(gs_tree_member(gs_tree_at(nodes, i), "name")->text);
    char *after = g_strdup_printf("N%u", i + 1);
    Renamed renamed = {before, after};
    g_ptr_array_add(texts, before);
    g_ptr_array_add(texts, after);
    g_array_append_val(names, renamed);
    gs_tree_drop(gs_tree_at(nodes, i), "id");
  }
  static const char *const named[] = {"nodes", "links", "schedule", "faults", NULL};
  for (guint i = 0; i < gs_tree_count(scenario); i++)
    if (g_strv_contains(named, gs_tree_at(scenario, i)->key))
      rename_in(gs_tree_at(scenario, i), names);
  GsTree *pins = gs_pins_in(scenario);
  if (pins)
    rename_in(pins, names);
}

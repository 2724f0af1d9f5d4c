/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/asked.h"

#include <string.h>

static void clear_node(gpointer data) {
  GsAskedNode *node = data;
  g_free(node->name);
  g_free(node->address);
  g_free(node->error);
}

static GArray *new_list(void) {
  GArray *nodes = g_array_new(FALSE, FALSE, sizeof(GsAskedNode));
  g_array_set_clear_func(nodes, clear_node);
  return nodes;
}

void gs_asked_init(GsAsked *asked) {
  *asked = (GsAsked){.nodes = new_list()};
}

void gs_asked_clear(GsAsked *asked) {
  g_array_unref(asked->nodes);
}

static GsAskedNode *find(const GsAsked *asked, const char *address, guint *at) {
  for (*at = 0; *at < asked->nodes->len; ++*at) {
    GsAskedNode *node = &g_array_index(asked->nodes, GsAskedNode, *at);
    if (strcmp(node->address, address) == 0)
      return node;
  }
  return NULL;
}

void gs_asked_tell(GsAsked *asked, int64_t id, const char *name, const char *address) {
  guint at;
  const GsAskedNode *known = find(asked, address, &at);
  GsAskedNode node = {.id = id,
                      .name = g_strdup(name),
                      .address = g_strdup(address),
                      .error = known ? g_strdup(known->error) : NULL,
                      .told = known ? known->told + 1 : 1,
                      .failed = known ? known->failed : 0};
  if (known)
    g_array_remove_index(asked->nodes, at);
  else if (asked->nodes->len >= GS_ASKED_SHOWN)
    g_array_remove_index(asked->nodes, 0);
  g_array_append_val(asked->nodes, node);
}

bool gs_asked_fail(GsAsked *asked, const char *address, const char *error, const char **name) {
  guint at;
  GsAskedNode *node = find(asked, address, &at);
  asked->failed++;
  *name = node ? node->name : NULL;
  if (node) {
    node->failed++;
    g_free(node->error);
    node->error = g_strdup(error);
  }
  bool is_new = !node || node->failed == 1;
  return is_new && asked->warned < GS_ASKED_WARNED && ++asked->warned;
}

void gs_asked_forget(GsAsked *asked, const char *address) {
  guint at;
  if (find(asked, address, &at))
    g_array_remove_index(asked->nodes, at);
}

GArray *gs_asked_copy(const GsAsked *asked) {
  GArray *copy = new_list();
  for (guint i = 0; i < asked->nodes->len; i++) {
    GsAskedNode node = g_array_index(asked->nodes, GsAskedNode, i);
    node.name = g_strdup(node.name);
    node.address = g_strdup(node.address);
    node.error = g_strdup(node.error);
    g_array_append_val(copy, node);
  }
  return copy;
}

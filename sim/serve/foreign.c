/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/foreign.h"

#include <string.h>

/** Names that foreign nodes gave themselves; a node that changes its name for ever is called by its
 * first ones. Half of them are for who is only named by others, and called by its address then. */
#define NAMES_KEPT (4 * GS_FOREIGN_MAX)
#define NAMES_HEARD (NAMES_KEPT / 2)

/** So many of those that were only named are looked at for one that makes room. */
#define LOOKED_AT_MAX 64u

struct GsForeignNodes {
  GsEndpoint first;
  GPtrArray *entries;     /**< of GsForeignNode */
  GHashTable *by_address; /**< canonical address to endpoint + 1 */
  GHashTable *by_id;      /**< int64_t to endpoint + 1 */
  GHashTable *names;      /**< every name that was ever given out */
  GQueue named;    /**< endpoints of who was only named when it was met, the longest known first */
  GPtrArray *dead; /**< addresses of who made room */
  GsForeignForget forget;
  void *data;
};

static void entry_free(gpointer data) {
  GsForeignNode *entry = data;
  g_free(entry->address);
  g_free(entry->claimant);
  g_free(entry);
}

GsForeignNodes *gs_foreign_new(GsEndpoint first, GsForeignForget forget, void *data) {
  GsForeignNodes *foreign = g_new0(GsForeignNodes, 1);
  foreign->forget = forget;
  foreign->data = data;
  g_queue_init(&foreign->named);
  foreign->dead = g_ptr_array_new_with_free_func(g_free);
  foreign->first = first;
  foreign->entries = g_ptr_array_new_with_free_func(entry_free);
  foreign->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  foreign->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  foreign->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return foreign;
}

void gs_foreign_free(GsForeignNodes *foreign) {
  if (!foreign)
    return;
  g_queue_clear(&foreign->named);
  g_ptr_array_unref(foreign->dead);
  g_ptr_array_unref(foreign->entries);
  g_hash_table_unref(foreign->by_address);
  g_hash_table_unref(foreign->by_id);
  g_hash_table_unref(foreign->names);
  g_free(foreign);
}

char *gs_foreign_canonical(const char *address) {
  static const char local[] = "localhost:";
  char *lower = g_ascii_strdown(address, -1);
  if (!g_str_has_prefix(lower, local))
    return lower;
  char *canonical = g_strconcat("127.0.0.1:", lower + strlen(local), NULL);
  g_free(lower);
  return canonical;
}

void gs_foreign_add_own(GsForeignNodes *foreign, const char *address, uint32_t actor) {
  g_hash_table_insert(foreign->by_address, gs_foreign_canonical(address),
                      GUINT_TO_POINTER(actor + 1));
}

GsEndpoint gs_foreign_find_address(const GsForeignNodes *foreign, const char *address) {
  g_autofree char *canonical = gs_foreign_canonical(address);
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(foreign->by_address, canonical));
  return known ? known - 1 : GS_ENDPOINT_NONE;
}

static bool makes_room(const GsForeignNodes *foreign, const GsForeignNode *entry) {
  return entry->asks == 0 && (!entry->http || foreign->forget(entry->http, foreign->data));
}

/** The endpoint of one that was only named, without its entry's content. */
static bool make_room(GsForeignNodes *foreign, GsEndpoint *endpoint) {
  guint kept = 0;
  while (kept < MIN(LOOKED_AT_MAX, foreign->named.length)) {
    gpointer next = g_queue_pop_head(&foreign->named);
    *endpoint = GPOINTER_TO_UINT(next);
    GsForeignNode *entry = gs_foreign_entry(foreign, *endpoint);
    if (entry->spoke)
      continue;
    if (!makes_room(foreign, entry)) {
      g_queue_push_tail(&foreign->named, next);
      kept++;
      continue;
    }
    g_hash_table_remove(foreign->by_address, entry->address);
    g_ptr_array_add(foreign->dead, entry->address);
    g_free(entry->claimant);
    *entry = (GsForeignNode){0};
    return true;
  }
  return false;
}

GsEndpoint gs_foreign_endpoint(GsForeignNodes *foreign, const char *address) {
  g_autofree char *canonical = gs_foreign_canonical(address);
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(foreign->by_address, canonical));
  if (known)
    return known - 1;
  GsEndpoint endpoint = foreign->first + foreign->entries->len;
  if (foreign->entries->len < GS_FOREIGN_MAX)
    g_ptr_array_add(foreign->entries, g_new0(GsForeignNode, 1));
  else if (!make_room(foreign, &endpoint))
    return GS_ENDPOINT_NONE;
  GsForeignNode *entry = gs_foreign_entry(foreign, endpoint);
  entry->address = g_strdup(canonical);
  entry->id = -1;
  g_queue_push_tail(&foreign->named, GUINT_TO_POINTER(endpoint));
  g_hash_table_insert(foreign->by_address, g_steal_pointer(&canonical),
                      GUINT_TO_POINTER(endpoint + 1));
  return endpoint;
}

/** Nodes keep pointers to names, so that none is ever freed before the end. */
static char *keep_name(GsForeignNodes *foreign, const char *name, guint most) {
  gpointer kept;
  if (g_hash_table_lookup_extended(foreign->names, name, &kept, NULL))
    return kept;
  if (g_hash_table_size(foreign->names) >= most)
    return NULL;
  char *copy = g_strdup(name);
  g_hash_table_add(foreign->names, copy);
  return copy;
}

void gs_foreign_hear(GsForeignNodes *foreign, GsEndpoint endpoint, const char *name) {
  if (endpoint < foreign->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsForeignNode *entry = gs_foreign_entry(foreign, endpoint);
  if (!entry->spoke)
    entry->name = keep_name(foreign, name, NAMES_HEARD);
}

void gs_foreign_learn(GsForeignNodes *foreign, GsEndpoint endpoint, int64_t id, const char *name) {
  if (endpoint < foreign->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsForeignNode *entry = gs_foreign_entry(foreign, endpoint);
  char *kept = keep_name(foreign, name, NAMES_KEPT);
  entry->spoke = true;
  entry->name = kept ? kept : entry->name;
  if (entry->id == id)
    return;
  gint64 key = id, old = entry->id;
  guint before = GPOINTER_TO_UINT(g_hash_table_lookup(foreign->by_id, &key));
  if (before)
    gs_foreign_entry(foreign, before - 1)->id = -1;
  g_hash_table_remove(foreign->by_id, &old);
  entry->id = id;
  g_hash_table_insert(foreign->by_id, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(endpoint + 1));
}

GsEndpoint gs_foreign_find_id(const GsForeignNodes *foreign, int64_t id) {
  gint64 key = id;
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(foreign->by_id, &key));
  return known ? known - 1 : GS_ENDPOINT_NONE;
}

GsForeignNode *gs_foreign_entry(GsForeignNodes *foreign, GsEndpoint endpoint) {
  g_assert(endpoint >= foreign->first && endpoint - foreign->first < foreign->entries->len);
  return foreign->entries->pdata[endpoint - foreign->first];
}

const char *gs_foreign_name(const GsForeignNodes *foreign, GsEndpoint endpoint) {
  if (endpoint < foreign->first || endpoint - foreign->first >= foreign->entries->len)
    return NULL;
  const GsForeignNode *entry = foreign->entries->pdata[endpoint - foreign->first];
  return entry->name ? entry->name : entry->address;
}

guint gs_foreign_count(const GsForeignNodes *foreign) {
  return foreign->entries->len;
}

void gs_foreign_bury(GsForeignNodes *foreign) {
  g_ptr_array_set_size(foreign->dead, 0);
}

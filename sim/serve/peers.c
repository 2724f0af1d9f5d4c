/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/peers.h"

#include <string.h>

/* Names that foreign nodes gave themselves; a node that changes its name for ever is called by its
 * first ones. */
#define NAMES_KEPT (4 * GS_PEERS_MAX)

struct GsPeers {
  GsEndpoint first;
  GPtrArray *entries;     /* of GsPeerEntry */
  GHashTable *by_address; /* canonical address to endpoint + 1 */
  GHashTable *by_id;      /* int64_t to endpoint + 1 */
  GHashTable *names;      /* every name that was ever given out */
};

static void entry_free(gpointer data) {
  GsPeerEntry *entry = data;
  g_free(entry->address);
  g_free(entry->claimant);
  g_free(entry);
}

GsPeers *gs_peers_new(GsEndpoint first) {
  GsPeers *peers = g_new0(GsPeers, 1);
  peers->first = first;
  peers->entries = g_ptr_array_new_with_free_func(entry_free);
  peers->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  peers->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  peers->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return peers;
}

void gs_peers_free(GsPeers *peers) {
  if (!peers)
    return;
  g_ptr_array_unref(peers->entries);
  g_hash_table_unref(peers->by_address);
  g_hash_table_unref(peers->by_id);
  g_hash_table_unref(peers->names);
  g_free(peers);
}

char *gs_peers_canonical(const char *address) {
  static const char local[] = "localhost:";
  char *lower = g_ascii_strdown(address, -1);
  if (!g_str_has_prefix(lower, local))
    return lower;
  char *canonical = g_strconcat("127.0.0.1:", lower + strlen(local), NULL);
  g_free(lower);
  return canonical;
}

void gs_peers_add_own(GsPeers *peers, const char *address, uint32_t actor) {
  g_hash_table_insert(peers->by_address, gs_peers_canonical(address), GUINT_TO_POINTER(actor + 1));
}

GsEndpoint gs_peers_find_address(const GsPeers *peers, const char *address) {
  g_autofree char *canonical = gs_peers_canonical(address);
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(peers->by_address, canonical));
  return known ? known - 1 : GS_ENDPOINT_NONE;
}

GsEndpoint gs_peers_endpoint(GsPeers *peers, const char *address) {
  g_autofree char *canonical = gs_peers_canonical(address);
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(peers->by_address, canonical));
  if (known)
    return known - 1;
  if (peers->entries->len >= GS_PEERS_MAX)
    return GS_ENDPOINT_NONE;
  GsPeerEntry *entry = g_new0(GsPeerEntry, 1);
  entry->address = g_strdup(canonical);
  entry->id = -1;
  GsEndpoint endpoint = peers->first + peers->entries->len;
  g_ptr_array_add(peers->entries, entry);
  g_hash_table_insert(peers->by_address, g_steal_pointer(&canonical),
                      GUINT_TO_POINTER(endpoint + 1));
  return endpoint;
}

/* Nodes keep pointers to names, so that none is ever freed before the end. */
static char *keep_name(GsPeers *peers, const char *name) {
  gpointer kept;
  if (g_hash_table_lookup_extended(peers->names, name, &kept, NULL))
    return kept;
  if (g_hash_table_size(peers->names) >= NAMES_KEPT)
    return NULL;
  char *copy = g_strdup(name);
  g_hash_table_add(peers->names, copy);
  return copy;
}

void gs_peers_hear(GsPeers *peers, GsEndpoint endpoint, const char *name) {
  if (endpoint < peers->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsPeerEntry *entry = gs_peers_entry(peers, endpoint);
  if (entry->id < 0)
    entry->name = keep_name(peers, name);
}

void gs_peers_learn(GsPeers *peers, GsEndpoint endpoint, int64_t id, const char *name) {
  if (endpoint < peers->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsPeerEntry *entry = gs_peers_entry(peers, endpoint);
  char *kept = keep_name(peers, name);
  entry->name = kept ? kept : entry->name;
  if (entry->id == id)
    return;
  gint64 key = id, old = entry->id;
  guint before = GPOINTER_TO_UINT(g_hash_table_lookup(peers->by_id, &key));
  if (before)
    gs_peers_entry(peers, before - 1)->id = -1;
  g_hash_table_remove(peers->by_id, &old);
  entry->id = id;
  g_hash_table_insert(peers->by_id, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(endpoint + 1));
}

GsEndpoint gs_peers_find_id(const GsPeers *peers, int64_t id) {
  gint64 key = id;
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(peers->by_id, &key));
  return known ? known - 1 : GS_ENDPOINT_NONE;
}

GsPeerEntry *gs_peers_entry(GsPeers *peers, GsEndpoint endpoint) {
  g_assert(endpoint >= peers->first && endpoint - peers->first < peers->entries->len);
  return peers->entries->pdata[endpoint - peers->first];
}

const char *gs_peers_name(const GsPeers *peers, GsEndpoint endpoint) {
  if (endpoint < peers->first || endpoint - peers->first >= peers->entries->len)
    return NULL;
  const GsPeerEntry *entry = peers->entries->pdata[endpoint - peers->first];
  return entry->name ? entry->name : entry->address;
}

guint gs_peers_count(const GsPeers *peers) {
  return peers->entries->len;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/peers.h"

#include <string.h>

/* Names that foreign nodes gave themselves; a node that changes its name for ever is called by its
 * first ones. Half of them are for who is only named by others, and called by its address then. */
#define NAMES_KEPT (4 * GS_PEERS_MAX)
#define NAMES_HEARD (NAMES_KEPT / 2)

/* So many of those that were only named are looked at for one that makes room. */
#define LOOKED_AT_MAX 64u

struct GsPeers {
  GsEndpoint first;
  GPtrArray *entries;     /* of GsPeerEntry */
  GHashTable *by_address; /* canonical address to endpoint + 1 */
  GHashTable *by_id;      /* int64_t to endpoint + 1 */
  GHashTable *names;      /* every name that was ever given out */
  GQueue named;    /* endpoints of who was only named when it was met, the longest known first */
  GPtrArray *dead; /* addresses of who made room */
  GsPeersForget forget;
  void *data;
};

static void entry_free(gpointer data) {
  GsPeerEntry *entry = data;
  g_free(entry->address);
  g_free(entry->claimant);
  g_free(entry);
}

GsPeers *gs_peers_new(GsEndpoint first, GsPeersForget forget, void *data) {
  GsPeers *peers = g_new0(GsPeers, 1);
  peers->forget = forget;
  peers->data = data;
  g_queue_init(&peers->named);
  peers->dead = g_ptr_array_new_with_free_func(g_free);
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
  g_queue_clear(&peers->named);
  g_ptr_array_unref(peers->dead);
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

static bool makes_room(const GsPeers *peers, const GsPeerEntry *entry) {
  return entry->asks == 0 && (!entry->http || peers->forget(entry->http, peers->data));
}

/* The endpoint of one that was only named, without its entry's content. */
static bool make_room(GsPeers *peers, GsEndpoint *endpoint) {
  guint kept = 0;
  while (kept < MIN(LOOKED_AT_MAX, peers->named.length)) {
    gpointer next = g_queue_pop_head(&peers->named);
    *endpoint = GPOINTER_TO_UINT(next);
    GsPeerEntry *entry = gs_peers_entry(peers, *endpoint);
    if (entry->spoke)
      continue;
    if (!makes_room(peers, entry)) {
      g_queue_push_tail(&peers->named, next);
      kept++;
      continue;
    }
    g_hash_table_remove(peers->by_address, entry->address);
    g_ptr_array_add(peers->dead, entry->address);
    g_free(entry->claimant);
    *entry = (GsPeerEntry){0};
    return true;
  }
  return false;
}

GsEndpoint gs_peers_endpoint(GsPeers *peers, const char *address) {
  g_autofree char *canonical = gs_peers_canonical(address);
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(peers->by_address, canonical));
  if (known)
    return known - 1;
  GsEndpoint endpoint = peers->first + peers->entries->len;
  if (peers->entries->len < GS_PEERS_MAX)
    g_ptr_array_add(peers->entries, g_new0(GsPeerEntry, 1));
  else if (!make_room(peers, &endpoint))
    return GS_ENDPOINT_NONE;
  GsPeerEntry *entry = gs_peers_entry(peers, endpoint);
  entry->address = g_strdup(canonical);
  entry->id = -1;
  g_queue_push_tail(&peers->named, GUINT_TO_POINTER(endpoint));
  g_hash_table_insert(peers->by_address, g_steal_pointer(&canonical),
                      GUINT_TO_POINTER(endpoint + 1));
  return endpoint;
}

/* Nodes keep pointers to names, so that none is ever freed before the end. */
static char *keep_name(GsPeers *peers, const char *name, guint most) {
  gpointer kept;
  if (g_hash_table_lookup_extended(peers->names, name, &kept, NULL))
    return kept;
  if (g_hash_table_size(peers->names) >= most)
    return NULL;
  char *copy = g_strdup(name);
  g_hash_table_add(peers->names, copy);
  return copy;
}

void gs_peers_hear(GsPeers *peers, GsEndpoint endpoint, const char *name) {
  if (endpoint < peers->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsPeerEntry *entry = gs_peers_entry(peers, endpoint);
  if (!entry->spoke)
    entry->name = keep_name(peers, name, NAMES_HEARD);
}

void gs_peers_learn(GsPeers *peers, GsEndpoint endpoint, int64_t id, const char *name) {
  if (endpoint < peers->first || endpoint == GS_ENDPOINT_NONE)
    return;
  GsPeerEntry *entry = gs_peers_entry(peers, endpoint);
  char *kept = keep_name(peers, name, NAMES_KEPT);
  entry->spoke = true;
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

void gs_peers_bury(GsPeers *peers) {
  g_ptr_array_set_size(peers->dead, 0);
}

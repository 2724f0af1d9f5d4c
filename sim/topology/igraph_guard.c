/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/igraph_guard.h"

#include <pthread.h>
#include <string.h>

#include "core/error.h"
#include "sim/topology/graph.h"

/** Writable and global, since igraph is one per process, and its handlers take no data. */
static struct {
  pthread_mutex_t mutex;
  char reason[400]; /**< of the first error since the last check; under the mutex */
} guard_state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void keep_reason(const char *reason, const char *file, int line, igraph_error_t code) {
  (void)file, (void)line, (void)code;
  if (!guard_state.reason[0] && reason)
    g_strlcpy(guard_state.reason, reason, sizeof guard_state.reason);
  IGRAPH_FINALLY_FREE();
}

static void ignore_warning(const char *reason, const char *file, int line) {
  (void)reason, (void)file, (void)line;
}

bool gs_igraph_enter(GsIgraphGuard *guard, uint64_t seed, GError **error) {
  pthread_mutex_lock(&guard_state.mutex);
  guard_state.reason[0] = '\0';
  guard->old_error = igraph_set_error_handler(keep_reason);
  guard->old_warning = igraph_set_warning_handler(ignore_warning);
  guard->old_attributes = igraph_set_attribute_table(&igraph_cattribute_table);
  guard->old_random = NULL;
  igraph_error_t result = igraph_rng_init(&guard->random, &igraph_rngtype_pcg32);
  if (!gs_igraph_check(result, GS_ERROR_SYSTEM, "random numbers", error)) {
    gs_igraph_leave(guard);
    return false;
  }
  guard->old_random = igraph_rng_default();
  igraph_rng_seed(&guard->random, seed);
  guard->random.is_seeded = true; /* or the first draw would seed it with the time */
  igraph_rng_set_default(&guard->random);
  return true;
}

void gs_igraph_leave(GsIgraphGuard *guard) {
  if (guard->old_random) {
    igraph_rng_set_default(guard->old_random);
    igraph_rng_destroy(&guard->random);
  }
  igraph_set_attribute_table(guard->old_attributes);
  igraph_set_warning_handler(guard->old_warning);
  igraph_set_error_handler(guard->old_error);
  pthread_mutex_unlock(&guard_state.mutex);
}

bool gs_igraph_check(igraph_error_t result, int code, const char *what, GError **error) {
  if (result == IGRAPH_SUCCESS)
    return true;
  /* Reasons can be empty, quote what was read, and end in a full stop. */
  const char *text = guard_state.reason[0] ? guard_state.reason : igraph_strerror(result);
  g_autofree char *reason = g_utf8_make_valid(text, -1);
  for (char *at = reason; *at; at++)
    if (g_ascii_iscntrl(*at))
      *at = ' ';
  g_strchomp(reason);
  if (g_str_has_suffix(reason, "."))
    reason[strlen(reason) - 1] = '\0';
  g_set_error(error, GS_ERROR, result == IGRAPH_ENOMEM ? GS_ERROR_SYSTEM : code, "%s: %s", what,
              reason);
  guard_state.reason[0] = '\0';
  return false;
}

bool gs_igraph_take_edges(const igraph_t *graph, const char *what, uint32_t *nodes, GsEdge **edges,
                          uint32_t *count, GError **error) {
  igraph_integer_t node_count = igraph_vcount(graph), link_count = igraph_ecount(graph);
  if (!gs_graph_check_size(what, (double)node_count, (double)link_count, error))
    return false;
  *nodes = (uint32_t)node_count;
  *count = (uint32_t)link_count;
  *edges = g_new(GsEdge, MAX(link_count, 1));
  for (igraph_integer_t i = 0; i < link_count; i++)
    (*edges)[i] =
        (GsEdge){.a = (uint32_t)IGRAPH_FROM(graph, i), .b = (uint32_t)IGRAPH_TO(graph, i)};
  return true;
}

igraph_error_t gs_igraph_make(igraph_t *made, uint32_t nodes, const GsEdge *edges, uint32_t count) {
  igraph_vector_int_t ends;
  igraph_error_t result = igraph_vector_int_init(&ends, 2 * (igraph_integer_t)count);
  if (result != IGRAPH_SUCCESS)
    return result;
  for (uint32_t i = 0; i < count; i++) {
    VECTOR(ends)[2 * (gsize)i] = edges[i].a;
    VECTOR(ends)[2 * (gsize)i + 1] = edges[i].b;
  }
  result = igraph_create(made, &ends, nodes, IGRAPH_UNDIRECTED);
  igraph_vector_int_destroy(&ends);
  return result;
}

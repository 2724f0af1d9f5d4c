/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/draft_ids.h"

#include <string.h>

#define ROOM_LEAST 64

typedef struct GsIdPlace {
  uint32_t hash;
  uint32_t number; /**< plus 1; 0: free */
} GsIdPlace;

/** Eight bytes a step. The order of nothing depends on it. */
static uint32_t hash_of(const char *id, gsize length) {
  static const uint64_t factor = 0x9e3779b97f4a7c15;
  uint64_t hash = length * factor;
  while (length > 0) {
    uint64_t word = 0;
    gsize step = MIN(length, sizeof word);
    memcpy(&word, id, step);
    hash = (hash ^ word) * factor;
    hash ^= hash >> 29;
    id += step;
    length -= step;
  }
  hash *= factor;
  return (uint32_t)(hash >> 32);
}

void gs_draft_ids_init(GsDraftIds *ids) {
  *ids = (GsDraftIds){.ids = g_ptr_array_new_with_free_func(g_free),
                      .places = g_new0(GsIdPlace, ROOM_LEAST),
                      .room = ROOM_LEAST};
}

void gs_draft_ids_close(GsDraftIds *ids) {
  g_clear_pointer(&ids->places, g_free);
  ids->room = 0;
}

void gs_draft_ids_clear(GsDraftIds *ids) {
  gs_draft_ids_close(ids);
  g_clear_pointer(&ids->ids, g_ptr_array_unref);
}

/** Where it is, or where it can be put. */
static GsIdPlace *place_of(const GsDraftIds *ids, const char *id, gsize length, uint32_t hash) {
  for (uint32_t i = hash & (ids->room - 1);; i = (i + 1) & (ids->room - 1)) {
    GsIdPlace *place = &ids->places[i];
    if (place->number == 0)
      return place;
    if (place->hash != hash)
      continue;
    const char *known = ids->ids->pdata[place->number - 1];
    if (strncmp(known, id, length) == 0 && known[length] == '\0')
      return place;
  }
}

static void grow(GsDraftIds *ids) {
  g_autofree GsIdPlace *old = ids->places;
  uint32_t room = ids->room;
  ids->room = 2 * room;
  ids->places = g_new0(GsIdPlace, ids->room);
  for (uint32_t i = 0; i < room; i++) {
    if (old[i].number == 0)
      continue;
    uint32_t at = old[i].hash & (ids->room - 1);
    while (ids->places[at].number != 0)
      at = (at + 1) & (ids->room - 1);
    ids->places[at] = old[i];
  }
}

bool gs_draft_ids_find(const GsDraftIds *ids, const char *id, gsize length, uint32_t *number) {
  const GsIdPlace *place = place_of(ids, id, length, hash_of(id, length));
  if (place->number > 0)
    *number = place->number - 1;
  return place->number > 0;
}

uint32_t gs_draft_ids_add(GsDraftIds *ids, const char *id, gsize length) {
  uint32_t hash = hash_of(id, length);
  GsIdPlace *place = place_of(ids, id, length, hash);
  if (place->number > 0)
    return place->number - 1;
  g_ptr_array_add(ids->ids, g_strndup(id, length));
  *place = (GsIdPlace){.hash = hash, .number = ids->ids->len};
  if ((uint64_t)ids->ids->len * 4 > (uint64_t)ids->room * 3)
    grow(ids);
  return ids->ids->len - 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/draft_ids.h"

#include <string.h>

#define ROOM_LEAST 64

/** Ids up to this long are known without looking at their texts. */
#define SHORT_BYTES ((gsize)8)

typedef struct GsIdPlace {
  uint64_t key;    /**< the bytes of a short id, else a hash of all of them */
  uint32_t hash;   /**< of the key; its last bit tells long ids */
  uint32_t number; /**< plus 1; 0: free */
} GsIdPlace;

static uint64_t mix(uint64_t hash) {
  hash *= 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 29);
}

/** The place of an id without its number. The order of nothing depends on it. */
static GsIdPlace key_of(const char *id, gsize length) {
  GsIdPlace place = {0};
  uint64_t word = 0;
  for (gsize rest = length; rest > SHORT_BYTES; rest -= SHORT_BYTES, id += SHORT_BYTES) {
    memcpy(&word, id, SHORT_BYTES);
    place.key = mix(place.key ^ word);
  }
  word = 0;
  memcpy(&word, id, length > 0 ? (length - 1) % SHORT_BYTES + 1 : 0);
  place.key = length > SHORT_BYTES ? mix(place.key ^ word) + length : word;
  place.hash = (uint32_t)(mix(mix(place.key)) >> 32);
  place.hash = (place.hash & ~1U) | (length > SHORT_BYTES);
  return place;
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

static uint32_t start_of(const GsDraftIds *ids, uint32_t hash) {
  return (hash >> 1) & (ids->room - 1);
}

/** Where it is, or where it can be put. */
static GsIdPlace *place_of(const GsDraftIds *ids, const char *id, gsize length,
                           const GsIdPlace *wanted) {
  for (uint32_t i = start_of(ids, wanted->hash);; i = (i + 1) & (ids->room - 1)) {
    GsIdPlace *place = &ids->places[i];
    if (place->number == 0)
      return place;
    if (place->key != wanted->key || place->hash != wanted->hash)
      continue;
    if (length <= SHORT_BYTES)
      return place;
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
    uint32_t at = start_of(ids, old[i].hash);
    while (ids->places[at].number != 0)
      at = (at + 1) & (ids->room - 1);
    ids->places[at] = old[i];
  }
}

bool gs_draft_ids_find(const GsDraftIds *ids, const char *id, gsize length, uint32_t *number) {
  GsIdPlace wanted = key_of(id, length);
  const GsIdPlace *place = place_of(ids, id, length, &wanted);
  if (place->number > 0)
    *number = place->number - 1;
  return place->number > 0;
}

uint32_t gs_draft_ids_add(GsDraftIds *ids, const char *id, gsize length) {
  GsIdPlace wanted = key_of(id, length);
  GsIdPlace *place = place_of(ids, id, length, &wanted);
  if (place->number > 0)
    return place->number - 1;
  g_ptr_array_add(ids->ids, g_strndup(id, length));
  *place = wanted;
  place->number = ids->ids->len;
  if ((uint64_t)ids->ids->len * 4 > (uint64_t)ids->room * 3)
    grow(ids);
  return ids->ids->len - 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/index_table.h"

#include <glib.h>

void gs_index_table_init(GsIndexTable *table, uint32_t count) {
  /* At most half full, so that searches are short. */
  uint32_t used = g_bit_storage((gulong)count + 1), bits = used + 1;
  table->places = g_new0(uint32_t, (gsize)1 << bits);
  table->shift = 64 - bits;
  table->mask = UINT32_MAX >> (32 - used);
}

void gs_index_table_clear(GsIndexTable *table) {
  g_clear_pointer(&table->places, g_free);
}

static uint64_t next_place(const GsIndexTable *table, uint64_t place) {
  return (place + 1) & (UINT64_MAX >> table->shift);
}

bool gs_index_table_find(const GsIndexTable *table, uint64_t hash, GsIndexSame same,
                         const void *things, const void *key, uint32_t *index) {
  if (!table->places)
    return false;
  uint64_t place = hash >> table->shift;
  for (uint32_t entry; (entry = table->places[place]); place = next_place(table, place)) {
    /* The bits of its hash spare a look at most of those that have another key. */
    if ((entry ^ (uint32_t)hash) & ~table->mask)
      continue;
    uint32_t found = (entry & table->mask) - 1;
    if (!same(things, found, key))
      continue;
    *index = found;
    return true;
  }
  return false;
}

void gs_index_table_add(GsIndexTable *table, uint64_t hash, uint32_t index) {
  uint64_t place = hash >> table->shift;
  while (table->places[place])
    place = next_place(table, place);
  table->places[place] = (index + 1) | ((uint32_t)hash & ~table->mask);
}

uint64_t gs_index_hash_number(uint64_t number) {
  number = (number ^ number >> 32) * UINT64_C(0x9E3779B97F4A7C15);
  number = (number ^ number >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
  return number ^ number >> 32;
}

uint64_t gs_index_hash_text(const char *text) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (; *text; text++)
    hash = (hash ^ (guchar)*text) * UINT64_C(0x100000001b3);
  return gs_index_hash_number(hash);
}

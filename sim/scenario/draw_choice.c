/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/draw_choice.h"

#include <glib.h>
#include <stdbool.h>

static uint32_t number_at(GHashTable *moved, uint32_t place) {
  gpointer number;
  bool found = g_hash_table_lookup_extended(moved, GUINT_TO_POINTER(place), NULL, &number);
  return found ? GPOINTER_TO_UINT(number) : place;
}

/** Those that are taken change places with the first of the row; `moved` has who is not at home
 * since. */
uint32_t *gs_draw_some(GsDraw at, uint32_t all, uint32_t count) {
  g_autoptr(GHashTable) moved = g_hash_table_new(NULL, NULL);
  uint32_t *chosen = g_new(uint32_t, count);
  uint64_t first = at.count;
  for (uint32_t i = 0; i < count; i++) {
    at.count = first + i;
    uint32_t left = all - i;
    uint32_t place = i + MIN((uint32_t)(gs_random_unit(at) * left), left - 1);
    chosen[i] = number_at(moved, place);
    g_hash_table_insert(moved, GUINT_TO_POINTER(place), GUINT_TO_POINTER(number_at(moved, i)));
  }
  return chosen;
}

/** Groups are dealt in turn, and then change places. */
uint32_t *gs_draw_groups(GsDraw at, uint32_t all, uint32_t groups) {
  uint32_t *group_of = g_new0(uint32_t, all);
  uint64_t first = at.count;
  for (uint32_t i = 0; i < all; i++) {
    at.count = first + i;
    uint32_t other = (uint32_t)gs_random_below(at, (uint64_t)i + 1);
    group_of[i] = group_of[other];
    group_of[other] = i % groups;
  }
  return group_of;
}

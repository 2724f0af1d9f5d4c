/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/strangers.h"

#include <string.h>

static void clear_stranger(gpointer data) {
  GsStranger *stranger = data;
  g_free(stranger->name);
  g_free(stranger->address);
  g_free(stranger->reason);
}

void gs_strangers_init(GsStrangers *strangers) {
  *strangers = (GsStrangers){.refused = g_array_new(FALSE, FALSE, sizeof(GsStranger))};
  g_array_set_clear_func(strangers->refused, clear_stranger);
}

void gs_strangers_clear(GsStrangers *strangers) {
  g_array_unref(strangers->refused);
}

/** How often this one was refused before; it is taken out of the list. */
static uint64_t take_out(GArray *refused, int64_t id, const char *address) {
  for (guint i = 0; i < refused->len; i++) {
    const GsStranger *known = &g_array_index(refused, GsStranger, i);
    if (known->id != id || strcmp(known->address, address) != 0)
      continue;
    uint64_t count = known->count;
    g_array_remove_index(refused, i);
    return count;
  }
  return 0;
}

bool gs_strangers_refuse(GsStrangers *strangers, int64_t id, const char *name, const char *address,
                         const char *reason) {
  GsStranger stranger = {.id = id,
                         .name = g_strdup(name),
                         .address = g_strdup(address),
                         .reason = g_strdup(reason),
                         .count = take_out(strangers->refused, id, address) + 1};
  if (strangers->refused->len >= GS_STRANGERS_SHOWN)
    g_array_remove_index(strangers->refused, 0);
  g_array_append_val(strangers->refused, stranger);
  return stranger.count == 1;
}

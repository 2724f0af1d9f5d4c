/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Ids numbered in the order in which they come: a table of open addressing that
 * holds short ids themselves, since most of reading a list of links is finding its names.
 */
typedef struct {
  GPtrArray *ids; /**< owned texts */
  struct GsIdPlace *places;
  uint32_t room; /**< of `places`, a power of 2, at most 3/4 full */
} GsDraftIds;

void gs_draft_ids_init(GsDraftIds *ids);
void gs_draft_ids_clear(GsDraftIds *ids);
/** Ids can no longer be found or added; their texts stay. */
void gs_draft_ids_close(GsDraftIds *ids);
/** Whether it is there, and its number. Expected O(length). */
bool gs_draft_ids_find(const GsDraftIds *ids, const char *id, gsize length, uint32_t *number);
/** Its number, a new one where it is not there. */
uint32_t gs_draft_ids_add(GsDraftIds *ids, const char *id, gsize length);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/** Which nodes have each other as siblings: a link is there when both have. Not thread-safe. */
typedef struct {
  GHashTable *half_open; /**< pairs that one side alone has */
  GArray *there;         /**< of GsEdge: links; NULL where nothing goes wrong and nobody asks */
} GsSyncLinks;

void gs_sync_links_init(GsSyncLinks *links, const GsScenario *scenario);
void gs_sync_links_clear(GsSyncLinks *links);
/** `node` has added `sibling`: whether the link is there now. O(1). */
bool gs_sync_links_add(GsSyncLinks *links, uint32_t node, uint32_t sibling);
/** `node` has no siblings any more; in scenarios with faults. O(links). */
void gs_sync_links_forget(GsSyncLinks *links, uint32_t node);

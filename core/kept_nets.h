/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/pool.h"

/**
 * Nets that a node answered, kept so that it can answer the same again when that was
 * lost: packed, a quarter of what the pieces of a tree take. In memory of a pool.
 */
typedef struct GsKeptNets GsKeptNets;

/** A copy of a tree of nets, which is made flat (gs_nets_foreach). O(count). */
GsKeptNets *gs_kept_nets_new(GsPool *pool, GsNets *nets);
/** Gives it back; NULL is fine. O(1). */
void gs_kept_nets_free(GsPool *pool, GsKeptNets *kept);
/** A tree with the same ids, nets and marks. O(count). */
GsNets *gs_kept_nets_tree(GsPool *pool, const GsKeptNets *kept);
/** How many pieces of nets it has; 0 of NULL. */
uint32_t gs_kept_nets_count(const GsKeptNets *kept);
/** Bytes of the pool that it takes; 0 of NULL. */
gsize gs_kept_nets_bytes(const GsKeptNets *kept);

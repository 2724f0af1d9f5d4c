/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/base/random.h"

/** What is drawn from all nodes or links of a scenario; free with g_free. */

/**
 * `count` different numbers below `all`: the first at its part of the row, so that a seed means the
 * same place in grids of all sizes, each further one likewise among those that are left. Draw i
 * has the count at.count + i. O(count).
 */
uint32_t *gs_draw_some(GsDraw at, uint32_t all, uint32_t count);
/** A group below `groups` for each of `all`, as even as can be, drawn at at.count + i. O(all). */
uint32_t *gs_draw_groups(GsDraw at, uint32_t all, uint32_t groups);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/sweep.h"

/** Number of values of the axis of seeds; 0: there is none. */
guint gs_seeds_compared(const GsSweep *sweep);
/**
 * Runs that are done once more, in cells that differ by the axis seed alone: a cell has the seeds
 * from its value on, one for each run, so values that lie closer together than that share some.
 *
 * @param runs how many runs each cell has; 0 for cells in which nothing is drawn from the seed
 * @return so many runs have the seed of a run of such a cell whose value is less. O(cells · log).
 */
uint64_t gs_seeds_shared(const GsSweep *sweep, const uint32_t *runs);

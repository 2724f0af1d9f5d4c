/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/study/sweep.h"

/**
 * When a study with a precision looks at its intervals, and what intervals may
 * then claim. Stopping at the first look whose interval is narrow enough stops
 * too often when the spread happens to look small: with a plain interval of 95 %
 * at each of many looks, fewer than 95 of 100 hold the truth. So the looks are few
 * and known beforehand (after max(repeat, 20) runs, then whenever the runs have
 * doubled, last at the most), and of K looks each interval is one of
 * 1 − 0.05/K: all of a study together hold with at least 95 %, whichever of them
 * ended it (Bonferroni). Where all runs were equal so far nothing is known of the
 * spread: they must be 60 at least, so that with 95 % at least 19 of 20 runs are
 * so. Pure.
 */

#define GS_LOOK_FIRST_RUNS 20u
#define GS_LOOK_EQUAL_RUNS 60u

/** Runs before the first look; without a precision all there are. */
uint32_t gs_looks_first(const GsSweep *sweep);
/** Runs of a cell in which nothing is drawn: one, unless a number was asked for. */
uint32_t gs_looks_without_chance(const GsSweep *sweep);
/** Runs before the look that follows one after `runs`; 0: that was the last. */
uint32_t gs_looks_next(const GsSweep *sweep, uint32_t runs);
/** How many there are at most; 1 without a precision. */
uint32_t gs_looks_count(const GsSweep *sweep);

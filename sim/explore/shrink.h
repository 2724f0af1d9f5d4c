/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/tree.h"
#include "sim/scenario/check_names.h"

/**
 * Makes a scenario that does not pass a check as small as it gets: leaves out what can be left out
 * (nodes, links, entries of lists, members), then makes values simpler, until nothing helps. What
 * remains does not pass the same check. Deterministic; by one thread.
 */

/** Most scenarios that are tried for one. */
#define GS_SHRINK_TRIED_MAX 20000u
/** Where chance is in it, so many seeds are tried for each smaller one before it is given up. */
#define GS_SHRINK_SEEDS 24u

typedef struct {
  uint32_t tried;          /**< scenarios that were run */
  uint32_t nodes, entries; /**< that are left, of the schedule */
  uint32_t pins;           /**< messages that are named */
  bool ended;              /**< by its limit, or by progress(), before nothing helped */
  bool stopped;            /**< by progress() */
} GsShrunk;

/**
 * Changes `scenario`, an object, in place; its nodes and links are listed then, and the check is
 * all that it expects. Where its nodes have rules of recovery, also because of its faults alone,
 * that is said, and all that is tried says it: without the last fault it could fail for another
 * reason. Where all that goes wrong heals (gs_all_heals), it does in what remains. `progress` is
 * called after each that is tried; false ends it with what there is.
 */
GsShrunk gs_shrink(GsTree *scenario, GsCheck check, bool (*progress)(const GsShrunk *, void *),
                   void *data);

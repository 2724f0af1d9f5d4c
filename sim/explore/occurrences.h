/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/explore/tree.h"
#include "sim/scenario/scenario.h"

/**
 * Lists all that happens in a scenario as entries of its schedule, one for each moment and node or
 * link, in the place of repetitions and of what is drawn (nodes, energies, groups, how long faults
 * last, faults that come by chance). `document` is what was read as `scenario`. False, and nothing
 * is changed: that would be more than `most` entries.
 */
bool gs_tree_list_occurrences(GsTree *document, const GsScenario *scenario, guint most);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/explore/tree.h"
#include "sim/scenario/scenario.h"

/** Changes of a scenario's document that concern its grid. */

/** Lists nodes with their energies, and links, in the place of a topology and of how energies are
 * drawn. False: it is no scenario. */
bool gs_tree_make_explicit(GsTree *scenario);
/** The same of a document that was read as that scenario. */
void gs_tree_list_grid(GsTree *document, const GsScenario *scenario);
/**
 * Takes out all that names a node: elements of lists, pairs and objects with them; what is left
 * of a list may be empty. Nothing of `nodes`.
 */
void gs_tree_forget_name(GsTree *scenario, const char *name);
/** Calls the nodes N1, N2, … in their order, and does so wherever they are named. */
void gs_tree_number_names(GsTree *scenario);

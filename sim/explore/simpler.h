/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/explore/tree.h"

/**
 * Values that could stand in the place of a scalar and are simpler to read, the simplest first:
 * smaller whole numbers, and durations that are rounder. Each of them has only simpler ones than
 * that in its turn, so that there is an end. Of GsTree, without a key; free with g_ptr_array_unref.
 */
GPtrArray *gs_simpler_values(const GsTree *scalar);

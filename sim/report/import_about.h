/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/scenario.h"

/**
 * What a scenario that was made of a graph file says about itself: which file it was (by its
 * content), what was taken from it in which unit, and every warning. One paragraph; free with
 * g_free.
 */
char *gs_import_about(const GsScenario *scenario);

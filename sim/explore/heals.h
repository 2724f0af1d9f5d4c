/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/scenario/scenario.h"

/**
 * Whether all that goes wrong in a scenario is right again at its end: no node is down (but who has
 * left) or paused, and no link that it names is cut or loses. Only then nodes can be held to how
 * they end. O(links × log of what goes wrong).
 */
bool gs_all_heals(const GsScenario *scenario);

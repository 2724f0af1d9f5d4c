/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/scenario/scenario.h"

/**
 * Whether anything in a scenario is drawn from its seed: its graph, energies,
 * the nodes and energies of its schedule, what messages take, when paced nodes
 * start. False: every seed gives the same run. Never false where something is
 * drawn; may be true where all draws come out alike (p = 0). O(its schedule and
 * links of their own).
 */
bool gs_scenario_draws(const GsScenario *scenario);

/** Whether a message may not arrive, or may arrive twice, so that closed forms of how many are sent
 * do not hold. Never false where it is so. O(its schedule and links of their own). */
bool gs_scenario_may_fail(const GsScenario *scenario);

/** Whether a message may be lost without a fault: some link of it loses, or a message that is lost
 * is named. With however many tries, since all of them may fail. O(as above). */
bool gs_scenario_may_lose(const GsScenario *scenario);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/run/run.h"
#include "sim/scenario/scenario.h"

/**
 * Whether all that goes wrong in a scenario is right again at its end: no node is down (but who has
 * left) or paused, no link is cut or loses, and where messages are lost for some time or by name
 * its nodes look again, since nothing else brings back what such a message said. Only then nodes
 * can be held to how they end. O(links × log of what goes wrong).
 */
bool gs_all_heals(const GsScenario *scenario);
/**
 * Whether messages that were lost, by chance or by name, are reason enough for a run not to pass a
 * check: nodes did not have the time since the last of them in which each looks again
 * (docs/PROTOCOL.md, Recovery), or it was in sync, or at rest, no more than `within_ns` after it
 * (the scenario's `within`; -1: none). Never of sums and ids, which hold whatever is lost.
 */
bool gs_loss_explains(const GsScenario *scenario, const GsResults *results, GsCheck check,
                      int64_t within_ns);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/explore/attempt.h"
#include "sim/explore/tree.h"

/**
 * What chance did to single messages, said in a scenario: what each of them took, which were lost
 * and which came twice. A scenario that says all of it runs as before without any chance in its
 * network, and what does not matter can be left out of it.
 */

/** The messages of a run as `network.messages` lists them, in the order in which they were sent;
 * NULL: it cannot be run, or has more than `most`. */
GsTree *gs_pins_of_run(const GsAttempt *attempt, const GString *text, guint most);
/** Whether chance has a say in what messages take or whether they arrive. */
bool gs_pins_are_needed(const GsTree *scenario);
/** Puts pins, which it takes, into a scenario's network, and takes chance out of it: what messages
 * take is `latency` then (NULL: what is usual). */
void gs_pins_put(GsTree *scenario, GsTree *pins, const char *latency);
/** Those of a scenario; NULL: it has none. */
GsTree *gs_pins_in(const GsTree *scenario);

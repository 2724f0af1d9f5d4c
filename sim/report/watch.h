/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/measure/results.h"

/** Appends the state line of one node, without the time. */
void gs_watch_print_node(const GsResults *results, uint32_t index, GString *out);
/**
 * Appends the state line of each node as the original printed it every second,
 * after the simulated time:
 *
 *     9.000 s  [Node] id=1 address=sim:1 name=A energy=(0, -10) siblings=['B'] gridnet=0
 */
void gs_watch_print(const GsResults *so_far, int64_t now_ns, GString *out);

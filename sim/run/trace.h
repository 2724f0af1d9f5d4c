/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/simulation.h"

/**
 * Writes records as JSON lines, in the order of time, then node, then what the
 * node did first: the same bytes for every runner. Errors stay in the stream.
 */
void gs_trace_write(FILE *file, const GsSimulation *sim, GArray *records);
